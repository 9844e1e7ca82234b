//! `check --posture --compliance`: what controls demand of events and logs, what meeting it costs, and what is not checked.

use crate::support::root;
use assert_cmd::Command;
use rust_decimal::Decimal;
use serde_json::Value;
use std::fs;

/// One account and one trail that records management events, with everything but a key and alarms.
const HEAD: &str = "version = 1\nname = \"controls\"\nstart = \"2027-01\"\nmonths = 12\nfree_tier = false\n[[account]]\n\
                    id = \"111111111111\"\n[[account.activity]]\nregion = \"us-east-1\"\n";
const VOLUMES: &str = "management = { read = \"1M\", write = \"100k\", kms_read = \"1k\" }\n\
                       data = [{ resource_type = \"AWS::S3::Object\", read = \"80M\", write = \"20M\" }]\n";
const TRAIL: &str = "[[trail]]\nname = \"t\"\naccount = \"111111111111\"\nhome_region = \"us-east-1\"\nbucket = \"b\"\nkms = true\n\
                     log_file_validation = true\nlog_group = \"g\"\n";
const REST: &str = "[[log_group]]\nname = \"g\"\naccount = \"111111111111\"\nregion = \"us-east-1\"\nretention = \"90d\"\n\
                    [[bucket]]\nname = \"b\"\naccount = \"111111111111\"\nregion = \"us-east-1\"\npublic_access_block = true\n";

fn written(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    fs::write(file.path(), text).unwrap();
    file
}

fn run(text: &str, profile: &str, format: &str) -> (i32, String) {
    let file = written(text);
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.current_dir(root()).args(["check", "--posture", "--compliance", profile, "--format", format]);
    let output = command.arg(file.path()).output().unwrap();
    let code = output.status.code().unwrap();
    assert!(code < 2, "{}", String::from_utf8_lossy(&output.stderr));
    (code, String::from_utf8(output.stdout).unwrap())
}

fn checked(text: &str, profile: &str) -> Value {
    serde_json::from_str(&run(text, profile, "json").1).unwrap()
}

fn control<'a>(own: &'a Value, id: &str) -> &'a Value {
    let all = own["controls"].as_array().unwrap();
    all.iter().find(|own| own["control"] == id).unwrap_or_else(|| panic!("no {id}"))
}

fn decimal(own: &Value) -> Decimal {
    own.as_str().unwrap_or_else(|| panic!("{own}")).parse().unwrap()
}

fn estimated(text: &str) -> Decimal {
    let file = written(text);
    let mut command = Command::cargo_bin("trailcost").unwrap();
    let output = command.args(["estimate", "--format", "json"]).arg(file.path()).output().unwrap();
    let own: Value = serde_json::from_slice(&output.stdout).unwrap();
    decimal(&own["summary"]["total"])
}

fn scenario(trail: &str, bucket: &str) -> String {
    format!("{HEAD}{VOLUMES}{TRAIL}{trail}{REST}{bucket}")
}

#[test]
fn data_events_that_a_control_demands_are_judged_and_priced() {
    let text = scenario("", "");
    let recorded = scenario("data = [{ resource_type = \"AWS::S3::Object\" }]\n", "");
    let written_only = scenario("data = [{ resource_type = \"AWS::S3::Object\", access = \"write\" }]\n", "");
    for (profile, writes, reads) in
        [("cis-aws-3.0.0", "3.8", "3.9"), ("cis-aws-5.0.0", "3.8", "3.9"), ("cis-aws-6.0.0", "4.8", "4.9")]
    {
        let own = checked(&text, profile);
        for id in [writes, reads] {
            assert_eq!(control(&own, id)["state"], "failed", "{profile} {id}");
        }
        // 20M and 80M data events at $0.10 per 100,000, and what it costs to file, send and store them: two whole estimates.
        let cost = decimal(&control(&own, writes)["price"]["total"]);
        assert_eq!(cost, estimated(&written_only).checked_sub(estimated(&text)).unwrap(), "{profile}");
        let total = &own["totals"][0];
        assert_eq!(total["failed_controls"], serde_json::json!([writes, reads]));
        let both = estimated(&recorded).checked_sub(estimated(&text)).unwrap();
        assert!(both >= Decimal::from(12 * 100), "{both}");
        assert!(decimal(&total["price"]["total"]) >= both, "{profile}");
        let own = checked(&recorded, profile);
        for id in [writes, reads] {
            assert_eq!(control(&own, id)["state"], "passed", "{profile} {id}");
        }
        assert_eq!(own["totals"][0]["failed_controls"], serde_json::json!([]));
    }
    // Where nobody knows how many such events there are, they are not recorded all the same.
    let own =
        checked(&text.replace("data = [{ resource_type = \"AWS::S3::Object\", read", "# "), "cis-aws-5.0.0");
    assert_eq!(control(&own, "3.8")["state"], "failed");
    assert_eq!(control(&own, "3.8")["price"], Value::Null);
    assert!(own["totals"][0]["unpriced_controls"].as_array().unwrap().contains(&"3.8".into()));
}

#[test]
fn logs_that_go_too_early_fail_what_demands_them() {
    let short = "lifecycle = [{ after = \"30d\", expire = true }]\n";
    for (profile, id, long) in [
        ("pci-dss", "10.5.1", "365d"),
        ("hipaa", "164.316(b)(2)(i)", "6y"),
        ("sox", "17 CFR 210.2-06(a)", "7y"),
    ] {
        let text = scenario("", short);
        let (code, _) = run(&text, profile, "table");
        assert_eq!(code, 1, "{profile}");
        let own = checked(&text, profile);
        let failed = control(&own, id);
        assert_eq!(failed["state"], "failed", "{profile}");
        let kept = scenario("", &short.replace("30d", long));
        let cost = estimated(&kept).checked_sub(estimated(&text)).unwrap();
        assert_eq!(decimal(&failed["price"]["total"]), cost, "{profile}");
        assert_eq!(control(&checked(&kept, profile), id)["state"], "passed", "{profile}");
        assert_eq!(control(&checked(&scenario("", ""), profile), id)["state"], "passed", "{profile}");
    }
    // Twelve months are kept, and three of them must be readable at once.
    let slow = "lifecycle = [{ after = \"30d\", to = \"DEEP_ARCHIVE\", larger_than = \"0 bytes\" }]\n";
    let own = checked(&scenario("", slow), "pci-dss");
    let failed = control(&own, "10.5.1");
    assert_eq!(failed["state"], "failed");
    let cost = estimated(&scenario("", &slow.replace("30d", "90d")))
        .checked_sub(estimated(&scenario("", slow)))
        .unwrap();
    assert_eq!(decimal(&failed["price"]["total"]), cost);
}

#[test]
fn what_cannot_be_judged_is_not_checked_and_never_followed() {
    let text = scenario("", "");
    let own = checked(&text, "hipaa");
    let open = control(&own, "164.312(b)");
    // Nothing says which resources hold health information.
    assert_eq!((&open["state"], &open["demands"]), (&"not known".into(), &"not known".into()));
    assert!(open["find_out"].as_str().unwrap().contains("resources"));
    assert!(decimal(&open["price"]["total"]) > Decimal::from(1_200), "{open}");
    let total = &own["totals"][0];
    assert_eq!((&total["controls_passed"], &total["controls_not_checked"]), (&1.into(), &1.into()));
    for format in ["table", "markdown"] {
        let (code, told) = run(&text, "hipaa", format);
        assert_eq!(code, 0);
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("1 control is not checked"), "{told}");
        assert!(told.contains("164.312(b)") && told.contains("check it:"), "{told}");
    }
    // A profile of which nothing can be judged is not followed: nothing was checked.
    let unknown = "version = 1\nname = \"n\"\nstart = \"2027-01\"\nmonths = 1\n[[account]]\nid = \"111111111111\"\n\
                   [[account.activity]]\nregion = \"us-east-1\"\nmanagement = { write = 1 }\n";
    for profile in ["sox", "hipaa"] {
        let (_, told) = run(unknown, profile, "table");
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("nothing was checked"), "{told}");
        assert!(!told.contains("is followed") && !told.contains("are followed"), "{told}");
    }
}

#[test]
fn code_scanning_is_told_of_controls() {
    let short = "lifecycle = [{ after = \"30d\", expire = true }]\n";
    let (_, text) = run(&scenario("", short), "sox", "sarif");
    let own: Value = serde_json::from_str(&text).unwrap();
    let found = &own["runs"][0]["results"][0];
    assert_eq!((&found["ruleId"], &found["kind"]), (&"sox/17 CFR 210.2-06(a)".into(), &"fail".into()));
    assert_eq!(own["runs"][0]["tool"]["driver"]["rules"][0]["id"], "sox/17 CFR 210.2-06(a)");
}

#[test]
fn the_newest_edition_asks_for_alarms_as_the_others_do() {
    let text = scenario("", "");
    let failed = |profile: &str| {
        let own = checked(&text, profile);
        let all = own["totals"][0]["failed"].as_array().unwrap();
        all.iter().map(|own| own.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(failed("cis-aws-6.0.0"), failed("cis-aws-5.0.0"));
    assert!(failed("cis-aws-6.0.0").contains(&"root-login-alarm".to_owned()));
    let own = checked(&text, "cis-aws-6.0.0");
    let alarms = control(&own, "5.1 to 5.15");
    assert_eq!(alarms["state"], "failed");
    assert!(alarms["practices"].as_array().unwrap().len() >= 6, "{alarms}");
}

#[test]
fn every_control_of_every_profile_is_judged_or_said_not_to_be() {
    let text = scenario("", "");
    for profile in trailcost::sources::compliance::built_in().unwrap() {
        let own = checked(&text, &profile.id);
        let all = own["controls"].as_array().unwrap();
        assert_eq!(all.len(), profile.controls.len(), "{}", profile.id);
        let total = &own["totals"][0];
        let count = |state: &str| all.iter().filter(|own| own["state"] == state).count();
        assert_eq!(total["controls_passed"], count("passed"));
        assert_eq!(total["controls_not_checked"], count("not known") + count("not checkable"));
        assert_eq!(count("not applicable"), 0, "{}", profile.id);
        for own in all {
            assert_eq!(
                own["find_out"].is_null(),
                own["state"] == "passed" || own["state"] == "failed",
                "{own}"
            );
        }
    }
}

#[test]
fn hostile_names_in_controls_are_harmless() {
    let hostile = "=cmd|' /C calc'!A0 \\u001b[31m <script>alert(1)</script> \\u202e [l](http://x)";
    let short = "lifecycle = [{ after = \"30d\", expire = true }]\n";
    let text = scenario("", short).replace("\"b\"", &format!("\"{hostile}\""));
    for format in ["table", "json", "sarif", "markdown"] {
        let (code, told) = run(&text, "sox", format);
        assert_eq!(code, 1, "{format}");
        let steers = |own: char| (own.is_control() && own != '\n') || own == '\u{202e}';
        assert!(!told.chars().any(steers), "{format}");
        if format == "markdown" {
            assert!(!told.contains("<script>") && !told.contains("[l]("), "{told}");
        }
    }
}

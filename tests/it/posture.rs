//! `check --posture`: each practice with a fixture that passes and one that fails, prices, alert chains, formats.

use crate::support::root;
use assert_cmd::Command;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;
use trailcost::domain::MONITORED_ACTIVITIES;
use trailcost::posture::practices;

const FIXTURES: &str = "tests/fixtures/posture";

fn run(arguments: &[&str]) -> (i32, String) {
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.timeout(Duration::from_mins(2)).current_dir(root());
    let output = command.args(["check", "--posture"]).args(arguments).output().unwrap();
    let code = output.status.code().unwrap();
    assert!(code < 2, "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    (code, String::from_utf8(output.stdout).unwrap())
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&run(&[arguments, &["--format", "json"]].concat()).1).unwrap()
}

fn fixture(name: &str) -> String {
    format!("{FIXTURES}/{name}")
}

fn scenario(name: &str) -> Value {
    json(&[&fixture(name)])
}

fn written(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    fs::write(file.path(), text).unwrap();
    file
}

fn good() -> String {
    fs::read_to_string(root().join(fixture("good.toml"))).unwrap()
}

/// Checks a changed copy of the fixture that passes.
fn changed(from: &str, to: &str) -> Value {
    let text = good();
    assert!(text.contains(from), "{from}");
    json(&[written(&text.replace(from, to)).path().to_str().unwrap()])
}

fn practice<'a>(own: &'a Value, id: &str) -> &'a Value {
    let all = own["practices"].as_array().unwrap();
    all.iter().find(|own| own["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

fn states(own: &Value) -> BTreeMap<String, String> {
    let text = |own: &Value| own.as_str().unwrap().to_owned();
    own["practices"].as_array().unwrap().iter().map(|own| (text(&own["id"]), text(&own["state"]))).collect()
}

fn chain<'a>(own: &'a Value, activity: &str) -> &'a Value {
    own["alert_chains"].as_array().unwrap().iter().find(|own| own["activity"] == activity).unwrap()
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let own = entry.unwrap().path();
        let target = to.join(own.file_name().unwrap());
        if own.is_dir() {
            copied(&own, &target);
        } else {
            fs::copy(&own, &target).unwrap();
        }
    }
}

/// Practices that only Terraform's files show.
const OF_TERRAFORM: [&str; 5] = [
    "terraform-version-constraints",
    "no-hard-coded-region",
    "no-state-in-git",
    "remote-backend",
    "plan-before-apply",
];

#[test]
fn each_practice_has_a_fixture_that_passes_and_one_that_fails() {
    let folder = tempfile::tempdir().unwrap();
    let (with, without) = (folder.path().join("with"), folder.path().join("without"));
    for own in [&with, &without] {
        copied(&root().join(fixture("terraform-good")), own);
    }
    fs::create_dir(with.join(".git")).unwrap();
    let terraform = |path: &str| states(&json(&["--terraform", path]));
    let (good, bad) = (states(&scenario("good.toml")), states(&scenario("bad.toml")));
    let (good_project, bad_project) =
        (terraform(&fixture("terraform-good")), terraform(&fixture("terraform-bad")));
    let kept = (terraform(with.to_str().unwrap()), terraform(without.to_str().unwrap()));
    let drift = (terraform(&fixture("plan-clean.json")), terraform(&fixture("plan-drifted.json")));
    for own in practices() {
        let (passes, fails) = match own.id {
            "version-control" => (&kept.0, &kept.1),
            "no-changes-by-hand" => (&drift.0, &drift.1),
            id if OF_TERRAFORM.contains(&id) => (&good_project, &bad_project),
            _ => (&good, &bad),
        };
        assert_eq!((passes[own.id].as_str(), fails[own.id].as_str()), ("passed", "failed"), "{}", own.id);
    }
    // What a scenario cannot show is neither passed nor failed.
    for id in OF_TERRAFORM.iter().chain(&["version-control", "no-changes-by-hand"]) {
        assert_eq!(bad[*id], "not checkable", "{id}");
    }
    // What Terraform configures is judged too.
    for (id, passes, fails) in [
        ("private-bucket", "passed", "failed"),
        ("least-privilege-policies", "passed", "failed"),
        ("log-file-validation", "passed", "failed"),
        ("multi-region-trail", "passed", "failed"),
        ("separate-archive-account", "not known", "failed"),
        ("sse-kms", "failed", "failed"),
        ("root-login-alarm", "failed", "failed"),
    ] {
        assert_eq!((good_project[id].as_str(), bad_project[id].as_str()), (passes, fails), "{id}");
    }
}

#[test]
fn every_sentence_of_the_lists_is_a_practice() {
    let all = practices();
    let best: BTreeSet<&str> = all.iter().map(|own| own.list.best).collect();
    let worst: BTreeSet<&str> = all.iter().map(|own| own.list.worst).collect();
    for own in [
        "Multi-Region trail",
        "Organization trail",
        "SSE-KMS",
        "Private bucket, public access blocked",
        "Log file validation",
        "Separate log archive account",
        "CloudWatch integration",
        "SNS alerts for critical events (root login)",
        "SNS alerts for critical events (IAM policy change)",
        "SNS alerts for critical events (security group change)",
        "SNS alerts for critical events (S3 public access)",
        "Data events selectively",
        "Lifecycle policy (Glacier)",
        "Least-privilege IAM",
        "Terraform: version constraints",
        "Terraform: variables instead of hard-coded values",
        "Terraform: no state file in git",
        "Terraform: a plan before every apply",
        "Terraform: a remote backend",
    ] {
        assert!(best.contains(own), "{own}");
    }
    for own in [
        "Single-Region trail",
        "Public bucket",
        "No log validation",
        "All data events blindly on",
        "No lifecycle policy",
        "No monitoring of root login",
        "Duplicate trails without need",
        "Hard-coded Region",
        "State file pushed",
        "Direct apply in production",
        "No version control",
        "Manual changes in the console",
        "Insights on idle accounts",
    ] {
        assert!(worst.contains(own), "{own}");
    }
    let ids: BTreeSet<&str> = all.iter().map(|own| own.id).collect();
    assert_eq!(ids.len(), all.len());
    let profiles = trailcost::sources::compliance::built_in().unwrap();
    let known: BTreeSet<&str> = profiles.iter().map(|own| own.id.as_str()).collect();
    for own in all.iter().flat_map(|own| own.controls) {
        assert!(known.contains(own.profile), "{}", own.profile);
        assert!(own.source.starts_with("https://"), "{}", own.source);
    }
}

#[test]
fn what_nobody_knows_never_fails() {
    let own = states(&scenario("unknown.toml"));
    for id in [
        "sse-kms",
        "log-file-validation",
        "private-bucket",
        "least-privilege-policies",
        "root-login-alarm",
        "iam-policy-change-alarm",
        "cis-monitoring-alarms",
    ] {
        assert_eq!(own[id], "not known", "{id}");
    }
    // Of AWS nobody asked for the block of public access.
    let recorded = json(&["--recording", "tests/fixtures/aws/two-trails"]);
    let own = states(&recorded);
    for id in ["private-bucket", "least-privilege-policies"] {
        assert_eq!(own[id], "not known", "{id}");
    }
    assert_eq!(own["remote-backend"], "not checkable");
    assert_eq!(recorded["source"], "what AWS answered");
}

/// Asserts that an amount lies between two, both of them exact decimals.
fn between(own: &Value, low: &str, high: &str) {
    let decimal = |text: &str| text.parse::<rust_decimal::Decimal>().unwrap();
    let own = decimal(own.as_str().unwrap());
    assert!(decimal(low) <= own && own <= decimal(high), "{low} <= {own} <= {high}");
}

#[test]
fn prices_are_those_that_are_worked_by_hand() {
    let own = scenario("oracle.toml");
    let first = |id: &str| practice(&own, id)["price"]["first_month"].clone();
    // One key for the bucket, and nobody reads.
    assert_eq!(first("sse-kms"), "1");
    // 100,000 writes that Insights look at × $0.0000035.
    assert_eq!(first("insights-on-idle-accounts"), "-0.35");
    // 100,000 paid copies × $0.00002 = $2, and 100,000 × 1,526 bytes / 2^30 × $0.50 = $0.07106 into the log group, where they
    // are stored for part of the month.
    between(&first("duplicate-trails"), "-2.0720", "-2.0710");
    // $0.10 for the alarm, $0.30 / 744 for a metric of one hour, $0.0000005 for a message and $0.00002 for an e-mail.
    between(&first("root-login-alarm"), "0.1004237", "0.1004238");
    // Ten other activities: the same ten times.
    between(&first("cis-monitoring-alarms"), "1.004237", "1.004238");
    let profile = json(&[&fixture("oracle.toml"), "--compliance", "cis-aws-5.0.0"]);
    let total = &profile["totals"][0];
    assert_eq!(
        (&total["profile"], total["price"]["complete"].as_bool()),
        (&"cis-aws-5.0.0".into(), Some(true))
    );
    let failed: Vec<&str> =
        total["failed"].as_array().unwrap().iter().map(|own| own.as_str().unwrap()).collect();
    assert!(failed.contains(&"sse-kms") && !failed.contains(&"duplicate-trails"), "{failed:?}");
    // The key and sixteen alerts.
    between(&total["price"]["first_month"], "2.60677", "2.60679");
    assert!(profile["practices"].as_array().unwrap().iter().all(|own| own["id"] != "duplicate-trails"));
}

fn estimated(text: &str) -> rust_decimal::Decimal {
    let file = written(text);
    let mut command = Command::cargo_bin("trailcost").unwrap();
    let output = command.args(["estimate", "--format", "json"]).arg(file.path()).output().unwrap();
    let own: Value = serde_json::from_slice(&output.stdout).unwrap();
    own["summary"]["total"].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_price_is_the_difference_of_two_scenarios() {
    let text = good();
    for (id, from, to) in [
        ("sse-kms", "kms = true", "kms = false"),
        ("log-file-validation", "log_file_validation = true", "log_file_validation = false"),
        ("multi-region-trail", "multi_region = true", "multi_region = false"),
        ("private-bucket", "public_access_block = true", "public_access_block = false"),
    ] {
        let own = changed(from, to);
        let own = practice(&own, id);
        assert_eq!(own["state"], "failed", "{id}");
        let expected = estimated(&text).checked_sub(estimated(&text.replace(from, to))).unwrap();
        let total: rust_decimal::Decimal = own["price"]["total"].as_str().unwrap().parse().unwrap();
        assert_eq!(total, expected, "{id}");
    }
}

#[test]
fn a_chain_breaks_at_the_hop_that_is_missing() {
    let own = scenario("good.toml");
    for activity in MONITORED_ACTIVITIES {
        let chain = chain(&own, activity.name);
        assert_eq!(chain["state"], "complete", "{}", activity.name);
        // 5 minutes to the log group, 1 to the metric, a period of 5.
        assert_eq!(chain["documented_seconds"], 660);
        assert_eq!(chain["undocumented"][0], "SNS to subscriber");
        // $0.10, two hours of a metric, two messages and e-mails.
        between(&chain["cost"]["first_month"], "0.1008474", "0.1008475");
    }
    let root = "metric = \"CloudTrail/root-login\"";
    let alarm = "topic = \"alerts\"\nwatches = [\"CloudTrail/root-login\"]";
    for (from, to, gap) in [
        ("confirmed = true", "confirmed = false", "subscription"),
        (alarm, "watches = [\"CloudTrail/root-login\"]", "alarm action"),
        (
            alarm,
            "topic = \"alerts\"\nactions_enabled = false\nwatches = [\"CloudTrail/root-login\"]",
            "alarm action",
        ),
        (alarm, "topic = \"alerts\"\nwatches = [\"CloudTrail/other\"]", "alarm"),
        (root, "metric = \"CloudTrail/else\"", "alarm"),
        ("$.userIdentity.type = \"Root\"", "$.userIdentity.type = \"Route\"", "metric filter"),
        ("log_group = \"cloudtrail\"\n", "", "log group"),
        ("multi_region = true", "multi_region = true\nmanagement = \"read\"", "trail"),
    ] {
        let own = changed(from, to);
        let chain = chain(&own, "root-login");
        assert_eq!((&chain["state"], &chain["gap"]), (&"incomplete".into(), &gap.into()), "{to}");
        assert_eq!(practice(&own, "root-login-alarm")["state"], "failed", "{to}");
        assert!(chain["fix"].as_str().is_some_and(|own| !own.is_empty()), "{to}");
    }
    // What is not stated is not known.
    for (from, to, gap) in [
        (", confirmed = true", "", "subscription"),
        (alarm, "topic = \"alerts\"", "alarm"),
        (
            "pattern = '{ $.userIdentity.type = \"Root\"",
            "# '{ $.userIdentity.type = \"Root\"",
            "metric filter",
        ),
    ] {
        let own = changed(from, to);
        let chain = chain(&own, "root-login");
        assert_eq!((&chain["state"], &chain["gap"]), (&"not known".into(), &gap.into()), "{to}");
    }
}

#[test]
fn a_rule_of_eventbridge_tells_too() {
    // One account with one Region: rules see only their own.
    let bad = fs::read_to_string(root().join(fixture("bad.toml"))).unwrap();
    let bad = bad
        .replace("multi_region = false", "multi_region = true")
        .replace("environment = \"sandbox\"", "enabled_regions = 1")
        .replace("[[account]]\nid = \"444455556666\"\n", "");
    let rule = |pattern: &str, region: &str, more: &str| {
        let text = format!(
            "{bad}\n[[event_rule]]\nname = \"root\"\naccount = \"111122223333\"\nregion = \"{region}\"\nmatched = 2\n\
             pattern = '{pattern}'\n{more}\ntargets = [{{ kind = \"other\" }}]\n"
        );
        let own = json(&[written(&text).path().to_str().unwrap()]);
        let chain = chain(&own, "root-login");
        (chain["state"].as_str().unwrap().to_owned(), chain["route"].as_str().unwrap().to_owned())
    };
    let root = r#"{"detail":{"userIdentity":{"type":["Root"]}}}"#;
    // The control is about what the root user does too.
    let signs_in = r#"{"detail-type":["AWS Console Sign In via CloudTrail"],"detail":{"userIdentity":{"type":["Root"]}}}"#;
    let own = |state: &str, route: &str| (state.to_owned(), route.to_owned());
    assert_eq!(rule(root, "us-east-1", ""), own("complete", "event rule"));
    assert_eq!(rule(root, "eu-west-1", "").0, "incomplete");
    assert_eq!(rule(signs_in, "us-east-1", "").0, "incomplete");
    assert_eq!(rule(root, "us-east-1", "enabled = false"), own("incomplete", "metric filter"));
    assert_eq!(rule(r#"{"source":["aws.s3"]}"#, "us-east-1", ""), own("incomplete", "metric filter"));
    assert_eq!(rule(r#"{"detail":{"eventName":[{"wildcard":"Console*"}]}}"#, "us-east-1", "").0, "not known");
}

#[test]
fn the_exit_code_says_whether_something_fails() {
    for (arguments, code) in [
        (vec!["good.toml"], 0),
        (vec!["good.toml", "--fail-on", "low"], 0),
        (vec!["bad.toml"], 1),
        (vec!["bad.toml", "--fail-on", "critical"], 1),
        (vec!["unknown.toml"], 0),
    ] {
        let path = fixture(arguments[0]);
        let all: Vec<&str> = std::iter::once(path.as_str()).chain(arguments[1..].iter().copied()).collect();
        assert_eq!(run(&all).0, code, "{arguments:?}");
    }
    let mut command = Command::cargo_bin("trailcost").unwrap();
    let path = fixture("good.toml");
    command.current_dir(root()).args(["check", "--posture", &path, "--format", "slack"]).assert().code(2);
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.current_dir(root()).args(["check", &path]).assert().code(2);
}

#[test]
fn names_are_harmless_in_every_format() {
    let bad = fs::read_to_string(root().join(fixture("bad.toml"))).unwrap();
    let hostile =
        "=cmd|' /C calc'!A0 \\u001b[31m <script>alert(1)</script> `x` \\u202e \\\"q\\\" [l](http://x)";
    let text = bad.replace("name = \"first\"", &format!("name = \"{hostile}\""));
    let file = written(&text);
    let path = file.path().to_str().unwrap();
    for format in ["table", "json", "sarif", "markdown"] {
        let (code, text) = run(&[path, "--format", format]);
        assert_eq!(code, 1);
        let steers = |own: char| (own.is_control() && own != '\n') || own == '\u{202e}';
        assert!(!text.chars().any(steers), "{format}");
        assert!(text.contains("cmd"), "{format}");
        match format {
            "markdown" => assert!(!text.contains("<script>") && !text.contains("[l](")),
            "json" | "sarif" => drop(serde_json::from_str::<Value>(&text).unwrap()),
            _ => {}
        }
    }
}

#[test]
fn machines_get_what_the_schemas_say() {
    let mut command = Command::cargo_bin("trailcost").unwrap();
    let schema = command.args(["scenario", "schema", "--of", "posture"]).output().unwrap();
    let schema: Value = serde_json::from_slice(&schema.stdout).unwrap();
    for name in ["good.toml", "bad.toml", "unknown.toml"] {
        jsonschema::validate(&schema, &scenario(name)).unwrap();
    }
    let bad = fixture("terraform-bad");
    let (_, text) = run(&["--terraform", &bad, "--format", "sarif"]);
    let own: Value = serde_json::from_str(&text).unwrap();
    let run = &own["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), practices().len());
    let found = |id: &str| {
        let all = run["results"].as_array().unwrap();
        all.iter()
            .find(|own| own["ruleId"] == id && own["kind"] == "fail")
            .unwrap_or_else(|| panic!("no {id}"))
    };
    let region = &found("no-hard-coded-region")["locations"][0]["physicalLocation"];
    assert_eq!(region["artifactLocation"]["uri"], format!("{bad}/main.tf"));
    assert_eq!(region["region"]["startLine"], 1);
    assert_eq!(found("no-state-in-git")["level"], "error");
    let text = found("sse-kms")["message"]["text"].as_str().unwrap();
    assert!(text.contains("AES256"), "{text}");
    let place = &found("plan-before-apply")["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], format!("{bad}/.github/workflows/terraform.yml"));
    assert_eq!(place["region"]["startLine"], 4);
}

#[test]
fn the_reference_of_the_practices_is_current() {
    let mut command = Command::cargo_bin("trailcost").unwrap();
    let output = command.args(["check", "--rules"]).output().unwrap();
    let own = String::from_utf8(output.stdout).unwrap();
    let path = root().join("docs/posture.md");
    assert_eq!(
        fs::read_to_string(path).unwrap_or_default(),
        own,
        "docs/posture.md is out of date: `trailcost check --rules > docs/posture.md`"
    );
}

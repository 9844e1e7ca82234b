//! `check --posture` where there are several accounts or trails: what holds of one says nothing of another.

use crate::support::root;
use assert_cmd::Command;
use rust_decimal::Decimal;
use serde_json::Value;
use std::fs;

const HEAD: &str = "version = 1\nname = \"accounts\"\nstart = \"2027-01\"\nmonths = 12\nfree_tier = false\n";
const ROOT: &str = r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }"#;

fn account(id: &str, region: &str, write: &str) -> String {
    format!(
        "[[account]]\nid = \"{id}\"\n[[account.activity]]\nregion = \"{region}\"\n\
         management = {{ read = \"1M\", write = \"{write}\", kms_read = 0 }}\n"
    )
}

fn trail(name: &str, account: &str, more: &str) -> String {
    format!(
        "[[trail]]\nname = \"{name}\"\naccount = \"{account}\"\nhome_region = \"us-east-1\"\nbucket = \"b\"\nkms = true\n\
         log_file_validation = true\n{more}\n"
    )
}

/// A bucket, and in each account a log group with a filter, an alarm and a topic that tell of root sign-ins.
fn rest(accounts: &[&str]) -> String {
    let mut out =
        String::from("[[bucket]]\nname = \"b\"\naccount = \"111111111111\"\nregion = \"us-east-1\"\n");
    for own in accounts {
        out.push_str(&format!(
            "[[log_group]]\nname = \"g-{own}\"\naccount = \"{own}\"\nregion = \"us-east-1\"\nretention = \"90d\"\n\
             metric_filter = [{{ name = \"root-login\", pattern = '{ROOT}', metric = \"N/root\", matching_hours = 1 }}]\n\
             [[alarm]]\nname = \"root-login\"\naccount = \"{own}\"\nregion = \"us-east-1\"\nalerts = 1\ntopic = \"s\"\n\
             watches = [\"N/root\"]\nperiod = 300\nevaluation_periods = 1\nthreshold = 1\n\
             comparison = \"GreaterThanOrEqualToThreshold\"\nstatistic = \"Sum\"\n"
        ));
    }
    out + "[[topic]]\nname = \"s\"\naccount = \"111111111111\"\nregion = \"us-east-1\"\n\
           subscriptions = [{ protocol = \"email\", confirmed = true }]\n"
}

fn written(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    fs::write(file.path(), text).unwrap();
    file
}

fn checked(text: &str) -> Value {
    let file = written(text);
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.current_dir(root()).args(["check", "--posture", "--format", "json"]);
    let output = command.arg(file.path()).output().unwrap();
    assert!(output.status.code().unwrap() < 2, "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
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

fn practice<'a>(own: &'a Value, id: &str) -> &'a Value {
    own["practices"].as_array().unwrap().iter().find(|own| own["id"] == id).unwrap()
}

fn chain<'a>(own: &'a Value, activity: &str) -> &'a Value {
    own["alert_chains"].as_array().unwrap().iter().find(|own| own["activity"] == activity).unwrap()
}

const ONE: &str = "111111111111";
const TWO: &str = "222222222222";

#[test]
fn one_accounts_trail_says_nothing_of_another_account() {
    let delivers = format!("log_group = \"g-{ONE}\"");
    let text = format!(
        "{HEAD}{}{}{}{}",
        account(ONE, "us-east-1", "100k"),
        account(TWO, "us-east-1", "1M"),
        trail("t", ONE, &delivers),
        rest(&[ONE])
    );
    let of = [
        "multi-region-trail",
        "sse-kms",
        "log-file-validation",
        "cloudwatch-integration",
        "root-login-alarm",
    ];
    let own = checked(&text);
    for id in of {
        assert_eq!(practice(&own, id)["state"], "failed", "{id}");
        let told = practice(&own, id)["findings"].to_string();
        assert!(told.contains(TWO) && !told.contains(&format!("account {ONE}")), "{told}");
    }
    assert_eq!(chain(&own, "root-login")["accounts"], serde_json::json!([TWO]));
    let own = checked(&format!(
        "{HEAD}{}{}{}{}{}",
        account(ONE, "us-east-1", "100k"),
        account(TWO, "us-east-1", "1M"),
        trail("t", ONE, &delivers),
        trail("t2", TWO, &format!("log_group = \"g-{TWO}\"")),
        rest(&[ONE, TWO])
    ));
    for id in of {
        assert_eq!(practice(&own, id)["state"], "passed", "{id}");
    }
    // $0.10 for this chain's alarm, $0.30 / 744 for its metric, a message and an e-mail: not those of the other account's alarm of
    // the same name.
    let cost = decimal(&chain(&own, "root-login")["cost"]["first_month"]);
    assert!(cost > "0.1004".parse().unwrap() && cost < "0.1005".parse().unwrap(), "{cost}");
    let organization = format!(
        "{HEAD}{}{}{}{}",
        account(ONE, "us-east-1", "100k"),
        account(TWO, "us-east-1", "1M"),
        trail("t", ONE, &format!("{delivers}\nscope = \"organization\"")),
        rest(&[ONE])
    );
    let own = checked(&organization);
    for id in of {
        assert_eq!(practice(&own, id)["state"], "passed", "{id}");
    }
}

#[test]
fn a_trail_must_record_reads_and_writes_of_management_events() {
    let of = |more: &str| {
        let text =
            format!("{HEAD}{}{}{}", account(ONE, "us-east-1", "1M"), trail("t", ONE, more), rest(&[ONE]));
        checked(&text)
    };
    let data = "data = [{ resource_type = \"AWS::S3::Object\", resources = [\"arn:aws:s3:::x/\"] }]";
    for (more, state) in [
        ("", "passed"),
        ("exclude = [\"kms\"]", "passed"),
        ("management = \"read\"", "failed"),
        ("management = \"write\"", "failed"),
        (&format!("management = \"none\"\n{data}") as &str, "failed"),
        ("multi_region = false", "failed"),
    ] {
        assert_eq!(practice(&of(more), "multi-region-trail")["state"], state, "{more}");
    }
}

#[test]
fn an_alarm_on_what_no_trail_records_costs_that_it_is_recorded() {
    let delivers = format!("log_group = \"g-{ONE}\"");
    let of = |more: &str| {
        format!(
            "{HEAD}{}{}{}",
            account(ONE, "us-east-1", "50M"),
            trail("t", ONE, &format!("{delivers}\n{more}")),
            rest(&[ONE])
        )
    };
    let (reads, all) = (of("management = \"read\""), of("management = \"all\""));
    let own = checked(&reads);
    let expected = estimated(&all).checked_sub(estimated(&reads)).unwrap();
    assert!(expected > Decimal::from(12 * 30), "{expected}");
    for id in ["root-login-alarm", "multi-region-trail"] {
        assert_eq!(practice(&own, id)["state"], "failed", "{id}");
        assert_eq!(decimal(&practice(&own, id)["price"]["total"]), expected, "{id}");
    }
    assert!(decimal(&own["totals"][0]["price"]["total"]) > expected);
    assert_eq!(practice(&checked(&all), "root-login-alarm")["state"], "passed");
}

#[test]
fn the_organization_keeps_the_trail_that_records_management_events() {
    let data = "management = \"none\"\ndata = [{ resource_type = \"AWS::S3::Object\", resources = [\"arn:aws:s3:::x/\"] }]";
    let of = |scope: &str| {
        format!(
            "{HEAD}{}{}{}{}{}",
            account(ONE, "us-east-1", "1M"),
            account(TWO, "us-east-1", "1M"),
            trail("a-data", ONE, data),
            trail("b-management", ONE, &format!("multi_region = false{scope}")),
            rest(&[])
        )
    };
    let own = checked(&of(""));
    let own = practice(&own, "organization-trail");
    let after = of("\nscope = \"organization\"").replace("multi_region = false", "multi_region = true");
    let expected = estimated(&after).checked_sub(estimated(&of(""))).unwrap();
    assert!(expected > Decimal::ZERO, "{expected}");
    assert_eq!(decimal(&own["price"]["total"]), expected);
}

#[test]
fn the_archive_account_may_have_events_of_its_own() {
    let of = |name: &str, more: &str, events: bool| {
        let activity = if events {
            "[[account.activity]]\nregion = \"us-east-1\"\nmanagement = { read = \"10k\", write = \"1k\" }\n"
        } else {
            ""
        };
        checked(&format!(
            "{HEAD}{}[[account]]\nid = \"{TWO}\"\n{name}{activity}{}{}",
            account(ONE, "us-east-1", "100k"),
            trail("org", ONE, "scope = \"organization\""),
            rest(&[]).replacen(ONE, TWO, 1) + more
        ))
    };
    for (name, events, state) in [
        ("name = \"log archive\"\n", true, "passed"),
        ("name = \"log archive\"\n", false, "passed"),
        ("", true, "passed"),
        ("name = \"catalog\"\nenvironment = \"production\"\n", true, "failed"),
    ] {
        let own = of(name, "", events);
        assert_eq!(practice(&own, "separate-archive-account")["state"], state, "{name}");
    }
    let same = checked(&format!(
        "{HEAD}{}{}{}",
        account(ONE, "us-east-1", "100k"),
        trail("org", ONE, "scope = \"organization\""),
        rest(&[])
    ));
    assert_eq!(practice(&same, "separate-archive-account")["state"], "failed");
}

#[test]
fn rules_of_eventbridge_see_their_own_account_and_region_only() {
    let pattern = r#"{"source":["aws.ec2"],"detail":{"eventName":[{"prefix":"AuthorizeSecurityGroup"},{"prefix":"RevokeSecurityGroup"},"CreateSecurityGroup","DeleteSecurityGroup"]}}"#;
    let rule = |account: &str, region: &str, pattern: &str| {
        format!(
            "[[event_rule]]\nname = \"sg-{account}-{region}\"\naccount = \"{account}\"\nregion = \"{region}\"\n\
             pattern = '{pattern}'\nmatched = 5\ntargets = [{{ kind = \"topic\", name = \"s\" }}]\n"
        )
    };
    let state = |accounts: &[String], rules: &[String]| {
        let text = format!(
            "{HEAD}{}{}{}{}",
            accounts.concat(),
            trail("org", ONE, "scope = \"organization\""),
            rest(&[]),
            rules.concat()
        );
        let own = checked(&text);
        let own = chain(&own, "security-group-change");
        (own["state"].as_str().unwrap().to_owned(), own["hops"].to_string())
    };
    let alone = account(ONE, "us-east-1", "100k").replace("[[account.", "enabled_regions = 1\n[[account.");
    let every = account(ONE, "us-east-1", "100k");
    let other = account(TWO, "eu-west-1", "100k").replace("[[account.", "enabled_regions = 1\n[[account.");
    let far = account(TWO, "eu-west-1", "100k");
    let (east, west) = (rule(ONE, "us-east-1", pattern), rule(ONE, "eu-west-1", pattern));
    for (accounts, rules, expected) in [
        (vec![alone.clone()], vec![east.clone()], "complete"),
        (vec![alone.clone()], vec![west.clone()], "incomplete"),
        (vec![every.clone()], vec![east.clone()], "not known"),
        (vec![every.clone(), far.clone()], vec![east.clone(), rule(TWO, "eu-west-1", pattern)], "not known"),
        // Something happens where no rule stands; and a rule without a target tells nobody, wherever it stands.
        (vec![every.clone(), far], vec![east.clone()], "incomplete"),
        (vec![every.clone()], vec![west.clone()], "incomplete"),
        (vec![every], vec![east.replace("targets =", "enabled = true\n#")], "incomplete"),
        (vec![alone.clone(), other.clone()], vec![east.clone()], "incomplete"),
        (vec![alone.clone(), other.clone()], vec![east.clone(), west], "incomplete"),
        (vec![alone.clone(), other], vec![east, rule(TWO, "eu-west-1", pattern)], "complete"),
        // One of six events, and every event of the service.
        (
            vec![alone.clone()],
            vec![rule(ONE, "us-east-1", r#"{"detail":{"eventName":["AuthorizeSecurityGroupIngress"]}}"#)],
            "incomplete",
        ),
        (vec![alone], vec![rule(ONE, "us-east-1", r#"{"source":["aws.ec2"]}"#)], "incomplete"),
    ] {
        let (found, told) = state(&accounts, &rules);
        assert_eq!(found, expected, "{rules:?}");
        assert_eq!(
            found == "not known",
            told.contains("how many Regions are enabled is not known"),
            "{told}"
        );
    }
}

#[test]
fn alarms_mend_the_trail_that_is_to_record_every_region() {
    let activity = account(ONE, "us-east-1", "1M")
        + "[[account.activity]]\nregion = \"eu-west-1\"\nmanagement = { read = \"10M\", write = \"1M\", kms_read = 0 }\n";
    let management = trail("b-mgmt", ONE, "multi_region = false");
    // The first of the copy order, and it records no management events.
    let data =
        trail("a-data", ONE, "management = \"none\"\ndata = [{ resource_type = \"AWS::S3::Object\" }]");
    let of = |trails: &str| checked(&format!("{HEAD}{activity}{trails}{}", rest(&[])));
    let (both, alone) = (of(&format!("{data}{management}")), of(&management));
    for id in
        ["multi-region-trail", "root-login-alarm", "security-group-change-alarm", "cis-monitoring-alarms"]
    {
        let (both, alone) = (practice(&both, id), practice(&alone, id));
        assert_eq!(both["state"], "failed", "{id}: {both}");
        let price = decimal(&both["price"]["total"]);
        assert!(price > Decimal::ZERO, "{id}: {both}");
        // A trail of data events beside it changes nothing of what the fix costs, but how far bytes are divided.
        assert_eq!(price.round_dp(9), decimal(&alone["price"]["total"]).round_dp(9), "{id}");
    }
    let told = chain(&both, "root-login")["hops"].to_string();
    assert!(told.contains("`b-mgmt` records us-east-1 only"), "{told}");
}

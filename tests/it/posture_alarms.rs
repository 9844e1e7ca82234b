//! Alert chains: patterns against every event that a control names, thresholds, and the Regions that events go to; and policies
//! and lifecycles that look right and are not.

use crate::support::root;
use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::Path;
use trailcost::domain::MONITORED_ACTIVITIES;

const FIXTURES: &str = "tests/fixtures/posture";
/// Patterns that match every write, whatever it is.
const WRITES: &str = "{ $.readOnly IS FALSE }";
const NOT_READS: &str =
    "{ $.eventName != Describe* && $.eventName != Get* && $.eventName != List* && $.eventName != Lookup* }";

fn run(arguments: &[&str]) -> Value {
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.current_dir(root()).args(["check", "--posture", "--format", "json"]);
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.code().unwrap() < 2, "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn good() -> String {
    fs::read_to_string(root().join(FIXTURES).join("good.toml")).unwrap()
}

fn checked(text: &str) -> Value {
    let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    fs::write(file.path(), text).unwrap();
    run(&[file.path().to_str().unwrap()])
}

fn practice<'a>(own: &'a Value, id: &str) -> &'a Value {
    own["practices"].as_array().unwrap().iter().find(|own| own["id"] == id).unwrap()
}

fn chain<'a>(own: &'a Value, activity: &str) -> &'a Value {
    own["alert_chains"].as_array().unwrap().iter().find(|own| own["activity"] == activity).unwrap()
}

/// Puts another pattern in the place of an activity's.
fn with_pattern(activity: &str, pattern: &str) -> String {
    let text = good();
    let known = MONITORED_ACTIVITIES.iter().find(|own| own.name == activity).unwrap().pattern;
    // Each is there once, on one line.
    let known = known.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(text.matches(&known).count(), 1, "{activity}");
    text.replace(&known, pattern)
}

#[test]
fn a_filter_that_names_some_of_the_events_is_not_enough() {
    for (activity, practice_id, pattern) in [
        ("iam-policy-change", "iam-policy-change-alarm", "{ $.eventName = AttachRolePolicy }"),
        ("cloudtrail-change", "cloudtrail-change-alarm", "{ $.eventName = StopLogging }"),
        (
            "security-group-change",
            "security-group-change-alarm",
            "{ $.eventName = AuthorizeSecurityGroupIngress }",
        ),
        ("s3-bucket-policy-change", "s3-public-access-alarm", "{ $.eventName = PutBucketPolicy }"),
        ("s3-public-access", "s3-public-access-alarm", "{ $.eventName = PutBucketPublicAccessBlock }"),
        (
            "root-login",
            "root-login-alarm",
            r#"{ $.userIdentity.type = "Root" && $.eventName = "ConsoleLogin" && $.additionalEventData.MFAUsed = "Yes" }"#,
        ),
        ("unauthorized-api-call", "cis-monitoring-alarms", "{ $.errorCode = \"AccessDenied\" }"),
    ] {
        let own = checked(&with_pattern(activity, pattern));
        let broken = chain(&own, activity);
        assert_eq!(broken["state"], "incomplete", "{activity}");
        assert_eq!(broken["gap"], "filter pattern", "{activity}: {broken}");
        assert_eq!(practice(&own, practice_id)["state"], "failed", "{activity}");
        // A pattern is changed for nothing.
        assert_eq!(practice(&own, practice_id)["price"]["total"], "0", "{activity}");
    }
    let own = checked(&with_pattern("iam-policy-change", "{ $.eventName = AttachRolePolicy }"));
    let told = chain(&own, "iam-policy-change")["hops"].to_string();
    assert!(told.contains("14 more of its 16 events"), "{told}");
}

#[test]
fn two_filters_together_may_name_all_events() {
    let first =
        "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) }";
    let second = "[[log_group.metric_filter]]\nname = \"second\"\nmatching_hours = 1\nmetric = \"CloudTrail/cloudtrail-change\"\n\
                  pattern = '{ $.eventName = StartLogging || $.eventName = StopLogging }'\n\n[[alarm]]";
    let text = with_pattern("cloudtrail-change", first);
    assert_eq!(chain(&checked(&text), "cloudtrail-change")["state"], "incomplete");
    assert_eq!(
        chain(&checked(&text.replacen("[[alarm]]", second, 1)), "cloudtrail-change")["state"],
        "complete"
    );
}

#[test]
fn a_filter_that_matches_everything_tells_of_nothing() {
    for activity in MONITORED_ACTIVITIES {
        for pattern in ["{ $.eventName = * }", "", WRITES, NOT_READS] {
            let own = checked(&with_pattern(activity.name, pattern));
            let broken = chain(&own, activity.name);
            assert_eq!(broken["state"], "incomplete", "{} {pattern}", activity.name);
            assert_eq!(broken["gap"], "filter pattern", "{} {pattern}", activity.name);
        }
    }
}

#[test]
fn a_filter_that_matches_every_write_of_a_service_tells_of_nothing() {
    for (activity, service, other) in [
        ("iam-policy-change", "iam", "CreateUser"),
        ("cloudtrail-change", "cloudtrail", "AddTags"),
        ("kms-key-deletion", "kms", "CreateKey"),
        ("s3-bucket-policy-change", "s3", "CreateBucket"),
        ("s3-public-access", "s3", "CreateBucket"),
        ("config-change", "config", "PutEvaluations"),
        ("security-group-change", "ec2", "RunInstances"),
        ("vpc-change", "ec2", "RunInstances"),
        ("organizations-change", "organizations", "TagResource"),
    ] {
        let pattern = format!("{{ $.eventSource = {service}.amazonaws.com && $.readOnly IS FALSE }}");
        let own = checked(&with_pattern(activity, &pattern));
        let broken = chain(&own, activity);
        assert_eq!(broken["gap"], "filter pattern", "{activity}: {broken}");
        let told = broken["hops"].to_string();
        assert!(told.contains(&format!("matches other events too, such as {other}")), "{told}");
    }
    // All that create or delete in EC2, and the six events among them.
    let pattern = "{ $.eventSource = ec2.amazonaws.com && ($.eventName = Authorize* || $.eventName = Revoke* || \
                   $.eventName = Create* || $.eventName = Delete*) }";
    let own = checked(&with_pattern("security-group-change", pattern));
    let told = chain(&own, "security-group-change")["hops"].to_string();
    assert!(told.contains("such as CreateTags"), "{told}");
}

#[test]
fn an_alarm_that_needs_several_periods_misses_one_event() {
    let text = good();
    let one = "evaluation_periods = 1\n";
    assert!(text.contains(one));
    for (periods, state, told) in [
        ("evaluation_periods = 5\n", "incomplete", "it needs 5 periods with an event each"),
        ("evaluation_periods = 2\n", "incomplete", "it needs 2 periods with an event each"),
        ("", "not known", "its evaluation periods are not stated"),
    ] {
        let own = checked(&text.replace(one, periods));
        for found in own["alert_chains"].as_array().unwrap() {
            assert_eq!(found["state"], state, "{periods}: {found}");
            assert_eq!(found["gap"], "alarm threshold", "{periods}: {found}");
            assert!(found["hops"].to_string().contains(told), "{found}");
        }
        let failed = if state == "incomplete" { "failed" } else { "not known" };
        let own = practice(&own, "root-login-alarm");
        assert_eq!(own["state"], failed, "{periods}");
    }
    // One of five is enough where it says so.
    let own = checked(&text.replace(one, "evaluation_periods = 5\ndatapoints_to_alarm = 1\n"));
    assert_eq!(practice(&own, "root-login-alarm")["state"], "passed");
    let own = checked(&text.replace(one, "evaluation_periods = 5\ndatapoints_to_alarm = 2\n"));
    assert_eq!(practice(&own, "root-login-alarm")["state"], "failed");
    // Periods are changed for nothing.
    let own = checked(&text.replace(one, "evaluation_periods = 5\n"));
    assert_eq!(practice(&own, "root-login-alarm")["price"]["total"], "0");
}

#[test]
fn an_alarm_acts_at_the_first_event_or_it_is_none() {
    let settings = "threshold = 1\ncomparison = \"GreaterThanOrEqualToThreshold\"\nstatistic = \"Sum\"\n";
    let text = good();
    assert!(text.contains(settings));
    let of = |threshold: &str, comparison: &str, statistic: &str| {
        let stated =
            [("threshold = ", threshold), ("comparison = ", comparison), ("statistic = ", statistic)];
        let lines: String = stated
            .iter()
            .filter(|own| !own.1.is_empty())
            .map(|(key, value)| match *key {
                "threshold = " => format!("{key}{value}\n"),
                _ => format!("{key}\"{value}\"\n"),
            })
            .collect();
        let own = checked(&text.replace(settings, &lines));
        let found = chain(&own, "root-login");
        let seen: std::collections::BTreeSet<&str> = own["alert_chains"]
            .as_array()
            .unwrap()
            .iter()
            .map(|own| own["state"].as_str().unwrap())
            .collect();
        assert_eq!(seen.len(), 1, "{threshold} {comparison} {statistic}");
        (found["state"].as_str().unwrap().to_owned(), found["gap"].as_str().unwrap_or_default().to_owned())
    };
    let (at_least, above) = ("GreaterThanOrEqualToThreshold", "GreaterThanThreshold");
    for (threshold, comparison, statistic, state) in [
        ("1", at_least, "Sum", "complete"),
        ("1", at_least, "Maximum", "complete"),
        ("\"0.5\"", at_least, "Sum", "complete"),
        ("0", above, "Sum", "complete"),
        ("1_000_000", "LessThanThreshold", "Minimum", "incomplete"),
        ("1", "LessThanThreshold", "Sum", "incomplete"),
        ("5", at_least, "Sum", "incomplete"),
        ("1", above, "Sum", "incomplete"),
        // Always in alarm: it never changes its state.
        ("0", at_least, "Sum", "incomplete"),
        ("1", at_least, "Minimum", "not known"),
        ("1", at_least, "Average", "not known"),
        ("", at_least, "Sum", "not known"),
        ("1", "", "Sum", "not known"),
        ("1", at_least, "", "not known"),
    ] {
        let gap = if state == "complete" { "" } else { "alarm threshold" };
        let found = of(threshold, comparison, statistic);
        assert_eq!(found, (state.to_owned(), gap.to_owned()), "{threshold} {comparison} {statistic}");
    }
    // A threshold is changed for nothing.
    let own = checked(&text.replace("threshold = 1\n", "threshold = 9\n"));
    assert_eq!(practice(&own, "root-login-alarm")["price"]["total"], "0");
    let mut command = Command::cargo_bin("trailcost").unwrap();
    let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    fs::write(file.path(), text.replace("statistic = \"Sum\"", "statistic = \"Total\"")).unwrap();
    let output = command.args(["check", "--posture"]).arg(file.path()).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code().unwrap() > 1 && told.contains("SampleCount"), "{told}");
}

#[test]
fn sign_ins_of_users_go_to_the_region_of_their_page() {
    let text = good();
    let own = checked(&text.replace("multi_region = true", "multi_region = false"));
    for (activity, state) in [
        ("console-sign-in-without-mfa", "incomplete"),
        ("console-sign-in-failure", "incomplete"),
        ("security-group-change", "incomplete"),
        ("iam-policy-change", "complete"),
        ("organizations-change", "complete"),
    ] {
        assert_eq!(chain(&own, activity)["state"], state, "{activity}");
    }
}

#[test]
fn what_is_deleted_in_the_far_future_saves_nothing_today() {
    let text = good().replace("read = \"4M\", write = \"500k\"", "read = \"900M\", write = \"100M\"");
    let moves = "lifecycle = [{ after = \"90d\", to = \"GLACIER_IR\" }]";
    assert!(text.contains(moves));
    let own = checked(&text.replace(moves, "lifecycle = [{ after = \"99y\", expire = true }]"));
    let own = practice(&own, "log-lifecycle");
    assert_eq!(own["state"], "failed", "{own}");
    assert!(own["price"]["total"].as_str().unwrap().starts_with('-'), "{own}");
    assert_eq!(practice(&checked(&text), "log-lifecycle")["state"], "passed");
}

#[test]
fn an_account_of_aws_without_alarms_fails() {
    let own = run(&["--recording", "tests/fixtures/aws/two-trails"]);
    for id in ["root-login-alarm", "iam-policy-change-alarm", "cis-monitoring-alarms"] {
        let own = practice(&own, id);
        assert_eq!(own["state"], "failed", "{id}");
        let told = own["findings"].to_string();
        assert!(told.contains("a rule of EventBridge may do it instead"), "{told}");
    }
}

fn copied(to: &Path, from: &str, into: &str) {
    for entry in fs::read_dir(root().join(FIXTURES).join("terraform-good")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let text = fs::read_to_string(&path).unwrap();
            fs::write(to.join(path.file_name().unwrap()), text.replace(from, into)).unwrap();
        }
    }
}

#[test]
fn a_policy_that_names_everybody_is_not_least_privilege() {
    let values = "values   = [aws_cloudtrail.main.arn]";
    let open = |bucket: &str, statement: &str| {
        format!(
            "resource \"aws_s3_bucket\" \"other\" {{\n  bucket = \"web\"\n}}\n\
             resource \"aws_s3_bucket_policy\" \"extra\" {{\n  bucket = aws_s3_bucket.{bucket}.id\n  \
             policy = jsonencode({{ Statement = [{statement}] }})\n}}\n\
             resource \"aws_cloudtrail\" \"main\""
        )
    };
    let everybody = "{ Effect = \"Allow\", Principal = \"*\", Action = \"s3:*\", Resource = \"*\" }";
    let denied = "{ Effect = \"Deny\", Principal = \"*\", Action = \"s3:*\", Resource = \"*\" }";
    let narrowed = "{ Effect = \"Allow\", Principal = { AWS = \"*\" }, Action = \"s3:*\", Resource = \"*\", \
                    Condition = { StringEquals = { \"aws:PrincipalOrgID\" = \"o-1\" } } }";
    let service = "{ Effect = \"Allow\", Principal = { Service = \"cloudtrail.amazonaws.com\" }, Action = \"s3:PutObject\", \
                   Resource = \"*\", Condition = { StringLike = { \"aws:SourceArn\" = ";
    let trail = "resource \"aws_cloudtrail\" \"main\"";
    for (from, into, state) in [
        (values, values.to_owned(), "passed"),
        (values, "values   = [\"*\"]".to_owned(), "failed"),
        (values, "values   = [\"arn:aws:cloudtrail:*:*:trail/*\"]".to_owned(), "failed"),
        (values, "values   = [\"arn:aws:cloudtrail:*:111122223333:trail/*\"]".to_owned(), "passed"),
        (trail, open("logs", everybody), "failed"),
        (trail, open("other", everybody), "passed"),
        (trail, open("logs", denied), "passed"),
        (trail, open("logs", narrowed), "passed"),
        (trail, open("logs", &format!("{service}\"*\" }} }} }}")), "failed"),
        (trail, open("logs", &format!("{service}\"arn:aws:cloudtrail:*:*:trail/*\" }} }} }}")), "failed"),
        (trail, open("logs", &format!("{service}aws_cloudtrail.main.arn }} }} }}")), "passed"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        copied(folder.path(), from, &into);
        let own = run(&["--terraform", folder.path().to_str().unwrap()]);
        let own = practice(&own, "least-privilege-policies");
        assert_eq!(own["state"], state, "{into}: {own}");
    }
}

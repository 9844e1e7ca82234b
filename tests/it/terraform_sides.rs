//! `terraform estimate`: both sides of a plan price the same things, and those of a scenario keep their own.

use crate::terraform_estimate::estimate;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::fs;

/// A year of one account whose first copy of management events is free.
pub(crate) const VOLUMES: &str = r#"version = 1
name = "Volumes"
start = "2026-01"
months = 12
[[account]]
id = "111122223333"
[[account.activity]]
region = "us-east-1"
management = { read = "18M", write = "2M" }
"#;

/// The same with a trail that fills a bucket which holds 10 TiB already.
const HELD: &str = r#"
[[trail]]
name = "a"
bucket = "b1"
[[bucket]]
name = "b1"
holds = [{ objects = "2M", bytes = "10 TiB" }]
"#;

/// What 10 TiB cost a year: 10,240 GB × $0.023 × 12 (AmazonS3 TimedStorage-ByteHrs, us-east-1, the first 51,200 GB).
const HELD_COST: &str = "2826.24";

pub(crate) fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A plan of resources: the address, and what is there before and after; null where it is not there.
pub(crate) fn plan(all: &[(&str, Value, Value)]) -> Value {
    let changes = all.iter().map(|(address, before, after)| {
        let kind = address.split('.').next().unwrap();
        let actions = match (before, after) {
            (Value::Null, _) => json!(["create"]),
            (_, Value::Null) => json!(["delete"]),
            (before, after) if before == after => json!(["no-op"]),
            _ => json!(["update"]),
        };
        json!({ "address": address, "mode": "managed", "type": kind, "change": {
            "actions": actions, "before": before, "after": after, "after_unknown": {} } })
    });
    json!({ "format_version": "1.2", "resource_changes": changes.collect::<Vec<_>>() })
}

/// What an estimate says.
pub(crate) struct Told {
    pub(crate) code: i32,
    pub(crate) json: Value,
    pub(crate) complaints: String,
}

impl Told {
    /// Of a plan with the volumes of a scenario, in us-east-1.
    pub(crate) fn of(plan: &Value, scenario: &str, more: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (at, volumes) = (directory.path().join("plan.json"), directory.path().join("volumes.toml"));
        fs::write(&at, plan.to_string()).unwrap();
        fs::write(&volumes, scenario).unwrap();
        let own = ["--volumes", volumes.to_str().unwrap(), "--region", "us-east-1", "--format", "json"];
        let (code, printed, complaints) = estimate(&at, &[&own[..], more].concat());
        let json = serde_json::from_str(&printed).unwrap_or_else(|_| panic!("{complaints}"));
        Self { code, json, complaints }
    }

    fn row(&self, address: &str) -> Option<&Value> {
        let rows = self.json["resources"].as_array().unwrap().iter().chain([&self.json["total"]]);
        rows.into_iter().find(|own| own["address"] == address)
    }

    /// Returns what a row costs in all, before and after; of a row that is not shown nothing.
    pub(crate) fn costs(&self, address: &str) -> (Decimal, Decimal) {
        let side = |side: &str| {
            self.row(address).map_or(Decimal::ZERO, |own| dec(own[side]["total"].as_str().unwrap()))
        };
        (side("before"), side("after"))
    }

    /// Tells whether all of a row is known, before and after.
    pub(crate) fn complete(&self, address: &str) -> (bool, bool) {
        let own = self.row(address).unwrap_or_else(|| panic!("no row {address}"));
        let side = |side: &str| own[side]["complete"].as_bool().unwrap();
        (side("before"), side("after"))
    }

    pub(crate) fn words(&self) -> String {
        let notes = self.json["notes"].as_array().unwrap().iter();
        notes.map(|own| format!("{}: {}", own["kind"], own["words"])).collect::<Vec<_>>().join("\n")
    }
}

fn bucket(name: &str) -> Value {
    json!({ "bucket": name, "id": name, "arn": format!("arn:aws:s3:::{name}") })
}

fn trail(bucket: &str) -> Value {
    json!({ "name": "a", "s3_bucket_name": bucket, "is_multi_region_trail": true })
}

#[test]
fn a_bucket_that_stays_costs_what_it_holds_on_both_sides() {
    let held = format!("{VOLUMES}{HELD}");
    let kept = ("aws_s3_bucket.b", bucket("b1"), bucket("b1"));
    // What a year of the trail's files costs by itself.
    let files = |own: &Value| Told::of(own, VOLUMES, &[]).costs("aws_s3_bucket.b");
    let alone = plan(&[("aws_cloudtrail.a", trail("b1"), trail("b1")), kept.clone()]);
    let (of_files, _) = files(&alone);
    assert!(of_files > Decimal::ZERO);
    let all = dec(HELD_COST);

    let deleted = plan(&[("aws_cloudtrail.a", trail("b1"), Value::Null), kept.clone()]);
    let told = Told::of(&deleted, &held, &[]);
    assert_eq!(told.costs("aws_s3_bucket.b"), (all + of_files, all));
    assert!(!told.words().contains("no trail leads to it"), "{}", told.words());

    let created = plan(&[("aws_cloudtrail.a", Value::Null, trail("b1")), kept.clone()]);
    let told = Told::of(&created, &held, &[]);
    assert_eq!(told.costs("aws_s3_bucket.b"), (all, all + of_files));

    let moved = plan(&[
        ("aws_cloudtrail.a", trail("b1"), trail("b2")),
        kept,
        ("aws_s3_bucket.b2", Value::Null, bucket("b2")),
    ]);
    let told = Told::of(&moved, &held, &[]);
    assert_eq!(told.costs("aws_s3_bucket.b"), (all + of_files, all));
    assert_eq!(told.costs("aws_s3_bucket.b2"), (Decimal::ZERO, of_files));
    assert_eq!(told.costs("total"), (all + of_files, all + of_files));

    // A bucket that is deleted with its trail is not there after.
    let gone = plan(&[
        ("aws_cloudtrail.a", trail("b1"), Value::Null),
        ("aws_s3_bucket.b", bucket("b1"), Value::Null),
    ]);
    assert_eq!(Told::of(&gone, &held, &[]).costs("total"), (all + of_files, Decimal::ZERO));
}

#[test]
fn rules_hold_for_the_files_that_a_trail_has_left() {
    let rule = |prefix: &str| {
        json!({ "bucket": "b1", "rule": [{ "id": "r", "status": "Enabled", "filter": [{ "prefix": prefix }],
            "expiration": [{ "days": 30 }] }] })
    };
    let of = |prefix: &str| {
        let own = plan(&[
            ("aws_cloudtrail.a", trail("b1"), Value::Null),
            ("aws_s3_bucket.b", bucket("b1"), bucket("b1")),
            ("aws_s3_bucket_lifecycle_configuration.b", rule(prefix), rule(prefix)),
        ]);
        Told::of(&own, &format!("{VOLUMES}{HELD}"), &[]).costs("aws_s3_bucket.b").1
    };
    // The files lie in AWSLogs/: a rule for other names deletes none of them, whether or not a trail goes on.
    assert_eq!(of("tmp/"), dec(HELD_COST));
    assert!(of("AWSLogs/") < dec(HELD_COST));
}

#[test]
fn copies_stay_when_replication_ends() {
    let replication = json!({ "bucket": "b1", "rule": [{ "id": "r", "status": "Enabled",
        "destination": [{ "bucket": "arn:aws:s3:::b2" }] }] });
    let own = plan(&[
        ("aws_cloudtrail.a", trail("b1"), trail("b1")),
        ("aws_s3_bucket.b", bucket("b1"), bucket("b1")),
        ("aws_s3_bucket.b2", bucket("b2"), bucket("b2")),
        ("aws_s3_bucket_replication_configuration.b", replication, Value::Null),
    ]);
    let held = HELD.replace("name = \"b1\"", "name = \"b2\"");
    let (before, after) = Told::of(&own, &format!("{VOLUMES}{held}"), &[]).costs("aws_s3_bucket.b2");
    assert!(before > dec(HELD_COST) && after == dec(HELD_COST), "{before} {after}");
}

#[test]
fn a_bucket_that_terraform_begins_or_ceases_to_manage_is_counted_once() {
    let held = format!("{VOLUMES}{HELD}");
    // The trail goes on to deliver to it by name, so that it is there after.
    let own = plan(&[
        ("aws_cloudtrail.a", trail("b1"), trail("b1")),
        ("aws_s3_bucket.b", bucket("b1"), Value::Null),
    ]);
    let told = Told::of(&own, &held, &[]);
    let (before, after) = told.costs("total");
    assert!(before == after && before > dec(HELD_COST), "{before} {after}");
    let own = plan(&[
        ("aws_cloudtrail.a", trail("b1"), trail("b1")),
        ("aws_s3_bucket.b", Value::Null, bucket("b1")),
    ]);
    let (before, after) = Told::of(&own, &held, &[]).costs("total");
    assert!(before == after && before > dec(HELD_COST), "{before} {after}");
}

#[test]
fn keys_and_alert_chains_that_stay_cost_the_same() {
    let key = json!({ "arn": "arn:aws:kms:us-east-1:111122223333:key/1", "key_id": "1" });
    let mut encrypted = trail("b1");
    encrypted["kms_key_id"] = key["arn"].clone();
    let own = plan(&[
        ("aws_cloudtrail.a", encrypted, Value::Null),
        ("aws_s3_bucket.b", bucket("b1"), bucket("b1")),
        ("aws_kms_key.k", key.clone(), key.clone()),
    ]);
    // awskms KMS-Keys: $1 a month.
    assert_eq!(Told::of(&own, VOLUMES, &[]).costs("aws_kms_key.k"), (dec("12"), dec("12")));

    let group_arn = "arn:aws:logs:us-east-1:111122223333:log-group:g";
    let mut logging = trail("b1");
    logging["cloud_watch_logs_group_arn"] = json!(format!("{group_arn}:*"));
    let group = json!({ "name": "g", "arn": group_arn, "retention_in_days": 30 });
    let filter = json!({ "name": "f", "log_group_name": "g", "pattern": "x",
        "metric_transformation": [{ "name": "M", "namespace": "N", "value": "1", "default_value": "0" }] });
    let alarm = json!({ "alarm_name": "al", "metric_name": "M", "namespace": "N", "period": 300 });
    let composite = json!({ "alarm_name": "c", "alarm_rule": "ALARM(\"al\")" });
    let kept = |address: &'static str, own: &Value| (address, own.clone(), own.clone());
    let own = plan(&[
        ("aws_cloudtrail.a", logging.clone(), trail("b1")),
        kept("aws_s3_bucket.b", &bucket("b1")),
        kept("aws_cloudwatch_log_group.g", &group),
        kept("aws_cloudwatch_log_metric_filter.f", &filter),
        kept("aws_cloudwatch_metric_alarm.al", &alarm),
        kept("aws_cloudwatch_composite_alarm.c", &composite),
    ]);
    let told = Told::of(&own, VOLUMES, &[]);
    // AmazonCloudWatch CW:AlarmMonitorUsage $0.10, CW:CompositeAlarmMonitorUsage $0.50, CW:MetricMonitorUsage $0.30.
    assert_eq!(told.costs("aws_cloudwatch_metric_alarm.al"), (dec("1.2"), dec("1.2")));
    assert_eq!(told.costs("aws_cloudwatch_composite_alarm.c"), (dec("6"), dec("6")));
    let (before, after) = told.costs("aws_cloudwatch_log_group.g");
    assert!(before > after && after == dec("3.6"), "{before} {after}");
    // An alarm whose filter goes costs what it cost.
    let own = plan(&[
        kept("aws_cloudtrail.a", &logging),
        kept("aws_s3_bucket.b", &bucket("b1")),
        kept("aws_cloudwatch_log_group.g", &group),
        ("aws_cloudwatch_log_metric_filter.f", filter, Value::Null),
        kept("aws_cloudwatch_metric_alarm.al", &alarm),
    ]);
    let told = Told::of(&own, VOLUMES, &[]);
    assert_eq!(told.costs("aws_cloudwatch_metric_alarm.al"), (dec("1.2"), dec("1.2")));
}

#[test]
fn what_terraform_does_not_manage_is_there_before() {
    let mut encrypted = trail("b1");
    encrypted["kms_key_id"] = json!("arn:aws:kms:us-east-1:111122223333:key/shared");
    let own = plan(&[
        ("aws_cloudtrail.a", trail("b1"), encrypted),
        ("aws_s3_bucket.b", bucket("b1"), bucket("b1")),
    ]);
    let told = Told::of(&own, VOLUMES, &["--fail-above", "0.5"]);
    assert_eq!((told.code, told.costs("unmanaged")), (0, (dec("12"), dec("12"))), "{}", told.complaints);
    assert!(told.words().contains("a key is not among these files"), "{}", told.words());
    // So is a bucket that a scenario describes, with all that it holds.
    let own = plan(&[("aws_cloudtrail.a", Value::Null, trail("b1"))]);
    let (before, after) = Told::of(&own, &format!("{VOLUMES}{HELD}"), &[]).costs("unmanaged");
    assert!(before == dec(HELD_COST) && after > before, "{before} {after}");
}

#[test]
fn what_has_the_name_of_something_else_is_kept() {
    let other = "[[trail]]\nname = \"audit\"\nbucket = \"old\"\n[[bucket]]\nname = \"old\"\n";
    let scenario = format!("{VOLUMES}{other}");
    let group = |name: &str| json!({ "name": name, "retention_in_days": 30 });
    let own = |name: &str| {
        plan(&[
            ("aws_cloudtrail.a", Value::Null, trail("b1")),
            ("aws_s3_bucket.b", Value::Null, bucket("b1")),
            ("aws_cloudwatch_log_group.g", Value::Null, group(name)),
        ])
    };
    // 20 M events are the further copy of one of the two trails: × $0.00002 × 12.
    let told = Told::of(&own("audit"), &scenario, &["--keep-others"]);
    assert!(told.words().contains("kept on both sides, as Terraform does not manage them: audit"));
    assert_eq!(told.costs("aws_cloudtrail.a").1, dec("4800"));
    let same = Told::of(&own("another"), &scenario, &["--keep-others"]);
    assert_eq!(told.json["total"], same.json["total"]);
    // Without --keep-others it is said that it is left out.
    let told = Told::of(&own("audit"), &scenario, &[]);
    assert!(told.words().contains("of the scenario is left out"), "{}", told.words());
    // The trail itself is Terraform's, and not kept beside.
    let told = Told::of(&own("x"), &scenario.replace("\"audit\"", "\"a\""), &["--keep-others"]);
    assert_eq!(told.costs("aws_cloudtrail.a").1, Decimal::ZERO);
}

#[test]
fn a_trail_of_another_account_is_another_trail() {
    let second = VOLUMES.split("[[account]]").nth(1).unwrap().replace("111122223333", "444455556666");
    let others = |name: &str| {
        format!(
            "{VOLUMES}[[account]]{second}[[trail]]\nname = \"{name}\"\naccount = \"444455556666\"\nbucket = \"c\"\n\
             [[trail]]\nname = \"org\"\nscope = \"organization\"\nbucket = \"c\"\n[[bucket]]\nname = \"c\"\naccount = \"444455556666\"\n"
        )
    };
    let own = plan(&[
        ("aws_cloudtrail.a", Value::Null, trail("b1")),
        ("aws_s3_bucket.b", Value::Null, bucket("b1")),
    ]);
    let more = ["--keep-others", "--account", "111122223333"];
    let (same, another) = (Told::of(&own, &others("a"), &more), Told::of(&own, &others("z"), &more));
    assert!(same.words().contains("kept on both sides, as Terraform does not manage them: a, org"));
    assert_eq!(same.json["total"], another.json["total"]);
    // In another Region, too.
    let west = |region: &str| {
        let mut own = trail("b1");
        own["region"] = json!(region);
        plan(&[("aws_cloudtrail.a", Value::Null, own), ("aws_s3_bucket.b", Value::Null, bucket("b1"))])
    };
    let scenario = format!(
        "{VOLUMES}[[trail]]\nname = \"a\"\nhome_region = \"us-east-1\"\nbucket = \"c\"\n[[bucket]]\nname = \"c\"\n"
    );
    let kept = "kept on both sides, as Terraform does not manage them: a";
    assert!(Told::of(&west("us-west-2"), &scenario, &["--keep-others"]).words().contains(kept));
    assert!(!Told::of(&west("us-east-1"), &scenario, &["--keep-others"]).words().contains(kept));
}

#[test]
fn counts_hold_for_what_was_counted_only() {
    // Ten times the events in a second account.
    let second = VOLUMES.split("[[account]]").nth(1).unwrap().replace("111122223333", "444455556666");
    let second = second.replace("18M", "180M").replace("\"2M\"", "\"20M\"");
    let counted = "[[trail]]\nname = \"a\"\naccount = \"111122223333\"\nbucket = \"b1\"\nlog_files = \"50k\"\n\
                   log_bytes = \"2 GiB\"\n[[bucket]]\nname = \"b1\"\naccount = \"111122223333\"\n";
    let with = |more: &str| format!("{VOLUMES}[[account]]{second}{more}");
    let mut organization = trail("b1");
    organization["is_organization_trail"] = json!(true);
    let own = plan(&[
        ("aws_cloudtrail.a", trail("b1"), organization),
        ("aws_s3_bucket.b", bucket("b1"), bucket("b1")),
    ]);
    let named = ["--account", "111122223333"];
    let told = Told::of(&own, &with(counted), &named);
    let (_, without) = Told::of(&own, &with(""), &named).costs("aws_s3_bucket.b");
    let (before, after) = told.costs("aws_s3_bucket.b");
    assert_eq!(after, without, "the organization's files are not those that were counted");
    // 50,000 files × $0.000005 × 12 are 3; 2 GB a month stand 6 months in the mean, 12 GB × $0.023 × 12 are 3.31.
    assert!(before > dec("6.2") && before < dec("6.4"), "{before}");
    assert!(
        told.words().contains("is not taken after, as it records something else there: aws_cloudtrail.a")
    );
    // Where nothing changes, the count holds on both sides.
    let own = plan(&[
        ("aws_cloudtrail.a", trail("b1"), trail("b1")),
        ("aws_s3_bucket.b", bucket("b1"), bucket("b1")),
    ]);
    assert_eq!(Told::of(&own, &with(counted), &named).costs("aws_s3_bucket.b"), (before, before));
}

//! `terraform estimate`: keys, alarms, replication and versions are charged as AWS does, and what has no price is named.

use crate::terraform_sides::{Told, VOLUMES, dec, plan};
use rust_decimal::Decimal;
use serde_json::{Value, json};

const NONE: Value = Value::Null;

fn told(all: &[(&str, Value)]) -> Told {
    let all: Vec<(&str, Value, Value)> = all.iter().map(|(own, after)| (*own, NONE, after.clone())).collect();
    Told::of(&plan(&all), VOLUMES, &[])
}

fn after(told: &Told, address: &str) -> Decimal {
    told.costs(address).1
}

fn bucket(name: &str, region: &str) -> Value {
    json!({ "bucket": name, "id": name, "arn": format!("arn:aws:s3:::{name}"), "region": region })
}

#[test]
fn the_key_of_an_event_data_store_is_priced() {
    let arn = "arn:aws:kms:us-east-1:111122223333:key/1";
    let store = json!({ "name": "s", "kms_key_id": arn });
    let key = json!({ "arn": arn, "key_id": "1" });
    let own = told(&[("aws_cloudtrail_event_data_store.s", store.clone()), ("aws_kms_key.k", key)]);
    // awskms KMS-Keys: $1 a month.
    assert_eq!(after(&own, "aws_kms_key.k"), dec("12"));
    assert!(!own.words().contains("no trail leads to it"), "{}", own.words());
    let own = told(&[("aws_cloudtrail_event_data_store.s", store)]);
    assert_eq!(own.costs("unmanaged"), (dec("12"), dec("12")));
    assert!(own.words().contains("a key is not among these files"), "{}", own.words());
}

#[test]
fn keys_that_are_not_managed_are_counted_once_and_those_of_aws_are_free() {
    let key = |name: &str| format!("arn:aws:kms:us-east-1:111122223333:key/{name}");
    let group_arn = "arn:aws:logs:us-east-1:111122223333:log-group:g";
    let of = |trail: &str, group: &str, topic: &str| {
        let own = told(&[
            (
                "aws_cloudtrail.a",
                json!({ "name": "a", "s3_bucket_name": "b1", "kms_key_id": trail, "sns_topic_name": "t",
                    "cloud_watch_logs_group_arn": format!("{group_arn}:*") }),
            ),
            ("aws_s3_bucket.b", bucket("b1", "us-east-1")),
            (
                "aws_cloudwatch_log_group.g",
                json!({ "name": "g", "arn": group_arn, "retention_in_days": 30, "kms_key_id": group }),
            ),
            ("aws_sns_topic.t", json!({ "name": "t", "kms_master_key_id": topic })),
        ]);
        own.costs("unmanaged").1
    };
    let (one, two, three) = (key("one"), key("two"), key("three"));
    // The calls of each are few enough for a cent; a key is $12 a year.
    let all = of(&one, &two, &three);
    assert!(all >= dec("36") && all < dec("37"), "{all}");
    // An id and an ARN are one key, and the keys of AWS's own are free.
    let same = of(&one, &one, "one");
    assert!(same >= dec("12") && same < dec("13"), "{same}");
    let free = of(&one, &one, "alias/aws/sns");
    assert!(free >= dec("12") && free < dec("13"), "{free}");
}

#[test]
fn alarms_are_charged_as_what_they_watch() {
    let metric =
        |period: u32| json!({ "metric_name": "M", "namespace": "N", "period": period, "stat": "Sum" });
    let own = told(&[
        (
            "aws_cloudwatch_log_metric_filter.f",
            json!({ "name": "f", "log_group_name": "g", "pattern": "x",
                "metric_transformation": [{ "name": "M", "namespace": "N", "value": "1" }] }),
        ),
        (
            "aws_cloudwatch_metric_alarm.fast",
            json!({ "alarm_name": "fast", "metric_query": [{ "id": "m", "metric": [metric(10)] }] }),
        ),
        (
            "aws_cloudwatch_metric_alarm.slow",
            json!({ "alarm_name": "slow", "metric_query": [{ "id": "m", "metric": [metric(60)] }] }),
        ),
        (
            "aws_cloudwatch_metric_alarm.odd",
            json!({ "alarm_name": "odd", "metric_query": [{ "id": "m", "metric": [metric(300)] },
                { "id": "e", "expression": "ANOMALY_DETECTION_BAND(m, 2)" }] }),
        ),
    ]);
    // AmazonCloudWatch CW:HighResAlarmMonitorUsage $0.30, CW:AlarmMonitorUsage $0.10 a month.
    assert_eq!(after(&own, "aws_cloudwatch_metric_alarm.fast"), dec("3.6"));
    assert_eq!(after(&own, "aws_cloudwatch_metric_alarm.slow"), dec("1.2"));
    assert_eq!(own.complete("aws_cloudwatch_metric_alarm.slow"), (true, true));
    // What the band costs nobody says: at least the metric is charged.
    assert_eq!(after(&own, "aws_cloudwatch_metric_alarm.odd"), dec("1.2"));
    assert_eq!(own.complete("aws_cloudwatch_metric_alarm.odd"), (true, false));
    assert!(own.words().contains("the band of an alarm on anomalies"), "{}", own.words());
}

#[test]
fn composite_alarms_are_matched_by_whole_names_and_lead_on() {
    let group_arn = "arn:aws:logs:us-east-1:111122223333:log-group:g";
    let composite = |name: &str, rule: &str| json!({ "alarm_name": name, "alarm_rule": rule });
    let own = told(&[
        (
            "aws_cloudtrail.a",
            json!({ "name": "a", "s3_bucket_name": "b1", "cloud_watch_logs_group_arn": format!("{group_arn}:*") }),
        ),
        ("aws_s3_bucket.b", bucket("b1", "us-east-1")),
        ("aws_cloudwatch_log_group.g", json!({ "name": "g", "arn": group_arn, "retention_in_days": 1 })),
        (
            "aws_cloudwatch_log_metric_filter.f",
            json!({ "name": "f", "log_group_name": "g", "pattern": "x",
                "metric_transformation": [{ "name": "M", "namespace": "N", "value": "1" }] }),
        ),
        (
            "aws_cloudwatch_metric_alarm.std",
            json!({ "alarm_name": "std", "metric_name": "M", "namespace": "N" }),
        ),
        ("aws_cloudwatch_composite_alarm.a3", composite("a3", "OK(c1) OR FALSE")),
        ("aws_cloudwatch_composite_alarm.c1", composite("c1", "ALARM(\"std\")")),
        (
            "aws_cloudwatch_composite_alarm.c2",
            composite("c2", "ALARM(\"std-of-other-team\") OR ALARM(\"c2\")"),
        ),
        (
            "aws_cloudwatch_composite_alarm.c4",
            composite("c4", "NOT ALARM(arn:aws:cloudwatch:us-east-1:111122223333:alarm:a3)"),
        ),
    ]);
    for name in ["a3", "c1", "c4"] {
        // AmazonCloudWatch CW:CompositeAlarmMonitorUsage: $0.50 a month.
        assert_eq!(after(&own, &format!("aws_cloudwatch_composite_alarm.{name}")), dec("6"), "{name}");
    }
    assert_eq!(after(&own, "aws_cloudwatch_composite_alarm.c2"), Decimal::ZERO);
    assert!(own.words().contains("no part of this: aws_cloudwatch_composite_alarm.c2"), "{}", own.words());
}

fn replicated(rule: &Value, target: Option<Value>) -> Told {
    let mut rule = rule.clone();
    (rule["id"], rule["status"]) = (json!("r"), json!("Enabled"));
    let mut all = vec![
        ("aws_cloudtrail.a", json!({ "name": "a", "s3_bucket_name": "b1" })),
        ("aws_s3_bucket.b", bucket("b1", "us-east-1")),
        ("aws_s3_bucket_replication_configuration.b", json!({ "bucket": "b1", "rule": [rule] })),
    ];
    all.extend(target.map(|own| ("aws_s3_bucket.copy", own)));
    told(&all)
}

#[test]
fn replication_by_tags_copies_no_log_file() {
    let to = json!([{ "bucket": "arn:aws:s3:::b2" }]);
    let of = |filter: Value| {
        let own =
            replicated(&json!({ "destination": to, "filter": filter }), Some(bucket("b2", "us-west-2")));
        (after(&own, "aws_s3_bucket.copy"), after(&own, "aws_s3_bucket.b"))
    };
    let (copy, source) = of(json!([{ "prefix": "" }]));
    assert!(copy > Decimal::ZERO);
    for filter in [
        json!([{ "tag": [{ "key": "k", "value": "v" }] }]),
        json!([{ "and": [{ "prefix": "AWSLogs/", "tags": { "k": "v" } }] }]),
    ] {
        let (none, less) = of(filter);
        assert!(none.is_zero() && less < source, "{none} {less}");
    }
    // A filter without tags copies all.
    assert_eq!(of(json!([{ "and": [{ "prefix": "AWSLogs/", "tags": {} }], "tag": [] }])), (copy, source));
}

#[test]
fn what_replication_costs_beside_is_named() {
    let of = |status: &str| {
        let own = json!([{ "bucket": "arn:aws:s3:::b2",
            "replication_time": [{ "status": status, "time": [{ "minutes": 15 }] }],
            "metrics": [{ "status": status, "event_threshold": [{ "minutes": 15 }] }] }]);
        replicated(&json!({ "destination": own }), Some(bucket("b2", "us-west-2")))
    };
    let on = of("Enabled");
    assert_eq!((on.complete("aws_s3_bucket.b"), on.complete("total")), ((true, false), (true, false)));
    for expected in ["S3 Replication Time Control", "S3 replication metrics"] {
        assert!(on.words().contains(expected), "{}", on.words());
    }
    let off = of("Disabled");
    assert_eq!(off.complete("total"), (true, true), "{}", off.words());
    assert_eq!(off.costs("total"), on.costs("total"));
}

#[test]
fn a_rule_that_keeps_newer_versions_keeps_every_log_file() {
    let of = |more: Value| {
        let mut noncurrent = json!({ "noncurrent_days": 1 });
        if !more.is_null() {
            noncurrent["newer_noncurrent_versions"] = more;
        }
        let own = told(&[
            ("aws_cloudtrail.a", json!({ "name": "a", "s3_bucket_name": "b1" })),
            ("aws_s3_bucket.b", bucket("b1", "us-east-1")),
            (
                "aws_s3_bucket_versioning.b",
                json!({ "bucket": "b1", "versioning_configuration": [{ "status": "Enabled" }] }),
            ),
            (
                "aws_s3_bucket_lifecycle_configuration.b",
                json!({ "bucket": "b1", "rule": [{ "id": "r", "status": "Enabled", "filter": [{}],
                    "expiration": [{ "days": 30 }], "noncurrent_version_expiration": [noncurrent] }] }),
            ),
        ]);
        after(&own, "aws_s3_bucket.b")
    };
    let for_ever = after(
        &told(&[
            ("aws_cloudtrail.a", json!({ "name": "a", "s3_bucket_name": "b1" })),
            ("aws_s3_bucket.b", bucket("b1", "us-east-1")),
        ]),
        "aws_s3_bucket.b",
    );
    // A log file is written once: as its only noncurrent version is among the five newest, it stays.
    assert_eq!(of(json!(5)), for_ever);
    assert_eq!(of(json!("5")), for_ever);
    let deleted = of(Value::Null);
    assert!(deleted < for_ever, "{deleted} {for_ever}");
    assert_eq!(of(json!(0)), deleted);
}

#[test]
fn a_bucket_of_which_only_the_name_is_known_is_named() {
    let own = [("aws_cloudtrail.a", json!({ "name": "a", "s3_bucket_name": "elsewhere" }))];
    let found = told(&own);
    let expected = "a bucket is not among these files (taken as in the Region of what leads to it, and kept for ever): \
                    elsewhere";
    assert!(found.words().contains(expected), "{}", found.words());
    assert_eq!(found.complete("unmanaged"), (false, false));
    // A replication target, too; its part of another Region cannot be known.
    let to = json!({ "destination": [{ "bucket": "arn:aws:s3:::elsewhere" }] });
    assert!(replicated(&to, None).words().contains(expected));
    // What a scenario describes is known.
    let described = format!(
        "{VOLUMES}[[trail]]\nname = \"a\"\nbucket = \"elsewhere\"\n[[bucket]]\nname = \"elsewhere\"\n"
    );
    let all: Vec<(&str, Value, Value)> = own.iter().map(|(own, after)| (*own, NONE, after.clone())).collect();
    let found = Told::of(&plan(&all), &described, &[]);
    assert!(!found.words().contains("not among these files"), "{}", found.words());
    assert_eq!(found.complete("total"), (true, true));
}

#[test]
fn what_is_left_out_makes_the_sum_incomplete() {
    let mut own = plan(&[
        ("aws_cloudtrail.a", NONE, json!({ "name": "a" })),
        ("aws_s3_bucket.b", NONE, json!({ "bucket": "b1" })),
    ]);
    own["resource_changes"][0]["change"]["after_unknown"] = json!({ "s3_bucket_name": true });
    own["configuration"] = json!({ "root_module": { "resources": [{ "address": "aws_cloudtrail.a",
        "type": "aws_cloudtrail", "name": "a", "mode": "managed",
        "expressions": { "s3_bucket_name": { "references": ["var.x"] } } }] } });
    let told = Told::of(&own, VOLUMES, &["--fail-above", "100"]);
    assert_eq!(told.complete("aws_cloudtrail.a"), (true, false));
    assert_eq!(told.complete("total"), (true, false));
    assert!(told.json["total"]["difference"].is_null());
    assert!(told.words().contains("whether a trail leads to it is not known"), "{}", told.words());
    assert!(!told.words().contains("no trail leads to it"), "{}", told.words());
    // A gate says that it could not look at everything.
    assert_eq!(told.code, 0);
    assert!(told.complaints.contains("--fail-above was held against the rest"), "{}", told.complaints);
    // A part that changes what a bucket costs has a row of its own where it is guessed.
    let mut own = plan(&[
        ("aws_cloudtrail.a", NONE, json!({ "name": "a", "s3_bucket_name": "b1" })),
        ("aws_s3_bucket.b", NONE, json!({ "bucket": "b1" })),
        ("aws_s3_bucket_lifecycle_configuration.b", NONE, json!({ "bucket": "b1" })),
    ]);
    own["resource_changes"][2]["change"]["after_unknown"] = json!({ "rule": true });
    own["configuration"] = json!({ "root_module": { "resources": [{
        "address": "aws_s3_bucket_lifecycle_configuration.b", "type": "aws_s3_bucket_lifecycle_configuration",
        "name": "b", "mode": "managed", "expressions": { "rule": { "references": ["var.x"] } } }] } });
    let told = Told::of(&own, VOLUMES, &[]);
    assert_eq!(told.complete("aws_s3_bucket_lifecycle_configuration.b"), (true, false), "{}", told.words());
}

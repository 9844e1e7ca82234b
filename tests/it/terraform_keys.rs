//! `terraform estimate`: keys that Terraform does not manage, and what of parts is not known.

use crate::terraform_sides::{Told, VOLUMES, dec, plan};
use rust_decimal::Decimal;
use serde_json::{Value, json};

fn total(own: &Told) -> (Decimal, Decimal) {
    let side = |side: &str| dec(own.json["total"][side]["total"].as_str().unwrap());
    (side("before"), side("after"))
}

fn bucket(name: &str) -> Value {
    json!({ "bucket": name, "id": name, "arn": format!("arn:aws:s3:::{name}"), "region": "us-east-1" })
}

fn trail(name: &str, region: &str, key: &str) -> Value {
    json!({ "name": name, "s3_bucket_name": "b1", "home_region": region, "kms_key_id": key,
        "arn": format!("arn:aws:cloudtrail:{region}:111122223333:trail/{name}") })
}

/// A plan in which nothing changes.
fn kept(all: &[(&str, Value)]) -> Value {
    let all: Vec<(&str, Value, Value)> =
        all.iter().map(|(address, own)| (*address, own.clone(), own.clone())).collect();
    plan(&all)
}

#[test]
fn one_key_by_two_names_is_one_key() {
    let arn = "arn:aws:kms:us-east-1:111122223333:key/k1";
    for (one, two) in [("k1", arn), (arn, "k1"), ("alias/k1", "arn:aws:kms:us-east-1:111122223333:alias/k1")]
    {
        let own = plan(&[
            ("aws_cloudtrail.a", trail("a", "us-east-1", one), trail("a", "us-east-1", two)),
            ("aws_s3_bucket.b", bucket("b1"), bucket("b1")),
        ]);
        let named_alike =
            kept(&[("aws_cloudtrail.a", trail("a", "us-east-1", two)), ("aws_s3_bucket.b", bucket("b1"))]);
        let told = Told::of(&own, VOLUMES, &[]);
        assert_eq!(total(&told), total(&Told::of(&named_alike, VOLUMES, &[])), "{one} {two}");
    }
}

#[test]
fn keys_of_one_name_in_two_regions_are_two() {
    let store = |name: &str, region: &str, key: &str| {
        json!({ "name": name, "region": region, "kms_key_id": key,
            "arn": format!("arn:aws:cloudtrail:{region}:111122223333:eventdatastore/{name}") })
    };
    let cost = |west: &str| {
        let own = kept(&[
            ("aws_cloudtrail_event_data_store.e", store("e", "us-east-1", "alias/ct")),
            ("aws_cloudtrail_event_data_store.w", store("w", "us-west-2", west)),
        ]);
        total(&Told::of(&own, VOLUMES, &[]))
    };
    assert_eq!(cost("alias/ct"), cost("alias/other"));
}

#[test]
fn keys_of_the_scenario_stay_with_the_others() {
    let own = kept(&[
        ("aws_cloudtrail.a", json!({ "name": "a", "s3_bucket_name": "b1" })),
        ("aws_s3_bucket.b", bucket("b1")),
    ]);
    let keyed = format!(
        "{VOLUMES}[[kms_key]]\nname = \"alias/x\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\n"
    );
    let more = ["--keep-others"];
    let (without, with) = (Told::of(&own, VOLUMES, &more), Told::of(&own, &keyed, &more));
    // awskms KMS-Keys: $1 a month.
    assert_eq!(total(&with).1 - total(&without).1, dec("12"));
    assert_eq!(total(&with).0, total(&with).1);
}

#[test]
fn inline_replication_of_tagged_objects_copies_no_log_file() {
    let cost = |filter: Value| {
        let mut source = bucket("b1");
        source["replication_configuration"] = json!([{ "rules": [{ "status": "Enabled", "filter": [filter],
            "destination": [{ "bucket": "arn:aws:s3:::b2" }] }] }]);
        let own = kept(&[
            ("aws_cloudtrail.a", json!({ "name": "a", "s3_bucket_name": "b1" })),
            ("aws_s3_bucket.b", source),
            ("aws_s3_bucket.c", bucket("b2")),
        ]);
        Told::of(&own, VOLUMES, &[]).costs("aws_s3_bucket.c").1
    };
    assert!(cost(json!({ "prefix": "" })) > Decimal::ZERO);
    assert_eq!(cost(json!({ "prefix": "", "tags": { "a": "b" } })), Decimal::ZERO);
}

#[test]
fn what_is_not_known_of_keys_periods_and_versions_is_named() {
    let log_group = json!({ "name": "g", "arn": "arn:aws:logs:us-east-1:111122223333:log-group:g" });
    let trail = json!({ "name": "a", "s3_bucket_name": "b1",
        "cloud_watch_logs_group_arn": "arn:aws:logs:us-east-1:111122223333:log-group:g:*" });
    let filter = json!({ "name": "f", "log_group_name": "g", "pattern": "x",
        "metric_transformation": [{ "name": "m", "namespace": "n", "value": "1", "default_value": "0" }] });
    let alarm = json!({ "alarm_name": "al", "metric_query": [{ "id": "q",
        "metric": [{ "metric_name": "m", "namespace": "n" }] }] });
    let lifecycle = json!({ "bucket": "b1", "rule": [{ "id": "r", "status": "Enabled", "filter": [{}],
        "noncurrent_version_expiration": [{ "noncurrent_days": 1 }] }] });
    let all = [
        ("aws_cloudtrail.a", trail),
        ("aws_s3_bucket.b", bucket("b1")),
        ("aws_cloudwatch_log_group.g", log_group),
        ("aws_cloudwatch_log_metric_filter.f", filter),
        ("aws_cloudwatch_metric_alarm.al", alarm),
        ("aws_s3_bucket_lifecycle_configuration.l", lifecycle),
        ("aws_s3_bucket_policy.p", json!({ "policy": "{}" })),
    ];
    let known = kept(&all);
    let told = Told::of(&known, VOLUMES, &[]);
    assert_eq!(told.json["total"]["after"]["complete"], true, "{}", told.words());
    for (address, unknown, named, is_complete) in [
        ("aws_cloudwatch_log_group.g", json!({ "kms_key_id": true }), "kms_key_id", false),
        (
            "aws_cloudwatch_metric_alarm.al",
            json!({ "metric_query": [{ "metric": [{ "period": true }] }] }),
            "period",
            false,
        ),
        (
            "aws_s3_bucket_lifecycle_configuration.l",
            json!({ "rule": [{ "noncurrent_version_expiration": [{ "newer_noncurrent_versions": true }] }] }),
            "newer_noncurrent_versions",
            false,
        ),
        // Whose policy it is changes no cost.
        ("aws_s3_bucket_policy.p", json!({ "bucket": true }), "bucket", true),
    ] {
        let mut own = known.clone();
        for change in own["resource_changes"].as_array_mut().unwrap() {
            if change["address"] == address {
                change["change"]["after_unknown"] = unknown.clone();
                change["change"]["actions"] = json!(["update"]);
            }
        }
        let told = Told::of(&own, VOLUMES, &[]);
        assert_eq!(told.json["total"]["after"]["complete"], is_complete, "{address}: {}", told.words());
        assert!(told.words().contains(named), "{address}: {}", told.words());
        if address.contains("lifecycle") {
            assert_eq!(told.complete("aws_s3_bucket.b"), (true, false), "the bucket bears the guess");
        }
    }
}

//! What a plan, a state or sources leave open: it is named, never guessed in silence, and nothing is taken for another.

use crate::support::BuiltIn;
use crate::terraform::{lines, of_text, read};
use serde_json::{Value, json};
use std::fs;
use trailcost::domain::AccountId;
use trailcost::sources::terraform::{ChangeAction, Configured, PlaceOptions, TerraformError, parse};

const ACCOUNT: &str = "111122223333";

fn arn(service: &str, region: &str, rest: &str) -> String {
    format!("arn:aws:{service}:{region}:{ACCOUNT}:{rest}")
}

/// A change of one resource: what is not known of it stands beside what is.
fn change(address: &str, actions: &[&str], before: &Value, after: &Value, unknown: &Value) -> Value {
    let kind = address.split('.').find(|own| own.starts_with("aws_")).unwrap();
    json!({ "address": address, "mode": "managed", "type": kind, "change": {
        "actions": actions, "before": before, "after": after, "after_unknown": unknown } })
}

fn kept(address: &str, own: &Value) -> Value {
    change(address, &["no-op"], own, own, &json!({}))
}

fn created(address: &str, after: &Value, unknown: &Value) -> Value {
    change(address, &["create"], &Value::Null, after, unknown)
}

fn plan_of(changes: &[Value]) -> Value {
    json!({ "format_version": "1.2", "resource_changes": changes })
}

fn trail(more: &Value) -> Value {
    let mut own = json!({ "name": "main", "s3_bucket_name": "b1", "home_region": "us-east-1",
        "enable_log_file_validation": false, "arn": arn("cloudtrail", "us-east-1", "trail/main") });
    let more = more.as_object().unwrap().clone();
    own.as_object_mut().unwrap().extend(more);
    own
}

fn bucket() -> Value {
    json!({ "bucket": "b1", "id": "b1", "arn": "arn:aws:s3:::b1", "region": "us-east-1" })
}

/// A plan of a trail and its bucket, with a resource beside them.
fn beside(own: Value) -> Value {
    plan_of(&[kept("aws_cloudtrail.main", &trail(&json!({}))), kept("aws_s3_bucket.b", &bucket()), own])
}

/// Returns what is told to be unknown after the apply.
fn told(own: &Configured) -> String {
    own.after.gaps.iter().map(|own| own.what.clone()).collect::<Vec<_>>().join("\n")
}

fn parsed(plan: &Value, options: &PlaceOptions) -> Result<Configured, TerraformError> {
    let built_in = BuiltIn::new();
    parse("plan.json", &plan.to_string(), options, &built_in.context())
}

#[test]
fn what_costs_money_and_is_not_known_is_a_gap() {
    let lifecycle = "aws_s3_bucket_lifecycle_configuration.x";
    let replication = "aws_s3_bucket_replication_configuration.x";
    let encryption = "aws_s3_bucket_server_side_encryption_configuration.x";
    let versioning = "aws_s3_bucket_versioning.x";
    let lock = "aws_s3_bucket_object_lock_configuration.x";
    let group = "aws_cloudwatch_log_group.x";
    let copied = json!({ "status": "Enabled", "destination": [{ "bucket": "arn:aws:s3:::copy" }] });
    let sse = json!({ "apply_server_side_encryption_by_default": [{ "sse_algorithm": "aws:kms" }] });
    let expiry = json!({ "id": "x", "status": "Enabled", "expiration": [{ "days": 30 }], "filter": [{}] });
    let in_rule = |unknown: Value| json!({ "rule": [unknown] });
    let on_expiry = |unknown: Value| (lifecycle, json!({ "rule": [expiry] }), in_rule(unknown));
    let on_copy = |unknown: Value| (replication, json!({ "rule": [copied] }), in_rule(unknown));
    let table = [
        (on_expiry(json!({ "status": true })), "`rule.status`", "taken as Enabled"),
        (on_expiry(json!({ "filter": [{ "prefix": true }] })), "`rule.filter.prefix`", "taken as all files"),
        (on_expiry(json!({ "filter": true })), "`rule.filter`", "taken as all files"),
        (
            on_expiry(json!({ "filter": [{ "object_size_greater_than": true }] })),
            "`rule.filter.object_size_greater_than`",
            "taken as all files",
        ),
        (on_expiry(json!({ "filter": [{ "tag": true }] })), "`rule.filter.tag`", "taken as all files"),
        (
            on_expiry(json!({ "filter": [{ "and": [{ "prefix": true }] }] })),
            "`rule.filter.and.prefix`",
            "taken as all files",
        ),
        (on_expiry(json!({ "expiration": [{ "days": true }] })), "`rule.expiration.days`", "is left out"),
        (on_expiry(json!({ "expiration": [{ "date": true }] })), "`rule.expiration.date`", "is left out"),
        (
            on_expiry(json!({ "noncurrent_version_expiration": [{ "noncurrent_days": true }] })),
            "`rule.noncurrent_version_expiration.noncurrent_days`",
            "is left out",
        ),
        (on_expiry(json!({ "transition": [{ "days": true }] })), "`rule.transition.days`", "is left out"),
        (
            on_expiry(json!({ "transition": [{ "storage_class": true }] })),
            "`rule.transition.storage_class`",
            "is left out",
        ),
        (
            (lifecycle, json!({}), json!({ "transition_default_minimum_object_size": true })),
            "`transition_default_minimum_object_size`",
            "taken as 128 KB for every class",
        ),
        ((lifecycle, json!({}), json!({ "rule": true })), "`rule`", "the rules are left out"),
        ((replication, json!({}), json!({ "rule": true })), "`rule`", "what it copies is left out"),
        (on_copy(json!({ "status": true })), "`rule.status`", "taken as Enabled"),
        (on_copy(json!({ "destination": true })), "`rule.destination`", "what it copies is left out"),
        (on_copy(json!({ "filter": [{ "prefix": true }] })), "`rule.filter.prefix`", "taken as all files"),
        (
            on_copy(json!({ "destination": [{ "storage_class": true }] })),
            "`rule.destination.storage_class`",
            "taken as STANDARD",
        ),
        (
            (versioning, json!({}), json!({ "versioning_configuration": true })),
            "`versioning_configuration`",
            "taken as off",
        ),
        (
            (versioning, json!({}), json!({ "versioning_configuration": [{ "status": true }] })),
            "`versioning_configuration.status`",
            "taken as off",
        ),
        ((encryption, json!({}), json!({ "rule": true })), "`rule`", "taken as encrypted by S3's own keys"),
        (
            (
                encryption,
                json!({ "rule": [sse] }),
                in_rule(
                    json!({ "apply_server_side_encryption_by_default": [{ "kms_master_key_id": true }] }),
                ),
            ),
            "`rule.apply_server_side_encryption_by_default.kms_master_key_id`",
            "taken as a key of its own",
        ),
        (
            (encryption, json!({ "rule": [sse] }), in_rule(json!({ "bucket_key_enabled": true }))),
            "`rule.bucket_key_enabled`",
            "taken as false",
        ),
        (
            (lock, json!({}), in_rule(json!({ "default_retention": [{ "days": true }] }))),
            "`rule.default_retention.days`",
            "taken as locked for no time",
        ),
        (
            (group, json!({ "name": "g" }), json!({ "log_group_class": true })),
            "`log_group_class`",
            "taken as STANDARD",
        ),
        (
            (
                "aws_cloudwatch_metric_alarm.x",
                json!({ "alarm_name": "a", "metric_name": "m" }),
                json!({ "period": true }),
            ),
            "`period`",
            "taken as 60 seconds or more",
        ),
    ];
    for ((address, mut after, unknown), name, taken) in table {
        after["bucket"] = json!("b1");
        let mut plan = beside(created(address, &after, &unknown));
        let leads = json!({ "cloud_watch_logs_group_arn": arn("logs", "us-east-1", "log-group:g:*") });
        plan["resource_changes"][0] = kept("aws_cloudtrail.main", &trail(&leads));
        let filter =
            json!({ "name": "f", "log_group_name": "g", "metric_transformation": [{ "name": "m" }] });
        let filter = kept("aws_cloudwatch_log_metric_filter.f", &filter);
        plan["resource_changes"].as_array_mut().unwrap().push(filter);
        let all = told(&of_text(&plan));
        let line = all.lines().find(|own| own.contains(&format!("{name} is known only after apply")));
        assert!(line.is_some_and(|own| own.contains(taken) && own.contains(address)), "{name}: {all}");
        plan["resource_changes"][2]["change"]["after_unknown"] = json!({});
        let without = told(&of_text(&plan));
        assert!(!without.contains("only after apply"), "{name}: {without}");
    }
}

#[test]
fn blocks_of_a_bucket_itself_that_are_not_known_are_gaps() {
    for (key, unknown, taken) in [
        ("lifecycle_rule", json!(true), "the rules are left out"),
        ("replication_configuration", json!(true), "what it copies is left out"),
        ("versioning", json!(true), "taken as off"),
        ("versioning", json!([{ "enabled": true }]), "taken as false"),
        ("server_side_encryption_configuration", json!(true), "taken as encrypted by S3's own keys"),
        ("object_lock_configuration", json!(true), "taken as not locked"),
    ] {
        let own = created("aws_s3_bucket.b", &json!({ "bucket": "b1" }), &json!({ key: unknown }));
        let plan = plan_of(&[kept("aws_cloudtrail.main", &trail(&json!({}))), own]);
        let all = told(&of_text(&plan));
        assert!(all.lines().any(|own| own.contains(key) && own.contains(taken)), "{key}: {all}");
    }
}

#[test]
fn a_dynamic_block_is_no_default_of_the_provider() {
    let mut plan = beside(created(
        "aws_s3_bucket_lifecycle_configuration.x",
        &json!({ "bucket": "b1" }),
        &json!({ "rule": true, "transition_default_minimum_object_size": true }),
    ));
    // The configuration in a plan leaves dynamic blocks out, as it does what nobody wrote.
    plan["configuration"] = json!({ "root_module": { "resources": [{
        "address": "aws_s3_bucket_lifecycle_configuration.x", "type": "aws_s3_bucket_lifecycle_configuration",
        "expressions": { "bucket": { "constant_value": "b1" } } }] } });
    let all = told(&of_text(&plan));
    assert!(all.contains("`rule` is known only after apply (the rules are left out)"), "{all}");
    assert!(!all.contains("minimum_object_size"), "{all}");
}

#[test]
fn a_part_of_nobody_knows_what_is_named() {
    for (address, after, key) in [
        ("aws_s3_bucket_lifecycle_configuration.x", json!({}), "bucket"),
        ("aws_s3_bucket_replication_configuration.x", json!({}), "bucket"),
        ("aws_sns_topic_subscription.x", json!({ "protocol": "https" }), "topic_arn"),
        ("aws_cloudwatch_log_metric_filter.x", json!({ "name": "f" }), "log_group_name"),
    ] {
        let all = told(&of_text(&beside(created(address, &after, &json!({ key: true })))));
        let expected = format!("`{key}` is known only after apply (what it sets is left out): {address}");
        assert!(all.contains(&expected), "{expected}\nin\n{all}");
    }
}

#[test]
fn a_local_leads_to_the_only_new_resource_and_says_so() {
    let rule = json!({ "rule": [{ "status": "Enabled", "expiration": [{ "days": 30 }] }] });
    let part = created("aws_s3_bucket_lifecycle_configuration.x", &rule, &json!({ "bucket": true }));
    let new = |name: &str| created(&format!("aws_s3_bucket.{name}"), &json!({ "bucket": name }), &json!({}));
    let written = json!({ "root_module": { "resources": [{
        "address": "aws_s3_bucket_lifecycle_configuration.x", "type": "aws_s3_bucket_lifecycle_configuration",
        "expressions": { "bucket": { "references": ["local.bucket"] }, "rule": [{}] } }] } });
    let other = json!({ "bucket": "old", "id": "old", "arn": "arn:aws:s3:::old" });
    let own = created("aws_cloudtrail.main", &json!({ "name": "main", "s3_bucket_name": "one" }), &json!({}));
    let mut plan = plan_of(&[own, part, new("one"), kept("aws_s3_bucket.old", &other)]);
    plan["configuration"] = written;
    let found = of_text(&plan);
    assert!(lines(&found.after.inventory).contains(&"aws_s3_bucket.one 30d expire".to_owned()));
    assert!(
        told(&found).contains(
            "`bucket` goes through a local, which a plan does not hold (taken as aws_s3_bucket.one"
        )
    );
    // Of two that are new nobody knows which is meant.
    plan["resource_changes"].as_array_mut().unwrap().push(new("two"));
    let found = of_text(&plan);
    assert!(lines(&found.after.inventory).contains(&"aws_s3_bucket.one".to_owned()));
    assert!(told(&found).contains("`bucket` is known only after apply (what it sets is left out)"));
}

#[test]
fn selectors_that_are_not_known_are_named_for_what_they_are() {
    let cases = [
        (
            json!({ "insight_selector": [{}] }),
            json!({ "insight_selector": [{ "insight_type": true }] }),
            "`insight_selector.insight_type` is known only after apply",
        ),
        (
            json!({ "advanced_event_selector": [{ "field_selector": [{ "equals": ["Data"] }, { "field": "readOnly" }] }] }),
            json!({ "advanced_event_selector": [{ "field_selector": [{ "field": true }] }] }),
            "`advanced_event_selector.field_selector.field` is known only after apply (what it selects is left out)",
        ),
        (
            json!({ "advanced_event_selector": [{ "field_selector": [{ "field": "eventCategory" }] }] }),
            json!({ "advanced_event_selector": [{ "field_selector": [{ "equals": [true] }] }] }),
            "`advanced_event_selector.field_selector.equals` is known only after apply (what it selects is left out)",
        ),
        (
            json!({ "event_selector": [{ "data_resource": [{ "values": ["arn:aws:s3"] }] }] }),
            json!({ "event_selector": [{ "data_resource": [{ "type": true }] }] }),
            "`event_selector.data_resource.type` is known only after apply (what it selects is left out)",
        ),
    ];
    for (more, unknown, expected) in cases {
        let own = created("aws_cloudtrail.main", &trail(&more), &unknown);
        let all = told(&of_text(&plan_of(&[own, kept("aws_s3_bucket.b", &bucket())])));
        assert!(all.contains(expected), "{expected}\nin\n{all}");
        assert!(!all.contains("``") && !all.contains("data events of ;"), "{all}");
    }
    // Neither is a move whose day or class is not known one on a date, or to a class of another kind.
    for unknown in [json!({ "days": true }), json!({ "storage_class": true })] {
        let rule = json!({ "bucket": "b1", "rule": [{ "status": "Enabled", "transition": [{}] }] });
        let unknown = json!({ "rule": [{ "transition": [unknown] }] });
        let all =
            told(&of_text(&beside(created("aws_s3_bucket_lifecycle_configuration.x", &rule, &unknown))));
        assert!(!all.contains("on a date") && !all.contains("a class that is not known"), "{all}");
    }
}

#[test]
fn a_rule_for_the_folder_of_log_files_holds_for_all_where_nothing_else_is_delivered() {
    let prefix = format!("AWSLogs/{ACCOUNT}/CloudTrail/");
    let rule = json!({ "bucket": "b1", "rule": [{ "status": "Enabled", "filter": [{ "prefix": prefix }],
        "expiration": [{ "days": 30 }] }] });
    for (more, expected) in [
        (json!({}), "aws_s3_bucket.b 30d expire"),
        (json!({ "enable_log_file_validation": true }), "aws_s3_bucket.b"),
        (json!({ "insight_selector": [{ "insight_type": "ApiCallRateInsight" }] }), "aws_s3_bucket.b"),
    ] {
        let mut plan = beside(kept("aws_s3_bucket_lifecycle_configuration.x", &rule));
        plan["resource_changes"][0] = kept("aws_cloudtrail.main", &trail(&more));
        let found = of_text(&plan);
        let all = lines(&found.after.inventory);
        assert!(all.contains(&expected.to_owned()), "{more}: {all:?}");
        assert_eq!(told(&found).contains("holds for a part"), expected == "aws_s3_bucket.b");
    }
}

/// A plan of two trails, one of each provider, with the data that each provider read.
fn of_two_providers(data: &[(&str, &str, Value)]) -> Value {
    let trail = json!({ "name": "t", "s3_bucket_name": "b1" });
    let unknown = json!({ "arn": true });
    let mut plan = plan_of(&[
        created("aws_cloudtrail.a", &trail, &unknown),
        created("aws_cloudtrail.b", &trail, &unknown),
    ]);
    let mut resources = vec![
        json!({ "address": "aws_cloudtrail.a", "type": "aws_cloudtrail", "provider_config_key": "aws" }),
        json!({ "address": "aws_cloudtrail.b", "type": "aws_cloudtrail", "provider_config_key": "aws.other" }),
    ];
    let mut read = Vec::new();
    for (address, provider, values) in data {
        let kind = address.split('.').nth(1).unwrap();
        read.push(json!({ "address": address, "mode": "data", "type": kind, "values": values }));
        if !provider.is_empty() {
            resources.push(
                json!({ "address": address, "mode": "data", "type": kind, "provider_config_key": provider }),
            );
        }
    }
    plan["prior_state"] = json!({ "values": { "root_module": { "resources": read } } });
    let aws = |alias: &str| json!({ "name": "aws", "full_name": "registry.terraform.io/hashicorp/aws", "alias": alias });
    plan["configuration"] = json!({ "provider_config": { "aws": aws(""), "aws.other": aws("other") },
        "root_module": { "resources": resources } });
    plan
}

/// Returns the account and Region of each trail.
fn places(own: &Configured) -> Vec<(String, String)> {
    use trailcost::domain::TrailScope;
    let each = own.after.inventory.trails.iter().map(|own| {
        let TrailScope::Account(account) = &own.scope else { panic!("no account") };
        (account.to_string(), own.home_region.to_string())
    });
    each.collect()
}

#[test]
fn an_account_or_region_holds_for_the_provider_that_read_it() {
    let account = |id: &str| json!({ "account_id": id });
    let region = |code: &str| json!({ "region": code });
    let plan = of_two_providers(&[
        ("data.aws_caller_identity.archive", "aws.other", account("222222222222")),
        ("data.aws_caller_identity.current", "aws", account(ACCOUNT)),
        ("data.aws_region.archive", "aws.other", region("us-west-2")),
        ("data.aws_region.current", "aws", region("eu-west-1")),
    ]);
    let nothing = PlaceOptions::default();
    let found = parsed(&plan, &nothing).unwrap();
    let place = |account: &str, region: &str| (account.to_owned(), region.to_owned());
    assert_eq!(places(&found), [place(ACCOUNT, "eu-west-1"), place("222222222222", "us-west-2")]);
    assert!(!found.after.lacks_account, "{}", told(&found));
    // What only an alias read says nothing of the default provider: the only account of a scenario is taken.
    let plan =
        of_two_providers(&[("data.aws_caller_identity.archive", "aws.other", account("222222222222"))]);
    let likely: Option<AccountId> = ACCOUNT.parse().ok();
    let options = PlaceOptions { likely_account: likely, ..PlaceOptions::default() };
    let found = parsed(&plan, &options).unwrap();
    assert_eq!(places(&found), [place(ACCOUNT, "us-east-1"), place("222222222222", "us-east-1")]);
    // Of several that nobody can tell apart none is taken, unless one is named.
    let several = [
        ("data.aws_caller_identity.archive", "", account("222222222222")),
        ("data.aws_caller_identity.current", "", account(ACCOUNT)),
        ("data.aws_region.dr", "", region("us-west-2")),
        ("data.aws_region.main", "", region("us-east-1")),
    ];
    let found = parsed(&of_two_providers(&several), &nothing).unwrap();
    assert!(found.after.lacks_account);
    for expected in ["several accounts are read from providers", "several Regions are read from providers"] {
        assert!(told(&found).contains(expected), "{}", told(&found));
    }
    let named = PlaceOptions { account: ACCOUNT.parse().ok(), ..PlaceOptions::default() };
    let found = parsed(&of_two_providers(&several), &named).unwrap();
    assert_eq!(places(&found)[0].0, ACCOUNT);
    assert!(!told(&found).contains("several accounts"), "{}", told(&found));
}

#[test]
fn a_state_tells_providers_apart() {
    let aws = "provider[\"registry.terraform.io/hashicorp/aws\"]";
    let resource = |mode: &str, kind: &str, name: &str, provider: &str, values: Value| {
        json!({ "mode": mode, "type": kind, "name": name, "provider": provider,
            "instances": [{ "attributes": values }] })
    };
    let data = |name: &str, provider: &str, id: &str| {
        resource("data", "aws_caller_identity", name, provider, json!({ "account_id": id }))
    };
    let trail = |name: &str, provider: &str| {
        resource("managed", "aws_cloudtrail", name, provider, json!({ "name": name, "s3_bucket_name": "b" }))
    };
    let other = format!("{aws}.other");
    let state = json!({ "version": 4, "resources": [
        data("archive", &other, "222222222222"), data("current", aws, ACCOUNT), trail("a", aws), trail("b", &other)] });
    let found = parsed(&state, &PlaceOptions::default()).unwrap();
    let accounts: Vec<String> = places(&found).into_iter().map(|(account, _)| account).collect();
    assert_eq!(accounts, [ACCOUNT, "222222222222"]);
}

#[test]
fn one_name_in_two_regions_means_two_things() {
    let mut changes = vec![kept("aws_s3_bucket.b", &bucket())];
    for (name, region) in [("e", "us-east-1"), ("w", "us-west-2")] {
        let mut add = |kind: &str, own: Value| changes.push(kept(&format!("{kind}.{name}"), &own));
        add(
            "aws_cloudtrail",
            json!({ "name": name, "s3_bucket_name": "b1", "home_region": region,
            "sns_topic_name": "ct", "cloud_watch_logs_group_arn": arn("logs", region, "log-group:ct:*") }),
        );
        add(
            "aws_cloudwatch_log_group",
            json!({ "name": "ct", "id": "ct", "arn": arn("logs", region, "log-group:ct") }),
        );
        add(
            "aws_cloudwatch_log_metric_filter",
            json!({ "name": "f", "log_group_name": "ct", "region": region,
            "metric_transformation": [{ "name": "m", "default_value": "0" }] }),
        );
        add(
            "aws_sns_topic",
            json!({ "name": "ct", "arn": arn("sns", region, "ct"), "kms_master_key_id": "alias/ct" }),
        );
        add(
            "aws_kms_key",
            json!({ "key_id": name, "id": name, "arn": arn("kms", region, &format!("key/{name}")) }),
        );
        add(
            "aws_kms_alias",
            json!({ "name": "alias/ct", "id": "alias/ct", "arn": arn("kms", region, "alias/ct"),
            "target_key_id": name }),
        );
    }
    let found = of_text(&plan_of(&changes));
    let all = lines(&found.after.inventory);
    for name in ["e", "w"] {
        let region = if name == "e" { "us-east-1" } else { "us-west-2" };
        for expected in [
            format!(
                "aws_cloudtrail.{name} {region}: management -> aws_s3_bucket.b aws_cloudwatch_log_group.{name} aws_sns_topic.{name}"
            ),
            format!(
                "aws_cloudwatch_log_group.{name} {region} for ever aws_cloudwatch_log_metric_filter.{name} always"
            ),
            format!("aws_kms_key.{name} 1"),
            format!("aws_sns_topic.{name}"),
        ] {
            assert!(all.contains(&expected), "{expected}\nin\n{all:#?}");
        }
    }
    assert!(!told(&found).contains("no trail leads to it"), "{}", told(&found));
}

#[test]
fn what_a_failed_replacement_left_is_there_until_it_is_deleted() {
    let old = trail(&json!({ "name": "old" }));
    let mut rest = change("aws_cloudtrail.main", &["delete"], &old, &Value::Null, &json!({}));
    rest["deposed"] = json!("abcd1234");
    let found = of_text(&beside(rest));
    let deposed = "aws_cloudtrail.main (deposed abcd1234)";
    let names = |own: &[trailcost::domain::Trail]| own.iter().map(|own| own.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&found.before.inventory.trails), ["aws_cloudtrail.main", deposed]);
    assert_eq!(names(&found.after.inventory.trails), ["aws_cloudtrail.main"]);
    assert_eq!(found.actions[deposed], ChangeAction::Delete);
    assert_eq!(found.actions["aws_cloudtrail.main"], ChangeAction::Keep);
    let shown = json!({ "format_version": "1.0", "values": { "root_module": { "resources": [
        { "address": "aws_cloudtrail.main", "mode": "managed", "type": "aws_cloudtrail", "values": trail(&json!({})) },
        { "address": "aws_cloudtrail.main", "mode": "managed", "type": "aws_cloudtrail", "values": old,
          "deposed_key": "abcd1234" }] } } });
    let stored = json!({ "version": 4, "resources": [{ "mode": "managed", "type": "aws_cloudtrail", "name": "main",
        "instances": [{ "attributes": trail(&json!({})) }, { "attributes": old, "deposed": "abcd1234" }] }] });
    for state in [shown, stored] {
        let found = of_text(&state);
        assert_eq!(names(&found.after.inventory.trails), ["aws_cloudtrail.main", deposed]);
    }
}

#[test]
fn a_resource_that_is_sensitive_as_a_whole_is_missed_by_attribute() {
    let mut plan = plan_of(&[created(
        "aws_cloudtrail.main",
        &trail(&json!({ "is_multi_region_trail": true })),
        &json!({}),
    )]);
    plan["resource_changes"][0]["change"]["after_sensitive"] = json!(true);
    let all = told(&of_text(&plan));
    for key in ["s3_bucket_name", "is_multi_region_trail"] {
        assert!(all.contains(&format!("`{key}` is marked sensitive, and not read")), "{key}: {all}");
    }
    // What is no object is no resource.
    for wrong in [json!(1), json!("x"), json!([]), json!(true)] {
        let plan = plan_of(&[change("aws_cloudtrail.main", &["delete"], &wrong, &Value::Null, &json!({}))]);
        let found = of_text(&plan);
        assert!(found.before.inventory.trails.is_empty(), "{wrong}");
        assert!(told(&found).contains("the resource could not be read"), "{}", told(&found));
    }
    let plan = plan_of(&[created("aws_cloudtrail.main", &Value::Null, &json!(true))]);
    assert!(told(&of_text(&plan)).contains("nothing is known of it before it is applied"));
    let gone = change("aws_cloudtrail.main", &["delete"], &trail(&json!({})), &Value::Null, &json!(true));
    assert!(!told(&of_text(&plan_of(&[gone]))).contains("nothing is known of it"));
}

#[test]
fn errors_tell_no_value() {
    let secret = "hunter2-secret";
    let mut deep = json!({});
    for _ in 0..200 {
        deep = json!({ "module_calls": { "a": { "module": deep } } });
    }
    let values = json!({ "root_module": secret });
    for (plan, reason) in [
        (
            json!({ "resource_changes": [], "configuration": { "root_module": { "module_calls": secret } } }),
            "another type",
        ),
        (json!({ "planned_values": values }), "another type"),
        (
            json!({ "planned_values": { "root_module": {} }, "prior_state": { "values": values } }),
            "another type",
        ),
        (
            json!({ "resource_changes": [], "configuration": { "root_module": deep } }),
            "nested deeper than 128 levels",
        ),
    ] {
        let error = parsed(&plan, &PlaceOptions::default()).unwrap_err().to_string();
        assert!(error.contains(reason) && !error.contains(secret), "{error}");
    }
}

#[test]
fn an_override_of_nothing_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let base = "resource \"aws_cloudtrail\" \"a\" {\n  name = \"a\"\n  s3_bucket_name = \"b\"\n}\n";
    fs::write(directory.path().join("main.tf"), base).unwrap();
    assert_eq!(read(directory.path()).after.inventory.trails.len(), 1);
    for (text, missing) in [
        ("resource \"aws_cloudtrail\" \"b\" {}\n", "resource aws_cloudtrail b"),
        ("locals {\n  x = 1\n}\n", "local.x"),
    ] {
        fs::write(directory.path().join("x_override.tf"), text).unwrap();
        let built_in = BuiltIn::new();
        let found = trailcost::sources::terraform::load(
            directory.path(),
            &PlaceOptions::default(),
            &built_in.context(),
        );
        let error = found.unwrap_err().to_string();
        assert!(error.contains(&format!("`x_override.tf` overrides `{missing}`")), "{error}");
    }
}

//! Terraform's plans, states and sources: the right inventory of each, and the same from a plan and from its sources.
//!
//! Each folder of `tests/fixtures/terraform` has sources and the plan that Terraform made of them.

use crate::support::{BuiltIn, root};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use trailcost::domain::{
    AdvancedEventSelector, Age, EventCategory, Inventory, LifecycleAction, Protocol, PublicAccessBlock,
    Setting, TrailScope,
};
use trailcost::sources::terraform::{ChangeAction, Configured, PlaceOptions, load, parse};

pub(crate) fn folder() -> PathBuf {
    root().join("tests/fixtures/terraform")
}

fn options() -> PlaceOptions {
    PlaceOptions { account: "111122223333".parse().ok(), ..PlaceOptions::default() }
}

pub(crate) fn read(path: &Path) -> Configured {
    let built_in = BuiltIn::new();
    load(path, &options(), &built_in.context()).unwrap()
}

fn plan(name: &str) -> Configured {
    read(&folder().join(name).join("plan.json"))
}

pub(crate) fn of_text(value: &Value) -> Configured {
    let built_in = BuiltIn::new();
    parse("plan.json", &value.to_string(), &options(), &built_in.context()).unwrap()
}

fn selector(own: &AdvancedEventSelector) -> String {
    let mut text = match own.category {
        EventCategory::Management => "management".to_owned(),
        EventCategory::Data => "data".to_owned(),
        EventCategory::NetworkActivity => "network".to_owned(),
    };
    for test in &own.fields {
        let lists = [
            ("=", &test.equals),
            ("^", &test.starts_with),
            ("$", &test.ends_with),
            ("!=", &test.not_equals),
            ("!^", &test.not_starts_with),
        ];
        for (sign, values) in lists.into_iter().filter(|(_, values)| !values.is_empty()) {
            text.push_str(&format!(" {}{sign}{}", test.field.name(), values.join(",")));
        }
    }
    text
}

/// Writes an inventory, a line for each thing.
pub(crate) fn lines(own: &Inventory) -> Vec<String> {
    let mut lines = Vec::new();
    for trail in &own.trails {
        let scope = if trail.scope == TrailScope::Organization { " organization" } else { "" };
        let everywhere = if trail.multi_region { " everywhere" } else { "" };
        let stopped = if trail.logging { "" } else { " stopped" };
        let selectors: Vec<String> = trail.selectors.iter().map(selector).collect();
        let insights = if trail.insights.is_empty() { "" } else { " insights" };
        let delivery = &trail.delivery;
        let to = [&delivery.bucket, &delivery.log_group, &delivery.sns_topic];
        let to: Vec<&str> = to.into_iter().filter_map(|own| own.as_deref()).collect();
        let kms = if delivery.kms == Some(true) { " kms" } else { "" };
        let valid = if delivery.log_file_validation == Some(true) { " validated" } else { "" };
        lines.push(format!(
            "{} {}{scope}{everywhere}{stopped}{insights}{kms}{valid}: {} -> {}",
            trail.name,
            trail.home_region,
            selectors.join("; "),
            to.join(" ")
        ));
    }
    for store in &own.event_data_stores {
        let selectors: Vec<String> = store.selectors.iter().map(selector).collect();
        lines.push(format!(
            "{} {:?} {}d organization={} everywhere={}: {}",
            store.name,
            store.billing_mode,
            store.retention_days,
            store.organization,
            store.multi_region,
            selectors.join("; ")
        ));
    }
    for bucket in &own.buckets {
        let steps = bucket.lifecycle.iter().map(|step| match step.action {
            LifecycleAction::Expire => format!(" {} expire", step.after),
            LifecycleAction::Transition(to) => format!(" {} {}", step.after, to.name()),
        });
        let steps: String = steps.collect();
        let versions = bucket.versioning.map_or_else(String::new, |own| match own.noncurrent {
            Some(age) => format!(" versions {age}"),
            None => " versions".to_owned(),
        });
        let lock = bucket.object_lock.map_or_else(String::new, |own| format!(" locked {own}"));
        let key = bucket.kms_key.as_ref().map_or_else(String::new, |own| format!(" key {own}"));
        let saving = if bucket.bucket_key_saving.is_some() { " bucket-key" } else { "" };
        let copies = bucket.replicas.iter();
        let copies: Vec<String> =
            copies.map(|own| format!(" copy {} {}", own.bucket, own.class.name())).collect();
        let copies = copies.concat();
        lines.push(format!("{}{steps}{versions}{lock}{key}{saving}{copies}", bucket.name));
    }
    lines.extend(own.kms_keys.iter().map(|own| format!("{} {}", own.name, own.versions)));
    for group in &own.log_groups {
        let kept = group.retention.map_or_else(|| "for ever".to_owned(), |own| own.to_string());
        let hours = |own: &trailcost::domain::MetricFilter| if own.hours.is_none() { "always" } else { "?" };
        let filters = group.metric_filters.iter();
        let filters: Vec<String> = filters.map(|own| format!(" {} {}", own.name, hours(own))).collect();
        let filters = filters.concat();
        lines.push(format!("{} {} {kept}{filters}", group.name, group.region));
    }
    for alarm in &own.alarms {
        let topic = alarm.topic.as_deref().unwrap_or("nobody");
        lines.push(format!("{} {:?} -> {topic}", alarm.name, alarm.kind));
    }
    for topic in &own.topics {
        let all = topic.subscriptions.iter().map(|own| match own.protocol {
            Protocol::Email => format!(" {} email", own.subscribers),
            Protocol::Http => format!(" {} http", own.subscribers),
            _ => " other".to_owned(),
        });
        lines.push(format!("{}{}", topic.name, all.collect::<String>()));
    }
    lines.extend(own.event_rules.iter().map(|own| format!("{} {:?}", own.name, own.targets)));
    lines
}

const PLAIN: &str = "aws_cloudtrail.main us-east-1: management -> aws_s3_bucket.logs";
const LOGS: &str = "aws_s3_bucket.logs";

#[test]
fn every_plan_gives_its_inventory() {
    let kms = "eventSource!=kms.amazonaws.com";
    let main = |rest: &str| format!("aws_cloudtrail.main us-east-1{rest}");
    let to_logs = |rest: &str| main(&format!("{rest} -> aws_s3_bucket.logs"));
    let s3 = "data resources.type=AWS::S3::Object";
    let table: Vec<(&str, Vec<String>)> = vec![
        ("default-selectors", vec![PLAIN.to_owned(), LOGS.to_owned()]),
        // What is recorded follows from selectors, never from include_global_service_events.
        ("global-events-off", vec![to_logs(" everywhere: management"), LOGS.to_owned()]),
        (
            "basic-write-only",
            vec![
                to_logs(&format!(": management readOnly=false {kms},rdsdata.amazonaws.com")),
                LOGS.to_owned(),
            ],
        ),
        (
            "basic-data-only",
            vec![
                to_logs(&format!(
                    ": {s3}; data resources.type=AWS::Lambda::Function \
                     resources.ARN=arn:aws:lambda:us-east-1:111122223333:function:pay"
                )),
                LOGS.to_owned(),
            ],
        ),
        (
            "basic-bucket-reference",
            vec![
                to_logs(&format!(": management; {s3} resources.ARN^arn:aws:s3:::example-orders/")),
                LOGS.to_owned(),
            ],
        ),
        (
            "advanced-management",
            vec![to_logs(&format!(": management {kms} readOnly=false")), LOGS.to_owned()],
        ),
        (
            "advanced-data-and-network",
            vec![
                to_logs(
                    ": data eventName$Object resources.ARN!^arn:aws:s3:::example-logs/ \
                     resources.type=AWS::S3::Object; network eventSource=ec2.amazonaws.com",
                ),
                LOGS.to_owned(),
            ],
        ),
        ("insights", vec![to_logs(" everywhere insights: management"), LOGS.to_owned()]),
        (
            "organization-trail",
            vec![to_logs(" organization everywhere validated: management"), LOGS.to_owned()],
        ),
        ("stopped-trail", vec![to_logs(" stopped: management"), LOGS.to_owned()]),
        (
            "two-trails-one-key",
            vec![
                to_logs(" everywhere kms: management"),
                "aws_cloudtrail.second us-east-1: management -> aws_s3_bucket.copy".to_owned(),
                "aws_s3_bucket.copy key aws_kms_key.logs bucket-key".to_owned(),
                "aws_s3_bucket.logs key aws_kms_key.logs".to_owned(),
                "aws_kms_key.logs 1".to_owned(),
            ],
        ),
        (
            "bucket-in-full",
            vec![
                PLAIN.to_owned(),
                "aws_s3_bucket.logs 90d GLACIER_IR 2557d expire versions 30d locked 365d copy \
                 aws_s3_bucket.replica STANDARD_IA"
                    .to_owned(),
                "aws_s3_bucket.replica".to_owned(),
            ],
        ),
        (
            "inline-bucket",
            vec![
                PLAIN.to_owned(),
                "aws_s3_bucket.logs 400d expire versions key alias/aws/s3 (111122223333 us-east-1)"
                    .to_owned(),
                "alias/aws/s3 (111122223333 us-east-1) 0".to_owned(),
            ],
        ),
        (
            "alert-chain",
            vec![
                main(
                    ": management -> aws_s3_bucket.logs aws_cloudwatch_log_group.trail aws_sns_topic.alerts",
                ),
                LOGS.to_owned(),
                "aws_cloudwatch_log_group.trail us-east-1 90d \
                 aws_cloudwatch_log_metric_filter.detection[\"login\"] ? \
                 aws_cloudwatch_log_metric_filter.detection[\"root\"] always"
                    .to_owned(),
                "aws_cloudwatch_composite_alarm.any Composite -> elsewhere".to_owned(),
                "aws_cloudwatch_metric_alarm.detection[\"login\"] Standard -> aws_sns_topic.alerts"
                    .to_owned(),
                "aws_cloudwatch_metric_alarm.detection[\"root\"] Standard -> aws_sns_topic.alerts".to_owned(),
                "aws_sns_topic.alerts 1 email 1 http".to_owned(),
                "elsewhere".to_owned(),
                "aws_cloudwatch_event_rule.stopped [Topic(\"aws_sns_topic.alerts\")]".to_owned(),
            ],
        ),
        (
            "event-data-store",
            vec![
                "aws_cloudtrail_event_data_store.one OneYearExtendable 366d organization=true \
                 everywhere=false: data resources.type=AWS::DynamoDB::Table"
                    .to_owned(),
                "aws_cloudtrail_event_data_store.seven SevenYear 2557d organization=false everywhere=true: \
                 management"
                    .to_owned(),
            ],
        ),
        (
            "count-and-for-each",
            vec![
                "aws_cloudtrail.counted[0] us-east-1: management -> aws_s3_bucket.logs".to_owned(),
                "aws_cloudtrail.counted[1] us-east-1: management -> aws_s3_bucket.logs".to_owned(),
                "aws_cloudtrail.each[\"dev\"] us-east-1: management -> aws_s3_bucket.each[\"dev\"]"
                    .to_owned(),
                "aws_cloudtrail.each[\"prod\"] us-east-1: management -> aws_s3_bucket.each[\"prod\"]"
                    .to_owned(),
                "aws_s3_bucket.each[\"dev\"]".to_owned(),
                "aws_s3_bucket.each[\"prod\"]".to_owned(),
                LOGS.to_owned(),
            ],
        ),
        (
            "unknown-values",
            vec![
                to_logs(&format!(": management; {s3} resources.ARN^arn:aws:s3:::aws_cloudtrail.main/")),
                LOGS.to_owned(),
            ],
        ),
        ("sensitive-values", vec![PLAIN.to_owned(), LOGS.to_owned()]),
        (
            "dynamic-blocks",
            vec![
                to_logs(
                    ": data resources.type=AWS::DynamoDB::Table readOnly=true \
                     resources.ARN=arn:aws:dynamodb:us-east-1:111122223333:table/one; data \
                     resources.type=AWS::DynamoDB::Table readOnly=true \
                     resources.ARN=arn:aws:dynamodb:us-east-1:111122223333:table/two",
                ),
                LOGS.to_owned(),
            ],
        ),
        (
            "named-from-elsewhere",
            vec![
                main(" kms: management -> central-logs central central"),
                "central-logs 365d expire key \
                 arn:aws:kms:us-east-1:999988887777:key/11112222-3333-4444-5555-666677778888"
                    .to_owned(),
                "arn:aws:kms:us-east-1:999988887777:key/11112222-3333-4444-5555-666677778888 1".to_owned(),
                "central eu-west-1 for ever".to_owned(),
                "central".to_owned(),
            ],
        ),
        (
            "alerting-alone",
            vec![
                "aws_kms_key.alerts 1".to_owned(),
                "aws_cloudwatch_metric_alarm.root HighResolution -> nobody".to_owned(),
            ],
        ),
        (
            "modules",
            vec![
                "module.trail[\"reads\"].aws_cloudtrail.this eu-west-1 kms: management readOnly=true -> \
                 module.storage.aws_s3_bucket.this"
                    .to_owned(),
                "module.trail[\"writes\"].aws_cloudtrail.this eu-west-1 kms: management readOnly=false -> \
                 module.storage.aws_s3_bucket.this"
                    .to_owned(),
                "module.storage.aws_s3_bucket.this key module.storage.aws_kms_key.this".to_owned(),
                "module.storage.aws_kms_key.this 1".to_owned(),
            ],
        ),
        (
            "locals",
            vec![
                to_logs(" kms: management"),
                "aws_s3_bucket.logs 30d expire key aws_kms_key.logs".to_owned(),
                "aws_kms_key.logs 1".to_owned(),
            ],
        ),
        (
            "keyed-modules",
            vec![
                "module.trail[\"a\"].aws_cloudtrail.this us-east-1 everywhere: management -> \
                 aws_s3_bucket.logs[\"a\"]"
                    .to_owned(),
                "module.trail[\"b\"].aws_cloudtrail.this us-east-1: management -> aws_s3_bucket.logs[\"b\"]"
                    .to_owned(),
                "aws_s3_bucket.logs[\"a\"] 30d expire".to_owned(),
                "aws_s3_bucket.logs[\"b\"] 30d expire".to_owned(),
            ],
        ),
        (
            "override-files",
            vec![to_logs(" everywhere stopped validated: management readOnly=false"), LOGS.to_owned()],
        ),
        (
            "variable-types",
            vec![
                "aws_cloudtrail.counted[0] us-east-1: management -> aws_s3_bucket.logs".to_owned(),
                "aws_cloudtrail.each[\"a\"] us-east-1: management -> aws_s3_bucket.logs".to_owned(),
                "aws_cloudtrail.selected us-east-1: management readOnly=false -> aws_s3_bucket.logs".to_owned(),
                "aws_cloudtrail.switched[0] us-east-1: management -> aws_s3_bucket.logs".to_owned(),
                "module.trail.aws_cloudtrail.this us-east-1 everywhere stopped: management -> aws_s3_bucket.logs"
                    .to_owned(),
                LOGS.to_owned(),
            ],
        ),
    ];
    assert_eq!(table.len(), fs::read_dir(folder()).unwrap().count(), "a folder is not looked at");
    for (name, expected) in table {
        let found = plan(name);
        // Everything is new but what Terraform does not manage.
        let key = "arn:aws:kms:us-east-1:999988887777:key/11112222-3333-4444-5555-666677778888 1";
        let before: &[&str] = match name {
            "inline-bucket" => &["alias/aws/s3 (111122223333 us-east-1) 0"],
            "alert-chain" => &["elsewhere"],
            "named-from-elsewhere" => &["central-logs", key, "central eu-west-1 for ever", "central"],
            _ => &[],
        };
        assert_eq!(lines(&found.before.inventory), before, "{name}");
        assert_eq!(lines(&found.after.inventory), expected, "{name}");
    }
}

#[test]
fn sources_agree_with_the_plans_made_of_them() {
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let (sources, plan) = (read(&path), read(&path.join("plan.json")));
        assert_eq!(sources.after.inventory, plan.after.inventory, "{}", path.display());
        assert_eq!(sources.actions, plan.actions, "{}", path.display());
        let protocols = |own: &Configured| own.after.settings.topics.clone().len();
        assert_eq!(protocols(&sources), protocols(&plan));
    }
}

#[test]
fn settings_tell_what_is_known_unknown_and_not_set() {
    let found = plan("bucket-in-full").after.settings;
    let logs = &found.buckets[0];
    assert_eq!((logs.subject.name.as_str(), logs.policy.is_on()), ("example-logs", Some(true)));
    let Setting::Is(block) = &logs.public_access_block else { panic!("no block") };
    assert_eq!(
        *block,
        PublicAccessBlock {
            block_public_acls: true,
            block_public_policy: true,
            ignore_public_acls: true,
            restrict_public_buckets: false
        }
    );
    assert!(!block.is_whole());
    assert_eq!(logs.versioning, Setting::Is(true));
    assert_eq!(logs.access_logging, Setting::Is("example-access".to_owned()));
    assert_eq!(logs.encryption, Setting::NotSet);
    let lock = logs.object_lock.value().unwrap();
    assert_eq!(
        (lock.mode.value().unwrap().as_str(), lock.retention.value()),
        ("COMPLIANCE", Some(&Age::from_days(365)))
    );
    assert_eq!(found.buckets[1].public_access_block, Setting::NotSet);
    assert_eq!(found.trails[0].log_file_validation.is_on(), Some(false));

    let found = plan("alert-chain").after.settings;
    assert_eq!(found.metric_filters[1].pattern.value().unwrap(), "{ $.userIdentity.type = \"Root\" }");
    assert_eq!(found.metric_filters[1].metrics[0].name.value().unwrap(), "count-root");
    let alarm = found.alarms.iter().find(|own| own.subject.name == "detection-root").unwrap();
    assert_eq!(alarm.metrics[0].name.value().unwrap(), "count-root");
    assert_eq!(alarm.actions, Setting::Is(vec!["aws_sns_topic.alerts".to_owned()]));
    let subscriptions = found.topics[0].subscriptions.value().unwrap();
    let protocols: Vec<&str> =
        subscriptions.iter().map(|own| own.protocol.value().unwrap().as_str()).collect();
    assert_eq!(protocols, ["https", "email"]);
    assert!(found.event_rules[0].pattern.value().unwrap().contains("aws.cloudtrail"));
    assert_eq!(found.providers[0].region, Setting::Is("us-east-1".to_owned()));

    let key = &plan("two-trails-one-key").after.settings.keys[0];
    assert_eq!((key.subject.name.as_str(), key.rotation.is_on()), ("alias/logs", Some(true)));
    assert_eq!(key.policy, Setting::NotSet);
    // Of what is known only after apply nothing is guessed, and of what is elsewhere nothing is known.
    assert!(plan("unknown-values").after.settings.trails[0].logging.is_unknown());
    assert!(plan("named-from-elsewhere").after.settings.buckets[0].policy.is_unknown());
}

#[test]
fn what_is_not_known_is_named_with_its_place() {
    let told =
        |own: &Configured| own.after.gaps.iter().map(|own| own.what.clone()).collect::<Vec<_>>().join("\n");
    let of_plan = told(&plan("unknown-values"));
    for expected in [
        "`is_multi_region_trail` is known only after apply (taken as false): aws_cloudtrail.main",
        "`enable_logging` is known only after apply (taken as true): aws_cloudtrail.main",
        "`event_selector.data_resource.values` is known only after apply",
        "no trail leads to it, so that it is no part of this: aws_sns_topic.seed",
    ] {
        assert!(of_plan.contains(expected), "{expected}\nin\n{of_plan}");
    }
    let of_sources = told(&read(&folder().join("unknown-values")));
    assert!(of_sources.contains("`enable_logging` is an expression that is not worked out here (taken as true): aws_cloudtrail.main (main.tf:"), "{of_sources}");
    // Without an account or Region neither is made up.
    let built_in = BuiltIn::new();
    let found =
        load(&folder().join("default-selectors"), &PlaceOptions::default(), &built_in.context()).unwrap();
    assert!(found.after.lacks_account);
    assert!(told(&found).contains("nothing tells whose account this is (shown as 000000000000)"));
}

/// A plan of one change.
pub(crate) fn changed(actions: &[&str], before: &Value, after: &Value) -> Value {
    json!({
        "format_version": "1.2",
        "resource_changes": [{
            "address": "aws_cloudtrail.main", "mode": "managed", "type": "aws_cloudtrail", "name": "main",
            "change": { "actions": actions, "before": before, "after": after, "after_unknown": {} }
        }]
    })
}

#[test]
fn changes_and_deletions_have_two_sides() {
    let trail = |access: &str| {
        json!({
            "name": "main", "arn": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main",
            "s3_bucket_name": "logs", "event_selector": [{ "read_write_type": access }]
        })
    };
    let (all, writes) = (trail("All"), trail("WriteOnly"));
    let line = |access: &str| Some(format!("aws_cloudtrail.main eu-west-1: management{access} -> logs"));
    let written = " readOnly=false";
    for (actions, before, after, action, expected) in [
        (vec!["no-op"], &all, &all, ChangeAction::Keep, (line(""), line(""))),
        (vec!["update"], &all, &writes, ChangeAction::Update, (line(""), line(written))),
        (vec!["delete", "create"], &all, &writes, ChangeAction::Replace, (line(""), line(written))),
        (vec!["delete"], &all, &Value::Null, ChangeAction::Delete, (line(""), None)),
        (vec!["create"], &Value::Null, &writes, ChangeAction::Create, (None, line(written))),
        // What Terraform forgets is still there, and costs.
        (vec!["forget"], &all, &Value::Null, ChangeAction::Forget, (line(""), line(""))),
    ] {
        let found = of_text(&changed(&actions, before, after));
        let first = |own: &Inventory| lines(own).into_iter().find(|own| own.starts_with("aws_cloudtrail"));
        let sides = (first(&found.before.inventory), first(&found.after.inventory));
        assert_eq!(sides, expected, "{actions:?}");
        assert_eq!(found.actions["aws_cloudtrail.main"], action);
    }
}

#[test]
fn states_of_both_forms_are_read() {
    let values = json!({ "name": "main", "s3_bucket_name": "logs", "is_multi_region_trail": true,
        "arn": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main" });
    let shown = json!({ "format_version": "1.0", "values": { "root_module": { "child_modules": [{
        "address": "module.a[0]", "resources": [{ "address": "module.a[0].aws_cloudtrail.main[\"x\"]",
            "mode": "managed", "type": "aws_cloudtrail", "values": values }] }] } } });
    let stored = json!({ "version": 4, "serial": 1, "resources": [{ "module": "module.a[0]", "mode": "managed",
        "type": "aws_cloudtrail", "name": "main", "instances": [{ "index_key": "x", "attributes": values }] }] });
    for state in [shown, stored] {
        let found = of_text(&state);
        assert_eq!(found.before.inventory, found.after.inventory);
        let expected = "module.a[0].aws_cloudtrail.main[\"x\"] eu-west-1 everywhere: management -> logs";
        assert_eq!(lines(&found.after.inventory)[0], expected);
    }
}

#[test]
fn plans_of_other_tools_give_their_inventory() {
    let Some(data) = std::env::var_os("TRAILCOST_SHARED_DATA") else {
        eprintln!("skipped: TRAILCOST_SHARED_DATA names no folder");
        return;
    };
    let folder = PathBuf::from(data).join("terraform-plans/regula");
    let built_in = BuiltIn::new();
    let own = |name: &str| load(&folder.join(name), &PlaceOptions::default(), &built_in.context()).unwrap();
    let found = own("log_file_validation_infra.json");
    assert_eq!(
        lines(&found.after.inventory),
        [
            "aws_cloudtrail.invalid_trail us-east-2: management -> aws_s3_bucket.trail_bucket",
            "aws_cloudtrail.valid_trail us-east-2 validated: management -> aws_s3_bucket.trail_bucket",
            "aws_s3_bucket.trail_bucket",
        ]
    );
    assert_eq!(found.after.inventory.buckets[0].account.as_str(), "819995596046");
    assert!(!own("issue355_infra.json").after.inventory.trails.is_empty());
}

//! A model before and after a plan that changes everything a plan can change.

use crate::support::BuiltIn;
use trailcost::domain::{BillingMode, LogClass, Model};

pub(crate) const HEAD: &str = "version = 1\nname = \"artefacts\"\nstart = \"2026-01\"\n\
    [[account]]\nid = \"111122223333\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = { read = 9, write = 9 }\n\
    [[account]]\nid = \"444455556666\"\n[[account.activity]]\nregion = \"eu-west-1\"\nmanagement = { read = 9, write = 9 }\n";

pub(crate) const BEFORE: &str = r#"
[[trail]]
name = "organization"
scope = "organization"
bucket = "org-logs"
data = [{ resource_type = "AWS::S3::Object" }, { resource_type = "AWS::SNS::Topic" }]
insights = ["ApiCallRateInsight", "ApiErrorRateInsight"]
data_insights = ["ApiErrorRateInsight"]

[[trail]]
name = "security"
account = "111122223333"
bucket = "security-logs"
kms = true
log_file_validation = true
log_group = "audit"
sns_topic = "files"
exclude = ["kms"]
insights = ["ApiCallRateInsight"]

[[trail]]
name = "copy"
account = "*"
home_region = "eu-west-1"
multi_region = false
bucket = "security-logs"
log_group = "copies"

[[trail]]
name = "basic"
account = "444455556666"
home_region = "eu-west-1"
bucket = "basic-logs"
data = [{ resource_type = "AWS::S3::Object", access = "write" }]
sns_topic = "files"
log_group = "basic"

[[trail]]
name = "stopped"
account = "444455556666"
home_region = "eu-west-1"
bucket = "basic-logs"
data = [{ resource_type = "AWS::Lambda::Function" }]

[[bucket]]
name = "security-logs"
account = "111122223333"
region = "us-east-1"
versioning = { noncurrent_expire = "30d" }
lifecycle = [{ after = "90d", to = "GLACIER" }, { after = "2555d", expire = true }]
replicate_to = [{ bucket = "archive", class = "GLACIER_IR" }]

[[bucket]]
name = "org-logs"
account = "111122223333"
region = "us-east-1"

[[bucket]]
name = "basic-logs"
account = "444455556666"
region = "eu-west-1"
kms = true

[[bucket]]
name = "archive"
account = "444455556666"
region = "eu-west-1"
versioning = true

[[log_group]]
name = "audit"
account = "111122223333"
region = "us-east-1"
metric_filter = [{ name = "root", matching_hours = 5 }]

[[log_group]]
name = "copies"
account = "111122223333"
region = "eu-west-1"

[[log_group]]
name = "basic"
account = "444455556666"
region = "eu-west-1"
retention = "365d"

[[alarm]]
name = "root"
account = "111122223333"
region = "us-east-1"
topic = "files"

[[topic]]
name = "files"
account = "111122223333"
region = "us-east-1"

[[event_rule]]
name = "relay"
account = "111122223333"
region = "us-east-1"
matched = 10
targets = [{ kind = "topic", name = "files" }]

[[event_data_store]]
name = "lake"
account = "111122223333"
home_region = "us-east-1"
billing_mode = "FIXED_RETENTION_PRICING"
insights = ["ApiCallRateInsight"]

[[event_data_store]]
name = "old-lake"
account = "111122223333"
home_region = "us-east-1"

[[direct_delivery]]
name = "direct"
"#;

pub(crate) fn before(built_in: &BuiltIn) -> Model {
    built_in.model(&format!("{HEAD}{BEFORE}"))
}

/// The same with nearly everything changed that can be.
pub(crate) fn after(before: &Model) -> Model {
    let mut model = before.clone();
    let own = &mut model.inventory;
    let copy = own.trails.iter().position(|own| own.name == "copy").unwrap();
    own.trails.remove(copy);
    for trail in &mut own.trails {
        match trail.name.as_str() {
            "organization" => {
                trail.selectors.truncate(2);
                trail.selectors[1].fields.extend(
                    trailcost::domain::AdvancedEventSelector::data(
                        trailcost::domain::Access::Write,
                        "AWS::S3::Object",
                        &["arn:aws:s3:::customers".to_owned()],
                    )
                    .fields
                    .into_iter()
                    .skip(1),
                );
                trail.insights.clear();
                trail.aggregation = vec!["API_ACTIVITY".to_owned()];
            }
            "security" => {
                trail.selectors[0].fields.clear();
                trail.delivery.sns_topic = None;
                trail.delivery.log_group = None;
                trail.delivery.log_file_validation = Some(false);
            }
            "basic" => {
                trail.selectors.remove(0);
                trail.delivery.kms = Some(true);
                trail.delivery.bucket = Some("security-logs".to_owned());
            }
            _ => {
                trail.logging = false;
                trail.multi_region = false;
            }
        }
    }
    for bucket in &mut own.buckets {
        match bucket.name.as_str() {
            "security-logs" => {
                bucket.lifecycle.pop();
                bucket.lifecycle[0].larger_than = Some(131_072);
                bucket.lifecycle[0].smaller_than = Some(1 << 30);
                bucket.replicas.clear();
            }
            "org-logs" => {
                let logs = before.inventory.buckets.iter().find(|own| own.name == "security-logs").unwrap();
                bucket.lifecycle.clone_from(&logs.lifecycle);
                bucket.archive_tiers.archive = Some("90d".parse().unwrap());
            }
            "basic-logs" => {
                bucket.bucket_key_saving =
                    before.inventory.event_rules.first().map(|own| own.matched.clone());
                let logs = before.inventory.buckets.iter().find(|own| own.name == "security-logs").unwrap();
                bucket.replicas.clone_from(&logs.replicas);
            }
            _ => bucket.versioning = None,
        }
    }
    for group in &mut own.log_groups {
        match group.name.as_str() {
            "audit" => group.metric_filters.clear(),
            "basic" => group.class = LogClass::InfrequentAccess,
            _ => group.retention = Some("90d".parse().unwrap()),
        }
    }
    own.alarms.clear();
    own.event_rules.clear();
    own.direct_deliveries.clear();
    own.event_data_stores.retain(|own| own.name == "lake");
    let lake = &mut own.event_data_stores[0];
    lake.billing_mode = BillingMode::OneYearExtendable;
    lake.retention_days = 366;
    lake.insights.clear();
    lake.ingesting = false;
    lake.selectors[0].fields.extend(
        trailcost::domain::AdvancedEventSelector::management(
            trailcost::domain::Access::Write,
            &std::collections::BTreeSet::new(),
        )
        .fields,
    );
    model
}

/// Names that a shell, HCL, JSON, JMESPath or a comment could take for something else.
pub(crate) const HOSTILE: &str = "a'b\"c$(touch pwned)`touch pwned`${x}%{if}\\\n\r# {a\u{202E}/../é";

/// Everything has the hostile name in place of some of its own.
pub(crate) fn hostile(model: &Model) -> Model {
    let mut model = model.clone();
    let own = &mut model.inventory;
    let name = |text: &mut String| *text = format!("{HOSTILE}{text}");
    own.trails.iter_mut().for_each(|own| {
        name(&mut own.name);
        own.delivery.bucket.iter_mut().for_each(name);
        own.delivery.log_group.iter_mut().for_each(name);
        own.delivery.sns_topic.iter_mut().for_each(name);
        for selector in &mut own.selectors {
            selector.name = Some(HOSTILE.to_owned());
        }
    });
    for bucket in &mut own.buckets {
        name(&mut bucket.name);
        bucket.replicas.iter_mut().for_each(|own| name(&mut own.bucket));
    }
    for group in &mut own.log_groups {
        name(&mut group.name);
        group.metric_filters.iter_mut().for_each(|own| name(&mut own.name));
    }
    own.alarms.iter_mut().for_each(|own| name(&mut own.name));
    own.topics.iter_mut().for_each(|own| name(&mut own.name));
    own.event_rules.iter_mut().for_each(|own| name(&mut own.name));
    own.event_data_stores.iter_mut().for_each(|own| name(&mut own.name));
    own.direct_deliveries.iter_mut().for_each(|own| name(&mut own.name));
    model
}

//! Reading accounts over HTTP with the real SDK, against an AWS of our own.

mod asking;
mod command;
mod credentials;
mod faults;
mod history;
mod log_buckets;
mod log_resume;
mod members;
mod policy;
mod prices;

use crate::support::aws::{Bucket, Emulator, Metric, World, store_arn};
use serde_json::json;
use trailcost::sources::aws::AskOptions;
use trailcost::sources::aws::answers::{Answers, Asked, Data, Operation, Refusal};
use trailcost::sources::aws::live::{self, AskError, Silent, StopFlag};

/// The account that asks.
const OWN: &str = "111122223333";

/// A member of its organization.
const MEMBER: &str = "444455556666";

/// One account with two Regions and one trail in both.
fn world() -> World {
    let mut world = World::default().with_account(OWN, &["eu-west-1", "us-east-1"]);
    world.account(OWN).add_trail(OWN, "eu-west-1", "main", &json!({ "IsMultiRegionTrail": true }));
    world.buckets.insert(
        "logs".to_owned(),
        Bucket { owner: OWN.to_owned(), region: "eu-west-1".to_owned(), ..Bucket::default() },
    );
    world
}

/// One account that has everything there is to ask about, so that every operation is needed.
fn full_world() -> World {
    let mut world = World::default().with_account(OWN, &["eu-west-1", "us-east-1"]);
    let member = |id: &str, name: &str| (id.to_owned(), name.to_owned(), "ACTIVE".to_owned());
    world = world.with_account(MEMBER, &["eu-west-1"]);
    world.organization =
        Some(("o-1".to_owned(), OWN.to_owned(), vec![member(OWN, "payer"), member(MEMBER, "shop")]));
    let topic = format!("arn:aws:sns:eu-west-1:{OWN}:trail");
    let alerts = format!("arn:aws:sns:eu-west-1:{OWN}:alerts");
    let own = world.account(OWN);
    own.add_trail(
        OWN,
        "eu-west-1",
        "main",
        &json!({
            "IsMultiRegionTrail": true,
            "IsOrganizationTrail": true,
            "SnsTopicARN": topic,
            "KmsKeyId": format!("arn:aws:kms:eu-west-1:{OWN}:key/1"),
            "CloudWatchLogsLogGroupArn": format!("arn:aws:logs:eu-west-1:{OWN}:log-group:trail:*"),
            "HasCustomEventSelectors": true,
            "HasInsightSelectors": true,
            "_Selectors": { "AdvancedEventSelectors": [{ "Name": "puts", "FieldSelectors": [
                { "Field": "eventCategory", "Equals": ["Data"] },
                { "Field": "resources.type", "Equals": ["AWS::S3::Object"] },
                { "Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::orders/"] },
                { "Field": "eventName", "NotEquals": ["GetObject"] },
            ] }] },
            "_Insights": { "InsightSelectors": [
                { "InsightType": "ApiCallRateInsight", "EventCategories": ["Management", "Data"] },
            ] },
            "_Configuration": { "MaxEventSize": "Large", "AggregationConfigurations": [
                { "EventCategory": "Data", "Templates": ["API_ACTIVITY"] },
            ] },
        }),
    );
    own.stores.push((
        "us-east-1".to_owned(),
        json!({
            "EventDataStoreArn": store_arn("us-east-1", OWN, "aaaa"),
            "Name": "lake",
            "Status": "ENABLED",
            "MultiRegionEnabled": true,
            "OrganizationEnabled": false,
            "RetentionPeriod": 2557,
            "BillingMode": "FIXED_RETENTION_PRICING",
            "AdvancedEventSelectors": [{ "FieldSelectors": [
                { "Field": "eventCategory", "Equals": ["Management"] },
            ] }],
            "_Insights": { "InsightSelectors": [{ "InsightType": "ApiErrorRateInsight" }] },
        }),
    ));
    own.channels.push((
        "us-east-1".to_owned(),
        json!({
            "ChannelArn": format!("arn:aws:cloudtrail:us-east-1:{OWN}:channel/c1"),
            "Name": "partner",
            "Source": "Custom",
            "Destinations": [{ "Type": "EVENT_DATA_STORE", "Location": store_arn("us-east-1", OWN, "aaaa") }],
        }),
    ));
    for name in ["trail", "trail-of-others"] {
        own.log_groups.push((
            "eu-west-1".to_owned(),
            json!({
                "logGroupName": name,
                "arn": format!("arn:aws:logs:eu-west-1:{OWN}:log-group:{name}:*"),
                "retentionInDays": 90,
                "storedBytes": 123_456,
                "logGroupClass": "STANDARD",
            }),
        ));
    }
    own.metric_filters.push((
        "eu-west-1".to_owned(),
        "trail".to_owned(),
        json!({ "filterName": "root", "filterPattern": "{ $.userIdentity.type = \"Root\" }", "metricTransformations": [
            { "metricNamespace": "Sec", "metricName": "Root", "metricValue": "1", "defaultValue": 0.0 },
        ] }),
    ));
    let alarm = |name: &str, metric: &str| {
        json!({ "AlarmName": name, "Namespace": "Sec", "MetricName": metric, "Period": 300,
            "AlarmActions": [alerts] })
    };
    own.alarms.push(("eu-west-1".to_owned(), alarm("root", "Root")));
    own.alarms.push(("eu-west-1".to_owned(), alarm("other", "Other")));
    let composite = |name: &str, rule: &str| json!({ "AlarmName": name, "AlarmRule": rule });
    own.alarms.push(("eu-west-1".to_owned(), composite("both", "ALARM(\"root\") OR ALARM(\"x\")")));
    own.alarms.push(("eu-west-1".to_owned(), composite("over", "ALARM(\"both\")")));
    own.alarms.push(("eu-west-1".to_owned(), composite("not ours", "ALARM(\"other\")")));
    own.topics.insert(topic, vec!["sqs".to_owned()]);
    own.topics.insert(alerts, vec!["email".to_owned(), "https".to_owned(), "email".to_owned()]);
    let bucket = |class: &str| {
        [("BucketName".to_owned(), "logs".to_owned()), ("StorageType".to_owned(), class.to_owned())]
    };
    let metric = |namespace: &str, name: &str, dimensions: &[(&str, &str)], value: f64| {
        Metric::new("eu-west-1", namespace, name, dimensions, value)
    };
    for (name, class, value) in [
        ("BucketSizeBytes", "StandardStorage", 1.5e12),
        ("BucketSizeBytes", "GlacierStorage", 7e12),
        ("NumberOfObjects", "AllStorageTypes", 12_345.0),
    ] {
        let dimensions = bucket(class);
        let dimensions: Vec<(&str, &str)> =
            dimensions.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        own.metrics.push(metric("AWS/S3", name, &dimensions, value));
    }
    let orders = [("BucketName", "orders"), ("FilterId", "EntireBucket")];
    for (name, value) in [("AllRequests", 1000.0), ("GetRequests", 700.0), ("PutRequests", 300.0)] {
        own.metrics.push(metric("AWS/S3", name, &orders, value));
    }
    own.metrics.push(metric("AWS/Lambda", "Invocations", &[], 4321.0));
    for resource in ["Decrypt", "Encrypt"] {
        let dimensions = [("Type", "API"), ("Resource", resource), ("Service", "KMS"), ("Class", "None")];
        own.metrics.push(metric("AWS/Usage", "CallCount", &dimensions, 11.0));
    }
    for (name, value) in [("IncomingBytes", 1e9), ("IncomingLogEvents", 1e6)] {
        own.metrics.push(metric("AWS/Logs", name, &[("LogGroupName", "trail")], value));
    }
    let store = [("Event data store ID", "aaaa"), ("Lake Metrics", "IngestionMetrics")];
    own.metrics.push(Metric::new("us-east-1", "AWS/CloudTrail", "HourlyDataIngested", &store, 5e9));
    for at in 0..130 {
        let source = if at % 3 == 0 { "kms.amazonaws.com" } else { "ec2.amazonaws.com" };
        // 20 Nov 2026, a minute and more of it; the stretches of the tests take all of it in.
        own.events.push(("eu-west-1".to_owned(), 1_795_132_800 + at, source.to_owned(), at % 2 == 0));
    }
    let mut logs = Bucket { owner: OWN.to_owned(), region: "eu-west-1".to_owned(), ..Bucket::default() };
    for (name, body) in [
        (
            "encryption",
            "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>\
             <SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>key-1</KMSMasterKeyID>\
             </ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule>\
             </ServerSideEncryptionConfiguration>",
        ),
        (
            "lifecycle",
            "<LifecycleConfiguration><Rule><ID>age</ID><Status>Enabled</Status>\
             <Filter><And><Prefix>AWSLogs/</Prefix><ObjectSizeGreaterThan>1000</ObjectSizeGreaterThan></And></Filter>\
             <Transition><Days>90</Days><StorageClass>GLACIER_IR</StorageClass></Transition>\
             <Expiration><Days>2555</Days></Expiration>\
             <NoncurrentVersionExpiration><NoncurrentDays>30</NoncurrentDays></NoncurrentVersionExpiration>\
             </Rule></LifecycleConfiguration>",
        ),
        ("versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"),
        (
            "object-lock",
            "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>\
             <Mode>COMPLIANCE</Mode><Years>7</Years></DefaultRetention></Rule></ObjectLockConfiguration>",
        ),
        (
            "replication",
            "<ReplicationConfiguration><Role>arn:aws:iam::1:role/r</Role><Rule><Status>Enabled</Status>\
             <Priority>1</Priority><Filter><Prefix></Prefix></Filter><DeleteMarkerReplication><Status>Disabled</Status>\
             </DeleteMarkerReplication><Destination><Bucket>arn:aws:s3:::copies</Bucket>\
             <StorageClass>DEEP_ARCHIVE</StorageClass></Destination></Rule></ReplicationConfiguration>",
        ),
        (
            "metrics",
            "<ListMetricsConfigurationsResult><IsTruncated>false</IsTruncated>\
             <MetricsConfiguration><Id>EntireBucket</Id></MetricsConfiguration>\
             <MetricsConfiguration><Id>some</Id><Filter><Prefix>x/</Prefix></Filter></MetricsConfiguration>\
             </ListMetricsConfigurationsResult>",
        ),
    ] {
        logs.settings.insert(name.to_owned(), body.to_owned());
    }
    let other =
        |region: &str| Bucket { owner: OWN.to_owned(), region: region.to_owned(), ..Bucket::default() };
    world.buckets.insert("logs".to_owned(), logs);
    world.buckets.insert("copies".to_owned(), other("us-east-2"));
    world.buckets.insert("orders".to_owned(), other("eu-west-1"));
    let row = |month: &str, account: &str, usage_type: &str, quantity: &str, cost: &str| {
        (month.to_owned(), account.to_owned(), usage_type.to_owned(), quantity.to_owned(), cost.to_owned())
    };
    world.bill = vec![
        row("2026-10-01", OWN, "EU-PaidEventsRecorded", "1234567", "24.69134"),
        row("2026-10-01", MEMBER, "EU-DataEventsRecorded", "9.5E7", "95"),
        row("2026-11-01", OWN, "EU-PaidEventsRecorded", "7", "0.00014"),
    ];
    world
}

/// Options that ask an emulator quickly, with the keys of an account.
fn options(emulator: &Emulator, account: &str, directory: &tempfile::TempDir) -> AskOptions {
    let file = directory.path().join("credentials");
    let keys = format!(
        "[default]\naws_access_key_id = AKID{account}\naws_secret_access_key = secret\nregion = us-east-1\n"
    );
    std::fs::write(&file, keys).unwrap();
    AskOptions {
        credentials_file: Some(file),
        endpoint_url: Some(emulator.url()),
        first_backoff_ms: 1,
        max_attempts: 3,
        ..AskOptions::new("2026-11-21".parse().unwrap())
    }
}

/// Asks with options that `change` changes.
fn ask_with(emulator: &Emulator, change: impl FnOnce(&mut AskOptions)) -> Result<Answers, AskError> {
    let directory = tempfile::tempdir().unwrap();
    let mut options = options(emulator, OWN, &directory);
    change(&mut options);
    live::ask(&options, &Silent, &StopFlag::default())
}

fn ask(emulator: &Emulator) -> Result<Answers, AskError> {
    ask_with(emulator, |_| {})
}

/// Picks from everything that came back.
fn data<T>(answers: &Answers, pick: impl Fn(&Data) -> Option<T>) -> Vec<T> {
    answers.answers.iter().filter_map(|own| own.outcome.as_ref().ok()).filter_map(pick).collect()
}

/// Everything that brought nothing.
fn refusals(answers: &Answers) -> Vec<(&Asked, Operation, &Refusal)> {
    let refused =
        answers.answers.iter().filter_map(|own| own.outcome.as_ref().err().map(|err| (&own.asked, err)));
    refused.map(|(asked, (operation, refusal))| (asked, *operation, refusal)).collect()
}

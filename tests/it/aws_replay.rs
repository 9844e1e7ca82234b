//! Recordings of AWS's answers: read, written, and turned into the right inventory.
//!
//! The folders of real answers lie beside the project, where `TRAILCOST_SHARED_DATA` names them.

use crate::support::{BuiltIn, root};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use trailcost::domain::{
    AdvancedEventSelector, AmountValue, EventCategory, Model, StorageClass, TrailScope, list_names,
};
use trailcost::sources::aws::answers::{Answer, Answers, Asked, Data, Operation, Refusal, RefusalKind};
use trailcost::sources::aws::lower::{Measurement, measure};
use trailcost::sources::aws::recording::{load, save};
use trailcost::sources::scenario::{WriteOptions, write};
use trailcost::usage::UsagePlan;

fn measured(built_in: &BuiltIn, answers: &Answers) -> Measurement {
    let context = built_in.context();
    let found = measure(answers, &context, built_in.card.as_of());
    // Whatever was found can be estimated and written down.
    UsagePlan::new(&found.model).unwrap();
    write(&found.model, &WriteOptions { evidence: &found.evidence, ..WriteOptions::default() }).unwrap();
    found
}

fn fixture() -> PathBuf {
    root().join("tests/fixtures/aws/organization")
}

fn selector(own: &AdvancedEventSelector) -> String {
    let mut text = match own.category {
        EventCategory::Management => "management".to_owned(),
        EventCategory::Data => "data".to_owned(),
        EventCategory::NetworkActivity => "network".to_owned(),
    };
    for test in &own.fields {
        let lists = [("=", &test.equals), ("^", &test.starts_with), ("!", &test.not_equals)];
        for (sign, values) in lists.into_iter().filter(|(_, values)| !values.is_empty()) {
            text.push_str(&format!(" {}{sign}{}", test.field.name(), values.join(",")));
        }
    }
    text
}

/// Writes an inventory's trails, a line each.
fn trails(model: &Model) -> Vec<String> {
    let mut lines: Vec<String> = model
        .inventory
        .trails
        .iter()
        .map(|trail| {
            let whose = match &trail.scope {
                TrailScope::Account(id) => id.to_string(),
                TrailScope::EachAccount => "each".to_owned(),
                TrailScope::Organization => "organization".to_owned(),
            };
            format!(
                "{} {whose} {}{} {}: {}",
                trail.name,
                trail.home_region,
                if trail.multi_region { "+" } else { "" },
                if trail.logging { "on" } else { "off" },
                trail.selectors.iter().map(selector).collect::<Vec<_>>().join("; ")
            )
        })
        .collect();
    lines.sort();
    lines
}

/// What is not known of the trails themselves, without the names.
fn gaps(model: &Model) -> Vec<&str> {
    let mut found: Vec<&str> = model
        .gaps
        .iter()
        .map(|gap| gap.what.split(": ").next().unwrap())
        .filter(|what| {
            !["the settings of ", "where buckets stand", "the subscribers"]
                .iter()
                .any(|own| what.starts_with(own))
        })
        .collect();
    found.sort_unstable();
    found
}

const LOGGING: &str = "whether trails are logging could not be seen (taken as logging)";
const SELECTORS: &str =
    "event selectors could not be seen (taken as all management events, which is AWS's default)";
const GLOBAL: &str = "events of global services (IAM, STS, CloudFront) are left out by SingleCloudTrail \
                      (123456789012, us-east-1); they are estimated as recorded";
const GLOBAL_NOSETEST: &str = "events of global services (IAM, STS, CloudFront) are left out by nosetest \
                               (644160558196, us-east-1); they are estimated as recorded";

/// Folder, trails, and what is not known: gone through by eye, answer by answer.
type Expected = (&'static str, &'static [&'static str], &'static [&'static str]);
const SKUNK: &str = "skunk-trails 644160558196 us-east-1+ on: management";
const NOSETEST: &str = "nosetest 644160558196 us-east-1+ on: management";
const ORG: &str = "orgTrail organization us-east-1+ on: management";
const S3_EVENTS: &str = "S3-DataEvents 644160558196 us-east-1+ on: management";
const TOWER: &str = "aws-controltower-BaselineCloudTrail 644160558196 us-east-1+ on: management";
const TEST_TRAIL: &str = "test-trail 644160558196 us-east-1+ on: management";
const FAIL_TF: &str =
    "fail-tf-trail-3bf19dec-127e-11ed-861d-0242ac12000 644160558196 us-east-1+ on: management";
const MULTI_1: &str = "MultiRegion1CloudTrail 123456789012 us-east-1+ on: management";
const MULTI_2: &str = "MultiRegion2CloudTrail 123456789012 us-east-2+ on: management";
const SINGLE: &str = "SingleCloudTrail 123456789012 us-east-1 on: management";

const FOLDERS: [Expected; 30] = [
    (
        "test_account_data_events",
        // Its selectors were changed from management to data events between the first and the second answer.
        &["S3-DataEvents-test2 644160558196 us-east-1+ on: data resources.type=AWS::S3::Object", SKUNK],
        &[LOGGING],
    ),
    ("test_account_modify_data_events", &[], &["a trail is there whose settings no Region showed"]),
    ("test_account_trail", &[SKUNK], &[SELECTORS]),
    // The home Region is the one stated, not that of the ARN.
    (
        "test_account_trail_different_region",
        &["skunk-trails 644160558196 us-west-2 on: management"],
        &[SELECTORS],
    ),
    ("test_account_trail_same_region", &["skunk-trails 644160558196 us-east-1 on: management"], &[SELECTORS]),
    // Two statuses of one trail, and nothing says of which.
    ("test_cloudtrail_create", &[NOSETEST, SKUNK], &[LOGGING]),
    ("test_cloudtrail_create_bucket_exists_in_west", &[NOSETEST, SKUNK], &[LOGGING]),
    (
        "test_cloudtrail_delete",
        &[S3_EVENTS, "delete-me 644160558196 us-east-1+ on: management", ORG, SKUNK],
        &[SELECTORS, LOGGING],
    ),
    // The later answer has it as a trail of one Region.
    (
        "test_cloudtrail_enable",
        &["nosetest 644160558196 us-east-1 on: management", SKUNK],
        &[GLOBAL_NOSETEST, LOGGING],
    ),
    ("test_cloudtrail_event_selectors", &[MULTI_1, MULTI_2, SINGLE, ORG], &[GLOBAL, LOGGING]),
    (
        "test_cloudtrail_fail_include_management_events",
        &[
            "tf-trail-3bf19dec-127e-11ed-861d-0242ac12000 644160558196 us-east-1+ on: management readOnly=true; \
           data resources.type=AWS::S3::Object readOnly=true \
           resources.ARN^arn:aws:s3:::trail-test-bucket-3bf19dec-127e-11ed-861d-0242ac12000/",
        ],
        &[],
    ),
    (
        "test_cloudtrail_fail_log_metric_filter",
        &["tf-trail-3bf19dec-127e-11ed-861d-0242ac12000 644160558196 us-east-1+ on: management"],
        &[SELECTORS],
    ),
    // One status, two trails.
    ("test_cloudtrail_fail_log_metric_filter_no_alarm", &[TOWER, FAIL_TF], &[SELECTORS, LOGGING]),
    ("test_cloudtrail_fail_log_metric_filter_no_sns", &[TOWER, FAIL_TF], &[SELECTORS, LOGGING]),
    (
        "test_cloudtrail_fail_management_advanced_events_included",
        &["test-cloudtrail 644160558196 us-east-1+ on: management \
           eventSource!kms.amazonaws.com,rdsdata.amazonaws.com readOnly=false"],
        &[],
    ),
    ("test_cloudtrail_fail_regex_log_metric_filter", &[TEST_TRAIL], &[SELECTORS]),
    ("test_cloudtrail_is_shadow", &[ORG], &[LOGGING]),
    ("test_cloudtrail_is_shadow_or_not", &[MULTI_1, MULTI_2, SINGLE], &[SELECTORS, GLOBAL, LOGGING]),
    ("test_cloudtrail_resource_with_not_filter", &[S3_EVENTS, SKUNK], &[SELECTORS, LOGGING]),
    // The second status is after it was stopped.
    ("test_cloudtrail_set_logging", &["orgTrail organization us-east-1+ off: management"], &[]),
    (
        "test_cloudtrail_status",
        &["S3-DataEvents 644160558196 us-east-1+ off: management", SKUNK],
        &[SELECTORS],
    ),
    (
        "test_cloudtrail_success_cloudtrail_include_management_events",
        &["tf-trail-3bf19dec-127e-11ed-861d-0242ac12000 644160558196 us-east-1+ on: management; \
           data resources.type=AWS::S3::Object \
           resources.ARN^arn:aws:s3:::trail-test-bucket-3bf19dec-127e-11ed-861d-0242ac12000/"],
        &[],
    ),
    (
        "test_cloudtrail_success_log_metric_filter",
        &["tf-trail-40313 644160558196 us-east-1+ on: management"],
        &[SELECTORS],
    ),
    (
        "test_cloudtrail_success_management_advanced_events_included",
        &["test-cloudtrail 644160558196 us-east-1+ on: management eventSource!rdsdata.amazonaws.com"],
        &[],
    ),
    ("test_cloudtrail_success_regex_log_metric_filter", &[TEST_TRAIL], &[SELECTORS]),
    ("test_cloudtrail_update", &[S3_EVENTS, SKUNK], &[SELECTORS, LOGGING]),
    ("test_config_inconsistent_hub_rule", &[S3_EVENTS, ORG, SKUNK], &[SELECTORS, LOGGING]),
    (
        "test_s3_data_events",
        &[
            TOWER,
            "data-events 644160558196 us-east-1+ on: data resources.type=AWS::S3::Object readOnly=false \
             resources.ARN^arn:aws:s3:::bucket-with-data-events/",
            "org-trail organization us-east-1+ on: management",
        ],
        &[SELECTORS, LOGGING],
    ),
    ("test_s3_log_target", &["Default 619193117841 us-east-1 on: management"], &[SELECTORS, LOGGING]),
    ("test_trail_tag_augment", &[S3_EVENTS, ORG, SKUNK], &[SELECTORS, LOGGING]),
];

#[test]
fn real_answers_replay_to_the_right_inventory() {
    let Some(folder) = std::env::var_os("TRAILCOST_SHARED_DATA").map(PathBuf::from) else {
        eprintln!("skipped: TRAILCOST_SHARED_DATA names no folder of answers");
        return;
    };
    let folder = folder.join("aws-api/custodian");
    let built_in = BuiltIn::new();
    let mut there: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    there.sort();
    let known: Vec<&str> = FOLDERS.iter().map(|(name, _, _)| *name).collect();
    assert_eq!(there, known, "every folder has its expectation");
    for (name, expected, unknown) in FOLDERS {
        let found = measured(&built_in, &load(&folder.join(name)).unwrap());
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(trails(&found.model), expected, "{name}");
        let mut unknown = unknown.to_vec();
        unknown.sort_unstable();
        assert_eq!(gaps(&found.model), unknown, "{name}");
    }
    // Of one trail seen twice the later answer holds.
    let found = measured(&built_in, &load(&folder.join("test_cloudtrail_update")).unwrap());
    let skunk = found.model.inventory.trails.iter().find(|trail| trail.name == "skunk-trails").unwrap();
    assert_eq!(skunk.delivery.log_file_validation, Some(true));
    assert_eq!(skunk.delivery.kms, Some(false));
    let found = measured(&built_in, &load(&folder.join("test_s3_data_events")).unwrap());
    let tower =
        &found.model.inventory.trails.iter().find(|trail| trail.name.starts_with("aws-")).unwrap().delivery;
    assert_eq!(tower.log_group.as_deref(), Some("aws-controltower/CloudTrailLogs"));
    assert_eq!(tower.sns_topic.as_deref(), Some("aws-controltower-AllConfigNotifications"));
}

#[test]
fn an_organization_is_measured_as_it_is() {
    let built_in = BuiltIn::new();
    let found = measured(&built_in, &load(&fixture()).unwrap());
    let model = &found.model;
    assert_eq!(
        trails(model),
        [
            "org-trail organization us-east-1+ on: management; data resources.type=AWS::S3::Object \
             readOnly=false resources.ARN^arn:aws:s3:::example-orders/",
            "security 444455556666 us-east-1 on: management",
        ]
    );
    assert_eq!((found.read.accounts, found.read.regions, found.read.shadow_trails), (2, 4, 3));
    assert_eq!(model.horizon.start.to_string(), "2026-12");
    let accounts: Vec<String> = model
        .inventory
        .accounts
        .iter()
        .map(|own| {
            let payer = own.payer.as_ref().map(ToString::to_string).unwrap_or_default();
            format!(
                "{} {:?} {payer} {:?}",
                own.id,
                own.name.as_deref().unwrap_or_default(),
                own.enabled_regions
            )
        })
        .collect();
    assert_eq!(
        accounts,
        [
            "111122223333 \"payer\" 111122223333 Some(2)",
            "444455556666 \"log-archive\" 111122223333 Some(2)",
            "777788889999 \"workloads\" 111122223333 None",
        ]
    );
    let bucket = &model.inventory.buckets[0];
    assert_eq!((bucket.account.as_str(), bucket.region.as_str()), ("444455556666", "us-east-1"));
    assert_eq!(bucket.lifecycle.iter().map(|step| step.after.days()).collect::<Vec<_>>(), [90, 2557]);
    // 8,065,000 objects split as 413 GiB and 1,200 GiB are: 2,065,000 and 6,000,000.
    let held: Vec<(StorageClass, u64, u64)> = bucket
        .holds
        .iter()
        .map(|own| {
            let count = |own: &trailcost::domain::Amount| own.likely().unwrap().to_count().unwrap();
            (own.class, count(&own.objects), count(&own.bytes))
        })
        .collect();
    assert_eq!(
        held,
        [
            (StorageClass::Standard, 2_065_000, 413 << 30),
            (StorageClass::GlacierInstantRetrieval, 6_000_000, 1200 << 30),
        ]
    );
    let group = &model.inventory.log_groups[0];
    assert_eq!((group.name.as_str(), group.metric_filters.len()), ("security/trail", 1));
    let alarms: Vec<&str> = model.inventory.alarms.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(alarms, ["root-login"], "an alarm on something else is not the logs'");
    // 3,600 reads in two hours × 744 hours ÷ 2; 120,000 a day × 31 days; two hours of silence but for 10 reads.
    let counts: Vec<String> = model
        .observations
        .activities
        .iter()
        .flat_map(|activity| {
            activity.counts.iter().map(|count| {
                let class = &model.observations.event_classes[count.class as usize];
                let figure = match &count.amount.value {
                    AmountValue::Unknown => "unknown".to_owned(),
                    _ => count.amount.likely().unwrap().rounded(0).to_string(),
                };
                format!("{} {} {}: {figure}", activity.account, activity.region, class.describe())
            })
        })
        .collect();
    assert_eq!(
        counts,
        [
            "111122223333 eu-west-1 read management events: 3720",
            "111122223333 eu-west-1 write management events: 0",
            "111122223333 us-east-1 read management events: 1339200",
            "111122223333 us-east-1 write management events: 37200",
            "111122223333 us-east-1 read management events · kms.amazonaws.com: 297600",
            "111122223333 us-east-1 read data events of AWS::S3::Object · arn:aws:s3:::example-orders/: 2480000",
            "111122223333 us-east-1 write data events of AWS::S3::Object · arn:aws:s3:::example-orders/: 310000",
            "444455556666 eu-west-1 management events: unknown",
            "444455556666 us-east-1 management events: 3720000",
        ]
    );
}

#[test]
fn a_recording_is_written_whole_and_read_back() {
    let built_in = BuiltIn::new();
    let answers = load(&fixture()).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("recording");
    save(&place, &answers).unwrap();
    assert_eq!(load(&place).unwrap(), answers);
    // An older recording is replaced, and nothing else is left beside it.
    let mut fewer = answers.clone();
    fewer.answers.truncate(5);
    save(&place, &fewer).unwrap();
    assert_eq!(load(&place).unwrap(), fewer);
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    let (one, two) = (measured(&built_in, &answers), measured(&built_in, &load(&fixture()).unwrap()));
    assert_eq!(one, two);
    // What is no recording is not touched.
    let other = directory.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("thesis.txt"), "years of work").unwrap();
    let refused = save(&other, &answers).unwrap_err();
    assert!(refused.to_string().ends_with("is not empty and holds no recording"), "{refused}");
    assert_eq!(fs::read_to_string(other.join("thesis.txt")).unwrap(), "years of work");
    fs::remove_file(other.join("thesis.txt")).unwrap();
    save(&other, &answers).unwrap();
}

/// Every text of a folder, one after the other.
fn texts(directory: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.push_str(&texts(&path));
        } else {
            all.push_str(&path.display().to_string());
            all.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
    all
}

/// Puts a secret beside the members of every object.
fn planted(value: &Value, at: &mut usize) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: serde_json::Map<String, Value> =
                members.iter().map(|(name, own)| (name.clone(), planted(own, at))).collect();
            for name in [
                "Arn",
                "UserId",
                "Credentials",
                "AccessKeyId",
                "SecretAccessKey",
                "SessionToken",
                "Email",
                "Endpoint",
                "Owner",
                "ResponseMetadata",
                "CloudTrailEvent",
                "Username",
                "Authorization",
            ] {
                *at += 1;
                members.entry(name).or_insert_with(|| json!({ "Value": format!("PLANTED-{at}") }));
            }
            Value::Object(members)
        }
        Value::Array(items) => Value::Array(items.iter().map(|own| planted(own, at)).collect()),
        other => other.clone(),
    }
}

#[test]
fn no_secret_is_recorded() {
    let mut answers = load(&fixture()).unwrap();
    let mut number = 0;
    let mut seen = 0;
    for answer in &mut answers.answers {
        if let Ok(data) = &answer.outcome {
            let operation = data.operation();
            let value = planted(&data.to_json().unwrap(), &mut number);
            answer.outcome = Ok(Data::from_json(operation, value).unwrap());
        }
    }
    for &operation in Operation::ALL {
        let value = planted(&json!({}), &mut number);
        answers.answers.push(Answer {
            asked: Asked::default(),
            outcome: Ok(Data::from_json(operation, value).unwrap()),
        });
        seen += 1;
    }
    assert!(number > 100 && seen == Operation::ALL.len());
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("recording");
    save(&place, &answers).unwrap();
    let text = texts(&place);
    assert!(text.contains("example-log-archive"));
    assert!(!text.contains("PLANTED"), "a recording holds what was planted");
}

#[test]
fn hostile_answers_are_a_model_all_the_same() {
    let built_in = BuiltIn::new();
    let long = "n".repeat(10_000);
    let name = format!("\u{1b}[31m\u{202e}=cmd|'\"]\n{long}");
    let trail = |name: &str, arn: &str, region: &str| {
        json!({
            "Name": name, "TrailARN": arn, "HomeRegion": region, "IsMultiRegionTrail": true,
            "S3BucketName": "logs", "HasCustomEventSelectors": false, "KmsKeyId": "", "SnsTopicARN": "nonsense",
            "CloudWatchLogsLogGroupArn": "arn:aws:logs:us-east-1:not-an-account:log-group:x:*",
        })
    };
    let list = json!({ "trailList": [
        trail(&name, "arn:aws:cloudtrail:us-east-1:111122223333:trail/a", "us-east-1"),
        trail(&name, "arn:aws:cloudtrail:us-east-1:111122223333:trail/a", "us-east-1"),
        trail("china", "arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/china", "cn-north-1"),
        trail("gov", "arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:trail/gov", "us-gov-west-1"),
        trail("mars", "arn:aws:cloudtrail:mars-1:111122223333:trail/mars", "mars-1"),
        trail("nobody", "arn:aws:cloudtrail:us-east-1:x:trail/nobody", "us-east-1"),
        trail("", "", ""),
    ]});
    let asked = |subject: &str| Asked {
        account: "111122223333".to_owned(),
        region: "us-east-1".to_owned(),
        subject: subject.to_owned(),
    };
    let lifecycle = json!({ "Rules": [{
        "ID": name, "Status": "Enabled", "Prefix": "", "ExpirationDays": -5, "ObjectSizeGreaterThan": -1,
        "Transitions": [{ "Days": 99_999_999, "StorageClass": "GLACIER" }, { "Days": 1, "StorageClass": "MARS" },
                        { "Date": "2026-01-01", "StorageClass": "GLACIER" }],
    }]});
    let answer = |subject: &str, operation: Operation, value: Value| Answer {
        asked: asked(subject),
        outcome: Ok(Data::from_json(operation, value).unwrap()),
    };
    let metric = |value: &str| {
        json!({ "Series": [{
            "Metric": { "Namespace": "AWS/S3", "MetricName": "BucketSizeBytes", "Dimensions": [
                { "Name": "BucketName", "Value": "logs" }, { "Name": "StorageType", "Value": "StandardStorage" }] },
            "Stat": "Average", "Period": 86_400,
            "Values": [{ "Timestamp": "2026-11-20T00:00:00Z", "Value": value }, { "Timestamp": "", "Value": "" }],
        }]})
    };
    for value in ["NaN", "-1", "1e30", "99999999999999999999999999999", "0", "1.5"] {
        let answers = Answers {
            taken_on: "2026-11-21".to_owned(),
            from: "2026-11-07".to_owned(),
            to: "2026-11-20".to_owned(),
            partial: true,
            answers: vec![
                answer("", Operation::DescribeTrails, list.clone()),
                answer("logs", Operation::GetBucketLifecycleConfiguration, lifecycle.clone()),
                answer("", Operation::GetMetricData, metric(value)),
            ],
        };
        let found = measured(&built_in, &answers);
        let names: Vec<&str> = found.model.inventory.trails.iter().map(|own| own.name.as_str()).collect();
        assert_eq!(
            names.iter().filter(|own| own.starts_with('\u{1b}')).count(),
            1,
            "the same ARN is one trail"
        );
        assert!(names.contains(&"china") && names.contains(&"gov"));
        assert!(!names.contains(&"mars") && !names.contains(&"nobody"));
        let gaps: Vec<&str> = found.model.gaps.iter().map(|gap| gap.what.as_str()).collect();
        for part in ["the Region `mars-1` is in no table", "nothing says whose trail it is", "interrupted"] {
            assert!(
                gaps.iter().any(|own| own.starts_with(part) || own.contains(part)),
                "{part}: {}",
                list_names(&gaps)
            );
        }
    }
}

#[test]
fn refusals_alone_are_nothing() {
    let built_in = BuiltIn::new();
    let refusal = Refusal {
        kind: RefusalKind::Denied,
        code: "AccessDeniedException".to_owned(),
        action: "cloudtrail:DescribeTrails".to_owned(),
    };
    let answers = Answers {
        answers: vec![Answer {
            asked: Asked::default(),
            outcome: Err((Operation::DescribeTrails, refusal.clone())),
        }],
        ..Answers::default()
    };
    assert_eq!(measured(&built_in, &answers).nothing_read, Some(Some(refusal)));
    assert_eq!(measured(&built_in, &Answers::default()).nothing_read, Some(None));
    assert_eq!(measured(&built_in, &load(&fixture()).unwrap()).nothing_read, None);
}

/// A run with answers about account 111122223333 in us-east-1, measured from 7 to 20 November 2026.
fn run(answers: Vec<(&str, Operation, Value)>) -> Answers {
    Answers {
        taken_on: "2026-11-21".to_owned(),
        from: "2026-11-07".to_owned(),
        to: "2026-11-20".to_owned(),
        partial: false,
        answers: answers
            .into_iter()
            .map(|(subject, operation, value)| Answer {
                asked: Asked {
                    account: "111122223333".to_owned(),
                    region: "us-east-1".to_owned(),
                    subject: subject.to_owned(),
                },
                outcome: Ok(Data::from_json(operation, value).unwrap()),
            })
            .collect(),
    }
}

fn daily(namespace: &str, metric: &str, dimension: (&str, &str), each: &str) -> Value {
    let values: Vec<Value> = (7..=20)
        .map(|day| json!({ "Timestamp": format!("2026-11-{day:02}T00:00:00Z"), "Value": each }))
        .collect();
    json!({
        "Metric": { "Namespace": namespace, "MetricName": metric,
                    "Dimensions": [{ "Name": dimension.0, "Value": dimension.1 }] },
        "Stat": "Sum", "Period": 86_400, "Values": values,
    })
}

/// Writes volumes and activity, a line each.
fn figures(model: &Model) -> Vec<String> {
    let observations = &model.observations;
    let volumes = observations.volumes.iter().map(|own| {
        let figure = own.amount.likely().unwrap().rounded(12).normalize();
        format!("{} {} {}: {figure}", own.account, own.region, own.usage_type)
    });
    let activity = observations.activities.iter().flat_map(|activity| {
        activity.counts.iter().map(|count| {
            let class = &observations.event_classes[count.class as usize];
            let figure =
                count.amount.likely().map_or_else(|| "unknown".to_owned(), |own| own.rounded(0).to_string());
            format!("{} {} {}: {figure}", activity.account, activity.region, class.describe())
        })
    });
    volumes.chain(activity).collect()
}

const MAIN: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main";
const GROUP: &str = "arn:aws:logs:us-east-1:111122223333:log-group:trail:*";

fn main_trail() -> Value {
    json!({ "trailList": [{
        "Name": "main", "TrailARN": MAIN, "HomeRegion": "us-east-1", "IsMultiRegionTrail": true,
        "IsOrganizationTrail": false, "CloudWatchLogsLogGroupArn": GROUP, "HasCustomEventSelectors": false,
    }]})
}

#[test]
fn the_bill_is_the_best_source() {
    let built_in = BuiltIn::new();
    let row = |start: &str, end: &str, account: &str, usage_type: &str, quantity: &str| {
        json!({
            "Start": start, "End": end, "Estimated": end == "2026-11-21", "Account": account,
            "UsageType": usage_type, "UsageQuantity": quantity, "UsageUnit": "Events",
            "UnblendedCost": "0", "CostUnit": "USD",
        })
    };
    let (october, november) = (("2026-10-01", "2026-11-01"), ("2026-11-01", "2026-11-21"));
    let rows = |whole_month: bool| {
        let mut rows = vec![
            row(november.0, november.1, "111122223333", "USE1-FreeEventsRecorded", "2000"),
            row(november.0, november.1, "012345678901", "EU-PaidEventsRecorded", "1E+3"),
        ];
        if whole_month {
            rows.push(row(october.0, october.1, "111122223333", "USE1-FreeEventsRecorded", "1000000"));
            rows.push(row(october.0, october.1, "111122223333", "FreeEventsRecorded", "5"));
            rows.push(row(october.0, october.1, "012345678901", "EU-PaidEventsRecorded", "2.5E+5"));
            rows.push(row(october.0, october.1, "012345678901", "EU-Mystery", "1"));
            rows.push(row(october.0, october.1, "NoLinkedAccount", "EU-PaidEventsRecorded", "1"));
        }
        json!({ "Rows": rows })
    };
    let measure_rows = |whole_month: bool| {
        measured(
            &built_in,
            &run(vec![
                ("", Operation::DescribeTrails, main_trail()),
                ("", Operation::GetCostAndUsage, rows(whole_month)),
                (
                    "",
                    Operation::GetMetricData,
                    json!({ "Series": [
                    daily("AWS/Logs", "IncomingLogEvents", ("LogGroupName", "trail"), "7") ] }),
                ),
            ]),
        )
    };
    // The last whole month as it was billed: rows of us-east-1 with and without prefix are one.
    let found = measure_rows(true);
    assert_eq!(
        figures(&found.model),
        [
            "012345678901 eu-west-1 PaidEventsRecorded: 250000",
            "111122223333 us-east-1 FreeEventsRecorded: 1000005",
            "111122223333 us-east-1 management events: 1000005",
        ]
    );
    let gaps: Vec<&str> = found.model.gaps.iter().map(|gap| gap.what.as_str()).collect();
    for part in ["no price table knows; left out: Mystery", "EU-PaidEventsRecorded of `NoLinkedAccount`"] {
        assert!(gaps.iter().any(|own| own.contains(part)), "{part}: {gaps:?}");
    }
    // Twenty days of the running month × 31 days of December ÷ 20.
    assert_eq!(
        figures(&measure_rows(false).model),
        [
            "012345678901 eu-west-1 PaidEventsRecorded: 1550",
            "111122223333 us-east-1 FreeEventsRecorded: 3100",
            "111122223333 us-east-1 management events: 3100",
        ]
    );
}

#[test]
fn a_log_group_counts_where_nothing_better_does() {
    let built_in = BuiltIn::new();
    let metrics =
        json!({ "Series": [daily("AWS/Logs", "IncomingLogEvents", ("LogGroupName", "trail"), "1000")] });
    let found = measured(
        &built_in,
        &run(vec![
            ("", Operation::DescribeTrails, main_trail()),
            ("", Operation::GetMetricData, metrics.clone()),
        ]),
    );
    assert_eq!(figures(&found.model), ["111122223333 us-east-1 management events: 31000"]);
    // A sample of the Region asked is better than nothing of any; the list of Regions was not to be had.
    let sampled = json!({ "Windows": [{ "Start": "2026-11-08T00:00:00Z", "End": "2026-11-08T01:00:00Z",
        "Counts": [{ "EventSource": "ec2.amazonaws.com", "ReadOnly": true, "Events": 1 }] }] });
    let mut answers = run(vec![
        ("", Operation::DescribeTrails, main_trail()),
        ("", Operation::DescribeTrails, main_trail()),
        ("", Operation::LookupEvents, sampled),
    ]);
    answers.answers[1].asked.region = "eu-west-1".to_owned();
    assert_eq!(
        figures(&measured(&built_in, &answers).model),
        [
            "111122223333 eu-west-1 management events: unknown",
            "111122223333 us-east-1 read management events: 744",
            "111122223333 us-east-1 write management events: 0",
        ]
    );
    assert!(
        found
            .model
            .gaps
            .iter()
            .any(|gap| gap.what.starts_with("a log group counts the events of all Regions"))
    );
    // With data events in it, nobody knows how many are management events.
    let selectors = json!({ "TrailARN": MAIN, "EventSelectors": [{
        "ReadWriteType": "All", "IncludeManagementEvents": true,
        "DataResources": [{ "Type": "AWS::S3::Object", "Values": ["arn:aws:s3"] }],
    }]});
    let found = measured(
        &built_in,
        &run(vec![
            ("", Operation::DescribeTrails, main_trail()),
            (MAIN, Operation::GetEventSelectors, selectors),
            ("", Operation::GetMetricData, metrics),
        ]),
    );
    assert_eq!(figures(&found.model), Vec::<String>::new());
    assert_eq!(
        trails(&found.model),
        ["main 111122223333 us-east-1+ on: management; data resources.type=AWS::S3::Object"]
    );
}

#[test]
fn what_a_store_ingests_is_its_volume() {
    let built_in = BuiltIn::new();
    let store = |name: &str, id: &str, mode: &str| {
        json!({
            "EventDataStoreArn": format!("arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/{id}"),
            "Name": name, "Status": "ENABLED", "MultiRegionEnabled": true, "OrganizationEnabled": false,
            "RetentionPeriod": 400, "BillingMode": mode,
        })
    };
    // 14 days of 1 GiB each: 31 GB in December.
    let ingested = daily("AWS/CloudTrail", "HourlyDataIngested", ("EventDataStoreId", "id-1"), "1073741824");
    let found = measured(
        &built_in,
        &run(vec![
            ("", Operation::GetEventDataStore, store("lake", "id-1", "EXTENDABLE_RETENTION_PRICING")),
            ("", Operation::GetEventDataStore, store("old", "id-2", "FIXED_RETENTION_PRICING")),
            ("", Operation::GetMetricData, json!({ "Series": [ingested] })),
        ]),
    );
    assert_eq!(
        figures(&found.model),
        ["111122223333 us-east-1 Ingestion-Bytes-1yearstore-Live-CloudTrail-Logs: 31"]
    );
    let stores: Vec<(&str, u16)> = found
        .model
        .inventory
        .event_data_stores
        .iter()
        .map(|own| (own.name.as_str(), own.retention_days))
        .collect();
    assert_eq!(stores, [("lake", 400), ("old", 400)]);
}

#[test]
fn an_answer_that_a_folder_of_files_lacks_is_not_in_the_recording() {
    let built_in = BuiltIn::new();
    let list = json!({ "trailList": [{
        "Name": "main", "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main",
        "HomeRegion": "us-east-1", "S3BucketName": "logs", "IsMultiRegionTrail": true,
    }]});
    let whole = run(vec![("", Operation::DescribeTrails, list)]);
    let loose = Answers { taken_on: String::new(), ..whole.clone() };
    let remedies = |answers: &Answers| -> Vec<String> {
        measured(&built_in, answers).model.gaps.into_iter().map(|gap| gap.remedy).collect()
    };
    let status = "allow the IAM action cloudtrail:GetTrailStatus";
    assert!(remedies(&whole).iter().any(|own| own == status), "{:?}", remedies(&whole));
    let found = remedies(&loose);
    assert!(!found.iter().any(|own| own.contains("allow the IAM action")), "{found:?}");
    let status = "add the answer of cloudtrail:GetTrailStatus: it is not in the recording";
    assert!(found.iter().any(|own| own == status), "{found:?}");
    // What was denied when it was recorded has to be allowed.
    let refusal =
        Refusal { kind: RefusalKind::Denied, code: "AccessDenied".to_owned(), action: String::new() };
    let mut denied = loose;
    denied
        .answers
        .push(Answer { asked: Asked::default(), outcome: Err((Operation::GetTrailStatus, refusal)) });
    let found = remedies(&denied);
    assert!(found.iter().any(|own| own == "allow the IAM action cloudtrail:GetTrailStatus"), "{found:?}");
}

//! Recordings of AWS's answers: read, written, and turned into the right inventory.
//!
//! The folders of real answers lie beside the project, where `TRAILCOST_SHARED_DATA` names them.

use crate::support::{BuiltIn, root};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use trailcost::domain::{
    AdvancedEventSelector, AmountValue, EventCategory, Model, Setting, StorageClass, TrailScope, list_names,
};
use trailcost::sources::aws::answers::{Answer, Answers, Asked, Data, Operation, Refusal, RefusalKind};
use trailcost::sources::aws::lower::{Measurement, measure};
use trailcost::sources::aws::recording::{load, save};
use trailcost::sources::scenario::{WriteOptions, write};
use trailcost::usage::UsagePlan;

pub(crate) fn measured(built_in: &BuiltIn, answers: &Answers) -> Measurement {
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
pub(crate) fn trails(model: &Model) -> Vec<String> {
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

#[test]
fn settings_that_cost_nothing_are_read_too() {
    let built_in = BuiltIn::new();
    let answers = load(&root().join("tests/fixtures/aws/two-trails")).unwrap();
    let found = measured(&built_in, &answers).settings;
    let names: Vec<&str> = found.trails.iter().map(|own| own.subject.name.as_str()).collect();
    assert_eq!(names, ["main", "security-tool"]);
    assert_eq!(found.trails[0].log_file_validation, Setting::Is(true));
    assert_eq!(found.trails[0].kms_key, Setting::NotSet);
    assert_eq!(found.buckets.len(), 1);
    // Nobody asks for these, so that nobody knows.
    assert!(found.buckets[0].public_access_block.is_unknown() && found.buckets[0].policy.is_unknown());
    assert_eq!(found.buckets[0].lifecycle, Setting::Is(true));
}

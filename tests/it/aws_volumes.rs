//! Which of several answers of AWS says how much happened.

use crate::aws_replay::{measured, trails};
use crate::support::BuiltIn;
use serde_json::{Value, json};
use trailcost::domain::Model;
use trailcost::sources::aws::answers::{Answer, Answers, Asked, Data, Operation, Refusal, RefusalKind};

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

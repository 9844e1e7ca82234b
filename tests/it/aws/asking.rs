//! What is asked, and what comes back.

use super::{OWN, ask, ask_with, data, full_world, options, refusals, world};
use crate::support::aws::{Emulator, store_arn, trail_arn};
use serde_json::json;
use std::collections::BTreeSet;
use trailcost::sources::aws::LookupBudget;
use trailcost::sources::aws::answers::{
    AlarmInfo, Answers, Data, FieldTest, LifecycleRuleInfo, MetricSeries, Operation, RefusalKind,
};
use trailcost::sources::aws::live::{self, Charged, Progress, Silent, StopFlag};

#[test]
fn a_small_account_is_read() {
    let emulator = Emulator::start(world());
    let answers = ask(&emulator).unwrap();
    assert_eq!((answers.from.as_str(), answers.to.as_str()), ("2026-10-22", "2026-11-20"));
    assert!(!answers.partial);
    // The trail is seen in its home Region, and its shadow in the other.
    let trails = data(&answers, |own| match own {
        Data::DescribeTrails(own) => Some(own.trail_list.len()),
        _ => None,
    });
    assert_eq!(trails, [1, 1]);
    // What was never set up is no error, and nothing else was refused.
    let absent: Vec<Operation> = refusals(&answers)
        .into_iter()
        .map(|(_, operation, refusal)| {
            assert_eq!(refusal.kind, RefusalKind::Absent, "{refusal:?}");
            operation
        })
        .collect();
    assert_eq!(
        absent,
        [
            Operation::GetBucketEncryption,
            Operation::GetBucketLifecycleConfiguration,
            Operation::GetObjectLockConfiguration,
            Operation::GetBucketReplication,
            Operation::DescribeOrganization,
        ]
    );
    // A trail is asked about once, in its home Region, however often it is seen.
    for operation in ["GetTrailStatus", "GetEventSelectors", "GetEventConfiguration"] {
        let calls = emulator.calls_of(operation);
        assert_eq!(calls.len(), 1, "{operation}");
        assert_eq!(calls[0].region, "eu-west-1");
    }
    assert!(emulator.calls_of("GetInsightSelectors").is_empty(), "the trail says that it has none");
}

#[test]
fn everything_that_is_set_up_comes_back() {
    let emulator = Emulator::start(full_world());
    let answers = ask(&emulator).unwrap();
    let trail = trail_arn("eu-west-1", OWN, "main");
    let found = |operation: Operation, subject: &str| {
        let mut found = answers.answers.iter().filter(|own| own.asked.subject == subject).filter_map(|own| {
            own.outcome.as_ref().ok().filter(|data| data.operation() == operation).cloned()
        });
        let first = found.next().unwrap_or_else(|| panic!("{operation:?} {subject}"));
        assert_eq!(found.next(), None, "{operation:?} {subject}");
        first
    };
    let Data::GetEventSelectors(selectors) = found(Operation::GetEventSelectors, &trail) else { panic!() };
    let tests = &selectors.advanced_event_selectors[0].field_selectors;
    assert_eq!(
        tests[3],
        FieldTest {
            field: "eventName".to_owned(),
            not_equals: vec!["GetObject".to_owned()],
            ..FieldTest::default()
        }
    );
    assert_eq!(tests[2].starts_with, ["arn:aws:s3:::orders/"]);
    let Data::GetInsightSelectors(insights) = found(Operation::GetInsightSelectors, &trail) else { panic!() };
    assert_eq!(insights.insight_selectors[0].event_categories, ["Management", "Data"]);
    let Data::GetEventConfiguration(configuration) = found(Operation::GetEventConfiguration, &trail) else {
        panic!()
    };
    assert_eq!(configuration.max_event_size.as_deref(), Some("Large"));
    assert_eq!(configuration.aggregation_configurations[0].templates, ["API_ACTIVITY"]);
    let arn = store_arn("us-east-1", OWN, "aaaa");
    let Data::GetEventDataStore(store) = found(Operation::GetEventDataStore, &arn) else { panic!() };
    assert_eq!(store.billing_mode.as_deref(), Some("FIXED_RETENTION_PRICING"));
    assert_eq!(store.insight_selectors[0].insight_type, "ApiErrorRateInsight");
    let channel = format!("arn:aws:cloudtrail:us-east-1:{OWN}:channel/c1");
    let Data::GetChannel(channel) = found(Operation::GetChannel, &channel) else { panic!() };
    assert_eq!(channel.destinations[0].location, arn);
    let Data::GetBucketEncryption(encryption) = found(Operation::GetBucketEncryption, "logs") else {
        panic!()
    };
    assert_eq!(encryption.sse_algorithm.as_deref(), Some("aws:kms"));
    assert_eq!(encryption.bucket_key_enabled, Some(true));
    let Data::GetBucketLifecycleConfiguration(lifecycle) =
        found(Operation::GetBucketLifecycleConfiguration, "logs")
    else {
        panic!()
    };
    let rule = &lifecycle.rules[0];
    assert_eq!(rule.prefix.as_deref(), Some("AWSLogs/"));
    assert_eq!(
        (rule.object_size_greater_than, rule.expiration_days, rule.noncurrent_days),
        (Some(1000), Some(2555), Some(30))
    );
    assert_eq!(
        (rule.transitions[0].days, rule.transitions[0].storage_class.as_str()),
        (Some(90), "GLACIER_IR")
    );
    assert_eq!(*rule, LifecycleRuleInfo { id: Some("age".to_owned()), ..rule.clone() });
    let Data::GetObjectLockConfiguration(lock) = found(Operation::GetObjectLockConfiguration, "logs") else {
        panic!()
    };
    assert_eq!((lock.enabled, lock.days, lock.years), (true, None, Some(7)));
    let Data::GetBucketReplication(replication) = found(Operation::GetBucketReplication, "logs") else {
        panic!()
    };
    assert_eq!(replication.rules[0].bucket, "copies");
    // The bucket that it is copied to is asked about too, where it is.
    let Data::GetBucketLocation(location) = found(Operation::GetBucketLocation, "copies") else { panic!() };
    assert_eq!(location.location_constraint.as_deref(), Some("us-east-2"));
    let Data::ListBucketMetricsConfigurations(metrics) =
        found(Operation::ListBucketMetricsConfigurations, "logs")
    else {
        panic!()
    };
    let whole: Vec<bool> = metrics.configurations.iter().map(|own| own.whole_bucket).collect();
    assert_eq!(whole, [true, false]);
    let Data::DescribeLogGroups(groups) = found(Operation::DescribeLogGroups, "trail") else { panic!() };
    assert_eq!(groups.log_groups.len(), 1, "a group with a longer name is another");
    assert_eq!(groups.log_groups[0].retention_in_days, Some(90));
    let Data::DescribeMetricFilters(filters) = found(Operation::DescribeMetricFilters, "trail") else {
        panic!()
    };
    assert!(filters.metric_filters[0].metric_transformations[0].has_default_value);
    let alarms = data(&answers, |own| match own {
        Data::DescribeAlarms(own) => Some(own.clone()),
        _ => None,
    });
    let names = |own: &[AlarmInfo]| own.iter().map(|own| own.alarm_name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&alarms[0].metric_alarms), ["root"]);
    assert_eq!(names(&alarms[0].composite_alarms), ["both", "over"]);
    let topic = format!("arn:aws:sns:eu-west-1:{OWN}:alerts");
    let Data::ListSubscriptionsByTopic(topic) = found(Operation::ListSubscriptionsByTopic, &topic) else {
        panic!()
    };
    let protocols: Vec<&str> = topic.subscriptions.iter().map(|own| own.protocol.as_str()).collect();
    assert_eq!(protocols, ["email", "https", "email"]);
}

/// The series of a Region.
fn series(answers: &Answers, region: &str) -> Vec<MetricSeries> {
    let mut all = answers.answers.iter().filter(|own| own.asked.account == OWN && own.asked.region == region);
    all.find_map(|own| match &own.outcome {
        Ok(Data::GetMetricData(own)) => Some(own.series.clone()),
        _ => None,
    })
    .unwrap()
}

#[test]
fn metrics_come_day_by_day() {
    let emulator = Emulator::start(full_world());
    let answers = ask(&emulator).unwrap();
    let own = series(&answers, "eu-west-1");
    let of = |name: &str, dimension: &str| {
        let found: Vec<&MetricSeries> = own
            .iter()
            .filter(|own| own.metric.metric_name == name)
            .filter(|own| {
                dimension.is_empty() || own.metric.dimensions.iter().any(|own| own.value == dimension)
            })
            .collect();
        assert_eq!(found.len(), 1, "{name} {dimension}");
        assert_eq!(found[0].period, 86_400);
        found[0]
    };
    let standard = of("BucketSizeBytes", "StandardStorage");
    assert_eq!(standard.stat, "Average");
    assert_eq!(standard.values.len(), 30);
    assert_eq!(standard.values[0].timestamp, "2026-10-22T00:00:00Z");
    assert_eq!(standard.values[29].timestamp, "2026-11-20T00:00:00Z");
    assert!(standard.values.iter().all(|own| own.value == "1500000000000"));
    assert_eq!(of("BucketSizeBytes", "GlacierStorage").values[0].value, "7000000000000");
    assert_eq!(of("NumberOfObjects", "AllStorageTypes").values[0].value, "12345");
    assert_eq!(of("IncomingBytes", "trail").values[0].value, "1000000000");
    assert_eq!(of("Invocations", "").values[0].value, "4321");
    assert_eq!(of("GetRequests", "orders").values[0].value, "700");
    // Nobody calls HEAD there: the series is there, and empty.
    assert!(of("HeadRequests", "orders").values.is_empty());
    // Calls of the same service are summed.
    let calls = of("CallCount", "KMS");
    assert_eq!(calls.values[0].value, "22");
    let own = series(&answers, "us-east-1");
    let store = own.iter().find(|own| own.metric.metric_name == "HourlyDataIngested").unwrap();
    assert_eq!((store.stat.as_str(), store.values[0].value.as_str()), ("Sum", "5000000000"));
}

#[test]
fn two_hundred_trails_come_in_pages() {
    let mut world = world();
    world.page = 7;
    for at in 0..200 {
        world.account(OWN).add_trail(OWN, "us-east-1", &format!("t{at:03}"), &json!({}));
        let arn = store_arn("us-east-1", OWN, &format!("e{at:03}"));
        let store = json!({ "EventDataStoreArn": arn, "Name": format!("s{at}"), "Status": "ENABLED" });
        world.account(OWN).stores.push(("us-east-1".to_owned(), store));
    }
    let emulator = Emulator::start(world);
    let answers = ask(&emulator).unwrap();
    let listed = data(&answers, |own| match own {
        Data::ListTrails(own) => Some(own.trails.len()),
        _ => None,
    });
    assert_eq!(listed, [201]);
    assert_eq!(emulator.calls_of("ListTrails").len(), 29, "201 trails in pages of 7");
    let arns: BTreeSet<String> = emulator
        .calls_of("GetEventDataStore")
        .iter()
        .zip(data(&answers, |own| match own {
            Data::GetEventDataStore(own) => Some(own.event_data_store_arn.clone()),
            _ => None,
        }))
        .map(|(_, arn)| arn)
        .collect();
    assert_eq!(arns.len(), 200);
    let selectors = data(&answers, |own| match own {
        Data::GetEventSelectors(own) => Some(own.event_selectors.len()),
        _ => None,
    });
    assert_eq!(selectors.len(), 201);
}

#[test]
fn log_groups_filters_alarms_and_metrics_come_in_pages() {
    let mut world = full_world();
    world.page = 1;
    let emulator = Emulator::start(world);
    let paged = ask(&emulator).unwrap();
    let whole = ask(&Emulator::start(full_world())).unwrap();
    // However small the pages, it is the same that comes back.
    assert_eq!(paged, whole);
    assert_eq!(emulator.calls_of("DescribeAlarms").len(), 5);
    assert!(emulator.calls_of("GetMetricData").len() > 10);
}

#[test]
fn more_than_five_hundred_metrics_are_asked_for_in_batches() {
    let mut world = full_world();
    for at in 0..700 {
        let (resource, service) = (format!("Operation{at}"), format!("S{}", at % 10));
        let dimensions = [("Resource", resource.as_str()), ("Service", service.as_str())];
        let metric =
            crate::support::aws::Metric::new("eu-west-1", "AWS/Usage", "CallCount", &dimensions, 2.0);
        world.account(OWN).metrics.push(metric);
    }
    world.page = 10_000;
    let emulator = Emulator::start(world);
    // The emulator refuses larger requests.
    let answers = ask(&emulator).unwrap();
    let own = series(&answers, "eu-west-1");
    let of_one = own.iter().find(|own| own.metric.dimensions.iter().any(|own| own.value == "S3")).unwrap();
    assert_eq!(of_one.values[0].value, "140", "70 operations, twice a day each");
}

#[test]
fn only_the_named_regions_are_read() {
    let emulator = Emulator::start(full_world());
    let answers = ask_with(&emulator, |own| own.regions = vec!["us-east-1".to_owned()]).unwrap();
    let calls = emulator.calls_of("DescribeTrails");
    assert_eq!(calls.iter().map(|own| own.region.as_str()).collect::<Vec<_>>(), ["us-east-1"]);
    // The shadow of the trail is seen there; its settings and its bucket are elsewhere, and are read there.
    assert_eq!(emulator.calls_of("GetTrailStatus")[0].region, "eu-west-1");
    let sizes = series(&answers, "eu-west-1");
    assert!(sizes.iter().any(|own| own.metric.metric_name == "BucketSizeBytes"));
    assert!(sizes.iter().any(|own| own.metric.metric_name == "IncomingBytes"));
    assert!(
        !sizes.iter().any(|own| own.metric.namespace == "AWS/Lambda"),
        "not of a Region that was not named"
    );
}

#[test]
fn nothing_of_anybody_and_no_secret_is_kept() {
    let emulator = Emulator::start(full_world());
    let answers = ask_with(&emulator, |own| {
        own.lookup = Some(LookupBudget { windows: 1, seconds: 2_000_000, calls: 6 });
        own.cost_explorer = true;
    })
    .unwrap();
    let text = format!("{answers:?}");
    for word in
        ["AKID", "secret", "somebody", "SOMEBODY", "example.com", "AIDAREADER", "Signature", "token-of"]
    {
        assert!(!text.contains(word), "{word}");
    }
}

/// Counts what costs money.
#[derive(Default)]
struct Counting(std::cell::RefCell<Vec<(Charged, u64)>>, std::cell::RefCell<Vec<(String, usize)>>);

impl Progress for Counting {
    fn step(&self, what: &str, parts: usize) {
        self.1.borrow_mut().push((what.to_owned(), parts));
    }
    fn begin(&self, _: &str, _: &str, _: &str) {}
    fn end(&self, _: &str, _: &str, _: &str) {}
    fn charged(&self, what: Charged, count: u64) {
        self.0.borrow_mut().push((what, count));
    }
}

#[test]
fn cost_explorer_is_asked_only_when_allowed_and_each_request_is_told() {
    let emulator = Emulator::start(full_world());
    ask(&emulator).unwrap();
    assert!(emulator.calls_of("GetCostAndUsage").is_empty());
    emulator.change(|world| world.page = 1);
    let directory = tempfile::tempdir().unwrap();
    let mut options = options(&emulator, OWN, &directory);
    options.cost_explorer = true;
    let counting = Counting::default();
    let answers = live::ask(&options, &counting, &StopFlag::default()).unwrap();
    let rows = data(&answers, |own| match own {
        Data::GetCostAndUsage(own) => Some(own.rows.clone()),
        _ => None,
    });
    assert_eq!(rows[0].len(), 3);
    // Written as AWS wrote it, not as a float reads it.
    assert_eq!(rows[0][1].usage_quantity, "9.5E7");
    assert_eq!(rows[0][0].unblended_cost, "24.69134");
    let requests: u64 = counting
        .0
        .borrow()
        .iter()
        .filter(|own| own.0 == Charged::CostExplorerRequests)
        .map(|own| own.1)
        .sum();
    assert_eq!(requests, 3);
    assert_eq!(emulator.calls_of("GetCostAndUsage").len(), 3);
    assert!(emulator.calls_of("GetCostAndUsage").iter().all(|own| own.region == "us-east-1"));
    let metrics: u64 =
        counting.0.borrow().iter().filter(|own| own.0 == Charged::Metrics).map(|own| own.1).sum();
    assert!(metrics > 10, "{metrics}");
    assert!(counting.1.borrow().iter().any(|(what, parts)| what == "trails" && *parts == 1));
}

/// Asks to stop as soon as trails are known.
struct Stopping(StopFlag);

impl Progress for Stopping {
    fn step(&self, what: &str, _: usize) {
        if what == "log buckets" {
            self.0.set();
        }
    }
    fn begin(&self, _: &str, _: &str, _: &str) {}
    fn end(&self, _: &str, _: &str, _: &str) {}
    fn charged(&self, _: Charged, _: u64) {}
}

#[test]
fn an_interrupted_run_keeps_what_it_has() {
    let emulator = Emulator::start(full_world());
    // The bucket never answers in time.
    emulator.trouble("GetBucketLocation", None, crate::support::aws::Trouble::Silent, 100);
    let directory = tempfile::tempdir().unwrap();
    let options = options(&emulator, OWN, &directory);
    let stop = StopFlag::default();
    let answers = live::ask(&options, &Stopping(stop.clone()), &stop).unwrap();
    assert!(answers.partial);
    assert!(data(&answers, |own| matches!(own, Data::GetTrailStatus(_)).then_some(())).len() == 1);
    assert!(emulator.calls_of("GetMetricData").is_empty());
    // A flag that is set from the beginning stops before anything is known.
    let none = live::ask(&options, &Silent, &stop);
    assert!(none.is_ok_and(|own| own.partial));
}

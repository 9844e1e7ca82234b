//! What a scenario says of buckets, readers, log groups, alarms, topics and rules, and what the model then holds.

use crate::support::BuiltIn;
use trailcost::domain::{
    Access, AdvancedEventSelector, AlarmKind, Amount, AmountValue, EventSource, Inventory, LifecycleAction,
    LogClass, LossLevel, Model, ObjectSizes, Protocol, Provenance, ProvenanceKind, ReadScope, ReaderKind,
    RestoreTier, RuleTarget, StorageClass, TransitionMinimum,
};

const HEAD: &str = "version = 1\nname = \"x\"\nstart = \"2026-01\"\n";

const ONE_ACCOUNT: &str = "[[account]]\nid = \"111122223333\"\n";

const TRAIL: &str = "[[trail]]\nname = \"t\"\nhome_region = \"eu-west-1\"\nbucket = \"logs\"\nlog_group = \"group\"\n\
                     sns_topic = \"files\"\n";

/// Every table and key of the chain.
const ALL: &str = r#"
version = 1
name = "x"
start = "2026-01"

[[account]]
id = "111122223333"
enabled_regions = 20

[[trail]]
name = "t"
home_region = "eu-west-1"
bucket = "logs"
kms = true
log_file_validation = true
log_group = "group"
sns_topic = "files"
log_files = "10k"
log_bytes = "20 GiB"
insights_found = 10

[[bucket]]
name = "logs"
lifecycle = [
    { after = "7y", expire = true },
    { after = "90d", to = "GLACIER_IR", larger_than = "0 bytes", smaller_than = "1 MiB", rule = "small" },
]
transition_minimum = "varies_by_storage_class"
versioning = { noncurrent_expire = "30d" }
object_lock = "7y"
holds = [{ class = "GLACIER", objects = "1M", size = "4 KiB", age = "400d" }, { objects = 1, bytes = "10 GiB" }]
receives = { objects = "2M", bytes = "10 GiB" }
sizes = [{ below = "128 KiB", files = "90%", bytes = "30.5%" }, { files = "10%", bytes = "69.5%" }]
intelligent_tiering = { archive_access = "90d", deep_archive_access = "180d" }
replicate_to = ["other", { bucket = "archive", class = "STANDARD_IA" }]
kms = true
kms_key_versions = 2
bucket_key = { low = "0%", likely = "50%", high = "99%" }

[[bucket]]
name = "archive"
account = "444455556666"
region = "eu-central-1"
versioning = true
bucket_key = true

[[bucket]]
name = "other"
versioning = false
bucket_key = "80%"

[[reader]]
name = "siem"
bucket = "archive"
how = "get"
times = 20
logs = { from = "1d", to = "30d" }

[[reader]]
name = "audit"
how = "athena"
uncompressed_bytes = "3 TiB"
restore = "bulk"
restore_days = 3

[[log_group]]
name = "group"
class = "STANDARD"
retention = "90d"
holds = "1 GiB"
scanned = "1 TiB"
not_sent = "0.1%"
metric_filter = [
    { name = "root", matching_hours = 4, metrics = 3 },
    { name = "denied", default_value = true },
]

[[alarm]]
name = "root"
kind = "high_resolution"
metrics = 2
alerts = 10
topic = "alerts"

[[topic]]
name = "alerts"
published = 5
message_bytes = "128 KiB"
subscriptions = [
    { protocol = "email", count = 3 },
    { protocol = "https" },
    { protocol = "sqs" },
    { protocol = "lambda", duration = "1.5s" },
]

[[event_bus]]
name = "bus"
custom_events = "1M"
event_bytes = "1 KiB"

[[event_rule]]
name = "rule"
matched = 100
targets = [
    { kind = "topic", name = "rule-alerts" },
    { kind = "function", memory = "256 MiB", duration = "200ms" },
    { kind = "bus" },
    { kind = "cross_account" },
    { kind = "other" },
]

[keep]
retention = "7y"
readable_within = { "7y" = "12h", "90d" = "0h" }
events = [
    { management = "write", exclude = ["rdsdata"] },
    { data = [{ resource_type = "AWS::S3::Object", resources = ["arn:aws:s3:::orders/"], access = "write" }] },
    { selector = [{ category = "NetworkActivity", field = [{ field = "eventSource", equals = ["kms.amazonaws.com"] }] }] },
]
insights = true
cloudwatch_logs = true
log_retention = "30d"
buckets = ["logs"]
accept_loss = "medium"
profiles = ["pci-dss", "sox"]

[return]
avoided_loss = 15000
incidents_per_year = "0.5"
cloud_spend_per_month = 40000
"#;

fn model(text: &str) -> Model {
    BuiltIn::new().model(text)
}

/// Writes an amount as `5`, `1..2..3` or `unknown`.
fn shown(amount: &Amount) -> String {
    match &amount.value {
        AmountValue::Known(quantity) => quantity.to_string(),
        AmountValue::Range(range) => format!("{}..{}..{}", range.low, range.likely, range.high),
        AmountValue::Unknown => "unknown".to_owned(),
    }
}

fn maybe(amount: Option<&Amount>) -> String {
    amount.map_or_else(|| "none".to_owned(), shown)
}

#[test]
fn trails_and_buckets_arrive_in_the_model() {
    let model = model(ALL);
    let inventory = &model.inventory;
    assert_eq!(inventory.accounts[0].enabled_regions, Some(20));
    let delivery = &inventory.trails[0].delivery;
    assert_eq!(maybe(delivery.log_files.as_ref()), "10000");
    assert_eq!(maybe(delivery.log_bytes.as_ref()), "21474836480");
    assert_eq!(maybe(delivery.insights_found.as_ref()), "10");

    let names: Vec<&str> = inventory.buckets.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(names, ["archive", "logs", "other"]);
    let [archive, logs, other] = inventory.buckets.as_slice() else { panic!("three buckets") };
    // By rising age, whatever the order in the file; the steps of two rules.
    let steps: Vec<(u32, LifecycleAction, u16)> =
        logs.lifecycle.iter().map(|step| (step.after.days(), step.action, step.rule)).collect();
    let to = LifecycleAction::Transition(StorageClass::GlacierInstantRetrieval);
    assert_eq!(steps, [(90, to, 1), (2555, LifecycleAction::Expire, 0)]);
    assert_eq!((logs.lifecycle[0].larger_than, logs.lifecycle[0].smaller_than), (Some(0), Some(1 << 20)));
    assert_eq!(logs.transition_minimum, TransitionMinimum::VariesByClass);
    assert_eq!(logs.versioning.unwrap().noncurrent.unwrap().days(), 30);
    assert_eq!(logs.object_lock.unwrap().days(), 2555);
    let holds: Vec<(StorageClass, String, String, u32)> = logs
        .holds
        .iter()
        .map(|own| (own.class, shown(&own.objects), shown(&own.bytes), own.age.days()))
        .collect();
    assert_eq!(
        holds,
        [
            (StorageClass::GlacierFlexibleRetrieval, "1000000".to_owned(), "4096000000".to_owned(), 400),
            (StorageClass::Standard, "1".to_owned(), "10737418240".to_owned(), 0),
        ]
    );
    let receives = logs.receives.as_ref().unwrap();
    assert_eq!((shown(&receives.objects), shown(&receives.bytes)), ("2000000".into(), "10737418240".into()));
    let sizes: Vec<(Option<u64>, u32, u32)> =
        logs.sizes.iter().map(|bin| (bin.below, bin.files_ppm, bin.bytes_ppm)).collect();
    assert_eq!(sizes, [(Some(131_072), 900_000, 305_000), (None, 100_000, 695_000)]);
    assert_eq!(logs.archive_tiers.archive.unwrap().days(), 90);
    assert_eq!(logs.archive_tiers.deep_archive.unwrap().days(), 180);
    let replicas: Vec<(&str, StorageClass)> =
        logs.replicas.iter().map(|own| (own.bucket.as_str(), own.class)).collect();
    assert_eq!(replicas, [("archive", StorageClass::StandardIa), ("other", StorageClass::Standard)]);
    assert!(logs.kms);
    assert_eq!(logs.kms_key_versions, 2);
    assert_eq!(maybe(logs.bucket_key_saving.as_ref()), "0..0.5..0.99");

    assert_eq!((archive.account.as_str(), archive.region.as_str()), ("444455556666", "eu-central-1"));
    assert_eq!(archive.versioning.unwrap().noncurrent, None);
    let saving = archive.bucket_key_saving.as_ref().unwrap();
    assert_eq!(saving.provenance.kind, ProvenanceKind::Assumed);
    assert!(model.assumption("bucket_key_saving").unwrap().used);
    // What nothing delivers to stands where the trails are at home.
    assert_eq!((other.account.as_str(), other.region.as_str()), ("111122223333", "eu-west-1"));
    assert_eq!(other.versioning, None);
    assert_eq!(maybe(other.bucket_key_saving.as_ref()), "0.8");
}

#[test]
fn readers_arrive_in_the_model() {
    let model = model(ALL);
    let [audit, siem] = model.inventory.readers.as_slice() else { panic!("two readers") };
    assert_eq!(
        (siem.name.as_str(), siem.kind, siem.bucket.as_deref()),
        ("siem", ReaderKind::Get, Some("archive"))
    );
    // The bucket's account and Region.
    assert_eq!((siem.account.as_str(), siem.region.as_str()), ("444455556666", "eu-central-1"));
    assert_eq!(shown(&siem.times), "20");
    let ReadScope::Logs { from, to } = &siem.scope else { panic!("{:?}", siem.scope) };
    assert_eq!((from.days(), to.unwrap().days()), (1, 30));
    assert_eq!((siem.restore, siem.restore_days), (RestoreTier::Standard, 1));

    assert_eq!((audit.kind, audit.bucket.as_deref()), (ReaderKind::Athena, None));
    assert_eq!((audit.account.as_str(), audit.region.as_str()), ("111122223333", "eu-west-1"));
    assert_eq!(shown(&audit.times), "1");
    let ReadScope::Given { files: None, bytes: Some(bytes), uncompressed: true } = &audit.scope else {
        panic!("{:?}", audit.scope)
    };
    assert_eq!(shown(bytes), "3298534883328");
    assert_eq!((audit.restore, audit.restore_days), (RestoreTier::Bulk, 3));
}

#[test]
fn log_groups_alarms_topics_and_rules_arrive_in_the_model() {
    let model = model(ALL);
    let inventory = &model.inventory;
    let [group] = inventory.log_groups.as_slice() else { panic!("one log group") };
    assert_eq!((group.class, group.retention.unwrap().days()), (LogClass::Standard, 90));
    assert_eq!(maybe(group.holds.as_ref()), "1073741824");
    assert_eq!(maybe(group.scanned.as_ref()), "1099511627776");
    assert_eq!(maybe(group.not_sent.as_ref()), "0.001");
    let filters: Vec<(&str, u32, String)> = group
        .metric_filters
        .iter()
        .map(|own| (own.name.as_str(), own.metrics, maybe(own.hours.as_ref())))
        .collect();
    assert_eq!(filters, [("denied", 1, "none".to_owned()), ("root", 3, "4".to_owned())]);

    let [alarm] = inventory.alarms.as_slice() else { panic!("one alarm") };
    assert_eq!((alarm.kind, alarm.metrics), (AlarmKind::HighResolution, 2));
    assert_eq!((maybe(alarm.alerts.as_ref()), alarm.topic.as_deref()), ("10".into(), Some("alerts")));

    let topics: Vec<(&str, &str, u64)> = inventory
        .topics
        .iter()
        .map(|own| (own.name.as_str(), own.region.as_str(), own.message_bytes))
        .collect();
    assert_eq!(
        topics,
        [
            ("alerts", "eu-west-1", 131_072),
            ("files", "eu-west-1", 2_048),
            ("rule-alerts", "eu-west-1", 2_048)
        ]
    );
    let subscriptions: Vec<(u32, String)> = inventory.topics[0]
        .subscriptions
        .iter()
        .map(|own| {
            let protocol = match own.protocol {
                Protocol::Lambda(function) => {
                    format!("{} MB {} ms", function.memory_mb, function.milliseconds)
                }
                other => format!("{other:?}"),
            };
            (own.subscribers, protocol)
        })
        .collect();
    let expected = [(3, "Email"), (1, "Http"), (1, "Sqs"), (1, "128 MB 1500 ms")];
    assert_eq!(subscriptions, expected.map(|(count, protocol)| (count, protocol.to_owned())));

    let [bus] = inventory.event_buses.as_slice() else { panic!("one bus") };
    assert_eq!((shown(&bus.custom_events), bus.event_bytes), ("1000000".into(), 1_024));
    let [rule] = inventory.event_rules.as_slice() else { panic!("one rule") };
    // The size of a CloudTrail event.
    assert_eq!((shown(&rule.matched), rule.event_bytes), ("100".into(), 1_500));
    assert_eq!(rule.targets[0], RuleTarget::Topic("rule-alerts".to_owned()));
    let RuleTarget::Function(function) = rule.targets[1] else { panic!("{:?}", rule.targets) };
    assert_eq!((function.memory_mb, function.milliseconds), (256, 200));
    assert_eq!(rule.targets[2..], [RuleTarget::Bus, RuleTarget::CrossAccount, RuleTarget::Other]);
}

#[test]
fn demands_and_the_return_arrive_in_the_model() {
    let model = model(ALL);
    assert_eq!(model.demands.retention.unwrap().days(), 2555);
    let readable: Vec<(u32, u32)> =
        model.demands.readable_within.iter().map(|(age, within)| (age.days(), within.hours())).collect();
    assert_eq!(readable, [(90, 0), (2555, 12)]);
    let own = &model.demands;
    let rdsdata = [EventSource::RdsData].into_iter().collect();
    let orders = ["arn:aws:s3:::orders/".to_owned()];
    assert_eq!(
        own.events,
        [
            AdvancedEventSelector::management(Access::Write, &rdsdata),
            AdvancedEventSelector::data(Access::Write, "AWS::S3::Object", &orders),
            AdvancedEventSelector::network_activity("kms.amazonaws.com"),
        ]
    );
    assert!(own.insights && own.cloudwatch_logs);
    assert_eq!(own.log_retention.unwrap().days(), 30);
    assert_eq!(own.buckets, ["logs"]);
    assert_eq!(own.accept_loss, Some(LossLevel::Medium));
    assert_eq!(own.profiles, ["pci-dss", "sox"]);
    let checks = model.retention_checks();
    // The rule with sizes moves small objects too.
    assert_eq!(checks.len(), 1);
    assert_eq!((checks[0].bucket.as_str(), checks[0].objects), ("logs", ObjectSizes::All));
    assert!(checks[0].retention_met && checks[0].readable.iter().all(|own| own.met));
    let benefit = model.benefit.unwrap();
    assert_eq!(benefit.avoided_loss.unwrap().to_string(), "15000");
    assert_eq!(benefit.incidents_per_year.unwrap().to_string(), "0.5");
    assert_eq!(benefit.cloud_spend_per_month.unwrap().to_string(), "40000");
}

#[test]
fn the_schema_accepts_every_table() {
    let schema = trailcost::sources::scenario::json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document: toml::Value = toml::from_str(ALL).unwrap();
    let document = serde_json::to_value(document).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

/// Writes whose each bucket, log group and topic is, and where.
fn places(inventory: &Inventory) -> String {
    let mut text = String::new();
    for own in &inventory.buckets {
        text.push_str(&format!("{} {} {}; ", own.name, own.account, own.region));
    }
    for own in &inventory.log_groups {
        text.push_str(&format!("{} {} {}; ", own.name, own.account, own.region));
    }
    for own in &inventory.topics {
        text.push_str(&format!("{} {} {}; ", own.name, own.account, own.region));
    }
    text
}

#[test]
fn what_a_trail_names_is_there_and_where_the_trail_is() {
    for (account, expected) in [
        ("", "111122223333"),
        ("account = \"444455556666\"\n", "444455556666"),
        ("scope = \"organization\"\n", "111122223333"),
        ("scope = \"organization\"\naccount = \"444455556666\"\n", "444455556666"),
        ("account = \"*\"\n", "111122223333"),
    ] {
        let found = places(&model(&format!("{HEAD}{ONE_ACCOUNT}{TRAIL}{account}")).inventory);
        let place = format!("{expected} eu-west-1; ");
        assert_eq!(found, format!("logs {place}group {place}files {place}"), "{account}");
    }
    // A table of its own may state a part of it.
    let stated = "[[bucket]]\nname = \"logs\"\naccount = \"444455556666\"\n[[topic]]\nname = \"files\"\nregion = \"us-east-1\"\n";
    assert_eq!(
        places(&model(&format!("{HEAD}{ONE_ACCOUNT}{TRAIL}{stated}")).inventory),
        "logs 444455556666 eu-west-1; group 111122223333 eu-west-1; files 111122223333 us-east-1; "
    );
    // Two trails of one owner agree.
    let second = "[[trail]]\nname = \"u\"\nhome_region = \"eu-west-1\"\nbucket = \"logs\"\n";
    assert_eq!(
        places(&model(&format!("{HEAD}{ONE_ACCOUNT}{TRAIL}{second}")).inventory),
        "logs 111122223333 eu-west-1; group 111122223333 eu-west-1; files 111122223333 eu-west-1; "
    );
}

/// Takes out where things stood in the file.
fn without_places(mut inventory: Inventory) -> Inventory {
    let nowhere = Provenance { kind: ProvenanceKind::Declared, place: trailcost::domain::Place::default() };
    for alarm in &mut inventory.alarms {
        if let Some(alerts) = &mut alarm.alerts {
            alerts.provenance = nowhere;
        }
    }
    inventory
}

#[test]
fn the_order_of_tables_changes_nothing() {
    let tables = [
        "[[bucket]]\nname = \"b\"\n",
        "[[bucket]]\nname = \"a\"\nreplicate_to = [\"logs\", \"b\"]\n",
        "[[alarm]]\nname = \"z\"\nalerts = 5\ntopic = \"one\"\n",
        "[[alarm]]\nname = \"y\"\nalerts = 6\ntopic = \"two\"\n",
        "[[topic]]\nname = \"two\"\n",
        "[[log_group]]\nname = \"second\"\n",
        "[[log_group]]\nname = \"first\"\n",
    ];
    let forward = format!("{HEAD}{ONE_ACCOUNT}{TRAIL}{}", tables.concat());
    let mut turned = tables;
    turned.reverse();
    let backward = format!("{HEAD}{ONE_ACCOUNT}{}{TRAIL}", turned.concat());
    assert_eq!(without_places(model(&forward).inventory), without_places(model(&backward).inventory));
}

#[test]
fn defaults_in_use_are_listed_and_only_those() {
    let used = |text: &str, id: &str| model(text).assumption(id).unwrap().used;
    let base = format!("{HEAD}{ONE_ACCOUNT}[[trail]]\nname = \"t\"\n");
    assert!(!used(&base, "topic_message_bytes"));
    assert!(used(&format!("{base}[[topic]]\nname = \"a\"\n"), "topic_message_bytes"));
    assert!(!used(&format!("{base}[[topic]]\nname = \"a\"\nmessage_bytes = 1\n"), "topic_message_bytes"));
    let reader = "[[reader]]\nname = \"r\"\nhow = \"athena\"\nbytes = 1\n";
    assert!(used(&format!("{base}{reader}"), "reader_times"));
    assert!(!used(&format!("{base}{reader}times = 2\n"), "reader_times"));
    // Nothing has to be restored from S3 Standard.
    assert!(!used(&format!("{base}{reader}"), "restore_days"));
    let archived = "[[bucket]]\nname = \"a\"\nregion = \"us-east-1\"\nlifecycle = [{ after = \"90d\", to = \"GLACIER\" }]\n\
                    [[reader]]\nname = \"r\"\nhow = \"athena\"\nbucket = \"a\"\nlogs = {}\n";
    assert!(used(&format!("{base}{archived}"), "restore_days"));
    assert!(!used(&format!("{base}{archived}restore_days = 2\n"), "restore_days"));
}

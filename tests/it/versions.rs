//! Versions of a model share what they have in common; that must never show.

use crate::support::BuiltIn;
use proptest::prelude::*;
use std::fmt::Write;
use trailcost::costing::{estimate, totals};
use trailcost::domain::{LifecycleRule, Model, PooledUsage, StorageClass, UsageRecord, UsageSource};
use trailcost::pricing::FreeTiers;
use trailcost::usage::UsagePlan;

/// What happens in one account and Region.
#[derive(Debug, Clone)]
struct Place {
    account: u8,
    region: usize,
    read: u32,
    write: u32,
    /// Where the reads of KMS are stated, the calls that encrypt log files are among them.
    kms: Option<u32>,
    /// Nothing is a number that nobody knows.
    s3: Option<u32>,
    lambda: u32,
}

const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "ap-southeast-2"];

fn places() -> impl Strategy<Value = Vec<Place>> {
    let unknown_at_times = prop::option::weighted(0.9, 0_u32..90_000_000);
    let place = (
        0_u8..5,
        0..REGIONS.len(),
        0_u32..20_000_000,
        any::<u32>(),
        prop::option::of(0_u32..5_000_000),
        unknown_at_times,
        any::<u32>(),
    )
        .prop_map(|(account, region, read, write, kms, s3, lambda)| Place {
            account,
            region,
            read,
            write,
            kms,
            s3,
            lambda,
        });
    prop::collection::vec(place, 1..10).prop_map(|mut places| {
        places.sort_by_key(|own| (own.account, own.region));
        places.dedup_by_key(|own| (own.account, own.region));
        places
    })
}

/// Trails, each in several versions.
const TRAILS: [[&str; 3]; 4] = [
    [
        "name = \"org\"\nscope = \"organization\"\nbucket = \"logs\"\nkms = true\nlog_file_validation = true\nlog_group = \"group\"\nsns_topic = \"files\"\ndata = [{ resource_type = \"AWS::S3::Object\" }, { resource_type = \"AWS::Lambda::Function\" }]\ninsights = [\"ApiCallRateInsight\"]\n",
        "name = \"org\"\nscope = \"organization\"\nbucket = \"logs\"\nkms = true\nlog_file_validation = true\nlog_group = \"group\"\nsns_topic = \"files\"\ndata = [{ resource_type = \"AWS::S3::Object\", access = \"write\" }]\n",
        "name = \"org\"\nscope = \"organization\"\nbucket = \"logs\"\nlog_file_validation = true\n",
    ],
    [
        "name = \"each\"\naccount = \"*\"\nbucket = \"logs\"\nmanagement = \"write\"\n",
        "name = \"each\"\naccount = \"*\"\nbucket = \"copy\"\nmanagement = \"write\"\n",
        "",
    ],
    [
        "name = \"nokms\"\nscope = \"organization\"\nbucket = \"copy\"\nlog_file_validation = true\nexclude = [\"kms\"]\n",
        "name = \"nokms\"\nscope = \"organization\"\nexclude = [\"kms\"]\n",
        "",
    ],
    [
        "name = \"one\"\naccount = \"111111111111\"\nmulti_region = false\nhome_region = \"us-east-1\"\nbucket = \"logs\"\nlog_file_validation = true\n",
        "name = \"one\"\naccount = \"111111111111\"\nbucket = \"logs\"\nlog_file_validation = true\n",
        "",
    ],
];

/// A bucket in several versions, among them one that tells objects apart by another size.
const LIFECYCLES: [&str; 3] = [
    "",
    "lifecycle = [{ after = \"30d\", to = \"STANDARD_IA\" }]\n",
    "lifecycle = [{ after = \"10d\", to = \"GLACIER_IR\", larger_than = \"40000 bytes\" }, { after = \"90d\", expire = true }]\n",
];

const REST: &str = "[[bucket]]\nname = \"copy\"\naccount = \"111111111111\"\nregion = \"us-east-1\"\n\
    [[log_group]]\nname = \"group\"\naccount = \"111111111111\"\nregion = \"us-east-1\"\nretention = \"90d\"\n\
    [[topic]]\nname = \"files\"\naccount = \"111111111111\"\nregion = \"us-east-1\"\nsubscriptions = [{ protocol = \"sqs\" }]\n\
    [[event_data_store]]\nname = \"lake\"\nhome_region = \"us-east-1\"\naccount = \"111111111111\"\nscope = \"organization\"\n";

/// Which version of each trail, and of the bucket.
type Version = ([usize; TRAILS.len()], usize);

fn version() -> impl Strategy<Value = Version> {
    (prop::array::uniform4(0_usize..3), 0..LIFECYCLES.len())
}

fn text(places: &[Place], head: &str, (trails, lifecycle): Version) -> String {
    let mut text = format!("version = 1\nname = \"versions\"\nstart = \"2027-11\"\nmonths = 7\n{head}\n");
    let mut accounts: Vec<u8> = places.iter().map(|own| own.account).chain([0]).collect();
    accounts.sort_unstable();
    accounts.dedup();
    for account in accounts {
        writeln!(text, "[[account]]\nid = \"{}\"", 111_111_111_111_u64 + u64::from(account)).unwrap();
        for own in places.iter().filter(|own| own.account == account) {
            let kms = own.kms.map_or_else(String::new, |kms| format!(", kms_read = {kms}"));
            let s3 = own.s3.map_or_else(|| "\"unknown\"".to_owned(), |s3| s3.to_string());
            writeln!(
                text,
                "[[account.activity]]\nregion = \"{}\"\nmanagement = {{ read = {}, write = {}{kms} }}\ndata = [{{ resource_type = \"AWS::S3::Object\", read = {s3}, write = {} }}, {{ resource_type = \"AWS::Lambda::Function\", write = {} }}]",
                REGIONS[own.region],
                own.read,
                own.write,
                own.write / 3,
                own.lambda
            )
            .unwrap();
        }
    }
    for (versions, which) in TRAILS.iter().zip(trails) {
        if !versions[which].is_empty() {
            write!(text, "[[trail]]\n{}", versions[which]).unwrap();
        }
    }
    let place = "account = \"111111111111\"\nregion = \"us-east-1\"\n";
    write!(text, "[[bucket]]\nname = \"logs\"\n{place}{}{REST}", LIFECYCLES[lifecycle]).unwrap();
    text
}

fn prepared(model: &Model) -> UsagePlan {
    let mut plan = UsagePlan::new(model).unwrap();
    plan.prepare().unwrap();
    plan
}

/// All that a plan yields: what is used together, every record, and what the reader is told.
fn everything(plan: &UsagePlan) -> (Vec<PooledUsage>, Vec<Vec<UsageRecord>>, String) {
    let (mut pooled, mut records) = (Vec::new(), Vec::new());
    for month in 0..plan.months().len() {
        let (mut own_pooled, mut own_records) = (PooledUsage::default(), Vec::new());
        plan.pooled(month, &mut own_pooled).unwrap();
        plan.records(month, &mut own_records).unwrap();
        pooled.push(own_pooled);
        records.push(own_records);
    }
    (pooled, records, format!("{:?} {:?} {:?}", plan.storage(), plan.gaps(), plan.warnings()))
}

const HEAD: &str = "growth = { monthly = \"1.7%\", data_events = { monthly = \"2.3%\" } }";

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn totals_are_those_of_an_estimate(places in places(), own in version(), of in version(), discount in 0_u32..30, together in any::<bool>()) {
        let built_in = BuiltIn::new();
        let head = format!(
            "{HEAD}\nconsolidated_billing = {together}\nterms = [{{ service = \"AWSCloudTrail\", discount = \"{discount}.5%\" }}]"
        );
        let model = built_in.model(&text(&places, &head, own));
        let shared = prepared(&built_in.model(&text(&places, &head, of))).again(&model).unwrap();
        for free_tiers in [&FreeTiers::default(), &built_in.free_tiers] {
            let card = &built_in.card;
            let fresh = UsagePlan::new(&model).unwrap();
            let whole = estimate(&fresh, card, free_tiers, &model.terms, &model.currency, None).unwrap();
            for plan in [&fresh, &shared, &prepared(&model)] {
                let totals = totals(plan, card, free_tiers, &model.terms, &model.currency).unwrap();
                prop_assert_eq!(totals.total, whole.total.total.contracted);
                prop_assert_eq!(totals.incomplete, whole.total.incomplete);
                let monthly: Vec<_> = whole.monthly.iter().map(|own| own.contracted).collect();
                prop_assert_eq!(totals.monthly, monthly);
            }
        }
    }

    #[test]
    fn what_versions_share_changes_nothing(places in places(), base in version(), versions in prop::collection::vec(version(), 1..6)) {
        let built_in = BuiltIn::new();
        let base = prepared(&built_in.model(&text(&places, HEAD, base)));
        let moved = LifecycleRule {
            after: trailcost::domain::Age::from_days(20),
            action: trailcost::domain::LifecycleAction::Transition(StorageClass::GlacierInstantRetrieval),
            rule: 0,
            larger_than: Some(4096),
            smaller_than: None,
        };
        for own in versions {
            let model = built_in.model(&text(&places, HEAD, own));
            let fresh = UsagePlan::new(&model).unwrap();
            // What one version counted the next one finds.
            let (first, second) = (base.again(&model).unwrap(), base.again(&model).unwrap());
            prop_assert_eq!(everything(&first), everything(&fresh));
            prop_assert_eq!(everything(&second), everything(&fresh));
            let records = |plan: &UsagePlan| {
                let mut trials = plan.storage_trials(&model, &[0, 4096]).unwrap();
                let usage = trials.with("logs", &[moved]).unwrap();
                let months = 0..usage.months().len();
                months.map(|month| {
                    let mut records = Vec::new();
                    usage.records(month, &mut records).unwrap();
                    records
                }).collect::<Vec<_>>()
            };
            prop_assert_eq!(records(&base), records(&fresh));
        }
    }
}

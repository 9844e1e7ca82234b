//! Unknown is a value: not zero, not an early return, and said out loud.

use crate::support::BuiltIn;
use std::collections::BTreeMap;
use trailcost::costing::Estimate;
use trailcost::domain::{Component, Gap, GapKind};
use trailcost::report::{CompareView, Facts, GroupBy, ReportView, compare_csv};
use trailcost::usage::UsagePlan;

fn estimate(text: &str) -> (Estimate, Vec<Gap>) {
    let built_in = BuiltIn::new();
    let head = "version = 1\nname = \"unknown\"\nstart = \"2026-01\"\nmonths = 1\n";
    let model = built_in.model(&format!("{head}{text}"));
    let gaps = UsagePlan::new(&model).unwrap().gaps().to_vec();
    (built_in.estimate(&model, None), gaps)
}

fn volume_gaps(gaps: &[Gap]) -> Vec<&str> {
    gaps.iter().filter(|gap| gap.kind == GapKind::Volume).map(|gap| gap.what.as_str()).collect()
}

#[test]
fn an_account_of_which_nothing_is_said_is_no_zero() {
    let text = "[[account]]\nid = \"111122223333\"\n[[trail]]\nname = \"a\"\ndata = [{ resource_type = \"AWS::S3::Object\" }]\n[[trail]]\nname = \"b\"\ninsights = [\"ApiCallRateInsight\"]\n";
    let (own, gaps) = estimate(text);
    assert!(!own.is_complete());
    assert_eq!(
        volume_gaps(&gaps),
        [
            "`a` records data events of AWS::S3::Object, and nothing says what happens in 111122223333",
            "`b` has Insights on management events, and nothing says what happens in 111122223333",
            "`b` records a further copy of management events, and nothing says what happens in 111122223333",
        ]
    );
    let unknown: Vec<Component> = own.unknown_volumes.iter().map(|volume| volume.component).collect();
    assert_eq!(
        unknown,
        [Component::ManagementCopies, Component::DataEventsS3, Component::InsightsManagement]
    );
    assert!(own.unknown_volumes.iter().all(|volume| volume.unit_price.is_some()));
    // With one trail of management events nothing is charged, whatever happens.
    let (own, gaps) = estimate("[[account]]\nid = \"111122223333\"\n[[trail]]\nname = \"a\"\n");
    assert!(own.is_complete());
    assert!(volume_gaps(&gaps).is_empty());
}

#[test]
fn one_silent_account_of_an_organization_is_named() {
    let text = "[[account]]\nid = \"111122223333\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = { write = \"1M\" }\n[[account]]\nid = \"444455556666\"\n[[trail]]\nname = \"org\"\nscope = \"organization\"\n[[trail]]\nname = \"each\"\naccount = \"*\"\n";
    let (own, gaps) = estimate(text);
    assert!(!own.is_complete());
    assert_eq!(own.total.total.contracted.to_string(), "20");
    assert_eq!(
        volume_gaps(&gaps),
        ["`each` records a further copy of management events, and nothing says what happens in 444455556666"]
    );
    // Said to be nothing, it is nothing.
    let silent = "id = \"444455556666\"\n";
    let said =
        "id = \"444455556666\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = { write = 0 }\n";
    let (own, _) = estimate(&text.replace(silent, said));
    assert!(own.is_complete());
}

#[test]
fn an_unknown_count_is_shown_with_its_price() {
    let text = "[[account]]\nid = \"111122223333\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = { read = \"1M\", write = \"unknown\" }\n[[trail]]\nname = \"a\"\n[[trail]]\nname = \"b\"\n";
    let (own, gaps) = estimate(text);
    assert!(!own.is_complete());
    assert_eq!(own.total.total.contracted.to_string(), "20");
    assert_eq!(
        volume_gaps(&gaps),
        ["the number of write management events is unknown in 111122223333 us-east-1"]
    );
    assert_eq!(own.unknown_volumes.len(), 2, "the free copy and the paid one: {:?}", own.unknown_volumes);
}

#[test]
fn a_selector_on_what_the_volumes_do_not_tell_apart_makes_an_unknown() {
    let text = "[[account]]\nid = \"111122223333\"\n[[account.activity]]\nregion = \"us-east-1\"\ndata = [{ resource_type = \"AWS::S3::Object\", read = \"5M\", write = \"1M\" }]\n[[trail]]\nname = \"a\"\n[[trail.selector]]\ncategory = \"Data\"\nfield = [{ field = \"resources.type\", equals = [\"AWS::S3::Object\"] }, { field = \"eventName\", equals = [\"GetObject\"] }]\n";
    let (own, gaps) = estimate(text);
    assert!(!own.is_complete());
    assert_eq!(volume_gaps(&gaps).len(), 2);
    assert!(
        volume_gaps(&gaps)[0].starts_with("`a` records a part of the read data events of AWS::S3::Object")
    );
    let named = text.replace("read = \"5M\", write = \"1M\"", "event_name = \"GetObject\", read = \"5M\"");
    let (own, _) = estimate(&named);
    assert!(own.is_complete());
    assert_eq!(own.total.total.contracted.to_string(), "5");
}

#[test]
fn a_missing_price_leaves_the_rest_priced() {
    let text = "[[volume]]\naccount = \"111122223333\"\nregion = \"us-gov-west-1\"\npaid_management_events = \"1M\"\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = \"1M\"\n";
    let (own, _) = estimate(text);
    assert!(!own.is_complete());
    assert_eq!(own.total.total.contracted.to_string(), "20");
    let missing = &own.missing_prices[0];
    assert_eq!(
        (missing.region.as_str(), missing.quantity.to_string()),
        ("us-gov-west-1", "1000000".to_owned())
    );
    assert!(missing.known_to_be_unknown);
}

/// The components of which a volume is unknown.
fn unknown_components(own: &Estimate) -> Vec<&'static str> {
    own.unknown_volumes.iter().map(|volume| volume.component.id()).collect()
}

#[test]
fn a_store_that_nobody_feeds_is_no_zero() {
    let volume =
        "[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = \"1M\"\n";
    let store = "[[event_data_store]]\nname = \"eds\"\nhome_region = \"us-east-1\"\nmanagement = \"all\"\n";
    let (own, _) = estimate(&format!("{volume}{store}"));
    assert_eq!(own.total.total.contracted.to_string(), "20");
    assert_eq!(unknown_components(&own), ["lake_ingestion"]);
    // Other sources say nothing of live events …
    let other = "usage = { \"Ingestion-Bytes-1yearstore-Other-data-sources\" = 1 }\n";
    let (own, _) = estimate(&format!("{volume}{other}{store}"));
    assert_eq!(unknown_components(&own), ["lake_ingestion"]);
    // … the store's own ingestion does.
    let live = "usage = { \"Ingestion-Bytes-1yearstore-Live-CloudTrail-Logs\" = 100 }\n";
    let (own, _) = estimate(&format!("{volume}{live}{store}"));
    assert!(own.is_complete(), "{:?}", own.unknown_volumes);
    assert_eq!(own.total.total.contracted.to_string(), "95");
}

#[test]
fn a_silent_account_makes_an_organizations_store_and_delivery_unknown() {
    let accounts = "[[account]]\nid = \"111122223333\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = { write = \"1M\" }\n[[account]]\nid = \"444455556666\"\n";
    let store = "[[event_data_store]]\nname = \"eds\"\naccount = \"111122223333\"\nscope = \"organization\"\nhome_region = \"us-east-1\"\n";
    let (own, _) = estimate(&format!("{accounts}{store}"));
    assert_eq!(unknown_components(&own), ["lake_ingestion"]);
    let (own, _) = estimate(&format!("{accounts}[[direct_delivery]]\nname = \"dd\"\n"));
    assert_eq!(unknown_components(&own), ["cloudwatch_delivery", "cloudwatch_logs"]);
    let (own, _) = estimate("[[account]]\nid = \"111122223333\"\n[[direct_delivery]]\nname = \"dd\"\n");
    assert_eq!(unknown_components(&own), ["cloudwatch_delivery", "cloudwatch_logs"]);
}

#[test]
fn what_is_given_of_ingestion_is_retained_too() {
    let text = "months = 14\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\nusage = { \"Ingestion-Bytes-1yearstore-Live-CloudTrail-Logs\" = 310 }\n[[event_data_store]]\nname = \"eds\"\nhome_region = \"us-east-1\"\nretention = \"7y\"\n";
    let built_in = BuiltIn::new();
    let head = "version = 1\nname = \"retained\"\nstart = \"2025-01\"\n";
    let model =
        built_in.model(&format!("{head}{text}").replace("retention = \"7y\"", "retention = \"2555d\""));
    let own = built_in.estimate(&model, None);
    assert!(own.is_complete());
    let retention = own.components.iter().find(|own| own.component == Component::LakeRetention).unwrap();
    // January 2025 brings 10 GB a day, 1 GB a day compressed. Day d is 366 days old on day d + 1 of January 2026:
    // 30 + 29 + … + 1 + 0 = 465 GB-days of that month's 31, so 15 GB-months at $0.023.
    assert_eq!(retention.months[12].contracted.to_string(), "0.345");
    assert!(retention.months[..12].iter().all(|month| month.contracted.is_zero()));
}

#[test]
fn a_selector_that_selects_nothing_is_named() {
    let built_in = BuiltIn::new();
    let text = "version = 1\nname = \"typo\"\nstart = \"2026-01\"\nmonths = 1\n[[account]]\nid = \"111122223333\"\n[[account.activity]]\nregion = \"us-east-1\"\ndata = [{ resource_type = \"AWS::S3::Object\", resource = \"arn:aws:s3:::pay/\", write = \"1M\" }]\n[[trail]]\nname = \"a\"\ndata = [{ resource_type = \"AWS::S3::Object\", resources = [\"arn:aws:s3:::pays/\"] }]\n";
    let plan = UsagePlan::new(&built_in.model(text)).unwrap();
    assert_eq!(
        plan.warnings(),
        ["a selector of `a` on AWS::S3::Object selects none of the events stated of that type"]
    );
    let plan = UsagePlan::new(&built_in.model(&text.replace("pays", "pay"))).unwrap();
    assert_eq!(plan.warnings(), [] as [&str; 0]);
}

#[test]
fn a_payer_is_pooled_with_the_accounts_it_pays_for() {
    let volume = |account: &str| {
        format!(
            "[[volume]]\naccount = \"{account}\"\nregion = \"us-east-1\"\nusage = {{ \"AmazonS3:TimedStorage-ByteHrs\" = 51200 }}\n"
        )
    };
    let accounts =
        "[[account]]\nid = \"111111111111\"\n[[account]]\nid = \"222222222222\"\npayer = \"111111111111\"\n";
    let (own, _) = estimate(&format!("{accounts}{}{}", volume("111111111111"), volume("222222222222")));
    // 51,200 × $0.023 + 51,200 × $0.022
    assert_eq!(own.total.total.contracted.to_string(), "2304");
}

#[test]
fn an_agreed_rate_needs_no_list_price() {
    let text = "[[terms]]\nservice = \"AmazonS3\"\nusage_type = \"TimedStorage-GDA-ByteHrs\"\nrate = \"0.001\"\n[[volume]]\naccount = \"111122223333\"\nregion = \"eu-west-1\"\nusage = { \"TimedStorage-GDA-ByteHrs\" = 1000 }\n";
    let (own, _) = estimate(text);
    assert!(own.is_complete());
    assert_eq!(own.total.total.contracted.to_string(), "1");
}

#[test]
fn a_difference_with_an_unknown_side_is_unknown() {
    let built_in = BuiltIn::new();
    let view = |name: &str, management: &str| {
        let text = format!(
            "version = 1\nname = \"{name}\"\nstart = \"2026-01\"\nmonths = 1\n[[account]]\nid = \"111122223333\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = {management}\n[[trail]]\nname = \"a\"\n[[trail]]\nname = \"b\"\n"
        );
        let model = built_in.model(&text);
        let own = built_in.estimate(&model, None);
        let storage = trailcost::domain::StorageHistory::default();
        let logs = trailcost::report::LogFacts {
            storage: &storage,
            demands: &model.demands,
            retention: &[],
            benefit: None,
            events_per_year: None,
        };
        let facts = Facts {
            measured: None,
            name,
            logs,
            currency: &model.currency,
            estimate: &own,
            gaps: &[],
            assumptions: &[],
            warnings: &[],
            simulation: None,
            likely_only: 0,
            card: &built_in.card,
            account_names: &BTreeMap::new(),
        };
        ReportView::new(&facts, GroupBy::Component)
    };
    let base = view("known", "{ read = \"1M\" }");
    let compared = CompareView::new(&base, &[view("part", "{ read = \"1M\", write = \"unknown\" }")]);
    let total = &compared.comparisons[0].total.total;
    assert_eq!(
        (total.base_text(), total.variant_text(), total.signed()),
        ("20.00".into(), "≥ 20.00".into(), "unknown".into())
    );
    let sentence = compared.comparisons[0].sentence(&compared.currency);
    assert_eq!(sentence, "the difference is not known: at least $20.00 against $20.00 in 1 month");
    assert!(compare_csv(&compared).unwrap().contains("20,20,,,"));
}

#[test]
fn calls_of_a_key_do_not_make_known_what_a_trail_delivers() {
    // The free events are those of a bill: what the trail brings to its bucket, its log group and the store is not told.
    let text = |kms: bool| {
        format!(
            "[[account]]\nid = \"111122223333\"\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\nfree_management_events = \"500M\"\n[[trail]]\nname = \"trail\"\naccount = \"111122223333\"\nhome_region = \"us-east-1\"\nbucket = \"logs\"\nlog_group = \"group\"\nkms = {kms}\n[[bucket]]\nname = \"logs\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\n[[log_group]]\nname = \"group\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\nretention = \"90d\"\n[[event_data_store]]\nname = \"lake\"\naccount = \"111122223333\"\nhome_region = \"us-east-1\"\nretention = \"1y\"\n"
        )
    };
    let (plain, _) = estimate(&text(false));
    let (encrypted, _) = estimate(&text(true));
    let unknown = |own: &Estimate| -> Vec<Component> {
        own.unknown_volumes.iter().map(|volume| volume.component).collect()
    };
    assert!(!encrypted.is_complete());
    for component in unknown(&plain) {
        assert!(unknown(&encrypted).contains(&component), "{component:?} is unknown without a key only");
    }
    for component in [Component::CloudwatchLogs, Component::LakeIngestion] {
        assert!(unknown(&plain).contains(&component), "{component:?}: {:?}", unknown(&plain));
    }
    assert_eq!(encrypted.total.total.contracted.to_string(), "1", "the key");
}

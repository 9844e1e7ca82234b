//! Unknown is a value: not zero, not an early return, and said out loud.

use crate::support::BuiltIn;
use trailcost::costing::Estimate;
use trailcost::domain::{Component, Gap, GapKind};
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

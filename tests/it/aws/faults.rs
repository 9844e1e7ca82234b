//! Throttling, failing, hanging up, denying.

use super::{OWN, ask, ask_with, data, full_world, refusals};
use crate::support::aws::{Emulator, Trouble};
use trailcost::sources::aws::answers::{Data, Operation, RefusalKind};

#[test]
fn two_refusals_for_a_while_are_sat_out() {
    for trouble in [Trouble::Throttled, Trouble::ServerError, Trouble::HungUp] {
        for operation in
            ["DescribeTrails", "GetBucketLifecycleConfiguration", "GetMetricData", "ListSubscriptionsByTopic"]
        {
            let emulator = Emulator::start(full_world());
            emulator.trouble(operation, None, trouble, 2);
            let answers = ask(&emulator).unwrap();
            let refused = refusals(&answers);
            let left: Vec<_> =
                refused.iter().filter(|(_, _, refusal)| refusal.kind != RefusalKind::Absent).collect();
            assert!(left.is_empty(), "{trouble:?} {operation}: {left:#?}");
            let refused = emulator.calls_of(operation).iter().filter(|own| !own.answered).count();
            assert!(refused >= 2, "{trouble:?} {operation}");
        }
    }
}

#[test]
fn what_is_throttled_for_ever_is_unavailable_and_the_rest_goes_on() {
    let emulator = Emulator::start(full_world());
    emulator.trouble("DescribeTrails", Some("us-east-1"), Trouble::Throttled, usize::MAX);
    let answers = ask_with(&emulator, |own| own.max_attempts = 3).unwrap();
    let refused: Vec<_> =
        refusals(&answers).into_iter().filter(|(_, _, own)| own.kind == RefusalKind::Unavailable).collect();
    let [(asked, operation, refusal)] = refused.as_slice() else { panic!("{refused:#?}") };
    assert_eq!((asked.account.as_str(), asked.region.as_str()), (OWN, "us-east-1"));
    assert_eq!(*operation, Operation::DescribeTrails);
    assert_eq!(refusal.code, "ThrottlingException");
    assert_eq!(refusal.action, "cloudtrail:DescribeTrails");
    let attempts = emulator.calls_of("DescribeTrails").iter().filter(|own| own.region == "us-east-1").count();
    assert_eq!(attempts, 3);
    assert_eq!(data(&answers, |own| matches!(own, Data::DescribeTrails(_)).then_some(())).len(), 1);
}

#[test]
fn a_server_that_always_hangs_up_is_unavailable() {
    let emulator = Emulator::start(full_world());
    emulator.trouble("ListChannels", None, Trouble::HungUp, usize::MAX);
    let answers = ask(&emulator).unwrap();
    let refused: Vec<_> = refusals(&answers)
        .into_iter()
        .filter(|(_, operation, _)| *operation == Operation::ListChannels)
        .map(|(_, _, own)| (own.kind, own.code.clone()))
        .collect();
    assert_eq!(refused, vec![(RefusalKind::Unavailable, String::new()); 2]);
}

#[test]
fn what_is_denied_names_its_action() {
    for (operation, action) in [
        ("GetEventSelectors", "cloudtrail:GetEventSelectors"),
        ("GetBucketEncryption", "s3:GetEncryptionConfiguration"),
        ("DescribeAlarms", "cloudwatch:DescribeAlarms"),
        ("DescribeLogGroups", "logs:DescribeLogGroups"),
        ("ListSubscriptionsByTopic", "sns:ListSubscriptionsByTopic"),
        ("ListRegions", "account:ListRegions"),
        ("ListAccounts", "organizations:ListAccounts"),
    ] {
        let emulator = Emulator::start(full_world());
        emulator.trouble(operation, None, Trouble::Denied, usize::MAX);
        let answers = ask_with(&emulator, |own| {
            own.known_regions = vec!["eu-west-1".to_owned(), "us-east-1".to_owned()];
        })
        .unwrap();
        let denied: Vec<String> = refusals(&answers)
            .into_iter()
            .filter(|(_, _, own)| own.kind == RefusalKind::Denied)
            .map(|(_, _, own)| own.action.clone())
            .collect();
        assert!(!denied.is_empty() && denied.iter().all(|own| own == action), "{operation}: {denied:?}");
        // Everything else is read as before.
        assert_eq!(emulator.calls_of("GetTrailStatus").len(), 1, "{operation}");
    }
}

#[test]
fn regions_that_are_not_enabled_say_nothing_when_the_list_is_denied() {
    let emulator = Emulator::start(full_world());
    emulator.trouble("ListRegions", None, Trouble::Denied, usize::MAX);
    let answers = ask_with(&emulator, |own| {
        own.known_regions = vec!["af-south-1".to_owned(), "eu-west-1".to_owned(), "us-east-1".to_owned()];
    })
    .unwrap();
    let asked: Vec<&str> = answers
        .answers
        .iter()
        .filter(|own| matches!(&own.outcome, Ok(Data::DescribeTrails(_))))
        .map(|own| own.asked.region.as_str())
        .collect();
    assert_eq!(asked, ["eu-west-1", "us-east-1"]);
    // That the list could not be read is said once; a Region that is off is no refusal of its own.
    assert!(refusals(&answers).iter().all(|(asked, ..)| asked.region != "af-south-1"));
}

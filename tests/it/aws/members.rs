//! Other accounts of an organization.

use super::{MEMBER, OWN, ask, ask_with, data, full_world, refusals};
use crate::support::aws::{Emulator, Metric, Policy};
use serde_json::json;
use trailcost::sources::aws::answers::{Data, Operation, RefusalKind};

#[test]
fn members_are_read_through_a_role() {
    let mut world = full_world();
    world.account(MEMBER).role = Some(("Reader".to_owned(), Policy::all()));
    let bucket = json!({ "S3BucketName": "logs" });
    world.account(MEMBER).add_trail(MEMBER, "eu-west-1", "own", &bucket);
    let emulator = Emulator::start(world);
    let answers = ask_with(&emulator, |own| own.assume_role = Some("Reader".to_owned())).unwrap();
    let seen: Vec<(String, usize)> = answers
        .answers
        .iter()
        .filter_map(|own| match &own.outcome {
            Ok(Data::DescribeTrails(data)) => Some((own.asked.account.clone(), data.trail_list.len())),
            _ => None,
        })
        .collect();
    // The member sees its own trail and the organization's.
    assert_eq!(seen, [(OWN.to_owned(), 1), (OWN.to_owned(), 1), (MEMBER.to_owned(), 2)]);
    // The organization's trail is asked about once, by its owner.
    let status: Vec<String> =
        emulator.calls_of("GetTrailStatus").into_iter().map(|own| own.account).collect();
    assert_eq!(status.len(), 2);
    assert!(status.contains(&OWN.to_owned()) && status.contains(&MEMBER.to_owned()));
    assert_eq!(emulator.calls_of("AssumeRole").len(), 1, "once for everything");
    assert!(!format!("{answers:?}").contains("token-of"));
}

#[test]
fn a_member_that_cannot_be_assumed_is_left_out() {
    let emulator = Emulator::start(full_world());
    let answers = ask_with(&emulator, |own| own.assume_role = Some("Reader".to_owned())).unwrap();
    let denied: Vec<_> =
        refusals(&answers).into_iter().filter(|(_, _, own)| own.kind == RefusalKind::Denied).collect();
    let [(asked, operation, refusal)] = denied.as_slice() else { panic!("{denied:#?}") };
    assert_eq!((asked.account.as_str(), asked.subject.as_str()), (MEMBER, "Reader"));
    assert_eq!(*operation, Operation::AssumeRole);
    assert_eq!(refusal.action, "sts:AssumeRole");
    assert_eq!(emulator.calls_of("GetTrailStatus").len(), 1);
}

#[test]
fn without_a_role_only_the_own_account_is_read() {
    let emulator = Emulator::start(full_world());
    ask(&emulator).unwrap();
    assert!(emulator.calls_of("AssumeRole").is_empty());
    assert!(emulator.calls().iter().all(|own| own.account == OWN));
}

#[test]
fn a_bucket_of_another_account_is_read_by_its_owner() {
    let mut world = full_world();
    world.account(MEMBER).role = Some(("Reader".to_owned(), Policy::all()));
    let logs = world.buckets.get_mut("logs").unwrap();
    MEMBER.clone_into(&mut logs.owner);
    "ap-southeast-2".clone_into(&mut logs.region);
    let size = [("BucketName", "logs"), ("StorageType", "StandardStorage")];
    world.account(MEMBER).metrics.push(Metric::new(
        "ap-southeast-2",
        "AWS/S3",
        "BucketSizeBytes",
        &size,
        42.0,
    ));
    let emulator = Emulator::start(world);
    let answers = ask_with(&emulator, |own| own.assume_role = Some("Reader".to_owned())).unwrap();
    let lifecycle = answers
        .answers
        .iter()
        .find(|own| matches!(&own.outcome, Ok(Data::GetBucketLifecycleConfiguration(_))))
        .unwrap();
    assert_eq!(lifecycle.asked.account, MEMBER);
    assert_eq!(lifecycle.asked.region, "ap-southeast-2");
    assert!(refusals(&answers).iter().all(|(_, _, own)| own.kind == RefusalKind::Absent));
    // Its size is among the metrics of its owner and Region, although neither has anything else to tell.
    let sizes: Vec<String> = answers
        .answers
        .iter()
        .filter(|own| own.asked.account == MEMBER && own.asked.region == "ap-southeast-2")
        .filter_map(|own| match &own.outcome {
            Ok(Data::GetMetricData(data)) => Some(data.series[0].values[0].value.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(sizes, ["42"]);
}

#[test]
fn a_bucket_of_an_account_that_is_not_read_is_said() {
    let mut world = full_world();
    let logs = world.buckets.get_mut("logs").unwrap();
    "999988887777".clone_into(&mut logs.owner);
    let emulator = Emulator::start(world);
    let answers = ask(&emulator).unwrap();
    let denied: Vec<&str> = refusals(&answers)
        .into_iter()
        .filter(|(asked, _, own)| asked.subject == "logs" && own.kind == RefusalKind::Denied)
        .map(|(asked, _, own)| {
            // S3 says where the bucket is even to those who may not read it.
            assert!(own.action == "s3:GetBucketLocation" || asked.region == "eu-west-1");
            own.action.as_str()
        })
        .collect();
    assert_eq!(denied.len(), 7, "{denied:?}");
}

#[test]
fn one_account_of_many_can_be_picked() {
    let mut world = full_world();
    world.account(MEMBER).role = Some(("Reader".to_owned(), Policy::all()));
    let emulator = Emulator::start(world);
    let answers = ask_with(&emulator, |own| {
        own.assume_role = Some("Reader".to_owned());
        own.accounts = vec![MEMBER.to_owned()];
    })
    .unwrap();
    assert!(emulator.calls_of("DescribeTrails").iter().all(|own| own.account == MEMBER));
    let names = data(&answers, |own| match own {
        Data::ListAccounts(own) => Some(own.accounts.iter().map(|own| own.name.clone()).collect::<Vec<_>>()),
        _ => None,
    });
    assert_eq!(names, [["payer", "shop"]]);
}

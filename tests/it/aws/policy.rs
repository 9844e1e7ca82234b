//! The printed policy is enough, and nothing of it is too much.

use super::{MEMBER, OWN, full_world, options, refusals};
use crate::support::aws::{Emulator, Policy};
use std::collections::BTreeSet;
use trailcost::sources::aws::answers::{Answers, RefusalKind};
use trailcost::sources::aws::live::{self, Silent, StopFlag};
use trailcost::sources::aws::{AskOptions, LookupBudget, policy_json};

fn everything(emulator: &Emulator, directory: &tempfile::TempDir) -> AskOptions {
    AskOptions {
        assume_role: Some("Reader".to_owned()),
        cost_explorer: true,
        lookup: Some(LookupBudget { windows: 1, seconds: 60, calls: 1 }),
        known_regions: vec!["eu-west-1".to_owned(), "us-east-1".to_owned()],
        ..options(emulator, OWN, directory)
    }
}

fn ask_under(policy: &Policy) -> (Answers, Emulator, String) {
    let mut world = full_world();
    world.account(MEMBER).role = Some(("Reader".to_owned(), policy.clone()));
    world.allow(OWN, policy.clone());
    let emulator = Emulator::start(world);
    let directory = tempfile::tempdir().unwrap();
    let options = everything(&emulator, &directory);
    let printed = policy_json(&options).unwrap();
    (live::ask(&options, &Silent, &StopFlag::default()).unwrap(), emulator, printed)
}

fn denied(answers: &Answers) -> BTreeSet<String> {
    refusals(answers)
        .into_iter()
        .filter(|(_, _, own)| own.kind != RefusalKind::Absent)
        .map(|(_, _, own)| own.action.clone())
        .collect()
}

#[test]
fn the_printed_policy_is_enough_and_every_action_of_it_is_needed() {
    let (_, _, printed) = ask_under(&Policy::all());
    let policy = Policy::parse(&printed);
    let (answers, emulator, _) = ask_under(&policy);
    assert_eq!(denied(&answers), BTreeSet::new());
    let called: BTreeSet<String> =
        emulator.calls().into_iter().map(|own| own.action).filter(|own| !own.is_empty()).collect();
    let allowed: BTreeSet<String> = policy.actions().into_iter().collect();
    assert_eq!(called, allowed);
    for action in &allowed {
        let (answers, emulator, _) = ask_under(&policy.without(action));
        assert_eq!(denied(&answers), BTreeSet::from([action.clone()]));
        // Nobody tries another way.
        let called: BTreeSet<String> =
            emulator.calls().into_iter().map(|own| own.action).filter(|own| !own.is_empty()).collect();
        assert!(called.is_subset(&allowed), "{action}: {called:?}");
    }
}

//! Credentials that are missing, wrong or past their time.

use super::{OWN, ask, ask_with, full_world, world};
use crate::support::aws::{Emulator, Policy, Trouble};
use trailcost::sources::aws::live::AskError;

#[test]
fn expired_credentials_end_the_run() {
    let emulator = Emulator::start(world());
    emulator.change(|world| world.principals.get_mut(&format!("AKID{OWN}")).unwrap().expired = true);
    let error = ask(&emulator).unwrap_err();
    assert_eq!(error, AskError::Expired { code: "ExpiredToken".to_owned() });
    assert_eq!(error.to_string(), "the AWS credentials have expired (ExpiredToken)");
    assert_eq!(emulator.calls(), [], "nothing is asked after the first call");
}

#[test]
fn credentials_that_nobody_knows_end_the_run() {
    let emulator = Emulator::start(world());
    emulator.change(|world| {
        world.principals.clear();
    });
    assert_eq!(ask(&emulator).unwrap_err(), AskError::Rejected { code: "InvalidClientTokenId".to_owned() });
}

#[test]
fn a_wrong_secret_ends_the_run() {
    let emulator = Emulator::start(world());
    emulator.change(|world| {
        world.principals.get_mut(&format!("AKID{OWN}")).unwrap().secret = "another".to_owned();
    });
    assert_eq!(ask(&emulator).unwrap_err(), AskError::Rejected { code: "SignatureDoesNotMatch".to_owned() });
}

#[test]
fn an_unknown_profile_is_named() {
    let emulator = Emulator::start(world());
    let error = ask_with(&emulator, |own| own.profile = Some("prodd".to_owned())).unwrap_err();
    assert_eq!(error, AskError::UnknownProfile { name: "prodd".to_owned() });
    assert!(error.hint().contains("list-profiles"));
}

#[test]
fn nobody_at_the_endpoint_is_said() {
    let emulator = Emulator::start(world());
    let error = ask_with(&emulator, |own| {
        own.endpoint_url = Some("http://127.0.0.1:9".to_owned());
        own.max_attempts = 1;
    })
    .unwrap_err();
    let AskError::Unreachable { endpoint, reason } = &error else { panic!("{error:?}") };
    assert_eq!(endpoint.as_deref(), Some("http://127.0.0.1:9"));
    assert!(reason.contains("refused"), "{reason}");
}

#[test]
fn an_endpoint_that_is_not_aws_is_said() {
    let emulator = Emulator::start(world());
    emulator.trouble("GetCallerIdentity", None, Trouble::ServerError, usize::MAX);
    let error = ask(&emulator).unwrap_err();
    assert_eq!(
        error,
        AskError::Unreachable { endpoint: Some(emulator.url()), reason: "InternalFailure".to_owned() }
    );
}

#[test]
fn who_may_nothing_at_all_learns_what_is_needed() {
    let mut world = full_world();
    world.allow(OWN, Policy::default());
    let emulator = Emulator::start(world);
    let error = ask_with(&emulator, |own| own.known_regions = vec!["eu-west-1".to_owned()]).unwrap_err();
    let AskError::NothingReadable { actions } = &error else { panic!("{error:?}") };
    assert!(actions.contains(&"cloudtrail:DescribeTrails".to_owned()), "{actions:?}");
    assert!(error.hint().contains("--print-policy"));
}

#[test]
fn accounts_that_cannot_be_read_at_all_are_said() {
    let emulator = Emulator::start(world());
    let error = ask_with(&emulator, |own| own.accounts = vec!["999999999999".to_owned()]).unwrap_err();
    assert_eq!(error, AskError::NoAccount);
}

//! Reading accounts over HTTP with the real SDK, against an AWS of our own.

mod asking;

use crate::support::aws::{Bucket, Emulator, World};
use serde_json::json;
use trailcost::sources::aws::AskOptions;
use trailcost::sources::aws::answers::{Answers, Asked, Data, Operation, Refusal};
use trailcost::sources::aws::live::{self, AskError, Silent, StopFlag};

/// The account that asks.
const OWN: &str = "111122223333";

/// One account with two Regions and one trail in both.
fn world() -> World {
    let mut world = World::default().with_account(OWN, &["eu-west-1", "us-east-1"]);
    world.account(OWN).add_trail(OWN, "eu-west-1", "main", &json!({ "IsMultiRegionTrail": true }));
    world.buckets.insert(
        "logs".to_owned(),
        Bucket { owner: OWN.to_owned(), region: "eu-west-1".to_owned(), ..Bucket::default() },
    );
    world
}

/// Options that ask an emulator quickly, with the keys of an account.
fn options(emulator: &Emulator, account: &str, directory: &tempfile::TempDir) -> AskOptions {
    let file = directory.path().join("credentials");
    let keys = format!(
        "[default]\naws_access_key_id = AKID{account}\naws_secret_access_key = secret\nregion = us-east-1\n"
    );
    std::fs::write(&file, keys).unwrap();
    AskOptions {
        credentials_file: Some(file),
        endpoint_url: Some(emulator.url()),
        first_backoff_ms: 1,
        max_attempts: 3,
        ..AskOptions::new("2026-11-21".parse().unwrap())
    }
}

/// Asks with options that `change` changes.
fn ask_with(emulator: &Emulator, change: impl FnOnce(&mut AskOptions)) -> Result<Answers, AskError> {
    let directory = tempfile::tempdir().unwrap();
    let mut options = options(emulator, OWN, &directory);
    change(&mut options);
    live::ask(&options, &Silent, &StopFlag::default())
}

fn ask(emulator: &Emulator) -> Result<Answers, AskError> {
    ask_with(emulator, |_| {})
}

/// Picks from everything that came back.
fn data<T>(answers: &Answers, pick: impl Fn(&Data) -> Option<T>) -> Vec<T> {
    answers.answers.iter().filter_map(|own| own.outcome.as_ref().ok()).filter_map(pick).collect()
}

/// Everything that brought nothing.
fn refusals(answers: &Answers) -> Vec<(&Asked, Operation, &Refusal)> {
    let refused =
        answers.answers.iter().filter_map(|own| own.outcome.as_ref().err().map(|err| (&own.asked, err)));
    refused.map(|(asked, (operation, refusal))| (asked, *operation, refusal)).collect()
}

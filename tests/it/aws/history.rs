//! Event history, sampled.

use super::{OWN, ask, ask_with, data, full_world};
use crate::support::aws::Emulator;
use std::time::Duration;
use trailcost::sources::aws::LookupBudget;
use trailcost::sources::aws::answers::{Answers, Data, LookupWindow};

/// Midnight of 20 Nov 2026, when the events of the tests begin.
const MIDNIGHT: i64 = 1_795_132_800;

fn windows(answers: &Answers) -> Vec<LookupWindow> {
    let mut found = answers.answers.iter().filter(|own| own.asked.region == "eu-west-1");
    found
        .find_map(|own| match &own.outcome {
            Ok(Data::LookupEvents(own)) => Some(own.windows.clone()),
            _ => None,
        })
        .unwrap()
}

fn total(window: &LookupWindow) -> u64 {
    window.counts.iter().map(|own| own.events).sum()
}

#[test]
fn history_is_not_asked_for_unless_wanted() {
    let emulator = Emulator::start(full_world());
    ask(&emulator).unwrap();
    assert!(emulator.calls_of("LookupEvents").is_empty());
}

#[test]
fn a_window_is_read_to_its_end_and_the_rate_is_kept() {
    let emulator = Emulator::start(full_world());
    let answers = ask_with(&emulator, |own| {
        own.days = 1;
        own.lookup = Some(LookupBudget { windows: 1, seconds: 86_400, calls: 10 });
    })
    .unwrap();
    let windows = windows(&answers);
    assert_eq!(windows.len(), 1);
    assert_eq!(windows[0].start, "2026-11-20T00:00:00Z");
    assert_eq!(windows[0].end, "2026-11-21T00:00:00Z");
    assert_eq!(total(&windows[0]), 130);
    let kms: u64 = windows[0]
        .counts
        .iter()
        .filter(|own| own.event_source == "kms.amazonaws.com")
        .map(|own| own.events)
        .sum();
    assert_eq!(kms, 44, "every third of 130, from the first on");
    let calls = emulator.calls_of("LookupEvents");
    let times: Vec<Duration> =
        calls.iter().filter(|own| own.region == "eu-west-1").map(|own| own.at).collect();
    assert_eq!(times.len(), 3, "130 events in pages of 50");
    for pair in times.windows(2) {
        // Half a second apart when sent; a busy machine may take one in late.
        assert!(pair[1].saturating_sub(pair[0]) >= Duration::from_millis(250), "{pair:?}");
    }
    assert!(calls.iter().all(|own| own.account == OWN));
}

#[test]
fn a_window_that_takes_too_many_calls_is_cut_at_a_whole_second() {
    let emulator = Emulator::start(full_world());
    let answers = ask_with(&emulator, |own| {
        own.days = 1;
        own.lookup = Some(LookupBudget { windows: 1, seconds: 86_400, calls: 2 });
    })
    .unwrap();
    let windows = windows(&answers);
    // A hundred events are read, one a second, from the newest; the earliest second may not be whole.
    assert_eq!(total(&windows[0]), 99);
    let start = MIDNIGHT + 130 - 99;
    let minutes = (start - MIDNIGHT) / 60;
    assert_eq!(windows[0].start, format!("2026-11-20T00:{minutes:02}:{:02}Z", (start - MIDNIGHT) % 60));
    assert_eq!(windows[0].end, "2026-11-21T00:00:00Z");
}

#[test]
fn windows_are_spread_over_the_days() {
    let emulator = Emulator::start(full_world());
    let answers = ask_with(&emulator, |own| {
        own.regions = vec!["eu-west-1".to_owned()];
        own.days = 4;
        own.lookup = Some(LookupBudget { windows: 4, seconds: 60, calls: 8 });
    })
    .unwrap();
    let windows = windows(&answers);
    let days: Vec<&str> = windows.iter().map(|own| &own.start[..10]).collect();
    assert_eq!(days, ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"]);
    let mut times: Vec<&str> = windows.iter().map(|own| &own.start[11..]).collect();
    times.dedup();
    assert_eq!(times.len(), 4, "not always the same time of the day");
    let _ = data(&answers, |_| Some(()));
}

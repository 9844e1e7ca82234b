//! A short run of what the fuzz targets run for long, and the seeds that they begin with.

use crate::support::log_corpus::Random;
use crate::support::{log_fuzz, root};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use trailcost::attribution::EventRates;
use trailcost::domain::RegionTable;
use trailcost::pricing::RateCard;
use trailcost::report::{CountedView, counted_json};
use trailcost::sources::logs::{LogOptions, count};

fn measured(folder: &Path) -> Value {
    let options = LogOptions::new(vec![folder.into()], 1);
    let counts = count(&options, &AtomicBool::new(false), &mut |_| {}).unwrap();
    // Nothing is priced without a table.
    let (card, regions) = (RateCard::new(&[], "2026-11-01".parse().unwrap()), RegionTable::default());
    let view = CountedView::new(counts, None, None, &EventRates::new(&card, &regions), None);
    counted_json(&view).unwrap()
}

/// The seeds of a target, and as many more inputs as asked.
fn inputs(target: &str, drawn: usize) -> Vec<Vec<u8>> {
    let folder = root().join("fuzz/seeds").join(target);
    let mut inputs: Vec<Vec<u8>> =
        fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
    assert!(!inputs.is_empty(), "{target} has no seeds");
    let mut random = Random::new(23);
    inputs.extend((0..drawn).map(|_| {
        let length = random.below(400);
        (0..length).map(|_| random.next().to_le_bytes()[0]).collect()
    }));
    inputs
}

#[test]
fn texts_are_scanned_as_the_reference_reads_them() {
    for input in inputs("scanner", 600) {
        log_fuzz::scanner(&input, measured);
    }
}

#[test]
fn texts_that_end_anywhere_are_read_as_the_reference_reads_them() {
    log_fuzz::cut(measured);
}

#[test]
fn gzip_members_are_read_as_the_reference_reads_them() {
    for input in inputs("framing", 300) {
        log_fuzz::framing(&input, measured);
    }
}

#[test]
fn paths_are_understood_as_the_reference_understands_them() {
    for input in inputs("paths", 300) {
        log_fuzz::paths(&input, measured);
    }
}

//! What the program counts in a folder, without a process of its own.

use serde_json::Value;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use trailcost::attribution::EventRates;
use trailcost::domain::RegionTable;
use trailcost::pricing::RateCard;
use trailcost::report::{CountedView, counted_json};
use trailcost::sources::logs::{LogOptions, count};

pub(crate) fn measured(folder: &Path) -> Value {
    let options = LogOptions::new(vec![folder.into()], 1);
    let counts = count(&options, &AtomicBool::new(false), &mut |_| {}).unwrap();
    // Nothing is priced without a table.
    let (card, regions) = (RateCard::new(&[], "2026-11-01".parse().unwrap()), RegionTable::default());
    let view = CountedView::new(counts, None, None, &EventRates::new(&card, &regions), None);
    counted_json(&view).unwrap()
}

//! What the program counts in a folder, without a process of its own.

use serde_json::Value;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use trailcost::report::{CountedView, counted_json};
use trailcost::sources::logs::{LogOptions, count};

pub(crate) fn measured(folder: &Path) -> Value {
    let options = LogOptions::new(vec![folder.into()], 1);
    let counts = count(&options, &AtomicBool::new(false), &mut |_| {}).unwrap();
    counted_json(&CountedView::new(counts, None, None)).unwrap()
}

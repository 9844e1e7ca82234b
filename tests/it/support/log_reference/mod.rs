//! What `measure logs` must count, counted slowly: every text is parsed whole, every event is kept, nothing is clever.
//!
//! It shares no code with the program. Compare it with the JSON that the program prints.

mod compare;
mod count;
mod event;
mod files;
#[cfg(feature = "aws")]
mod rows;
mod selector;
mod text;

use serde_json::Value;
use std::path::Path;

pub(crate) use compare::differences;
pub(crate) use event::Event;
#[cfg(feature = "aws")]
pub(crate) use rows::{Table, rows};
pub(crate) use selector::{records, value};

/// The measurement of one folder, in the form of the program's JSON as far as the two are compared.
pub(crate) fn measure(folder: &Path) -> Value {
    let archive = files::read(folder);
    count::count(&archive)
}

/// Every event of a folder's files.
pub(crate) fn events(folder: &Path) -> Vec<Event> {
    files::read(folder).logs.into_iter().flat_map(|log| log.events).collect()
}

//! CloudTrail log files: what happened, how often, and how often it was delivered.
//!
//! In: files, folders and buckets, read by several threads in bounded memory. Out: [`LogCounts`](crate::domain::LogCounts), and a
//! [`Model`](crate::domain::Model) of the month they stand for. Must not know: price tables, output formats.

mod append;
mod arn;
mod change;
mod content;
mod copies;
mod day;
mod files;
mod find;
mod history;
mod known;
mod listing;
mod lower;
mod merge;
mod month;
mod objects;
mod options;
mod path;
#[cfg(test)]
mod portable_tests;
mod queue;
mod raw;
mod recent;
mod recorders;
mod replay;
mod replicas;
mod run;
mod scan;
mod side_by_side;
mod state;
mod table;
mod tally;
mod walk;

pub use lower::{Lowered, lower};
pub use objects::{
    AskedOf, ObjectFault, ObjectKey, ObjectPlace, Objects, ObjectsError, Page, PageAsk, SeenObject,
};
pub use options::{LogOptions, LogPlace, LogsError, ReadSoFar};
pub use run::{count, count_from};
pub use state::{StateError, StateFolder};

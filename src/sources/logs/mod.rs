//! CloudTrail log files: what happened, how often, and how often it was delivered.
//!
//! In: files and folders, read by several threads in bounded memory. Out: [`LogCounts`](crate::domain::LogCounts), and a
//! [`Model`](crate::domain::Model) of the month they stand for. Must not know: price tables, output formats.

mod change;
mod content;
mod copies;
mod day;
mod files;
mod lower;
mod merge;
mod month;
mod options;
mod path;
#[cfg(test)]
mod portable_tests;
mod raw;
mod recorders;
mod run;
mod scan;
mod table;
mod tally;
mod walk;

pub use lower::{Lowered, lower};
pub use options::{LogOptions, LogsError, ReadSoFar};
pub use run::count;

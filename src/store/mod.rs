//! The history: one file for each month.
//!
//! In: snapshots of months. Out: the same, whole and in order. Must not know: what a report makes of them.

mod document;
mod document_days;
mod error;
mod history;

pub use document::VERSION;
pub use error::HistoryError;
pub use history::{History, Recorded};

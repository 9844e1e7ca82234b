//! Scenario files out of a model: what a measurement found, in the words that a person would have written.
//!
//! In: a [`Model`](crate::domain::Model). Out: the text of a scenario, and of the table of volumes beside it where there are
//! many; read again they give the same model. Must not know: prices, money, where the text goes.

mod accounts;
mod alerting;
mod amounts;
mod comments;
mod document;
mod error;
mod keep;
mod lifecycle;
mod page;
mod recorders;
mod selectors;
mod settings;
mod storage;
mod table;
mod volumes;

pub use document::{ScenarioText, VOLUMES_FILE, WriteOptions, write};
pub use error::WriteError;

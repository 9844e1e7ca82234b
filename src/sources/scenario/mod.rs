//! Scenario files: what a person writes, or a measurement, as TOML, with many accounts in a CSV beside it.
//!
//! In: a path, and what the tables know of usage types and Regions. Out: a [`Model`](crate::domain::Model), or every
//! error with its place; and back again, a scenario out of a model. Must not know: prices, money, output formats.

pub(super) mod at;
mod bill_names;
mod defaults;
mod document;
mod document_alerting;
pub(super) mod document_keep;
mod document_measured;
mod document_selection;
mod document_storage;
pub(super) mod document_text;
mod load;
mod lower;
mod lower_accounts;
mod lower_alerting;
mod lower_buckets;
mod lower_demands;
mod lower_events;
mod lower_keep;
mod lower_kms_keys;
mod lower_lifecycle;
mod lower_measured;
mod lower_places;
mod lower_readers;
mod lower_recorders;
mod lower_selectors;
mod lower_terms;
mod lower_unreached;
mod lower_values;
pub(super) mod notes;
mod quantity_text;
mod schema;
mod settings;
pub(super) mod shape_check;
mod template;
mod volumes_csv;
mod write;

pub use defaults::{DEFAULTS_TOML, Defaults};
pub use load::{Context, Loaded, load, parse};
pub use quantity_text::bytes;
pub use schema::json_schema;
pub use template::{Size, template};
pub use write::{ScenarioText, VOLUMES_FILE, WriteError, WriteOptions, write};

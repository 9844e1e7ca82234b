//! From resources to an inventory, settings and gaps.

mod alerting;
mod buckets;
mod fields;
mod findings;
mod keys;
mod lifecycle;
mod links;
mod metrics;
mod places;
mod rules;
mod selectors;
mod settings;
mod side;
mod stores;
mod trails;

pub(super) use places::Places;
pub use side::Side;
pub(super) use side::lower;

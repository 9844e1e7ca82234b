//! From resources to an inventory, settings and gaps.

mod alerting;
mod buckets;
mod fields;
mod findings;
mod keys;
mod led;
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

pub(super) use led::Led;
pub(super) use places::{NOBODY, Places};
pub use side::Side;
pub(super) use side::lower;

//! From what is configured and what happens to billable quantities, keyed as the bill keys them.
//!
//! In: a [`Model`](crate::domain::Model). Out: a [`UsagePlan`] that yields records month by month, with gaps and
//! warnings. Must not know: prices, money, output formats.

mod builder;
mod cell;
mod chain;
mod copies;
mod coverage;
mod deliveries;
mod error;
mod gather;
mod growth_factor;
mod keys;
mod lake;
mod lone;
mod meter;
mod plan;
mod pooled;
mod recorders;
mod selectors;
mod shape;
mod storage_trials;
mod unknown_charges;

pub use error::UsageError;
pub use lone::LoneVolume;
pub use plan::UsagePlan;
pub use selectors::{Match, selects};
pub use shape::analyses;
pub use storage_trials::{StorageTrials, TrialUsage};

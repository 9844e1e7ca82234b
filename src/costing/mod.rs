//! From usage and rates to line items and an estimate.
//!
//! In: a [`UsageSource`](crate::domain::UsageSource), a [`RateCard`](crate::pricing::RateCard), free tiers,
//! terms. Out: an
//! [`Estimate`], and line items to a sink. Must not know: which service it prices, where usage comes from, formats.

mod error;
mod estimate;
mod free;
mod pool;
mod price_sheet;
mod pricer;
mod rates;
mod run;
mod tally;
mod totals;

pub use error::CostError;
pub use estimate::{Estimate, MissingPrice, UnknownVolume, UsedFreeTier, UsedRate, estimate};
pub use price_sheet::{MeterPrice, MeterTier, meter_prices};
pub use pricer::{LoneCost, Pricer};
pub use tally::{Breakdown, BreakdownRow, ComponentCost, Cost, Dimension, Figures};
pub use totals::{Totals, Unpriced, totals};

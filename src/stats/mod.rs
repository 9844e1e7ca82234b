//! Chance: what a range means, numbers drawn from it, and percentiles of what comes out.
//!
//! In: ranges, a seed, exact amounts. Out: exact quantities and amounts. Must not know: prices, usage, formats. Binary
//! floats live here and in charts only, and are used with `+ − × ÷ √` alone: these are rounded the same way by every
//! processor, so that a seed gives the same bits everywhere.

mod forecast;
mod outliers;
mod percentiles;
mod range_draws;
mod triangular;
mod uniform;

pub use forecast::{ForecastMethod, ForecastQuantity, Measured, Recorded, SeriesForecast, forecast};
pub use outliers::{Outlier, outliers};
pub use percentiles::Percentiles;
pub use range_draws::RangeDraws;
pub use triangular::Triangular;
pub use uniform::Uniform;

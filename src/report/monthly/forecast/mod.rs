//! What the months to come will cost: quantities are forecast, and priced as quantities are.
//!
//! In: what the history says of each usage type in each Region, and the rate card. Out: P10, P50 and P90 of each month and
//! component, with what they rest on.

mod chart;
mod files;
mod make;
mod prices;
mod sections;

pub use make::{Band, Forecast, ForecastMonth, ForecastSeries, ForecastSpan, PartialMonth};
pub use prices::{ForecastPrices, Pricing};

pub(super) use chart::{FORECAST_CHART, forecast_chart};
pub(super) use files::{ForecastJson, forecast_csv};

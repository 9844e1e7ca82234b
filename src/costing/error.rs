//! Why there is no estimate.

use crate::domain::{Currency, Month, QuantityError, RegionCode, SinkError, Unit};
use std::fmt;

/// Says why there is no estimate.
#[derive(Debug)]
pub enum CostError {
    /// Two prices claim the same usage.
    Ambiguous {
        /// The service's code.
        service: String,
        /// The usage type.
        usage_type: String,
        /// The Region.
        region: RegionCode,
        /// What contradicts what.
        reason: String,
    },
    /// A price is in another currency than the scenario.
    Currency {
        /// The service's code.
        service: String,
        /// The usage type.
        usage_type: String,
        /// The Region.
        region: RegionCode,
        /// The price's currency.
        price: Currency,
        /// The scenario's currency.
        scenario: Currency,
    },
    /// A price is for another unit than the usage is in.
    Unit {
        /// The usage type.
        usage_type: String,
        /// The Region.
        region: RegionCode,
        /// The price's unit.
        price: Unit,
        /// The usage's unit.
        usage: Unit,
    },
    /// A quantity is past what can be held.
    Quantity(QuantityError),
    /// An amount is past what can be held.
    Overflow,
    /// The cost of one usage type in one month is past what can be held.
    TooMuch {
        /// The usage type.
        usage_type: String,
        /// The Region.
        region: RegionCode,
        /// The month.
        month: Month,
    },
    /// A line item could not be written.
    Sink(SinkError),
}

impl fmt::Display for CostError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ambiguous { service, usage_type, region, reason } => {
                write!(formatter, "the price of {service} {usage_type} in {region} is ambiguous: {reason}")
            }
            Self::Currency { service, usage_type, region, price, scenario } => write!(
                formatter,
                "the price of {service} {usage_type} in {region} is in {price}, the scenario in {scenario}"
            ),
            Self::Unit { usage_type, region, price, usage } => write!(
                formatter,
                "the price of {usage_type} in {region} is per {price}, the usage is in {usage}"
            ),
            Self::Quantity(error) => error.fmt(formatter),
            Self::TooMuch { usage_type, region, month } => write!(
                formatter,
                "the cost of {usage_type} in {region} in {month} is past 170 trillion, too large to be held exactly"
            ),
            Self::Overflow => {
                formatter.write_str("an amount is past 170 trillion, too large to be held exactly")
            }
            Self::Sink(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for CostError {}

impl From<QuantityError> for CostError {
    fn from(error: QuantityError) -> Self {
        Self::Quantity(error)
    }
}

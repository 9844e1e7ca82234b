//! Why nothing can be reconciled.

use crate::costing::CostError;
use crate::domain::{Currency, Month};
use std::fmt;

/// Says why nothing can be reconciled.
#[derive(Debug)]
pub enum ReconcileError {
    /// The sides have no month in common; months without usage are left out.
    NoCommonMonth {
        /// First and last month of the scenario.
        estimate: Option<(Month, Month)>,
        /// The other side: `the bill`, `the measured scenario`.
        other: &'static str,
        /// Its first and last month.
        found: Option<(Month, Month)>,
    },
    /// The month asked for is not on both sides.
    MonthNotThere {
        /// The month.
        month: Month,
        /// First and last month of the scenario.
        estimate: Option<(Month, Month)>,
        /// The other side.
        other: &'static str,
        /// Its first and last month.
        found: Option<(Month, Month)>,
    },
    /// The bill is in another currency than the scenario.
    Currency {
        /// The bill's.
        bill: Currency,
        /// The scenario's.
        scenario: Currency,
    },
    /// There is neither a bill nor a measured scenario.
    NothingToCompare,
    /// A side could not be priced, or a sum is too large.
    Cost(CostError),
}

impl fmt::Display for ReconcileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let range = |range: &Option<(Month, Month)>| match range {
            None => "no month".to_owned(),
            Some((first, last)) if first == last => first.to_string(),
            Some((first, last)) => format!("{first} to {last}"),
        };
        match self {
            Self::NoCommonMonth { estimate, other, found } => write!(
                formatter,
                "the scenario and {other} have no month in common: the scenario covers {}, {other} {}",
                range(estimate),
                range(found)
            ),
            Self::MonthNotThere { month, estimate, other, found } => write!(
                formatter,
                "{month} is not on both sides: the scenario covers {}, {other} {}",
                range(estimate),
                range(found)
            ),
            Self::Currency { bill, scenario } => {
                write!(formatter, "the bill is in {bill}, the scenario in {scenario}")
            }
            Self::NothingToCompare => formatter.write_str("there is nothing to reconcile the scenario with"),
            Self::Cost(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for ReconcileError {}

impl From<CostError> for ReconcileError {
    fn from(error: CostError) -> Self {
        Self::Cost(error)
    }
}

impl From<crate::domain::QuantityError> for ReconcileError {
    fn from(error: crate::domain::QuantityError) -> Self {
        Self::Cost(error.into())
    }
}

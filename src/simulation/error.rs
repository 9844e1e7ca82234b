//! Why there is no simulation.

use crate::costing::CostError;
use crate::domain::QuantityError;
use crate::usage::UsageError;
use std::fmt;

/// Says why there is no simulation.
#[derive(Debug)]
pub enum SimulationError {
    /// No usage can be derived from a draw.
    Usage(UsageError),
    /// A draw cannot be priced.
    Cost(CostError),
}

impl fmt::Display for SimulationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(error) => error.fmt(formatter),
            Self::Cost(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for SimulationError {}

impl From<UsageError> for SimulationError {
    fn from(error: UsageError) -> Self {
        Self::Usage(error)
    }
}

impl From<CostError> for SimulationError {
    fn from(error: CostError) -> Self {
        Self::Cost(error)
    }
}

impl From<QuantityError> for SimulationError {
    fn from(error: QuantityError) -> Self {
        Self::Cost(CostError::Quantity(error))
    }
}

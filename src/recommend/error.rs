//! Why no plan could be made.

use crate::costing::CostError;
use crate::usage::UsageError;
use std::fmt;

/// Says why no plan could be made.
#[derive(Debug)]
pub enum RecommendError {
    /// Quantities of a changed model could not be derived.
    Usage(UsageError),
    /// They could not be priced.
    Cost(CostError),
}

impl fmt::Display for RecommendError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(error) => error.fmt(formatter),
            Self::Cost(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for RecommendError {}

impl From<UsageError> for RecommendError {
    fn from(error: UsageError) -> Self {
        Self::Usage(error)
    }
}

impl From<CostError> for RecommendError {
    fn from(error: CostError) -> Self {
        Self::Cost(error)
    }
}

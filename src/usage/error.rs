//! Why no usage can be derived.

use crate::domain::{GrowthError, Quantity, QuantityError};
use std::fmt;

/// Says why no usage can be derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsageError {
    /// A growth factor is past what can be held.
    Growth(GrowthError),
    /// A quantity is past what can be held.
    Quantity(QuantityError),
    /// A number of events has a fraction.
    NotWhole {
        /// The quantity.
        quantity: Quantity,
        /// Where it stands.
        place: String,
    },
    /// The model lacks a figure that the calculation needs.
    NoFigure(&'static str),
}

impl fmt::Display for UsageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Growth(error) => error.fmt(formatter),
            Self::Quantity(error) => error.fmt(formatter),
            Self::NotWhole { quantity, place } => {
                write!(formatter, "{quantity} events at {place} is not a whole number")
            }
            Self::NoFigure(id) => {
                write!(formatter, "the figure `{id}` is missing, out of range or not whole")
            }
        }
    }
}

impl std::error::Error for UsageError {}

impl From<QuantityError> for UsageError {
    fn from(error: QuantityError) -> Self {
        Self::Quantity(error)
    }
}

impl From<GrowthError> for UsageError {
    fn from(error: GrowthError) -> Self {
        Self::Growth(error)
    }
}

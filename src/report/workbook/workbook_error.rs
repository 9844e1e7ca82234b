//! Why a workbook could not be made.

use crate::costing::CostError;
use crate::domain::QuantityError;
use rust_xlsxwriter::XlsxError;
use std::fmt;

/// Says why a workbook could not be made.
#[derive(Debug)]
pub enum WorkbookError {
    /// The usage could not be priced.
    Cost(CostError),
    /// A quantity is past what can be held.
    Quantity(QuantityError),
    /// What stands in it is past what a workbook holds.
    Workbook(XlsxError),
}

impl fmt::Display for WorkbookError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cost(error) => error.fmt(formatter),
            Self::Quantity(error) => error.fmt(formatter),
            Self::Workbook(error) => write!(formatter, "the workbook cannot be made: {error}"),
        }
    }
}

impl std::error::Error for WorkbookError {}

impl From<CostError> for WorkbookError {
    fn from(error: CostError) -> Self {
        Self::Cost(error)
    }
}

impl From<QuantityError> for WorkbookError {
    fn from(error: QuantityError) -> Self {
        Self::Quantity(error)
    }
}

impl From<XlsxError> for WorkbookError {
    fn from(error: XlsxError) -> Self {
        Self::Workbook(error)
    }
}

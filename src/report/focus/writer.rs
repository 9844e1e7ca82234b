//! Writes rows in either format, and counts what is unknown.

use super::csv_rows::CsvRows;
use super::parquet_rows::ParquetRows;
use super::row::FocusRow;
use crate::domain::ChargeCategory;
use std::fmt;
use std::io::Write;

/// The format of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FocusFormat {
    /// Comma-separated text.
    Csv,
    /// Parquet, compressed with zstd.
    Parquet,
}

/// Says why rows could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FocusError {
    /// The file beneath.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The csv writer.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// The Parquet writer.
    #[error(transparent)]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The columns of a block.
    #[error(transparent)]
    Arrow(#[from] arrow_schema::ArrowError),
    /// A number has more digits than Parquet holds.
    #[error("a number in {0} has more than the 38 digits that Parquet holds; write csv")]
    TooLarge(&'static str),
    /// A bug: a value is not of its column's type.
    #[error("a value in {0} is not of the column's type")]
    Kind(&'static str),
}

impl FocusError {
    pub(super) fn in_column(self, name: &'static str) -> Self {
        match self {
            Self::TooLarge(_) => Self::TooLarge(name),
            Self::Kind(_) => Self::Kind(name),
            other => other,
        }
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FocusTotals {
    /// Rows.
    pub rows: u64,
    /// Rows of usage without a cost, as the price or the quantity is unknown.
    pub without_cost: u64,
    /// Rows of usage that have a cost, while more was used than anybody knows.
    pub with_unknown_usage: u64,
}

enum Encoder<W: Write + Send> {
    Csv(Box<CsvRows<W>>),
    Parquet(Box<ParquetRows<W>>),
}

/// Streams rows.
pub struct FocusWriter<W: Write + Send> {
    encoder: Encoder<W>,
    totals: FocusTotals,
}

impl<W: Write + Send> fmt::Debug for FocusWriter<W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FocusWriter").field("totals", &self.totals).finish_non_exhaustive()
    }
}

impl<W: Write + Send> FocusWriter<W> {
    /// Begins a dataset.
    ///
    /// # Errors
    /// Whatever the writer beneath says.
    pub fn new(inner: W, format: FocusFormat) -> Result<Self, FocusError> {
        let encoder = match format {
            FocusFormat::Csv => Encoder::Csv(Box::new(CsvRows::new(inner)?)),
            FocusFormat::Parquet => Encoder::Parquet(Box::new(ParquetRows::new(inner)?)),
        };
        Ok(Self { encoder, totals: FocusTotals::default() })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// [`FocusError::TooLarge`] where a number does not fit, or whatever the writer beneath says.
    pub fn write(&mut self, row: &FocusRow<'_>) -> Result<(), FocusError> {
        self.totals.rows += 1;
        let costs = [row.billed_cost, row.list_cost, row.contracted_cost, row.effective_cost];
        if row.category == ChargeCategory::Usage {
            if costs.iter().any(Option::is_none) {
                self.totals.without_cost += 1;
            } else if row.has_unknown {
                self.totals.with_unknown_usage += 1;
            }
        }
        let cells = row.cells();
        match &mut self.encoder {
            Encoder::Csv(own) => Ok(own.write(&cells)?),
            Encoder::Parquet(own) => own.write(&cells),
        }
    }

    /// Ends the dataset; returns what it was written to, and what was.
    ///
    /// # Errors
    /// Whatever the writer beneath says.
    pub fn finish(self) -> Result<(W, FocusTotals), FocusError> {
        let inner = match self.encoder {
            Encoder::Csv(own) => own.finish()?,
            Encoder::Parquet(own) => own.finish()?,
        };
        Ok((inner, self.totals))
    }
}

//! Estimates, measurements and bills as FOCUS 1.2 datasets: one row type, two encoders.
//!
//! In: line items as they are priced, or a bill's lines. Out: csv or Parquet with every column of FOCUS 1.2 and columns of our own
//! behind them. Must not know: views, files. Nothing is held but the rows of one block of Parquet.
//!
//! Source of names, types and allowed values: FOCUS specification 1.2, dataset Cost and Usage.

mod billed;
mod cell;
mod column;
mod csv_rows;
mod line_items;
mod parquet_rows;
mod recorded;
mod resource_type;
mod row;
mod service;
mod tags;
mod writer;

pub use billed::write_bill;
pub use cell::Cell;
pub use column::{COLUMNS, Column, Kind};
pub use line_items::{FocusFacts, FocusLineItems};
pub use recorded::write_recorded;
pub(super) use row::focus_category;
pub use row::{CostKind, FocusRow};
pub use writer::{FocusError, FocusFormat, FocusTotals, FocusWriter};

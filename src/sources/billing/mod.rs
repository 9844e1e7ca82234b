//! Exports of the bill: legacy CUR, CUR 2.0, FOCUS, and Cost Explorer's download.
//!
//! In: files and folders, read as streams in bounded memory, and what the tables know of usage types and Regions. Out: a
//! [`Bill`](crate::domain::Bill), or what is wrong with a file. Must not know: price tables (whoever calls tells a list price
//! where one is asked for), output formats.

mod account;
mod blocks;
mod by_day;
mod calendar;
mod claims;
mod columns;
mod container;
mod cost_explorer;
mod csv_rows;
mod fault;
mod files;
mod format;
mod kind;
mod line;
mod lower;
mod members;
mod odd;
mod options;
mod overlap;
mod parquet_rows;
mod place;
mod read;
mod record;
mod resolve;
mod service;
mod tally;
mod wide;

pub use lower::{Lowered, lower, month_of};
pub use options::{Options, Sku};
pub use read::read;
pub(crate) use resolve::is_named;

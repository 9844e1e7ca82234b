//! Exports of the bill: legacy CUR, CUR 2.0, FOCUS, and Cost Explorer's download.
//!
//! In: files and folders, read as streams in bounded memory, and what the tables know of usage types and Regions. Out: a
//! [`Bill`](crate::domain::Bill), or what is wrong with a file. Must not know: prices, output formats.

mod options;
mod read;

pub use options::{Options, Sku};
pub use read::read;

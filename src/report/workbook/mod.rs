//! A workbook whose formulas compute an estimate anew when a volume, a price or growth is edited.
//!
//! In: an estimate, its usage and its prices. Out: the bytes of an `.xlsx` file. Every formula bears the engine's own
//! figure as its result, so that a reader that does not compute shows the same. Must not know: files, arguments.
//!
//! Names from outside stand in cells as texts and nowhere else: no formula, sheet or defined name holds one.

mod book;
mod cells;
mod charts;
mod course;
mod facts;
mod history;
mod history_charts;
mod history_volumes;
mod layout;
mod line_items;
mod months;
mod notes;
mod page;
mod pool_block;
mod prices;
mod quantity_formula;
mod rows;
mod styles;
mod summary;
mod volumes;
mod workbook_error;
mod write;

pub use facts::WorkbookFacts;
pub use history::history_workbook;
pub use workbook_error::WorkbookError;
pub use write::workbook;

//! Views of an estimate: one [`ReportView`] that every format encodes.
//!
//! In: an [`Estimate`](crate::costing::Estimate) and what goes with it. Out: text, CSV, JSON, Markdown, charts. Must not
//! know: files, arguments, how usage was derived. Figures are rounded here and nowhere before, once.

pub mod chart;
mod chart_titles;
mod charts;
mod clean;
mod compare_view;
mod csv;
mod json;
mod logs_charts;
mod logs_csv;
mod logs_json;
mod logs_view;
mod markdown;
mod number;
mod price_text;
mod ranges_csv;
mod ranges_json;
mod ranges_markdown;
mod ranges_text;
mod ranges_view;
mod table;
mod view;

pub use chart_titles::{band_title, chain_title, storage_title, tornado_title};
pub use charts::{NamedChart, compare_chart, estimate_charts};
pub use clean::{csv_field, visible};
pub use compare_view::{CompareView, Compared, Comparison, Difference};
pub use csv::{LineItemCsv, compare_csv, monthly_csv, summary_csv};
pub use json::{EstimateJson, LineItems, compare_json, compare_schema, estimate_schema};
pub use logs_csv::storage_csv;
pub use logs_view::{LogFacts, LogsView};
pub use markdown::{compare_markdown, estimate_markdown};
pub use number::{grouped, money_text, percent_text};
pub use price_text::{price_per, row_to_add};
pub use ranges_csv::{ranges_csv, tornado_csv};
pub use ranges_view::{BandMonth, RangeRow, RangesView, TornadoInput};
pub use table::{Style, compare_text, estimate_text};
pub use view::{Facts, GroupBy, MeasuredView, ReportView, Row};

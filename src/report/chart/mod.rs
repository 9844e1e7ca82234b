//! Draws the report's charts: exact amounts and finished captions come in, SVG text and PNG bytes go out.
//!
//! Every chart carries its finding as the title, says what it shows and in which unit beneath, names each series
//! beside its shape instead of in a legend, and closes with a footnote, so that it survives alone on a slide.
//! The same input gives the same bytes: no clock, no system font, no network.
//!
//! This module must not know where amounts come from nor which finding is worth a title. Amounts stay decimal up to
//! their labels; binary floats place pixels only, which is why the float lints are off here and nowhere else.
#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "floats place pixels in this module; every label is computed from decimals"
)]

mod axis;
mod canvas;
mod chain;
mod chain_stage;
mod chain_tree;
mod cost_band;
mod daily_columns;
mod difference_bars;
mod fonts;
mod forecast_lines;
mod frame;
mod heat_map;
mod horizontal_bars;
mod labels;
#[cfg(test)]
mod layout_tests;
mod lines;
mod month_axis;
mod number;
mod palette;
mod png;
mod series;
mod stacked_bars;
mod storage_stack;
mod text;
mod tornado;
mod volume;
mod waterfall;

pub use chain::{Chain, ChainArrow, ChainNode};
pub use chain_stage::ChainStage;
pub use cost_band::{BandMonth, BandSpan, CostBand};
pub use daily_columns::{DailyColumns, DayMark};
pub use difference_bars::{DifferenceBar, DifferenceBars};
pub use fonts::{font_face_css, has_devanagari, standalone};
pub use forecast_lines::ForecastLines;
pub use frame::Caption;
pub use heat_map::HeatMap;
pub use horizontal_bars::{HorizontalBar, HorizontalBars};
pub use lines::MonthlyLines;
pub use month_axis::MonthNames;
pub use number::{headline_money, money, share, told_apart};
pub use palette::{Colour, ComponentGroup, storage_colour};
pub use png::{ChartError, png};
pub use series::Series;
pub use stacked_bars::StackedBars;
pub use storage_stack::StorageStack;
pub use tornado::{Tornado, TornadoEnd, TornadoRow};
pub use volume::volume;
pub use waterfall::{StepKind, Waterfall, WaterfallStep};

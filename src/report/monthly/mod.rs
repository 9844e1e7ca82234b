//! The report of a month, a quarter or a range of months, from the history.

mod anomalies;
mod budget;
mod chargeback;
mod charts;
mod csv;
mod effects;
mod evidence;
mod facts;
mod forecast;
mod html;
mod json;
mod last_month;
mod line_evidence;
mod outcome;
mod parts;
mod period;
mod phrase;
mod sections;
mod sum;
mod text;
mod unit_cost;
mod view;
mod what_if;
mod what_if_page;
mod words;

pub use anomalies::Anomaly;
pub use chargeback::{Borne, Chargeback};
pub use charts::{MONTHLY_CHARTS, monthly_charts};
pub use csv::monthly_tables;
pub use effects::Effects;
pub use facts::{Grouping, MonthFacts, MonthlyFacts, SeriesKey};
pub use forecast::{
    Band, Forecast, ForecastMonth, ForecastPrices, ForecastSeries, ForecastSpan, PartialMonth, Pricing,
};
pub use html::monthly_html;
pub use json::{monthly_json, monthly_schema};
pub use last_month::LastMonth;
pub use line_evidence::RateRow;
pub use outcome::{OutcomeRow, OutcomeState};
pub use parts::{Cell, Column, Door, Section, Table, Tile};
pub use period::{Period, PeriodWordsError};
pub use phrase::{Filling, Phrase};
pub use sections::Layout;
pub use sum::Sum;
pub use text::{monthly_markdown, monthly_text};
pub use view::{GroupRow, GroupView, MonthlyComponent, MonthlyCost, MonthlyView, Mover, Note};
pub use what_if::{Pool, PoolPart, Priced, WhatIf};
pub use words::{ExchangeRate, Words, WordsError};

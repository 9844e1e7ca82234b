//! Views of an estimate: one [`ReportView`] that every format encodes.
//!
//! In: an [`Estimate`](crate::costing::Estimate) and what goes with it. Out: text, CSV, JSON, Markdown, charts, a workbook. Must not
//! know: files, arguments, how usage was derived. Figures are rounded here and nowhere before, once.

mod bill_csv;
mod bill_json;
mod bill_text;
mod bill_view;
pub mod chart;
mod chart_titles;
mod charts;
mod check_report;
mod clean;
mod compare_view;
mod counted_charts;
mod counted_csv;
mod counted_json;
mod counted_json_parts;
mod counted_requests;
mod counted_text;
mod counted_unknown;
mod counted_view;
mod counted_words;
mod csv;
pub mod focus;
mod history_table;
mod json;
mod json_parts;
mod logs_charts;
mod logs_csv;
mod logs_json;
mod logs_view;
mod markdown;
mod measurement_csv;
mod measurement_json;
mod measurement_markdown;
mod measurement_text;
mod measurement_view;
mod monthly;
mod number;
mod posture_json;
mod posture_rules;
mod posture_sarif;
mod posture_text;
mod posture_view;
mod price_text;
mod ranges_csv;
mod ranges_json;
mod ranges_markdown;
mod ranges_text;
mod ranges_view;
mod recommend_charts;
mod recommend_csv;
mod recommend_json;
mod recommend_markdown;
mod recommend_rules;
mod recommend_text;
mod recommend_view;
mod recommend_words;
mod reconcile_charts;
mod reconcile_csv;
mod reconcile_json;
mod reconcile_markdown;
mod reconcile_text;
mod reconcile_view;
mod replay_view;
mod table;
mod terraform_json;
mod terraform_text;
mod terraform_view;
mod view;
mod workbook;

pub use bill_csv::billed_csv;
pub use bill_json::{bill_json, bill_schema};
pub use bill_text::{bill_markdown, bill_text};
pub use bill_view::{BillRow, BillView, MonthRow};
pub use chart_titles::{band_title, chain_title, storage_title, tornado_title};
pub use charts::{NamedChart, compare_chart, estimate_charts};
pub use check_report::{
    CheckReport, check_json, check_markdown, check_sarif, check_schema, check_slack, check_teams, check_text,
};
pub use clean::{csv_field, visible};
pub use compare_view::{CompareView, Compared, Comparison, Difference};
pub use counted_charts::{COUNTED_CHARTS, counted_charts};
pub use counted_csv::{REPLAY_FILES, counted_tables, days_csv};
pub use counted_json::{counted_json, counted_json_text, counted_schema};
pub use counted_requests::{RequestRow, request_rows};
pub use counted_text::{counted_markdown, counted_text};
pub use counted_view::CountedView;
pub use csv::{LineItemCsv, compare_csv, monthly_csv, summary_csv};
pub use history_table::{HistoryCsv, HistoryParquet};
pub use json::{EstimateJson, LineItems, compare_json, compare_schema, estimate_schema};
pub use logs_csv::storage_csv;
pub use logs_view::{LogFacts, LogsView};
pub use markdown::{compare_markdown, estimate_markdown};
pub use measurement_csv::evidence_csv;
pub use measurement_json::{measurement_json, measurement_schema};
pub use measurement_markdown::measurement_markdown;
pub use measurement_text::measurement_text;
pub use measurement_view::{ConfiguredRow, MeasurementFacts, MeasurementView, VolumeRow};
pub use monthly::{
    Borne, Cell, Chargeback, Column, Door, Effects, ExchangeRate, Filling, GroupRow, GroupView, Grouping,
    Layout, MONTHLY_CHARTS, MonthFacts, MonthlyComponent, MonthlyCost, MonthlyFacts, MonthlyView, Mover,
    Note, OutcomeRow, OutcomeState, Period, PeriodWordsError, Phrase, Section, SeriesKey, Sum, Table, Tile,
    Words, WordsError, monthly_charts, monthly_html, monthly_json, monthly_markdown, monthly_schema,
    monthly_tables, monthly_text,
};
pub use number::{grouped, money_text, percent_text};
pub use posture_json::{posture_json, posture_schema};
pub use posture_rules::posture_markdown_reference;
pub use posture_sarif::posture_sarif;
pub use posture_text::{posture_markdown, posture_text};
pub use posture_view::PostureReport;
pub use price_text::{price_per, row_to_add};
pub use ranges_csv::{ranges_csv, tornado_csv};
pub use ranges_view::{BandMonth, RangeRow, RangesView, TornadoInput};
pub use recommend_charts::{recommend_chart, recommend_title};
pub use recommend_csv::recommend_csv;
pub use recommend_json::{recommend_json, recommend_schema};
pub use recommend_markdown::recommend_markdown;
pub use recommend_rules::rules_markdown;
pub use recommend_text::recommend_text;
pub use recommend_view::{
    ActionRow, ActionStatus, AdviceRow, ComponentRow, RecommendFacts, RecommendView, SavingView, SiteView,
};
pub use reconcile_charts::{reconcile_chart, reconcile_title};
pub use reconcile_csv::reconcile_csv;
pub use reconcile_json::{reconcile_json, reconcile_schema};
pub use reconcile_markdown::reconcile_markdown;
pub use reconcile_text::reconcile_text;
pub use reconcile_view::{ReconcileRow, ReconcileView};
pub use replay_view::ReplayView;
pub use table::{Style, compare_text, estimate_text};
pub use terraform_json::{terraform_json, terraform_schema};
pub use terraform_text::{terraform_csv, terraform_markdown, terraform_text};
pub use terraform_view::{
    ResourceCost, ResourceCosts, ResourceSink, TerraformFacts, TerraformRow, TerraformView,
};
pub use view::{Facts, GroupBy, MeasuredView, ReportView, Row};
pub use workbook::{WorkbookError, WorkbookFacts, workbook};

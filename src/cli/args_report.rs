//! The arguments of `report`.

use super::args::{Format, PriceArgs};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What a month, a quarter or a range of months cost, why, and what to do: for managers, FinOps and auditors, from the history
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  trailcost report record measured/scenario.toml --bill cur.parquet --changes measured/measured.json \\\n    \
                  --history history/\n  trailcost report --history history/ --out report/\n  trailcost report --history history/ \
                  --quarter 2026-Q3 --budget budget.toml --out q3/"
)]
pub(super) struct ReportArgs {
    #[command(subcommand)]
    pub(super) command: Option<ReportCommand>,
    #[command(flatten)]
    pub(super) show: ShowArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum ReportCommand {
    /// Keep what a month was measured, estimated, planned and billed, in a folder with one file a month
    Record(RecordArgs),
    /// The whole history as one table: CSV or Parquet
    Export(ExportArgs),
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The folder that `report record` keeps
    #[arg(long, value_name = "DIR", required = true)]
    pub(super) history: Option<PathBuf>,
    /// The month, YYYY-MM [default: the last one recorded]
    #[arg(long, value_name = "MONTH", conflicts_with_all = ["quarter", "from", "until"])]
    pub(super) month: Option<String>,
    /// The quarter of the calendar year, YYYY-Q1 to YYYY-Q4
    #[arg(long, value_name = "QUARTER", conflicts_with_all = ["from", "until"])]
    pub(super) quarter: Option<String>,
    /// The first month of a range, YYYY-MM
    #[arg(long, value_name = "MONTH", requires = "until")]
    pub(super) from: Option<String>,
    /// The last month of a range, YYYY-MM
    #[arg(long, value_name = "MONTH", requires = "from")]
    pub(super) until: Option<String>,
    /// Who bears costs that one account pays for all: a file of rules (TOML)
    #[arg(long, value_name = "FILE")]
    pub(super) allocation: Option<PathBuf>,
    /// Budgets to hold the cost against, as `check` reads them (TOML)
    #[arg(long, value_name = "FILE")]
    pub(super) budget: Option<PathBuf>,
    /// The language: en, hi, or a file of messages (TOML) that begins as a copy of the English one
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    pub(super) language: String,
    /// Show amounts in this currency, at the rate of --exchange-rates; files keep the history's own
    #[arg(long, value_name = "CODE", requires = "exchange_rates")]
    pub(super) currency: Option<String>,
    /// Exchange rates (CSV: from, to, rate, date, source); the newest one is used
    #[arg(long, value_name = "FILE")]
    pub(super) exchange_rates: Option<PathBuf>,
    /// Forecast so many months, 1 to 60 [default: to the end of the calendar year; after December twelve]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(super) forecast_months: Option<u32>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// Also write the bundle here: HTML page, workbook, FOCUS files, CSV files, JSON, Markdown, charts (PNG and SVG)
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
}

#[derive(Debug, Args)]
pub(super) struct RecordArgs {
    /// Scenarios: one with measured volumes, as `measure … --out` writes it, or one that says what was expected, or both
    #[arg(value_name = "SCENARIO")]
    pub(super) scenarios: Vec<PathBuf>,
    /// The folder with one file a month; made where it is not there
    #[arg(long, value_name = "DIR")]
    pub(super) history: PathBuf,
    /// The month, YYYY-MM [default: the first of the scenario, or the last one of the bill]
    #[arg(long, value_name = "MONTH")]
    pub(super) month: Option<String>,
    /// Billing exports of the month, as `measure bill` reads them
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) bill: Vec<PathBuf>,
    /// Resources of other services that belong to the logs, such as the log bucket (with --bill)
    #[arg(long = "resource", value_name = "NAME", requires = "bill")]
    pub(super) resources: Vec<String>,
    /// The measured.json of `measure logs --out`: changes of what is recorded, with what each added
    #[arg(long, value_name = "FILE")]
    pub(super) changes: Option<PathBuf>,
    /// Record no plan: nothing is recommended
    #[arg(long)]
    pub(super) no_plan: bool,
    /// Put new figures into the place of those recorded before
    #[arg(long)]
    pub(super) replace: bool,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The folder that `report record` keeps
    #[arg(long, value_name = "DIR")]
    pub(super) history: PathBuf,
    /// The file: its ending, .csv or .parquet, says what is written
    #[arg(long, value_name = "FILE")]
    pub(super) out: PathBuf,
}

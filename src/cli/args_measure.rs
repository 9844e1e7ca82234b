//! The arguments of `measure`.

use super::args::{Format, PriceArgs};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum MeasureCommand {
    /// Read an account or an organization, changing nothing
    Aws(MeasureAwsArgs),
    /// Volumes, prices and discounts from exports of the bill: CUR, CUR 2.0, FOCUS, Cost Explorer's csv
    Bill(MeasureBillArgs),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  trailcost measure bill cur-2026-10/ --out measured\n  trailcost estimate measured/scenario.toml"
)]
pub(super) struct MeasureBillArgs {
    /// Exports (csv, csv.gz, Parquet), or folders of their parts; what they are is told by their content
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// Also write scenario.toml, billed.csv and measured.json here
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Make the scenario of this month, YYYY-MM [default: the latest whole one]
    #[arg(long, value_name = "MONTH")]
    pub(super) month: Option<String>,
    /// A bucket, log group, topic or key that holds the logs, by name or ARN: its rows count as the logs' (repeatable)
    #[arg(long = "resource", value_name = "NAME")]
    pub(super) resources: Vec<String>,
}

/// What of an account is read, and what becomes of it.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  trailcost measure aws --replay recording/ --out measured/\n  trailcost estimate measured/scenario.toml"
)]
pub(super) struct MeasureAwsArgs {
    /// Read the answers that --record saved here, instead of asking AWS
    #[arg(long, value_name = "DIR", conflicts_with = "record")]
    pub(super) replay: Option<PathBuf>,
    /// Also save AWS's answers here, for --replay; they hold no credentials
    #[arg(long, value_name = "DIR")]
    pub(super) record: Option<PathBuf>,
    /// Also write scenario.toml, measurement.json and evidence.csv here
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
}

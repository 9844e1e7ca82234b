//! The arguments of `trailcost reconcile`.

use super::args::{Format, PriceArgs};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("against").args(["bill", "measured"]).required(true).multiple(true),
    after_help = "Exit code 1 says that more is unexplained than the tolerance allows, in the whole or in a month.\n\n\
                  Example:\n  trailcost reconcile my.toml --bill cur-2026-06.csv.gz --tolerance 2% --out report/"
)]
pub(super) struct ReconcileArgs {
    /// The scenario file (TOML) whose estimate is checked
    #[arg(value_name = "SCENARIO")]
    pub(super) scenario: PathBuf,
    /// Exports of the bill: CUR, CUR 2.0, FOCUS or Cost Explorer's download; files, or folders of part files
    #[arg(long, value_name = "FILE", num_args = 1.., action = clap::ArgAction::Append)]
    pub(super) bill: Vec<PathBuf>,
    /// A scenario of measured volumes, as `measure` writes it: compared with the estimate, or, beside a bill, used to tell
    /// whose volume is off
    #[arg(long, value_name = "SCENARIO")]
    pub(super) measured: Option<PathBuf>,
    /// Compare only this month, YYYY-MM [default: every month that both sides have]
    #[arg(long, value_name = "MONTH")]
    pub(super) month: Option<String>,
    /// A bucket, log group, topic or key of the logs: what the bill has of it is compared too; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) resource: Vec<String>,
    /// How much of the billed usage may stay unexplained
    #[arg(long, value_name = "PERCENT", default_value = "2%", allow_hyphen_values = true)]
    pub(super) tolerance: String,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// Also write reconcile.csv, reconcile.json, reconcile.md and a chart (PNG and SVG) here
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Exit with 0 although a price is missing
    #[arg(long)]
    pub(super) allow_incomplete: bool,
}

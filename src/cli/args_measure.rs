//! The arguments of `measure`.

use super::args::{Format, PriceArgs};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum MeasureCommand {
    /// Read an account or an organization, changing nothing
    Aws(MeasureAwsArgs),
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

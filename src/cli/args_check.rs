//! The arguments of `check`.

use super::args::PriceArgs;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// How verdicts are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// For the terminal
    Table,
    /// Exact decimals as texts, stable
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// For a comment of a pull request
    Markdown,
    /// The payload for a Slack webhook; nothing is sent
    Slack,
    /// The payload for a Teams workflow; nothing is sent
    Teams,
}

/// Budgets and policies against a scenario or a recorded month; exit code 1 when one is exceeded
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  trailcost check scenarios/mid-size-saas.toml --budget budget.toml\n  trailcost check --history history/ --budget \
                  budget.toml --format markdown > comment.md"
)]
pub(super) struct CheckArgs {
    /// The scenario: each month of it is checked, and the policy
    #[arg(value_name = "SCENARIO", required_unless_present = "history", conflicts_with = "history")]
    pub(super) scenario: Option<PathBuf>,
    /// The folder that `report record` keeps: a recorded month is checked
    #[arg(long, value_name = "DIR")]
    pub(super) history: Option<PathBuf>,
    /// The month of the history, YYYY-MM [default: the last one recorded]
    #[arg(long, value_name = "MONTH", requires = "history")]
    pub(super) month: Option<String>,
    /// The file of budgets and policies (TOML)
    #[arg(long, value_name = "FILE")]
    pub(super) budget: PathBuf,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = CheckFormat::Table)]
    pub(super) format: CheckFormat,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
}

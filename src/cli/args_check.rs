//! The arguments of `check`.

use super::args::PriceArgs;
use crate::posture::Severity;
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

/// How bad a practice that is not followed must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// It costs, or makes work harder
    Low,
    /// Something may go unseen, or be lost
    Medium,
    /// Logs can be read, changed or missed
    High,
    /// Logs are open to anybody, or nobody is told of the worst
    Critical,
}

impl FailOn {
    pub(super) fn severity(self) -> Severity {
        match self {
            Self::Low => Severity::Low,
            Self::Medium => Severity::Medium,
            Self::High => Severity::High,
            Self::Critical => Severity::Critical,
        }
    }
}

/// Budgets, policies and best practices; exit code 1 when one is not kept
#[derive(Debug, Args)]
#[command(
    long_about = "Budgets and policies against a scenario or a recorded month, or with --posture best practices against a scenario, \
                  an account or Terraform's files.\n\n\
                  With --posture each practice is followed, not followed, or not known; what nobody knows never fails. Each that \
                  is not followed comes with what mending it costs or saves: the difference of two estimates. The alert chain of \
                  each critical event is followed from the call to somebody who is told.\n\n\
                  The exit code is 1 when a budget or policy is exceeded, or a practice of --fail-on or above is not followed.",
    after_help = "Examples:\n  trailcost check scenarios/mid-size-saas.toml --budget budget.toml\n  trailcost check --history history/ --budget \
                  budget.toml --format markdown > comment.md\n  trailcost check --posture my.toml --compliance cis-aws-5.0.0\n  trailcost \
                  check --posture --terraform infra/ --format sarif > posture.sarif\n  trailcost check --rules"
)]
pub(super) struct CheckArgs {
    /// The scenario: each month of it is checked, and the policy; with --terraform the scenario whose volumes are priced
    #[arg(
        value_name = "SCENARIO",
        required_unless_present_any = ["history", "rules", "terraform", "recording"],
        conflicts_with_all = ["history", "recording"]
    )]
    pub(super) scenario: Option<PathBuf>,
    /// The folder that `report record` keeps: a recorded month is checked
    #[arg(long, value_name = "DIR", conflicts_with_all = ["posture", "terraform", "recording"])]
    pub(super) history: Option<PathBuf>,
    /// The month of the history, YYYY-MM [default: the last one recorded]
    #[arg(long, value_name = "MONTH", requires = "history")]
    pub(super) month: Option<String>,
    /// The file of budgets and policies (TOML)
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present_any = ["posture", "rules"],
        conflicts_with_all = ["posture", "rules"]
    )]
    pub(super) budget: Option<PathBuf>,
    /// Check best practices instead of budgets
    #[arg(long)]
    pub(super) posture: bool,
    /// Check what a plan or state (terraform show -json), or a folder of .tf files configures
    #[arg(long, value_name = "PLAN|DIR", requires = "posture", conflicts_with = "recording")]
    pub(super) terraform: Option<PathBuf>,
    /// The account that Terraform applies to, where its files do not tell
    #[arg(long, value_name = "ID", requires = "terraform")]
    pub(super) account: Option<String>,
    /// The Region that Terraform applies to, where its files do not tell
    #[arg(long, value_name = "REGION", requires = "terraform")]
    pub(super) region: Option<String>,
    /// Check the account whose answers `measure aws --record` kept in this folder
    #[arg(long, value_name = "DIR", requires = "posture")]
    pub(super) recording: Option<PathBuf>,
    /// Check only the practices that this compliance profile asks for, such as cis-aws-5.0.0, and say what passing it costs in
    /// total; or a directory with profiles of your own; may be repeated
    #[arg(long, value_name = "PROFILE|DIR", requires = "posture")]
    pub(super) compliance: Vec<String>,
    /// Exit with 1 when a practice of this severity or above is not followed
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::High, requires = "posture")]
    pub(super) fail_on: FailOn,
    /// Print the reference of every practice (Markdown)
    #[arg(long, conflicts_with_all = ["scenario", "posture", "history"])]
    pub(super) rules: bool,
    /// How the result is printed; of --posture not for chats
    #[arg(long, value_enum, default_value_t = CheckFormat::Table)]
    pub(super) format: CheckFormat,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
}

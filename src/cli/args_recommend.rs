//! The arguments of `trailcost recommend`.

use super::args::{Format, PriceArgs};
use crate::domain::{LossLevel, Money};
use clap::{Args, ValueEnum};
use rust_decimal::Decimal;
use std::path::PathBuf;

/// What to change: the cheapest plan that keeps what must be kept, with what each change saves and gives up
#[derive(Debug, Args)]
#[command(
    long_about = "The cheapest changes that keep what must be kept, with what each saves.\n\n\
        Each change is tried on the scenario itself: its saving is the difference of two estimates, and the plan's saving is \
        one difference too, so that nothing is counted twice. The report tells what is given up by each change, what would \
        save more but is forbidden, with the price of the demand, and what would only cost more. Every class of management \
        event stays recorded by a trail in every Region, whatever is saved by it.\n\n\
        What must be kept stands under [keep] in the scenario, and in --accept-loss and --compliance.",
    after_help = "Exit code 0 also says that there is nothing to change; a price that is missing is told, and changes no exit \
                  code.\n\n\
                  Examples:\n  trailcost recommend my.toml\n  trailcost recommend my.toml --accept-loss medium --out plan/\n  \
                  trailcost recommend my.toml --logs AWSLogs/\n  \
                  trailcost recommend --rules"
)]
pub(super) struct RecommendArgs {
    /// The scenario file (TOML) to find changes for
    #[arg(value_name = "SCENARIO", required_unless_present_any = ["rules", "logs"], conflicts_with = "rules")]
    pub(super) scenario: Option<PathBuf>,
    /// CloudTrail log files, or folders of them: volumes are counted in them, and the plan's selectors are tried on each event,
    /// which reads them twice. Trails and [keep] are the scenario's; without one, what the logs show (may be repeated)
    #[arg(long, value_name = "PATH", conflicts_with = "rules")]
    pub(super) logs: Vec<PathBuf>,
    /// How much a plan may give up: nothing that is recorded only once; low, such as events about log deliveries, or reading
    /// logs older than 90 days at once; medium, such as reads of data, Insights or log file validation; high, what detections
    /// rest on [default: what the scenario's [keep] says, else low]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(super) accept_loss: Option<AcceptLoss>,
    /// Keep also what this compliance profile demands, such as pci-dss; or a directory with profiles of your own, which then
    /// all apply; may be repeated
    #[arg(long, value_name = "PROFILE|DIR")]
    pub(super) compliance: Vec<String>,
    /// Print the reference of every rule (Markdown): what it finds, why it costs, what is lost, where that is written
    #[arg(
        long,
        conflicts_with_all = ["accept_loss", "compliance", "min_saving", "pricing", "pricing_only", "as_of", "format"]
    )]
    pub(super) rules: bool,
    /// Tell changes that save less than this in the average month in one line together; they stay part of the plan and of
    /// its scripts. 0 tells each
    #[arg(long, value_name = "AMOUNT", default_value = "1", value_parser = amount)]
    pub(super) min_saving: Money,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// Also write plan.md, plan.csv, plan.json, a chart (waterfall, PNG and SVG), scenario-after.toml (the scenario after the
    /// plan), and what applies and undoes it here: AWS CLI scripts with their JSON, and Terraform, of the whole plan (apply/)
    /// and of each change (actions/)
    #[arg(long, value_name = "DIR", conflicts_with = "rules")]
    pub(super) out: Option<PathBuf>,
}

/// Reads an amount of money that is not negative, in the currency of the prices.
fn amount(text: &str) -> Result<Money, String> {
    Decimal::from_str_exact(text)
        .ok()
        .and_then(|own| Money::from_decimal(own).ok())
        .filter(|own| !own.is_negative())
        .ok_or_else(|| "an amount a month is wanted, such as 0, 1 or 2.50".to_owned())
}

/// How much a plan may give up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AcceptLoss {
    None,
    Low,
    Medium,
    High,
}

impl AcceptLoss {
    pub(super) fn level(self) -> LossLevel {
        match self {
            Self::None => LossLevel::None,
            Self::Low => LossLevel::Low,
            Self::Medium => LossLevel::Medium,
            Self::High => LossLevel::High,
        }
    }
}

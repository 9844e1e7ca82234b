//! The arguments, for someone who has never seen them.

use super::args_check::CheckArgs;
use super::args_measure::MeasureCommand;
use super::args_recommend::RecommendArgs;
use super::args_reconcile::ReconcileArgs;
use super::args_report::ReportArgs;
use super::args_terraform::TerraformCommand;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What AWS CloudTrail costs, why, and what to change.
///
/// Prices are editable tables that ship with the program; volumes come from a scenario file. No AWS account and no
/// network is needed. Start with `trailcost scenario new small --out my.toml`, then `trailcost estimate my.toml`.
#[derive(Debug, Parser)]
#[command(
    name = "trailcost",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
    /// When to use colour (NO_COLOR is obeyed)
    #[arg(long, global = true, value_enum, default_value_t = ColourChoice::Auto, value_name = "WHEN")]
    pub(super) color: ColourChoice,
    /// Say nothing on stderr but errors
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColourChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Monthly, yearly and 3-year cost of a scenario
    Estimate(EstimateArgs),
    /// Scenarios side by side, with differences per component
    Compare(CompareArgs),
    Recommend(RecommendArgs),
    /// Volumes and configuration from where they are, as a scenario that `estimate` takes
    #[command(subcommand)]
    Measure(MeasureCommand),
    /// An estimate against the bill or against measured volumes: what differs, why, and what is left
    Reconcile(ReconcileArgs),
    Report(ReportArgs),
    Check(CheckArgs),
    /// Terraform: what an apply costs, before it is applied
    #[command(subcommand)]
    Terraform(TerraformCommand),
    /// See, validate, compare and refresh the price tables
    #[command(subcommand)]
    Pricing(PricingCommand),
    /// Start a scenario file, check it, get its JSON Schema
    #[command(subcommand)]
    Scenario(ScenarioCommand),
    /// Completions for your shell, on stdout
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// The manual page in troff, on stdout
    Man,
}

/// Which prices are used.
#[derive(Debug, Args)]
pub(super) struct PriceArgs {
    /// Directory of price tables (*.csv) of your own: a service, usage type and Region found there hides the built-in
    /// prices of the same
    #[arg(long, value_name = "DIR")]
    pub(super) pricing: Option<PathBuf>,
    /// Use only the tables of --pricing
    #[arg(long, requires = "pricing")]
    pub(super) pricing_only: bool,
    /// Prices as of this day, YYYY-MM-DD [default: the newest day on which the tables were retrieved]
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For the terminal
    Table,
    /// Exact decimals as texts, stable
    Json,
    /// Exact decimals
    Csv,
    /// For pull requests and wikis
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum By {
    Component,
    Account,
    Region,
    /// Trail or event data store
    Resource,
    UsageType,
    Month,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  trailcost estimate scenarios/mid-size-saas.toml --out report/\n  trailcost estimate scenarios/mid-size-saas.toml --workbook cost.xlsx"
)]
pub(super) struct EstimateArgs {
    /// Scenario files (TOML); several are estimated one after the other
    #[arg(required = true, value_name = "SCENARIO")]
    pub(super) scenarios: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// What the rows stand for
    #[arg(long, value_enum, default_value_t = By::Component)]
    pub(super) by: By,
    /// Also write the files and charts (PNG and SVG) here: summary, monthly, line items, JSON, a workbook, and with buckets
    /// or ranges storage.csv, ranges.csv and tornado.csv
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Also write every charge as a FOCUS 1.2 dataset into this file, .csv or .parquet; BilledCost is 0, as nothing is invoiced
    #[arg(long, value_name = "FILE")]
    pub(super) focus: Option<PathBuf>,
    /// Also write a workbook for Excel or LibreOffice here (FILE.xlsx), which computes the cost anew when a volume, a price
    /// or growth is edited; of one scenario. --out writes it too, as workbook.xlsx
    #[arg(long, value_name = "FILE")]
    pub(super) workbook: Option<PathBuf>,
    /// Draws from quantities that are ranges [default: 10000, fewer where the scenario is large]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) draws: Option<u32>,
    /// Seed of these draws: the same seed gives the same figures everywhere
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// Exit with 0 although a price is missing
    #[arg(long)]
    pub(super) allow_incomplete: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  trailcost compare scenarios/all-data-events.toml scenarios/selective-data-events.toml"
)]
pub(super) struct CompareArgs {
    /// The scenario that the others are compared with
    #[arg(value_name = "BASE")]
    pub(super) base: PathBuf,
    /// Scenarios to compare
    #[arg(required = true, value_name = "VARIANT")]
    pub(super) variants: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// Also write compare.csv, compare.json, compare.md and a chart (PNG and SVG) for each variant here
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Exit with 0 although a price is missing
    #[arg(long)]
    pub(super) allow_incomplete: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum PricingCommand {
    /// Show the prices that hold on a day
    List(PricingListArgs),
    /// Validate price tables; every error at once
    Check {
        /// Tables (*.csv) or directories of them [default: the built-in ones, and those of --pricing]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        prices: PriceArgs,
    },
    /// Show what differs between two sets of price tables; exit code 1 if anything does. Against `built-in`, a
    /// directory counts as --pricing would use it: in front of the built-in tables, key by key
    Diff {
        /// A table, a directory of tables, or `built-in`
        #[arg(value_name = "A")]
        before: PathBuf,
        /// A table, a directory of tables, or `built-in`
        #[arg(value_name = "B")]
        after: PathBuf,
        /// Prices as of this day, YYYY-MM-DD [default: the newest day on which either side was retrieved]
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
        /// How the result is printed
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Turn an AWS price list offer file (JSON or CSV) into rows of our tables, or refresh them from AWS
    Import(PricingImportArgs),
}

/// Where prices are imported from, and where to.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  trailcost pricing import index.json --out prices/AWSCloudTrail.csv\n  trailcost pricing import --from-aws --out prices\n  trailcost pricing import --from-aws --out prices --yes"
)]
pub(super) struct PricingImportArgs {
    /// The offer file, such as AWSCloudTrail's index.json
    #[arg(value_name = "FILE", required_unless_present = "from_aws", conflicts_with = "from_aws")]
    pub(super) file: Option<PathBuf>,
    /// Ask the Price List API for every usage type of the tables (action pricing:GetProducts; asking is free), and show
    /// what differs from the built-in tables and those of --out; exit code 1 if anything does and --yes is not there
    #[arg(long)]
    pub(super) from_aws: bool,
    /// Take only this Region
    #[arg(long)]
    pub(super) region: Option<String>,
    /// Write the table here instead of to stdout; with --from-aws the directory that --pricing is to read
    #[arg(long, value_name = "PATH")]
    pub(super) out: Option<PathBuf>,
    /// Replace the file of --out if it is there
    #[arg(long, conflicts_with = "from_aws")]
    pub(super) force: bool,
    /// Write what was shown
    #[arg(long, requires_all = ["from_aws", "out"])]
    pub(super) yes: bool,
    /// Ask only for this service's prices, such as AWSCloudTrail (repeatable)
    #[arg(long = "service", value_name = "SERVICE", requires = "from_aws")]
    pub(super) services: Vec<String>,
    /// How the differences are printed
    #[arg(long, value_enum, default_value_t = Format::Table, conflicts_with = "file")]
    pub(super) format: Format,
    /// Profile of ~/.aws/config [default: AWS_PROFILE, or what else the AWS SDK finds]
    #[arg(long, value_name = "NAME", requires = "from_aws")]
    pub(super) profile: Option<String>,
    /// Ask this address instead of AWS's own
    #[arg(long, value_name = "URL", requires = "from_aws")]
    pub(super) endpoint_url: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct PricingListArgs {
    #[command(flatten)]
    pub(super) prices: PriceArgs,
    /// Only this service, such as AWSCloudTrail
    #[arg(long)]
    pub(super) service: Option<String>,
    /// Only this Region, such as eu-west-1
    #[arg(long)]
    pub(super) region: Option<String>,
    /// Only usage types that contain this text
    #[arg(long, value_name = "TEXT")]
    pub(super) usage_type: Option<String>,
    /// Show what is free each month instead of prices
    #[arg(long, conflicts_with_all = ["region", "as_of"])]
    pub(super) free_tiers: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TemplateSize {
    /// One account with one trail
    Small,
    /// A few accounts under an organization trail
    Medium,
    /// An organization with a table of accounts
    Large,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// Scenario files
    Scenario,
    /// What `estimate --format json` writes
    Estimate,
    /// What `compare --format json` writes
    Compare,
    /// What `measure bill --format json` writes
    Bill,
    /// What `measure aws --format json` writes
    Measure,
    /// What `measure logs --format json` writes
    Logs,
    /// What `reconcile --format json` writes
    Reconcile,
    /// What `recommend --format json` writes
    Recommend,
    /// What `report --format json` writes
    Report,
    /// What `check --format json` writes
    Check,
    /// What `check --posture --format json` writes
    Posture,
    /// What `terraform estimate --format json` writes
    Terraform,
    /// Files of budgets and policies
    Budget,
    /// Files of who bears shared costs
    Allocation,
}

#[derive(Debug, Subcommand)]
pub(super) enum ScenarioCommand {
    /// Write a commented scenario to start from
    New {
        /// How large the estate is
        #[arg(value_enum)]
        size: TemplateSize,
        /// Write it here instead of to stdout
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Replace the file of --out if it is there
        #[arg(long)]
        force: bool,
    },
    /// Find every mistake in scenario files
    Check {
        /// Scenario files (TOML)
        #[arg(required = true, value_name = "SCENARIO")]
        scenarios: Vec<PathBuf>,
        #[command(flatten)]
        prices: PriceArgs,
    },
    /// The JSON Schema of scenario files, for editors, or of the JSON that is written
    Schema {
        /// Which schema
        #[arg(long, value_enum, default_value_t = SchemaOf::Scenario)]
        of: SchemaOf,
    },
    /// The figures used where a scenario states none, with their sources
    Defaults,
}

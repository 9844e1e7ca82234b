//! The arguments of `trailcost terraform`.

use super::args::{Format, PriceArgs};
use crate::domain::Money;
use clap::{Args, Subcommand};
use rust_decimal::Decimal;
use std::path::PathBuf;

/// Terraform: what an apply costs, before it is applied
#[derive(Debug, Subcommand)]
pub(super) enum TerraformCommand {
    Estimate(TerraformEstimateArgs),
}

/// The cost of a plan before and after, resource by resource
#[derive(Debug, Args)]
#[command(
    long_about = "The cost of a plan before and after, resource by resource.\n\n\
        Terraform is not run, and AWS is not asked. Read are trails, event data stores, and the buckets, keys, log groups, \
        metric filters, alarms, topics and EventBridge rules that they lead to. What is known only after apply, or marked \
        sensitive, is named and never guessed. Only attributes that decide the cost are read; other values, secrets among \
        them, are passed over.",
    after_help = "Examples:\n  terraform plan -out tf.plan && terraform show -json tf.plan > plan.json\n  trailcost terraform estimate \
                  plan.json --volumes measured/scenario.toml\n  trailcost terraform estimate plan.json --volumes my.toml --format \
                  markdown --fail-above 100 > comment.md\n  trailcost terraform estimate infra/ --region eu-west-1"
)]
pub(super) struct TerraformEstimateArgs {
    /// A plan or a state as `terraform show -json` writes it, a terraform.tfstate, or a folder of .tf files, of which literal
    /// values and what follows from them are read
    #[arg(value_name = "PLAN.json|DIR")]
    pub(super) path: PathBuf,
    /// The scenario (TOML) whose volumes, accounts, growth and terms are used, such as one of `measure aws` or `measure logs`.
    /// Its trails, and what they lead to, give way to Terraform's
    #[arg(long, value_name = "SCENARIO")]
    pub(super) volumes: Option<PathBuf>,
    /// Keep the scenario's trails, buckets and so on that Terraform does not manage, on both sides
    #[arg(long, requires = "volumes")]
    pub(super) keep_others: bool,
    /// The account that is applied to, where the files do not tell [default: the scenario's, if it has one]
    #[arg(long, value_name = "ID")]
    pub(super) account: Option<String>,
    /// The Region that is applied to, where the files do not tell
    #[arg(long, value_name = "REGION")]
    pub(super) region: Option<String>,
    /// Exit with 1 when the cost rises by more than this in the mean month, as far as it is known
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub(super) fail_above: Option<Money>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// Also write terraform.json, terraform.csv and terraform.md here
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
    /// Exit with 0 although a price is missing
    #[arg(long)]
    pub(super) allow_incomplete: bool,
}

/// Reads an amount of money that is not negative, in the currency of the prices.
fn amount(text: &str) -> Result<Money, String> {
    Decimal::from_str_exact(text)
        .ok()
        .and_then(|own| Money::from_decimal(own).ok())
        .filter(|own| !own.is_negative())
        .ok_or_else(|| "an amount a month is wanted, such as 0, 100 or 2.50".to_owned())
}

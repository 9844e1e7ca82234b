//! The arguments of `trailcost terraform generate`.

use super::args::PriceArgs;
use super::args_recommend::AcceptLoss;
use clap::Args;
use std::path::PathBuf;

/// A production-ready module for what a scenario describes
#[derive(Debug, Args)]
#[command(
    long_about = "A production-ready root module of Terraform for what a scenario describes.\n\n\
        One multi-Region trail with SSE-KMS and log file validation; a private, versioned bucket in a log archive account, with the \
        cheapest lifecycle that [keep] allows; keys with policies that name this trail only; CloudWatch Logs with metric filters and \
        alarms for sections 4.1 to 4.15 of the CIS AWS Foundations Benchmark and for public access to S3; e-mail, and Slack without \
        a secret; Athena with a limit on what a query scans; a policy for those who read. README.md tells what each costs a \
        month, and scenario.toml holds the volumes from which it was computed.\n\n\
        What a scenario cannot know stands as FILL-IN in terraform.tfvars: Terraform refuses to go on before it is filled in.",
    after_help = "Examples:\n  trailcost terraform generate my.toml --out module/\n  trailcost terraform generate my.toml --trail audit \
                  --organization --out module/\n  trailcost terraform estimate module/ --volumes module/scenario.toml"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct TerraformGenerateArgs {
    /// The scenario file (TOML) whose trail the module makes
    #[arg(value_name = "SCENARIO")]
    pub(super) scenario: PathBuf,
    /// The directory to write; it must be empty, or not be there yet
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// The scenario's trail that the module is for [default: the organization's, or else the broadest]
    #[arg(long, value_name = "NAME")]
    pub(super) trail: Option<String>,
    /// Make it an organization trail although the scenario's is one account's
    #[arg(long)]
    pub(super) organization: bool,
    /// Leave the bucket's lifecycle as the scenario has it
    #[arg(long)]
    pub(super) keep_lifecycle: bool,
    /// How much the lifecycle may give up, as for `recommend` [default: what the scenario's [keep] says, else low]
    #[arg(long, value_enum, value_name = "LEVEL", conflicts_with = "keep_lifecycle")]
    pub(super) accept_loss: Option<AcceptLoss>,
    /// Write into a directory that has files. Those of the module are replaced, others stay; a terraform.tfvars stays too, and
    /// the new values go to terraform.tfvars.example
    #[arg(long)]
    pub(super) force: bool,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
    /// Exit with 0 although a price is missing
    #[arg(long)]
    pub(super) allow_incomplete: bool,
}

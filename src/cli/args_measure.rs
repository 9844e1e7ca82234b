//! The arguments of `measure`.

use super::args::{Format, PriceArgs};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum MeasureCommand {
    /// SQL for Athena: a table over a trail's logs, the counts of `measure logs`, and questions of an investigation
    Athena(MeasureAthenaArgs),
    /// Read an account or an organization, changing nothing
    Aws(MeasureAwsArgs),
    /// Volumes and paid copies from CloudTrail log files
    Logs(MeasureLogsArgs),
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
    after_help = "Examples:\n  trailcost measure aws --print-policy > policy.json\n  trailcost measure aws --profile audit --out measured/\n  trailcost measure aws --assume-role CostReader --record recording/ --out measured/\n  trailcost measure aws --replay recording/ --out measured/\n  trailcost estimate measured/scenario.toml"
)]
pub(super) struct MeasureAwsArgs {
    #[command(flatten)]
    pub(super) asking: AskArgs,
    /// Print the IAM policy that allows just what these options ask for, and end
    #[arg(long, conflicts_with_all = ["replay", "record", "out"])]
    pub(super) print_policy: bool,
    /// Read the answers that --record saved here, instead of asking AWS
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with_all = [
            "record", "profile", "regions", "endpoint_url", "assume_role", "accounts", "days", "until", "cost_explorer",
            "lookup", "concurrency", "max_attempts"
        ]
    )]
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

/// What AWS is asked for, and how.
#[derive(Debug, Args)]
pub(super) struct AskArgs {
    /// Profile of ~/.aws/config [default: AWS_PROFILE, or what else the AWS SDK finds]
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Read only this Region (repeatable) [default: every enabled one]
    #[arg(long = "region", value_name = "REGION", value_delimiter = ',')]
    pub(super) regions: Vec<String>,
    /// Role to assume in every other account of the organization
    #[arg(long, value_name = "ROLE")]
    pub(super) assume_role: Option<String>,
    /// Read only this account (repeatable) [default: the caller's own, and with --assume-role every active one]
    #[arg(long = "account", value_name = "ID", value_delimiter = ',')]
    pub(super) accounts: Vec<String>,
    /// Days of metrics
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=455))]
    pub(super) days: u32,
    /// The last day of metrics, YYYY-MM-DD [default: yesterday, UTC]
    #[arg(long, value_name = "DATE")]
    pub(super) until: Option<String>,
    /// Also ask Cost Explorer for what was billed; AWS takes $0.01 for each request
    #[arg(long)]
    pub(super) cost_explorer: bool,
    /// Also sample event history, with at most so many calls (two a second) in each account and Region [default: 120]
    #[arg(
        long,
        value_name = "CALLS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "120",
        value_parser = clap::value_parser!(u32).range(1..=10_000)
    )]
    pub(super) lookup: Option<u32>,
    /// Ask this address instead of AWS's own
    #[arg(long, value_name = "URL")]
    pub(super) endpoint_url: Option<String>,
    /// How many things are asked at once
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(super) concurrency: u32,
    /// How often a call is made before it is given up
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub(super) max_attempts: u32,
}

/// Which logs Athena is to read.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  trailcost measure athena --print-sql --logs s3://audit-logs --account 111122223333 \\\n    --region us-east-1,eu-west-1 --from 2026-10-01 --until 2026-10-31 --stored \"40 GiB\" --athena-region us-east-1\n  trailcost measure athena --print-sql --logs s3://audit-logs/prefix --organization o-exampleorgid \\\n    --account 111122223333,444455556666 --region us-east-1 --from 2026-10-01 --until 2026-10-31"
)]
pub(super) struct MeasureAthenaArgs {
    /// Print the statements for Athena; nothing is run and nothing is asked of AWS
    #[arg(long, required = true)]
    pub(super) print_sql: bool,
    /// Where the trail delivers: the bucket and the trail's prefix, what comes before AWSLogs
    #[arg(long, value_name = "s3://BUCKET/PREFIX")]
    pub(super) logs: String,
    /// The organization's id, for the logs of an organization trail
    #[arg(long, value_name = "o-ID")]
    pub(super) organization: Option<String>,
    /// An account whose logs are there (repeatable)
    #[arg(long = "account", value_name = "ID", value_delimiter = ',', required = true)]
    pub(super) accounts: Vec<String>,
    /// A Region whose logs are there (repeatable)
    #[arg(long = "region", value_name = "REGION", value_delimiter = ',', required = true)]
    pub(super) regions: Vec<String>,
    /// The first day of delivery, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    pub(super) from: String,
    /// The last day of delivery, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    pub(super) until: String,
    /// What these days have stored, compressed, such as \"40 GiB\": tells what each scan costs [default: unknown]
    #[arg(long, value_name = "SIZE")]
    pub(super) stored: Option<String>,
    /// The Region in which Athena runs: its price is taken [default: unknown]
    #[arg(long, value_name = "REGION")]
    pub(super) athena_region: Option<String>,
    /// The database of the table
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(super) database: String,
    /// The table's name
    #[arg(long, value_name = "NAME", default_value = "cloudtrail_logs")]
    pub(super) table: String,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
    /// How the statements are printed: table (SQL with comments) or json
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
}

/// Which logs are counted, and what becomes of the counts.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  trailcost measure logs AWSLogs/ --out measured\n  trailcost measure logs bucket-a/ bucket-b/ --format json\n  trailcost measure logs s3://audit-logs/AWSLogs --profile audit --state reading --out measured\n  trailcost estimate measured/scenario.toml"
)]
pub(super) struct MeasureLogsArgs {
    /// Log files, or folders of them at any depth: .json.gz as CloudTrail delivers them, .json, .jsonl; or s3://BUCKET/PREFIX
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// Also write scenario.toml, measured.json and tables (CSV) here
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Threads that read [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) threads: Option<u16>,
    /// Also tell object keys apart by so many leading parts
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) prefix_depth: u8,
    /// Make files and records that cannot be read an error (exit code 3)
    #[arg(long)]
    pub(super) strict: bool,
    /// Count only events of this day (UTC) and later, YYYY-MM-DD; where there are folders of days, others are not read
    #[arg(long, value_name = "DATE")]
    pub(super) since: Option<String>,
    /// Count only events of this day (UTC) and earlier; the folder of the day after is read for what is delivered late
    #[arg(long, value_name = "DATE")]
    pub(super) until: Option<String>,
    /// Keep how far the reading is here, and go on from there when the same command is run again
    #[arg(long, value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
    /// Write it down after so many files [default: after half a minute, less often where that takes long]
    #[arg(long, value_name = "FILES", requires = "state", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) checkpoint: Option<u64>,
    #[command(flatten)]
    pub(super) access: BucketArgs,
}

/// How buckets are reached.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options for s3://")]
pub(super) struct BucketArgs {
    /// Profile of ~/.aws/config [default: AWS_PROFILE, or what else the AWS SDK finds]
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Region to ask first; where S3 names another one, it is asked there [default: the profile's]
    #[arg(long, value_name = "REGION")]
    pub(super) region: Option<String>,
    /// Ask this address instead of AWS's own
    #[arg(long, value_name = "URL")]
    pub(super) endpoint_url: Option<String>,
    /// How many objects are fetched at once
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(super) concurrency: u32,
    /// How often a request is made before it is given up
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub(super) max_attempts: u32,
    /// Print the IAM policy that allows just reading these logs, and end
    #[arg(long)]
    pub(super) print_policy: bool,
}

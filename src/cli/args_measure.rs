//! The arguments of `measure`.

use super::args::{Format, PriceArgs};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum MeasureCommand {
    /// The counts of `measure logs` by Athena, or the SQL for them and for questions of an investigation
    Athena(Box<MeasureAthenaArgs>),
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
    /// Also write the bill's lines as a FOCUS 1.2 dataset into this file, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub(super) focus: Option<PathBuf>,
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
    #[arg(long, conflicts_with_all = ["replay", "record", "out", "focus"])]
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
    /// Also write the measured month, at the prices of the tables, as a FOCUS 1.2 dataset into this file, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub(super) focus: Option<PathBuf>,
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

/// Which logs Athena is to read, and how.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  trailcost measure athena --logs s3://audit-logs --account 111122223333 \\\n    --region us-east-1,eu-west-1 --from 2026-10-01 --until 2026-10-31 --athena-region us-east-1 \\\n    --output s3://query-results/trailcost/ --max-cost 2 --out measured\n  trailcost measure athena --print-sql --logs s3://audit-logs/prefix --organization o-exampleorgid \\\n    --account 111122223333,444455556666 --region us-east-1 --from 2026-10-01 --until 2026-10-31\n\nWithout --print-sql it lists the log files, shows what the queries cost, asks, runs them, and prints what `measure logs` would."
)]
#[cfg_attr(not(feature = "aws"), allow(dead_code, reason = "printing statements needs only some of them"))]
pub(super) struct MeasureAthenaArgs {
    /// Print the statements for Athena; nothing is run and nothing is asked of AWS
    #[arg(
        long,
        conflicts_with_all = [
            "print_policy", "yes", "max_cost", "out", "focus", "output", "workgroup", "catalog", "profile", "endpoint_url", "max_attempts"
        ]
    )]
    pub(super) print_sql: bool,
    /// Print the IAM policy that allows just what these options ask for, and end
    #[arg(long, conflicts_with_all = ["yes", "max_cost", "out", "focus"], requires = "output")]
    pub(super) print_policy: bool,
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
    /// What these days have stored, compressed, such as "40 GiB": tells what each scan costs
    /// [default: unknown; the files are listed where the queries are run]
    #[arg(long, value_name = "SIZE")]
    pub(super) stored: Option<String>,
    /// The Region in which Athena runs: its price is taken [default with --print-sql: unknown]
    #[arg(long, value_name = "REGION", required_unless_present = "print_sql")]
    pub(super) athena_region: Option<String>,
    /// The database of the table; it has to be there
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(super) database: String,
    /// The table's name; it is made where it is not there
    #[arg(long, value_name = "NAME", default_value = "cloudtrail_logs")]
    pub(super) table: String,
    /// The data catalogue of the database
    #[arg(long, value_name = "NAME", default_value = "AwsDataCatalog")]
    pub(super) catalog: String,
    /// The workgroup in which the queries run
    #[arg(long, value_name = "NAME", default_value = "primary")]
    pub(super) workgroup: String,
    /// Where Athena puts results [default: where the workgroup says]
    #[arg(long, value_name = "s3://BUCKET/PREFIX")]
    pub(super) output: Option<String>,
    /// Run the queries without asking whether their cost is agreed to
    #[arg(long)]
    pub(super) yes: bool,
    /// Run nothing that costs more, and stop what turns out to (exit code 1)
    #[arg(long, value_name = "AMOUNT")]
    pub(super) max_cost: Option<String>,
    /// Profile of ~/.aws/config [default: AWS_PROFILE, or what else the AWS SDK finds]
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Ask this address instead of AWS's own
    #[arg(long, value_name = "URL")]
    pub(super) endpoint_url: Option<String>,
    /// How often a call is made before it is given up
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub(super) max_attempts: u32,
    #[command(flatten)]
    pub(super) prices: PriceArgs,
    /// How the result is printed; statements are printed as table (SQL with comments) or json
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// Also write scenario.toml, measured.json and tables (CSV) here
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Also write the measured month, at the prices of the tables, as a FOCUS 1.2 dataset into this file, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub(super) focus: Option<PathBuf>,
}

/// Which logs are counted, and what becomes of the counts.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  trailcost measure logs AWSLogs/ --out measured\n  trailcost measure logs bucket-a/ bucket-b/ --format json\n  trailcost measure logs AWSLogs/ --replay selectors.json\n  trailcost measure logs s3://audit-logs/AWSLogs --profile audit --state reading --out measured\n  trailcost estimate measured/scenario.toml"
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
    /// Also write the measured month, at the prices of the tables, as a FOCUS 1.2 dataset into this file, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub(super) focus: Option<PathBuf>,
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
    /// Try event selectors on each event: what they keep and drop, what that costs, which calls would never be recorded again,
    /// and fewer selectors that keep as much. FILE is what `aws cloudtrail get-event-selectors` prints
    #[arg(long, value_name = "FILE")]
    pub(super) replay: Option<PathBuf>,
    /// With --replay, propose selectors that keep only what [keep] events of this scenario names [default: all that is kept]
    #[arg(long, value_name = "SCENARIO", requires = "replay")]
    pub(super) keep: Option<PathBuf>,
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

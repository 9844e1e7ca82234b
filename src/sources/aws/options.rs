//! What to ask AWS for, and how.

use crate::domain::Date;
use std::path::PathBuf;

/// How long event history is sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookupBudget {
    /// Stretches of time in each account and Region, spread evenly over the days.
    pub windows: u32,
    /// The length of each in seconds; one with more events than `calls` can read is cut to what was read.
    pub seconds: u32,
    /// Calls in each account and Region. Two a second are allowed, so that 100 take 50 seconds.
    pub calls: u32,
}

impl Default for LookupBudget {
    fn default() -> Self {
        Self { windows: 24, seconds: 60, calls: 120 }
    }
}

/// What to ask AWS for, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskOptions {
    /// The profile of `~/.aws/config`; the default chain's own choice if absent.
    pub profile: Option<String>,
    /// A credentials file to read instead of `~/.aws/credentials` and `~/.aws/config`.
    pub credentials_file: Option<PathBuf>,
    /// The Regions to read; every enabled one if empty.
    pub regions: Vec<String>,
    /// The Regions to try when an account's own list may not be read and `regions` is empty.
    pub known_regions: Vec<String>,
    /// Where every service is, instead of AWS's own addresses.
    pub endpoint_url: Option<String>,
    /// The role to assume in the other accounts of the organization; without it only the caller's own account is read.
    pub assume_role: Option<String>,
    /// The accounts to read; every one that can be if empty.
    pub accounts: Vec<String>,
    /// How many things are asked at once.
    pub concurrency: usize,
    /// How often a call is made before it is given up, the first time included.
    pub max_attempts: u32,
    /// The longest wait before the first repetition, in milliseconds; it doubles from then on, with jitter.
    pub first_backoff_ms: u64,
    /// The day of the run. Metrics end the day before.
    pub today: Date,
    /// Days of metrics.
    pub days: u32,
    /// Whether Cost Explorer may be asked: AWS takes $0.01 for each request.
    pub cost_explorer: bool,
    /// Whether event history is sampled, and how much.
    pub lookup: Option<LookupBudget>,
}

impl AskOptions {
    /// The options that the command has when nothing is said.
    pub fn new(today: Date) -> Self {
        Self {
            profile: None,
            credentials_file: None,
            regions: Vec::new(),
            known_regions: Vec::new(),
            endpoint_url: None,
            assume_role: None,
            accounts: Vec::new(),
            concurrency: 16,
            max_attempts: 5,
            first_backoff_ms: 1_000,
            today,
            days: 30,
            cost_explorer: false,
            lookup: None,
        }
    }
}

/// How buckets are reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The profile of `~/.aws/config`; the default chain's own choice if absent.
    pub profile: Option<String>,
    /// A credentials file to read instead of `~/.aws/credentials` and `~/.aws/config`.
    pub credentials_file: Option<PathBuf>,
    /// Where every service is, instead of AWS's own addresses.
    pub endpoint_url: Option<String>,
    /// The Region in which a bucket is looked for first; where S3 names another one, it is asked there.
    pub region: Option<String>,
    /// How many objects are fetched at once.
    pub concurrency: usize,
    /// How often a call is made before it is given up, the first time included.
    pub max_attempts: u32,
    /// The longest wait before the first repetition, in milliseconds; it doubles from then on, with jitter.
    pub first_backoff_ms: u64,
}

impl From<&AskOptions> for Access {
    fn from(own: &AskOptions) -> Self {
        Self {
            profile: own.profile.clone(),
            credentials_file: own.credentials_file.clone(),
            endpoint_url: own.endpoint_url.clone(),
            region: None,
            concurrency: own.concurrency,
            max_attempts: own.max_attempts,
            first_backoff_ms: own.first_backoff_ms,
        }
    }
}

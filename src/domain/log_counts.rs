//! What was counted in CloudTrail log files.

use super::period::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use std::sync::Arc;

/// The categories of records in log files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogCategory {
    /// Management events.
    Management,
    /// Data events.
    Data,
    /// Network activity events.
    NetworkActivity,
    /// Insights events, which CloudTrail finds itself.
    Insight,
    /// Summaries of data events.
    Aggregated,
    /// A category that this program does not know.
    Other,
}

impl LogCategory {
    /// Every category.
    pub const ALL: [Self; 6] =
        [Self::Management, Self::Data, Self::NetworkActivity, Self::Insight, Self::Aggregated, Self::Other];

    /// Returns the word used in JSON and CSV.
    pub fn name(self) -> &'static str {
        match self {
            Self::Management => "management",
            Self::Data => "data",
            Self::NetworkActivity => "network_activity",
            Self::Insight => "insight",
            Self::Aggregated => "aggregated",
            Self::Other => "other",
        }
    }

    /// Returns the words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Management => "management events",
            Self::Data => "data events",
            Self::NetworkActivity => "network activity events",
            Self::Insight => "Insights events",
            Self::Aggregated => "aggregated events",
            Self::Other => "events of an unknown category",
        }
    }
}

/// Whether a record reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogAccess {
    /// `readOnly` is true.
    Read,
    /// `readOnly` is false.
    Write,
    /// The record does not say.
    Unknown,
}

impl LogAccess {
    /// Returns the word used in JSON and CSV.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Unknown => "unknown",
        }
    }
}

/// A sum of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogSum {
    /// Records delivered, further copies of an event included.
    pub events: u64,
    /// Their bytes as raw JSON.
    pub bytes: u64,
    /// Those that say an error was returned.
    pub errors: u64,
    /// Those that are further copies of an event delivered already.
    pub copies: u64,
}

impl LogSum {
    /// Adds another sum.
    pub fn add(&mut self, other: Self) {
        self.events += other.events;
        self.bytes += other.bytes;
        self.errors += other.errors;
        self.copies += other.copies;
    }

    /// Returns the events, each counted once.
    pub fn distinct(&self) -> u64 {
        self.events - self.copies
    }
}

/// The events of one kind, in one account, Region, day and trail folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// The day, in UTC; nothing where a record does not say.
    pub day: Option<Date>,
    /// Position of the trail folder in [`LogCounts::folders`].
    pub folder: u32,
    /// The account; `unknown` where nothing says.
    pub account: Arc<str>,
    /// The Region; `unknown` where nothing says.
    pub region: Arc<str>,
    /// The category.
    pub category: LogCategory,
    /// The service called, such as `kms.amazonaws.com`.
    pub event_source: Arc<str>,
    /// The call's name.
    pub event_name: Arc<str>,
    /// Whether it reads.
    pub access: LogAccess,
    /// Positions of the selectors that select these events, rising, of those that were tried.
    pub selected_by: Arc<[u16]>,
    /// How many.
    pub sum: LogSum,
}

/// Events of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogHour {
    /// The day, in UTC.
    pub day: Date,
    /// The hour, 0 to 23.
    pub hour: u8,
    /// Records delivered.
    pub events: u64,
}

/// Data events on one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogResource {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// The CloudFormation type, such as `AWS::S3::Object`.
    pub resource_type: String,
    /// The bucket, function, table or other resource, by its ARN.
    pub resource: String,
    /// Records that read.
    pub read: u64,
    /// Records that write.
    pub write: u64,
    /// Records that do not say.
    pub unknown: u64,
    /// Bytes of all of them.
    pub bytes: u64,
}

impl LogResource {
    /// Returns the records of all three kinds.
    pub fn events(&self) -> u64 {
        self.read + self.write + self.unknown
    }
}

/// Events of one caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogIdentity {
    /// The account.
    pub account: String,
    /// `userIdentity.type`
    pub kind: String,
    /// `userIdentity.arn`, of an assumed role without the session.
    pub arn: String,
    /// `userIdentity.invokedBy`: the service that called.
    pub invoked_by: String,
    /// Records.
    pub events: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Events that say the same error was returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogError {
    /// The account.
    pub account: String,
    /// The service called.
    pub event_source: String,
    /// The error's code.
    pub error_code: String,
    /// Records.
    pub events: u64,
}

/// What part of the logs the logs themselves caused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SelfLogging {
    /// Calls by CloudTrail and log delivery.
    Delivery,
    /// Calls to KMS by CloudTrail and log delivery.
    Kms,
    /// Data events on log files by anybody else.
    LogBucket,
}

impl SelfLogging {
    /// Returns the word used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Kms => "kms",
            Self::LogBucket => "log_bucket",
        }
    }
}

/// Events that the logs themselves caused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSelf {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// How they came about.
    pub kind: SelfLogging,
    /// Their category.
    pub category: LogCategory,
    /// Records.
    pub events: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Where trails deliver to: what the accounts' folders stand in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFolder {
    /// The path.
    pub path: String,
    /// The organization's id, for what an organization trail delivers.
    pub organization: Option<String>,
    /// Records.
    pub events: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Log files.
    pub log_files: u64,
    /// Digest files.
    pub digest_files: u64,
    /// Bytes of log files as stored.
    pub stored_bytes: u64,
    /// Bytes of log files, inflated.
    pub raw_bytes: u64,
    /// Whether it holds answers of the event history that no log tells: they are free, and of no trail.
    pub is_event_history: bool,
}

/// Events that the same trail folders have each delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedCopies {
    /// Positions of the trail folders in [`LogCounts::folders`], rising.
    pub folders: Vec<u32>,
    /// Events, each counted once.
    pub events: u64,
    /// Deliveries beyond the first.
    pub copies: u64,
}

/// Files of one account, Region, day and trail folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFilesOfDay {
    /// Position of the trail folder in [`LogCounts::folders`].
    pub folder: u32,
    /// The account as the path has it.
    pub account: String,
    /// The Region as the path has it.
    pub region: String,
    /// The day in the file's name.
    pub day: Option<Date>,
    /// Log files.
    pub log_files: u64,
    /// Digest files.
    pub digest_files: u64,
    /// Bytes of log files as stored.
    pub stored_bytes: u64,
}

/// A bar of the histogram of file sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSizeBin {
    /// Files of fewer bytes than this; nothing for the last bar.
    pub below: Option<u64>,
    /// Files.
    pub files: u64,
    /// Their bytes as stored.
    pub stored_bytes: u64,
}

/// What was counted of files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFiles {
    /// Log files read.
    pub log_files: u64,
    /// Digest files.
    pub digest_files: u64,
    /// Files without a text.
    pub empty: u64,
    /// Files that are the same as one read before.
    pub repeated: u64,
    /// Events in those of them that were opened, which were counted before.
    pub repeated_events: u64,
    /// Bytes of log files as stored.
    pub stored_bytes: u64,
    /// Bytes of log files, inflated.
    pub raw_bytes: u64,
    /// Log files that are compressed.
    pub gzip_files: u64,
    /// Their bytes as stored.
    pub gzip_stored_bytes: u64,
    /// Their bytes, inflated.
    pub gzip_raw_bytes: u64,
    /// Compressed log files by size.
    pub sizes: Vec<LogSizeBin>,
    /// Five-minute slots by how many files of one trail folder, account and Region each has: files in a slot, slots.
    pub slots: Vec<(u64, u64)>,
    /// Files by day.
    pub days: Vec<LogFilesOfDay>,
}

impl LogFiles {
    /// Returns raw to stored bytes of compressed files, rounded to hundredths; nothing where there are none.
    pub fn gzip_ratio(&self) -> Option<Decimal> {
        let raw = Decimal::from(self.gzip_raw_bytes);
        let ratio = raw.checked_div(Decimal::from(self.gzip_stored_bytes))?;
        Some(ratio.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
    }
}

/// Files, or records in them, that were left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The reason's id, such as `truncated_gzip`.
    pub reason: &'static str,
    /// The reason in words.
    pub label: &'static str,
    /// Files concerned.
    pub files: u64,
    /// Records concerned, where single ones were left out.
    pub records: u64,
    /// Their bytes as stored; nothing where they are not known.
    pub bytes: Option<u64>,
    /// Some of the files.
    pub examples: Vec<String>,
}

/// What was asked of a bucket to read logs in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogRequests {
    /// The bucket's name.
    pub bucket: String,
    /// Its Region; empty where AWS has not said.
    pub region: String,
    /// The storage class of what was fetched, such as `STANDARD_IA`; empty for listings.
    pub class: String,
    /// Requests for pages of listings, repeated ones included.
    pub lists: u64,
    /// Requests for objects, repeated ones included.
    pub gets: u64,
    /// Bytes that came.
    pub bytes: u64,
}

/// A change of what is recorded, found in the logs themselves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogChange {
    /// `eventTime`
    pub time: String,
    /// The day, in UTC.
    pub day: Option<Date>,
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// The call, such as `PutEventSelectors`.
    pub event_name: String,
    /// Who called.
    pub who: String,
    /// The trail or event data store.
    pub subject: String,
    /// What the call asked for, in words.
    pub what: String,
    /// The types of Insights asked for; nothing where the call is about something else.
    pub insights: Option<Vec<String>>,
    /// Whether the call says that the trail is the organization's.
    pub of_organization: bool,
    /// Whether the call failed, so that nothing changed.
    pub failed: bool,
}

/// What counts were read from, and so what they cannot tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CountedFrom {
    /// The log files themselves.
    #[default]
    Files,
    /// Athena's answers. Unknown are the bytes of records, everything of files but the number and stored bytes of log files,
    /// the records that no row was made of, which folders share events, and changes of what is recorded.
    Athena {
        /// Whether the log files were listed, so that their number and stored bytes are known.
        listed: bool,
    },
}

impl CountedFrom {
    /// Tells whether the bytes of records are known.
    pub fn knows_bytes(self) -> bool {
        self == Self::Files
    }

    /// Tells whether the number and the stored bytes of log files are known.
    pub fn knows_files(self) -> bool {
        self != Self::Athena { listed: false }
    }

    /// Returns the command that counts so.
    pub fn command(self) -> &'static str {
        match self {
            Self::Files => "measure logs",
            Self::Athena { .. } => "measure athena",
        }
    }
}

/// Everything counted in log files. What [`CountedFrom`] says to be unknown is 0 or empty here, and says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogCounts {
    /// What was read.
    pub from: CountedFrom,
    /// Whether the run was interrupted, so that not all files were read.
    pub partial: bool,
    /// Where trails deliver to, by path.
    pub folders: Vec<LogFolder>,
    /// Events, by day, trail folder, account, Region, category, source, name and access.
    pub rows: Vec<LogRow>,
    /// Hours with events, in order.
    pub hours: Vec<LogHour>,
    /// Data events by resource.
    pub resources: Vec<LogResource>,
    /// Events by caller.
    pub identities: Vec<LogIdentity>,
    /// Errors.
    pub errors: Vec<LogError>,
    /// What the logs themselves caused.
    pub self_logging: Vec<LogSelf>,
    /// Records without an id, which cannot be told for copies.
    pub without_event_id: u64,
    /// Further copies in the same trail folder as a delivery before.
    pub copies_same_folder: u64,
    /// Which trail folders delivered the same events.
    pub shared: Vec<SharedCopies>,
    /// Files.
    pub files: LogFiles,
    /// What could not be read, by reason.
    pub unreadable: Vec<LeftOut>,
    /// What was not looked at, by reason.
    pub skipped: Vec<LeftOut>,
    /// Changes of what is recorded, by time.
    pub changes: Vec<LogChange>,
    /// Kinds of names that were too many to tell apart, so that the rest stands together.
    pub too_many: Vec<&'static str>,
    /// The days whose events were counted, the first and the last, where not all were asked for.
    pub days: Option<(Option<Date>, Option<Date>)>,
    /// Events of other days in the files read, which were not counted.
    pub other_days: u64,
    /// What was asked of buckets, by name and storage class; nothing where only files were read.
    pub requests: Vec<LogRequests>,
}

impl LogCounts {
    /// Returns the sum of the rows that pass a test.
    pub fn sum(&self, test: impl Fn(&LogRow) -> bool) -> LogSum {
        let mut sum = LogSum::default();
        self.rows.iter().filter(|row| test(row)).for_each(|row| sum.add(row.sum));
        sum
    }
}

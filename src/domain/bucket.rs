//! Buckets that hold logs, and who reads them, as stated.

use super::account::AccountId;
use super::period::Age;
use super::region::RegionCode;
use super::storage::StorageClass;
use super::volume::Amount;

/// What a lifecycle rule does at the age it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifecycleAction {
    /// Moves the object to another class.
    Transition(StorageClass),
    /// Deletes the object; in a versioned bucket it becomes a noncurrent version.
    Expire,
}

/// One step of a bucket's lifecycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LifecycleRule {
    /// The object's age at which the step is taken, in whole days.
    pub after: Age,
    /// What is done.
    pub action: LifecycleAction,
    /// The rule that the step belongs to, counted from 0. Within one rule no class is left before its minimum duration.
    pub rule: u16,
    /// Only objects of more bytes than this take the step.
    pub larger_than: Option<u64>,
    /// Only objects of fewer bytes than this take the step.
    pub smaller_than: Option<u64>,
}

impl LifecycleRule {
    /// Tells whether the rule names sizes, which overrides the bucket's default minimum size.
    pub fn has_size_filter(&self) -> bool {
        self.larger_than.is_some() || self.smaller_than.is_some()
    }
}

/// The bucket's setting for small objects (S3 API, `TransitionDefaultMinimumObjectSize`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TransitionMinimum {
    /// `all_storage_classes_128K`: objects under 128 KB move to no class. The default since September 2024.
    #[default]
    AllClasses,
    /// `varies_by_storage_class`: they may move to Glacier Flexible Retrieval and Deep Archive. Rules left unedited since
    /// before then follow it.
    VariesByClass,
}

/// What a bucket holds already when the first month begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The class the objects are in.
    pub class: StorageClass,
    /// Their number.
    pub objects: Amount,
    /// Their bytes, all together.
    pub bytes: Amount,
    /// Their age when the first month begins, in whole days.
    pub age: Age,
}

/// Objects that arrive in a bucket in a month beside what trails deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Their number.
    pub objects: Amount,
    /// Their bytes, all together.
    pub bytes: Amount,
}

/// One bar of a histogram of log file sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SizeBin {
    /// Files of fewer bytes than this, and of at least the bytes of the bar before; `None` in the last bar.
    pub below: Option<u64>,
    /// The bar's share of the files, in millionths.
    pub files_ppm: u32,
    /// The bar's share of the bytes, in millionths.
    pub bytes_ppm: u32,
}

/// What becomes of deleted objects in a versioned bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Versioning {
    /// How long noncurrent versions are kept; `None` is for ever.
    pub noncurrent: Option<Age>,
}

/// Intelligent-Tiering's two archive tiers, which are off by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ArchiveTiers {
    /// Days without access after which objects move to Archive Access.
    pub archive: Option<Age>,
    /// Days without access after which objects move to Deep Archive Access.
    pub deep_archive: Option<Age>,
}

/// A copy of every new object in another bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replica {
    /// The bucket that receives the copies; it is one of the inventory.
    pub bucket: String,
    /// The class in which the copies arrive.
    pub class: StorageClass,
}

/// A bucket that holds logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The bucket's name.
    pub name: String,
    /// The account that owns it and is charged for it.
    pub account: AccountId,
    /// The Region it stands in.
    pub region: RegionCode,
    /// The lifecycle, by rising age.
    pub lifecycle: Vec<LifecycleRule>,
    /// Whether small objects may move.
    pub transition_minimum: TransitionMinimum,
    /// Versioning, if it is on.
    pub versioning: Option<Versioning>,
    /// The age before which Object Lock lets nothing be deleted.
    pub object_lock: Option<Age>,
    /// What it holds when the first month begins.
    pub holds: Vec<Holding>,
    /// What arrives beside the trails' files.
    pub receives: Option<Arrival>,
    /// Measured sizes of log files; without them every file has the mean size of its account, Region and month.
    pub sizes: Vec<SizeBin>,
    /// Intelligent-Tiering's archive tiers.
    pub archive_tiers: ArchiveTiers,
    /// Copies of everything that arrives.
    pub replicas: Vec<Replica>,
    /// Whether objects that are not a trail's log files are encrypted with SSE-KMS too (a trail states it for its own).
    pub kms: bool,
    /// The key's billable versions; the first two rotations each add one.
    pub kms_key_versions: u32,
    /// The key of the inventory that encrypts what stands here, and that is charged by itself; without one the bucket is
    /// charged for a key of its own where something in it is encrypted.
    pub kms_key: Option<String>,
    /// The share of KMS requests that a Bucket Key saves, from 0 to 1; `None` where it is off.
    pub bucket_key_saving: Option<Amount>,
}

impl Bucket {
    /// Returns a bucket with S3's own defaults: Standard for ever, no versions, no key of its own.
    pub fn plain(name: &str, account: AccountId, region: RegionCode) -> Self {
        Self {
            name: name.to_owned(),
            account,
            region,
            lifecycle: Vec::new(),
            transition_minimum: TransitionMinimum::AllClasses,
            versioning: None,
            object_lock: None,
            holds: Vec::new(),
            receives: None,
            sizes: Vec::new(),
            archive_tiers: ArchiveTiers::default(),
            replicas: Vec::new(),
            kms: false,
            kms_key_versions: 1,
            kms_key: None,
            bucket_key_saving: None,
        }
    }
}

/// How fast archived objects are brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RestoreTier {
    /// Expedited: minutes; not from Deep Archive.
    Expedited,
    /// Standard: hours.
    #[default]
    Standard,
    /// Bulk: up to two days.
    Bulk,
}

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReaderKind {
    /// Objects are fetched one by one, by a SIEM or by people.
    Get,
    /// Athena scans them.
    Athena,
}

/// What is read each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadScope {
    /// Every log file of a bucket that is at least as old as the first age and younger than the second at the end of
    /// the month; without a second age everything that is older than the first.
    Logs {
        /// The age from which on files are read, in whole days.
        from: Age,
        /// The age up to which files are read.
        to: Option<Age>,
    },
    /// So much.
    Given {
        /// Files, if stated.
        files: Option<Amount>,
        /// Bytes, if stated.
        bytes: Option<Amount>,
        /// Whether the bytes are those of the uncompressed events.
        uncompressed: bool,
    },
}

/// Somebody who reads logs, month by month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The name it is reported under.
    pub name: String,
    /// Who is charged for queries and requests.
    pub account: AccountId,
    /// The Region of the queries.
    pub region: RegionCode,
    /// The bucket read; `None` where only the bytes of queries are known.
    pub bucket: Option<String>,
    /// How.
    pub kind: ReaderKind,
    /// How often a month.
    pub times: Amount,
    /// What, each time.
    pub scope: ReadScope,
    /// How archived objects are brought back first.
    pub restore: RestoreTier,
    /// How long the restored copies are kept, in whole days.
    pub restore_days: u32,
}

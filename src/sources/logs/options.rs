//! What is asked of a reading of logs, what is told meanwhile, and why it can fail.

use super::objects::{ObjectPlace, ObjectsError};
use super::state::StateError;
use crate::domain::AdvancedEventSelector;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where logs are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogPlace {
    /// A file or folder of this machine.
    Path(PathBuf),
    /// Objects of a bucket.
    Bucket(ObjectPlace),
}

impl LogPlace {
    /// Returns the place whatever the folder that the program runs in.
    pub(super) fn whole(&self) -> String {
        match self {
            Self::Path(path) => {
                let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
                path.to_string_lossy().into_owned()
            }
            Self::Bucket(own) => own.to_string(),
        }
    }
}

impl From<&Path> for LogPlace {
    fn from(path: &Path) -> Self {
        Self::Path(path.to_owned())
    }
}

/// What of which logs is counted.
#[derive(Debug, Clone)]
pub struct LogOptions {
    /// Files, folders, buckets.
    pub places: Vec<LogPlace>,
    /// Threads that read; at least one.
    pub threads: usize,
    /// Leading parts of object keys that are told apart, besides the bucket.
    pub prefix_depth: u8,
    /// Deliveries of one thread that are held in memory, at 20 bytes each, before they go to a temporary file.
    pub held_deliveries: usize,
    /// Selectors that are tried on each event, 65,535 at most; what they select is told by
    /// [`LogRow::selected_by`](crate::domain::LogRow::selected_by).
    pub selectors: Arc<[AdvancedEventSelector]>,
    /// The first and the last day of events that are counted, as numbers such as 20260731; all days without it.
    pub days: Option<(u32, u32)>,
    /// Whether each file's size is asked for while files are found, so that it can be told how much is left to read; without it
    /// [`ReadSoFar::all_bytes`] tells nothing of files on this machine.
    pub with_sizes: bool,
}

impl LogOptions {
    /// Deliveries held by one thread, if nothing else is wanted: 40 MB.
    pub const HELD_DELIVERIES: usize = 1 << 21;
    /// A first day before all others.
    pub const FIRST_DAY: u32 = 101;
    /// A last day after all others.
    pub const LAST_DAY: u32 = 99_991_231;

    /// The options that the command has when nothing else is said.
    pub fn new(places: Vec<LogPlace>, threads: usize) -> Self {
        Self {
            places,
            threads,
            prefix_depth: 0,
            held_deliveries: Self::HELD_DELIVERIES,
            selectors: Arc::default(),
            days: None,
            with_sizes: false,
        }
    }
}

/// How far a reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadSoFar {
    /// Files read.
    pub files: u64,
    /// Their bytes as stored.
    pub bytes: u64,
    /// Files found so far.
    pub all_files: u64,
    /// Their bytes.
    pub all_bytes: u64,
    /// Whether no more will be found.
    pub all_found: bool,
}

/// Why logs could not be counted at all.
#[derive(Debug)]
pub enum LogsError {
    /// There is nothing under this path, or it cannot be looked at.
    Path(PathBuf, io::Error),
    /// No key of the bucket begins so.
    NoObjects(ObjectPlace),
    /// A bucket cannot be read, or not any further.
    Objects(ObjectsError),
    /// The reading could not be kept.
    State(StateError),
    /// A temporary file could not be written or read.
    Temporary(io::Error),
}

impl fmt::Display for LogsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path, error) if error.kind() == io::ErrorKind::NotFound => {
                write!(formatter, "cannot read {}: no such file or folder", path.display())
            }
            Self::Path(path, error) => write!(formatter, "cannot read {}: {error}", path.display()),
            Self::NoObjects(place) => write!(formatter, "cannot read {place}: there are no objects"),
            Self::Objects(error) => error.fmt(formatter),
            Self::State(error) => error.fmt(formatter),
            Self::Temporary(error) => write!(formatter, "cannot hold event ids in a temporary file: {error}"),
        }
    }
}

impl std::error::Error for LogsError {}

impl From<StateError> for LogsError {
    fn from(error: StateError) -> Self {
        Self::State(error)
    }
}

impl From<ObjectsError> for LogsError {
    fn from(error: ObjectsError) -> Self {
        Self::Objects(error)
    }
}

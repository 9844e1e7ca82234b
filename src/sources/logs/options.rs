//! What is asked of a reading of logs, what is told meanwhile, and why it can fail.

use crate::domain::AdvancedEventSelector;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// What of which logs is counted.
#[derive(Debug, Clone)]
pub struct LogOptions {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// Threads that read; at least one.
    pub threads: usize,
    /// Leading parts of object keys that are told apart, besides the bucket.
    pub prefix_depth: u8,
    /// Deliveries of one thread that are held in memory, at 20 bytes each, before they go to a temporary file.
    pub held_deliveries: usize,
    /// Selectors that are tried on each event, 65,535 at most; what they select is told by
    /// [`LogRow::selected_by`](crate::domain::LogRow::selected_by).
    pub selectors: Arc<[AdvancedEventSelector]>,
}

impl LogOptions {
    /// Deliveries held by one thread, if nothing else is wanted: 40 MB.
    pub const HELD_DELIVERIES: usize = 1 << 21;
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
            Self::Temporary(error) => write!(formatter, "cannot hold event ids in a temporary file: {error}"),
        }
    }
}

impl std::error::Error for LogsError {}

//! What can be wrong with a history.

use crate::domain::Month;
use crate::io::FileError;
use std::fmt;
use std::path::PathBuf;

/// Why a history cannot be read or written.
#[derive(Debug)]
pub enum HistoryError {
    /// A file or the folder cannot be read or written.
    File(FileError),
    /// A month's file is not what was written.
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
        /// The month before this one was written over it, where there is one.
        previous: Option<PathBuf>,
    },
    /// A month's file was written by a newer version of the program.
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u64,
    },
    /// Another process is recording.
    InUse(PathBuf),
    /// The month is recorded already, with something else.
    Exists {
        /// The month.
        month: Month,
        /// What is there already.
        parts: Vec<&'static str>,
    },
    /// Amounts of a month are in another currency.
    Currency {
        /// The month.
        month: Month,
        /// What is there, and what was to be added.
        currencies: [String; 2],
    },
}

impl HistoryError {
    /// Returns what to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::File(_) => "name a folder for --history that can be read and written".to_owned(),
            Self::Corrupt { path, previous: Some(previous), .. } => format!(
                "bring {} back from version control, or put {} (what it was before) into its place, or move it away and record the \
                 month again",
                path.display(),
                previous.display()
            ),
            Self::Corrupt { path, .. } => format!(
                "bring {} back from version control, or move it away and record the month again",
                path.display()
            ),
            Self::Newer { .. } => "use the version of trailcost that wrote it, or a newer one".to_owned(),
            Self::InUse(_) => "wait for it, and run the command again".to_owned(),
            Self::Exists { .. } => {
                "--replace puts the new figures into the place of the older ones".to_owned()
            }
            Self::Currency { .. } => "keep a history for each currency".to_owned(),
        }
    }
}

impl fmt::Display for HistoryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(formatter),
            Self::Corrupt { path, why, .. } => {
                write!(formatter, "{} is not what was recorded: {why}", path.display())
            }
            Self::Newer { path, version } => write!(
                formatter,
                "{} has version {version} of the history, and this program knows versions up to {}",
                path.display(),
                super::VERSION
            ),
            Self::InUse(path) => {
                write!(formatter, "another process is recording in {}", path.display())
            }
            Self::Exists { month, parts } => {
                write!(formatter, "{month} is recorded already, with another {}", parts.join(" and "))
            }
            Self::Currency { month, currencies: [there, own] } => {
                write!(formatter, "{month} is recorded in {there}, and this is in {own}")
            }
        }
    }
}

impl std::error::Error for HistoryError {}

impl From<FileError> for HistoryError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

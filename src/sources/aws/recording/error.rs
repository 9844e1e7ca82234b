//! What is wrong with a recording.

use crate::io::FileError;
use std::fmt;
use std::path::{Path, PathBuf};

/// Why a recording could not be read or written.
#[derive(Debug)]
pub enum RecordingError {
    /// A file or directory cannot be read or written.
    File(FileError),
    /// A file is there and is not what it should be.
    Bad {
        /// The file or directory.
        path: PathBuf,
        /// What is wrong, in one sentence without a full stop.
        message: String,
        /// What to do.
        hint: String,
    },
    /// The place where a recording should go holds something else.
    Occupied(PathBuf),
}

impl RecordingError {
    pub(super) fn bad(path: &Path, message: impl Into<String>, hint: &str) -> Self {
        Self::Bad { path: path.to_owned(), message: message.into(), hint: hint.to_owned() }
    }
}

impl From<FileError> for RecordingError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl fmt::Display for RecordingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(formatter, "{error}"),
            Self::Bad { path, message, .. } => write!(formatter, "{}: {message}", path.display()),
            Self::Occupied(path) => {
                write!(formatter, "{} is not empty and holds no recording", path.display())
            }
        }
    }
}

impl std::error::Error for RecordingError {}

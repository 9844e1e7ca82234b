//! What a scenario file cannot say.

use thiserror::Error;

/// Says that a part of a model has no form in a scenario file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{what} cannot stand in a scenario file: {why}")]
pub struct WriteError {
    /// The part, such as ``the trail `main` ``.
    pub what: String,
    /// Why not.
    pub why: String,
}

impl WriteError {
    pub(super) fn new(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into() }
    }
}

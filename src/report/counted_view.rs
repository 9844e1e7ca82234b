//! What was counted in log files, as people ask for it.

use crate::domain::LogCounts;

/// What every format shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedView {
    /// The counts.
    pub counts: LogCounts,
}

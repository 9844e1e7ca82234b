//! Why no module is made.

use thiserror::Error;

/// Why no module is made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModuleError {
    /// The scenario has no trail of the name that was asked for.
    #[error("the scenario has no trail `{name}`")]
    NoSuchTrail {
        /// The name asked for.
        name: String,
        /// The names that it has.
        has: Vec<String>,
    },
    /// The scenario names no account, in which nothing can be made.
    #[error("the scenario names no account")]
    NoAccount,
    /// CloudTrail would refuse the trail's selectors.
    #[error("CloudTrail takes no trail with these event selectors: {}", .0.join("; "))]
    Selectors(Vec<String>),
    /// S3 would refuse the bucket's lifecycle.
    #[error("S3 takes no bucket with this lifecycle: {}", .0.join("; "))]
    Lifecycle(Vec<String>),
}

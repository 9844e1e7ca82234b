//! What makes Terraform's files unreadable as a whole.

use std::fmt;

/// Says why nothing could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerraformError {
    /// The file or folder, as it was named.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
}

impl TerraformError {
    pub(super) fn new(path: &str, message: impl Into<String>, hint: &'static str) -> Self {
        Self { path: path.to_owned(), message: message.into(), hint }
    }
}

impl fmt::Display for TerraformError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for TerraformError {}

//! Compliance profiles: what a framework's controls demand of what CloudTrail records and keeps.

use super::demands::Demands;

/// Where a text can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The text's title.
    pub title: String,
    /// Its address.
    pub address: String,
}

/// A framework, as far as it speaks of what CloudTrail records and how long that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplianceProfile {
    /// The id it is asked for by.
    pub id: String,
    /// The framework's title.
    pub title: String,
    /// The framework's version, where it has one.
    pub version: Option<String>,
    /// Whom it binds, in words.
    pub binds: String,
    /// Where the framework can be read.
    pub source: Citation,
    /// Its controls, in its own order.
    pub controls: Vec<ComplianceControl>,
}

/// One control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplianceControl {
    /// The number it has in the framework.
    pub id: String,
    /// What it says, in a sentence.
    pub text: String,
    /// The address at which it can be read.
    pub source: String,
    /// What no plan may break; nothing where no plan can break it.
    pub keep: Demands,
}

impl ComplianceProfile {
    /// Returns title and version: `CIS AWS Foundations Benchmark 3.0.0`.
    pub fn name(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.title),
            None => self.title.clone(),
        }
    }
}

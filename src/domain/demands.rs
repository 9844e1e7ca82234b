//! What must be kept, however cheap the alternative.

use super::period::Age;
use super::trail::AdvancedEventSelector;

/// How much is lost at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum LossLevel {
    /// Nothing: what is dropped is recorded elsewhere, or nothing is dropped.
    #[default]
    None,
    /// Noise: events about log deliveries, notices of files, logs older than 90 days readable at once.
    Low,
    /// Events, analyses or qualities of logs that investigations sometimes need, such as reads of data or log file validation.
    Medium,
    /// Events that detections rest on, such as writes of data.
    High,
}

impl LossLevel {
    /// Every level, by rising loss.
    pub const ALL: [Self; 4] = [Self::None, Self::Low, Self::Medium, Self::High];

    /// Returns the word used on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What must be kept, however cheap the alternative. No plan may break it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Demands {
    /// How long logs are kept.
    pub retention: Option<Age>,
    /// Logs up to the first age must be readable within the second length of time; by rising age.
    pub readable_within: Vec<(Age, Age)>,
    /// Events that stay recorded where they are recorded today: those that any of these selects.
    pub events: Vec<AdvancedEventSelector>,
    /// Whether Insights stay on where they are on.
    pub insights: bool,
    /// Whether trails that deliver to CloudWatch Logs go on doing so.
    pub cloudwatch_logs: bool,
    /// How long log groups keep events at least.
    pub log_retention: Option<Age>,
    /// Buckets that go on receiving the logs that they receive today.
    pub buckets: Vec<String>,
    /// How much a plan may give up; nothing where it was not stated.
    pub accept_loss: Option<LossLevel>,
    /// Compliance profiles that a plan keeps, by id.
    pub profiles: Vec<String>,
}

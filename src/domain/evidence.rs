//! How a measured figure was come by, and how sure it is.

/// How sure a measured figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Counted by AWS for billing, or a setting read as it is.
    Exact,
    /// Counted, but not by what is billed.
    Close,
    /// Computed from a sample.
    Sampled,
    /// The true figure is not larger.
    Ceiling,
    /// The true figure is not smaller.
    Floor,
}

impl Certainty {
    /// Returns the word shown to people and machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Close => "close",
            Self::Sampled => "sampled",
            Self::Ceiling => "ceiling",
            Self::Floor => "floor",
        }
    }
}

/// One thing that was measured.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// What was measured, such as `bucket log-archive (999988887777, us-east-1): bytes in Standard`.
    pub what: String,
    /// The figure or setting as it goes into the scenario.
    pub value: String,
    /// The call or column that it comes from, with its period: `CloudWatch AWS/S3 BucketSizeBytes, 19 Nov 2026`.
    pub how: String,
    /// How sure it is.
    pub certainty: Certainty,
}

/// When volumes were measured, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// The first day.
    pub from: super::period::Date,
    /// The last day.
    pub to: super::period::Date,
    /// The command: `measure aws`, `measure bill`, `measure logs`.
    pub by: String,
}

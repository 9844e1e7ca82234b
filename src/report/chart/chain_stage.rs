//! The stages that an event can pass, and which of them it comes from.

/// A stage of the chain. Each is reached from exactly one other, so that no two arrows can cross.
///
/// The order is that of the picture, from top to bottom along each way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChainStage {
    /// What is recorded: calls to AWS services. The start of every way.
    ApiCalls,
    /// CloudTrail's trails.
    Trail,
    /// The S3 bucket with the logs, usually under SSE-KMS.
    Bucket,
    /// Colder storage classes that the lifecycle moves logs to.
    Lifecycle,
    /// Athena and whoever else reads the logs.
    Readers,
    /// The replica of the bucket.
    Replica,
    /// The CloudWatch Logs log group.
    LogGroup,
    /// Metric filters and alarms.
    Alarms,
    /// The SNS topic.
    Topic,
    /// E-mail, or a relay to Slack.
    Notification,
    /// CloudTrail Insights.
    Insights,
    /// EventBridge rules.
    EventBridge,
    /// CloudTrail Lake.
    Lake,
}

impl ChainStage {
    /// Every stage, in the order of the picture.
    pub const ALL: &'static [Self] = &[
        Self::ApiCalls,
        Self::Trail,
        Self::Bucket,
        Self::Lifecycle,
        Self::Readers,
        Self::Replica,
        Self::LogGroup,
        Self::Alarms,
        Self::Topic,
        Self::Notification,
        Self::Insights,
        Self::EventBridge,
        Self::Lake,
    ];

    /// The stage's usual label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ApiCalls => "API calls",
            Self::Trail => "CloudTrail",
            Self::Bucket => "S3 bucket (SSE-KMS)",
            Self::Lifecycle => "Lifecycle, Glacier",
            Self::Readers => "Athena, readers",
            Self::Replica => "Replica bucket",
            Self::LogGroup => "CloudWatch Logs",
            Self::Alarms => "Metric filters, alarms",
            Self::Topic => "SNS topic",
            Self::Notification => "E-mail, Slack relay",
            Self::Insights => "Insights",
            Self::EventBridge => "EventBridge",
            Self::Lake => "CloudTrail Lake",
        }
    }

    /// The stage that this one is reached from; nothing for [`ChainStage::ApiCalls`].
    ///
    /// Where that one is not part of the picture or not stated, the arrow comes from the one before it.
    #[must_use]
    pub const fn comes_from(self) -> Option<Self> {
        match self {
            Self::ApiCalls => None,
            Self::Trail | Self::Lake => Some(Self::ApiCalls),
            Self::Bucket | Self::LogGroup | Self::Insights | Self::EventBridge => Some(Self::Trail),
            Self::Lifecycle | Self::Replica => Some(Self::Bucket),
            Self::Readers => Some(Self::Lifecycle),
            Self::Alarms => Some(Self::LogGroup),
            Self::Topic => Some(Self::Alarms),
            Self::Notification => Some(Self::Topic),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_starts_at_the_api_calls() {
        for &stage in ChainStage::ALL {
            let mut at = stage;
            let mut steps = 0;
            while let Some(from) = at.comes_from() {
                assert!(from < at, "{at:?} stands before what it comes from");
                at = from;
                steps += 1;
            }
            assert!(at == ChainStage::ApiCalls && steps <= 5, "{stage:?}");
        }
        assert!(ChainStage::ALL.is_sorted());
    }

    #[test]
    fn no_two_labels_are_equal() {
        for (at, one) in ChainStage::ALL.iter().enumerate() {
            assert!(ChainStage::ALL[at + 1..].iter().all(|two| two.label() != one.label()), "{one:?}");
        }
    }
}

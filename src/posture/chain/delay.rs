//! How long each hop takes, as AWS documents it.

/// What is documented of a hop's delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay {
    /// The hop: from where to where.
    pub hop: &'static str,
    /// Typical seconds, where a figure is documented; of an alarm nothing, as its periods decide.
    pub seconds: Option<u64>,
    /// What is said of it.
    pub words: &'static str,
    /// Where it is said; empty where nothing is.
    pub source: &'static str,
}

/// From the call to the log group.
pub(super) const TO_LOG_GROUP: Delay = Delay {
    hop: "CloudTrail to CloudWatch Logs",
    seconds: Some(300),
    words: "typically within an average of about 5 minutes of the call, not guaranteed",
    source: "AWS CloudTrail User Guide, Sending events to CloudWatch Logs",
};
/// From the log group to the metric.
pub(super) const TO_METRIC: Delay = Delay {
    hop: "metric filter to metric",
    seconds: Some(60),
    words: "values are reported for each minute in which logs arrive",
    source: "Amazon CloudWatch Logs User Guide, Creating metrics from log events using filters",
};
/// From the metric to the alarm's action.
pub(super) const TO_ALARM: Delay = Delay {
    hop: "metric to alarm",
    seconds: None,
    words: "the period times the evaluation periods",
    source: "Amazon CloudWatch User Guide, Using Amazon CloudWatch alarms",
};
/// From the topic to the subscriber.
pub(super) const TO_SUBSCRIBER: Delay =
    Delay { hop: "SNS to subscriber", seconds: None, words: "not documented", source: "" };
/// From the call to an EventBridge rule.
pub(super) const TO_EVENT_RULE: Delay =
    Delay { hop: "CloudTrail to EventBridge", seconds: None, words: "not documented", source: "" };
/// From the rule to its target.
pub(super) const TO_TARGET: Delay =
    Delay { hop: "EventBridge to target", seconds: None, words: "not documented", source: "" };
/// From the call to the log files.
const TO_BUCKET: Delay = Delay {
    hop: "CloudTrail to S3",
    seconds: Some(300),
    words: "typically within an average of about 5 minutes of the call, not guaranteed",
    source: "AWS CloudTrail User Guide, Getting and viewing your CloudTrail log files",
};

/// Every hop whose delay was looked up, for the reference.
pub const DELAYS: [Delay; 7] =
    [TO_BUCKET, TO_LOG_GROUP, TO_METRIC, TO_ALARM, TO_SUBSCRIBER, TO_EVENT_RULE, TO_TARGET];

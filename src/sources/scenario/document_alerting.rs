//! Log groups, alarms, topics and EventBridge as a scenario file writes them. The doc comments are what editors show.

use super::at::At;
use super::document::Quantity;
use super::quantity_text::QuantityInput;
use schemars::JsonSchema;
use serde::Deserialize;

/// A log group's class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub(super) enum LogClassInput {
    /// Standard, the only class with metric filters.
    #[serde(rename = "STANDARD")]
    Standard,
    /// Infrequent Access.
    #[serde(rename = "INFREQUENT_ACCESS")]
    InfrequentAccess,
}

/// A CloudWatch log group that trails deliver to.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct LogGroupInput {
    /// The group's name.
    pub(super) name: At<String>,
    /// The account that owns it and is charged for it; that of the trails that deliver to it if absent.
    pub(super) account: Option<At<String>>,
    /// The Region it stands in; the home Region of the trails that deliver to it if absent.
    pub(super) region: Option<At<String>>,
    /// The class; STANDARD if absent.
    pub(super) class: Option<LogClassInput>,
    /// How long events are kept, such as "90d": 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096,
    /// 1827, 2192, 2557, 2922, 3288 or 3653 days. For ever if absent.
    pub(super) retention: Option<At<String>>,
    /// Bytes that it holds when the first month begins, as stored (compressed), such as "40 GiB"; they stay.
    pub(super) holds: Quantity,
    /// Bytes a month that Logs Insights queries scan, such as "2 TiB".
    pub(super) scanned: Quantity,
    /// The share of the events' bytes that is not sent because an event is larger than 256 KB, such as "0.1%".
    pub(super) not_sent: Option<At<QuantityInput>>,
    /// Metric filters; they need the STANDARD class.
    #[serde(default)]
    pub(super) metric_filter: Vec<MetricFilterInput>,
}

/// A metric filter: its metrics are billed in the hours in which it sends a value.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct MetricFilterInput {
    /// The filter's name.
    pub(super) name: At<String>,
    /// The metrics it sends to, one for each combination of dimensions; 1 if absent.
    pub(super) metrics: Option<At<i64>>,
    /// Hours of a month in which an event matches. Either this or `default_value = true`.
    pub(super) matching_hours: Quantity,
    /// Whether it has a default value, and so sends a value every hour.
    pub(super) default_value: Option<At<bool>>,
    /// The filter pattern, as CloudWatch Logs takes it; not known if absent. `check --posture` reads it.
    pub(super) pattern: Option<String>,
    /// Namespace and name of the metric it sends to, such as "CloudTrail/RootLogin"; not known if absent.
    pub(super) metric: Option<String>,
}

/// What an alarm is billed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AlarmKindInput {
    /// Periods of a minute or more.
    Standard,
    /// Periods below a minute.
    HighResolution,
    /// An alarm over other alarms.
    Composite,
}

/// How an alarm compares a statistic to its threshold, as CloudWatch names it.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[expect(clippy::enum_variant_names, reason = "CloudWatch's names")]
pub(super) enum ComparisonInput {
    /// At the threshold or above.
    GreaterThanOrEqualToThreshold,
    /// Above it.
    GreaterThanThreshold,
    /// Below it.
    LessThanThreshold,
    /// At the threshold or below.
    LessThanOrEqualToThreshold,
}

/// What an alarm takes of a period, as CloudWatch names it.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
pub(super) enum StatisticInput {
    /// The sum of the values.
    Sum,
    /// The largest.
    Maximum,
    /// The smallest.
    Minimum,
    /// The mean.
    Average,
    /// How many there are.
    SampleCount,
}

/// A CloudWatch alarm.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct AlarmInput {
    /// The alarm's name.
    pub(super) name: At<String>,
    /// The account that owns it; the only one of the scenario if absent.
    pub(super) account: Option<At<String>>,
    /// The Region it stands in; the trails' home Region if absent.
    pub(super) region: Option<At<String>>,
    /// What it is billed as; "standard" if absent.
    pub(super) kind: Option<At<AlarmKindInput>>,
    /// The metrics it watches, each of which is billed; 1 if absent.
    pub(super) metrics: Option<At<i64>>,
    /// Messages that it sends a month; none if absent.
    pub(super) alerts: Quantity,
    /// The topic that it sends them to.
    pub(super) topic: Option<At<String>>,
    /// Namespaces and names of the metrics it watches, such as `["CloudTrail/RootLogin"]`; not known if absent.
    /// `check --posture` reads them.
    #[serde(default)]
    pub(super) watches: Vec<String>,
    /// Whether it acts at all; true if absent.
    pub(super) actions_enabled: Option<bool>,
    /// Seconds of one period, such as 300; not known if absent.
    pub(super) period: Option<At<i64>>,
    /// Periods that are looked at before it alarms; not known if absent.
    pub(super) evaluation_periods: Option<At<i64>>,
    /// How many of them must be beyond the threshold; all if absent.
    pub(super) datapoints_to_alarm: Option<At<i64>>,
    /// What the statistic of a period is compared to, such as 1; not known if absent. `check --posture` reads this and the next two.
    pub(super) threshold: Quantity,
    /// How it is compared, such as "GreaterThanOrEqualToThreshold"; not known if absent.
    pub(super) comparison: Option<ComparisonInput>,
    /// The statistic, such as "Sum"; not known if absent.
    pub(super) statistic: Option<StatisticInput>,
}

/// An SNS topic.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct TopicInput {
    /// The topic's name.
    pub(super) name: At<String>,
    /// The account that owns it and is charged for it; that of whoever publishes to it if absent.
    pub(super) account: Option<At<String>>,
    /// The Region it stands in; that of whoever publishes to it if absent.
    pub(super) region: Option<At<String>>,
    /// Messages a month beside those of trails, alarms and rules; none if absent.
    pub(super) published: Quantity,
    /// Bytes of a message, at most "256 KiB"; each 64 KiB begun is a request. 2 KiB if absent.
    pub(super) message_bytes: Quantity,
    /// Who receives its messages.
    #[serde(default)]
    pub(super) subscriptions: Vec<SubscriptionInput>,
}

/// Subscribers of a topic by one protocol.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SubscriptionInput {
    /// How they are reached: email, http, https, sqs or lambda.
    pub(super) protocol: At<String>,
    /// How many there are; 1 if absent.
    pub(super) count: Option<At<i64>>,
    /// A function's memory, such as "128 MiB"; 128 MiB if absent.
    pub(super) memory: Option<At<QuantityInput>>,
    /// How long a function runs for one message, such as "200ms" or "1.5s".
    pub(super) duration: Option<At<String>>,
    /// Whether the subscribers have confirmed; not known if absent. `check --posture` reads it.
    pub(super) confirmed: Option<bool>,
}

/// An EventBridge bus with custom events. AWS services' own events on the default bus are free.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct EventBusInput {
    /// The bus's name.
    pub(super) name: At<String>,
    /// The account that owns it; the only one of the scenario if absent.
    pub(super) account: Option<At<String>>,
    /// The Region it stands in; the trails' home Region if absent.
    pub(super) region: Option<At<String>>,
    /// Custom events a month.
    pub(super) custom_events: At<QuantityInput>,
    /// Bytes of an event; each 64 KiB begun is billed. The size of a CloudTrail event if absent.
    pub(super) event_bytes: Quantity,
}

/// An EventBridge rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct EventRuleInput {
    /// The rule's name.
    pub(super) name: At<String>,
    /// The account that owns it; the only one of the scenario if absent.
    pub(super) account: Option<At<String>>,
    /// The Region it stands in; the trails' home Region if absent.
    pub(super) region: Option<At<String>>,
    /// Events that match in a month.
    pub(super) matched: At<QuantityInput>,
    /// Bytes of an event; the size of a CloudTrail event if absent.
    pub(super) event_bytes: Quantity,
    /// Where they go.
    #[serde(default)]
    pub(super) targets: Vec<TargetInput>,
    /// The event pattern, as EventBridge takes it (JSON); not known if absent. `check --posture` reads it.
    pub(super) pattern: Option<String>,
    /// Whether it is enabled; true if absent.
    pub(super) enabled: Option<bool>,
}

/// Where a rule sends its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum TargetKindInput {
    /// An SNS topic, named by `name`.
    Topic,
    /// A Lambda function, with `memory` and `duration`.
    Function,
    /// Another bus, in the same account or another: billed as custom events.
    Bus,
    /// A target of another account, without a bus.
    CrossAccount,
    /// Anything else in the same account: delivery is free.
    Other,
}

/// A target of a rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct TargetInput {
    /// What it is.
    pub(super) kind: At<TargetKindInput>,
    /// The topic's name.
    pub(super) name: Option<At<String>>,
    /// A function's memory, such as "128 MiB"; 128 MiB if absent.
    pub(super) memory: Option<At<QuantityInput>>,
    /// How long a function runs for one event, such as "200ms" or "1.5s".
    pub(super) duration: Option<At<String>>,
}

//! Log groups, metric filters, alarms, topics and event buses: what turns an event into a message.

use super::account::AccountId;
use super::period::Age;
use super::region::RegionCode;
use super::volume::Amount;

/// A log group's class; it cannot be changed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogClass {
    /// Standard, the only one with metric filters.
    #[default]
    Standard,
    /// Infrequent Access.
    InfrequentAccess,
}

/// A metric filter: a custom metric, metered in hours in which it sends a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricFilter {
    /// The filter's name.
    pub name: String,
    /// The metrics it sends to; one for each combination of dimensions.
    pub metrics: u32,
    /// Hours of a month with a value; `None` is every hour, as with a default value.
    pub hours: Option<Amount>,
}

/// A CloudWatch log group that trails deliver to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGroup {
    /// The group's name.
    pub name: String,
    /// The account that owns it and is charged for it.
    pub account: AccountId,
    /// The Region it stands in.
    pub region: RegionCode,
    /// The class.
    pub class: LogClass,
    /// How long events are kept, in whole days; `None` is for ever.
    pub retention: Option<Age>,
    /// Bytes it holds when the first month begins, as stored (compressed); they stay.
    pub holds: Option<Amount>,
    /// Bytes a month that Logs Insights queries scan.
    pub scanned: Option<Amount>,
    /// The share of the events' bytes that is not sent because an event is larger than 256 KB, from 0 to 1.
    pub not_sent: Option<Amount>,
    /// The metric filters.
    pub metric_filters: Vec<MetricFilter>,
}

/// What an alarm is billed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AlarmKind {
    /// Periods of a minute or more.
    #[default]
    Standard,
    /// Periods below a minute.
    HighResolution,
    /// An alarm over other alarms.
    Composite,
}

/// A CloudWatch alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// The alarm's name.
    pub name: String,
    /// The account that owns it.
    pub account: AccountId,
    /// The Region it stands in.
    pub region: RegionCode,
    /// What it is billed as.
    pub kind: AlarmKind,
    /// The metrics it watches; each is billed. 1 for a composite alarm.
    pub metrics: u32,
    /// Messages that it sends a month.
    pub alerts: Option<Amount>,
    /// The topic that it sends them to.
    pub topic: Option<String>,
}

/// A Lambda function that handles messages, such as a relay to a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// Memory in MB.
    pub memory_mb: u32,
    /// Billed milliseconds of one run.
    pub milliseconds: u32,
}

/// How a topic's messages reach a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// E-mail.
    Email,
    /// HTTP or HTTPS.
    Http,
    /// A queue; its deliveries are free.
    Sqs,
    /// A function; deliveries are free, its runs are not.
    Lambda(Function),
}

/// Subscribers of a topic by one protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subscription {
    /// How they are reached.
    pub protocol: Protocol,
    /// How many.
    pub subscribers: u32,
}

/// An SNS topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The topic's name.
    pub name: String,
    /// The account that owns it and is charged for it.
    pub account: AccountId,
    /// The Region it stands in.
    pub region: RegionCode,
    /// Messages a month beside those that trails, alarms and rules publish.
    pub published: Option<Amount>,
    /// Bytes of a message; each 64 KB begun is a request.
    pub message_bytes: u64,
    /// Who receives them.
    pub subscriptions: Vec<Subscription>,
}

/// An EventBridge bus with custom events. AWS services' own events on the default bus are free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventBus {
    /// The bus's name.
    pub name: String,
    /// The account that owns it.
    pub account: AccountId,
    /// The Region it stands in.
    pub region: RegionCode,
    /// Custom events a month.
    pub custom_events: Amount,
    /// Bytes of an event; each 64 KB begun is billed.
    pub event_bytes: u64,
}

/// Where an EventBridge rule sends an event that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleTarget {
    /// A topic of the inventory.
    Topic(String),
    /// A function.
    Function(Function),
    /// Another bus, in the same account or another: billed as a custom event.
    Bus,
    /// A target of another account, without a bus.
    CrossAccount,
    /// Anything else in the same account: delivery is free.
    Other,
}

/// An EventBridge rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRule {
    /// The rule's name.
    pub name: String,
    /// The account that owns it.
    pub account: AccountId,
    /// The Region it stands in.
    pub region: RegionCode,
    /// Events that match in a month.
    pub matched: Amount,
    /// Bytes of an event.
    pub event_bytes: u64,
    /// Where they go.
    pub targets: Vec<RuleTarget>,
}

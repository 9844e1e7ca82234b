//! Log groups, alarms and topics.

use super::at::At;
use super::document_alerting::{
    AlarmInput, AlarmKindInput, LogClassInput, LogGroupInput, MetricFilterInput, SubscriptionInput,
    TopicInput,
};
use super::lower::Lowering;
use super::lower_places::{Asked, Kind};
use super::quantity_text::Expected;
use crate::domain::{
    Age, Alarm, AlarmKind, AmountValue, LogClass, LogGroup, MetricFilter, Protocol, Quantity, Subscription,
    Topic, nearest,
};
use std::collections::BTreeSet;

/// Days that CloudWatch Logs keeps events (CloudWatch Logs API reference, PutRetentionPolicy).
const RETENTION_DAYS: [u32; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// The largest message that SNS publishes, in bytes (SNS API reference, Publish: 256 KB).
const MESSAGE_BYTES_AT_MOST: u64 = 256 << 10;

/// The hours of the longest month.
const HOURS_AT_MOST: u64 = 31 * 24;

/// Protocols that a scenario can name.
const PROTOCOLS: [&str; 5] = ["email", "http", "https", "sqs", "lambda"];

impl Lowering<'_> {
    pub(super) fn log_groups(&mut self, groups: &[LogGroupInput]) {
        let mut stated = BTreeSet::new();
        for input in groups {
            let name = &input.name.value;
            if !stated.insert(name.clone()) {
                self.error(&input.name.span, format!("the log group `{name}` occurs twice")).hint =
                    Some("give each a name of its own; it is only shown".to_owned());
                continue;
            }
            let asked = Asked {
                word: "log group",
                kind: Some(Kind::LogGroup),
                name,
                span: &input.name.span,
                stated: true,
            };
            let placed = self.placed(&asked, input.account.as_ref(), input.region.as_ref());
            let class = match input.class {
                None | Some(LogClassInput::Standard) => LogClass::Standard,
                Some(LogClassInput::InfrequentAccess) => LogClass::InfrequentAccess,
            };
            let retention = input.retention.as_ref().and_then(|text| self.log_retention(text));
            let holds = self.optional_amount(input.holds.as_ref(), Expected::Bytes);
            let scanned = self.optional_amount(input.scanned.as_ref(), Expected::Bytes);
            let not_sent =
                input.not_sent.as_ref().and_then(|share| self.share_amount(&share.value, &share.span));
            let metric_filters = self.metric_filters(name, class, &input.metric_filter);
            if let Some((account, region)) = placed {
                self.model.inventory.log_groups.push(LogGroup {
                    name: name.clone(),
                    account,
                    region,
                    class,
                    retention,
                    holds,
                    scanned,
                    not_sent,
                    metric_filters,
                });
            }
        }
        self.named_only(Kind::LogGroup, &stated);
        self.model.inventory.log_groups.sort_by(|left, right| left.name.cmp(&right.name));
    }

    fn log_retention(&mut self, text: &At<String>) -> Option<Age> {
        let age = self.days(text)?;
        if RETENTION_DAYS.contains(&age.days()) {
            return Some(age);
        }
        // Of two that are equally near the longer one: it loses nothing.
        let near = RETENTION_DAYS
            .iter()
            .min_by_key(|days| (days.abs_diff(age.days()), u32::MAX - **days))
            .map_or_else(String::new, |days| format!("the nearest that it accepts is {days}d"));
        self.error(&text.span, format!("CloudWatch Logs cannot keep events for {}", text.value)).label =
            Some(near);
        None
    }

    fn metric_filters(
        &mut self,
        group: &str,
        class: LogClass,
        inputs: &[MetricFilterInput],
    ) -> Vec<MetricFilter> {
        if let (LogClass::InfrequentAccess, Some(first)) = (class, inputs.first()) {
            let message = format!("the log group `{group}` cannot have metric filters");
            let finding = self.error(&first.name.span, message);
            finding.label = Some("metric filters need the STANDARD class".to_owned());
            finding.hint = Some("the class of a log group cannot be changed later: make another".to_owned());
        }
        let mut seen = BTreeSet::new();
        let mut filters = Vec::new();
        for input in inputs {
            let name = &input.name.value;
            if !seen.insert(name) {
                self.error(&input.name.span, format!("the metric filter `{name}` occurs twice"));
            }
            let metrics = match &input.metrics {
                Some(metrics) => self.whole(metrics, 1..=u32::MAX, "metrics", ""),
                None => Some(1),
            };
            let by_default = input.default_value.as_ref().is_some_and(|own| own.value);
            let hours = match (&input.matching_hours, by_default) {
                (Some(_), true) => {
                    if let Some(at) = &input.default_value {
                        self.error(
                            &at.span,
                            "with a default value a filter sends a value every hour".to_owned(),
                        )
                        .hint = Some("leave out matching_hours, or default_value".to_owned());
                    }
                    continue;
                }
                (None, true) => None,
                (Some(hours), false) => {
                    let Some(amount) = self.amount(hours, Expected::Count) else {
                        continue;
                    };
                    let most = match &amount.value {
                        AmountValue::Known(own) => Some(*own),
                        AmountValue::Range(range) => Some(range.high),
                        AmountValue::Unknown => None,
                    };
                    if most.is_some_and(|most| most > Quantity::from_count(HOURS_AT_MOST)) {
                        self.error(&hours.span, "a month has fewer hours".to_owned()).label =
                            Some(format!("at most {HOURS_AT_MOST}"));
                    }
                    Some(amount)
                }
                (None, false) => {
                    if !self.misshapen {
                        let message = format!(
                            "nothing says in how many hours the metric filter `{name}` sends a value"
                        );
                        let finding = self.error(&input.name.span, message);
                        finding.label = Some(
                            "its metrics are billed in these hours only: in a few, or in every one"
                                .to_owned(),
                        );
                        finding.hint = Some(
                            "add matching_hours = 4, or default_value = true if the filter has one"
                                .to_owned(),
                        );
                    }
                    continue;
                }
            };
            filters.extend(metrics.map(|metrics| MetricFilter { name: name.clone(), metrics, hours }));
        }
        filters.sort_by(|left, right| left.name.cmp(&right.name));
        filters
    }

    pub(super) fn alarms(&mut self, alarms: &[AlarmInput]) {
        for input in alarms {
            let name = &input.name;
            let asked =
                Asked { word: "alarm", kind: None, name: &name.value, span: &name.span, stated: true };
            let placed = self.placed(&asked, input.account.as_ref(), input.region.as_ref());
            let kind = match input.kind.as_ref().map(|kind| kind.value) {
                None | Some(AlarmKindInput::Standard) => AlarmKind::Standard,
                Some(AlarmKindInput::HighResolution) => AlarmKind::HighResolution,
                Some(AlarmKindInput::Composite) => AlarmKind::Composite,
            };
            let metrics = match &input.metrics {
                Some(metrics) if kind == AlarmKind::Composite => {
                    self.whole(metrics, 1..=1, "metrics", "a composite alarm is billed as one")
                }
                Some(metrics) => self.whole(metrics, 1..=u32::MAX, "metrics", ""),
                None => Some(1),
            };
            let alerts = self.optional_amount(input.alerts.as_ref(), Expected::Count);
            // Only `check --posture` reads it; what is no figure is an error all the same.
            self.optional_amount(input.threshold.as_ref(), Expected::Number);
            let (account, region) = placed.clone().unzip();
            self.mention(Kind::Topic, input.topic.as_ref(), account.as_ref(), region.as_ref());
            let (Some((account, region)), Some(metrics)) = (placed, metrics) else {
                continue;
            };
            let twice = self
                .model
                .inventory
                .alarms
                .iter()
                .any(|own| own.name == name.value && own.account == account && own.region == region);
            if twice {
                self.error(&name.span, format!("the alarm `{}` occurs twice", name.value));
                continue;
            }
            self.model.inventory.alarms.push(Alarm {
                name: name.value.clone(),
                account,
                region,
                kind,
                metrics,
                alerts,
                topic: input.topic.as_ref().map(|topic| topic.value.clone()),
            });
        }
        self.model.inventory.alarms.sort_by(|left, right| {
            (&left.name, &left.account, &left.region).cmp(&(&right.name, &right.account, &right.region))
        });
    }

    /// Reads the topics; whatever publishes to them has been read.
    pub(super) fn topics(&mut self, topics: &[TopicInput]) {
        let mut stated = BTreeSet::new();
        for input in topics {
            let name = &input.name.value;
            if !stated.insert(name.clone()) {
                self.error(&input.name.span, format!("the topic `{name}` occurs twice")).hint =
                    Some("give each a name of its own; it is only shown".to_owned());
                continue;
            }
            let asked =
                Asked { word: "topic", kind: Some(Kind::Topic), name, span: &input.name.span, stated: true };
            let placed = self.placed(&asked, input.account.as_ref(), input.region.as_ref());
            let published = self.optional_amount(input.published.as_ref(), Expected::Count);
            let message_bytes = match &input.message_bytes {
                None => Some(self.topic_message_bytes()),
                Some(size) => self.bytes(size).filter(|bytes| {
                    let fits = (1..=MESSAGE_BYTES_AT_MOST).contains(bytes);
                    if !fits {
                        self.error(&size.span, "SNS publishes no message of this size".to_owned()).label =
                            Some("from 1 byte to 256 KiB".to_owned());
                    }
                    fits
                }),
            };
            let subscriptions: Vec<Subscription> =
                input.subscriptions.iter().filter_map(|own| self.subscription(own)).collect();
            if let (Some((account, region)), Some(message_bytes)) = (placed, message_bytes) {
                self.model.inventory.topics.push(Topic {
                    name: name.clone(),
                    account,
                    region,
                    published,
                    message_bytes,
                    subscriptions,
                });
            }
        }
        self.named_only(Kind::Topic, &stated);
        self.model.inventory.topics.sort_by(|left, right| left.name.cmp(&right.name));
    }

    pub(super) fn topic_message_bytes(&mut self) -> u64 {
        self.assume("topic_message_bytes").parse().unwrap_or(2 << 10)
    }

    fn subscription(&mut self, input: &SubscriptionInput) -> Option<Subscription> {
        let protocol = &input.protocol;
        let subscribers = match &input.count {
            Some(count) => self.whole(count, 1..=u32::MAX, "count", ""),
            None => Some(1),
        };
        let known = match protocol.value.as_str() {
            "email" => Some(Protocol::Email),
            "http" | "https" => Some(Protocol::Http),
            "sqs" => Some(Protocol::Sqs),
            "lambda" => self
                .function(&protocol.span, input.memory.as_ref(), input.duration.as_ref())
                .map(Protocol::Lambda),
            "sms" => {
                let finding =
                    self.error(&protocol.span, "the price of a text message differs by country".to_owned());
                finding.label = Some(format!("one of {}", PROTOCOLS.join(", ")));
                finding.hint = Some(
                    "give text messages in a [[volume]] by their usage type, with a row for their price in a \
                     table given with --pricing"
                        .to_owned(),
                );
                None
            }
            other => {
                let near = nearest(other, PROTOCOLS).map_or_else(
                    || format!("one of {}", PROTOCOLS.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.error(&protocol.span, format!("unknown protocol `{other}`")).label = Some(near);
                None
            }
        };
        if let (Some(Protocol::Email | Protocol::Http | Protocol::Sqs), Some(at)) = (
            known,
            input.memory.as_ref().map(|own| &own.span).or(input.duration.as_ref().map(|own| &own.span)),
        ) {
            self.error(at, format!("`{}` runs no function", protocol.value)).hint =
                Some("memory and duration are those of protocol = \"lambda\"".to_owned());
        }
        Some(Subscription { protocol: known?, subscribers: subscribers? })
    }
}

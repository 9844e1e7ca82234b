//! What log groups, metric filters, alarms, topics, buses and functions are charged for in a month.
//!
//! Sources: CloudWatch pricing (26 bytes beside each event, storage compressed, metrics by the hour in which they send a
//! value); SNS pricing (each 64 KB of a message is a request, deliveries to queues and functions are free); EventBridge
//! pricing (events of AWS services are free on the default bus); Lambda pricing (requests and GB-seconds).

use super::exact::mul_div;
use super::figures::ChainFigures;
use super::ledger::{Ledger, Owner, Stated};
use super::meter::ChainMeter;
use super::store::{DAY_PARTS, MonthSpan, days_between};
use crate::domain::{
    Alarm, AlarmKind, BYTES_PER_GB, EventBus, EventRule, Function, LogClass, LogGroup, Protocol, Quantity,
    QuantityError, RuleTarget, Topic,
};
use crate::usage::cell::Factors;

/// Bytes of the chunks that messages and events are billed by.
const CHUNK_BYTES: u64 = 64 * 1024;

/// Returns the chunks that a message of so many bytes is billed as.
fn chunks(bytes: u64) -> u128 {
    u128::from(bytes.div_ceil(CHUNK_BYTES).max(1))
}

/// A log group on its way through the months.
pub(super) struct LogGroupRun<'a> {
    pub(super) group: &'a LogGroup,
    pub(super) owner: Owner,
    pub(super) resource: u32,
    /// Bytes ingested, by month, with the month.
    pub(super) ingested: Vec<(MonthSpan, u128)>,
    pub(super) has_unknown: bool,
}

impl LogGroupRun<'_> {
    /// Charges a month in which `bytes` (each event with its overhead) are delivered, and returns the GB-months stored.
    pub(super) fn month(
        &mut self,
        bytes: u128,
        month: MonthSpan,
        factors: &Factors,
        figures: &ChainFigures,
        ledger: &mut Ledger<'_>,
    ) -> Result<Quantity, QuantityError> {
        let (owner, resource) = (self.owner, self.resource);
        let not_sent = Stated::plain(self.group.not_sent.as_ref());
        self.has_unknown |= not_sent.is_unknown;
        let sent = bytes.saturating_sub(not_sent.quantity.of_whole(bytes)?);
        let meter = match self.group.class {
            LogClass::Standard => ChainMeter::LogIngestion,
            LogClass::InfrequentAccess => ChainMeter::LogIngestionInfrequent,
        };
        let ingested = Quantity::from_fraction(sent, u128::from(BYTES_PER_GB))?;
        ledger.add(owner, resource, meter, ingested, self.has_unknown);
        self.ingested.push((month, figures.log_storage.of(sent)?));
        let stored = self.charge_storage(month, ledger)?;
        let scanned = Stated::grown(self.group.scanned.as_ref(), factors)?;
        let scanned_gb = Quantity::from_fraction(scanned.whole()?, u128::from(BYTES_PER_GB))?;
        ledger.add(owner, resource, ChainMeter::LogScanned, scanned_gb, scanned.is_unknown);
        let hours = u128::from(month.days) * 24;
        for filter in &self.group.metric_filters {
            let metrics = u128::from(filter.metrics);
            let (quantity, unknown) = match &filter.hours {
                None => (super::exact::count(metrics)?, false),
                Some(stated) => {
                    let stated = Stated::plain(Some(stated));
                    let most = super::exact::count(hours)?;
                    (stated.quantity.min(most).times_fraction(metrics, hours)?, stated.is_unknown)
                }
            };
            ledger.add(owner, resource, ChainMeter::Metric, quantity, unknown);
        }
        Ok(stored)
    }

    fn charge_storage(&self, month: MonthSpan, ledger: &mut Ledger<'_>) -> Result<Quantity, QuantityError> {
        let retention = self.group.retention.map(crate::domain::Age::days);
        let mut byte_days = 0_u128;
        for &(cohort, bytes) in &self.ingested {
            let scale = DAY_PARTS / u128::from(cohort.days);
            let days = u128::from(days_between(cohort.begin, cohort.days, (0, retention), month));
            let part = bytes.checked_mul(days).and_then(|product| product.checked_mul(scale));
            byte_days = part.and_then(|part| byte_days.checked_add(part)).ok_or(QuantityError)?;
        }
        let held = Stated::plain(self.group.holds.as_ref());
        let month_parts = DAY_PARTS * u128::from(month.days);
        let held_days = held.whole()?.checked_mul(month_parts).ok_or(QuantityError)?;
        byte_days = byte_days.checked_add(held_days).ok_or(QuantityError)?;
        let parts = month_parts.checked_mul(u128::from(BYTES_PER_GB)).ok_or(QuantityError)?;
        let stored = Quantity::from_fraction(byte_days, parts)?;
        let unknown = self.has_unknown || held.is_unknown;
        ledger.add(self.owner, self.resource, ChainMeter::LogStorage, stored, unknown);
        Ok(stored)
    }
}

/// Messages on their way to a topic in a month.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Messages {
    /// Notices of log files: short ones.
    pub(super) notices: u128,
    /// Messages of the topic's size.
    pub(super) others: u128,
    pub(super) has_unknown: bool,
}

/// Charges an alarm and returns the messages that it sends.
pub(super) fn alarm(
    alarm: &Alarm,
    owner: Owner,
    resource: u32,
    factors: &Factors,
    ledger: &mut Ledger<'_>,
) -> Result<Messages, QuantityError> {
    let meter = match alarm.kind {
        AlarmKind::Standard => ChainMeter::Alarm,
        AlarmKind::HighResolution => ChainMeter::HighResolutionAlarm,
        AlarmKind::Composite => ChainMeter::CompositeAlarm,
    };
    ledger.count(owner, resource, meter, u128::from(alarm.metrics), false)?;
    let alerts = Stated::grown(alarm.alerts.as_ref(), factors)?;
    Ok(Messages { notices: 0, others: alerts.whole()?, has_unknown: alerts.is_unknown })
}

/// Charges a topic for the messages that reach it, and for those that it is stated to publish beside them.
pub(super) fn topic(
    topic: &Topic,
    owner: Owner,
    resource: u32,
    messages: Messages,
    factors: &Factors,
    ledger: &mut Ledger<'_>,
) -> Result<(), QuantityError> {
    let published = Stated::grown(topic.published.as_ref(), factors)?;
    let others = messages.others.checked_add(published.whole()?).ok_or(QuantityError)?;
    let unknown = messages.has_unknown || published.is_unknown;
    let requests = mul_div(others, chunks(topic.message_bytes), 1)?;
    let requests = requests.checked_add(messages.notices).ok_or(QuantityError)?;
    ledger.count(owner, resource, ChainMeter::Publish, requests, unknown)?;
    let all = others.checked_add(messages.notices).ok_or(QuantityError)?;
    for subscription in &topic.subscriptions {
        let deliveries = mul_div(all, u128::from(subscription.subscribers), 1)?;
        match subscription.protocol {
            Protocol::Email => {
                ledger.count(owner, resource, ChainMeter::DeliveryEmail, deliveries, unknown)?;
            }
            Protocol::Http => {
                ledger.count(owner, resource, ChainMeter::DeliveryHttp, deliveries, unknown)?;
            }
            Protocol::Sqs => {}
            Protocol::Lambda(run) => {
                function(run, owner, resource, deliveries, unknown, ledger)?;
            }
        }
    }
    Ok(())
}

/// Charges a number of a function's runs.
fn function(
    function: Function,
    owner: Owner,
    resource: u32,
    runs: u128,
    has_unknown: bool,
    ledger: &mut Ledger<'_>,
) -> Result<(), QuantityError> {
    ledger.count(owner, resource, ChainMeter::FunctionRequest, runs, has_unknown)?;
    let each = u128::from(function.memory_mb) * u128::from(function.milliseconds);
    let seconds = Quantity::from_fraction(mul_div(runs, each, 1)?, 1024 * 1000)?;
    ledger.add(owner, resource, ChainMeter::FunctionSecond, seconds, has_unknown);
    Ok(())
}

/// Charges a bus for its custom events.
pub(super) fn event_bus(
    bus: &EventBus,
    owner: Owner,
    resource: u32,
    factors: &Factors,
    ledger: &mut Ledger<'_>,
) -> Result<(), QuantityError> {
    let events = Stated::grown(Some(&bus.custom_events), factors)?;
    let billed = mul_div(events.whole()?, chunks(bus.event_bytes), 1)?;
    ledger.count(owner, resource, ChainMeter::BusEvent, billed, events.is_unknown)
}

/// Charges a rule for its targets, and hands the messages to topics over.
pub(super) fn event_rule(
    rule: &EventRule,
    owner: Owner,
    resource: u32,
    factors: &Factors,
    ledger: &mut Ledger<'_>,
    publish: &mut dyn FnMut(&str, Messages) -> Result<(), QuantityError>,
) -> Result<(), QuantityError> {
    let matched = Stated::grown(Some(&rule.matched), factors)?;
    let (events, unknown) = (matched.whole()?, matched.is_unknown);
    let billed = mul_div(events, chunks(rule.event_bytes), 1)?;
    for target in &rule.targets {
        match target {
            RuleTarget::Bus => ledger.count(owner, resource, ChainMeter::BusEvent, billed, unknown)?,
            RuleTarget::CrossAccount => {
                ledger.count(owner, resource, ChainMeter::CrossAccountEvent, billed, unknown)?;
            }
            RuleTarget::Function(run) => function(*run, owner, resource, events, unknown, ledger)?,
            RuleTarget::Topic(name) => {
                publish(name, Messages { notices: 0, others: events, has_unknown: unknown })?;
            }
            RuleTarget::Other => {}
        }
    }
    Ok(())
}

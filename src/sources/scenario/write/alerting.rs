//! Log groups, alarms, topics and EventBridge.

use super::amounts::{age, amount, byte_count, optional, share};
use super::document::{assumed, named};
use super::error::WriteError;
use super::page::{Entries, Page, Value};
use crate::domain::{AlarmKind, Function, LogClass, MetricFilter, Model, Protocol, RuleTarget, Subscription};
use crate::sources::scenario::quantity_text::Expected;
use std::collections::BTreeSet;

pub(super) fn log_groups(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for group in &model.inventory.log_groups {
        let what = format!("the log group `{}`", group.name);
        if !seen.insert(&group.name) {
            return Err(WriteError::new(what, "its name is there twice"));
        }
        let mut entries = named(&group.name, group.account.as_str(), group.region.as_str());
        if group.class == LogClass::InfrequentAccess {
            entries.put("class", Value::text("INFREQUENT_ACCESS"));
        }
        entries.put_some("retention", group.retention.map(|own| age(own, &what)).transpose()?);
        entries.put_some("holds", optional(group.holds.as_ref(), Expected::Bytes, &what)?);
        entries.put_some("scanned", optional(group.scanned.as_ref(), Expected::Bytes, &what)?);
        entries.put_some("not_sent", group.not_sent.as_ref().map(|own| share(own, &what)).transpose()?);
        let filters = group.metric_filters.iter().map(|own| metric_filter(own, &what));
        entries.put_list("metric_filter", filters.collect::<Result<_, _>>()?);
        page.table("[[log_group]]", &entries);
    }
    Ok(())
}

fn metric_filter(filter: &MetricFilter, what: &str) -> Result<Value, WriteError> {
    let mut entries = Entries::default();
    entries.put("name", Value::text(&filter.name));
    put_count(&mut entries, "metrics", filter.metrics);
    match &filter.hours {
        Some(hours) => entries.put("matching_hours", amount(hours, Expected::Count, what)?),
        None => entries.put("default_value", Value::flag(true)),
    }
    Ok(Value::Table(entries))
}

/// Puts a number that is 1 if absent.
fn put_count(entries: &mut Entries, key: &str, count: u32) {
    if count != 1 {
        entries.put(key, Value::whole(count.into()));
    }
}

pub(super) fn alarms(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for alarm in &model.inventory.alarms {
        let what = format!("the alarm `{}`", alarm.name);
        if !seen.insert((&alarm.name, &alarm.account, &alarm.region)) {
            return Err(WriteError::new(what, "it is there twice"));
        }
        let mut entries = named(&alarm.name, alarm.account.as_str(), alarm.region.as_str());
        let kind = match alarm.kind {
            AlarmKind::Standard => None,
            AlarmKind::HighResolution => Some("high_resolution"),
            AlarmKind::Composite => Some("composite"),
        };
        entries.put_some("kind", kind.map(Value::text));
        put_count(&mut entries, "metrics", alarm.metrics);
        entries.put_some("alerts", optional(alarm.alerts.as_ref(), Expected::Count, &what)?);
        entries.put_some("topic", alarm.topic.as_deref().map(Value::text));
        page.table("[[alarm]]", &entries);
    }
    Ok(())
}

pub(super) fn topics(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for topic in &model.inventory.topics {
        let what = format!("the topic `{}`", topic.name);
        if !seen.insert(&topic.name) {
            return Err(WriteError::new(what, "its name is there twice"));
        }
        let mut entries = named(&topic.name, topic.account.as_str(), topic.region.as_str());
        entries.put_some("published", optional(topic.published.as_ref(), Expected::Count, &what)?);
        put_size(&mut entries, model, "message_bytes", topic.message_bytes, "topic_message_bytes");
        entries.put_list(
            "subscriptions",
            topic.subscriptions.iter().map(|own| subscription(model, *own)).collect(),
        );
        page.table("[[topic]]", &entries);
    }
    Ok(())
}

/// Puts a number of bytes unless it was assumed.
fn put_size(entries: &mut Entries, model: &Model, key: &str, bytes: u64, id: &str) {
    if assumed(model, id) != Some(bytes.to_string().as_str()) {
        entries.put(key, byte_count(bytes));
    }
}

fn subscription(model: &Model, own: Subscription) -> Value {
    let mut entries = Entries::default();
    let (protocol, function) = match own.protocol {
        Protocol::Email => ("email", None),
        Protocol::Http => ("https", None),
        Protocol::Sqs => ("sqs", None),
        Protocol::Lambda(function) => ("lambda", Some(function)),
    };
    entries.put("protocol", Value::text(protocol));
    put_count(&mut entries, "count", own.subscribers);
    put_function(&mut entries, model, function);
    Value::Table(entries)
}

fn put_function(entries: &mut Entries, model: &Model, function: Option<Function>) {
    if let Some(Function { memory_mb, milliseconds }) = function {
        if assumed(model, "function_memory") != Some(memory_mb.to_string().as_str()) {
            entries.put("memory", Value::text(&format!("{memory_mb} MiB")));
        }
        entries.put("duration", Value::text(&format!("{milliseconds}ms")));
    }
}

pub(super) fn event_buses(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for bus in &model.inventory.event_buses {
        let what = format!("the event bus `{}`", bus.name);
        if !seen.insert((&bus.name, &bus.account, &bus.region)) {
            return Err(WriteError::new(what, "it is there twice"));
        }
        let mut entries = named(&bus.name, bus.account.as_str(), bus.region.as_str());
        entries.put("custom_events", amount(&bus.custom_events, Expected::Count, &what)?);
        put_size(&mut entries, model, "event_bytes", bus.event_bytes, "bytes_per_event");
        page.table("[[event_bus]]", &entries);
    }
    Ok(())
}

pub(super) fn event_rules(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for rule in &model.inventory.event_rules {
        let what = format!("the event rule `{}`", rule.name);
        if !seen.insert((&rule.name, &rule.account, &rule.region)) {
            return Err(WriteError::new(what, "it is there twice"));
        }
        let mut entries = named(&rule.name, rule.account.as_str(), rule.region.as_str());
        entries.put("matched", amount(&rule.matched, Expected::Count, &what)?);
        put_size(&mut entries, model, "event_bytes", rule.event_bytes, "bytes_per_event");
        entries.put_list("targets", rule.targets.iter().map(|own| target(model, own)).collect());
        page.table("[[event_rule]]", &entries);
    }
    Ok(())
}

fn target(model: &Model, target: &RuleTarget) -> Value {
    let mut entries = Entries::default();
    let kind = match target {
        RuleTarget::Topic(_) => "topic",
        RuleTarget::Function(_) => "function",
        RuleTarget::Bus => "bus",
        RuleTarget::CrossAccount => "cross_account",
        RuleTarget::Other => "other",
    };
    entries.put("kind", Value::text(kind));
    match target {
        RuleTarget::Topic(name) => entries.put("name", Value::text(name)),
        RuleTarget::Function(function) => put_function(&mut entries, model, Some(*function)),
        _ => {}
    }
    Value::Table(entries)
}

//! From a log group to an alarm that acts: metric filters, metrics, alarms.

use super::delay::{Delay, TO_ALARM, TO_METRIC};
use super::follow::{Hop, HopState, Tail, rank};
use super::receivers::receivers;
use crate::domain::{AlarmSettings, FilterPattern, MetricFilterSettings, MetricRef, Setting};
use crate::posture::inspected::{Inspected, inventory_name, is_called, short};
use serde_json::Value;

/// Follows what stands behind a log group, to the filter that gets farthest.
pub(super) fn behind(inspected: &Inspected<'_>, group: &str, record: &Value) -> Tail {
    let group_subject = inspected
        .settings
        .log_groups
        .iter()
        .find(|own| is_called(&own.subject, group))
        .map(|own| &own.subject);
    let is_here = |own: &&MetricFilterSettings| match &own.log_group {
        Setting::Is(name) => {
            short(name) == short(group) || group_subject.is_some_and(|subject| is_called(subject, name))
        }
        Setting::Unknown => true,
        Setting::NotSet => false,
    };
    let all: Vec<&MetricFilterSettings> = inspected.settings.metric_filters.iter().filter(is_here).collect();
    let matching = all.iter().filter_map(|own| match fits(own, record) {
        Some(false) => None,
        known => Some((*own, known == Some(true) && !own.log_group.is_unknown())),
    });
    let best =
        matching.map(|(own, sure)| from_filter(inspected, own, sure)).max_by_key(|own| rank(&own.hops));
    best.unwrap_or_else(|| Tail::of(none(inspected, group, all.is_empty())))
}

fn none(inspected: &Inspected<'_>, group: &str, no_filter: bool) -> Hop {
    if no_filter && inspected.was_refused("metric filters") {
        let what = format!("the metric filters of `{}` could not be read", short(group));
        return Hop::new("metric filter", HopState::NotKnown, what);
    }
    let what = if no_filter {
        format!("`{}` has no metric filter", short(group))
    } else {
        format!("no metric filter of `{}` matches the event", short(group))
    };
    Hop::new("metric filter", HopState::Missing, what)
}

/// Tells whether a filter matches a record; an empty pattern matches every one.
fn fits(own: &MetricFilterSettings, record: &Value) -> Option<bool> {
    match &own.pattern {
        Setting::Unknown => None,
        Setting::NotSet => Some(true),
        Setting::Is(text) if text.trim().is_empty() => Some(true),
        Setting::Is(text) => FilterPattern::parse(text).ok().map(|own| own.matches(record)),
    }
}

fn from_filter(inspected: &Inspected<'_>, filter: &MetricFilterSettings, sure: bool) -> Tail {
    let name = &filter.subject.name;
    let hop = if sure {
        Hop::found("metric filter", format!("`{name}`"), Some(TO_METRIC))
    } else {
        Hop::new(
            "metric filter",
            HopState::NotKnown,
            format!("whether `{name}` matches the event is not known"),
        )
    };
    let watching = inspected.settings.alarms.iter().filter_map(|own| Some((own, watches(own, filter)?)));
    let best = watching.map(|(own, sure)| from_alarm(inspected, own, sure)).max_by_key(|own| rank(&own.hops));
    let mut tail = best.unwrap_or_else(|| {
        Tail::of(if inspected.was_refused("alarms") {
            Hop::new("alarm", HopState::NotKnown, "alarms could not be read".to_owned())
        } else {
            Hop::new("alarm", HopState::Missing, format!("no alarm watches the metric of `{name}`"))
        })
    });
    tail.hops.insert(0, hop);
    tail.filter = Some(inventory_name(&filter.subject).to_owned());
    tail
}

/// Tells whether an alarm watches a filter's metric: nothing where it does not, false where it may.
fn watches(alarm: &AlarmSettings, filter: &MetricFilterSettings) -> Option<bool> {
    if alarm.metrics.is_empty() {
        // A composite alarm watches no metric; another one whose metrics nobody stated may watch this one.
        return (alarm.rule == Setting::NotSet).then_some(false);
    }
    if filter.metrics.is_empty() {
        return Some(false);
    }
    let pairs = alarm.metrics.iter().flat_map(|one| filter.metrics.iter().map(move |two| same(one, two)));
    pairs.flatten().max()
}

/// Tells whether two metrics are one: nothing where they are not, false where they may be.
fn same(one: &MetricRef, two: &MetricRef) -> Option<bool> {
    let part = |one: &Setting<String>, two: &Setting<String>| match (one.value(), two.value()) {
        (Some(one), Some(two)) => (one == two).then_some(true),
        _ => Some(false),
    };
    Some(part(&one.namespace, &two.namespace)? && part(&one.name, &two.name)?)
}

fn from_alarm(inspected: &Inspected<'_>, alarm: &AlarmSettings, sure: bool) -> Tail {
    let name = &alarm.subject.name;
    let mut tail = Tail { alarm: Some(inventory_name(&alarm.subject).to_owned()), ..Tail::default() };
    if sure {
        tail.hops.push(Hop::found("alarm", format!("`{name}`"), Some(delay(alarm))));
    } else {
        let what = format!("whether `{name}` watches the metric is not known");
        tail.hops.push(Hop { delay: Some(delay(alarm)), ..Hop::new("alarm", HopState::NotKnown, what) });
    }
    let mut acting = vec![alarm];
    // An alarm without actions of its own may be one of a composite alarm's.
    acting.extend(inspected.settings.alarms.iter().filter(|own| {
        own.rule
            .value()
            .is_some_and(|rule| rule.contains(name.as_str()) || rule.contains(inventory_name(&alarm.subject)))
    }));
    let each = acting.into_iter().map(|own| actions(inspected, own));
    tail.hops.extend(each.max_by_key(|own| rank(own)).unwrap_or_default());
    tail
}

fn actions(inspected: &Inspected<'_>, alarm: &AlarmSettings) -> Vec<Hop> {
    let name = &alarm.subject.name;
    let hop = |state, what: String| vec![Hop::new("alarm action", state, what)];
    if alarm.actions_enabled == Setting::Is(false) {
        return hop(HopState::Missing, format!("the actions of `{name}` are disabled"));
    }
    match &alarm.actions {
        Setting::Unknown => hop(HopState::NotKnown, format!("what `{name}` does is not known")),
        Setting::NotSet => hop(HopState::Missing, format!("`{name}` has no action")),
        Setting::Is(all) if all.is_empty() => hop(HopState::Missing, format!("`{name}` has no action")),
        Setting::Is(all) => {
            let mut hops = receivers(inspected, all);
            if alarm.actions_enabled.is_unknown() {
                let what = format!("whether `{name}` acts is not known");
                hops.insert(0, Hop::new("alarm action", HopState::NotKnown, what));
            }
            hops
        }
    }
}

/// Returns how long the alarm looks before it acts.
fn seconds(alarm: &AlarmSettings) -> Option<u64> {
    match (alarm.period_seconds.value(), alarm.evaluation_periods.value()) {
        (Some(period), Some(periods)) => Some(u64::from(*period) * u64::from(*periods)),
        _ => None,
    }
}

fn delay(alarm: &AlarmSettings) -> Delay {
    let seconds = seconds(alarm);
    let words = if seconds.is_some() {
        TO_ALARM.words
    } else {
        "the period times the evaluation periods, which are not known"
    };
    Delay { seconds, words, ..TO_ALARM }
}

//! From a log group to an alarm that acts: metric filters, metrics, alarms.

use super::delay::{Delay, TO_ALARM, TO_METRIC};
use super::follow::{Hop, HopState, Tail, rank};
use super::receivers::receivers;
use super::records::{Sample, Samples};
use crate::domain::{AlarmSettings, FilterPattern, MetricFilterSettings, MetricRef, Setting, Subject};
use crate::posture::inspected::{Inspected, inventory_name, is_called, short};
use rust_decimal::Decimal;
use serde_json::Value;

/// The metric filters of what is looked at, with their patterns read once.
pub(super) struct Filters<'a> {
    all: Vec<(&'a MetricFilterSettings, Pattern)>,
}

/// A filter's pattern.
enum Pattern {
    /// It matches every record.
    Every,
    /// It matches what it says.
    Is(Box<FilterPattern>),
    /// Nobody knows it, or it is none.
    Unknown,
}

impl<'a> Filters<'a> {
    pub(super) fn new(inspected: &Inspected<'a>) -> Self {
        let pattern = |own: &MetricFilterSettings| match &own.pattern {
            Setting::Unknown => Pattern::Unknown,
            Setting::NotSet => Pattern::Every,
            Setting::Is(text) if text.trim().is_empty() => Pattern::Every,
            Setting::Is(text) => {
                FilterPattern::parse(text).map_or(Pattern::Unknown, |own| Pattern::Is(Box::new(own)))
            }
        };
        let all = inspected.settings.metric_filters.iter();
        Self { all: all.map(|own| (own, pattern(own))).collect() }
    }

    /// Follows what stands behind a log group, to the filter that gets farthest; of two to the one that matches more of the events.
    pub(super) fn behind(
        &self,
        inspected: &Inspected<'_>,
        group: &str,
        sample: &Sample,
        samples: &Samples,
    ) -> Tail {
        let described = inspected.settings.log_groups.iter().find(|own| is_called(&own.subject, group));
        let is_here = |own: &&(&MetricFilterSettings, Pattern)| match &own.0.log_group {
            Setting::Is(name) => {
                short(name) == short(group) || described.is_some_and(|own| is_called(&own.subject, name))
            }
            Setting::Unknown => true,
            Setting::NotSet => false,
        };
        let here: Vec<_> = self.all.iter().filter(is_here).collect();
        let tails = here.iter().filter_map(|(own, pattern)| {
            let matched = fits(pattern, &sample.record);
            if matched == Some(false) {
                return None;
            }
            if let Some(other) = samples.others.iter().find(|own| fits(pattern, &own.record) == Some(true)) {
                let name = &own.subject.name;
                let what = format!("`{name}` matches other events too, such as {}", other.words());
                // Where all the rest is there, only its pattern is to be changed.
                let rest = from_filter(inspected, (own, described.map(|own| &own.subject), group), true);
                let kind = if rest.is_complete() { "filter pattern" } else { "metric filter" };
                return Some((Tail::of(Hop::new(kind, HopState::Missing, what)), pattern));
            }
            let sure = matched == Some(true) && !own.log_group.is_unknown();
            Some((from_filter(inspected, (own, described.map(|own| &own.subject), group), sure), pattern))
        });
        let mut tails: Vec<(Tail, &Pattern)> = tails.collect();
        let farthest = tails.iter().map(|(own, _)| rank(&own.hops)).max();
        tails.retain(|(own, _)| Some(rank(&own.hops)) == farthest);
        let best = if tails.len() > 1 {
            let count = |pattern: &Pattern| {
                samples.named.iter().filter(|own| fits(pattern, &own.record) == Some(true)).count()
            };
            tails.into_iter().max_by_key(|(_, pattern)| count(pattern))
        } else {
            tails.pop()
        };
        best.map_or_else(|| none(inspected, group, here.is_empty(), described.is_some()), |(own, _)| own)
    }
}

fn none(inspected: &Inspected<'_>, group: &str, no_filter: bool, is_described: bool) -> Tail {
    // A group that is not described may have filters which are not either.
    if no_filter && (inspected.was_refused("metric filters") || !is_described) {
        let what = format!("the metric filters of `{}` could not be read", short(group));
        return Tail::of(Hop::new("metric filter", HopState::NotKnown, what));
    }
    let what = if no_filter {
        format!("`{}` has no metric filter", short(group))
    } else {
        format!("no metric filter of `{}` matches the event", short(group))
    };
    let unmatched = (!no_filter).then(|| short(group).to_owned());
    Tail { unmatched, ..Tail::of(Hop::new("metric filter", HopState::Missing, what)) }
}

/// Tells whether a pattern matches a record, if that is known.
fn fits(own: &Pattern, record: &Value) -> Option<bool> {
    match own {
        Pattern::Unknown => None,
        Pattern::Every => Some(true),
        Pattern::Is(own) => Some(own.matches(record)),
    }
}

/// What tells a filter: its settings, its log group where that is described, and the name that the trail has for the group.
type Placed<'a> = (&'a MetricFilterSettings, Option<&'a Subject>, &'a str);

fn from_filter(inspected: &Inspected<'_>, (filter, group, called): Placed<'_>, sure: bool) -> Tail {
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
    let watching = inspected.settings.alarms.iter().filter_map(|own| {
        let sure = watches(own, filter)?;
        Some((own, sure && stands_beside(own, group)?))
    });
    let best = watching.map(|(own, sure)| from_alarm(inspected, own, sure)).max_by_key(|own| rank(&own.hops));
    let mut tail = best.unwrap_or_else(|| {
        Tail::of(if inspected.was_refused("alarms") {
            Hop::new("alarm", HopState::NotKnown, "alarms could not be read".to_owned())
        } else {
            Hop::new("alarm", HopState::Missing, format!("no alarm watches the metric of `{name}`"))
        })
    });
    tail.hops.insert(0, hop);
    let group = group.map_or(short(called), inventory_name).to_owned();
    tail.filter = Some((group, inventory_name(&filter.subject).to_owned()));
    tail
}

/// Tells whether an alarm can see what a log group's filters send: nothing where it stands in another Region, as metrics do not
/// leave theirs; false where it stands in another account, as alarms there need leave to see it.
fn stands_beside(alarm: &AlarmSettings, group: Option<&Subject>) -> Option<bool> {
    let Some(group) = group else { return Some(true) };
    if let (Some(one), Some(two)) = (&alarm.subject.region, &group.region)
        && one != two
    {
        return None;
    }
    Some(match (&alarm.subject.account, &group.account) {
        (Some(one), Some(two)) => one == two,
        _ => true,
    })
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
    let mut tail = Tail { alarm: Some(alarm.subject.clone()), ..Tail::default() };
    if let Some((state, what)) = at_the_first(alarm) {
        tail.hops.push(Hop { delay: Some(delay(alarm)), ..Hop::new("alarm threshold", state, what) });
    } else if sure {
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

/// Says why an alarm may not act at the first event of a period; nothing where it does. A filter sends 1 for each event.
fn at_the_first(alarm: &AlarmSettings) -> Option<(HopState, String)> {
    let name = &alarm.subject.name;
    let one = Decimal::ONE;
    let compared = match (alarm.threshold.value(), alarm.comparison.value().map(String::as_str)) {
        (_, Some("LessThanThreshold" | "LessThanOrEqualToThreshold")) => {
            return Some((
                HopState::Missing,
                format!("`{name}` acts when there are few events, not when there is one"),
            ));
        }
        (Some(threshold), Some("GreaterThanOrEqualToThreshold")) => {
            Some((*threshold <= one, *threshold > Decimal::ZERO, *threshold))
        }
        (Some(threshold), Some("GreaterThanThreshold")) => {
            Some((*threshold < one, *threshold >= Decimal::ZERO, *threshold))
        }
        _ => None,
    };
    match (compared, alarm.statistic.value().map(String::as_str)) {
        (Some((false, _, threshold)), _) => Some((
            HopState::Missing,
            format!("`{name}` does not act at one event: its threshold is {threshold}"),
        )),
        (Some((_, false, threshold)), _) => Some((
            HopState::Missing,
            format!(
                "`{name}` is in alarm without an event too, and does not act anew: its threshold is {threshold}"
            ),
        )),
        (None, _) => Some((
            HopState::NotKnown,
            format!(
                "whether `{name}` acts at one event is not known: its threshold and comparison are not stated"
            ),
        )),
        (_, Some("Sum" | "Maximum")) => in_one_period(alarm),
        // Where the filter has a default value, minutes without an event hide the one with it, or count as much.
        (_, Some(other)) => Some((
            HopState::NotKnown,
            format!("whether `{name}` acts at one event is not known: it looks at {other}, not at the sum"),
        )),
        (_, None) => Some((
            HopState::NotKnown,
            format!("whether `{name}` acts at one event is not known: its statistic is not stated"),
        )),
    }
}

/// Says why an alarm may not act after one period: one event fills one, and all that are looked at have to breach the threshold.
///
/// Source: Amazon CloudWatch User Guide, "Evaluating an alarm": unless stated, as many datapoints as periods are needed. How many
/// datapoints are stated is not read.
fn in_one_period(alarm: &AlarmSettings) -> Option<(HopState, String)> {
    let name = &alarm.subject.name;
    // Without a number of its own all periods count.
    let needed =
        alarm.datapoints_to_alarm.value().filter(|own| **own > 0).or(alarm.evaluation_periods.value());
    match needed {
        Some(1) => None,
        Some(periods) => Some((
            HopState::Missing,
            format!("`{name}` does not act at one event: it needs {periods} periods with an event each"),
        )),
        None => Some((
            HopState::NotKnown,
            format!("whether `{name}` acts at one event is not known: its evaluation periods are not stated"),
        )),
    }
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

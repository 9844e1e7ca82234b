//! A chain, hop by hop.

use super::delay::{Delay, TO_EVENT_RULE, TO_LOG_GROUP, TO_TARGET};
use super::event_pattern;
use super::filters::behind;
use super::receivers::receivers;
use super::records::{Call, GLOBAL_REGION, call, record};
use crate::domain::{EventRuleSettings, Model, MonitoredActivity, RegionCode, Setting, TrailSettings};
use crate::posture::inspected::{Inspected, is_logging, short};
use crate::posture::price::FixPrice;
use crate::usage::{Match, selects};
use serde_json::Value;

/// Whether a hop is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HopState {
    /// It is not there.
    Missing,
    /// Nobody knows.
    NotKnown,
    /// It is there.
    Found,
}

impl HopState {
    /// Returns the word used in every format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotKnown => "not known",
            Self::Found => "found",
        }
    }
}

/// A hop of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// What it is: `trail`, `log group`, `metric filter`, `alarm`, `alarm action`, `topic`, `subscription`, `event rule`,
    /// `target`.
    pub kind: &'static str,
    /// Whether it is there.
    pub state: HopState,
    /// Which one it is, or what is missing. Names are from outside.
    pub what: String,
    /// How long it takes to get there.
    pub delay: Option<Delay>,
}

impl Hop {
    pub(super) fn new(kind: &'static str, state: HopState, what: String) -> Self {
        Self { kind, state, what, delay: None }
    }

    pub(super) fn found(kind: &'static str, what: String, delay: Option<Delay>) -> Self {
        Self { kind, state: HopState::Found, what, delay }
    }
}

/// What stands behind a hop.
#[derive(Debug, Default)]
pub(super) struct Tail {
    pub(super) hops: Vec<Hop>,
    pub(super) filter: Option<String>,
    pub(super) alarm: Option<String>,
}

impl Tail {
    pub(super) fn of(hop: Hop) -> Self {
        Self { hops: vec![hop], ..Self::default() }
    }
}

/// The way that a chain takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// By CloudWatch Logs, a metric filter and an alarm.
    MetricFilter,
    /// By an EventBridge rule.
    EventRule,
}

/// Whether a chain is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChainState {
    /// Every hop is there.
    Complete,
    /// No hop is missing, and of some it is not known whether they are there.
    NotKnown,
    /// A hop is missing.
    Incomplete,
}

impl ChainState {
    /// Returns the word used in every format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::NotKnown => "not known",
            Self::Incomplete => "incomplete",
        }
    }
}

/// The chain of one activity, by the route that gets farthest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertChain {
    /// What happened.
    pub activity: &'static MonitoredActivity,
    /// Whether somebody is told.
    pub state: ChainState,
    /// The way taken.
    pub route: Route,
    /// The hops, up to the first that is missing.
    pub hops: Vec<Hop>,
    /// Seconds of the hops whose delay is documented, together.
    pub documented_seconds: u64,
    /// Hops whose delay is not documented, or not known.
    pub undocumented: Vec<&'static str>,
    /// What to do about the first missing hop; empty where none is.
    pub fix: String,
    /// What its own parts cost: the metric filter's metric, the alarm and its messages. Nothing where it has none.
    pub cost: Option<FixPrice>,
    /// The trail whose chain it is, by its name in the inventory.
    pub(crate) trail: Option<String>,
    filter: Option<String>,
    alarm: Option<String>,
}

impl AlertChain {
    /// Returns the first hop that is missing, else the first that is not known.
    pub fn gap(&self) -> Option<&Hop> {
        let of = |state| self.hops.iter().find(move |own| own.state == state);
        of(HopState::Missing).or_else(|| of(HopState::NotKnown))
    }

    /// Tells whether it has parts of its own.
    pub(crate) fn has_parts(&self) -> bool {
        self.filter.is_some() || self.alarm.is_some()
    }
}

/// Ranks hops: complete before not known before missing; the farther the better.
pub(super) fn rank(hops: &[Hop]) -> (HopState, usize) {
    let worst = hops.iter().map(|own| own.state).min().unwrap_or(HopState::Missing);
    (worst, hops.iter().filter(|own| own.state == HopState::Found).count())
}

/// Follows an activity; nothing where it has no representative record.
pub(crate) fn follow(inspected: &Inspected<'_>, activity: &'static MonitoredActivity) -> Option<AlertChain> {
    let call = call(activity)?;
    let record = record(activity, call);
    let mut candidates: Vec<(Route, Tail, Option<String>)> = Vec::new();
    let mut trails: Vec<_> = inspected.trails().map(|own| (inspected.trail(own), own)).collect();
    // The organization's first, then multi-Region ones, as for the free copy; those that nobody knows last.
    trails.sort_by_key(|(own, _)| (own.is_none(), own.map(crate::domain::Trail::copy_order)));
    for (known, trail) in trails {
        let name = known.map(|own| own.name.clone());
        candidates.push((Route::MetricFilter, by_logs(inspected, trail, call, &record), name));
    }
    for rule in &inspected.settings.event_rules {
        candidates.extend(by_rule(inspected, rule, call, &record).map(|own| (Route::EventRule, own, None)));
    }
    if candidates.is_empty() {
        candidates.push((Route::MetricFilter, Tail::of(no_trail(inspected)), None));
    }
    // Of two that get equally far the first counts.
    let best = candidates.into_iter().rev().max_by_key(|(_, own, _)| rank(&own.hops));
    best.map(|(route, tail, trail)| chain(activity, route, tail, trail))
}

fn no_trail(inspected: &Inspected<'_>) -> Hop {
    let seen = inspected.origin == crate::posture::Origin::Aws && !inspected.was_refused("trails");
    let state = if seen { HopState::Missing } else { HopState::NotKnown };
    Hop::new("trail", state, "no trail that logs is described".to_owned())
}

/// Says whether a trail records the event.
fn recorded(inspected: &Inspected<'_>, own: &TrailSettings, call: Call) -> Hop {
    let name = &own.subject.name;
    let hop = |state, what: String| Hop::new("trail", state, what);
    let trail = inspected.trail(own);
    let selected = trail.map(|own| selects(&own.selectors, &call.class()));
    match selected {
        Some(Match::No) => return hop(HopState::Missing, format!("`{name}` does not record {}", call.name)),
        Some(Match::Undecided) | None => {
            return hop(HopState::NotKnown, format!("whether `{name}` records {} is not known", call.name));
        }
        Some(Match::Yes) => {}
    }
    let region = trail.map(|own| &own.home_region);
    let is_global_home = region == Some(&RegionCode::new(GLOBAL_REGION));
    match (own.multi_region.is_on(), is_logging(own)) {
        (None, _) => hop(HopState::NotKnown, format!("whether `{name}` records every Region is not known")),
        (_, None) => hop(HopState::NotKnown, format!("whether `{name}` is logging is not known")),
        (Some(false), _) if !(call.is_global() && is_global_home) => {
            let region = region.map_or_else(|| "one Region".to_owned(), ToString::to_string);
            hop(HopState::Missing, format!("`{name}` records {region} only"))
        }
        _ => Hop::found("trail", format!("`{name}`"), None),
    }
}

fn by_logs(inspected: &Inspected<'_>, own: &TrailSettings, call: Call, record: &Value) -> Tail {
    let first = recorded(inspected, own, call);
    if first.state == HopState::Missing {
        return Tail::of(first);
    }
    let name = &own.subject.name;
    let mut tail = match &own.log_group {
        Setting::Unknown => Tail::of(Hop::new(
            "log group",
            HopState::NotKnown,
            format!("whether `{name}` delivers to CloudWatch Logs is not known"),
        )),
        Setting::NotSet => Tail::of(Hop::new(
            "log group",
            HopState::Missing,
            format!("`{name}` does not deliver to CloudWatch Logs"),
        )),
        Setting::Is(group) => {
            let mut tail = behind(inspected, group, record);
            let hop = Hop::found("log group", format!("`{}`", short(group)), Some(TO_LOG_GROUP));
            tail.hops.insert(0, hop);
            tail
        }
    };
    tail.hops.insert(0, first);
    tail
}

/// Follows an EventBridge rule; nothing where it surely has nothing to do with the event.
///
/// Source: CloudTrail user guide, EventBridge gets management events only while a trail logs them.
fn by_rule(inspected: &Inspected<'_>, own: &EventRuleSettings, call: Call, record: &Value) -> Option<Tail> {
    let name = &own.subject.name;
    let rule =
        |state, what: String| Hop { delay: Some(TO_EVENT_RULE), ..Hop::new("event rule", state, what) };
    let matched = match &own.pattern {
        Setting::Is(text) => event_pattern::matches(text, &event_pattern::wrapped(record)),
        Setting::Unknown => None,
        Setting::NotSet => Some(false),
    };
    if matched == Some(false) || own.enabled == Setting::Is(false) {
        return None;
    }
    let trail = inspected.trails().map(|own| recorded(inspected, own, call)).max_by_key(|own| own.state);
    let mut hops = vec![trail.unwrap_or_else(|| no_trail(inspected))];
    let elsewhere =
        own.subject.region.as_ref().filter(|own| own.as_str() != GLOBAL_REGION && call.is_global());
    hops.push(match (elsewhere, matched, &own.enabled) {
        (Some(region), ..) => {
            rule(HopState::Missing, format!("`{name}` stands in {region}, the event in {GLOBAL_REGION}"))
        }
        (None, None, _) => {
            rule(HopState::NotKnown, format!("whether `{name}` matches the event is not known"))
        }
        (None, _, Setting::Unknown) => {
            rule(HopState::NotKnown, format!("whether `{name}` is enabled is not known"))
        }
        _ => rule(HopState::Found, format!("`{name}`")),
    });
    let target = |state, what: String| Hop { delay: Some(TO_TARGET), ..Hop::new("target", state, what) };
    match &own.targets {
        Setting::Unknown => {
            hops.push(target(HopState::NotKnown, format!("where `{name}` sends is not known")));
        }
        Setting::NotSet => hops.push(target(HopState::Missing, format!("`{name}` has no target"))),
        Setting::Is(all) if all.is_empty() => {
            hops.push(target(HopState::Missing, format!("`{name}` has no target")));
        }
        Setting::Is(all) => {
            let mut found = receivers(inspected, all);
            if let Some(first) = found.first_mut() {
                first.delay = first.delay.or(Some(TO_TARGET));
            }
            hops.extend(found);
        }
    }
    Some(Tail { hops, ..Tail::default() })
}

fn chain(
    activity: &'static MonitoredActivity,
    route: Route,
    rest: Tail,
    trail: Option<String>,
) -> AlertChain {
    let mut hops = rest.hops;
    if let Some(at) = hops.iter().position(|own| own.state == HopState::Missing) {
        hops.truncate(at + 1);
    }
    let state = match hops.iter().map(|own| own.state).min() {
        Some(HopState::Found) => ChainState::Complete,
        Some(HopState::NotKnown) => ChainState::NotKnown,
        Some(HopState::Missing) | None => ChainState::Incomplete,
    };
    let delays = || hops.iter().filter_map(|own| own.delay);
    let fix = hops.iter().find(|own| own.state == HopState::Missing).map_or("", |own| fix(own.kind, route));
    AlertChain {
        activity,
        state,
        route,
        documented_seconds: delays().filter_map(|own| own.seconds).sum(),
        undocumented: delays().filter(|own| own.seconds.is_none()).map(|own| own.hop).collect(),
        fix: fix.to_owned(),
        cost: None,
        trail,
        filter: rest.filter,
        alarm: rest.alarm,
        hops,
    }
}

fn fix(kind: &str, route: Route) -> &'static str {
    match (kind, route) {
        ("trail", _) => "let a multi-Region trail record management events that write",
        ("log group", _) => {
            "let the trail deliver to a log group: aws cloudtrail update-trail --cloud-watch-logs-log-group-arn"
        }
        ("metric filter", _) => "add a metric filter with the pattern: aws logs put-metric-filter",
        ("alarm", _) => "add an alarm on the filter's metric: aws cloudwatch put-metric-alarm",
        ("alarm action", _) => {
            "let the alarm act: --alarm-actions TOPIC, aws cloudwatch enable-alarm-actions"
        }
        ("subscription", _) => "subscribe somebody to the topic, and have it confirmed: aws sns subscribe",
        ("event rule", _) => {
            "put the rule into the Region of the event: aws events put-rule --region us-east-1"
        }
        ("target", _) => "give the rule a target: aws events put-targets",
        _ => "",
    }
}

/// Returns a model without the parts that only this chain has: the filter and the alarm.
pub(crate) fn without(chain: &AlertChain, model: &Model) -> Model {
    let mut own = model.clone();
    if let Some(name) = &chain.filter {
        for group in &mut own.inventory.log_groups {
            group.metric_filters.retain(|own| own.name != *name);
        }
    }
    if let Some(name) = &chain.alarm {
        own.inventory.alarms.retain(|own| own.name != *name);
    }
    own
}

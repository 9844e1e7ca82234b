//! A chain, hop by hop.

use super::delay::Delay;
use super::filters::Filters;
use super::records::{Sample, Samples, samples};
use super::routes::{by_logs, by_rules, no_trail};
use crate::domain::{
    AccountId, Alarm, EventRuleSettings, Model, MonitoredActivity, RegionCode, Subject, Trail, TrailSettings,
};
use crate::posture::inspected::Inspected;
use crate::posture::places::serves;
use crate::posture::price::FixPrice;
use crate::recommend::TrailKey;
use crate::usage::{Match, selects};
use std::collections::BTreeSet;

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

/// Accounts of a chain that are told by name.
const MOST_ACCOUNTS: usize = 5;

/// A hop of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// What it is: `trail`, `log group`, `metric filter`, `filter pattern`, `alarm`, `alarm threshold`, `alarm action`, `topic`,
    /// `subscription`, `event rule`, `target`.
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
#[derive(Debug, Default, Clone)]
pub(super) struct Tail {
    pub(super) hops: Vec<Hop>,
    /// The log group's name in the inventory, and the filter's.
    pub(super) filter: Option<(String, String)>,
    pub(super) alarm: Option<Subject>,
    /// The log group that has filters of which none matches the event.
    pub(super) unmatched: Option<String>,
    /// The kind of the first hop that is missing behind a trail which does not record the event.
    pub(super) then: Option<&'static str>,
}

impl Tail {
    pub(super) fn of(hop: Hop) -> Self {
        Self { hops: vec![hop], ..Self::default() }
    }

    /// Tells whether every hop is there.
    pub(super) fn is_complete(&self) -> bool {
        self.hops.iter().all(|own| own.state == HopState::Found)
    }

    /// Returns the kind of the first hop that is missing.
    pub(super) fn gap(&self) -> Option<&'static str> {
        self.hops.iter().find(|own| own.state == HopState::Missing).map(|own| own.kind)
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

/// The chain of one activity in one account, or in those that fare alike: for the event of it that gets least far, by the route
/// that gets farthest.
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
    /// The accounts in which it is so; none where no account is described.
    pub accounts: Vec<AccountId>,
    /// How many accounts are described.
    pub of_accounts: usize,
    /// The trail whose chain it is.
    pub(crate) trail: Option<TrailKey>,
    /// The kind of the first hop that is missing behind a trail which does not record the event.
    pub(crate) then: Option<&'static str>,
    filters: BTreeSet<(String, String)>,
    alarms: BTreeSet<Subject>,
}

impl AlertChain {
    /// Returns the first hop that is missing, else the first that is not known.
    pub fn gap(&self) -> Option<&Hop> {
        let of = |state| self.hops.iter().find(move |own| own.state == state);
        of(HopState::Missing).or_else(|| of(HopState::NotKnown))
    }

    /// Says in which accounts it is so; empty where it is so in each.
    pub fn places(&self) -> String {
        if self.accounts.len() == self.of_accounts || self.accounts.is_empty() {
            return String::new();
        }
        let names: Vec<&str> = self.accounts.iter().take(MOST_ACCOUNTS).map(AccountId::as_str).collect();
        let more = match self.accounts.len().checked_sub(MOST_ACCOUNTS) {
            None | Some(0) => String::new(),
            Some(more) => format!(" and {more} more"),
        };
        format!(" (in {}{more})", names.join(", "))
    }

    /// Takes the accounts and parts of a chain that is the same elsewhere.
    fn add(&mut self, other: Self) {
        self.accounts.extend(other.accounts);
        self.accounts.sort_unstable();
        self.filters.extend(other.filters);
        self.alarms.extend(other.alarms);
    }

    /// Tells whether it has parts of its own.
    pub(crate) fn has_parts(&self) -> bool {
        !(self.filters.is_empty() && self.alarms.is_empty())
    }
}

/// Ranks hops: complete before not known before missing; the farther the better.
pub(super) fn rank(hops: &[Hop]) -> (HopState, usize) {
    let worst = hops.iter().map(|own| own.state).min().unwrap_or(HopState::Missing);
    (worst, hops.iter().filter(|own| own.state == HopState::Found).count())
}

/// Accounts that have the same trails and rules, so that their chains are the same.
pub(super) struct Place<'a> {
    pub(super) accounts: Vec<&'a AccountId>,
    pub(super) trails: Vec<&'a TrailSettings>,
    /// The trail that is mended where none records an event: the same that is to record every Region.
    mended: Option<&'a TrailSettings>,
    pub(super) rules: Vec<&'a EventRuleSettings>,
    /// The Regions in which something is known to happen; looked at only where there are rules.
    pub(super) regions: BTreeSet<&'a RegionCode>,
    /// The Regions that are enabled, where stated.
    pub(super) enabled: Option<u32>,
}

/// Follows activities through what is described; the places and patterns are worked out once.
pub(crate) struct Follower<'a> {
    inspected: &'a Inspected<'a>,
    filters: Filters<'a>,
    places: Vec<Place<'a>>,
    of_accounts: usize,
}

impl<'a> Follower<'a> {
    pub(crate) fn new(inspected: &'a Inspected<'a>) -> Self {
        let of_accounts = inspected.accounts().count();
        Self { inspected, filters: Filters::new(inspected), places: places(inspected), of_accounts }
    }

    /// Follows an activity in each place, the worst chain first; nothing where its events are not known here.
    pub(crate) fn follow(&self, activity: &'static MonitoredActivity) -> Vec<AlertChain> {
        let Some(samples) = samples(activity) else { return Vec::new() };
        let mut all: Vec<AlertChain> = Vec::new();
        for place in &self.places {
            let each: Vec<Candidate> =
                samples.named.iter().map(|own| self.best(place, own, &samples)).collect();
            let own = self.chain(activity, place, &samples.named, &each);
            // What breaks at the same hop of the same trail is told once.
            let is_alike = |known: &&mut AlertChain| {
                known.trail == own.trail && known.hops == own.hops && known.then == own.then
            };
            match all.iter_mut().find(is_alike) {
                Some(known) => known.add(own),
                None => all.push(own),
            }
        }
        all.sort_by_key(|own| std::cmp::Reverse(own.state));
        all
    }

    /// Returns the way that gets farthest with one event.
    fn best(&self, place: &Place<'_>, sample: &Sample, samples: &Samples) -> Candidate {
        let mut candidates = Vec::new();
        for own in &place.trails {
            let tail = by_logs(self.inspected, &self.filters, own, sample, samples);
            let key = self.inspected.key(own);
            candidates.push(Candidate { route: Route::MetricFilter, tail, trail: key });
        }
        let rules = by_rules(self.inspected, place, sample, &samples.others);
        candidates.extend(rules.map(|tail| Candidate { route: Route::EventRule, tail, trail: None }));
        // Of two that get equally far the first counts; of trails that do not record the event the one that is mended.
        let mended = place.mended.and_then(|own| self.inspected.key(own));
        let is_mended =
            |own: &Candidate| own.tail.gap() == Some("trail") && own.trail.is_some() && own.trail == mended;
        let best = candidates.into_iter().rev().max_by_key(|own| (rank(&own.tail.hops), is_mended(own)));
        best.unwrap_or_else(|| Candidate {
            route: Route::MetricFilter,
            tail: Tail::of(no_trail(self.inspected, place)),
            trail: None,
        })
    }

    fn chain(
        &self,
        activity: &'static MonitoredActivity,
        place: &Place<'_>,
        named: &[Sample],
        each: &[Candidate],
    ) -> AlertChain {
        // The event that gets least far decides; of two the first. There is always one.
        let worst = each.iter().min_by_key(|own| rank(&own.tail.hops)).cloned().unwrap_or_default();
        let mut hops = worst.tail.hops.clone();
        if let Some(at) = hops.iter().position(|own| own.state == HopState::Missing) {
            hops.truncate(at + 1);
            hops[at] = told(&hops[at], &worst, named, each);
        }
        let state = match hops.iter().map(|own| own.state).min() {
            Some(HopState::Found) => ChainState::Complete,
            Some(HopState::NotKnown) => ChainState::NotKnown,
            Some(HopState::Missing) | None => ChainState::Incomplete,
        };
        let delays = || hops.iter().filter_map(|own| own.delay);
        let missing = hops.iter().find(|own| own.state == HopState::Missing);
        AlertChain {
            activity,
            state,
            route: worst.route,
            documented_seconds: delays().filter_map(|own| own.seconds).sum(),
            undocumented: delays().filter(|own| own.seconds.is_none()).map(|own| own.hop).collect(),
            fix: missing.map_or("", |own| fix(own.kind, worst.route)).to_owned(),
            cost: None,
            accounts: place.accounts.iter().map(|own| (*own).clone()).collect(),
            of_accounts: self.of_accounts,
            trail: worst.trail,
            then: worst.tail.then,
            filters: each.iter().filter_map(|own| own.tail.filter.clone()).collect(),
            alarms: each.iter().filter_map(|own| own.tail.alarm.clone()).collect(),
            hops,
        }
    }
}

/// A way that an event may take.
#[derive(Debug, Clone)]
struct Candidate {
    route: Route,
    tail: Tail,
    trail: Option<TrailKey>,
}

impl Default for Candidate {
    fn default() -> Self {
        Self { route: Route::MetricFilter, tail: Tail::default(), trail: None }
    }
}

/// Says which events no pattern matches, where patterns match some: then only a pattern is to be changed.
fn told(hop: &Hop, worst: &Candidate, named: &[Sample], each: &[Candidate]) -> Hop {
    let Some(group) = &worst.tail.unmatched else { return hop.clone() };
    let missing: Vec<String> = named
        .iter()
        .zip(each)
        .filter(|(_, own)| own.tail.unmatched.is_some())
        .map(|(own, _)| own.words())
        .collect();
    if missing.len() == named.len() {
        return hop.clone();
    }
    let (first, rest) = (missing.first().cloned().unwrap_or_default(), missing.len() - 1);
    let more = if rest == 0 { String::new() } else { format!(" and {rest} more") };
    let what = format!("no metric filter of `{group}` matches {first}{more} of its {} events", named.len());
    let kind = if each.iter().any(|own| own.tail.is_complete()) { "filter pattern" } else { hop.kind };
    Hop { kind, what, ..hop.clone() }
}

/// Tells whether a trail leaves out an event of an activity, if that is known.
pub(crate) fn leaves_out(activity: &'static MonitoredActivity, own: &Trail) -> bool {
    let named = samples(activity).map(|own| own.named).unwrap_or_default();
    named.iter().any(|sample| selects(&own.selectors, &sample.class()) == Match::No)
}

fn places<'a>(inspected: &'a Inspected<'a>) -> Vec<Place<'a>> {
    let rules = &inspected.settings.event_rules;
    let ordered = |mut trails: Vec<&'a TrailSettings>| {
        // The organization's first, then multi-Region ones, as for the free copy; those that nobody knows last.
        trails.sort_by_key(|own| {
            let known = inspected.trail(own);
            (known.is_none(), known.map(Trail::copy_order))
        });
        trails
    };
    let mended = |trails: &[&'a TrailSettings]| {
        let known = trails.iter().filter_map(|own| Some((*own, inspected.trail(own)?)));
        known.min_by(|(_, one), (_, two)| serves(one).cmp(&serves(two))).map(|(own, _)| own)
    };
    let accounts = &inspected.model.inventory.accounts;
    let by_account = inspected.trails_by_account();
    if accounts.is_empty() {
        let trails = ordered(inspected.trails().collect());
        return vec![Place {
            accounts: Vec::new(),
            mended: mended(&trails),
            trails,
            rules: rules.iter().collect(),
            regions: BTreeSet::new(),
            enabled: None,
        }];
    }
    let mut all: Vec<Place<'_>> = Vec::new();
    for (account, (_, trails)) in accounts.iter().zip(by_account) {
        let is_own =
            |own: &&EventRuleSettings| own.subject.account.as_ref().is_none_or(|id| *id == account.id);
        let rules: Vec<&EventRuleSettings> = rules.iter().filter(is_own).collect();
        let regions = if rules.is_empty() { BTreeSet::new() } else { inspected.regions_of(&account.id) };
        let enabled = account.enabled_regions.filter(|_| !rules.is_empty());
        let trails = ordered(trails);
        let alike = all.iter_mut().find(|own| {
            own.trails == trails && own.rules == rules && own.regions == regions && own.enabled == enabled
        });
        if let Some(own) = alike {
            own.accounts.push(&account.id);
        } else {
            let (accounts, mended) = (vec![&account.id], mended(&trails));
            all.push(Place { accounts, trails, mended, rules, regions, enabled });
        }
    }
    all
}

fn fix(kind: &str, route: Route) -> &'static str {
    match (kind, route) {
        ("trail", _) => "let a multi-Region trail record management events that write",
        ("log group", _) => {
            "let the trail deliver to a log group: aws cloudtrail update-trail --cloud-watch-logs-log-group-arn"
        }
        ("metric filter", _) => "add a metric filter with the pattern: aws logs put-metric-filter",
        ("filter pattern", _) => {
            "let the pattern match these events and no others, as the one that `terraform generate` writes: aws logs put-metric-filter"
        }
        ("alarm threshold", _) => {
            "let the alarm act at one event: --statistic Sum --threshold 1 --comparison-operator GreaterThanOrEqualToThreshold \
             --evaluation-periods 1"
        }
        ("alarm", _) => "add an alarm on the filter's metric: aws cloudwatch put-metric-alarm",
        ("alarm action", _) => {
            "let the alarm act: --alarm-actions TOPIC, aws cloudwatch enable-alarm-actions"
        }
        ("subscription", _) => "subscribe somebody to the topic, and have it confirmed: aws sns subscribe",
        ("event rule", _) => {
            "have a rule in each account and Region where the event can be (global services: us-east-1): aws events put-rule"
        }
        ("target", _) => "give the rule a target: aws events put-targets",
        _ => "",
    }
}

/// Returns a model without the parts that only this chain has: its filters and alarms.
pub(crate) fn without(chain: &AlertChain, model: &Model) -> Model {
    let mut own = model.clone();
    for group in &mut own.inventory.log_groups {
        group.metric_filters.retain(|own| {
            !chain.filters.iter().any(|(within, name)| *within == group.name && *name == own.name)
        });
    }
    // Other accounts and Regions may have alarms of the same name.
    let is = |own: &Alarm, known: &Subject| {
        crate::posture::inspected::inventory_name(known) == own.name
            && known.account.as_ref().is_none_or(|id| *id == own.account)
            && known.region.as_ref().is_none_or(|region| *region == own.region)
    };
    own.inventory.alarms.retain(|own| !chain.alarms.iter().any(|known| is(own, known)));
    own
}

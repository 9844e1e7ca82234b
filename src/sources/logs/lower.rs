//! From counts to a model: what happens in a month, and the trails that the folders show.

use super::month::Window;
use super::recorders::{Place, recorders};
use crate::domain::{
    Access, Account, AccountId, Activity, Amount, AmountValue, Certainty, Component, CountedFrom, Date,
    Demands, EventClass, EventCount, EventSource, Evidence, Gap, GapKind, Growth, Horizon, Inventory,
    LogAccess, LogCategory, LogCounts, LogResource, LogRow, Measured, Model, Observations, Provenance,
    ProvenanceKind, Quantity, RecordingScope, RegionCode, Trail, Unit, Volume, plural,
};
use crate::sources::scenario::Context;
use foldhash::fast::FixedState;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Months of the scenario.
const MONTHS: u32 = 36;

/// Counts as a model.
#[derive(Debug)]
pub struct Lowered {
    /// The model.
    pub model: Model,
    /// How each volume was come by.
    pub evidence: Vec<Evidence>,
    /// How the month was made of what was seen.
    pub month: String,
}

/// Sums by day.
type Days = BTreeMap<Option<Date>, u64>;

/// Turns counts into a model of a month; nothing where no event says its day.
///
/// Events are counted once each; how often they are recorded is told by the trails that the folders show. Where those would
/// make other paid quantities than were delivered, the delivered ones stand in the model too, and replace the derived ones.
pub fn lower(counts: &LogCounts, context: &Context<'_>) -> Option<Lowered> {
    let window = Window::new(counts)?;
    let mut gaps = gaps(counts, &window);
    let (places, unplaced) = placed(counts, context);
    if unplaced > 0 {
        gaps.push(Gap {
            kind: GapKind::Volume,
            what: format!(
                "{} left out: no account is named, or no Region that the tables know",
                plural(unplaced, "event is", "events are")
            ),
            remedy: "look for `unknown` in measured.json, and state their volume".to_owned(),
        });
    }
    let mut own = Lowering { window: &window, observations: Observations::default(), evidence: Vec::new() };
    for (place, placed) in &places {
        own.activity(place, placed);
    }
    let found = recorders(counts, &window, context);
    own.all_volumes(&places, &found.trails, context);
    gaps.extend(found.gaps);
    gaps.sort();
    gaps.dedup();
    let mut accounts: Vec<Account> = places.keys().map(|own| Account::bare(own.0.clone())).collect();
    accounts.dedup_by(|left, right| left.id == right.id);
    let (mut observations, evidence) = (own.observations, own.evidence);
    observations.tell_others_apart();
    let mut assumptions = context.defaults.figures().to_vec();
    state_measured(&mut assumptions, counts);
    let model = Model {
        name: "CloudTrail logs".to_owned(),
        sources: Vec::new(),
        currency: crate::domain::Currency::usd(),
        horizon: Horizon { start: window.days.last.month(), months: MONTHS },
        consolidated_billing: true,
        free_tier: false,
        inventory: Inventory {
            accounts,
            trails: found.trails,
            buckets: found.buckets,
            ..Inventory::default()
        },
        observations,
        growth: Growth::default(),
        terms: Vec::new(),
        demands: Demands::default(),
        benefit: None,
        assumptions,
        gaps,
        measured: Some(Measured {
            from: window.days.first,
            to: window.days.last,
            by: counts.from.command().to_owned(),
        }),
    };
    Some(Lowered { model, evidence, month: window.words() })
}

/// Puts measured figures in the place of assumed ones.
fn state_measured(assumptions: &mut [crate::domain::Assumption], counts: &LogCounts) {
    let all = counts.sum(|_| true);
    let bytes = (all.bytes + all.events / 2).checked_div(all.events).filter(|own| *own > 0);
    let ratio = counts.files.gzip_ratio().map(|own| own.normalize().to_string());
    for (id, value) in [("bytes_per_event", bytes.map(|own| own.to_string())), ("gzip_ratio", ratio)] {
        let Some(value) = value else { continue };
        if let Some(own) = assumptions.iter_mut().find(|own| own.id == id) {
            own.value = value;
            own.range = None;
            own.declared = true;
            "measured in the logs".clone_into(&mut own.source);
        }
    }
}

/// Returns an account and Region as a model holds them, where it can.
pub(super) fn place(account: &str, region: &str, context: &Context<'_>) -> Option<Place> {
    let account: AccountId = account.parse().ok()?;
    Some((account, context.regions.get(region)?.code.clone()))
}

/// What was counted of an account and Region.
#[derive(Debug, Default)]
struct Placed<'a> {
    rows: Vec<&'a LogRow>,
    /// Those of them that trails delivered: the event history is no trail.
    delivered: Vec<&'a LogRow>,
    resources: Vec<&'a LogResource>,
}

/// Returns what was counted by account and Region, and the events of those that a model cannot hold.
fn placed<'a>(counts: &'a LogCounts, context: &Context<'_>) -> (BTreeMap<Place, Placed<'a>>, u64) {
    let mut by_names: HashMap<(&str, &str), Placed<'a>, FixedState> = HashMap::default();
    let is_history = |at: u32| counts.folders.get(at as usize).is_some_and(|own| own.is_event_history);
    // Rows of one account and Region mostly stand side by side.
    let is_there = |one: &LogRow, two: &LogRow| one.account == two.account && one.region == two.region;
    for rows in counts.rows.chunk_by(is_there) {
        let own = by_names.entry((&rows[0].account, &rows[0].region)).or_default();
        own.rows.extend(rows);
        own.delivered.extend(rows.iter().filter(|row| !is_history(row.folder)));
    }
    for own in &counts.resources {
        if let Some(placed) = by_names.get_mut(&(own.account.as_str(), own.region.as_str())) {
            placed.resources.push(own);
        }
    }
    let (mut places, mut unplaced) = (BTreeMap::new(), 0);
    for ((account, region), own) in by_names {
        match place(account, region, context) {
            Some(place) => {
                places.insert(place, own);
            }
            None => unplaced += own.rows.iter().map(|row| row.sum.distinct()).sum::<u64>(),
        }
    }
    (places, unplaced)
}

/// Says what the counts do not tell.
fn gaps(counts: &LogCounts, window: &Window) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut gap = |kind, what: String, remedy: &str| gaps.push(Gap { kind, what, remedy: remedy.to_owned() });
    if counts.partial {
        gap(
            GapKind::Volume,
            "the reading was interrupted: not all files are counted".to_owned(),
            "read all of them",
        );
    }
    if let Some(what) = window.shortness() {
        gap(GapKind::Volume, what, "measure logs of a whole month");
    }
    if !window.days.missing.is_empty() {
        let days: Vec<String> = window.days.missing.iter().map(ToString::to_string).collect();
        let what = format!(
            "of {} within the window there are neither files nor events: {}; no day without them is part of the mean",
            plural(days.len() as u64, "day", "days"),
            crate::domain::list_names(&days)
        );
        gap(GapKind::NotSeen, what, "see that their logs are there, or that nothing was recorded");
    }
    let far = counts.far_days();
    if !far.is_empty() {
        let days: Vec<String> = far.iter().map(|own| own.0.to_string()).collect();
        let what = format!(
            "{} of {} more than a month from the others: {}; the month is made without them",
            plural(far.iter().map(|own| own.1).sum(), "event", "events"),
            plural(days.len() as u64, "day", "days"),
            crate::domain::list_names(&days)
        );
        gap(
            GapKind::NotSeen,
            what,
            "look at their times, or read the stretches of days one by one (--since, --until)",
        );
    }
    let history: u64 = counts.folders.iter().filter(|own| own.is_event_history).map(|own| own.events).sum();
    if history > 0 {
        let what = format!(
            "{} only answers of the event history tell: they count as happened, and as delivered by no trail",
            plural(history, "event that", "events that")
        );
        gap(GapKind::NotSeen, what, "read the trail's logs of the same days, if there is a trail");
    }
    let files: u64 = counts.unreadable.iter().map(|own| own.files).sum();
    if files > 0 {
        let reasons: Vec<&str> = counts.unreadable.iter().map(|own| own.reason).collect();
        gap(
            GapKind::Volume,
            format!(
                "{} could not be read, or not in whole: {}",
                plural(files, "file", "files"),
                crate::domain::list_names(&reasons)
            ),
            "see `unreadable` in measured.json; --strict makes it an error",
        );
    }
    if counts.without_event_id > 0 {
        let what = format!(
            "{} no event id: copies of them cannot be told",
            plural(counts.without_event_id, "record has", "records have")
        );
        gap(GapKind::Volume, what, "nothing can be done: the logs do not say");
    }
    if counts.from != CountedFrom::Files {
        gap(
            GapKind::NotSeen,
            "Athena tells no size of events and no compression: both are assumed".to_owned(),
            "see [assumptions] of the scenario, or run `measure logs` on some of the files",
        );
        gap(
            GapKind::NotSeen,
            "Athena does not tell of files or records that it could not read".to_owned(),
            "run `measure logs` on the days with fewer events than their like",
        );
        gap(
            GapKind::NotSeen,
            "changes of what is recorded were not asked for".to_owned(),
            "run the query `recording-changes` that --print-sql prints",
        );
    }
    if !counts.from.knows_files() {
        gap(
            GapKind::NotSeen,
            "the number and sizes of log files are unknown: they were not listed".to_owned(),
            "leave --stored out, so that they are listed",
        );
    }
    gap(
        GapKind::NotSeen,
        "copies that go to buckets which were not read: paid copies are at least those found".to_owned(),
        "read every bucket that trails deliver to, or compare with `measure aws` or the bill",
    );
    for what in &counts.too_many {
        gap(
            GapKind::NotSeen,
            format!("too many {what} to tell all of them apart; the rest stands under (others)"),
            "read fewer logs at once",
        );
    }
    let nameless: u64 = counts
        .resources
        .iter()
        .filter(|own| !is_resource_type(&own.resource_type))
        .map(LogResource::events)
        .sum();
    if nameless > 0 {
        let what = format!(
            "{} no resource type: no selector can be made for what names none",
            plural(nameless, "data event names", "data events name")
        );
        gap(GapKind::Volume, what, "see `resources` in measured.json");
    }
    let other = counts.sum(|row| row.category == LogCategory::Other).events;
    if other > 0 {
        let what = format!("{} of a category that is not known", plural(other, "record is", "records are"));
        gap(GapKind::Volume, what, "see `other` in measured.json");
    }
    let insights = counts.sum(|row| row.category == LogCategory::Insight).distinct();
    if insights > 0 {
        let what = format!(
            "{} delivered: Insights is on, of which types the logs do not count",
            plural(insights, "Insights event was", "Insights events were")
        );
        gap(GapKind::Volume, what, "state `insights` of the trail");
    }
    gaps
}

struct Lowering<'a> {
    window: &'a Window,
    observations: Observations,
    evidence: Vec<Evidence>,
}

/// Returns the service of a call, as its event source begins.
fn service_of_call(event_source: &str) -> &str {
    event_source.strip_suffix(".amazonaws.com").unwrap_or_default()
}

/// Returns the service of a resource type, written as in event sources.
fn service_of_type(resource_type: &str) -> String {
    resource_type.split("::").nth(1).unwrap_or_default().to_ascii_lowercase()
}

pub(super) fn source_of(name: &str) -> EventSource {
    match name {
        "kms.amazonaws.com" => EventSource::Kms,
        "rdsdata.amazonaws.com" => EventSource::RdsData,
        _ => EventSource::Other,
    }
}

/// What does not say that it only reads is taken as a write.
fn access_of(own: LogAccess) -> Access {
    if own == LogAccess::Read { Access::Read } else { Access::Write }
}

impl Lowering<'_> {
    /// Fills what happens in an account and Region.
    fn activity(&mut self, place: &Place, placed: &Placed<'_>) {
        let mut management: BTreeMap<(Access, EventSource), Days> = BTreeMap::new();
        let mut network: BTreeMap<&str, Days> = BTreeMap::new();
        let apart = services_apart(placed);
        let mut data: BTreeMap<(Access, &str), Days> = BTreeMap::new();
        for row in &placed.rows {
            let access = access_of(row.access);
            let days = match row.category {
                LogCategory::Management => {
                    management.entry((access, source_of(&row.event_source))).or_default()
                }
                LogCategory::NetworkActivity if !row.event_source.is_empty() => {
                    network.entry(&*row.event_source).or_default()
                }
                LogCategory::Data => {
                    let service = apart.get(service_of_call(&row.event_source)).map_or("", String::as_str);
                    data.entry((access, service)).or_default()
                }
                _ => continue,
            };
            *days.entry(row.day).or_default() += row.sum.distinct();
        }
        let management =
            management.into_iter().map(|(own, days)| (EventClass::management(own.0, own.1), days));
        let network = network
            .into_iter()
            .map(|(source, days)| (EventClass::network_activity(Access::Mixed, source), days));
        let classes: BTreeMap<EventClass, Days> = management.chain(network).collect();
        let mut counts: Vec<(EventClass, AmountValue)> =
            classes.into_iter().map(|(class, days)| (class, self.window.month(&days))).collect();
        counts.extend(self.data(placed, &data, &apart));
        let provenance =
            Provenance { kind: ProvenanceKind::Measured, place: crate::domain::Place::default() };
        let mut own = Activity { account: place.0.clone(), region: place.1.clone(), counts: Vec::new() };
        for (class, value) in counts {
            let amount = Amount { value, provenance };
            self.evidence.push(Evidence {
                what: format!("{} ({}, {})", class.describe(), place.0, place.1),
                value: amount.likely().map_or_else(String::new, |own| format!("{} events", own.grouped())),
                how: format!("logs, {}", self.window.words()),
                certainty: Certainty::Sampled,
            });
            let class = self.observations.class_id(&class);
            own.counts.push(EventCount { class, amount });
        }
        if !own.counts.is_empty() {
            self.observations.activities.push(own);
        }
    }

    /// Splits data events by type and resource: days are known of each service, resources of the whole window.
    fn data(
        &self,
        placed: &Placed<'_>,
        data: &BTreeMap<(Access, &str), Days>,
        apart: &BTreeSet<String>,
    ) -> Vec<(EventClass, AmountValue)> {
        let mut found = Vec::new();
        for ((access, service), days) in data {
            let own = |resource: &LogResource| match access {
                Access::Read => resource.read,
                Access::Write | Access::Mixed => resource.write + resource.unknown,
            };
            let mut parts: BTreeMap<EventClass, u64> = BTreeMap::new();
            let mut all: u64 = 0;
            let service_of = |own: &LogResource| {
                apart.get(&service_of_type(&own.resource_type)).map_or("", String::as_str)
            };
            for resource in placed.resources.iter().filter(|own| service_of(own) == *service) {
                let events = own(resource);
                all += events;
                let arn = Some(resource.resource.as_str()).filter(|own| own.starts_with("arn:"));
                if events > 0 && is_resource_type(&resource.resource_type) {
                    let class = EventClass::data(*access, &resource.resource_type, arn);
                    *parts.entry(class).or_default() += events;
                }
            }
            let distinct: u64 = days.values().sum();
            // Deliveries of a resource ÷ all deliveries, of the events that happened each day.
            for (class, events) in parts {
                let share = |own: u64| {
                    let part = u128::from(own) * u128::from(events);
                    u64::try_from((part + u128::from(all) / 2) / u128::from(all.max(1))).unwrap_or(u64::MAX)
                };
                let value = match self.window.month(days) {
                    AmountValue::Known(own) => AmountValue::Known(scaled(own, share)),
                    AmountValue::Range(own) => {
                        let mut range = *own;
                        range.low = scaled(range.low, share);
                        range.likely = scaled(range.likely, share);
                        range.high = scaled(range.high, share);
                        AmountValue::Range(Box::new(range))
                    }
                    AmountValue::Unknown => AmountValue::Unknown,
                };
                if distinct > 0 {
                    found.push((class, value));
                }
            }
        }
        found
    }

    /// States what was delivered, where the trails would make something else of what happened.
    fn all_volumes(&mut self, places: &BTreeMap<Place, Placed<'_>>, trails: &[Trail], context: &Context<'_>) {
        let scopes: Vec<RecordingScope> = trails.iter().map(Trail::recording_scope).collect();
        let mut of_account: (Option<&AccountId>, Vec<usize>) = (None, Vec::new());
        for (place, placed) in places {
            if of_account.0 != Some(&place.0) {
                let covers = |at: &usize| scopes[*at].account.is_none_or(|own| *own == place.0);
                of_account = (Some(&place.0), (0..trails.len()).filter(covers).collect());
            }
            let covers = |at: &&usize| scopes[**at].covers(&place.0, &place.1);
            let covering: Vec<&Trail> = of_account.1.iter().filter(covers).map(|at| &trails[*at]).collect();
            self.volumes(place, placed, &covering, context);
        }
    }

    fn volumes(&mut self, place: &Place, placed: &Placed<'_>, covering: &[&Trail], context: &Context<'_>) {
        // What the trails would make of each kind of event, and what was delivered.
        let mut kinds: BTreeMap<(&str, Component), (u64, Days)> = BTreeMap::new();
        for row in &placed.delivered {
            let (usage_type, component, category) = match row.category {
                LogCategory::Management => (
                    "PaidEventsRecorded",
                    Component::ManagementCopies,
                    crate::domain::EventCategory::Management,
                ),
                LogCategory::Data => {
                    ("DataEventsRecorded", Component::DataEventsOther, crate::domain::EventCategory::Data)
                }
                LogCategory::NetworkActivity => (
                    "NetworkEventsRecorded",
                    Component::NetworkActivity,
                    crate::domain::EventCategory::NetworkActivity,
                ),
                _ => continue,
            };
            let recording = covering
                .iter()
                .filter(|own| own.selectors.iter().any(|own| own.category == category))
                .count();
            let (expected, delivered) = if category == crate::domain::EventCategory::Management {
                (row.sum.distinct() * (recording as u64).saturating_sub(1), row.sum.copies)
            } else {
                (row.sum.distinct() * recording as u64, row.sum.events)
            };
            let own = kinds.entry((usage_type, component)).or_default();
            own.0 += expected;
            *own.1.entry(row.day).or_default() += delivered;
        }
        for ((usage_type, component), (expected, days)) in kinds {
            let delivered: u64 = days.values().sum();
            let Some(entry) =
                context.catalog.get("AWSCloudTrail", usage_type).filter(|_| expected != delivered)
            else {
                continue;
            };
            let value = self.window.month(&days);
            let provenance =
                Provenance { kind: ProvenanceKind::Measured, place: crate::domain::Place::default() };
            let amount = Amount { value, provenance };
            self.evidence.push(Evidence {
                what: format!("{usage_type} ({}, {})", place.0, place.1),
                value: amount.likely().map_or_else(String::new, |own| format!("{} events", own.grouped())),
                how: format!("deliveries found, {}", self.window.words()),
                certainty: Certainty::Floor,
            });
            self.observations.volumes.push(Volume {
                account: place.0.clone(),
                region: place.1.clone(),
                service: "AWSCloudTrail".to_owned(),
                usage_type: usage_type.to_owned(),
                unit: Unit::new(entry.unit.name()),
                component,
                amount,
            });
        }
    }
}

/// Returns the services whose calls and resources name the same data events, so that each can be split by itself: other services
/// are recorded by other trails.
fn services_apart(placed: &Placed<'_>) -> BTreeSet<String> {
    // Reads and the rest, by the calls and by the resources.
    let mut sums: BTreeMap<String, [[u64; 2]; 2]> = BTreeMap::new();
    for row in placed.rows.iter().filter(|own| own.category == LogCategory::Data) {
        let own = sums.entry(service_of_call(&row.event_source).to_owned()).or_default();
        own[0][usize::from(row.access != LogAccess::Read)] += row.sum.events;
    }
    for own in &placed.resources {
        let sum = sums.entry(service_of_type(&own.resource_type)).or_default();
        sum[1][0] += own.read;
        sum[1][1] += own.write + own.unknown;
    }
    sums.into_iter().filter(|(_, [calls, resources])| calls == resources).map(|(name, _)| name).collect()
}

/// Tells whether a name is that of a resource type, as CloudFormation has them.
pub(super) fn is_resource_type(name: &str) -> bool {
    let mut parts = name.split("::");
    let is_word = |own: &str| !own.is_empty() && own.bytes().all(|own| own.is_ascii_alphanumeric());
    parts.next() == Some("AWS") && parts.clone().count() == 2 && parts.all(is_word)
}

fn scaled(own: Quantity, share: impl Fn(u64) -> u64) -> Quantity {
    Quantity::from_count(share(own.to_count().unwrap_or(u64::MAX)))
}

/// A Region's code, for whoever needs one of a place.
pub(super) fn region_of(place: &Place) -> &RegionCode {
    &place.1
}

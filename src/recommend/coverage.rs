//! Who records which events where, and what a changed model no longer records.
//!
//! Places that the same recorders cover fare alike, so that one of them is looked at for all.

use super::keep::{Forbidden, Keep, Kept};
use super::places::{Group, Spot, groups, is_store_at, is_trail_at, trails_by_account};
use super::quality::Quality;
use super::receiver::Receiver;
use crate::domain::{
    Access, AdvancedEventSelector, Age, EventCategory, EventClass, EventSource, Field, FieldValue,
    InsightsSelector, LossLevel, Model, Quantity,
};
use crate::usage::{Match, analyses, selects};
use std::collections::{BTreeMap, BTreeSet};

/// Who records what in a model.
#[derive(Debug, Clone)]
pub(super) struct Coverage {
    /// The classes: those of the model, then those of management events that are always looked at.
    pub(super) classes: Vec<EventClass>,
    pub(super) groups: Vec<Group>,
    /// Whether a class's events are log deliveries and reads of logs.
    pub(super) is_noise: Vec<bool>,
    /// For each trail of the inventory and each class, whether it is recorded.
    pub(super) matches: Vec<Vec<Match>>,
    /// What some logs of the model have and others have not.
    qualities: Vec<Quality>,
    /// For how long logs are needed, by the scenario's own word.
    stated: Option<Age>,
    facts: Vec<Facts>,
}

/// What is recorded in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Facts {
    /// By class, by any trail.
    by_trail: Vec<Match>,
    /// By class, by a trail whose bucket keeps logs as demanded, or an event data store that does.
    kept: Vec<Match>,
    /// By class, by a trail or an event data store.
    by_any: Vec<Match>,
    /// By quality and class, by a recorder that has it.
    with: Vec<Vec<Match>>,
    /// Insights types with the classes that they look at.
    insights: BTreeSet<(InsightsSelector, usize)>,
    /// What log groups, buckets and topics receive: the classes, of notices none.
    received: BTreeSet<(Receiver, Option<usize>)>,
    /// Selectors of trails that record a class in part, with the class: two parts are more than one.
    trail_parts: BTreeSet<(usize, String)>,
    /// The same, of event data stores too.
    parts: BTreeSet<(usize, String)>,
}

impl Facts {
    /// Tells whether trails record less of a class than before.
    fn is_less_by_trail(&self, before: &Self, class: usize) -> bool {
        self.by_trail[class] < before.by_trail[class]
            || (self.by_trail[class] != Match::Yes && lacks(&self.trail_parts, &before.trail_parts, class))
    }

    /// Tells whether trails and event data stores record less of a class than before.
    fn is_less(&self, before: &Self, class: usize) -> bool {
        self.by_any[class] < before.by_any[class]
            || (self.by_any[class] != Match::Yes && lacks(&self.parts, &before.parts, class))
    }
}

/// Tells whether a part of a class is lacking.
fn lacks(after: &BTreeSet<(usize, String)>, before: &BTreeSet<(usize, String)>, class: usize) -> bool {
    before.iter().any(|own| own.0 == class && !after.contains(own))
}

/// Returns the selectors that select a class in part.
fn parts(selectors: &[AdvancedEventSelector], own: &EventClass) -> Vec<String> {
    let is_part = |own_selector: &&AdvancedEventSelector| {
        selects(std::slice::from_ref(*own_selector), own) == Match::Undecided
    };
    selectors.iter().filter(is_part).map(|selector| format!("{selector:?}")).collect()
}

/// Something that is no longer as it must be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Violation {
    pub(super) forbidden: Forbidden,
    /// The position of the group.
    pub(super) group: usize,
    pub(super) what: Broken,
}

/// What of a group is no longer as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Broken {
    /// The position of the class.
    Class(usize),
    Insights,
    /// What a log group or a bucket receives.
    Delivery,
}

/// What a changed model records no longer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lost {
    pub(super) level: LossLevel,
    /// The position of the group.
    pub(super) group: usize,
    pub(super) what: LostThing,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LostThing {
    /// The position of the class.
    Class(usize),
    /// Of the events of the class at this position.
    Insights(InsightsSelector, usize),
    /// Of events that stay recorded.
    Quality(Quality),
    /// What receives fewer events of a category, and whether it receives none.
    Delivery(Receiver, EventCategory, bool),
}

impl Coverage {
    /// Looks at a model; `stated` is for how long its own scenario says that logs are needed.
    pub(super) fn new(model: &Model, stated: Option<Age>) -> Self {
        let mut classes = model.observations.event_classes.clone();
        for access in [Access::Read, Access::Write] {
            for source in [EventSource::Other, EventSource::Kms, EventSource::RdsData] {
                let class = EventClass::management(access, source);
                if !classes.contains(&class) {
                    classes.push(class);
                }
            }
        }
        let groups = groups(model, &classes);
        let is_noise = noise(model, &classes);
        let matches = matches(model, &classes);
        let qualities = Quality::of(model, stated);
        let mut own = Self { classes, groups, is_noise, matches, qualities, stated, facts: Vec::new() };
        own.facts = own.facts_of(model, &own.matches);
        own
    }

    /// Returns what each group's recorders record in a version of the model.
    fn facts_of(&self, model: &Model, matches: &[Vec<Match>]) -> Vec<Facts> {
        let good = good_buckets(model);
        let of_account = trails_by_account(model);
        let owned = Quality::owned(&self.qualities, model, self.stated);
        let store_matches: Vec<Vec<Match>> = model
            .inventory
            .event_data_stores
            .iter()
            .map(|store| self.classes.iter().map(|class| selects(&store.selectors, class)).collect())
            .collect();
        self.groups
            .iter()
            .map(|group| {
                let none = vec![Match::No; self.classes.len()];
                let mut facts = Facts {
                    by_trail: none.clone(),
                    kept: none.clone(),
                    by_any: none.clone(),
                    with: vec![none; self.qualities.len()],
                    insights: BTreeSet::new(),
                    received: BTreeSet::new(),
                    trail_parts: BTreeSet::new(),
                    parts: BTreeSet::new(),
                };
                let Some(spot) = group.spots.first() else {
                    return facts;
                };
                for at in of_account.of(spot.account.as_ref()) {
                    let trail = &model.inventory.trails[at];
                    if !trail.logging || !is_trail_at(trail, spot) {
                        continue;
                    }
                    raise(&mut facts.by_trail, &matches[at]);
                    raise(&mut facts.by_any, &matches[at]);
                    if trail.delivery.bucket.as_deref().is_none_or(|name| good.contains(name)) {
                        raise(&mut facts.kept, &matches[at]);
                    }
                    for (own, _) in owned[at].iter().enumerate().filter(|(_, has)| **has) {
                        raise(&mut facts.with[own], &matches[at]);
                    }
                    let occurs = |class: &usize| {
                        matches[at][*class] != Match::No
                            && (self.classes[*class].category == EventCategory::Management
                                || group.classes.contains(class))
                    };
                    for class in (0..self.classes.len()).filter(occurs) {
                        let own = &self.classes[class];
                        if matches[at][class] == Match::Undecided {
                            let parts = parts(&trail.selectors, own).into_iter().map(|part| (class, part));
                            facts.trail_parts.extend(parts);
                        }
                        let looks = |insights: &&InsightsSelector| analyses(insights, own);
                        facts.insights.extend(trail.insights.iter().filter(looks).map(|own| (*own, class)));
                        let what = |to: &Receiver| (!matches!(to, Receiver::Topic(_))).then_some(class);
                        facts.received.extend(Receiver::of(model, trail).map(|to| {
                            let what = what(&to);
                            (to, what)
                        }));
                    }
                }
                facts.parts.clone_from(&facts.trail_parts);
                for (store, matches) in model.inventory.event_data_stores.iter().zip(&store_matches) {
                    if store.ingesting && is_store_at(store, spot) {
                        raise(&mut facts.by_any, matches);
                        for (quality, with) in self.qualities.iter().zip(&mut facts.with) {
                            if quality.is_of_store(store) {
                                raise(with, matches);
                            }
                        }
                        let demanded = model.demands.retention.map_or(0, Age::days);
                        if u32::from(store.retention_days) >= demanded {
                            raise(&mut facts.kept, matches);
                        }
                        for (class, own) in self.classes.iter().enumerate() {
                            if matches[class] == Match::Undecided {
                                let parts = parts(&store.selectors, own).into_iter();
                                facts.parts.extend(parts.map(|part| (class, part)));
                            }
                            let looks = |insights: &&InsightsSelector| {
                                matches[class] != Match::No && analyses(insights, own)
                            };
                            facts
                                .insights
                                .extend(store.insights.iter().filter(looks).map(|own| (*own, class)));
                        }
                    }
                }
                facts
            })
            .collect()
    }

    /// Finds what a changed model breaks, in every group.
    pub(super) fn violations(&self, changed: &Model, keep: &Keep) -> Vec<Violation> {
        let matches = matches(changed, &self.classes);
        let after = self.facts_of(changed, &matches);
        let mut found = Vec::new();
        for (at, (group, (before, after))) in
            self.groups.iter().zip(self.facts.iter().zip(&after)).enumerate()
        {
            let mut add = |forbidden, what| found.push(Violation { forbidden, group: at, what });
            for (position, class) in self.classes.iter().enumerate() {
                let is_management = class.category == EventCategory::Management;
                if is_management && after.is_less_by_trail(before, position) {
                    add(Forbidden::ManagementUnrecorded, Broken::Class(position));
                }
                let occurs = is_management || group.classes.contains(&position);
                if !occurs {
                    continue;
                }
                if after.kept[position] < before.kept[position].min(after.by_any[position]) {
                    add(Forbidden::Retention, Broken::Class(position));
                }
                for quality in self.worse(before, after, position) {
                    let wanted = |own: &super::keep::Demand| match (&own.kept, quality) {
                        (Kept::Setting(own), Quality::Setting(gone)) => *own == gone,
                        _ => false,
                    };
                    if let Some(demand) = keep.demands.iter().position(wanted) {
                        add(Forbidden::Demand(demand), Broken::Class(position));
                    }
                    if quality.level() > keep.accept {
                        add(Forbidden::Loss(quality.level()), Broken::Class(position));
                    }
                }
                if !after.is_less(before, position) {
                    continue;
                }
                for (demand, own) in keep.demands.iter().enumerate() {
                    if let Kept::Events(wanted) = &own.kept
                        && selects(wanted, class) != Match::No
                    {
                        add(Forbidden::Demand(demand), Broken::Class(position));
                    }
                }
                let level = self.level(group, position);
                if level > keep.accept {
                    add(Forbidden::Loss(level), Broken::Class(position));
                }
            }
            if before.insights.difference(&after.insights).next().is_some() {
                if LossLevel::Medium > keep.accept {
                    add(Forbidden::Loss(LossLevel::Medium), Broken::Insights);
                }
                let wanted = |kept: &Kept| *kept == Kept::Need(super::keep::Need::Insights);
                if let Some(demand) = keep.demands.iter().position(|own| wanted(&own.kept)) {
                    add(Forbidden::Demand(demand), Broken::Insights);
                }
            }
            for (receiver, class) in before.received.difference(&after.received) {
                let level = self.delivery_level(receiver, *class, after, changed);
                for forbidden in receiver.forbids_less(level, keep) {
                    add(forbidden, Broken::Delivery);
                }
            }
        }
        found
    }

    /// Returns what a changed model records no longer, by level.
    pub(super) fn lost(&self, changed: &Model) -> Vec<Lost> {
        let matches = matches(changed, &self.classes);
        let after = self.facts_of(changed, &matches);
        let mut lost = Vec::new();
        for (at, (group, (before, after))) in
            self.groups.iter().zip(self.facts.iter().zip(&after)).enumerate()
        {
            for position in 0..self.classes.len() {
                if !group.classes.contains(&position)
                    && self.classes[position].category != EventCategory::Management
                {
                    continue;
                }
                for quality in self.worse(before, after, position) {
                    if quality.level() > LossLevel::None {
                        let what = LostThing::Quality(quality);
                        lost.push(Lost { level: quality.level(), group: at, what });
                    }
                }
                if after.is_less(before, position) {
                    let what = LostThing::Class(position);
                    lost.push(Lost { level: self.level(group, position), group: at, what });
                }
            }
            for &(insights, class) in before.insights.difference(&after.insights) {
                let what = LostThing::Insights(insights, class);
                lost.push(Lost { level: LossLevel::Medium, group: at, what });
            }
            for (receiver, class) in before.received.difference(&after.received) {
                let level = self.delivery_level(receiver, *class, after, changed);
                if level > LossLevel::None {
                    let category = class.map_or(EventCategory::Management, |own| self.classes[own].category);
                    let still = |own: &(Receiver, Option<usize>)| {
                        own.0 == *receiver && own.1.is_some_and(|own| self.classes[own].category == category)
                    };
                    let is_all = !after.received.iter().any(still);
                    let what = LostThing::Delivery(receiver.clone(), category, is_all);
                    lost.push(Lost { level, group: at, what });
                }
            }
        }
        lost.sort();
        lost.dedup();
        lost
    }

    /// Returns the qualities that a class's events had, and that those still recorded have no longer.
    fn worse(&self, before: &Facts, after: &Facts, class: usize) -> impl Iterator<Item = Quality> {
        let left = after.by_any[class];
        let pairs = before.with.iter().zip(&after.with);
        let worse: Vec<Quality> = self
            .qualities
            .iter()
            .zip(pairs)
            .filter(|(_, (before, after))| after[class] < before[class].min(left))
            .map(|(quality, _)| *quality)
            .collect();
        worse.into_iter()
    }

    /// Returns how much is lost where something receives a class of events no more.
    fn delivery_level(
        &self,
        receiver: &Receiver,
        class: Option<usize>,
        after: &Facts,
        changed: &Model,
    ) -> LossLevel {
        let level = receiver.level(class, &after.received, changed);
        // Events about the logs themselves are noise wherever they go.
        if class.is_some_and(|own| self.is_noise[own]) { level.min(LossLevel::Low) } else { level }
    }

    /// Returns how much the loss of a class is.
    fn level(&self, group: &Group, class: usize) -> LossLevel {
        if self.is_noise[class] {
            return LossLevel::Low;
        }
        match (self.classes[class].category, self.classes[class].access) {
            (EventCategory::Data, Access::Read) => LossLevel::Medium,
            (EventCategory::Data, _) if group.non_production => LossLevel::Medium,
            _ => LossLevel::High,
        }
    }

    /// Tells whether other trails record, everywhere that a trail covers, some of what it records of a category.
    pub(super) fn is_recorded_elsewhere(&self, trail: usize, category: EventCategory) -> bool {
        self.groups.iter().filter(|group| group.trails.contains(&trail)).any(|group| {
            self.classes.iter().enumerate().any(|(position, class)| {
                class.category == category
                    && (category == EventCategory::Management || group.classes.contains(&position))
                    && self.matches[trail][position] != Match::No
                    && group
                        .trails
                        .iter()
                        .any(|&other| other != trail && self.matches[other][position] != Match::No)
            })
        })
    }

    /// Returns the classes that occur somewhere and that a trail records at least in part.
    pub(super) fn recorded_by(&self, trail: usize) -> BTreeSet<usize> {
        self.groups
            .iter()
            .filter(|group| group.trails.contains(&trail))
            .flat_map(|group| group.classes.iter().copied())
            .filter(|&class| self.matches[trail][class] != Match::No)
            .collect()
    }

    /// Tells whether some place has a class that this trail and another one record.
    pub(super) fn is_shared(&self, trail: usize, class: usize) -> bool {
        self.groups.iter().any(|group| {
            group.classes.contains(&class)
                && group.trails.contains(&trail)
                && group.trails.iter().any(|&other| other != trail && self.matches[other][class] != Match::No)
        })
    }

    /// Tells whether, everywhere that a trail covers, another trail or an event data store has an Insights type on.
    pub(super) fn has_insights_elsewhere(
        &self,
        model: &Model,
        trail: usize,
        wanted: InsightsSelector,
    ) -> bool {
        let mut covered = self.groups.iter().filter(|group| group.trails.contains(&trail)).peekable();
        covered.peek().is_some()
            && covered.any(|group| {
                let by_trail = group
                    .trails
                    .iter()
                    .any(|&other| other != trail && model.inventory.trails[other].insights.contains(&wanted));
                by_trail
                    || model.inventory.event_data_stores.iter().any(|store| {
                        store.ingesting
                            && store.insights.contains(&wanted)
                            && group.spots.iter().any(|spot| is_store_at(store, spot))
                    })
            })
    }

    /// Returns the events a month of a resource, in millionths, for comparing.
    pub(super) fn events_of(&self, model: &Model, resource_type: &str, arn: &str) -> Quantity {
        let is_own = |class: &EventClass| {
            class.resource_type() == Some(resource_type)
                && matches!(
                    class.fields.get(&Field::ResourcesArn),
                    Some(FieldValue::Exactly(own) | FieldValue::StartsWith(own)) if own == arn
                )
        };
        model
            .observations
            .activities
            .iter()
            .flat_map(|activity| &activity.counts)
            .filter(|count| is_own(&self.classes[count.class as usize]))
            .filter_map(|count| count.amount.likely())
            .fold(Quantity::ZERO, |sum, amount| sum.plus(amount).unwrap_or(sum))
    }

    /// Describes something lost, with the groups where it is.
    pub(super) fn words(&self, lost: &LostThing, groups: &[usize], model: &Model) -> String {
        let what = match lost {
            LostThing::Class(class) => self.classes[*class].describe(),
            LostThing::Insights(own, _) => format!(
                "{} on {} events",
                own.insights_type.name(),
                own.category.selector_value().to_lowercase()
            ),
            LostThing::Quality(own) => own.words(),
            // What receives logs does not tell places apart.
            LostThing::Delivery(receiver, category, _) => return receiver.words(*category, model),
        };
        let mut spots: Vec<&Spot> = groups.iter().flat_map(|&at| &self.groups[at].spots).collect();
        spots.sort();
        spots.dedup();
        let only_rest = spots.iter().all(|own| own.region.is_none());
        let places: Vec<String> = spots
            .iter()
            .filter(|spot| spot.region.is_some() || only_rest)
            .map(|spot| match (&spot.account, &spot.region) {
                (Some(account), Some(region)) => format!("{account} {region}"),
                (Some(account), None) => format!("{account} (every other Region)"),
                (None, Some(region)) => format!("every other account of the organization, {region}"),
                (None, None) => "every other account of the organization".to_owned(),
            })
            .collect();
        format!("{what} in {}", crate::domain::list_names(&places))
    }
}

fn raise(best: &mut [Match], other: &[Match]) {
    for (best, other) in best.iter_mut().zip(other) {
        *best = (*best).max(*other);
    }
}

/// For each trail and each class, whether it is recorded.
fn matches(model: &Model, classes: &[EventClass]) -> Vec<Vec<Match>> {
    // Trails of many accounts have few different selectors.
    let mut known: BTreeMap<String, Vec<Match>> = BTreeMap::new();
    model
        .inventory
        .trails
        .iter()
        .map(|trail| {
            known
                .entry(format!("{:?}", trail.selectors))
                .or_insert_with(|| classes.iter().map(|class| selects(&trail.selectors, class)).collect())
                .clone()
        })
        .collect()
}

/// Returns the buckets that keep logs as demanded; without a demand all do.
fn good_buckets(model: &Model) -> BTreeSet<&str> {
    let bad: BTreeSet<String> = model
        .retention_checks()
        .into_iter()
        .filter(|check| !check.retention_met || check.readable.iter().any(|own| !own.met))
        .map(|check| check.bucket)
        .collect();
    model.inventory.buckets.iter().map(|own| own.name.as_str()).filter(|name| !bad.contains(*name)).collect()
}

/// Tells which classes are events about the logs themselves.
fn noise(model: &Model, classes: &[EventClass]) -> Vec<bool> {
    let buckets: BTreeSet<&str> =
        model.inventory.trails.iter().filter_map(|trail| trail.delivery.bucket.as_deref()).collect();
    classes
        .iter()
        .map(|class| match class.fields.get(&Field::ResourcesArn) {
            Some(FieldValue::Exactly(arn) | FieldValue::StartsWith(arn)) => {
                bucket_of(arn).is_some_and(|name| {
                    class.resource_type() == Some("AWS::S3::Object") && buckets.contains(name)
                })
            }
            _ => false,
        })
        .collect()
}

/// Returns the bucket that an ARN of S3 objects names.
pub(super) fn bucket_of(arn: &str) -> Option<&str> {
    let (_, rest) = arn.split_once(":s3:::")?;
    rest.split('/').next().filter(|name| !name.is_empty())
}

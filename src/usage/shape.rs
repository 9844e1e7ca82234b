//! What is billed for an account and Region, as sums of its counts. Many accounts share one shape.

use super::copies::{Charge, charge};
use super::keys::Index;
use super::meter::Derived;
use super::recorders::{Recorder, RecorderKind, Recorders};
use super::selectors::Match;
use crate::domain::{
    Access, Component, EventCategory, EventClass, InsightsSelector, InsightsType, MeterId, Quantity,
    QuantityError,
};
use std::collections::BTreeMap;

/// How a number of events becomes a quantity in the meter's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conversion {
    /// The events themselves.
    Events,
    /// Events × bytes per event, in GB of so many bytes.
    Gigabytes { bytes_per_event: u64, bytes_per_gb: u64 },
}

impl Conversion {
    #[inline]
    pub(super) fn apply(self, events: u64) -> Result<Quantity, QuantityError> {
        match self {
            Self::Events => Ok(Quantity::from_count(events)),
            Self::Gigabytes { bytes_per_event, bytes_per_gb } => {
                Quantity::gb_from_bytes(u128::from(events) * u128::from(bytes_per_event), bytes_per_gb)
            }
        }
    }
}

/// One line of a shape: so many times these counts are billed under a meter.
#[derive(Debug, Clone)]
pub(super) struct Output {
    pub(super) meter: MeterId,
    pub(super) component: Component,
    pub(super) resource: u32,
    pub(super) conversion: Conversion,
    /// (position among the cell's counts, times)
    pub(super) terms: Vec<(u16, u16)>,
    /// Whether some of the events are billed, nobody knows how many.
    pub(super) undecided: bool,
}

/// What an event data store ingests of a cell's counts.
#[derive(Debug, Clone)]
pub(super) struct Feed {
    pub(super) store: usize,
    pub(super) terms: Vec<(u16, u16)>,
    pub(super) undecided: bool,
}

/// What a trail delivers of a cell's counts.
#[derive(Debug, Clone)]
pub(super) struct TapTerms {
    pub(super) tap: u16,
    /// Management and data events.
    pub(super) terms: Vec<(u16, u16)>,
    /// Network activity events, which come in files of their own.
    pub(super) network_terms: Vec<(u16, u16)>,
    pub(super) undecided: bool,
}

/// Everything that is billed for one set of classes under one set of recorders.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    /// For each count, the position of its growth category.
    pub(super) growth: Vec<u8>,
    pub(super) outputs: Vec<Output>,
    pub(super) feeds: Vec<Feed>,
    pub(super) taps: Vec<TapTerms>,
    /// Positions of the counts that nothing records.
    pub(super) unrecorded: Vec<u16>,
    /// Positions of the counts of which a selector records an unknown part, with the recorder.
    pub(super) undecided: Vec<(u16, u32)>,
}

/// What a shape depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ShapeKey {
    pub(super) classes: Vec<u32>,
    pub(super) recorders: Vec<u32>,
    /// Meters whose quantity is given directly, so that nothing is derived for them.
    pub(super) given: Vec<MeterId>,
}

type OutputKey = (MeterId, Component, u32);

/// Collects terms by meter, component and resource.
struct Builder<'a> {
    index: &'a Index,
    given: &'a [MeterId],
    direct_delivery: Conversion,
    outputs: BTreeMap<OutputKey, Output>,
}

impl Builder<'_> {
    fn add(
        &mut self,
        derived: Derived,
        component: Component,
        resource: u32,
        term: (u16, u16),
        undecided: bool,
    ) {
        let meter = self.index.derived(derived);
        if self.given.contains(&meter) {
            return;
        }
        let conversion = match derived {
            Derived::DirectDelivery | Derived::LogIngestion => self.direct_delivery,
            _ => Conversion::Events,
        };
        let output = self.outputs.entry((meter, component, resource)).or_insert_with(|| Output {
            meter,
            component,
            resource,
            conversion,
            terms: Vec::new(),
            undecided: false,
        });
        if undecided {
            output.undecided = true;
            return;
        }
        match output.terms.iter_mut().find(|(at, _)| *at == term.0) {
            Some((_, times)) => *times += term.1,
            None => output.terms.push(term),
        }
    }
}

impl Shape {
    pub(super) fn new(
        key: &ShapeKey,
        classes: &[EventClass],
        recorders: &Recorders<'_>,
        index: &Index,
        direct_delivery: Conversion,
    ) -> Self {
        let mut builder = Builder { index, given: &key.given, direct_delivery, outputs: BTreeMap::new() };
        let mut shape = Self::default();
        let mut feeds: BTreeMap<usize, Feed> = BTreeMap::new();
        let mut taps: BTreeMap<u16, TapTerms> = BTreeMap::new();
        for (&class_id, at) in key.classes.iter().zip(0_u16..) {
            let class = &classes[class_id as usize];
            let category = class.category.growth_category().index();
            shape.growth.push(u8::try_from(category).unwrap_or_default());
            let matched: Vec<(u32, &Recorder<'_>, Match)> = key
                .recorders
                .iter()
                .map(|&id| (id, &recorders.all[id as usize]))
                .map(|(id, recorder)| (id, recorder, recorder.matches[class_id as usize]))
                .filter(|(_, _, matched)| *matched != Match::No)
                .collect();
            if matched.is_empty() && class.category == EventCategory::Management {
                shape.unrecorded.push(at);
            }
            if class.category == EventCategory::Management {
                let trails: Vec<(u32, Match)> = matched
                    .iter()
                    .filter(|(_, recorder, _)| recorder.kind == RecorderKind::Trail)
                    .map(|(id, _, matched)| (*id, *matched))
                    .collect();
                for (id, charged) in charge(&trails) {
                    let derived = match charged {
                        Charge::Free => Derived::FreeEvents,
                        Charge::Paid | Charge::PaidInPart => Derived::PaidEvents,
                    };
                    let resource = recorders.all[id as usize].resource;
                    let in_part = charged == Charge::PaidInPart;
                    builder.add(derived, Component::ManagementCopies, resource, (at, 1), in_part);
                    if in_part {
                        shape.undecided.push((at, id));
                    }
                }
            }
            for &(id, recorder, matched) in &matched {
                let undecided = matched == Match::Undecided;
                if undecided && class.category != EventCategory::Management {
                    shape.undecided.push((at, id));
                }
                record(&mut builder, recorder, class, at, undecided);
                if let Some(tap) = recorder.tap {
                    let tap = taps.entry(tap).or_insert(TapTerms {
                        tap,
                        terms: Vec::new(),
                        network_terms: Vec::new(),
                        undecided: false,
                    });
                    match (undecided, class.category) {
                        (true, _) => tap.undecided = true,
                        (false, EventCategory::NetworkActivity) => tap.network_terms.push((at, 1)),
                        (false, _) => tap.terms.push((at, 1)),
                    }
                }
                if let RecorderKind::EventDataStore(store) = recorder.kind {
                    let feed =
                        feeds.entry(store).or_insert(Feed { store, terms: Vec::new(), undecided: false });
                    if undecided {
                        feed.undecided = true;
                    } else {
                        feed.terms.push((at, 1));
                    }
                }
            }
        }
        shape.outputs = builder.outputs.into_values().collect();
        shape.feeds = feeds.into_values().collect();
        shape.taps = taps.into_values().collect();
        shape
    }
}

/// Adds what one recorder is charged for one class, copies of management events aside.
fn record(builder: &mut Builder<'_>, recorder: &Recorder<'_>, class: &EventClass, at: u16, undecided: bool) {
    let resource = recorder.resource;
    match (recorder.kind, class.category) {
        (RecorderKind::Trail, EventCategory::Data) => {
            let component = Component::of_data_events(class.resource_type());
            builder.add(Derived::DataEvents, component, resource, (at, 1), undecided);
        }
        (RecorderKind::Trail, EventCategory::NetworkActivity) => {
            builder.add(Derived::NetworkEvents, Component::NetworkActivity, resource, (at, 1), undecided);
        }
        (RecorderKind::DirectDelivery, _) => {
            let delivery = Component::CloudwatchDelivery;
            builder.add(Derived::DirectDelivery, delivery, resource, (at, 1), undecided);
            builder.add(Derived::LogIngestion, Component::CloudwatchLogs, resource, (at, 1), undecided);
        }
        (RecorderKind::Trail, EventCategory::Management) | (RecorderKind::EventDataStore(_), _) => {}
    }
    for insights in &recorder.insights {
        let for_stores = class.category != EventCategory::Data || recorder.kind == RecorderKind::Trail;
        if !for_stores || !analyses(insights, class) {
            continue;
        }
        let (derived, component) = match class.category {
            EventCategory::Data => (Derived::DataInsights, Component::InsightsData),
            _ => (Derived::Insights, Component::InsightsManagement),
        };
        // Of events that are read and write in an unknown mixture, nobody knows how many are written.
        let mixed = class.category == EventCategory::Management
            && class.access == Access::Mixed
            && insights.insights_type == InsightsType::ApiCallRate;
        builder.add(derived, component, resource, (at, 1), undecided || mixed);
    }
}

/// Tells whether an Insights type looks at events of a class.
///
/// Source: CloudTrail user guide, "Understanding costs for Insights events".
pub fn analyses(insights: &InsightsSelector, class: &EventClass) -> bool {
    insights.category == class.category
        && match (class.category, insights.insights_type) {
            (EventCategory::Management, InsightsType::ApiCallRate) => class.access != Access::Read,
            (EventCategory::Management, InsightsType::ApiErrorRate) | (EventCategory::Data, _) => true,
            (EventCategory::NetworkActivity, _) => false,
        }
}

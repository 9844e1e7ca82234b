//! Who records what: trails, event data stores and channels, found by account.

use super::chain::tap_numbers;
use super::keys::Index;
use super::selectors::{Match, selects};
use crate::domain::{
    AccountId, AdvancedEventSelector, EventClass, InsightsSelector, Model, RecordingScope, RegionCode, Trail,
};
use std::collections::BTreeMap;

/// What a recorder is; the number is its position in the inventory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RecorderKind {
    Trail,
    EventDataStore(usize),
    DirectDelivery,
}

/// Something that records events, in the order in which trails take the free first copy.
pub(super) struct Recorder<'a> {
    pub(super) kind: RecorderKind,
    pub(super) scope: RecordingScope<'a>,
    pub(super) insights: Vec<InsightsSelector>,
    pub(super) resource: u32,
    /// For each class of events, whether it is recorded.
    pub(super) matches: Vec<Match>,
    pub(super) selectors: &'a [AdvancedEventSelector],
    /// The number under which a trail delivers somewhere.
    pub(super) tap: Option<u16>,
}

/// Every active recorder, and which of them can cover an account.
pub(super) struct Recorders<'a> {
    pub(super) all: Vec<Recorder<'a>>,
    of_account: BTreeMap<&'a AccountId, Vec<u32>>,
    of_every_account: Vec<u32>,
}

impl<'a> Recorders<'a> {
    pub(super) fn new(model: &'a Model, index: &mut Index) -> Self {
        let inventory = &model.inventory;
        let classes = &model.observations.event_classes;
        let mut trails: Vec<_> = inventory.trails.iter().filter(|trail| trail.logging).collect();
        trails
            .sort_by(|left, right| (left.copy_order(), &left.scope).cmp(&(right.copy_order(), &right.scope)));
        let names: BTreeMap<&str, usize> = trails.iter().fold(BTreeMap::new(), |mut names, trail| {
            *names.entry(trail.name.as_str()).or_default() += 1;
            names
        });
        // Names in their own order, so that the order of the inventory never shows.
        let mut labels: Vec<String> = trails
            .iter()
            .map(|trail| label(&names, &trail.name, &trail.home_region))
            .chain(inventory.event_data_stores.iter().map(|store| store.name.clone()))
            .chain(inventory.direct_deliveries.iter().map(|delivery| delivery.name.clone()))
            .collect();
        labels.sort_unstable();
        labels.dedup();
        for label in &labels {
            index.resource(label);
        }
        let resource = |name: &str| index.resource_at(name);
        let taps: Vec<(&Trail, u16)> =
            tap_numbers(model).into_iter().map(|(at, tap)| (&inventory.trails[at], tap)).collect();
        let tap_of =
            |trail: &Trail| taps.iter().find(|(own, _)| std::ptr::eq(*own, trail)).map(|(_, tap)| *tap);
        let matches = |selectors: &[AdvancedEventSelector]| {
            classes.iter().map(|class: &EventClass| selects(selectors, class)).collect()
        };
        let mut all: Vec<Recorder<'a>> = trails
            .iter()
            .map(|trail| Recorder {
                kind: RecorderKind::Trail,
                scope: trail.recording_scope(),
                insights: trail.insights.iter().copied().collect(),
                resource: resource(&label(&names, &trail.name, &trail.home_region)),
                matches: matches(&trail.selectors),
                selectors: &trail.selectors,
                tap: tap_of(trail),
            })
            .collect();
        all.extend(inventory.event_data_stores.iter().enumerate().filter(|(_, store)| store.ingesting).map(
            |(position, store)| Recorder {
                kind: RecorderKind::EventDataStore(position),
                scope: store.recording_scope(),
                insights: store.insights.clone(),
                resource: resource(&store.name),
                matches: matches(&store.selectors),
                selectors: &store.selectors,
                tap: None,
            },
        ));
        all.extend(inventory.direct_deliveries.iter().map(|delivery| Recorder {
            kind: RecorderKind::DirectDelivery,
            scope: delivery.recording_scope(),
            insights: Vec::new(),
            resource: resource(&delivery.name),
            matches: matches(&delivery.selectors),
            selectors: &delivery.selectors,
            tap: None,
        }));
        let (mut of_account, mut of_every_account) = (BTreeMap::<_, Vec<u32>>::new(), Vec::new());
        for (recorder, at) in all.iter().zip(0..) {
            match recorder.scope.account {
                Some(account) => of_account.entry(account).or_default().push(at),
                None => of_every_account.push(at),
            }
        }
        Self { all, of_account, of_every_account }
    }

    /// Returns the positions of the recorders that cover an account and Region, in copy order.
    pub(super) fn covering(&self, account: &AccountId, region: &RegionCode) -> Vec<u32> {
        let own = self.of_account.get(account).map(Vec::as_slice).unwrap_or_default();
        let mut covering: Vec<u32> = self
            .of_every_account
            .iter()
            .chain(own)
            .copied()
            .filter(|&at| self.all[at as usize].scope.covers(account, region))
            .collect();
        covering.sort_unstable();
        covering
    }
}

fn label(names: &BTreeMap<&str, usize>, name: &str, home_region: &RegionCode) -> String {
    if names.get(name).is_some_and(|&count| count > 1) {
        format!("{name}@{home_region}")
    } else {
        name.to_owned()
    }
}

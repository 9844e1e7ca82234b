//! Places: accounts with their Regions, and which trails and event data stores cover them.

use crate::domain::{
    AccountId, EventCategory, EventClass, EventDataStore, Model, RecordingScope, RegionCode, Trail,
    TrailScope,
};
use std::collections::{BTreeMap, BTreeSet};

/// An account and one of its Regions; without one every Region that is not named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    /// Without one every account of the organization that is not named.
    pub(super) account: Option<AccountId>,
    pub(super) region: Option<RegionCode>,
}

/// What tells groups apart: the trails, which event data stores hold the place, whether it is outside production, and the
/// classes that occur there.
type GroupKey = (Vec<usize>, Vec<bool>, bool, BTreeSet<usize>);

/// Places that the same recorders cover.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// The places, sorted.
    pub(super) spots: Vec<Spot>,
    /// Positions of the classes that occur there.
    pub(super) classes: BTreeSet<usize>,
    /// Positions of the logging trails that cover them, in the inventory's order.
    pub(super) trails: Vec<usize>,
    /// Whether every one of the accounts is used for something else than production.
    pub(super) non_production: bool,
}

/// Tells whether a word for what an account is used for means that it is no production account.
pub fn is_non_production(environment: Option<&str>) -> bool {
    environment.is_some_and(|own| {
        let own = own.to_ascii_lowercase();
        ["dev", "test", "sandbox", "staging", "stage", "qa", "non-prod", "nonprod", "integration", "demo"]
            .iter()
            .any(|word| own.starts_with(word))
    })
}

/// Tells whether a trail covers a place.
pub(super) fn is_trail_at(trail: &Trail, spot: &Spot) -> bool {
    // Whether accounts that are not named have a trail of their own too, nobody knows.
    let is_everywhere = trail.scope == TrailScope::Organization;
    covers(&trail.recording_scope(), spot) && (spot.account.is_some() || is_everywhere)
}

/// Tells whether an event data store covers a place.
pub(super) fn is_store_at(store: &EventDataStore, spot: &Spot) -> bool {
    covers(&store.recording_scope(), spot)
}

fn covers(scope: &RecordingScope<'_>, spot: &Spot) -> bool {
    scope.account.is_none_or(|own| spot.account.as_ref() == Some(own))
        && scope.region.is_none_or(|own| spot.region.as_ref() == Some(own))
}

/// The trails that can cover an account.
pub(super) struct TrailsByAccount {
    every: Vec<usize>,
    own: BTreeMap<AccountId, Vec<usize>>,
}

impl TrailsByAccount {
    pub(super) fn of(&self, account: Option<&AccountId>) -> impl Iterator<Item = usize> + '_ {
        let own = account.and_then(|own| self.own.get(own)).map(Vec::as_slice).unwrap_or_default();
        self.every.iter().chain(own).copied()
    }
}

pub(super) fn trails_by_account(model: &Model) -> TrailsByAccount {
    let mut sorted = TrailsByAccount { every: Vec::new(), own: BTreeMap::new() };
    for (at, trail) in model.inventory.trails.iter().enumerate() {
        match trail.recording_scope().account {
            None => sorted.every.push(at),
            Some(account) => sorted.own.entry(account.clone()).or_default().push(at),
        }
    }
    sorted
}

/// Returns the places of a model, those that the same recorders cover together.
pub(super) fn groups(model: &Model, classes: &[EventClass]) -> Vec<Group> {
    let mut spots: BTreeMap<Spot, BTreeSet<usize>> = BTreeMap::new();
    for activity in &model.observations.activities {
        let spot = Spot { account: Some(activity.account.clone()), region: Some(activity.region.clone()) };
        let occurring = spots.entry(spot).or_default();
        for count in &activity.counts {
            if count.amount.likely().is_none_or(|amount| !amount.is_zero()) {
                occurring.insert(count.class as usize);
            }
        }
    }
    for volume in &model.observations.volumes {
        let spot = Spot { account: Some(volume.account.clone()), region: Some(volume.region.clone()) };
        spots.entry(spot).or_default();
    }
    let homes: BTreeSet<&RegionCode> =
        model.inventory.trails.iter().filter(|own| !own.multi_region).map(|own| &own.home_region).collect();
    let has_organization =
        model.inventory.trails.iter().any(|own| own.logging && own.scope == TrailScope::Organization);
    let named = model.inventory.accounts.iter().map(|own| Some(own.id.clone()));
    for account in named.chain(has_organization.then_some(None)) {
        spots.entry(Spot { account: account.clone(), region: None }).or_default();
        for region in &homes {
            let spot = Spot { account: account.clone(), region: Some((*region).clone()) };
            spots.entry(spot).or_default();
        }
    }
    let environments: BTreeMap<&AccountId, bool> = model
        .inventory
        .accounts
        .iter()
        .map(|own| (&own.id, is_non_production(own.environment.as_deref())))
        .collect();
    let by_account = trails_by_account(model);
    let stores = &model.inventory.event_data_stores;
    let mut groups: BTreeMap<GroupKey, Group> = BTreeMap::new();
    let management: BTreeSet<usize> =
        (0..classes.len()).filter(|&at| classes[at].category == EventCategory::Management).collect();
    for (spot, occurring) in spots {
        let mut trails: Vec<usize> = by_account
            .of(spot.account.as_ref())
            .filter(|&at| {
                let trail: &Trail = &model.inventory.trails[at];
                trail.logging && is_trail_at(trail, &spot)
            })
            .collect();
        trails.sort_unstable();
        let held = stores.iter().map(|own| is_store_at(own, &spot)).collect();
        let own_use = spot.account.as_ref().and_then(|own| environments.get(own));
        let non_production = own_use.copied().unwrap_or(false);
        // Management events are looked at everywhere: only the others tell groups apart.
        let telling: BTreeSet<usize> = occurring.difference(&management).copied().collect();
        let group = groups.entry((trails.clone(), held, non_production, telling)).or_insert_with(|| Group {
            spots: Vec::new(),
            classes: BTreeSet::new(),
            trails,
            non_production,
        });
        group.spots.push(spot);
        group.classes.extend(occurring);
    }
    groups.into_values().collect()
}

//! The sorted names that usage records refer to by position.

use super::chain::ChainMeter;
use super::meter::Derived;
use crate::domain::{
    AccountId, Activity, Inventory, Meter, MeterId, Model, ProvenanceKind, RegionCode, UsageKeys,
};
use std::collections::{BTreeMap, BTreeSet};

/// Names with the way back from a name to its position.
pub(super) struct Index {
    pub(super) keys: UsageKeys,
    accounts: BTreeMap<AccountId, u32>,
    regions: BTreeMap<RegionCode, u16>,
    meters: BTreeMap<Meter, MeterId>,
    derived: [MeterId; Derived::ALL.len()],
    /// The chain's meters, in their own order.
    pub(super) chain: Vec<MeterId>,
    resources: BTreeMap<String, u32>,
}

impl Index {
    pub(super) fn new(model: &Model) -> Self {
        let observations = &model.observations;
        let inventory = &model.inventory;
        let mut accounts: BTreeSet<&AccountId> =
            inventory.accounts.iter().map(|account| &account.id).collect();
        let mut regions: BTreeSet<&RegionCode> = BTreeSet::new();
        let activities = &observations.activities;
        // Those of one account mostly stand together.
        accounts.extend(
            activities.chunk_by(|one, other| one.account == other.account).map(|own| &own[0].account),
        );
        regions.extend(activities.iter().map(|activity| &activity.region));
        let mut meters: BTreeSet<Meter> = Derived::ALL.iter().map(|derived| derived.meter()).collect();
        for volume in &observations.volumes {
            accounts.insert(&volume.account);
            regions.insert(&volume.region);
            meters.insert(Meter {
                service: volume.service.clone(),
                usage_type: volume.usage_type.clone(),
                unit: volume.unit.clone(),
            });
        }
        for trail in &inventory.trails {
            regions.insert(&trail.home_region);
            accounts.extend(trail.recording_scope().account);
        }
        for store in &inventory.event_data_stores {
            accounts.insert(&store.account);
            regions.insert(&store.home_region);
        }
        for delivery in &inventory.direct_deliveries {
            accounts.extend(&delivery.account);
            regions.extend(&delivery.region);
        }
        meters.extend(ChainMeter::ALL.iter().map(|meter| meter.meter()));
        for (account, region) in owners(inventory) {
            accounts.insert(account);
            regions.insert(region);
        }
        // Something may be charged although nothing names a Region; it is then shown where most things are.
        let usual = RegionCode::new("us-east-1");
        if regions.is_empty() {
            regions.insert(&usual);
        }
        let accounts: Vec<AccountId> = accounts.into_iter().cloned().collect();
        let regions: Vec<RegionCode> = regions.into_iter().cloned().collect();
        let meters: Vec<Meter> = meters.into_iter().collect();
        let meter_ids: BTreeMap<Meter, MeterId> =
            meters.iter().zip(0..).map(|(meter, id)| (meter.clone(), id)).collect();
        let derived =
            Derived::ALL.map(|derived| meter_ids.get(&derived.meter()).copied().unwrap_or_default());
        Self {
            accounts: accounts.iter().zip(0..).map(|(id, at)| (id.clone(), at)).collect(),
            regions: regions.iter().zip(0..).map(|(code, at)| (code.clone(), at)).collect(),
            derived,
            chain: ChainMeter::ALL
                .iter()
                .map(|meter| meter_ids.get(&meter.meter()).copied().unwrap_or_default())
                .collect(),
            meters: meter_ids,
            resources: BTreeMap::from([(String::new(), 0)]),
            keys: UsageKeys {
                pools: pools(model, &accounts),
                accounts,
                regions,
                meters,
                resources: vec![String::new()],
                provenances: vec![derived_words(model)],
            },
        }
    }

    pub(super) fn account(&self, id: &AccountId) -> u32 {
        self.accounts.get(id).copied().unwrap_or_default()
    }

    pub(super) fn region(&self, code: &RegionCode) -> u16 {
        self.regions.get(code).copied().unwrap_or_default()
    }

    /// Returns the account and Region of each activity; those of one account mostly stand together.
    pub(super) fn places(&self, activities: &[Activity]) -> Vec<(u32, u16)> {
        let mut places = Vec::with_capacity(activities.len());
        for own in activities.chunk_by(|one, other| one.account == other.account) {
            let account = self.account(&own[0].account);
            places.extend(own.iter().map(|activity| (account, self.region(&activity.region))));
        }
        places
    }

    pub(super) fn meter(&self, meter: &Meter) -> MeterId {
        self.meters.get(meter).copied().unwrap_or_default()
    }

    pub(super) fn derived(&self, derived: Derived) -> MeterId {
        self.derived[derived as usize]
    }

    /// Returns the position of a resource's name, adding it when it is new.
    pub(super) fn resource(&mut self, name: &str) -> u32 {
        if let Some(&at) = self.resources.get(name) {
            return at;
        }
        let at = u32::try_from(self.keys.resources.len()).unwrap_or(u32::MAX);
        self.keys.resources.push(name.to_owned());
        self.resources.insert(name.to_owned(), at);
        at
    }

    /// Returns the position of a resource's name that is there already.
    pub(super) fn resource_at(&self, name: &str) -> u32 {
        self.resources.get(name).copied().unwrap_or_default()
    }

    /// Adds a provenance and returns its position.
    pub(super) fn provenance(&mut self, text: String) -> u32 {
        self.keys.provenances.push(text);
        u32::try_from(self.keys.provenances.len() - 1).unwrap_or(u32::MAX)
    }
}

/// Returns the provenance of everything that follows from what the model states.
fn derived_words(model: &Model) -> String {
    let (derived, measured) = (ProvenanceKind::Derived.name(), ProvenanceKind::Measured.name());
    if model.measured.is_some() { format!("{derived} from {measured}") } else { derived.to_owned() }
}

/// Returns who is charged for what the logs touch, and where.
fn owners(inventory: &Inventory) -> impl Iterator<Item = (&AccountId, &RegionCode)> {
    let buckets = inventory.buckets.iter().map(|own| (&own.account, &own.region));
    let readers = inventory.readers.iter().map(|own| (&own.account, &own.region));
    let groups = inventory.log_groups.iter().map(|own| (&own.account, &own.region));
    let alarms = inventory.alarms.iter().map(|own| (&own.account, &own.region));
    let topics = inventory.topics.iter().map(|own| (&own.account, &own.region));
    let buses = inventory.event_buses.iter().map(|own| (&own.account, &own.region));
    let rules = inventory.event_rules.iter().map(|own| (&own.account, &own.region));
    let keys = inventory.kms_keys.iter().map(|own| (&own.account, &own.region));
    buckets.chain(keys).chain(readers).chain(groups).chain(alarms).chain(topics).chain(buses).chain(rules)
}

/// For each account the number of its payer: tiers apply to the usage of a payer's accounts together.
fn pools(model: &Model, accounts: &[AccountId]) -> Vec<u32> {
    if !model.consolidated_billing {
        return (0..).take(accounts.len()).collect();
    }
    let payers: BTreeMap<&AccountId, &AccountId> = model
        .inventory
        .accounts
        .iter()
        .filter_map(|account| account.payer.as_ref().map(|payer| (&account.id, payer)))
        .collect();
    // A payer's own usage is pooled with that of the accounts it pays for.
    let named: BTreeSet<&AccountId> = payers.values().copied().collect();
    let mut numbers: BTreeMap<Option<&AccountId>, u32> = BTreeMap::new();
    accounts
        .iter()
        .map(|account| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            let payer = payers.get(account).copied().or_else(|| named.get(account).copied());
            *numbers.entry(payer).or_insert(next)
        })
        .collect()
}

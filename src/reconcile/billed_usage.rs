//! Billed quantities as usage, so that they can be priced like a scenario's.

use super::entry::Key;
use crate::domain::{
    AccountId, Component, Meter, MeterId, Model, Month, Quantity, QuantityError, RegionCode, Unit, UsageKeys,
    UsageRecord, UsageSource,
};
use crate::pricing::{RateCard, RateError};
use std::collections::{BTreeMap, BTreeSet};

/// Usage of which a bill names account and Region and whose price is no contradiction.
pub(super) struct BilledUsage {
    keys: UsageKeys,
    months: Vec<Month>,
    records: BTreeMap<Month, Vec<UsageRecord>>,
}

/// Why a billed quantity cannot be priced at the scenario's prices.
pub(super) fn obstacle(
    key: &Key,
    unit: &str,
    quantity: Quantity,
    model: &Model,
    card: &RateCard,
) -> Option<String> {
    let (Some(_), Some(region)) = (&key.account, &key.region) else {
        return Some("the bill names no account or no Region".to_owned());
    };
    if quantity.is_negative() {
        return Some("its quantities on the bill add up to less than nothing".to_owned());
    }
    match card.rate(&key.service, &key.usage_type, region) {
        Err(RateError::Ambiguous { .. }) => Some("two prices of the tables claim it".to_owned()),
        Ok(rate) if rate.currency != model.currency => Some(format!("its price is in {}", rate.currency)),
        Ok(rate) if rate.unit.name() != unit && !unit.is_empty() => {
            Some(format!("it is billed in {unit} and priced in {}", rate.unit))
        }
        Err(RateError::NotFound) | Ok(_) => None,
    }
}

impl BilledUsage {
    /// Takes billed quantities by key, with their unit as billed; none of them has an [`obstacle`].
    pub(super) fn new<'a>(
        quantities: &(impl Iterator<Item = (&'a Key, &'a str, Quantity)> + Clone),
        months: &[Month],
        model: &Model,
        card: &RateCard,
    ) -> Self {
        let rows = || {
            quantities.clone().filter_map(|(key, unit, quantity)| {
                let (account, region) = (key.account.as_ref()?, key.region.as_ref()?);
                Some((key.month, account, region, meter(key, unit, card), quantity))
            })
        };
        let accounts: BTreeSet<&AccountId> = rows().map(|(_, account, ..)| account).collect();
        let regions: BTreeSet<&RegionCode> = rows().map(|(_, _, region, ..)| region).collect();
        let meters: BTreeSet<Meter> = rows().map(|(_, _, _, meter, _)| meter).collect();
        let accounts: Vec<AccountId> = accounts.into_iter().cloned().collect();
        let regions: Vec<RegionCode> = regions.into_iter().cloned().collect();
        let meters: Vec<Meter> = meters.into_iter().collect();
        let mut records: BTreeMap<Month, Vec<UsageRecord>> = BTreeMap::new();
        for (month, account, region, meter, quantity) in rows() {
            let component =
                card.catalog().get(&meter.service, &meter.usage_type).map(|entry| entry.component);
            records.entry(month).or_default().push(UsageRecord {
                quantity,
                account: u32::try_from(accounts.binary_search(account).unwrap_or_default())
                    .unwrap_or_default(),
                resource: 0,
                provenance: 0,
                region: u16::try_from(regions.binary_search(region).unwrap_or_default()).unwrap_or_default(),
                meter: MeterId::try_from(meters.binary_search(&meter).unwrap_or_default())
                    .unwrap_or_default(),
                component: component.unwrap_or(Component::Other),
                has_unknown: false,
            });
        }
        let keys = UsageKeys {
            pools: pools(model, &accounts),
            accounts,
            regions,
            meters,
            resources: vec![String::new()],
            provenances: vec!["billed".to_owned()],
        };
        Self { keys, months: months.to_vec(), records }
    }
}

fn meter(key: &Key, unit: &str, card: &RateCard) -> Meter {
    let known = card.catalog().get(&key.service, &key.usage_type).map(|entry| entry.unit.clone());
    Meter {
        service: key.service.clone(),
        usage_type: key.usage_type.clone(),
        unit: known.filter(|_| unit.is_empty()).unwrap_or_else(|| Unit::new(unit)),
    }
}

/// For each account the number of its payer, as the usage room pools them: a payer's own usage with that of its accounts.
fn pools(model: &Model, accounts: &[AccountId]) -> Vec<u32> {
    let named: BTreeSet<&AccountId> =
        model.inventory.accounts.iter().filter_map(|account| account.payer.as_ref()).collect();
    let mut numbers: BTreeMap<Option<AccountId>, u32> = BTreeMap::new();
    accounts
        .iter()
        .map(|account| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            let payer = model.payer_of(account).or_else(|| named.contains(account).then(|| account.clone()));
            *numbers.entry(payer).or_insert(next)
        })
        .collect()
}

impl UsageSource for BilledUsage {
    fn keys(&self) -> &UsageKeys {
        &self.keys
    }

    fn months(&self) -> &[Month] {
        &self.months
    }

    fn records(&self, month: usize, records: &mut Vec<UsageRecord>) -> Result<(), QuantityError> {
        records.clear();
        if let Some(own) = self.months.get(month).and_then(|month| self.records.get(month)) {
            records.extend_from_slice(own);
        }
        Ok(())
    }
}

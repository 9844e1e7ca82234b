//! A side's usage of the compared months at the scenario's prices, summed by key.

use super::entry::Key;
use crate::costing::{CostError, estimate};
use crate::domain::{
    Currency, LineItem, LineItemSink, Money, Month, Quantity, QuantityError, SinkError, Term, UsageKeys,
    UsageRecord, UsageSource,
};
use crate::pricing::{FreeTiers, RateCard};
use std::collections::BTreeMap;

/// The prices of the scenario.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prices<'a> {
    pub(super) card: &'a RateCard,
    pub(super) free_tiers: &'a FreeTiers,
    pub(super) terms: &'a [Term],
    pub(super) currency: &'a Currency,
}

/// What stands under a key, priced.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Priced {
    pub(super) unit: String,
    pub(super) quantity: Quantity,
    /// At list price; where no list price is known, at the agreed one.
    pub(super) list: Money,
    /// At the agreed price.
    pub(super) cost: Money,
    /// Whether more was used, nobody knows how much.
    pub(super) unknown_volume: bool,
    /// Whether some of it has no price.
    pub(super) unpriced: bool,
}

impl Priced {
    pub(super) fn is_unknown(&self) -> bool {
        self.unknown_volume || self.unpriced
    }
}

/// Sums line items by key.
#[derive(Default)]
struct ByKey {
    sums: BTreeMap<Key, Priced>,
}

impl LineItemSink for ByKey {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        let key = Key {
            month: item.month,
            account: Some(item.account.clone()),
            region: Some(item.region.clone()),
            service: item.meter.service.clone(),
            usage_type: item.meter.usage_type.clone(),
        };
        let own = self.sums.entry(key).or_default();
        let too_much = || SinkError(Box::new(CostError::Overflow));
        if own.unit.is_empty() {
            item.meter.unit.name().clone_into(&mut own.unit);
        }
        own.quantity = own.quantity.plus(item.quantity).map_err(|error| SinkError(Box::new(error)))?;
        let list = item.list_cost.or(item.contracted_cost).unwrap_or_default();
        own.list = own.list.checked_add(list).ok_or_else(too_much)?;
        own.cost = own.cost.checked_add(item.contracted_cost.unwrap_or_default()).ok_or_else(too_much)?;
        own.unknown_volume |= item.has_unknown;
        own.unpriced |= item.contracted_cost.is_none() && (item.has_unknown || !item.quantity.is_zero());
        Ok(())
    }
}

/// Prices usage and sums it by key.
///
/// # Errors
/// [`CostError`] as for an estimate.
pub(super) fn priced(
    usage: &(dyn UsageSource + Sync),
    prices: Prices<'_>,
) -> Result<BTreeMap<Key, Priced>, CostError> {
    let mut sums = ByKey::default();
    estimate(usage, prices.card, prices.free_tiers, prices.terms, prices.currency, Some(&mut sums))?;
    Ok(sums.sums)
}

/// Some months of a usage, each whole or for some of its days.
pub(super) struct SomeMonths<'a> {
    inner: &'a (dyn UsageSource + Sync),
    positions: Vec<usize>,
    months: Vec<Month>,
    days: BTreeMap<Month, u32>,
}

impl<'a> SomeMonths<'a> {
    /// Takes the months that the usage has; of a month in `days` so many days, usage spread evenly over the month.
    pub(super) fn new(
        inner: &'a (dyn UsageSource + Sync),
        months: &[Month],
        days: BTreeMap<Month, u32>,
    ) -> Self {
        let found: Vec<(usize, Month)> = inner
            .months()
            .iter()
            .enumerate()
            .filter(|(_, month)| months.contains(month))
            .map(|(at, month)| (at, *month))
            .collect();
        let (positions, months) = found.into_iter().unzip();
        Self { inner, positions, months, days }
    }
}

impl UsageSource for SomeMonths<'_> {
    fn keys(&self) -> &UsageKeys {
        self.inner.keys()
    }

    fn months(&self) -> &[Month] {
        &self.months
    }

    fn records(&self, month: usize, records: &mut Vec<UsageRecord>) -> Result<(), QuantityError> {
        records.clear();
        let Some(&position) = self.positions.get(month) else {
            return Ok(());
        };
        self.inner.records(position, records)?;
        let month = self.months[month];
        if let Some(&days) = self.days.get(&month) {
            for record in records.iter_mut() {
                record.quantity = record.quantity.times_fraction(days.into(), month.days().into())?;
            }
        }
        Ok(())
    }
}

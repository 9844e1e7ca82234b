//! A month's usage of the chain, added up by the bill's keys.

use super::exact::count;
use super::meter::ChainMeter;
use crate::domain::{Amount, Component, GrowthCategory, MeterId, Quantity, QuantityError, UsageRecord};
use crate::usage::cell::Factors;
use crate::usage::keys::Index;
use std::collections::BTreeSet;

/// The account and Region that are charged.
pub(super) type Owner = (u32, u16);

/// Places where a quantity is given directly, so that nothing is derived.
pub(in crate::usage) type GivenMeters = BTreeSet<(u32, u16, MeterId)>;

/// Account, Region, meter, component and resource.
type Key = (u32, u16, MeterId, Component, u32);

/// Collects usage of one month.
pub(super) struct Ledger<'a> {
    meters: &'a [MeterId],
    given: &'a GivenMeters,
    entries: Vec<(Key, Quantity, bool)>,
    /// Whether nothing is written down: only the calls of keys are wanted.
    pub(super) is_closed: bool,
    /// Derived usage that a given quantity replaces.
    pub(super) replaced: GivenMeters,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(index: &'a Index, given: &'a GivenMeters, is_closed: bool) -> Self {
        Self { meters: &index.chain, given, entries: Vec::new(), is_closed, replaced: BTreeSet::new() }
    }

    /// Adds usage under the meter's own component.
    pub(super) fn add(
        &mut self,
        owner: Owner,
        resource: u32,
        meter: ChainMeter,
        quantity: Quantity,
        has_unknown: bool,
    ) {
        self.add_as(owner, resource, meter, meter.component(), quantity, has_unknown);
    }

    /// Adds usage under a component.
    pub(super) fn add_as(
        &mut self,
        owner: Owner,
        resource: u32,
        meter: ChainMeter,
        component: Component,
        quantity: Quantity,
        has_unknown: bool,
    ) {
        if self.is_closed || (quantity.is_zero() && !has_unknown) {
            return;
        }
        let meter = self.meters.get(meter as usize).copied().unwrap_or_default();
        let place = (owner.0, owner.1, meter);
        if !self.given.is_empty() && self.given.contains(&place) {
            self.replaced.insert(place);
            return;
        }
        self.entries.push(((owner.0, owner.1, meter, component, resource), quantity, has_unknown));
    }

    /// Adds a number of requests, objects or events.
    pub(super) fn count(
        &mut self,
        owner: Owner,
        resource: u32,
        meter: ChainMeter,
        whole: u128,
        has_unknown: bool,
    ) -> Result<(), QuantityError> {
        self.add(owner, resource, meter, count(whole)?, has_unknown);
        Ok(())
    }

    /// Adds bytes, in GB of so many of them.
    pub(super) fn bytes(
        &mut self,
        owner: Owner,
        resource: u32,
        meter: ChainMeter,
        bytes: u128,
        bytes_per_gb: u64,
    ) -> Result<(), QuantityError> {
        self.add(owner, resource, meter, Quantity::from_fraction(bytes, u128::from(bytes_per_gb))?, false);
        Ok(())
    }

    /// Returns the records, in the keys' order, each key once.
    pub(super) fn records(mut self) -> Result<Vec<UsageRecord>, QuantityError> {
        self.entries.sort_by_key(|(key, ..)| *key);
        let mut sums: Vec<(Key, Quantity, bool)> = Vec::with_capacity(self.entries.len());
        for (key, quantity, has_unknown) in self.entries {
            match sums.last_mut().filter(|last| last.0 == key) {
                None => sums.push((key, quantity, has_unknown)),
                Some(last) => {
                    last.1 = last.1.plus(quantity)?;
                    last.2 |= has_unknown;
                }
            }
        }
        Ok(sums
            .into_iter()
            .map(|((account, region, meter, component, resource), quantity, has_unknown)| UsageRecord {
                quantity,
                account,
                resource,
                provenance: 0,
                region,
                meter,
                component,
                has_unknown,
            })
            .collect())
    }
}

/// A stated amount in a month: grown with everything that has no category of its own, and whether it is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stated {
    pub(super) quantity: Quantity,
    pub(super) is_unknown: bool,
}

impl Stated {
    /// Takes a whole number that grows.
    pub(super) fn grown(amount: Option<&Amount>, factors: &Factors) -> Result<Self, QuantityError> {
        let own = Self::plain(amount);
        let factor = factors[GrowthCategory::Other.index()].exact();
        Ok(Self { quantity: own.quantity.grown(factor, 1)?, ..own })
    }

    /// Takes a figure that does not grow: a share, a number of times, hours.
    pub(super) fn plain(amount: Option<&Amount>) -> Self {
        match amount.map(Amount::likely) {
            None => Self::default(),
            Some(None) => Self { quantity: Quantity::ZERO, is_unknown: true },
            Some(Some(quantity)) => Self { quantity, is_unknown: false },
        }
    }

    /// Returns a whole number.
    pub(super) fn whole(self) -> Result<u128, QuantityError> {
        self.quantity.of_whole(1)
    }
}

//! What stands under one key on both sides, and what of the difference is explained.

use super::cause::CauseKind;
use super::priced::Priced;
use crate::domain::{AccountId, Money, Month, Quantity, RegionCode};

/// What a bill, a measurement and an estimate are joined on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The billing period.
    pub month: Month,
    /// The account; `None` where the bill names none.
    pub account: Option<AccountId>,
    /// The Region; `None` where the bill names none.
    pub region: Option<RegionCode>,
    /// The service's code.
    pub service: String,
    /// The usage type, without Region prefix.
    pub usage_type: String,
}

/// A quantity with what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SideAmount {
    /// The quantity.
    pub quantity: Quantity,
    /// The cost, as far as it is known.
    pub cost: Money,
    /// Whether a volume or a price is unknown, so that both are more, nobody knows how much.
    pub unknown: bool,
}

/// An amount of a difference with its cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The cause.
    pub kind: CauseKind,
    /// What it adds to the estimate.
    pub amount: Money,
}

/// The usage of one key on all sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The key.
    pub key: Key,
    /// The unit.
    pub unit: String,
    /// What the scenario expects of whole months, at agreed prices; nothing where it does not have the key.
    pub estimated: Option<SideAmount>,
    /// What was measured, at the scenario's prices.
    pub measured: Option<SideAmount>,
    /// What was billed after discounts booked as rows; where there is no bill, what was measured.
    pub found: Option<SideAmount>,
    /// The found quantity at the scenario's prices; nothing where it has none.
    pub repriced: Option<Money>,
    /// found − estimated.
    pub difference: Money,
    /// (found quantity − estimated quantity) × the scenario's prices; nothing where the scenario has none.
    pub volume_variance: Option<Money>,
    /// (found price − the scenario's) × found quantity; with the volume variance the difference, exactly.
    pub price_variance: Option<Money>,
    /// What is explained.
    pub parts: Vec<Part>,
    /// What is left.
    pub unexplained: Money,
}

/// What a bill, or a measurement in its place, has under a key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Found {
    pub(super) unit: String,
    pub(super) quantity: Quantity,
    /// The cost of usage rows.
    pub(super) usage: Money,
    /// Discounts booked as rows, below zero.
    pub(super) discount_rows: Money,
    /// What the bill says it costs at list price; `None` unless every row says it.
    pub(super) list: Option<Money>,
    /// What the bill says it costs at agreed prices; `None` unless every row says it.
    pub(super) contracted: Option<Money>,
    pub(super) rows: u64,
    /// Whether more was used, nobody knows how much (a measured scenario may say so).
    pub(super) unknown: bool,
}

impl Found {
    /// The cost after discount rows.
    pub(super) fn cost(&self) -> Option<Money> {
        self.usage.checked_add(self.discount_rows)
    }
}

/// One key while it is worked on.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: Key,
    pub(super) unit: String,
    /// As the scenario says, of whole months.
    pub(super) estimated: Option<Priced>,
    /// The same for the days that the bill covers.
    pub(super) expected: Option<Priced>,
    pub(super) measured: Option<Priced>,
    pub(super) found: Option<Found>,
    /// The found quantity at the scenario's prices.
    pub(super) repriced: Option<Priced>,
    pub(super) volume_variance: Option<Money>,
    pub(super) price_variance: Option<Money>,
    pub(super) difference: Money,
    /// What is left of the volume variance; of the whole difference where nothing has a price.
    pub(super) volume: Money,
    /// What is left of the price variance.
    pub(super) price: Money,
    pub(super) parts: Vec<Part>,
}

/// What is left to explain is taken off one of the two variances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variance {
    Volume,
    Price,
}

impl Entry {
    /// Works out the variances; nothing when a sum is too large.
    pub(super) fn settle(&mut self) -> Option<()> {
        let estimated = self.estimated.as_ref().map_or(Money::ZERO, |own| own.cost);
        let found = self.found.as_ref().map_or(Some(Money::ZERO), Found::cost)?;
        self.difference = found.checked_sub(estimated)?;
        let repriced = match (&self.found, &self.repriced) {
            (None, _) => Some(Money::ZERO),
            (Some(_), Some(own)) if !own.unpriced => Some(own.cost),
            _ => None,
        };
        match repriced {
            Some(repriced) if !self.estimated.as_ref().is_some_and(|own| own.unpriced) => {
                self.volume = repriced.checked_sub(estimated)?;
                self.price = found.checked_sub(repriced)?;
                self.volume_variance = Some(self.volume);
                self.price_variance = Some(self.price);
            }
            _ => self.volume = self.difference,
        }
        Some(())
    }

    /// Takes an explained amount off a variance; nothing happens on zero.
    pub(super) fn explain(&mut self, kind: CauseKind, variance: Variance, amount: Money) -> Option<()> {
        if amount.is_zero() {
            return Some(());
        }
        let left = match variance {
            Variance::Volume => &mut self.volume,
            Variance::Price => &mut self.price,
        };
        *left = left.checked_sub(amount)?;
        match self.parts.iter_mut().find(|part| part.kind == kind) {
            Some(part) => part.amount = part.amount.checked_add(amount)?,
            None => self.parts.push(Part { kind, amount }),
        }
        Some(())
    }

    pub(super) fn found_quantity(&self) -> Quantity {
        self.found.as_ref().map_or(Quantity::ZERO, |own| own.quantity)
    }

    /// The quantity expected of the days covered.
    pub(super) fn expected_quantity(&self) -> Quantity {
        self.expected.as_ref().map_or(Quantity::ZERO, |own| own.quantity)
    }

    pub(super) fn is_of(&self, service: &str, usage_type: &str) -> bool {
        self.key.service == service && self.key.usage_type == usage_type
    }

    /// Names the place for people.
    pub(super) fn place(&self) -> String {
        let account = self.key.account.as_ref().map_or("no account", |own| own.as_str());
        let region = self.key.region.as_ref().map_or("no Region", |own| own.as_str());
        format!("{account} {region} {}", self.key.month)
    }

    pub(super) fn line(self) -> Option<Line> {
        let side =
            |own: &Priced| SideAmount { quantity: own.quantity, cost: own.cost, unknown: own.is_unknown() };
        let found = match &self.found {
            None => None,
            Some(own) => Some(SideAmount { quantity: own.quantity, cost: own.cost()?, unknown: own.unknown }),
        };
        Some(Line {
            estimated: self.estimated.as_ref().map(side),
            measured: self.measured.as_ref().map(side),
            found,
            repriced: self.repriced.as_ref().filter(|own| !own.unpriced).map(|own| own.cost),
            difference: self.difference,
            volume_variance: self.volume_variance,
            price_variance: self.price_variance,
            parts: self.parts,
            unexplained: self.volume.checked_add(self.price)?,
            key: self.key,
            unit: self.unit,
        })
    }
}

/// Quantities that differ by at most one part in so many are taken for the same.
const SAME: i128 = 100;

/// Tells whether two quantities are the same within one percent of the larger.
pub(super) fn same(one: Quantity, two: Quantity) -> bool {
    let (one, two) = (one.trillionths(), two.trillionths());
    one.abs_diff(two) <= one.unsigned_abs().max(two.unsigned_abs()) / SAME.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_within_a_percent_are_the_same() {
        let count = Quantity::from_count;
        for (one, two, expected) in
            [(100, 99, true), (100, 98, false), (0, 0, true), (0, 1, false), (1_000_000, 1_010_101, true)]
        {
            assert_eq!(same(count(one), count(two)), expected, "{one} {two}");
            assert_eq!(same(count(two), count(one)), expected, "{two} {one}");
        }
    }
}

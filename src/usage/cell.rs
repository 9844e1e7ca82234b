//! Cells: what happens in one account and Region, with the shape that says how it is billed.

use super::error::UsageError;
use super::growth_factor::GrowthFactor;
use super::shape::Shape;
use crate::domain::{
    Amount, Component, GrowthCategory, Meter, MeterId, Place, Quantity, QuantityError, UsageRecord,
};
use std::ops::Range;

/// The growth factors of one month, by category.
pub(super) type Factors = [GrowthFactor; GrowthCategory::ALL.len()];

/// One account and Region.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) account: u32,
    pub(super) region: u16,
    pub(super) shape: u32,
    /// Where the cell's counts stand among all counts.
    pub(super) counts: Range<usize>,
    /// Where the cell's lines stand among all lines.
    pub(super) lines: Range<usize>,
}

/// Every cell's counts, one after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    known: Vec<u64>,
    unknown: Vec<bool>,
}

impl Counts {
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// Adds a count; an unknown one is held as zero and marked.
    pub(super) fn push(
        &mut self,
        amount: &Amount,
        place: &dyn Fn(Place) -> String,
    ) -> Result<(), UsageError> {
        let likely = amount.likely();
        let count = match likely {
            None => 0,
            Some(quantity) => quantity
                .to_count()
                .ok_or_else(|| UsageError::NotWhole { quantity, place: place(amount.provenance.place) })?,
        };
        self.known.push(count);
        self.unknown.push(likely.is_none());
        Ok(())
    }

    /// Adds a count that is known month by month only.
    pub(super) fn push_zero(&mut self) {
        self.known.push(0);
        self.unknown.push(false);
    }

    /// Notes that a count lacks something unknown.
    pub(super) fn mark_unknown(&mut self, at: usize) {
        self.unknown[at] = true;
    }

    /// Returns every cell's counts.
    pub(super) fn all(&self) -> &[u64] {
        &self.known
    }

    pub(super) fn known(&self, range: &Range<usize>) -> &[u64] {
        &self.known[range.clone()]
    }

    pub(super) fn is_unknown(&self, range: &Range<usize>, at: u16) -> bool {
        self.unknown[range.start + usize::from(at)]
    }

    pub(super) fn any_unknown(&self, range: &Range<usize>) -> bool {
        self.unknown[range.clone()].contains(&true)
    }
}

/// A quantity that is billed as it is: given directly, or known to be charged but unknown.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) meter: MeterId,
    pub(super) component: Component,
    pub(super) resource: u32,
    pub(super) provenance: u32,
    /// `None` is unknown.
    pub(super) quantity: Option<Quantity>,
    /// Parts of the unit that growth keeps whole.
    pub(super) parts: u64,
    pub(super) growth: GrowthCategory,
}

impl Line {
    pub(super) fn of(component: Component, meter: &Meter, meter_id: MeterId) -> Self {
        Self {
            meter: meter_id,
            component,
            resource: 0,
            provenance: 0,
            quantity: None,
            parts: meter.unit.parts(),
            growth: component.growth_category(),
        }
    }

    pub(super) fn record(&self, cell: (u32, u16), factors: &Factors) -> Result<UsageRecord, QuantityError> {
        let quantity = match self.quantity {
            None => Quantity::ZERO,
            Some(quantity) => quantity.grown(factors[self.growth.index()].exact(), self.parts)?,
        };
        Ok(UsageRecord {
            quantity,
            account: cell.0,
            resource: self.resource,
            provenance: self.provenance,
            region: cell.1,
            meter: self.meter,
            component: self.component,
            has_unknown: self.quantity.is_none(),
        })
    }
}

/// Grows a cell's counts into `grown`.
#[inline]
pub(super) fn grow(
    counts: &[u64],
    shape: &Shape,
    factors: &Factors,
    grown: &mut Vec<u64>,
) -> Result<(), QuantityError> {
    grown.clear();
    for (&count, &category) in counts.iter().zip(&shape.growth) {
        grown.push(factors[usize::from(category)].grow(count)?);
    }
    Ok(())
}

/// Adds up the terms of an output or a feed.
#[inline]
pub(super) fn sum(terms: &[(u16, u16)], grown: &[u64]) -> Result<u64, QuantityError> {
    let mut total = 0_u64;
    for &(at, times) in terms {
        let events = grown[usize::from(at)].checked_mul(u64::from(times));
        total = events.and_then(|events| total.checked_add(events)).ok_or(QuantityError)?;
    }
    Ok(total)
}

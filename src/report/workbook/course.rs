//! How the quantities of a row go on from month to month.
//!
//! A quantity that grows at its category's factor follows one cell; any other has its own course, which is written down
//! month by month.

use super::facts::WorkbookFacts;
use super::rows::{Rows, UsageRow};
use crate::domain::{AmountValue, GrowthCategory, Quantity, Volume};
use rust_decimal::Decimal;

/// The course of a row's quantities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// So much a month, times the factors of a category.
    Grown {
        /// The quantity of a month with the factor 1; nothing is unknown.
        volume: Option<Quantity>,
        /// What grows.
        category: GrowthCategory,
    },
    /// Quantities of their own, in proportion to that of the first month.
    Own,
    /// Quantities that stand as they are.
    Fixed,
}

/// The factors of each category in each month.
pub(super) struct Factors {
    of: Vec<Vec<Decimal>>,
}

impl Factors {
    pub(super) fn new(facts: &WorkbookFacts<'_>) -> Self {
        let growth = &facts.model.growth;
        let of_category = |category| {
            let months = facts.usage.months().iter().zip(0..);
            // Usage was computed with them, so that none is past what can be held.
            months.map(|(&month, at)| growth.factor(category, month, at).unwrap_or(Decimal::ONE)).collect()
        };
        Self { of: GrowthCategory::ALL.into_iter().map(of_category).collect() }
    }

    /// Returns the factors of a category, month by month.
    pub(super) fn of(&self, category: GrowthCategory) -> &[Decimal] {
        &self.of[category.index()]
    }
}

/// Returns the course of each row.
pub(super) fn courses(facts: &WorkbookFacts<'_>, rows: &Rows, factors: &Factors) -> Vec<Course> {
    let mut courses: Vec<Course> = rows.all.iter().map(|row| course(facts, row, factors)).collect();
    for pool in rows.pools.iter().filter(|pool| pool.is_fixed) {
        courses[pool.rows.clone()].fill(Course::Fixed);
    }
    courses
}

fn course(facts: &WorkbookFacts<'_>, row: &UsageRow, factors: &Factors) -> Course {
    let category = row.key.component.growth_category();
    let own = factors.of(category);
    let unit = &facts.keys().meters[usize::from(row.key.place.meter)].unit;
    let is_nothing = row.months.iter().all(|month| month.quantity.is_zero());
    if row.has_unknown && is_nothing {
        return Course::Grown { volume: None, category };
    }
    let first = || (own.first() == Some(&Decimal::ONE)).then(|| row.months.first()).flatten();
    let volume = stated(facts, row).or_else(|| first().map(|month| month.quantity));
    let follows = |volume: Quantity| {
        let mut months = row.months.iter().zip(own);
        months.all(|(month, &factor)| volume.grown(factor, unit.parts()) == Ok(month.quantity))
    };
    match volume {
        Some(volume) if follows(volume) => Course::Grown { volume: Some(volume), category },
        _ => Course::Own,
    }
}

/// Returns the quantity that the scenario states for a row that was given directly.
fn stated(facts: &WorkbookFacts<'_>, row: &UsageRow) -> Option<Quantity> {
    let keys = facts.keys();
    let account = &keys.accounts[row.key.account? as usize];
    let region = &keys.regions[usize::from(row.key.place.region)];
    let meter = &keys.meters[usize::from(row.key.place.meter)];
    let is_own = |volume: &&Volume| {
        row.key.provenance != 0
            && volume.account == *account
            && volume.region == *region
            && volume.component == row.key.component
            && (&volume.service, &volume.usage_type) == (&meter.service, &meter.usage_type)
    };
    let volume = facts.model.observations.volumes.iter().find(is_own)?;
    match &volume.amount.value {
        AmountValue::Known(quantity) => Some(*quantity),
        AmountValue::Range(range) => Some(range.likely),
        AmountValue::Unknown => None,
    }
}

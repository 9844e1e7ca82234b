//! What the days of a bill cost, from rows of a day or less.

use super::calendar::{day_of, is_longer_than_a_day};
use super::columns::Field;
use super::line::LineKey;
use super::record::Row;
use super::wide::{NumberFault, Wide};
use crate::domain::{AccountId, BilledDay, ChargeCategory, Month};
use std::collections::BTreeMap;

/// What days are summed under: a bill's Regions and resources together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DayKey {
    month: Month,
    account: Option<AccountId>,
    service: String,
    usage_type: String,
}

impl DayKey {
    /// Returns the key of usage and its discounts among the lines that stand on their own; of anything else there is none.
    pub(super) fn of(line: &LineKey) -> Option<Self> {
        let is_usage = matches!(line.category, ChargeCategory::Usage | ChargeCategory::Discount);
        (line.is_own && is_usage).then(|| Self {
            month: line.month,
            account: line.account.clone(),
            service: line.service.clone(),
            usage_type: line.usage_type.clone(),
        })
    }
}

/// The longest month.
const DAYS: usize = 31;

/// What the days of a month cost.
#[derive(Debug, Clone, Default)]
pub(super) struct DaySums([Wide; DAYS]);

impl DaySums {
    /// Adds a row's cost to its day; rows of more than a day have none.
    #[inline]
    pub(super) fn add_row(&mut self, row: &Row<'_>, amount: Wide) -> Result<(), NumberFault> {
        let Some(start) = day_of(row.get(Field::Start)) else { return Ok(()) };
        if day_of(row.get(Field::End)).is_some_and(|end| is_longer_than_a_day(start, end)) {
            return Ok(());
        }
        let at = usize::from((start[8] - b'0') * 10 + start[9] - b'0');
        match self.0.get_mut(at.wrapping_sub(1)) {
            Some(own) => own.add(amount),
            None => Ok(()),
        }
    }

    pub(super) fn merge(&mut self, other: &Self) -> Result<(), NumberFault> {
        self.0.iter_mut().zip(&other.0).try_for_each(|(own, other)| own.add(*other))
    }
}

/// Rounds every day, once; days without cost are left out. Nothing past what can be held.
pub(super) fn billed_days(all: &BTreeMap<DayKey, DaySums>) -> Option<Vec<BilledDay>> {
    let mut found = Vec::new();
    for (key, sums) in all {
        let mut day = Some(key.month.first_day());
        for own in &sums.0 {
            let Some(of) = day.filter(|own| own.month() == key.month) else { break };
            let billed_cost = own.money()?;
            if !billed_cost.is_zero() {
                found.push(BilledDay {
                    day: of,
                    account: key.account.clone(),
                    service: key.service.clone(),
                    usage_type: key.usage_type.clone(),
                    billed_cost,
                });
            }
            day = of.next();
        }
    }
    Some(found)
}

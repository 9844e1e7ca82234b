//! Days that the bill does not cover, and usage that is not billed yet.

use super::cause::CauseKind;
use super::entry::{Entry, Key, Variance, same};
use super::ledger::Ledger;
use super::priced::Priced;
use crate::domain::{BilledMonth, Money, Month, Quantity};
use std::collections::BTreeMap;

/// Keys that say the same of a month; compared in the order of the fields.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Votes {
    /// Those that cost something.
    charged: usize,
    cost: Money,
    keys: usize,
}

/// Returns the days of each month that the estimate is to be cut to.
///
/// A month of which the bill lacks days at its beginning or end is cut, unless more keys have a whole month's quantity than
/// the quantity of these days (within one percent): an export without rows on idle days covers the month all the same. Keys
/// that cost something count before free ones; where as many of them say the one as the other, what they cost decides. It
/// does not decide alone: a month that is cut and has a doubled trail has the whole quantity in its dearest keys.
pub(super) fn cut_months(ledger: &mut Ledger) -> Option<BTreeMap<Month, u32>> {
    let mut days = BTreeMap::new();
    let mut whole_after_all = Vec::new();
    for (month, covered) in &ledger.covered {
        if !covered.is_partial() || covered.days_covered() == 0 {
            continue;
        }
        let (mut of_days, mut of_month) = (Votes::default(), Votes::default());
        for entry in ledger.entries.values().filter(|entry| entry.key.month == *month) {
            let Some(estimated) = entry.estimated.as_ref().filter(|own| !own.quantity.is_zero()) else {
                continue;
            };
            let found = entry.found_quantity();
            let cut = part(estimated.quantity, covered);
            let sides = [
                (&mut of_days, cut.is_some_and(|cut| same(found, cut))),
                (&mut of_month, same(found, estimated.quantity)),
            ];
            for (votes, _) in sides.into_iter().filter(|(_, agrees)| *agrees) {
                votes.charged += usize::from(!estimated.cost.is_zero());
                votes.cost = votes.cost.checked_add(estimated.cost)?;
                votes.keys += 1;
            }
        }
        if of_month > of_days {
            whole_after_all.push(covered.clone());
        } else {
            days.insert(*month, covered.days_covered());
        }
    }
    for covered in whole_after_all {
        ledger.notes.push(format!(
            "{}: usage of {} to {} only is on the bill, but its quantities are those of the whole month: it is not taken as partial",
            covered.month, covered.first_day, covered.last_day
        ));
    }
    Some(days)
}

fn part(quantity: Quantity, covered: &BilledMonth) -> Option<Quantity> {
    quantity.times_fraction(covered.days_covered().into(), covered.month.days().into()).ok()
}

/// Explains what the estimate has for days that the bill does not cover: cost of these days − cost of the month.
pub(super) fn explain_partial(
    ledger: &mut Ledger,
    days: &BTreeMap<Month, u32>,
    mut expected: BTreeMap<Key, Priced>,
) -> Option<()> {
    for entry in ledger.entries.values_mut() {
        let Some(estimated) = entry.estimated.as_ref().filter(|_| days.contains_key(&entry.key.month)) else {
            continue;
        };
        let Some(own) = expected.remove(&entry.key) else {
            continue;
        };
        let amount = own.cost.checked_sub(estimated.cost)?;
        let is_known = !estimated.is_unknown();
        entry.expected = Some(own);
        if is_known {
            entry.explain(CauseKind::PartialMonth, Variance::Volume, amount)?;
        }
    }
    for (month, days) in days {
        let Some(covered) = ledger.covered.get(month) else {
            continue;
        };
        let text = format!(
            "{month}: the bill covers {days} of {} days ({} to {})",
            month.days(),
            covered.first_day,
            covered.last_day
        );
        ledger.note_evidence(CauseKind::PartialMonth, text);
    }
    Some(())
}

/// Explains usage that is missing where the invoice is open: at most what the estimate has for one day.
///
/// Source: AWS Data Exports and Cost Explorer user guides: exports are refreshed at least once a day until the invoice is
/// final, and usage may appear up to 24 hours late.
pub(super) fn explain_late(ledger: &mut Ledger) -> Option<()> {
    let open: Vec<Month> = ledger
        .covered
        .values()
        .filter(|covered| covered.closed == Some(false))
        .map(|covered| covered.month)
        .collect();
    for month in open {
        let mut any = false;
        for entry in ledger.entries.values_mut().filter(|entry| entry.key.month == month) {
            if let Some(amount) = late(entry) {
                entry.explain(CauseKind::LateData, Variance::Volume, amount)?;
                any = true;
            }
        }
        if any {
            let text = format!("{month}: the invoice is not closed, and less than a day's usage is missing");
            ledger.note_evidence(CauseKind::LateData, text);
        }
    }
    Some(())
}

fn late(entry: &Entry) -> Option<Money> {
    let estimated = entry.estimated.as_ref().filter(|own| !own.is_unknown())?;
    let day = estimated.cost.divided_by(entry.key.month.days())?;
    (entry.volume.is_negative() && entry.volume.abs() <= day).then_some(entry.volume)
}

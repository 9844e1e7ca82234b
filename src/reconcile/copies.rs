//! Copies of events: the free first one, further ones, and what was measured.
//!
//! Sources: `CloudTrail` user guide, "Managing `CloudTrail` trail costs": the first copy of management events is free in each
//! Region of an account and every further one is charged to it; data events, network activity events and Insights are
//! charged for each trail. "Quotas": five trails in a Region.

use super::cause::CauseKind;
use super::entry::{Entry, Key, Variance, same};
use super::ledger::{CLOUDTRAIL, Ledger, month_words};
use crate::domain::{Money, Month, Quantity};

const FREE: &str = "FreeEventsRecorded";
const PAID: &str = "PaidEventsRecorded";
/// What every trail that records it is charged for in full.
const PER_TRAIL: [&str; 4] =
    ["DataEventsRecorded", "NetworkEventsRecorded", "InsightsEvents", "DataInsightsEvents"];

/// More copies than this at once are no plain explanation: a Region holds five trails, one copy of which is free.
const MOST_COPIES: i128 = 4;
/// How far a multiple may be off: one part in so many of one copy.
const OFF: i128 = 100;

/// Quantities of one account, Region and month.
struct Place<'a> {
    free: Option<&'a Entry>,
    paid: Option<&'a Entry>,
}

/// What was found of a key: kind, amount, what shows it.
type Finding = (Key, CauseKind, Money, String);

/// Explains free first copies and further copies of every account, Region and month.
pub(super) fn explain(ledger: &mut Ledger) -> Option<()> {
    let target = ledger.target();
    let mut findings: Vec<Finding> = Vec::new();
    for keys in ledger.places().into_values() {
        let entries: Vec<&Entry> = keys.iter().filter_map(|key| ledger.entries.get(key)).collect();
        let of = |usage_type: &str| {
            entries.iter().copied().find(|entry| entry.is_of(CLOUDTRAIL, usage_type) && is_known(entry))
        };
        let place = Place { free: of(FREE), paid: of(PAID) };
        match free_first_copy(&place, target) {
            Some(finding) => findings.push(finding),
            None => findings.extend(management_copies(&place, target)),
        }
        findings.extend(PER_TRAIL.iter().filter_map(|name| multiple(of(name)?, target)));
    }
    // What is alike month after month is said once.
    let mut alike: Vec<(CauseKind, (String, String), Vec<Month>)> = Vec::new();
    for (key, kind, amount, text) in findings {
        ledger.explain(&key, kind, Variance::Volume, amount)?;
        let around =
            text.split_once(&key.month.to_string()).map(|(one, two)| (one.to_owned(), two.to_owned()));
        let around = around.unwrap_or((text, String::new()));
        match alike.iter_mut().find(|own| (own.0, &own.1) == (kind, &around)) {
            Some((_, _, months)) => months.push(key.month),
            None => alike.push((kind, around, vec![key.month])),
        }
    }
    for (kind, (before, after), months) in alike {
        ledger.note_evidence(kind, format!("{before}{}{after}", month_words(&months)));
    }
    Some(())
}

/// A key that only one side has is explained elsewhere or not at all, unless its counterpart is there.
fn is_known(entry: &Entry) -> bool {
    let is_known = |own: &super::priced::Priced| !own.is_unknown();
    entry.estimated.as_ref().is_none_or(is_known) && entry.repriced.as_ref().is_none_or(is_known)
}

fn raw(quantity: Quantity) -> i128 {
    quantity.trillionths()
}

fn expected(entry: Option<&Entry>) -> Quantity {
    entry.map_or(Quantity::ZERO, Entry::expected_quantity)
}

fn found(entry: Option<&Entry>) -> Quantity {
    entry.map_or(Quantity::ZERO, Entry::found_quantity)
}

/// Returns what so much of a key costs at the scenario's prices, in proportion to what all of it does.
fn cost_of(entry: &Entry, quantity: i128) -> Option<Money> {
    let quantity = Quantity::from_trillionths(quantity);
    let sides = [
        entry.repriced.as_ref().map(|own| (own.cost, own.quantity)),
        entry.expected.as_ref().map(|own| (own.cost, own.quantity)),
    ];
    let (cost, whole) = sides.into_iter().flatten().find(|(_, whole)| !whole.is_zero())?;
    cost.times_ratio(quantity, whole)
}

/// Finds events that one side has as free and the other as paid: both sides have the same events together (within one
/// percent), and what one has more of the free it has less of the paid.
fn free_first_copy(place: &Place<'_>, target: &str) -> Option<Finding> {
    let paid = place.paid?;
    // Without an estimate at all there is nothing that could be free instead of paid.
    if place.free.is_none_or(|own| own.estimated.is_none()) && paid.estimated.is_none() {
        return None;
    }
    let (free_expected, free_found) = (raw(expected(place.free)), raw(found(place.free)));
    let (paid_expected, paid_found) = (raw(paid.expected_quantity()), raw(paid.found_quantity()));
    let (more_free, more_paid) = (free_found - free_expected, paid_found - paid_expected);
    let all = |free: i128, paid: i128| Quantity::from_trillionths(free.saturating_add(paid));
    let (expected, found) = (all(free_expected, paid_expected), all(free_found, paid_found));
    let turns = more_free.signum() * more_paid.signum() == -1;
    let is_much = |part: i128| part.abs() > raw(expected) / OFF;
    if !turns || !same(expected, found) || !is_much(more_free) || !is_much(more_paid) {
        return None;
    }
    let moved = more_free.abs().min(more_paid.abs()) * more_paid.signum();
    let amount = cost_of(paid, moved)?;
    let count = Quantity::from_trillionths(moved.abs()).grouped();
    let text = if moved < 0 {
        format!(
            "{}: {count} events {target} as free first copy, which the scenario has as paid",
            paid.place()
        )
    } else {
        format!("{}: {count} events {target} as paid copy, which the scenario has as free", paid.place())
    };
    Some((paid.key.clone(), CauseKind::FreeFirstCopy, amount, text))
}

/// Finds further copies of all management events of a place: the paid events that the estimate would have with the events
/// that were found differ from those found by a whole multiple (within one percent of a copy) of the first copies.
///
/// Where neither side says how many first copies there are, the paid events of the estimate count as one copy.
fn management_copies(place: &Place<'_>, target: &str) -> Option<Finding> {
    let paid = place.paid?;
    if place.free.is_none_or(|own| own.estimated.is_none()) && paid.estimated.is_none() {
        return None;
    }
    let (free_expected, free_found) = (expected(place.free), found(place.free));
    let paid_expected = paid.expected_quantity();
    let (copy, usual) = match (free_found.is_zero(), free_expected.is_zero()) {
        (true, true) => (paid_expected, paid_expected),
        // The scenario says nothing of first copies.
        (false, true) => (free_found, paid_expected),
        (false, false) => (free_found, paid_expected.share_cut(free_found, free_expected)),
        (true, false) => return None,
    };
    let more = whole_copies(raw(paid.found_quantity()) - raw(usual), raw(copy))?;
    // Without first copies a smaller number of events is no sign of a copy less.
    if more < 0 && free_found.is_zero() {
        return None;
    }
    let amount = cost_of(paid, raw(copy).checked_mul(more)?)?;
    let kind = if more > 0 { CauseKind::FurtherCopies } else { CauseKind::FewerCopies };
    let text = sentence(paid, target, more, copy);
    Some((paid.key.clone(), kind, amount, text))
}

/// Finds what every trail is charged for in a whole multiple of the estimate.
fn multiple(entry: &Entry, target: &str) -> Option<Finding> {
    let own = entry.expected_quantity();
    let more = whole_copies(raw(entry.found_quantity()) - raw(own), raw(own)).filter(|more| *more > 0)?;
    let amount = cost_of(entry, raw(own).checked_mul(more)?)?;
    let text = sentence(entry, target, more, own);
    Some((entry.key.clone(), CauseKind::FurtherCopies, amount, text))
}

/// Says how many copies one side has more.
fn sentence(entry: &Entry, target: &str, more: i128, copy: Quantity) -> String {
    let copies = if more.abs() == 1 { "1 copy".to_owned() } else { format!("{} copies", more.abs()) };
    format!(
        "{}: {} {} {target}, {} in the scenario: {copies} {} of {} events",
        entry.place(),
        entry.found_quantity().grouped(),
        entry.key.usage_type,
        entry.expected_quantity().grouped(),
        if more > 0 { "more" } else { "fewer" },
        copy.grouped()
    )
}

/// Returns how many whole copies a difference is, if it is some, and within one percent of one copy.
fn whole_copies(difference: i128, copy: i128) -> Option<i128> {
    if copy <= 0 {
        return None;
    }
    let whole = (difference + copy / 2).div_euclid(copy);
    let off = (difference - whole * copy).abs();
    (whole != 0 && whole.abs() <= MOST_COPIES && off <= copy / OFF).then_some(whole)
}

/// Explains by what was measured: where it agrees with what was billed (within one percent), the estimate's volume is off.
pub(super) fn explain_measured(
    ledger: &mut Ledger,
    days: &std::collections::BTreeMap<crate::domain::Month, u32>,
) -> Option<()> {
    let mut evidence = Vec::new();
    for entry in ledger.entries.values_mut() {
        let (Some(measured), false) = (&entry.measured, entry.volume.is_zero()) else {
            continue;
        };
        let found = entry.found_quantity();
        let quantity = match days.get(&entry.key.month) {
            None => measured.quantity,
            Some(&days) => {
                measured.quantity.times_fraction(days.into(), entry.key.month.days().into()).ok()?
            }
        };
        if measured.unknown_volume || found.is_zero() || !same(found, quantity) {
            continue;
        }
        // What was found beyond the measured volume stays unexplained.
        let beyond = cost_of(entry, raw(found) - raw(quantity))?;
        let amount = entry.volume.checked_sub(beyond)?;
        evidence.push(format!(
            "{}: {} {} measured and {} billed, {} in the scenario",
            entry.place(),
            quantity.grouped(),
            entry.key.usage_type,
            found.grouped(),
            entry.expected_quantity().grouped()
        ));
        entry.explain(CauseKind::MeasuredVolume, Variance::Volume, amount)?;
    }
    for text in evidence {
        ledger.note_evidence(CauseKind::MeasuredVolume, text);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_a_whole_one() {
        for (difference, copy, expected) in [
            (20_000, 20_000, Some(1)),
            (20_200, 20_000, Some(1)),
            (20_201, 20_000, None),
            (18_000, 20_000, None),
            (30_000, 20_000, None),
            (40_000, 20_000, Some(2)),
            (80_000, 20_000, Some(4)),
            (100_000, 20_000, None),
            (0, 20_000, None),
            (100, 20_000, None),
            (-20_000, 20_000, Some(-1)),
            (-10_000, 20_000, None),
            (5, 0, None),
        ] {
            assert_eq!(whole_copies(difference, copy), expected, "{difference} of {copy}");
        }
    }
}

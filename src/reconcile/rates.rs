//! Why a quantity costs something else on the bill: another list price, discounts, rounding.

use super::cause::CauseKind;
use super::entry::{Entry, Key, Variance};
use super::ledger::Ledger;
use crate::domain::{Money, Month};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// A discount read off a rate is believed when a step of its grid is at least so many times what rounding may do.
const CLEAR_OF_ROUNDING: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

/// What is left of the list price, read off the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reading {
    /// The bill's list cost: its own where it says so, else the price table's.
    list: Money,
    /// Where the bill's own list cost is another than the price table's, by how much.
    table_off: Money,
    /// What the discount takes off, zero or below.
    off: Money,
    /// The share left of the list price, where the bill says the agreed price or a plain percentage fits.
    share: Option<Decimal>,
    /// Whether the bill itself says so, rather than a percentage that fits.
    stated: bool,
    /// What is billed after discounts, and what rounding may have done to it.
    net: Money,
    bound: Money,
}

impl Reading {
    /// Takes a share of the list price for what the bill leaves of it.
    fn take_share(&mut self, share: Decimal) -> Option<()> {
        self.off = self.list.times(share)?.checked_sub(self.list)?;
        self.share = Some(share);
        Some(())
    }

    fn fits(&self, share: Decimal) -> Option<bool> {
        Some(self.net.checked_sub(self.list.times(share)?)?.abs() <= self.bound)
    }
}

/// Explains the price variance of every key.
///
/// A discount is taken from the bill where it says so (its agreed cost, or rows of discounts). Else the rate must be the
/// list price less a plain percentage: whole percents, tenths or hundredths, as far as rounding lets them be told apart,
/// and the same for all keys of the usage type in the month. A key too small to tell is given the percentage of other keys
/// of its service if it fits. What the scenario takes off itself is no difference.
pub(super) fn explain(ledger: &mut Ledger) -> Option<()> {
    if !ledger.has_bill {
        return Some(());
    }
    let mut readings: BTreeMap<Key, Reading> = BTreeMap::new();
    for (key, entry) in &ledger.entries {
        if let Some(reading) = read(entry, ledger.half_digit)? {
            readings.insert(key.clone(), reading);
        }
    }
    share_with_small_keys(&mut readings)?;
    let mut shares: BTreeMap<(String, String, Month), BTreeSet<Option<Decimal>>> = BTreeMap::new();
    for (key, reading) in readings.iter().filter(|(_, own)| !own.stated && !own.list.is_zero()) {
        let group = (key.service.clone(), key.usage_type.clone(), key.month);
        shares.entry(group).or_default().insert(reading.share);
    }
    let mut totals = Totals::default();
    let mut table_off: BTreeSet<String> = BTreeSet::new();
    for (key, reading) in readings {
        let group = (key.service.clone(), key.usage_type.clone(), key.month);
        let is_plain = reading.share.is_some() && shares.get(&group).is_none_or(|own| own.len() == 1);
        let half_digit = ledger.half_digit;
        let entry = ledger.entries.get_mut(&key)?;
        if !reading.table_off.is_zero() {
            table_off.insert(format!("{} {}", key.service, key.usage_type));
            entry.explain(CauseKind::ListPrice, Variance::Price, reading.table_off)?;
        }
        if reading.stated || is_plain {
            let repriced = entry.repriced.as_ref()?;
            let agreed = repriced.cost.checked_sub(repriced.list)?;
            entry.explain(CauseKind::Discount, Variance::Price, reading.off.checked_sub(agreed)?)?;
            totals.add(&key, &reading, agreed)?;
        }
        round(entry, half_digit)?;
    }
    for what in table_off {
        let text = format!("{what}: the bill states another list price than the price table");
        ledger.note_evidence(CauseKind::ListPrice, text);
    }
    totals.report(ledger)?;
    let rounded = ledger
        .entries
        .values()
        .filter(|entry| entry.parts.iter().any(|part| part.kind == CauseKind::Rounding))
        .count();
    if rounded > 0 {
        let digits = ledger.half_digit.digits().saturating_sub(1);
        let what = if rounded == 1 { "1 key" } else { &format!("{rounded} keys") };
        let text =
            format!("{what} within half of the bill's last digit ({digits} after the point) for each row");
        ledger.note_evidence(CauseKind::Rounding, text);
    }
    Some(())
}

/// Gives keys whose amounts are too small to tell a percentage that of their service: one that another key shows clearly,
/// or that all such keys show together. It must fit, and no other one.
fn share_with_small_keys(readings: &mut BTreeMap<Key, Reading>) -> Option<()> {
    let mut clear: BTreeMap<String, BTreeSet<Decimal>> = BTreeMap::new();
    let mut together: BTreeMap<String, (Money, Money, Money)> = BTreeMap::new();
    for (key, reading) in readings.iter().filter(|(_, own)| !own.stated && !own.list.is_zero()) {
        if let Some(share) = reading.share {
            clear.entry(key.service.clone()).or_default().insert(share.normalize());
        } else {
            let sums = together.entry(key.service.clone()).or_default();
            sums.0 = sums.0.checked_add(reading.net)?;
            sums.1 = sums.1.checked_add(reading.list)?;
            sums.2 = sums.2.checked_add(reading.bound)?;
        }
    }
    for (service, (net, list, bound)) in together {
        if let Some(share) = plain_share(net, list, bound) {
            clear.entry(service).or_default().insert(share.normalize());
        }
    }
    for (key, reading) in readings.iter_mut() {
        if reading.stated || reading.share.is_some() || reading.list.is_zero() {
            continue;
        }
        let mut fitting = Vec::new();
        for &share in clear.get(&key.service).into_iter().flatten() {
            if reading.fits(share)? {
                fitting.push(share);
            }
        }
        if let [share] = fitting[..] {
            reading.take_share(share)?;
        }
    }
    Some(())
}

/// What rounding every row may come to, and never more than half a cent: many coarse rows could be off by so much that a
/// real difference would pass for rounding.
fn bound(entry: &Entry, half_digit: Money) -> Option<Money> {
    let rows = entry.found.as_ref().map_or(0, |own| own.rows);
    let half_cent = Money::from_decimal(Decimal::new(5, 3)).ok()?;
    Some(half_digit.times(Decimal::from(rows))?.min(half_cent))
}

/// Reads the list price and the discount of a key off the bill; nothing where it has no price in the tables.
#[expect(clippy::option_option, reason = "overflow and a key without a price are two things")]
fn read(entry: &Entry, half_digit: Money) -> Option<Option<Reading>> {
    let (Some(found), Some(repriced)) = (&entry.found, &entry.repriced) else {
        return Some(None);
    };
    if repriced.unpriced || entry.volume_variance.is_none() {
        return Some(None);
    }
    let bound = bound(entry, half_digit)?;
    let net = found.cost()?;
    let own = found.list.unwrap_or(repriced.list);
    let apart = own.checked_sub(repriced.list)?;
    let (list, table_off) = if apart.abs() > bound { (own, apart) } else { (repriced.list, Money::ZERO) };
    let mut reading = Reading { list, table_off, off: Money::ZERO, share: None, stated: false, net, bound };
    let agreed = found.contracted.filter(|agreed| found.list.is_some() && *agreed < own);
    if let Some(agreed) = agreed
        && let Some(of_rows) = agreed.checked_add(found.discount_rows)
        && net.checked_sub(of_rows)?.abs() <= bound
    {
        reading.off = of_rows.checked_sub(own)?;
        reading.share = of_rows.over(own, 4).map(|share| share.normalize());
        reading.stated = true;
        return Some(Some(reading));
    }
    // Rows that needed no rounding add up exactly, however many they are.
    let exact = || plain_share(net, list, bound.min(half_digit));
    if let Some(share) = plain_share(net, list, bound).or_else(exact) {
        reading.take_share(share.normalize())?;
        // Rows say that there is a discount, whatever its percentage.
        reading.stated = !found.discount_rows.is_zero();
    } else if !found.discount_rows.is_zero() {
        reading.off = found.discount_rows;
        reading.stated = true;
    }
    Some(Some(reading))
}

/// Returns what is left of a list cost after a plain percentage, if rounding lets one be told.
fn plain_share(net: Money, list: Money, bound: Money) -> Option<Decimal> {
    if list.is_zero() {
        return None;
    }
    (2..=4).find_map(|digits| {
        let share = net.over(list, digits)?;
        let step = list.times(Decimal::new(1, digits))?;
        let is_clear = step >= bound.times(CLEAR_OF_ROUNDING)?;
        let fits = net.checked_sub(list.times(share)?)?.abs() <= bound;
        let in_range = share > Decimal::ZERO && share <= Decimal::ONE;
        (is_clear && fits && in_range).then_some(share)
    })
}

/// Explains what is left of the price by the rounding of rows, if it is no more than that.
fn round(entry: &mut Entry, half_digit: Money) -> Option<()> {
    if entry.price.abs() <= bound(entry, half_digit)? {
        let left = entry.price;
        entry.explain(CauseKind::Rounding, Variance::Price, left)?;
    }
    Some(())
}

/// Discounts by service, for the evidence.
#[derive(Default)]
struct Totals {
    services: BTreeMap<String, OfService>,
}

#[derive(Default)]
struct OfService {
    list: Money,
    off: Money,
    agreed: Money,
    agreed_list: Money,
    usage_types: BTreeSet<String>,
}

impl Totals {
    fn add(&mut self, key: &Key, reading: &Reading, agreed: Money) -> Option<()> {
        if reading.list.is_zero() || reading.off == agreed {
            return Some(());
        }
        let own = self.services.entry(key.service.clone()).or_default();
        own.list = own.list.checked_add(reading.list)?;
        own.off = own.off.checked_add(reading.off)?;
        own.agreed = own.agreed.checked_add(agreed)?;
        own.agreed_list = own.agreed_list.checked_add(reading.list)?;
        own.usage_types.insert(key.usage_type.clone());
        Some(())
    }

    fn report(self, ledger: &mut Ledger) -> Option<()> {
        for (service, own) in self.services {
            let percent = |off: Money| {
                off.negated().over(own.list, 4).map(|share| (share * Decimal::ONE_HUNDRED).normalize())
            };
            let (billed, agreed) = (percent(own.off)?, percent(own.agreed)?);
            let types: Vec<&str> = own.usage_types.iter().map(String::as_str).collect();
            let text = format!(
                "{service}: {billed}% off the list price on the bill, {agreed}% in the scenario ({})",
                types.join(", ")
            );
            ledger.note_evidence(CauseKind::Discount, text);
        }
        let rows: u64 = ledger
            .charges
            .iter()
            .filter(|charge| charge.category == crate::domain::ChargeCategory::Discount)
            .map(|charge| charge.rows)
            .sum();
        if rows > 0 {
            let what = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
            ledger.note_evidence(
                CauseKind::Discount,
                format!("{what} of the category discount that belong to no usage type"),
            );
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::parse_decimal;

    fn money(text: &str) -> Money {
        Money::from_decimal(parse_decimal(text).unwrap()).unwrap()
    }

    #[test]
    fn a_plain_percentage_is_told_from_any_rate() {
        for (net, list, bound, expected) in [
            ("371.36", "422", "0.00005", Some("0.88")),
            ("422", "422", "0.00005", Some("1")),
            // 12.5 % and 12.34 %.
            ("369.25", "422", "0.00005", Some("0.875")),
            ("369.9252", "422", "0.00005", Some("0.8766")),
            // No percentage of two digits after the point.
            ("370.123456", "422", "0.00005", None),
            // Rows rounded to cents hide what a percent is.
            ("9.37", "10", "0.005", None),
            ("9.4", "10", "0.005", Some("0.94")),
            ("0.94", "1", "0.005", None),
            // A rise is no discount, and nothing left is none either.
            ("424", "422", "0.00005", None),
            ("0", "422", "0.00005", None),
            ("1", "0", "0.00005", None),
        ] {
            let share = plain_share(money(net), money(list), money(bound)).map(|own| own.normalize());
            assert_eq!(share.map(|own| own.to_string()).as_deref(), expected, "{net} of {list}");
        }
    }
}

//! What can be wrong with tables that are each well-formed.

use super::csv_table::{PriceRow, PriceTable};
use crate::domain::{Date, Diagnostic, RegionTable, nearest};
use std::collections::BTreeMap;

type Entry<'a> = (&'a PriceTable, &'a PriceRow);

/// Checks tables against each other and against the Regions; returns every finding.
///
/// Finds gaps and overlaps in tiers and dates, units, components and currencies that do not agree, and unknown Regions.
pub fn check(tables: &[PriceTable], regions: &RegionTable) -> Vec<Diagnostic> {
    let mut findings: Vec<Diagnostic> =
        tables.iter().flat_map(|table| table.findings.iter().cloned()).collect();
    let entries: Vec<Entry<'_>> =
        tables.iter().flat_map(|table| table.rows.iter().map(move |row| (table, row))).collect();
    for &(table, row) in &entries {
        if regions.get(row.region.as_str()).is_none() {
            let near = nearest(row.region.as_str(), regions.iter().map(|region| region.code.as_str()));
            let hint = near.map_or_else(
                || "add it to regions.csv beside the table".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            findings.push(about(table, row, format!("unknown Region `{}`", row.region)).hint(hint));
        }
        if row.tier.end.is_some_and(|end| end <= row.tier.begin) {
            findings.push(about(table, row, "the tier ends before it begins".to_owned()));
        }
        if row.effective_to.is_some_and(|end| end <= row.effective_from) {
            findings.push(about(table, row, "the price ends before it begins to hold".to_owned()));
        }
    }
    agreement(&entries, &mut findings);
    let mut by_key: BTreeMap<_, Vec<Entry<'_>>> = BTreeMap::new();
    for &entry in &entries {
        by_key.entry(entry.1.key()).or_default().push(entry);
    }
    for rows in by_key.values() {
        periods(rows, &mut findings);
    }
    findings
}

fn about(table: &PriceTable, row: &PriceRow, message: String) -> Diagnostic {
    Diagnostic::error(&table.name, message).at(row.span.clone())
}

/// A usage type has one unit and one component everywhere, and one currency in a Region.
fn agreement(entries: &[Entry<'_>], findings: &mut Vec<Diagnostic>) {
    let mut first_of_type: BTreeMap<(&str, &str), &PriceRow> = BTreeMap::new();
    let mut first_of_key: BTreeMap<(&str, &str, &str), &PriceRow> = BTreeMap::new();
    for &(table, row) in entries {
        let first = *first_of_type.entry((&row.service, &row.usage_type)).or_insert(row);
        let name = &row.usage_type;
        if first.unit != row.unit {
            let message = format!("mixed units: {name} is in {} and in {}", first.unit, row.unit);
            findings.push(about(table, row, message));
        }
        if first.component != row.component {
            let (one, two) = (first.component.id(), row.component.id());
            findings.push(about(table, row, format!("mixed components: {name} is {one} and {two}")));
        }
        let first = *first_of_key.entry(row.key()).or_insert(row);
        if first.currency != row.currency {
            let (one, two) = (&first.currency, &row.currency);
            let message = format!("mixed currencies: {name} in {} is in {one} and in {two}", row.region);
            findings.push(about(table, row, message));
        }
    }
}

/// The periods of one key follow each other, and each has tiers without gap or overlap.
fn periods(rows: &[Entry<'_>], findings: &mut Vec<Diagnostic>) {
    let mut by_date: BTreeMap<Date, Vec<Entry<'_>>> = BTreeMap::new();
    for &entry in rows {
        by_date.entry(entry.1.effective_from).or_default().push(entry);
    }
    let mut before: Option<(Date, Option<Date>)> = None;
    for (&begin, rows) in &mut by_date {
        rows.sort_by_key(|(_, row)| row.tier.begin);
        tiers(rows, findings);
        let (table, row) = rows[0];
        let ends: Vec<Option<Date>> = rows.iter().map(|(_, row)| row.effective_to).collect();
        if ends.iter().any(|end| *end != ends[0]) {
            findings.push(about(table, row, "the tiers of one period end on different dates".to_owned()));
        }
        if let Some((earlier, Some(end))) = before {
            let name = format!("{} in {}", row.usage_type, row.region);
            if end > begin {
                let message = format!("overlapping dates: {name} of {earlier} ends on {end}, after {begin}");
                findings.push(about(table, row, message));
            } else if end < begin {
                let message = format!("gap in dates: {name} has no price from {end} to {begin}");
                findings.push(about(table, row, message));
            }
        }
        before = Some((begin, ends[0]));
    }
}

fn tiers(rows: &[Entry<'_>], findings: &mut Vec<Diagnostic>) {
    let mut due = Some(crate::domain::Quantity::ZERO);
    for &(table, row) in rows {
        let name = format!("{} in {}", row.usage_type, row.region);
        match due {
            Some(due) if row.tier.begin == due => {}
            Some(due) if row.tier.begin > due => {
                let message = format!("gap in tiers: {name} has no price from {due} to {}", row.tier.begin);
                findings.push(about(table, row, message));
            }
            _ => {
                let message = format!("overlapping tiers: {name} has two prices from {} on", row.tier.begin);
                findings.push(about(table, row, message));
            }
        }
        due = match (due, row.tier.end) {
            (None, _) | (_, None) => None,
            (Some(due), Some(end)) => Some(due.max(end)),
        };
    }
    if let (Some(due), Some(&(table, row))) = (due, rows.last()) {
        let message =
            format!("gap in tiers: {} in {} has no price from {due} on", row.usage_type, row.region);
        findings.push(about(table, row, message).hint("leave tier_end of the last tier empty"));
    }
}

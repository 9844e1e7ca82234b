//! Counts of log files as CSV.

use super::clean::csv_field;
use super::counted_unknown::bytes;
use super::counted_view::CountedView;
use super::csv::finish;
use crate::domain::{CountedFrom, LogSum};
use std::collections::BTreeMap;

/// Tables of counts, each with its file's name.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn counted_tables(view: &CountedView) -> Result<Vec<(&'static str, String)>, csv::Error> {
    let counts = &view.counts;
    let resources = counts.resources.iter().map(|own| {
        let names = [&own.account, &own.region, &own.resource_type, &own.resource].map(|own| csv_field(own));
        let sums = [own.read, own.write, own.unknown].map(|own| own.to_string());
        names.into_iter().chain(sums).chain([bytes(own.bytes, counts.from)]).collect()
    });
    let identities = counts.identities.iter().map(|own| {
        let names = [&own.account, &own.kind, &own.arn, &own.invoked_by].map(|own| csv_field(own));
        names.into_iter().chain([own.events.to_string(), bytes(own.bytes, counts.from)]).collect()
    });
    Ok(vec![
        ("days.csv", days_csv(view)?),
        ("sources.csv", sources_csv(view)?),
        (
            "resources.csv",
            table(
                &["account", "region", "resource_type", "resource", "read", "write", "unknown", "bytes"],
                resources,
            )?,
        ),
        ("identities.csv", table(&["account", "type", "arn", "invoked_by", "events", "bytes"], identities)?),
    ])
}

fn table(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(finish(writer))
}

fn sums(sum: LogSum, from: CountedFrom) -> [String; 4] {
    let [events, errors, copies] = [sum.events, sum.errors, sum.copies].map(|own| own.to_string());
    [events, bytes(sum.bytes, from), errors, copies]
}

/// Writes events by day, account, Region, category and access.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn days_csv(view: &CountedView) -> Result<String, csv::Error> {
    let mut all: BTreeMap<_, LogSum> = BTreeMap::new();
    for row in &view.counts.rows {
        let day = row.day.map_or_else(|| "unknown".to_owned(), |own| own.to_string());
        let key = (day, &*row.account, &*row.region, row.category.name(), row.access.name());
        all.entry(key).or_default().add(row.sum);
    }
    let rows = all.into_iter().map(|((day, account, region, category, access), sum)| {
        let names = [day, csv_field(account), csv_field(region), category.to_owned(), access.to_owned()];
        names.into_iter().chain(sums(sum, view.counts.from)).collect()
    });
    table(&["day", "account", "region", "category", "access", "events", "bytes", "errors", "copies"], rows)
}

fn sources_csv(view: &CountedView) -> Result<String, csv::Error> {
    let mut all: BTreeMap<_, LogSum> = BTreeMap::new();
    for row in &view.counts.rows {
        let key = (&*row.event_source, &*row.event_name, row.category.name(), row.access.name());
        all.entry(key).or_default().add(row.sum);
    }
    let rows = all.into_iter().map(|((source, name, category, access), sum)| {
        let names = [csv_field(source), csv_field(name), category.to_owned(), access.to_owned()];
        names.into_iter().chain(sums(sum, view.counts.from)).collect()
    });
    table(&["event_source", "event_name", "category", "access", "events", "bytes", "errors", "copies"], rows)
}

//! Counts of log files as CSV.

use super::clean::csv_field;
use super::counted_unknown::bytes;
use super::counted_view::CountedView;
use super::csv::finish;
use super::replay_view::REPLAY_COLUMNS;
use crate::domain::{CountedFrom, LogSum};
use std::collections::BTreeMap;

/// Tables of counts, each with its file's name.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn counted_tables(view: &CountedView) -> Result<Vec<(&'static str, String)>, csv::Error> {
    let counts = &view.counts;
    let resources = counts.resources.iter().zip(&view.resource_costs).map(|(own, cost)| {
        let names = [&own.account, &own.region, &own.resource_type, &own.resource].map(|own| csv_field(own));
        let sums = [own.read, own.write, own.unknown].map(|own| own.to_string());
        let more = [bytes(own.bytes, counts.from), cost.map(|own| own.to_string()).unwrap_or_default()];
        names.into_iter().chain(sums).chain(more).collect()
    });
    let identities = counts.identities.iter().map(|own| {
        let names = [&own.account, &own.kind, &own.arn, &own.invoked_by].map(|own| csv_field(own));
        names.into_iter().chain([own.events.to_string(), bytes(own.bytes, counts.from)]).collect()
    });
    let mut tables = vec![
        ("days.csv", days_csv(view)?),
        ("sources.csv", sources_csv(view)?),
        (
            "resources.csv",
            table(
                &[
                    "account",
                    "region",
                    "resource_type",
                    "resource",
                    "read",
                    "write",
                    "unknown",
                    "bytes",
                    "monthly_cost",
                ],
                resources,
            )?,
        ),
        ("identities.csv", table(&["account", "type", "arn", "invoked_by", "events", "bytes"], identities)?),
        (CAUSES_FILE, causes_csv(view)?),
    ];
    if let Some(replay) = &view.replay {
        let columns = ["category", "event_source", "event_name", "events"];
        tables.push((REPLAY_FILES[0], table(&REPLAY_COLUMNS, replay.rows().into_iter())?));
        tables.push((REPLAY_FILES[1], table(&columns, replay.lost().into_iter())?));
    }
    Ok(tables)
}

const CAUSES_FILE: &str = "causes.csv";
/// Tables that are there only where selectors were tried.
pub const REPLAY_FILES: [&str; 2] = ["replay.csv", "never-recorded-again.csv"];

/// Writes changes of what is recorded, a row for each kind of paid deliveries, or one without where there is none.
fn causes_csv(view: &CountedView) -> Result<String, csv::Error> {
    let mut rows = Vec::new();
    for own in &view.causes {
        let change = &own.change;
        let head = [
            &change.time,
            &change.account,
            &change.region,
            &change.event_name,
            &change.subject,
            &change.who,
            &change.what,
        ]
        .map(|own| csv_field(own));
        let days = [own.days_before, own.days_after].map(|own| own.to_string());
        let head: Vec<String> = head.into_iter().chain([change.failed.to_string()]).chain(days).collect();
        let mut kinds: Vec<[String; 4]> = own
            .kinds
            .iter()
            .map(|own| {
                let added = own.added.map(|own| own.to_string()).unwrap_or_default();
                [own.kind.name().to_owned(), own.before.to_string(), own.after.to_string(), added]
            })
            .collect();
        if kinds.is_empty() {
            kinds.push(Default::default());
        }
        rows.extend(kinds.into_iter().map(|kind| head.iter().cloned().chain(kind).collect()));
    }
    let columns = [
        "time",
        "account",
        "region",
        "event_name",
        "subject",
        "who",
        "what",
        "failed",
        "days_before",
        "days_after",
        "kind",
        "month_before",
        "month_after",
        "monthly_cost_added",
    ];
    table(&columns, rows.into_iter())
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

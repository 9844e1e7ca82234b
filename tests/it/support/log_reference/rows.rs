//! What Athena would answer to the queries that count, computed from the events.

use super::count::Copies;
use super::event::Event;
use super::files;
use std::collections::BTreeMap;
use std::path::Path;

/// The names of columns, and rows of values; nothing is NULL.
pub(crate) type Table = (Vec<&'static str>, Vec<Vec<Option<String>>>);

const KEYS: [&str; 14] = [
    "account",
    "region",
    "day",
    "hour",
    "category",
    "access",
    "event_source",
    "event_name",
    "resource_type",
    "resource",
    "identity_type",
    "identity_arn",
    "invoked_by",
    "error_code",
];

/// The answers to `count-events` and `count-copies` over a folder's files.
pub(crate) fn rows(folder: &Path) -> [Table; 2] {
    let archive = files::read(folder);
    let events: Vec<&Event> = archive.logs.iter().flat_map(|log| &log.events).collect();
    let copies = Copies::of(&events);
    let mut counted: BTreeMap<Vec<Option<String>>, [u64; 5]> = BTreeMap::new();
    for event in &events {
        let value = |name: &str| -> Option<String> {
            Some(match name {
                "account" => event.account.clone(),
                "region" => event.region.clone(),
                "day" => event.day.clone(),
                "hour" => format!("{:02}", event.hour?),
                "category" => event.category.to_owned(),
                "access" => event.access.to_owned(),
                "event_source" => event.source.clone(),
                "event_name" => event.name.clone(),
                "resource_type" => event.resource.as_ref()?.0.clone(),
                "resource" => event.resource.as_ref()?.1.clone(),
                "identity_type" => event.identity_type.clone(),
                "identity_arn" => event.identity_arn.clone(),
                "invoked_by" => event.invoked_by.clone(),
                "caused_by_logging" => event.self_logging?.to_owned(),
                _ => event.error.clone()?,
            })
        };
        for (table, keys) in [
            ("events", &["account", "region", "day", "category", "event_source", "event_name", "access"][..]),
            ("hours", &["day", "hour"]),
            ("resources", &["account", "region", "resource_type", "resource"]),
            ("identities", &["account", "identity_type", "identity_arn", "invoked_by"]),
            ("errors", &["account", "event_source", "error_code"]),
            ("self_logging", &["account", "region", "caused_by_logging", "category"]),
        ] {
            let mut key = vec![Some(table.to_owned())];
            let all = KEYS.into_iter().chain(["caused_by_logging"]);
            key.extend(all.map(|name| keys.contains(&name).then(|| value(name)).flatten()));
            let sums = counted.entry(key).or_default();
            let one = |test: bool| u64::from(test);
            let own = [
                1,
                one(event.error.is_some()),
                one(event.access == "read"),
                one(event.access == "write"),
                one(event.id.is_none()),
            ];
            for (sum, own) in sums.iter_mut().zip(own) {
                *sum += own;
            }
        }
    }
    let mut columns = vec!["counted"];
    columns.extend(KEYS);
    columns.extend(["caused_by_logging", "events", "errors", "read", "write", "without_event_id"]);
    let rows = counted.into_iter().map(|(mut key, sums)| {
        key.extend(sums.map(|own| Some(own.to_string())));
        key
    });
    let events_table = (columns, rows.collect());

    let names = ["account", "region", "day", "category", "access", "event_source", "event_name"];
    let mut further: BTreeMap<Vec<Option<String>>, u64> = BTreeMap::new();
    for at in &copies.additional {
        let own = events[*at];
        let key = [&own.account, &own.region, &own.day, own.category, own.access, &own.source, &own.name];
        *further.entry(key.map(|own| Some(own.to_owned())).to_vec()).or_default() += 1;
    }
    let rows = further.into_iter().map(|(mut key, count)| {
        key.push(Some(count.to_string()));
        key
    });
    [events_table, (names.into_iter().chain(["copies"]).collect(), rows.collect())]
}

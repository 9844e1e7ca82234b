//! Log files to the program's JSON.

use super::event::{Event, days_of_month};
use super::files::{Archive, Log};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Categories in the order in which they are documented.
const CATEGORIES: [&str; 6] = ["management", "data", "network_activity", "insight", "aggregated", "other"];

/// Rows by the texts of their key, each with counts by name.
type Rows = BTreeMap<Vec<String>, BTreeMap<&'static str, u64>>;

/// Counts all that the program's JSON is compared by.
pub(super) fn count(archive: &Archive) -> Value {
    let events: Vec<&Event> = archive.logs.iter().flat_map(|log| &log.events).collect();
    let copies = Copies::of(&events);
    let again = |at: usize| u64::from(copies.additional.contains(&at));
    json!({
        "window": window(&events, archive),
        "totals": totals(&events, &copies),
        "days": table(
            &["account", "region", "day", "category", "access", "service"],
            &rows(&events, |at, event| Some((
                vec![&event.account, &event.region, &event.day, event.category, event.access, event.service()],
                vec![("events", 1), ("bytes", event.bytes), ("errors", error(event)), ("copies", again(at))],
            ))),
        ),
        "events": table(
            &["account", "region", "category", "event_source", "event_name", "access"],
            &rows(&events, |at, event| Some((
                vec![&event.account, &event.region, event.category, &event.source, &event.name, event.access],
                vec![("events", 1), ("bytes", event.bytes), ("errors", error(event)), ("copies", again(at))],
            ))),
        ),
        "resources": table(
            &["account", "region", "resource_type", "resource"],
            &rows(&events, |_, event| {
                let (kind, name) = event.resource.as_ref()?;
                let access = |own: &str| u64::from(event.access == own);
                Some((
                    vec![&event.account, &event.region, kind, name],
                    vec![
                        ("read", access("read")),
                        ("write", access("write")),
                        ("unknown", access("unknown")),
                        ("bytes", event.bytes),
                    ],
                ))
            }),
        ),
        "identities": table(
            &["account", "type", "arn", "invoked_by"],
            &rows(&events, |_, event| Some((
                vec![&event.account, &event.identity_type, &event.identity_arn, &event.invoked_by],
                vec![("events", 1), ("bytes", event.bytes)],
            ))),
        ),
        "errors": table(
            &["account", "event_source", "error_code"],
            &rows(&events, |_, event| {
                Some((vec![&event.account, &event.source, event.error.as_ref()?], vec![("events", 1)]))
            }),
        ),
        "hours": hours(&events),
        "self_logging": table(
            &["account", "region", "kind", "category"],
            &rows(&events, |_, event| Some((
                vec![&event.account, &event.region, event.self_logging?, event.category],
                vec![("events", 1), ("bytes", event.bytes)],
            ))),
        ),
        "copies": json!({
            "copies": copies.additional.len(),
            "copies_same_folder": copies.same_folder,
            "shared": copies.shared.iter().map(|(folders, (events, copies))| {
                json!({ "folders": folders, "events": events, "copies": copies })
            }).collect::<Vec<_>>(),
        }),
        "trail_folders": trail_folders(archive),
        "files": files(archive),
        "files_by_day": files_by_day(archive),
        "unreadable": archive.unreadable.iter().map(|(reason, (files, records))| {
            json!({ "reason": reason, "files": files, "records": records })
        }).collect::<Vec<_>>(),
        "skipped": archive.skipped.iter().map(|(reason, files)| {
            json!({ "reason": reason, "files": files })
        }).collect::<Vec<_>>(),
    })
}

fn error(event: &Event) -> u64 {
    u64::from(event.error.is_some())
}

type Row<'a> = (Vec<&'a str>, Vec<(&'static str, u64)>);

fn rows<'a>(events: &[&'a Event], of: impl Fn(usize, &'a Event) -> Option<Row<'a>>) -> Rows {
    let mut rows = Rows::new();
    for (at, event) in events.iter().enumerate() {
        let Some((key, counts)) = of(at, event) else { continue };
        let row = rows.entry(key.into_iter().map(str::to_owned).collect()).or_default();
        for (name, count) in counts {
            *row.entry(name).or_default() += count;
        }
    }
    rows
}

fn table(names: &[&str], rows: &Rows) -> Value {
    rows.iter()
        .map(|(key, counts)| {
            let mut row = Map::new();
            for (name, value) in names.iter().zip(key) {
                row.insert((*name).to_owned(), json!(value));
            }
            for (name, count) in counts {
                row.insert((*name).to_owned(), json!(count));
            }
            Value::Object(row)
        })
        .collect()
}

fn totals(events: &[&Event], copies: &Copies) -> Value {
    let sum = |of: &dyn Fn(&Event) -> u64| -> u64 { events.iter().map(|event| of(event)).sum() };
    let mut totals = json!({
        "events": events.len(),
        "bytes": sum(&|event| event.bytes),
        "copies": copies.additional.len(),
        "errors": sum(&error),
        "without_event_id": sum(&|event| u64::from(event.id.is_none())),
    });
    for category in CATEGORIES {
        totals[category] = json!(sum(&|event| u64::from(event.category == category)));
    }
    totals
}

/// Days since some day, 0001-01-01 or earlier.
fn ordinal(day: &str) -> u64 {
    let [year, month, of_month] = [0..4, 5..7, 8..10].map(|part| day[part].parse::<u64>().unwrap());
    let before: u64 = (1..month).map(|month| days_of_month(year, month).unwrap()).sum();
    let leap_days = year.div_ceil(4) - year.div_ceil(100) + year.div_ceil(400);
    year * 365 + leap_days + before + of_month
}

/// The first and last day of the stretch of days that has the most events; stretches are more than 31 days apart.
fn stretch(events: &[&Event], archive: &Archive) -> Option<(String, String)> {
    let mut days: BTreeMap<String, u64> = BTreeMap::new();
    for event in events.iter().filter(|event| event.day != "unknown") {
        *days.entry(event.day.clone()).or_default() += 1;
    }
    let names = archive.logs.iter().map(|log| &log.name).chain(archive.digests.iter().map(|own| &own.1));
    for name in names.flatten() {
        days.entry(name.day()).or_default();
    }
    let mut stretches: Vec<(String, String, u64)> = Vec::new();
    for (day, events) in days {
        if !("2000".."2190").contains(&&day[..4]) {
            continue;
        }
        match stretches.last_mut() {
            Some(last) if ordinal(&day) - ordinal(&last.1) <= 32 => {
                last.1 = day;
                last.2 += events;
            }
            _ => stretches.push((day.clone(), day, events)),
        }
    }
    let most = stretches.iter().map(|own| own.2).max()?;
    stretches.into_iter().rfind(|own| own.2 == most).map(|own| (own.0, own.1))
}

fn window(events: &[&Event], archive: &Archive) -> Value {
    let stretch = stretch(events, archive);
    let is_near = |day: &str| stretch.as_ref().is_some_and(|(from, to)| (from.as_str()..=to).contains(&day));
    let mut far: BTreeMap<&str, u64> = BTreeMap::new();
    for event in events.iter().filter(|event| event.day != "unknown" && !is_near(&event.day)) {
        *far.entry(&event.day).or_default() += 1;
    }
    let far: Vec<Value> =
        far.into_iter().map(|(day, events)| json!({ "day": day, "events": events })).collect();
    let days: BTreeSet<&str> =
        events.iter().map(|event| event.day.as_str()).filter(|day| is_near(day)).collect();
    let hours: BTreeSet<(&str, u64)> = events
        .iter()
        .filter(|event| is_near(&event.day))
        .filter_map(|event| Some((event.day.as_str(), event.hour?)))
        .collect();
    let without_day = events.iter().filter(|event| event.day == "unknown").count();
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return json!({ "first_day": null, "last_day": null, "days": 0, "days_with_events": 0, "missing_days": [], "hours": 0,
            "hours_with_events": 0, "far_days": far, "events_without_day": without_day });
    };
    let mut all = vec![(*first).to_owned()];
    while all.last().unwrap() != last {
        all.push(day_after(all.last().unwrap()));
    }
    json!({
        "first_day": first,
        "last_day": last,
        "days": all.len(),
        "days_with_events": days.len(),
        "missing_days": all.iter().filter(|day| !days.contains(day.as_str())).collect::<Vec<_>>(),
        "hours": all.len() * 24,
        "hours_with_events": hours.len(),
        "far_days": far,
        "events_without_day": without_day,
    })
}

fn day_after(day: &str) -> String {
    let [year, month, of_month] = [0..4, 5..7, 8..10].map(|part| day[part].parse::<u64>().unwrap());
    match (of_month == days_of_month(year, month).unwrap(), month) {
        (false, _) => format!("{year:04}-{month:02}-{:02}", of_month + 1),
        (true, 12) => format!("{:04}-01-01", year + 1),
        (true, _) => format!("{year:04}-{:02}-01", month + 1),
    }
}

fn hours(events: &[&Event]) -> Value {
    let mut hours: BTreeMap<(&str, u64), u64> = BTreeMap::new();
    for event in events {
        if let Some(hour) = event.hour {
            *hours.entry((&event.day, hour)).or_default() += 1;
        }
    }
    hours
        .into_iter()
        .map(|((day, hour), events)| json!({ "day": day, "hour": hour, "events": events }))
        .collect()
}

/// The same events delivered more than once.
pub(super) struct Copies {
    /// Places of the additional ones.
    pub(super) additional: BTreeSet<usize>,
    same_folder: u64,
    /// Events and copies by the folders that have them.
    shared: BTreeMap<Vec<String>, (u64, u64)>,
}

impl Copies {
    pub(super) fn of(events: &[&Event]) -> Self {
        let mut deliveries: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, event) in events.iter().enumerate() {
            if let Some(id) = event.identity() {
                deliveries.entry(id).or_default().push(at);
            }
        }
        let mut copies = Self { additional: BTreeSet::new(), same_folder: 0, shared: BTreeMap::new() };
        for mut all in deliveries.into_values() {
            all.sort_by_key(|at| {
                let event = events[*at];
                let category = CATEGORIES.iter().position(|own| *own == event.category);
                let access = ["read", "write", "unknown"].iter().position(|own| *own == event.access);
                let text = [&event.day, &event.trail_folder, &event.account, &event.region];
                (text, category, &event.source, &event.name, access)
            });
            let mut same: Vec<usize> = Vec::new();
            for at in all {
                if same.last().is_some_and(|last| !near(&events[*last].day, &events[at].day)) {
                    copies.add(events, &same);
                    same.clear();
                }
                same.push(at);
            }
            copies.add(events, &same);
        }
        copies
    }

    /// Deliveries of one event, the first first.
    fn add(&mut self, events: &[&Event], same: &[usize]) {
        if same.len() < 2 {
            return;
        }
        let mut folders = BTreeSet::new();
        for at in same {
            if !folders.insert(events[*at].trail_folder.clone()) {
                self.same_folder += 1;
            }
        }
        self.additional.extend(&same[1..]);
        let (events, copies) = self.shared.entry(folders.into_iter().collect()).or_default();
        *events += 1;
        *copies += u64::try_from(same.len() - 1).unwrap();
    }
}

/// Whether a day is another or the next one.
fn near(day: &str, later: &str) -> bool {
    day == later || (day != "unknown" && later != "unknown" && day_after(day) == later)
}

fn trail_folders(archive: &Archive) -> Value {
    let mut folders: BTreeMap<(&str, Option<&str>), BTreeMap<&str, u64>> = BTreeMap::new();
    for log in &archive.logs {
        let row =
            folders.entry((&log.from_path.trail_folder, log.from_path.organization.as_deref())).or_default();
        *row.entry("events").or_default() += u64::try_from(log.events.len()).unwrap();
        *row.entry("bytes").or_default() += log.events.iter().map(|event| event.bytes).sum::<u64>();
        *row.entry("log_files").or_default() += 1;
        *row.entry("stored_bytes").or_default() += log.stored;
        *row.entry("raw_bytes").or_default() += log.raw;
    }
    for (path, _) in &archive.digests {
        let row = folders.entry((&path.trail_folder, path.organization.as_deref())).or_default();
        *row.entry("digest_files").or_default() += 1;
    }
    let row = |((folder, organization), counts): ((&str, Option<&str>), BTreeMap<&str, u64>)| {
        let is_history = folder.ends_with(" (event history)");
        let mut row =
            json!({ "folder": folder, "organization": organization, "is_event_history": is_history });
        for name in ["events", "bytes", "log_files", "digest_files", "stored_bytes", "raw_bytes"] {
            row[name] = json!(counts.get(name).copied().unwrap_or(0));
        }
        row
    };
    folders.into_iter().map(row).collect()
}

fn files(archive: &Archive) -> Value {
    let logs = &archive.logs;
    let sum = |of: &dyn Fn(&Log) -> u64| -> u64 { logs.iter().map(of).sum() };
    let packed = |of: &dyn Fn(&Log) -> u64| -> u64 { logs.iter().filter(|log| log.gzip).map(of).sum() };
    let (gzip_stored, gzip_raw) = (packed(&|log| log.stored), packed(&|log| log.raw));
    let mut sizes: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
    for log in logs.iter().filter(|log| log.gzip) {
        let below =
            (10..=26).map(|power| 1_u64 << power).find(|bound| log.stored < *bound).unwrap_or(u64::MAX);
        let (files, stored) = sizes.entry(below).or_default();
        *files += 1;
        *stored += log.stored;
    }
    let mut slots: BTreeMap<[&str; 4], u64> = BTreeMap::new();
    for log in logs {
        if let Some(name) = &log.name {
            let path = &log.from_path;
            let slot = [
                path.trail_folder.as_str(),
                path.account.as_deref().unwrap(),
                path.region.as_deref().unwrap(),
                &name.timestamp,
            ];
            *slots.entry(slot).or_default() += 1;
        }
    }
    let mut by_files: BTreeMap<u64, u64> = BTreeMap::new();
    for files in slots.values() {
        *by_files.entry(*files).or_default() += 1;
    }
    json!({
        "log_files": logs.len(),
        "digest_files": archive.digests.len(),
        "empty": archive.empty,
        "repeated": archive.repeated,
        "repeated_events": archive.repeated_events,
        "stored_bytes": sum(&|log| log.stored),
        "raw_bytes": sum(&|log| log.raw),
        "gzip_files": packed(&|_| 1),
        "gzip_stored_bytes": gzip_stored,
        "gzip_raw_bytes": gzip_raw,
        "gzip_ratio": (gzip_stored > 0).then(|| {
            let hundredths = (gzip_raw * 200 + gzip_stored) / (gzip_stored * 2);
            format!("{}.{:02}", hundredths / 100, hundredths % 100)
        }),
        "sizes": sizes.into_iter().map(|(below, (files, stored))| {
            json!({ "below": (below != u64::MAX).then_some(below), "files": files, "stored_bytes": stored })
        }).collect::<Vec<_>>(),
        "slots": {
            "slots": slots.len(),
            "files": slots.values().sum::<u64>(),
            "most": slots.values().max().copied().unwrap_or(0),
            "by_files": by_files.into_iter().map(|(files, slots)| json!({ "files_in_slot": files, "slots": slots })).collect::<Vec<_>>(),
        },
    })
}

fn files_by_day(archive: &Archive) -> Value {
    let mut rows = Rows::new();
    // What is stored is that of log files.
    let logs =
        archive.logs.iter().map(|log| (&log.from_path, &log.name, log.stored, "log_files", "digest_files"));
    let digests = archive.digests.iter().map(|(path, name)| (path, name, 0, "digest_files", "log_files"));
    for (path, name, stored, own, other) in logs.chain(digests) {
        let unknown = || "unknown".to_owned();
        let row = rows
            .entry(vec![
                path.trail_folder.clone(),
                path.account.clone().unwrap_or_else(unknown),
                path.region.clone().unwrap_or_else(unknown),
                name.as_ref().map_or_else(unknown, super::files::CloudTrailName::day),
            ])
            .or_default();
        *row.entry(own).or_default() += 1;
        *row.entry(other).or_default() += 0;
        *row.entry("stored_bytes").or_default() += stored;
    }
    table(&["folder", "account", "region", "day"], &rows)
}

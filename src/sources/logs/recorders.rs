//! The trails and buckets that the folders show.

use super::lower::{is_resource_type, place, region_of, source_of};
use super::month::Window;
use crate::domain::{
    Access, AccountId, AdvancedEventSelector, Amount, Bucket, CountedFrom, Delivery, EventSource, Gap,
    GapKind, LogAccess, LogCategory, LogCounts, LogFilesOfDay, LogFolder, LogRow, Provenance, ProvenanceKind,
    RegionCode, SizeBin, Trail, TrailScope, plural,
};
use crate::sources::scenario::Context;
use std::collections::{BTreeMap, BTreeSet};

/// An account and a Region.
pub(super) type Place = (AccountId, RegionCode);

/// What the folders show.
#[derive(Debug, Default)]
pub(super) struct Recorders {
    pub(super) trails: Vec<Trail>,
    pub(super) buckets: Vec<Bucket>,
    pub(super) gaps: Vec<Gap>,
}

/// Makes a trail of each folder: one delivers there at least. A second one stands beside it where a folder holds copies of its
/// own events.
pub(super) fn recorders(counts: &LogCounts, window: &Window, context: &Context<'_>) -> Recorders {
    let mut found = Recorders::default();
    let mut names: BTreeSet<String> = BTreeSet::new();
    let folders = by_folder(counts);
    let of_accounts = OfAccounts::new(counts);
    for ((at, folder), OfFolder { rows, days }) in (0..).zip(&counts.folders).zip(&folders) {
        if folder.is_event_history {
            continue;
        }
        let own = events_by_place(rows, context);
        let Some((home, _)) = own.iter().rev().max_by_key(|own| *own.1) else { continue };
        let own: BTreeSet<&Place> = own.keys().collect();
        let accounts: BTreeSet<&AccountId> = own.iter().map(|own| &own.0).collect();
        let regions: BTreeSet<&RegionCode> = own.iter().map(|own| region_of(own)).collect();
        let scope = if folder.organization.is_some() {
            TrailScope::Organization
        } else if accounts.len() == 1 {
            TrailScope::Account(home.0.clone())
        } else {
            TrailScope::EachAccount
        };
        let bucket = unused(&bucket_name(folder), &mut names);
        let selectors = selectors(&of_accounts, rows);
        let month = |sum: &dyn Fn(&LogFilesOfDay) -> u64| {
            let mut by_day: BTreeMap<Option<crate::domain::Date>, u64> = BTreeMap::new();
            for of_day in days {
                *by_day.entry(of_day.day).or_default() += sum(of_day);
            }
            let days = by_day;
            let is_dated = days.keys().all(Option::is_some) && !days.is_empty();
            let provenance =
                Provenance { kind: ProvenanceKind::Measured, place: crate::domain::Place::default() };
            is_dated.then(|| Amount { value: window.month(&days), provenance })
        };
        let trail = Trail {
            name: bucket.clone(),
            scope,
            home_region: home.1.clone(),
            multi_region: regions.len() > 1,
            logging: true,
            selectors,
            insights: BTreeSet::new(),
            aggregation: Vec::new(),
            delivery: Delivery {
                bucket: Some(bucket.clone()),
                log_file_validation: (counts.from == CountedFrom::Files).then_some(folder.digest_files > 0),
                log_files: month(&|own| own.log_files),
                log_bytes: month(&|own| own.stored_bytes),
                ..Delivery::default()
            },
        };
        found.gaps.push(Gap {
            kind: GapKind::NotSeen,
            what: format!(
                "of the trail `{bucket}` the logs show no name, home Region, selectors or settings of the bucket: \
                 they are taken from what {} holds",
                folder.path
            ),
            remedy: "correct them in the scenario, or read them with `measure aws`".to_owned(),
        });
        let repeats =
            counts.shared.iter().filter(|own| own.folders == [at]).map(|own| own.copies).sum::<u64>();
        found
            .buckets
            .push(Bucket { sizes: sizes(counts), ..Bucket::plain(&bucket, home.0.clone(), home.1.clone()) });
        if repeats > 0 {
            found.gaps.push(Gap {
                kind: GapKind::NotSeen,
                what: format!(
                    "{} in the same folder {}: a second trail may deliver there",
                    plural(repeats, "copy lies", "copies lie"),
                    folder.path
                ),
                remedy: "look for trails with the same bucket and prefix".to_owned(),
            });
        }
        found.trails.push(trail);
    }
    found
}

/// What was counted of a folder: rows with events, and files by day.
#[derive(Debug, Default)]
struct OfFolder<'a> {
    rows: Vec<&'a LogRow>,
    days: Vec<&'a LogFilesOfDay>,
}

fn by_folder(counts: &LogCounts) -> Vec<OfFolder<'_>> {
    let mut folders: Vec<OfFolder<'_>> = counts.folders.iter().map(|_| OfFolder::default()).collect();
    for row in counts.rows.iter().filter(|row| row.sum.events > 0) {
        if let Some(own) = folders.get_mut(row.folder as usize) {
            own.rows.push(row);
        }
    }
    for day in &counts.files.days {
        if let Some(own) = folders.get_mut(day.folder as usize) {
            own.days.push(day);
        }
    }
    folders
}

/// Returns the events of each account and Region that a model can hold.
fn events_by_place(rows: &[&LogRow], context: &Context<'_>) -> BTreeMap<Place, u64> {
    let mut by_names: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for row in rows {
        *by_names.entry((&row.account, &row.region)).or_default() += row.sum.events;
    }
    let placed = by_names.into_iter();
    placed.filter_map(|(own, events)| Some((place(own.0, own.1, context)?, events))).collect()
}

/// What happens in each account, whichever folder tells it.
struct OfAccounts<'a> {
    /// Accounts with management events of a source that can be left out.
    sources: BTreeMap<EventSource, BTreeSet<&'a str>>,
    /// Resource types with data events.
    resource_types: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> OfAccounts<'a> {
    fn new(counts: &'a LogCounts) -> Self {
        let mut own = Self { sources: BTreeMap::new(), resource_types: BTreeMap::new() };
        for row in counts.rows.iter().filter(|row| row.category == LogCategory::Management) {
            let source = source_of(&row.event_source);
            if source != EventSource::Other {
                own.sources.entry(source).or_default().insert(&row.account);
            }
        }
        for resource in counts.resources.iter().filter(|own| is_resource_type(&own.resource_type)) {
            own.resource_types.entry(&resource.account).or_default().insert(&resource.resource_type);
        }
        own
    }
}

/// Returns the bucket's name as the path has it: what stands before `AWSLogs`.
fn bucket_name(folder: &LogFolder) -> String {
    let path = match folder.path.split_once("/AWSLogs") {
        Some((before, _)) => before,
        None if folder.path.starts_with("AWSLogs") => "",
        None => &folder.path,
    };
    let last = path.rsplit('/').find(|own| !own.is_empty()).unwrap_or_default();
    let clean: String = last
        .to_ascii_lowercase()
        .chars()
        .map(|own| if own.is_ascii_lowercase() || own.is_ascii_digit() { own } else { '-' })
        .take(50)
        .collect();
    let name = clean.trim_matches('-');
    if name.len() < 3 { "logs".to_owned() } else { name.to_owned() }
}

fn unused(name: &str, names: &mut BTreeSet<String>) -> String {
    let free = (1..).map(|at| if at == 1 { name.to_owned() } else { format!("{name}-{at}") });
    let own = free.into_iter().find(|own| !names.contains(own)).unwrap_or_default();
    names.insert(own.clone());
    own
}

/// Returns selectors that select what a folder holds.
fn selectors(of_accounts: &OfAccounts<'_>, rows: &[&LogRow]) -> Vec<AdvancedEventSelector> {
    let mut selectors = Vec::new();
    let accounts: BTreeSet<&str> = rows.iter().map(|row| &*row.account).collect();
    let access_of = |category: LogCategory| {
        let has = |reads: bool| {
            rows.iter().any(|row| row.category == category && (row.access == LogAccess::Read) == reads)
        };
        match (has(true), has(false)) {
            (false, false) => None,
            (true, false) => Some(Access::Read),
            (false, true) => Some(Access::Write),
            (true, true) => Some(Access::Mixed),
        }
    };
    if let Some(access) = access_of(LogCategory::Management) {
        // Left out where others recorded such events of the same accounts.
        let mut excluded = BTreeSet::new();
        for source in [EventSource::Kms, EventSource::RdsData] {
            let of = |row: &&LogRow| {
                row.category == LogCategory::Management && source_of(&row.event_source) == source
            };
            let with = of_accounts.sources.get(&source);
            let elsewhere = with.is_some_and(|own| accounts.iter().any(|account| own.contains(account)));
            if elsewhere && !rows.iter().any(of) {
                excluded.insert(source);
            }
        }
        selectors.push(AdvancedEventSelector::management(access, &excluded));
    }
    if let Some(access) = access_of(LogCategory::Data) {
        let kinds: BTreeSet<&str> = accounts
            .iter()
            .filter_map(|own| of_accounts.resource_types.get(own))
            .flatten()
            .copied()
            .collect();
        selectors.extend(kinds.into_iter().map(|kind| AdvancedEventSelector::data(access, kind, &[])));
    }
    let network: BTreeSet<&str> = rows
        .iter()
        .filter(|row| row.category == LogCategory::NetworkActivity && !row.event_source.is_empty())
        .map(|row| &*row.event_source)
        .collect();
    selectors.extend(network.into_iter().map(AdvancedEventSelector::network_activity));
    selectors
}

/// Returns the measured sizes of log files as shares in millionths, which add up.
fn sizes(counts: &LogCounts) -> Vec<SizeBin> {
    const MILLION: u128 = 1_000_000;
    let bins = &counts.files.sizes;
    let files: u128 = bins.iter().map(|own| u128::from(own.files)).sum();
    let bytes: u128 = bins.iter().map(|own| u128::from(own.stored_bytes)).sum();
    if bins.len() < 2 || files == 0 || bytes == 0 {
        return Vec::new();
    }
    let (mut before, mut given) = ((0_u128, 0_u128), (0_u32, 0_u32));
    bins.iter()
        .enumerate()
        .map(|(at, own)| {
            before.0 += u128::from(own.files);
            before.1 += u128::from(own.stored_bytes);
            let to = |part: u128, whole: u128| u32::try_from(part * MILLION / whole).unwrap_or(1_000_000);
            let upto = (to(before.0, files), to(before.1, bytes));
            let share = (upto.0 - given.0, upto.1 - given.1);
            given = upto;
            SizeBin {
                below: if at + 1 == bins.len() { None } else { own.below },
                files_ppm: share.0,
                bytes_ppm: share.1,
            }
        })
        .collect()
}

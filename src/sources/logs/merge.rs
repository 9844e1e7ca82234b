//! All workers' sums as one, in an order that does not depend on who read what.

use super::change::Changed;
use super::copies::{Run, for_each_shared, runs_of_all};
use super::day;
use super::files::{FileTally, Left, bar_bound};
use super::run::Worker;
use super::table::Table;
use super::tally::{OnResource, Row, Tally, Weight};
use crate::domain::{
    LeftOut, LogAccess, LogCategory, LogCounts, LogError, LogFilesOfDay, LogFolder, LogHour, LogIdentity,
    LogResource, LogRow, LogSelf, LogSizeBin, SelfLogging, SharedCopies,
};
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::sync::Arc;

/// One worker's rows, and what they are of.
struct OfWorker {
    groups: Vec<GroupKey>,
    classes: Vec<ClassKey>,
    rows: Vec<Row>,
}

impl OfWorker {
    /// Returns a row as one of the result.
    fn row(&self, row: usize) -> LogRow {
        let Row { group, class, sum } = self.rows[row];
        let (day, folder, account, region) = self.groups[group as usize].clone();
        let (category, event_source, event_name, access, selected_by) = self.classes[class as usize].clone();
        let day = day::date(day);
        LogRow { day, folder, account, region, category, event_source, event_name, access, selected_by, sum }
    }
}

/// Returns which of all keys each of a worker's is, in their order.
fn ranks<'a, K: Ord + 'a>(all: impl Iterator<Item = &'a [K]>) -> Vec<Vec<u32>> {
    let all: Vec<&[K]> = all.collect();
    let mut order: Vec<(usize, usize)> =
        all.iter().enumerate().flat_map(|(worker, own)| (0..own.len()).map(move |at| (worker, at))).collect();
    order.sort_unstable_by(|one, two| all[one.0][one.1].cmp(&all[two.0][two.1]));
    let mut ranks: Vec<Vec<u32>> = all.iter().map(|own| vec![0; own.len()]).collect();
    let mut rank = 0;
    for (at, (worker, key)) in order.iter().enumerate() {
        if at > 0 && all[order[at - 1].0][order[at - 1].1] != all[*worker][*key] {
            rank += 1;
        }
        ranks[*worker][*key] = rank;
    }
    ranks
}

/// Joins the sums. `kept` are deliveries that workers wrote away, by the worker's position.
///
/// # Errors
/// When a temporary file cannot be read.
pub(super) fn merge(
    workers: Vec<Worker>,
    kept: Vec<(usize, Run)>,
    walker: FileTally,
    partial: bool,
) -> io::Result<LogCounts> {
    let mut counts = LogCounts { partial, ..LogCounts::default() };
    let mut names = Names::default();
    let (tallies, mut files): (Vec<Tally>, Vec<FileTally>) =
        workers.into_iter().map(|own| (own.tally, own.files)).unzip();
    files.push(walker);
    let positions = folders(&mut counts, &mut files);
    files_of_all(&mut counts, files, &positions);
    let mut hours: BTreeMap<(u32, u8), u64> = BTreeMap::new();
    let mut sums = Sums::default();
    let mut deliveries = Vec::new();
    let mut all: Vec<OfWorker> = Vec::new();
    for (tally, folders) in tallies.into_iter().zip(&positions) {
        counts.without_event_id += tally.without_event_id;
        counts.other_days += tally.passed_over;
        sums.changes.extend(tally.changes);
        let groups = groups(tally.groups, folders, &mut hours, &mut names);
        let classes = classes(tally.classes, &mut names);
        deliveries.push((all.len(), tally.deliveries));
        all.push(OfWorker { groups, classes, rows: tally.row_sums });
        for (word, is_full) in [
            ("resources", tally.resources.is_full()),
            ("callers", tally.identities.is_full()),
            ("errors", tally.errors.is_full()),
        ] {
            if is_full && !counts.too_many.contains(&word) {
                counts.too_many.push(word);
            }
        }
        let mut places = Vec::new();
        tally.places.for_each(|mut key, ()| places.push((key.name(), key.name())));
        sums.resources(tally.resources, &places);
        sums.add(tally.identities, tally.errors, tally.self_logging);
    }
    let mut runs = runs_of_all(deliveries, &kept)?;
    runs.extend(kept);
    let ranks = rows(&mut counts, &all);
    drop(all);
    copies(&mut counts, &ranks, runs)?;
    counts.hours = hours
        .into_iter()
        .filter(|own| own.1 > 0)
        .filter_map(|((day, hour), events)| Some(LogHour { day: day::date(day)?, hour, events }))
        .collect();
    sums.finish(&mut counts);
    Ok(counts)
}

/// Names that stand in many rows, each held once.
#[derive(Debug, Default)]
struct Names(HashSet<Arc<str>, RandomState>);

impl Names {
    fn take(&mut self, name: &str) -> Arc<str> {
        if let Some(own) = self.0.get(name) {
            return Arc::clone(own);
        }
        let own: Arc<str> = name.into();
        self.0.insert(Arc::clone(&own));
        own
    }
}

/// Joins the trail folders; returns for each worker where its folders went.
fn folders(counts: &mut LogCounts, files: &mut [FileTally]) -> Vec<Vec<u32>> {
    let mut own: Vec<Vec<(String, super::files::FolderSum)>> = Vec::new();
    let mut all: BTreeMap<String, LogFolder> = BTreeMap::new();
    for tally in files {
        let mut entries = Vec::new();
        std::mem::take(&mut tally.folders).for_each(|mut key, sum| entries.push((key.name(), sum)));
        for (path, sum) in &entries {
            let folder = all.entry(path.clone()).or_default();
            folder.path.clone_from(path);
            folder.organization =
                folder.organization.take().or_else(|| sum.organization.as_deref().map(str::to_owned));
            folder.events += sum.events;
            folder.bytes += sum.bytes;
            folder.log_files += sum.log_files;
            folder.digest_files += sum.digest_files;
            folder.stored_bytes += sum.stored_bytes;
            folder.raw_bytes += sum.raw_bytes;
            folder.is_event_history |= sum.is_event_history;
        }
        own.push(entries);
    }
    // A folder in which nothing was read is no trail's.
    all.retain(|_, folder| folder.log_files + folder.digest_files + folder.events > 0);
    let places: BTreeMap<&String, u32> = all.keys().zip(0..).collect();
    let positions = own
        .iter()
        .map(|entries| entries.iter().map(|(path, _)| places.get(path).copied().unwrap_or(0)).collect())
        .collect();
    counts.folders = all.values().cloned().collect();
    positions
}

/// Joins what was counted of files.
fn files_of_all(counts: &mut LogCounts, files: Vec<FileTally>, positions: &[Vec<u32>]) {
    let mut totals = super::files::FileTotals::default();
    let mut days: Vec<Vec<DayKey>> = Vec::new();
    let mut of_days: Vec<Vec<super::files::DaySum>> = Vec::new();
    let mut minutes = Vec::new();
    let mut sizes: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    let mut unreadable: BTreeMap<super::content::Fault, Left> = BTreeMap::new();
    let mut skipped: BTreeMap<super::walk::Skip, Left> = BTreeMap::new();
    for (tally, folders) in files.into_iter().zip(positions) {
        totals.merge(tally.totals);
        let (mut keys, mut sums) = (Vec::new(), Vec::new());
        tally.days.for_each(|mut key, sum| {
            let folder = folders[key.number() as usize];
            keys.push((folder, key.name(), key.name(), key.number()));
            sums.push(sum);
        });
        days.push(keys);
        of_days.push(sums);
        minutes.push(tally.slots);
        for (bar, (count, bytes)) in tally.sizes {
            let own = sizes.entry(bar).or_default();
            own.0 += count;
            own.1 += bytes;
        }
        tally
            .unreadable
            .into_iter()
            .for_each(|(fault, left)| unreadable.entry(fault).or_default().merge(left));
        tally.skipped.into_iter().for_each(|(skip, left)| skipped.entry(skip).or_default().merge(left));
    }
    let files = &mut counts.files;
    files.log_files = totals.log_files;
    files.digest_files = totals.digest_files;
    files.empty = totals.empty;
    files.repeated = totals.repeated;
    files.repeated_events = totals.repeated_events;
    files.stored_bytes = totals.stored_bytes;
    files.raw_bytes = totals.raw_bytes;
    files.gzip_files = totals.gzip_files;
    files.gzip_stored_bytes = totals.gzip_stored_bytes;
    files.gzip_raw_bytes = totals.gzip_raw_bytes;
    let ranks = ranks(days.iter().map(Vec::as_slice));
    files.days = files_by_day(days, &of_days, &ranks);
    files.sizes = sizes
        .into_iter()
        .map(|(bar, (files, stored_bytes))| LogSizeBin { below: bar_bound(bar), files, stored_bytes })
        .collect();
    files.slots = slots(minutes, &ranks);
    let left = |words: (&'static str, &'static str), own: &Left| LeftOut {
        reason: words.0,
        label: words.1,
        files: own.files,
        records: own.records,
        bytes: Some(own.bytes).filter(|own| *own > 0),
        examples: own.examples.iter().map(|own| own.1.clone()).collect(),
    };
    let faults = super::content::Fault::ALL.into_iter();
    counts.unreadable =
        faults.filter_map(|fault| Some(left(fault.words(), unreadable.get(&fault)?))).collect();
    let skips = super::walk::Skip::ALL.into_iter();
    counts.skipped = skips.filter_map(|skip| Some(left(skip.words(), skipped.get(&skip)?))).collect();
}

/// Folder, account, Region and day.
type DayKey = (u32, String, String, u32);

/// Joins the sums of days that are the same.
fn files_by_day(
    days: Vec<Vec<DayKey>>,
    sums: &[Vec<super::files::DaySum>],
    ranks: &[Vec<u32>],
) -> Vec<LogFilesOfDay> {
    let mut found: Vec<LogFilesOfDay> = Vec::new();
    let mut all: Vec<(u32, DayKey, super::files::DaySum)> = Vec::new();
    for ((days, sums), ranks) in days.into_iter().zip(sums).zip(ranks) {
        all.extend(days.into_iter().zip(sums).zip(ranks).map(|((day, sum), rank)| (*rank, day, *sum)));
    }
    all.sort_unstable_by_key(|own| own.0);
    let mut last = None;
    for (rank, (folder, account, region, day), sum) in all {
        if last != Some(rank) {
            let day = day::date(day);
            let none = LogFilesOfDay {
                folder,
                account,
                region,
                day,
                log_files: 0,
                digest_files: 0,
                stored_bytes: 0,
            };
            found.push(none);
        }
        last = Some(rank);
        if let Some(own) = found.last_mut() {
            own.log_files += sum.log_files;
            own.digest_files += sum.digest_files;
            own.stored_bytes += sum.stored_bytes;
        }
    }
    found
}

/// Counts how many slots have how many files: a slot is a minute of a day in an account, Region and folder.
fn slots(minutes: Vec<HashMap<(u32, u16), u64, RandomState>>, ranks: &[Vec<u32>]) -> Vec<(u64, u64)> {
    let mut all: Vec<(u32, u16, u64)> = Vec::new();
    for (own, ranks) in minutes.into_iter().zip(ranks) {
        all.extend(own.into_iter().map(|((day, minute), files)| (ranks[day as usize], minute, files)));
    }
    all.sort_unstable();
    let mut by_files: BTreeMap<u64, u64> = BTreeMap::new();
    for slot in all.chunk_by(|one, two| (one.0, one.1) == (two.0, two.1)) {
        *by_files.entry(slot.iter().map(|own| own.2).sum()).or_default() += 1;
    }
    by_files.into_iter().collect()
}

/// Day, folder, account and Region.
type GroupKey = (u32, u32, Arc<str>, Arc<str>);

fn groups(
    table: Table<super::tally::Group>,
    folders: &[u32],
    hours: &mut BTreeMap<(u32, u8), u64>,
    names: &mut Names,
) -> Vec<GroupKey> {
    let mut own = Vec::new();
    table.for_each(|mut key, group| {
        let (folder, day) = (folders[key.number() as usize], key.number());
        for (hour, events) in (0..).zip(group.hours) {
            *hours.entry((day, hour)).or_default() += events;
        }
        own.push((day, folder, names.take(&key.name()), names.take(&key.name())));
    });
    own
}

/// Category, source, name, access and the selectors that select it.
type ClassKey = (LogCategory, Arc<str>, Arc<str>, LogAccess, Arc<[u16]>);

fn classes(table: Table<()>, names: &mut Names) -> Vec<ClassKey> {
    let mut own = Vec::new();
    table.for_each(|mut key, ()| {
        let ([category_byte, access_byte], selected_by) = key.head();
        let (source, name) = (names.take(&key.name()), names.take(&key.name()));
        own.push((category(category_byte), source, name, access(access_byte), selected_by));
    });
    own
}

fn category(number: u8) -> LogCategory {
    LogCategory::ALL.into_iter().find(|own| *own as u8 == number).unwrap_or(LogCategory::Other)
}

fn access(number: u8) -> LogAccess {
    let all = [LogAccess::Read, LogAccess::Write, LogAccess::Unknown];
    all.into_iter().find(|own| *own as u8 == number).unwrap_or(LogAccess::Unknown)
}

/// Joins the workers' rows in their order; returns which of the result each worker's rows became.
fn rows(counts: &mut LogCounts, all: &[OfWorker]) -> Vec<Vec<u32>> {
    let groups = ranks(all.iter().map(|own| own.groups.as_slice()));
    let classes = ranks(all.iter().map(|own| own.classes.as_slice()));
    let mut order: Vec<(u32, u32, u32, u32)> = Vec::with_capacity(all.iter().map(|own| own.rows.len()).sum());
    for (worker, own) in (0..).zip(all) {
        let (groups, classes) = (&groups[worker as usize], &classes[worker as usize]);
        let key = |own: &Row| (groups[own.group as usize], classes[own.class as usize]);
        order.extend((0..).zip(&own.rows).map(|(at, row)| (key(row).0, key(row).1, worker, at)));
    }
    order.sort_unstable();
    let mut places: Vec<Vec<u32>> = all.iter().map(|own| vec![0; own.rows.len()]).collect();
    let mut last = None;
    for (group, class, worker, at) in order {
        let (worker, at) = (worker as usize, at as usize);
        match counts.rows.last_mut() {
            Some(sum) if last == Some((group, class)) => sum.sum.add(all[worker].rows[at].sum),
            _ => counts.rows.push(all[worker].row(at)),
        }
        last = Some((group, class));
        places[worker][at] = u32::try_from(counts.rows.len() - 1).unwrap_or(u32::MAX);
    }
    places
}

/// Finds the events delivered more than once: the first delivery by the rows' order is the event, all others are copies.
fn copies(counts: &mut LogCounts, ranks: &[Vec<u32>], runs: Vec<(usize, Run)>) -> io::Result<()> {
    let mut shared: BTreeMap<Vec<u32>, (u64, u64)> = BTreeMap::new();
    let by_rank: Vec<(u32, u32)> =
        counts.rows.iter().map(|own| (own.day.map_or(0, day::number), own.folder)).collect();
    let mut copies = vec![0_u64; by_rank.len()];
    let mut same_folder = 0;
    let mut note = |event: &[u32]| {
        let mut folders: Vec<u32> = Vec::new();
        for (at, rank) in event.iter().enumerate() {
            let rank = *rank as usize;
            let folder = by_rank[rank].1;
            if at > 0 {
                copies[rank] += 1;
                same_folder += u64::from(folders.contains(&folder));
            }
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        if event.len() > 1 {
            folders.sort_unstable();
            let own = shared.entry(folders).or_default();
            own.0 += 1;
            own.1 += event.len() as u64 - 1;
        }
    };
    for_each_shared(runs, |same| {
        let mut event: Vec<u32> = same.iter().map(|(worker, row)| ranks[*worker][*row as usize]).collect();
        event.sort_unstable();
        let mut start = 0;
        for at in 1..event.len() {
            if !day::are_near(by_rank[event[at - 1] as usize].0, by_rank[event[at] as usize].0) {
                note(&event[start..at]);
                start = at;
            }
        }
        note(&event[start..]);
    })?;
    for (row, copies) in counts.rows.iter_mut().zip(copies) {
        row.sum.copies = copies;
    }
    counts.copies_same_folder = same_folder;
    counts.shared = shared
        .into_iter()
        .map(|(folders, (events, copies))| SharedCopies { folders, events, copies })
        .collect();
    Ok(())
}

/// Sums by names of all workers.
#[derive(Debug, Default)]
struct Sums {
    resources: BTreeMap<(String, String, String, String), OnResource>,
    identities: BTreeMap<(String, String, String, String), Weight>,
    errors: BTreeMap<(String, String, String), Weight>,
    self_logging: BTreeMap<(String, String, u8, u8), Weight>,
    changes: Vec<Changed>,
}

impl Sums {
    fn resources(&mut self, resources: Table<OnResource>, places: &[(String, String)]) {
        resources.for_each(|mut key, sum| {
            let (account, region) = places[key.number() as usize].clone();
            let own = self.resources.entry((account, region, key.name(), key.name())).or_default();
            own.events.iter_mut().zip(sum.events).for_each(|(own, more)| *own += more);
            own.bytes += sum.bytes;
        });
    }

    fn add(&mut self, identities: Table<Weight>, errors: Table<Weight>, self_logging: Table<Weight>) {
        identities.for_each(|mut key, sum| {
            let own = self.identities.entry((key.name(), key.name(), key.name(), key.name())).or_default();
            own.events += sum.events;
            own.bytes += sum.bytes;
        });
        errors.for_each(|mut key, sum| {
            self.errors.entry((key.name(), key.name(), key.name())).or_default().events += sum.events;
        });
        self_logging.for_each(|mut key, sum| {
            let own = self.self_logging.entry((key.name(), key.name(), key.byte(), key.byte())).or_default();
            own.events += sum.events;
            own.bytes += sum.bytes;
        });
    }

    fn finish(mut self, counts: &mut LogCounts) {
        let resources = self.resources.into_iter();
        counts.resources = resources
            .map(|((account, region, resource_type, resource), own)| LogResource {
                account,
                region,
                resource_type,
                resource,
                read: own.events[0],
                write: own.events[1],
                unknown: own.events[2],
                bytes: own.bytes,
            })
            .collect();
        let identities = self.identities.into_iter();
        counts.identities = identities
            .map(|((account, kind, arn, invoked_by), own)| LogIdentity {
                account,
                kind,
                arn,
                invoked_by,
                events: own.events,
                bytes: own.bytes,
            })
            .collect();
        let errors = self.errors.into_iter();
        counts.errors = errors
            .map(|((account, event_source, error_code), own)| LogError {
                account,
                event_source,
                error_code,
                events: own.events,
            })
            .collect();
        let kinds = [SelfLogging::Delivery, SelfLogging::Kms, SelfLogging::LogBucket];
        counts.self_logging = self
            .self_logging
            .into_iter()
            .filter_map(|((account, region, kind, of), own)| {
                Some(LogSelf {
                    account,
                    region,
                    kind: kinds.into_iter().find(|own| *own as u8 == kind)?,
                    category: category(of),
                    events: own.events,
                    bytes: own.bytes,
                })
            })
            .collect();
        self.changes.sort_by(|one, two| (&one.change, &one.event_id).cmp(&(&two.change, &two.event_id)));
        self.changes.dedup();
        counts.changes = self.changes.into_iter().map(|own| own.change).collect();
    }
}

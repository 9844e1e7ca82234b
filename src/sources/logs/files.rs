//! One worker's sums of files.

use super::content::{Events, Fault, Outcome};
use super::objects::ObjectFault;
use super::path::Location;
use super::queue::Job;
use super::table::Table;
use super::walk::Skip;
use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// What is put behind a folder's path for answers of the event history in it.
const EVENT_HISTORY: &str = " (event history)";

/// Files that are named for a reason.
const EXAMPLES: usize = 20;

/// Files left out for one reason.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Left {
    pub(super) files: u64,
    pub(super) records: u64,
    /// Their bytes as stored, where only the listing was read.
    pub(super) bytes: u64,
    /// Some of the files, by the order in which they were met.
    pub(super) examples: BTreeSet<(u64, String)>,
}

impl Left {
    fn add(&mut self, order: u64, path: &str, records: u64) {
        self.files += 1;
        self.records += records;
        if self.examples.len() < EXAMPLES || self.examples.last().is_some_and(|own| own.0 > order) {
            self.examples.insert((order, path.to_owned()));
            if self.examples.len() > EXAMPLES {
                self.examples.pop_last();
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.files += other.files;
        self.records += other.records;
        self.bytes += other.bytes;
        self.examples.extend(other.examples);
        while self.examples.len() > EXAMPLES {
            self.examples.pop_last();
        }
    }
}

/// Files of a trail folder.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct FolderSum {
    pub(super) organization: Option<Arc<str>>,
    pub(super) events: u64,
    pub(super) bytes: u64,
    pub(super) log_files: u64,
    pub(super) digest_files: u64,
    pub(super) stored_bytes: u64,
    pub(super) raw_bytes: u64,
    pub(super) is_event_history: bool,
}

/// Files of a day.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct DaySum {
    pub(super) log_files: u64,
    pub(super) digest_files: u64,
    pub(super) stored_bytes: u64,
}

/// Sums of all files of a kind.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct FileTotals {
    pub(super) log_files: u64,
    pub(super) digest_files: u64,
    pub(super) empty: u64,
    pub(super) repeated: u64,
    pub(super) repeated_events: u64,
    pub(super) stored_bytes: u64,
    pub(super) raw_bytes: u64,
    pub(super) gzip_files: u64,
    pub(super) gzip_stored_bytes: u64,
    pub(super) gzip_raw_bytes: u64,
}

impl FileTotals {
    pub(super) fn merge(&mut self, other: Self) {
        self.log_files += other.log_files;
        self.digest_files += other.digest_files;
        self.empty += other.empty;
        self.repeated += other.repeated;
        self.repeated_events += other.repeated_events;
        self.stored_bytes += other.stored_bytes;
        self.raw_bytes += other.raw_bytes;
        self.gzip_files += other.gzip_files;
        self.gzip_stored_bytes += other.gzip_stored_bytes;
        self.gzip_raw_bytes += other.gzip_raw_bytes;
    }
}

/// Sums of files of one worker.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct FileTally {
    /// Keys: the path.
    pub(super) folders: Table<FolderSum>,
    /// Keys: the folder's position, account, Region, day.
    pub(super) days: Table<DaySum>,
    /// Log files by the position of folder, account, Region and day among `days`, and the minute in their names.
    pub(super) slots: HashMap<(u32, u16), u64, RandomState>,
    pub(super) totals: FileTotals,
    /// Compressed log files and their bytes, by the power of two above their size.
    pub(super) sizes: BTreeMap<u32, (u64, u64)>,
    pub(super) unreadable: BTreeMap<Fault, Left>,
    pub(super) skipped: BTreeMap<Skip, Left>,
    /// Damaged or empty files, of which there may be a whole one of the same name.
    pub(super) put_off: Vec<PutOff>,
    /// Logs that were counted as far as they could be read.
    pub(super) incomplete: Vec<Incomplete>,
    /// Files with answers of the event history, which count once everything else does, and whether the rest of each is counted.
    pub(super) histories: Vec<(Job, bool)>,
}

/// A damaged or empty file that is not counted yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PutOff {
    pub(super) job: Job,
    /// What is wrong with it; nothing where it is empty.
    pub(super) fault: Option<Fault>,
    pub(super) stored_bytes: u64,
    /// Events that can be had of it.
    pub(super) at_hand: u64,
}

impl PutOff {
    /// Tells whether some of it can be had.
    pub(super) fn is_readable(&self) -> bool {
        self.fault.is_some_and(|own| !own.is_unread())
    }
}

/// A log that was counted, and of which there may be more than what was in the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Incomplete {
    pub(super) job: Job,
    /// What is to be told of the file, unless a whole one is found.
    pub(super) fault: Option<Fault>,
    pub(super) too_large: u64,
    pub(super) not_events: u64,
}

/// The smallest and the largest bar of the histogram of sizes: 2^10 and 2^26 bytes.
const BARS: std::ops::RangeInclusive<u32> = 10..=26;

/// Returns the bound below which sizes of a bar are; the last bar has none.
pub(super) fn bar_bound(bar: u32) -> Option<u64> {
    (bar <= *BARS.end()).then(|| 1 << bar)
}

/// What a file brought.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Brought {
    pub(super) events: u64,
    pub(super) bytes: u64,
    pub(super) not_events: u64,
    pub(super) is_digest: bool,
    /// It is of the day after those that are counted: only what happened before is taken from it.
    pub(super) is_late: bool,
}

impl FileTally {
    /// Returns the position of a trail folder.
    pub(super) fn folder(&mut self, location: &Location) -> u32 {
        let position = self.folders.position([location.folder.as_bytes()]);
        let own = self.folders.value(position);
        if own.organization.is_none() {
            own.organization.clone_from(&location.organization);
        }
        position
    }

    /// Returns the position of the events that the event history told, of which no trail is known.
    pub(super) fn history(&mut self, location: &Location) -> u32 {
        let path = format!("{}{EVENT_HISTORY}", location.folder);
        let position = self.folders.position([path.as_bytes()]);
        self.folders.value(position).is_event_history = true;
        position
    }

    /// Takes back that a file was left out as read before: it is read after all.
    pub(super) fn is_read_after_all(&mut self, path: &str) {
        let Some(left) = self.skipped.get_mut(&Skip::Repeated) else { return };
        left.files = left.files.saturating_sub(1);
        left.examples.retain(|own| own.1 != path);
        if left.files == 0 {
            self.skipped.remove(&Skip::Repeated);
        }
        self.totals.repeated = self.totals.repeated.saturating_sub(1);
    }

    /// Counts a file of which nothing can be had.
    pub(super) fn left_unread(&mut self, own: &PutOff) {
        let PutOff { job, fault, stored_bytes, .. } = own;
        let outcome = Outcome {
            fault: *fault,
            is_empty: fault.is_none(),
            stored_bytes: *stored_bytes,
            ..Outcome::default()
        };
        let folder = self.folder(&job.location);
        self.file(job, folder, &outcome, Brought::default());
    }

    /// Counts something that is not read.
    pub(super) fn skip(&mut self, order: u64, path: &str, why: Skip) {
        self.totals.repeated += u64::from(why == Skip::Repeated);
        self.skipped.entry(why).or_default().add(order, path, 0);
    }

    /// Counts an object that lies in an archive.
    pub(super) fn archived(&mut self, order: u64, path: &str, bytes: u64) {
        self.skip(order, path, Skip::Archived);
        self.skipped.entry(Skip::Archived).or_default().bytes += bytes;
    }

    /// Counts something that cannot be read.
    pub(super) fn fault(&mut self, order: u64, path: &str, fault: Fault, records: u64) {
        self.unreadable.entry(fault).or_default().add(order, path, records);
    }

    fn faults_of_records(&mut self, job: &Job, too_large: u64, not_events: u64) {
        if too_large > 0 {
            self.fault(job.order, &job.shown(), Fault::RecordTooLarge, too_large);
        }
        if not_events > 0 {
            self.fault(job.order, &job.shown(), Fault::NotAnEvent, not_events);
        }
    }

    /// Tells what is wrong with a log of which no whole file was found.
    pub(super) fn stays_incomplete(&mut self, own: &Incomplete) {
        if let Some(fault) = own.fault {
            self.fault(own.job.order, &own.job.shown(), fault, 0);
        }
        self.faults_of_records(&own.job, own.too_large, own.not_events);
    }

    /// Counts events of a file that is counted elsewhere.
    pub(super) fn add_events(&mut self, folder: u32, brought: Brought) {
        let own = self.folders.value(folder);
        own.events += brought.events;
        own.bytes += brought.bytes;
    }

    /// Counts a file that was read, or that could not be.
    pub(super) fn file(&mut self, job: &Job, folder: u32, outcome: &Outcome, brought: Brought) {
        let Job { order, location, .. } = job;
        let order = *order;
        if outcome.events == Events::Repeated {
            self.totals.repeated_events += outcome.repeated_events;
            self.skip(order, &job.shown(), Skip::Repeated);
            return;
        }
        if let Some(fault) = outcome.fault.filter(|own| *own != Fault::RecordTooLarge) {
            if fault == Fault::Object(ObjectFault::Archived) {
                self.archived(order, &job.shown(), outcome.stored_bytes);
                return;
            }
            self.fault(order, &job.shown(), fault, 0);
            if fault.is_unread() && brought.events == 0 {
                return;
            }
        }
        self.faults_of_records(job, outcome.too_large, brought.not_events);
        if outcome.is_empty {
            self.totals.empty += 1;
            if location.log_name.is_some() {
                self.fault(order, &job.shown(), Fault::EmptyLog, 0);
            }
            return;
        }
        if brought.is_late {
            self.add_events(folder, brought);
            return;
        }
        let is_digest = location.is_digest || brought.is_digest && brought.events == 0;
        let unknown = *b"unknown";
        let account = location.account.as_ref().map_or(&unknown[..], |own| &own[..]);
        let region = location.region.as_deref().unwrap_or("unknown");
        let day = location.log_name.as_ref().map_or(0, |own| own.day);
        let (folder_bytes, day) = (folder.to_le_bytes(), day.to_le_bytes());
        let position = self.days.position([&folder_bytes, account, region.as_bytes(), &day]);
        let of_day = self.days.value(position);
        let of_folder = self.folders.value(folder);
        if is_digest {
            of_day.digest_files += 1;
            of_folder.digest_files += 1;
            self.totals.digest_files += 1;
            return;
        }
        of_day.log_files += 1;
        of_day.stored_bytes += outcome.stored_bytes;
        of_folder.log_files += 1;
        of_folder.stored_bytes += outcome.stored_bytes;
        of_folder.raw_bytes += outcome.raw_bytes;
        of_folder.events += brought.events;
        of_folder.bytes += brought.bytes;
        self.totals.log_files += 1;
        self.totals.stored_bytes += outcome.stored_bytes;
        self.totals.raw_bytes += outcome.raw_bytes;
        if outcome.is_gzip {
            self.totals.gzip_files += 1;
            self.totals.gzip_stored_bytes += outcome.stored_bytes;
            self.totals.gzip_raw_bytes += outcome.raw_bytes;
            // Sizes of 2^n belong to the bar below 2^(n+1).
            let bar =
                (outcome.stored_bytes.checked_ilog2().unwrap_or(0) + 1).clamp(*BARS.start(), BARS.end() + 1);
            let own = self.sizes.entry(bar).or_default();
            own.0 += 1;
            own.1 += outcome.stored_bytes;
        }
        if let Some(named) = &location.log_name {
            *self.slots.entry((position, named.minute)).or_default() += 1;
        }
    }
}

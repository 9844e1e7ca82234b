//! The reading itself: one thread walks, several read, each with sums of its own that are joined in the end.

use super::content::{Fault, Fingerprint, Reader};
use super::copies::{Deliveries, event_id};
use super::files::{Brought, FileTally};
use super::merge::merge;
use super::options::{LogOptions, LogsError, ReadSoFar};
use super::path::{Location, locate};
use super::tally::{FileContext, Tally};
use super::walk::{Met, Skip, Walk};
use crate::domain::LogCounts;
use foldhash::fast::RandomState;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, channel, sync_channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Files that wait to be read, at most.
const QUEUE: usize = 1 << 10;
/// How long nothing is put into a full queue: a small part of the time in which it is read.
const LOOK_AGAIN: Duration = Duration::from_millis(1);
/// How often it is told how far the reading is.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// A file to read.
#[derive(Debug)]
struct Job {
    /// In which order it was met.
    order: u64,
    path: PathBuf,
    shown: String,
    location: Location,
    size: u64,
}

/// One thread's sums and room.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) tally: Tally,
    pub(super) files: FileTally,
    reader: Reader,
}

/// How far all threads are.
#[derive(Debug, Default)]
struct Meter {
    files: AtomicU64,
    bytes: AtomicU64,
    all_files: AtomicU64,
    all_bytes: AtomicU64,
    all_found: AtomicBool,
}

impl Meter {
    fn read(&self) -> ReadSoFar {
        ReadSoFar {
            files: self.files.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            all_files: self.all_files.load(Ordering::Relaxed),
            all_bytes: self.all_bytes.load(Ordering::Relaxed),
            all_found: self.all_found.load(Ordering::Relaxed),
        }
    }
}

/// Texts read so far, and whose turn it is to say that its text is new.
#[derive(Debug, Default)]
struct Texts {
    seen: Mutex<HashSet<Fingerprint, RandomState>>,
    turn: Mutex<u64>,
    turned: Condvar,
}

impl Texts {
    /// Notes a text; tells whether it is new.
    fn note(&self, own: Fingerprint) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(own)
    }

    /// Waits until all files before this one have had their turn.
    fn wait(&self, turn: u64) {
        let mut now = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        while *now < turn {
            now = self.turned.wait(now).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn pass_on(&self, turn: u64) {
        let mut now = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        *now = (*now).max(turn + 1);
        self.turned.notify_all();
    }
}

/// Counts what is in logs. `tell` is told now and then how far it is; once `stop` is set, no further file is begun and what
/// was read by then is returned as partial.
///
/// # Errors
/// [`LogsError`] when a path names nothing, or a temporary file cannot be written.
pub fn count(
    options: &LogOptions,
    stop: &AtomicBool,
    tell: &mut dyn FnMut(ReadSoFar),
) -> Result<LogCounts, LogsError> {
    for path in &options.paths {
        std::fs::metadata(path).map_err(|error| LogsError::Path(path.clone(), error))?;
    }
    let mut workers: Vec<Worker> = (0..options.threads.max(1))
        .map(|_| Worker {
            tally: Tally::new(options.prefix_depth, Deliveries::new(options.held_deliveries.max(1))),
            files: FileTally::default(),
            reader: Reader::default(),
        })
        .collect();
    let (meter, texts) = (Meter::default(), Texts::default());
    let mut walker = FileTally::default();
    // Files with names of CloudTrail's own first: with which of two such files an event came is a matter of the events, and
    // any other file is measured against them.
    let (sender, receiver) = sync_channel(QUEUE);
    let (paths, found, own_meter) = (&options.paths, &mut walker, &meter);
    // The end of the queue is told by dropping the sender.
    let find = move || walk(paths, found, sender, own_meter, stop);
    let named = |worker: &mut Worker, job: Job| worker.read_named(&job, &texts);
    let rest = read_all(&mut workers, receiver, &meter, stop, tell, named, find);
    let (sender, receiver) = sync_channel(QUEUE);
    let find = move || {
        for own in (0..).zip(rest) {
            if stop.load(Ordering::Relaxed) || !put(&sender, own) {
                break;
            }
        }
    };
    let other = |worker: &mut Worker, job: (u64, Job)| worker.read_other(&job, &texts);
    read_all(&mut workers, receiver, &meter, stop, tell, other, find);
    let partial = stop.load(Ordering::Relaxed);
    tell(meter.read());
    merge(workers, walker, partial).map_err(LogsError::Temporary)
}

/// Lets the workers read what `find` sends, and tells how far they are.
fn read_all<T: Send, R: Send>(
    workers: &mut [Worker],
    receiver: Receiver<T>,
    meter: &Meter,
    stop: &AtomicBool,
    tell: &mut dyn FnMut(ReadSoFar),
    read: impl Fn(&mut Worker, T) -> u64 + Sync,
    find: impl FnOnce() -> R + Send,
) -> R {
    let receiver = Mutex::new(receiver);
    let (receiver, read) = (&receiver, &read);
    thread::scope(|scope| {
        let (ended, end) = channel::<()>();
        let finder = scope.spawn(find);
        for worker in workers {
            let ended = ended.clone();
            scope.spawn(move || {
                // Told by being dropped, whatever becomes of the thread.
                let _ended = ended;
                while let Ok(job) = next(receiver) {
                    // What is still in the queue is let go, so that the walk does not wait for room in it.
                    if stop.load(Ordering::Relaxed) {
                        continue;
                    }
                    let bytes = read(worker, job);
                    meter.files.fetch_add(1, Ordering::Relaxed);
                    meter.bytes.fetch_add(bytes, Ordering::Relaxed);
                }
            });
        }
        drop(ended);
        while end.recv_timeout(TELL_EVERY) == Err(RecvTimeoutError::Timeout) {
            tell(meter.read());
        }
        match finder.join() {
            Ok(own) => own,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn next<T>(receiver: &Mutex<Receiver<T>>) -> Result<T, std::sync::mpsc::RecvError> {
    receiver.lock().unwrap_or_else(PoisonError::into_inner).recv()
}

/// Puts something into the queue; tells whether anybody reads it. Where the queue is full, it looks again only once part of it
/// is read: a sender that waits in the queue itself would be woken, and sleep again, for every file.
fn put<T>(sender: &SyncSender<T>, mut own: T) -> bool {
    loop {
        own = match sender.try_send(own) {
            Ok(()) => return true,
            Err(TrySendError::Full(own)) => own,
            Err(TrySendError::Disconnected(_)) => return false,
        };
        thread::sleep(LOOK_AGAIN);
    }
}

/// Finds the files: sends those with names of CloudTrail's own, and returns all others.
#[expect(clippy::needless_pass_by_value, reason = "dropping the sender tells the end of the queue")]
fn walk(
    paths: &[PathBuf],
    files: &mut FileTally,
    sender: SyncSender<Job>,
    meter: &Meter,
    stop: &AtomicBool,
) -> Vec<Job> {
    let mut names: HashSet<u128, RandomState> = HashSet::default();
    let mut rest = Vec::new();
    let mut walk = Walk::default();
    let mut order = 0;
    for argument in paths {
        let root = root_of(argument);
        let goes_on = walk.argument(argument, &mut |met| {
            order += 1;
            match met {
                Met::Skipped(path, why) => files.skip(order, &shown(&path), why),
                Met::Unreadable(path) => files.fault(order, &shown(&path), Fault::UnreadableFolder, 0),
                Met::Lost(path, error) => {
                    let vanished = error.kind() == io::ErrorKind::NotFound;
                    let fault = if vanished { Fault::Vanished } else { Fault::UnreadableFile };
                    files.fault(order, &shown(&path), fault, 0);
                }
                Met::File(path, size) => {
                    let shown = shown(&path);
                    let location = locate(&shown, &root);
                    let unique = location.log_name.as_ref().map(|own| event_id(own.unique.as_bytes()));
                    if unique.is_some_and(|own| !names.insert(own)) {
                        files.skip(order, &shown, Skip::Repeated);
                        return true;
                    }
                    meter.all_files.fetch_add(1, Ordering::Relaxed);
                    meter.all_bytes.fetch_add(size, Ordering::Relaxed);
                    let job = Job { order, path, shown, location, size };
                    if unique.is_none() {
                        rest.push(job);
                    } else if !put(&sender, job) {
                        return false;
                    }
                }
            }
            !stop.load(Ordering::Relaxed)
        });
        if !goes_on {
            break;
        }
    }
    meter.all_found.store(true, Ordering::Relaxed);
    rest
}

/// Returns a path as it is shown; `/` divides it everywhere.
fn shown(path: &Path) -> String {
    let own = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        own.into_owned()
    } else {
        own.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// Returns the folder that an argument stands for.
fn root_of(argument: &Path) -> String {
    let folder = if argument.is_dir() { argument } else { argument.parent().unwrap_or(argument) };
    let own = shown(folder);
    let trimmed = own.trim_end_matches('/');
    match (trimmed, own.as_str()) {
        ("", "") => ".".to_owned(),
        ("", _) => "/".to_owned(),
        _ => trimmed.to_owned(),
    }
}

impl Worker {
    /// Reads a file with a name of CloudTrail's own; returns its bytes.
    fn read_named(&mut self, job: &Job, texts: &Texts) -> u64 {
        self.read(job, &mut |own| {
            texts.note(own);
            true
        });
        job.size
    }

    /// Reads any other file, which may be one that was read before; returns its bytes.
    fn read_other(&mut self, (turn, job): &(u64, Job), texts: &Texts) -> u64 {
        let (turn, mut is_over) = (*turn, false);
        self.read(job, &mut |own| {
            texts.wait(turn);
            let is_new = texts.note(own);
            texts.pass_on(turn);
            is_over = true;
            is_new
        });
        if !is_over {
            texts.wait(turn);
            texts.pass_on(turn);
        }
        job.size
    }

    fn read(&mut self, job: &Job, is_new: &mut dyn FnMut(Fingerprint) -> bool) {
        let folder = self.files.folder(&job.location);
        if job.location.is_digest {
            let outcome = super::content::Outcome { stored_bytes: job.size, ..Default::default() };
            let brought = Brought { events: 0, bytes: 0, not_events: 0, is_digest: true };
            self.files.file(job.order, &job.shown, &job.location, folder, &outcome, brought);
            return;
        }
        self.tally.file = FileContext {
            folder,
            account: job.location.account,
            region: job.location.region.clone(),
            ..FileContext::default()
        };
        let outcome = self.reader.read(&job.path, &mut self.tally, is_new);
        let file = &self.tally.file;
        let brought = Brought {
            events: file.events,
            bytes: file.bytes,
            not_events: file.not_events,
            is_digest: file.is_digest,
        };
        self.files.file(job.order, &job.shown, &job.location, folder, &outcome, brought);
    }
}

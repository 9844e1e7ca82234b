//! Files on their way from who finds them to who reads them.

use super::objects::ObjectKey;
use super::path::Location;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::ffi::OsString;
use std::fmt;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long nothing is put into a full queue: a small part of the time in which it is read.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Puts something into the queue; tells whether anybody reads it. Where the queue is full, it looks again only once part of it
/// is read: a sender that waits in the queue itself would be woken, and sleep again, for every file.
fn put<T>(sender: &SyncSender<T>, mut own: T) -> bool {
    loop {
        own = match sender.try_send(own) {
            Ok(()) => return true,
            Err(TrySendError::Full(own)) => own,
            Err(TrySendError::Disconnected(_)) => return false,
        };
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// How many files a reader takes at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
    /// Those that take files.
    pub(super) readers: usize,
    /// At most.
    pub(super) at_once: usize,
}

/// Into how many parts for each reader those that wait are divided: in the end each takes one file.
const SHARES: usize = 4;

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Job {
    /// In which order it was met.
    pub(super) order: u64,
    pub(super) source: Source,
    pub(super) location: Location,
    /// Its bytes as stored, where they were asked for.
    pub(super) size: Option<u64>,
}

impl Job {
    /// Returns the file's place as it is shown.
    pub(super) fn shown(&self) -> Cow<'_, str> {
        match &self.source {
            Source::File(path) => shown(Path::new(path)),
            Source::Object(own) => format!("s3://{}/{}", own.bucket, own.key).into(),
        }
    }
}

/// Returns a path as it is shown; `/` divides it everywhere.
pub(super) fn shown(path: &Path) -> Cow<'_, str> {
    let own = path.to_str().map_or_else(|| path.to_string_lossy(), Cow::Borrowed);
    if std::path::MAIN_SEPARATOR == '/' { own } else { own.replace(std::path::MAIN_SEPARATOR, "/").into() }
}

/// Where a file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Source {
    /// On this machine.
    File(OsString),
    /// In a bucket.
    Object(ObjectKey),
}

/// A job on its way.
pub(super) struct Sent {
    pub(super) job: Job,
    /// Its place among those that are taken one after another.
    pub(super) turn: u64,
    /// What is fetched of it, for an object.
    pub(super) body: Option<Box<dyn Read + Send>>,
}

impl fmt::Debug for Sent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.job.fmt(formatter)
    }
}

/// Lets jobs through, holds them back while a reading is written down, and keeps those that were not read.
#[derive(Debug, Default)]
pub(super) struct Gate {
    inner: Mutex<Inner>,
    is_held: AtomicBool,
    idle: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    /// Jobs sent and neither read nor kept.
    busy: u64,
    unread: Vec<Sent>,
    /// How many wait for jobs to be read.
    waiting: u32,
}

impl Gate {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a job; tells whether anybody is left to read it.
    pub(super) fn send(&self, sender: &SyncSender<Sent>, own: Sent) -> bool {
        self.inner().busy += 1;
        put(sender, own)
    }

    /// Takes the next jobs to be read by one of so many; nothing at the end. Files that stand side by side are much alike: some
    /// are taken at once where many wait. What may not be read now is kept, in the order of the queue: once one is, all that
    /// follow are, as they may wait for it.
    pub(super) fn next<'a>(
        &'a self,
        receiver: &Mutex<Receiver<Sent>>,
        stop: &AtomicBool,
        most: Most,
    ) -> Option<Taken<'a>> {
        let receiver = receiver.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let sent = receiver.recv().ok()?;
            let mut inner = self.inner();
            if self.is_shut(stop) {
                inner.unread.push(sent);
                self.end(inner, 1);
                continue;
            }
            let fair = usize::try_from(inner.busy).unwrap_or(usize::MAX) / (most.readers.max(1) * SHARES);
            let more = fair.min(most.at_once).saturating_sub(1);
            drop(inner);
            let mut sent = VecDeque::from([sent]);
            sent.extend(receiver.try_iter().take(more));
            return Some(Taken { gate: self, sent });
        }
    }

    /// Tells whether what is not begun yet must wait.
    fn is_shut(&self, stop: &AtomicBool) -> bool {
        stop.load(Ordering::Relaxed) || self.is_held.load(Ordering::Relaxed)
    }

    /// Ends so many jobs, and tells those who wait for that: nobody mostly.
    fn end(&self, mut inner: MutexGuard<'_, Inner>, count: u64) {
        inner.busy -= count;
        if inner.waiting > 0 {
            self.idle.notify_all();
        }
    }

    /// Waits until nothing is read, and returns what was sent and not read, by its order.
    pub(super) fn hold(&self) -> Vec<Sent> {
        let mut inner = self.inner();
        self.is_held.store(true, Ordering::Relaxed);
        inner.waiting += 1;
        while inner.busy > 0 {
            inner = self.idle.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
        inner.waiting -= 1;
        self.is_held.store(false, Ordering::Relaxed);
        let mut unread = std::mem::take(&mut inner.unread);
        unread.sort_by_key(|own| own.job.order);
        unread
    }

    /// Waits a little while jobs are read; tells whether any still are.
    pub(super) fn wait(&self) -> bool {
        let mut inner = self.inner();
        if inner.busy == 0 {
            return false;
        }
        inner.waiting += 1;
        let waited = self.idle.wait_timeout(inner, Duration::from_millis(100));
        let mut inner = waited.unwrap_or_else(PoisonError::into_inner).0;
        inner.waiting -= 1;
        inner.busy > 0
    }

    /// Keeps jobs as not read.
    pub(super) fn keep(&self, jobs: Vec<Sent>) {
        self.inner().unread.extend(jobs);
    }
}

/// Jobs that are being read, one after another.
#[derive(Debug)]
pub(super) struct Taken<'a> {
    gate: &'a Gate,
    sent: VecDeque<Sent>,
}

impl Taken<'_> {
    /// Returns the job to be read now; nothing where none is left, or those that are must wait.
    pub(super) fn sent(&mut self, stop: &AtomicBool) -> Option<&mut Sent> {
        if self.gate.is_shut(stop) { None } else { self.sent.front_mut() }
    }

    /// Notes that the job is read.
    pub(super) fn done(&mut self) {
        if self.sent.pop_front().is_some() {
            self.gate.end(self.gate.inner(), 1);
        }
    }
}

/// What was not read is kept, whatever became of the thread.
impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let left = std::mem::take(&mut self.sent);
        if !left.is_empty() {
            let mut inner = self.gate.inner();
            let count = left.len() as u64;
            inner.unread.extend(left);
            self.gate.end(inner, count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::sync_channel;

    fn sent(order: u64) -> Sent {
        let source = Source::File(format!("{order}.json").into());
        let job = Job { order, source, location: Location::default(), size: None };
        Sent { job, turn: 0, body: None }
    }

    fn orders(all: &[Sent]) -> Vec<u64> {
        all.iter().map(|own| own.job.order).collect()
    }

    #[test]
    fn files_side_by_side_are_taken_together_as_long_as_many_wait() {
        let (gate, stop) = (Gate::default(), AtomicBool::new(false));
        let (sender, receiver) = sync_channel(100);
        (0..40).for_each(|own| assert!(gate.send(&sender, sent(own))));
        drop(sender);
        let receiver = Mutex::new(receiver);
        let most = Most { readers: 2, at_once: 4 };
        let mut taken_at_once = Vec::new();
        let mut read = Vec::new();
        while let Some(mut taken) = gate.next(&receiver, &stop, most) {
            taken_at_once.push(taken.sent.len());
            while let Some(own) = taken.sent(&stop) {
                read.push(own.job.order);
                taken.done();
            }
        }
        // 40 ÷ (2 × 4) = 5 are more than 4, then 36 ÷ 8 = 4 and 32 ÷ 8 = 4; 28 ÷ 8 = 3.
        assert_eq!(taken_at_once[..4], [4, 4, 4, 3]);
        assert_eq!(taken_at_once.last(), Some(&1));
        assert_eq!(read, (0..40).collect::<Vec<u64>>());
        assert!(!gate.wait());
    }

    #[test]
    fn what_was_taken_and_not_begun_is_kept_when_the_reading_stops() {
        let (gate, stop) = (Gate::default(), AtomicBool::new(false));
        let (sender, receiver) = sync_channel(100);
        (0..16).for_each(|own| assert!(gate.send(&sender, sent(own))));
        drop(sender);
        let receiver = Mutex::new(receiver);
        let most = Most { readers: 1, at_once: 4 };
        let mut taken = gate.next(&receiver, &stop, most).unwrap();
        assert_eq!(taken.sent(&stop).unwrap().job.order, 0);
        taken.done();
        stop.store(true, Ordering::Relaxed);
        assert!(taken.sent(&stop).is_none());
        drop(taken);
        assert!(gate.next(&receiver, &stop, most).is_none());
        assert_eq!(orders(&gate.hold()), (1..16).collect::<Vec<u64>>());
    }

    #[test]
    fn paths_are_shown_as_they_are() {
        assert_eq!(sent(7).job.shown(), "7.json");
        let own = ObjectKey {
            bucket: "b".to_owned(),
            key: "a/c.json".to_owned(),
            size: 1,
            etag: None,
            class: String::new(),
        };
        let job = Job { source: Source::Object(own), ..sent(0).job };
        assert_eq!(job.shown(), "s3://b/a/c.json");
    }
}

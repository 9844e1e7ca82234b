//! Files on their way from who finds them to who reads them.

use super::objects::ObjectKey;
use super::path::Location;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::fmt;
use std::io::Read;
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

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Job {
    /// In which order it was met.
    pub(super) order: u64,
    pub(super) source: Source,
    pub(super) shown: String,
    pub(super) location: Location,
    pub(super) size: u64,
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
    idle: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    /// Jobs sent and neither read nor kept.
    busy: u64,
    is_held: bool,
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

    /// Takes the next job to be read; nothing at the end. What may not be read now is kept, in the order of the queue: once
    /// one is, all that follow are, as they may wait for it.
    pub(super) fn next<'a>(
        &'a self,
        receiver: &Mutex<Receiver<Sent>>,
        stop: &AtomicBool,
    ) -> Option<Taken<'a>> {
        let receiver = receiver.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let sent = receiver.recv().ok()?;
            let mut inner = self.inner();
            if !inner.is_held && !stop.load(Ordering::Relaxed) {
                return Some(Taken { gate: self, sent: Some(sent) });
            }
            inner.unread.push(sent);
            self.end(inner);
        }
    }

    /// Ends a job, and tells those who wait for that: nobody mostly.
    fn end(&self, mut inner: MutexGuard<'_, Inner>) {
        inner.busy -= 1;
        if inner.waiting > 0 {
            self.idle.notify_all();
        }
    }

    /// Waits until nothing is read, and returns what was sent and not read, by its order.
    pub(super) fn hold(&self) -> Vec<Sent> {
        let mut inner = self.inner();
        inner.is_held = true;
        inner.waiting += 1;
        while inner.busy > 0 {
            inner = self.idle.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
        inner.waiting -= 1;
        inner.is_held = false;
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

/// A job that is being read.
#[derive(Debug)]
pub(super) struct Taken<'a> {
    gate: &'a Gate,
    sent: Option<Sent>,
}

impl Taken<'_> {
    pub(super) fn sent(&mut self) -> Option<&mut Sent> {
        self.sent.as_mut()
    }

    /// Notes that the job is read.
    pub(super) fn done(mut self) {
        self.sent = None;
    }
}

/// What was not read is kept, whatever became of the thread.
impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let sent = self.sent.take();
        let mut inner = self.gate.inner();
        inner.unread.extend(sent);
        self.gate.end(inner);
    }
}

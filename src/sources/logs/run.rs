//! The reading itself: one thread finds, several read, each with sums of its own that are joined in the end.

use super::content::{Events, Fault, Fingerprint, Outcome, Reader};
use super::copies::Deliveries;
use super::day;
use super::files::{Brought, FileTally, Incomplete, PutOff};
use super::find::{Finder, Names, Reading};
use super::history::{Answers, KnownIds};
use super::merge::merge;
use super::objects::{AskedOf, Objects};
use super::options::{LogOptions, LogPlace, LogsError, ReadSoFar};
use super::queue::{Gate, Job, Most, Sent, Source};
use super::replay::Replaying;
use super::replicas::Beyond;
use super::scan::Sink;
use super::state::{Metered, Restored, StateFolder, workers};
use super::tally::{FileContext, Tally};
use crate::domain::{AdvancedEventSelector, LogCounts, LogRequests};
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Files that wait to be read, at most.
const QUEUE: usize = 1 << 10;
/// Files that one thread takes at once, at most.
const AT_ONCE: usize = 16;
/// How often it is told how far the reading is.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// One thread's sums and room.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) tally: Tally,
    pub(super) files: FileTally,
    reader: Reader,
    selectors: Arc<[AdvancedEventSelector]>,
}

/// How far all threads are.
#[derive(Debug, Default)]
pub(super) struct Meter {
    pub(super) files: AtomicU64,
    bytes: AtomicU64,
    pub(super) all_files: AtomicU64,
    pub(super) all_bytes: AtomicU64,
    pub(super) all_found: AtomicBool,
    /// Tenths of a second, about, since the reading began.
    pub(super) ticks: AtomicU64,
    /// Whether part of a file was counted and the rest was not read.
    pub(super) is_torn: AtomicBool,
    /// What was asked of buckets before this reading went on.
    asked_before: Vec<AskedOf>,
}

impl Meter {
    fn new(kept: Metered, asked_before: Vec<AskedOf>) -> Self {
        Self {
            files: kept.files.into(),
            bytes: kept.bytes.into(),
            all_files: kept.all_files.into(),
            all_bytes: kept.all_bytes.into(),
            asked_before,
            ..Self::default()
        }
    }

    fn read(&self) -> ReadSoFar {
        let Metered { files, bytes, all_files, all_bytes } = self.metered();
        ReadSoFar { files, bytes, all_files, all_bytes, all_found: self.all_found.load(Ordering::Relaxed) }
    }

    pub(super) fn metered(&self) -> Metered {
        Metered {
            files: self.files.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            all_files: self.all_files.load(Ordering::Relaxed),
            all_bytes: self.all_bytes.load(Ordering::Relaxed),
        }
    }

    /// Returns what was asked of buckets, before and now.
    pub(super) fn asked(&self, objects: Option<&dyn Objects>) -> Vec<AskedOf> {
        let mut all: BTreeMap<(String, String), AskedOf> = BTreeMap::new();
        let now = objects.map(Objects::asked).unwrap_or_default();
        for own in self.asked_before.iter().cloned().chain(now) {
            let sum = all.entry((own.bucket.clone(), own.class.clone())).or_default();
            let (lists, gets, bytes) = (sum.lists + own.lists, sum.gets + own.gets, sum.bytes + own.bytes);
            *sum = AskedOf { lists, gets, bytes, ..own };
        }
        all.into_values().collect()
    }
}

/// Texts read so far, and whose turn it is to say that its text is new.
#[derive(Debug, Default)]
pub(super) struct Texts {
    seen: Mutex<SeenTexts>,
    turn: Mutex<u64>,
    turned: Condvar,
}

#[derive(Debug, Default)]
struct SeenTexts {
    all: HashSet<Fingerprint, RandomState>,
    /// Those that are not written down yet, where that is wanted.
    fresh: Option<Vec<Fingerprint>>,
}

impl Texts {
    fn new(kept: Vec<Fingerprint>, are_kept: bool) -> Self {
        let seen = SeenTexts { all: kept.into_iter().collect(), fresh: are_kept.then(Vec::new) };
        Self { seen: Mutex::new(seen), ..Self::default() }
    }

    /// Notes a text; tells whether it is new.
    fn note(&self, own: Fingerprint) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = seen.all.insert(own);
        if let (true, Some(fresh)) = (is_new, &mut seen.fresh) {
            fresh.push(own);
        }
        is_new
    }

    /// Returns the texts noted since this was asked last.
    pub(super) fn take_fresh(&self) -> Vec<Fingerprint> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.fresh.as_mut().map(std::mem::take).unwrap_or_default()
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

/// Counts what is in logs on this machine: see [`count_from`].
///
/// # Errors
/// [`LogsError`] when a path names nothing, or a temporary file cannot be written.
pub fn count(
    options: &LogOptions,
    stop: &AtomicBool,
    tell: &mut dyn FnMut(ReadSoFar),
) -> Result<LogCounts, LogsError> {
    count_from(options, None, None, stop, tell)
}

/// Counts what is in logs. `objects` reaches those that lie in buckets; `state` keeps how far the reading is, and goes on
/// where it was. `tell` is told now and then how far it is; once `stop` is set, no further file is begun and what was read
/// by then is returned as partial.
///
/// # Errors
/// [`LogsError`] when a place names nothing or cannot be reached, or a file cannot be written.
pub fn count_from(
    options: &LogOptions,
    objects: Option<&dyn Objects>,
    mut state: Option<&mut StateFolder>,
    stop: &AtomicBool,
    tell: &mut dyn FnMut(ReadSoFar),
) -> Result<LogCounts, LogsError> {
    for place in &options.places {
        if let LogPlace::Path(path) = place {
            std::fs::metadata(path).map_err(|error| LogsError::Path(path.clone(), error))?;
        }
    }
    let is_kept = state.is_some();
    let Restored { found, workers: kept, metered, asked, texts, names } =
        state.as_mut().map(|own| own.take()).unwrap_or_default();
    let deliveries = || Deliveries::new(options.held_deliveries.max(1));
    let threads = options.threads.max(1);
    let new = || {
        let tally = Tally::new(options.prefix_depth, deliveries()).within(options.days);
        (tally, FileTally::default())
    };
    let mut workers = workers(kept, threads, new, deliveries);
    for own in &mut workers {
        own.selectors = Arc::clone(&options.selectors);
    }
    let all: Vec<Mutex<Worker>> = workers.into_iter().map(Mutex::new).collect();
    let (meter, texts, gate) = (Meter::new(metered, asked), Texts::new(texts, is_kept), Gate::default());
    let reading =
        Reading { options, objects, workers: &all, gate: &gate, meter: &meter, texts: &texts, stop };
    let mut finder =
        Finder { reading, found, state: state.as_deref_mut(), names: Names::new(names, is_kept) };
    // Files with names of CloudTrail's own first: with which of two such files an event came is a matter of the events, and
    // any other file is measured against them.
    // Of what is fetched, none waits for another.
    let at_once = if objects.is_some() { 1 } else { AT_ONCE };
    let is_stopped = || stop.load(Ordering::Relaxed);
    read_all(reading, (threads, at_once), tell, Worker::read_named, |sender| finder.named(&sender))?;
    if !is_stopped() {
        finder.read_put_off(&mut |finder, jobs, may_wait| {
            if jobs.is_empty() {
                return Ok(());
            }
            meter.all_files.fetch_add(jobs.len() as u64, Ordering::Relaxed);
            let read = if may_wait { Worker::read_named } else { Worker::read_damaged };
            let find = |sender| {
                finder.send_all(jobs, &sender);
                Ok(())
            };
            read_all(reading, (threads, at_once), tell, read, find)
        })?;
    }
    if !is_stopped() && !finder.found.rest.is_empty() {
        // They wait for one another.
        read_all(reading, (threads, 1), tell, Worker::read_other, |sender| finder.others(&sender))?;
    }
    if !is_stopped() {
        finder.complete()?;
    }
    if !is_stopped() {
        let kept = finder.state.as_ref().map(|own| own.runs()).unwrap_or_default();
        finder.read_histories(kept)?;
    }
    if let Some(error) = objects.and_then(Objects::failure) {
        return Err(error.into());
    }
    let partial = is_stopped();
    if partial {
        let unread = gate.hold().into_iter().map(|own| own.job);
        let (named, others): (Vec<Job>, Vec<Job>) = unread.partition(|own| own.location.log_name.is_some());
        finder.found.unread = named;
        others.into_iter().rev().for_each(|own| finder.found.rest.push_front(own));
        finder.save()?;
    }
    tell(meter.read());
    let walker = finder.found.files;
    let asked = meter.asked(objects);
    let workers =
        all.into_iter().map(|own| own.into_inner().unwrap_or_else(PoisonError::into_inner)).collect();
    let kept = state.map(|own| own.runs()).unwrap_or_default();
    let mut counts = merge(workers, kept, walker, partial).map_err(LogsError::Temporary)?;
    counts.days = options.days.map(|(first, last)| {
        let date = |own: u32, end: u32| day::date(own).filter(|_| own != end);
        (date(first, LogOptions::FIRST_DAY), date(last, LogOptions::LAST_DAY))
    });
    counts.requests = asked.into_iter().map(requests).collect();
    Ok(counts)
}

fn requests(own: AskedOf) -> LogRequests {
    let AskedOf { bucket, region, class, lists, gets, bytes } = own;
    LogRequests { bucket, region, class, lists, gets, bytes }
}

/// Lets the workers read what `find` sends, and tells how far they are.
fn read_all(
    reading: Reading<'_>,
    (threads, at_once): (usize, usize),
    tell: &mut dyn FnMut(ReadSoFar),
    read: impl Fn(&mut Worker, &mut Sent, &Texts) -> Outcome + Sync,
    find: impl FnOnce(SyncSender<Sent>) -> Result<(), LogsError> + Send,
) -> Result<(), LogsError> {
    let (sender, receiver): (_, Receiver<Sent>) = sync_channel(QUEUE);
    let receiver = Mutex::new(receiver);
    let (receiver, read, meter) = (&receiver, &read, reading.meter);
    thread::scope(|scope| {
        let (ended, end) = channel::<()>();
        // The end of the queue is told by dropping the sender.
        let finder = scope.spawn(|| find(sender));
        for worker in reading.workers.iter().take(threads) {
            let ended = ended.clone();
            scope.spawn(move || {
                // Told by being dropped, whatever becomes of the thread.
                let _ended = ended;
                let most = Most { readers: threads, at_once };
                while let Some(mut taken) = reading.gate.next(receiver, reading.stop, most) {
                    while let Some(sent) = taken.sent(reading.stop) {
                        let mut worker = worker.lock().unwrap_or_else(PoisonError::into_inner);
                        let outcome = read(&mut worker, sent, reading.texts);
                        if is_cut_off(reading, &outcome) {
                            // It is read anew when the reading goes on.
                            sent.body = None;
                            let file = &worker.tally.file;
                            if file.events + file.not_events + file.passed_over > 0 {
                                meter.is_torn.store(true, Ordering::Relaxed);
                            }
                            break;
                        }
                        worker.note(&sent.job, &outcome, reading.options);
                        let bytes = sent.job.size.unwrap_or(outcome.stored_bytes);
                        meter.bytes.fetch_add(bytes, Ordering::Relaxed);
                        meter.files.fetch_add(1, Ordering::Relaxed);
                        drop(worker);
                        taken.done();
                    }
                }
            });
        }
        drop(ended);
        while end.recv_timeout(TELL_EVERY) == Err(RecvTimeoutError::Timeout) {
            meter.ticks.fetch_add(1, Ordering::Relaxed);
            tell(meter.read());
        }
        match finder.join() {
            Ok(own) => own,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Looks at a digest file, which needs not be read.
fn digest(job: &Job) -> Outcome {
    let size = match (&job.source, job.size) {
        (Source::File(path), None) => std::fs::metadata(path).map(|own| own.len()),
        (_, size) => Ok(size.unwrap_or_default()),
    };
    match size {
        Ok(stored_bytes) => Outcome { stored_bytes, ..Outcome::default() },
        Err(error) => Outcome { fault: Some(Fault::of(&error)), ..Outcome::default() },
    }
}

/// Tells whether a file came to an end because the whole reading does.
fn is_cut_off(reading: Reading<'_>, outcome: &Outcome) -> bool {
    matches!(outcome.fault, Some(Fault::Object(_)))
        && (reading.stop.load(Ordering::Relaxed)
            || reading.objects.is_some_and(|own| own.failure().is_some()))
}

impl Worker {
    pub(super) fn new(tally: Tally, files: FileTally) -> Self {
        Self { tally, files, reader: Reader::default(), selectors: Arc::default() }
    }

    /// Reads a file with a name of CloudTrail's own; a damaged one is put off.
    fn read_named(&mut self, sent: &mut Sent, texts: &Texts) -> Outcome {
        self.read(sent, true, &mut |own| {
            texts.note(own);
            true
        })
    }

    /// Reads what can be had of a damaged file with a name of CloudTrail's own.
    fn read_damaged(&mut self, sent: &mut Sent, texts: &Texts) -> Outcome {
        self.read(sent, false, &mut |own| {
            texts.note(own);
            true
        })
    }

    /// Reads any other file, which may be one that was read before.
    fn read_other(&mut self, sent: &mut Sent, texts: &Texts) -> Outcome {
        let (turn, mut is_over) = (sent.turn, false);
        let outcome = self.read(sent, false, &mut |own| {
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
        outcome
    }

    fn read(
        &mut self,
        sent: &mut Sent,
        may_wait: bool,
        is_new: &mut dyn FnMut(Fingerprint) -> bool,
    ) -> Outcome {
        let folder = self.files.folder(&sent.job.location);
        self.tally.file = FileContext::new(folder, &sent.job.location);
        if sent.job.location.is_digest {
            return digest(&sent.job);
        }
        if self.selectors.is_empty() {
            return read_source(&mut self.reader, sent, &mut self.tally, may_wait, is_new);
        }
        let mut sink = Replaying { tally: &mut self.tally, selectors: &self.selectors };
        read_source(&mut self.reader, sent, &mut sink, may_wait, is_new)
    }

    /// Reads the answers of the event history in a file. `is_noted` says that the rest of it was counted before.
    pub(super) fn read_history(
        &mut self,
        sent: &mut Sent,
        known: &mut KnownIds,
        is_noted: bool,
        options: &LogOptions,
    ) {
        let folder = self.files.history(&sent.job.location);
        self.tally.file = FileContext::new(folder, &sent.job.location);
        let sink = Replaying { tally: &mut self.tally, selectors: &self.selectors };
        let mut sink = Answers::new(sink, known, is_noted);
        let outcome = read_source(&mut self.reader, sent, &mut sink, false, &mut |_| true);
        self.files.totals.repeated_events += sink.repeated;
        let brought = self.brought(&sent.job, options);
        if is_noted {
            self.files.add_events(folder, brought);
        } else {
            self.files.file(&sent.job, folder, &outcome, brought);
        }
    }

    /// Counts a file that was read.
    fn note(&mut self, job: &Job, outcome: &Outcome, options: &LogOptions) {
        let Outcome { fault, stored_bytes, at_hand, too_large, .. } = *outcome;
        if outcome.events == Events::PutOff {
            self.files.put_off.push(PutOff { job: job.clone(), fault, stored_bytes, at_hand });
            return;
        }
        let has_answers = self.tally.file.answers > 0;
        let is_noted = self.tally.file.events > 0 || !has_answers;
        if has_answers {
            self.files.histories.push((job.clone(), is_noted));
        }
        let mut brought = self.brought(job, options);
        let mut outcome = *outcome;
        let is_unread = fault.is_some_and(Fault::is_unread) || outcome.is_empty;
        let has_no_event = brought.events == 0 && self.tally.file.passed_over == 0;
        if job.location.log_name.is_some()
            && !(is_unread || brought.is_digest || job.location.is_digest)
            && (fault.is_some() || brought.not_events > 0 || has_no_event)
        {
            let (job, not_events) = (job.clone(), brought.not_events);
            self.files.incomplete.push(Incomplete { job, fault, too_large, not_events });
            (outcome.fault, outcome.too_large, brought.not_events) = (None, 0, 0);
        }
        if is_noted {
            self.files.file(job, self.tally.file.folder, &outcome, brought);
        }
    }

    /// Counts what another file of a log's name has beyond what is known of it; tells whether that file is whole.
    pub(super) fn read_beyond(
        &mut self,
        own: &Job,
        sent: &mut Sent,
        known: &mut KnownIds,
        options: &LogOptions,
    ) -> bool {
        let folder = self.files.folder(&own.location);
        self.tally.file = FileContext::new(folder, &own.location);
        let sink = Replaying { tally: &mut self.tally, selectors: &self.selectors };
        let mut sink = Beyond { sink, known, scratch: Vec::new() };
        let outcome = read_source(&mut self.reader, sent, &mut sink, false, &mut |_| true);
        let brought = self.brought(own, options);
        self.files.add_events(folder, Brought { not_events: 0, ..brought });
        outcome.fault.is_none() && !outcome.is_empty && brought.not_events == 0
    }

    fn brought(&self, job: &Job, options: &LogOptions) -> Brought {
        let file = &self.tally.file;
        Brought {
            events: file.events,
            bytes: file.bytes,
            not_events: file.not_events,
            is_digest: file.is_digest,
            is_late: options.days.zip(job.location.day).is_some_and(|(days, own)| own > days.1),
        }
    }
}

/// Reads a file into `sink`: see [`Reader::read`].
pub(super) fn read_source(
    reader: &mut Reader,
    sent: &mut Sent,
    sink: &mut impl Sink,
    may_wait: bool,
    is_new: &mut dyn FnMut(Fingerprint) -> bool,
) -> Outcome {
    match &sent.job.source {
        Source::File(path) => {
            let file = reader.opener.open(path).and_then(|own| Ok((own.metadata()?.len(), own)));
            reader.read(file.map(|own| (own.1, own.0)), sink, may_wait, is_new)
        }
        Source::Object(own) if own.size == 0 => {
            let events = if may_wait { Events::PutOff } else { Events::Counted };
            Outcome { is_empty: true, events, ..Outcome::default() }
        }
        Source::Object(own) => {
            let body: Box<dyn Read + Send> = sent.body.take().unwrap_or_else(|| Box::new(std::io::empty()));
            reader.read(Ok((body, own.size)), sink, may_wait, is_new)
        }
    }
}

//! Answers of the event history, read once everything else is.
//!
//! Source: CloudTrail user guide: the event history shows ninety days of management events at no charge, whether there is a trail or
//! not. Its answers (`lookup-events`) are no deliveries: what a log tells too is told by the log.

use super::content::Reader;
use super::copies::Run;
use super::find::Finder;
use super::options::LogsError;
use super::queue::Job;
use super::run::read_source;
use super::scan::{Found, Sink, Text};
use super::tally::id;
use foldhash::fast::RandomState;
use std::collections::HashSet;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

impl Finder<'_> {
    /// Counts the events that only the event history tells, each once: they are of no trail and cost nothing, and where a log
    /// tells them too, the log counts. `kept` are deliveries that were written away before.
    ///
    /// # Errors
    /// When deliveries that were written away cannot be read.
    pub(super) fn read_histories(&mut self, kept: Vec<(usize, Run)>) -> Result<(), LogsError> {
        let reading = self.reading;
        let mut jobs: Vec<(Job, bool)> = Vec::new();
        for worker in reading.workers {
            let mut own = worker.lock().unwrap_or_else(PoisonError::into_inner);
            jobs.append(&mut own.files.histories);
        }
        if jobs.is_empty() {
            return Ok(());
        }
        jobs.sort_by_key(|own| own.0.order);
        let mut ids = Ids::default();
        let mut reader = Reader::default();
        for (job, _) in &jobs {
            let mut sent = self.sent(job.clone(), 0);
            read_source(&mut reader, &mut sent, &mut ids, false, &mut |_| true);
        }
        let mut known = KnownIds::default();
        let mut take = |own: u128| {
            if ids.all.contains(&own) {
                known.insert(own);
            }
        };
        for worker in reading.workers {
            let own = worker.lock().unwrap_or_else(PoisonError::into_inner);
            own.tally.deliveries.for_each_id(&mut take).map_err(LogsError::Temporary)?;
        }
        for (_, run) in kept {
            run.for_each_id(&mut take).map_err(LogsError::Temporary)?;
        }
        let Some(worker) = reading.workers.first() else { return Ok(()) };
        let mut worker = worker.lock().unwrap_or_else(PoisonError::into_inner);
        for (job, is_noted) in jobs {
            if reading.stop.load(Ordering::Relaxed) {
                // Part of it is counted: what was written down before is what to go on from.
                reading.meter.is_torn.store(true, Ordering::Relaxed);
                break;
            }
            let mut sent = self.sent(job, 0);
            worker.read_history(&mut sent, &mut known, is_noted, reading.options);
        }
        Ok(())
    }
}

/// Collects the ids of answers.
#[derive(Debug, Default)]
struct Ids {
    all: KnownIds,
    scratch: Vec<u8>,
}

impl Sink for Ids {
    fn event(&mut self, _: Text<'_>, _: &[u8], _: &Found) {}

    fn answer(&mut self, text: Text<'_>, _: &[u8], found: &Found) {
        self.all.extend(id(text, found, &mut self.scratch));
    }

    fn not_an_event(&mut self) {}

    fn digest(&mut self) {}
}

/// Ids of events that are counted.
pub(super) type KnownIds = HashSet<u128, RandomState>;

/// Counts answers of the event history that are not known yet.
#[derive(Debug)]
pub(super) struct Answers<'a, S> {
    sink: S,
    known: &'a mut KnownIds,
    scratch: Vec<u8>,
    /// Answers that were known.
    pub(super) repeated: u64,
    is_noted: bool,
}

impl<'a, S> Answers<'a, S> {
    /// `is_noted` says that everything else of the file was counted before.
    pub(super) fn new(sink: S, known: &'a mut KnownIds, is_noted: bool) -> Self {
        Self { sink, known, scratch: Vec::new(), repeated: 0, is_noted }
    }
}

impl<S: Sink> Sink for Answers<'_, S> {
    fn event(&mut self, _: Text<'_>, _: &[u8], _: &Found) {}

    fn answer(&mut self, text: Text<'_>, record: &[u8], found: &Found) {
        let is_new = id(text, found, &mut self.scratch).is_none_or(|own| self.known.insert(own));
        if is_new {
            self.sink.event(text, record, found);
        } else {
            self.repeated += 1;
        }
    }

    fn not_an_event(&mut self) {
        if !self.is_noted {
            self.sink.not_an_event();
        }
    }

    fn digest(&mut self) {}
}

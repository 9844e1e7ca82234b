//! Damaged files with names of CloudTrail's own: a whole file of the same name is read in the place of each, where there is one.

use super::content::Reader;
use super::files::PutOff;
use super::find::{Finder, of_object, root_of};
use super::history::KnownIds;
use super::listing::{Kept, list};
use super::options::{LogPlace, LogsError};
use super::path::{Locator, locate};
use super::queue::{Job, Source, shown};
use super::run::read_source;
use super::scan::{Found, Sink, Text};
use super::tally::id;
use super::walk::{Met, Skip, Walk};
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// A name of which the first file met is damaged.
#[derive(Debug)]
pub(super) struct Waiting {
    name: u128,
    /// The first one, then others that turned out to be damaged too.
    damaged: Vec<PutOff>,
    /// Files that were not looked at yet.
    others: VecDeque<Job>,
}

impl Waiting {
    /// Returns the file of which most can be had, the first of equal ones.
    fn best(&self) -> usize {
        let worth = |own: &PutOff| (own.is_readable(), own.at_hand);
        let most = self.damaged.iter().map(worth).max();
        self.damaged.iter().position(|own| Some(worth(own)) == most).unwrap_or(0)
    }
}

/// Reads files; the flag says whether they may be put off again.
type ReadJobs<'a, F> = dyn FnMut(&mut F, Vec<Job>, bool) -> Result<(), LogsError> + 'a;

impl Finder<'_> {
    /// Finds the other files of the names of those that were put off.
    ///
    /// # Errors
    /// When a bucket cannot be listed.
    pub(super) fn waiting(&mut self) -> Result<Vec<Waiting>, LogsError> {
        let mut all: Vec<Waiting> = Vec::new();
        for own in &self.found.put_off {
            let Some(name) = own.job.location.log_name else { continue };
            all.push(Waiting { name: name.unique, damaged: vec![own.clone()], others: VecDeque::new() });
        }
        all.sort_by_key(|own| own.damaged.first().map(|own| own.job.order));
        // Where no file was left out for its name, there is no other one.
        if self.found.files.skipped.contains_key(&Skip::Repeated) {
            self.look_again(&mut all)?;
        }
        Ok(all)
    }

    /// Walks everything once more.
    fn look_again(&mut self, all: &mut [Waiting]) -> Result<(), LogsError> {
        let places: HashMap<u128, usize, RandomState> =
            all.iter().enumerate().map(|(at, own)| (own.name, at)).collect();
        let mut order = self.found.order;
        let mut take = |job: Job| {
            let Some(at) = job.location.log_name.and_then(|own| places.get(&own.unique)) else { return };
            let own = &mut all[*at];
            if own.damaged.iter().all(|own| own.job.source != job.source) {
                order += 1;
                own.others.push_back(Job { order, ..job });
            }
        };
        let reading = self.reading;
        let goes_on = || !reading.stop.load(Ordering::Relaxed);
        let mut walk = Walk::new(reading.options.with_sizes);
        for place in &reading.options.places {
            match (place, reading.objects) {
                (LogPlace::Path(path), _) => {
                    let mut locator = Locator::new(&root_of(path));
                    walk.argument(path, &mut |met| {
                        if let Met::File(path, size) = met {
                            let location = locator.locate(&shown(&path));
                            let source = Source::File(path.into_os_string());
                            take(Job { order: 0, source, location, size });
                        }
                        goes_on()
                    });
                }
                (LogPlace::Bucket(place), Some(objects)) => {
                    let days = reading.options.days;
                    let listed = list(objects, place, None, days, &mut |object, root| {
                        let location = locate(&place.shown(&object.key), root);
                        if !object.is_archived {
                            take(of_object(0, place, object, location));
                        }
                        Ok(goes_on())
                    })?;
                    if matches!(listed, Kept::Stopped) {
                        break;
                    }
                }
                (LogPlace::Bucket(_), None) => {}
            }
        }
        self.found.order = order;
        Ok(())
    }

    /// Reads a whole file of each name in the place of a damaged one; where there is none, what can be had of a damaged one.
    ///
    /// # Errors
    /// When a bucket cannot be listed or read.
    pub(super) fn read_put_off(&mut self, read: &mut ReadJobs<'_, Self>) -> Result<(), LogsError> {
        self.take_put_off();
        let mut all = self.waiting()?;
        loop {
            let (mut asked, mut rest) = (Vec::new(), Vec::new());
            for mut own in all {
                match own.others.pop_front() {
                    Some(job) => asked.push((job, own)),
                    None => rest.push(own),
                }
            }
            if asked.is_empty() {
                all = rest;
                break;
            }
            read(self, asked.iter().map(|own| own.0.clone()).collect(), true)?;
            let unread = self.unread();
            let again = self.drained();
            for (job, mut own) in asked {
                if let Some(damaged) = again.iter().find(|damaged| damaged.job.order == job.order) {
                    own.damaged.push(damaged.clone());
                    rest.push(own);
                } else if !unread.contains(&job.order) {
                    self.found.files.is_read_after_all(&job.shown());
                    self.replaced(&own, None);
                }
            }
            if self.reading.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            all = rest;
        }
        let damaged: Vec<Job> = all
            .iter()
            .filter_map(|own| own.damaged.get(own.best()).filter(|own| own.is_readable()))
            .map(|own| own.job.clone())
            .collect();
        read(self, damaged, false)?;
        let unread = self.unread();
        for own in all {
            let best = own.best();
            let Some(read) = own.damaged.get(best).filter(|read| !unread.contains(&read.job.order)) else {
                continue;
            };
            if !read.is_readable() {
                self.found.files.left_unread(read);
            }
            if best > 0 {
                self.found.files.is_read_after_all(&read.job.shown());
            }
            self.replaced(&own, Some(best));
        }
        Ok(())
    }

    /// Counts what other files of the names of incomplete logs have beyond them, event by event: what is damaged within, or ends between
    /// two records, was counted before it was known to be.
    ///
    /// # Errors
    /// When a bucket cannot be listed.
    pub(super) fn complete(&mut self) -> Result<(), LogsError> {
        let mut all = Vec::new();
        for worker in self.reading.workers {
            let mut own = worker.lock().unwrap_or_else(PoisonError::into_inner);
            all.append(&mut own.files.incomplete);
        }
        if all.is_empty() {
            return Ok(());
        }
        all.sort_by_key(|own| own.job.order);
        let mut waiting: Vec<Waiting> = Vec::new();
        for own in &all {
            let Some(name) = own.job.location.log_name else { continue };
            let first = PutOff { job: own.job.clone(), fault: own.fault, stored_bytes: 0, at_hand: 0 };
            waiting.push(Waiting { name: name.unique, damaged: vec![first], others: VecDeque::new() });
        }
        if !waiting.is_empty() && self.found.files.skipped.contains_key(&Skip::Repeated) {
            self.look_again(&mut waiting)?;
        }
        let mut reader = Reader::default();
        for (own, waiting) in all.iter().zip(waiting) {
            if self.reading.stop.load(Ordering::Relaxed) {
                // Part of it is counted: what was written down before is what to go on from.
                self.reading.meter.is_torn.store(true, Ordering::Relaxed);
                break;
            }
            let mut is_whole = false;
            if !waiting.others.is_empty() {
                let mut ids = EventIds::default();
                read_source(&mut reader, &mut self.sent(own.job.clone(), 0), &mut ids, false, &mut |_| true);
                for job in waiting.others {
                    let mut sent = self.sent(job, 0);
                    let Some(worker) = self.reading.workers.first() else { break };
                    let mut worker = worker.lock().unwrap_or_else(PoisonError::into_inner);
                    is_whole |= worker.read_beyond(&own.job, &mut sent, &mut ids.all, self.reading.options);
                    if is_whole {
                        break;
                    }
                }
            }
            if !is_whole {
                self.found.files.stays_incomplete(own);
            } else if own.fault.is_some() || own.not_events > 0 {
                self.found.files.skip(own.job.order, &own.job.shown(), Skip::Replaced);
            }
        }
        Ok(())
    }

    /// Notes that another file was read instead of the first one of a name, or the first one itself.
    fn replaced(&mut self, own: &Waiting, read: Option<usize>) {
        let Some(first) = own.damaged.first() else { return };
        if read != Some(0) {
            self.found.files.skip(first.job.order, &first.job.shown(), Skip::Replaced);
        }
        self.found.put_off.retain(|put_off| put_off.job.order != first.job.order);
    }

    /// Returns the orders of files that were sent and not read.
    fn unread(&self) -> HashSet<u64> {
        self.reading.gate.hold().into_iter().map(|own| own.job.order).collect()
    }

    /// Takes what the readers put off.
    fn drained(&self) -> Vec<PutOff> {
        let mut all = Vec::new();
        for worker in self.reading.workers {
            let mut own = worker.lock().unwrap_or_else(PoisonError::into_inner);
            all.append(&mut own.files.put_off);
        }
        all
    }

    fn take_put_off(&mut self) {
        let more = self.drained();
        self.found.put_off.extend(more);
    }
}

/// Collects the ids of events, without answers of the event history.
#[derive(Debug, Default)]
struct EventIds {
    all: KnownIds,
    scratch: Vec<u8>,
}

impl Sink for EventIds {
    fn event(&mut self, text: Text<'_>, _: &[u8], found: &Found) {
        self.all.extend(id(text, found, &mut self.scratch));
    }

    fn answer(&mut self, _: Text<'_>, _: &[u8], _: &Found) {}

    fn not_an_event(&mut self) {}

    fn digest(&mut self) {}
}

/// Counts events that are not known yet.
#[derive(Debug)]
pub(super) struct Beyond<'a, S> {
    pub(super) sink: S,
    pub(super) known: &'a mut KnownIds,
    pub(super) scratch: Vec<u8>,
}

impl<S: Sink> Sink for Beyond<'_, S> {
    fn event(&mut self, text: Text<'_>, record: &[u8], found: &Found) {
        if id(text, found, &mut self.scratch).is_some_and(|own| self.known.insert(own)) {
            self.sink.event(text, record, found);
        }
    }

    fn answer(&mut self, _: Text<'_>, _: &[u8], _: &Found) {}

    fn not_an_event(&mut self) {
        self.sink.not_an_event();
    }

    fn digest(&mut self) {}
}

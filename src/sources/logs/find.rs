//! Finding the files: one thread walks folders and lists buckets, and sends what is to be read.

use super::content::Fault;
use super::day;
use super::listing::{Kept, list};
use super::objects::{ObjectKey, ObjectPlace, Objects, SeenObject};
use super::options::{LogOptions, LogPlace, LogsError};
use super::path::{Location, Locator, is_log_name, locate};
use super::queue::{Gate, Job, Sent, Source, shown};
use super::run::{Meter, Texts, Worker};
use super::state::{Found, StateFolder};
use super::walk::{Met, Skip, Walk};
use foldhash::fast::RandomState;
use std::collections::HashSet;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, PoisonError};

/// What finding needs of the reading.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) options: &'a LogOptions,
    pub(super) objects: Option<&'a dyn Objects>,
    pub(super) workers: &'a [Mutex<Worker>],
    pub(super) gate: &'a Gate,
    pub(super) meter: &'a Meter,
    pub(super) texts: &'a Texts,
    pub(super) stop: &'a AtomicBool,
}

/// Finds files, and writes down how far the reading is.
pub(super) struct Finder<'a> {
    pub(super) reading: Reading<'a>,
    pub(super) found: Found,
    pub(super) state: Option<&'a mut StateFolder>,
    pub(super) names: Names,
}

/// Names of log files met so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    seen: HashSet<u128, RandomState>,
    /// Those that are not written down yet, where that is wanted.
    fresh: Option<Vec<u128>>,
}

impl Names {
    pub(super) fn new(kept: Vec<u128>, are_kept: bool) -> Self {
        Self { seen: kept.into_iter().collect(), fresh: are_kept.then(Vec::new) }
    }

    /// Notes a name; tells whether it is new.
    fn note(&mut self, name: u128) -> bool {
        let is_new = self.seen.insert(name);
        if let (true, Some(fresh)) = (is_new, &mut self.fresh) {
            fresh.push(name);
        }
        is_new
    }
}

impl Finder<'_> {
    /// Finds everything: sends the files with names of CloudTrail's own, and keeps all others for later.
    ///
    /// # Errors
    /// When a bucket cannot be listed, or the reading cannot be written down.
    pub(super) fn named(&mut self, sender: &SyncSender<Sent>) -> Result<(), LogsError> {
        let unread = std::mem::take(&mut self.found.unread);
        if !self.send_all(unread, sender) {
            return Ok(());
        }
        if self.found.is_whole {
            return self.until_read(sender);
        }
        let options = self.reading.options;
        let mut walk = Walk::new(options.with_sizes);
        for (at, place) in options.places.iter().enumerate() {
            let after = match &self.found.position {
                // What was walked before is walked again, silently, so that links to it are known.
                Some((last, after)) if *last > at => Some((after.clone(), true)),
                Some((last, after)) if *last == at => Some((after.clone(), false)),
                _ => None,
            };
            let goes_on = match (place, after) {
                (LogPlace::Bucket(_), Some((_, true))) => true,
                (LogPlace::Bucket(own), after) => self.bucket(at, own, after.map(|own| own.0), sender)?,
                (LogPlace::Path(path), after) => self.folder(at, path, after.as_ref(), &mut walk, sender)?,
            };
            if !goes_on {
                return Ok(());
            }
        }
        self.found.is_whole = true;
        self.until_read(sender)
    }

    /// Waits until what was sent is read, and writes down how far that is.
    fn until_read(&mut self, sender: &SyncSender<Sent>) -> Result<(), LogsError> {
        self.reading.meter.all_found.store(true, Ordering::Relaxed);
        while self.state.is_some() && self.reading.gate.wait() && self.go_on(sender)? {}
        Ok(())
    }

    /// Sends the other files, one after another.
    ///
    /// # Errors
    /// When the reading cannot be written down.
    pub(super) fn others(&mut self, sender: &SyncSender<Sent>) -> Result<(), LogsError> {
        let mut turn = 0;
        loop {
            if let Some(job) = self.found.rest.pop_front() {
                let sent = self.sent(job, turn);
                if self.reading.stop.load(Ordering::Relaxed) {
                    self.reading.gate.keep(vec![sent]);
                    return Ok(());
                }
                if !self.reading.gate.send(sender, sent) {
                    return Ok(());
                }
                turn += 1;
            } else if self.state.is_none() || !self.reading.gate.wait() {
                return Ok(());
            }
            if self.is_due() {
                let unread = self.reading.gate.hold();
                unread.iter().rev().for_each(|own| self.found.rest.push_front(own.job.clone()));
                self.save()?;
                self.found.rest.drain(..unread.len());
                // They keep their turns, and what was fetched of them.
                for own in unread {
                    if !self.reading.gate.send(sender, own) {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn folder(
        &mut self,
        at: usize,
        path: &Path,
        after: Option<&(OsString, bool)>,
        walk: &mut Walk,
        sender: &SyncSender<Sent>,
    ) -> Result<bool, LogsError> {
        let mut locator = Locator::new(&root_of(path));
        let mut outcome = Ok(true);
        walk.argument(path, &mut |met| {
            let own = match &met {
                Met::Skipped(path, _) | Met::Unreadable(path) | Met::Lost(path, _) | Met::File(path, _) => {
                    path
                }
            };
            let is_done = |(last, all): &(OsString, bool)| *all || own.as_path() <= Path::new(last);
            if after.is_some_and(is_done) {
                return !self.reading.stop.load(Ordering::Relaxed);
            }
            let position = self.state.is_some().then(|| (at, own.clone().into_os_string()));
            self.found.order += 1;
            let goes_on = self.met(met, &mut locator, sender);
            if position.is_some() {
                self.found.position = position;
            }
            outcome = self.go_on(sender).map(|own| own && goes_on);
            matches!(outcome, Ok(true))
        });
        outcome.map(|own| own && !self.reading.stop.load(Ordering::Relaxed))
    }

    fn met(&mut self, met: Met, locator: &mut Locator, sender: &SyncSender<Sent>) -> bool {
        let (order, files) = (self.found.order, &mut self.found.files);
        match met {
            Met::Skipped(path, why) => files.skip(order, &shown(&path), why),
            Met::Unreadable(path) => files.fault(order, &shown(&path), Fault::UnreadableFolder, 0),
            Met::Lost(path, error) => {
                let vanished = error.kind() == io::ErrorKind::NotFound;
                let fault = if vanished { Fault::Vanished } else { Fault::UnreadableFile };
                files.fault(order, &shown(&path), fault, 0);
            }
            Met::File(path, size) => {
                let location = locator.locate(&shown(&path));
                let job = Job { order, source: Source::File(path.into_os_string()), location, size };
                return self.job(job, sender);
            }
        }
        true
    }

    fn bucket(
        &mut self,
        at: usize,
        place: &ObjectPlace,
        after: Option<OsString>,
        sender: &SyncSender<Sent>,
    ) -> Result<bool, LogsError> {
        let Some(objects) = self.reading.objects else {
            return Err(LogsError::NoObjects(place.clone()));
        };
        let after = after.map(|own| own.to_string_lossy().into_owned());
        let days = self.reading.options.days;
        let kept = list(objects, place, after.as_deref(), days, &mut |object, root| {
            let position = self.state.is_some().then(|| (at, object.key.clone().into()));
            let goes_on = self.object(place, object, root, sender);
            if position.is_some() {
                self.found.position = position;
            }
            Ok(self.go_on(sender)? && goes_on)
        })?;
        match kept {
            Kept::Stopped => Ok(false),
            Kept::Nothing if after.is_none() => Err(LogsError::NoObjects(place.clone())),
            Kept::Nothing | Kept::All => Ok(true),
        }
    }

    fn object(
        &mut self,
        place: &ObjectPlace,
        object: SeenObject,
        root: &str,
        sender: &SyncSender<Sent>,
    ) -> bool {
        // Consoles make an empty object of a folder.
        if object.key.ends_with('/') && object.size == 0 {
            return true;
        }
        self.found.order += 1;
        let (order, files) = (self.found.order, &mut self.found.files);
        let shown = place.shown(&object.key);
        let name = object.key.rsplit('/').next().unwrap_or_default();
        if !is_log_name(name) && object.key != place.prefix {
            files.skip(order, &shown, Skip::NotALogName);
            return true;
        }
        let location = locate(&shown, root);
        if object.is_archived && !location.is_digest {
            files.archived(order, &shown, object.size);
            return true;
        }
        self.job(of_object(order, place, object, location), sender)
    }

    fn job(&mut self, job: Job, sender: &SyncSender<Sent>) -> bool {
        if let (Some((first, last)), Some(own)) = (self.reading.options.days, job.location.day)
            && (own < first || own > day::next(last))
        {
            return true;
        }
        let unique = job.location.log_name.map(|own| own.unique);
        if unique.is_some_and(|own| !self.names.note(own)) {
            self.found.files.skip(job.order, &job.shown(), Skip::Repeated);
            return true;
        }
        let meter = self.reading.meter;
        meter.all_files.fetch_add(1, Ordering::Relaxed);
        meter.all_bytes.fetch_add(job.size.unwrap_or_default(), Ordering::Relaxed);
        if unique.is_none() {
            self.found.rest.push_back(job);
            return true;
        }
        let sent = self.sent(job, 0);
        self.reading.gate.send(sender, sent)
    }

    /// Begins to fetch what is not on this machine.
    pub(super) fn sent(&self, job: Job, turn: u64) -> Sent {
        let body = match (&job.source, self.reading.objects) {
            (Source::Object(own), Some(objects)) if own.size > 0 && !job.location.is_digest => {
                Some(objects.fetch(own))
            }
            _ => None,
        };
        Sent { job, turn, body }
    }

    /// Sends files; tells whether anybody is left to read them.
    pub(super) fn send_all(&mut self, jobs: Vec<Job>, sender: &SyncSender<Sent>) -> bool {
        jobs.into_iter().all(|job| {
            let sent = self.sent(job, 0);
            self.reading.gate.send(sender, sent)
        })
    }

    fn is_due(&self) -> bool {
        let meter = self.reading.meter;
        let is_due = |own: &&mut StateFolder| {
            own.is_due(meter.files.load(Ordering::Relaxed), meter.ticks.load(Ordering::Relaxed))
        };
        self.state.as_ref().is_some_and(is_due) && !self.reading.stop.load(Ordering::Relaxed)
    }

    /// Writes the reading down if it is time to; tells whether to go on.
    fn go_on(&mut self, sender: &SyncSender<Sent>) -> Result<bool, LogsError> {
        if let Some(error) = self.reading.objects.and_then(Objects::failure) {
            return Err(error.into());
        }
        if self.is_due() {
            let unread = self.reading.gate.hold();
            self.found.unread = unread.iter().map(|own| own.job.clone()).collect();
            self.save()?;
            self.found.unread.clear();
            // What was fetched of them stays.
            for own in unread {
                if !self.reading.gate.send(sender, own) {
                    return Ok(false);
                }
            }
        }
        Ok(!self.reading.stop.load(Ordering::Relaxed))
    }

    /// Writes the reading down; nothing is being read.
    ///
    /// # Errors
    /// When that fails.
    pub(super) fn save(&mut self) -> Result<(), LogsError> {
        let (reading, meter) = (self.reading, self.reading.meter);
        let Some(state) = self.state.as_deref_mut() else { return Ok(()) };
        // What cannot be fetched any more, and what was left within a file, must not be taken for read.
        if reading.objects.is_some_and(|own| own.failure().is_some()) || meter.is_torn.load(Ordering::Relaxed)
        {
            return Ok(());
        }
        let mut guards: Vec<_> =
            reading.workers.iter().map(|own| own.lock().unwrap_or_else(PoisonError::into_inner)).collect();
        let mut workers: Vec<&mut Worker> = guards.iter_mut().map(|own| &mut **own).collect();
        let asked = meter.asked(reading.objects);
        let texts = reading.texts.take_fresh();
        let names = self.names.fresh.as_mut().map(std::mem::take).unwrap_or_default();
        let ticks = || meter.ticks.load(Ordering::Relaxed);
        state.save(&self.found, &mut workers, (meter.metered(), &asked), (&texts, &names), &ticks)?;
        Ok(())
    }
}

/// Returns an object as a file to read.
pub(super) fn of_object(order: u64, place: &ObjectPlace, object: SeenObject, location: Location) -> Job {
    let SeenObject { key, size, etag, class, .. } = object;
    let source = Source::Object(ObjectKey { bucket: place.bucket.clone(), key, size, etag, class });
    Job { order, source, location, size: Some(size) }
}

/// Returns the folder that an argument stands for.
pub(super) fn root_of(argument: &Path) -> String {
    let folder = if argument.is_dir() { argument } else { argument.parent().unwrap_or(argument) };
    let own = shown(folder);
    let trimmed = own.trim_end_matches('/');
    match (trimmed, &*own) {
        ("", "") => ".".to_owned(),
        ("", _) => "/".to_owned(),
        _ => trimmed.to_owned(),
    }
}

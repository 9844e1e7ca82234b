//! A reading written down, so that it can go on where it was stopped.
//!
//! A folder holds what was read so far: sums, what is still to be read, and beside them three files that only grow: event
//! ids, texts and names. Whenever the reading is written down, these grow first, then the sums are put into the place of
//! the older ones at once: whenever the process ends, there is one state that is whole, and what is not in it is read again.

use super::append::{Append, Extent};
use super::content::Fingerprint;
use super::copies::{Deliveries, Run};
use super::files::{FileTally, PutOff};
use super::objects::AskedOf;
use super::options::{LogOptions, LogPlace};
use super::queue::Job;
use super::run::Worker;
use super::tally::Tally;
use crate::io::{self as files, FileError, PendingFile};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// How the file of sums begins; it changes with what is in it.
const MAGIC: &[u8] = b"trailcost reading 3\n";
const CHECKPOINT: &str = "trailcost-reading.checkpoint";
const LOCK: &str = "trailcost-reading.lock";
const DELIVERIES: &str = "trailcost-reading.deliveries";
const TEXTS: &str = "trailcost-reading.texts";
const NAMES: &str = "trailcost-reading.names";
/// Memory for reading deliveries of all parts together.
const READING: u64 = 64 << 20;
/// How long a reading goes on until it is written down, in tenths of a second.
const LEAST_TICKS: u64 = 300;

/// What a state is of; another reading cannot go on with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    /// The program's version: another one may count otherwise.
    version: String,
    places: Vec<String>,
    prefix_depth: u8,
    days: Option<(u32, u32)>,
    /// The selectors that are tried, by their tests.
    #[serde(default)]
    selectors: Vec<String>,
}

impl About {
    fn new(options: &LogOptions) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            places: options.places.iter().map(LogPlace::whole).collect(),
            prefix_depth: options.prefix_depth,
            days: options.days,
            selectors: options.selectors.iter().map(|own| format!("{own:?}")).collect(),
        }
    }

    fn words(&self) -> String {
        let days = self.days.map(|own| format!(", days {} to {}", own.0, own.1)).unwrap_or_default();
        format!("{} with --prefix-depth {}{days}", self.places.join(" "), self.prefix_depth)
    }
}

/// Where the finding of files is.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Found {
    /// Things met so far.
    pub(super) order: u64,
    /// The argument, and what was met last in it.
    pub(super) position: Option<(usize, OsString)>,
    /// Whether everything was met.
    pub(super) is_whole: bool,
    /// Files found and to be read at once.
    pub(super) unread: Vec<Job>,
    /// Files without names of CloudTrail's own, to be read after all others.
    pub(super) rest: VecDeque<Job>,
    /// Damaged or empty files of which there may be whole ones.
    pub(super) put_off: Vec<PutOff>,
    pub(super) files: FileTally,
}

/// How far the reading is, as it is told.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Metered {
    pub(super) files: u64,
    pub(super) bytes: u64,
    pub(super) all_files: u64,
    pub(super) all_bytes: u64,
}

/// Deliveries of a worker in the file of all.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Segment {
    worker: usize,
    at: u64,
    bytes: u64,
}

/// What goes on.
#[derive(Debug, Default)]
pub(super) struct Restored {
    pub(super) found: Found,
    pub(super) workers: Vec<(Tally, FileTally)>,
    pub(super) metered: Metered,
    pub(super) asked: Vec<AskedOf>,
    pub(super) texts: Vec<Fingerprint>,
    pub(super) names: Vec<u128>,
}

type Saved = (Found, Vec<(Tally, FileTally)>, Metered, Vec<AskedOf>, Vec<Segment>, [Extent; 3]);

/// Why a state cannot be gone on with.
#[derive(Debug)]
pub enum StateError {
    /// The folder cannot be read or written.
    File(FileError),
    /// A file in it cannot be read or written.
    System(PathBuf, io::Error),
    /// Another process goes on with it.
    InUse(PathBuf),
    /// It is not what was written.
    Damaged(PathBuf),
    /// It was written by another version.
    Version(PathBuf, String),
    /// It is of another reading: the folder, what it reads, and what is asked for.
    Other(PathBuf, String, String),
}

impl StateError {
    /// Returns what to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File(_) | Self::System(..) => {
                "name a folder for --state that can be written, with room in it"
            }
            Self::InUse(_) => "wait for it, or name another folder for --state",
            Self::Damaged(_) => "remove the folder's trailcost-reading.* files: the reading begins anew",
            Self::Version(..) => {
                "go on with that version, or remove the folder's trailcost-reading.* files: the reading begins anew"
            }
            Self::Other(..) => {
                "name the same places and options to go on with it, or another folder for --state, or remove its trailcost-reading.* files"
            }
        }
    }

    /// Tells whether something could not be written, rather than read.
    pub fn is_of_writing(&self) -> bool {
        matches!(self, Self::File(_) | Self::System(..))
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(formatter),
            Self::System(path, error) => {
                write!(formatter, "cannot keep the reading in {}: {error}", path.display())
            }
            Self::InUse(path) => {
                write!(formatter, "another trailcost goes on with the reading kept in {}", path.display())
            }
            Self::Damaged(path) => write!(formatter, "the reading kept in {} is damaged", path.display()),
            Self::Version(path, version) => {
                write!(formatter, "the reading kept in {} is of trailcost {version}", path.display())
            }
            Self::Other(path, kept, asked) => write!(
                formatter,
                "the reading kept in {} is another one: of {kept}, and this is of {asked}",
                path.display()
            ),
        }
    }
}

impl std::error::Error for StateError {}

impl From<FileError> for StateError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

/// The folder that a reading is kept in.
#[derive(Debug)]
pub struct StateFolder {
    folder: PathBuf,
    about: About,
    every: Option<u64>,
    restored: Option<Restored>,
    /// Deliveries, texts, names.
    growing: [Append; 3],
    segments: Vec<Segment>,
    /// Files read and ticks when it was written down last, and the ticks which that took.
    last: (u64, u64, u64),
    /// Held as long as this is.
    _lock: File,
}

impl StateFolder {
    /// Opens a folder, which is made where it is not there. `every` is after how many files the reading is written down;
    /// without it, after each half minute, and less often where that takes long.
    ///
    /// # Errors
    /// [`StateError`] when the folder cannot be used, or what is in it is damaged or of another reading.
    pub fn open(folder: &Path, options: &LogOptions, every: Option<u64>) -> Result<Self, StateError> {
        let at = |name: &str| folder.join(name);
        files::make_directory(folder)?;
        let lock = File::create(at(LOCK)).map_err(|error| StateError::System(at(LOCK), error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(StateError::InUse(folder.to_owned())),
            // File systems that cannot lock leave it to the user to run one at a time.
            Err(std::fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(std::fs::TryLockError::Error(error)) => return Err(StateError::System(at(LOCK), error)),
        }
        let about = About::new(options);
        let saved = load(&at(CHECKPOINT), folder, &about)?;
        let extents = saved.as_ref().map_or_else(Default::default, |own| own.5);
        let open = |name: &str, extent: Extent| {
            Append::open(&at(name), extent).map_err(|error| match error.kind() {
                io::ErrorKind::InvalidData => StateError::Damaged(folder.to_owned()),
                _ => StateError::System(at(name), error),
            })
        };
        let growing = [open(DELIVERIES, extents[0])?, open(TEXTS, extents[1])?, open(NAMES, extents[2])?];
        let mut own = Self {
            folder: folder.to_owned(),
            about,
            every,
            restored: None,
            growing,
            segments: Vec::new(),
            last: (0, 0, 0),
            _lock: lock,
        };
        if let Some((found, workers, metered, asked, segments, _)) = saved {
            own.segments = segments;
            own.last.0 = metered.files;
            let fail = |error| StateError::System(own.folder.clone(), error);
            let texts = own.all(1, 20, fingerprint).map_err(fail)?;
            let names = own.all(2, 16, |bytes| u128::from_le_bytes(*first(bytes))).map_err(fail)?;
            own.restored = Some(Restored { found, workers, metered, asked, texts, names });
        }
        Ok(own)
    }

    /// Returns how many files were read before, if the reading goes on.
    pub fn goes_on_after(&self) -> Option<u64> {
        self.restored.as_ref().map(|own| own.metered.files)
    }

    /// Reads all of a growing file.
    fn all<T>(&self, which: usize, size: usize, read: impl Fn(&[u8]) -> T) -> io::Result<Vec<T>> {
        let own = &self.growing[which];
        let mut source = BufReader::with_capacity(1 << 16, own.part(0, own.extent().bytes));
        let mut all = Vec::new();
        let mut bytes = vec![0; size];
        for _ in 0..own.extent().bytes / size as u64 {
            source.read_exact(&mut bytes)?;
            all.push(read(&bytes));
        }
        Ok(all)
    }

    /// Returns what goes on, once.
    pub(super) fn take(&mut self) -> Restored {
        self.restored.take().unwrap_or_default()
    }

    /// Tells whether it is time to write the reading down, after so many files and tenths of a second.
    pub(super) fn is_due(&self, files: u64, ticks: u64) -> bool {
        let (last_files, last_ticks, took) = self.last;
        match self.every {
            Some(every) => files >= last_files + every,
            None => ticks >= last_ticks + LEAST_TICKS.max(20 * took),
        }
    }

    /// Writes the reading down; `ticks` tells how late it is.
    pub(super) fn save(
        &mut self,
        found: &Found,
        workers: &mut [&mut Worker],
        (metered, asked): (Metered, &[AskedOf]),
        (texts, names): (&[Fingerprint], &[u128]),
        ticks: &dyn Fn() -> u64,
    ) -> Result<(), StateError> {
        let begun = ticks();
        self.grow(workers, texts, names).map_err(|error| StateError::System(self.folder.clone(), error))?;
        let tallies: Vec<(&Tally, &FileTally)> = workers.iter().map(|own| (&own.tally, &own.files)).collect();
        let extents = [0, 1, 2].map(|own: usize| self.growing[own].extent());
        let payload = postcard::to_stdvec(&(found, tallies, metered, asked, &self.segments, extents));
        let about = postcard::to_stdvec(&self.about);
        let path = self.folder.join(CHECKPOINT);
        let fail = |error: postcard::Error| StateError::System(path.clone(), io::Error::other(error));
        let (payload, about) = (payload.map_err(fail)?, about.map_err(fail)?);
        let mut file = PendingFile::create(&path)?;
        let mut sum = crc32fast::Hasher::new();
        for part in [MAGIC, &(about.len() as u64).to_le_bytes(), &about, &payload] {
            sum.update(part);
            file.write_bytes(part)?;
        }
        file.write_bytes(&sum.finalize().to_le_bytes())?;
        file.publish()?;
        self.last = (metered.files, ticks(), ticks() - begun);
        Ok(())
    }

    /// Writes away what is only added to.
    fn grow(&mut self, workers: &mut [&mut Worker], texts: &[Fingerprint], names: &[u128]) -> io::Result<()> {
        let [deliveries, all_texts, all_names] = &mut self.growing;
        for (at, worker) in workers.iter_mut().enumerate() {
            for run in worker.tally.deliveries.take_runs()? {
                let begin = deliveries.extent().bytes;
                let mut out = BufWriter::with_capacity(1 << 16, &mut *deliveries);
                let bytes = run.write(&mut out)?;
                out.flush()?;
                if bytes > 0 {
                    self.segments.push(Segment { worker: at, at: begin, bytes });
                }
            }
        }
        let mut out = BufWriter::with_capacity(1 << 16, &mut *all_texts);
        for (length, sum, ends) in texts {
            out.write_all(&length.to_le_bytes())?;
            out.write_all(&sum.to_le_bytes())?;
            out.write_all(&ends.to_le_bytes())?;
        }
        out.flush()?;
        drop(out);
        let mut out = BufWriter::with_capacity(1 << 16, &mut *all_names);
        names.iter().try_for_each(|own| out.write_all(&own.to_le_bytes()))?;
        out.flush()?;
        drop(out);
        self.growing.iter().try_for_each(Append::settle)
    }

    /// Returns the deliveries written away, by worker.
    pub(super) fn runs(&self) -> Vec<(usize, Run)> {
        let room = READING.checked_div(self.segments.len() as u64).unwrap_or(0).clamp(1 << 12, 1 << 16);
        let room = usize::try_from(room).unwrap_or(1 << 12);
        let run = |own: &Segment| {
            let part = self.growing[0].part(own.at, own.bytes);
            (own.worker, Run::Kept(BufReader::with_capacity(room, part)))
        };
        self.segments.iter().map(run).collect()
    }

    /// Removes the state: the reading is done, and what it brought is where it belongs.
    ///
    /// # Errors
    /// [`StateError`] when a file cannot be removed.
    pub fn finish(self) -> Result<(), StateError> {
        // The sums first: without them the others count for nothing.
        let names = [CHECKPOINT, DELIVERIES, TEXTS, NAMES, LOCK];
        let there: Vec<PathBuf> =
            names.iter().map(|name| self.folder.join(name)).filter(|own| own.exists()).collect();
        drop(self);
        Ok(files::remove_files(&there)?)
    }
}

fn first<const N: usize>(bytes: &[u8]) -> &[u8; N] {
    bytes.first_chunk().unwrap_or(&[0; N])
}

fn fingerprint(bytes: &[u8]) -> Fingerprint {
    (
        u64::from_le_bytes(*first(bytes)),
        u32::from_le_bytes(*first(&bytes[8..])),
        u64::from_le_bytes(*first(&bytes[12..])),
    )
}

/// Reads the sums; nothing where there are none.
fn load(path: &Path, folder: &Path, about: &About) -> Result<Option<Saved>, StateError> {
    let damaged = || StateError::Damaged(folder.to_owned());
    let bytes = match std::fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(|error| StateError::System(path.to_owned(), error))?,
    };
    let (text, sum) = bytes.split_last_chunk().ok_or_else(damaged)?;
    if crc32fast::hash(text) != u32::from_le_bytes(*sum) {
        return Err(damaged());
    }
    let rest = text
        .strip_prefix(MAGIC)
        .ok_or_else(|| StateError::Version(folder.to_owned(), "another form".to_owned()))?;
    let (length, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let (kept, payload) = rest.split_at_checked(length).ok_or_else(damaged)?;
    let kept: About = postcard::from_bytes(kept).map_err(|_| damaged())?;
    if kept.version != about.version {
        return Err(StateError::Version(folder.to_owned(), kept.version));
    }
    if kept != *about {
        return Err(StateError::Other(folder.to_owned(), kept.words(), about.words()));
    }
    postcard::from_bytes(payload).map(Some).map_err(|_| damaged())
}

/// Makes workers of what was kept, and of nothing as many more as are wanted.
pub(super) fn workers(
    kept: Vec<(Tally, FileTally)>,
    wanted: usize,
    new: impl Fn() -> (Tally, FileTally),
    deliveries: impl Fn() -> Deliveries,
) -> Vec<Worker> {
    let mut all: Vec<Worker> = Vec::new();
    for (mut tally, files) in kept {
        tally.deliveries = deliveries();
        all.push(Worker::new(tally, files));
    }
    while all.len() < wanted {
        let (tally, files) = new();
        all.push(Worker::new(tally, files));
    }
    all
}

/// Sums of events, as they are kept.
pub(super) mod sum {
    use crate::domain::LogSum;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(own: &LogSum, serializer: S) -> Result<S::Ok, S::Error> {
        (own.events, own.bytes, own.errors, own.copies).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LogSum, D::Error> {
        let (events, bytes, errors, copies) = Deserialize::deserialize(deserializer)?;
        Ok(LogSum { events, bytes, errors, copies })
    }
}

/// Changes of what is recorded, as they are kept.
pub(super) mod change {
    use crate::domain::LogChange;
    use crate::sources::logs::day;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    type Parts =
        ((String, String, String, String), (String, String, String, bool, bool), Option<Vec<String>>);

    pub(crate) fn serialize<S: Serializer>(own: &LogChange, serializer: S) -> Result<S::Ok, S::Error> {
        let first = (&own.time, &own.account, &own.region, &own.event_name);
        let flags = (own.failed, own.of_organization);
        (first, (&own.who, &own.subject, &own.what, flags.0, flags.1), &own.insights).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LogChange, D::Error> {
        let ((time, account, region, event_name), (who, subject, what, failed, of_organization), insights) =
            Parts::deserialize(deserializer)?;
        let day = day::time(time.as_bytes()).and_then(|own| day::date(own.0));
        Ok(LogChange {
            time,
            day,
            account,
            region,
            event_name,
            who,
            subject,
            what,
            insights,
            of_organization,
            failed,
        })
    }
}

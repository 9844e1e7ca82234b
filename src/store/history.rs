//! The folder with a file for each month.

use super::document::{self, Unread};
use super::error::HistoryError;
use crate::domain::{Month, Snapshot};
use crate::io::{self, PendingFile};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A folder with one file a month, `2026-11.json`, and what each was before beside it, `2026-11.previous.json`.
///
/// Files take their places whole: whenever the process ends, each month is as it was before or as it is now. Whoever records holds
/// the folder's lock.
#[derive(Debug, Clone)]
pub struct History {
    folder: PathBuf,
}

/// What recording did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// The month is new.
    New,
    /// The month has more or other figures than before.
    Changed,
    /// Everything was there already.
    Same,
}

/// The lock's file.
const LOCK: &str = ".trailcost-history.lock";
/// How often and how long another process is waited for: twenty seconds in all.
const WAITS: u32 = 1_000;
const WAIT: Duration = Duration::from_millis(20);

impl History {
    /// Names the folder; it need not be there yet.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Returns the file of a month.
    pub fn path(&self, month: Month) -> PathBuf {
        self.folder.join(format!("{month}.json"))
    }

    fn previous_path(&self, month: Month) -> PathBuf {
        self.folder.join(format!("{month}.previous.json"))
    }

    /// Returns the months recorded, in order.
    ///
    /// # Errors
    /// [`HistoryError`] when the folder cannot be read.
    pub fn months(&self) -> Result<Vec<Month>, HistoryError> {
        let entries = io::entries(&self.folder)?;
        let names = entries.iter().filter_map(|path| path.file_name()?.to_str());
        let mut months: Vec<Month> =
            names.filter_map(|name| name.strip_suffix(".json")?.parse().ok()).collect();
        months.sort();
        Ok(months)
    }

    /// Reads a month; nothing where it is not recorded.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read, or is not what was recorded.
    pub fn read(&self, month: Month) -> Result<Option<Snapshot>, HistoryError> {
        Ok(self.read_with_text(month)?.map(|own| own.0))
    }

    fn read_with_text(&self, month: Month) -> Result<Option<(Snapshot, String)>, HistoryError> {
        let path = self.path(month);
        if !path.exists() {
            return Ok(None);
        }
        let corrupt = |why: String| {
            let previous = Some(self.previous_path(month)).filter(|own| own.exists());
            HistoryError::Corrupt { path: path.clone(), why, previous }
        };
        let text = match io::read_text(&path) {
            Ok(text) => text,
            Err(error) if matches!(error.reason, io::FileReason::NotUtf8(_) | io::FileReason::Empty) => {
                return Err(corrupt(error.to_string()));
            }
            Err(error) => return Err(error.into()),
        };
        match document::read(&text) {
            Ok(own) if own.month == month => Ok(Some((own, text))),
            Ok(own) => Err(corrupt(format!("it is of {}, not of {month}", own.month))),
            Err(Unread::Newer(version)) => Err(HistoryError::Newer { path: path.clone(), version }),
            Err(Unread::Corrupt(why)) => Err(corrupt(why)),
        }
    }

    /// Lets `change` make a month out of what is recorded of it, and writes it down.
    ///
    /// # Errors
    /// [`HistoryError`] when the folder cannot be read or written, another process keeps it for long, what is recorded
    /// of the month is damaged, or `change` refuses.
    pub fn record(
        &self,
        month: Month,
        change: impl FnOnce(Option<Snapshot>) -> Result<Snapshot, HistoryError>,
    ) -> Result<Recorded, HistoryError> {
        io::make_directory(&self.folder)?;
        let _lock = self.lock()?;
        let before = self.read_with_text(month)?;
        let (before, old_text) = before.map_or((None, None), |own| (Some(own.0), Some(own.1)));
        let unchanged = before.clone();
        let after = change(before)?;
        // A file of an earlier version stays as it is until something is to be added.
        if unchanged.as_ref() == Some(&after) {
            return Ok(Recorded::Same);
        }
        let text = document::write(&after);
        let outcome = match &old_text {
            None => Recorded::New,
            Some(old) => {
                publish(&self.previous_path(month), old)?;
                Recorded::Changed
            }
        };
        publish(&self.path(month), &text)?;
        Ok(outcome)
    }

    /// Waits until nobody else records. The lock ends with the file that is returned, or with the process.
    fn lock(&self) -> Result<File, HistoryError> {
        let path = self.folder.join(LOCK);
        let fail = |error| io::FileError {
            path: path.clone(),
            action: io::Action::Write,
            reason: io::FileReason::System(error),
        };
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(fail)?;
        for _ in 0..WAITS {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(error)) => return Err(fail(error).into()),
                Err(TryLockError::WouldBlock) => std::thread::sleep(WAIT),
            }
        }
        Err(HistoryError::InUse(self.folder.clone()))
    }
}

fn publish(path: &Path, text: &str) -> Result<(), HistoryError> {
    let mut file = PendingFile::create(path)?;
    file.write_bytes(text.as_bytes())?;
    Ok(file.publish()?)
}

//! A file that only grows, with a checksum of what counts of it.

use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// How much of a file counts, and the checksum of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Extent {
    pub(super) bytes: u64,
    sum: u32,
}

/// A file that only grows. What was written after the last extent that somebody keeps is cut off when it is opened.
#[derive(Debug)]
pub(super) struct Append {
    file: Arc<Mutex<File>>,
    bytes: u64,
    sum: crc32fast::Hasher,
}

impl Append {
    /// Opens a file, of which so much counts.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] when it has less, or something else.
    pub(super) fn open(path: &Path, extent: Extent) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        let mut sum = crc32fast::Hasher::new();
        let mut left = extent.bytes;
        let mut piece = vec![0; 1 << 16];
        while left > 0 {
            let room = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let read = file.read(&mut piece[..room])?;
            if read == 0 {
                break;
            }
            sum.update(&piece[..read]);
            left -= read as u64;
        }
        if left > 0 || sum.clone().finalize() != extent.sum {
            return Err(io::ErrorKind::InvalidData.into());
        }
        file.set_len(extent.bytes)?;
        Ok(Self { file: Arc::new(Mutex::new(file)), bytes: extent.bytes, sum })
    }

    /// Returns how much there is.
    pub(super) fn extent(&self) -> Extent {
        Extent { bytes: self.bytes, sum: self.sum.clone().finalize() }
    }

    /// Brings what was written to the disk.
    pub(super) fn settle(&self) -> io::Result<()> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).sync_data()
    }

    /// Returns a part of what was written.
    pub(super) fn part(&self, at: u64, bytes: u64) -> Part {
        Part { file: Arc::clone(&self.file), at, end: at + bytes }
    }
}

impl Write for Append {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.bytes))?;
        let written = file.write(bytes)?;
        self.sum.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A part of a file, read while others read other parts.
#[derive(Debug)]
pub(super) struct Part {
    file: Arc<Mutex<File>>,
    at: u64,
    end: u64,
}

impl Read for Part {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX).min(room.len());
        if left == 0 {
            return Ok(0);
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(&mut room[..left])?;
        self.at += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_kept_is_cut_off_and_damage_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x");
        let mut own = Append::open(&path, Extent::default()).unwrap();
        own.write_all(b"kept").unwrap();
        let kept = own.extent();
        own.write_all(b"lost").unwrap();
        let later = own.extent();
        drop(own);
        let mut own = Append::open(&path, kept).unwrap();
        own.write_all(b" on").unwrap();
        let mut text = String::new();
        own.part(2, 5).read_to_string(&mut text).unwrap();
        assert_eq!(text, "pt on");
        drop(own);
        assert_eq!(Append::open(&path, later).unwrap_err().kind(), io::ErrorKind::InvalidData);
        std::fs::write(&path, "kepd").unwrap();
        assert_eq!(Append::open(&path, kept).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}

//! Files: reading with errors that say what to do, and writing that leaves nothing half-written.
//!
//! In: paths. Out: texts, or published files. Must not know: what is inside them.

use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Says what could not be done with a file, and why.
#[derive(Debug)]
pub struct FileError {
    /// The path as the user gave it.
    pub path: PathBuf,
    /// What was being done.
    pub action: Action,
    /// Why it failed.
    pub reason: FileReason,
}

/// What is done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Reading.
    Read,
    /// Writing.
    Write,
}

/// Why a file could not be read or written.
#[derive(Debug)]
pub enum FileReason {
    /// The path is a directory.
    IsDirectory,
    /// The path names no file to write.
    NoFileName,
    /// The bytes are not UTF-8; the first bad byte is at this position.
    NotUtf8(usize),
    /// The file is empty.
    Empty,
    /// The file is larger than [`LARGEST_TEXT`], or has no end.
    TooLarge,
    /// What the system says.
    System(io::Error),
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = match self.action {
            Action::Read => "read",
            Action::Write => "write",
        };
        write!(formatter, "cannot {action} {}: ", self.path.display())?;
        match &self.reason {
            FileReason::IsDirectory => formatter.write_str("it is a directory"),
            FileReason::NoFileName => formatter.write_str("the path names no file"),
            FileReason::NotUtf8(at) => write!(formatter, "byte {at} is not UTF-8 text"),
            FileReason::Empty => formatter.write_str("it is empty"),
            FileReason::TooLarge => {
                formatter.write_str("it is larger than 1 GiB, which no input of this kind is")
            }
            FileReason::System(error) => match error.kind() {
                io::ErrorKind::NotFound => formatter.write_str("no such file or directory"),
                io::ErrorKind::PermissionDenied => formatter.write_str("permission denied"),
                io::ErrorKind::StorageFull => formatter.write_str("no space is left"),
                io::ErrorKind::FileTooLarge => formatter.write_str("the file-size limit is reached"),
                io::ErrorKind::NotADirectory => formatter.write_str("a part of the path is not a directory"),
                _ => write!(formatter, "{error}"),
            },
        }
    }
}

impl std::error::Error for FileError {}

fn failed(path: &Path, action: Action, error: io::Error) -> FileError {
    let reason = if error.kind() == io::ErrorKind::IsADirectory {
        FileReason::IsDirectory
    } else {
        FileReason::System(error)
    };
    FileError { path: path.to_owned(), action, reason }
}

/// Larger texts are not read: a device without end must not fill the memory.
pub const LARGEST_TEXT: u64 = 1 << 30;

/// Reads a whole text file; a byte order mark is dropped.
///
/// # Errors
/// [`FileError`] when it cannot be read, is a directory, is empty, or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    let refuse = |reason| FileError { path: path.to_owned(), action: Action::Read, reason };
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST_TEXT + 1).read_to_end(&mut bytes))
        .map_err(|error| failed(path, Action::Read, error))?;
    if bytes.len() as u64 > LARGEST_TEXT {
        return Err(refuse(FileReason::TooLarge));
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| refuse(FileReason::NotUtf8(error.utf8_error().valid_up_to())))?;
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    if text.trim().is_empty() {
        return Err(refuse(FileReason::Empty));
    }
    Ok(text)
}

/// Returns the `.csv` files of a directory, sorted by name.
///
/// # Errors
/// [`FileError`] when the directory cannot be read.
pub fn csv_files(directory: &Path) -> Result<Vec<PathBuf>, FileError> {
    files_of(directory, "csv")
}

/// Returns the `.toml` files of a directory, sorted by name.
///
/// # Errors
/// [`FileError`] when the directory cannot be read.
pub fn toml_files(directory: &Path) -> Result<Vec<PathBuf>, FileError> {
    files_of(directory, "toml")
}

/// Returns what stands in a directory, sorted by name; nothing where there is no such directory.
///
/// # Errors
/// [`FileError`] when the directory cannot be read.
pub fn entries(directory: &Path) -> Result<Vec<PathBuf>, FileError> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|error| failed(directory, Action::Read, error))?,
    };
    let mut paths = entries
        .map(|entry| entry.map(|own| own.path()).map_err(|error| failed(directory, Action::Read, error)))
        .collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}

fn files_of(directory: &Path, ending: &str) -> Result<Vec<PathBuf>, FileError> {
    let entries = fs::read_dir(directory).map_err(|error| failed(directory, Action::Read, error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| failed(directory, Action::Read, error))?.path();
        if path.extension() == Some(OsStr::new(ending)) && !path.is_dir() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Makes a directory and its parents.
///
/// # Errors
/// [`FileError`] when it cannot be made, or a file is in its place.
pub fn make_directory(path: &Path) -> Result<(), FileError> {
    fs::create_dir_all(path).map_err(|error| {
        let error = if path.exists() { io::Error::from(io::ErrorKind::NotADirectory) } else { error };
        failed(path, Action::Write, error)
    })
}

/// Removes files.
///
/// # Errors
/// [`FileError`] for the first one that cannot be removed.
pub fn remove_files(paths: &[PathBuf]) -> Result<(), FileError> {
    paths
        .iter()
        .try_for_each(|path| fs::remove_file(path).map_err(|error| failed(path, Action::Write, error)))
}

/// A file that is being written. It appears under its name, whole, when it is published, and not before.
///
/// On Linux its content has no name at all until then, so that even a killed process leaves nothing behind; elsewhere,
/// and on file systems that cannot do that, it is a temporary file beside its place, removed when dropped.
#[derive(Debug)]
pub struct PendingFile {
    path: PathBuf,
    content: Content,
}

#[derive(Debug)]
enum Content {
    #[cfg(target_os = "linux")]
    Unnamed(io::BufWriter<File>),
    Named(io::BufWriter<tempfile::NamedTempFile>),
}

impl PendingFile {
    /// Begins a file that will be published at `path`.
    ///
    /// # Errors
    /// [`FileError`] when the directory is missing or cannot be written, or a directory is in its place.
    pub fn create(path: &Path) -> Result<Self, FileError> {
        let refuse = |reason| FileError { path: path.to_owned(), action: Action::Write, reason };
        if path.is_dir() {
            return Err(refuse(FileReason::IsDirectory));
        }
        if path.file_name().is_none() {
            return Err(refuse(FileReason::NoFileName));
        }
        let directory = directory_of(path);
        #[cfg(target_os = "linux")]
        if let Some(file) = unnamed::create(directory) {
            return Ok(Self {
                path: path.to_owned(),
                content: Content::Unnamed(io::BufWriter::with_capacity(1 << 16, file)),
            });
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".trailcost-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(directory).map_err(|error| failed(path, Action::Write, error))?;
        Ok(Self {
            path: path.to_owned(),
            content: Content::Named(io::BufWriter::with_capacity(1 << 16, file)),
        })
    }

    /// Brings everything written so far to the disk, so that publishing is only a renaming.
    ///
    /// # Errors
    /// [`FileError`] when the rest cannot be written.
    pub fn settle(&mut self) -> Result<(), FileError> {
        let settled = self.flush().and_then(|()| match &mut self.content {
            #[cfg(target_os = "linux")]
            Content::Unnamed(writer) => writer.get_ref().sync_all(),
            Content::Named(writer) => writer.get_ref().as_file().sync_all(),
        });
        settled.map_err(|error| failed(&self.path, Action::Write, error))
    }

    /// Makes a settled file visible under its name, in place of an older one.
    ///
    /// # Errors
    /// [`FileError`] when the file cannot be put into its place.
    pub fn publish(mut self) -> Result<(), FileError> {
        self.settle()?;
        let path = self.path;
        let fail = |error| failed(&path, Action::Write, error);
        match self.content {
            #[cfg(target_os = "linux")]
            Content::Unnamed(writer) => {
                let file = writer.into_inner().map_err(|error| fail(error.into_error()))?;
                unnamed::publish(&file, &path).map_err(fail)
            }
            Content::Named(writer) => {
                let file = writer.into_inner().map_err(|error| fail(error.into_error()))?;
                file.persist(&path).map(|_| ()).map_err(|error| fail(error.error))
            }
        }
    }

    /// Writes bytes.
    ///
    /// # Errors
    /// [`FileError`] with the path.
    pub fn write_bytes(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let written = self.write_all(bytes);
        written.map_err(|error| failed(&self.path, Action::Write, error))
    }

    /// Returns the path it will be published at.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Write for PendingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.content {
            #[cfg(target_os = "linux")]
            Content::Unnamed(writer) => writer.write(bytes),
            Content::Named(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.content {
            #[cfg(target_os = "linux")]
            Content::Unnamed(writer) => writer.flush(),
            Content::Named(writer) => writer.flush(),
        }
    }
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Files without a name, and giving them one.
#[cfg(target_os = "linux")]
mod unnamed {
    use super::directory_of;
    use rustix::fs::{AtFlags, CWD, Mode, OFlags};
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd;
    use std::path::Path;

    /// Returns nothing where the file system has no unnamed files, or something else stands in the way.
    pub(super) fn create(directory: &Path) -> Option<File> {
        let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
        rustix::fs::open(directory, flags, Mode::from_raw_mode(0o666)).ok().map(File::from)
    }

    /// Links the file under a hidden name beside its place, and renames it into the place.
    pub(super) fn publish(file: &File, path: &Path) -> io::Result<()> {
        let own = format!("/proc/self/fd/{}", file.as_raw_fd());
        let mut number = 0_u32;
        let hidden = loop {
            let name = format!(".trailcost-{}-{number}.tmp", std::process::id());
            let hidden = directory_of(path).join(name);
            match rustix::fs::linkat(CWD, own.as_str(), CWD, &hidden, AtFlags::SYMLINK_FOLLOW) {
                Ok(()) => break hidden,
                Err(rustix::io::Errno::EXIST) if number < 1_000 => number += 1,
                Err(error) => return Err(error.into()),
            }
        };
        std::fs::rename(&hidden, path).inspect_err(|_| {
            let _ = std::fs::remove_file(&hidden);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_there_before_publishing_and_all_after() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out.csv");
        fs::write(&path, "old").unwrap();
        let mut pending = PendingFile::create(&path).unwrap();
        pending.write_bytes(b"new").unwrap();
        pending.flush().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        pending.publish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        drop(PendingFile::create(&path).unwrap());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_directory_or_a_missing_directory_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let inside = PendingFile::create(directory.path()).unwrap_err();
        assert!(inside.to_string().ends_with("it is a directory"), "{inside}");
        let missing = PendingFile::create(&directory.path().join("no/where.csv")).unwrap_err();
        assert!(missing.to_string().ends_with("no such file or directory"), "{missing}");
    }
}

//! Which files there are to read.

use super::objects::ObjectFault;
use super::path::is_log_name;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why something in a folder is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Skip {
    NotALogName,
    NotARegularFile,
    SymlinkLoop,
    WalkedAlready,
    Repeated,
    Archived,
    Replaced,
}

impl Skip {
    pub(super) const ALL: [Self; 7] = [
        Self::NotALogName,
        Self::NotARegularFile,
        Self::SymlinkLoop,
        Self::WalkedAlready,
        Self::Repeated,
        Self::Archived,
        Self::Replaced,
    ];

    /// Returns the reason's id and its words.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NotALogName => ("not_a_log_name", "named like no log file"),
            Self::NotARegularFile => ("not_a_regular_file", "a pipe, device or socket"),
            Self::SymlinkLoop => ("symlink_loop", "a link to a folder above it"),
            Self::WalkedAlready => ("walked_already", "a folder read before under another name"),
            Self::Repeated => ("repeated", "the same log read before"),
            Self::Archived => ObjectFault::Archived.words(),
            Self::Replaced => ("replaced", "damaged or empty; another file of the same name was read"),
        }
    }
}

/// What stands in a folder.
#[derive(Debug, Clone, Copy)]
enum Entry {
    Folder,
    /// A file, with its size where that is asked for.
    File(Option<u64>),
    /// A link, or anything else.
    Other,
}

/// Something met on the way.
#[derive(Debug)]
pub(super) enum Met {
    /// A file to read, with its size where that is asked for.
    File(PathBuf, Option<u64>),
    /// Something that is not read.
    Skipped(PathBuf, Skip),
    /// A folder that cannot be read.
    Unreadable(PathBuf),
    /// A file that was gone, or cannot be looked at.
    Lost(PathBuf, io::Error),
}

/// Walks folders, depth first and by name, each once.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Whether each file's size is asked for.
    with_sizes: bool,
    above: Vec<Place>,
    seen: HashSet<Place>,
}

/// What a folder is, whatever its path.
type Place = (u64, u64, PathBuf);

impl Walk {
    pub(super) fn new(with_sizes: bool) -> Self {
        Self { with_sizes, ..Self::default() }
    }

    /// Walks an argument: a file as it is, a folder with all that is in it. `meet` says whether to go on.
    pub(super) fn argument(&mut self, path: &Path, meet: &mut dyn FnMut(Met) -> bool) -> bool {
        match fs::metadata(path) {
            Ok(own) if own.is_dir() => self.folder(path, meet),
            Ok(own) if own.is_file() => meet(Met::File(path.to_owned(), Some(own.len()))),
            Ok(_) => meet(Met::Skipped(path.to_owned(), Skip::NotARegularFile)),
            Err(error) => meet(Met::Lost(path.to_owned(), error)),
        }
    }

    fn folder(&mut self, path: &Path, meet: &mut dyn FnMut(Met) -> bool) -> bool {
        let Ok(place) = place(path) else { return meet(Met::Unreadable(path.to_owned())) };
        if self.above.contains(&place) {
            return meet(Met::Skipped(path.to_owned(), Skip::SymlinkLoop));
        }
        if !self.seen.insert(place.clone()) {
            return meet(Met::Skipped(path.to_owned(), Skip::WalkedAlready));
        }
        let Ok(entries) = fs::read_dir(path) else { return meet(Met::Unreadable(path.to_owned())) };
        let mut names: Vec<(OsString, Entry)> = Vec::new();
        for entry in entries {
            match entry {
                Ok(own) => {
                    let entry = match own.file_type() {
                        Ok(kind) if kind.is_dir() => Entry::Folder,
                        // Asked of the folder: the whole path need not be walked again.
                        Ok(kind) if kind.is_file() && self.with_sizes => {
                            own.metadata().map_or(Entry::Other, |own| Entry::File(Some(own.len())))
                        }
                        Ok(kind) if kind.is_file() => Entry::File(None),
                        _ => Entry::Other,
                    };
                    names.push((own.file_name(), entry));
                }
                Err(_) => {
                    if !meet(Met::Unreadable(path.to_owned())) {
                        return false;
                    }
                }
            }
        }
        names.sort_by(|one, two| one.0.cmp(&two.0));
        self.above.push(place);
        let goes_on = names.iter().all(|(name, entry)| self.entry(path.join(name), *entry, meet));
        self.above.pop();
        goes_on
    }

    fn entry(&mut self, path: PathBuf, entry: Entry, meet: &mut dyn FnMut(Met) -> bool) -> bool {
        let size = match entry {
            Entry::Folder => return self.folder(&path, meet),
            Entry::File(size) => size,
            // Links are followed.
            Entry::Other => match fs::metadata(&path) {
                Ok(own) if own.is_dir() => return self.folder(&path, meet),
                Ok(own) if own.is_file() => Some(own.len()),
                Ok(_) => return meet(Met::Skipped(path, Skip::NotARegularFile)),
                Err(error) => return meet(Met::Lost(path, error)),
            },
        };
        let name = path.file_name().unwrap_or_default();
        let is_log = name.to_str().map_or_else(|| is_log_name(&name.to_string_lossy()), is_log_name);
        if !is_log {
            return meet(Met::Skipped(path, Skip::NotALogName));
        }
        meet(Met::File(path, size))
    }
}

#[cfg(unix)]
fn place(path: &Path) -> io::Result<Place> {
    use std::os::unix::fs::MetadataExt;
    let own = fs::metadata(path)?;
    Ok((own.dev(), own.ino(), PathBuf::new()))
}

#[cfg(not(unix))]
fn place(path: &Path) -> io::Result<Place> {
    Ok((0, 0, fs::canonicalize(path)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(path: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let mut meet = |own: Met| {
            let shown = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
            found.push(match own {
                Met::File(path, size) => format!("{} {}", shown(&path), size.unwrap()),
                Met::Skipped(path, why) => format!("{} {}", shown(&path), why.words().0),
                Met::Unreadable(path) => format!("{} unreadable", shown(&path)),
                Met::Lost(path, _) => format!("{} lost", shown(&path)),
            });
            true
        };
        assert!(Walk::new(true).argument(path, &mut meet));
        found
    }

    #[test]
    fn folders_are_walked_by_name_and_odd_things_told() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        fs::create_dir(path.join("b")).unwrap();
        fs::write(path.join("b/x.json.gz"), "12").unwrap();
        fs::write(path.join("a.json"), "1").unwrap();
        fs::write(path.join("notes.md"), "1").unwrap();
        fs::write(path.join("new\nline.json"), "1").unwrap();
        let mut expected = vec!["a.json 1", "x.json.gz 2"];
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(path, path.join("b/y")).unwrap();
            std::os::unix::fs::symlink(path.join("b"), path.join("c")).unwrap();
            std::os::unix::fs::symlink(path.join("nowhere"), path.join("d.json")).unwrap();
            expected.extend(["y symlink_loop", "c walked_already", "d.json lost"]);
        }
        expected.extend(["new\nline.json 1", "notes.md not_a_log_name"]);
        assert_eq!(walk(path), expected);
        assert_eq!(walk(&path.join("notes.md")), ["notes.md 1"]);
    }
}

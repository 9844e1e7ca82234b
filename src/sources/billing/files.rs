//! The files that paths stand for.

use super::container::cannot_read;
use super::odd::{Odd, Odds};
use crate::domain::Diagnostic;
use std::fs;
use std::path::{Path, PathBuf};

/// Turns paths into files; of a folder those that are exports by their name, in the order of names.
pub(super) fn expand(paths: &[PathBuf], odds: &mut Odds) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        walk(path, &mut files, odds)?;
        if files.len() == before {
            let name = path.display().to_string();
            let message = format!("there is no csv, csv.gz or Parquet file in {name}");
            return Err(Diagnostic::error(&name, message)
                .hint("name the export, or the folder that its parts are in")
                .into());
        }
    }
    Ok(files)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>, odds: &mut Odds) -> Result<(), Box<Diagnostic>> {
    let fail = |error: &std::io::Error| {
        let name = folder.display().to_string();
        Box::new(cannot_read(error).finding(&name))
    };
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| fail(&error))? {
        entries.push(entry.map_err(|error| fail(&error))?.path());
    }
    entries.sort();
    for path in entries {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            walk(&path, files, odds)?;
        } else if [".csv", ".gz", ".parquet", ".zip"].iter().any(|end| name.ends_with(end)) {
            files.push(path);
        } else {
            odds.add(Odd::SkippedFiles, 1, &path.display().to_string());
        }
    }
    Ok(())
}

/// Tells whether two files hold the same bytes.
pub(super) fn same_bytes(left: &Path, right: &Path) -> std::io::Result<bool> {
    use std::io::{BufRead, BufReader};
    let (left, right) = (fs::File::open(left)?, fs::File::open(right)?);
    if left.metadata()?.len() != right.metadata()?.len() {
        return Ok(false);
    }
    let (mut left, mut right) =
        (BufReader::with_capacity(1 << 18, left), BufReader::with_capacity(1 << 18, right));
    loop {
        let (own, other) = (left.fill_buf()?, right.fill_buf()?);
        let length = own.len().min(other.len());
        if length == 0 {
            return Ok(own.len() == other.len());
        }
        if own[..length] != other[..length] {
            return Ok(false);
        }
        left.consume(length);
        right.consume(length);
    }
}

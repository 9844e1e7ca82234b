//! Archives of CloudTrail log files, made up from a seed: a golden one with all that occurs and goes wrong, and the two
//! shapes that benchmarks scan.

mod event;
mod golden;
mod json;
#[cfg(test)]
mod month;
mod places;
mod random;
mod shapes;
mod variants;
mod world;

pub(crate) use golden::{damaged_within, golden, tabular};
#[allow(unused_imports, reason = "only fuzzing puts files together itself")]
pub(crate) use json::{Json, Space, Style};
#[cfg(test)]
pub(crate) use month::{Delivering, Stated, month};
pub(crate) use places::CorpusFile;
#[allow(unused_imports, reason = "only fuzzing puts files together itself")]
pub(crate) use places::gzip;
#[allow(unused_imports, reason = "only tests draw from it")]
pub(crate) use random::Random;
pub(crate) use shapes::{Shape, archive};

use std::fs;
use std::path::Path;

/// Writes files below a folder.
pub(crate) fn write_below(folder: &Path, files: impl IntoIterator<Item = CorpusFile>) -> u64 {
    let mut count = 0;
    for file in files {
        let path = folder.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &file.bytes).unwrap();
        count += 1;
    }
    count
}

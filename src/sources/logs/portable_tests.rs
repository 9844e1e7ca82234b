//! Whole archives are counted alike with vector instructions and without.

#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "the tests' archives have more than this test needs"
)]
#[path = "../../../tests/it/support/log_corpus/mod.rs"]
mod log_corpus;

use super::raw::{WIDEST, Width};
use super::{LogOptions, count};
use crate::domain::LogCounts;
use flate2::read::GzDecoder;
use log_corpus::{CorpusFile, Random, Shape, archive, damaged_within, golden, write_below};
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

fn counted(folder: &Path, widest: Width) -> LogCounts {
    let options = LogOptions { prefix_depth: 1, ..LogOptions::new(vec![folder.into()], 2) };
    WIDEST.store(widest as u8, Ordering::Relaxed);
    let counts = count(&options, &AtomicBool::new(false), &mut |_| {}).unwrap();
    WIDEST.store(Width::Avx512 as u8, Ordering::Relaxed);
    counts
}

/// The texts of an archive with bytes put in, taken out and changed at random.
fn garbled(files: impl IntoIterator<Item = CorpusFile>, seed: u64) -> Vec<CorpusFile> {
    const BYTES: &[u8] = b"\"\\{}[],: \n\0\xFFunt0";
    let mut random = Random::new(seed);
    let mut own = Vec::new();
    for file in files {
        let mut text = Vec::new();
        // A damaged member brings what comes before the damage.
        drop(GzDecoder::new(file.bytes.as_slice()).read_to_end(&mut text));
        for _ in 0..random.below(4) {
            if text.is_empty() {
                break;
            }
            let at = random.below(text.len());
            match random.below(3) {
                0 => text[at] = *random.of(BYTES),
                1 => text.insert(at, *random.of(BYTES)),
                _ => drop(text.drain(at..(at + random.below(70)).min(text.len()))),
            }
        }
        own.push(CorpusFile { path: format!("{}.json", file.path), bytes: text });
    }
    own
}

#[test]
fn archives_are_counted_alike_with_vectors_and_without() {
    let archives: Vec<Vec<CorpusFile>> = vec![
        golden(11).into_iter().collect(),
        damaged_within(12).into_iter().collect(),
        archive(Shape::SMALL.scaled(2), 13).collect(),
        garbled(golden(14), 15),
        garbled(archive(Shape::SMALL.scaled(2), 16), 17),
    ];
    for (at, files) in archives.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        write_below(folder.path(), files);
        let portable = counted(folder.path(), Width::None);
        assert!(portable.sum(|_| true).events > 0, "archive {at}");
        for width in [Width::Avx2, Width::Avx512] {
            assert!(
                counted(folder.path(), width) == portable,
                "archive {at} is counted otherwise by {width:?}"
            );
        }
    }
}

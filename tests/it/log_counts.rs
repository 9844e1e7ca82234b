//! `measure logs` against a slow reference, field by field.

use crate::support::log_corpus::{CorpusFile, Shape, archive, damaged_within, golden, tabular, write_below};
use crate::support::log_reference::{self, differences};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the program prints for a folder.
fn measured(folder: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(["measure", "logs", "--format", "json"])
        .arg(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn assert_counts(folder: &Path) -> Value {
    let expected = log_reference::measure(folder);
    let mut lines = Vec::new();
    differences("", &expected, &measured(folder), &mut lines);
    assert!(
        lines.is_empty(),
        "{} differences, first of them:\n{}",
        lines.len(),
        lines[..lines.len().min(40)].join("\n")
    );
    expected
}

fn written(files: impl IntoIterator<Item = CorpusFile>) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("archive");
    write_below(&folder, files);
    (directory, folder)
}

#[test]
fn the_golden_archive_is_counted_as_the_reference_counts_it() {
    for seed in [1, 2, 3] {
        let (_directory, folder) = written(golden(seed));
        let expected = assert_counts(&folder);
        // The archive holds what it is meant to hold.
        for (name, count) in expected["totals"].as_object().unwrap() {
            assert!(count.as_u64().unwrap() > 0, "no {name} in the golden archive");
        }
        let reasons: Vec<&str> = expected["unreadable"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["reason"].as_str().unwrap())
            .collect();
        assert_eq!(
            reasons,
            [
                "corrupt_gzip",
                "empty_log",
                "not_an_event",
                "not_json",
                "trailing_garbage",
                "truncated_gzip",
                "truncated_json"
            ]
        );
        for name in ["digest_files", "empty", "repeated"] {
            assert!(expected["files"][name].as_u64().unwrap() > 0, "no {name} in the golden archive");
        }
        let kinds: Vec<&Value> =
            expected["self_logging"].as_array().unwrap().iter().map(|row| &row["kind"]).collect();
        for kind in ["delivery", "kms", "log_bucket"] {
            assert!(kinds.iter().any(|own| *own == kind), "no {kind} in the golden archive");
        }
    }
}

#[test]
fn archives_of_both_shapes_are_counted_as_the_reference_counts_them() {
    for (shape, seed) in [(Shape::SMALL.scaled(4), 4), (Shape::LARGE.scaled(7), 5)] {
        let (_directory, folder) = written(archive(shape, seed));
        let expected = assert_counts(&folder);
        assert!(expected["copies"]["copies"].as_u64().unwrap() > 0);
    }
}

#[test]
fn an_archive_that_a_table_can_read_is_counted_as_the_reference_counts_it() {
    let (_directory, folder) = written(tabular(8));
    assert_counts(&folder);
}

#[test]
fn damaged_files_are_counted_by_reason() {
    let (_directory, folder) = written(damaged_within(6));
    let (expected, found) = (log_reference::measure(&folder), measured(&folder));
    let mut lines = Vec::new();
    for key in ["unreadable", "skipped"] {
        differences(key, &expected[key], &found[key], &mut lines);
    }
    differences("log_files", &expected["files"]["log_files"], &found["files"]["log_files"], &mut lines);
    assert!(lines.is_empty(), "{}", lines.join("\n"));
    assert_eq!(expected["files"]["log_files"], 24);
}

#[test]
fn real_logs_are_counted_as_the_reference_counts_them() {
    let Some(shared) = std::env::var_os("TRAILCOST_SHARED_DATA") else {
        eprintln!("skipped: TRAILCOST_SHARED_DATA names no folder of logs");
        return;
    };
    let logs = PathBuf::from(shared).join("logs");
    for (name, files, records) in [("invictus", 55, 2900), ("stratus", 35, 310), ("traildiscover", 584, 563)]
    {
        let expected = assert_counts(&logs.join(name));
        // Repeated files are not read: what they hold is counted in the files that they repeat.
        let read = expected["files"]["log_files"].as_u64().unwrap();
        let repeated = expected["files"]["repeated"].as_u64().unwrap();
        let repeated_events = expected["files"]["repeated_events"].as_u64().unwrap();
        let empty = expected["files"]["empty"].as_u64().unwrap();
        assert_eq!(read + repeated + empty, files, "{name}");
        assert_eq!(expected["totals"]["events"].as_u64().unwrap() + repeated_events, records, "{name}");
    }
    assert_counts(&logs);
}

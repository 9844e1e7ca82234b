//! Writes an archive of log files: `make_logs golden|table|damaged|small|large DIRECTORY [PER MILLE OF THE FILES]`.
#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::panic, reason = "a tool of the benchmarks")]

#[path = "../tests/it/support/log_corpus/mod.rs"]
mod log_corpus;

use log_corpus::{Shape, archive, damaged_within, golden, tabular, write_below};
use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

/// The seed of every archive that is measured.
const SEED: u64 = 20_261_001;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (shape, folder, per_mille) = match arguments.as_slice() {
        [shape, folder] => (shape, folder, 1000),
        [shape, folder, per_mille] => (shape, folder, per_mille.parse().unwrap()),
        _ => {
            eprintln!("usage: make_logs golden|damaged|small|large DIRECTORY [PER MILLE OF THE FILES]");
            return ExitCode::from(2);
        }
    };
    let folder = PathBuf::from(folder);
    let files = match shape.as_str() {
        "golden" => write_below(&folder, golden(SEED)),
        "table" => write_below(&folder, tabular(SEED)),
        "damaged" => write_below(&folder, damaged_within(SEED)),
        "small" => write_below(&folder, archive(Shape::SMALL.scaled(per_mille), SEED)),
        "large" => write_below(&folder, archive(Shape::LARGE.scaled(per_mille), SEED)),
        other => panic!("no shape {other}"),
    };
    eprintln!("{files} files");
    ExitCode::SUCCESS
}

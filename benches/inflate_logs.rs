//! The least that any reader of an archive does: reads every file, inflates it with libdeflate and checks its sum.
//! `inflate_logs DIRECTORY THREADS` prints the bytes stored and inflated.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of the benchmarks")]

use libdeflater::{DecompressionError, Decompressor};
use std::env;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let mut paths = Vec::new();
    walk(Path::new(&arguments[1]), &mut paths);
    let threads: usize = arguments[2].parse().unwrap();
    let next = AtomicUsize::new(0);
    let sizes: Vec<(u64, u64)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| inflate(&paths, &next))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let stored: u64 = sizes.iter().map(|own| own.0).sum();
    let raw: u64 = sizes.iter().map(|own| own.1).sum();
    println!("{stored} {raw}");
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            walk(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

fn inflate(paths: &[PathBuf], next: &AtomicUsize) -> (u64, u64) {
    let (mut decompressor, mut packed, mut raw) = (Decompressor::new(), Vec::new(), Vec::new());
    let (mut stored, mut inflated) = (0, 0);
    while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
        packed.clear();
        File::open(path).unwrap().read_to_end(&mut packed).unwrap();
        // The length that the trailer gives: these files are whole, and of one member each.
        let length = u32::from_le_bytes(*packed.last_chunk().unwrap()) as usize;
        if raw.len() < length {
            raw.resize(length, 0);
        }
        let done: Result<usize, DecompressionError> =
            decompressor.gzip_decompress(&packed, &mut raw[..length]);
        assert_eq!(done.unwrap(), length, "{}", path.display());
        stored += packed.len() as u64;
        inflated += length as u64;
    }
    (stored, inflated)
}

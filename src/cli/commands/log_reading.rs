//! Reading logs with a progress bar, until they end or the user stops it.

use super::interruption::Interruption;
use crate::cli::error::CliError;
use crate::cli::log_progress::LogProgress;
use crate::cli::screen::Screen;
use crate::domain::{AdvancedEventSelector, LogCounts};
use crate::sources::logs::{self, LogOptions};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Returns the options of a reading by so many threads, one for each processor where it is not said.
pub(super) fn options(
    paths: &[PathBuf],
    threads: Option<u16>,
    selectors: Arc<[AdvancedEventSelector]>,
) -> LogOptions {
    let threads = threads.map_or_else(
        || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
        usize::from,
    );
    LogOptions {
        paths: paths.to_vec(),
        threads,
        prefix_depth: 0,
        held_deliveries: LogOptions::HELD_DELIVERIES,
        selectors,
    }
}

/// Counts logs; what is read when the user stops it is partial.
pub(super) fn count(options: &LogOptions, screen: Screen) -> Result<LogCounts, CliError> {
    let stop = Arc::new(AtomicBool::new(false));
    let interruption = Interruption::new(&stop);
    let mut progress = LogProgress::new(screen);
    let counts = logs::count(options, &stop, &mut |so_far| progress.show(so_far));
    progress.clear();
    drop(interruption);
    Ok(counts?)
}

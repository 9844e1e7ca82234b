//! Reading logs with a progress bar, until they end or the user stops it.

use super::interruption::Interruption;
use crate::cli::error::CliError;
use crate::cli::log_progress::LogProgress;
use crate::cli::screen::Screen;
use crate::domain::LogCounts;
use crate::sources::logs::{self, LogOptions};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Counts logs; what is read when the user stops it is partial.
pub(super) fn count(mut options: LogOptions, screen: Screen) -> Result<LogCounts, CliError> {
    let stop = Arc::new(AtomicBool::new(false));
    let interruption = Interruption::new(&stop);
    let mut progress = LogProgress::new(screen);
    options.with_sizes = progress.is_shown();
    let counts = logs::count(&options, &stop, &mut |so_far| progress.show(so_far));
    progress.clear();
    drop(interruption);
    Ok(counts?)
}

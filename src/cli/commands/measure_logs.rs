//! `trailcost measure logs`

use super::counted_output::{CountedOutput, publish};
use super::interruption::Interruption;
use crate::cli::args_measure::MeasureLogsArgs;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::log_progress::LogProgress;
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::sources::logs::{self, LogOptions, LogsError};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub(super) fn run(args: &MeasureLogsArgs, screen: Screen) -> Result<u8, CliError> {
    let settings = Settings::new(&args.prices)?;
    let threads = args.threads.map_or_else(
        || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
        usize::from,
    );
    let options = LogOptions {
        paths: args.paths.clone(),
        threads,
        prefix_depth: args.prefix_depth,
        held_deliveries: LogOptions::HELD_DELIVERIES,
    };
    let stop = Arc::new(AtomicBool::new(false));
    let interruption = Interruption::new(&stop);
    let mut progress = LogProgress::new(screen);
    let counts = logs::count(&options, &stop, &mut |so_far| progress.show(so_far));
    progress.clear();
    drop(interruption);
    let counts = counts?;
    let interrupted = counts.partial;
    let unreadable: u64 = counts.unreadable.iter().map(|own| own.files).sum();
    let wanted = CountedOutput { format: args.format, out: args.out.as_deref(), inputs: &args.paths };
    publish(counts, &settings.context(), wanted, screen)?;
    if interrupted {
        screen.remark("interrupted: this is what was read until then");
        return Ok(exit_code::INTERRUPTED);
    }
    if args.strict && unreadable > 0 {
        return Err(CliError::new(
            exit_code::BAD_INPUT,
            format!("{unreadable} files could not be read, or not in whole (--strict)"),
        )
        .hint("`Left out` and `unreadable` in measured.json name them"));
    }
    Ok(exit_code::DONE)
}

impl From<LogsError> for CliError {
    fn from(error: LogsError) -> Self {
        match &error {
            LogsError::Path(path, _) => Self::input(&path.display().to_string(), error.to_string(), None),
            LogsError::Temporary(_) => Self::new(exit_code::NOT_WRITTEN, error.to_string())
                .hint("make room where temporary files go, or name another place with TMPDIR"),
        }
    }
}

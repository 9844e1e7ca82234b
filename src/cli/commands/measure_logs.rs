//! `trailcost measure logs`

use super::counted_output::{CountedOutput, publish};
use super::log_reading;
use super::tried_selectors::Tried;
use crate::cli::args_measure::MeasureLogsArgs;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::sources::logs::{LogOptions, LogsError};
use std::path::PathBuf;

pub(super) fn run(args: &MeasureLogsArgs, screen: Screen) -> Result<u8, CliError> {
    let settings = Settings::new(&args.prices)?;
    let tried = Tried::new(args, &settings, screen)?;
    let options = LogOptions {
        prefix_depth: args.prefix_depth,
        ..log_reading::options(&args.paths, args.threads, tried.selectors.clone())
    };
    let counts = log_reading::count(&options, screen)?;
    let interrupted = counts.partial;
    let unreadable: u64 = counts.unreadable.iter().map(|own| own.files).sum();
    let inputs: Vec<PathBuf> = args.paths.iter().chain(&args.replay).chain(&args.keep).cloned().collect();
    let wanted = CountedOutput { format: args.format, out: args.out.as_deref(), inputs: &inputs };
    publish(counts, &settings, &tried, wanted, screen)?;
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

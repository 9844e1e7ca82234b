//! `trailcost measure logs`

use super::counted_output::{CountedOutput, publish};
use super::focus_output::FocusFile;
use super::interruption::Interruption;
use super::log_buckets::{buckets_of, days, places, reader};
use super::tried_selectors::Tried;
use crate::cli::args_measure::MeasureLogsArgs;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::log_progress::LogProgress;
use crate::cli::output;
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::plural;
use crate::report::visible;
use crate::sources::aws::objects_policy_json;
use crate::sources::logs::{self, LogOptions, LogsError, StateError, StateFolder};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub(super) fn run(args: &MeasureLogsArgs, screen: Screen) -> Result<u8, CliError> {
    let stop = Arc::new(AtomicBool::new(false));
    let interruption = Interruption::new(&stop);
    let focus = FocusFile::of(args.focus.as_deref())?;
    let settings = Settings::new(&args.prices)?;
    let threads = args.threads.map_or_else(
        || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
        usize::from,
    );
    let tried = Tried::new(args, &settings, screen)?;
    let mut progress = LogProgress::new(screen);
    let options = LogOptions {
        // What goes on later may be shown then.
        with_sizes: progress.is_shown() || args.state.is_some(),
        prefix_depth: args.prefix_depth,
        days: days(args.since.as_deref(), args.until.as_deref())?,
        selectors: tried.selectors.clone(),
        ..LogOptions::new(places(&args.paths)?, threads)
    };
    if args.access.print_policy {
        if buckets_of(&options.places).is_empty() {
            return Err(CliError::new(exit_code::USAGE, "files on this machine need no IAM policy")
                .hint("name s3://BUCKET/PREFIX with --print-policy"));
        }
        let policy = objects_policy_json(&buckets_of(&options.places))
            .map_err(|error| CliError::new(exit_code::BUG, error.to_string()))?;
        output::print(&format!("{policy}\n"))?;
        return Ok(exit_code::DONE);
    }
    let mut state = match &args.state {
        Some(folder) => Some(StateFolder::open(folder, &options, args.checkpoint)?),
        None => None,
    };
    if let Some(files) = state.as_ref().and_then(StateFolder::goes_on_after) {
        screen.remark(&format!("going on after {} read before", plural(files, "file", "files")));
    }
    let reader = reader(&args.access, &options.places, &stop)?;
    let objects = reader.as_deref();
    let counts =
        logs::count_from(&options, objects, state.as_mut(), &stop, &mut |so_far| progress.show(so_far));
    progress.clear();
    drop(interruption);
    let counts = counts.map_err(|error| hinted(error, args.state.is_some()))?;
    let interrupted = counts.partial;
    let unreadable: u64 = counts.unreadable.iter().map(|own| own.files).sum();
    let inputs: Vec<PathBuf> = args.paths.iter().chain(&args.replay).chain(&args.keep).cloned().collect();
    let wanted = CountedOutput { format: args.format, out: args.out.as_deref(), focus, inputs: &inputs };
    publish(counts, &settings, &tried, wanted, screen)?;
    if interrupted {
        screen.remark(if args.state.is_some() {
            "interrupted: this is what was read until then; the same command goes on from here"
        } else {
            "interrupted: this is what was read until then; with --state DIR the same command would go on from here"
        });
        return Ok(exit_code::INTERRUPTED);
    }
    if let Some(state) = state {
        state.finish()?;
    }
    if args.strict && unreadable > 0 {
        return Err(CliError::new(
            exit_code::BAD_INPUT,
            format!("{} could not be read, or not in whole (--strict)", plural(unreadable, "file", "files")),
        )
        .hint("`Left out` and `unreadable` in measured.json name them"));
    }
    Ok(exit_code::DONE)
}

/// Says that nothing is lost, where that is so.
fn hinted(error: LogsError, is_kept: bool) -> CliError {
    match error {
        LogsError::Objects(error) => {
            let again = "; the same command goes on from what was kept last";
            let hint = format!("{}{}", error.hint, if is_kept { again } else { "" });
            CliError::new(exit_code::NOT_READ, visible(&error.message)).hint(visible(&hint))
        }
        other => other.into(),
    }
}

impl From<StateError> for CliError {
    fn from(error: StateError) -> Self {
        let code = if error.is_of_writing() { exit_code::NOT_WRITTEN } else { exit_code::BAD_INPUT };
        Self::new(code, visible(&error.to_string())).hint(error.hint())
    }
}

impl From<LogsError> for CliError {
    fn from(error: LogsError) -> Self {
        match error {
            LogsError::State(error) => return error.into(),
            LogsError::Objects(error) => {
                return Self::new(exit_code::NOT_READ, visible(&error.message)).hint(visible(&error.hint));
            }
            _ => {}
        }
        match &error {
            LogsError::Path(path, _) => Self::input(&path.display().to_string(), error.to_string(), None),
            LogsError::NoObjects(place) => {
                Self::new(exit_code::BAD_INPUT, visible(&error.to_string())).hint(format!(
                    "correct the prefix: `aws s3 ls {}` shows what is there",
                    visible(&format!("s3://{}/", place.bucket))
                ))
            }
            _ => Self::new(exit_code::NOT_WRITTEN, error.to_string())
                .hint("make room where temporary files go, or name another place with TMPDIR"),
        }
    }
}

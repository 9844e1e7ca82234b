//! `trailcost measure logs`

use super::interruption::Interruption;
use super::log_buckets::{buckets_of, days, places, reader};
use crate::cli::args::Format;
use crate::cli::args_measure::MeasureLogsArgs;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::log_progress::LogProgress;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::io;
use crate::report::{
    CountedView, counted_json, counted_markdown, counted_tables, counted_text, days_csv, grouped,
    request_rows, visible,
};
use crate::sources::aws::objects_policy_json;
use crate::sources::logs::{self, LogOptions, LogsError, Lowered, StateError, StateFolder};
use crate::sources::scenario::{VOLUMES_FILE, WriteOptions, write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The scenario's name in the directory of `--out`.
const SCENARIO_FILE: &str = "scenario.toml";

pub(super) fn run(args: &MeasureLogsArgs, screen: Screen) -> Result<u8, CliError> {
    let settings = Settings::new(&args.prices)?;
    let threads = args.threads.map_or_else(
        || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
        usize::from,
    );
    let options = LogOptions {
        prefix_depth: args.prefix_depth,
        days: days(args.since.as_deref(), args.until.as_deref())?,
        ..LogOptions::new(places(&args.paths)?, threads)
    };
    if args.access.print_policy {
        let policy = objects_policy_json(&buckets_of(&options.places))
            .map_err(|error| CliError::new(exit_code::BUG, error.to_string()))?;
        output::print(&format!("{policy}\n"))?;
        return Ok(exit_code::DONE);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let mut state = match &args.state {
        Some(folder) => Some(StateFolder::open(folder, &options, args.checkpoint)?),
        None => None,
    };
    if let Some(files) = state.as_ref().and_then(StateFolder::goes_on_after) {
        screen.remark(&format!("going on after {} files read before", grouped(files.into())));
    }
    let reader = reader(&args.access, &options.places, &stop)?;
    let objects = reader.as_deref();
    let interruption = Interruption::new(&stop);
    let mut progress = LogProgress::new(screen);
    let counts =
        logs::count_from(&options, objects, state.as_mut(), &stop, &mut |so_far| progress.show(so_far));
    progress.clear();
    drop(interruption);
    let counts = counts.map_err(|error| hinted(error, args.state.is_some()))?;
    let interrupted = counts.partial;
    let unreadable: u64 = counts.unreadable.iter().map(|own| own.files).sum();
    let lowered = logs::lower(&counts, &settings.context());
    let month = lowered.as_ref().map(|own| own.month.clone());
    let mut view = CountedView::new(counts, lowered.as_ref().map(|own| &own.model), month);
    view.requests = request_rows(&view.counts.requests, &settings.card);
    if let Some(directory) = &args.out {
        write_files(&view, lowered.as_ref(), args, directory, screen)?;
    }
    let fail = |error: &dyn std::fmt::Display| CliError::new(exit_code::NOT_WRITTEN, error.to_string());
    match args.format {
        Format::Table => output::print(&counted_text(&view, screen.style, &next(args.out.as_deref())))?,
        Format::Markdown => output::print(&counted_markdown(&view))?,
        Format::Csv => output::print(&days_csv(&view).map_err(|error| fail(&error))?)?,
        Format::Json => {
            let json = counted_json(&view).map_err(|error| fail(&error))?;
            output::print(&format!("{json:#}\n"))?;
        }
    }
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
            format!("{unreadable} files could not be read, or not in whole (--strict)"),
        )
        .hint("`Left out` and `unreadable` in measured.json name them"));
    }
    Ok(exit_code::DONE)
}

/// Returns the commands that come next.
fn next(out: Option<&Path>) -> Vec<String> {
    match out {
        None => vec!["the same with --out DIR writes a scenario that `trailcost estimate` takes".to_owned()],
        Some(directory) => {
            let path = visible(&directory.join(SCENARIO_FILE).display().to_string());
            vec![format!("trailcost estimate {path}")]
        }
    }
}

fn write_files(
    view: &CountedView,
    lowered: Option<&Lowered>,
    args: &MeasureLogsArgs,
    directory: &Path,
    screen: Screen,
) -> Result<(), CliError> {
    let fail = |error: &dyn std::fmt::Display| CliError::new(exit_code::NOT_WRITTEN, error.to_string());
    let scenario = match lowered.filter(|own| !own.model.observations.activities.is_empty()) {
        Some(own) => {
            let header = [
                "What `trailcost measure logs` counted, made into a month. Read it over, correct it, and run"
                    .to_owned(),
                "    trailcost estimate scenario.toml".to_owned(),
                format!("Volumes: {}", own.month),
            ];
            let options =
                WriteOptions { header: &header, evidence: &own.evidence, ..WriteOptions::default() };
            Some(write(&own.model, &options).map_err(|error| fail(&error))?)
        }
        None => None,
    };
    io::make_directory(directory)?;
    let mut files = FileSet::default();
    match &scenario {
        Some(text) => {
            files.add(&directory.join(SCENARIO_FILE), text.toml.as_bytes())?;
            if let Some(volumes) = &text.volumes_csv {
                files.add(&directory.join(VOLUMES_FILE), volumes.as_bytes())?;
            }
        }
        None => screen.remark("no scenario was written: no event names an account, a known Region and a day"),
    }
    let json = counted_json(view).map_err(|error| fail(&error))?;
    files.add(&directory.join("measured.json"), format!("{json:#}\n").as_bytes())?;
    for (name, text) in counted_tables(view).map_err(|error| fail(&error))? {
        files.add(&directory.join(name), text.as_bytes())?;
    }
    if let Some(path) = args.paths.iter().find(|path| files.replaces(path)) {
        let message = format!("{} would be replaced by what is written", path.display());
        return Err(CliError::new(exit_code::USAGE, message).hint("name another directory for --out"));
    }
    let left = files.missing(directory, &[SCENARIO_FILE, VOLUMES_FILE]);
    let written = files.publish()?;
    // A scenario of other logs would be taken for these ones'.
    io::remove_files(&left)?;
    screen.remark(&format!("wrote {} files to {}", written.len(), visible(&directory.display().to_string())));
    Ok(())
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

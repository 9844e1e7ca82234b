//! `trailcost measure logs`

use super::estimate::add_charts;
use super::log_reading;
use super::tried_selectors::Tried;
use crate::attribution::EventRates;
use crate::cli::args::Format;
use crate::cli::args_measure::MeasureLogsArgs;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::emit::selectors_request;
use crate::io;
use crate::report::{
    COUNTED_CHARTS, CountedView, REPLAY_FILES, counted_charts, counted_json, counted_markdown,
    counted_tables, counted_text, days_csv, visible,
};
use crate::sources::logs::{self, LogOptions, LogsError, Lowered};
use crate::sources::scenario::{VOLUMES_FILE, WriteOptions, write};
use std::path::Path;

/// The scenario's name in the directory of `--out`.
const SCENARIO_FILE: &str = "scenario.toml";
/// The selectors proposed with --replay.
const PROPOSED_FILE: &str = "selectors-proposed.json";

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
    let lowered = logs::lower(&counts, &settings.context());
    let month = lowered.as_ref().map(|own| own.month.clone());
    let rates = EventRates::new(&settings.card, &settings.regions);
    let replay = tried.view(&counts, &rates);
    let view = CountedView::new(counts, lowered.as_ref().map(|own| &own.model), month, &rates, replay);
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
    add_charts(&mut files, directory, &counted_charts(view))?;
    let proposal = view.replay.as_ref().and_then(|own| own.proposal.as_ref());
    if let Some(own) = proposal.filter(|own| !own.selectors.is_empty()) {
        match selectors_request(&own.selectors) {
            Ok(text) => files.add(&directory.join(PROPOSED_FILE), text.as_bytes())?,
            Err(why) => {
                screen.remark(&format!("no {PROPOSED_FILE} was written: {}", visible(&why.join("; "))));
            }
        }
    }
    let inputs = args.paths.iter().chain(&args.replay).chain(&args.keep);
    if let Some(path) = inputs.into_iter().find(|path| files.replaces(path)) {
        let message = format!("{} would be replaced by what is written", path.display());
        return Err(CliError::new(exit_code::USAGE, message).hint("name another directory for --out"));
    }
    let [replay, lost] = REPLAY_FILES;
    let charts = COUNTED_CHARTS.iter().flat_map(|name| [format!("{name}.svg"), format!("{name}.png")]);
    let mut names = vec![SCENARIO_FILE, VOLUMES_FILE, PROPOSED_FILE, replay, lost];
    let charts: Vec<String> = charts.collect();
    names.extend(charts.iter().map(String::as_str));
    let left = files.missing(directory, &names);
    let written = files.publish()?;
    // A scenario of other logs would be taken for these ones'.
    io::remove_files(&left)?;
    screen.remark(&format!("wrote {} files to {}", written.len(), visible(&directory.display().to_string())));
    Ok(())
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

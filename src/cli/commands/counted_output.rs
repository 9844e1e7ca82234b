//! Counts of logs, made into what people and programs read.

use super::estimate::add_charts;
use super::focus_output::FocusFile;
use super::tried_selectors::Tried;
use crate::attribution::EventRates;
use crate::cli::args::Format;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::LogCounts;
use crate::emit::selectors_request;
use crate::io;
use crate::report::{
    COUNTED_CHARTS, CountedView, REPLAY_FILES, counted_charts, counted_json_text, counted_markdown,
    counted_tables, counted_text, days_csv, request_rows, visible,
};
use crate::sources::logs::{self, Lowered};
use crate::sources::scenario::{VOLUMES_FILE, WriteOptions, write};
use std::path::{Path, PathBuf};

/// The scenario's name in the directory of `--out`.
const SCENARIO_FILE: &str = "scenario.toml";

/// The selectors proposed with --replay.
const PROPOSED_FILE: &str = "selectors-proposed.json";

/// How counts are printed, and where they are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct CountedOutput<'a> {
    pub(super) format: Format,
    pub(super) out: Option<&'a Path>,
    pub(super) focus: Option<FocusFile<'a>>,
    /// Files that were read, and may not be replaced.
    pub(super) inputs: &'a [PathBuf],
}

/// Prints counts, and writes them with a scenario of their month.
pub(super) fn publish(
    counts: LogCounts,
    settings: &Settings,
    tried: &Tried,
    wanted: CountedOutput<'_>,
    screen: Screen,
) -> Result<(), CliError> {
    let lowered = logs::lower(&counts, &settings.context());
    let month = lowered.as_ref().map(|own| own.month.clone());
    let rates = EventRates::new(&settings.card, &settings.regions);
    let replay = tried.view(&counts, &rates);
    let mut view = CountedView::new(counts, lowered.as_ref().map(|own| &own.model), month, &rates, replay);
    view.requests = request_rows(&view.counts.requests, &settings.card);
    if let Some(directory) = wanted.out {
        write_files(&view, lowered.as_ref(), wanted.inputs, directory, screen)?;
    }
    if let Some(focus) = wanted.focus {
        let model = lowered.as_ref().map(|own| &own.model);
        focus.write_measurement(model, settings, wanted.inputs, screen)?;
    }
    let fail = |error: &dyn std::fmt::Display| CliError::new(exit_code::NOT_WRITTEN, error.to_string());
    match wanted.format {
        Format::Table => {
            output::print(&counted_text(&view, screen.style, &next(wanted.out, lowered.is_some())))
        }
        Format::Markdown => output::print(&counted_markdown(&view)),
        Format::Csv => output::print(&days_csv(&view).map_err(|error| fail(&error))?),
        Format::Json => output::print(&counted_json_text(&view).map_err(|error| fail(&error))?),
    }?;
    // The program ends here: taking the rows of a large archive apart would only take time.
    std::mem::forget(view);
    Ok(())
}

/// Returns the commands that come next; none where no scenario can be made.
fn next(out: Option<&Path>, has_scenario: bool) -> Vec<String> {
    match out {
        _ if !has_scenario => Vec::new(),
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
    inputs: &[PathBuf],
    directory: &Path,
    screen: Screen,
) -> Result<(), CliError> {
    let fail = |error: &dyn std::fmt::Display| CliError::new(exit_code::NOT_WRITTEN, error.to_string());
    let scenario = match lowered.filter(|own| !own.model.observations.activities.is_empty()) {
        Some(own) => {
            let header = [
                format!(
                    "What `trailcost {}` counted, made into a month. Read it over, correct it, and run",
                    view.counts.from.command()
                ),
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
    let json = counted_json_text(view).map_err(|error| fail(&error))?;
    files.add(&directory.join("measured.json"), json.as_bytes())?;
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
    if let Some(path) = inputs.iter().find(|path| files.replaces(path)) {
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

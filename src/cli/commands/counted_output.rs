//! Counts of logs, made into what people and programs read.

use crate::cli::args::Format;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::domain::LogCounts;
use crate::io;
use crate::report::{
    CountedView, counted_json, counted_markdown, counted_tables, counted_text, days_csv, visible,
};
use crate::sources::logs::{self, Lowered};
use crate::sources::scenario::{Context, VOLUMES_FILE, WriteOptions, write};
use std::path::{Path, PathBuf};

/// The scenario's name in the directory of `--out`.
const SCENARIO_FILE: &str = "scenario.toml";

/// How counts are printed, and where they are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct CountedOutput<'a> {
    pub(super) format: Format,
    pub(super) out: Option<&'a Path>,
    /// Files that were read, and may not be replaced.
    pub(super) inputs: &'a [PathBuf],
}

/// Prints counts, and writes them with a scenario of their month.
pub(super) fn publish(
    counts: LogCounts,
    context: &Context<'_>,
    wanted: CountedOutput<'_>,
    screen: Screen,
) -> Result<(), CliError> {
    let lowered = logs::lower(&counts, context);
    let month = lowered.as_ref().map(|own| own.month.clone());
    let view = CountedView::new(counts, lowered.as_ref().map(|own| &own.model), month);
    if let Some(directory) = wanted.out {
        write_files(&view, lowered.as_ref(), wanted.inputs, directory, screen)?;
    }
    let fail = |error: &dyn std::fmt::Display| CliError::new(exit_code::NOT_WRITTEN, error.to_string());
    match wanted.format {
        Format::Table => output::print(&counted_text(&view, screen.style, &next(wanted.out))),
        Format::Markdown => output::print(&counted_markdown(&view)),
        Format::Csv => output::print(&days_csv(&view).map_err(|error| fail(&error))?),
        Format::Json => {
            let json = counted_json(&view).map_err(|error| fail(&error))?;
            output::print(&format!("{json:#}\n"))
        }
    }
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
    let json = counted_json(view).map_err(|error| fail(&error))?;
    files.add(&directory.join("measured.json"), format!("{json:#}\n").as_bytes())?;
    for (name, text) in counted_tables(view).map_err(|error| fail(&error))? {
        files.add(&directory.join(name), text.as_bytes())?;
    }
    if let Some(path) = inputs.iter().find(|path| files.replaces(path)) {
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

//! `trailcost measure aws`

use super::ask_options::ask_options;
use super::focus_output::FocusFile;
#[cfg(feature = "aws")]
use super::measure_aws_live::fresh_answers;
use crate::cli::args::Format;
use crate::cli::args_measure::MeasureAwsArgs;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::io;
use crate::report::{
    MeasurementFacts, MeasurementView, evidence_csv, measurement_json, measurement_markdown,
    measurement_text, visible,
};
#[cfg(not(feature = "aws"))]
use crate::sources::aws::AskOptions;
use crate::sources::aws::answers::Answers;
use crate::sources::aws::lower::{Measurement, measure};
use crate::sources::aws::policy_json;
use crate::sources::aws::recording::{self, RecordingError};
use crate::sources::scenario::{VOLUMES_FILE, WriteOptions, write};
use std::path::Path;

/// The scenario's name in the directory of `--out`.
const SCENARIO_FILE: &str = "scenario.toml";

pub(super) fn run(args: &MeasureAwsArgs, screen: Screen) -> Result<u8, CliError> {
    let focus = FocusFile::of(args.focus.as_deref())?;
    let settings = Settings::new(&args.prices)?;
    if args.print_policy {
        let policy = policy_json(&ask_options(&args.asking, &settings)?)
            .map_err(|error| CliError::new(exit_code::BUG, error.to_string()))?;
        output::print(&format!("{policy}\n"))?;
        return Ok(exit_code::DONE);
    }
    let answers = answers(args, &settings, screen)?;
    // A recording may be of an interrupted run; only a run of now can be interrupted now.
    let interrupted = answers.partial && args.replay.is_none();
    if let Some(directory) = &args.record {
        recording::save(directory, &answers)?;
        screen.remark(&format!(
            "recorded {} answers in {}",
            answers.answers.len(),
            visible(&directory.display().to_string())
        ));
    }
    let measurement = measure(&answers, &settings.context(), settings.card.as_of());
    if interrupted && measurement.nothing_read.is_some() {
        return Err(CliError::new(
            exit_code::INTERRUPTED,
            "interrupted before anything of CloudTrail was read",
        ));
    }
    if let Some(refusal) = &measurement.nothing_read {
        let error = CliError::new(exit_code::NOT_READ, "nothing of CloudTrail could be read");
        return Err(match refusal {
            Some(own) if own.code.is_empty() => error.hint(format!("{} was refused", own.action)),
            Some(own) => error.hint(format!("{} was refused: {}", own.action, own.code)),
            None => error.hint("no call was answered"),
        });
    }
    let view = MeasurementView::new(&MeasurementFacts {
        model: &measurement.model,
        evidence: &measurement.evidence,
        taken_on: measurement.taken_on,
        partial: measurement.partial,
        read: (measurement.read.accounts, measurement.read.regions, measurement.read.shadow_trails),
    });
    if let Some(directory) = &args.out {
        write_files(&measurement, &view, directory, screen)?;
    }
    if let Some(focus) = focus {
        focus.write_measurement(Some(&measurement.model), &settings, &[], screen)?;
    }
    let fail = |error: &dyn std::fmt::Display| CliError::new(exit_code::NOT_WRITTEN, error.to_string());
    match args.format {
        Format::Table => output::print(&measurement_text(&view, screen.style, &next(args.out.as_deref())))?,
        Format::Markdown => output::print(&measurement_markdown(&view))?,
        Format::Csv => output::print(&evidence_csv(&measurement.evidence).map_err(|error| fail(&error))?)?,
        Format::Json => {
            let json = measurement_json(&view).map_err(|error| fail(&error))?;
            output::print(&format!("{json:#}\n"))?;
        }
    }
    if interrupted {
        screen.remark("interrupted: this is what was read until then");
        return Ok(exit_code::INTERRUPTED);
    }
    Ok(exit_code::DONE)
}

/// Returns AWS's answers: recorded ones, or fresh ones.
fn answers(args: &MeasureAwsArgs, settings: &Settings, screen: Screen) -> Result<Answers, CliError> {
    match &args.replay {
        Some(directory) => Ok(recording::load(directory)?),
        None => fresh_answers(&ask_options(&args.asking, settings)?, screen),
    }
}

#[cfg(not(feature = "aws"))]
fn fresh_answers(_: &AskOptions, _: Screen) -> Result<Answers, CliError> {
    Err(CliError::new(exit_code::USAGE, "this trailcost was built without the AWS SDK")
        .hint("build it without --no-default-features, or name a recording with --replay DIR"))
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
    measurement: &Measurement,
    view: &MeasurementView,
    directory: &Path,
    screen: Screen,
) -> Result<(), CliError> {
    let fail = |error: &dyn std::fmt::Display| CliError::new(exit_code::NOT_WRITTEN, error.to_string());
    let header = [
        "What `trailcost measure aws` found. Read it over, correct it, and run".to_owned(),
        "    trailcost estimate scenario.toml".to_owned(),
    ];
    let options =
        WriteOptions { header: &header, evidence: &measurement.evidence, ..WriteOptions::default() };
    let scenario = write(&measurement.model, &options).map_err(|error| fail(&error))?;
    io::make_directory(directory)?;
    let mut files = FileSet::default();
    files.add(&directory.join(SCENARIO_FILE), scenario.toml.as_bytes())?;
    if let Some(volumes) = &scenario.volumes_csv {
        files.add(&directory.join(VOLUMES_FILE), volumes.as_bytes())?;
    }
    let json = measurement_json(view).map_err(|error| fail(&error))?;
    files.add(&directory.join("measurement.json"), format!("{json:#}\n").as_bytes())?;
    let evidence = evidence_csv(&measurement.evidence).map_err(|error| fail(&error))?;
    files.add(&directory.join("evidence.csv"), evidence.as_bytes())?;
    // A table of volumes beside a scenario that names none would only mislead.
    let stale = files.missing(directory, &[VOLUMES_FILE]);
    let written = files.publish()?;
    screen.remark(&format!("wrote {} files to {}", written.len(), visible(&directory.display().to_string())));
    if !stale.is_empty() {
        io::remove_files(&stale)?;
        screen.remark("removed the table of volumes of an earlier run");
    }
    Ok(())
}

impl From<RecordingError> for CliError {
    fn from(error: RecordingError) -> Self {
        match error {
            RecordingError::File(error) => error.into(),
            RecordingError::Bad { path, message, hint } => {
                Self::input(&path.display().to_string(), message, Some(&hint))
            }
            RecordingError::Occupied(_) => Self::new(exit_code::NOT_WRITTEN, error.to_string())
                .hint("name an empty directory, a new one, or an older recording"),
        }
    }
}

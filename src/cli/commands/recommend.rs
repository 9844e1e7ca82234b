//! `trailcost recommend`

use super::estimate::add_charts;
use super::prepared::Prepared;
use super::recommend_artefacts::{PlanArtefacts, of_earlier_runs};
use super::recommend_logs;
use crate::cli::args::Format;
use crate::cli::args_recommend::{AcceptLoss, RecommendArgs};
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::Model;
use crate::io;
use crate::recommend::{Demand, Keep, Plan, RecommendError, plan, profile};
use crate::report::{
    GroupBy, RecommendFacts, RecommendView, recommend_chart, recommend_csv, recommend_json,
    recommend_markdown, recommend_text, rules_markdown, visible,
};
use crate::sources::compliance;
use crate::sources::scenario::{self, ScenarioText, WriteOptions};
use std::path::{Path, PathBuf};

/// The scenario after the plan, and the table of volumes that may stand beside it.
const AFTER: &str = "scenario-after.toml";
const AFTER_VOLUMES: &str = "scenario-after-volumes.csv";

pub(super) fn run(args: &RecommendArgs, screen: Screen) -> Result<u8, CliError> {
    if args.rules {
        output::print(&rules_markdown())?;
        return Ok(exit_code::DONE);
    }
    let mut settings = Settings::new(&args.prices)?;
    let named = profiles(&args.compliance, &mut settings)?;
    let scenario =
        args.scenario.as_deref().map(|path| Prepared::read(path, &settings, screen)).transpose()?;
    let read = if args.logs.is_empty() {
        scenario.ok_or_else(|| CliError::new(exit_code::USAGE, "neither a scenario nor --logs is named"))?
    } else {
        recommend_logs::model(&args.logs, scenario, &settings, screen)?
    };
    let prepared = Prepared::of(read, &settings, None)?;
    let model = prepared.model();
    let accepted = args.accept_loss.map(AcceptLoss::level);
    let keep = Keep::new(&model.demands, demanded(model, named, &settings), accepted);
    let plan = plan(model, &keep, &prepared.valuer()?)?;
    let after = Prepared::of(plan.model.clone(), &settings, None)?;
    let (before, changed) = (prepared.view(GroupBy::Component), after.view(GroupBy::Component));
    let facts = RecommendFacts {
        plan: &plan,
        keep: &keep,
        model,
        min_saving: args.min_saving,
        before: &before,
        after: &changed,
    };
    let mut view = RecommendView::new(&facts);
    if !args.logs.is_empty() {
        view.replays = recommend_logs::replays(&args.logs, model, &plan.model, &settings, screen)?;
    }
    if let Some(directory) = &args.out {
        let artefacts = PlanArtefacts::new(model, &plan);
        for (row, folder) in view.planned.iter_mut().zip(&artefacts.of_actions) {
            row.folder.clone_from(folder);
        }
        let result = Outcome {
            view: &view,
            plan: &plan,
            prepared: &prepared,
            settings: &settings,
            artefacts: &artefacts,
        };
        let mut inputs: Vec<PathBuf> = args.scenario.iter().flat_map(|path| prepared.inputs(path)).collect();
        inputs.extend(args.logs.iter().cloned());
        result.write(&inputs, directory, screen)?;
    }
    match args.format {
        Format::Table => output::print(&recommend_text(&view, screen.style))?,
        Format::Markdown => output::print(&recommend_markdown(&view))?,
        Format::Csv => output::print(&recommend_csv(&view).map_err(unwritten)?)?,
        Format::Json => output::print(&json(&view)?)?,
    }
    Ok(exit_code::DONE)
}

/// Takes the profiles of directories into the settings, and returns the ids of those that apply beside the scenario's own.
pub(super) fn profiles(named: &[String], settings: &mut Settings) -> Result<Vec<String>, CliError> {
    let mut ids = Vec::new();
    for name in named {
        if Path::new(name).is_dir() {
            let shipped = std::mem::take(&mut settings.compliance);
            let loaded = compliance::load_dir(Path::new(name)).map_err(CliError::Input)?;
            ids.extend(loaded.iter().filter(|own| !shipped.contains(own)).map(|own| own.id.clone()));
            settings.compliance = loaded;
        } else if Path::new(name).is_file() {
            let message =
                format!("{} is a file: --compliance takes a profile's name, or a directory", visible(name));
            let hint = "name the directory in which the file is; every profile in it then applies";
            return Err(CliError::new(exit_code::USAGE, message).hint(hint));
        } else if let Some(hint) = compliance::unknown(name, &settings.compliance) {
            let message = format!("unknown compliance profile `{}`", visible(name));
            return Err(CliError::new(exit_code::USAGE, message).hint(&hint));
        } else {
            ids.push(name.clone());
        }
    }
    Ok(ids)
}

/// Returns what the profiles of the scenario and those of the arguments demand, each profile once.
fn demanded(model: &Model, named: Vec<String>, settings: &Settings) -> Vec<Demand> {
    let mut ids = model.demands.profiles.clone();
    for own in named {
        if !ids.contains(&own) {
            ids.push(own);
        }
    }
    profile::demands(&ids, &settings.compliance)
}

fn unwritten(error: impl std::fmt::Display) -> CliError {
    CliError::new(exit_code::NOT_WRITTEN, error.to_string())
}

fn json(view: &RecommendView<'_>) -> Result<String, CliError> {
    recommend_json(view).map(|json| format!("{json:#}\n")).map_err(unwritten)
}

/// What is written with `--out`.
struct Outcome<'a> {
    view: &'a RecommendView<'a>,
    plan: &'a Plan,
    prepared: &'a Prepared<'a>,
    settings: &'a Settings,
    artefacts: &'a PlanArtefacts,
}

impl Outcome<'_> {
    fn write(&self, inputs: &[PathBuf], directory: &Path, screen: Screen) -> Result<(), CliError> {
        let view = self.view;
        let after = self.scenario_after();
        io::make_directory(directory)?;
        let earlier = of_earlier_runs(directory)?;
        let mut files = FileSet::default();
        files.add(&directory.join("plan.md"), recommend_markdown(view).as_bytes())?;
        files.add(&directory.join("plan.csv"), recommend_csv(view).map_err(unwritten)?.as_bytes())?;
        files.add(&directory.join("plan.json"), json(view)?.as_bytes())?;
        match &after {
            Ok(text) => {
                files.add(&directory.join(AFTER), text.toml.as_bytes())?;
                if let Some(volumes) = &text.volumes_csv {
                    files.add(&directory.join(AFTER_VOLUMES), volumes.as_bytes())?;
                }
            }
            Err(why) => screen.remark(&format!("no {AFTER} was written: {}", visible(why))),
        }
        add_charts(&mut files, directory, &[recommend_chart(view)])?;
        keep_inputs(&files, inputs)?;
        self.artefacts.add(directory, &mut files)?;
        keep_inputs(&files, inputs)?;
        let mut stale = files.missing(directory, &[AFTER, AFTER_VOLUMES]);
        stale.extend(earlier.into_iter().filter(|own| !files.has(own)));
        stale.retain(|path| !inputs.iter().any(|input| same_file(path, input)));
        let written = files.publish()?;
        screen.remark(&format!("wrote {} files to {}", written.len(), directory.display()));
        if !stale.is_empty() {
            // They tell of another plan.
            io::remove_files(&stale)?;
            screen.remark(&format!(
                "removed {} files of an earlier run that this one does not have",
                stale.len()
            ));
        }
        Ok(())
    }

    /// Returns the scenario after the plan, which costs what the plan says; else why there is none.
    fn scenario_after(&self) -> Result<ScenarioText, String> {
        let model = self.after_model();
        let header = [
            format!("What `trailcost recommend` makes of the scenario “{}”", self.prepared.model().name),
            self.view.headline.clone(),
        ];
        let options =
            WriteOptions { header: &header, volumes_file: AFTER_VOLUMES, ..WriteOptions::default() };
        let text = scenario::write(&model, &options).map_err(|error| error.to_string())?;
        let read = text.read(AFTER, &self.settings.context()).map_err(|found| {
            let first = found.items.first().map(|own| own.message.clone()).unwrap_or_default();
            format!("it could not be read again: {first}")
        })?;
        let again = Prepared::of(read.model, self.settings, None).map_err(|_| "it cannot be estimated")?;
        let monthly: Vec<_> = again.estimate().monthly.iter().map(|cost| cost.contracted).collect();
        if monthly == self.plan.after.monthly {
            Ok(text)
        } else {
            Err("a scenario file cannot say all of it: it would cost something else".to_owned())
        }
    }

    fn after_model(&self) -> Model {
        let mut model = self.plan.model.clone();
        if !self.plan.actions.is_empty() {
            model.name = format!("{} after the plan", model.name.trim());
        }
        model
    }
}

/// Refuses to write over what the plan was made from.
fn keep_inputs(files: &FileSet, inputs: &[PathBuf]) -> Result<(), CliError> {
    match inputs.iter().find(|input| files.replaces(input)) {
        None => Ok(()),
        Some(input) => {
            let message = format!("the result would take the place of its own input {}", input.display());
            Err(CliError::new(exit_code::NOT_WRITTEN, message).hint("name another directory with --out"))
        }
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

impl From<RecommendError> for CliError {
    fn from(error: RecommendError) -> Self {
        match error {
            RecommendError::Usage(error) => error.into(),
            RecommendError::Cost(error) => error.into(),
        }
    }
}

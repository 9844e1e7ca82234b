//! `trailcost terraform generate`

use super::prepared::Prepared;
use crate::cli::args_recommend::AcceptLoss;
use crate::cli::args_terraform_generate::TerraformGenerateArgs;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::{Model, list_names};
use crate::emit::{ModuleCostRow, ModuleCosts, ModuleDesign, ModuleError, ModuleOptions, design};
use crate::io;
use crate::recommend::{Keep, lifecycles, profile};
use crate::report::{GroupBy, ReportView, Row, money_text, visible};
use crate::sources::scenario::{self, WriteOptions};
use std::path::{Path, PathBuf};

/// The scenario of what the module makes, and the table of volumes that may stand beside it.
const SCENARIO: &str = "scenario.toml";
const VOLUMES: &str = "volumes.csv";
/// The values that people fill in, and where new ones go when they are there already.
const VALUES: &str = "terraform.tfvars";
const NEW_VALUES: &str = "terraform.tfvars.example";

pub(super) fn run(args: &TerraformGenerateArgs, screen: Screen) -> Result<u8, CliError> {
    let settings = Settings::new(&args.prices)?;
    let loaded = scenario::load(&args.scenario, &settings.context()).map_err(CliError::Input)?;
    screen.warn(&loaded.warnings);
    let scenario = loaded.model;
    let options = ModuleOptions {
        trail: args.trail.clone(),
        organization: args.organization,
        filters: loaded.settings.metric_filters,
        regions: settings.regions.clone(),
    };
    let mut module = design(&scenario, &options)?;
    if !args.keep_lifecycle {
        advise(&mut module, args, &settings)?;
    }
    let prepared = Prepared::of(module.model.clone(), &settings, None)?;
    let view = prepared.view(GroupBy::Resource);
    let costs = costs(&view);
    let inputs = inputs(&scenario, &args.scenario);
    let written = write(&module, &costs, args, &inputs, &settings, screen)?;
    output::print(&summary(&module, &costs, args, &written))?;
    let code =
        if prepared.lacks_a_price() && !args.allow_incomplete { exit_code::PRICE } else { exit_code::DONE };
    Ok(code)
}

/// Sets the cheapest lifecycle that the demands allow.
fn advise(
    module: &mut ModuleDesign,
    args: &TerraformGenerateArgs,
    settings: &Settings,
) -> Result<(), CliError> {
    let model = &module.model;
    let demanded = profile::demands(&model.demands.profiles, &settings.compliance);
    let keep = Keep::new(&model.demands, demanded, args.accept_loss.map(AcceptLoss::level));
    let advised = {
        let prepared = Prepared::of(model.clone(), settings, None)?;
        lifecycles(model, &keep, &prepared.valuer()?)?
    };
    for action in advised {
        module.model = action.applied_to(&module.model);
        module.notes.push(action.title);
    }
    Ok(())
}

fn costs(view: &ReportView) -> ModuleCosts {
    let row = |row: &Row| cost_row(row.label.clone(), row);
    let total =
        Row { id: String::new(), label: "Together".to_owned(), figures: view.total.clone(), share: None };
    let mut left_out: Vec<String> = view.unknown.clone();
    left_out.extend(view.missing_prices.iter().map(|(what, _)| what.clone()));
    left_out.extend(view.gaps.iter().map(|own| own.what.clone()));
    ModuleCosts {
        currency: view.currency.code().to_owned(),
        as_of: view.as_of.to_string(),
        rows: view.rows.iter().map(row).collect(),
        total: Some(row(&total)),
        left_out,
    }
}

fn cost_row(resource: String, row: &Row) -> ModuleCostRow {
    let at_least = |text: String| if row.figures.incomplete { format!("{text} and more") } else { text };
    let year = row.figures.years.first().copied().unwrap_or_default();
    ModuleCostRow {
        resource,
        first_month: at_least(money_text(row.figures.first_month.contracted)),
        first_year: at_least(money_text(year.contracted)),
    }
}

/// Returns the files that the scenario was read from.
fn inputs(model: &Model, scenario: &Path) -> Vec<PathBuf> {
    let directory = scenario.parent().unwrap_or(Path::new(""));
    let beside = model.sources.iter().skip(1).map(|name| directory.join(name));
    std::iter::once(scenario.to_owned()).chain(beside).collect()
}

/// Writes the module's files; returns their names below the directory.
fn write(
    module: &ModuleDesign,
    costs: &ModuleCosts,
    args: &TerraformGenerateArgs,
    inputs: &[PathBuf],
    settings: &Settings,
    screen: Screen,
) -> Result<Vec<String>, CliError> {
    let directory = &args.out;
    let there = if directory.is_dir() { io::entries(directory)? } else { Vec::new() };
    if !there.is_empty() && !args.force {
        let message = format!("{} is not empty", visible(&directory.display().to_string()));
        return Err(CliError::new(exit_code::NOT_WRITTEN, message)
            .hint("name another directory with --out, or replace the module's files in it with --force"));
    }
    let has_values = there.iter().any(|own| own.file_name().is_some_and(|name| name == VALUES));
    let mut texts: Vec<(String, String)> = module
        .files(costs)?
        .into_iter()
        .map(|own| {
            (if has_values && own.path == VALUES { NEW_VALUES.to_owned() } else { own.path }, own.text)
        })
        .collect();
    match scenario_of(module, settings) {
        Ok(files) => texts.extend(files),
        Err(why) => screen.remark(&format!("no {SCENARIO} was written: {}", visible(&why))),
    }
    io::make_directory(directory)?;
    let mut files = FileSet::default();
    for (path, text) in &texts {
        files.add(&directory.join(path), text.as_bytes())?;
    }
    if let Some(input) = inputs.iter().find(|own| files.replaces(own)) {
        let message = format!("the result would take the place of its own input {}", input.display());
        return Err(CliError::new(exit_code::NOT_WRITTEN, message).hint("name another directory with --out"));
    }
    files.publish()?;
    Ok(texts.into_iter().map(|(path, _)| path).collect())
}

/// Returns the scenario of what the module makes, which costs what the README says.
fn scenario_of(module: &ModuleDesign, settings: &Settings) -> Result<Vec<(String, String)>, String> {
    let header =
        ["What the module in this directory makes, with the volumes that its README's cost comes from."
            .to_owned()];
    let options = WriteOptions { header: &header, volumes_file: VOLUMES, ..WriteOptions::default() };
    let text = scenario::write(&module.model, &options).map_err(|error| error.to_string())?;
    text.read(SCENARIO, &settings.context()).map_err(|found| {
        let first = found.items.first().map(|own| own.message.clone()).unwrap_or_default();
        format!("it could not be read again: {first}")
    })?;
    let table = text.volumes_csv.map(|own| (VOLUMES.to_owned(), own));
    Ok(std::iter::once((SCENARIO.to_owned(), text.toml)).chain(table).collect())
}

/// Says what was written, and what it costs.
fn summary(
    module: &ModuleDesign,
    costs: &ModuleCosts,
    args: &TerraformGenerateArgs,
    written: &[String],
) -> String {
    let names: Vec<&str> = written.iter().map(String::as_str).collect();
    let trail = module.model.inventory.trails.first().map(|own| visible(&own.name)).unwrap_or_default();
    let mut text = format!(
        "Terraform module for the trail {trail} · {} files in {}\n",
        names.len(),
        visible(&args.out.display().to_string())
    );
    if let Some(total) = &costs.total {
        text.push_str(&format!(
            "{} {} in the first month, {} in the first year, at prices of {}\n",
            costs.currency, total.first_month, total.first_year, costs.as_of
        ));
    }
    if !module.notes.is_empty() {
        text.push_str("\nWhat differs from the scenario:\n");
        for note in &module.notes {
            text.push_str(&format!("  - {}\n", visible(note)));
        }
    }
    text.push_str(&format!("\nFiles: {}\n", list_names(&names)));
    text.push_str(&format!(
        "Next: fill in {VALUES} and backend.tf, then terraform init and terraform plan\n"
    ));
    text
}

impl From<ModuleError> for CliError {
    fn from(error: ModuleError) -> Self {
        match &error {
            ModuleError::NoSuchTrail { name, has } => {
                let has: Vec<String> = has.iter().map(|own| visible(own)).collect();
                let has: Vec<&str> = has.iter().map(String::as_str).collect();
                let message = format!("the scenario has no trail `{}`", visible(name));
                let hint = if has.is_empty() {
                    "it has none: leave --trail out".to_owned()
                } else {
                    format!("it has {}", list_names(&has))
                };
                Self::new(exit_code::USAGE, message).hint(&hint)
            }
            ModuleError::NoAccount => Self::new(exit_code::BAD_INPUT, error.to_string())
                .hint("add an [[account]] with what happens in it, or a [[volume]]"),
            ModuleError::Selectors(_) => Self::new(exit_code::BAD_INPUT, visible(&error.to_string()))
                .hint("change the trail's data, network_activity or advanced selectors in the scenario"),
            ModuleError::Lifecycle(_) => Self::new(exit_code::BAD_INPUT, visible(&error.to_string()))
                .hint("change the bucket's lifecycle in the scenario"),
        }
    }
}

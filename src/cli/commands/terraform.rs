//! `trailcost terraform`

use super::prepared::Prepared;
use super::terraform_generate;
use crate::cli::args::Format;
use crate::cli::args_terraform::{TerraformCommand, TerraformEstimateArgs};
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::{AccountId, Model, RegionCode};
use crate::io;
use crate::report::{
    GroupBy, ResourceCosts, ResourceSink, TerraformFacts, TerraformView, terraform_csv, terraform_json,
    terraform_markdown, terraform_text, visible,
};
use crate::sources::terraform::{Configured, Form, PlaceOptions, load, models};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(super) fn run(command: &TerraformCommand, screen: Screen) -> Result<u8, CliError> {
    match command {
        TerraformCommand::Estimate(args) => estimate(args, screen),
        TerraformCommand::Generate(args) => terraform_generate::run(args, screen),
    }
}

fn estimate(args: &TerraformEstimateArgs, screen: Screen) -> Result<u8, CliError> {
    let settings = Settings::new(&args.prices)?;
    let scenario = args.volumes.as_ref().map(|path| Prepared::read(path, &settings, screen)).transpose()?;
    let configured = configured(args, &settings, scenario.as_ref())?;
    let context = settings.context();
    let start = settings.card.as_of().month();
    let both =
        models(&configured, scenario.as_ref(), args.keep_others, &context, start.plus(1).unwrap_or(start));
    let (mut costs_before, mut costs_after) =
        (ResourceCosts::new(&both.before), ResourceCosts::new(&both.after));
    let first = both.after.horizon.start;
    let mut sink = ResourceSink::new(&mut costs_before, first);
    let before = Prepared::of(both.before, &settings, Some(&mut sink))?;
    let mut sink = ResourceSink::new(&mut costs_after, first);
    let after = Prepared::of(both.after, &settings, Some(&mut sink))?;
    let actions: BTreeMap<String, &'static str> =
        configured.actions.iter().map(|(address, action)| (address.clone(), action.name())).collect();
    let mut names = configured.before.names.clone();
    names.extend(configured.after.names.clone());
    let path = args.path.display().to_string();
    let view = TerraformView::new(&TerraformFacts {
        path: &path,
        form: match configured.form {
            Form::Plan => "plan",
            Form::State => "state",
            Form::Sources => "sources",
        },
        has_volumes: scenario.is_some(),
        actions: &actions,
        names: &names,
        models: (before.model(), after.model()),
        costs: (&costs_before, &costs_after),
        views: (&before.view(GroupBy::Resource), &after.view(GroupBy::Resource)),
        card: &settings.card,
        notes: &both.notes,
        incomplete: (&both.incomplete_before, &both.incomplete_after),
    });
    if let Some(directory) = &args.out {
        write_files(&view, args, directory, screen)?;
    }
    print(&view, args, screen)?;
    if args.fail_above.is_some_and(|own| view.exceeds(own)) {
        screen.remark("the cost rises by more than --fail-above allows");
        return Ok(exit_code::FOUND);
    }
    if args.fail_above.is_some() && view.total.is_incomplete() {
        screen.remark("a part of the cost is not known: --fail-above was held against the rest");
    }
    let lacks_a_price = before.lacks_a_price() || after.lacks_a_price();
    Ok(if lacks_a_price && !args.allow_incomplete { exit_code::PRICE } else { exit_code::DONE })
}

/// Reads Terraform's files.
fn configured(
    args: &TerraformEstimateArgs,
    settings: &Settings,
    scenario: Option<&Model>,
) -> Result<Configured, CliError> {
    let accounts = scenario.map_or(&[][..], |own| own.inventory.accounts.as_slice());
    let options = PlaceOptions {
        account: args.account.as_deref().map(account).transpose()?,
        region: args.region.as_deref().map(|own| region(own, settings)).transpose()?,
        likely_account: match accounts {
            [only] => Some(only.id.clone()),
            _ => None,
        },
    };
    let found = load(&args.path, &options, &settings.context())
        .map_err(|error| CliError::input(&error.path, error.message, Some(error.hint)))?;
    if accounts.len() > 1 && (found.before.lacks_account || found.after.lacks_account) {
        let message = format!(
            "nothing tells which of the scenario's {} accounts {} is applied to",
            accounts.len(),
            visible(&args.path.display().to_string())
        );
        return Err(CliError::new(exit_code::USAGE, message).hint("name it with --account"));
    }
    Ok(found)
}

fn account(text: &str) -> Result<AccountId, CliError> {
    text.parse().map_err(|_| {
        CliError::new(exit_code::USAGE, format!("bad account `{text}` for --account"))
            .hint("an account id has exactly 12 digits")
    })
}

fn region(text: &str, settings: &Settings) -> Result<RegionCode, CliError> {
    settings.regions.get(text).map(|own| own.code.clone()).ok_or_else(|| {
        CliError::new(exit_code::USAGE, format!("no table has the Region `{text}` of --region"))
            .hint("give a Region's code, such as us-east-1")
    })
}

fn unwritten(error: &dyn std::fmt::Display) -> CliError {
    CliError::new(exit_code::NOT_WRITTEN, error.to_string())
}

fn print(view: &TerraformView, args: &TerraformEstimateArgs, screen: Screen) -> Result<(), CliError> {
    match args.format {
        Format::Table => output::print(&terraform_text(view, screen.style)),
        Format::Markdown => output::print(&terraform_markdown(view)),
        Format::Csv => output::print(&terraform_csv(view).map_err(|error| unwritten(&error))?),
        Format::Json => {
            let json = terraform_json(view, args.fail_above).map_err(|error| unwritten(&error))?;
            output::print(&format!("{json:#}\n"))
        }
    }
}

fn write_files(
    view: &TerraformView,
    args: &TerraformEstimateArgs,
    directory: &Path,
    screen: Screen,
) -> Result<(), CliError> {
    io::make_directory(directory)?;
    let json = terraform_json(view, args.fail_above).map_err(|error| unwritten(&error))?;
    let mut files = FileSet::default();
    files.add(&directory.join("terraform.json"), format!("{json:#}\n").as_bytes())?;
    let table = terraform_csv(view).map_err(|error| unwritten(&error))?;
    files.add(&directory.join("terraform.csv"), table.as_bytes())?;
    files.add(&directory.join("terraform.md"), terraform_markdown(view).as_bytes())?;
    let inputs: Vec<&PathBuf> = std::iter::once(&args.path).chain(&args.volumes).collect();
    if let Some(input) = inputs.into_iter().find(|own| files.replaces(own)) {
        let message = format!("the result would take the place of its own input {}", input.display());
        return Err(CliError::new(exit_code::NOT_WRITTEN, message).hint("name another directory with --out"));
    }
    let written = files.publish()?;
    screen.remark(&format!("wrote {} files to {}", written.len(), directory.display()));
    Ok(())
}

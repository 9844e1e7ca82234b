//! `trailcost check --posture`

use super::prepared::Prepared;
use super::recommend::profiles;
use crate::cli::args_check::{CheckArgs, CheckFormat};
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output;
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::{ComplianceProfile, Diagnostic, Diagnostics, Model, RegionCode, TerraformProject};
use crate::posture::{Inspected, Origin, assess};
use crate::recommend::{Keep, profile};
use crate::report::{PostureReport, posture_json, posture_markdown, posture_sarif, posture_text, visible};
use crate::sources::aws::lower::measure;
use crate::sources::aws::recording;
use crate::sources::scenario;
use crate::sources::terraform::{Form, PlaceOptions, TerraformError, load, models, project};
use std::path::Path;

/// What is checked.
struct Subject {
    origin: Origin,
    model: Model,
    settings: crate::domain::Settings,
    project: TerraformProject,
    file: String,
}

pub(super) fn run(args: &CheckArgs, screen: Screen) -> Result<u8, CliError> {
    let mut settings = Settings::new(&args.prices)?;
    let named = profiles(&args.compliance, &mut settings)?;
    let subject = match (&args.terraform, &args.recording, &args.scenario) {
        (Some(path), _, volumes) => of_terraform(path, volumes.as_deref(), args, &settings, screen)?,
        (None, Some(folder), _) => of_recording(folder, &settings)?,
        (None, None, Some(path)) => of_scenario(path, &settings, screen)?,
        (None, None, None) => return Err(CliError::new(exit_code::USAGE, "nothing is named to be checked")),
    };
    let asked: Vec<&ComplianceProfile> =
        named.iter().filter_map(|id| settings.compliance.iter().find(|own| own.id == *id)).collect();
    let prepared = Prepared::of(subject.model, &settings, None)?;
    let model = prepared.model();
    let mut ids = model.demands.profiles.clone();
    ids.extend(named.iter().filter(|own| !model.demands.profiles.contains(own)).cloned());
    let keep = Keep::new(&model.demands, profile::demands(&ids, &settings.compliance), None);
    let valuer = prepared.valuer()?;
    let inspected = Inspected {
        origin: subject.origin,
        model,
        settings: &subject.settings,
        project: &subject.project,
        keep: &keep,
        valuer: &valuer,
    };
    let posture = assess(&inspected, &settings.compliance, &asked)?;
    let report = PostureReport {
        subject: &model.name,
        file: &subject.file,
        origin: subject.origin,
        currency: &model.currency,
        fail_on: args.fail_on.severity(),
        posture: &posture,
    };
    output::print(&printed(&report, args.format, screen)?)?;
    Ok(if report.is_failed() { exit_code::FOUND } else { exit_code::DONE })
}

fn printed(report: &PostureReport<'_>, format: CheckFormat, screen: Screen) -> Result<String, CliError> {
    let fail = |error: serde_json::Error| CliError::new(exit_code::NOT_WRITTEN, error.to_string());
    Ok(match format {
        CheckFormat::Table => posture_text(report, screen.style),
        CheckFormat::Json => format!("{:#}\n", posture_json(report).map_err(fail)?),
        CheckFormat::Sarif => format!("{:#}\n", posture_sarif(report)),
        CheckFormat::Markdown => posture_markdown(report),
        CheckFormat::Slack | CheckFormat::Teams => {
            let message = "--posture is not written for chats";
            return Err(CliError::new(exit_code::USAGE, message).hint("use table, json, sarif or markdown"));
        }
    })
}

fn of_scenario(path: &Path, settings: &Settings, screen: Screen) -> Result<Subject, CliError> {
    let loaded = scenario::load(path, &settings.context()).map_err(CliError::Input)?;
    screen.warn(&loaded.warnings);
    Ok(Subject {
        origin: Origin::Scenario,
        model: loaded.model,
        settings: loaded.settings,
        project: TerraformProject::default(),
        file: path.display().to_string(),
    })
}

fn of_recording(folder: &Path, settings: &Settings) -> Result<Subject, CliError> {
    let answers = recording::load(folder)?;
    let measured = measure(&answers, &settings.context(), settings.card.as_of());
    if measured.nothing_read.is_some() {
        let message =
            format!("nothing of CloudTrail could be read: {}", visible(&folder.display().to_string()));
        return Err(CliError::new(exit_code::NOT_READ, message));
    }
    Ok(Subject {
        origin: Origin::Aws,
        model: measured.model,
        settings: measured.settings,
        project: TerraformProject::default(),
        file: folder.display().to_string(),
    })
}

fn of_terraform(
    path: &Path,
    volumes: Option<&Path>,
    args: &CheckArgs,
    settings: &Settings,
    screen: Screen,
) -> Result<Subject, CliError> {
    let scenario = volumes.map(|path| Prepared::read(path, settings, screen)).transpose()?;
    let likely_account = scenario.as_ref().and_then(|own| match own.inventory.accounts.as_slice() {
        [only] => Some(only.id.clone()),
        _ => None,
    });
    let options = PlaceOptions {
        account: args.account.as_deref().map(account).transpose()?,
        region: args.region.as_deref().map(|own| region(own, settings)).transpose()?,
        // Without an account nothing could be priced: this one stands for the one that is applied to.
        likely_account: likely_account.or_else(|| "000000000000".parse().ok()),
    };
    let context = settings.context();
    let configured = load(path, &options, &context).map_err(unread)?;
    let start = settings.card.as_of().month();
    let mut both = models(&configured, scenario.as_ref(), false, &context, start);
    if scenario.is_none() {
        both.after.name = visible(&path.display().to_string());
    }
    both.notes.iter().for_each(|note| screen.remark(&visible(note)));
    Ok(Subject {
        origin: if configured.form == Form::Sources {
            Origin::TerraformSources
        } else {
            Origin::TerraformPlan
        },
        model: both.after,
        settings: configured.after.settings,
        project: project(path),
        file: path.display().to_string(),
    })
}

fn account(text: &str) -> Result<crate::domain::AccountId, CliError> {
    text.parse().map_err(|error: crate::domain::AccountIdError| {
        CliError::new(exit_code::USAGE, format!("bad account `{}` for --account", visible(text)))
            .hint(error.to_string())
    })
}

fn region(text: &str, settings: &Settings) -> Result<RegionCode, CliError> {
    settings.regions.get(text).map(|own| own.code.clone()).ok_or_else(|| {
        CliError::new(exit_code::USAGE, format!("unknown Region `{}` for --region", visible(text)))
            .hint("a Region's code, such as us-east-1")
    })
}

fn unread(error: TerraformError) -> CliError {
    let finding = Diagnostic::error(&error.path, error.message).hint(error.hint);
    CliError::Input(Diagnostics { items: vec![finding], texts: Vec::new() })
}

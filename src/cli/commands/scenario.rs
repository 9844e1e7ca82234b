//! `trailcost scenario`

use crate::cli::args::{ScenarioCommand, SchemaOf, TemplateSize};
use crate::cli::error::CliError;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::cli::{exit_code, output::print};
use crate::domain::Diagnostics;
use crate::report::{
    bill_schema, check_schema, compare_schema, counted_schema, estimate_schema, measurement_schema,
    monthly_schema, posture_schema, recommend_schema, reconcile_schema, terraform_schema, visible,
};
use crate::sources::allocation::schema as allocation_schema;
use crate::sources::budgets::schema as budget_schema;
use crate::sources::scenario::{DEFAULTS_TOML, Size, json_schema, load, template};
use crate::usage::UsagePlan;
use std::path::Path;

pub(super) fn run(command: &ScenarioCommand, screen: Screen) -> Result<u8, CliError> {
    match command {
        ScenarioCommand::New { size, out, force } => {
            let text = template(match size {
                TemplateSize::Small => Size::Small,
                TemplateSize::Medium => Size::Medium,
                TemplateSize::Large => Size::Large,
            });
            write_or_print(out.as_deref(), *force, text, screen)?;
            Ok(exit_code::DONE)
        }
        ScenarioCommand::Check { scenarios, prices } => {
            let settings = Settings::new(prices)?;
            let mut findings = Diagnostics::default();
            for path in scenarios {
                match load(path, &settings.context()) {
                    Err(mut found) => {
                        findings.items.append(&mut found.items);
                        findings.texts.append(&mut found.texts);
                    }
                    Ok(loaded) => {
                        screen.warn(&loaded.warnings);
                        UsagePlan::new(&loaded.model)?;
                        let (inventory, observations) = (&loaded.model.inventory, &loaded.model.observations);
                        print(&format!(
                            "{}: no errors ({} accounts, {} trails, {} event data stores, {} activities, {} volumes)\n",
                            visible(&path.display().to_string()),
                            inventory.accounts.len(),
                            inventory.trails.len(),
                            inventory.event_data_stores.len(),
                            observations.activities.len(),
                            observations.volumes.len()
                        ))?;
                    }
                }
            }
            if findings.items.is_empty() { Ok(exit_code::DONE) } else { Err(CliError::Input(findings)) }
        }
        ScenarioCommand::Schema { of } => {
            let schema = match of {
                SchemaOf::Scenario => json_schema(),
                SchemaOf::Estimate => estimate_schema(),
                SchemaOf::Compare => compare_schema(),
                SchemaOf::Bill => bill_schema(),
                SchemaOf::Measure => measurement_schema(),
                SchemaOf::Logs => counted_schema(),
                SchemaOf::Reconcile => reconcile_schema(),
                SchemaOf::Recommend => recommend_schema(),
                SchemaOf::Report => monthly_schema(),
                SchemaOf::Check => check_schema(),
                SchemaOf::Posture => posture_schema(),
                SchemaOf::Terraform => terraform_schema(),
                SchemaOf::Budget => budget_schema(),
                SchemaOf::Allocation => allocation_schema(),
            };
            print(&format!("{schema:#}\n"))?;
            Ok(exit_code::DONE)
        }
        ScenarioCommand::Defaults => {
            print(DEFAULTS_TOML)?;
            Ok(exit_code::DONE)
        }
    }
}

/// Writes a text to a file that must not be there yet, or to stdout.
pub(super) fn write_or_print(
    out: Option<&Path>,
    force: bool,
    text: &str,
    screen: Screen,
) -> Result<(), CliError> {
    let Some(path) = out else {
        return output::print(text);
    };
    if path.exists() && !path.is_dir() && !force {
        let message = format!("{} is there already", path.display());
        return Err(CliError::new(exit_code::NOT_WRITTEN, message).hint("--force replaces it"));
    }
    let mut files = FileSet::default();
    files.add(path, text.as_bytes())?;
    files.publish()?;
    screen.remark(&format!("wrote {}", path.display()));
    Ok(())
}

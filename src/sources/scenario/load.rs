//! From a scenario file to a model, or to everything that is wrong with it.

use super::defaults::Defaults;
use super::document::ScenarioFile;
use super::document_text;
use super::lower::Lowering;
use super::schema::json_schema;
use super::settings::settings;
use crate::domain::{
    ComplianceProfile, Diagnostic, Diagnostics, Model, RegionTable, Settings, Severity, UsageTypeCatalog,
};
use crate::io;
use std::path::Path;

/// What a scenario is read against.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The usage types that the price tables know.
    pub catalog: &'a UsageTypeCatalog,
    /// The Regions.
    pub regions: &'a RegionTable,
    /// The figures for what the scenario does not state.
    pub defaults: &'a Defaults,
    /// The compliance profiles that a scenario may name.
    pub compliance: &'a [ComplianceProfile],
}

/// A model, with what the reader should know about its file.
#[derive(Debug)]
pub struct Loaded {
    /// The model.
    pub model: Model,
    /// How trails, buckets and alerting are set, as far as the scenario says.
    pub settings: Settings,
    /// Warnings only.
    pub warnings: Diagnostics,
}

/// Reads a scenario file and the CSV it names.
///
/// # Errors
/// Every error found, with its place; never only the first one of several.
pub fn load(path: &Path, context: &Context<'_>) -> Result<Loaded, Diagnostics> {
    let name = path.display().to_string();
    match io::read_text(path) {
        Ok(text) => {
            let directory = path.parent().unwrap_or(Path::new(""));
            parse(&name, &text, context, &|file| {
                io::read_text(&directory.join(file)).map_err(|error| error.to_string())
            })
        }
        Err(error) => {
            let hint = match error.reason {
                io::FileReason::Empty | io::FileReason::System(_) => {
                    Some("`trailcost scenario new small` writes one to start from")
                }
                io::FileReason::IsDirectory => Some("name the scenario file inside it"),
                io::FileReason::NotUtf8(_) => Some("save it as UTF-8"),
                io::FileReason::NoFileName | io::FileReason::TooLarge => None,
            };
            let mut finding = Diagnostic::error(&name, error.to_string());
            finding.hint = hint.map(str::to_owned);
            Err(Diagnostics { items: vec![finding], texts: Vec::new() })
        }
    }
}

/// Reads a scenario's text; `read` gets the files that it names.
///
/// # Errors
/// Every error found, with its place.
pub fn parse(
    name: &str,
    text: &str,
    context: &Context<'_>,
    read: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Loaded, Diagnostics> {
    let mut found = Diagnostics { items: Vec::new(), texts: vec![(name.to_owned(), text.to_owned())] };
    let Some(file) = document_text::read::<ScenarioFile>(name, text, &json_schema(), &mut found) else {
        found.sort();
        return Err(found);
    };
    let model = Lowering::new(name, text, context, read, &mut found).model(&file);
    found.sort();
    match model {
        Some(model) if !found.has_errors() => {
            found.items.retain(|item| item.severity == Severity::Warning);
            let settings = settings(name, text, &file, &model);
            Ok(Loaded { model, settings, warnings: found })
        }
        _ => Err(found),
    }
}

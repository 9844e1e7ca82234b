//! From a path to what stands there, whatever its form.

use super::error::TerraformError;
use super::plan::{self, TopLevel};
use super::resource::Document;
use super::{hcl, state};
use crate::io::{self, FileReason};
use std::path::Path;

/// What Terraform's files are, in a hint.
const FORMS: &str = "`terraform plan -out p` and `terraform show -json p > plan.json` make one";

/// Reads a plan, a state, or a folder of sources.
pub(super) fn read(path: &Path) -> Result<Document, TerraformError> {
    if path.is_dir() {
        return hcl::read(path);
    }
    let shown = path.display().to_string();
    let text = io::read_text(path).map_err(|error| {
        let hint = match error.reason {
            FileReason::NotUtf8(_) => {
                "a plan file itself is not read: give the output of `terraform show -json`"
            }
            _ => "name a plan as JSON, a state, or a folder of .tf files",
        };
        TerraformError::new(&shown, error.to_string(), hint)
    })?;
    parse(&shown, &text)
}

/// Reads the text of a plan or a state.
pub(super) fn parse(shown: &str, text: &str) -> Result<Document, TerraformError> {
    let top: TopLevel<'_> = serde_json::from_str(text).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        let message = if error.is_data() {
            format!("it is not JSON of Terraform's ({place}: {})", plan::reason(&error))
        } else {
            format!("it is not JSON ({place})")
        };
        TerraformError::new(shown, message, FORMS)
    })?;
    if top.resource_changes.is_some() || top.planned_values.is_some() || top.configuration.is_some() {
        return plan::read(shown, &top);
    }
    if let Some(values) = top.values {
        return state::read(shown, values);
    }
    if top.version.is_some() && top.resources.is_some() {
        return state::read_stored(shown, &top);
    }
    if top.format_version.is_some() {
        return Err(TerraformError::new(shown, "the plan or state holds no resources", FORMS));
    }
    Err(TerraformError::new(shown, "it is neither a plan nor a state of Terraform's", FORMS))
}

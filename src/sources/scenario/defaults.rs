//! The figures and settings used where a scenario states none.

use crate::domain::{Assumption, Diagnostic};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The text of the defaults that ship with the program.
pub const DEFAULTS_TOML: &str = include_str!("../../../scenarios/defaults.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    value: String,
    /// Absent for a setting.
    #[serde(default)]
    unit: String,
    meaning: String,
    source: String,
}

/// Every figure and setting by its id.
#[derive(Debug, Clone, Default)]
pub struct Defaults {
    figures: Vec<Assumption>,
}

impl Defaults {
    /// Reads a table of defaults: `[id]` with `value`, `meaning` and `source`, and for a figure `unit`.
    ///
    /// # Errors
    /// A [`Diagnostic`] when the text is not such a table.
    pub fn parse(path: &str, text: &str) -> Result<Self, Box<Diagnostic>> {
        let entries: BTreeMap<String, Entry> = toml::from_str(text).map_err(|error| {
            let mut finding = Diagnostic::error(path, error.message());
            finding.span = error.span();
            Box::new(finding)
        })?;
        let figures = entries
            .into_iter()
            .map(|(id, entry)| {
                let assumption = Assumption {
                    id,
                    value: entry.value,
                    unit: entry.unit,
                    meaning: entry.meaning,
                    source: entry.source,
                    declared: false,
                    used: false,
                };
                if !assumption.unit.is_empty() && assumption.figure().is_none() {
                    let message = format!("`{}` has a unit, and no figure", assumption.id);
                    return Err(Box::new(Diagnostic::error(path, message)));
                }
                Ok(assumption)
            })
            .collect::<Result<Vec<_>, Box<Diagnostic>>>()?;
        Ok(Self { figures })
    }

    /// Returns the figures and settings by id.
    pub fn figures(&self) -> &[Assumption] {
        &self.figures
    }
}

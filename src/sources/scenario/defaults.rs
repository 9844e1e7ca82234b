//! The figures used where a scenario states none.

use crate::domain::{Assumption, Diagnostic, parse_decimal};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The text of the defaults that ship with the program.
pub const DEFAULTS_TOML: &str = include_str!("../../../scenarios/defaults.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    value: String,
    unit: String,
    meaning: String,
    source: String,
}

/// Every figure by its id.
#[derive(Debug, Clone, Default)]
pub struct Defaults {
    figures: Vec<Assumption>,
}

impl Defaults {
    /// Reads a table of figures: `[id]` with `value`, `unit`, `meaning` and `source`.
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
                let value = parse_decimal(&entry.value)
                    .map_err(|error| Box::new(Diagnostic::error(path, format!("`{id}`: {error}"))))?;
                Ok(Assumption {
                    id,
                    value,
                    unit: entry.unit,
                    meaning: entry.meaning,
                    source: entry.source,
                    declared: false,
                })
            })
            .collect::<Result<Vec<_>, Box<Diagnostic>>>()?;
        Ok(Self { figures })
    }

    /// Returns the figures by id.
    pub fn figures(&self) -> &[Assumption] {
        &self.figures
    }

    /// Returns one figure as a whole number.
    pub(super) fn whole(&self, id: &str) -> Option<u32> {
        let figure = self.figures.iter().find(|figure| figure.id == id)?;
        u32::try_from(figure.value.mantissa()).ok().filter(|_| figure.value.scale() == 0)
    }
}

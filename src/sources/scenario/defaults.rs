//! The figures and settings used where a scenario states none.

use super::quantity_text::{Expected, QuantityInput, figure_or_range};
use crate::domain::{Assumption, Diagnostic};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The text of the defaults that ship with the program.
pub const DEFAULTS_TOML: &str = include_str!("../../../scenarios/defaults.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    value: String,
    /// P10 and P90, where the figure is a range; `value` is then the likely figure.
    low: Option<String>,
    high: Option<String>,
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
    /// Reads a table of defaults: `[id]` with `value`, `meaning` and `source`, and for a figure `unit`; for a figure
    /// that is a range also `low` and `high`.
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
                let mut assumption = Assumption {
                    id,
                    value: entry.value,
                    range: None,
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
                if entry.low.is_some() || entry.high.is_some() {
                    let wrong = |reason: &str| {
                        Box::new(Diagnostic::error(
                            path,
                            format!("bad range of `{}`: {reason}", assumption.id),
                        ))
                    };
                    let (Some(low), Some(high), false) = (entry.low, entry.high, assumption.unit.is_empty())
                    else {
                        return Err(wrong("a figure has both `low` and `high`, or neither"));
                    };
                    let input = QuantityInput::Range { low, likely: assumption.value.clone(), high };
                    let expected = if assumption.is_whole() { Expected::Count } else { Expected::Number };
                    let (_, range) = figure_or_range(&input, expected, assumption.is_share())
                        .map_err(|reason| wrong(&reason))?;
                    assumption.range = range;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_may_be_a_range() {
        let text = |more: &str| format!("[x]\nvalue = \"1500\"\nmeaning = \"m\"\nsource = \"s\"\n{more}");
        let read = |more: &str| {
            Defaults::parse("x", &text(more))
                .map(|defaults| defaults.figures()[0].range.map(|range| (range.low, range.high)))
                .map_err(|error| error.message)
        };
        let range = read("unit = \"bytes\"\nlow = \"1200\"\nhigh = \"2000\"").unwrap().unwrap();
        assert_eq!((range.0.to_string(), range.1.to_string()), ("1200".to_owned(), "2000".to_owned()));
        assert_eq!(read("unit = \"bytes\""), Ok(None));
        for (more, part) in [
            ("unit = \"bytes\"\nlow = \"1200\"", "both"),
            ("low = \"1200\"\nhigh = \"2000\"", "both"),
            ("unit = \"bytes\"\nlow = \"1600\"\nhigh = \"2000\"", "rises"),
            ("unit = \"bytes\"\nlow = \"1200.5\"\nhigh = \"2000\"", "whole"),
        ] {
            assert!(read(more).unwrap_err().contains(part), "{more}");
        }
    }
}

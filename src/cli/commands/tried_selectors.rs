//! Event selectors that are tried on the events of logs.

use crate::attribution::{EventRates, propose, replayed};
use crate::cli::args_measure::MeasureLogsArgs;
use crate::cli::error::CliError;
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::{AdvancedEventSelector, Diagnostic, Diagnostics, LogCounts};
use crate::io;
use crate::report::ReplayView;
use crate::sources::aws::read_selectors;
use crate::sources::scenario;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Selectors of a file and demands of a scenario, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Tried {
    pub(super) selectors: Arc<[AdvancedEventSelector]>,
    /// Which of them are the file's.
    own: Range<u16>,
    /// Which of them are demands.
    demanded: Range<u16>,
    name: Option<String>,
    demands: Option<String>,
}

impl Tried {
    /// Reads what the arguments name; nothing where they name nothing.
    pub(super) fn new(args: &MeasureLogsArgs, settings: &Settings, screen: Screen) -> Result<Self, CliError> {
        let Some(path) = &args.replay else { return Ok(Self::default()) };
        let mut selectors = from_file(path)?;
        let own = 0..count(selectors.len());
        if let Some(path) = &args.keep {
            let loaded = scenario::load(path, &settings.context()).map_err(CliError::Input)?;
            screen.warn(&loaded.warnings);
            let demands = loaded.model.demands.events;
            if demands.is_empty() {
                let hint = "say under [keep] which events must be kept, or leave out --keep";
                let message = "this scenario demands no events";
                return Err(CliError::input(&path.display().to_string(), message, Some(hint)));
            }
            selectors.extend(demands);
        }
        Ok(Self {
            demanded: own.end..count(selectors.len()),
            own,
            selectors: selectors.into(),
            name: Some(path.display().to_string()),
            demands: args.keep.as_ref().map(|own| own.display().to_string()),
        })
    }

    /// Tells what they keep of what was counted.
    pub(super) fn view(&self, counts: &LogCounts, rates: &EventRates<'_>) -> Option<ReplayView> {
        let own = &self.selectors[usize::from(self.own.start)..usize::from(self.own.end)];
        let name = self.name.clone()?;
        Some(ReplayView {
            title: format!("With the selectors of {name}"),
            name,
            replayed: replayed(counts, own, &self.own, |_| true, rates),
            is_one_of_many: false,
            demands: self.demands.clone(),
            proposal: Some(propose(counts, &self.selectors, &self.own, &self.demanded, rates)),
        })
    }
}

fn count(own: usize) -> u16 {
    u16::try_from(own).unwrap_or(u16::MAX)
}

fn from_file(path: &Path) -> Result<Vec<AdvancedEventSelector>, CliError> {
    let text = io::read_text(path)?;
    read_selectors(&text).map_err(|error| {
        let name = path.display().to_string();
        let mut finding = Diagnostic::error(&name, error.to_string());
        finding.hint =
            Some("write it as `aws cloudtrail get-event-selectors --trail-name NAME` prints it".to_owned());
        finding.span = error.at.map(|at| at..(at + 1).min(text.len()).max(at));
        CliError::Input(Diagnostics { items: vec![finding], texts: vec![(name, text.clone())] })
    })
}

//! The whole file, in the order in which the format's reference lists its tables.

use super::error::WriteError;
use super::page::{Entries, Page, Value};
use super::volumes::Places;
use super::{accounts, alerting, comments, keep, recorders, settings, storage};
use crate::domain::{Diagnostics, Evidence, Model};
use crate::sources::scenario::load::{Context, Loaded, parse};

/// The usual name of the table of volumes beside a scenario, which the scenario calls by it.
pub const VOLUMES_FILE: &str = "volumes.csv";

/// A scenario as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioText {
    /// The scenario file.
    pub toml: String,
    /// The table that belongs beside it under the name of [`WriteOptions::volumes_file`]; nothing where every volume stands in the file.
    pub volumes_csv: Option<String>,
}

impl ScenarioText {
    /// Reads the text again, as whoever is given the files will; `name` is what the scenario file is called.
    ///
    /// Whatever is measured may be more than a scenario allows (a Region or a usage type that no table knows, a lifecycle
    /// that charges for nothing): what is found is said before anything is written.
    ///
    /// # Errors
    /// Every error found, with its place in the text.
    pub fn read(&self, name: &str, context: &Context<'_>) -> Result<Loaded, Diagnostics> {
        parse(name, &self.toml, context, &|file| match &self.volumes_csv {
            Some(text) => Ok(text.clone()),
            None => Err(format!("`{file}` is not among what was written")),
        })
    }
}

/// What goes into the file beside the model.
#[derive(Debug, Clone, Copy)]
pub struct WriteOptions<'a> {
    /// Comment lines at the top.
    pub header: &'a [String],
    /// How the figures were come by; comments at the end.
    pub evidence: &'a [Evidence],
    /// Volumes of more accounts and Regions than this go into a table beside it, as far as its columns can say them.
    pub volumes_file_from: usize,
    /// What this table is called.
    pub volumes_file: &'a str,
}

impl Default for WriteOptions<'_> {
    fn default() -> Self {
        Self { header: &[], evidence: &[], volumes_file_from: 50, volumes_file: VOLUMES_FILE }
    }
}

/// What a figure or setting of the defaults is, where the model was read with it.
///
/// What was assumed is left out of the file, so that whoever reads the file assumes it again and says so.
pub(super) fn assumed<'m>(model: &'m Model, id: &str) -> Option<&'m str> {
    model.assumption(id).filter(|own| own.used && !own.declared).map(|own| own.value.as_str())
}

/// Writes a model as a scenario that loads back as the same model, places and provenances aside.
///
/// What every table means when it is absent is left out. The same model gives the same bytes. Whatever names contain, they
/// stay names.
///
/// # Errors
/// [`WriteError`] for what the format has no words for: a class of events that no table describes, a figure past its
/// bounds, two things of one name where a name must be enough.
pub fn write(model: &Model, options: &WriteOptions<'_>) -> Result<ScenarioText, WriteError> {
    let places = Places::new(model, options.volumes_file_from)?;
    let volumes_csv = places.csv()?;
    let mut page = Page::default();
    for line in options.header {
        page.comment(line);
    }
    page.gap();
    settings::head(&mut page, model, volumes_csv.as_ref().map(|_| options.volumes_file))?;
    settings::measured(&mut page, model)?;
    settings::growth(&mut page, model)?;
    settings::terms(&mut page, model)?;
    accounts::volumes(&mut page, &places)?;
    accounts::accounts(&mut page, model, &places)?;
    recorders::trails(&mut page, model)?;
    recorders::event_data_stores(&mut page, model)?;
    recorders::direct_deliveries(&mut page, model)?;
    storage::buckets(&mut page, model)?;
    storage::kms_keys(&mut page, model)?;
    storage::readers(&mut page, model)?;
    alerting::log_groups(&mut page, model)?;
    alerting::alarms(&mut page, model)?;
    alerting::topics(&mut page, model)?;
    alerting::event_buses(&mut page, model)?;
    alerting::event_rules(&mut page, model)?;
    keep::keep(&mut page, model)?;
    settings::benefit(&mut page, model);
    settings::assumptions(&mut page, model)?;
    settings::gaps(&mut page, model);
    comments::evidence(&mut page, options.evidence);
    Ok(ScenarioText { toml: page.finish(), volumes_csv })
}

/// Returns entries that begin with a name, and whose and where it is.
pub(super) fn named(name: &str, account: &str, region: &str) -> Entries {
    let mut entries = Entries::default();
    entries.put("name", Value::text(name));
    entries.put("account", Value::text(account));
    entries.put("region", Value::text(region));
    entries
}

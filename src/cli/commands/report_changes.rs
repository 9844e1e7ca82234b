//! Changes of what is recorded, out of the measured.json of `measure logs`.

use crate::cli::error::CliError;
use crate::domain::{Money, Month, RecordedChange};
use crate::io;
use serde::Deserialize;
use std::path::Path;

/// The part of measured.json that is read.
#[derive(Deserialize)]
struct Measured {
    causes: Vec<Cause>,
}

#[derive(Deserialize)]
struct Cause {
    time: String,
    account: String,
    region: String,
    event_name: String,
    subject: String,
    who: String,
    failed: bool,
    monthly_cost_added: Option<String>,
}

/// Reads the changes that were carried out.
pub(super) fn read(path: &Path) -> Result<Vec<RecordedChange>, CliError> {
    let text = io::read_text(path)?;
    let name = path.display().to_string();
    let wrong = |what: &str, hint: &'static str| CliError::input(&name, what, Some(hint));
    let own: Measured = serde_json::from_str(&text).map_err(|error| {
        wrong(
            &format!("it is no measured.json of `measure logs`: {error}"),
            "name the measured.json that `trailcost measure logs … --out DIR` wrote",
        )
    })?;
    let change = |own: Cause| {
        let added = own.monthly_cost_added.as_deref().map(str::parse::<Money>).transpose();
        let added = added.map_err(|_| wrong("`monthly_cost_added` is no amount", "write the file anew"))?;
        Ok(RecordedChange {
            time: own.time,
            account: own.account,
            region: own.region,
            event_name: own.event_name,
            subject: own.subject,
            who: own.who,
            added,
        })
    };
    own.causes.into_iter().filter(|own| !own.failed).map(change).collect()
}

/// Keeps the changes of a month.
pub(super) fn of_month(all: Vec<RecordedChange>, month: Month) -> Vec<RecordedChange> {
    let beginning = format!("{month}-");
    all.into_iter().filter(|own| own.time.starts_with(&beginning)).collect()
}

//! Exchange rates out of a table that the user keeps.

use crate::cli::error::CliError;
use crate::domain::{Currency, Date, parse_decimal};
use crate::io;
use crate::report::ExchangeRate;
use serde::Deserialize;
use std::path::Path;

/// A row of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    from: String,
    to: String,
    rate: String,
    date: String,
    source: String,
}

/// Returns the newest rate from one currency to another.
pub(super) fn newest(path: &Path, from: &Currency, to: &Currency) -> Result<ExchangeRate, CliError> {
    const HINT: &str = "the columns are from, to, rate, date (YYYY-MM-DD) and source; the rate is what 1 of `from` is worth in `to`";
    let text = io::read_text(path)?;
    let name = path.display().to_string();
    let wrong = |what: String| CliError::input(&name, what, Some(HINT));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut newest: Option<(Date, ExchangeRate)> = None;
    for (at, row) in reader.deserialize::<Row>().enumerate() {
        let line = at + 2;
        let row = row.map_err(|error| wrong(format!("line {line}: {error}")))?;
        if row.from != from.code() || row.to != to.code() {
            continue;
        }
        let rate = parse_decimal(&row.rate).ok().filter(|own| own.is_sign_positive() && !own.is_zero());
        let rate = rate.ok_or_else(|| wrong(format!("line {line}: `{}` is no rate", row.rate)))?;
        let date: Date =
            row.date.parse().map_err(|_| wrong(format!("line {line}: `{}` is no day", row.date)))?;
        let own = ExchangeRate { currency: to.clone(), rate, date: row.date, source: row.source };
        if newest.as_ref().is_none_or(|newest| date >= newest.0) {
            newest = Some((date, own));
        }
    }
    newest.map(|own| own.1).ok_or_else(|| wrong(format!("it has no rate from {from} to {to}")))
}

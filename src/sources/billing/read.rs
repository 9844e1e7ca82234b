//! From files to a bill.

use super::by_day::billed_days;
use super::calendar::months;
use super::columns::{Field, Layout};
use super::container::{Opened, open};
use super::cost_explorer;
use super::csv_rows::{CsvExport, too_large};
use super::fault::Fault;
use super::files::expand;
use super::format::Format;
use super::odd::{Odd, Odds};
use super::options::Options;
use super::overlap::{Sketch, given_twice};
use super::parquet_rows::ParquetExport;
use super::service::CLOUDTRAIL;
use super::tally::Totals;
use crate::domain::{Bill, BilledLine, Currency, Diagnostic, Diagnostics, Money};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Reads exports of the bill: files, and folders of part files.
///
/// Quantities and costs are summed exactly and rounded once, half-even, at 10⁻¹² and 10⁻²⁴.
///
/// # Errors
/// What is wrong with a file, or with the files together: a kind of file that is no export, a missing column, a row that
/// cannot be read, two currencies, the same charges twice.
pub fn read(files: &[PathBuf], options: &Options<'_>) -> Result<Bill, Diagnostics> {
    read_all(files, options).map_err(|finding| Diagnostics { items: vec![*finding], texts: Vec::new() })
}

/// A file that was read.
struct FileRead {
    format: Format,
    kind: String,
    totals: Totals,
    tells_invoices: bool,
}

fn read_all(paths: &[PathBuf], options: &Options<'_>) -> Result<Bill, Box<Diagnostic>> {
    let mut odds = Odds::default();
    let files = expand(paths, &mut odds)?;
    if let Some(finding) = given_twice(&files) {
        return Err(finding.into());
    }
    let (mut totals, mut explored) = (Totals::default(), Totals::default());
    let mut kinds: BTreeSet<String> = BTreeSet::new();
    let mut sketches: Vec<Sketch> = Vec::new();
    let mut currencies: BTreeMap<String, String> = BTreeMap::new();
    let mut tells_invoices = true;
    for path in &files {
        let name = path.display().to_string();
        let mut own = read_file(path, options).map_err(|fault| fault.finding(&name))?;
        one_currency(&name, &own.totals, &mut currencies)?;
        let sketch = Sketch::new(&name, own.format, &mut own.totals);
        if let Some(finding) = sketches.iter().find_map(|earlier| sketch.clash(earlier)) {
            return Err(finding.into());
        }
        sketches.push(sketch);
        kinds.insert(own.kind);
        tells_invoices &= own.tells_invoices;
        let is_explored = own.format == Format::CostExplorer;
        let sum = if is_explored { &mut explored } else { &mut totals };
        sum.merge(own.totals).map_err(|_| too_large().finding(&name))?;
    }
    let first = files.first().map(|path| path.display().to_string()).unwrap_or_default();
    cost_explorer::join(&mut explored)
        .and_then(|()| totals.merge(explored))
        .map_err(|_| too_large().finding(&first))?;
    if totals.rows == 0 {
        let message = if files.len() == 1 {
            format!("{first} has a header and no rows")
        } else {
            "none of the files has any rows".to_owned()
        };
        let hint = "AWS fills a new export within a day; one without charges stays empty";
        return Err(Diagnostic::error(&first, message).hint(hint).into());
    }
    if totals.foreign == totals.rows {
        let message = format!("{first}: every row is of another cloud, none of AWS");
        return Err(Diagnostic::error(&first, message).hint("name an export of AWS's bill").into());
    }
    odds.merge(&totals.odds);
    let currency = currencies.keys().next().map_or_else(|| Some(Currency::usd()), |code| Currency::new(code));
    let Some(currency) = currency else {
        let code = currencies.keys().next().cloned().unwrap_or_default();
        let fault =
            Fault::new(format!("bad currency `{code}`")).hint("a currency is three letters, such as USD");
        return Err(fault.finding(&first).into());
    };
    bill(paths, kinds, totals, odds, currency, tells_invoices).map_err(|_| too_large().finding(&first).into())
}

fn bill(
    paths: &[PathBuf],
    kinds: BTreeSet<String>,
    totals: Totals,
    mut odds: Odds,
    currency: Currency,
    tells_invoices: bool,
) -> Result<Bill, super::wide::NumberFault> {
    let (mut lines, mut shared): (Vec<BilledLine>, Vec<BilledLine>) = (Vec::new(), Vec::new());
    for (key, sums) in totals.lines {
        let is_own = key.is_own;
        let mut line = sums.line(key)?;
        let costs = line.list_cost.is_some_and(|cost| cost > Money::ZERO) && line.billed_cost > Money::ZERO;
        if costs && line.contracted_cost == Some(Money::ZERO) {
            odds.add(Odd::ContractedZero, line.rows, "");
            line.contracted_cost = None;
        }
        if is_own { lines.push(line) } else { shared.push(line) }
    }
    if !lines.iter().any(|line| line.service == CLOUDTRAIL) {
        odds.add(Odd::NoCloudTrail, 1, "");
    }
    Ok(Bill {
        sources: paths.iter().map(|path| path.display().to_string()).collect(),
        formats: kinds.into_iter().collect(),
        currency,
        lines,
        shared,
        days: billed_days(&totals.days).ok_or(super::wide::NumberFault::Range)?,
        months: months(&totals.months, tells_invoices),
        rows: totals.rows,
        cost_digits: totals.cost_digits,
        notes: odds.notes(),
    })
}

/// Refuses a second currency, naming where both are.
fn one_currency(
    name: &str,
    totals: &Totals,
    seen: &mut BTreeMap<String, String>,
) -> Result<(), Box<Diagnostic>> {
    for (currency, line) in &totals.currencies {
        seen.entry(currency.clone()).or_insert_with(|| format!("{name}, line {line}"));
    }
    if seen.len() < 2 {
        return Ok(());
    }
    let places: Vec<String> = seen.iter().map(|(currency, place)| format!("{currency} in {place}")).collect();
    let message = format!("the charges are in {} currencies: {}", seen.len(), places.join("; "));
    Err(Diagnostic::error(name, message)
        .label("amounts in different currencies cannot be added")
        .hint("read the files of each currency on their own")
        .into())
}

fn read_file(path: &Path, options: &Options<'_>) -> Result<FileRead, Fault> {
    match open(path)? {
        Opened::Text(reader, is_gzip) => {
            let export = CsvExport::new(reader)?;
            let kind = if is_gzip { "CSV, gzip" } else { "CSV" };
            if Format::of(&export.header) == Some(Format::CostExplorer) {
                let format = Format::CostExplorer;
                let header = export.header.clone();
                let line = export.line();
                let totals = cost_explorer::sum(&header, &export.into_text()?, line, options)?;
                return Ok(FileRead {
                    format,
                    kind: format!("{}, {kind}", format.name()),
                    totals,
                    tells_invoices: false,
                });
            }
            let layout = Layout::new(&export.header)?;
            let totals = export.sum(&layout, options)?;
            Ok(finished(&layout, kind, totals))
        }
        Opened::Parquet(file) => {
            let export = ParquetExport::new(path, &file)?;
            let layout = Layout::new(&export.header)?;
            let totals = export.sum(&layout, options)?;
            Ok(finished(&layout, "Parquet", totals))
        }
    }
}

fn finished(layout: &Layout, kind: &str, mut totals: Totals) -> FileRead {
    for column in &layout.doubled {
        totals.odds.add(Odd::DoubledColumn, 1, column);
    }
    FileRead {
        format: layout.format,
        kind: format!("{}, {kind}", layout.format.name()),
        totals,
        tells_invoices: layout.has(Field::Invoice),
    }
}

//! `trailcost reconcile`

use super::estimate::add_charts;
use crate::cli::args::Format;
use crate::cli::args_reconcile::ReconcileArgs;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::{Bill, Model, Month, Term, parse_decimal};
use crate::io;
use crate::pricing::FreeTiers;
use crate::reconcile::{MeasuredSide, Question, ReconcileError, Reconciliation, reconcile};
use crate::report::{
    ReconcileView, reconcile_chart, reconcile_csv, reconcile_json, reconcile_markdown, reconcile_text,
};
use crate::sources::billing::{self, Options, Sku};
use crate::sources::scenario;
use crate::usage::UsagePlan;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub(super) fn run(args: &ReconcileArgs, screen: Screen) -> Result<u8, CliError> {
    let tolerance = tolerance(&args.tolerance)?;
    let month = args.month.as_deref().map(month).transpose()?;
    let settings = Settings::new(&args.prices)?;
    let own = Side::new(&args.scenario, &settings, screen)?;
    let measured = args.measured.as_deref().map(|path| Side::new(path, &settings, screen)).transpose()?;
    let bill = if args.bill.is_empty() { None } else { Some(read_bill(args, &settings)?) };
    let other_terms = measured.as_ref().map(|side| other_terms(&own.model, &side.model)).unwrap_or_default();
    let none = FreeTiers::default();
    let question = Question {
        model: &own.model,
        usage: &own.plan,
        card: &settings.card,
        free_tiers: if own.model.free_tier { &settings.free_tiers } else { &none },
        measured: measured.as_ref().map(|side| MeasuredSide {
            name: &side.model.name,
            usage: &side.plan,
            terms: &other_terms,
        }),
        bill: bill.as_ref(),
        month,
        tolerance,
    };
    let found = reconcile(&question).map_err(refused)?;
    let view = ReconcileView::new(&found);
    if let Some(directory) = &args.out {
        write_files(args, &view, &[Some(&own), measured.as_ref()], directory, screen)?;
    }
    match args.format {
        Format::Table => output::print(&reconcile_text(&view, screen.style))?,
        Format::Markdown => output::print(&reconcile_markdown(&view))?,
        Format::Csv => output::print(&reconcile_csv(&found).map_err(unwritten)?)?,
        Format::Json => output::print(&json(&view)?)?,
    }
    Ok(code(&found, args.allow_incomplete))
}

/// Returns the services that the measured scenario has terms of which the scenario does not have.
fn other_terms(own: &Model, measured: &Model) -> Vec<String> {
    let same = |term: &Term, other: &Term| {
        (&term.service, &term.usage_type, &term.region, &term.price)
            == (&other.service, &other.usage_type, &other.region, &other.price)
    };
    let others = measured.terms.iter().filter(|term| !own.terms.iter().any(|known| same(term, known)));
    let services: BTreeSet<String> = others.map(|term| term.service.clone()).collect();
    services.into_iter().collect()
}

fn code(found: &Reconciliation, allow_incomplete: bool) -> u8 {
    if found.exceeded() {
        exit_code::FOUND
    } else if found.lacks_a_price && !allow_incomplete {
        exit_code::PRICE
    } else {
        exit_code::DONE
    }
}

/// A scenario with its usage.
struct Side {
    path: PathBuf,
    model: Model,
    plan: UsagePlan,
}

impl Side {
    fn new(path: &Path, settings: &Settings, screen: Screen) -> Result<Self, CliError> {
        let loaded = scenario::load(path, &settings.context()).map_err(CliError::Input)?;
        screen.warn(&loaded.warnings);
        let plan = UsagePlan::new(&loaded.model)?;
        Ok(Self { path: path.to_owned(), model: loaded.model, plan })
    }

    /// Returns the files that it was read from.
    fn inputs(&self) -> impl Iterator<Item = PathBuf> {
        let directory = self.path.parent().unwrap_or(Path::new(""));
        let beside = self.model.sources.iter().skip(1).map(|name| directory.join(name));
        std::iter::once(self.path.clone()).chain(beside)
    }
}

fn read_bill(args: &ReconcileArgs, settings: &Settings) -> Result<Bill, CliError> {
    let mut skus: BTreeMap<String, Sku> = BTreeMap::new();
    for (service, usage_type, _, rate) in settings.card.iter() {
        let tiers = rate.map(|rate| &rate.tiers[..]).unwrap_or_default();
        for id in tiers.iter().filter_map(|tier| tier.sku_price_id.as_ref()) {
            let sku = Sku { service: service.to_owned(), usage_type: usage_type.to_owned() };
            skus.insert(id.clone(), sku);
        }
    }
    let options = Options {
        catalog: settings.card.catalog(),
        regions: &settings.regions,
        skus: &skus,
        resources: &args.resource,
    };
    let mut bill = billing::read(&args.bill, &options).map_err(CliError::Input)?;
    bill.note_names_without_lines(&args.resource, billing::is_named);
    Ok(bill)
}

/// Reads `2%` as 0.02.
fn tolerance(text: &str) -> Result<Decimal, CliError> {
    let percent = text.trim().strip_suffix('%').and_then(|number| parse_decimal(number.trim_end()).ok());
    percent
        .filter(|percent| *percent >= Decimal::ZERO && *percent <= Decimal::ONE_HUNDRED)
        .and_then(|percent| percent.checked_div(Decimal::ONE_HUNDRED))
        .ok_or_else(|| {
            CliError::new(exit_code::USAGE, format!("bad tolerance `{text}`"))
                .hint("expected a percentage from 0% to 100%, such as 2% or 0.5%")
        })
}

fn month(text: &str) -> Result<Month, CliError> {
    text.parse().map_err(|error: crate::domain::PeriodError| {
        CliError::new(exit_code::USAGE, format!("bad month `{text}` for --month")).hint(error.to_string())
    })
}

fn refused(error: ReconcileError) -> CliError {
    let message = error.to_string();
    match error {
        ReconcileError::Cost(error) => error.into(),
        ReconcileError::NoCommonMonth { .. } => CliError::new(exit_code::BAD_INPUT, message)
            .hint("set `start` and `months` of the scenario to what it is to be compared with"),
        ReconcileError::MonthNotThere { .. } => {
            CliError::new(exit_code::USAGE, message).hint("name a month of both, or leave --month out")
        }
        ReconcileError::Currency { .. } => {
            CliError::new(exit_code::BAD_INPUT, message).hint("only one currency can be reconciled at a time")
        }
        ReconcileError::NothingToCompare => {
            CliError::new(exit_code::USAGE, message).hint("give --bill or --measured")
        }
    }
}

fn unwritten(error: impl std::fmt::Display) -> CliError {
    CliError::new(exit_code::NOT_WRITTEN, error.to_string())
}

fn json(view: &ReconcileView<'_>) -> Result<String, CliError> {
    reconcile_json(view).map(|json| format!("{json:#}\n")).map_err(unwritten)
}

fn write_files(
    args: &ReconcileArgs,
    view: &ReconcileView<'_>,
    sides: &[Option<&Side>],
    directory: &Path,
    screen: Screen,
) -> Result<(), CliError> {
    io::make_directory(directory)?;
    let mut files = FileSet::default();
    files.add(&directory.join("reconcile.csv"), reconcile_csv(view.data).map_err(unwritten)?.as_bytes())?;
    files.add(&directory.join("reconcile.json"), json(view)?.as_bytes())?;
    files.add(&directory.join("reconcile.md"), reconcile_markdown(view).as_bytes())?;
    add_charts(&mut files, directory, &[reconcile_chart(view)])?;
    let scenarios = sides.iter().flatten().flat_map(|side| side.inputs());
    for input in scenarios.chain(args.bill.iter().cloned()) {
        if files.replaces(&input) {
            let message = format!("the result would take the place of its own input {}", input.display());
            return Err(
                CliError::new(exit_code::NOT_WRITTEN, message).hint("name another directory with --out")
            );
        }
    }
    let written = files.publish()?;
    screen.remark(&format!("wrote {} files to {}", written.len(), directory.display()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tolerance_is_a_percentage() {
        for (text, expected) in [("2%", "0.02"), ("0%", "0"), ("100 %", "1"), ("0.5%", "0.005")] {
            assert_eq!(tolerance(text).unwrap().normalize().to_string(), expected, "{text}");
        }
        for bad in ["2", "0.02", "", "%", "-1%", "101%", "x%", "1e1%"] {
            assert!(tolerance(bad).is_err(), "{bad}");
        }
    }
}

//! `trailcost measure bill`

use super::focus_output::FocusFile;
use crate::cli::args::Format;
use crate::cli::args_measure::MeasureBillArgs;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::{Bill, BilledPrice, Currency, Month, UnitPrice};
use crate::io;
use crate::pricing::RateCard;
use crate::report::{BillView, bill_json, bill_markdown, bill_text, billed_csv, visible};
use crate::sources::billing::{self, Lowered, Options, Sku};
use crate::sources::scenario::{self, VOLUMES_FILE, WriteOptions};
use std::collections::BTreeMap;
use std::path::Path;

pub(super) fn run(args: &MeasureBillArgs, screen: Screen) -> Result<u8, CliError> {
    let wanted = args.month.as_deref().map(parse_month).transpose()?;
    let focus = FocusFile::of(args.focus.as_deref())?;
    let settings = Settings::new(&args.prices)?;
    let skus = skus(&settings.card);
    let options = Options {
        catalog: settings.card.catalog(),
        regions: &settings.regions,
        skus: &skus,
        resources: &args.resources,
    };
    let mut bill = billing::read(&args.files, &options).map_err(CliError::Input)?;
    bill.note_names_without_lines(&args.resources, billing::is_named);
    let month = billing::month_of(&bill, wanted).cloned();
    if let (Some(wanted), None) = (wanted, &month) {
        return Err(no_such_month(&bill, wanted));
    }
    let list_price = |price: &BilledPrice| list_price(&settings.card, &bill.currency, price);
    let lowered = month.as_ref().map(|month| billing::lower(&bill, month, &settings.context(), &list_price));
    let terms = lowered.as_ref().map(|own| own.model.terms.clone()).unwrap_or_default();
    bill.notes.extend(lowered.iter().flat_map(|own| own.unexplained.iter().cloned()));
    let first = bill.sources.first().cloned().unwrap_or_default();
    let view = BillView::new(bill, month.map(|own| own.month), terms)
        .ok_or_else(|| CliError::input(&first, "a sum is too large to be held exactly", None))?;
    if let Some(directory) = &args.out {
        write_files(&view, lowered.as_ref(), args, directory, screen)?;
    }
    if let Some(focus) = focus {
        focus.write_bill(&view.bill, &settings, &args.files, screen)?;
    }
    let fail = |error: &dyn std::fmt::Display| CliError::new(exit_code::NOT_WRITTEN, error.to_string());
    match args.format {
        Format::Table => output::print(&bill_text(&view, screen.style))?,
        Format::Markdown => output::print(&bill_markdown(&view))?,
        Format::Csv => output::print(&billed_csv(&view.bill).map_err(|error| fail(&error))?)?,
        Format::Json => {
            let json = bill_json(&view).map_err(|error| fail(&error))?;
            output::print(&format!("{json:#}\n"))?;
        }
    }
    Ok(exit_code::DONE)
}

pub(super) fn parse_month(text: &str) -> Result<Month, CliError> {
    text.parse().map_err(|error: crate::domain::PeriodError| {
        CliError::new(exit_code::USAGE, format!("bad month `{text}` for --month")).hint(error.to_string())
    })
}

pub(super) fn no_such_month(bill: &Bill, wanted: Month) -> CliError {
    let months: Vec<String> = bill.months.iter().map(|own| own.month.to_string()).collect();
    let there = if months.is_empty() { "no month with usage".to_owned() } else { months.join(", ") };
    CliError::new(exit_code::BAD_INPUT, format!("the bill has no {wanted}")).hint(format!("it has {there}"))
}

/// Returns what the price ids of a rate card stand for.
pub(super) fn skus(card: &RateCard) -> BTreeMap<String, Sku> {
    let mut skus = BTreeMap::new();
    for (service, usage_type, _, rate) in card.iter() {
        let ids = rate.iter().flat_map(|rate| &rate.tiers).filter_map(|tier| tier.sku_price_id.clone());
        for id in ids {
            skus.insert(id, Sku { service: service.to_owned(), usage_type: usage_type.to_owned() });
        }
    }
    skus
}

/// Returns what a unit costs at list price, where every unit costs the same.
fn list_price(card: &RateCard, currency: &Currency, price: &BilledPrice) -> Option<UnitPrice> {
    let rate = card.rate(&price.service, &price.usage_type, price.region.as_ref()?).ok()?;
    let is_same = rate.currency == *currency && rate.unit.name().eq_ignore_ascii_case(&price.unit);
    match rate.tiers.as_slice() {
        [tier] if is_same => tier.price,
        _ => None,
    }
}

fn write_files(
    view: &BillView,
    lowered: Option<&Lowered>,
    args: &MeasureBillArgs,
    directory: &Path,
    screen: Screen,
) -> Result<(), CliError> {
    let fail = |error: &dyn std::fmt::Display| CliError::new(exit_code::NOT_WRITTEN, error.to_string());
    let scenario = match lowered.filter(|own| !own.model.observations.volumes.is_empty()) {
        Some(Lowered { model, evidence, .. }) => {
            let mut header = vec![
                format!(
                    "Measured from the bill of {}: {}",
                    model.horizon.start,
                    view.bill.formats.join("; ")
                ),
                "Volumes are as billed in that month; every month of the horizon is taken to be like it"
                    .to_owned(),
            ];
            if model.observations.volumes.iter().any(|own| own.usage_type == "DataEventsRecorded") {
                let why = "A bill does not tell of which resources data events are: all of them stand under other_data_events";
                header.push(why.to_owned());
            }
            let options = WriteOptions { header: &header, evidence, ..WriteOptions::default() };
            Some(scenario::write(model, &options).map_err(|error| fail(&error))?)
        }
        None => None,
    };
    // Only once there is something to write into it.
    io::make_directory(directory)?;
    let mut files = FileSet::default();
    match &scenario {
        Some(text) => {
            files.add(&directory.join("scenario.toml"), text.toml.as_bytes())?;
            if let Some(volumes) = &text.volumes_csv {
                files.add(&directory.join(VOLUMES_FILE), volumes.as_bytes())?;
            }
        }
        None => screen.remark(
            "no scenario was written: the bill gives no volume of a known usage type with account and Region",
        ),
    }
    files.add(
        &directory.join("billed.csv"),
        billed_csv(&view.bill).map_err(|error| fail(&error))?.as_bytes(),
    )?;
    let json = bill_json(view).map_err(|error| fail(&error))?;
    files.add(&directory.join("measured.json"), format!("{json:#}\n").as_bytes())?;
    if let Some(path) = args.files.iter().find(|path| files.replaces(path)) {
        let message = format!("{} would be replaced by what is written", path.display());
        return Err(CliError::new(exit_code::USAGE, message).hint("name another directory for --out"));
    }
    let left = files.missing(directory, &["scenario.toml", VOLUMES_FILE]);
    let written = files.publish()?;
    // A scenario of an earlier bill would be taken for this one's.
    io::remove_files(&left)?;
    screen.remark(&format!("wrote {} files to {}", written.len(), visible(&directory.display().to_string())));
    Ok(())
}

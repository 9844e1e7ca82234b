//! `trailcost pricing`

use super::free_tiers::print_free_tiers;
use super::price_refresh::refresh;
use super::scenario::write_or_print;
use crate::cli::args::{Format, PriceArgs, PricingCommand, PricingListArgs};
use crate::cli::error::CliError;
use crate::cli::screen::Screen;
use crate::cli::settings::{Settings, Tables, parse_date};
use crate::cli::{exit_code, output};
use crate::domain::{Date, RegionTable, nearest};
use crate::io;
use crate::pricing::{
    ImportedOffer, Layer, PriceRow, PriceTable, RateCard, RateChange, check, check_free_tiers, compare,
    import, newest_retrieval, to_csv,
};
use crate::report::{grouped, price_per, visible};
use std::path::{Path, PathBuf};

pub(super) fn run(command: &PricingCommand, screen: Screen) -> Result<u8, CliError> {
    match command {
        PricingCommand::List(args) => list(args),
        PricingCommand::Check { paths, prices } => check_tables(paths, prices),
        PricingCommand::Diff { before, after, as_of, format } => {
            diff(before, after, as_of.as_deref(), *format)
        }
        PricingCommand::Import(args) => match &args.file {
            Some(file) => import_offer(file, args.region.as_deref(), args.out.as_deref(), args.force, screen),
            None => refresh(args, screen),
        },
    }
}

fn list(args: &PricingListArgs) -> Result<u8, CliError> {
    let tables = Tables::from_args(&args.prices)?;
    let card = tables.rate_card(args.prices.as_of.as_deref())?;
    if let Some(service) = &args.service {
        known("service", service, &card.catalog().services())?;
    }
    if let Some(region) = &args.region {
        known("Region", region, &region_codes(&tables.regions))?;
    }
    let free_tiers = tables.free_tiers(&card)?;
    if args.free_tiers {
        print_free_tiers(&free_tiers, args)?;
        return Ok(exit_code::DONE);
    }
    let wanted = |service: &str, usage_type: &str, region: &str| {
        args.service.as_ref().is_none_or(|own| own == service)
            && args.region.as_ref().is_none_or(|own| own == region)
            && args.usage_type.as_ref().is_none_or(|own| usage_type.contains(own.as_str()))
    };
    // The rows of the tables that the rate card is made of, in its order.
    let mut rows: Vec<&PriceRow> = Vec::new();
    for (service, usage_type, region, rate) in card.iter() {
        if !wanted(service, usage_type, region.as_str()) {
            continue;
        }
        let Ok(rate) = rate else {
            continue;
        };
        rows.extend(tables.layers.iter().filter(|(_, table)| table.name == rate.table).flat_map(
            |(_, table)| {
                table.rows.iter().filter(|row| {
                    row.key() == (service, usage_type, region.as_str())
                        && row.effective_from == rate.effective_from
                })
            },
        ));
    }
    match args.format {
        Format::Csv => {
            let rows: Vec<PriceRow> = rows.into_iter().cloned().collect();
            output::print(&to_csv(&rows).map_err(unwritten)?)?;
        }
        Format::Json => output::print(&format!("{:#}\n", list_json(&rows, card.as_of())))?,
        Format::Table | Format::Markdown => output::print(&list_text(&rows, card.as_of(), args.format))?,
    }
    Ok(exit_code::DONE)
}

pub(super) fn unwritten(error: impl std::fmt::Display) -> CliError {
    CliError::new(exit_code::NOT_WRITTEN, error.to_string())
}

pub(super) fn known(kind: &str, name: &str, all: &[&str]) -> Result<(), CliError> {
    if all.contains(&name) {
        return Ok(());
    }
    let error = CliError::new(exit_code::USAGE, format!("unknown {kind} `{name}`"));
    Err(match nearest(name, all.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("known are {}", all.join(", "))),
    })
}

pub(super) fn region_codes(regions: &RegionTable) -> Vec<&str> {
    regions.iter().map(|own| own.code.as_str()).collect()
}

fn list_json(rows: &[&PriceRow], as_of: Date) -> serde_json::Value {
    let rows: Vec<serde_json::Value> = rows
        .iter()
        .map(|row| {
            serde_json::json!({
                "service": row.service,
                "region": row.region.as_str(),
                "usage_type": row.usage_type,
                "component": row.component.id(),
                "unit": row.unit.name(),
                "tier_begin": row.tier.begin.to_string(),
                "tier_end": row.tier.end.map(|end| end.to_string()),
                "price_per_unit": row.price.map(|price| price.to_string()),
                "currency": row.currency.code(),
                "sku_price_id": row.sku_price_id,
                "effective_from": row.effective_from.to_string(),
                "effective_to": row.effective_to.map(|date| date.to_string()),
                "source": row.source,
                "retrieved_on": row.retrieved_on.to_string(),
                "confidence": row.confidence.name(),
                "description": row.description,
            })
        })
        .collect();
    serde_json::json!({ "schema_version": 1, "as_of": as_of.to_string(), "prices": rows })
}

fn list_text(rows: &[&PriceRow], as_of: Date, format: Format) -> String {
    let markdown = format == Format::Markdown;
    let mut out = format!("Prices as of {}\n\n", as_of.long());
    if markdown {
        out.push_str("| Service | Usage type | Region | Price | Confidence |\n|:--|:--|:--|--:|:--|\n");
    }
    let mut heading = String::new();
    for row in rows {
        let price = row
            .price
            .map_or_else(|| "unknown".to_owned(), |price| price_per(price, &row.unit, &row.currency));
        let tier = match (row.tier.begin.is_zero(), row.tier.end) {
            (true, None) => String::new(),
            (true, Some(end)) => format!(", first {}", grouped(end.rounded(0))),
            (false, _) => format!(", over {}", grouped(row.tier.begin.rounded(0))),
        };
        if markdown {
            out.push_str(&format!(
                "| {} | {} | {} | {price}{tier} | {} |\n",
                visible(&row.service),
                visible(&row.usage_type),
                visible(row.region.as_str()),
                row.confidence.name()
            ));
            continue;
        }
        let own = format!("{} {}", visible(&row.service), visible(&row.usage_type));
        if own != heading {
            out.push_str(&format!("{own}\n"));
            heading = own;
        }
        out.push_str(&format!(
            "  {:<16} {price}{tier}  ({})\n",
            visible(row.region.as_str()),
            row.confidence.name()
        ));
    }
    if rows.is_empty() {
        out.push_str("no price matches\n");
    }
    out
}

fn check_tables(paths: &[PathBuf], prices: &PriceArgs) -> Result<u8, CliError> {
    let tables = if paths.is_empty() {
        Tables::from_args(prices)?
    } else {
        let mut tables = Tables::new();
        for path in paths {
            tables.add(path)?;
        }
        tables
    };
    // The user's tables and the built-in ones are checked apart: one may replace a price of the other.
    let mut findings = Vec::new();
    for wanted in [Layer::BuiltIn, Layer::User] {
        let own: Vec<PriceTable> = tables
            .layers
            .iter()
            .filter(|(layer, _)| *layer == wanted)
            .map(|(_, table)| table.clone())
            .collect();
        findings.extend(check(&own, &tables.regions));
    }
    let mut known = Tables::new();
    if !paths.is_empty() {
        // A free tier table may be checked without the price tables that it stands in front of.
        known.add_built_in();
    }
    known.layers.extend(tables.layers.iter().cloned());
    findings.extend(check_free_tiers(&tables.free_tiers, &known.catalog()));
    let diagnostics = tables.diagnostics(findings);
    if !diagnostics.items.is_empty() {
        return Err(CliError::Input(diagnostics));
    }
    let rows: usize = tables.layers.iter().map(|(_, table)| table.rows.len()).sum();
    let unknown: usize = tables
        .layers
        .iter()
        .map(|(_, table)| table.rows.iter().filter(|row| row.price.is_none()).count())
        .sum();
    let free_tiers: usize = tables.free_tiers.iter().map(|(_, table)| table.rows.len()).sum();
    output::print(&format!(
        "{rows} rows, tables: {}; no errors; rows that say that the price is unknown: {unknown}; rows of free tiers: {free_tiers}\n",
        tables.layers.len()
    ))?;
    Ok(exit_code::DONE)
}

/// What stands for the tables that ship with the program.
const BUILT_IN: &str = "built-in";

fn side(path: &Path) -> Result<Tables, CliError> {
    let mut tables = Tables::new();
    if path == Path::new(BUILT_IN) {
        tables.add_built_in();
    } else {
        tables.add(path)?;
    }
    Ok(tables)
}

fn diff(before: &Path, after: &Path, as_of: Option<&str>, format: Format) -> Result<u8, CliError> {
    let is_built_in = |path: &Path| path == Path::new(BUILT_IN);
    let (one, two) = (is_built_in(before), is_built_in(after));
    let (mut before, mut after) = (side(before)?, side(after)?);
    // Against the built-in tables a directory counts as it is used: in front of them, key by key.
    if one && !two {
        after.add_built_in();
    } else if two && !one {
        before.add_built_in();
    }
    let as_of = if let Some(text) = as_of {
        parse_date(text)?
    } else {
        let tables = [before.price_tables(), after.price_tables()].concat();
        newest_retrieval(&tables)
            .ok_or_else(|| CliError::new(exit_code::BAD_INPUT, "the price tables have no rows"))?
    };
    let day = as_of.to_string();
    let card = |tables: &Tables| -> Result<RateCard, CliError> { tables.rate_card(Some(&day)) };
    let changes = compare(&card(&before)?, &card(&after)?);
    print_changes(&changes, as_of, format)?;
    Ok(if changes.is_empty() { exit_code::DONE } else { exit_code::FOUND })
}

/// Prints what differs between two sets of tables.
pub(super) fn print_changes(changes: &[RateChange], as_of: Date, format: Format) -> Result<(), CliError> {
    match format {
        Format::Json => output::print(&format!("{:#}\n", diff_json(changes, as_of))),
        Format::Csv => output::print(&diff_csv(changes).map_err(unwritten)?),
        Format::Table | Format::Markdown => output::print(&diff_text(changes, as_of)),
    }
}

fn diff_json(changes: &[RateChange], as_of: Date) -> serde_json::Value {
    let changes: Vec<serde_json::Value> = changes
        .iter()
        .map(|change| {
            serde_json::json!({
                "service": change.service,
                "usage_type": change.usage_type,
                "region": change.region.as_str(),
                "tier_begin": change.tier_begin.to_string(),
                "before": change.before,
                "after": change.after,
            })
        })
        .collect();
    serde_json::json!({ "schema_version": 1, "as_of": as_of.to_string(), "changes": changes })
}

fn diff_csv(changes: &[RateChange]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["service", "usage_type", "region", "tier_begin", "before", "after"])?;
    for change in changes {
        writer.write_record([
            &change.service,
            &change.usage_type,
            change.region.as_str(),
            &change.tier_begin.to_string(),
            change.before.as_deref().unwrap_or_default(),
            change.after.as_deref().unwrap_or_default(),
        ])?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn diff_text(changes: &[RateChange], as_of: Date) -> String {
    let mut out = format!("Prices as of {}; differences: {}\n", as_of.long(), changes.len());
    for change in changes {
        let tier =
            if change.tier_begin.is_zero() { String::new() } else { format!(" over {}", change.tier_begin) };
        let line = format!("{} {} {}{tier}", change.service, change.usage_type, change.region);
        let none = "no price".to_owned();
        let (before, after) =
            (change.before.as_ref().unwrap_or(&none), change.after.as_ref().unwrap_or(&none));
        out.push_str(&format!("{}\n  {} → {}\n", visible(&line), visible(before), visible(after)));
    }
    out
}

fn import_offer(
    file: &Path,
    region: Option<&str>,
    out: Option<&Path>,
    force: bool,
    screen: Screen,
) -> Result<u8, CliError> {
    let built_in = PriceArgs { pricing: None, pricing_only: false, as_of: None };
    let settings = Settings::new(&built_in)?;
    if let Some(region) = region {
        known("Region", region, &region_codes(&settings.regions))?;
    }
    let text = io::read_text(file)?;
    let name = file.display().to_string();
    let mut imported = import(&text, &settings.regions, settings.card.catalog())
        .map_err(|error| CliError::input(&name, error.to_string(), Some(OFFER_HINT)))?;
    let of_every_region = imported.rows.len();
    imported.rows.retain(|row| region.is_none_or(|own| row.region.as_str() == own));
    if let (true, 1.., Some(region)) = (imported.rows.is_empty(), of_every_region, region) {
        let message = format!("the offer file has {of_every_region} prices, none of them of {region}");
        return Err(CliError::input(
            &name,
            message,
            Some("leave --region out, or take the Region's own offer file"),
        ));
    }
    if imported.rows.is_empty() {
        let message = format!("no price of the offer file can be taken ({} skipped)", imported.skipped.len());
        let hint = imported.skipped.first().map_or("only prices of OnDemand terms are taken", String::as_str);
        return Err(CliError::input(&name, message, Some(hint)));
    }
    remark_skipped(&imported, screen);
    write_or_print(out, force, &to_csv(&imported.rows).map_err(unwritten)?, screen)?;
    screen.remark(&format!("{} rows; check them with `trailcost pricing check`", imported.rows.len()));
    Ok(exit_code::DONE)
}

/// Says what was left out, each reason once.
pub(super) fn remark_skipped(imported: &ImportedOffer, screen: Screen) {
    let mut by_reason = std::collections::BTreeMap::<&str, usize>::new();
    for skipped in &imported.skipped {
        let reason = skipped.split_once(": ").map_or(skipped.as_str(), |(_, reason)| reason);
        *by_reason.entry(reason).or_default() += 1;
    }
    for (reason, count) in by_reason {
        screen.remark(&format!("skipped {count}: {}", visible(reason)));
    }
}

const OFFER_HINT: &str =
    "an offer file is what the AWS Price List Bulk API serves as index.json or index.csv of a service";

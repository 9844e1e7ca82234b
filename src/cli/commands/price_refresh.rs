//! `trailcost pricing import --from-aws`: what AWS's price list has that the tables have not.

#[cfg(feature = "aws")]
use super::pricing::remark_skipped;
use super::pricing::{known, print_changes, region_codes, unwritten};
use crate::cli::args::PricingImportArgs;
#[cfg(feature = "aws")]
use crate::cli::clock;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::FileSet;
#[cfg(feature = "aws")]
use crate::cli::progress_line::ProgressLine;
use crate::cli::screen::Screen;
use crate::cli::settings::Tables;
use crate::domain::{Date, UsageTypeCatalog};
use crate::io;
use crate::pricing::{ImportedOffer, Layer, PriceRow, PriceTable, check, compare, to_csv};
use crate::report::visible;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(super) fn refresh(args: &PricingImportArgs, screen: Screen) -> Result<u8, CliError> {
    let before = tables(args.out.as_deref())?;
    if let Some(region) = &args.region {
        known("Region", region, &region_codes(&before.regions))?;
    }
    let catalog = before.catalog();
    for service in &args.services {
        known("service", service, &catalog.services())?;
    }
    let (imported, today) = asked(args, &before, &catalog, screen)?;
    if imported.rows.is_empty() {
        return Err(CliError::new(
            exit_code::NOT_READ,
            "the price list has no price of any usage type of the tables",
        )
        .hint("nothing was written; leave --region and --service out"));
    }
    let files = refreshed(&before, imported.rows, args.out.as_deref(), screen)?;
    let after = with(&before, &files);
    let findings = check(&user_tables(&after), &after.regions);
    if !findings.is_empty() {
        return Err(CliError::Input(after.diagnostics(findings)));
    }
    let day = today.to_string();
    let changes = compare(&before.rate_card(Some(&day))?, &after.rate_card(Some(&day))?);
    print_changes(&changes, today, args.format)?;
    if changes.is_empty() && !args.yes {
        screen.remark("the tables have the prices of the list");
        return Ok(exit_code::DONE);
    }
    let (Some(directory), true) = (&args.out, args.yes) else {
        screen.remark("nothing was written; --out DIR --yes writes these prices, for --pricing DIR");
        return Ok(exit_code::FOUND);
    };
    io::make_directory(directory)?;
    let mut set = FileSet::default();
    for table in files.values() {
        set.add(Path::new(&table.name), table.text.as_bytes())?;
    }
    let written = set.publish()?;
    screen.remark(&format!(
        "wrote {}; use them with --pricing {}",
        written.join(", "),
        visible(&directory.display().to_string())
    ));
    Ok(exit_code::DONE)
}

/// Reads the built-in tables and those that are in the directory already.
fn tables(directory: Option<&Path>) -> Result<Tables, CliError> {
    let mut tables = Tables::new();
    tables.add_built_in();
    if let Some(directory) = directory.filter(|own| own.exists()) {
        if !directory.is_dir() {
            let message = format!("{} is not a directory", directory.display());
            return Err(CliError::new(exit_code::NOT_WRITTEN, message)
                .hint("--from-aws writes one table for each service; name a directory"));
        }
        if !io::csv_files(directory)?.is_empty() {
            tables.add(directory)?;
        }
    }
    Ok(tables)
}

#[cfg(feature = "aws")]
fn asked(
    args: &PricingImportArgs,
    tables: &Tables,
    catalog: &UsageTypeCatalog,
    screen: Screen,
) -> Result<(ImportedOffer, Date), CliError> {
    use crate::sources::aws::{AskOptions, live};
    let today = clock::today()
        .ok_or_else(|| CliError::new(exit_code::USAGE, "this machine's clock is not in this century"))?;
    let options = AskOptions {
        profile: args.profile.clone(),
        endpoint_url: args.endpoint_url.clone(),
        regions: args.region.iter().cloned().collect(),
        ..AskOptions::new(today)
    };
    let services = if args.services.is_empty() {
        catalog.services()
    } else {
        args.services.iter().map(String::as_str).collect()
    };
    let mut imported = ImportedOffer::default();
    let mut unreadable = None;
    let line = ProgressLine::new(screen);
    let outcome = live::price_list(&options, &services, &line, &mut |service, product| {
        if let Err(error) = imported.add_product(product, &tables.regions, catalog, today) {
            unreadable.get_or_insert_with(|| format!("{service}: a product that cannot be read: {error}"));
        }
    });
    line.clear();
    outcome?;
    if let Some(message) = unreadable {
        return Err(CliError::new(exit_code::NOT_READ, message).hint("nothing was written"));
    }
    imported.settle();
    remark_skipped(&imported, screen);
    Ok((imported, today))
}

#[cfg(not(feature = "aws"))]
fn asked(
    _: &PricingImportArgs,
    _: &Tables,
    _: &UsageTypeCatalog,
    _: Screen,
) -> Result<(ImportedOffer, Date), CliError> {
    Err(CliError::new(exit_code::USAGE, "this trailcost was built without the AWS SDK")
        .hint("build it without --no-default-features, or import an offer file"))
}

type Key = (String, String, String);

fn key(row: &PriceRow) -> Key {
    let (service, usage_type, region) = row.key();
    (service.to_owned(), usage_type.to_owned(), region.to_owned())
}

/// Makes the table of each service: the list's prices, and what the user's own table has beside them.
fn refreshed(
    before: &Tables,
    rows: Vec<PriceRow>,
    directory: Option<&Path>,
    screen: Screen,
) -> Result<BTreeMap<String, PriceTable>, CliError> {
    let directory = directory.unwrap_or_else(|| Path::new(""));
    let name_of = |service: &str| directory.join(format!("{service}.csv")).display().to_string();
    let names: BTreeSet<String> = rows.iter().map(|row| name_of(&row.service)).collect();
    // A price that the user states in a table of another name is the user's.
    let of_user = |table: &&(Layer, PriceTable)| table.0 == Layer::User;
    let stated: BTreeSet<Key> = before
        .layers
        .iter()
        .filter(of_user)
        .filter(|(_, table)| !names.contains(&table.name))
        .flat_map(|(_, table)| table.rows.iter().map(key))
        .collect();
    let all = rows.len();
    let rows: Vec<PriceRow> = rows.into_iter().filter(|row| !stated.contains(&key(row))).collect();
    if rows.len() < all {
        screen.remark(&format!(
            "left alone: {} prices that other tables of the directory state",
            all - rows.len()
        ));
    }
    let fresh: BTreeSet<Key> = rows.iter().map(key).collect();
    let mut by_service: BTreeMap<String, Vec<PriceRow>> = BTreeMap::new();
    for row in rows {
        by_service.entry(row.service.clone()).or_default().push(row);
    }
    let mut files = BTreeMap::new();
    for (service, mut rows) in by_service {
        let name = name_of(&service);
        let kept = before
            .layers
            .iter()
            .filter(of_user)
            .filter(|(_, table)| table.name == name)
            .flat_map(|(_, table)| table.rows.iter())
            .filter(|row| !fresh.contains(&key(row)));
        rows.extend(kept.cloned());
        rows.sort_by(|left, right| {
            (left.key(), left.effective_from, left.tier.begin).cmp(&(
                right.key(),
                right.effective_from,
                right.tier.begin,
            ))
        });
        let text = to_csv(&rows).map_err(unwritten)?;
        files.insert(name.clone(), PriceTable::parse(&name, &text));
    }
    Ok(files)
}

/// Returns the tables as they will be once the files are written.
fn with(before: &Tables, files: &BTreeMap<String, PriceTable>) -> Tables {
    let mut after = Tables::new();
    after.regions.clone_from(&before.regions);
    after.layers =
        before.layers.iter().filter(|(_, table)| !files.contains_key(&table.name)).cloned().collect();
    after.layers.extend(files.values().map(|table| (Layer::User, table.clone())));
    after
}

fn user_tables(tables: &Tables) -> Vec<PriceTable> {
    tables.layers.iter().filter(|(layer, _)| *layer == Layer::User).map(|(_, table)| table.clone()).collect()
}

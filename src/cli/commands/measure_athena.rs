//! `trailcost measure athena --print-sql`

use super::pricing::known;
use crate::cli::args::Format;
use crate::cli::args_measure::MeasureAthenaArgs;
use crate::cli::error::CliError;
use crate::cli::settings::{Settings, parse_day};
use crate::cli::{exit_code, output};
use crate::domain::{AccountId, Currency, Money, Quantity, RegionCode};
use crate::pricing::RateError;
use crate::report::{money_text, price_per, visible};
use crate::sources::athena::{AthenaLogs, PlaceError, Query, billed_bytes, counts, investigations, table};
use crate::sources::scenario;

/// What a scan of the days costs, as far as it is known.
struct ScanCost {
    stored: Option<u64>,
    billed: Option<u64>,
    price: Option<String>,
    cost: Option<(Money, Currency)>,
    unknown: Option<&'static str>,
}

pub(super) fn run(args: &MeasureAthenaArgs) -> Result<u8, CliError> {
    let logs = logs(args)?;
    let cost = cost(args)?;
    let text = match args.format {
        Format::Table => as_sql(&logs, &cost),
        Format::Json => as_json(&logs, &cost),
        Format::Csv | Format::Markdown => {
            return Err(CliError::new(exit_code::USAGE, "statements are printed as table or json")
                .hint("leave --format out for SQL with comments"));
        }
    };
    output::print(&text)?;
    Ok(exit_code::DONE)
}

fn logs(args: &MeasureAthenaArgs) -> Result<AthenaLogs, CliError> {
    let accounts = args
        .accounts
        .iter()
        .map(|id| {
            id.parse::<AccountId>().map_err(|error| {
                CliError::new(exit_code::USAGE, format!("bad account `{}` for --account", visible(id)))
                    .hint(error.to_string())
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let regions: Vec<RegionCode> = args.regions.iter().map(|code| RegionCode::new(code)).collect();
    let days = (parse_day("--from", &args.from)?, parse_day("--until", &args.until)?);
    let names = (args.database.as_str(), args.table.as_str());
    AthenaLogs::new(&args.logs, args.organization.as_deref(), (accounts, regions), days, names).map_err(
        |error| {
            let option = match &error {
                PlaceError::Location(_) => "--logs",
                PlaceError::Name(_) => "--database or --table",
                PlaceError::Organization(_) => "--organization",
                PlaceError::Region(_) => "--region",
                PlaceError::Nothing(_) => "--account or --region",
                PlaceError::Days { .. } => "--until",
            };
            CliError::new(exit_code::USAGE, visible(&error.to_string())).hint(format!("correct {option}"))
        },
    )
}

fn cost(args: &MeasureAthenaArgs) -> Result<ScanCost, CliError> {
    let settings = Settings::new(&args.prices)?;
    let stored = match &args.stored {
        None => None,
        Some(text) => Some(scenario::bytes(text).map_err(|why| {
            CliError::new(exit_code::USAGE, format!("bad size `{}` for --stored", visible(text))).hint(why)
        })?),
    };
    let billed = stored.and_then(billed_bytes);
    let mut scan = ScanCost { stored, billed, price: None, cost: None, unknown: None };
    let Some(region) = &args.athena_region else {
        scan.unknown = Some("name the Region in which Athena runs with --athena-region");
        return Ok(scan);
    };
    known("Region", region, &super::pricing::region_codes(&settings.regions))?;
    let rate = match settings.card.rate("AmazonAthena", "DataScannedInTB", &RegionCode::new(region)) {
        Ok(rate) => rate,
        Err(RateError::NotFound) => {
            scan.unknown =
                Some("the price tables have no price of AmazonAthena DataScannedInTB in this Region");
            return Ok(scan);
        }
        Err(error) => {
            return Err(CliError::new(exit_code::PRICE, error.to_string())
                .hint("`trailcost pricing check` with the same --pricing shows every such row"));
        }
    };
    // A tiered price depends on what else is scanned in the month.
    let [tier] = rate.tiers.as_slice() else {
        scan.unknown = Some("the price has tiers: it depends on what else is scanned in the month");
        return Ok(scan);
    };
    let per = |price| price_per(price, &rate.unit, &rate.currency).replace("Terabytes", "terabyte");
    scan.price = tier.price.map(per);
    match (billed, tier.price) {
        (Some(bytes), Some(price)) => {
            let terabytes = Quantity::from_fraction(u128::from(bytes), 1 << 40).ok();
            scan.cost = terabytes.and_then(|own| price.times(own)).map(|cost| (cost, rate.currency.clone()));
        }
        (None, _) => scan.unknown = Some("say with --stored what these days have stored"),
        (_, None) => scan.unknown = Some("the price in the tables is unknown"),
    }
    Ok(scan)
}

impl ScanCost {
    /// What a scan costs, in words.
    fn words(&self) -> String {
        let price = self.price.as_ref().map(|price| format!(" ({price})")).unwrap_or_default();
        match (&self.cost, self.billed) {
            (Some((cost, currency)), Some(bytes)) => {
                let megabytes = bytes >> 20;
                let price = format!("{megabytes} MB at {}", self.price.as_deref().unwrap_or("no price"));
                format!("costs {}{}: {price}", currency.symbol(), money_text(*cost))
            }
            _ => {
                format!("costs an unknown amount{price}: {}", self.unknown.unwrap_or("the size is too large"))
            }
        }
    }
}

/// Every query, those that count first.
fn queries(logs: &AthenaLogs) -> Vec<Query> {
    counts(logs).into_iter().chain(investigations(logs)).collect()
}

fn as_sql(logs: &AthenaLogs, cost: &ScanCost) -> String {
    let mut text = "-- Statements for Athena. Run them one by one; each `?` takes an execution parameter.\n\
                    -- A query bills the stored bytes of the days that it reads, 10 MB at least.\n\n\
                    -- make-table: a table over the trail's logs; costs nothing\n"
        .to_owned();
    text.push_str(&table(logs));
    text.push_str(";\n");
    for query in queries(logs) {
        text.push_str(&format!("\n-- {}: {}\n-- {}\n", query.name, query.answers, cost.words()));
        for parameter in &query.parameters {
            text.push_str(&format!("-- ? is {parameter}\n"));
        }
        text.push_str(&query.sql);
        text.push_str(";\n");
    }
    text
}

fn as_json(logs: &AthenaLogs, cost: &ScanCost) -> String {
    let statements: Vec<serde_json::Value> = queries(logs)
        .into_iter()
        .map(|query| {
            serde_json::json!({
                "name": query.name,
                "answers": query.answers,
                "parameters": query.parameters,
                "sql": query.sql,
                "stored_bytes": cost.stored,
                "billed_bytes": cost.billed,
                "cost": cost.cost.as_ref().map(|(cost, _)| cost.to_string()),
                "currency": cost.cost.as_ref().map(|(_, currency)| currency.code()),
            })
        })
        .collect();
    let json = serde_json::json!({ "schema_version": 1, "table": table(logs), "queries": statements });
    format!("{json:#}\n")
}

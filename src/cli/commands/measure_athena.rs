//! `trailcost measure athena`

use super::athena_price::AthenaPrice;
#[cfg(feature = "aws")]
use super::measure_athena_live::measure;
use crate::cli::args::Format;
use crate::cli::args_measure::MeasureAthenaArgs;
use crate::cli::error::CliError;
use crate::cli::screen::Screen;
use crate::cli::settings::{Settings, parse_day};
use crate::cli::{exit_code, output};
use crate::domain::{AccountId, RegionCode};
use crate::report::visible;
use crate::sources::athena::{
    AthenaLogs, AthenaPlace, PlaceError, Query, athena_policy_json, billed_bytes, counts, investigations,
    results_place, table,
};
use crate::sources::scenario;

pub(super) fn run(args: &MeasureAthenaArgs, screen: Screen) -> Result<u8, CliError> {
    let logs = logs(args)?;
    let settings = Settings::new(&args.prices)?;
    let price = AthenaPrice::find(&settings, args.athena_region.as_deref())?;
    let stored = stored(args)?;
    if args.print_policy {
        let place = place(args)?;
        let output = place.output.as_deref().unwrap_or_default();
        let policy = athena_policy_json(&logs, &place, output)
            .map_err(|error| CliError::new(exit_code::BUG, error.to_string()))?;
        output::print(&format!("{policy}\n"))?;
        return Ok(exit_code::DONE);
    }
    if !args.print_sql {
        return measure(args, &logs, &place(args)?, &settings, (&price, stored), screen);
    }
    let text = match args.format {
        Format::Table => as_sql(&logs, &price, stored),
        Format::Json => as_json(&logs, &price, stored),
        Format::Csv | Format::Markdown => {
            return Err(CliError::new(exit_code::USAGE, "statements are printed as table or json")
                .hint("leave --format out for SQL with comments"));
        }
    };
    output::print(&text)?;
    Ok(exit_code::DONE)
}

#[cfg(not(feature = "aws"))]
fn measure(
    _: &MeasureAthenaArgs,
    _: &AthenaLogs,
    _: &AthenaPlace,
    _: &Settings,
    _: (&AthenaPrice, Option<u64>),
    _: Screen,
) -> Result<u8, CliError> {
    Err(CliError::new(exit_code::USAGE, "this trailcost was built without the AWS SDK")
        .hint("build it without --no-default-features, or print the statements with --print-sql"))
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

/// Returns where queries run.
fn place(args: &MeasureAthenaArgs) -> Result<AthenaPlace, CliError> {
    let output = args.output.as_ref().map(|own| {
        results_place(own).ok_or_else(|| {
            CliError::new(
                exit_code::USAGE,
                format!(
                    "`{}` is no place in S3; accepted is s3://BUCKET or s3://BUCKET/PREFIX",
                    visible(own)
                ),
            )
            .hint("correct --output")
        })
    });
    let name = |option: &str, own: &str| {
        let fits = |own: char| own.is_ascii_alphanumeric() || "._-".contains(own);
        if own.is_empty() || own.len() > 128 || !own.chars().all(fits) {
            return Err(CliError::new(exit_code::USAGE, format!("bad name `{}` for {option}", visible(own)))
                .hint("accepted are letters, digits, dots, hyphens and underscores"));
        }
        Ok(own.to_owned())
    };
    Ok(AthenaPlace {
        region: args.athena_region.clone().unwrap_or_default(),
        workgroup: name("--workgroup", &args.workgroup)?,
        catalog: name("--catalog", &args.catalog)?,
        output: output.transpose()?,
    })
}

/// Returns what is said to be stored.
fn stored(args: &MeasureAthenaArgs) -> Result<Option<u64>, CliError> {
    let Some(text) = &args.stored else { return Ok(None) };
    scenario::bytes(text).map(Some).map_err(|why| {
        CliError::new(exit_code::USAGE, format!("bad size `{}` for --stored", visible(text))).hint(why)
    })
}

/// Every query, those that count first.
fn queries(logs: &AthenaLogs) -> Vec<Query> {
    counts(logs).into_iter().chain(investigations(logs)).collect()
}

fn as_sql(logs: &AthenaLogs, price: &AthenaPrice, stored: Option<u64>) -> String {
    let mut text = "-- Statements for Athena. Run them one by one; each `?` takes an execution parameter.\n\
                    -- A query bills the stored bytes of the days that it reads, 10 MB at least.\n"
        .to_owned();
    if let Some(source) = price.source() {
        text.push_str(&format!("-- The price: {source}\n"));
    }
    text.push_str("\n-- make-table: a table over the trail's logs; costs nothing\n");
    text.push_str(&table(logs));
    text.push_str(";\n");
    for query in queries(logs) {
        text.push_str(&format!("\n-- {}: {}\n-- {}\n", query.name, query.answers, price.words(stored)));
        for parameter in &query.parameters {
            text.push_str(&format!("-- ? is {parameter}\n"));
        }
        text.push_str(&query.sql);
        text.push_str(";\n");
    }
    text
}

fn as_json(logs: &AthenaLogs, price: &AthenaPrice, stored: Option<u64>) -> String {
    let cost = stored.and_then(|own| price.cost(own));
    let statements: Vec<serde_json::Value> = queries(logs)
        .into_iter()
        .map(|query| {
            serde_json::json!({
                "name": query.name,
                "answers": query.answers,
                "parameters": query.parameters,
                "sql": query.sql,
                "stored_bytes": stored,
                "billed_bytes": stored.and_then(billed_bytes),
                "cost": cost.map(|own| own.to_string()),
                "currency": cost.map(|_| price.currency.code()),
            })
        })
        .collect();
    let json = serde_json::json!({ "schema_version": 1, "table": table(logs), "queries": statements });
    format!("{json:#}\n")
}

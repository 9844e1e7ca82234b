//! What the arguments of `measure aws` say about asking, checked before anything is asked.

use super::pricing::{known, region_codes};
use crate::cli::args_measure::AskArgs;
use crate::cli::clock;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::settings::Settings;
use crate::domain::{AccountId, Date};
use crate::sources::aws::{AskOptions, LookupBudget};

/// Turns the arguments into options.
pub(super) fn ask_options(args: &AskArgs, settings: &Settings) -> Result<AskOptions, CliError> {
    let codes = region_codes(&settings.regions);
    for region in &args.regions {
        known("Region", region, &codes)?;
    }
    for account in &args.accounts {
        account
            .parse::<AccountId>()
            .map_err(|error| wrong("account id", account, "--account", &error.to_string()))?;
    }
    if let Some(role) = &args.assume_role {
        check_role(role)?;
    }
    check_address(args.endpoint_url.as_deref())?;
    let commercial = settings.regions.iter().filter(|own| own.partition == "aws");
    Ok(AskOptions {
        profile: args.profile.clone(),
        regions: args.regions.clone(),
        known_regions: commercial.map(|own| own.code.as_str().to_owned()).collect(),
        endpoint_url: args.endpoint_url.clone(),
        assume_role: args.assume_role.clone(),
        accounts: args.accounts.clone(),
        concurrency: usize::try_from(args.concurrency).unwrap_or(1),
        max_attempts: args.max_attempts,
        days: args.days,
        cost_explorer: args.cost_explorer,
        lookup: args.lookup.map(|calls| LookupBudget {
            windows: calls.min(24),
            calls,
            ..LookupBudget::default()
        }),
        ..AskOptions::new(today(args.until.as_deref())?)
    })
}

/// Checks an address that stands in place of AWS's own.
pub(super) fn check_address(url: Option<&str>) -> Result<(), CliError> {
    let Some(url) = url else { return Ok(()) };
    let address = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    if address.is_none_or(|own| own.is_empty() || own.contains(char::is_whitespace)) {
        let hint = "expected an address that begins with https:// or http://";
        return Err(wrong("address", url, "--endpoint-url", hint));
    }
    Ok(())
}

fn wrong(kind: &str, value: &str, argument: &str, hint: &str) -> CliError {
    CliError::new(exit_code::USAGE, format!("bad {kind} `{value}` for {argument}")).hint(hint)
}

/// Returns the day after the last day of metrics.
fn today(until: Option<&str>) -> Result<Date, CliError> {
    let Some(text) = until else {
        return clock::today().ok_or_else(|| {
            CliError::new(exit_code::USAGE, "the system's clock shows no day of this century")
                .hint("set the clock, or name the last day of metrics with --until")
        });
    };
    let last: Date = text
        .parse()
        .map_err(|error: crate::domain::PeriodError| wrong("date", text, "--until", &error.to_string()))?;
    clock::day_after(last)
        .ok_or_else(|| wrong("date", text, "--until", "expected a date as YYYY-MM-DD before 2199-12-31"))
}

/// Role names have letters, digits and `+=,.@_-`; a path may stand before them (IAM API reference, RoleName).
fn check_role(role: &str) -> Result<(), CliError> {
    let fits = |own: char| own.is_ascii_alphanumeric() || "+=,.@_-/".contains(own);
    let hint = if role.starts_with("arn:") {
        "expected the role's name, such as CostReader: the account is put before it"
    } else {
        "expected the role's name: letters, digits and +=,.@_-, with its path if it has one"
    };
    if role.is_empty() || role.starts_with('/') || !role.chars().all(fits) {
        return Err(wrong("role", role, "--assume-role", hint));
    }
    Ok(())
}

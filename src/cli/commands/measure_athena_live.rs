//! `trailcost measure athena`: what it will cost, whether that is wanted, and the queries themselves.

use super::athena_price::AthenaPrice;
use super::counted_output::{CountedOutput, publish};
use super::focus_output::FocusFile;
use super::interruption::Interruption;
use super::measure_aws_live::tell_charges;
use super::tried_selectors::Tried;
use crate::cli::args_measure::MeasureAthenaArgs;
use crate::cli::error::CliError;
use crate::cli::progress_line::ProgressLine;
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::cli::{clock, exit_code, output};
use crate::domain::{LogCounts, Money};
use crate::report::{grouped, visible};
use crate::sources::athena::{
    AthenaLogs, AthenaPlace, Counting, Query, StoredLogs, billed_bytes, counts, table,
};
use crate::sources::aws::AskOptions;
use crate::sources::aws::live::{Athena, AthenaError, Progress, StopFlag, WorkGroup};
use rust_decimal::Decimal;
use std::io::{BufRead, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What the queries will read, what they cost, and what they may cost.
struct Spending<'a> {
    price: &'a AthenaPrice,
    stored: Option<u64>,
    queries: u32,
    limit: Option<Money>,
}

impl Spending<'_> {
    /// Returns what all queries together will cost, if it is known.
    fn estimate(&self) -> Option<Money> {
        self.price.cost(self.stored?)?.times(Decimal::from(self.queries))
    }

    /// Tells whether an amount is within the limit.
    fn allows(&self, cost: Money) -> bool {
        self.limit.is_none_or(|limit| cost <= limit)
    }

    /// Returns what queries that read so many bytes each have cost.
    fn spent(&self, scans: &[u64]) -> Option<Money> {
        scans.iter().try_fold(Money::ZERO, |sum, own| sum.checked_add(self.price.cost(*own)?))
    }
}

/// What is wanted, all checked.
struct Wanted<'a> {
    args: &'a MeasureAthenaArgs,
    logs: &'a AthenaLogs,
    place: &'a AthenaPlace,
    price: &'a AthenaPrice,
    /// What the days are said to have stored.
    stated: Option<u64>,
    limit: Option<Money>,
    screen: Screen,
}

pub(super) fn measure(
    args: &MeasureAthenaArgs,
    logs: &AthenaLogs,
    place: &AthenaPlace,
    settings: &Settings,
    (price, stated): (&AthenaPrice, Option<u64>),
    screen: Screen,
) -> Result<u8, CliError> {
    let wanted = Wanted { args, logs, place, price, stated, limit: limit(args)?, screen };
    let options = options(args)?;
    let focus = FocusFile::of(args.focus.as_deref())?;
    let flag = Arc::new(AtomicBool::new(false));
    let interruption = Interruption::new(&flag);
    let line = ProgressLine::new(screen);
    let outcome = wanted.counts(&options, &line, &StopFlag::new(flag));
    line.clear();
    drop(interruption);
    tell_charges(&line, screen);
    let output = CountedOutput { format: args.format, out: args.out.as_deref(), focus, inputs: &[] };
    publish(outcome?, settings, &Tried::default(), output, screen)?;
    Ok(exit_code::DONE)
}

impl Wanted<'_> {
    /// Looks at what is there, asks, and runs the queries.
    fn counts(
        &self,
        options: &AskOptions,
        line: &ProgressLine,
        stop: &StopFlag,
    ) -> Result<LogCounts, CliError> {
        let (logs, place) = (self.logs, self.place);
        let athena = Athena::open(options, place, line, stop)?;
        let group = athena.workgroup()?;
        check_group(&group, place)?;
        let found = athena.table(logs)?;
        if let Some(why) = found.as_ref().and_then(|own| own.misfit(logs)) {
            let name = format!("{}.{}", logs.database(), logs.table_name());
            return Err(CliError::new(
                exit_code::USAGE,
                format!("the table {name} is there, and is not the one for these logs: {}", visible(&why)),
            )
            .hint("name another one with --table: it is made"));
        }
        let listed = if self.stated.is_none() { Some(athena.stored(logs)?) } else { None };
        line.clear();
        let queries = counts(logs);
        let spending = Spending {
            price: self.price,
            stored: self.stated.or(listed.as_ref().map(StoredLogs::bytes)),
            queries: u32::try_from(queries.len()).unwrap_or(u32::MAX),
            limit: self.limit,
        };
        let plan = plan(logs, place, &group, found.is_some(), (&queries, listed.as_ref()), &spending);
        agree(self.args.yes, &plan, &spending, &group, self.screen)?;
        if found.is_none() {
            athena.run(logs, &table(logs), &mut |_| true)?;
        }
        let mut asking = Asking {
            athena: &athena,
            logs,
            spending: &spending,
            line,
            scans: Vec::new(),
            counting: Counting::default(),
        };
        let outcome = asking.all(&queries);
        line.clear();
        tell_spent(&asking.scans, &spending, self.screen);
        outcome?;
        Ok(asking.counting.finish(logs, listed.as_ref()))
    }
}

fn limit(args: &MeasureAthenaArgs) -> Result<Option<Money>, CliError> {
    let Some(text) = &args.max_cost else { return Ok(None) };
    let amount = Decimal::from_str_exact(text).ok().filter(|own| !own.is_sign_negative());
    let amount = amount.and_then(|own| Money::from_decimal(own).ok()).ok_or_else(|| {
        CliError::new(exit_code::USAGE, format!("bad amount `{}` for --max-cost", visible(text)))
            .hint("expected an amount of money without its currency, such as 0.50")
    })?;
    Ok(Some(amount))
}

fn options(args: &MeasureAthenaArgs) -> Result<AskOptions, CliError> {
    super::ask_options::check_address(args.endpoint_url.as_deref())?;
    let today = clock::today().ok_or_else(|| {
        CliError::new(exit_code::USAGE, "the system's clock shows no day of this century")
            .hint("set the clock")
    })?;
    Ok(AskOptions {
        profile: args.profile.clone(),
        endpoint_url: args.endpoint_url.clone(),
        max_attempts: args.max_attempts,
        ..AskOptions::new(today)
    })
}

/// Refuses a workgroup in which nothing can run.
fn check_group(group: &WorkGroup, place: &AthenaPlace) -> Result<(), CliError> {
    if !group.is_enabled {
        return Err(CliError::new(
            exit_code::USAGE,
            format!("the workgroup `{}` is disabled", visible(&place.workgroup)),
        )
        .hint("name another one with --workgroup"));
    }
    if group.output.is_none() && place.output.is_none() {
        return Err(CliError::new(
            exit_code::USAGE,
            format!("the workgroup `{}` has no place for results", visible(&place.workgroup)),
        )
        .hint("name one with --output s3://BUCKET/PREFIX/"));
    }
    Ok(())
}

/// Says what will run, what it reads, and what that costs.
fn plan(
    logs: &AthenaLogs,
    place: &AthenaPlace,
    group: &WorkGroup,
    is_there: bool,
    (queries, listed): (&[Query], Option<&StoredLogs>),
    spending: &Spending<'_>,
) -> String {
    let own = group.output.as_ref().filter(|_| group.is_enforced).or(place.output.as_ref());
    let results = own.or(group.output.as_ref()).map_or_else(String::new, |own| visible(own));
    let mut text =
        format!("Athena in {}, workgroup {}, results in {results}:\n", place.region, place.workgroup);
    let table = format!("{}.{}", logs.database(), logs.table_name());
    text.push_str(&if is_there {
        format!("  the table {table} is there and fits\n")
    } else {
        format!("  make-table: makes the table {table}; costs nothing\n")
    });
    for query in queries {
        text.push_str(&format!("  {}: {}\n", query.name, spending.price.words(spending.stored)));
    }
    let files = listed.map_or_else(String::new, |own| {
        format!(", {} log files were listed", grouped(Decimal::from(own.log_files())))
    });
    text.push_str(&match spending.estimate() {
        Some(cost) => format!("together {} at list prices{files}\n", spending.price.amount(cost)),
        None => format!("together an unknown amount{files}\n"),
    });
    if let Some(source) = spending.price.source() {
        text.push_str(&format!("price: {source}\n"));
    }
    let bytes = |own: u64| format!("{} MB", own >> 20);
    text.push_str(&match (group.cutoff, spending.stored.and_then(billed_bytes)) {
        (Some(cutoff), _) => format!("the workgroup stops a query that scans more than {}\n", bytes(cutoff)),
        (None, Some(billed)) => format!(
            "the workgroup stops no query: BytesScannedCutoffPerQuery of {} or more would do\n",
            bytes(billed)
        ),
        (None, None) => "the workgroup stops no query: set its BytesScannedCutoffPerQuery\n".to_owned(),
    });
    text
}

/// Asks whether the queries may run, unless that is said already.
fn agree(
    yes: bool,
    plan: &str,
    spending: &Spending<'_>,
    group: &WorkGroup,
    screen: Screen,
) -> Result<(), CliError> {
    let is_asked = !yes && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if is_asked || !screen.is_quiet() {
        output::complain(plan.trim_end());
    }
    match (spending.estimate(), spending.limit) {
        (Some(cost), Some(limit)) if !spending.allows(cost) => {
            let (cost, limit) = (spending.price.amount(cost), spending.price.amount(limit));
            return Err(CliError::new(
                exit_code::FOUND,
                format!("the queries cost about {cost}, more than --max-cost {limit}: nothing was run"),
            )
            .hint("raise --max-cost, or ask for fewer days, accounts or Regions"));
        }
        (None, Some(_)) => {
            return Err(CliError::new(
                exit_code::PRICE,
                "the cost is unknown, so that --max-cost cannot be held",
            )
            .hint("add the price with --pricing, or leave --max-cost out"));
        }
        _ => {}
    }
    if let (Some(cutoff), Some(stored)) = (group.cutoff, spending.stored)
        && stored > cutoff
    {
        return Err(CliError::new(
            exit_code::FOUND,
            "the workgroup would stop the queries for what they scan: nothing was run",
        )
        .hint("raise BytesScannedCutoffPerQuery of the workgroup, name another one with --workgroup, or ask for fewer days"));
    }
    if yes {
        return Ok(());
    }
    if !is_asked {
        return Err(CliError::new(
            exit_code::USAGE,
            "the queries cost money, and nobody can be asked: nothing was run",
        )
        .hint("add --yes to run them, and --max-cost AMOUNT to hold a limit"));
    }
    let _ = write!(std::io::stderr().lock(), "Run these queries? [y/N] ");
    let mut answer = String::new();
    let _ = std::io::stdin().lock().read_line(&mut answer);
    if is_yes(&answer) {
        return Ok(());
    }
    Err(CliError::new(exit_code::USAGE, "not agreed to: nothing was run"))
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// The queries that have run, and what was read.
struct Asking<'a> {
    athena: &'a Athena<'a>,
    logs: &'a AthenaLogs,
    spending: &'a Spending<'a>,
    line: &'a ProgressLine,
    /// The bytes that each has read.
    scans: Vec<u64>,
    counting: Counting,
}

impl Asking<'_> {
    /// Runs the queries and reads their answers.
    fn all(&mut self, queries: &[Query]) -> Result<(), AthenaError> {
        for (at, query) in queries.iter().enumerate() {
            // The next one reads what the one before has read.
            let before = self.scans.last().copied().unwrap_or_default();
            if at > 0 && !self.allows(before) {
                return Err(AthenaError::TooMuch { scanned: 0 });
            }
            let outcome = self.one(at, query);
            if let Err(error) = &outcome {
                self.scans.extend(error.billed().filter(|own| *own > 0));
            }
            outcome?;
        }
        Ok(())
    }

    fn one(&mut self, at: usize, query: &Query) -> Result<(), AthenaError> {
        self.line.step(query.name, 1);
        self.line.begin("", "", "running");
        let mut goes_on = |scanned: u64| {
            self.line.begin("", "", &format!("{} MB read", scanned >> 20));
            self.allows(scanned)
        };
        let ran = self.athena.run(self.logs, &query.sql, &mut goes_on)?;
        self.scans.push(ran.scanned);
        let counting = &mut self.counting;
        self.athena.rows(&ran.id, &mut |row| match at {
            0 => counting.event_row(row),
            _ => counting.copies_row(row),
        })
    }

    /// Tells whether a query may read so much after all that was read before; a cost that is unknown is not held.
    fn allows(&self, scanned: u64) -> bool {
        let all: Vec<u64> = self.scans.iter().copied().chain([scanned]).collect();
        self.spending.spent(&all).is_none_or(|cost| self.spending.allows(cost))
    }
}

/// Says what was read and what it costs.
fn tell_spent(scans: &[u64], spending: &Spending<'_>, screen: Screen) {
    if scans.is_empty() {
        return;
    }
    let read: u64 = scans.iter().sum();
    let billed: u64 = scans.iter().filter_map(|own| billed_bytes(*own)).sum();
    let cost = spending
        .spent(scans)
        .map_or_else(|| "an unknown amount".to_owned(), |cost| spending.price.amount(cost));
    screen.remark(&format!(
        "Athena read {} bytes, {} MB are billed: {cost} at list prices",
        grouped(Decimal::from(read)),
        grouped(Decimal::from(billed >> 20))
    ));
}

impl From<AthenaError> for CliError {
    fn from(error: AthenaError) -> Self {
        let code = match &error {
            AthenaError::Interrupted { .. } => exit_code::INTERRUPTED,
            AthenaError::TooMuch { .. } => exit_code::FOUND,
            _ => exit_code::NOT_READ,
        };
        Self::new(code, error.to_string()).hint(error.hint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_yes() {
        for (answer, yes) in [
            ("y\n", true),
            ("Yes\r\n", true),
            (" YES ", true),
            ("", false),
            ("\n", false),
            ("n\n", false),
            ("yep", false),
        ] {
            assert_eq!(is_yes(answer), yes, "{answer:?}");
        }
    }
}

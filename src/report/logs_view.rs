//! What every format says of the logs themselves: how much is stored, whether it is kept as demanded, what it brings.

use super::clean::visible;
use super::number::{currency_text, grouped};
use super::view::Facts;
use crate::domain::{
    Age, BYTES_PER_GB, Benefit, BenefitReturn, Breaker, BucketHistory, Demands, Money, ObjectSizes, Quantity,
    Readability, RetentionCheck, StorageHistory, four_digits,
};
use rust_decimal::Decimal;

/// What is known of the logs beside their cost.
#[derive(Debug, Clone, Copy)]
pub struct LogFacts<'a> {
    /// What buckets and log groups store.
    pub storage: &'a StorageHistory,
    /// What must be kept.
    pub demands: &'a Demands,
    /// Whether it is.
    pub retention: &'a [RetentionCheck],
    /// What incidents cost, if stated.
    pub benefit: Option<&'a Benefit>,
    /// Events recorded in the first year, further copies left out; nothing where some are unknown.
    pub events_per_year: Option<Quantity>,
}

/// What is shown of the logs; every list is empty where there is nothing to say.
#[derive(Debug, Clone, Default)]
pub struct LogsView {
    /// What each bucket holds when the last month ends.
    pub stored: Vec<String>,
    /// Whether each demand is met.
    pub kept: Vec<String>,
    /// What the spend brings.
    pub returns: Vec<String>,
    /// The figures behind `returns`, with the cost a year that they are computed from.
    pub figures: Option<(Money, BenefitReturn)>,
}

impl LogsView {
    pub(super) fn new(facts: &Facts<'_>) -> Self {
        let logs = &facts.logs;
        let figures = logs.benefit.map(|benefit| {
            let cost = cost_per_year(facts);
            (cost, benefit.of(cost, logs.events_per_year))
        });
        Self {
            stored: logs.storage.buckets.iter().filter_map(|own| stored(own, logs.storage)).collect(),
            kept: all_kept(logs.retention, logs.demands),
            returns: figures.map_or_else(Vec::new, |(cost, own)| returns(facts, cost, &own)),
            figures,
        }
    }
}

/// Returns the first year's cost; of a shorter horizon, twelve average months.
fn cost_per_year(facts: &Facts<'_>) -> Money {
    let estimate = facts.estimate;
    let months = u32::try_from(estimate.months.len()).unwrap_or(u32::MAX);
    if months >= 12 {
        return estimate.total.years.first().map_or(Money::ZERO, |year| year.contracted);
    }
    let total = estimate.total.total.contracted;
    let year = (0..12).try_fold(Money::ZERO, |sum, _| sum.checked_add(total));
    year.and_then(|year| year.divided_by(months)).unwrap_or(Money::ZERO)
}

/// Returns an amount with six digits after the point: a thousand events cost fractions of a cent.
fn six_digits(amount: Money) -> Decimal {
    Money::from_decimal(Decimal::ONE).ok().and_then(|one| amount.over(one, 6)).unwrap_or_default()
}

/// Returns bytes as GB with two digits.
fn gigabytes(bytes: u128) -> Decimal {
    Quantity::gb_from_bytes(bytes, BYTES_PER_GB).map_or(Decimal::MAX, |gb| gb.rounded(2))
}

fn volume(bytes: u128) -> String {
    match gigabytes(bytes) {
        gb if gb.is_zero() && bytes > 0 => "less than 0.01 GiB".to_owned(),
        gb => format!("{} GiB", grouped(gb)),
    }
}

fn objects(count: u128) -> String {
    let objects = grouped(Decimal::from_u128_saturating(count));
    format!("{objects} {}", if count == 1 { "object" } else { "objects" })
}

/// Turns a count into a decimal; nothing real is too large.
trait Saturating {
    fn from_u128_saturating(count: u128) -> Self;
}

impl Saturating for Decimal {
    fn from_u128_saturating(count: u128) -> Self {
        i128::try_from(count)
            .ok()
            .and_then(|count| Self::try_from_i128_with_scale(count, 0).ok())
            .unwrap_or(Self::MAX)
    }
}

fn stored(own: &BucketHistory, history: &StorageHistory) -> Option<String> {
    let (last, month) = (own.months.last()?, history.months.last()?);
    let (count, bytes) = last.classes.iter().fold((0_u128, 0_u128), |(count, bytes), own| {
        (count.saturating_add(own.1), bytes.saturating_add(own.2))
    });
    let name = visible(&own.bucket);
    if count == 0 && bytes == 0 {
        return Some(format!("{name}: nothing when {month} ends"));
    }
    let mut classes: Vec<_> = last.classes.clone();
    classes.sort_by_key(|(_, _, bytes)| std::cmp::Reverse(*bytes));
    let parts: Vec<String> = classes
        .iter()
        .map(|(class, count, bytes)| format!("{} {} in {}", class.name(), volume(*bytes), objects(*count)))
        .collect();
    let parts = match parts.as_slice() {
        [only] => only.clone(),
        _ => format!("{} in {}: {}", volume(bytes), objects(count), parts.join(", ")),
    };
    Some(format!("{name}, when {month} ends: {parts}"))
}

fn age(age: Age) -> String {
    let hours = age.hours();
    match (hours / (24 * 365), hours % (24 * 365), hours % 24) {
        (1, 0, _) => "1 year".to_owned(),
        (years, 0, _) if years > 0 => format!("{years} years"),
        (_, _, 0) if hours == 24 => "1 day".to_owned(),
        (_, _, 0) if hours > 0 => format!("{} days", hours / 24),
        _ if hours == 1 => "1 hour".to_owned(),
        _ => format!("{hours} hours"),
    }
}

fn whose(check: &RetentionCheck) -> String {
    let name = visible(&check.bucket);
    match check.objects {
        ObjectSizes::All => name,
        ObjectSizes::Large => format!("{name}, objects of 128 KB and more"),
        ObjectSizes::Small => format!("{name}, objects under 128 KB"),
    }
}

fn copy_note(copy: Option<&String>) -> String {
    copy.map_or_else(String::new, |copy| format!(", as a copy in {}", visible(copy)))
}

/// Says of each bucket what holds for all its objects once, and of large and small ones apart what does not.
fn all_kept(checks: &[RetentionCheck], demands: &Demands) -> Vec<String> {
    let plain: Vec<Vec<String>> =
        checks.iter().map(|own| kept(own, &visible(&own.bucket), demands)).collect();
    let mut lines: Vec<String> = Vec::new();
    for (at, check) in checks.iter().enumerate() {
        let others = checks.iter().zip(&plain).enumerate();
        let others: Vec<&Vec<String>> = others
            .filter(|(other, (own, _))| *other != at && own.bucket == check.bucket)
            .map(|(_, own)| own.1)
            .collect();
        for (same, apart) in plain[at].iter().zip(kept(check, &whose(check), demands)) {
            let is_common = others.iter().all(|own| own.contains(same));
            let line = if is_common { same.clone() } else { apart };
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines
}

fn kept(check: &RetentionCheck, name: &str, demands: &Demands) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(retention) = demands.retention {
        let kept_for =
            check.kept_for.map_or_else(|| "for ever".to_owned(), |kept| format!("for {}", age(kept)));
        let demanded = age(retention);
        lines.push(if check.retention_met {
            let copy = copy_note(check.retention_copy.as_ref());
            if copy.is_empty() {
                format!("{name}: kept {kept_for}, {demanded} demanded: met")
            } else {
                format!("{name}: kept {kept_for} here, {demanded} demanded: met{copy}")
            }
        } else {
            let by = broken_by(check.retention_broken_by);
            format!("{name}: kept {kept_for}, {demanded} demanded: NOT MET{by}")
        });
    }
    lines.extend(check.readable.iter().map(|own| readable(name, own)));
    lines
}

fn broken_by(breaker: Option<Breaker>) -> String {
    match breaker {
        None => String::new(),
        Some(Breaker::Step(at)) => format!(" because of step {} of the lifecycle", at + 1),
        Some(Breaker::ArchiveTier) => " because of Intelligent-Tiering's archive tiers".to_owned(),
    }
}

fn readable(name: &str, own: &Readability) -> String {
    let demanded =
        if own.within.hours() == 0 { "at once".to_owned() } else { format!("within {}", age(own.within)) };
    let how = match own.hours {
        None => "some are deleted by then".to_owned(),
        Some(0) => format!("{} is read at once", own.class.name()),
        Some(hours) => format!("{} takes up to {hours} hours", own.class.name()),
    };
    let verdict = if own.met {
        format!("met{} ({how})", copy_note(own.copy.as_ref()))
    } else {
        format!("NOT MET{} ({how})", broken_by(own.broken_by))
    };
    format!("{name}: logs of the last {}, readable {demanded} demanded: {verdict}", age(own.age))
}

fn returns(facts: &Facts<'_>, cost: Money, own: &BenefitReturn) -> Vec<String> {
    let symbol = facts.currency.symbol();
    let money = |amount: Money| currency_text(amount, &symbol);
    let bound = if facts.estimate.is_complete() { "" } else { "at least " };
    let mut lines = Vec::new();
    if let Some(incidents) = own.break_even_incidents {
        lines.push(format!(
            "{bound}{} a year pays for itself from {} avoided incidents a year on",
            money(cost),
            four_digits(incidents)
        ));
    }
    if let (Some(avoided), Some(net)) = (own.avoided_per_year, own.net_per_year) {
        let ratio = own.per_dollar.map_or_else(String::new, |ratio| {
            format!(
                ", {symbol}{} for each {symbol}1 spent",
                grouped(
                    ratio.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero,)
                )
            )
        });
        lines.push(format!(
            "losses avoided in a year {}, less the cost {}{ratio}",
            money(avoided),
            money(net)
        ));
    }
    if let Some(cost) = own.cost_per_thousand_events {
        lines.push(format!("{bound}{symbol}{} for each thousand events recorded", six_digits(cost)));
    }
    if let Some(share) = own.cloud_spend_share {
        let percent = share.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(Decimal::MAX);
        lines.push(format!("{bound}{}% of the cloud spend", four_digits(percent)));
    }
    lines
}

//! What reconciling gave, as every format shows it.

use super::clean::visible;
use super::number::{amount_text, currency_text, money_text, percent_text, signed_text};
use crate::domain::{ChargeCategory, Money};
use crate::reconcile::{Cause, CauseKind, Charge, Line, MonthRow, Reconciliation, Sums, TargetKind};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The sums of a month, a usage type or a category of charges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReconcileRow {
    /// The words shown.
    pub label: String,
    /// What the scenario expects; nothing of a category of charges.
    pub estimated: Option<Money>,
    /// Whether a volume or price of it is unknown.
    pub incomplete: bool,
    /// What was billed or measured.
    pub found: Money,
    /// What is explained.
    pub explained: Money,
    /// What is left.
    pub unexplained: Money,
    /// Whether more is left than is allowed.
    pub exceeded: bool,
}

/// A reconciliation with the words around it.
#[derive(Debug, Clone)]
pub struct ReconcileView<'a> {
    /// The figures.
    pub data: &'a Reconciliation,
    /// The scenario's name.
    pub name: String,
    /// What is compared: months, files, prices.
    pub context: String,
    /// The finding in one sentence.
    pub sentence: String,
    /// What of the difference is due to volume and what to price, in one sentence.
    pub split: String,
    /// Whether it is within the tolerance, in one sentence.
    pub verdict: String,
    /// By month.
    pub months: Vec<ReconcileRow>,
    /// By usage type, and by category of what is no usage.
    pub usage_types: Vec<ReconcileRow>,
    /// The whole.
    pub total: ReconcileRow,
    /// What the reader should know, each as one sentence without a full stop.
    pub notes: Vec<String>,
    /// Services that are not compared, in words.
    pub apart: Vec<String>,
}

impl<'a> ReconcileView<'a> {
    /// Finds the words for a reconciliation.
    pub fn new(data: &'a Reconciliation) -> Self {
        Self {
            name: visible(&data.name),
            context: context(data),
            sentence: sentence(data),
            split: split(data),
            verdict: verdict(data),
            months: month_rows(&data.months),
            usage_types: usage_types(&data.lines, &data.charges),
            total: row("Total".to_owned(), &data.total),
            notes: notes(data),
            apart: apart(data),
            data,
        }
    }

    /// Returns the heading of what the estimate is held against.
    pub fn target_heading(&self) -> &'static str {
        match self.data.target {
            TargetKind::Billed => "Billed",
            TargetKind::Measured => "Measured",
        }
    }
}

/// Writes a difference with its sign.
pub(super) fn signed(amount: Money) -> String {
    signed_text(money_text(amount), amount)
}

/// Writes a part of a whole in percent; nothing where the whole is nothing.
pub(super) fn percent_of(part: Money, whole: Money) -> Option<String> {
    part.share_of(whole).map(|share| percent_text(share, part.cents() == 0))
}

/// Writes what is unexplained in percent of usage; nothing where usage is less than half a cent: a share of next to nothing
/// says nothing.
pub(super) fn share_left(unexplained: Money, usage: Money) -> Option<String> {
    if usage.cents() == 0 { None } else { percent_of(unexplained, usage) }
}

/// Writes a tolerance of 0 to 1 in percent.
pub(super) fn tolerance_text(tolerance: Decimal) -> String {
    format!("{}%", (tolerance * Decimal::ONE_HUNDRED).normalize())
}

fn row(label: String, sums: &Sums) -> ReconcileRow {
    ReconcileRow {
        label,
        estimated: Some(sums.estimated),
        incomplete: sums.incomplete,
        found: sums.found,
        explained: sums.explained,
        unexplained: sums.unexplained,
        exceeded: sums.exceeded,
    }
}

/// Makes a row of each month; months in a row that are alike share one.
fn month_rows(months: &[MonthRow]) -> Vec<ReconcileRow> {
    let is_plain = |own: &MonthRow| own.billed.is_none();
    let alike = |one: &MonthRow, two: &MonthRow| {
        is_plain(one) && is_plain(two) && one.sums == two.sums && one.month.plus(1) == Some(two.month)
    };
    months
        .chunk_by(alike)
        .filter_map(|run| {
            let (first, last) = (run.first()?, run.last()?);
            let mut row = month_row(first);
            if run.len() > 1 {
                row.label = format!("{} to {}, each", first.month, last.month);
            }
            Some(row)
        })
        .collect()
}

fn month_row(own: &MonthRow) -> ReconcileRow {
    let label = match &own.billed {
        Some(billed) if billed.is_partial() => {
            format!("{} ({} of {} days)", own.month, billed.days_covered(), own.month.days())
        }
        Some(billed) if billed.closed == Some(false) => format!("{} (open)", own.month),
        _ => own.month.to_string(),
    };
    row(label, &own.sums)
}

fn usage_types(lines: &[Line], charges: &[Charge]) -> Vec<ReconcileRow> {
    let mut rows: BTreeMap<(bool, &str, &str), ReconcileRow> = BTreeMap::new();
    let plus = |one: Money, two: Money| one.checked_add(two).unwrap_or(one);
    for line in lines {
        let (service, usage_type) = (line.key.service.as_str(), line.key.usage_type.as_str());
        // CloudTrail's own first.
        let of_trail = service == "AWSCloudTrail";
        let row = rows.entry((!of_trail, service, usage_type)).or_insert_with(|| ReconcileRow {
            label: visible(&match (of_trail, usage_type) {
                (_, "") => format!("{service}, no usage type"),
                (true, own) => own.to_owned(),
                (false, own) => format!("{service} {own}"),
            }),
            estimated: Some(Money::ZERO),
            incomplete: false,
            found: Money::ZERO,
            explained: Money::ZERO,
            unexplained: Money::ZERO,
            exceeded: false,
        });
        let estimated = line.estimated.map_or(Money::ZERO, |own| own.cost);
        row.estimated = row.estimated.map(|own| plus(own, estimated));
        row.incomplete |= line.estimated.is_some_and(|own| own.unknown);
        row.found = plus(row.found, line.found.map_or(Money::ZERO, |own| own.cost));
        row.explained = line.parts.iter().fold(row.explained, |sum, part| plus(sum, part.amount));
        row.unexplained = plus(row.unexplained, line.unexplained);
    }
    // Usage that costs nothing on either side says nothing here.
    let mut rows: Vec<ReconcileRow> = rows
        .into_values()
        .filter(|row| {
            row.incomplete || row.estimated.is_some_and(|own| !own.is_zero()) || !row.found.is_zero()
        })
        .collect();
    let mut categories: BTreeMap<ChargeCategory, Money> = BTreeMap::new();
    for charge in charges {
        let sum = categories.entry(charge.category).or_default();
        *sum = plus(*sum, charge.amount);
    }
    rows.extend(categories.into_iter().map(|(category, amount)| ReconcileRow {
        label: match category {
            ChargeCategory::Discount => "Discounts as rows of their own".to_owned(),
            ChargeCategory::Credit => "Credits".to_owned(),
            ChargeCategory::Refund => "Refunds".to_owned(),
            ChargeCategory::Tax => "Tax".to_owned(),
            ChargeCategory::Usage | ChargeCategory::Other => "Fees and adjustments".to_owned(),
        },
        estimated: None,
        incomplete: false,
        found: amount,
        explained: amount,
        unexplained: Money::ZERO,
        exceeded: false,
    }));
    rows
}

fn context(data: &Reconciliation) -> String {
    let months = match (data.months.first(), data.months.last()) {
        (Some(first), Some(last)) if first.month == last.month => first.month.to_string(),
        (Some(first), Some(last)) => format!("{} to {}", first.month, last.month),
        _ => "no month".to_owned(),
    };
    let against = match (&data.bill_files[..], &data.measured_name) {
        ([], Some(name)) => format!("measured: {}", visible(name)),
        ([file], _) => format!("{} ({})", visible(file), visible(&data.bill_formats.join(", "))),
        (files, _) => format!("{} files ({})", files.len(), visible(&data.bill_formats.join(", "))),
    };
    format!("{months} · {against} · prices as of {} · {}", data.as_of.long(), data.currency)
}

fn sentence(data: &Reconciliation) -> String {
    let symbol = data.currency.symbol();
    let total = &data.total;
    let estimate = match amount_text(total.estimated, total.incomplete) {
        text if text == "unknown" => text,
        text => match text.strip_prefix("≥ ") {
            Some(amount) => format!("at least {symbol}{amount}"),
            None => currency_text(total.estimated, &symbol),
        },
    };
    let mut largest: Vec<&Cause> = data.causes.iter().filter(|own| own.amount.cents() != 0).collect();
    largest.sort_by_key(|own| std::cmp::Reverse(own.amount.abs()));
    let named: Vec<String> = largest.iter().take(3).map(|own| cause_words(own)).collect();
    let more = if largest.len() > 3 { ", …" } else { "" };
    let named = if named.is_empty() { String::new() } else { format!(" ({}{more})", named.join(", ")) };
    let share = share_left(total.unexplained.abs(), total.usage).map(|share| format!(" ({share})"));
    format!(
        "Estimate {estimate}, {} {}: explained {}{named}, unexplained {}{}",
        data.target.name(),
        currency_text(total.found, &symbol),
        currency_text(total.explained, &symbol),
        currency_text(total.unexplained, &symbol),
        share.unwrap_or_default()
    )
}

/// Says what volume, price, and rows that are no usage make of the difference.
fn split(data: &Reconciliation) -> String {
    let symbol = data.currency.symbol();
    let plus = |one: Money, two: Money| one.checked_add(two).unwrap_or(one);
    let (mut volume, mut price, mut unsplit) = (Money::ZERO, Money::ZERO, Money::ZERO);
    for line in &data.lines {
        match (line.volume_variance, line.price_variance) {
            (Some(of_volume), Some(of_price)) => {
                volume = plus(volume, of_volume);
                price = plus(price, of_price);
            }
            _ => unsplit = plus(unsplit, line.difference),
        }
    }
    let charges = data.charges.iter().fold(Money::ZERO, |sum, own| plus(sum, own.amount));
    let difference = data.total.found.checked_sub(data.total.estimated).unwrap_or_default();
    let signed = |amount: Money| signed_text(currency_text(amount, &symbol), amount);
    let mut parts = vec![format!("volume {}", signed(volume)), format!("price {}", signed(price))];
    if !charges.is_zero() {
        parts.push(format!("rows that are no usage {}", signed(charges)));
    }
    if !unsplit.is_zero() {
        parts.push(format!("usage without a price of the scenario {}", signed(unsplit)));
    }
    format!("Difference {}: {}", signed(difference), parts.join(", "))
}

/// Names a cause inside a list.
fn cause_words(cause: &Cause) -> String {
    match cause.kind {
        // A proper name keeps its capital.
        CauseKind::UnmeasuredRegion => "unmeasured Region".to_owned(),
        kind => kind.label().to_lowercase(),
    }
}

/// Names a cause after "by".
pub(super) fn cause_phrase(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::UnknownAccount => "an account not in the scenario",
        CauseKind::UnmeasuredRegion => "an unmeasured Region",
        CauseKind::UnknownInEstimate => "what the scenario has as unknown",
        CauseKind::PartialMonth => "a partial month",
        CauseKind::FreeFirstCopy => "a free first copy",
        CauseKind::FurtherCopies => "a doubled trail",
        CauseKind::FewerCopies => "a copy that is not there",
        CauseKind::NotModelled => "a usage type not in the scenario",
        CauseKind::MeasuredVolume => "volumes as measured",
        CauseKind::LateData => "late data",
        CauseKind::ListPrice => "another list price",
        CauseKind::Discount => "a discount",
        CauseKind::Rounding => "rounding",
        CauseKind::Credit => "credits",
        CauseKind::Refund => "refunds",
        CauseKind::Tax => "tax",
        CauseKind::OtherCharge => "fees and adjustments",
    }
}

fn verdict(data: &Reconciliation) -> String {
    let symbol = data.currency.symbol();
    let allowed = tolerance_text(data.tolerance);
    let total = &data.total;
    let words = data.target.name();
    let of = |sums: &Sums| match share_left(sums.gross_unexplained, sums.usage) {
        Some(share) => {
            format!("{share} of {} {words} usage is unexplained", currency_text(sums.usage, &symbol))
        }
        None if sums.usage.is_zero() => {
            format!(
                "{} is unexplained where no usage is {words}",
                currency_text(sums.gross_unexplained, &symbol)
            )
        }
        None => {
            let (left, usage) = (sums.gross_unexplained, currency_text(sums.usage, &symbol));
            format!("{} of {usage} {words} usage is unexplained", currency_text(left, &symbol))
        }
    };
    let cancels = if total.gross_unexplained == total.unexplained.abs() {
        ""
    } else {
        " (differences that cancel are counted)"
    };
    let over: Vec<String> =
        data.months.iter().filter(|row| row.sums.exceeded).map(|row| row.month.to_string()).collect();
    let mut text = if total.exceeded {
        format!("OVER the tolerance: {}{cancels}, {allowed} is allowed", of(total))
    } else if !over.is_empty() {
        let worst =
            data.months.iter().filter(|row| row.sums.exceeded).max_by_key(|row| row.sums.gross_unexplained);
        let of_worst = worst.map(|row| format!("{}: {}", row.month, of(&row.sums))).unwrap_or_default();
        format!("OVER the tolerance in {} ({of_worst}), {allowed} is allowed", month_list(&over))
    } else {
        format!("Within the tolerance: {}{cancels}, {allowed} is allowed", of(total))
    };
    if total.incomplete {
        text.push_str("; the estimate is incomplete");
    }
    text
}

fn month_list(months: &[String]) -> String {
    match months {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [first, .., last] => format!("{} months from {first} to {last}", months.len()),
        [] => String::new(),
    }
}

fn notes(data: &Reconciliation) -> Vec<String> {
    let words = |months: &[crate::domain::Month]| {
        month_list(&months.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let mut notes: Vec<String> = Vec::new();
    let other = match data.target {
        TargetKind::Billed => "the bill",
        TargetKind::Measured => "the measured scenario",
    };
    if !data.only_found.is_empty() {
        notes.push(format!(
            "{} of {other} not compared: the scenario ends or begins elsewhere",
            words(&data.only_found)
        ));
    }
    if !data.only_estimated.is_empty() {
        notes.push(format!("{} of the scenario not compared: not in {other}", words(&data.only_estimated)));
    }
    if data.total.incomplete {
        notes.push("the estimate is incomplete: `trailcost estimate` names what is unknown".to_owned());
    }
    notes.extend(data.notes.iter().map(|note| visible(note)));
    notes
}

fn apart(data: &Reconciliation) -> Vec<String> {
    let symbol = data.currency.symbol();
    data.apart
        .iter()
        .map(|own| {
            let estimated = own.estimated.map_or_else(
                || "nothing estimated".to_owned(),
                |amount| match amount_text(amount, own.incomplete) {
                    text if own.incomplete => format!("{text} estimated"),
                    _ => format!("{} estimated", currency_text(amount, &symbol)),
                },
            );
            let billed = own.billed.map_or_else(
                || format!("nothing {} that belongs to logs", data.target.name()),
                |amount| format!("{} billed for everything", currency_text(amount, &symbol)),
            );
            let tax = if own.tax.is_zero() {
                String::new()
            } else {
                format!(", and {} of tax", currency_text(own.tax, &symbol))
            };
            format!("{}: {estimated}, {billed}{tax}", visible(&own.service))
        })
        .collect()
}

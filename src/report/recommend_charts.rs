//! A plan as a picture: from today's month through its actions to the month after.

use super::chart::{Caption, StepKind, Waterfall, WaterfallStep, headline_money, told_apart};
use super::charts::NamedChart;
use super::recommend_view::{ActionRow, RecommendView};
use crate::domain::{GapKind, Money};
use rust_decimal::Decimal;

/// So many actions have a bar of their own.
const MOST_ACTIONS: usize = 8;

/// Draws the way from today's month to the month after the plan.
pub fn recommend_chart(view: &RecommendView<'_>) -> NamedChart {
    let (named, rest) = view.planned.split_at(named(view));
    let mut steps: Vec<WaterfallStep> = named
        .iter()
        .map(|row| WaterfallStep {
            label: label(row),
            amount: -row.saving.average_month.rounded(),
            kind: StepKind::Known,
        })
        .collect();
    if !rest.is_empty() {
        let sum = rest
            .iter()
            .fold(Money::ZERO, |sum, row| sum.checked_add(row.saving.average_month).unwrap_or(sum));
        steps.push(WaterfallStep {
            label: if rest.len() == 1 { label(&rest[0]) } else { format!("{} more", rest.len()) },
            amount: -sum.rounded(),
            kind: StepKind::Known,
        });
    }
    let estimate = view.estimate;
    let months = match (estimate.months.first(), estimate.months.last()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(first), _) => first.to_string(),
        _ => String::new(),
    };
    let average = if view.is_flat { "Cost per month" } else { "Average cost per month" };
    let chart = Waterfall {
        caption: Caption {
            title: recommend_title(view),
            subtitle: format!(
                "{average}, {months}, {}{}",
                estimate.currency,
                if view.planned.len() > 1 { "; each action saves after those to its left" } else { "" }
            ),
            footnote: footnote(view),
        },
        start_label: "Today".to_owned(),
        start: view.before_month.rounded(),
        incomplete: !view.complete,
        steps,
        end_label: "After the plan".to_owned(),
        end: view.after_month.rounded(),
        end_incomplete: !view.complete,
        currency_symbol: estimate.currency.symbol(),
    };
    NamedChart { name: "waterfall", svg: chart.svg() }
}

/// Says what the plan makes of the cost.
pub fn recommend_title(view: &RecommendView<'_>) -> String {
    let symbol = view.estimate.currency.symbol();
    let known = if view.complete { "" } else { "Of what is known, " };
    let (before, after) = (view.before_month.rounded(), view.after_month.rounded());
    let month = |amount| headline_money(amount, &symbol);
    if view.planned.is_empty() {
        return if known.is_empty() {
            format!("Nothing to change at {} a month", month(before))
        } else {
            format!("{known}nothing to change at {} a month", month(before))
        };
    }
    let (low, high) = told_apart(after, before, &symbol).unwrap_or_else(|| (month(after), month(before)));
    let actions = match view.planned.len() {
        1 => "1 action lowers".to_owned(),
        count => format!("{count} actions lower"),
    };
    let percent = view
        .percent_text()
        .filter(|_| view.percent.is_some_and(|own| !own.is_zero()))
        .map(|own| format!(" (−{own})"))
        .unwrap_or_default();
    let year = view
        .saving
        .first_year()
        .map(|own| format!(", {} less in the first year", month(own.rounded())))
        .unwrap_or_default();
    format!("{known}{actions} the month from {high} to {low}{percent}{year}")
}

/// Returns how many actions have a bar of their own: the first ones, up to the last one that can be seen.
fn named(view: &RecommendView<'_>) -> usize {
    let seen =
        |row: &ActionRow| row.saving.average_month.exceeds_share(Decimal::new(5, 3), view.before_month);
    let last = view.planned.iter().rposition(seen).map_or(1, |at| at + 1);
    last.min(MOST_ACTIONS).min(view.planned.len())
}

/// Names an action below its bar in a few words: what is done, and where.
fn label(row: &ActionRow) -> String {
    let Some(done) = done_words(row.rule) else {
        return row.title.replace('`', "");
    };
    // Two changes of one trail are told apart by the service whose data events they are about.
    let service = row.title.split_once("AWS::").and_then(|(_, rest)| rest.split_once("::"));
    let done = match service {
        Some((service, _)) => done
            .replace("data events", &format!("{service} data events"))
            .replace("Data events", &format!("{service} data events")),
        None => done.to_owned(),
    };
    match &row.sites[..] {
        [] => row.title.replace('`', ""),
        [one] => format!("{done} {}", one.name),
        [first, rest @ ..] => format!("{done} {} and {} more", first.name, rest.len()),
    }
}

/// Returns the words for what a rule proposes, before the name of what it changes.
pub(super) fn done_words(rule: &str) -> Option<&'static str> {
    Some(match rule {
        "duplicate-management-copies" => "Delete the trail",
        "extra-trail-data-only" => "No management events on",
        "replicate-instead-of-trail" => "Replicate instead of",
        "data-events-on-one-trail" => "Data events once, not on",
        "insights-on-one-trail" => "Insights once, not on",
        "log-buckets-in-data-events" => "No data events of log buckets on",
        "exclude-kms-rds" => "No KMS or RDS Data API events on",
        "write-only-copy" => "Only events that write on",
        "data-events-outside-production" => "No data events outside production on",
        "data-events-write-only" => "Only data events that write on",
        "selective-data-events" => "Fewer data events on",
        "insights-one-type" => "One Insights type on",
        "insights-off" => "Insights off on",
        "event-aggregation" => "No aggregation on",
        "sns-per-file" => "No notice of each file by",
        "log-group-left-out" => "No CloudWatch Logs for",
        "lake-selectors" => "Only events that write into",
        "lake-leave" => "Nothing more into",
        "log-group-retention" | "lake-retention" => "Shorter retention of",
        "log-group-infrequent-access" => "Infrequent Access for",
        "lake-option" => "One-year option for",
        "bucket-key" => "Bucket Key for",
        "lifecycle" => "Lifecycle of",
        "billed-copies" => "Management events once, less",
        "billed-insights" => "Insights off where billed,",
        _ => return None,
    })
}

fn footnote(view: &RecommendView<'_>) -> String {
    let mut parts = vec![
        view.estimate.name.clone(),
        format!("prices as of {}", view.estimate.as_of.long()),
        format!("accepted loss: {}", view.accepted_loss),
    ];
    if !view.complete {
        parts.push("incomplete: some volumes or prices are unknown".to_owned());
    }
    if view.estimate.gaps.iter().any(|own| own.kind == GapKind::NotIncluded) {
        parts.push("not every charge is included (plan.md)".to_owned());
    }
    if !view.on_the_table.is_empty() {
        parts.push(match view.on_the_table.len() {
            1 => "1 more would save, but is forbidden".to_owned(),
            more => format!("{more} more would save, but are forbidden"),
        });
    }
    parts.join(" · ")
}

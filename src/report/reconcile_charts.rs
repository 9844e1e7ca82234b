//! A reconciliation as a picture: from the estimate through its causes to what was billed.

use super::chart::{Caption, StepKind, Waterfall, WaterfallStep, headline_money};
use super::charts::NamedChart;
use super::clean::visible;
use super::number::currency_text;
use super::reconcile_view::{ReconcileView, cause_phrase, share_left, tolerance_text};
use crate::domain::Money;
use crate::reconcile::{Cause, TargetKind};

/// So many causes have a bar of their own.
const MOST_CAUSES: usize = 6;

/// Draws the way from the estimate to what was billed.
pub fn reconcile_chart(view: &ReconcileView<'_>) -> NamedChart {
    let data = view.data;
    let mut causes: Vec<&Cause> = data.causes.iter().filter(|own| own.amount.cents() != 0).collect();
    // The largest have bars of their own, in the order in which they were looked for.
    let mut by_size = causes.clone();
    by_size.sort_by_key(|own| std::cmp::Reverse(own.amount.abs()));
    // One cause alone is named rather than called "other".
    let keep = if by_size.len() == MOST_CAUSES + 1 { MOST_CAUSES + 1 } else { MOST_CAUSES };
    let small: Vec<&Cause> = by_size.split_off(by_size.len().min(keep));
    causes.retain(|own| !small.iter().any(|other| other.kind == own.kind));
    let mut steps: Vec<WaterfallStep> = causes
        .iter()
        .map(|own| WaterfallStep {
            label: own.kind.label().to_owned(),
            amount: own.amount.rounded(),
            kind: StepKind::Known,
        })
        .collect();
    if !small.is_empty() {
        let sum = small.iter().fold(Money::ZERO, |sum, own| sum.checked_add(own.amount).unwrap_or(sum));
        steps.push(WaterfallStep {
            label: format!("{} other causes", small.len()),
            amount: sum.rounded(),
            kind: StepKind::Known,
        });
    }
    if data.total.unexplained.cents() != 0 {
        steps.push(WaterfallStep {
            label: "Unexplained".to_owned(),
            amount: data.total.unexplained.rounded(),
            kind: StepKind::Unexplained,
        });
    }
    let months = match (data.months.first(), data.months.last()) {
        (Some(first), Some(last)) if first.month != last.month => {
            format!("{} to {}", first.month, last.month)
        }
        (Some(first), _) => first.month.to_string(),
        _ => String::new(),
    };
    let chart = Waterfall {
        caption: Caption {
            title: reconcile_title(view),
            subtitle: format!(
                "From the estimate to what was {}, {months}, {}; each step begins where the one before ends",
                data.target.name(),
                data.currency
            ),
            footnote: footnote(view),
        },
        start_label: "Estimate".to_owned(),
        start: data.total.estimated.rounded(),
        incomplete: data.total.incomplete,
        steps,
        end_label: view.target_heading().to_owned(),
        end: data.total.found.rounded(),
        end_incomplete: false,
        currency_symbol: data.currency.symbol(),
    };
    NamedChart { name: "reconcile", svg: chart.svg() }
}

/// Says what a reconciliation finds.
pub fn reconcile_title(view: &ReconcileView<'_>) -> String {
    let data = view.data;
    let symbol = data.currency.symbol();
    let money = |amount: Money| headline_money(amount.rounded(), &symbol);
    let total = &data.total;
    let at_least = match (total.incomplete, total.estimated.is_zero()) {
        (false, _) => format!("{} estimated", money(total.estimated)),
        (true, false) => format!("at least {} estimated", money(total.estimated)),
        (true, true) => "an unknown estimate".to_owned(),
    };
    let found = match data.target {
        TargetKind::Billed => format!("{} billed", money(total.found)),
        TargetKind::Measured => format!("{} measured", money(total.found)),
    };
    if data.exceeded() {
        let share = share_left(total.gross_unexplained, total.usage).map(|own| format!("{own}, "));
        return format!(
            "{found}, {at_least}: {} unexplained ({}{} allowed)",
            money(total.gross_unexplained),
            share.unwrap_or_default(),
            tolerance_text(data.tolerance)
        );
    }
    let mut causes: Vec<&Cause> = data.causes.iter().filter(|own| own.amount.cents() != 0).collect();
    causes.sort_by_key(|own| std::cmp::Reverse(own.amount.abs()));
    let signed = |cause: &Cause| {
        let sign = if cause.amount.is_negative() { "" } else { "+" };
        format!("{} ({sign}{})", cause_phrase(cause.kind), money(cause.amount))
    };
    let explained = match total.gross_unexplained {
        left if left.cents() == 0 => "explained".to_owned(),
        left => format!("all but {} explained", currency_text(left, &symbol)),
    };
    match causes[..] {
        [] if total.incomplete => format!("{found}, {at_least}"),
        [] if total.gross_unexplained.cents() == 0 => format!("{found}, as estimated"),
        [] => format!("{found}, {at_least}: within the {} allowed", tolerance_text(data.tolerance)),
        [one] => format!("{found}, {at_least}: {explained} by {}", signed(one)),
        [first, ..] => format!("{found}, {at_least}: {explained}, most of it by {}", signed(first)),
    }
}

fn footnote(view: &ReconcileView<'_>) -> String {
    let data = view.data;
    let mut parts = vec![view.name.clone()];
    if !data.bill_files.is_empty() {
        parts.push(format!("bill: {}", visible(&data.bill_formats.join(", "))));
    }
    if let Some(name) = &data.measured_name {
        parts.push(format!("measured: {}", visible(name)));
    }
    parts.push(format!("estimate at prices as of {}", data.as_of.long()));
    if data.total.incomplete {
        parts.push("incomplete: some volumes or prices are unknown".to_owned());
    }
    if !data.apart.is_empty() {
        let services: Vec<String> = data.apart.iter().map(|own| visible(&own.service)).collect();
        parts.push(format!("not compared: {}", services.join(", ")));
    }
    parts.join(" · ")
}

//! The report's charts: each month by component, and what changed since the months before.

use super::forecast::{FORECAST_CHART, forecast_chart};
use super::sections::{Layout, component};
use super::sum::Sum;
use crate::domain::{Component, Money};
use crate::report::chart::{
    Caption, Colour, ComponentGroup, MonthlyLines, Series, StepKind, Waterfall, WaterfallStep, headline_money,
};
use crate::report::charts::{NamedChart, group_of};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The names of the charts' files, without extension.
pub const MONTHLY_CHARTS: [&str; 3] = ["cost-by-month", "bridge", FORECAST_CHART];

/// So many components are named in a chart; the others become one.
const NAMED: usize = 5;
/// So many months are drawn: three years.
const MOST_MONTHS: usize = 36;

/// Draws the charts. Amounts are in the report's own currency, and words in the layout's language.
pub fn monthly_charts(layout: Layout<'_>) -> Vec<NamedChart> {
    let mut charts = Vec::new();
    charts.extend(by_month(layout));
    charts.extend(bridge(layout));
    charts.extend(forecast_chart(layout));
    charts
}

fn shown(layout: Layout<'_>, own: Money) -> Decimal {
    layout.words.shown(own)
}

/// Marks an amount that lacks something unknown.
fn at_least(own: Sum, text: String) -> String {
    if own.is_incomplete { format!("≥ {text}") } else { text }
}

fn footnote(layout: Layout<'_>) -> String {
    let kind = layout.view.last().map(|own| layout.words.word(&format!("kind.{}", own.kind.name())));
    kind.unwrap_or_default()
}

fn by_month(layout: Layout<'_>) -> Option<NamedChart> {
    let view = layout.view;
    let months: Vec<_> = view.months.iter().rev().take(MOST_MONTHS).rev().collect();
    if months.len() < 2 {
        return None;
    }
    let mut sums: BTreeMap<Option<Component>, Money> = BTreeMap::new();
    for (component, sum) in months.iter().flat_map(|own| &own.components) {
        let own = sums.entry(*component).or_default();
        *own = own.checked_add(sum.cost).unwrap_or(*own);
    }
    let mut all: Vec<(Option<Component>, Money)> = sums.into_iter().filter(|own| !own.1.is_zero()).collect();
    all.sort_by_key(|own| std::cmp::Reverse(own.1));
    let value = |of: &[Option<Component>]| -> Vec<Decimal> {
        months
            .iter()
            .map(|month| {
                let own = of.iter().filter_map(|own| month.components.get(own));
                own.map(|own| shown(layout, own.cost)).sum()
            })
            .collect()
    };
    let mut series: Vec<Series> = Vec::new();
    let mut drawn: Vec<ComponentGroup> = Vec::new();
    for (own, _) in all.iter().take(NAMED) {
        let group = own.map_or(ComponentGroup::Other, group_of);
        let nth = drawn.iter().filter(|own| **own == group).count();
        series.push(Series {
            label: layout.say(&component(*own)),
            colour: group.colour().lighter(nth),
            values: value(&[*own]),
        });
        drawn.push(group);
    }
    if all.len() > 1 {
        series.truncate(NAMED);
        let total = months.iter().map(|own| shown(layout, own.total.cost)).collect();
        series.push(Series { label: layout.words.word("total"), colour: Colour::INK, values: total });
    }
    let (first, last) = (months.first()?, months.last()?);
    let money = |own: Money| headline_money(shown(layout, own), layout.words.symbol());
    let chart = MonthlyLines {
        caption: Caption {
            title: layout.say(
                &super::phrase::Phrase::new("chart.months_title")
                    .text("first", at_least(first.total, money(first.total.cost)))
                    .text("last", at_least(last.total, money(last.total.cost)))
                    .month("from", first.month)
                    .month("until", last.month),
            ),
            subtitle: layout.words.word("chart.months"),
            footnote: footnote(layout),
        },
        months: months.iter().map(|own| own.month.to_string()).collect(),
        series,
        limit: budget_line(layout, months.len()),
        incomplete: months.iter().any(|own| own.total.is_incomplete),
        currency_symbol: layout.words.symbol().to_owned(),
        month_names: layout.words.short_months(),
    };
    Some(NamedChart { name: MONTHLY_CHARTS[0], svg: chart.svg() })
}

/// The lowest monthly budget of all costs, with its label.
pub(super) fn monthly_budget(layout: Layout<'_>) -> Option<(String, Decimal)> {
    let all = layout.view.budgets.iter().filter(|own| own.is_of_all && own.rule == "budget-monthly");
    let own = all.min_by_key(|own| own.limit)?;
    Some((layout.words.word("chart.budget"), shown(layout, own.limit)))
}

fn budget_line(layout: Layout<'_>, months: usize) -> Option<Series> {
    let (label, limit) = monthly_budget(layout)?;
    Some(Series { label, colour: Colour::MUTED, values: vec![limit; months] })
}

fn bridge(layout: Layout<'_>) -> Option<NamedChart> {
    let view = layout.view;
    let (before, change) = (view.total.before?.known()?, view.total.change()?);
    let mut all: Vec<(Option<Component>, Money)> = view
        .components
        .iter()
        .filter_map(|own| Some((own.component, own.cost.change().filter(|own| own.cents() != 0)?)))
        .collect();
    if all.is_empty() {
        return None;
    }
    all.sort_by_key(|own| std::cmp::Reverse(own.1.abs()));
    let rest = all.split_off(all.len().min(NAMED + 1));
    let step = |label: String, amount: Money| WaterfallStep {
        label,
        amount: shown(layout, amount),
        kind: StepKind::Known,
    };
    let mut steps: Vec<WaterfallStep> =
        all.iter().map(|own| step(layout.say(&component(own.0)), own.1)).collect();
    if !rest.is_empty() {
        let sum = rest.iter().fold(Money::ZERO, |sum, own| sum.checked_add(own.1).unwrap_or(sum));
        let label = super::phrase::Phrase::new("chart.more").count("count", rest.len() as u64);
        steps.push(step(layout.say(&label), sum));
    }
    let key = if change.is_negative() { "chart.bridge_less" } else { "chart.bridge_more" };
    let money = |own: Money| headline_money(shown(layout, own), layout.words.symbol());
    let chart = Waterfall {
        caption: Caption {
            title: layout.say(
                &super::phrase::Phrase::new(key)
                    .text("change", money(change.abs()))
                    .phrase("period", view.period.label()),
            ),
            subtitle: layout.words.word("chart.bridge"),
            footnote: footnote(layout),
        },
        start_label: layout.words.word("column.before"),
        start: shown(layout, before),
        incomplete: false,
        steps,
        end_label: layout.say(&view.period.label()),
        end: shown(layout, view.total.now.cost),
        end_incomplete: false,
        currency_symbol: layout.words.symbol().to_owned(),
    };
    Some(NamedChart { name: MONTHLY_CHARTS[1], svg: chart.svg() })
}

//! The forecast's chart: months recorded, months to come.

use super::super::charts::monthly_budget;
use super::super::phrase::Phrase;
use super::super::sections::Layout;
use crate::domain::Money;
use crate::report::chart::{BandMonth, Caption, ForecastLines, headline_money};
use crate::report::charts::NamedChart;
use rust_decimal::Decimal;

/// The name of the chart's file, without extension.
pub(in super::super) const FORECAST_CHART: &str = "forecast";

/// So many months of the past are drawn: two years.
const PAST: i32 = 24;

/// Draws the forecast; nothing where there is none.
pub(in super::super) fn forecast_chart(layout: Layout<'_>) -> Option<NamedChart> {
    let (view, own) = (layout.view, layout.view.forecast.as_ref()?);
    let shown = |own: Money| layout.words.shown(own);
    let first = view.months.iter().map(|own| own.month).find(|month| own.last.months_since(*month) < PAST)?;
    let past = usize::try_from(own.last.months_since(first) + 1).ok()?;
    let months = (0..past).filter_map(|at| first.plus(u32::try_from(at).ok()?));
    let recorded = |month| view.months.iter().find(|own| own.month == month).map(|own| shown(own.total.cost));
    let end = own.months.last()?;
    let money = |own: Money| headline_money(shown(own), layout.words.symbol());
    let key = if own.has_no_range() { "chart.forecast_alone" } else { "chart.forecast_title" };
    let title = Phrase::new(key)
        .text("cost", money(end.total.middle))
        .text("low", money(end.total.low))
        .text("high", money(end.total.high))
        .month("month", end.month);
    let chart = ForecastLines {
        caption: Caption {
            title: layout.say(&title),
            subtitle: layout.word("chart.forecast"),
            footnote: layout.word("forecast.note_range"),
        },
        past: months.clone().map(recorded).collect::<Vec<Option<Decimal>>>(),
        months: months.chain(own.months.iter().map(|own| own.month)).map(|own| own.to_string()).collect(),
        future: own
            .months
            .iter()
            .map(|own| BandMonth {
                low: shown(own.total.low),
                likely: shown(own.total.middle),
                high: shown(own.total.high),
            })
            .collect(),
        line_name: "P50".to_owned(),
        budget: monthly_budget(layout),
        incomplete: own.is_incomplete,
        currency_symbol: layout.words.symbol().to_owned(),
        month_names: layout.words.short_months(),
    };
    Some(NamedChart { name: FORECAST_CHART, svg: chart.svg() })
}

//! What the charts of storage, uncertainty and the chain find: titles computed from what they draw.
//!
//! Each takes a chart whose caption may still be empty.

use super::chart::{Chain, CostBand, StorageStack, Tornado, headline_money, share, told_apart, volume};
use super::clean::visible;
use rust_decimal::Decimal;

/// Returns a number of months in words: `1 month`, `36 months`.
fn months_text(count: usize) -> String {
    if count == 1 { "1 month".to_owned() } else { format!("{count} months") }
}

fn at_least(incomplete: bool) -> &'static str {
    if incomplete { "at least " } else { "" }
}

fn sum(amounts: impl IntoIterator<Item = Decimal>) -> Decimal {
    amounts.into_iter().fold(Decimal::ZERO, Decimal::saturating_add)
}

/// Says how much is kept in the end, and which storage class holds most of it.
pub fn storage_title(chart: &StorageStack) -> String {
    let after = format!("After {}", months_text(chart.months.len()));
    let last = chart.months.len().checked_sub(1);
    let held = |values: &[Decimal]| last.and_then(|at| values.get(at).copied()).unwrap_or_default();
    let held: Vec<(&str, Decimal)> =
        chart.classes.iter().map(|class| (class.label.as_str(), held(&class.values))).collect();
    let total = sum(held.iter().map(|(_, amount)| (*amount).max(Decimal::ZERO)));
    let most = held.iter().max_by_key(|(_, amount)| *amount);
    match most {
        Some((class, amount)) if *amount > Decimal::ZERO => {
            let (kept, class) = (volume(total), visible(class));
            let verb = if chart.incomplete { "are known to be kept" } else { "are kept" };
            let part = share(*amount, total);
            let of_them = if *amount == total { "all".to_owned() } else { format!("{part} of it") };
            format!("{after}, {kept} of logs {verb}, {of_them} in {class}")
        }
        _ if chart.incomplete => format!("{after}, how much is kept is not known"),
        _ => format!("{after}, no logs are kept"),
    }
}

/// Names the input that moves the total most, and how far.
pub fn tornado_title(chart: &Tornado) -> String {
    let Some(first) = chart.strongest().first().copied().filter(|row| !row.swing(chart.likely).is_zero())
    else {
        return "No input moves the total".to_owned();
    };
    let (low, high) = first.range(chart.likely);
    let Some((low, high)) = told_apart(low, high, &chart.currency_symbol) else {
        return "No input moves the total by a cent".to_owned();
    };
    let bound = at_least(chart.incomplete);
    format!("“{}” moves the total most: {bound}{low} to {high}", visible(&first.label))
}

/// Says between which amounts the last month probably lies.
pub fn band_title(chart: &CostBand) -> String {
    let drawn = chart.costs.len().min(chart.months.len());
    let Some((last, month)) = drawn.checked_sub(1).map(|at| (chart.costs[at], &chart.months[at])) else {
        return "What a month costs is not known".to_owned();
    };
    let money = |amount| headline_money(amount, &chart.currency_symbol);
    let when = if drawn == 1 { "The month".to_owned() } else { format!("In {}, a month", visible(month)) };
    let bound = at_least(chart.incomplete);
    if chart.incomplete && last.high.is_zero() {
        "What a month costs is not known".to_owned()
    } else {
        match told_apart(last.low, last.high, &chart.currency_symbol) {
            Some((low, high)) => format!("{when} costs {bound}{low} to {high}, in eight cases of ten"),
            None => format!("{when} costs {bound}{}", money(last.low)),
        }
    }
}

/// Says what the whole chain costs, and which arrow takes most of it; `period` is such as `a month`.
pub fn chain_title(chart: &Chain, period: &str) -> String {
    let total = sum(chart.arrows.iter().map(|arrow| arrow.amount));
    let incomplete = chart.arrows.iter().any(|arrow| arrow.incomplete);
    let money = |amount| headline_money(amount, &chart.currency_symbol);
    let bound = at_least(incomplete);
    let most = chart.arrows.iter().max_by_key(|arrow| arrow.amount);
    match most {
        Some(arrow) if arrow.amount > Decimal::ZERO => {
            let (label, part) = (visible(&arrow.label), money(arrow.amount));
            if arrow.amount == total {
                format!("All of {bound}{} {period} goes into {label}", money(total))
            } else {
                format!("Of {bound}{} {period}, {part} goes into {label}", money(total))
            }
        }
        _ if incomplete => format!("What is charged {period} is not known"),
        _ => format!("Nothing is charged {period}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::chart::{
        BandMonth, Caption, ChainArrow, ChainStage, Colour, Series, TornadoEnd, TornadoRow,
    };
    use super::*;

    fn caption() -> Caption {
        Caption { title: String::new(), subtitle: String::new(), footnote: String::new() }
    }

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn storage() {
        let both = [("Standard", "100"), ("Deep Archive", "300")];
        for (months, classes, incomplete, expected) in [
            (36, &both[..], false, "After 36 months, 400 GiB of logs are kept, 75% of it in Deep Archive"),
            (1, &both[..1], true, "After 1 month, 100 GiB of logs are known to be kept, all in Standard"),
            (12, &[], false, "After 12 months, no logs are kept"),
            (12, &[("Standard", "0")], true, "After 12 months, how much is kept is not known"),
            (0, &both[..], false, "After 0 months, no logs are kept"),
        ] {
            let chart = StorageStack {
                caption: caption(),
                months: vec!["2026-01".to_owned(); months],
                classes: classes
                    .iter()
                    .map(|(label, last)| Series {
                        label: (*label).to_owned(),
                        colour: Colour::INK,
                        values: vec![dec(last); months],
                    })
                    .collect(),
                incomplete,
            };
            assert_eq!(storage_title(&chart), expected);
        }
    }

    #[test]
    fn tornado() {
        let end = |total| Some(TornadoEnd { input: String::new(), total: dec(total) });
        let row = |label: &str, low, high| TornadoRow { label: label.to_owned(), low, high };
        let rows = || {
            vec![
                row("Growth", end("45"), end("48")),
                row("Bytes\u{202e} per event", end("61000"), end("38000")),
            ]
        };
        for (rows, incomplete, expected) in [
            (rows(), false, "“Bytes\u{fffd} per event” moves the total most: $46 to $61.0k"),
            (rows(), true, "“Bytes\u{fffd} per event” moves the total most: at least $46 to $61.0k"),
            (vec![row("Growth", end("46"), None)], false, "No input moves the total"),
            (vec![], false, "No input moves the total"),
        ] {
            let currency_symbol = "$".to_owned();
            let chart = Tornado { caption: caption(), rows, likely: dec("46"), incomplete, currency_symbol };
            assert_eq!(tornado_title(&chart), expected);
        }
    }

    #[test]
    fn band() {
        for (months, low, high, incomplete, expected) in [
            (36, "4100", "6200", false, "In 2026-01, a month costs $4,100 to $6,200, in eight cases of ten"),
            (
                12,
                "4100",
                "6200",
                true,
                "In 2026-01, a month costs at least $4,100 to $6,200, in eight cases of ten",
            ),
            (1, "422", "422", false, "The month costs $422"),
            (1, "87.1", "87.4", false, "The month costs $87.10 to $87.40, in eight cases of ten"),
            (2, "0", "0", true, "What a month costs is not known"),
            (0, "1", "2", false, "What a month costs is not known"),
        ] {
            let cost = BandMonth { low: dec(low), likely: dec(low), high: dec(high) };
            let chart = CostBand {
                caption: caption(),
                months: vec!["2026-01".to_owned(); months],
                costs: vec![cost; months],
                spans: Vec::new(),
                line_name: String::new(),
                incomplete,
                currency_symbol: "$".to_owned(),
            };
            assert_eq!(band_title(&chart), expected);
        }
    }

    #[test]
    fn chain() {
        for (arrows, expected) in [
            (
                vec![("further copies of management events", "400", false), ("data events", "22", false)],
                "Of $422 a month, $400 goes into further copies of management events",
            ),
            (vec![("data events", "22", true)], "All of at least $22 a month goes into data events"),
            (vec![("first copy", "0", false)], "Nothing is charged a month"),
            (vec![("data events", "0", true)], "What is charged a month is not known"),
            (vec![], "Nothing is charged a month"),
        ] {
            let arrows = arrows.into_iter().map(|(label, amount, incomplete)| ChainArrow {
                to: ChainStage::Trail,
                label: label.to_owned(),
                amount: dec(amount),
                incomplete,
                colour: Colour::INK,
            });
            let chart = Chain {
                caption: caption(),
                nodes: Vec::new(),
                arrows: arrows.collect(),
                currency_symbol: "$".to_owned(),
            };
            assert_eq!(chain_title(&chart, "a month"), expected);
        }
    }
}

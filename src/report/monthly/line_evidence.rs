//! What the last month's figure rests on: its lines with where each quantity comes from, and the rates with their sources.

use super::last_month::LastMonth;
use super::parts::{Cell, Door, Section, Table};
use super::phrase::Phrase;
use super::sections::{Layout, component, plain, table};
use crate::domain::{Component, CostKind, Date, Money, Quantity, RecordedLine, RegionCode, UnitPrice};
use crate::pricing::RateCard;
use crate::report::clean::{csv_field, visible};
use crate::report::csv::finish;
use std::collections::BTreeMap;

/// So many lines, the dearest, stand in the page; all of them are in the CSV file.
const LINES: usize = 25;

/// Where each tier begins, with the price of a unit; nothing is unknown.
type Tiers = Vec<(Quantity, Option<UnitPrice>)>;

/// A rate that the last month's cost rests on; harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateRow {
    /// The service's code.
    pub service: String,
    /// The usage type.
    pub usage_type: String,
    /// The Region's code.
    pub region: String,
    /// The table it stands in.
    pub table: String,
    /// Where it was read.
    pub source: String,
    /// The price of a unit from each tier's beginning on, and the day it was read; nothing where the table of today has another source.
    pub prices: Option<(Tiers, Date)>,
}

/// Returns the rates that were recorded with a month, with their prices where the tables still have the same.
pub(super) fn rate_rows(last: &LastMonth, card: &RateCard) -> Vec<RateRow> {
    let row = |own: &crate::domain::RecordedRate| {
        let found = card.rate(&own.service, &own.usage_type, &RegionCode::new(&own.region)).ok();
        let same = found.filter(|found| found.table == own.table && found.source == own.source);
        RateRow {
            service: visible(&own.service),
            usage_type: visible(&own.usage_type),
            region: visible(&own.region),
            table: visible(&own.table),
            source: visible(&own.source),
            prices: same.map(|own| {
                let tiers = own.tiers.iter().map(|tier| (tier.range.begin, tier.price));
                (tiers.collect(), own.retrieved_on)
            }),
        }
    };
    last.cost.rates.iter().map(row).collect()
}

/// Rates by service, usage type and Region, with their positions from 1.
fn positions(last: &LastMonth) -> BTreeMap<(&str, &str, &str), usize> {
    last.cost
        .rates
        .iter()
        .zip(1..)
        .map(|(own, at)| ((own.service.as_str(), own.usage_type.as_str(), own.region.as_str()), at))
        .collect()
}

/// Writes every line of the last month, the dearest first, with its rate and where its quantity comes from.
pub(super) fn lines_csv(last: &LastMonth) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "month",
        "kind",
        "account",
        "region",
        "service",
        "usage_type",
        "component",
        "resource",
        "charge",
        "quantity",
        "unit",
        "list_cost",
        "cost",
        "price_table",
        "price_source",
        "comes_from",
    ])?;
    let rates = positions(last);
    let amount = |own: Option<Money>| own.map(|own| own.to_string()).unwrap_or_default();
    for line in sorted(last.cost.lines.iter()) {
        let rate = rates
            .get(&(&*line.service, &*line.usage_type, &*line.region))
            .and_then(|at| last.cost.rates.get(at - 1));
        writer.write_record([
            last.month.to_string(),
            last.kind.name().to_owned(),
            csv_field(&line.account),
            csv_field(&line.region),
            csv_field(&line.service),
            csv_field(&line.usage_type),
            line.component.map_or("not_known", Component::id).to_owned(),
            csv_field(&line.resource),
            line.category.name().to_owned(),
            line.quantity.to_string(),
            csv_field(&line.unit),
            amount(line.list_cost),
            amount(line.cost),
            csv_field(rate.map_or("", |own| &own.table)),
            csv_field(rate.map_or("", |own| &own.source)),
            csv_field(&line.provenance),
        ])?;
    }
    Ok(finish(writer))
}

/// Writes the rates: a row for each tier.
pub(super) fn rates_csv(rates: &[RateRow]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "rate",
        "service",
        "usage_type",
        "region",
        "tier_begin",
        "price",
        "read_on",
        "table",
        "source",
    ])?;
    for (own, number) in rates.iter().zip(1..) {
        let mut row = |begin: String, price: String, read_on: String| {
            writer.write_record([
                number.to_string(),
                csv_field(&own.service),
                csv_field(&own.usage_type),
                csv_field(&own.region),
                begin,
                price,
                read_on,
                csv_field(&own.table),
                csv_field(&own.source),
            ])
        };
        match &own.prices {
            None => row(String::new(), String::new(), String::new())?,
            Some((tiers, date)) => {
                for (begin, price) in tiers {
                    let price = price.map(|own| own.to_string()).unwrap_or_default();
                    row(begin.to_string(), price, date.to_string())?;
                }
            }
        }
    }
    Ok(finish(writer))
}

/// Sorts lines by cost, the dearest first; what is unknown comes before all.
fn sorted<'a>(lines: impl Iterator<Item = &'a RecordedLine>) -> Vec<&'a RecordedLine> {
    let mut all: Vec<&RecordedLine> = lines.collect();
    all.sort_by_key(|own| (own.cost.is_some(), std::cmp::Reverse(own.cost.map(Money::abs))));
    all
}

impl Layout<'_> {
    /// The lines of the last month, the dearest one by one.
    pub(super) fn lines(self) -> Option<Section> {
        let last = self.view.last_month.as_ref()?;
        let all = sorted(last.usage());
        let sum = |lines: &[&RecordedLine]| {
            lines
                .iter()
                .filter_map(|own| own.cost)
                .try_fold(Money::ZERO, Money::checked_add)
                .unwrap_or_default()
        };
        let (shown, rest) = all.split_at(all.len().min(LINES));
        let answer = Phrase::new(if rest.is_empty() { "lines.answer" } else { "lines.answer_rest" })
            .count("count", all.len() as u64)
            .month("month", last.month)
            .money("cost", sum(&all))
            .count("shown", shown.len() as u64)
            .money("rest", sum(rest));
        let mut own = self.section("lines", Door::Evidence, self.say(&answer));
        let columns = [
            ("account", false),
            ("region", false),
            ("usage_type", false),
            ("quantity", true),
            ("cost", true),
            ("rate_number", true),
            ("comes_from", false),
            ("component", false),
            ("resource", false),
        ];
        let rates = positions(last);
        let rows = shown.iter().map(|line| self.line(line, last.kind, &rates)).collect();
        let mut total: Vec<Cell> = columns.iter().map(|_| plain("")).collect();
        total[0] = plain(self.word("total"));
        total[4] = self.money_cell(sum(&all));
        own.table =
            Some(Table { total: Some(total), more: rest.len(), ..table(self.columns(&columns), rows) });
        own.notes.push(self.word("lines.note"));
        Some(own)
    }

    fn line(
        self,
        line: &RecordedLine,
        kind: CostKind,
        rates: &BTreeMap<(&str, &str, &str), usize>,
    ) -> Vec<Cell> {
        let dash = |own: &str| plain(if own.is_empty() { "–".to_owned() } else { visible(own) });
        let quantity = if line.unit.is_empty() {
            plain("–")
        } else {
            let number = self.words.number(line.quantity.rounded(4).normalize());
            Cell {
                text: format!("{number} {}", visible(&line.unit)),
                number: Some(line.quantity.to_string()),
            }
        };
        let rate = match rates.get(&(&*line.service, &*line.usage_type, &*line.region)) {
            Some(at) => Cell { text: at.to_string(), number: Some(at.to_string()) },
            None if kind == CostKind::Bill => plain(self.word("lines.of_bill")),
            None => plain(self.word("unknown")),
        };
        vec![
            dash(&line.account),
            dash(&line.region),
            dash(&line.usage_type),
            quantity,
            line.cost.map_or_else(|| plain(self.word("unknown")), |own| self.money_cell(own)),
            rate,
            dash(&line.provenance),
            plain(self.say(&component(line.component))),
            dash(&line.resource),
        ]
    }

    /// The rates of the last month.
    pub(super) fn rates(self) -> Option<Section> {
        let rates = &self.view.rates;
        if rates.is_empty() {
            return None;
        }
        let answer = self.say(&Phrase::new("rates.answer").count("count", rates.len() as u64));
        let mut own = self.section("rates", Door::Evidence, answer);
        let columns = [
            ("rate_number", true),
            ("usage_type", false),
            ("region", false),
            ("price", false),
            ("read_on", false),
            ("price_table", false),
            ("price_source", false),
        ];
        let rows = rates.iter().zip(1_usize..).take(super::sections::SHOWN).map(|(own, at)| {
            let (prices, date) = match &own.prices {
                None => (self.word("rates.other"), "–".to_owned()),
                Some((tiers, date)) => (self.tiers(tiers), date.to_string()),
            };
            vec![
                Cell { text: at.to_string(), number: Some(at.to_string()) },
                plain(&own.usage_type),
                plain(&own.region),
                plain(prices),
                plain(date),
                plain(&own.table),
                plain(&own.source),
            ]
        });
        let more = rates.len().saturating_sub(super::sections::SHOWN);
        own.table = Some(Table { more, ..table(self.columns(&columns), rows.collect()) });
        own.notes.push(self.word("rates.note"));
        Some(own)
    }

    /// Writes the price of a unit in each tier, exactly.
    fn tiers(self, tiers: &[(Quantity, Option<UnitPrice>)]) -> String {
        let one = |(begin, price): &(Quantity, Option<UnitPrice>)| {
            let price = price.map_or_else(|| self.word("unknown"), |own| self.words.number(own.value()));
            if begin.is_zero() {
                return price;
            }
            let from = self.words.number(begin.rounded(4).normalize());
            self.say(&Phrase::new("rates.from").text("price", price).text("begin", from))
        };
        tiers.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}

//! The view: what every format shows of an estimate.

use super::clean::{one_line, visible};
use super::logs_view::{LogFacts, LogsView};
use super::number::grouped;
use super::price_text::{price_per, row_to_add};
use super::ranges_view::RangesView;
use crate::costing::{Cost, Dimension, Estimate, Figures};
use crate::domain::{Assumption, Currency, Date, Gap, GapKind, Measured, Money, Month, list_names};
use crate::pricing::{Confidence, RateCard};
use crate::simulation::Simulation;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// An estimate with what goes with it.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The scenario's name.
    pub name: &'a str,
    /// The currency.
    pub currency: &'a Currency,
    /// When the volumes were measured, if they were.
    pub measured: Option<&'a Measured>,
    /// The estimate.
    pub estimate: &'a Estimate,
    /// What could not be told.
    pub gaps: &'a [Gap],
    /// Figures taken from the defaults.
    pub assumptions: &'a [&'a Assumption],
    /// What the reader should know about the quantities.
    pub warnings: &'a [String],
    /// What the total may be, where quantities are ranges.
    pub simulation: Option<&'a Simulation>,
    /// What is known of the logs beside their cost.
    pub logs: LogFacts<'a>,
    /// The number of ranges of which nothing but the likely figure is used.
    pub likely_only: usize,
    /// The prices.
    pub card: &'a RateCard,
    /// Names of accounts by id.
    pub account_names: &'a BTreeMap<String, String>,
}

/// What the rows of a report stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// Components, in report order.
    Component,
    /// Accounts, the most expensive first.
    Account,
    /// Regions, the most expensive first.
    Region,
    /// Trails, event data stores, buckets and whatever else is charged, the most expensive first.
    Resource,
    /// Usage types, the most expensive first.
    UsageType,
    /// Months.
    Month,
}

impl GroupBy {
    /// Returns the heading of the first column.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Component => "Component",
            Self::Account => "Account",
            Self::Region => "Region",
            Self::Resource => "Resource",
            Self::UsageType => "Usage type",
            Self::Month => "Month",
        }
    }

    /// Returns the column's name in CSV.
    pub fn column(self) -> &'static str {
        match self {
            Self::Component => "component",
            Self::Account => "account",
            Self::Region => "region",
            Self::Resource => "resource",
            Self::UsageType => "usage_type",
            Self::Month => "month",
        }
    }
}

/// One row: exact figures, still unrounded.
#[derive(Debug, Clone)]
pub struct Row {
    /// The stable id: a component's id, an account's digits, a Region's code …
    pub id: String,
    /// The words shown.
    pub label: String,
    /// The figures.
    pub figures: Figures,
    /// The share of the total in percent, to a tenth.
    pub share: Option<Decimal>,
}

/// When volumes were measured, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasuredView {
    /// The days, such as `21 Oct – 19 Nov 2026`.
    pub days: String,
    /// What measured them, such as `measure aws`; harmless.
    pub by: String,
}

impl MeasuredView {
    /// Says it in words: `measured 21 Oct – 19 Nov 2026 (measure aws)`.
    pub fn words(&self) -> String {
        format!("measured {} ({})", self.days, self.by)
    }
}

/// Everything that is shown, in the order it is shown.
#[derive(Debug, Clone)]
pub struct ReportView {
    /// The scenario's name, harmless.
    pub name: String,
    /// The currency.
    pub currency: Currency,
    /// When the volumes were measured, where they were.
    pub measured: Option<MeasuredView>,
    /// The months covered.
    pub months: Vec<Month>,
    /// What the rows stand for.
    pub group_by: GroupBy,
    /// The rows.
    pub rows: Vec<Row>,
    /// The whole.
    pub total: Figures,
    /// Whether list and agreed prices differ.
    pub discounted: bool,
    /// What the total may be, where quantities are ranges.
    pub ranges: Option<RangesView>,
    /// What is said of the logs themselves.
    pub logs: LogsView,
    /// The number of ranges of which nothing but the likely figure is used.
    pub likely_only: usize,
    /// Volumes that are unknown, with the price of a unit.
    pub unknown: Vec<String>,
    /// Prices that are missing, each with the row to add.
    pub missing_prices: Vec<(String, String)>,
    /// Figures that were assumed.
    pub assumed: Vec<String>,
    /// What is not known, not covered, or left out, by kind, with what to do.
    pub gaps: Vec<Gap>,
    /// What the reader should know.
    pub warnings: Vec<String>,
    /// Which prices were used.
    pub prices: Vec<String>,
    /// The date whose prices they are.
    pub as_of: Date,
}

impl ReportView {
    /// Makes the view of an estimate.
    pub fn new(facts: &Facts<'_>, group_by: GroupBy) -> Self {
        let estimate = facts.estimate;
        let total = estimate.total.clone();
        Self {
            name: visible(&one_line(facts.name)),
            currency: facts.currency.clone(),
            measured: facts
                .measured
                .map(|own| MeasuredView { days: own.from.span(own.to), by: visible(&own.by) }),
            months: estimate.months.clone(),
            group_by,
            rows: rows(facts, group_by),
            discounted: total.total.list != total.total.contracted,
            total,
            ranges: facts.simulation.map(|simulation| RangesView::new(simulation, estimate)),
            logs: LogsView::new(facts),
            likely_only: facts.likely_only,
            unknown: unknown(facts),
            missing_prices: missing_prices(facts),
            assumed: assumed(facts),
            gaps: facts.gaps.iter().map(clean_gap).collect(),
            warnings: facts.warnings.iter().map(|warning| visible(warning)).collect(),
            prices: prices(facts),
            as_of: facts.card.as_of(),
        }
    }

    /// Tells whether everything charged could be priced.
    pub fn is_complete(&self) -> bool {
        !self.total.incomplete
    }

    /// Returns the average month.
    pub fn average_month(&self) -> Money {
        let months = u32::try_from(self.months.len()).unwrap_or(u32::MAX);
        self.total.total.contracted.divided_by(months).unwrap_or_default()
    }

    /// Returns the words for the whole horizon: `3 years`, `18 months`.
    pub fn horizon_words(&self) -> String {
        match self.months.len() {
            1 => "1 month".to_owned(),
            12 => "1 year".to_owned(),
            months if months.is_multiple_of(12) => format!("{} years", months / 12),
            months => format!("{months} months"),
        }
    }
}

fn clean_gap(gap: &Gap) -> Gap {
    Gap { kind: gap.kind, what: visible(&gap.what), remedy: visible(&gap.remedy) }
}

fn rows(facts: &Facts<'_>, group_by: GroupBy) -> Vec<Row> {
    let estimate = facts.estimate;
    let whole = estimate.total.total.contracted;
    let row = |id: String, label: String, figures: Figures| Row {
        share: figures
            .total
            .contracted
            .share_of(whole)
            .filter(|_| !figures.incomplete || !figures.total.contracted.is_zero()),
        id,
        label,
        figures,
    };
    let dimension = match group_by {
        GroupBy::Component => {
            return estimate
                .components
                .iter()
                .map(|own| {
                    row(own.component.id().to_owned(), own.component.label().to_owned(), own.figures.clone())
                })
                .collect();
        }
        GroupBy::Month => {
            return estimate
                .months
                .iter()
                .zip(&estimate.monthly)
                .map(|(month, cost)| {
                    row(month.to_string(), month.to_string(), one_month(*cost, !estimate.is_complete()))
                })
                .collect();
        }
        GroupBy::Account => Dimension::Account,
        GroupBy::Region => Dimension::Region,
        GroupBy::Resource => Dimension::Resource,
        GroupBy::UsageType => Dimension::UsageType,
    };
    let mut rows: Vec<Row> = estimate
        .breakdown(dimension)
        .into_iter()
        .flat_map(|breakdown| &breakdown.rows)
        .map(|own| {
            let label = match (group_by, facts.account_names.get(&own.key)) {
                (GroupBy::Account, Some(name)) => format!("{} {}", own.key, visible(name)),
                (GroupBy::Resource, _) if own.key.is_empty() => "given directly".to_owned(),
                _ => visible(&own.key),
            };
            row(own.key.clone(), label, own.figures.clone())
        })
        .collect();
    // Stable: equal costs stay in the order of their keys.
    rows.sort_by_key(|row| std::cmp::Reverse(row.figures.total.contracted));
    rows
}

fn one_month(cost: Cost, incomplete: bool) -> Figures {
    Figures { first_month: cost, last_month: cost, years: vec![cost], total: cost, incomplete }
}

fn unknown(facts: &Facts<'_>) -> Vec<String> {
    let mut lines: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
    for volume in &facts.estimate.unknown_volumes {
        let price = volume.unit_price.map_or_else(
            || "price unknown".to_owned(),
            |price| price_per(price, &volume.unit, facts.currency),
        );
        let what = format!("{} ({})", volume.component.label(), volume.usage_type);
        lines.entry((what, price)).or_default().insert(volume.region.as_str());
    }
    lines
        .into_iter()
        .map(|((what, price), regions)| {
            let regions: Vec<&str> = regions.into_iter().collect();
            format!("{what}: unknown × {price}, in {}", list_names(&regions))
        })
        .collect()
}

fn missing_prices(facts: &Facts<'_>) -> Vec<(String, String)> {
    facts
        .estimate
        .missing_prices
        .iter()
        .map(|missing| {
            let why = if missing.known_to_be_unknown {
                "the price is unknown".to_owned()
            } else {
                format!("no table has a price that holds on {}", facts.card.as_of())
            };
            let quantity = if missing.quantity.is_zero() {
                "an unknown number of".to_owned()
            } else {
                grouped(missing.quantity.rounded(2))
            };
            let what = format!(
                "{} {} in {}: {why} ({quantity} {} over the horizon)",
                missing.service, missing.usage_type, missing.region, missing.unit
            );
            (visible(&what), row_to_add(missing, facts.card.catalog(), facts.currency, facts.card.as_of()))
        })
        .collect()
}

fn assumed(facts: &Facts<'_>) -> Vec<String> {
    let mut lines: Vec<String> = facts
        .assumptions
        .iter()
        .map(|assumption| {
            let value = match assumption.figure() {
                Some(figure) => {
                    let ends = |range: &crate::domain::AmountRange| {
                        let end = |quantity: crate::domain::Quantity| grouped(quantity.rounded(12));
                        format!(" (range {} to {})", end(range.low), end(range.high))
                    };
                    let range = assumption.range.as_ref().map_or_else(String::new, ends);
                    format!("{} {}{range}", grouped(figure), assumption.unit)
                }
                None => assumption.value.clone(),
            };
            format!("{} = {value}: {} ({})", assumption.id, assumption.meaning, assumption.source)
        })
        .collect();
    let mut by_source: BTreeMap<(Confidence, &str), (usize, BTreeSet<&str>)> = BTreeMap::new();
    for rate in &facts.estimate.rates {
        if let Confidence::B | Confidence::C = rate.confidence {
            let entry = by_source.entry((rate.confidence, &rate.source)).or_default();
            entry.0 += 1;
            entry.1.insert(rate.region.as_str());
        }
    }
    for tier in &facts.estimate.free_tiers {
        if let Confidence::B | Confidence::C = tier.confidence {
            lines.push(format!(
                "free tier of confidence {}, {} {}: {} {} a month ({})",
                tier.confidence.name(),
                visible(&tier.service),
                visible(&tier.usage_type),
                grouped(tier.free_quantity.rounded(12).normalize()),
                visible(tier.unit.name()),
                visible(&tier.source)
            ));
        }
    }
    lines.extend(by_source.into_iter().map(|((confidence, source), (count, regions))| {
        let prices = if count == 1 { "1 price".to_owned() } else { format!("{count} prices") };
        let regions: Vec<&str> = regions.into_iter().collect();
        format!(
            "{prices} of confidence {} in {}: {}",
            confidence.name(),
            list_names(&regions),
            visible(source)
        )
    }));
    lines
}

fn prices(facts: &Facts<'_>) -> Vec<String> {
    let mut tables: BTreeMap<&str, usize> = BTreeMap::new();
    for rate in &facts.estimate.rates {
        *tables.entry(&rate.table).or_default() += 1;
    }
    let mut lines: Vec<String> = tables
        .into_iter()
        .map(|(table, count)| {
            let rates = if count == 1 { "1 rate".to_owned() } else { format!("{count} rates") };
            format!("{} ({rates})", visible(table))
        })
        .collect();
    let mut free_tiers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for tier in &facts.estimate.free_tiers {
        free_tiers.entry(&tier.table).or_default().insert(&tier.allowance);
    }
    lines.extend(free_tiers.into_iter().map(|(table, allowances)| {
        let count = allowances.len();
        let tiers = if count == 1 { "1 free tier".to_owned() } else { format!("{count} free tiers") };
        format!("{} ({tiers})", visible(table))
    }));
    if let Some(newest) = facts.card.newest_retrieval().filter(|newest| *newest < facts.card.as_of()) {
        lines.push(format!(
            "no price was retrieved after {}: later changes are not in the tables",
            newest.long()
        ));
    }
    let overridden = facts.card.overridden();
    if !overridden.is_empty() {
        let shown: Vec<&str> = overridden.iter().map(String::as_str).collect();
        lines.push(format!("built-in prices overridden: {}", visible(&list_names(&shown))));
    }
    lines
}

/// Returns what is not known, with what to do about it, if anything is to be done.
pub(super) fn gap_words(what: &str, remedy: &str) -> String {
    if remedy.is_empty() { what.to_owned() } else { format!("{what}: {remedy}") }
}

/// Returns the words that introduce a kind of gap.
pub(super) fn gap_heading(kind: GapKind) -> &'static str {
    match kind {
        GapKind::Volume => "Unknown",
        GapKind::NotIncluded => "Not included",
        GapKind::Coverage => "Not recorded",
        GapKind::NotSeen => "Not seen",
    }
}

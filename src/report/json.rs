//! JSON: stable, with a schema; money and quantities are texts that hold exact decimals.

use super::clean::visible;
use super::compare_view::{CompareView, Difference};
use super::logs_json::{RetentionJson, ReturnJson, StorageJson};
use super::ranges_json::{SimulationJson, TornadoJson};
use super::view::{Facts, GroupBy, ReportView};
use crate::costing::{CostError, Figures};
use crate::domain::{LineItem, LineItemSink, Money, SinkError};
use crate::stats::Percentiles;
use schemars::JsonSchema;
use serde::ser::{Error as _, SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The version of both JSON forms; it changes when a field changes its meaning or goes.
const SCHEMA_VERSION: u32 = 1;

/// Says which scenario was estimated.
#[derive(Serialize, JsonSchema)]
struct ScenarioJson {
    /// The name.
    name: String,
    /// The first month, as YYYY-MM.
    start: String,
    /// The number of months.
    months: usize,
    /// The currency of every amount.
    currency: String,
    /// When the volumes were measured; absent where they were not.
    #[serde(skip_serializing_if = "Option::is_none")]
    measured: Option<MeasuredJson>,
}

/// When volumes were measured, and by what.
#[derive(Serialize, JsonSchema)]
struct MeasuredJson {
    /// The first day, as YYYY-MM-DD.
    from: String,
    /// The last day.
    to: String,
    /// The command, such as `measure aws`.
    by: String,
}

/// One year of the horizon.
#[derive(Serialize, JsonSchema)]
struct YearJson {
    /// Counted from 1.
    year: usize,
    /// The cost, at agreed prices.
    cost: String,
}

/// The figures of the whole.
#[derive(Serialize, JsonSchema)]
struct SummaryJson {
    first_month: String,
    /// Rounded at 10^-24.
    average_month: String,
    last_month: String,
    years: Vec<YearJson>,
    /// The whole horizon at agreed prices.
    total: String,
    /// The whole horizon at list prices.
    list_total: String,
    /// Whether everything charged could be priced.
    complete: bool,
    /// P10 of the whole horizon, where quantities are ranges.
    #[serde(skip_serializing_if = "Option::is_none")]
    p10: Option<String>,
    /// P50 of the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    p50: Option<String>,
    /// P90 of the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    p90: Option<String>,
}

/// One component.
#[derive(Serialize, JsonSchema)]
struct ComponentJson {
    id: String,
    label: String,
    first_month: String,
    years: Vec<YearJson>,
    total: String,
    list_total: String,
    complete: bool,
    /// P10 of the whole horizon, where quantities are ranges.
    #[serde(skip_serializing_if = "Option::is_none")]
    p10: Option<String>,
    /// P50 of the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    p50: Option<String>,
    /// P90 of the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    p90: Option<String>,
}

/// One row of `--by`.
#[derive(Serialize, JsonSchema)]
struct RowJson {
    key: String,
    label: String,
    first_month: String,
    years: Vec<YearJson>,
    total: String,
    list_total: String,
    complete: bool,
}

/// What `--by` asked for.
#[derive(Serialize, JsonSchema)]
struct BreakdownJson {
    by: String,
    rows: Vec<RowJson>,
}

/// One tier's part of one month's usage of an account, Region, usage type and resource.
#[derive(Serialize, JsonSchema)]
struct LineItemJson<'a> {
    month: String,
    account: &'a str,
    region: &'a str,
    service: &'a str,
    usage_type: &'a str,
    component: &'a str,
    /// The trail, event data store, bucket or whatever else is charged; null when the volume was given directly.
    resource: Option<String>,
    sku_price_id: Option<&'a str>,
    /// Counted from 1; 0 is what the free tier takes: it has a quantity, and price and cost are 0.
    tier: u16,
    quantity: String,
    unit: &'a str,
    /// Null when it is unknown.
    list_unit_price: Option<String>,
    list_cost: Option<String>,
    contracted_unit_price: Option<String>,
    contracted_cost: Option<String>,
    /// Whether more was used, nobody knows how much.
    has_unknown_usage: bool,
    provenance: String,
}

/// Something that is not known, not covered or left out.
#[derive(Serialize, JsonSchema)]
struct GapJson {
    /// `volume`, `not_included`, `coverage`, `not_seen` or `price`.
    kind: String,
    what: String,
    remedy: String,
}

/// The prices.
#[derive(Serialize, JsonSchema)]
struct RateCardJson {
    as_of: String,
    /// Where the rates and free tiers used were read.
    sources: BTreeSet<String>,
    /// The tables they stand in.
    tables: BTreeSet<String>,
    /// Built-in keys (service, usage type, Region) that a user's table hides.
    overridden: Vec<String>,
    /// CRC-32 of every price table read.
    checksum: String,
}

/// An estimate.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "the fields are written one by one, so that line items can be streamed")]
struct EstimateDocument<'a> {
    schema_version: u32,
    scenario: ScenarioJson,
    summary: SummaryJson,
    components: Vec<ComponentJson>,
    breakdown: Option<BreakdownJson>,
    /// What the total may be; absent without ranges.
    simulation: Option<SimulationJson>,
    /// What moves the total most, the largest span first; absent without ranges, empty where there are too many.
    tornado: Option<Vec<TornadoJson>>,
    /// What each bucket stores, month by month; empty without buckets.
    storage: Vec<StorageJson>,
    /// Whether what is kept meets the scenario's demands; empty without buckets.
    retention: Vec<RetentionJson>,
    /// What the spend brings; null unless the scenario states it.
    r#return: Option<ReturnJson>,
    line_items: Vec<LineItemJson<'a>>,
    gaps: Vec<GapJson>,
    assumptions: Vec<String>,
    warnings: Vec<String>,
    rate_card: RateCardJson,
}

/// Two amounts and what lies between them.
#[derive(Serialize, JsonSchema)]
struct DifferenceJson {
    base: String,
    variant: String,
    base_complete: bool,
    variant_complete: bool,
    /// Null when either side is incomplete.
    difference: Option<String>,
    /// Null when the base costs nothing or either side is incomplete.
    percent: Option<String>,
}

/// One line of a comparison.
#[derive(Serialize, JsonSchema)]
struct ComparedJson {
    id: String,
    label: String,
    first_month: DifferenceJson,
    year_1: DifferenceJson,
    total: DifferenceJson,
    complete: bool,
}

/// One variant against the base.
#[derive(Serialize, JsonSchema)]
struct ComparisonJson {
    name: String,
    components: Vec<ComparedJson>,
    total: ComparedJson,
    notes: Vec<String>,
}

/// A comparison.
#[derive(Serialize, JsonSchema)]
struct CompareDocument {
    schema_version: u32,
    base: String,
    currency: String,
    prices_as_of: String,
    variants: Vec<ComparisonJson>,
}

fn years(figures: &Figures) -> Vec<YearJson> {
    figures
        .years
        .iter()
        .enumerate()
        .map(|(at, cost)| YearJson { year: at + 1, cost: cost.contracted.to_string() })
        .collect()
}

/// What prices the scenario again, handing each line item to a sink.
pub type LineItems<'a> = &'a dyn Fn(&mut dyn LineItemSink) -> Result<(), CostError>;

/// An estimate that can be written as JSON, line items streamed.
pub struct EstimateJson<'a> {
    facts: &'a Facts<'a>,
    view: &'a ReportView,
    line_items: LineItems<'a>,
}

impl<'a> EstimateJson<'a> {
    /// Takes an estimate, its view, and what yields its line items.
    pub fn new(facts: &'a Facts<'a>, view: &'a ReportView, line_items: LineItems<'a>) -> Self {
        Self { facts, view, line_items }
    }

    fn gaps(&self) -> Vec<GapJson> {
        let gaps = self.view.gaps.iter().map(|gap| GapJson {
            kind: gap.kind.name().to_owned(),
            what: gap.what.clone(),
            remedy: gap.remedy.clone(),
        });
        let prices = self.view.missing_prices.iter().map(|(what, row)| GapJson {
            kind: "price".to_owned(),
            what: what.clone(),
            remedy: format!("add a row to a price table: {row}"),
        });
        gaps.chain(prices).collect()
    }

    fn rate_card(&self) -> RateCardJson {
        let rates = &self.facts.estimate.rates;
        let free_tiers = &self.facts.estimate.free_tiers;
        let sources = rates.iter().map(|rate| &rate.source).chain(free_tiers.iter().map(|own| &own.source));
        let tables = rates.iter().map(|rate| &rate.table).chain(free_tiers.iter().map(|own| &own.table));
        RateCardJson {
            as_of: self.facts.card.as_of().to_string(),
            sources: sources.map(|source| visible(source)).collect(),
            tables: tables.map(|table| visible(table)).collect(),
            overridden: self.facts.card.overridden().to_vec(),
            checksum: self.facts.card.checksum(),
        }
    }

    fn breakdown(&self) -> Option<BreakdownJson> {
        (self.view.group_by != GroupBy::Component).then(|| BreakdownJson {
            by: self.view.group_by.column().to_owned(),
            rows: self
                .view
                .rows
                .iter()
                .map(|row| RowJson {
                    key: visible(&row.id),
                    label: row.label.clone(),
                    first_month: row.figures.first_month.contracted.to_string(),
                    years: years(&row.figures),
                    total: row.figures.total.contracted.to_string(),
                    list_total: row.figures.total.list.to_string(),
                    complete: !row.figures.incomplete,
                })
                .collect(),
        })
    }
}

impl Serialize for EstimateJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let estimate = self.facts.estimate;
        let total = &estimate.total;
        let ranges = self.view.ranges.as_ref();
        let length = if ranges.is_some() { 12 } else { 10 };
        let mut document = serializer.serialize_struct("Estimate", length)?;
        document.serialize_field("schema_version", &SCHEMA_VERSION)?;
        let start = estimate.months.first().map(ToString::to_string).unwrap_or_default();
        document.serialize_field(
            "scenario",
            &ScenarioJson {
                name: self.view.name.clone(),
                start,
                months: estimate.months.len(),
                currency: self.facts.currency.to_string(),
                measured: self.facts.measured.map(|own| MeasuredJson {
                    from: own.from.to_string(),
                    to: own.to.to_string(),
                    by: visible(&own.by),
                }),
            },
        )?;
        document.serialize_field(
            "summary",
            &SummaryJson {
                first_month: total.first_month.contracted.to_string(),
                average_month: self.view.average_month().to_string(),
                last_month: total.last_month.contracted.to_string(),
                years: years(total),
                total: total.total.contracted.to_string(),
                list_total: total.total.list.to_string(),
                complete: estimate.is_complete(),
                p10: ranges.map(|own| own.total.total.p10.to_string()),
                p50: ranges.map(|own| own.total.total.p50.to_string()),
                p90: ranges.map(|own| own.total.total.p90.to_string()),
            },
        )?;
        let components: Vec<ComponentJson> = estimate
            .components
            .iter()
            .map(|own| {
                let id = own.component.id();
                let range = ranges.and_then(|ranges| ranges.rows.iter().find(|row| row.id == id));
                let percentile =
                    |pick: fn(&Percentiles) -> Money| range.map(|row| pick(&row.total).to_string());
                ComponentJson {
                    id: id.to_owned(),
                    label: own.component.label().to_owned(),
                    first_month: own.figures.first_month.contracted.to_string(),
                    years: years(&own.figures),
                    total: own.figures.total.contracted.to_string(),
                    list_total: own.figures.total.list.to_string(),
                    complete: !own.figures.incomplete,
                    p10: percentile(|own| own.p10),
                    p50: percentile(|own| own.p50),
                    p90: percentile(|own| own.p90),
                }
            })
            .collect();
        document.serialize_field("components", &components)?;
        document.serialize_field("breakdown", &self.breakdown())?;
        if let Some(ranges) = ranges {
            document.serialize_field("simulation", &SimulationJson::new(ranges))?;
            let tornado: Vec<TornadoJson> = ranges.tornado.iter().map(Into::into).collect();
            document.serialize_field("tornado", &tornado)?;
        }
        let logs = &self.facts.logs;
        document.serialize_field("storage", &StorageJson::of(logs.storage))?;
        document.serialize_field("retention", &RetentionJson::of(logs))?;
        document.serialize_field("return", &self.view.logs.figures.as_ref().map(ReturnJson::new))?;
        document.serialize_field("line_items", &Streamed(self.line_items))?;
        document.serialize_field("gaps", &self.gaps())?;
        document.serialize_field("assumptions", &self.view.assumed)?;
        document.serialize_field("warnings", &self.view.warnings)?;
        document.serialize_field("rate_card", &self.rate_card())?;
        document.end()
    }
}

/// Line items that are written while they are made.
struct Streamed<'a>(LineItems<'a>);

impl Serialize for Streamed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sink = SequenceSink { sequence: serializer.serialize_seq(None)?, error: RefCell::new(None) };
        match (self.0)(&mut sink) {
            Ok(()) => sink.sequence.end(),
            Err(error) => Err(sink.error.into_inner().unwrap_or_else(|| S::Error::custom(error))),
        }
    }
}

struct SequenceSink<Q: SerializeSeq> {
    sequence: Q,
    error: RefCell<Option<Q::Error>>,
}

impl<Q: SerializeSeq> LineItemSink for SequenceSink<Q> {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        let money = |value: Option<Money>| value.map(|value| value.to_string());
        let element = LineItemJson {
            month: item.month.to_string(),
            account: item.account.as_str(),
            region: item.region.as_str(),
            service: &item.meter.service,
            usage_type: &item.meter.usage_type,
            component: item.component.id(),
            resource: Some(visible(item.resource)).filter(|name| !name.is_empty()),
            sku_price_id: item.sku_price_id,
            tier: item.tier,
            quantity: item.quantity.to_string(),
            unit: item.meter.unit.name(),
            list_unit_price: item.list_unit_price.map(|price| price.to_string()),
            list_cost: money(item.list_cost),
            contracted_unit_price: item.contracted_unit_price.map(|price| price.to_string()),
            contracted_cost: money(item.contracted_cost),
            has_unknown_usage: item.has_unknown,
            provenance: visible(item.provenance),
        };
        // One line each, however the rest is laid out: there may be millions.
        let line = serde_json::value::to_raw_value(&element).map_err(|error| SinkError(Box::new(error)))?;
        self.sequence.serialize_element(&line).map_err(|error| {
            let text = error.to_string();
            *self.error.borrow_mut() = Some(error);
            SinkError(text.into())
        })
    }
}

/// Returns the JSON Schema of estimates.
pub fn estimate_schema() -> serde_json::Value {
    schemars::schema_for!(EstimateDocument<'static>).to_value()
}

/// Returns the JSON Schema of comparisons.
pub fn compare_schema() -> serde_json::Value {
    schemars::schema_for!(CompareDocument).to_value()
}

/// Returns a comparison as JSON.
///
/// # Errors
/// Passes on what the JSON writer says, which does not happen in memory.
pub fn compare_json(view: &CompareView) -> Result<serde_json::Value, serde_json::Error> {
    let difference = |own: &Difference| DifferenceJson {
        base: own.base.to_string(),
        variant: own.variant.to_string(),
        base_complete: !own.base_incomplete,
        variant_complete: !own.variant_incomplete,
        difference: own.amount().map(|amount| amount.to_string()),
        percent: own.percent().map(|percent| percent.to_string()),
    };
    let compared = |own: &super::compare_view::Compared| ComparedJson {
        id: if own.id.is_empty() { "total".to_owned() } else { own.id.clone() },
        label: own.label.clone(),
        first_month: difference(&own.first_month),
        year_1: difference(&own.first_year),
        total: difference(&own.total),
        complete: !own.is_incomplete(),
    };
    serde_json::to_value(CompareDocument {
        schema_version: SCHEMA_VERSION,
        base: view.base_name.clone(),
        currency: view.currency.to_string(),
        prices_as_of: view.as_of.to_string(),
        variants: view
            .comparisons
            .iter()
            .map(|comparison| ComparisonJson {
                name: comparison.name.clone(),
                components: comparison.rows.iter().map(compared).collect(),
                total: compared(&comparison.total),
                notes: comparison.notes.clone(),
            })
            .collect(),
    })
}

//! A reconciliation as JSON, with its schema.

use super::clean::visible;
use super::json_parts::{account, money, region, texts};
use super::reconcile_view::ReconcileView;
use crate::reconcile::{Charge, Line, SideAmount, Sums};
use schemars::JsonSchema;
use serde::Serialize;

/// The version of the form; it changes when a field changes its meaning or goes.
const SCHEMA_VERSION: u32 = 1;

/// Sums of a month or of the whole.
#[derive(Serialize, JsonSchema)]
struct SumsJson {
    /// What the scenario expects, as far as it is known.
    estimated: String,
    /// Whether every volume and price of it is known.
    complete: bool,
    /// What was billed, tax and credits included; without a bill what was measured.
    found: String,
    /// Of this, usage after discounts.
    usage: String,
    explained: String,
    /// found - estimated - explained.
    unexplained: String,
    /// What is left of every key without its sign.
    gross_unexplained: String,
    /// gross_unexplained in percent of usage, to a tenth; null where no usage is found.
    unexplained_percent: Option<String>,
    /// Whether this is more than the tolerance allows.
    exceeded: bool,
}

impl SumsJson {
    fn new(own: &Sums) -> Self {
        Self {
            estimated: own.estimated.to_string(),
            complete: !own.incomplete,
            found: own.found.to_string(),
            usage: own.usage.to_string(),
            explained: own.explained.to_string(),
            unexplained: own.unexplained.to_string(),
            gross_unexplained: own.gross_unexplained.to_string(),
            unexplained_percent: own.gross_unexplained.share_of(own.usage).map(|own| own.to_string()),
            exceeded: own.exceeded,
        }
    }
}

#[derive(Serialize, JsonSchema)]
struct MonthJson {
    month: String,
    /// The first and last day with usage on the bill; null without a bill.
    first_day: Option<String>,
    last_day: Option<String>,
    /// Whether the invoice is closed; null where the bill does not say.
    closed: Option<bool>,
    sums: SumsJson,
}

#[derive(Serialize, JsonSchema)]
struct CauseJson {
    id: &'static str,
    label: &'static str,
    /// What it adds to the estimate.
    amount: String,
    /// Keys that it explains something of.
    keys: usize,
    evidence: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct SideJson {
    quantity: String,
    cost: String,
    /// False where a volume or a price is unknown: both are then at least so much.
    complete: bool,
}

#[derive(Serialize, JsonSchema)]
struct PartJson {
    cause: &'static str,
    amount: String,
}

#[derive(Serialize, JsonSchema)]
struct LineJson {
    month: String,
    account: Option<String>,
    region: Option<String>,
    service: String,
    usage_type: String,
    unit: String,
    /// Null where the scenario does not have the key.
    estimated: Option<SideJson>,
    measured: Option<SideJson>,
    /// What was billed after discounts; without a bill what was measured.
    found: Option<SideJson>,
    /// The found quantity at the scenario's prices; null where they are unknown.
    repriced: Option<String>,
    difference: String,
    /// repriced - estimated.
    volume_variance: Option<String>,
    /// found - repriced.
    price_variance: Option<String>,
    explained: Vec<PartJson>,
    unexplained: String,
}

/// A row of the bill that is no usage.
#[derive(Serialize, JsonSchema)]
struct ChargeJson {
    month: String,
    account: Option<String>,
    region: Option<String>,
    service: String,
    usage_type: String,
    category: &'static str,
    amount: String,
    rows: u64,
}

/// A service that is not compared.
#[derive(Serialize, JsonSchema)]
struct ApartJson {
    service: String,
    /// What the scenario expects of it; null where it has none.
    estimated: Option<String>,
    complete: bool,
    /// What the bill has of it altogether, before tax; null where it has none.
    billed: Option<String>,
    tax: String,
}

/// A reconciliation.
#[derive(Serialize, JsonSchema)]
struct ReconcileDocument {
    schema_version: u32,
    scenario: String,
    measured_scenario: Option<String>,
    bill_files: Vec<String>,
    bill_formats: Vec<String>,
    /// `billed` or `measured`: what the estimate is held against.
    against: &'static str,
    currency: String,
    prices_as_of: String,
    /// The share of usage that may stay unexplained, 0 to 1.
    tolerance: String,
    sentence: String,
    verdict: String,
    /// Whether more is unexplained than the tolerance allows, in the whole or in a month.
    exceeded: bool,
    total: SumsJson,
    months: Vec<MonthJson>,
    /// Months of the scenario that were not compared.
    only_estimated: Vec<String>,
    /// Months of the other side that were not compared.
    only_found: Vec<String>,
    causes: Vec<CauseJson>,
    lines: Vec<LineJson>,
    charges: Vec<ChargeJson>,
    not_compared: Vec<ApartJson>,
    notes: Vec<String>,
}

/// Returns the JSON Schema of reconciliations.
pub fn reconcile_schema() -> serde_json::Value {
    schemars::schema_for!(ReconcileDocument).to_value()
}

/// Returns a reconciliation as JSON.
///
/// # Errors
/// Passes on what the JSON writer says, which does not happen in memory.
pub fn reconcile_json(view: &ReconcileView<'_>) -> Result<serde_json::Value, serde_json::Error> {
    let data = view.data;
    let months = |own: &[crate::domain::Month]| own.iter().map(ToString::to_string).collect();
    serde_json::to_value(ReconcileDocument {
        schema_version: SCHEMA_VERSION,
        scenario: view.name.clone(),
        measured_scenario: data.measured_name.as_deref().map(visible),
        bill_files: texts(&data.bill_files),
        bill_formats: texts(&data.bill_formats),
        against: data.target.name(),
        currency: data.currency.to_string(),
        prices_as_of: data.as_of.to_string(),
        tolerance: data.tolerance.normalize().to_string(),
        sentence: view.sentence.clone(),
        verdict: view.verdict.clone(),
        exceeded: data.exceeded(),
        total: SumsJson::new(&data.total),
        months: data
            .months
            .iter()
            .map(|own| MonthJson {
                month: own.month.to_string(),
                first_day: own.billed.as_ref().map(|billed| billed.first_day.to_string()),
                last_day: own.billed.as_ref().map(|billed| billed.last_day.to_string()),
                closed: own.billed.as_ref().and_then(|billed| billed.closed),
                sums: SumsJson::new(&own.sums),
            })
            .collect(),
        only_estimated: months(&data.only_estimated),
        only_found: months(&data.only_found),
        causes: data
            .causes
            .iter()
            .map(|own| CauseJson {
                id: own.kind.id(),
                label: own.kind.label(),
                amount: own.amount.to_string(),
                keys: own.keys,
                evidence: texts(&own.evidence),
            })
            .collect(),
        lines: data.lines.iter().map(line).collect(),
        charges: data.charges.iter().map(charge).collect(),
        not_compared: data
            .apart
            .iter()
            .map(|own| ApartJson {
                service: visible(&own.service),
                estimated: money(own.estimated),
                complete: !own.incomplete,
                billed: money(own.billed),
                tax: own.tax.to_string(),
            })
            .collect(),
        notes: view.notes.clone(),
    })
}

fn line(own: &Line) -> LineJson {
    let side = |own: &SideAmount| SideJson {
        quantity: own.quantity.to_string(),
        cost: own.cost.to_string(),
        complete: !own.unknown,
    };
    LineJson {
        month: own.key.month.to_string(),
        account: account(own.key.account.as_ref()),
        region: region(own.key.region.as_ref()),
        service: visible(&own.key.service),
        usage_type: visible(&own.key.usage_type),
        unit: visible(&own.unit),
        estimated: own.estimated.as_ref().map(side),
        measured: own.measured.as_ref().map(side),
        found: own.found.as_ref().map(side),
        repriced: money(own.repriced),
        difference: own.difference.to_string(),
        volume_variance: money(own.volume_variance),
        price_variance: money(own.price_variance),
        explained: own
            .parts
            .iter()
            .map(|part| PartJson { cause: part.kind.id(), amount: part.amount.to_string() })
            .collect(),
        unexplained: own.unexplained.to_string(),
    }
}

fn charge(own: &Charge) -> ChargeJson {
    ChargeJson {
        month: own.month.to_string(),
        account: account(own.account.as_ref()),
        region: region(own.region.as_ref()),
        service: visible(&own.service),
        usage_type: visible(&own.usage_type),
        category: own.category.name(),
        amount: own.amount.to_string(),
        rows: own.rows,
    }
}

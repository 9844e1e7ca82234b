//! A bill as JSON: stable, with a schema; money and quantities are texts that hold exact decimals.

use super::bill_view::BillView;
use super::clean::visible;
use super::json_parts::{account, money, region, texts};
use crate::domain::{BilledLine, BilledPrice, Term, TermPrice};
use schemars::JsonSchema;
use serde::Serialize;

/// The version of this form; it changes when a field changes its meaning or goes.
const SCHEMA_VERSION: u32 = 1;

/// What `measure bill` found.
#[derive(Serialize, JsonSchema)]
struct BillJson {
    schema_version: u32,
    /// The files and folders read.
    sources: Vec<String>,
    /// What they are.
    formats: Vec<String>,
    currency: String,
    /// Rows read, of any service.
    rows: u64,
    summary: SummaryJson,
    months: Vec<MonthJson>,
    /// By service, usage type, Region and unit, over all months.
    prices: Vec<PriceJson>,
    /// What was agreed, as far as the month of the scenario shows it.
    terms: Vec<TermJson>,
    /// Charged for CloudTrail, and for the resources named.
    lines: Vec<LineJson>,
    /// Charged for the other services that logs touch, whole: nothing on the bill says which part the logs are.
    shared: Vec<LineJson>,
    /// What was odd and how it was taken.
    notes: Vec<String>,
}

/// The figures of the whole, of CloudTrail and the resources named.
#[derive(Serialize, JsonSchema)]
struct SummaryJson {
    /// Usage, with the discounts booked for it, before credits and tax.
    usage: String,
    discounts: String,
    credits: String,
    refunds: String,
    tax: String,
    /// Fees and other charges.
    other: String,
    /// What all of it adds to the invoice.
    total: String,
    /// The month that volumes are taken from, as YYYY-MM; null where the bill has none.
    scenario_month: Option<String>,
}

/// How much of a month there is.
#[derive(Serialize, JsonSchema)]
struct MonthJson {
    /// As YYYY-MM.
    month: String,
    first_day: String,
    last_day: String,
    /// Whether days at its beginning or end are missing.
    partial: bool,
    /// Whether it is invoiced; null where the export does not say.
    invoiced: Option<bool>,
    usage: String,
    total: String,
}

/// What a unit cost.
#[derive(Serialize, JsonSchema)]
struct PriceJson {
    service: String,
    /// Empty where the bill names none.
    usage_type: String,
    region: Option<String>,
    /// Empty where the bill gives no quantity.
    unit: String,
    /// Null where the bill gives none.
    quantity: Option<String>,
    /// Usage with its discounts, before credits and tax.
    cost: String,
    /// Null where a row has no list cost.
    list_cost: Option<String>,
    /// Rounded at 10^-24; null without a quantity.
    unit_price: Option<String>,
    list_unit_price: Option<String>,
    rows: u64,
}

/// An agreed term; one of `discount` and `rate` is there.
#[derive(Serialize, JsonSchema)]
struct TermJson {
    service: String,
    usage_type: Option<String>,
    region: Option<String>,
    /// From 0 to 1.
    discount: Option<String>,
    /// Per unit.
    rate: Option<String>,
}

/// The sum of the rows of one key.
#[derive(Serialize, JsonSchema)]
struct LineJson {
    month: String,
    account: Option<String>,
    region: Option<String>,
    service: String,
    usage_type: String,
    resource: Option<String>,
    /// `usage`, `discount`, `credit`, `refund`, `tax` or `other`.
    category: String,
    unit: String,
    /// Null where the bill gives none.
    quantity: Option<String>,
    list_cost: Option<String>,
    contracted_cost: Option<String>,
    billed_cost: String,
    effective_cost: Option<String>,
    rows: u64,
}

impl LineJson {
    fn new(line: &BilledLine) -> Self {
        Self {
            month: line.month.to_string(),
            account: account(line.account.as_ref()),
            region: region(line.region.as_ref()),
            service: visible(&line.service),
            usage_type: visible(&line.usage_type),
            resource: line.resource.as_deref().map(visible),
            category: line.category.name().to_owned(),
            unit: visible(&line.unit),
            quantity: (!line.unit.is_empty()).then(|| line.quantity.to_string()),
            list_cost: money(line.list_cost),
            contracted_cost: money(line.contracted_cost),
            billed_cost: line.billed_cost.to_string(),
            effective_cost: money(line.effective_cost),
            rows: line.rows,
        }
    }
}

impl PriceJson {
    fn new(own: &BilledPrice) -> Self {
        Self {
            service: visible(&own.service),
            usage_type: visible(&own.usage_type),
            region: region(own.region.as_ref()),
            unit: visible(&own.unit),
            quantity: (!own.unit.is_empty()).then(|| own.quantity.to_string()),
            cost: own.cost.to_string(),
            list_cost: money(own.list_cost),
            unit_price: money(own.unit_price()),
            list_unit_price: money(own.list_unit_price()),
            rows: own.rows,
        }
    }
}

impl TermJson {
    fn new(own: &Term) -> Self {
        let (discount, rate) = match own.price {
            TermPrice::Discount(share) => (Some(share.to_string()), None),
            TermPrice::Rate(rate) => (None, Some(rate.to_string())),
        };
        Self {
            service: visible(&own.service),
            usage_type: own.usage_type.as_deref().map(visible),
            region: region(own.region.as_ref()),
            discount,
            rate,
        }
    }
}

/// Writes a bill as JSON.
///
/// # Errors
/// Passes on what the JSON writer says, which does not happen in memory.
pub fn bill_json(view: &BillView) -> serde_json::Result<serde_json::Value> {
    use crate::domain::ChargeCategory as Category;
    let bill = &view.bill;
    let apart = |category| view.apart.get(&category).copied().unwrap_or_default().to_string();
    serde_json::to_value(BillJson {
        schema_version: SCHEMA_VERSION,
        sources: texts(&bill.sources),
        formats: texts(&bill.formats),
        currency: bill.currency.code().to_owned(),
        rows: bill.rows,
        summary: SummaryJson {
            usage: view.usage.to_string(),
            discounts: apart(Category::Discount),
            credits: apart(Category::Credit),
            refunds: apart(Category::Refund),
            tax: apart(Category::Tax),
            other: apart(Category::Other),
            total: view.total.to_string(),
            scenario_month: view.month.map(|own| own.to_string()),
        },
        months: view
            .months
            .iter()
            .map(|own| MonthJson {
                month: own.covered.month.to_string(),
                first_day: own.covered.first_day.to_string(),
                last_day: own.covered.last_day.to_string(),
                partial: own.covered.is_partial(),
                invoiced: own.covered.closed,
                usage: own.usage.to_string(),
                total: own.total.to_string(),
            })
            .collect(),
        prices: view.prices.iter().map(PriceJson::new).collect(),
        terms: view.terms.iter().map(TermJson::new).collect(),
        lines: bill.lines.iter().map(LineJson::new).collect(),
        shared: bill.shared.iter().map(LineJson::new).collect(),
        notes: texts(&bill.notes),
    })
}

/// Returns the JSON Schema of [`bill_json`].
pub fn bill_schema() -> serde_json::Value {
    schemars::schema_for!(BillJson).to_value()
}

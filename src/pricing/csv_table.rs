//! Our price tables: one CSV per service, one row per tier of a price.

use super::csv_rows::{Fields, Layout, Table, confidence, date};
use crate::domain::{
    Component, Currency, Date, Quantity, RegionCode, Unit, UnitPrice, nearest, parse_decimal,
};
use std::ops::Range;

/// The columns of a price table, in the order they are written. Any order is read.
pub const COLUMNS: [&str; 16] = [
    "service",
    "region",
    "usage_type",
    "component",
    "unit",
    "tier_begin",
    "tier_end",
    "price_per_unit",
    "currency",
    "sku_price_id",
    "effective_from",
    "effective_to",
    "source",
    "retrieved_on",
    "confidence",
    "description",
];

const LAYOUT: Layout = Layout {
    kind: "price table",
    columns: &COLUMNS,
    optional: &["sku_price_id", "effective_to", "description"],
};

/// How sure a price is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// The provider's own text, price list or bill.
    A,
    /// A third party that quotes the price list, or another Region's price where all sampled Regions are the same.
    B,
    /// A third party, not verified.
    C,
    /// Nobody says.
    Gap,
}

impl Confidence {
    /// Returns the value as it stands in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::Gap => "gap",
        }
    }
}

/// The part of a quantity that a price is for, in the unit billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceTier {
    /// Where the tier begins.
    pub begin: Quantity,
    /// Where it ends; `None` is nowhere.
    pub end: Option<Quantity>,
}

/// One row of a price table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRow {
    /// The service's code, such as `AWSCloudTrail`.
    pub service: String,
    /// The Region.
    pub region: RegionCode,
    /// The usage type, without Region prefix.
    pub usage_type: String,
    /// The component it is shown under.
    pub component: Component,
    /// The unit it is billed in.
    pub unit: Unit,
    /// The tier.
    pub tier: PriceTier,
    /// The price for one unit; `None` is unknown.
    pub price: Option<UnitPrice>,
    /// The currency.
    pub currency: Currency,
    /// The provider's id of the price, if known.
    pub sku_price_id: Option<String>,
    /// The first day it holds.
    pub effective_from: Date,
    /// The first day it no longer holds; `None` is until a later row.
    pub effective_to: Option<Date>,
    /// Where the price was read.
    pub source: String,
    /// When it was read.
    pub retrieved_on: Date,
    /// How sure it is.
    pub confidence: Confidence,
    /// What it is for.
    pub description: String,
    /// The bytes of the row in its table.
    pub span: Range<usize>,
}

impl PriceRow {
    /// Returns what a rate is looked up by: service, usage type, Region.
    pub fn key(&self) -> (&str, &str, &str) {
        (&self.service, &self.usage_type, self.region.as_str())
    }
}

/// A price table with its text.
pub type PriceTable = Table<PriceRow>;

impl PriceTable {
    /// Reads a table. Every bad field becomes a finding; good rows are kept.
    pub fn parse(name: &str, text: &str) -> Self {
        Self::read(&LAYOUT, name, text, row)
    }
}

/// Reads one row; nothing when a field is bad.
fn row(fields: &mut Fields<'_>) -> Option<PriceRow> {
    let service = fields.required("service");
    let region = fields.required("region");
    let usage_type = fields.required("usage_type");
    let component = fields.parsed("component", component);
    let unit = fields.required("unit");
    let begin = fields.parsed("tier_begin", quantity);
    let tier_end = fields.optional("tier_end", quantity);
    let price = fields.parsed("price_per_unit", price);
    let currency = fields.parsed("currency", |value| {
        Currency::new(value).ok_or_else(|| "a currency is three capital letters, such as USD".to_owned())
    });
    let effective_from = fields.parsed("effective_from", date);
    let effective_to = fields.optional("effective_to", date);
    let source = fields.required("source");
    let retrieved_on = fields.parsed("retrieved_on", date);
    let confidence = fields.parsed("confidence", confidence);
    let sku_price_id = fields.value("sku_price_id");
    Some(PriceRow {
        service: service?.to_owned(),
        region: RegionCode::new(region?),
        usage_type: usage_type?.to_owned(),
        component: component?,
        unit: Unit::new(unit?),
        tier: PriceTier { begin: begin?, end: tier_end? },
        price: price?,
        currency: currency?,
        sku_price_id: (!sku_price_id.is_empty()).then(|| sku_price_id.to_owned()),
        effective_from: effective_from?,
        effective_to: effective_to?,
        source: source?.to_owned(),
        retrieved_on: retrieved_on?,
        confidence: confidence?,
        description: fields.value("description").to_owned(),
        span: fields.span(),
    })
}

fn component(value: &str) -> Result<Component, String> {
    Component::from_id(value).ok_or_else(|| {
        let ids = Component::ALL.iter().map(|component| component.id());
        nearest(value, ids).map_or_else(
            || "not a component; `other` takes everything else".to_owned(),
            |near| format!("did you mean `{near}`?"),
        )
    })
}

fn quantity(value: &str) -> Result<Quantity, String> {
    let parsed = parse_decimal(value).and_then(Quantity::from_decimal);
    match parsed {
        Ok(quantity) if !quantity.is_negative() => Ok(quantity),
        Ok(_) => Err("a tier cannot begin or end below zero".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn price(value: &str) -> Result<Option<UnitPrice>, String> {
    if value == "unknown" {
        return Ok(None);
    }
    let parsed = parse_decimal(value).map_err(|error| format!("{error}; or write `unknown`"))?;
    if parsed.is_sign_negative() && !parsed.is_zero() {
        return Err("a price cannot be negative; discounts belong into the scenario's terms".to_owned());
    }
    if parsed.scale() > UnitPrice::MAX_SCALE {
        return Err("a price has at most 12 digits after the point".to_owned());
    }
    Ok(Some(UnitPrice::new(parsed)))
}

/// Writes rows as a table that [`PriceTable::parse`] reads back.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn to_csv(rows: &[PriceRow]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for row in rows {
        writer.write_record([
            row.service.clone(),
            row.region.to_string(),
            row.usage_type.clone(),
            row.component.id().to_owned(),
            row.unit.to_string(),
            row.tier.begin.to_string(),
            row.tier.end.map(|end| end.to_string()).unwrap_or_default(),
            row.price.map_or_else(|| "unknown".to_owned(), |price| price.to_string()),
            row.currency.to_string(),
            row.sku_price_id.clone().unwrap_or_default(),
            row.effective_from.to_string(),
            row.effective_to.map(|date| date.to_string()).unwrap_or_default(),
            row.source.clone(),
            row.retrieved_on.to_string(),
            row.confidence.name().to_owned(),
            row.description.clone(),
        ])?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

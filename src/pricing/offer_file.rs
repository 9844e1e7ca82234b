//! AWS price list offer files: JSON and CSV in, rows of our tables out.
//!
//! Source: AWS Billing user guide, "Reading the service price list files"; only `OnDemand` terms are taken.

use super::csv_table::{Confidence, PriceRow, PriceTier};
use super::offer_csv;
use crate::domain::{
    Component, Currency, Date, Quantity, RegionCode, RegionTable, Unit, UnitPrice, UsageTypeCatalog,
    parse_decimal,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// Rows read from an offer file, and what was left out.
#[derive(Debug, Clone, Default)]
pub struct ImportedOffer {
    /// Rows by service, usage type, Region and tier.
    pub rows: Vec<PriceRow>,
    /// Prices that were left out, with the reason.
    pub skipped: Vec<String>,
}

/// Says why an offer file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferError {
    /// The text is neither a JSON nor a CSV offer file.
    NotAnOffer {
        /// What was found instead.
        found: String,
    },
    /// The JSON breaks off or is of another shape.
    Json {
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// What the parser says.
        reason: String,
    },
    /// The CSV lacks columns.
    MissingColumns {
        /// The columns that are missing.
        columns: Vec<String>,
    },
    /// The CSV cannot be read.
    Csv {
        /// What the reader says.
        reason: String,
    },
}

impl fmt::Display for OfferError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnOffer { found } => {
                write!(formatter, "not an AWS price list offer file: {found}")
            }
            Self::Json { line, column, reason } => {
                write!(formatter, "bad JSON in line {line}, column {column}: {reason}")
            }
            Self::MissingColumns { columns } => {
                write!(formatter, "the offer file has no column {}", columns.join(", "))
            }
            Self::Csv { reason } => write!(formatter, "bad CSV: {reason}"),
        }
    }
}

impl std::error::Error for OfferError {}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
    #[serde(rename = "offerCode")]
    code: String,
    #[serde(default)]
    version: String,
    publication_date: String,
    products: BTreeMap<String, Product>,
    terms: Terms,
}

#[derive(Deserialize)]
struct Product {
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Terms {
    #[serde(rename = "OnDemand", default)]
    on_demand: BTreeMap<String, BTreeMap<String, OfferTerm>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfferTerm {
    pub(super) effective_date: String,
    pub(super) price_dimensions: BTreeMap<String, Dimension>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dimension {
    pub(super) unit: String,
    #[serde(default)]
    pub(super) begin_range: String,
    #[serde(default)]
    pub(super) end_range: String,
    #[serde(default)]
    pub(super) description: String,
    pub(super) price_per_unit: BTreeMap<String, String>,
}

/// One price of an offer file before it is checked, whatever the file's format.
pub(super) struct OfferPrice<'a> {
    pub(super) service: &'a str,
    pub(super) usage_type: &'a str,
    pub(super) region: &'a str,
    pub(super) rate_code: &'a str,
    pub(super) unit: &'a str,
    pub(super) begin: &'a str,
    pub(super) end: &'a str,
    pub(super) price: &'a str,
    pub(super) currency: &'a str,
    pub(super) effective: &'a str,
    pub(super) description: &'a str,
}

/// What stands once for the whole offer file.
pub(super) struct OfferContext<'a> {
    pub(super) source: String,
    pub(super) published: Date,
    pub(super) regions: &'a RegionTable,
    pub(super) catalog: &'a UsageTypeCatalog,
}

/// Reads an offer file (JSON or CSV, told apart by its first character) into rows of our tables.
///
/// Usage types lose their Region prefix; a usage type that `catalog` knows keeps its component, others get `other`.
/// The file's publication date stands for the date of retrieval.
///
/// # Errors
/// [`OfferError`] when the text is no offer file. A price that has no place in our tables is skipped and listed.
pub fn import(
    text: &str,
    regions: &RegionTable,
    catalog: &UsageTypeCatalog,
) -> Result<ImportedOffer, OfferError> {
    let text = text.trim_start_matches('\u{feff}');
    match text.trim_start().chars().next() {
        Some('{') => import_json(text, regions, catalog),
        Some('"' | 'F' | 'S') => offer_csv::import_csv(text, regions, catalog),
        Some(_) => Err(OfferError::NotAnOffer {
            found: "it starts with neither `{` nor the line \"FormatVersion\"".to_owned(),
        }),
        None => Err(OfferError::NotAnOffer { found: "it is empty".to_owned() }),
    }
}

fn import_json(
    text: &str,
    regions: &RegionTable,
    catalog: &UsageTypeCatalog,
) -> Result<ImportedOffer, OfferError> {
    let offer: Offer = serde_json::from_str(text).map_err(|error| OfferError::Json {
        line: error.line(),
        column: error.column(),
        reason: if error.is_eof() {
            "the file breaks off".to_owned()
        } else {
            let text = error.to_string();
            // The place is told apart.
            text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason).to_owned()
        },
    })?;
    let mut context = OfferContext::new(&offer.publication_date, regions, catalog)?;
    context.source = format!("AWS price list {} version {}", offer.code, offer.version);
    let mut imported = ImportedOffer::default();
    for (sku, terms) in &offer.terms.on_demand {
        let Some(product) = offer.products.get(sku) else {
            imported.skipped.push(format!("{sku}: a price without a product"));
            continue;
        };
        let attribute = |name: &str| product.attributes.get(name).map(String::as_str).unwrap_or_default();
        for term in terms.values() {
            for (rate_code, dimension) in &term.price_dimensions {
                for (currency, price) in &dimension.price_per_unit {
                    imported.add(
                        &context,
                        &OfferPrice {
                            service: &offer.code,
                            usage_type: attribute("usagetype"),
                            region: attribute("regionCode"),
                            rate_code,
                            unit: &dimension.unit,
                            begin: &dimension.begin_range,
                            end: &dimension.end_range,
                            price,
                            currency,
                            effective: &term.effective_date,
                            description: &dimension.description,
                        },
                    );
                }
            }
        }
    }
    imported.sort();
    Ok(imported)
}

impl<'a> OfferContext<'a> {
    pub(super) fn new(
        publication_date: &str,
        regions: &'a RegionTable,
        catalog: &'a UsageTypeCatalog,
    ) -> Result<Self, OfferError> {
        let published = day(publication_date).ok_or_else(|| OfferError::NotAnOffer {
            found: format!("its publication date is `{publication_date}`"),
        })?;
        Ok(Self { source: String::new(), published, regions, catalog })
    }
}

/// Returns the day of a time such as `2026-07-16T21:50:01Z`.
fn day(time: &str) -> Option<Date> {
    time.get(..10)?.parse().ok()
}

impl ImportedOffer {
    pub(super) fn add(&mut self, context: &OfferContext<'_>, price: &OfferPrice<'_>) {
        match row(context, price) {
            Ok(row) => self.rows.push(row),
            Err(reason) => self.skipped.push(format!("{}: {reason}", price.rate_code)),
        }
    }

    pub(super) fn sort(&mut self) {
        self.rows.sort_by(|left, right| {
            (left.key(), left.effective_from, left.tier.begin).cmp(&(
                right.key(),
                right.effective_from,
                right.tier.begin,
            ))
        });
        self.skipped.sort();
    }
}

/// A text that a spreadsheet would take for a formula gets an apostrophe in front.
fn no_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn row(context: &OfferContext<'_>, price: &OfferPrice<'_>) -> Result<PriceRow, String> {
    if price.usage_type.is_empty() {
        return Err("the product has no usage type".to_owned());
    }
    let (of_prefix, usage_type) = context.regions.split_usage_type(price.usage_type);
    // A usage type of us-east-1 may bear no prefix; KMS puts the Region's code there instead.
    let usage_type =
        usage_type.strip_prefix(price.region).and_then(|rest| rest.strip_prefix('-')).unwrap_or(usage_type);
    let region = match (price.region, of_prefix) {
        ("", Some(region)) => region.clone(),
        ("", None) => return Err(format!("no Region for the usage type {}", price.usage_type)),
        (region, _) => RegionCode::new(region),
    };
    if context.regions.get(region.as_str()).is_none() {
        return Err(format!("unknown Region {region}"));
    }
    let bound = |text: &str| {
        parse_decimal(text)
            .and_then(Quantity::from_decimal)
            .map_err(|error| format!("tier bound `{text}`: {error}"))
    };
    let begin = if price.begin.is_empty() { Quantity::ZERO } else { bound(price.begin)? };
    let end = match price.end {
        "" | "Inf" => None,
        text => Some(bound(text)?),
    };
    let value = parse_decimal(price.price).map_err(|error| format!("price `{}`: {error}", price.price))?;
    if value.scale() > UnitPrice::MAX_SCALE {
        return Err(format!("price `{}` has more than 12 digits after the point", price.price));
    }
    let entry = context.catalog.get(price.service, usage_type);
    Ok(PriceRow {
        service: price.service.to_owned(),
        region,
        usage_type: usage_type.to_owned(),
        component: entry.map_or(Component::Other, |entry| entry.component),
        unit: Unit::new(price.unit),
        tier: PriceTier { begin, end },
        price: Some(UnitPrice::new(value)),
        currency: Currency::new(price.currency).ok_or_else(|| format!("currency `{}`", price.currency))?,
        sku_price_id: Some(price.rate_code.to_owned()).filter(|code| !code.is_empty()),
        effective_from: day(price.effective)
            .ok_or_else(|| format!("effective date `{}`", price.effective))?,
        effective_to: None,
        source: context.source.clone(),
        retrieved_on: context.published,
        confidence: Confidence::A,
        description: no_formula(price.description),
        span: 0..0,
    })
}

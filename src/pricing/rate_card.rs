//! The rate card: for a service, usage type and Region exactly one rate, or none, or the statement that there are two.

use super::csv_table::{Confidence, PriceRow, PriceTable, PriceTier};
use crate::domain::{CatalogEntry, Component, Currency, Date, RegionCode, Unit, UnitPrice, UsageTypeCatalog};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Whether a table ships with the program or is the user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Ships with the program.
    BuiltIn,
    /// Given with `--pricing`.
    User,
}

/// The price of a tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// The part of the quantity it is for.
    pub range: PriceTier,
    /// The price for one unit; `None` is unknown.
    pub price: Option<UnitPrice>,
    /// The provider's id of the price, if known.
    pub sku_price_id: Option<String>,
}

/// The rate of a usage type in a Region on the rate card's date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The unit billed.
    pub unit: Unit,
    /// The component it is shown under.
    pub component: Component,
    /// The currency.
    pub currency: Currency,
    /// The tiers, rising, the first from zero, the last without end.
    pub tiers: Vec<Tier>,
    /// The first day the rate holds.
    pub effective_from: Date,
    /// Where it was read.
    pub source: String,
    /// When it was read.
    pub retrieved_on: Date,
    /// How sure the least sure tier is.
    pub confidence: Confidence,
    /// The table it stands in.
    pub table: String,
}

/// Says why there is not exactly one rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RateError {
    /// No table has a row that holds on the date.
    NotFound,
    /// Two rows claim the same tier on the same date, or the tiers have a gap.
    Ambiguous {
        /// What contradicts what.
        reason: String,
    },
}

impl fmt::Display for RateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => formatter.write_str("no table has a price"),
            Self::Ambiguous { reason } => write!(formatter, "the price is ambiguous: {reason}"),
        }
    }
}

impl std::error::Error for RateError {}

type Key = (String, String, RegionCode);

/// A row and the table it stands in.
type Entry<'a> = (&'a PriceTable, &'a PriceRow);

/// The prices that hold on one date.
#[derive(Debug, Clone)]
pub struct RateCard {
    as_of: Date,
    rates: BTreeMap<Key, Result<Rate, RateError>>,
    catalog: UsageTypeCatalog,
    overridden: Vec<String>,
    newest_retrieval: Option<Date>,
    checksum: u32,
}

/// Returns the newest date on which any row was retrieved.
pub fn newest_retrieval<'a>(tables: impl IntoIterator<Item = &'a PriceTable>) -> Option<Date> {
    tables.into_iter().flat_map(|table| table.rows.iter().map(|row| row.retrieved_on)).max()
}

impl RateCard {
    /// Builds the rate card of a date. A key in a user's table hides every built-in row of that key.
    pub fn new(tables: &[(Layer, PriceTable)], as_of: Date) -> Self {
        let of_layer =
            |wanted: Layer| tables.iter().filter(move |(layer, _)| *layer == wanted).map(|(_, table)| table);
        let user_keys: BTreeSet<(&str, &str, &str)> =
            of_layer(Layer::User).flat_map(|table| table.rows.iter().map(PriceRow::key)).collect();
        let mut hidden = BTreeSet::new();
        let mut groups: BTreeMap<(&str, &str, &RegionCode), Vec<Entry<'_>>> = BTreeMap::new();
        let mut catalog = UsageTypeCatalog::default();
        // The user's tables come first, so that their units and components win in the catalogue.
        for (layer, table) in [Layer::User, Layer::BuiltIn]
            .into_iter()
            .flat_map(|layer| of_layer(layer).map(move |table| (layer, table)))
        {
            for row in &table.rows {
                if layer == Layer::BuiltIn && user_keys.contains(&row.key()) {
                    hidden.insert(row.key());
                    continue;
                }
                catalog.insert(
                    &row.service,
                    &row.usage_type,
                    CatalogEntry { unit: row.unit.clone(), component: row.component },
                );
                let (service, usage_type, _) = row.key();
                groups.entry((service, usage_type, &row.region)).or_default().push((table, row));
            }
        }
        let own = |(service, usage_type, region): (&str, &str, &RegionCode)| {
            (service.to_owned(), usage_type.to_owned(), region.clone())
        };
        let rates = groups.into_iter().map(|(key, rows)| (own(key), rate_on(as_of, &rows))).collect();
        let mut hasher = crc32fast::Hasher::new();
        for (_, table) in tables {
            hasher.update(table.text.as_bytes());
        }
        Self {
            as_of,
            rates,
            catalog,
            overridden: hidden
                .into_iter()
                .map(|(service, usage_type, region)| format!("{service} {usage_type} {region}"))
                .collect(),
            newest_retrieval: newest_retrieval(tables.iter().map(|(_, table)| table)),
            checksum: hasher.finalize(),
        }
    }

    /// Returns the date whose prices these are.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// Returns the newest day on which any price was retrieved.
    pub fn newest_retrieval(&self) -> Option<Date> {
        self.newest_retrieval
    }

    /// Returns the keys (service, usage type, Region) of which a user's table hides the built-in rows.
    pub fn overridden(&self) -> &[String] {
        &self.overridden
    }

    /// Returns the CRC-32 of every table read, as eight hexadecimal digits.
    pub fn checksum(&self) -> String {
        format!("{:08x}", self.checksum)
    }

    /// Returns the usage types that any table knows.
    pub fn catalog(&self) -> &UsageTypeCatalog {
        &self.catalog
    }

    /// Returns the one rate of a usage type in a Region.
    ///
    /// # Errors
    /// [`RateError::NotFound`] or [`RateError::Ambiguous`]; never a neighbour's rate.
    pub fn rate(&self, service: &str, usage_type: &str, region: &RegionCode) -> Result<&Rate, &RateError> {
        const NOT_FOUND: RateError = RateError::NotFound;
        let key = (service.to_owned(), usage_type.to_owned(), region.clone());
        self.rates.get(&key).map_or(Err(&NOT_FOUND), Result::as_ref)
    }

    /// Returns every rate by service, usage type and Region.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &RegionCode, Result<&Rate, &RateError>)> {
        self.rates.iter().map(|((service, usage_type, region), rate)| {
            (service.as_str(), usage_type.as_str(), region, rate.as_ref())
        })
    }
}

/// Picks the rows of the newest date that holds, and makes a rate of them.
fn rate_on(as_of: Date, rows: &[Entry<'_>]) -> Result<Rate, RateError> {
    let holding = rows.iter().filter(|(_, row)| row.effective_from <= as_of);
    let newest = holding.clone().map(|(_, row)| row.effective_from).max();
    let mut rows: Vec<_> = holding
        .filter(|(_, row)| Some(row.effective_from) == newest)
        .filter(|(_, row)| row.effective_to.is_none_or(|end| as_of < end))
        .collect();
    rows.sort_by_key(|(_, row)| row.tier.begin);
    let Some((table, first)) = rows.first() else {
        return Err(RateError::NotFound);
    };
    let mut expected = crate::domain::Quantity::ZERO;
    for (index, (table, row)) in rows.iter().enumerate() {
        if row.tier.begin != expected || (index > 0 && rows[index - 1].1.tier.end.is_none()) {
            let from = row.tier.begin;
            let what = if from > expected {
                format!("no price from {expected} to {from}")
            } else {
                format!("two prices from {from} on")
            };
            return Err(RateError::Ambiguous { reason: format!("{}: {what}", table.name) });
        }
        if row.unit != first.unit || row.currency != first.currency {
            return Err(RateError::Ambiguous {
                reason: format!("{}: tiers in different units or currencies", table.name),
            });
        }
        expected = row.tier.end.unwrap_or(expected);
    }
    if rows.last().is_some_and(|(_, row)| row.tier.end.is_some()) {
        return Err(RateError::Ambiguous { reason: format!("{}: no price from {expected} on", table.name) });
    }
    Ok(Rate {
        unit: first.unit.clone(),
        component: first.component,
        currency: first.currency.clone(),
        tiers: rows
            .iter()
            .map(|(_, row)| Tier {
                range: row.tier,
                price: row.price,
                sku_price_id: row.sku_price_id.clone(),
            })
            .collect(),
        effective_from: first.effective_from,
        source: first.source.clone(),
        retrieved_on: first.retrieved_on,
        confidence: rows.iter().map(|(_, row)| row.confidence).max().unwrap_or(Confidence::Gap),
        table: table.name.clone(),
    })
}

//! Unit prices as people read them, and the table row that would supply a missing one.

use super::number::grouped;
use crate::costing::MissingPrice;
use crate::domain::{Currency, Date, Unit, UnitPrice, UsageTypeCatalog};
use rust_decimal::Decimal;

/// Writes a unit price: per 100,000 for events and per 1,000 for requests, else per unit.
pub fn price_per(price: UnitPrice, unit: &Unit, currency: &Currency) -> String {
    let (factor, words) = match unit.name() {
        "Events" => (100_000, "100,000 events".to_owned()),
        "Requests" => (1_000, "1,000 requests".to_owned()),
        name => (1, name.to_owned()),
    };
    let value = price.value().checked_mul(Decimal::from(factor)).unwrap_or(price.value());
    // At least cents, and every further digit that is not zero.
    let mut value = value.normalize();
    if value.scale() < 2 {
        value.rescale(2);
    }
    let text = match value.to_string().split_once('.') {
        Some((_, cents)) => {
            let whole = grouped(value.trunc());
            format!("{whole}.{cents}")
        }
        None => grouped(value),
    };
    format!("{}{text} per {words}", currency.symbol())
}

/// Returns the row to add to a price table for a price that is missing. The price stays to be filled in.
pub fn row_to_add(
    missing: &MissingPrice,
    catalog: &UsageTypeCatalog,
    currency: &Currency,
    as_of: Date,
) -> String {
    // A usage type has one component in every table, whatever the report shows this usage under.
    let component = match catalog.get(&missing.service, &missing.usage_type) {
        Some(entry) => entry.component,
        None => missing.component,
    };
    format!(
        "{},{},{},{},{},0,,PRICE,{currency},,{as_of},,SOURCE,{as_of},A,",
        missing.service,
        missing.region,
        missing.usage_type,
        component.id(),
        missing.unit,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::parse_decimal;

    #[test]
    fn prices_are_shown_as_price_pages_show_them() {
        for (price, unit, expected) in [
            ("0.00002", "Events", "$2.00 per 100,000 events"),
            ("0.0000003", "Events", "$0.03 per 100,000 events"),
            ("0.000005", "Requests", "$0.005 per 1,000 requests"),
            ("2.5", "GB", "$2.50 per GB"),
            ("0.00099", "GB-Mo", "$0.00099 per GB-Mo"),
        ] {
            let price = UnitPrice::new(parse_decimal(price).unwrap());
            assert_eq!(price_per(price, &Unit::new(unit), &Currency::usd()), expected);
        }
    }
}

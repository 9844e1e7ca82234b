//! The prices that usage is multiplied by, tier by tier, as a reader can follow them.

use super::error::CostError;
use super::rates::{MeterRate, Rates};
use crate::domain::{Currency, MeterId, Quantity, Term, TermPrice, UnitPrice, UsageKeys};
use crate::pricing::{PriceTier, Rate, RateCard};

/// The price of one tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeterTier {
    /// The part of a month's quantity that it is for.
    pub range: PriceTier,
    /// The list price for one unit; `None` is unknown.
    pub list: Option<UnitPrice>,
    /// The agreed price for one unit, the list price where nothing is agreed; `None` is unknown.
    pub contracted: Option<UnitPrice>,
}

/// What a meter costs in a Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterPrice {
    /// Position of the meter.
    pub meter: MeterId,
    /// Position of the Region.
    pub region: u16,
    /// The tiers, rising from zero; one without a price where no table has any.
    pub tiers: Vec<MeterTier>,
    /// What is agreed instead of the list price, if anything is.
    pub term: Option<TermPrice>,
    /// The rate as it stands in a table, if one has it.
    pub rate: Option<Rate>,
}

/// Returns the prices of meters in Regions, by the same rules as an estimate, in the order they are asked for.
///
/// # Errors
/// [`CostError`] when a price is ambiguous or does not fit.
pub fn meter_prices(
    keys: &UsageKeys,
    places: &[(MeterId, u16)],
    card: &RateCard,
    terms: &[Term],
    currency: &Currency,
) -> Result<Vec<MeterPrice>, CostError> {
    let mut rates = Rates::new(card, terms, currency, keys);
    places
        .iter()
        .map(|&(meter, region)| {
            rates.look_up(keys, meter, region)?;
            let own = (&keys.meters[usize::from(meter)], &keys.regions[usize::from(region)]);
            let term = rates.term(own.0, own.1).map(|term| term.price);
            let (tiers, rate) = tiers(rates.get(meter, region));
            Ok(MeterPrice { meter, region, tiers, term, rate })
        })
        .collect()
}

fn tiers(rate: &MeterRate<'_>) -> (Vec<MeterTier>, Option<Rate>) {
    let whole = PriceTier { begin: Quantity::ZERO, end: None };
    match rate {
        MeterRate::Found { rate, ranges, tiers } => {
            let tiers = ranges.iter().zip(tiers).map(|(&range, tier)| MeterTier {
                range,
                list: tier.list,
                contracted: tier.contracted,
            });
            (tiers.collect(), Some((*rate).clone()))
        }
        MeterRate::AgreedOnly(agreed) => {
            (vec![MeterTier { range: whole, list: None, contracted: Some(*agreed) }], None)
        }
        MeterRate::Missing | MeterRate::Unasked => {
            (vec![MeterTier { range: whole, list: None, contracted: None }], None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Meter, Place, RegionCode, Unit, parse_decimal};
    use crate::pricing::{Layer, PriceTable};

    const TABLE: &str = "service,region,usage_type,component,unit,tier_begin,tier_end,price_per_unit,currency,effective_from,source,retrieved_on,confidence\n\
        AmazonX,us-east-1,One,other,GB,0,10,0.5,USD,2026-01-01,s,2026-01-01,A\n\
        AmazonX,us-east-1,One,other,GB,10,,0.25,USD,2026-01-01,s,2026-01-01,A\n";

    #[test]
    fn tiers_stand_with_what_is_agreed() {
        let card = RateCard::new(
            &[(Layer::BuiltIn, PriceTable::parse("x.csv", TABLE))],
            "2026-06-01".parse().unwrap(),
        );
        let meter = |usage_type: &str| Meter {
            service: "AmazonX".to_owned(),
            usage_type: usage_type.to_owned(),
            unit: Unit::new("GB"),
        };
        let keys = UsageKeys {
            meters: ["None", "One", "Own"].map(meter).into(),
            regions: vec![RegionCode::new("us-east-1")],
            ..UsageKeys::default()
        };
        let term = |usage_type: Option<&str>, price| Term {
            service: "AmazonX".to_owned(),
            usage_type: usage_type.map(str::to_owned),
            region: None,
            price,
            place: Place::default(),
        };
        let price = |text: &str| UnitPrice::new(parse_decimal(text).unwrap());
        let terms = [
            term(None, TermPrice::Discount(parse_decimal("0.1").unwrap())),
            term(Some("Own"), TermPrice::Rate(price("3"))),
        ];
        let places = [(1, 0), (2, 0), (0, 0)];
        let found = meter_prices(&keys, &places, &card, &terms, &Currency::usd()).unwrap();
        let of = |at: usize| -> Vec<_> {
            found[at].tiers.iter().map(|tier| (tier.range.begin, tier.list, tier.contracted)).collect()
        };
        let ten = Quantity::from_count(10);
        let tiered = [
            (Quantity::ZERO, Some(price("0.5")), Some(price("0.45"))),
            (ten, Some(price("0.25")), Some(price("0.225"))),
        ];
        assert_eq!(of(0), tiered);
        assert_eq!(of(1), [(Quantity::ZERO, None, Some(price("3")))]);
        assert_eq!(of(2), [(Quantity::ZERO, None, None)]);
        assert!(found[0].rate.is_some() && found[1].rate.is_none() && found[2].term.is_some());
    }
}

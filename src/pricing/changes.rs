//! What differs between two rate cards.

use super::rate_card::{Rate, RateCard, RateError};
use crate::domain::{Quantity, RegionCode};
use std::collections::BTreeMap;

/// One tier's price that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateChange {
    /// The service's code.
    pub service: String,
    /// The usage type.
    pub usage_type: String,
    /// The Region.
    pub region: RegionCode,
    /// Where the tier begins.
    pub tier_begin: Quantity,
    /// The old price as text (`unknown`, or with currency and unit), or nothing where there was none.
    pub before: Option<String>,
    /// The new price.
    pub after: Option<String>,
}

/// Returns every difference between two rate cards, by service, usage type, Region and tier.
pub fn compare(before: &RateCard, after: &RateCard) -> Vec<RateChange> {
    let (old, new) = (flatten(before), flatten(after));
    let mut keys: Vec<_> = old.keys().chain(new.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .map(|key| RateChange {
            service: key.0.clone(),
            usage_type: key.1.clone(),
            region: key.2.clone(),
            tier_begin: key.3,
            before: old.get(key).cloned(),
            after: new.get(key).cloned(),
        })
        .collect()
}

type TierKey = (String, String, RegionCode, Quantity);

fn flatten(card: &RateCard) -> BTreeMap<TierKey, String> {
    let mut tiers = BTreeMap::new();
    for (service, usage_type, region, rate) in card.iter() {
        for (begin, text) in describe(rate) {
            tiers.insert((service.to_owned(), usage_type.to_owned(), region.clone(), begin), text);
        }
    }
    tiers
}

fn describe(rate: Result<&Rate, &RateError>) -> Vec<(Quantity, String)> {
    match rate {
        Err(RateError::NotFound) => Vec::new(),
        Err(RateError::Ambiguous { .. }) => vec![(Quantity::ZERO, "ambiguous".to_owned())],
        Ok(rate) => rate
            .tiers
            .iter()
            .map(|tier| {
                let price = tier.price.map_or_else(
                    || "unknown".to_owned(),
                    |price| format!("{price} {} per {}", rate.currency, rate.unit),
                );
                (tier.range.begin, price)
            })
            .collect(),
    }
}

//! What everything costs in each month, and no more: for many versions of one model.

use super::error::CostError;
use super::estimate::estimate;
use super::pool::slices;
use super::rates::{MeterRate, Rates};
use crate::domain::{
    Currency, MeterId, Money, PooledUsage, Quantity, RegionCode, Term, UnitPrice, UsageSource,
};
use crate::pricing::{FreeTiers, RateCard};
use std::collections::BTreeSet;

/// What everything costs at agreed prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// The cost of each month.
    pub monthly: Vec<Money>,
    /// The whole.
    pub total: Money,
    /// Whether something could not be priced.
    pub incomplete: bool,
    /// What has no price.
    pub unpriced: BTreeSet<Unpriced>,
}

/// Something that is used and has no price: the service's code, the usage type and the Region.
pub type Unpriced = (String, String, RegionCode);

/// Prices usage as [`estimate`] does, to the last digit, without telling accounts, resources and components apart.
///
/// Tiers apply to what the accounts of a payer use together, and a price of at most twelve digits times a quantity is
/// exact: then it does not matter whether quantities are added up before they are priced. Where a discount makes a price
/// longer, or something is free, this is an [`estimate`].
///
/// # Errors
/// [`CostError`] as for an estimate.
pub fn totals(
    usage: &(dyn UsageSource + Sync),
    card: &RateCard,
    free_tiers: &FreeTiers,
    terms: &[Term],
    currency: &Currency,
) -> Result<Totals, CostError> {
    let keys = usage.keys();
    if keys.meters.iter().all(|meter| free_tiers.of(meter).is_none())
        && let Some(totals) = pooled(usage, &mut Rates::new(card, terms, currency, keys))?
    {
        return Ok(totals);
    }
    let estimate = estimate(usage, card, free_tiers, terms, currency, None)?;
    Ok(Totals {
        monthly: estimate.monthly.iter().map(|cost| cost.contracted).collect(),
        total: estimate.total.total.contracted,
        incomplete: estimate.total.incomplete,
        unpriced: estimate
            .missing_prices
            .into_iter()
            .map(|own| (own.service, own.usage_type, own.region))
            .collect(),
    })
}

/// Prices what is used together; nothing where a price is longer than twelve digits.
fn pooled(usage: &dyn UsageSource, rates: &mut Rates<'_>) -> Result<Option<Totals>, CostError> {
    let mut totals = Totals {
        monthly: Vec::new(),
        total: Money::ZERO,
        incomplete: usage.leaves_out_volumes(),
        unpriced: BTreeSet::new(),
    };
    let mut pooled = PooledUsage::default();
    for month in 0..usage.months().len() {
        pooled.of.clear();
        usage.pooled(month, &mut pooled)?;
        let mut sum = Money::ZERO;
        for (&(_, meter, region), &(quantity, has_unknown)) in &pooled.of {
            rates.look_up(usage.keys(), meter, region)?;
            totals.incomplete |= has_unknown;
            for (price, part) in parts(rates, (meter, region), quantity)? {
                match price {
                    None if part.is_zero() => {}
                    None => {
                        totals.incomplete = true;
                        let keys = usage.keys();
                        let own = &keys.meters[usize::from(meter)];
                        let region = keys.regions[usize::from(region)].clone();
                        totals.unpriced.insert((own.service.clone(), own.usage_type.clone(), region));
                    }
                    Some(price) if !price.is_exact() => return Ok(None),
                    Some(price) => {
                        let cost = price.times(part).ok_or(CostError::Overflow)?;
                        sum = sum.checked_add(cost).ok_or(CostError::Overflow)?;
                    }
                }
            }
        }
        totals.total = totals.total.checked_add(sum).ok_or(CostError::Overflow)?;
        totals.monthly.push(sum);
    }
    Ok(Some(totals))
}

/// Returns the price of each part of a quantity.
fn parts(
    rates: &Rates<'_>,
    (meter, region): (MeterId, u16),
    quantity: Quantity,
) -> Result<Vec<(Option<UnitPrice>, Quantity)>, CostError> {
    Ok(match rates.get(meter, region) {
        MeterRate::Found { tiers, .. } if tiers.len() < 2 => {
            vec![(tiers.first().and_then(|tier| tier.contracted), quantity)]
        }
        MeterRate::Found { tiers, ranges, .. } => {
            tiers.iter().map(|tier| tier.contracted).zip(slices(quantity, ranges)?).collect()
        }
        MeterRate::AgreedOnly(rate) => vec![(Some(*rate), quantity)],
        MeterRate::Missing | MeterRate::Unasked => vec![(None, quantity)],
    })
}

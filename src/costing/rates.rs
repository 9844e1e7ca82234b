//! The rate of every meter and Region that occurs, with the payer's terms applied.

use super::error::CostError;
use crate::domain::{Currency, Meter, MeterId, RegionCode, Term, TermPrice, UnitPrice, UsageKeys};
use crate::pricing::{PriceTier, Rate, RateCard, RateError};
use rust_decimal::Decimal;

/// A tier's list and agreed price.
#[derive(Debug, Clone)]
pub(super) struct PricedTier<'a> {
    pub(super) list: Option<UnitPrice>,
    pub(super) contracted: Option<UnitPrice>,
    /// Whether nothing is agreed, so that both prices are the same.
    pub(super) is_list: bool,
    pub(super) sku_price_id: Option<&'a str>,
}

/// The rate of a meter in a Region.
#[derive(Debug, Clone)]
pub(super) enum MeterRate<'a> {
    /// Nobody has asked yet.
    Unasked,
    /// No table has it.
    Missing,
    /// No table has it, but the payer has agreed a rate of its own.
    AgreedOnly(UnitPrice),
    /// It stands in a table; a tier's price may be unknown.
    Found { rate: &'a Rate, ranges: Vec<PriceTier>, tiers: Vec<PricedTier<'a>> },
}

/// Rates by meter and Region, looked up once.
pub(super) struct Rates<'a> {
    card: &'a RateCard,
    terms: &'a [Term],
    currency: &'a Currency,
    regions: usize,
    found: Vec<MeterRate<'a>>,
}

impl<'a> Rates<'a> {
    pub(super) fn new(
        card: &'a RateCard,
        terms: &'a [Term],
        currency: &'a Currency,
        keys: &UsageKeys,
    ) -> Self {
        Self {
            card,
            terms,
            currency,
            regions: keys.regions.len(),
            found: vec![MeterRate::Unasked; keys.regions.len() * keys.meters.len()],
        }
    }

    fn at(&self, meter: MeterId, region: u16) -> usize {
        usize::from(meter) * self.regions + usize::from(region)
    }

    /// Returns the rate that [`Self::look_up`] has found.
    #[inline]
    pub(super) fn get(&self, meter: MeterId, region: u16) -> &MeterRate<'a> {
        &self.found[self.at(meter, region)]
    }

    /// Looks a rate up unless that was done before; tells whether it is new.
    pub(super) fn look_up(
        &mut self,
        keys: &UsageKeys,
        meter: MeterId,
        region: u16,
    ) -> Result<bool, CostError> {
        let at = self.at(meter, region);
        if !matches!(self.found[at], MeterRate::Unasked) {
            return Ok(false);
        }
        let (meter, region) = (&keys.meters[usize::from(meter)], &keys.regions[usize::from(region)]);
        self.found[at] = match self.card.rate(&meter.service, &meter.usage_type, region) {
            Err(RateError::NotFound) => match self.term(meter, region).map(|term| term.price) {
                // What the payer has agreed needs no list price.
                Some(TermPrice::Rate(rate)) => MeterRate::AgreedOnly(rate),
                _ => MeterRate::Missing,
            },
            Err(RateError::Ambiguous { reason }) => {
                return Err(CostError::Ambiguous {
                    service: meter.service.clone(),
                    usage_type: meter.usage_type.clone(),
                    region: region.clone(),
                    reason: reason.clone(),
                });
            }
            Ok(rate) => self.priced(rate, meter, region)?,
        };
        Ok(true)
    }

    fn priced(&self, rate: &'a Rate, meter: &Meter, region: &RegionCode) -> Result<MeterRate<'a>, CostError> {
        let has_price = rate.tiers.iter().any(|tier| tier.price.is_some());
        if has_price && rate.currency != *self.currency {
            return Err(CostError::Currency {
                service: meter.service.clone(),
                usage_type: meter.usage_type.clone(),
                region: region.clone(),
                price: rate.currency.clone(),
                scenario: self.currency.clone(),
            });
        }
        if rate.unit != meter.unit {
            return Err(CostError::Unit {
                usage_type: meter.usage_type.clone(),
                region: region.clone(),
                price: rate.unit.clone(),
                usage: meter.unit.clone(),
            });
        }
        let term = self.term(meter, region);
        let tiers = rate
            .tiers
            .iter()
            .map(|tier| {
                let contracted = agreed(tier.price, term);
                PricedTier {
                    list: tier.price,
                    contracted,
                    is_list: contracted == tier.price,
                    sku_price_id: tier.sku_price_id.as_deref(),
                }
            })
            .collect();
        Ok(MeterRate::Found { rate, ranges: rate.tiers.iter().map(|tier| tier.range).collect(), tiers })
    }

    /// Returns the most specific term on a meter in a Region.
    pub(super) fn term(&self, meter: &Meter, region: &RegionCode) -> Option<&'a Term> {
        self.terms
            .iter()
            .filter(|term| {
                term.service == meter.service
                    && term.usage_type.as_ref().is_none_or(|own| *own == meter.usage_type)
                    && term.region.as_ref().is_none_or(|own| own == region)
            })
            .max_by_key(|term| (term.usage_type.is_some(), term.region.is_some()))
    }
}

fn agreed(list: Option<UnitPrice>, term: Option<&Term>) -> Option<UnitPrice> {
    match term.map(|term| term.price) {
        None => list,
        Some(TermPrice::Rate(rate)) => Some(rate),
        Some(TermPrice::Discount(share)) => {
            list.map(|price| UnitPrice::new(price.value() * (Decimal::ONE - share)))
        }
    }
}

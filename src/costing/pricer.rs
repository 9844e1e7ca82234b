//! Pricing without a report: what each component costs, for estimates by the thousand.
//!
//! The same rates, tiers and shares as an [`Estimate`](super::Estimate), at agreed prices; no line items, breakdowns or
//! notes on what is missing. What has no price costs nothing here, as in an incomplete estimate.

use super::error::CostError;
use super::free::FreeOfMeters;
use super::pool::{shares, slices};
use super::rates::{MeterRate, Rates};
use crate::domain::{
    Currency, MeterId, Money, Quantity, Term, UnitPrice, UsageKeys, UsageRecord, UsageSource,
};
use crate::pricing::{FreeTiers, RateCard};

/// Prices many versions of one model's usage; rates are looked up once.
pub struct Pricer<'a> {
    rates: Rates<'a>,
    free: FreeOfMeters<'a>,
    keys: UsageKeys,
    records: Vec<UsageRecord>,
    /// Records of tiered meters: pool, meter, Region, position.
    pooled: Vec<(u32, MeterId, u16, u32)>,
}

impl<'a> Pricer<'a> {
    /// Takes the names that all versions of the usage refer to.
    pub fn new(
        keys: &UsageKeys,
        card: &'a RateCard,
        free_tiers: &'a FreeTiers,
        terms: &'a [Term],
        currency: &'a Currency,
    ) -> Self {
        let rates = Rates::new(card, terms, currency, keys);
        let free = FreeOfMeters::new(free_tiers, keys);
        Self { rates, free, keys: keys.clone(), records: Vec::new(), pooled: Vec::new() }
    }

    /// Adds what a month costs at agreed prices to `costs`, which has a place for each component.
    ///
    /// # Errors
    /// [`CostError`] as for an estimate.
    pub fn month(
        &mut self,
        usage: &dyn UsageSource,
        month: usize,
        costs: &mut [Money],
    ) -> Result<(), CostError> {
        let mut records = std::mem::take(&mut self.records);
        usage.records(month, &mut records)?;
        self.pooled.clear();
        for (at, part) in self.free.parts(&self.keys, &records)? {
            let record = &mut records[at as usize];
            record.quantity = record.quantity.minus(part)?;
        }
        for (record, at) in records.iter().zip(0..) {
            self.rates.look_up(&self.keys, record.meter, record.region)?;
            let price = match self.rates.get(record.meter, record.region) {
                MeterRate::Found { tiers, .. } if tiers.len() > 1 => {
                    let pool = self.keys.pools[record.account as usize];
                    self.pooled.push((pool, record.meter, record.region, at));
                    continue;
                }
                MeterRate::Found { tiers, .. } => tiers.first().and_then(|tier| tier.contracted),
                MeterRate::AgreedOnly(rate) => Some(*rate),
                MeterRate::Missing | MeterRate::Unasked => None,
            };
            add(costs, record, price, record.quantity)?;
        }
        self.pooled.sort_unstable();
        for pool in
            self.pooled.chunk_by(|left, right| (left.0, left.1, left.2) == (right.0, right.1, right.2))
        {
            self.pool(pool, &records, costs)?;
        }
        self.records = records;
        Ok(())
    }

    /// Prices the records of one pool, meter and Region.
    fn pool(
        &self,
        pool: &[(u32, MeterId, u16, u32)],
        records: &[UsageRecord],
        costs: &mut [Money],
    ) -> Result<(), CostError> {
        let Some(&(_, meter, region, _)) = pool.first() else {
            return Ok(());
        };
        let MeterRate::Found { ranges, tiers, .. } = self.rates.get(meter, region) else {
            return Ok(());
        };
        let members = pool.iter().map(|&(_, _, _, at)| &records[at as usize]);
        let quantities: Vec<Quantity> = members.clone().map(|record| record.quantity).collect();
        let mut total = Quantity::ZERO;
        for quantity in &quantities {
            total = total.plus(*quantity)?;
        }
        let slices = slices(total, ranges)?;
        let rows = if quantities.len() == 1 { vec![slices] } else { shares(&quantities, &slices)? };
        for (record, row) in members.zip(rows) {
            for (part, tier) in row.into_iter().zip(tiers) {
                add(costs, record, tier.contracted, part)?;
            }
        }
        Ok(())
    }

    /// Tells whether a meter draws on a free tier, which it may share with other usage.
    pub fn has_free_tier(&self, meter: MeterId) -> bool {
        self.free.get(meter).is_some()
    }

    /// Returns what usage of a meter in a Region costs a month that shares its tiers with no other usage.
    ///
    /// # Errors
    /// [`CostError`] as for an estimate.
    pub fn lone(&mut self, meter: MeterId, region: u16) -> Result<LoneCost, CostError> {
        self.rates.look_up(&self.keys, meter, region)?;
        let from_zero = |price| vec![Step { begin: Quantity::ZERO, before: Money::ZERO, price }];
        let MeterRate::Found { ranges, tiers, .. } = self.rates.get(meter, region) else {
            let price = match self.rates.get(meter, region) {
                MeterRate::AgreedOnly(rate) => Some(*rate),
                _ => None,
            };
            return Ok(LoneCost { steps: from_zero(price) });
        };
        if tiers.len() < 2 {
            return Ok(LoneCost { steps: from_zero(tiers.first().and_then(|tier| tier.contracted)) });
        }
        let mut steps: Vec<Step> = Vec::with_capacity(tiers.len());
        let mut before = Money::ZERO;
        for (range, tier) in ranges.iter().zip(tiers) {
            steps.push(Step { begin: range.begin, before, price: tier.contracted });
            let (Some(end), Some(price)) = (range.end, tier.contracted) else {
                continue;
            };
            let full = price.times(end.minus(range.begin)?).ok_or(CostError::Overflow)?;
            before = before.checked_add(full).ok_or(CostError::Overflow)?;
        }
        Ok(LoneCost { steps })
    }
}

#[inline]
fn add(
    costs: &mut [Money],
    record: &UsageRecord,
    price: Option<UnitPrice>,
    quantity: Quantity,
) -> Result<(), CostError> {
    let Some(price) = price else {
        return Ok(());
    };
    let cost = price.times(quantity).ok_or(CostError::Overflow)?;
    let own = &mut costs[record.component.index()];
    *own = own.checked_add(cost).ok_or(CostError::Overflow)?;
    Ok(())
}

/// One tier: what all tiers before it cost in full, and its own price.
#[derive(Debug, Clone, Copy)]
struct Step {
    begin: Quantity,
    before: Money,
    /// `None` is unknown, and costs nothing.
    price: Option<UnitPrice>,
}

/// What usage that shares its tiers with no other costs: a line with a bend at each tier.
#[derive(Debug, Clone)]
pub struct LoneCost {
    steps: Vec<Step>,
}

impl LoneCost {
    /// Returns the cost of a month's quantity at agreed prices, to the last digit that of an estimate.
    ///
    /// Nothing past 170 trillion.
    #[inline]
    pub fn of(&self, quantity: Quantity) -> Option<Money> {
        let mut at = self.steps.len() - 1;
        while at > 0 && self.steps[at].begin >= quantity {
            at -= 1;
        }
        let step = &self.steps[at];
        let Some(price) = step.price else {
            return Some(step.before);
        };
        let own = price.times(quantity.minus(step.begin).ok()?)?;
        step.before.checked_add(own)
    }

    /// Returns where each tier begins, with its agreed price; `None` is unknown.
    pub fn tiers(&self) -> impl Iterator<Item = (Quantity, Option<UnitPrice>)> {
        self.steps.iter().map(|step| (step.begin, step.price))
    }

    /// Tells whether the cost depends on what else is used under the same payer, meter and Region.
    pub fn has_tiers(&self) -> bool {
        self.steps.len() > 1
    }
}

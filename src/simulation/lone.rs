//! The short road: a volume that is given directly and shares its tiers with nothing else costs what a line with a bend
//! at each tier says of its one drawn quantity.

use super::error::SimulationError;
use super::inputs::Used;
use crate::costing::{CostError, LoneCost, Pricer};
use crate::domain::{Model, Money, Quantity, RangedInput, UsageSource};
use crate::stats::RangeDraws;
use crate::usage::{LoneVolume, UsagePlan};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Quantities drawn at a time, so that they stay in the cache.
const CHUNK: usize = 1024;

/// An input that takes the short road.
pub(super) struct LoneInput {
    pub(super) input: RangedInput,
    pub(super) volume: LoneVolume,
    cost: LoneCost,
    draws: RangeDraws,
    /// Months by growth factor: equal factors make equal costs.
    months: Vec<(Decimal, Vec<usize>)>,
}

impl LoneInput {
    /// Takes an input if its quantity decides nothing but one charge.
    pub(super) fn new(
        input: &RangedInput,
        model: &Model,
        plan: &UsagePlan,
        used: &Used,
        pricer: &mut Pricer<'_>,
        seed: u64,
    ) -> Result<Option<Self>, SimulationError> {
        let Some(volume) = input.volume.and_then(|at| plan.lone_volume(model, at)) else {
            return Ok(None);
        };
        if pricer.has_free_tier(volume.meter) {
            return Ok(None);
        }
        let cost = pricer.lone(volume.meter, volume.region)?;
        let pool = plan.keys().pools[volume.account as usize];
        if cost.has_tiers() && !used.is_alone(pool, volume.meter, volume.region) {
            return Ok(None);
        }
        let mut months: BTreeMap<Decimal, Vec<usize>> = BTreeMap::new();
        for (month, factor) in volume.factors.iter().enumerate() {
            months.entry(*factor).or_default().push(month);
        }
        let draws = RangeDraws::new(input, seed);
        Ok(Some(Self { input: input.clone(), volume, cost, draws, months: months.into_iter().collect() }))
    }

    /// Returns what the whole horizon costs at one quantity.
    pub(super) fn total(&self, quantity: Quantity) -> Result<Money, SimulationError> {
        let mut total = Money::ZERO;
        for (factor, months) in &self.months {
            let grown = self.volume.grown(quantity, *factor)?;
            let cost = self.cost.of(grown).ok_or(CostError::Overflow)?;
            for _ in months {
                total = total.checked_add(cost).ok_or(CostError::Overflow)?;
            }
        }
        Ok(total)
    }

    /// Adds the costs of the draws from `first` on: to each month's column, the component's total, and, if it has a
    /// column of its own, the component's first month. All columns are equally long.
    pub(super) fn add(
        &self,
        first: u32,
        months: &mut [&mut [Money]],
        total: &mut [Money],
        mut first_month: Option<&mut [Money]>,
    ) -> Result<(), SimulationError> {
        let mut quantities = [Quantity::ZERO; CHUNK];
        let mut costs = [Money::ZERO; CHUNK];
        for begin in (0..total.len()).step_by(CHUNK) {
            let end = (begin + CHUNK).min(total.len());
            let quantities = &mut quantities[..end - begin];
            let costs = &mut costs[..end - begin];
            let offset = u32::try_from(begin).unwrap_or(u32::MAX);
            self.draws.fill(first.saturating_add(offset), quantities);
            for (factor, own) in &self.months {
                let grows = *factor != Decimal::ONE;
                for (cost, &drawn) in costs.iter_mut().zip(quantities.iter()) {
                    let quantity = if grows { self.volume.grown(drawn, *factor)? } else { drawn };
                    let Some(own) = self.cost.of(quantity) else {
                        return Err(CostError::Overflow.into());
                    };
                    *cost = own;
                }
                for &month in own {
                    add_all(&mut months[month][begin..end], costs)?;
                    add_all(&mut total[begin..end], costs)?;
                    if let (0, Some(column)) = (month, first_month.as_deref_mut()) {
                        add_all(&mut column[begin..end], costs)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Adds one column to another.
pub(super) fn add_all(sums: &mut [Money], costs: &[Money]) -> Result<(), SimulationError> {
    for (sum, &cost) in sums.iter_mut().zip(costs) {
        let Some(own) = sum.checked_add(cost) else {
            return Err(CostError::Overflow.into());
        };
        *sum = own;
    }
    Ok(())
}

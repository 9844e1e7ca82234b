//! The long road: each draw becomes a model, its usage, and what that costs.

use super::error::SimulationError;
use super::inputs::Inputs;
use crate::costing::{CostError, Pricer};
use crate::domain::{Component, Model, Money, Quantity, RangedInput, UsageSource};
use crate::stats::RangeDraws;
use crate::usage::UsagePlan;
use std::ops::Range;

/// Quantities drawn ahead at a time.
const DRAWN_AHEAD: usize = 1 << 20;

/// Prices one version of a model after the other.
pub(super) struct Versions<'a> {
    model: Model,
    first: UsagePlan,
    inputs: &'a [RangedInput],
    pricer: Pricer<'a>,
    costs: Vec<Money>,
}

impl<'a> Versions<'a> {
    /// Takes a model, and the inputs that differ between its versions.
    pub(super) fn new(
        model: Model,
        inputs: &'a [RangedInput],
        like: &'a Inputs<'_>,
    ) -> Result<Self, SimulationError> {
        let first = UsagePlan::new(&model)?;
        let pricer =
            Pricer::new(first.keys(), like.card, like.free_tiers, &like.likely.terms, &like.likely.currency);
        Ok(Self { model, first, inputs, pricer, costs: vec![Money::ZERO; Component::ALL.len()] })
    }

    /// Sets every input, and hands each month's costs by component to `month`.
    pub(super) fn price(
        &mut self,
        values: &[Quantity],
        mut month: impl FnMut(usize, &[Money]) -> Result<(), SimulationError>,
    ) -> Result<(), SimulationError> {
        self.model.set_ranges(self.inputs, values);
        let plan = self.first.again(&self.model)?;
        for at in 0..plan.months().len() {
            self.costs.fill(Money::ZERO);
            self.pricer.month(&plan, at, &mut self.costs)?;
            month(at, &self.costs)?;
        }
        Ok(())
    }
}

/// What the draws of one thread cost: a row for each draw, with a field for each month's total, then for each
/// component its total and its first month.
pub(super) struct Block {
    width: usize,
    fields: Vec<Money>,
}

impl Block {
    /// Returns a field of every draw, in order.
    pub(super) fn column(&self, at: usize) -> impl Iterator<Item = Money> + '_ {
        self.fields.iter().skip(at).step_by(self.width).copied()
    }
}

/// Prices some of the draws.
pub(super) fn block(inputs: &Inputs<'_>, seed: u64, range: Range<u32>) -> Result<Block, SimulationError> {
    let months = inputs.likely.horizon.months as usize;
    let width = months + 2 * inputs.components.len();
    let count = range.len();
    let mut fields = vec![Money::ZERO; width * count];
    let model = inputs.without_lone();
    let mut versions = Versions::new(model, &inputs.rest, inputs)?;
    let sources: Vec<RangeDraws> = inputs.rest.iter().map(|input| RangeDraws::new(input, seed)).collect();
    let ahead = (DRAWN_AHEAD / sources.len().max(1)).clamp(1, count.max(1));
    let mut drawn = vec![Quantity::ZERO; ahead * sources.len()];
    let mut values = vec![Quantity::ZERO; sources.len()];
    for (at, row) in fields.chunks_exact_mut(width).enumerate() {
        let in_chunk = at % ahead;
        if in_chunk == 0 {
            let first = range.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
            for (source, column) in sources.iter().zip(drawn.chunks_exact_mut(ahead)) {
                source.fill(first, column);
            }
        }
        for (value, column) in values.iter_mut().zip(drawn.chunks_exact(ahead)) {
            *value = column[in_chunk];
        }
        let (totals, components) = row.split_at_mut(months);
        versions.price(&values, |month, costs| {
            for cost in costs {
                totals[month] = totals[month].checked_add(*cost).ok_or(CostError::Overflow)?;
            }
            for (component, fields) in inputs.components.iter().zip(components.chunks_exact_mut(2)) {
                let cost = costs[component.index()];
                fields[0] = fields[0].checked_add(cost).ok_or(CostError::Overflow)?;
                if month == 0 {
                    fields[1] = cost;
                }
            }
            Ok(())
        })?;
    }
    Ok(Block { width, fields })
}

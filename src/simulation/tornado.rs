//! What moves the total most: one input at its low and its high, all others likely.

use super::draws::Versions;
use super::effort::is_worth_a_tornado;
use super::error::SimulationError;
use super::inputs::Inputs;
use super::result::{Tornado, TornadoRow};
use crate::costing::CostError;
use crate::domain::{Money, Quantity, RangedInput};

/// Looks at every input, unless there are too many.
pub(super) fn tornado(
    inputs: &Inputs<'_>,
    likely: Money,
    threads: usize,
) -> Result<Tornado, SimulationError> {
    let mut tornado = Tornado { likely, rows: Vec::new(), skipped: false };
    if !is_worth_a_tornado(inputs.rest.len(), inputs.steps)
        || !is_worth_a_tornado(inputs.rest.len() + inputs.lone.len(), 0)
    {
        tornado.skipped = true;
        return Ok(tornado);
    }
    for own in &inputs.lone {
        let range = own.input.range;
        let own_likely = own.total(range.likely)?;
        let with = |quantity: Quantity| -> Result<Money, SimulationError> {
            let others = likely.checked_sub(own_likely).ok_or(CostError::Overflow)?;
            Ok(others.checked_add(own.total(quantity)?).ok_or(CostError::Overflow)?)
        };
        let row =
            TornadoRow { at_low: with(range.low)?, at_high: with(range.high)?, input: own.input.clone() };
        tornado.rows.push(row);
    }
    let size = inputs.rest.len().div_ceil(threads.max(1)).max(1);
    let parts: Vec<_> = std::thread::scope(|scope| {
        let handles: Vec<_> =
            inputs.rest.chunks(size).map(|part| scope.spawn(|| rows(inputs, part))).collect();
        handles.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
    });
    for part in parts {
        tornado.rows.extend(part.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
    }
    tornado.rows.sort_by(|left, right| {
        right.span().cmp(&left.span()).then_with(|| left.input.label.cmp(&right.input.label))
    });
    Ok(tornado)
}

fn rows(inputs: &Inputs<'_>, part: &[RangedInput]) -> Result<Vec<TornadoRow>, SimulationError> {
    part.iter()
        .map(|input| {
            let own = std::slice::from_ref(input);
            let mut versions = Versions::new(inputs.likely.clone(), own, inputs)?;
            let mut total = |quantity: Quantity| -> Result<Money, SimulationError> {
                let mut total = Money::ZERO;
                versions.price(&[quantity], |_, costs| {
                    for cost in costs {
                        total = total.checked_add(*cost).ok_or(CostError::Overflow)?;
                    }
                    Ok(())
                })?;
                Ok(total)
            };
            let (at_low, at_high) = (total(input.range.low)?, total(input.range.high)?);
            Ok(TornadoRow { input: input.clone(), at_low, at_high })
        })
        .collect()
}

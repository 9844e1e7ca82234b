//! The simulation of one model.

use super::columns::{Drawn, figures};
use super::draws::{Block, block};
use super::effort;
use super::error::SimulationError;
use super::inputs::Inputs;
use super::result::Simulation;
use super::tornado::tornado;
use crate::domain::{Model, Money};
use crate::pricing::{FreeTiers, RateCard};
use crate::usage::UsagePlan;

/// How to simulate. The result depends on the draws and the seed, never on the threads.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The number of draws; `None` means 10,000, or fewer where the model is large.
    pub draws: Option<u32>,
    /// The seed.
    pub seed: u64,
    /// Threads to use.
    pub threads: usize,
    /// Whether volumes that are given directly may take the short road. It changes nothing but the time.
    pub short_road: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            draws: None,
            seed: 1,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            short_road: true,
        }
    }
}

/// Draws every range of a model, estimates each draw, and takes the percentiles; nothing if no range decides anything.
///
/// `plan` is the model's usage with every range likely, and `likely` what it costs over the horizon at agreed prices.
///
/// # Errors
/// [`SimulationError`] as for an estimate, when a draw or an end of a range leads past what can be held.
pub fn simulate(
    model: &Model,
    plan: &UsagePlan,
    (card, free_tiers): (&RateCard, &FreeTiers),
    likely: Money,
    options: &Options,
) -> Result<Option<Simulation>, SimulationError> {
    let Some(mut inputs) = Inputs::new(model, plan, (card, free_tiers), options.seed)? else {
        return Ok(None);
    };
    if !options.short_road {
        inputs.take_the_long_road(model, plan);
    }
    let steps = if inputs.rest.is_empty() { 0 } else { inputs.steps };
    let (draws, reduced) = options.draws.map_or_else(|| effort::draws(steps), |draws| (draws.max(1), false));
    let threads = options.threads.max(1);
    let long_road = if inputs.rest.is_empty() {
        Drawn { blocks: vec![block(&inputs, options.seed, 0..1)?], draws: draws as usize, is_constant: true }
    } else {
        let blocks = blocks(&inputs, options.seed, draws, threads)?;
        Drawn { blocks, draws: draws as usize, is_constant: false }
    };
    let figures = figures(&inputs, &long_road, threads)?;
    Ok(Some(Simulation {
        draws,
        reduced,
        seed: options.seed,
        inputs: inputs.lone.len() + inputs.rest.len(),
        total: figures.total,
        years: figures.years,
        months: figures.months,
        components: figures.components,
        tornado: tornado(&inputs, likely, threads)?,
    }))
}

/// Splits the draws over threads; the blocks come in the order of the draws.
fn blocks(inputs: &Inputs<'_>, seed: u64, draws: u32, threads: usize) -> Result<Vec<Block>, SimulationError> {
    let threads = u32::try_from(threads).unwrap_or(1).min(draws).max(1);
    let size = draws.div_ceil(threads).max(1);
    let ranges: Vec<_> =
        (0..draws).step_by(size as usize).map(|first| first..draws.min(first.saturating_add(size))).collect();
    let parts: Vec<_> = std::thread::scope(|scope| {
        let handles: Vec<_> =
            ranges.into_iter().map(|range| scope.spawn(move || block(inputs, seed, range))).collect();
        handles.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
    });
    parts.into_iter().map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
}

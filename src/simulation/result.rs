//! What a simulation comes to.

use crate::domain::{Component, Money, RangedInput};
use crate::stats::Percentiles;

/// What the total may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulation {
    /// The number of draws.
    pub draws: u32,
    /// Whether there are fewer draws than usual, as the scenario is large.
    pub reduced: bool,
    /// The seed.
    pub seed: u64,
    /// The number of inputs drawn.
    pub inputs: usize,
    /// The whole horizon at agreed prices.
    pub total: Percentiles,
    /// Each year of the horizon.
    pub years: Vec<Percentiles>,
    /// Each month.
    pub months: Vec<Percentiles>,
    /// Each component, in report order. Their percentiles do not add up to those of the total.
    pub components: Vec<ComponentRange>,
    /// What moves the total most.
    pub tornado: Tornado,
}

/// What a component may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComponentRange {
    /// The component.
    pub component: Component,
    /// The first month.
    pub first_month: Percentiles,
    /// The whole horizon.
    pub total: Percentiles,
}

/// The total with one input at its low or high and all others likely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tornado {
    /// The total with every input likely.
    pub likely: Money,
    /// The inputs, the one that moves the total most first; equal ones by label.
    pub rows: Vec<TornadoRow>,
    /// Whether there are too many inputs to look at each: there are no rows then.
    pub skipped: bool,
}

/// One input of a [`Tornado`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornadoRow {
    /// The input.
    pub input: RangedInput,
    /// The total with this input at its low.
    pub at_low: Money,
    /// The total with this input at its high.
    pub at_high: Money,
}

impl TornadoRow {
    /// Returns what lies between the totals at low and at high, never negative.
    pub fn span(&self) -> Money {
        let (less, more) = if self.at_low < self.at_high {
            (self.at_low, self.at_high)
        } else {
            (self.at_high, self.at_low)
        };
        more.checked_sub(less).unwrap_or_default()
    }
}

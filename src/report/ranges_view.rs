//! What every format shows where quantities are ranges.

use super::clean::visible;
use super::number::grouped;
use crate::costing::{Estimate, Figures};
use crate::domain::{Money, Month, Quantity};
use crate::simulation::{Simulation, TornadoRow};
use crate::stats::Percentiles;

/// One component, or the whole: the likely figures, and what they may be.
#[derive(Debug, Clone)]
pub struct RangeRow {
    /// The component's id, or `total`.
    pub id: String,
    /// The words shown.
    pub label: String,
    /// The likely cost over the horizon.
    pub likely: Money,
    /// Whether something that belongs here could not be priced.
    pub incomplete: bool,
    /// The first month.
    pub first_month: Percentiles,
    /// The whole horizon.
    pub total: Percentiles,
}

/// One month of the band between P10 and P90.
#[derive(Debug, Clone, Copy)]
pub struct BandMonth {
    /// The month.
    pub month: Month,
    /// The likely cost.
    pub likely: Money,
    /// What it may be.
    pub cost: Percentiles,
}

/// One input of the tornado: what it is, its ends, and the total at each with all else likely.
#[derive(Debug, Clone)]
pub struct TornadoInput {
    /// What it is, harmless.
    pub label: String,
    /// The unit.
    pub unit: String,
    /// The input's low.
    pub low: Quantity,
    /// The input's likely figure.
    pub likely: Quantity,
    /// The input's high.
    pub high: Quantity,
    /// The total at the low.
    pub at_low: Money,
    /// The total at the high.
    pub at_high: Money,
}

impl TornadoInput {
    fn new(row: &TornadoRow) -> Self {
        let range = &row.input.range;
        Self {
            label: visible(&row.input.label),
            unit: visible(&row.input.unit),
            low: range.low,
            likely: range.likely,
            high: range.high,
            at_low: row.at_low,
            at_high: row.at_high,
        }
    }

    /// Returns the input's ends as people read them: `20,000,000 to 40,000,000 events`.
    pub fn ends(&self) -> String {
        format!("{} to {} {}", self.low_text(), self.high_text(), self.unit)
    }

    /// Returns the low as people read it.
    pub fn low_text(&self) -> String {
        grouped(self.low.rounded(12))
    }

    /// Returns the high as people read it.
    pub fn high_text(&self) -> String {
        grouped(self.high.rounded(12))
    }

    /// Tells whether the input moves the total at all.
    pub fn moves(&self) -> bool {
        self.at_low != self.at_high
    }
}

/// What the total may be.
#[derive(Debug, Clone)]
pub struct RangesView {
    /// The number of draws.
    pub draws: u32,
    /// Whether there are fewer draws than usual.
    pub reduced: bool,
    /// The seed.
    pub seed: u64,
    /// The number of inputs that are ranges.
    pub inputs: usize,
    /// Components, in report order.
    pub rows: Vec<RangeRow>,
    /// The whole.
    pub total: RangeRow,
    /// Each year.
    pub years: Vec<Percentiles>,
    /// Each month: the band of a chart.
    pub months: Vec<BandMonth>,
    /// The inputs, the one that moves the total most first; empty if there are too many to look at each.
    pub tornado: Vec<TornadoInput>,
    /// Whether there are too many inputs to look at each.
    pub tornado_skipped: bool,
}

/// Rows of the tornado that a person looks at.
pub(super) const TORNADO_ROWS: usize = 8;

impl RangesView {
    /// Makes the view of a simulation, beside the estimate of the likely figures.
    pub(super) fn new(simulation: &Simulation, estimate: &Estimate) -> Self {
        let row = |id: &str, label: &str, figures: Option<&Figures>, first_month, total| RangeRow {
            id: id.to_owned(),
            label: label.to_owned(),
            likely: figures.map_or(Money::ZERO, |own| own.total.contracted),
            incomplete: figures.is_some_and(|own| own.incomplete),
            first_month,
            total,
        };
        let rows = simulation.components.iter().map(|own| {
            let known = estimate.components.iter().find(|known| known.component == own.component);
            let figures = known.map(|known| &known.figures);
            row(own.component.id(), own.component.label(), figures, own.first_month, own.total)
        });
        let first_month = simulation.months.first().copied().unwrap_or_default();
        Self {
            draws: simulation.draws,
            reduced: simulation.reduced,
            seed: simulation.seed,
            inputs: simulation.inputs,
            rows: rows.collect(),
            total: row("total", "Total", Some(&estimate.total), first_month, simulation.total),
            years: simulation.years.clone(),
            months: estimate
                .months
                .iter()
                .zip(&estimate.monthly)
                .zip(&simulation.months)
                .map(|((&month, likely), &cost)| BandMonth { month, likely: likely.contracted, cost })
                .collect(),
            tornado: simulation.tornado.rows.iter().map(TornadoInput::new).collect(),
            tornado_skipped: simulation.tornado.skipped,
        }
    }

    /// Says what the percentiles rest on, in one line.
    pub fn meaning(&self) -> String {
        let draws = grouped(self.draws.into());
        let inputs = match self.inputs {
            1 => "1 input".to_owned(),
            count => format!("{} inputs", grouped(count.into())),
        };
        let reduced = if self.reduced {
            " (fewer than usual, as the scenario is large; --draws sets them)"
        } else {
            ""
        };
        format!(
            "low = P10, high = P90, likely = the most likely figure; {draws} draws{reduced}, seed {}, {inputs}, \
             independent of each other; percentiles of components do not add up to those of the total",
            self.seed
        )
    }

    /// Returns the inputs that a person looks at: at most eight, and none that moves nothing.
    pub fn top_inputs(&self) -> impl Iterator<Item = &TornadoInput> {
        self.tornado.iter().filter(|own| own.moves()).take(TORNADO_ROWS)
    }

    /// Says that there are more inputs than shown, or too many to look at.
    pub(super) fn not_shown(&self) -> Option<String> {
        if self.tornado_skipped {
            let inputs = grouped(self.inputs.into());
            return Some(format!(
                "{inputs} inputs are ranges: too many to tell which one moves the total most"
            ));
        }
        let more = self.tornado.iter().filter(|own| own.moves()).count().saturating_sub(TORNADO_ROWS);
        match more {
            0 => None,
            1 => Some("one more input moves the total less".to_owned()),
            more => Some(format!("{more} more inputs move the total less")),
        }
    }
}

//! JSON of ranges. Nothing of it is written for a scenario without ranges.

use super::ranges_view::{RangesView, TornadoInput};
use crate::stats::Percentiles;
use schemars::JsonSchema;
use serde::Serialize;

/// P10, P50 and P90, by nearest rank.
#[derive(Serialize, JsonSchema)]
pub(super) struct PercentilesJson {
    p10: String,
    p50: String,
    p90: String,
}

impl From<&Percentiles> for PercentilesJson {
    fn from(own: &Percentiles) -> Self {
        Self { p10: own.p10.to_string(), p50: own.p50.to_string(), p90: own.p90.to_string() }
    }
}

/// One month.
#[derive(Serialize, JsonSchema)]
struct MonthRangeJson {
    /// YYYY-MM.
    month: String,
    likely: String,
    p10: String,
    p50: String,
    p90: String,
}

/// What a component may cost.
#[derive(Serialize, JsonSchema)]
struct ComponentRangeJson {
    id: String,
    first_month: PercentilesJson,
    total: PercentilesJson,
}

/// What the percentiles rest on, and all of them.
#[derive(Serialize, JsonSchema)]
pub(super) struct SimulationJson {
    draws: u32,
    seed: u64,
    /// The number of inputs that are ranges. They are drawn independently of each other.
    inputs: usize,
    /// What low, likely and high mean.
    meaning: String,
    first_month: PercentilesJson,
    years: Vec<PercentilesJson>,
    months: Vec<MonthRangeJson>,
    components: Vec<ComponentRangeJson>,
}

impl SimulationJson {
    pub(super) fn new(ranges: &RangesView) -> Self {
        Self {
            draws: ranges.draws,
            seed: ranges.seed,
            inputs: ranges.inputs,
            meaning: ranges.meaning(),
            first_month: (&ranges.total.first_month).into(),
            years: ranges.years.iter().map(Into::into).collect(),
            months: ranges
                .months
                .iter()
                .map(|own| MonthRangeJson {
                    month: own.month.to_string(),
                    likely: own.likely.to_string(),
                    p10: own.cost.p10.to_string(),
                    p50: own.cost.p50.to_string(),
                    p90: own.cost.p90.to_string(),
                })
                .collect(),
            components: ranges
                .rows
                .iter()
                .map(|row| ComponentRangeJson {
                    id: row.id.clone(),
                    first_month: (&row.first_month).into(),
                    total: (&row.total).into(),
                })
                .collect(),
        }
    }
}

/// The total with one input at its low and its high, all others likely.
#[derive(Serialize, JsonSchema)]
pub(super) struct TornadoJson {
    input: String,
    unit: String,
    low: String,
    likely: String,
    high: String,
    total_at_low: String,
    total_at_high: String,
}

impl From<&TornadoInput> for TornadoJson {
    fn from(own: &TornadoInput) -> Self {
        Self {
            input: own.label.clone(),
            unit: own.unit.clone(),
            low: own.low.to_string(),
            likely: own.likely.to_string(),
            high: own.high.to_string(),
            total_at_low: own.at_low.to_string(),
            total_at_high: own.at_high.to_string(),
        }
    }
}

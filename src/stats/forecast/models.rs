//! Models of monthly values: from so many values to the next ones, each with a band that should hold four in five.
//!
//! Of a year's seasons the library `augurs` takes the series apart (MSTL) and smooths the rest exponentially (ETS); a year's
//! seasons are seen from two full years on. Models are additive in their errors: those of the library whose band is drawn by
//! chance are not used, so that the same history gives the same forecast.
#![expect(clippy::float_arithmetic, reason = "a forecast is no money; see the room's header")]

use augurs_core::{Fit, Forecast, Predict};
use augurs_ets::AutoETS;
use augurs_mstl::MSTLModel;

/// How a forecast is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ForecastMethod {
    /// It is no longer used: nothing.
    Ended,
    /// One month is known: the same again, and nobody knows how far off.
    Same,
    /// The last month again, with the band of the differences seen from month to month.
    LastValue,
    /// The last month and the mean difference, where all differences go the same way.
    Drift,
    /// Exponential smoothing, with a trend where there is one.
    Smoothing,
    /// The seasons of a year, and exponential smoothing of the rest.
    Seasonal,
}

impl ForecastMethod {
    /// Returns the name used in files and for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Same => "same_again",
            Self::LastValue => "last_value",
            Self::Drift => "drift",
            Self::Smoothing => "smoothing",
            Self::Seasonal => "seasonal",
        }
    }
}

/// Months of a year.
const YEAR: usize = 12;
/// So many values the smoothing needs. The library takes seven too, of which it finds a trend that fits them to the last digit and
/// means nothing: its measure of models (AICc) tells them apart from eight on.
const SMOOTHED_FROM: usize = 8;
/// So many differences of the same sign are a drift.
const DRIFT_FROM: usize = 3;
/// P10 to P90 holds four in five.
const LEVEL: f64 = 0.8;
/// The P90 of Student's t for one to five degrees of freedom: of few differences the spread itself is hardly known.
const T90: [f64; 5] = [3.078, 1.886, 1.638, 1.533, 1.476];
/// The P90 of the normal distribution, for more of them.
const Z90: f64 = 1.282;

/// The next values, first step first. The band is empty where nobody knows how far off they are.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Predicted {
    pub(super) method: ForecastMethod,
    pub(super) middle: Vec<f64>,
    /// How far P10 lies below the middle and P90 above it.
    pub(super) half: Vec<f64>,
}

/// Predicts so many values. None is below zero; the band may be.
pub(super) fn predict(values: &[f64], steps: usize) -> Predicted {
    // The library needs values near one: it holds seasons with seven digits.
    let size = values.iter().fold(0.0_f64, |most, own| most.max(own.abs()));
    if values.len() >= SMOOTHED_FROM && size > 0.0 && !is_constant(values) {
        let scaled: Vec<f64> = values.iter().map(|own| own / size).collect();
        if let Some(found) = from_library(&scaled, steps) {
            return Predicted {
                method: found.method,
                middle: found.middle.iter().map(|own| (own * size).max(0.0)).collect(),
                half: found.half.iter().map(|own| own * size).collect(),
            };
        }
    }
    simple(values, steps)
}

fn is_constant(values: &[f64]) -> bool {
    values.iter().all(|own| own.to_bits() == values[0].to_bits())
}

fn from_library(values: &[f64], steps: usize) -> Option<Predicted> {
    let smoothing = AutoETS::new(1, "AZN").ok()?;
    let (method, own): (_, Forecast) = if values.len() >= 2 * YEAR {
        let model = MSTLModel::new(vec![YEAR], smoothing.into_trend_model());
        (ForecastMethod::Seasonal, model.fit(values).ok()?.predict(steps, LEVEL).ok()?)
    } else {
        (ForecastMethod::Smoothing, smoothing.fit(values).ok()?.predict(steps, LEVEL).ok()?)
    };
    let band = own.intervals?;
    let half: Vec<f64> = band.lower.iter().zip(&band.upper).map(|(low, high)| (high - low) / 2.0).collect();
    let is_whole = own.point.len() == steps && half.len() == steps;
    (is_whole && own.point.iter().chain(&half).all(|own| own.is_finite())).then_some(Predicted {
        method,
        middle: own.point,
        half,
    })
}

/// Predicts by the last value and the differences: what short histories allow.
fn simple(values: &[f64], steps: usize) -> Predicted {
    let Some(last) = values.last().copied() else {
        return Predicted { method: ForecastMethod::Ended, middle: vec![0.0; steps], half: vec![0.0; steps] };
    };
    let differences: Vec<f64> = values.windows(2).map(|own| own[1] - own[0]).collect();
    if differences.is_empty() {
        return Predicted { method: ForecastMethod::Same, middle: vec![last; steps], half: Vec::new() };
    }
    let count = float(differences.len());
    let drifts = differences.len() >= DRIFT_FROM
        && (differences.iter().all(|own| *own > 0.0) || differences.iter().all(|own| *own < 0.0));
    let mean = if drifts { differences.iter().sum::<f64>() / count } else { 0.0 };
    let squares: f64 = differences.iter().map(|own| (own - mean) * (own - mean)).sum();
    // The mean of a drift is itself taken from the differences.
    let freedom = differences.len() - usize::from(drifts);
    let sigma = (squares / float(freedom)).sqrt();
    let p90 = T90.get(freedom - 1).copied().unwrap_or(Z90);
    let step = |at: usize| float(at + 1);
    Predicted {
        method: if drifts { ForecastMethod::Drift } else { ForecastMethod::LastValue },
        middle: (0..steps).map(|at| (last + mean * step(at)).max(0.0)).collect(),
        half: (0..steps)
            .map(|at| {
                let more = if drifts { step(at) * step(at) / count } else { 0.0 };
                p90 * sigma * (step(at) + more).sqrt()
            })
            .collect(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of months are small")]
pub(super) fn float(count: usize) -> f64 {
    count as f64
}

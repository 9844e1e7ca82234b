//! The back-test: what would have been forecast in the past, against what came.
#![expect(clippy::float_arithmetic, reason = "a forecast is no money; see the room's header")]

use super::models::{ForecastMethod, Predicted, predict};

/// The longest back-test: so many months at which a forecast is made.
const ORIGINS: usize = 12;
/// So many origins of the method in use are enough; with fewer, those of the simpler methods that came before it count too.
const ENOUGH: usize = 4;
/// The band is never widened more than this.
const MOST: f64 = 4.0;
/// The least factor of the seasonal method where it cannot be tested: of generated series of two years its own bands of four in
/// five held about half.
const UNTESTED: f64 = 2.0;
/// The share of past values that the band should have held.
const SHARE: f64 = 0.8;

/// What a back-test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tested {
    /// Mean absolute error as a share of what came (WAPE).
    pub(super) error: f64,
    /// Months at which a forecast was made.
    pub(super) origins: usize,
    /// By how much the band is widened so that it holds four in five of the past values.
    pub(super) factor: f64,
}

/// Forecasts from each of the last months as if it were today. `known` tells which values were recorded; the others do not count.
/// Nothing where no value came that was forecast.
pub(super) fn back_test(
    values: &[f64],
    known: &[bool],
    steps: usize,
    method: ForecastMethod,
) -> Option<Tested> {
    let first = values.len().saturating_sub(ORIGINS).max(1);
    let origins: Vec<(usize, Predicted)> =
        (first..values.len()).map(|at| (at, predict(&values[..at], steps.min(values.len() - at)))).collect();
    let own = origins.iter().filter(|own| own.1.method == method).count();
    let (mut off, mut came, mut count) = (0.0, 0.0, 0);
    let mut ratios = Vec::new();
    for (at, predicted) in origins.iter().filter(|origin| own < ENOUGH || origin.1.method == method) {
        count += 1;
        for (step, middle) in predicted.middle.iter().enumerate().filter(|own| known[at + own.0]) {
            let value = values[at + step];
            let error = (value - middle).abs();
            off += error;
            came += value;
            if let Some(half) = predicted.half.get(step) {
                ratios.push(ratio(error, *half));
            }
        }
    }
    if count == 0 || came <= 0.0 {
        return None;
    }
    let least = if method == ForecastMethod::Seasonal && own < ENOUGH { UNTESTED } else { 1.0 };
    Some(Tested { error: off / came, origins: count, factor: factor(ratios).max(least) })
}

/// Returns how far off a value was in halves of its band.
fn ratio(error: f64, half: f64) -> f64 {
    match (error > 0.0, half > 0.0) {
        (false, _) => 0.0,
        (true, true) => error / half,
        (true, false) => MOST,
    }
}

/// Returns by how much bands must grow to hold four in five; with few of them, the largest. They are never made narrower: what
/// was easy in the past need not stay so.
fn factor(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank among a few hundred")]
    let rank = ((super::models::float(ratios.len()) + 1.0) * SHARE).ceil() as usize;
    let own = ratios.get(rank.min(ratios.len()).saturating_sub(1)).copied().unwrap_or(1.0);
    own.clamp(1.0, MOST)
}

//! Forecasts of monthly quantities.
//!
//! In: what was used in each month recorded. Out: for each of the next months P10, P50 and P90, with the method, the months that
//! it rests on, and what a back-test found.
#![expect(clippy::float_arithmetic, reason = "a forecast is no money; see the room's header")]

mod back_test;
mod history;
mod models;
#[cfg(test)]
mod tests;

pub use history::{Measured, Recorded};
pub use models::ForecastMethod;

use crate::domain::{Month, Quantity};
use back_test::back_test;
use history::Values;
use models::predict;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// A month to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForecastQuantity {
    /// The month.
    pub month: Month,
    /// The P50, rounded to six significant digits; never below zero.
    pub middle: Quantity,
    /// The P10 and the P90, rounded likewise; nothing where nobody knows how far off the middle is.
    pub range: Option<(Quantity, Quantity)>,
}

/// The forecast of one series of monthly quantities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesForecast {
    /// How it was made.
    pub method: ForecastMethod,
    /// Months recorded that it rests on.
    pub points: usize,
    /// The first of them.
    pub since: Month,
    /// Months in between that are not recorded: a straight line stands for them.
    pub bridged: usize,
    /// Whether months before `since` are left out because the level changed then by more than half or double.
    pub level_changed: bool,
    /// The back-test's mean absolute error as a share of what was used (WAPE), to a thousandth; nothing where no month could be
    /// tested.
    pub error: Option<Decimal>,
    /// Past months from which the back-test forecast.
    pub origins: usize,
    /// By how much the band was widened so that it holds four in five of what was tested, to a hundredth; 1 is not at all.
    pub factor: Decimal,
    /// The months to come, in order.
    pub months: Vec<ForecastQuantity>,
}

/// Forecasts a series for so many months after the last one recorded.
///
/// `recorded` has the months in order, those without use too. Nothing where nothing was ever used, or the calendar ends.
pub fn forecast(
    recorded: &[Recorded],
    steps: usize,
    measured: Measured,
    is_whole: bool,
) -> Option<SeriesForecast> {
    let own = Values::new(recorded, measured)?;
    let last = recorded.last()?.month;
    let months: Vec<Month> =
        (1..=steps).map(|step| last.plus(u32::try_from(step).ok()?)).collect::<Option<_>>()?;
    let mut found = SeriesForecast {
        method: ForecastMethod::Ended,
        points: own.known.iter().filter(|own| **own).count(),
        since: own.since,
        bridged: own.known.iter().filter(|own| !**own).count(),
        level_changed: own.level_changed,
        error: None,
        origins: 0,
        factor: Decimal::ONE,
        months: Vec::with_capacity(steps),
    };
    if own.has_ended {
        let nothing = Some((Quantity::ZERO, Quantity::ZERO));
        found.months = months
            .into_iter()
            .map(|month| ForecastQuantity { month, middle: Quantity::ZERO, range: nothing })
            .collect();
        return Some(found);
    }
    let predicted = predict(&own.each, steps);
    found.method = predicted.method;
    let mut factor = 1.0;
    if let Some(tested) = back_test(&own.each, &own.known, steps, predicted.method) {
        found.error = Some(rounded(tested.error, 3));
        found.origins = tested.origins;
        found.factor = rounded(tested.factor, 2);
        // What is shown is what was done.
        factor = found.factor.to_f64().unwrap_or(tested.factor);
    }
    for (at, (month, middle)) in months.into_iter().zip(&predicted.middle).enumerate() {
        let quantity = |own: f64| quantity(own.max(0.0) * measured.parts(month), is_whole);
        found.months.push(ForecastQuantity {
            month,
            middle: quantity(*middle)?,
            range: match predicted.half.get(at) {
                Some(half) => Some((quantity(middle - half * factor)?, quantity(middle + half * factor)?)),
                None => None,
            },
        });
    }
    Some(found)
}

/// Rounds a small number, half away from zero.
fn rounded(own: f64, digits: u32) -> Decimal {
    let own = Decimal::from_f64_retain(own).unwrap_or_default();
    own.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero).normalize()
}

/// Rounds to six significant digits, so that the last bits of a processor do not show; a count of whole things to a whole one.
fn quantity(own: f64, is_whole: bool) -> Option<Quantity> {
    let digits = Decimal::from_scientific(&format!("{own:.5e}")).ok()?;
    let places = if is_whole { 0 } else { 12 };
    let digits = digits.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    Quantity::from_decimal(digits.normalize()).ok()
}

//! Value axes: round steps chosen in decimals, and the mapping of amounts to pixels.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::canvas::{Canvas, HAIR};
use super::number;
use super::palette::Colour;
use super::text::Type;

/// The type of axis labels.
pub(super) const AXIS_TYPE: Type = Type::regular(12.0);

/// A grid finer than this many steps distracts from the data.
const MOST_STEPS: Decimal = Decimal::from_parts(46, 0, 0, false, 1);

/// The grid of a value axis.
#[derive(Debug, Clone)]
pub(super) struct Ticks {
    pub values: Vec<Decimal>,
    step: Decimal,
}

impl Ticks {
    /// Multiples of a round step inside `low..=high`; none where they are too large to count.
    pub(super) fn within(low: Decimal, high: Decimal) -> Self {
        let span = high.saturating_sub(low);
        let step = round_step(span).unwrap_or(Decimal::MAX);
        let mut next = low.checked_div(step).map(|first| first.ceil());
        let last = high.checked_div(step).map(|last| last.floor());
        let mut values = Vec::new();
        while let (Some(multiple), Some(last)) = (next, last)
            && multiple <= last
        {
            values.push(multiple.checked_mul(step).unwrap_or_default());
            next = multiple.checked_add(Decimal::ONE);
        }
        Self { values, step }
    }

    pub(super) fn label(&self, value: Decimal, currency_symbol: &str) -> String {
        let largest = self.values.iter().map(Decimal::abs).max().unwrap_or_default();
        number::tick(value, self.step, largest, currency_symbol)
    }

    /// The width of the widest label in logical pixels.
    pub(super) fn label_width(&self, currency_symbol: &str) -> f64 {
        let widths = self.values.iter().map(|&value| AXIS_TYPE.width(&self.label(value, currency_symbol)));
        widths.fold(0.0, f64::max)
    }

    /// The distance of neighbouring values.
    pub(super) fn step(&self) -> Decimal {
        self.step
    }

    /// Draws horizontal grid lines with their labels to the left, the zero line darker.
    pub(super) fn paint(
        &self,
        canvas: &Canvas<'_>,
        scale: &Scale,
        left: f64,
        right: f64,
        currency_symbol: &str,
    ) {
        self.paint_labelled(canvas, scale, (left, right), |value| self.label(value, currency_symbol));
    }

    /// As [`Ticks::paint`], with labels of another kind.
    pub(super) fn paint_labelled(
        &self,
        canvas: &Canvas<'_>,
        scale: &Scale,
        (left, right): (f64, f64),
        label: impl Fn(Decimal) -> String,
    ) {
        for &value in &self.values {
            let y = scale.at(value);
            if !value.is_zero() {
                canvas.line((left, y), (right, y), HAIR, Colour::HAIRLINE);
            }
            canvas.text_right(left - 8.0, y, &label(value), AXIS_TYPE, Colour::MUTED);
        }
    }
}

/// The smallest of 1, 2, 2.5 and 5 times a power of ten that keeps the grid coarse; never below one cent.
fn round_step(span: Decimal) -> Option<Decimal> {
    let mut power = Decimal::new(1, 2);
    loop {
        for tenths in [10, 20, 25, 50] {
            let step = power.checked_mul(Decimal::new(tenths, 1))?.normalize();
            let whole_cents = step.scale() <= 2;
            if whole_cents && span.checked_div(step).is_some_and(|steps| steps <= MOST_STEPS) {
                return Some(step);
            }
        }
        power = power.checked_mul(Decimal::TEN)?;
    }
}

/// Maps amounts to pixels along one direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// `low` lands on `start`, `high` on `end`; an empty range is widened, so that zero lands on `start`.
    pub(super) fn new(low: Decimal, high: Decimal, start: f64, end: f64) -> Self {
        let (low, high) = (float(low), float(high));
        let high = if high > low { high } else { low + 1.0 };
        Self { low, high, start, end }
    }

    pub(super) fn at(&self, amount: Decimal) -> f64 {
        self.start + (float(amount) - self.low) / (self.high - self.low) * (self.end - self.start)
    }
}

/// An amount as a number of pixels is computed from it.
pub(super) fn float(amount: Decimal) -> f64 {
    amount.to_f64().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn labels(low: &str, high: &str) -> Vec<String> {
        let ticks = Ticks::within(dec(low), dec(high));
        ticks.values.iter().map(|&value| ticks.label(value, "$")).collect()
    }

    #[test]
    fn steps_are_round() {
        for (low, high, expected) in [
            ("0", "169000", vec!["$0", "$50k", "$100k", "$150k"]),
            ("0", "5064", vec!["$0", "$2k", "$4k"]),
            ("0", "422", vec!["$0", "$100", "$200", "$300", "$400"]),
            ("0", "9.5", vec!["$0", "$2.50", "$5.00", "$7.50"]),
            ("0", "0.3", vec!["$0", "$0.10", "$0.20", "$0.30"]),
            ("0", "0.001", vec!["$0"]),
            ("0", "0", vec!["$0"]),
            ("-50", "100", vec!["−$50", "$0", "$50", "$100"]),
            ("38000", "61000", vec!["$40k", "$45k", "$50k", "$55k", "$60k"]),
            ("0", "1230000000", vec!["$0", "$0.5B", "$1.0B"]),
        ] {
            assert_eq!(labels(low, high), expected, "{low}..{high}");
        }
    }

    #[test]
    fn the_largest_decimals_do_not_overflow() {
        assert!(!labels("0", "79228162514264337593543950335").is_empty());
        assert!(
            labels("-79228162514264337593543950335", "79228162514264337593543950335")
                .contains(&"$0".to_owned())
        );
        assert!(labels("79228162514264337593543950330", "79228162514264337593543950335").len() < 10);
    }

    #[test]
    fn scale_maps_ends_and_survives_an_empty_range() {
        let scale = Scale::new(Decimal::ZERO, dec("10"), 100.0, 0.0);
        assert!((scale.at(dec("5")) - 50.0).abs() < 1e-9);
        let empty = Scale::new(Decimal::ZERO, Decimal::ZERO, 100.0, 0.0);
        assert!((empty.at(Decimal::ZERO) - 100.0).abs() < 1e-9);
    }
}

//! Exact quantities drawn from a range.
use super::triangular::Triangular;
use super::uniform::Uniform;
use crate::domain::{Grain, Quantity, RangedInput};

/// Units of 10⁻¹² in one.
const TRILLION: i128 = 1_000_000_000_000;

/// The draws of one input.
///
/// Inputs are independent of each other: the stream of each depends on its own name only. What falls below the least
/// possible value counts as that value (a quantity cannot be negative), and what is above the largest as the largest:
/// so low and high stay P10 and P90.
#[derive(Debug, Clone)]
pub struct RangeDraws {
    shape: Triangular,
    grain: Grain,
    least: i128,
    most: i128,
    seed: u64,
    name: String,
}

impl RangeDraws {
    /// Takes an input's range, and the seed.
    pub fn new(input: &RangedInput, seed: u64) -> Self {
        let steps = |quantity: Quantity| match input.grain {
            Grain::Whole => float(quantity.trillionths() / TRILLION),
            Grain::Trillionth => float(quantity.trillionths()),
        };
        let range = &input.range;
        let shape = Triangular::new(steps(range.low), steps(range.likely), steps(range.high));
        let least = input.least.trillionths();
        let most = input.most.map_or(i128::MAX, Quantity::trillionths);
        Self { shape, grain: input.grain, least, most, seed, name: input.label.clone() }
    }

    /// Returns the quantity that a share of the draws lies below, rounded to the input's steps; it never falls as the
    /// share rises.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float past the range becomes the end of the range"
    )]
    pub fn quantile(&self, share: f64) -> Quantity {
        let steps = self.shape.quantile(share).round();
        // 64 bits are had in one instruction, 128 are not.
        let fits = steps.abs() < 9e18;
        self.quantity(if fits { i128::from(steps as i64) } else { steps as i128 })
    }

    /// Returns a quantity that no draw exceeds.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float past the range becomes the end of the range"
    )]
    pub fn largest(&self) -> Quantity {
        self.quantity(self.shape.most().ceil() as i128)
    }

    #[inline]
    fn quantity(&self, steps: i128) -> Quantity {
        let trillionths = match self.grain {
            Grain::Whole => steps.saturating_mul(TRILLION),
            Grain::Trillionth => steps,
        };
        Quantity::from_trillionths(trillionths.max(self.least).min(self.most))
    }

    /// Fills `draws` with those from `first` on.
    pub fn fill(&self, first: u32, draws: &mut [Quantity]) {
        let mut stream = Uniform::new(self.seed, &self.name);
        stream.seek(first);
        for draw in draws {
            *draw = self.quantile(stream.next_number());
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "rounded to the nearest float, the same on every machine")]
fn float(steps: i128) -> f64 {
    steps as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AmountRange, parse_decimal};

    fn input(low: &str, likely: &str, high: &str, grain: Grain) -> RangedInput {
        let quantity = |text| Quantity::from_decimal(parse_decimal(text).unwrap()).unwrap();
        let range = AmountRange { low: quantity(low), likely: quantity(likely), high: quantity(high) };
        RangedInput::of(range, grain)
    }

    #[test]
    fn percentiles_are_those_stated() {
        for (low, likely, high, grain) in [
            ("20000000", "25000000", "40000000", Grain::Whole),
            ("0", "5", "100", Grain::Whole),
            ("0.5", "0.75", "1.5", Grain::Trillionth),
            ("3", "3", "7.25", Grain::Trillionth),
        ] {
            let input = input(low, likely, high, grain);
            let own = RangeDraws::new(&input, 1);
            for (share, expected) in [(0.1, input.range.low), (0.9, input.range.high)] {
                let off = (own.quantile(share).trillionths() - expected.trillionths()).abs();
                assert!(off <= 1_000, "{low} {likely} {high}: {share} is off by {off}");
            }
            let mut draws = vec![Quantity::ZERO; 20_000];
            own.fill(0, &mut draws);
            draws.sort_unstable();
            let width = float(input.range.high.trillionths() - input.range.low.trillionths());
            for (at, expected) in [(2_000, input.range.low), (18_000, input.range.high)] {
                let off = float(draws[at].trillionths() - expected.trillionths()).abs();
                assert!(off < width * 0.02, "{low} {likely} {high}: rank {at} is {}", draws[at]);
            }
            assert!(!draws[0].is_negative() && draws[19_999] <= own.largest());
        }
    }

    #[test]
    fn what_is_not_possible_is_not_drawn() {
        let mut input = input("90", "99", "100", Grain::Trillionth);
        input.most = Some(Quantity::from_count(100));
        let own = RangeDraws::new(&input, 1);
        assert_eq!(own.quantile(0.999_999), Quantity::from_count(100));
        assert_eq!(own.largest(), Quantity::from_count(100));
        let own = RangeDraws::new(&super::tests::input("0", "1", "10", Grain::Whole), 1);
        assert_eq!(own.quantile(0.000_001), Quantity::ZERO);
    }

    #[test]
    fn counts_are_drawn_whole() {
        let own = RangeDraws::new(&input("1", "5", "9", Grain::Whole), 7);
        let mut draws = vec![Quantity::ZERO; 500];
        own.fill(0, &mut draws);
        assert!(draws.iter().all(|draw| draw.to_count().is_some()));
    }
}

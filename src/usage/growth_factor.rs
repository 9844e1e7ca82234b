//! Growth of whole counts: fast where a rounded product is certain, exact where it is close.

use crate::domain::{Quantity, QuantityError};
use rust_decimal::Decimal;

/// A growth factor, ready to multiply millions of counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct GrowthFactor {
    exact: Decimal,
    is_one: bool,
    /// The factor in units of 2⁻⁶⁴, cut; `None` when it is too large for the fast path.
    fixed: Option<u128>,
}

/// Counts and factors below these keep the product of the fast path inside 128 bits.
const FAST_COUNT: u64 = 1 << 44;
const FAST_FACTOR: u64 = 1 << 18;

impl GrowthFactor {
    pub(super) fn new(exact: Decimal) -> Self {
        let exact = exact.normalize();
        let fixed = (exact < Decimal::from(FAST_FACTOR) && !exact.is_sign_negative())
            .then(|| to_fixed(exact))
            .flatten();
        Self { exact, is_one: exact == Decimal::ONE, fixed }
    }

    pub(super) fn exact(self) -> Decimal {
        self.exact
    }

    /// Multiplies and rounds half-even to a whole count.
    #[inline]
    pub(super) fn grow(self, count: u64) -> Result<u64, QuantityError> {
        if self.is_one || count == 0 {
            return Ok(count);
        }
        if let Some(fixed) = self.fixed
            && count < FAST_COUNT
        {
            // The cut factor makes the product too small by less than `count` units of 2⁻⁶⁴.
            let product = u128::from(count) * fixed;
            let fraction = low_half(product);
            let half = 1_u64 << 63;
            let certain = fraction > half || fraction < half - count;
            if certain {
                let whole = low_half(product >> 64);
                return Ok(whole + u64::from(fraction > half));
            }
        }
        self.grow_exactly(count)
    }

    #[cold]
    fn grow_exactly(self, count: u64) -> Result<u64, QuantityError> {
        Quantity::from_count(count).grown(self.exact, 1)?.to_count().ok_or(QuantityError)
    }
}

/// Returns the lower 64 bits.
#[expect(clippy::cast_possible_truncation, reason = "the upper half is what is cut off")]
fn low_half(product: u128) -> u64 {
    product as u64
}

/// Returns the factor in units of 2⁻⁶⁴, cut, by long division bit by bit: it runs once a month.
fn to_fixed(exact: Decimal) -> Option<u128> {
    let divisor = 10_u128.pow(exact.scale());
    let mantissa = u128::try_from(exact.mantissa()).ok()?;
    let (mut quotient, mut remainder) = (mantissa / divisor, mantissa % divisor);
    for _ in 0..64 {
        remainder *= 2;
        quotient = quotient * 2 + u128::from(remainder >= divisor);
        if remainder >= divisor {
            remainder -= divisor;
        }
    }
    Some(quotient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::parse_decimal;
    use proptest::prelude::*;

    #[test]
    fn ties_and_near_ties_are_exact() {
        for (factor, count, expected) in [
            ("1.5", 1, 2),
            ("1.5", 3, 4),
            ("2.5", 1, 2),
            ("0.5", 3, 2),
            ("1.0000000000000000000000000001", 5, 5),
            ("0.4999999999999999999999999999", 1, 0),
            ("0.5000000000000000000000000001", 1, 1),
            ("1", u64::MAX, u64::MAX),
            ("0", 7, 0),
        ] {
            let grown = GrowthFactor::new(parse_decimal(factor).unwrap()).grow(count);
            assert_eq!(grown, Ok(expected), "{count} × {factor}");
        }
        assert!(GrowthFactor::new(Decimal::from(3)).grow(u64::MAX).is_err());
    }

    proptest! {
        #[test]
        fn the_fast_path_equals_the_exact_one(count in 0_u64..(1 << 46), mantissa in 0_i64..4_000_000_000, scale in 0_u32..12) {
            let factor = GrowthFactor::new(Decimal::new(mantissa, scale));
            prop_assert_eq!(factor.grow(count), factor.grow_exactly(count).map_err(|_| QuantityError));
        }
    }
}

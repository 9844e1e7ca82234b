//! Products and shares of whole numbers, rounded once.

use crate::domain::{Quantity, QuantityError};
use ethnum::U256;

/// Returns a × b ÷ c, half-even to a whole number.
pub(super) fn mul_div(a: u128, b: u128, c: u128) -> Result<u128, QuantityError> {
    if c == 0 {
        return Err(QuantityError);
    }
    if let Some(product) = a.checked_mul(b) {
        return Ok(half_even(product, c));
    }
    let (product, divisor) = (U256::from(a) * U256::from(b), U256::from(c));
    let (whole, rest) = (product / divisor, product % divisor);
    let up = match rest.cmp(&(divisor - rest)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => whole & U256::ONE == U256::ONE,
    };
    u128::try_from(whole).ok().and_then(|whole| whole.checked_add(u128::from(up))).ok_or(QuantityError)
}

fn half_even(dividend: u128, divisor: u128) -> u128 {
    let (whole, rest) = (dividend / divisor, dividend % divisor);
    match rest.cmp(&(divisor - rest)) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + (whole & 1),
    }
}

/// Returns the part of `total` that lies between two of `of` equal steps; the parts of adjoining spans add up exactly.
pub(super) fn part(total: u128, from: u32, to: u32, of: u32) -> Result<u128, QuantityError> {
    if to <= from {
        return Ok(0);
    }
    if from == 0 && to == of {
        return Ok(total);
    }
    let at = |step: u32| mul_div(total, u128::from(step), u128::from(of));
    Ok(at(to)?.saturating_sub(at(from)?))
}

/// A ratio of whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ratio {
    pub(super) over: u128,
    pub(super) under: u128,
}

impl Ratio {
    /// Returns whole × ratio, half-even to a whole number.
    #[inline]
    pub(super) fn of(self, whole: u128) -> Result<u128, QuantityError> {
        mul_div(whole, self.over, self.under)
    }
}

/// Returns a count as a quantity.
pub(super) fn count(whole: u128) -> Result<Quantity, QuantityError> {
    Quantity::from_fraction(whole, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_whole_add_up_to_it() {
        for (total, of) in [(10_u128, 31_u32), (7, 30), (1_000_003, 28), (1, 29), (0, 31)] {
            let sum: u128 = (0..of).map(|step| part(total, step, step + 1, of).expect("fits")).sum();
            assert_eq!(sum, total, "{total} in {of}");
        }
    }

    #[test]
    fn products_past_128_bits_are_exact() {
        let big = u128::MAX / 3;
        for (a, b, c, expected) in
            [(5, 1, 2, 2), (7, 1, 2, 4), (big, 9, 9, big), (big - 1, 1_000_000, 2_000_000, (big - 1) / 2)]
        {
            assert_eq!(mul_div(a, b, c), Ok(expected), "{a} x {b} / {c}");
        }
        assert_eq!(mul_div(1, 1, 0), Err(QuantityError));
        assert_eq!(mul_div(u128::MAX, 2, 1), Err(QuantityError));
    }
}

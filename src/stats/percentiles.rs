//! Percentiles of exact amounts.

use crate::domain::Money;

/// P10, P50 and P90.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Percentiles {
    /// A tenth of the draws is at most this.
    pub p10: Money,
    /// Half of the draws is at most this.
    pub p50: Money,
    /// Nine tenths of the draws are at most this.
    pub p90: Money,
}

impl Percentiles {
    /// Takes the percentiles by nearest rank: each is the amount of a draw, exact, and none is between two. The order
    /// of `draws` is lost. Of no draws everything is zero.
    pub fn of(draws: &mut [Money]) -> Self {
        let count = draws.len();
        if count == 0 {
            return Self::default();
        }
        let position = |percent: usize| (count * percent).div_ceil(100).max(1) - 1;
        let (at10, at50, at90) = (position(10), position(50), position(90));
        // The middle parts the draws, so that each of the others is looked for in one half.
        let (lower, p50, upper) = draws.select_nth_unstable(at50);
        let p50 = *p50;
        let p10 = if at10 < at50 { *lower.select_nth_unstable(at10).1 } else { p50 };
        let p90 = if at90 > at50 { *upper.select_nth_unstable(at90 - at50 - 1).1 } else { p50 };
        Self { p10, p50, p90 }
    }

    /// Takes an amount that no draw changes.
    pub fn certain(amount: Money) -> Self {
        Self { p10: amount, p50: amount, p90: amount }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    fn money(units: i64) -> Money {
        Money::from_decimal(Decimal::from(units)).unwrap()
    }

    #[test]
    fn ranks_are_the_nearest() {
        for (count, expected) in [
            (1, [1, 1, 1]),
            (2, [1, 1, 2]),
            (9, [1, 5, 9]),
            (10, [1, 5, 9]),
            (11, [2, 6, 10]),
            (100, [10, 50, 90]),
            (1001, [101, 501, 901]),
        ] {
            // 7919 is prime to every count, so that each rank comes once.
            let mut draws: Vec<Money> = (0..count).map(|at| money(at * 7919 % count + 1)).collect();
            let own = Percentiles::of(&mut draws);
            assert_eq!([own.p10, own.p50, own.p90], expected.map(money), "{count}");
        }
        assert_eq!(Percentiles::of(&mut []), Percentiles::default());
    }
}

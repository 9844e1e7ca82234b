//! The triangular distribution fixed by its mode and two percentiles ("Trigen").
#![expect(clippy::float_arithmetic, reason = "a distribution is no money; see the room's header")]

/// The share of cases below `low`, and above `high`.
const TAIL: f64 = 0.1;

/// A triangular distribution of which the P10, the mode and the P90 are known.
///
/// People who state a range mean that the truth is *rarely* outside of it, not never: low and high are taken as P10 and
/// P90, and the triangle reaches a little past both. It is chosen over smoother forms as its percentiles need nothing
/// but `+ − × ÷ √`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Triangular {
    least: f64,
    mode: f64,
    most: f64,
    width: f64,
    /// The share of cases below the mode.
    below: f64,
}

impl Triangular {
    /// Fits the triangle; `low ≤ mode ≤ high` and `low < high`, or it has no width.
    ///
    /// With q the share below the mode, W the width and p the share in a tail, the shares below `low` and above `high`
    /// give mode − low = W (q − √(p q)) and high − mode = W ((1 − q) − √(p (1 − q))). Their ratio rises with q, so that
    /// halving the interval [p, 1 − p] finds it.
    pub fn new(low: f64, mode: f64, high: f64) -> Self {
        let (left, right) = (mode - low, high - mode);
        let reach = |share: f64| share - (TAIL * share).sqrt();
        let (mut from, mut to) = (TAIL, 1.0 - TAIL);
        // 64 halvings are more than the digits hold; the middle then stays where it is.
        for _ in 0..64 {
            let middle = f64::midpoint(from, to);
            if right * reach(middle) < left * reach(1.0 - middle) {
                from = middle;
            } else {
                to = middle;
            }
        }
        let below = f64::midpoint(from, to);
        let width = (left + right) / (reach(below) + reach(1.0 - below));
        let (least, most) = (mode - width * below, mode + width * (1.0 - below));
        Self { least, mode, most, width: most - least, below }
    }

    /// Returns the value that a share of the cases lies below; it never falls as the share rises.
    #[inline]
    pub fn quantile(&self, share: f64) -> f64 {
        let (up, down) = (share * self.below, (1.0 - share) * (1.0 - self.below));
        // The mode parts both branches whatever their last bits are.
        if share <= self.below {
            (self.least + self.width * up.sqrt()).min(self.mode)
        } else {
            (self.most - self.width * down.sqrt()).max(self.mode)
        }
    }

    /// Returns the largest value.
    pub fn most(&self) -> f64 {
        self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The distribution function, from its definition.
    fn share_below(own: &Triangular, value: f64) -> f64 {
        let width = own.most - own.least;
        if value <= own.mode {
            (value - own.least).powi(2) / (width * (own.mode - own.least))
        } else {
            1.0 - (own.most - value).powi(2) / (width * (own.most - own.mode))
        }
    }

    #[test]
    fn the_tails_hold_a_tenth_each() {
        for (low, mode, high) in [
            (80.0, 100.0, 120.0),
            (20e6, 25e6, 40e6),
            (0.0, 0.0, 10.0),
            (5.0, 10.0, 10.0),
            (10.0, 10.0, 11.0),
            (1.0, 1.000_001, 1e9),
        ] {
            let own = Triangular::new(low, mode, high);
            assert!(own.least < low && high < own.most, "{own:?}");
            assert!((share_below(&own, low) - TAIL).abs() < 1e-9, "{own:?}");
            assert!((share_below(&own, high) - (1.0 - TAIL)).abs() < 1e-9, "{own:?}");
            assert!((own.quantile(TAIL) - low).abs() < 1e-9 * high, "{own:?}");
            assert!((own.quantile(1.0 - TAIL) - high).abs() < 1e-9 * high, "{own:?}");
        }
    }

    #[test]
    fn a_symmetric_triangle_by_hand() {
        // q = ½ and W = 20 ÷ (½ − √0.05).
        let own = Triangular::new(80.0, 100.0, 120.0);
        let width = 20.0 / (0.5 - 0.05_f64.sqrt());
        assert!((own.most - own.least - width).abs() < 1e-9);
        assert!((own.least - (100.0 - width / 2.0)).abs() < 1e-9);
        assert!((own.quantile(0.5) - 100.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn the_quantile_never_falls(low in 0.0..1e9_f64, left in 0.0..1e9_f64, right in 1.0..1e9_f64, mut shares in prop::collection::vec(0.0..1.0_f64, 2..50)) {
            let own = Triangular::new(low, low + left, low + left + right);
            shares.extend([own.below, own.below + f64::EPSILON, own.below - f64::EPSILON]);
            shares.sort_by(f64::total_cmp);
            let values: Vec<f64> = shares.iter().map(|share| own.quantile(*share)).collect();
            prop_assert!(values.is_sorted());
        }
    }
}

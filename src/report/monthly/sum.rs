//! Sums of amounts of which some may be unknown.

use crate::domain::{Money, Quantity};

/// A sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// What is known of it.
    pub cost: Money,
    /// Whether something of it is unknown.
    pub is_incomplete: bool,
}

impl Sum {
    /// Adds an amount, or one that is unknown. Sums past 170 trillion are unknown too.
    pub(super) fn add(&mut self, cost: Option<Money>) {
        match cost.and_then(|own| self.cost.checked_add(own)) {
            Some(sum) => self.cost = sum,
            None => self.is_incomplete = true,
        }
    }

    /// Adds another sum.
    pub(super) fn add_sum(&mut self, other: Self) {
        self.add(Some(other.cost));
        self.is_incomplete |= other.is_incomplete;
    }

    /// Returns the sum where all of it is known.
    pub fn known(self) -> Option<Money> {
        Some(self.cost).filter(|_| !self.is_incomplete)
    }
}

/// A quantity of one unit with its cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Used {
    pub(super) quantity: Quantity,
    pub(super) cost: Sum,
}

impl Used {
    pub(super) fn add(&mut self, quantity: Quantity, cost: Option<Money>) {
        match self.quantity.plus(quantity) {
            Ok(sum) => self.quantity = sum,
            Err(_) => self.cost.is_incomplete = true,
        }
        self.cost.add(cost);
    }
}

/// The period, what came before it, and the same months of the year before.
pub(super) type OfThree<T> = [T; 3];

/// Returns the difference of the first and another one, where both are known.
pub(super) fn change(of: &OfThree<Sum>, from: usize) -> Option<Money> {
    of[0].known()?.checked_sub(of[from].known()?)
}

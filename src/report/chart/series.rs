//! One named series of exact amounts, as stacks and lines take it.

use rust_decimal::Decimal;

use super::palette::Colour;

/// One component's amounts, in the order of the chart's categories or months.
///
/// A missing amount at the end counts as 0 in a stack and ends a line; amounts beyond the last category are ignored.
#[derive(Debug, Clone)]
pub struct Series {
    /// The name shown beside the shape.
    pub label: String,
    /// The colour of the shape.
    pub colour: Colour,
    /// Amounts in the chart's currency or unit.
    pub values: Vec<Decimal>,
}

impl Series {
    /// The amount at a position, 0 where there is none.
    pub(super) fn value(&self, at: usize) -> Decimal {
        self.values.get(at).copied().unwrap_or_default()
    }

    /// The sum of the first `count` amounts; it stops at the largest decimal instead of overflowing.
    pub(super) fn sum(&self, count: usize) -> Decimal {
        sum(self.values.iter().take(count).copied())
    }
}

/// A sum that stops at the largest decimal: a chart of absurd amounts is better than none.
pub(super) fn sum(amounts: impl IntoIterator<Item = Decimal>) -> Decimal {
    amounts.into_iter().fold(Decimal::ZERO, Decimal::saturating_add)
}

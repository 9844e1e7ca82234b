//! The last month of the period line by line: what the what-if, the evidence and the workbook are made of.

use crate::domain::{ChargeCategory, CostKind, Month, RecordedCost, RecordedLine};

/// The last month of the period that has a cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastMonth {
    /// The month.
    pub month: Month,
    /// What its cost is.
    pub kind: CostKind,
    /// Its lines, the rates they rest on, and the files they were read from. Names are as they were recorded: not harmless.
    pub cost: RecordedCost,
}

impl LastMonth {
    /// Returns the lines of the total: usage with its discounts, without credits, refunds, tax and fees.
    pub fn usage(&self) -> impl Iterator<Item = &RecordedLine> {
        self.cost.lines.iter().filter(|own| is_usage(own))
    }
}

/// Tells whether a line is part of what usage costs: credits, tax and the like are not.
pub(super) fn is_usage(line: &RecordedLine) -> bool {
    matches!(line.category, ChargeCategory::Usage | ChargeCategory::Discount)
}

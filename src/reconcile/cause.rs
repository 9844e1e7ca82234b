//! What explains a difference.

use crate::domain::Money;

/// What explains a difference, in the order in which causes are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CauseKind {
    /// An account that the scenario does not have.
    UnknownAccount,
    /// A Region in which the scenario has nothing of the account.
    UnmeasuredRegion,
    /// A volume or price that the scenario itself says is unknown.
    UnknownInEstimate,
    /// The bill covers some days of the month only.
    PartialMonth,
    /// One side has as a free first copy what the other has as a paid one.
    FreeFirstCopy,
    /// The bill has further copies of the same events.
    FurtherCopies,
    /// The estimate has further copies of the same events.
    FewerCopies,
    /// A usage type that the scenario has nowhere.
    NotModelled,
    /// What was measured agrees with the bill, and not with the estimate.
    MeasuredVolume,
    /// The invoice is open, and less than a day's usage is missing.
    LateData,
    /// The bill's list price is not that of the price table.
    ListPrice,
    /// The bill takes another share off the list price than the estimate.
    Discount,
    /// The bill's rows are rounded.
    Rounding,
    /// Credits.
    Credit,
    /// Money back.
    Refund,
    /// Tax.
    Tax,
    /// Fees, purchases, adjustments.
    OtherCharge,
}

impl CauseKind {
    /// Every cause, in order.
    pub const ALL: [Self; 17] = [
        Self::UnknownAccount,
        Self::UnmeasuredRegion,
        Self::UnknownInEstimate,
        Self::PartialMonth,
        Self::FreeFirstCopy,
        Self::FurtherCopies,
        Self::FewerCopies,
        Self::NotModelled,
        Self::MeasuredVolume,
        Self::LateData,
        Self::ListPrice,
        Self::Discount,
        Self::Rounding,
        Self::Credit,
        Self::Refund,
        Self::Tax,
        Self::OtherCharge,
    ];

    /// Returns the stable id used in CSV and JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::UnknownAccount => "unknown_account",
            Self::UnmeasuredRegion => "unmeasured_region",
            Self::NotModelled => "not_modelled",
            Self::UnknownInEstimate => "unknown_in_estimate",
            Self::PartialMonth => "partial_month",
            Self::FreeFirstCopy => "free_first_copy",
            Self::FurtherCopies => "doubled_trail",
            Self::FewerCopies => "missing_copy",
            Self::MeasuredVolume => "measured_volume",
            Self::LateData => "late_data",
            Self::ListPrice => "list_price",
            Self::Discount => "discount",
            Self::Rounding => "rounding",
            Self::Credit => "credit",
            Self::Refund => "refund",
            Self::Tax => "tax",
            Self::OtherCharge => "other_charge",
        }
    }

    /// Returns the words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::UnknownAccount => "Account not in the scenario",
            Self::UnmeasuredRegion => "Unmeasured Region",
            Self::NotModelled => "Usage type not in the scenario",
            Self::UnknownInEstimate => "Unknown in the scenario",
            Self::PartialMonth => "Partial month",
            Self::FreeFirstCopy => "Free first copy",
            Self::FurtherCopies => "Doubled trail",
            Self::FewerCopies => "Copy that is not there",
            Self::MeasuredVolume => "Volume other than measured",
            Self::LateData => "Late data",
            Self::ListPrice => "List price",
            Self::Discount => "Discount",
            Self::Rounding => "Rounding",
            Self::Credit => "Credit",
            Self::Refund => "Refund",
            Self::Tax => "Tax",
            Self::OtherCharge => "Fees and adjustments",
        }
    }
}

/// A cause that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Which.
    pub kind: CauseKind,
    /// What it adds to the estimate (below zero: takes off).
    pub amount: Money,
    /// Keys that it explains something of.
    pub keys: usize,
    /// What shows it, each as one sentence without a full stop.
    pub evidence: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_listed_once_in_order() {
        let mut ids: Vec<&str> = CauseKind::ALL.iter().map(|kind| kind.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CauseKind::ALL.len());
        assert!(CauseKind::ALL.is_sorted());
    }
}

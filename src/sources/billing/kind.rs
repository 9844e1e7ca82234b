//! What kind of charge a row is.

use crate::domain::ChargeCategory;

/// Returns the category of a CUR row, and whether the kind is a known one.
///
/// Source: AWS Data Exports user guide, line item details, `line_item_line_item_type`.
pub(super) fn of_cur(kind: &str) -> (ChargeCategory, bool) {
    let category = match kind {
        "Usage" | "DiscountedUsage" | "SavingsPlanCoveredUsage" => ChargeCategory::Usage,
        // Takes back what the covered usage would have cost on demand.
        "SavingsPlanNegation" => ChargeCategory::Discount,
        "Credit" => ChargeCategory::Credit,
        "Refund" => ChargeCategory::Refund,
        "Tax" => ChargeCategory::Tax,
        "Fee" | "RIFee" | "SavingsPlanUpfrontFee" | "SavingsPlanRecurringFee" => ChargeCategory::Other,
        other if other.ends_with("Discount") => ChargeCategory::Discount,
        _ => return (ChargeCategory::Other, false),
    };
    (category, true)
}

/// Returns the category of a FOCUS row, and whether the kind is a known one. What corrects an earlier period is no usage of
/// this one.
///
/// Source: FOCUS specification 1.2, ChargeCategory and ChargeClass.
pub(super) fn of_focus(kind: &str, class: &str) -> (ChargeCategory, bool) {
    let category = match kind {
        "Usage" if class.eq_ignore_ascii_case("Correction") => ChargeCategory::Refund,
        "Usage" => ChargeCategory::Usage,
        "Credit" => ChargeCategory::Credit,
        "Tax" => ChargeCategory::Tax,
        "Purchase" | "Adjustment" => ChargeCategory::Other,
        other => return of_our_own(other),
    };
    (category, true)
}

/// Reads the words of [`ChargeCategory::name`].
fn of_our_own(kind: &str) -> (ChargeCategory, bool) {
    let category = match kind {
        "usage" => ChargeCategory::Usage,
        "discount" => ChargeCategory::Discount,
        "credit" => ChargeCategory::Credit,
        "refund" => ChargeCategory::Refund,
        "tax" => ChargeCategory::Tax,
        "other" => ChargeCategory::Other,
        _ => return (ChargeCategory::Other, false),
    };
    (category, true)
}

/// Tells whether the word stands for usage in CUR or FOCUS.
#[inline]
pub(super) fn is_usage(kind: &[u8]) -> bool {
    matches!(kind, b"Usage" | b"usage" | b"DiscountedUsage" | b"SavingsPlanCoveredUsage")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_usage_is_usage() {
        for (kind, expected) in [
            ("Usage", ChargeCategory::Usage),
            ("SavingsPlanCoveredUsage", ChargeCategory::Usage),
            ("SavingsPlanNegation", ChargeCategory::Discount),
            ("EdpDiscount", ChargeCategory::Discount),
            ("PrivateRateDiscount", ChargeCategory::Discount),
            ("BundledDiscount", ChargeCategory::Discount),
            ("Credit", ChargeCategory::Credit),
            ("Refund", ChargeCategory::Refund),
            ("Tax", ChargeCategory::Tax),
            ("Fee", ChargeCategory::Other),
        ] {
            assert_eq!(of_cur(kind), (expected, true), "{kind}");
        }
        assert_eq!(of_cur("Newcomer"), (ChargeCategory::Other, false));
        assert_eq!(of_focus("Usage", "Correction"), (ChargeCategory::Refund, true));
        assert_eq!(of_focus("Usage", ""), (ChargeCategory::Usage, true));
        assert_eq!(of_focus("Adjustment", ""), (ChargeCategory::Other, true));
        assert_eq!(of_focus("Newcomer", ""), (ChargeCategory::Other, false));
        for own in [
            ChargeCategory::Usage,
            ChargeCategory::Discount,
            ChargeCategory::Credit,
            ChargeCategory::Refund,
            ChargeCategory::Tax,
            ChargeCategory::Other,
        ] {
            assert_eq!(of_focus(own.name(), ""), (own, true));
        }
    }
}

//! Every key and charge, with the causes that were found.

use super::cause::{Cause, CauseKind};
use super::entry::{Entry, Key, Variance};
use super::result::Charge;
use crate::domain::{AccountId, BilledMonth, ChargeCategory, Money, Month, RegionCode};
use std::collections::BTreeMap;

/// The whole while it is worked on.
pub(super) struct Ledger {
    pub(super) entries: BTreeMap<Key, Entry>,
    pub(super) charges: Vec<Charge>,
    /// What the bill covers of each month.
    pub(super) covered: BTreeMap<Month, BilledMonth>,
    /// How coarse the bill's amounts are: half of the last digit that any of them has, at most half a cent.
    pub(super) half_digit: Money,
    /// Whether the other side is a bill; a measurement knows no prices.
    pub(super) has_bill: bool,
    pub(super) evidence: BTreeMap<CauseKind, Vec<String>>,
    pub(super) notes: Vec<String>,
}

/// The service that has copies, Insights and event data stores.
pub(super) const CLOUDTRAIL: &str = "AWSCloudTrail";

impl Ledger {
    /// Takes an amount off an entry's variance.
    pub(super) fn explain(
        &mut self,
        key: &Key,
        kind: CauseKind,
        variance: Variance,
        amount: Money,
    ) -> Option<()> {
        self.entries.get_mut(key)?.explain(kind, variance, amount)
    }

    pub(super) fn note_evidence(&mut self, kind: CauseKind, text: String) {
        self.evidence.entry(kind).or_default().push(text);
    }

    /// Returns the keys of each month, account and Region that both are known of.
    pub(super) fn places(&self) -> BTreeMap<(Month, AccountId, RegionCode), Vec<Key>> {
        let mut places: BTreeMap<_, Vec<Key>> = BTreeMap::new();
        for key in self.entries.keys() {
            if let (Some(account), Some(region)) = (&key.account, &key.region) {
                places.entry((key.month, account.clone(), region.clone())).or_default().push(key.clone());
            }
        }
        places
    }

    /// Returns the word for the other side.
    pub(super) fn target(&self) -> &'static str {
        if self.has_bill { "billed" } else { "measured" }
    }

    /// Explains the rows that are no usage by what they are.
    pub(super) fn explain_charges(&mut self) {
        for (category, kind) in [
            (ChargeCategory::Credit, CauseKind::Credit),
            (ChargeCategory::Refund, CauseKind::Refund),
            (ChargeCategory::Tax, CauseKind::Tax),
            (ChargeCategory::Other, CauseKind::OtherCharge),
        ] {
            let (mut rows, mut months) = (0, Vec::new());
            for charge in self.charges.iter().filter(|charge| charge.category == category) {
                rows += charge.rows;
                if !months.contains(&charge.month) {
                    months.push(charge.month);
                }
            }
            if rows > 0 {
                months.sort_unstable();
                let what = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
                let text = format!("{what} of the category {} in {}", category.name(), month_words(&months));
                self.note_evidence(kind, text);
            }
        }
    }

    /// Sums what was found; nothing on overflow.
    pub(super) fn causes(&self) -> Option<Vec<Cause>> {
        let mut causes: BTreeMap<CauseKind, Cause> = BTreeMap::new();
        let mut add = |kind: CauseKind, amount: Money| {
            let cause = causes.entry(kind).or_insert_with(|| Cause {
                kind,
                amount: Money::ZERO,
                keys: 0,
                evidence: Vec::new(),
            });
            cause.amount = cause.amount.checked_add(amount)?;
            cause.keys += 1;
            Some(())
        };
        for entry in self.entries.values() {
            for part in &entry.parts {
                add(part.kind, part.amount)?;
            }
        }
        for charge in &self.charges {
            if !charge.amount.is_zero() {
                add(charge.cause(), charge.amount)?;
            }
        }
        for (kind, cause) in &mut causes {
            cause.evidence = self.evidence.get(kind).cloned().unwrap_or_default();
        }
        Some(causes.into_values().collect())
    }
}

/// Names months: `2026-01`, `2026-01 and 2026-02`, `2026-01 to 2026-07`; `5 months from 2026-01 to 2026-07` where some are
/// left out.
pub(super) fn month_words(months: &[Month]) -> String {
    match months {
        [] => "no month".to_owned(),
        [one] => one.to_string(),
        [one, two] => format!("{one} and {two}"),
        [first, .., last] if is_unbroken(months) => format!("{first} to {last}"),
        [first, .., last] => format!("{} months from {first} to {last}", months.len()),
    }
}

fn is_unbroken(months: &[Month]) -> bool {
    months.windows(2).all(|pair| pair[0].plus(1) == Some(pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_in_a_row_are_a_span() {
        let words = |texts: &[&str]| {
            let months: Vec<Month> = texts.iter().map(|text| text.parse().unwrap()).collect();
            month_words(&months)
        };
        assert_eq!(words(&["2026-11"]), "2026-11");
        assert_eq!(words(&["2026-11", "2026-12"]), "2026-11 and 2026-12");
        assert_eq!(words(&["2026-11", "2026-12", "2027-01"]), "2026-11 to 2027-01");
        assert_eq!(words(&["2026-10", "2026-12", "2027-01"]), "3 months from 2026-10 to 2027-01");
    }
}

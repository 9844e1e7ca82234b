//! What the scenario does not have: accounts, Regions, usage types, and what it says is unknown.

use super::cause::CauseKind;
use super::entry::{Key, Variance};
use super::ledger::{Ledger, month_words};
use crate::domain::{AccountId, Money, Month, RegionCode};
use std::collections::{BTreeMap, BTreeSet};

/// What of the bill belongs together in one sentence of evidence.
#[derive(Default)]
struct Group {
    months: BTreeSet<Month>,
    keys: usize,
}

/// What is looked for at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// Accounts, Regions, and what the scenario says is unknown.
    Places,
    /// Usage types.
    UsageTypes,
}

/// Explains what was billed where the scenario has nothing, and what it says is unknown.
///
/// A key that the scenario has not, is explained when its account is nowhere in the scenario; else when the account has
/// nothing in the Region; else, once copies have been looked at, when no account has the usage type. A key that is missing
/// in any other way stays. What the price of such usage differs by is left to the causes of prices.
pub(super) fn explain(ledger: &mut Ledger, missing: Missing) -> Option<()> {
    let mut accounts: BTreeSet<&AccountId> = BTreeSet::new();
    let mut places: BTreeSet<(&AccountId, &RegionCode)> = BTreeSet::new();
    let mut usage_types: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (key, entry) in &ledger.entries {
        if let (Some(_), Some(account), Some(region)) = (&entry.estimated, &key.account, &key.region) {
            accounts.insert(account);
            places.insert((account, region));
            usage_types.insert((&key.service, &key.usage_type));
        }
    }
    let mut found: Vec<(Key, CauseKind, Money)> = Vec::new();
    let mut groups: BTreeMap<(CauseKind, String), Group> = BTreeMap::new();
    for (key, entry) in &ledger.entries {
        let (Some(account), Some(region)) = (&key.account, &key.region) else {
            continue;
        };
        if entry.volume.is_zero() {
            continue;
        }
        let usage_type = (key.service.as_str(), key.usage_type.as_str());
        let (kind, what) = match &entry.estimated {
            None if missing == Missing::UsageTypes => {
                if usage_types.contains(&usage_type) {
                    continue;
                }
                (CauseKind::NotModelled, format!("{} {}", key.service, key.usage_type))
            }
            None if !accounts.contains(account) => (CauseKind::UnknownAccount, account.to_string()),
            None if !places.contains(&(account, region)) => {
                (CauseKind::UnmeasuredRegion, format!("{region} of {account}"))
            }
            Some(estimated)
                if missing == Missing::Places && estimated.is_unknown() && entry.found.is_some() =>
            {
                (
                    CauseKind::UnknownInEstimate,
                    format!(
                        "the {} of {}",
                        if estimated.unpriced { "price" } else { "volume" },
                        key.usage_type
                    ),
                )
            }
            _ => continue,
        };
        found.push((key.clone(), kind, entry.volume));
        let group = groups.entry((kind, what)).or_default();
        group.months.insert(key.month);
        group.keys += 1;
    }
    let target = ledger.target();
    for ((kind, what), group) in groups {
        let months: Vec<Month> = group.months.into_iter().collect();
        let months = month_words(&months);
        let text = match kind {
            CauseKind::UnknownInEstimate => {
                format!("{what} is unknown in the scenario, and {target} in {months}")
            }
            CauseKind::UnmeasuredRegion => {
                format!("{what} is {target} in {months}; the scenario has nothing of the account there")
            }
            _ => format!("{what} is {target} in {months} and nowhere in the scenario"),
        };
        ledger.note_evidence(kind, text);
    }
    for (key, kind, amount) in found {
        ledger.explain(&key, kind, Variance::Volume, amount)?;
    }
    Some(())
}

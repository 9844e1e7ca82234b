//! What documents in JSON have in common: amounts, names and places as harmless texts.

use super::clean::visible;
use crate::domain::{AccountId, Money, RegionCode};

/// Writes an amount exactly; nothing stays nothing.
pub(super) fn money(amount: Option<Money>) -> Option<String> {
    amount.map(|own| own.to_string())
}

/// Makes texts harmless.
pub(super) fn texts(own: &[String]) -> Vec<String> {
    own.iter().map(|text| visible(text)).collect()
}

/// Writes an account.
pub(super) fn account(own: Option<&AccountId>) -> Option<String> {
    own.map(ToString::to_string)
}

/// Writes a Region, which may come from a file.
pub(super) fn region(own: Option<&RegionCode>) -> Option<String> {
    own.map(|region| visible(region.as_str()))
}

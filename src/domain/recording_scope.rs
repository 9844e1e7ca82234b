//! The accounts and Regions that a trail, event data store or delivery covers.

use super::account::AccountId;
use super::region::RegionCode;

/// The accounts and Regions that a recorder covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordingScope<'a> {
    /// The one account, or every account.
    pub account: Option<&'a AccountId>,
    /// The one Region, or every Region.
    pub region: Option<&'a RegionCode>,
}

impl RecordingScope<'_> {
    /// Tells whether an account's events in a Region are covered.
    pub fn covers(&self, account: &AccountId, region: &RegionCode) -> bool {
        self.account.is_none_or(|own| own == account) && self.region.is_none_or(|own| own == region)
    }
}

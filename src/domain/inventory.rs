//! What is configured: accounts, trails, event data stores, channels, buckets.

use super::account::{Account, AccountId};
use super::event_data_store::{DirectDelivery, EventDataStore};
use super::region::RegionCode;
use super::storage::Bucket;
use super::trail::Trail;

/// Everything that is configured and costs, or could.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inventory {
    /// The accounts, each id once.
    pub accounts: Vec<Account>,
    /// The trails, shadow trails left out.
    pub trails: Vec<Trail>,
    /// The event data stores.
    pub event_data_stores: Vec<EventDataStore>,
    /// The channels to CloudWatch Logs.
    pub direct_deliveries: Vec<DirectDelivery>,
    /// The buckets that hold logs.
    pub buckets: Vec<Bucket>,
}

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

//! What is configured: accounts, trails, event data stores, channels, buckets.

use super::account::Account;
use super::event_data_store::{DirectDelivery, EventDataStore};
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

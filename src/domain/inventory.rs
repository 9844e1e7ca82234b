//! What is configured: accounts, trails, event data stores, channels, and everything that the logs then touch.

use super::account::Account;
use super::alerting::{Alarm, EventBus, EventRule, LogGroup, Topic};
use super::bucket::{ArchiveTiers, Bucket, LifecycleAction, Reader};
use super::event_data_store::{DirectDelivery, EventDataStore};
use super::kms_key::KmsKey;
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
    /// The buckets that hold logs; one that a trail names is always among them.
    pub buckets: Vec<Bucket>,
    /// The KMS keys that are known by themselves.
    pub kms_keys: Vec<KmsKey>,
    /// Who reads logs.
    pub readers: Vec<Reader>,
    /// The log groups; one that a trail names is always among them.
    pub log_groups: Vec<LogGroup>,
    /// The alarms.
    pub alarms: Vec<Alarm>,
    /// The topics; one that something names is always among them.
    pub topics: Vec<Topic>,
    /// The buses with custom events.
    pub event_buses: Vec<EventBus>,
    /// The EventBridge rules.
    pub event_rules: Vec<EventRule>,
}

impl Inventory {
    /// Tells whether anything stands here that logs, or messages about them, are charged for by other services.
    pub fn has_chain(&self) -> bool {
        !(self.buckets.is_empty()
            && self.kms_keys.is_empty()
            && self.readers.is_empty()
            && self.log_groups.is_empty()
            && self.alarms.is_empty()
            && self.topics.is_empty()
            && self.event_buses.is_empty()
            && self.event_rules.is_empty())
    }

    /// Tells whether objects of a bucket may have to be restored before they are read.
    pub fn archives(&self, bucket: &Bucket) -> bool {
        let moved = bucket
            .lifecycle
            .iter()
            .any(|step| matches!(step.action, LifecycleAction::Transition(to) if to.is_archive()));
        let mut copies = self.buckets.iter().flat_map(|own| &own.replicas);
        moved
            || bucket.archive_tiers != ArchiveTiers::default()
            || bucket.holds.iter().any(|own| own.class.is_archive())
            || copies.any(|own| own.bucket == bucket.name && own.class.is_archive())
    }
}

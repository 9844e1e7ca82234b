//! CloudTrail Lake's event data stores, and delivery to CloudWatch Logs without a trail.

use super::account::AccountId;
use super::recording_scope::RecordingScope;
use super::region::RegionCode;
use super::trail::{AdvancedEventSelector, InsightsSelector};
use super::volume::Amount;

/// The pricing option of an event data store.
///
/// Source: CloudTrail user guide, Managing CloudTrail Lake costs. A store can change from seven-year to one-year, not back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BillingMode {
    /// `EXTENDABLE_RETENTION_PRICING`: 366 days of storage are included, up to 3,653 can be had.
    OneYearExtendable,
    /// `FIXED_RETENTION_PRICING`: up to 2,557 days of storage are included.
    SevenYear,
}

impl BillingMode {
    /// Returns the days of storage that ingestion includes.
    pub fn included_days(self) -> u16 {
        match self {
            Self::OneYearExtendable => 366,
            Self::SevenYear => 2_557,
        }
    }

    /// Returns the longest retention in days.
    pub fn maximum_days(self) -> u16 {
        match self {
            Self::OneYearExtendable => 3_653,
            Self::SevenYear => 2_557,
        }
    }
}

/// An event data store of CloudTrail Lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDataStore {
    /// The store's name.
    pub name: String,
    /// The account that owns the store and is charged for it.
    pub account: AccountId,
    /// Whether it collects the events of every account of the organization.
    pub organization: bool,
    /// The Region it stands in, and is charged in.
    pub home_region: RegionCode,
    /// Whether it collects the events of every Region.
    pub multi_region: bool,
    /// Whether it is ingesting.
    pub ingesting: bool,
    /// The pricing option.
    pub billing_mode: BillingMode,
    /// Days that data is kept.
    pub retention_days: u16,
    /// Which events it collects: those that any of these selects.
    pub selectors: Vec<AdvancedEventSelector>,
    /// The Insights types that are on.
    pub insights: Vec<InsightsSelector>,
    /// Bytes a month from sources other than CloudTrail's live events: configuration items, imported logs, Insights events …
    pub other_sources_bytes: Option<Amount>,
    /// Bytes a month that queries scan, compressed.
    pub scanned_bytes: Option<Amount>,
}

impl EventDataStore {
    /// Returns the accounts and Regions it collects from.
    pub fn recording_scope(&self) -> RecordingScope<'_> {
        RecordingScope {
            account: (!self.organization).then_some(&self.account),
            region: (!self.multi_region).then_some(&self.home_region),
        }
    }
}

/// A service-linked channel that delivers events to CloudWatch Logs without a trail (since December 2025).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectDelivery {
    /// The name it is reported under.
    pub name: String,
    /// The account whose events it delivers; `None` means every account.
    pub account: Option<AccountId>,
    /// The Region it delivers from; `None` means every Region.
    pub region: Option<RegionCode>,
    /// Which events it delivers: those that any of these selects.
    pub selectors: Vec<AdvancedEventSelector>,
}

impl DirectDelivery {
    /// Returns the accounts and Regions it delivers from.
    pub fn recording_scope(&self) -> RecordingScope<'_> {
        RecordingScope { account: self.account.as_ref(), region: self.region.as_ref() }
    }
}

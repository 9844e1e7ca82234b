//! What one event more costs.

use crate::domain::{Currency, LogCategory, LogRow, Money, Quantity, RegionCode, RegionTable, UnitPrice};
use crate::pricing::RateCard;

const SERVICE: &str = "AWSCloudTrail";

/// Deliveries that are paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaidKind {
    /// Copies of management events beyond the first.
    ManagementCopies,
    /// Data events, each delivery.
    Data,
    /// Network activity events, each delivery.
    NetworkActivity,
    /// Management events analysed by Insights, for each type.
    Insights,
}

impl PaidKind {
    /// What deliveries of log files are paid as; events analysed leave no trace in them.
    pub const DELIVERED: [Self; 3] = [Self::ManagementCopies, Self::Data, Self::NetworkActivity];

    /// Returns the usage type on the bill.
    pub fn usage_type(self) -> &'static str {
        match self {
            Self::ManagementCopies => "PaidEventsRecorded",
            Self::Data => "DataEventsRecorded",
            Self::NetworkActivity => "NetworkEventsRecorded",
            Self::Insights => "InsightsEvents",
        }
    }

    /// Returns the word used in JSON and CSV.
    pub fn name(self) -> &'static str {
        match self {
            Self::ManagementCopies => "management_copies",
            Self::Data => "data",
            Self::NetworkActivity => "network_activity",
            Self::Insights => "insights",
        }
    }

    /// Returns the words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::ManagementCopies => "further copies of management events",
            Self::Data => "data events",
            Self::NetworkActivity => "network activity events",
            Self::Insights => "management events analysed by Insights",
        }
    }

    /// Returns the paid deliveries of this kind in a row: of management events the copies that were found, of others all.
    pub fn paid(self, row: &LogRow) -> u64 {
        match (self, row.category) {
            (Self::ManagementCopies, LogCategory::Management) => row.sum.copies,
            (Self::Data, LogCategory::Data) | (Self::NetworkActivity, LogCategory::NetworkActivity) => {
                row.sum.events
            }
            _ => 0,
        }
    }
}

/// The rate card, asked for one event at a time.
#[derive(Debug, Clone, Copy)]
pub struct EventRates<'a> {
    card: &'a RateCard,
    regions: &'a RegionTable,
}

impl<'a> EventRates<'a> {
    /// Takes the rate card and the Regions that it knows.
    pub fn new(card: &'a RateCard, regions: &'a RegionTable) -> Self {
        Self { card, regions }
    }

    /// Returns the list price of one event; nothing where no table has it, or where it depends on the volume.
    pub fn price(&self, kind: PaidKind, region: &str) -> Option<UnitPrice> {
        let code: &RegionCode = &self.regions.get(region)?.code;
        let rate = self.card.rate(SERVICE, kind.usage_type(), code).ok()?;
        let [tier] = rate.tiers.as_slice() else { return None };
        tier.price.filter(|_| rate.currency == Currency::usd())
    }

    /// Returns what so many events cost; nothing costs nothing, whatever the price.
    pub fn cost(&self, kind: PaidKind, region: &str, events: Quantity) -> Option<Money> {
        if events.is_zero() {
            return Some(Money::ZERO);
        }
        self.price(kind, region)?.times(events)
    }
}

/// Adds costs of which each may be unknown.
pub(super) fn sum(costs: impl IntoIterator<Item = Option<Money>>) -> Option<Money> {
    costs.into_iter().try_fold(Money::ZERO, |all, own| all.checked_add(own?))
}

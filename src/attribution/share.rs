//! What single resources, and the logs themselves, cost in a month.

use super::event_rates::{EventRates, PaidKind};
use crate::domain::{DaysSeen, LogCategory, LogCounts, LogResource, LogSelf, Money, Quantity};

/// Returns what events counted in the whole window make of a month.
fn month(events: u64, days: &DaysSeen) -> Option<Quantity> {
    let hours = u128::from(days.month_days()) * 24;
    Quantity::from_fraction(u128::from(events) * hours, u128::from(days.hours())).ok()
}

/// Returns what the deliveries of data events on a resource cost in a month at list prices: the mean of the hours seen ×
/// those of the month. Nothing where the price is missing.
pub fn resource_cost(own: &LogResource, days: &DaysSeen, rates: &EventRates<'_>) -> Option<Money> {
    rates.cost(PaidKind::Data, &own.region, month(own.events(), days)?)
}

/// What the logs themselves cause, in a month at list prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelfLoggingCost {
    /// Data events; nothing where a price is missing.
    pub data: Option<Money>,
    /// What each further copy of the management events costs; the first is free.
    pub each_management_copy: Option<Money>,
}

/// Returns what events that the logs themselves caused cost; nothing where no event says its day.
pub fn self_logging_cost(
    counts: &LogCounts,
    test: impl Fn(&LogSelf) -> bool,
    rates: &EventRates<'_>,
) -> Option<SelfLoggingCost> {
    let days = DaysSeen::new(counts)?;
    let cost = |category, kind| {
        let rows = counts.self_logging.iter().filter(|own| own.category == category && test(own));
        rows.map(|own| rates.cost(kind, &own.region, month(own.events, &days)?))
            .try_fold(Money::ZERO, |all, own| all.checked_add(own?))
    };
    Some(SelfLoggingCost {
        data: cost(LogCategory::Data, PaidKind::Data),
        each_management_copy: cost(LogCategory::Management, PaidKind::ManagementCopies),
    })
}

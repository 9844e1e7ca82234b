//! What the days in logs cost: deliveries that are paid for, at list prices.

use super::event_rates::{EventRates, PaidKind};
use crate::domain::{Component, Date, DaysSeen, LogCounts, LogRow, Money, Quantity};
use std::collections::BTreeMap;

/// What was delivered of an account's events on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidDay {
    /// The account.
    pub account: String,
    /// The component.
    pub component: Component,
    /// The day, seen from its first hour to its last.
    pub day: Date,
    /// At list prices.
    pub cost: Money,
}

/// Prices the paid deliveries of every whole day; with them come the whole days, also those without any.
///
/// What has no price, or one that depends on the volume, is left out. Nothing past what can be held.
pub fn paid_days(counts: &LogCounts, rates: &EventRates<'_>) -> Option<(Vec<Date>, Vec<PaidDay>)> {
    let Some(seen) = DaysSeen::new(counts) else { return Some((Vec::new(), Vec::new())) };
    let mut events: BTreeMap<(&str, Component, Date, PaidKind, &str), u64> = BTreeMap::new();
    for row in &counts.rows {
        let Some(day) = row.day.filter(|own| seen.whole.contains(own)) else { continue };
        for kind in PaidKind::DELIVERED {
            let paid = kind.paid(row);
            if paid > 0 {
                let key = (&*row.account, component(kind, row), day, kind, &*row.region);
                *events.entry(key).or_default() += paid;
            }
        }
    }
    let mut costs: BTreeMap<(&str, Component, Date), Money> = BTreeMap::new();
    for ((account, component, day, kind, region), events) in events {
        let Some(cost) = rates.cost(kind, region, Quantity::from_count(events)) else { continue };
        let own = costs.entry((account, component, day)).or_default();
        *own = own.checked_add(cost)?;
    }
    let paid = costs.into_iter().map(|((account, component, day), cost)| PaidDay {
        account: account.to_owned(),
        component,
        day,
        cost,
    });
    Some((seen.whole.iter().copied().collect(), paid.collect()))
}

/// Returns the component of a kind of delivery; of data events the service called tells it.
fn component(kind: PaidKind, row: &LogRow) -> Component {
    match (kind, &*row.event_source) {
        (PaidKind::ManagementCopies, _) => Component::ManagementCopies,
        (PaidKind::NetworkActivity, _) => Component::NetworkActivity,
        (PaidKind::Insights, _) => Component::InsightsManagement,
        (PaidKind::Data, "s3.amazonaws.com") => Component::DataEventsS3,
        (PaidKind::Data, "lambda.amazonaws.com") => Component::DataEventsLambda,
        (PaidKind::Data, _) => Component::DataEventsOther,
    }
}

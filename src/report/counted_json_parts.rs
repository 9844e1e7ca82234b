//! Parts of the counts' JSON that are worked out from them.

use super::counted_view::CountedView;
use crate::attribution::Weighed;
use crate::domain::{Date, LogCounts, Money};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// The days seen, in UTC.
#[derive(Serialize, JsonSchema)]
pub(super) struct WindowJson {
    first_day: Option<String>,
    last_day: Option<String>,
    /// From the first to the last, both included.
    days: u64,
    days_with_events: u64,
    /// Days between them without events.
    missing_days: Vec<String>,
    hours: u64,
    hours_with_events: u64,
    /// Days with events more than a month from all others: they are not part of the window, and no month is made of them.
    far_days: Vec<FarDayJson>,
    events_without_day: u64,
    /// The first day whose events were counted, where not all were asked for.
    since: Option<String>,
    /// The last one.
    until: Option<String>,
    /// Events of other days in the files read, which were not counted.
    events_of_other_days: u64,
}

/// A day that is far from the others.
#[derive(Serialize, JsonSchema)]
pub(super) struct FarDayJson {
    day: String,
    events: u64,
}

/// A change of what is recorded, and what it added to a month.
#[derive(Serialize, JsonSchema)]
pub(super) struct CauseJson<'a> {
    time: &'a str,
    account: &'a str,
    region: &'a str,
    event_name: &'a str,
    /// The trail or event data store.
    subject: &'a str,
    who: &'a str,
    /// What the call asked for, in words.
    what: &'a str,
    /// Whether the call failed, so that nothing changed.
    failed: bool,
    /// Whose events it is weighed by: those of the `account`; of the `account_alone`, although an organization's trail delivers them
    /// too and the logs do not say which trail was changed; of the `organization`'s folder.
    weighed_by: &'static str,
    /// How many accounts these are.
    weighed_accounts: usize,
    /// Other changes of the same day, whose effect cannot be told apart.
    together_with: usize,
    /// Whole days seen before and after, seven at most each.
    days_before: u32,
    days_after: u32,
    kinds: Vec<CauseKindJson>,
    /// At list prices; below zero is a saving, null is not known.
    monthly_cost_added: Option<String>,
}

/// Paid deliveries of one kind before and after a change.
#[derive(Serialize, JsonSchema)]
struct CauseKindJson {
    /// `management_copies`, data, `network_activity` or insights (management events analysed).
    kind: &'static str,
    /// A month as before.
    month_before: String,
    month_after: String,
    monthly_cost_added: Option<String>,
}

/// Hours in a row without an event anywhere, in UTC.
#[derive(Serialize, JsonSchema)]
pub(super) struct QuietHoursJson {
    day: String,
    first_hour: u8,
    hours: u64,
}

/// Days with log files of an account and Region.
#[derive(Serialize, JsonSchema)]
pub(super) struct RegionJson<'a> {
    folder: &'a str,
    account: String,
    region: String,
    first_day: String,
    last_day: String,
    days_with_files: u64,
    /// Days in between without.
    days_without_files: Vec<String>,
}

/// What the logs themselves cause, in a month at list prices.
#[derive(Serialize, JsonSchema)]
pub(super) struct SelfCostJson {
    /// Of their data events; null is not known.
    data_events: Option<String>,
    /// Of each copy of their management events beyond the first.
    each_management_copy: Option<String>,
}

pub(super) fn money(own: Option<Money>) -> Option<String> {
    own.map(|own| own.to_string())
}

/// Deliveries that are paid for, at list prices.
#[derive(Serialize, JsonSchema)]
pub(super) struct PaidDaysJson<'a> {
    /// Days seen from their first hour to their last; what is not under `costs` cost nothing, or has no known price.
    whole_days: Vec<String>,
    costs: Vec<PaidDayJson<'a>>,
}

/// What was delivered of an account's events on a day.
#[derive(Serialize, JsonSchema)]
struct PaidDayJson<'a> {
    account: &'a str,
    /// The component's id.
    component: &'static str,
    day: String,
    cost: String,
}

pub(super) fn paid_days(view: &CountedView) -> PaidDaysJson<'_> {
    let (whole, paid) = &view.paid_days;
    let day = |own: &crate::attribution::PaidDay| (own.day.to_string(), own.cost.to_string());
    PaidDaysJson {
        whole_days: whole.iter().map(ToString::to_string).collect(),
        costs: paid
            .iter()
            .map(|own| {
                let (day, cost) = day(own);
                PaidDayJson { account: &own.account, component: own.component.id(), day, cost }
            })
            .collect(),
    }
}

pub(super) fn causes(view: &CountedView) -> Vec<CauseJson<'_>> {
    view.causes
        .iter()
        .map(|own| CauseJson {
            time: &own.change.time,
            account: &own.change.account,
            region: &own.change.region,
            event_name: &own.change.event_name,
            subject: &own.change.subject,
            who: &own.change.who,
            what: &own.change.what,
            failed: own.change.failed,
            weighed_by: match own.weighed {
                Weighed::Account => "account",
                Weighed::PerhapsAccount => "account_alone",
                Weighed::Organization { .. } => "organization",
            },
            weighed_accounts: match own.weighed {
                Weighed::Organization { accounts } => accounts,
                _ => 1,
            },
            together_with: own.together,
            days_before: own.days_before,
            days_after: own.days_after,
            kinds: own
                .kinds
                .iter()
                .map(|own| CauseKindJson {
                    kind: own.kind.name(),
                    month_before: own.before.to_string(),
                    month_after: own.after.to_string(),
                    monthly_cost_added: money(own.added),
                })
                .collect(),
            monthly_cost_added: money(own.added),
        })
        .collect()
}

pub(super) fn quiet_hours(counts: &LogCounts) -> Vec<QuietHoursJson> {
    counts
        .quiet_hours()
        .into_iter()
        .map(|own| QuietHoursJson { day: own.day.to_string(), first_hour: own.hour, hours: own.hours })
        .collect()
}

pub(super) fn regions(counts: &LogCounts) -> Vec<RegionJson<'_>> {
    counts
        .regions_seen()
        .into_iter()
        .map(|own| RegionJson {
            folder: counts.folders.get(own.folder as usize).map_or("", |own| own.path.as_str()),
            account: own.account,
            region: own.region,
            first_day: own.between.0.to_string(),
            last_day: own.between.1.to_string(),
            days_with_files: own.days,
            days_without_files: own.gaps.iter().map(ToString::to_string).collect(),
        })
        .collect()
}

pub(super) fn self_cost(view: &CountedView) -> Option<SelfCostJson> {
    view.self_cost.map(|own| SelfCostJson {
        data_events: money(own.data),
        each_management_copy: money(own.each_management_copy),
    })
}

pub(super) fn window(counts: &LogCounts) -> WindowJson {
    let window = counts.window();
    let within = |day: &Date| window.is_some_and(|own| (own.0..=own.1).contains(day));
    let days: BTreeSet<Date> = counts.rows.iter().filter_map(|row| row.day).filter(within).collect();
    let mut all = 0;
    let mut missing_days = Vec::new();
    let mut day = days.first().copied();
    while let Some(own) = day.filter(|own| days.last().is_some_and(|last| own <= last)) {
        all += 1;
        if !days.contains(&own) {
            missing_days.push(own.to_string());
        }
        day = own.next();
    }
    let far_days = counts.far_days();
    WindowJson {
        first_day: days.first().map(ToString::to_string),
        last_day: days.last().map(ToString::to_string),
        days: all,
        days_with_events: days.len() as u64,
        missing_days,
        hours: all * 24,
        hours_with_events: counts.hours.iter().filter(|own| within(&own.day)).count() as u64,
        far_days: far_days
            .into_iter()
            .map(|(day, events)| FarDayJson { day: day.to_string(), events })
            .collect(),
        events_without_day: counts.sum(|row| row.day.is_none()).events,
        since: counts.days.and_then(|own| own.0).map(|own| own.to_string()),
        until: counts.days.and_then(|own| own.1).map(|own| own.to_string()),
        events_of_other_days: counts.other_days,
    }
}

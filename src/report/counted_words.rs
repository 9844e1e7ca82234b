//! Changes of what is recorded, and what was not seen, in words.

use super::clean::visible;
use super::counted_view::{count, dollars, named};
use super::number::{grouped, plural};
use crate::attribution::{Cause, CauseKind, PaidKind, Weighed};
use crate::domain::{LogCounts, Quantity, list_names};

/// Says when what was changed by whom, and what that added to a month.
pub(super) fn cause(own: &Cause) -> String {
    let change = &own.change;
    let failed = if change.failed { " (failed)" } else { "" };
    let what = if change.what.is_empty() { String::new() } else { format!(": {}", change.what) };
    let subject = if change.subject.is_empty() { String::new() } else { format!(" {}", change.subject) };
    let head = visible(&format!(
        "{} {}{subject}{failed} by {} ({}, {}){what}",
        change.time, change.event_name, change.who, change.account, change.region
    ));
    let effect = effect(own);
    if effect.is_empty() { head } else { format!("{head}. {effect}") }
}

/// Says what a change added to a month; nothing where it failed.
pub(super) fn effect(own: &Cause) -> String {
    if own.change.failed {
        return String::new();
    }
    if own.change.insights.is_some() {
        return insights(own);
    }
    if own.days_before == 0 || own.days_after == 0 {
        let side = if own.days_before == 0 { "before" } else { "after" };
        return format!("What it added is not known: no whole day was seen between it and what came {side}");
    }
    let together = match own.together {
        0 => "This change".to_owned(),
        1 => "This change and another of the same day".to_owned(),
        others => format!("This change and {others} others of the same day"),
    };
    // What stayed as it was is told only where nothing changed.
    let is_moved = |kind: &&CauseKind| kind.before != kind.after;
    let mut parts: Vec<String> = own.kinds.iter().filter(is_moved).map(part).collect();
    if parts.is_empty() {
        parts = own.kinds.iter().map(part).collect();
    }
    let whose = match own.weighed {
        Weighed::Account => String::new(),
        Weighed::PerhapsAccount => format!(
            "; the events of account {} alone: if it is the organization's trail, what it added elsewhere is not known",
            visible(&own.change.account)
        ),
        Weighed::Organization { accounts } => {
            format!(
                "; the events of {} in the organization's folder",
                plural(accounts, "account", "accounts")
            )
        }
    };
    let days = format!(
        "{} before, {} after{whose}",
        plural(own.days_before as usize, "day", "days"),
        plural(own.days_after as usize, "day", "days")
    );
    match own.added {
        _ if own.kinds.is_empty() => {
            format!("{together} added nothing that is paid for by the event ({days})")
        }
        None => format!(
            "{together} added an amount that is not known, for want of a price: {} ({days})",
            parts.join("; ")
        ),
        Some(added) => {
            let verb = if added.is_negative() { "took off" } else { "added" };
            let amount = dollars(added.abs());
            format!("{together} {verb} {amount} a month: {} ({days})", parts.join("; "))
        }
    }
}

fn insights(own: &Cause) -> String {
    let types = own.change.insights.as_deref().unwrap_or_default();
    let Some(kind) = own.kinds.first().filter(|_| !types.is_empty()) else { return String::new() };
    match own.added {
        Some(cost) => format!(
            "What it asks for analyses {} events a month: {}; which types were on before is not known",
            events(kind.after),
            dollars(cost)
        ),
        None => "What it costs is not known: no whole day was seen near it, or a price is missing".to_owned(),
    }
}

fn part(own: &CauseKind) -> String {
    format!("{} {} → {} a month", label(own.kind), events(own.before), events(own.after))
}

fn label(kind: PaidKind) -> &'static str {
    if kind == PaidKind::ManagementCopies { "further copies" } else { kind.label() }
}

/// Writes a whole number with separators.
pub(super) fn whole(own: rust_decimal::Decimal) -> String {
    grouped(own)
}

pub(super) fn events(own: Quantity) -> String {
    grouped(own.rounded(0))
}

/// Says of which hours and Regions nothing was seen within the window; days are told among the gaps.
pub(super) fn quiet(counts: &LogCounts) -> Vec<String> {
    let mut lines = Vec::new();
    let quiet = counts.quiet_hours();
    let hours: u64 = quiet.iter().map(|own| own.hours).sum();
    if hours > 0 {
        let runs: Vec<String> = quiet
            .iter()
            .map(|own| match own.hours {
                1 => format!("{} {:02}h", own.day, own.hour),
                more => format!("{} {:02}h for {} hours", own.day, own.hour, count(more)),
            })
            .collect();
        lines.push(format!(
            "{} of the window have no event: {}; the logs do not say whether files are missing or nothing happened",
            if hours == 1 { "1 hour".to_owned() } else { format!("{} hours", count(hours)) },
            list_names(&runs)
        ));
    }
    let regions = counts.regions_seen();
    let gaps: Vec<String> = regions
        .iter()
        .filter(|own| !own.gaps.is_empty())
        .map(|own| {
            let days = plural(own.gaps.len(), "day", "days");
            format!("{} {} ({days}, the first {})", named(&own.account), named(&own.region), own.gaps[0])
        })
        .collect();
    if !gaps.is_empty() {
        lines.push(format!(
            "{} without files on days between their first and their last: {}",
            plural(gaps.len(), "account and Region", "accounts and Regions"),
            list_names(&gaps)
        ));
    }
    let Some((first, last)) = counts.window() else { return lines };
    let late: Vec<String> = regions
        .iter()
        .filter(|own| own.between.0.days_since(first) > 1 || last.days_since(own.between.1) > 1)
        .map(|own| {
            let (from, to) = own.between;
            let days = if from == to { from.to_string() } else { format!("{from} to {to}") };
            format!("{} {} ({days})", named(&own.account), named(&own.region))
        })
        .collect();
    if !late.is_empty() {
        lines.push(format!(
            "{} with files in only a part of the window: {}",
            plural(late.len(), "account and Region", "accounts and Regions"),
            list_names(&late)
        ));
    }
    lines
}

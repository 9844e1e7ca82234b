//! What selectors tried on counted events keep and drop, and what that costs.

use super::event_rates::{EventRates, PaidKind, sum};
use crate::domain::{
    AdvancedEventSelector, ByDay, DaysSeen, LogCategory, LogCounts, LogRow, Money, Quantity,
};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Events of some kind, each counted once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Events seen.
    pub events: u64,
    /// Management events among them.
    pub management: u64,
    /// Data events among them.
    pub data: u64,
    /// Network activity events among them.
    pub network_activity: u64,
    /// What they make of a month; nothing where no event says its day.
    pub month: Option<Quantity>,
    /// What one delivery of each data and network activity event costs in a month at list prices; nothing where a price is missing.
    pub cost: Option<Money>,
    /// What one delivery of each management event costs in a month as a further copy; as a first copy it is free.
    pub management_copy_cost: Option<Money>,
}

/// What one selector selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorOutcome {
    /// The selector.
    pub selector: AdvancedEventSelector,
    /// All that it selects.
    pub selected: Outcome,
    /// What none of the others selects.
    pub alone: Outcome,
}

/// A call that would not be recorded any more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NeverAgain {
    /// The category.
    pub category: LogCategory,
    /// The service called.
    pub event_source: Arc<str>,
    /// The call's name.
    pub event_name: Arc<str>,
    /// Events of it that were seen.
    pub events: u64,
}

/// What selectors keep and drop of the events that they have a say in: management, data and network activity events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// By selector.
    pub selectors: Vec<SelectorOutcome>,
    /// What they keep.
    pub kept: Outcome,
    /// What they drop.
    pub dropped: Outcome,
    /// Calls of which they keep no event, those with the most events first.
    pub never_again: Vec<NeverAgain>,
}

/// Tells whether selectors have a say in a row.
pub(super) fn is_selectable(row: &LogRow) -> bool {
    matches!(row.category, LogCategory::Management | LogCategory::Data | LogCategory::NetworkActivity)
}

/// Sums events, each counted once.
pub(super) fn outcome(
    counts: &LogCounts,
    days: Option<&DaysSeen>,
    rates: &EventRates<'_>,
    test: impl Fn(&LogRow) -> bool,
) -> Outcome {
    let mut sums = [0_u64; 3];
    let mut by_kind: BTreeMap<(PaidKind, &str), ByDay> = BTreeMap::new();
    for row in counts.rows.iter().filter(|row| is_selectable(row) && test(row)) {
        let (at, kind) = match row.category {
            LogCategory::Management => (0, PaidKind::ManagementCopies),
            LogCategory::Data => (1, PaidKind::Data),
            _ => (2, PaidKind::NetworkActivity),
        };
        sums[at] += row.sum.distinct();
        *by_kind.entry((kind, &*row.region)).or_default().entry(row.day).or_default() += row.sum.distinct();
    }
    let month = |own: &ByDay| Some(days?.month_quantity(own));
    let cost = |is_copy: bool| {
        let own = by_kind.iter().filter(|((kind, _), _)| (*kind == PaidKind::ManagementCopies) == is_copy);
        sum(own.map(|((kind, region), sums)| rates.cost(*kind, region, month(sums)?)))
    };
    let [management, data, network_activity] = sums;
    Outcome {
        events: management + data + network_activity,
        management,
        data,
        network_activity,
        month: by_kind.values().try_fold(Quantity::ZERO, |all, own| all.plus(month(own)?).ok()),
        cost: cost(false),
        management_copy_cost: cost(true),
    }
}

/// Tells what selectors keep of the events of `scope` that were counted with them; they are those at `positions` among all that
/// were tried.
pub fn replayed(
    counts: &LogCounts,
    selectors: &[AdvancedEventSelector],
    positions: &Range<u16>,
    scope: impl Fn(&LogRow) -> bool,
    rates: &EventRates<'_>,
) -> Replayed {
    let days = DaysSeen::new(counts);
    let own =
        |test: &dyn Fn(&LogRow) -> bool| outcome(counts, days.as_ref(), rates, |row| scope(row) && test(row));
    let hits = |row: &LogRow| row.selected_by.iter().filter(|at| positions.contains(at)).count();
    let by_selector = positions.clone().zip(selectors).map(|(at, selector)| SelectorOutcome {
        selector: selector.clone(),
        selected: own(&|row| row.selected_by.contains(&at)),
        alone: own(&|row| row.selected_by.contains(&at) && hits(row) == 1),
    });
    let selectors = by_selector.collect();
    Replayed { selectors, ..kept_by(counts, &scope, |row| hits(row) > 0, rates) }
}

/// Category, service and name of a call.
type Call<'a> = (LogCategory, &'a Arc<str>, &'a Arc<str>);

/// Tells what is kept of the events of `scope`, and what is not.
pub fn kept_by(
    counts: &LogCounts,
    scope: impl Fn(&LogRow) -> bool,
    is_kept: impl Fn(&LogRow) -> bool,
    rates: &EventRates<'_>,
) -> Replayed {
    let days = DaysSeen::new(counts);
    let mut names: BTreeMap<Call<'_>, (u64, bool)> = BTreeMap::new();
    for row in counts.rows.iter().filter(|row| is_selectable(row) && scope(row)) {
        let name = names.entry((row.category, &row.event_source, &row.event_name)).or_default();
        name.0 += row.sum.distinct();
        name.1 |= is_kept(row);
    }
    let lost = names.into_iter().filter(|(_, (_, is_kept))| !is_kept);
    let mut never_again: Vec<NeverAgain> = lost
        .map(|((category, source, name), (events, _))| NeverAgain {
            category,
            event_source: Arc::clone(source),
            event_name: Arc::clone(name),
            events,
        })
        .collect();
    never_again.sort_by(|one, two| two.events.cmp(&one.events).then_with(|| one.cmp(two)));
    let own =
        |wanted: bool| outcome(counts, days.as_ref(), rates, |row| scope(row) && is_kept(row) == wanted);
    Replayed { selectors: Vec::new(), kept: own(true), dropped: own(false), never_again }
}

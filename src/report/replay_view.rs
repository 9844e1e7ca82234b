//! What selectors keep that were tried on counted events, as people ask for it.

use super::clean::{csv_field, visible};
use super::counted_view::{SHOWN, count, dollars, named, share};
use super::counted_words::events;
use super::measurement_view::selector_text;
use crate::attribution::{NeverAgain, Outcome, Proposal, Replayed};
use crate::domain::{AdvancedEventSelector, Money};
use schemars::JsonSchema;
use serde::Serialize;

/// What every format shows of selectors that were tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayView {
    /// The section's title.
    pub title: String,
    /// Where the selectors come from: a file's name, or a trail's.
    pub name: String,
    /// What they keep and drop.
    pub replayed: Replayed,
    /// Where the demands come from, if there are any.
    pub demands: Option<String>,
    /// What is proposed in their place.
    pub proposal: Option<Proposal>,
    /// Whether what they drop may be recorded by another trail.
    pub is_one_of_many: bool,
}

impl ReplayView {
    /// Returns the section's title, harmless.
    pub(super) fn title(&self) -> String {
        visible(&self.title)
    }

    /// Says what is kept and dropped, by selector, and which calls would not be recorded any more.
    pub(super) fn lines(&self) -> Vec<String> {
        let own = &self.replayed;
        let all = own.kept.events + own.dropped.events;
        let mut lines = vec![
            format!("kept: {}", outcome(&own.kept, all)),
            format!("dropped: {}", outcome(&own.dropped, all)),
        ];
        for one in &own.selectors {
            let alone = match one.alone.events {
                own if own == one.selected.events => String::new(),
                0 if one.selected.events > 0 => "; others select all of them too".to_owned(),
                own => format!("; {} of them no other selects", count(own)),
            };
            lines.push(format!("{}: {}{alone}", label(&one.selector), outcome(&one.selected, all)));
        }
        lines.extend(never_again(&own.never_again, self.is_one_of_many));
        if let Some(proposal) = &self.proposal {
            lines.extend(self.proposed(proposal));
        }
        lines
    }

    fn proposed(&self, own: &Proposal) -> Vec<String> {
        let tried = self.replayed.selectors.len();
        let aim = match &self.demands {
            Some(name) => format!("what {} demands of it", visible(name)),
            None => "all that these keep".to_owned(),
        };
        let mut lines = Vec::new();
        if own.selectors.is_empty() {
            lines.push(format!("nothing of what these selectors keep is needed to keep {aim}"));
            return lines;
        }
        let own_selectors = self.replayed.selectors.iter().map(|own| &own.selector);
        if own_selectors.clone().count() == own.selectors.len()
            && own_selectors.clone().all(|one| own.selectors.contains(one))
        {
            lines.push(format!("none of these selectors can be left out to keep {aim}"));
            return lines;
        }
        lines.push(format!(
            "{} would keep {aim}, instead of {tried}: {}",
            super::number::plural(own.selectors.len(), "selector", "selectors"),
            outcome(&own.kept, self.replayed.kept.events)
        ));
        for (at, selector) in own.selectors.iter().enumerate() {
            let unseen = if own.unseen.contains(&at) { ": no event of it was seen" } else { "" };
            lines.push(format!("proposed: {}{unseen}", label(selector)));
        }
        if own.dropped.events > 0 {
            lines.push(format!("dropped besides: {}", outcome(&own.dropped, self.replayed.kept.events)));
        }
        lines
    }
}

fn label(selector: &AdvancedEventSelector) -> String {
    let words = selector_text(selector);
    match &selector.name {
        Some(name) => format!("“{}” ({words})", visible(name)),
        None => words,
    }
}

fn never_again(list: &[NeverAgain], is_one_of_many: bool) -> Vec<String> {
    let (here, again) =
        if is_one_of_many { (" by it", "not recorded by it") } else { ("", "never recorded again") };
    if list.is_empty() {
        return vec![format!("every call that was seen would still be recorded{here}")];
    }
    let name = |own: &NeverAgain| {
        format!("{} of {} ({})", named(&own.event_name), named(&own.event_source), count(own.events))
    };
    let names: Vec<String> = list.iter().take(SHOWN).map(name).collect();
    let more = match list.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let calls = super::number::plural(list.len(), "call", "calls");
    vec![format!("{again}, {calls}: {}{more}", names.join(", "))]
}

fn outcome(own: &Outcome, of: u64) -> String {
    let mut text = format!("{} events", count(own.events));
    if of > 0 {
        text.push_str(&format!(", {}", share(own.events, of)));
    }
    if own.events == 0 {
        return text;
    }
    if let Some(month) = own.month {
        text.push_str(&format!("; {} a month", events(month)));
    }
    match own.cost {
        None => text.push_str(", the price is not known"),
        Some(cost) if own.data + own.network_activity > 0 => text.push_str(&format!(", {}", dollars(cost))),
        Some(_) => {}
    }
    if own.management > 0 {
        let copy = own.management_copy_cost.map_or_else(|| "an unknown amount".to_owned(), dollars);
        text.push_str(&format!("; management events free as a first copy, {copy} as a further one"));
    }
    text
}

/// Events of selectors.
#[derive(Serialize, JsonSchema)]
struct OutcomeJson {
    /// Events seen, each once.
    events: u64,
    management: u64,
    data: u64,
    network_activity: u64,
    /// Events of a month.
    month: Option<String>,
    /// One delivery of the data and network activity events of a month, at list prices.
    monthly_cost: Option<String>,
    /// One delivery of the management events of a month as a further copy; a first copy is free.
    monthly_cost_as_further_copy: Option<String>,
}

/// A selector and what it selects.
#[derive(Serialize, JsonSchema)]
struct SelectorJson {
    name: Option<String>,
    words: String,
    selected: OutcomeJson,
    /// What no other of the selectors selects.
    alone: OutcomeJson,
}

/// A call that would not be recorded any more.
#[derive(Serialize, JsonSchema)]
struct NeverAgainJson {
    category: &'static str,
    event_source: String,
    event_name: String,
    events: u64,
}

/// Selectors proposed.
#[derive(Serialize, JsonSchema)]
struct ProposalJson {
    selectors: Vec<String>,
    /// Positions of those that select none of the events seen.
    unseen: Vec<usize>,
    kept: OutcomeJson,
    dropped: OutcomeJson,
}

/// Selectors tried on the events.
#[derive(Serialize, JsonSchema)]
pub(super) struct ReplayJson {
    name: String,
    demands: Option<String>,
    kept: OutcomeJson,
    dropped: OutcomeJson,
    selectors: Vec<SelectorJson>,
    never_recorded_again: Vec<NeverAgainJson>,
    proposal: Option<ProposalJson>,
}

fn outcome_json(own: &Outcome) -> OutcomeJson {
    let money = |own: Option<Money>| own.map(|own| own.to_string());
    OutcomeJson {
        events: own.events,
        management: own.management,
        data: own.data,
        network_activity: own.network_activity,
        month: own.month.map(|own| own.to_string()),
        monthly_cost: money(own.cost),
        monthly_cost_as_further_copy: money(own.management_copy_cost),
    }
}

impl ReplayView {
    pub(super) fn json(&self) -> ReplayJson {
        let own = &self.replayed;
        ReplayJson {
            name: visible(&self.name),
            demands: self.demands.as_deref().map(visible),
            kept: outcome_json(&own.kept),
            dropped: outcome_json(&own.dropped),
            selectors: own
                .selectors
                .iter()
                .map(|own| SelectorJson {
                    name: own.selector.name.clone(),
                    words: selector_text(&own.selector),
                    selected: outcome_json(&own.selected),
                    alone: outcome_json(&own.alone),
                })
                .collect(),
            never_recorded_again: own
                .never_again
                .iter()
                .map(|own| NeverAgainJson {
                    category: own.category.name(),
                    event_source: own.event_source.to_string(),
                    event_name: own.event_name.to_string(),
                    events: own.events,
                })
                .collect(),
            proposal: self.proposal.as_ref().map(|own| ProposalJson {
                selectors: own.selectors.iter().map(selector_text).collect(),
                unseen: own.unseen.clone(),
                kept: outcome_json(&own.kept),
                dropped: outcome_json(&own.dropped),
            }),
        }
    }

    /// Returns the rows of `replay.csv`: what is kept, dropped, and selected by each.
    pub(super) fn rows(&self) -> Vec<Vec<String>> {
        let text = |own: Option<String>| own.unwrap_or_default();
        let row = |kind: &str, name: &str, own: &Outcome| {
            let counts =
                [own.events, own.management, own.data, own.network_activity].map(|own| own.to_string());
            let mut row = vec![kind.to_owned(), csv_field(name)];
            row.extend(counts);
            row.push(text(own.month.map(|own| own.to_string())));
            row.push(text(own.cost.map(|own| own.to_string())));
            row.push(text(own.management_copy_cost.map(|own| own.to_string())));
            row
        };
        let own = &self.replayed;
        let mut rows = vec![row("kept", "", &own.kept), row("dropped", "", &own.dropped)];
        for one in &own.selectors {
            rows.push(row("selected", &label(&one.selector), &one.selected));
            rows.push(row("selected_alone", &label(&one.selector), &one.alone));
        }
        rows
    }

    /// Returns the rows of `never-recorded-again.csv`.
    pub(super) fn lost(&self) -> Vec<Vec<String>> {
        let list = self.replayed.never_again.iter();
        list.map(|own| {
            vec![
                own.category.name().to_owned(),
                csv_field(&own.event_source),
                csv_field(&own.event_name),
                own.events.to_string(),
            ]
        })
        .collect()
    }
}

/// The columns of [`ReplayView::rows`].
pub(super) const REPLAY_COLUMNS: [&str; 9] = [
    "what",
    "selector",
    "events",
    "management",
    "data",
    "network_activity",
    "month",
    "monthly_cost",
    "monthly_cost_as_further_copy",
];

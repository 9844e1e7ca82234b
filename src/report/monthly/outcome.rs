//! What became of what was recommended a month before.

use super::super::clean::visible;
use super::facts::MonthlyFacts;
use super::sum::Sum;
use crate::domain::{Money, RecordedAction};

/// What became of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeState {
    /// It is recommended still.
    Open,
    /// It is not recommended any more: it was carried out, or is needless now.
    Gone,
    /// Nothing was recommended in the last month, so that nobody knows.
    Unknown,
}

impl OutcomeState {
    /// Returns the word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Gone => "done_or_needless",
            Self::Unknown => "unknown",
        }
    }

    /// Returns the words that people read.
    pub fn words(self) -> &'static str {
        match self {
            Self::Open => "still open",
            Self::Gone => "done, or no longer needed",
            Self::Unknown => "unknown",
        }
    }
}

/// An action of the earlier plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeRow {
    /// The id of the rule.
    pub rule: String,
    /// What was to be done; harmless.
    pub title: String,
    /// What it was to save in a month.
    pub planned: Money,
    /// What became of it.
    pub state: OutcomeState,
    /// How much less what it names cost in the last month than in the month before; nothing where no cost names it.
    pub realized: Option<Money>,
}

/// Looks at each action of the earlier plan.
pub(super) fn outcomes(facts: &MonthlyFacts) -> Vec<OutcomeRow> {
    let Some((_, earlier)) = &facts.earlier_plan else { return Vec::new() };
    let row = |own: &RecordedAction| OutcomeRow {
        rule: visible(&own.rule),
        title: visible(&own.title),
        planned: own.saves,
        state: match &facts.plan {
            None => OutcomeState::Unknown,
            Some(plan) if plan.actions.iter().any(|now| is_same(now, own)) => OutcomeState::Open,
            Some(_) => OutcomeState::Gone,
        },
        realized: realized(facts, own),
    };
    earlier.actions.iter().map(row).collect()
}

/// Tells whether two actions are the same: one rule at one place. What they save may differ from month to month.
fn is_same(one: &RecordedAction, two: &RecordedAction) -> bool {
    one.rule == two.rule && one.sites == two.sites
}

/// Returns how much less the resources that an action names cost than in the month before.
fn realized(facts: &MonthlyFacts, own: &RecordedAction) -> Option<Money> {
    let mut sums = [Sum::default(); 2];
    let mut is_named = false;
    for ((resource, account), of) in &facts.by_resource {
        let is_here = own.sites.iter().any(|[_, name, place, _]| {
            let is_account = place.len() == 12 && place.bytes().all(|own| own.is_ascii_digit());
            !name.is_empty() && **resource == **name && (!is_account || **account == **place)
        });
        if is_here {
            is_named = true;
            sums.iter_mut().zip(of).for_each(|(sum, own)| sum.add_sum(*own));
        }
    }
    if is_named { sums[0].known()?.checked_sub(sums[1].known()?) } else { None }
}

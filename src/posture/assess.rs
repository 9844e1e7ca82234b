//! All practices, their prices, and the alert chains.

use super::chain::{AlertChain, follow, without};
use super::change::Change;
use super::inspected::Inspected;
use super::practice::{Mend, Outcome, PracticeDoc, Severity, State, controls_of};
use super::practices::ALL;
use super::price::{FixPrice, price};
use crate::domain::{ComplianceProfile, MONITORED_ACTIVITIES};
use crate::recommend::{RecommendError, Value};

/// What was found of a practice, with what mending it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeResult {
    /// The practice.
    pub doc: PracticeDoc,
    /// What was found.
    pub outcome: Outcome,
    /// Controls that it meets: the profile's id, the control's number, and where it can be read.
    pub controls: Vec<(String, String, String)>,
    /// What mending it alone costs; nothing where it does not fail, or the price is not known.
    pub price: Option<FixPrice>,
}

impl PracticeResult {
    /// Tells whether it fails at a severity or above.
    pub fn fails_at(&self, least: Severity) -> bool {
        self.outcome.state == State::Failed && self.doc.severity >= least
    }
}

/// What it costs to follow all practices of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfilePrice {
    /// The profile's id; empty for every practice that was looked at.
    pub profile: String,
    /// Its title, with the version.
    pub title: String,
    /// Ids of the practices that fail and belong to it.
    pub failed: Vec<&'static str>,
    /// Those of them whose fix has no price.
    pub unpriced: Vec<&'static str>,
    /// Those of it that pass, and those that nobody knows of.
    pub passed: usize,
    /// How many of it are not known, or cannot be checked here.
    pub not_known: usize,
    /// What all fixes together cost, those without a price left out; nothing past what money can hold.
    pub price: Option<FixPrice>,
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posture {
    /// The practices that were looked at, in the order of the lists.
    pub practices: Vec<PracticeResult>,
    /// The chain of each critical event.
    pub chains: Vec<AlertChain>,
    /// What everything together costs, and each profile.
    pub totals: Vec<ProfilePrice>,
    /// The months of the scenario.
    pub months: usize,
}

/// Looks at every practice; where profiles are named, at those that meet a control of theirs.
///
/// `known` are all profiles, for the controls that are shown; `asked` those whose practices count.
///
/// # Errors
/// [`RecommendError`] when the model or a changed one cannot be estimated.
pub fn assess(
    inspected: &Inspected<'_>,
    known: &[ComplianceProfile],
    asked: &[&ComplianceProfile],
) -> Result<Posture, RecommendError> {
    let before = inspected.valuer.value(inspected.model)?;
    let mut practices = Vec::new();
    for own in ALL {
        let controls = controls_of(&own.doc, known);
        let is_of = |profile: &&ComplianceProfile| controls.iter().any(|(id, ..)| *id == profile.id);
        if !asked.is_empty() && !asked.iter().any(is_of) {
            continue;
        }
        let outcome = (own.look)(inspected)?;
        let price = match (&outcome.state, &outcome.mend) {
            (State::Failed, Mend::Free) => Some(FixPrice::FREE),
            (State::Failed, Mend::Changes(changes)) => price(inspected, &before, changes)?,
            _ => None,
        };
        practices.push(PracticeResult { doc: own.doc, outcome, controls, price });
    }
    let mut totals = Vec::new();
    if asked.is_empty() {
        let all: Vec<&PracticeResult> = practices.iter().collect();
        totals.push(total(inspected, &before, ("", "All practices".to_owned()), &all)?);
    }
    for profile in asked {
        let is_of = |own: &&PracticeResult| own.controls.iter().any(|(id, ..)| *id == profile.id);
        let own: Vec<&PracticeResult> = practices.iter().filter(is_of).collect();
        totals.push(total(inspected, &before, (&profile.id, profile.name()), &own)?);
    }
    let chains = chains(inspected, &before)?;
    Ok(Posture { practices, chains, totals, months: before.monthly.len() })
}

/// Mends everything that fails together.
fn total(
    inspected: &Inspected<'_>,
    before: &Value,
    (profile, title): (&str, String),
    practices: &[&PracticeResult],
) -> Result<ProfilePrice, RecommendError> {
    let of = |state: State| practices.iter().filter(move |own| own.outcome.state == state);
    let mut changes: Vec<Change> = Vec::new();
    let mut unpriced = Vec::new();
    for own in of(State::Failed) {
        match &own.outcome.mend {
            Mend::Free => {}
            Mend::Changes(all) => changes.extend(all.iter().cloned()),
            Mend::Unpriced(_) => unpriced.push(own.doc.id),
        }
    }
    // What is taken away goes last: what another change sets on a trail that goes is set on nothing.
    changes.sort_by_key(takes_away);
    Ok(ProfilePrice {
        profile: profile.to_owned(),
        title,
        failed: of(State::Failed).map(|own| own.doc.id).collect(),
        unpriced,
        passed: of(State::Passed).count(),
        not_known: of(State::NotKnown).count() + of(State::NotCheckable).count(),
        price: price(inspected, before, &changes)?,
    })
}

/// Tells whether a change takes a trail away.
fn takes_away(own: &Change) -> bool {
    matches!(own, Change::Organization(_) | Change::Edit(crate::recommend::Edit::RemoveTrail(_)))
}

fn chains(inspected: &Inspected<'_>, before: &Value) -> Result<Vec<AlertChain>, RecommendError> {
    let mut all = Vec::new();
    for activity in &MONITORED_ACTIVITIES {
        let Some(mut chain) = follow(inspected, activity) else { continue };
        if chain.has_parts() {
            let bare = inspected.valuer.value(&without(&chain, inspected.model))?;
            chain.cost = FixPrice::between(&bare, before);
        }
        all.push(chain);
    }
    Ok(all)
}

//! All practices, their prices, and the alert chains.

use super::chain::{AlertChain, Follower, without};
use super::change::Change;
use super::controls::{ControlResult, judge};
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
    /// Controls of the profile that fail by what they demand of events and of how long logs are kept: no practice is about that.
    pub failed_controls: Vec<String>,
    /// Those of them whose fix has no price.
    pub unpriced_controls: Vec<String>,
    /// How many controls of the profile are followed, as far as they can be judged.
    pub controls_passed: usize,
    /// How many controls of the profile are not checked: nobody knows, or they cannot be judged here.
    pub controls_not_checked: usize,
    /// What all fixes together cost, those without a price left out; nothing past what money can hold.
    pub price: Option<FixPrice>,
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posture {
    /// The practices that were looked at, in the order of the lists.
    pub practices: Vec<PracticeResult>,
    /// Each control of the profiles that were asked for, in their order.
    pub controls: Vec<ControlResult>,
    /// The chain of each critical event: in the accounts where it gets least far.
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
    let mut controls = Vec::new();
    if asked.is_empty() {
        let all: Vec<&PracticeResult> = practices.iter().collect();
        totals.push(total(inspected, &before, ("", "All practices".to_owned()), &all, &[])?);
    }
    for profile in asked {
        let is_of = |own: &&PracticeResult| own.controls.iter().any(|(id, ..)| *id == profile.id);
        let own: Vec<&PracticeResult> = practices.iter().filter(is_of).collect();
        let judged = judge(inspected, &before, profile, &practices)?;
        totals.push(total(inspected, &before, (&profile.id, profile.name()), &own, &judged)?);
        controls.extend(judged);
    }
    let chains = chains(inspected, &before)?;
    Ok(Posture { practices, controls, chains, totals, months: before.monthly.len() })
}

/// Mends everything that fails together.
fn total(
    inspected: &Inspected<'_>,
    before: &Value,
    (profile, title): (&str, String),
    practices: &[&PracticeResult],
    controls: &[ControlResult],
) -> Result<ProfilePrice, RecommendError> {
    let of = |state: State| practices.iter().filter(move |own| own.outcome.state == state);
    let failing = || controls.iter().filter(|own| own.demanded.state == State::Failed);
    let is_unpriced = |own: &&ControlResult| matches!(own.demanded.mend, Mend::Unpriced(_));
    let mends = of(State::Failed).map(|own| &own.outcome.mend).chain(failing().map(|own| &own.demanded.mend));
    let mut changes: Vec<Change> = Vec::new();
    for mend in mends {
        if let Mend::Changes(all) = mend {
            changes.extend(all.iter().filter(|own| !changes.contains(own)).cloned().collect::<Vec<_>>());
        }
    }
    if changes.iter().any(|own| matches!(own, Change::Organization(_))) {
        // What the organization's trail records needs no trail of single accounts.
        changes.retain(|own| !own.is_of_new_trail());
    }
    changes.sort_by_key(Change::step);
    let is_followed = |own: &&ControlResult| own.state == State::Passed;
    let is_open = |own: &&ControlResult| matches!(own.state, State::NotKnown | State::NotCheckable);
    let unpriced = |own: &&&PracticeResult| matches!(own.outcome.mend, Mend::Unpriced(_));
    Ok(ProfilePrice {
        profile: profile.to_owned(),
        title,
        failed: of(State::Failed).map(|own| own.doc.id).collect(),
        unpriced: of(State::Failed).filter(unpriced).map(|own| own.doc.id).collect(),
        passed: of(State::Passed).count(),
        not_known: of(State::NotKnown).count() + of(State::NotCheckable).count(),
        failed_controls: failing().map(|own| own.id.clone()).collect(),
        unpriced_controls: failing().filter(is_unpriced).map(|own| own.id.clone()).collect(),
        controls_passed: controls.iter().filter(is_followed).count(),
        controls_not_checked: controls.iter().filter(is_open).count(),
        price: price(inspected, before, &changes)?,
    })
}

fn chains(inspected: &Inspected<'_>, before: &Value) -> Result<Vec<AlertChain>, RecommendError> {
    let follower = Follower::new(inspected);
    let mut all = Vec::new();
    for activity in &MONITORED_ACTIVITIES {
        let Some(mut chain) = follower.follow(activity).into_iter().next() else { continue };
        if chain.has_parts() {
            let bare = inspected.valuer.value(&without(&chain, inspected.model))?;
            chain.cost = FixPrice::between(&bare, before);
        }
        all.push(chain);
    }
    Ok(all)
}

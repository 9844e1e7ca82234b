//! Rules: each finds one kind of waste, and says what it finds, why it costs, how the saving arises, what is lost.
//!
//! The registry serves `recommend`; a check of practices can ask the same rules.

use super::action::{Action, Advice};
use super::coverage::Coverage;

use super::error::RecommendError;
use super::keep::{Keep, Kept, Need};
use super::lifecycle::Advised;
use super::valuation::Valuer;
use crate::domain::{Age, Amount, AmountValue, Demands, Model, Place, Provenance, ProvenanceKind, Quantity};

/// A public page that a rule rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Who says it, and in which text.
    pub title: &'static str,
    /// Where it can be read; empty where no address is known.
    pub address: &'static str,
}

/// What the reference says of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleDoc {
    /// The id: lower case with hyphens.
    pub id: &'static str,
    /// A title.
    pub title: &'static str,
    /// What it finds.
    pub finds: &'static str,
    /// Why that costs.
    pub why: &'static str,
    /// How the saving arises.
    pub saving: &'static str,
    /// What is lost.
    pub loses: &'static str,
    /// Where all this is written.
    pub sources: &'static [Source],
}

/// When a rule looks: what is stored depends on what is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// At the model as it is: it changes what is recorded or sent.
    Recording,
    /// Once more at the model after those changes: it changes how what arrives is kept.
    Keeping,
}

/// What a rule looks at.
pub(super) struct Scene<'a, 'p> {
    /// The model.
    pub(super) model: &'a Model,
    /// Who records what in it.
    pub(super) coverage: &'a Coverage,
    /// Prices changed models.
    pub(super) valuer: &'a Valuer<'p>,
    /// What was advised for buckets so far: the scenes that share it have the same model before edits, and the same demands.
    pub(super) advised: &'a Advised,
    /// What must be kept of logs, by the scenario and by compliance profiles.
    pub(super) demands: &'a Demands,
    /// What the scenario alone demands: profiles say how long logs are kept at least, not when they may be deleted.
    pub(super) stated: &'a Demands,
    /// What must be kept.
    pub(super) keep: &'a Keep,
}

impl Scene<'_, '_> {
    /// Returns how long log groups must keep events, if anything demands it.
    pub(super) fn log_retention(&self) -> Option<Age> {
        self.keep
            .demands
            .iter()
            .filter_map(|own| match own.kept {
                Kept::Need(Need::LogRetention(age)) => Some(age),
                _ => None,
            })
            .max()
    }

    /// Returns the share of KMS requests that a Bucket Key is taken to save.
    pub(super) fn bucket_key_saving(&self) -> Option<Amount> {
        let figure = self.model.assumption("bucket_key_saving")?;
        let value = Quantity::from_decimal(figure.figure()?).ok()?;
        Some(Amount {
            value: figure
                .range
                .map_or(AmountValue::Known(value), |range| AmountValue::Range(Box::new(range))),
            provenance: Provenance { kind: ProvenanceKind::Assumed, place: Place::default() },
        })
    }
}

/// What rules found, before anything is weighed against anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// What could be done.
    pub actions: Vec<Action>,
    /// What is worth knowing and has no price.
    pub advice: Vec<Advice>,
}

/// A rule.
pub(super) struct Rule {
    pub(super) doc: RuleDoc,
    pub(super) stage: Stage,
    pub(super) find: fn(&Scene<'_, '_>, &mut Findings) -> Result<(), RecommendError>,
}

/// Returns the documentation of every rule, in the order in which they are asked.
pub fn rules() -> Vec<RuleDoc> {
    super::rules::ALL.iter().map(|rule| rule.doc).collect()
}

/// Asks every rule about a model as it is.
///
/// # Errors
/// [`RecommendError`] when the model cannot be estimated.
pub fn findings(model: &Model, keep: &Keep, valuer: &Valuer<'_>) -> Result<Findings, RecommendError> {
    let demands = keep.on_logs(&model.demands);
    let coverage = Coverage::new(model, model.demands.retention);
    let (stated, advised) = (&model.demands, &Advised::default());
    let scene = Scene { model, coverage: &coverage, valuer, advised, demands: &demands, stated, keep };
    let mut found = ask(Stage::Recording, &scene)?;
    let keeping = ask(Stage::Keeping, &scene)?;
    found.actions.extend(keeping.actions);
    found.advice.extend(keeping.advice);
    Ok(found)
}

/// Asks only the rules of these ids about a model as it is.
///
/// # Errors
/// [`RecommendError`] when the model cannot be estimated.
pub fn findings_of(
    ids: &[&str],
    model: &Model,
    keep: &Keep,
    valuer: &Valuer<'_>,
) -> Result<Findings, RecommendError> {
    let demands = keep.on_logs(&model.demands);
    let coverage = Coverage::new(model, model.demands.retention);
    let (stated, advised) = (&model.demands, &Advised::default());
    let scene = Scene { model, coverage: &coverage, valuer, advised, demands: &demands, stated, keep };
    let mut found = Findings::default();
    for rule in super::rules::ALL.iter().filter(|rule| ids.contains(&rule.doc.id)) {
        (rule.find)(&scene, &mut found)?;
    }
    Ok(found)
}

/// Asks the rule on lifecycles alone about a model as it is; what a demand forbids, or what would give up too much, is left
/// out.
///
/// # Errors
/// [`RecommendError`] when the model cannot be estimated.
pub fn lifecycles(model: &Model, keep: &Keep, valuer: &Valuer<'_>) -> Result<Vec<Action>, RecommendError> {
    let findings = findings_of(&[super::rules::LIFECYCLE.doc.id], model, keep, valuer)?;
    let may = |own: &Action| keep.breaks(&own.breaks).is_none() && own.loss.level <= keep.accept;
    Ok(findings.actions.into_iter().filter(may).collect())
}

/// Asks the rules of a stage.
pub(super) fn ask(stage: Stage, scene: &Scene<'_, '_>) -> Result<Findings, RecommendError> {
    let mut findings = Findings::default();
    for rule in super::rules::ALL.iter().filter(|rule| rule.stage == stage) {
        (rule.find)(scene, &mut findings)?;
    }
    Ok(findings)
}

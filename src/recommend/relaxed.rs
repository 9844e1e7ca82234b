//! What it costs to read logs fast: the lifecycles that would be cheaper without a demand, or with more loss accepted.

use super::action::Action;
use super::coverage::Coverage;
use super::error::RecommendError;
use super::keep::{Forbidden, Keep, Kept};
use super::lifecycle::Advised;
use super::rule::{Findings, Scene};
use super::rules::LIFECYCLE;
use super::valuation::Valuer;
use crate::domain::{Demands, LossLevel, Model};

/// Returns for each demand on how fast logs can be read, and for each level of loss that is not accepted, the lifecycles that
/// would cost less without it, with what forbids them.
///
/// `model` is the model after the plan, `stated` the scenario's own demands.
pub(super) fn lifecycles(
    model: &Model,
    stated: &Demands,
    keep: &Keep,
    coverage: &Coverage,
    valuer: &Valuer<'_>,
) -> Result<Vec<(Action, Forbidden)>, RecommendError> {
    let mut found = Vec::new();
    for level in [LossLevel::Low, LossLevel::Medium].into_iter().filter(|own| *own > keep.accept) {
        let more = Keep { accept: level, ..keep.clone() };
        let advised = &Advised::default();
        let demands = &model.demands;
        let scene = Scene { model, coverage, valuer, advised, demands, stated, keep: &more };
        let mut findings = Findings::default();
        (LIFECYCLE.find)(&scene, &mut findings)?;
        let own = findings.actions.into_iter().filter(|own| own.loss.level == level);
        found.extend(own.map(|action| (action, Forbidden::Loss(level))));
    }
    for (at, demand) in keep.demands.iter().enumerate() {
        let Kept::ReadableWithin(age, within) = demand.kept else {
            continue;
        };
        let mut rest = keep.clone();
        rest.demands.remove(at);
        let mut own = stated.clone();
        own.readable_within.retain(|&pair| pair != (age, within));
        let demands = rest.on_logs(&own);
        if demands.readable_within == model.demands.readable_within {
            // Somebody else demands the same.
            continue;
        }
        let relaxed = Model { demands: demands.clone(), ..model.clone() };
        // Other demands: nothing of what was advised before holds.
        let advised = &Advised::default();
        let scene = Scene {
            model: &relaxed,
            coverage,
            valuer,
            advised,
            demands: &demands,
            stated: &own,
            keep: &rest,
        };
        let mut findings = Findings::default();
        (LIFECYCLE.find)(&scene, &mut findings)?;
        found.extend(findings.actions.into_iter().map(|action| (action, Forbidden::Demand(at))));
    }
    Ok(found)
}

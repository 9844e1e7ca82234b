//! Insights of one type on several trails.

use super::{INSIGHTS, PRICING, logging, on_trail};
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "insights-on-one-trail",
        title: "Analyse events with Insights once",
        finds: "An Insights type that is on for a trail while another trail or event data store has it on for the same \
                account and Region.",
        why: "Insights are charged by the event analysed, on each trail and store that has them on.",
        saving: "The same events are analysed once.",
        loses: "No finding that the other trail would not make. Insights events then come from one trail only.",
        sources: &[INSIGHTS, PRICING],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (at, trail) in logging(scene.model) {
        for selector in &trail.insights {
            if !scene.coverage.has_insights_elsewhere(scene.model, at, *selector) {
                continue;
            }
            let mut action = on_trail(
                RULE.doc.id,
                trail,
                format!(
                    "Turn {} on {} events off on the trail `{}`",
                    selector.insights_type.name(),
                    selector.category.selector_value().to_lowercase(),
                    trail.name
                ),
                "another trail or store analyses the same events".to_owned(),
                Edit::StopInsights(TrailKey::of(trail), BTreeSet::from([*selector])),
            );
            action.kind.push_str(&format!("{selector:?}"));
            findings.actions.push(action);
        }
    }
    Ok(())
}

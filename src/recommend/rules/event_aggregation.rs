//! Aggregation of data events.

use super::{DATA_EVENTS, logging, on_trail};
use crate::domain::LossLevel;
use crate::recommend::action::Loss;
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "event-aggregation",
        title: "Turn event aggregation off where nobody reads the summaries",
        finds: "A trail with aggregation templates.",
        why: "Aggregated events come beside the data events, and are charged in addition.",
        saving: "Nothing is aggregated. No public price of aggregated events is known: the saving is unknown until the price \
                 table has a row for it.",
        loses: "The summaries; each data event is still recorded.",
        sources: &[DATA_EVENTS],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (_, trail) in logging(scene.model) {
        if trail.aggregation.is_empty() {
            continue;
        }
        let mut action = on_trail(
            RULE.doc.id,
            trail,
            format!("Turn event aggregation off on the trail `{}`", trail.name),
            "aggregated events are charged beside the data events that they sum up".to_owned(),
            Edit::StopAggregation(TrailKey::of(trail)),
        );
        action.loss = Loss::of(LossLevel::Medium, "summaries of data events");
        findings.actions.push(action);
    }
    Ok(())
}

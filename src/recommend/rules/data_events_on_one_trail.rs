//! Data events that two trails record.

use super::{DATA_EVENTS, TRAIL_COSTS, blind_filters, logging, on_trail};
use crate::domain::EventCategory;
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "data-events-on-one-trail",
        title: "Record data events on one trail only",
        finds: "A logging trail that records data events of a resource type that another trail records in the same account \
                and Region.",
        why: "No copy of data events is free: two trails are charged twice.",
        saving: "The events are charged, filed and stored once.",
        loses: "No event: another trail goes on recording them. The plan checks this class by class, so that selectors that \
                overlap only in part are kept.",
        sources: &[DATA_EVENTS, TRAIL_COSTS],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (at, trail) in logging(scene.model) {
        if !scene.coverage.is_recorded_elsewhere(at, EventCategory::Data) {
            continue;
        }
        let types: BTreeSet<&str> = scene
            .coverage
            .recorded_by(at)
            .into_iter()
            .filter(|&class| scene.coverage.is_shared(at, class))
            .filter_map(|class| scene.coverage.classes[class].resource_type())
            .collect();
        for resource_type in types {
            let mut action = on_trail(
                RULE.doc.id,
                trail,
                format!("Stop the data events of {resource_type} on the trail `{}`", trail.name),
                "another trail records them too, and each copy is charged".to_owned(),
                Edit::StopData(TrailKey::of(trail), resource_type.to_owned()),
            );
            action.kind.push_str(resource_type);
            blind_filters(scene.model, trail, "these data events", &[], &mut action);
            findings.actions.push(action);
        }
    }
    Ok(())
}

//! Data events that only read.

use super::{DATA_EVENTS, TRAIL_COSTS, blind_filters, logging, on_trail};
use crate::domain::{Access, EventCategory};
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "data-events-write-only",
        title: "Record only data events that write",
        finds: "A logging trail that records data events of a resource type that only read.",
        why: "Reads are most of the data events of most buckets, and each is charged.",
        saving: "Reads are neither charged nor filed.",
        loses: "Who read which object, which investigations of a leak ask first. Part of a plan only where the accepted loss \
                is `medium` or more, and no demand names reads.",
        sources: &[DATA_EVENTS, TRAIL_COSTS],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (at, trail) in logging(scene.model) {
        let types: BTreeSet<&str> = scene
            .coverage
            .recorded_by(at)
            .into_iter()
            .map(|class| &scene.coverage.classes[class])
            .filter(|class| class.category == EventCategory::Data && class.access != Access::Write)
            .filter_map(|class| class.resource_type())
            .collect();
        for resource_type in types {
            let mut action = on_trail(
                RULE.doc.id,
                trail,
                format!(
                    "Record only data events of {resource_type} that write on the trail `{}`",
                    trail.name
                ),
                "reads are charged like writes, and are usually the most".to_owned(),
                Edit::DataWriteOnly(TrailKey::of(trail), resource_type.to_owned()),
            );
            action.kind.push_str(resource_type);
            blind_filters(scene.model, trail, "data events that only read", &[], &mut action);
            findings.actions.push(action);
        }
    }
    Ok(())
}

//! Trails of which another trail records everything already.

use super::{PRICING, TRAIL_COSTS, logging, on_trail, records};
use crate::domain::EventCategory;
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "duplicate-management-copies",
        title: "Delete a trail whose management events another trail records too",
        finds: "A logging trail that records management events and no data or network activity events, in an account and \
                Region where another trail records the same events.",
        why: "The first copy of management events in each Region of an account is free; every further copy is charged \
              by the event. The second copy is also filed, stored and sent once more.",
        saving: "The paid copy disappears, and with it the log files, requests, storage, key requests, log group bytes and \
                 notices of that trail. Of several trails that repeat each other the plan keeps the one that is cheapest \
                 to keep.",
        loses: "No event: each is still recorded by another trail. What hangs on the deleted trail (its log group, its \
                bucket in another account) receives nothing more. Log files that are there already stay.",
        sources: &[TRAIL_COSTS, PRICING],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (at, trail) in logging(scene.model) {
        let only_management = records(trail, EventCategory::Management)
            && !records(trail, EventCategory::Data)
            && !records(trail, EventCategory::NetworkActivity);
        if !only_management || !scene.coverage.is_recorded_elsewhere(at, EventCategory::Management) {
            continue;
        }
        let action = on_trail(
            RULE.doc.id,
            trail,
            format!("Delete the trail `{}`", trail.name),
            "another trail records the same management events; only the first copy is free".to_owned(),
            Edit::RemoveTrail(TrailKey::of(trail)),
        );
        findings.actions.push(action);
    }
    Ok(())
}

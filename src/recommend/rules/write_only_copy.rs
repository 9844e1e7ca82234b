//! Read-only management events on a trail whose copy is paid.

use super::{MANAGEMENT_EVENTS, TRAIL_COSTS, blind_filters, logging, on_trail, records};
use crate::domain::{Access, EventCategory};
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "write-only-copy",
        title: "Record management events that only read once",
        finds: "A logging trail that records management events that only read, where another trail records them too.",
        why: "Most management events only read. On a further copy they are charged like the others.",
        saving: "The events that only read leave the paid copy; those that write stay on it.",
        loses: "Nothing: another trail goes on recording the reads. A plan that deletes the whole copy makes this step \
                needless.",
        sources: &[MANAGEMENT_EVENTS, TRAIL_COSTS],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (at, trail) in logging(scene.model) {
        if !records(trail, EventCategory::Management)
            || !scene.coverage.is_recorded_elsewhere(at, EventCategory::Management)
        {
            continue;
        }
        let reads = scene.coverage.recorded_by(at).into_iter().any(|class| {
            let own = &scene.coverage.classes[class];
            own.category == EventCategory::Management && own.access != Access::Write
        });
        if !reads {
            continue;
        }
        let mut action = on_trail(
            RULE.doc.id,
            trail,
            format!("Record only management events that write on the trail `{}`", trail.name),
            "another trail records those that read; on this one they are a paid copy".to_owned(),
            Edit::ManagementWriteOnly(TrailKey::of(trail)),
        );
        blind_filters(scene.model, trail, "management events that only read", &[], &mut action);
        findings.actions.push(action);
    }
    Ok(())
}

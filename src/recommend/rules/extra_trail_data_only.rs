//! Trails for data events that also repeat management events.

use super::{PRICING, TRAIL_COSTS, logging, on_trail, records};
use crate::domain::EventCategory;
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "extra-trail-data-only",
        title: "Let a trail for data events record data events only",
        finds: "A logging trail that records data or network activity events, and management events that another trail \
                records too.",
        why: "Its copy of the management events is a further one, and charged; for data events no copy is free, so that \
              nothing is gained by recording both with one trail.",
        saving: "The paid copy disappears; the trail goes on recording everything else.",
        loses: "No event: the management events are still recorded by another trail. Insights on management events are \
                turned off on this trail, and its log group sees them no longer.",
        sources: &[TRAIL_COSTS, PRICING],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (at, trail) in logging(scene.model) {
        let both = records(trail, EventCategory::Management)
            && (records(trail, EventCategory::Data) || records(trail, EventCategory::NetworkActivity));
        if !both || !scene.coverage.is_recorded_elsewhere(at, EventCategory::Management) {
            continue;
        }
        let action = on_trail(
            RULE.doc.id,
            trail,
            format!("Stop management events on the trail `{}`", trail.name),
            "another trail records them; on this one they are a paid copy".to_owned(),
            Edit::StopManagement(TrailKey::of(trail)),
        );
        findings.actions.push(action);
    }
    Ok(())
}

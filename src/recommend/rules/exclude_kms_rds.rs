//! KMS and RDS Data API events on a trail whose copy is paid.

use super::{MANAGEMENT_EVENTS, TRAIL_COSTS, blind_filters, logging, on_trail};
use crate::domain::{Access, EventClass, EventSource};
use crate::recommend::detections::detections;
use crate::recommend::edit::{Edit, TrailKey, excluded_name};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};
use crate::usage::Match;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "exclude-kms-rds",
        title: "Record AWS KMS and Amazon RDS Data API events once",
        finds: "A logging trail that records management events of AWS KMS or of the RDS Data API.",
        why: "Encrypting and decrypting each make a management event, often the most of all. On a further copy they are \
              charged; on any copy they are filed, stored and sent.",
        saving: "On a paid copy the events are no longer charged. On the free first copy CloudTrail's own charges do not \
                 change by a cent: only bytes in S3 and CloudWatch Logs are saved.",
        loses: "Nothing where another trail records these events. Where none does, no plan takes this step: every class of \
                management event stays recorded in every Region.",
        sources: &[MANAGEMENT_EVENTS, TRAIL_COSTS],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (at, trail) in logging(scene.model) {
        for source in [EventSource::Kms, EventSource::RdsData] {
            let occurs =
                [Access::Read, Access::Write].iter().any(|&access| {
                    let wanted = EventClass::management(access, source);
                    scene.coverage.classes.iter().zip(&scene.coverage.matches[at]).enumerate().any(
                        |(position, (class, matched))| {
                            *class == wanted
                                && *matched != Match::No
                                && scene.coverage.groups.iter().any(|group| {
                                    group.trails.contains(&at) && group.classes.contains(&position)
                                })
                        },
                    )
                });
            let Some(name) = excluded_name(source).filter(|_| occurs) else {
                continue;
            };
            let mut action = on_trail(
                RULE.doc.id,
                trail,
                format!("Exclude the events of {name} on the trail `{}`", trail.name),
                "they are charged on every copy but the first, and stored on every one".to_owned(),
                Edit::ExcludeSource(TrailKey::of(trail), source),
            );
            action.kind.push_str(name);
            let resting = detections(&EventClass::management(Access::Write, source));
            blind_filters(scene.model, trail, &format!("the events of {name}"), &resting, &mut action);
            findings.actions.push(action);
        }
    }
    Ok(())
}

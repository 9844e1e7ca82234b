//! Delivery to CloudWatch Logs that nothing there needs.

use super::{TRAIL_COSTS, logging, on_trail};
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Source, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "log-group-left-out",
        title: "Leave CloudWatch Logs out",
        finds: "A trail that delivers to a log group.",
        why: "Every event is ingested by its uncompressed bytes, which often costs more than CloudTrail itself, and is stored \
              beside the log files in S3.",
        saving: "Ingestion, storage, metric filters' metrics and queries of what the trail would send.",
        loses: "Searching the last events at once, and every metric filter and alarm on the group. With filters the loss is \
                `high`; without any it is `medium`.",
        sources: &[
            TRAIL_COSTS,
            Source {
                title: "Amazon CloudWatch pricing",
                address: "https://aws.amazon.com/cloudwatch/pricing/",
            },
        ],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (_, trail) in logging(scene.model) {
        let Some(group) = &trail.delivery.log_group else {
            continue;
        };
        let mut action = on_trail(
            RULE.doc.id,
            trail,
            format!("Stop delivering the trail `{}` to the log group `{group}`", trail.name),
            "every event is ingested by its uncompressed bytes".to_owned(),
            Edit::DetachLogGroup(TrailKey::of(trail)),
        );
        action.kind.push_str(group);
        findings.actions.push(action);
    }
    Ok(())
}

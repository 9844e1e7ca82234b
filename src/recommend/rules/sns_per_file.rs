//! Notices of every log file.

use super::{TRAIL_COSTS, logging, on_trail};
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Source, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "sns-per-file",
        title: "Stop notices of every log file",
        finds: "A trail that notifies an SNS topic of each log file it delivers.",
        why: "There is a notice for every file, some thousands an account, Region and month, and a delivery to every \
              subscriber. S3 can notify of new objects itself, and EventBridge can filter them.",
        saving: "Neither the publishes nor the deliveries are charged.",
        loses: "The notices. Whoever imports logs by them has to be moved to S3's own notifications first.",
        sources: &[
            TRAIL_COSTS,
            Source {
                title: "AWS CloudTrail User Guide, Configuring Amazon SNS notifications for CloudTrail",
                address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html",
            },
        ],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (_, trail) in logging(scene.model) {
        let Some(topic) = &trail.delivery.sns_topic else {
            continue;
        };
        let mut action = on_trail(
            RULE.doc.id,
            trail,
            format!("Stop notifying `{topic}` of the log files of the trail `{}`", trail.name),
            "each log file is a publish, and a delivery to every subscriber".to_owned(),
            Edit::StopNotifications(TrailKey::of(trail)),
        );
        action.kind.push_str(topic);
        findings.actions.push(action);
    }
    Ok(())
}

//! How long log groups keep events.

use super::{on_resource, site};
use crate::domain::Age;
use crate::domain::LossLevel;
use crate::recommend::action::Loss;
use crate::recommend::edit::Edit;
use crate::recommend::error::RecommendError;
use crate::recommend::keep::Need;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Source, Stage};

/// Days proposed, those that PutRetentionPolicy takes (CloudWatch Logs API reference).
const DAYS: [u16; 5] = [30, 90, 180, 365, 731];

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "log-group-retention",
        title: "Let log groups forget",
        finds: "A log group that trails deliver to and that keeps events longer than 90 days, or for ever, while the trail's log \
                files in S3 keep them too. 90 days are proposed, or the shortest length of time that meets `[keep] \
                log_retention` where that is longer.",
        why: "A log group keeps everything for ever unless told otherwise, so that its storage grows month by month.",
        saving: "Storage beyond the retention.",
        loses: "Searching older events in the log group. They stay in the trail's log files.",
        sources: &[Source {
            title: "Amazon CloudWatch Logs API Reference, PutRetentionPolicy",
            address: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
        }],
    },
    stage: Stage::Keeping,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    let demanded = scene.log_retention();
    // A demand of less forbids nothing.
    let wanted = demanded.map_or(90, |own| own.days().max(90));
    let Some(days) = DAYS.into_iter().find(|&own| u32::from(own) >= wanted) else {
        return Ok(());
    };
    let kept = Age::from_days(days);
    for group in &scene.model.inventory.log_groups {
        let feeding: Vec<_> = scene
            .model
            .inventory
            .trails
            .iter()
            .filter(|own| own.logging && own.delivery.log_group.as_ref() == Some(&group.name))
            .collect();
        if feeding.is_empty()
            || group.retention.is_some_and(|own| own <= kept)
            || feeding.iter().any(|own| own.delivery.bucket.is_none())
        {
            continue;
        }
        let before =
            group.retention.map_or_else(|| "for ever".to_owned(), |own| format!("for {} days", own.days()));
        let mut action = on_resource(
            RULE.doc.id,
            site("log group", &group.name, group.account.as_str(), &group.region),
            format!("Keep events in the log group `{}` for {days} days", group.name),
            format!("it keeps them {before}, and the log files in S3 keep them too"),
            Edit::LogRetention(group.name.clone(), kept),
        );
        action.loss =
            Loss::of(LossLevel::Low, &format!("searching events older than {days} days in `{}`", group.name));
        action.breaks = vec![Need::LogRetention(kept)];
        action.slot = Some(format!("log retention {}", group.name));
        action.only_reduces = true;
        action.notes.push("what is older is deleted within some days, and cannot be brought back".to_owned());
        findings.actions.push(action);
    }
    Ok(())
}

//! Event data stores that could be left.

use super::{LAKE_COSTS, on_resource, site};
use crate::domain::LossLevel;
use crate::recommend::action::{Effort, Loss};
use crate::recommend::edit::Edit;
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Source, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "lake-leave",
        title: "Stop ingesting into an event data store",
        finds: "An event data store that is ingesting.",
        why: "Ingestion is charged by the uncompressed gigabyte. A trail that delivers to S3, read with Athena, answers most of \
              the same questions. CloudTrail Lake takes no new customers since 31 May 2026.",
        saving: "Ingestion; what is stored already stays until its retention ends.",
        loses: "Queries and dashboards over new events in the store. Classes that only the store records are lost: then the \
                demands on events forbid it.",
        sources: &[
            LAKE_COSTS,
            Source {
                title: "AWS CloudTrail User Guide, CloudTrail Lake availability change",
                address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-lake-service-availability-change.html",
            },
        ],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for store in &scene.model.inventory.event_data_stores {
        if !store.ingesting {
            continue;
        }
        let mut action = on_resource(
            RULE.doc.id,
            site("event data store", &store.name, store.account.as_str(), &store.home_region),
            format!("Stop ingesting into the event data store `{}`", store.name),
            "a trail's log files in S3, read with Athena, answer most of the same questions".to_owned(),
            Edit::StopStore(store.name.clone()),
        );
        action.loss = Loss::of(LossLevel::High, &format!("queries over new events in `{}`", store.name));
        action.effort = Effort::High;
        action.only_reduces = true;
        findings.actions.push(action);
    }
    Ok(())
}

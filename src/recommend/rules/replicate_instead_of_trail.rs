//! A second trail that only brings a copy of the logs to another bucket.

use super::{TRAIL_COSTS, logging, on_trail, records};
use crate::domain::{EventCategory, Replica, StorageClass, TrailScope};
use crate::recommend::action::Effort;
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::receiver::Receiver;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Source, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "replicate-instead-of-trail",
        title: "Replace a trail that only brings logs to another bucket by S3 replication",
        finds: "A trail of management events that repeats another trail and delivers to another bucket, where something \
                reads that bucket, or `[keep] buckets` says that it goes on receiving logs.",
        why: "A further copy of management events is charged by the event; a copy of the log files is charged by the file \
              and the gigabyte.",
        saving: "The paid copy disappears. What remains is a request for each copied file, the transfer where the buckets \
                 stand in different Regions, and the storage of both copies.",
        loses: "No event. Files arrive some minutes later, and under the first trail's prefix. Replication needs versioning \
                on both buckets.",
        sources: &[
            TRAIL_COSTS,
            Source {
                title: "Amazon S3 User Guide, Replicating objects within and across Regions",
                address: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html",
            },
        ],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    let model = scene.model;
    for (at, trail) in logging(model) {
        let Some(target) = &trail.delivery.bucket else {
            continue;
        };
        let is_needed =
            model.demands.buckets.contains(target) || Receiver::Bucket(target.clone()).is_read(model);
        if !is_needed
            || records(trail, EventCategory::Data)
            || records(trail, EventCategory::NetworkActivity)
            || !scene.coverage.is_recorded_elsewhere(at, EventCategory::Management)
        {
            continue;
        }
        let other = logging(model).into_iter().find(|(other, own)| {
            *other != at
                && records(own, EventCategory::Management)
                && own.delivery.bucket.as_ref().is_some_and(|bucket| bucket != target)
                && (own.scope == trail.scope || own.scope == TrailScope::Organization)
                && (own.multi_region || own.home_region == trail.home_region)
                && records_as_much(scene, *other, at)
        });
        let Some(from) = other.and_then(|(_, own)| own.delivery.bucket.clone()) else {
            continue;
        };
        let mut action = on_trail(
            RULE.doc.id,
            trail,
            format!("Replace the trail `{}` by replication of `{from}` to `{target}`", trail.name),
            "a copied file costs a request; a further copy of its events costs each event".to_owned(),
            Edit::RemoveTrail(TrailKey::of(trail)),
        );
        let replica = Replica { bucket: target.clone(), class: StorageClass::Standard };
        action.edits.push(Edit::Replicate(from, replica));
        action.effort = Effort::Medium;
        action.notes.push(format!(
            "the copies lie under the prefix of the other trail: what reads `{target}` has to look there"
        ));
        action.notes.push(
            "replication turns versioning on in both buckets: expired objects then leave noncurrent \
                           versions, unless the lifecycle deletes these too"
                .to_owned(),
        );
        action.slot = Some(format!("replicate {}", trail.name));
        action.kind.clear();
        findings.actions.push(action);
    }
    Ok(())
}

/// Tells whether a trail records every management event that another one does.
fn records_as_much(scene: &Scene<'_, '_>, trail: usize, other: usize) -> bool {
    let matches = &scene.coverage.matches;
    let classes = scene.coverage.classes.iter().enumerate();
    let mut management = classes.filter(|(_, own)| own.category == EventCategory::Management);
    management.all(|(at, _)| matches[trail][at] >= matches[other][at])
}

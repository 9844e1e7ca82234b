//! Data events about the log buckets themselves.

use super::{DATA_EVENTS, TRAIL_COSTS, logging, on_trail};
use crate::domain::{EventCategory, Field, FieldValue};
use crate::recommend::coverage::bucket_of;
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};
use std::collections::BTreeSet;

const S3_OBJECT: &str = "AWS::S3::Object";

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "log-buckets-in-data-events",
        title: "Take the log buckets out of S3 data events",
        finds: "A trail that records data events of S3 objects, among them those of a bucket that trails deliver to.",
        why: "Each log file that is delivered is an S3 call, and so an event, which is charged and delivered in turn.",
        saving: "The events of the log buckets are neither charged nor filed.",
        loses: "Data events about the log files: who read or deleted them is seen only in S3 server access logs. Keep them \
                where a control asks for proof of who read the logs.",
        sources: &[DATA_EVENTS, TRAIL_COSTS],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (at, trail) in logging(scene.model) {
        let mut prefixes: BTreeSet<String> = BTreeSet::new();
        for class in scene.coverage.recorded_by(at) {
            let own = &scene.coverage.classes[class];
            if own.category != EventCategory::Data || !scene.coverage.is_noise[class] {
                continue;
            }
            if let Some(FieldValue::Exactly(arn) | FieldValue::StartsWith(arn)) =
                own.fields.get(&Field::ResourcesArn)
                && let Some(bucket) = bucket_of(arn)
                && let Some((before, _)) = arn.split_once(":s3:::")
            {
                prefixes.insert(format!("{before}:s3:::{bucket}/"));
            }
        }
        if prefixes.is_empty() {
            continue;
        }
        let names: Vec<&str> = prefixes.iter().filter_map(|own| bucket_of(own)).collect();
        let action = on_trail(
            RULE.doc.id,
            trail,
            format!(
                "Exclude the log buckets `{}` from the data events of the trail `{}`",
                names.join("`, `"),
                trail.name
            ),
            "each delivered log file makes an event that is charged".to_owned(),
            Edit::ExcludeResources(TrailKey::of(trail), S3_OBJECT.to_owned(), prefixes.into_iter().collect()),
        );
        findings.actions.push(action);
    }
    Ok(())
}

//! Log buckets with SSE-KMS and without a Bucket Key.

use super::{on_resource, site};
use crate::recommend::edit::Edit;
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Source, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "bucket-key",
        title: "Turn a Bucket Key on",
        finds: "A log bucket with SSE-KMS and without a Bucket Key, from which somebody reads or replicates.",
        why: "Without a Bucket Key each file that is read is a request to KMS, and each request is a management event on every \
              trail that records KMS.",
        saving: "Some of the readers' requests to KMS. AWS says up to 99 %: the share that you state as `bucket_key_saving` \
                 under `[assumptions]` is used. CloudTrail's own writes are not charged, with or without.",
        loses: "Nothing. CloudTrail's events then name the bucket as encryption context instead of the object.",
        sources: &[Source {
            title: "Amazon S3 User Guide, Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys",
            address: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html",
        }],
    },
    stage: Stage::Keeping,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    let model = scene.model;
    for bucket in &model.inventory.buckets {
        let encrypts = bucket.kms
            || model.inventory.trails.iter().any(|own| {
                own.logging
                    && own.delivery.kms == Some(true)
                    && own.delivery.bucket.as_ref() == Some(&bucket.name)
            });
        let is_read = !bucket.replicas.is_empty()
            || model.inventory.readers.iter().any(|own| own.bucket.as_ref() == Some(&bucket.name));
        if !encrypts || !is_read || bucket.bucket_key_saving.is_some() {
            continue;
        }
        let Some(saving) = scene.bucket_key_saving() else {
            continue;
        };
        let mut action = on_resource(
            RULE.doc.id,
            site("bucket", &bucket.name, bucket.account.as_str(), &bucket.region),
            format!("Turn a Bucket Key on for the bucket `{}`", bucket.name),
            "each file that is read is a request to KMS, and a management event".to_owned(),
            Edit::BucketKey(bucket.name.clone(), Box::new(saving)),
        );
        action.only_reduces = true;
        action.notes.push("it holds for files that are written from then on".to_owned());
        findings.actions.push(action);
    }
    Ok(())
}

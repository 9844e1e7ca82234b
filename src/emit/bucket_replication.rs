//! Copies of a bucket's objects in other buckets.

use super::arn;
use super::bucket::line;
use super::command::Line;
use super::draft::Draft;
use super::hcl::Item;
use super::saved::Restore;
use crate::domain::{Bucket, Inventory};
use serde::Serialize;

/// What stands for the role in the file, as no model knows it.
const PLACEHOLDER: &str = "REPLACE-WITH-THE-REPLICATION-ROLE-ARN";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    bucket: String,
    storage_class: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Status {
    status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    prefix: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Rule {
    #[serde(rename = "ID")]
    id: String,
    priority: usize,
    status: &'static str,
    filter: Filter,
    destination: Destination,
    delete_marker_replication: Status,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    role: &'static str,
    rules: Vec<Rule>,
}

fn configuration(bucket: &Bucket) -> Configuration {
    let rules = bucket
        .replicas
        .iter()
        .enumerate()
        .map(|(at, own)| Rule {
            id: format!("copy-{}", at + 1),
            priority: at + 1,
            status: "Enabled",
            filter: Filter { prefix: "" },
            destination: Destination {
                bucket: arn::bucket(&own.bucket, &bucket.region),
                storage_class: own.class.name(),
            },
            delete_marker_replication: Status { status: "Disabled" },
        })
        .collect();
    Configuration { role: PLACEHOLDER, rules }
}

fn put(draft: &mut Draft, bucket: &Bucket, file: &str) -> Line {
    if bucket.replicas.is_empty() {
        return delete(bucket);
    }
    let path = draft.file(file, &configuration(bucket));
    line("put-bucket-replication", bucket).file("--replication-configuration", &path).edit(
        &path,
        PLACEHOLDER,
        "the ARN of the role by which S3 replicates (aws s3api get-bucket-replication shows it)",
    )
}

fn delete(bucket: &Bucket) -> Line {
    line("delete-bucket-replication", bucket).unless_done("ReplicationConfigurationNotFoundError")
}

/// Writes the change of a bucket's replication, if it changes.
pub(super) fn change(draft: &mut Draft, old: &Bucket, new: &Bucket, before: &Inventory, after: &Inventory) {
    if old.replicas == new.replicas {
        return;
    }
    let words = |own: &Bucket| {
        let copies: Vec<String> =
            own.replicas.iter().map(|own| format!("{} ({})", own.bucket, own.class.name())).collect();
        if copies.is_empty() { "none".to_owned() } else { copies.join(", ") }
    };
    draft.says_from_to("copies in other buckets", &words(old), &words(new));
    let saved = draft.saved_file("replication");
    let save = line("get-bucket-replication", old)
        .saved(&saved, "", "ReplicationConfigurationNotFoundError")
        .because("Saves the bucket's replication");
    draft.save(vec![save]);
    let apply = put(draft, new, "replication.json").because("Sets where new objects are copied to");
    let undo = Restore::new(&saved, line("put-bucket-replication", old).input(&saved))
        .nothing(delete(old))
        .unsaved(put(draft, old, "replication.undo.json"))
        .because("Sets the former copies");
    draft.step_of(apply, undo);
    draft.note(
        "the whole replication is replaced or deleted, with rules that no scenario knows: add those that must stay to the file \
         before; undo.sh puts all of them back",
    );
    draft.note("only objects that arrive later are copied, and copies that are there stay");
    if !new.replicas.is_empty() {
        let versioned = |name: &str| {
            let found = after.buckets.iter().chain(&before.buckets).find(|own| own.name == name);
            found.is_some_and(|own| own.versioning.is_some())
        };
        if new.versioning.is_none() || new.replicas.iter().any(|own| !versioned(&own.bucket)) {
            draft.note(
                "S3 replicates only between buckets with versioning on: turn it on in each of them first",
            );
        }
        let kms = |own: &Bucket| {
            let by_trail = after.trails.iter().any(|trail| {
                trail.delivery.kms == Some(true)
                    && trail.delivery.bucket.as_deref() == Some(own.name.as_str())
            });
            own.kms || by_trail
        };
        if kms(new) {
            draft.note(
                "objects encrypted with SSE-KMS are copied only where a rule says so and names the key of the copies \
                 (SourceSelectionCriteria, EncryptionConfiguration): add both to the file",
            );
        }
        draft.note("a bucket of another account needs a policy that lets the replication role write to it");
    }
    draft.terraform(vec![Item::comment(format!(
        "{}: set the rules of its aws_s3_bucket_replication_configuration resource to these copies: {}.",
        new.name,
        words(new)
    ))]);
}

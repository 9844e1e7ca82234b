//! A bucket's default encryption and Bucket Key.

use super::bucket::line;
use super::command::Line;
use super::draft::Draft;
use super::hcl::{Item, Value};
use super::saved::Restore;
use super::terraform::place;
use super::trail::terraform_variable;
use crate::domain::{Bucket, Inventory};
use serde::Serialize;

/// What stands for the key in the file, as no model knows it.
const PLACEHOLDER: &str = "REPLACE-WITH-THE-KEY-ARN";

#[derive(Serialize)]
struct Default {
    #[serde(rename = "SSEAlgorithm")]
    algorithm: &'static str,
    #[serde(rename = "KMSMasterKeyID", skip_serializing_if = "Option::is_none")]
    key: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Rule {
    apply_server_side_encryption_by_default: Default,
    bucket_key_enabled: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    rules: [Rule; 1],
}

fn put(draft: &mut Draft, bucket: &Bucket, file: &str) -> Line {
    let default = if bucket.kms {
        Default { algorithm: "aws:kms", key: Some(PLACEHOLDER) }
    } else {
        Default { algorithm: "AES256", key: None }
    };
    let rule = Rule {
        apply_server_side_encryption_by_default: default,
        bucket_key_enabled: bucket.bucket_key_saving.is_some(),
    };
    let path = draft.file(file, &Configuration { rules: [rule] });
    let line = line("put-bucket-encryption", bucket).file("--server-side-encryption-configuration", &path);
    let meaning = "the ARN of the KMS key that encrypts the bucket by default (aws s3api get-bucket-encryption shows it)";
    if bucket.kms { line.edit(&path, PLACEHOLDER, meaning) } else { line }
}

/// Writes the change of a bucket's default encryption, if it changes.
pub(super) fn change(draft: &mut Draft, old: &Bucket, new: &Bucket, after: &Inventory) {
    let key = |own: &Bucket| own.bucket_key_saving.is_some();
    if (old.kms, key(old)) == (new.kms, key(new)) {
        return;
    }
    let on_off = |on: bool| if on { "on" } else { "off" };
    if old.kms != new.kms {
        let words = |own: &Bucket| if own.kms { "SSE-KMS" } else { "SSE-S3" };
        draft.says_from_to("default encryption", words(old), words(new));
    }
    if key(old) != key(new) {
        draft.says_from_to("S3 Bucket Key", on_off(key(old)), on_off(key(new)));
    }
    let saved = draft.saved_file("encryption");
    let save = line("get-bucket-encryption", old)
        .saved(&saved, "", "ServerSideEncryptionConfigurationNotFoundError")
        .because("Saves the default encryption");
    draft.save(vec![save]);
    let apply = put(draft, new, "encryption.json")
        .because("Sets the default encryption, with or without a Bucket Key");
    let undo = Restore::new(&saved, line("put-bucket-encryption", old).input(&saved))
        .nothing(line("delete-bucket-encryption", old))
        .unsaved(put(draft, old, "encryption.undo.json"))
        .because("Sets the former default encryption");
    draft.step_of(apply, undo);
    draft.note("only objects that arrive later are encrypted by the new setting");
    let trail = after.trails.iter().find(|own| {
        own.delivery.bucket.as_deref() == Some(new.name.as_str()) && own.delivery.kms == Some(true)
    });
    if key(new) && (new.kms || trail.is_some()) {
        draft.note(
            "with a Bucket Key the encryption context is the bucket's ARN and no longer the object's: key policies that name \
             objects' ARNs must name the bucket",
        );
    }
    let mut default =
        vec![Item::set("sse_algorithm", Value::text(if new.kms { "aws:kms" } else { "AES256" }))];
    let label = draft.label.clone();
    let variable = terraform_variable(&label, "bucket_kms_key");
    if new.kms {
        default.push(Item::set("kms_master_key_id", Value::raw(format!("var.{variable}"))));
    }
    let mut items = place(draft.place(), &new.region);
    items.push(Item::set("bucket", Value::text(&new.name)));
    items.push(Item::block(
        "rule",
        vec![
            Item::set("bucket_key_enabled", Value::raw(key(new))),
            Item::block("apply_server_side_encryption_by_default", default),
        ],
    ));
    let mut all = vec![Item::resource("aws_s3_bucket_server_side_encryption_configuration", &label, items)];
    if new.kms {
        all.push(Item::variable(&variable, "The ARN of the KMS key that encrypts the bucket by default"));
    }
    draft.terraform(all);
}

//! A bucket's settings, from its own resource and from those that set its parts.

use super::buckets::{Parts, age};
use super::fields::Fields;
use super::findings::Findings;
use super::links::Links;
use crate::domain::{BucketSettings, DefaultEncryption, ObjectLock, PublicAccessBlock, Setting};
use crate::sources::terraform::kind::{
    ACCESS_LOGGING, BUCKET, BUCKET_POLICY, ENCRYPTION, OBJECT_LOCK, PUBLIC_ACCESS, VERSIONING,
};

/// What is taken where nobody knows how a bucket encrypts: it costs nothing more.
const NOT_ENCRYPTED: &str = "taken as encrypted by S3's own keys";

/// Says of a block that is not known to be there whether it may be.
fn unset_or_unknown<T>(own: Fields<'_>, key: &str) -> Setting<T> {
    if own.get(key).unknown_part().is_some() { Setting::Unknown } else { Setting::NotSet }
}

/// Fills a bucket's settings. Of a bucket that is not managed only the parts that are can be known.
pub(super) fn bucket(
    own: Option<Fields<'_>>,
    name: &str,
    parts: &Parts<'_>,
    links: &Links<'_>,
    found: &mut BucketSettings,
    findings: &mut Findings,
) {
    let is_managed = own.is_some();
    let or_unset = |found: bool| if found || is_managed { Setting::NotSet } else { Setting::Unknown };
    found.public_access_block = match parts.find(PUBLIC_ACCESS, name) {
        Some(part) => public_access(part, findings),
        None => or_unset(false),
    };
    found.policy = match (parts.find(BUCKET_POLICY, name), own) {
        (Some(_), _) => Setting::Is(true),
        (None, Some(own)) => Setting::Is(own.get("policy").as_bool() == Some(true)),
        (None, None) => Setting::Unknown,
    };
    versioning(own, parts.find(VERSIONING, name), found, findings);
    found.encryption = match (parts.find(ENCRYPTION, name), own) {
        (Some(part), _) => encryption(
            part,
            "rule.apply_server_side_encryption_by_default.kms_master_key_id",
            links,
            findings,
        ),
        (None, Some(own)) => {
            let path = "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id";
            let block = "server_side_encryption_configuration";
            match own.known_block(block, NOT_ENCRYPTED, findings) {
                Some(inline) => encryption(inline, path, links, findings),
                None => unset_or_unknown(own, block),
            }
        }
        (None, None) => Setting::Unknown,
    };
    found.object_lock = object_lock(own, parts.find(OBJECT_LOCK, name), is_managed, findings);
    found.access_logging = match (parts.find(ACCESS_LOGGING, name), own) {
        (Some(part), _) => links.link(part, "target_bucket", "target_bucket", BUCKET, findings).setting(),
        (None, Some(own)) => match own.block("logging", findings) {
            Setting::Is(inline) => {
                links.link(inline, "target_bucket", "logging.target_bucket", BUCKET, findings).setting()
            }
            Setting::NotSet => Setting::NotSet,
            Setting::Unknown => Setting::Unknown,
        },
        (None, None) => Setting::Unknown,
    };
    if !is_managed && found.lifecycle == Setting::Is(false) {
        found.lifecycle = Setting::Unknown;
    }
}

fn public_access(part: Fields<'_>, findings: &mut Findings) -> Setting<PublicAccessBlock> {
    let mut switches = [false; 4];
    let keys = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
    for (own, key) in switches.iter_mut().zip(keys) {
        // A switch that is left out is off (S3 API reference, PublicAccessBlockConfiguration).
        match part.switch(key, findings).is_on() {
            Some(on) => *own = on,
            None => return Setting::Unknown,
        }
    }
    let [block_public_acls, block_public_policy, ignore_public_acls, restrict_public_buckets] = switches;
    Setting::Is(PublicAccessBlock {
        block_public_acls,
        block_public_policy,
        ignore_public_acls,
        restrict_public_buckets,
    })
}

fn versioning(
    own: Option<Fields<'_>>,
    part: Option<Fields<'_>>,
    found: &mut BucketSettings,
    findings: &mut Findings,
) {
    let off = "taken as off";
    if let Some(part) = part {
        match part.known_block("versioning_configuration", off, findings) {
            Some(block) => {
                found.versioning = block.text("status", findings).map(|own| own == "Enabled");
                block.known_text("status", off, findings);
                found.mfa_delete = block.text("mfa_delete", findings).map(|own| own == "Enabled");
            }
            None => found.versioning = unset_or_unknown(part, "versioning_configuration"),
        }
        return;
    }
    let Some(own) = own else { return };
    if let Some(block) = own.known_block("versioning", off, findings) {
        found.versioning = block.switch("enabled", findings);
        block.switch_or("enabled", false, findings);
        found.mfa_delete = block.switch("mfa_delete", findings);
    } else {
        found.versioning = unset_or_unknown(own, "versioning");
        found.mfa_delete = unset_or_unknown(own, "versioning");
    }
}

fn encryption(
    part: Fields<'_>,
    path: &str,
    links: &Links<'_>,
    findings: &mut Findings,
) -> Setting<DefaultEncryption> {
    let Some(rule) = part.known_block("rule", NOT_ENCRYPTED, findings) else {
        return unset_or_unknown(part, "rule");
    };
    let bucket_key = rule.switch("bucket_key_enabled", findings);
    rule.switch_or("bucket_key_enabled", false, findings);
    let by_default = "apply_server_side_encryption_by_default";
    let Some(by_default) = rule.known_block(by_default, NOT_ENCRYPTED, findings) else {
        return Setting::Is(DefaultEncryption {
            algorithm: Setting::Unknown,
            kms_key: Setting::Unknown,
            bucket_key,
        });
    };
    by_default.known_text("sse_algorithm", "taken as AES256", findings);
    let kms_key = links.key(by_default, "kms_master_key_id", path, findings).setting();
    let own_key = "taken as a key of its own, unless it is S3's";
    by_default.known("kms_master_key_id", kms_key.clone(), own_key, findings);
    Setting::Is(DefaultEncryption {
        algorithm: by_default.text("sse_algorithm", findings),
        kms_key,
        bucket_key,
    })
}

fn object_lock(
    own: Option<Fields<'_>>,
    part: Option<Fields<'_>>,
    is_managed: bool,
    findings: &mut Findings,
) -> Setting<ObjectLock> {
    let unlocked = "taken as not locked";
    let inline = || own.and_then(|own| own.known_block("object_lock_configuration", unlocked, findings));
    let set = part.or_else(inline);
    let on = own.map(|own| {
        let read = own.switch("object_lock_enabled", findings);
        own.known("object_lock_enabled", read, unlocked, findings) == Some(true)
    });
    let Some(set) = set else {
        return match (on, is_managed) {
            (Some(true), _) => Setting::Is(ObjectLock { mode: Setting::NotSet, retention: Setting::NotSet }),
            (_, true) => Setting::NotSet,
            (_, false) => Setting::Unknown,
        };
    };
    let nothing = ObjectLock { mode: Setting::NotSet, retention: Setting::NotSet };
    let no_age = "taken as locked for no time";
    let Some(rule) = set.known_block("rule", no_age, findings) else { return Setting::Is(nothing) };
    let Some(retention) = rule.known_block("default_retention", no_age, findings) else {
        return Setting::Is(nothing);
    };
    let days = retention.known_number("days", no_age, findings);
    let years = retention.known_number("years", no_age, findings);
    let days = match (days, years) {
        (Some(days), _) => Some(days),
        (None, Some(years)) => years.checked_mul(365),
        (None, None) => None,
    };
    Setting::Is(ObjectLock {
        mode: retention.text("mode", findings),
        retention: Setting::known(days.and_then(age)),
    })
}

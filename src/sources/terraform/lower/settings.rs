//! A bucket's settings, from its own resource and from those that set its parts.

use super::buckets::{Parts, age};
use super::fields::Fields;
use super::findings::Findings;
use super::links::Links;
use crate::domain::{BucketSettings, DefaultEncryption, ObjectLock, PublicAccessBlock, Setting};
use crate::sources::terraform::kind::{
    ACCESS_LOGGING, BUCKET, BUCKET_POLICY, ENCRYPTION, OBJECT_LOCK, PUBLIC_ACCESS, VERSIONING,
};

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
            match own.block("server_side_encryption_configuration", findings) {
                Setting::Is(inline) => encryption(inline, path, links, findings),
                Setting::NotSet => Setting::NotSet,
                Setting::Unknown => Setting::Unknown,
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
    let inline = own.map(|own| own.block("versioning", findings));
    match (part, inline) {
        (Some(part), _) => match part.block("versioning_configuration", findings) {
            Setting::Is(block) => {
                if let Some(why) = block.why("status") {
                    findings.unknown(part.resource, "versioning_configuration.status", why, "taken as off");
                }
                found.versioning = block.text("status", findings).map(|own| own == "Enabled");
                found.mfa_delete = block.text("mfa_delete", findings).map(|own| own == "Enabled");
            }
            Setting::NotSet => found.versioning = Setting::NotSet,
            Setting::Unknown => {}
        },
        (None, Some(Setting::Is(block))) => {
            found.versioning = block.switch("enabled", findings);
            found.mfa_delete = block.switch("mfa_delete", findings);
        }
        (None, Some(Setting::NotSet)) => {
            (found.versioning, found.mfa_delete) = (Setting::NotSet, Setting::NotSet);
        }
        (None, Some(Setting::Unknown) | None) => {}
    }
}

fn encryption(
    part: Fields<'_>,
    path: &str,
    links: &Links<'_>,
    findings: &mut Findings,
) -> Setting<DefaultEncryption> {
    let rule = match part.block("rule", findings) {
        Setting::Is(rule) => rule,
        Setting::NotSet => return Setting::NotSet,
        Setting::Unknown => return Setting::Unknown,
    };
    let bucket_key = rule.switch("bucket_key_enabled", findings);
    let Setting::Is(by_default) = rule.block("apply_server_side_encryption_by_default", findings) else {
        return Setting::Is(DefaultEncryption {
            algorithm: Setting::Unknown,
            kms_key: Setting::Unknown,
            bucket_key,
        });
    };
    if let Some(why) = by_default.why("sse_algorithm") {
        findings.unknown(part.resource, "sse_algorithm", why, "taken as AES256");
    }
    Setting::Is(DefaultEncryption {
        algorithm: by_default.text("sse_algorithm", findings),
        kms_key: links.key(by_default, "kms_master_key_id", path, findings).setting(),
        bucket_key,
    })
}

fn object_lock(
    own: Option<Fields<'_>>,
    part: Option<Fields<'_>>,
    is_managed: bool,
    findings: &mut Findings,
) -> Setting<ObjectLock> {
    let inline = own.map(|own| own.block("object_lock_configuration", findings));
    let set = match (part, inline) {
        (Some(part), _) => Some(part),
        (None, Some(Setting::Is(own))) => Some(own),
        _ => None,
    };
    let on = own.map(|own| own.switch("object_lock_enabled", findings).is_on() == Some(true));
    let Some(set) = set else {
        return match (on, is_managed) {
            (Some(true), _) => Setting::Is(ObjectLock { mode: Setting::NotSet, retention: Setting::NotSet }),
            (_, true) => Setting::NotSet,
            (_, false) => Setting::Unknown,
        };
    };
    let nothing = ObjectLock { mode: Setting::NotSet, retention: Setting::NotSet };
    let Setting::Is(rule) = set.block("rule", findings) else { return Setting::Is(nothing) };
    let Setting::Is(retention) = rule.block("default_retention", findings) else {
        return Setting::Is(nothing);
    };
    let days = retention.number("days", findings);
    let years = retention.number("years", findings);
    let days = match (days.value(), years.value()) {
        (Some(days), _) => Some(*days),
        (None, Some(years)) => years.checked_mul(365),
        (None, None) => None,
    };
    Setting::Is(ObjectLock {
        mode: retention.text("mode", findings),
        retention: Setting::known(days.and_then(age)),
    })
}

//! Buckets, and who reads them.

use super::amounts::{age, amount, byte_count, optional, percentage, share};
use super::document::{assumed, named};
use super::error::WriteError;
use super::lifecycle;
use super::page::{Entries, Page, Value};
use crate::domain::{
    ArchiveTiers, Bucket, Model, ProvenanceKind, ReadScope, Reader, ReaderKind, RestoreTier, SizeBin,
    StorageClass, TransitionMinimum,
};
use crate::sources::scenario::quantity_text::Expected;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

pub(super) fn buckets(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for bucket in &model.inventory.buckets {
        let what = format!("the bucket `{}`", bucket.name);
        if !seen.insert(&bucket.name) {
            return Err(WriteError::new(what, "its name is there twice"));
        }
        page.table("[[bucket]]", &bucket_entries(bucket, &what)?);
    }
    Ok(())
}

pub(super) fn kms_keys(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for key in &model.inventory.kms_keys {
        if !seen.insert(&key.name) {
            return Err(WriteError::new(format!("the KMS key `{}`", key.name), "its name is there twice"));
        }
        let mut entries = named(&key.name, key.account.as_str(), key.region.as_str());
        if key.versions != 1 {
            entries.put("versions", Value::whole(key.versions.into()));
        }
        page.table("[[kms_key]]", &entries);
    }
    Ok(())
}

fn bucket_entries(bucket: &Bucket, what: &str) -> Result<Entries, WriteError> {
    let mut entries = named(&bucket.name, bucket.account.as_str(), bucket.region.as_str());
    entries.put_list("lifecycle", lifecycle::steps(&bucket.lifecycle, what)?);
    if bucket.transition_minimum == TransitionMinimum::VariesByClass {
        entries.put("transition_minimum", Value::text("varies_by_storage_class"));
    }
    if let Some(versioning) = bucket.versioning {
        let value = match versioning.noncurrent {
            None => Value::flag(true),
            Some(kept) => {
                let mut own = Entries::default();
                own.put("noncurrent_expire", age(kept, what)?);
                Value::Table(own)
            }
        };
        entries.put("versioning", value);
    }
    entries.put_some("object_lock", bucket.object_lock.map(|own| age(own, what)).transpose()?);
    let mut holds = Vec::new();
    for holding in &bucket.holds {
        let mut own = Entries::default();
        put_class(&mut own, holding.class);
        own.put("objects", amount(&holding.objects, Expected::Count, what)?);
        own.put("bytes", amount(&holding.bytes, Expected::Bytes, what)?);
        if holding.age.hours() > 0 {
            own.put("age", age(holding.age, what)?);
        }
        holds.push(Value::Table(own));
    }
    entries.put_list("holds", holds);
    if let Some(arrival) = &bucket.receives {
        let mut own = Entries::default();
        own.put("objects", amount(&arrival.objects, Expected::Count, what)?);
        own.put("bytes", amount(&arrival.bytes, Expected::Bytes, what)?);
        entries.put("receives", Value::Table(own));
    }
    entries.put_list("sizes", sizes(&bucket.sizes, what)?);
    if bucket.archive_tiers != ArchiveTiers::default() {
        let mut own = Entries::default();
        let ArchiveTiers { archive, deep_archive } = bucket.archive_tiers;
        own.put_some("archive_access", archive.map(|own| age(own, what)).transpose()?);
        own.put_some("deep_archive_access", deep_archive.map(|own| age(own, what)).transpose()?);
        entries.put("intelligent_tiering", Value::Table(own));
    }
    let replicas = bucket.replicas.iter().map(|replica| {
        if replica.class == StorageClass::Standard {
            return Value::text(&replica.bucket);
        }
        let mut own = Entries::default();
        own.put("bucket", Value::text(&replica.bucket));
        put_class(&mut own, replica.class);
        Value::Table(own)
    });
    entries.put_list("replicate_to", replicas.collect());
    if bucket.kms {
        entries.put("kms", Value::flag(true));
    }
    if bucket.kms_key_versions != 1 {
        entries.put("kms_key_versions", Value::whole(bucket.kms_key_versions.into()));
    }
    entries.put_some("kms_key", bucket.kms_key.as_deref().map(Value::text));
    if let Some(saving) = &bucket.bucket_key_saving {
        let value = match saving.provenance.kind {
            ProvenanceKind::Assumed => Value::flag(true),
            _ => share(saving, &format!("bucket_key of {what}"))?,
        };
        entries.put("bucket_key", value);
    }
    Ok(entries)
}

fn put_class(entries: &mut Entries, class: StorageClass) {
    if class != StorageClass::Standard {
        entries.put("class", Value::text(class.name()));
    }
}

fn sizes(bins: &[SizeBin], what: &str) -> Result<Vec<Value>, WriteError> {
    let millionths = |own: u32| percentage(Decimal::new(own.into(), 6), what);
    bins.iter()
        .map(|bin| {
            let mut own = Entries::default();
            own.put_some("below", bin.below.map(byte_count));
            own.put("files", millionths(bin.files_ppm)?);
            own.put("bytes", millionths(bin.bytes_ppm)?);
            Ok(Value::Table(own))
        })
        .collect()
}

pub(super) fn readers(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for reader in &model.inventory.readers {
        let what = format!("the reader `{}`", reader.name);
        if !seen.insert(&reader.name) {
            return Err(WriteError::new(what, "its name is there twice"));
        }
        page.table("[[reader]]", &reader_entries(model, reader, &what)?);
    }
    Ok(())
}

fn reader_entries(model: &Model, reader: &Reader, what: &str) -> Result<Entries, WriteError> {
    let mut entries = Entries::default();
    entries.put("name", Value::text(&reader.name));
    let bucket = model.inventory.buckets.iter().find(|own| Some(&own.name) == reader.bucket.as_ref());
    if bucket.is_none_or(|own| own.account != reader.account) {
        entries.put("account", Value::text(reader.account.as_str()));
    }
    if bucket.is_none_or(|own| own.region != reader.region) {
        entries.put("region", Value::text(reader.region.as_str()));
    }
    entries.put_some("bucket", reader.bucket.as_deref().map(Value::text));
    let how = match reader.kind {
        ReaderKind::Get => "get",
        ReaderKind::Athena => "athena",
    };
    entries.put("how", Value::text(how));
    if reader.times.provenance.kind != ProvenanceKind::Assumed {
        entries.put("times", amount(&reader.times, Expected::Number, what)?);
    }
    match &reader.scope {
        ReadScope::Logs { from, to } => {
            let mut own = Entries::default();
            if from.hours() > 0 || to.is_none() {
                own.put("from", age(*from, what)?);
            }
            own.put_some("to", to.map(|own| age(own, what)).transpose()?);
            entries.put("logs", Value::Table(own));
        }
        ReadScope::Given { files, bytes, uncompressed } => {
            entries.put_some("files", optional(files.as_ref(), Expected::Count, what)?);
            let key = if *uncompressed { "uncompressed_bytes" } else { "bytes" };
            entries.put_some(key, optional(bytes.as_ref(), Expected::Bytes, what)?);
        }
    }
    let restore = match reader.restore {
        RestoreTier::Standard => None,
        RestoreTier::Expedited => Some("expedited"),
        RestoreTier::Bulk => Some("bulk"),
    };
    entries.put_some("restore", restore.map(Value::text));
    // Where nothing is archived, nothing is assumed of it either.
    let archives = bucket.is_some_and(|own| model.inventory.archives(own));
    let usual = model.assumption("restore_days").map(|own| own.value.as_str());
    let left_out = if archives { assumed(model, "restore_days") } else { usual };
    if left_out != Some(reader.restore_days.to_string().as_str()) {
        entries.put("restore_days", Value::whole(reader.restore_days.into()));
    }
    Ok(entries)
}

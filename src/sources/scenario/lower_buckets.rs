//! Buckets: what they hold, what arrives, and what becomes of it.

use super::at::At;
use super::document_storage::{
    ArchiveTiersInput, BucketInput, BucketKeyInput, ReplicaInput, SizeInput, TransitionMinimumInput,
    VersioningInput,
};
use super::lower::Lowering;
use super::lower_places::{Asked, Kind};
use super::quantity_text::{Expected, share};
use crate::domain::{
    Age, Amount, AmountValue, ArchiveTiers, Arrival, Bucket, Holding, Provenance, ProvenanceKind, Quantity,
    Replica, SizeBin, StorageClass, TransitionMinimum, Versioning, nearest, parse_decimal,
};
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::ops::Range;

/// Where a bucket stands in the file, for what is said about it later.
#[derive(Debug, Clone)]
pub(super) struct BucketPlaces {
    pub(super) name: Range<usize>,
    /// The age of each step, in the order of the model.
    pub(super) steps: Vec<Range<usize>>,
    pub(super) archive_tiers: Option<Range<usize>>,
}

const MILLION: u32 = 1_000_000;

impl Lowering<'_> {
    pub(super) fn buckets(&mut self, buckets: &[BucketInput]) {
        let mut stated = BTreeSet::new();
        let mut replicas: Vec<(String, At<String>)> = Vec::new();
        for input in buckets {
            let name = input.name.value.clone();
            if !stated.insert(name.clone()) {
                self.error(&input.name.span, format!("the bucket `{name}` occurs twice"));
                continue;
            }
            if let Some(bucket) = self.bucket(input, &mut replicas) {
                self.model.inventory.buckets.push(bucket);
            }
        }
        self.named_only(Kind::Bucket, &stated);
        stated
            .extend(self.mentions.iter().filter(|own| own.kind == Kind::Bucket).map(|own| own.name.clone()));
        for (source, target) in replicas {
            if target.value == source {
                self.error(&target.span, format!("`{source}` cannot be a copy of itself"));
            } else {
                self.known_bucket(&target, &stated);
            }
        }
        self.model.inventory.buckets.sort_by(|left, right| left.name.cmp(&right.name));
        self.bucket_names = stated;
    }

    /// Says so where no bucket has this name.
    pub(super) fn known_bucket(&mut self, name: &At<String>, known: &BTreeSet<String>) -> bool {
        if known.contains(&name.value) {
            return true;
        }
        let near = nearest(&name.value, known.iter().map(String::as_str))
            .map(|near| format!("did you mean `{near}`?"));
        let finding = self.error(&name.span, format!("no bucket is called `{}`", name.value));
        finding.label = near;
        finding.hint = Some(format!("add a [[bucket]] with name = \"{}\"", name.value));
        false
    }

    fn bucket(&mut self, input: &BucketInput, replicas: &mut Vec<(String, At<String>)>) -> Option<Bucket> {
        let name = &input.name.value;
        let asked =
            Asked { word: "bucket", kind: Some(Kind::Bucket), name, span: &input.name.span, stated: true };
        let placed = self.placed(&asked, input.account.as_ref(), input.region.as_ref());
        let transition_minimum = match input.transition_minimum {
            None | Some(TransitionMinimumInput::AllClasses) => TransitionMinimum::AllClasses,
            Some(TransitionMinimumInput::VariesByClass) => TransitionMinimum::VariesByClass,
        };
        let (lifecycle, steps) = self.lifecycle(name, &input.lifecycle, transition_minimum);
        let versioning = self.versioning(input.versioning.as_ref());
        let object_lock = input.object_lock.as_ref().and_then(|age| self.days(age));
        if let (Some(lock), None) = (&input.object_lock, &versioning) {
            self.error(&lock.span, "Object Lock works only in a bucket with versioning".to_owned()).hint =
                Some("add versioning = true, or versioning = { noncurrent_expire = \"30d\" }".to_owned());
        }
        let holds = self.holds(input);
        let receives = input.receives.as_ref().and_then(|arrival| {
            let own = &arrival.value;
            let (objects, bytes) = self.objects(&own.objects, own.bytes.as_ref(), own.size.as_ref())?;
            Some(Arrival { objects, bytes })
        });
        let sizes = self.sizes(&input.sizes);
        let archive_tiers = input
            .intelligent_tiering
            .as_ref()
            .map(|tiers| self.archive_tiers(&tiers.value))
            .unwrap_or_default();
        let copies = self.replicas(name, &input.replicate_to, replicas);
        let kms_key_versions = match &input.kms_key_versions {
            Some(versions) => {
                self.whole(versions, 1..=3, "kms_key_versions", "rotations after the second are not billed")?
            }
            None => 1,
        };
        let kms_key = self.key_of_bucket(input.kms_key.as_ref());
        let bucket_key_saving = input.bucket_key.as_ref().and_then(|own| self.bucket_key(own));
        self.bucket_places.insert(
            name.clone(),
            BucketPlaces {
                name: input.name.span.clone(),
                steps,
                archive_tiers: input.intelligent_tiering.as_ref().map(|own| own.span.clone()),
            },
        );
        let (account, region) = placed?;
        Some(Bucket {
            lifecycle,
            transition_minimum,
            versioning,
            object_lock,
            holds,
            receives,
            sizes,
            archive_tiers,
            replicas: copies,
            kms: input.kms.unwrap_or(false),
            kms_key_versions,
            kms_key,
            bucket_key_saving,
            ..Bucket::plain(name, account, region)
        })
    }

    fn versioning(&mut self, input: Option<&VersioningInput>) -> Option<Versioning> {
        match input? {
            VersioningInput::Switch(on) => on.then(Versioning::default),
            VersioningInput::Table(table) => Some(Versioning {
                noncurrent: table.noncurrent_expire.as_ref().and_then(|age| self.days(age)),
            }),
        }
    }

    fn holds(&mut self, input: &BucketInput) -> Vec<Holding> {
        let mut holds = Vec::new();
        for own in &input.holds {
            let class = match &own.class {
                Some(class) => self.storage_class(class),
                None => Some(StorageClass::Standard),
            };
            let age = match &own.age {
                Some(age) => self.days(age),
                None => Some(Age::from_days(0)),
            };
            let objects = self.objects(&own.objects, own.bytes.as_ref(), own.size.as_ref());
            if let (Some(class), Some(age), Some((objects, bytes))) = (class, age, objects) {
                holds.push(Holding { class, objects, bytes, age });
            }
        }
        holds
    }

    fn sizes(&mut self, inputs: &[At<SizeInput>]) -> Vec<SizeBin> {
        let Some(last) = inputs.last() else {
            return Vec::new();
        };
        let mut bins: Vec<SizeBin> = Vec::new();
        for (at, input) in inputs.iter().enumerate() {
            let is_last = at + 1 == inputs.len();
            let below = input.value.below.as_ref().and_then(|below| self.bytes(below));
            match (&input.value.below, is_last) {
                (Some(below), true) => {
                    self.error(&below.span, "the last size has no end".to_owned()).hint =
                        Some("leave `below` out of the last, or add one without it".to_owned());
                }
                (None, false) => {
                    self.error(&input.span, "only the last size is without `below`".to_owned());
                }
                _ => {}
            }
            if let (Some(below), Some(limit), Some(before)) =
                (&input.value.below, below, bins.last().and_then(|bin| bin.below))
                && limit <= before
            {
                self.error(&below.span, "sizes come from small to large".to_owned()).label =
                    Some(format!("the one before ends at {before} bytes"));
            }
            let files = self.millionths(&input.value.files);
            let bytes = self.millionths(&input.value.bytes);
            if let (Some(files_ppm), Some(bytes_ppm)) = (files, bytes) {
                bins.push(SizeBin { below, files_ppm, bytes_ppm });
            }
        }
        if bins.len() == inputs.len() {
            for (what, sum) in [
                ("files", bins.iter().map(|bin| bin.files_ppm).sum::<u32>()),
                ("bytes", bins.iter().map(|bin| bin.bytes_ppm).sum::<u32>()),
            ] {
                if sum != MILLION {
                    let sum = Decimal::new(i64::from(sum), 4).normalize();
                    self.error(&last.span, format!("the shares of the {what} add up to {sum}%, not to 100%"));
                }
            }
        }
        bins
    }

    fn millionths(&mut self, text: &At<String>) -> Option<u32> {
        let understood = share(&text.value).and_then(|own| {
            let parts = own.checked_mul(Decimal::from(MILLION)).unwrap_or(Decimal::MAX).normalize();
            if parts.is_sign_negative() && !parts.is_zero() || parts > Decimal::from(MILLION) {
                return Err("a share is from 0% to 100%".to_owned());
            }
            parts.to_string().parse().map_err(|_| "at most 4 digits after the point".to_owned())
        });
        understood
            .map_err(|reason| {
                self.error(&text.span, format!("bad percentage `{}`", text.value)).label = Some(reason);
            })
            .ok()
    }

    /// Reads the archive tiers (S3 API reference, Tiering: from 90 and 180 days, up to 730).
    fn archive_tiers(&mut self, input: &ArchiveTiersInput) -> ArchiveTiers {
        let archive = self.tier_days(input.archive_access.as_ref(), 90, "Archive Access");
        let deep_archive = self.tier_days(input.deep_archive_access.as_ref(), 180, "Deep Archive Access");
        if let (Some(first), Some(second), Some(at)) = (archive, deep_archive, &input.deep_archive_access)
            && second <= first
        {
            self.error(&at.span, "Deep Archive Access comes after Archive Access".to_owned()).label =
                Some(format!("later than {first}"));
        }
        ArchiveTiers { archive, deep_archive }
    }

    fn tier_days(&mut self, text: Option<&At<String>>, least: u32, tier: &str) -> Option<Age> {
        let text = text?;
        let age = self.days(text)?;
        if !(least..=730).contains(&age.days()) {
            self.error(&text.span, format!("{tier} cannot begin after {}", text.value)).label =
                Some(format!("from {least}d to 730d without access"));
            return None;
        }
        Some(age)
    }

    fn replicas(
        &mut self,
        bucket: &str,
        inputs: &[At<ReplicaInput>],
        named: &mut Vec<(String, At<String>)>,
    ) -> Vec<Replica> {
        let mut replicas: Vec<Replica> = Vec::new();
        for input in inputs {
            let (name, class) = match &input.value {
                ReplicaInput::Name(name) => (name, None),
                ReplicaInput::Table(table) => (&table.bucket, table.class.as_ref()),
            };
            let class = match class {
                Some(class) => self.storage_class(class),
                None => Some(StorageClass::Standard),
            };
            named.push((bucket.to_owned(), At { span: input.span.clone(), value: name.clone() }));
            if replicas.iter().any(|own| own.bucket == *name) {
                self.error(&input.span, format!("`{bucket}` is replicated to `{name}` twice"));
                continue;
            }
            replicas.extend(class.map(|class| Replica { bucket: name.clone(), class }));
        }
        replicas.sort_by(|left, right| left.bucket.cmp(&right.bucket));
        replicas
    }

    fn bucket_key(&mut self, input: &At<BucketKeyInput>) -> Option<Amount> {
        match &input.value {
            BucketKeyInput::Switch(false) => None,
            BucketKeyInput::Switch(true) => {
                let figure = self.assume("bucket_key_saving");
                let quantity =
                    parse_decimal(&figure).ok().and_then(|own| Quantity::from_decimal(own).ok())?;
                let place = self.place(&input.span);
                let range = self.model.assumption("bucket_key_saving").and_then(|own| own.range);
                Some(Amount {
                    value: range
                        .map_or(AmountValue::Known(quantity), |range| AmountValue::Range(Box::new(range))),
                    provenance: Provenance { kind: ProvenanceKind::Assumed, place },
                })
            }
            BucketKeyInput::Share(share) => self.share_amount(share, &input.span),
        }
    }

    /// Reads what a trail delivers, where it was counted.
    pub(super) fn counted(
        &mut self,
        input: &super::document::TrailInput,
    ) -> (Option<Amount>, Option<Amount>, Option<Amount>) {
        (
            self.optional_amount(input.log_files.as_ref(), Expected::Count),
            self.optional_amount(input.log_bytes.as_ref(), Expected::Bytes),
            self.optional_amount(input.insights_found.as_ref(), Expected::Count),
        )
    }
}

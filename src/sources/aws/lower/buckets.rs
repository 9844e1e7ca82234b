//! The buckets that trails deliver to.

use super::arn::short_name;
use super::lifecycle::lifecycle;
use super::reading::{Reading, amount, answered_about, dimension};
use crate::domain::{
    AccountId, Age, AmountValue, Bucket, Certainty, GapKind, Provenance, ProvenanceKind, Quantity,
    RegionCode, Replica, StorageClass, TrailScope, Versioning,
};
use crate::sources::aws::answers::{BucketEncryption, Operation};
use std::collections::{BTreeMap, BTreeSet};

/// What trails say of a bucket that they deliver to.
#[derive(Default)]
struct Delivered {
    /// The starts of the names of their files.
    folders: Vec<String>,
    owners: BTreeSet<AccountId>,
    homes: BTreeSet<RegionCode>,
}

impl Reading<'_> {
    /// Fills the buckets.
    pub(super) fn buckets(&mut self) {
        let mut wanted: BTreeMap<String, Delivered> = BTreeMap::new();
        for seen in &self.trails {
            let trail = &self.model.inventory.trails[seen.at];
            let Some(bucket) = &trail.delivery.bucket else {
                continue;
            };
            let own = wanted.entry(bucket.clone()).or_default();
            let start = seen
                .prefix
                .as_ref()
                .map_or_else(String::new, |prefix| format!("{}/", prefix.trim_end_matches('/')));
            own.folders.push(match trail.scope {
                // The organization's id stands where an account would.
                TrailScope::Organization | TrailScope::EachAccount => format!("{start}AWSLogs/"),
                TrailScope::Account(_) => format!("{start}AWSLogs/{}/", seen.owner),
            });
            own.owners.insert(seen.owner.clone());
            own.homes.insert(seen.region.clone());
        }
        let mut replicas = Vec::new();
        for (name, delivered) in wanted {
            if let Some(bucket) = self.bucket(&name, &delivered) {
                replicas.extend(
                    bucket
                        .replicas
                        .iter()
                        .map(|own| (own.bucket.clone(), bucket.account.clone(), bucket.region.clone())),
                );
                self.model.inventory.buckets.push(bucket);
            }
        }
        for (name, account, region) in replicas {
            if self.model.inventory.buckets.iter().any(|own| own.name == name) {
                continue;
            }
            let region = self.bucket_region(&name, &region);
            let account = self.bucket_account(&name).unwrap_or(account);
            self.unseen.setting(
                "the settings of buckets with copies",
                &format!("{name} ({account}, {region})"),
                "taken with S3's defaults",
                "describe it in its [[bucket]] of the scenario",
            );
            self.model.inventory.buckets.push(Bucket::plain(&name, account, region));
        }
        self.model.inventory.buckets.sort_by(|one, two| one.name.cmp(&two.name));
    }

    /// Finds whose a bucket is: its metrics are in its owner's account, and else who could read it is taken.
    fn bucket_account(&self, name: &str) -> Option<AccountId> {
        let metrics = self
            .series("AWS/S3", "BucketSizeBytes")
            .into_iter()
            .filter(|(_, own)| dimension(&own.metric, "BucketName") == Some(name) && !own.values.is_empty())
            .find_map(|(asked, _)| asked.account.parse().ok());
        metrics.or_else(|| {
            [
                Operation::GetBucketLifecycleConfiguration,
                Operation::GetBucketVersioning,
                Operation::GetBucketEncryption,
                Operation::GetBucketLocation,
            ]
            .into_iter()
            .flat_map(|operation| self.about(operation, name))
            .filter(|answer| answer.outcome.is_ok())
            .find_map(|answer| answer.asked.account.parse().ok())
        })
    }

    fn bucket_region(&mut self, name: &str, otherwise: &RegionCode) -> RegionCode {
        let location = answered_about!(self, GetBucketLocation, name).next();
        let code = location.map(|(_, own)| match own.location_constraint.as_deref() {
            None | Some("") => "us-east-1".to_owned(),
            Some("EU") => "eu-west-1".to_owned(),
            Some(code) => code.to_owned(),
        });
        if let Some(region) = code.and_then(|code| self.known_region(&code, name)) {
            return region;
        }
        if !self.is_absent(Operation::GetBucketLocation, name) {
            let remedy = self.remedy(Operation::GetBucketLocation, " in the account of the bucket");
            self.unseen.setting("where buckets stand", name, &format!("taken as {otherwise}"), &remedy);
        }
        otherwise.clone()
    }

    fn bucket(&mut self, name: &str, delivered: &Delivered) -> Option<Bucket> {
        if self.is_absent(Operation::GetBucketLocation, name) {
            self.unseen.add(
                GapKind::NotSeen,
                "a trail delivers to a bucket that is not there: ",
                name,
                "; it is estimated as if it were",
                "create the bucket, or name another in the trail",
            );
        }
        let region = self.bucket_region(name, delivered.homes.first()?);
        let found = self.bucket_account(name);
        let account = found.clone().or_else(|| delivered.owners.first().cloned())?;
        let place = format!("bucket {name} ({account}, {region})");
        if found.is_none() {
            let remedy = if self.loose {
                self.remedy(Operation::GetBucketLocation, "")
            } else {
                "measure the account of the bucket too".to_owned()
            };
            self.unseen.setting(
                "the settings of buckets",
                &place,
                "taken as the trail's owner's, with S3's defaults",
                &remedy,
            );
        }
        let mut bucket = Bucket::plain(name, account, region);
        if found.is_none() {
            return Some(bucket);
        }
        let rules = answered_about!(self, GetBucketLifecycleConfiguration, name).next();
        let rules = rules.map(|(_, own)| lifecycle(own, &place, &delivered.folders, &mut self.unseen));
        let rules = rules.unwrap_or_default();
        for own in &rules.without_effect {
            self.found(
                format!("{place}: lifecycle {own}"),
                "left out",
                "s3:GetLifecycleConfiguration",
                Certainty::Exact,
            );
        }
        bucket.lifecycle = rules.steps;
        bucket.transition_minimum = rules.minimum;
        let versioning = answered_about!(self, GetBucketVersioning, name).next();
        if versioning.is_some_and(|(_, own)| own.status.as_deref() == Some("Enabled")) {
            bucket.versioning = Some(Versioning { noncurrent: rules.noncurrent });
        }
        let lock = answered_about!(self, GetObjectLockConfiguration, name).next();
        if let (Some((_, lock)), true) = (lock.filter(|(_, own)| own.enabled), bucket.versioning.is_some()) {
            let days = match (lock.days, lock.years) {
                (Some(days), _) => Some(days),
                (None, Some(years)) => years.checked_mul(365),
                (None, None) => None,
            };
            bucket.object_lock = days.and_then(|days| u16::try_from(days).ok()).map(Age::from_days);
        }
        let encryption = answered_about!(self, GetBucketEncryption, name).next().map(|(_, own)| own.clone());
        self.encryption(&mut bucket, encryption.unwrap_or_default());
        self.replication(&mut bucket, &place, &delivered.folders);
        bucket.holds = self.holdings(name, &place);
        Some(bucket)
    }

    fn encryption(&mut self, bucket: &mut Bucket, own: BucketEncryption) {
        bucket.kms = own.sse_algorithm.is_some_and(|name| name.starts_with("aws:kms"));
        if own.bucket_key_enabled != Some(true) {
            return;
        }
        let figure = self.assume("bucket_key_saving");
        let range = self.model.assumption("bucket_key_saving").and_then(|own| own.range);
        let quantity =
            crate::domain::parse_decimal(&figure).ok().and_then(|own| Quantity::from_decimal(own).ok());
        bucket.bucket_key_saving = quantity.map(|quantity| {
            let value =
                range.map_or(AmountValue::Known(quantity), |range| AmountValue::Range(Box::new(range)));
            let own = amount(value);
            let provenance = Provenance { kind: ProvenanceKind::Assumed, ..own.provenance };
            crate::domain::Amount { provenance, ..own }
        });
    }

    fn replication(&mut self, bucket: &mut Bucket, place: &str, folders: &[String]) {
        let Some((_, own)) = answered_about!(self, GetBucketReplication, &bucket.name).next() else {
            return;
        };
        for rule in &own.rules {
            let prefix = rule.prefix.as_deref().unwrap_or_default();
            let target = short_name(&rule.bucket).to_owned();
            if !folders.iter().all(|own| own.starts_with(prefix)) {
                self.unseen.add(
                    GapKind::NotSeen,
                    &format!("a replication rule to {target} holds for a part of the files ({prefix}); left out of "),
                    place,
                    "",
                    "look at the bucket's replication rules",
                );
                continue;
            }
            let class = rule.storage_class.as_deref().and_then(StorageClass::from_name);
            let twice = bucket.replicas.iter().any(|own| own.bucket == target);
            if !twice && target != bucket.name {
                bucket.replicas.push(Replica { bucket: target, class: class.unwrap_or_default() });
            }
        }
        bucket.replicas.sort_by(|one, two| one.bucket.cmp(&two.bucket));
    }
}

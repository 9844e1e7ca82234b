//! The buckets that trails deliver to, and those that get copies.

use super::fields::Fields;
use super::findings::Findings;
use super::lifecycle;
use super::links::Link;
use super::settings;
use super::side::Reading;
use crate::domain::{
    AccountId, Age, Bucket, BucketSettings, DefaultEncryption, GapKind, ObjectLock, RegionCode, Replica,
    Setting, StorageClass, Subject, Versioning,
};
use crate::sources::aws::answers::LifecycleAnswer;
use crate::sources::aws::lower::lifecycle::lifecycle as effective;
use crate::sources::terraform::kind::{
    ACCESS_LOGGING, BUCKET, BUCKET_POLICY, ENCRYPTION, LIFECYCLE, OBJECT_LOCK, PUBLIC_ACCESS, REPLICATION,
    VERSIONING,
};
use crate::sources::terraform::resource::Resource;
use std::collections::{BTreeMap, BTreeSet};

/// What is done without a destination that is not known.
const NO_COPIES: &str = "what it copies is left out";
/// What is taken of a rule whose files are not known.
const ALL_FILES: &str = "taken as all files";

/// The resources that set a bucket's parts, by the bucket's name.
pub(super) struct Parts<'a> {
    of: BTreeMap<&'static str, BTreeMap<String, Vec<&'a Resource>>>,
}

impl<'a> Parts<'a> {
    fn new(reading: &mut Reading<'a>) -> Self {
        let kinds = [
            LIFECYCLE,
            ENCRYPTION,
            VERSIONING,
            PUBLIC_ACCESS,
            REPLICATION,
            OBJECT_LOCK,
            BUCKET_POLICY,
            ACCESS_LOGGING,
        ];
        let of = kinds.map(|kind| {
            let found = reading.links.parts(reading.resources, kind, "bucket", BUCKET, &mut reading.findings);
            (kind, found)
        });
        Self { of: of.into_iter().collect() }
    }

    /// Returns the addresses of everything that sets a part of a bucket.
    fn addresses(&self, bucket: &str) -> Vec<&'a str> {
        let all = self.of.values().filter_map(|own| own.get(bucket)).flatten();
        all.map(|own| own.address.as_str()).collect()
    }

    /// Returns the resource that sets a part of a bucket.
    pub(super) fn find(&self, kind: &str, bucket: &str) -> Option<Fields<'a>> {
        let own = self.of.get(kind)?.get(bucket)?.last()?;
        Some(Fields::of(own))
    }
}

/// What trails say of a bucket that they deliver to.
#[derive(Default)]
struct Delivered {
    folders: Vec<String>,
    keys: Vec<Link>,
    place: Option<(AccountId, RegionCode)>,
}

impl<'a> Reading<'a> {
    /// Fills the buckets, and returns the starts of the names of the files that trails deliver to each.
    pub(super) fn buckets(&mut self) -> BTreeMap<String, BTreeSet<String>> {
        let parts = Parts::new(self);
        let mut wanted: BTreeMap<String, Delivered> = BTreeMap::new();
        for (seen, trail) in self.seen.iter().zip(&self.inventory.trails) {
            let Some(name) = seen.bucket.name() else { continue };
            let own = wanted.entry(name).or_default();
            let start = seen
                .prefix
                .as_ref()
                .map_or_else(String::new, |own| format!("{}/", own.trim_end_matches('/')));
            let account = self.places.known_account(seen.resource);
            // Digests and Insights events stand in folders beside that of the log files.
            let is_alone = trail.delivery.log_file_validation == Some(false) && trail.insights.is_empty();
            own.folders.push(match (&account, seen.is_organization) {
                (Some(account), false) if is_alone => format!("{start}AWSLogs/{account}/CloudTrail/"),
                (Some(account), false) => format!("{start}AWSLogs/{account}/"),
                _ => format!("{start}AWSLogs/"),
            });
            own.keys.push(seen.key.clone());
            let place = match &trail.scope {
                crate::domain::TrailScope::Account(account) => Some(account.clone()),
                _ => account.or_else(|| "000000000000".parse().ok()),
            };
            own.place = own.place.take().or(place.map(|account| (account, trail.home_region.clone())));
        }
        if self.everything {
            for own in self.of(BUCKET) {
                wanted.entry(own.address.clone()).or_default();
            }
        }
        let folders = wanted.iter().map(|(name, own)| (name.clone(), own.folders.iter().cloned().collect()));
        let folders = folders.collect();
        self.led_buckets(&mut wanted);
        let mut done = BTreeSet::new();
        while let Some((name, delivered)) = wanted.pop_first() {
            if !done.insert(name.clone()) {
                continue;
            }
            let Some(bucket) = self.bucket(&name, &delivered, &parts) else { continue };
            for part in parts.addresses(&name) {
                self.findings.spread(part, &name);
            }
            for own in &bucket.replicas {
                let next = wanted.entry(own.bucket.clone()).or_default();
                next.place = next.place.take().or(Some((bucket.account.clone(), bucket.region.clone())));
            }
            self.inventory.buckets.push(bucket);
        }
        folders
    }

    /// Adds the buckets that trails of either side lead to. What such a bucket holds lies where the trails put it.
    fn led_buckets(&self, wanted: &mut BTreeMap<String, Delivered>) {
        for (name, led) in &self.led.buckets {
            let Some(name) = self.led_name(BUCKET, name, &led.stand) else { continue };
            let own = wanted.entry(name).or_default();
            own.place = own.place.take().or(led.stand.clone());
            if own.folders.is_empty() {
                own.folders = led.folders.iter().cloned().collect();
            }
        }
    }

    fn bucket(&mut self, name: &str, delivered: &Delivered, parts: &Parts<'a>) -> Option<Bucket> {
        let resource = self.links.resource(name);
        let place = match resource {
            Some(own) => self.place(own),
            None => delivered.place.clone(),
        };
        if resource.is_none() {
            self.unmanaged.insert(name.to_owned());
        }
        let (account, region) = place?;
        let mut bucket = Bucket::plain(name, account, region);
        let own = resource.map(Fields::of);
        let findings = &mut self.findings;
        let rules = match (parts.find(LIFECYCLE, name), own) {
            (Some(part), _) => lifecycle::configuration(part, findings),
            (None, Some(own)) => lifecycle::inline(own, findings),
            (None, None) => LifecycleAnswer::default(),
        };
        let found = findings.of(name, |unseen| effective(&rules, name, &delivered.folders, unseen));
        bucket.lifecycle = found.steps;
        bucket.transition_minimum = found.minimum;
        let mut own_settings = BucketSettings {
            subject: resource.map_or_else(
                || Subject { name: name.to_owned(), ..Subject::default() },
                |own| self.places_subject(own),
            ),
            lifecycle: Setting::Is(rules.rules.iter().any(|rule| rule.status == "Enabled")),
            ..BucketSettings::default()
        };
        settings::bucket(own, name, parts, &self.links, &mut own_settings, &mut self.findings);
        let is_locked = matches!(own_settings.object_lock, Setting::Is(_));
        if own_settings.versioning.is_on() == Some(true) || is_locked {
            bucket.versioning = Some(Versioning { noncurrent: found.noncurrent });
        }
        if let Setting::Is(ObjectLock { retention, .. }) = &own_settings.object_lock {
            bucket.object_lock = retention.value().copied();
        }
        self.encryption(&mut bucket, &own_settings, delivered);
        bucket.replicas = self.replicas(own, name, parts, &delivered.folders);
        self.settings.buckets.push(own_settings);
        Some(bucket)
    }

    /// Says which key encrypts what stands in a bucket.
    fn encryption(&mut self, bucket: &mut Bucket, own: &BucketSettings, delivered: &Delivered) {
        let mut keys: Vec<Link> = delivered.keys.iter().filter(|own| **own != Link::Unset).cloned().collect();
        if let Setting::Is(DefaultEncryption { algorithm, kms_key, bucket_key }) = &own.encryption {
            bucket.kms = algorithm.value().is_some_and(|own| own.starts_with("aws:kms"));
            if bucket_key.is_on() == Some(true) {
                bucket.bucket_key_saving = self.figure("bucket_key_saving");
            }
            if bucket.kms {
                keys.insert(
                    0,
                    match kms_key {
                        Setting::Is(own) if self.links.resource(own).is_some() => Link::Managed(own.clone()),
                        Setting::Is(own) => Link::Named(own.clone()),
                        Setting::NotSet => Link::Named("alias/aws/s3".to_owned()),
                        Setting::Unknown => Link::Unknown,
                    },
                );
            }
        }
        for key in &keys {
            let name = match key {
                Link::Managed(address) => {
                    self.keys.insert(address.clone());
                    address.clone()
                }
                Link::Named(own) => self.other_key(own, &bucket.account, &bucket.region),
                Link::Unset | Link::Unknown => continue,
            };
            bucket.kms_key = Some(bucket.kms_key.take().unwrap_or(name));
        }
    }

    fn replicas(
        &mut self,
        own: Option<Fields<'a>>,
        name: &str,
        parts: &Parts<'a>,
        folders: &[String],
    ) -> Vec<Replica> {
        let findings = &mut self.findings;
        let (rules, path) = match (parts.find(REPLICATION, name), own) {
            (Some(part), _) => (part.known_blocks("rule", NO_COPIES, findings), "rule.destination.bucket"),
            (None, Some(own)) => match own.known_block("replication_configuration", NO_COPIES, findings) {
                Some(inline) => (
                    inline.known_blocks("rules", NO_COPIES, findings),
                    "replication_configuration.rules.destination.bucket",
                ),
                None => return Vec::new(),
            },
            (None, None) => return Vec::new(),
        };
        let mut all: Vec<Replica> = Vec::new();
        for rule in rules {
            let status = rule.known_text("status", "taken as Enabled", findings);
            if status.as_deref() == Some("Disabled") {
                continue;
            }
            // Log files have no tags.
            if asks_for_tags(rule, findings) {
                continue;
            }
            let prefix = replicated_prefix(rule, findings);
            let Some(destination) = rule.known_block("destination", NO_COPIES, findings) else { continue };
            let target = self.links.link(destination, "bucket", path, BUCKET, findings).name();
            let Some(target) = target.map(|own| own.trim_start_matches("arn:aws:s3:::").to_owned()) else {
                if let Some(why) = destination.why("bucket") {
                    findings.unknown(rule.resource, path, why, NO_COPIES);
                }
                continue;
            };
            if !folders.iter().all(|own| own.starts_with(&prefix)) {
                findings.add(
                    GapKind::NotSeen,
                    &format!("a replication rule holds for a part of the files ({prefix}); left out of "),
                    name,
                    "",
                    "look at the bucket's replication rules",
                );
                continue;
            }
            if target == name {
                continue;
            }
            extras(destination, name, findings);
            let class = destination.known_text("storage_class", "taken as STANDARD", findings);
            let class = class.and_then(|own| StorageClass::from_name(&own)).unwrap_or_default();
            if !all.iter().any(|own| own.bucket == target) {
                all.push(Replica { bucket: target, class });
            }
        }
        all.sort_by(|one, two| one.bucket.cmp(&two.bucket));
        all
    }
}

/// Tells whether a replication rule holds for files with tags only.
fn asks_for_tags(rule: Fields<'_>, findings: &mut Findings) -> bool {
    let Setting::Is(filter) = rule.block("filter", findings) else { return false };
    let all = filter.block("and", findings);
    lifecycle::has_tags(filter, "tag", findings)
        || lifecycle::has_tags(filter, "tags", findings)
        || all.value().is_some_and(|own| lifecycle::has_tags(*own, "tags", findings))
}

/// Names what copies cost beside requests, transfer and storage: no table has a price of it.
fn extras(destination: Fields<'_>, bucket: &str, findings: &mut Findings) {
    for (key, what) in [
        ("replication_time", "S3 Replication Time Control, which is charged for each GB copied from "),
        ("metrics", "S3 replication metrics, which are charged as custom metrics, of "),
    ] {
        let Setting::Is(own) = destination.block(key, findings) else { continue };
        if own.text("status", findings) != Setting::Is("Disabled".to_owned()) {
            findings.left_out(what, bucket, "no price of it is known here: look at the S3 pricing page");
        }
    }
}

fn replicated_prefix(rule: Fields<'_>, findings: &mut Findings) -> String {
    let own = rule.known_text("prefix", ALL_FILES, findings);
    let filter = rule.known_block("filter", ALL_FILES, findings).and_then(|filter| {
        let own = filter.known_text("prefix", ALL_FILES, findings);
        own.or_else(|| {
            filter.known_block("and", ALL_FILES, findings)?.known_text("prefix", ALL_FILES, findings)
        })
    });
    own.or(filter).unwrap_or_default()
}

/// Returns a number of days as an age.
pub(super) fn age(days: u32) -> Option<Age> {
    u16::try_from(days).ok().map(Age::from_days)
}

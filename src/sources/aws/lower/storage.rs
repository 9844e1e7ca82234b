//! What a bucket holds, by CloudWatch's daily storage metrics.

use super::reading::{Reading, dimension, measured};
use super::window::{bytes_text, count_text, day_of, figure, whole};
use crate::domain::{Age, Certainty, Date, GapKind, Holding, StorageClass};
use crate::sources::aws::answers::Operation;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The classes by CloudWatch's storage types; overheads are billed beside the objects and computed from their number.
///
/// Source: S3 user guide, "S3 CloudWatch metrics", dimension StorageType.
const TYPES: [(&str, StorageClass); 14] = [
    ("StandardStorage", StorageClass::Standard),
    ("ReducedRedundancyStorage", StorageClass::Standard),
    ("StandardIAStorage", StorageClass::StandardIa),
    ("OneZoneIAStorage", StorageClass::OneZoneIa),
    ("IntelligentTieringFAStorage", StorageClass::IntelligentTiering),
    ("IntelligentTieringIAStorage", StorageClass::IntelligentTiering),
    ("IntelligentTieringAIAStorage", StorageClass::IntelligentTiering),
    ("IntelligentTieringAAStorage", StorageClass::IntelligentTiering),
    ("IntelligentTieringDAAStorage", StorageClass::IntelligentTiering),
    ("GlacierInstantRetrievalStorage", StorageClass::GlacierInstantRetrieval),
    ("GlacierStorage", StorageClass::GlacierFlexibleRetrieval),
    ("GlacierStagingStorage", StorageClass::GlacierFlexibleRetrieval),
    ("DeepArchiveStorage", StorageClass::DeepArchive),
    ("DeepArchiveStagingStorage", StorageClass::DeepArchive),
];
/// Metadata that S3 keeps beside each object of an archive class: 32 KB, so that objects can be counted by it.
const OVERHEADS: [(&str, StorageClass); 2] = [
    ("GlacierObjectOverhead", StorageClass::GlacierFlexibleRetrieval),
    ("DeepArchiveObjectOverhead", StorageClass::DeepArchive),
];

/// The values of a bucket's storage metrics, by storage type and day.
type ByType = BTreeMap<String, BTreeMap<Date, Decimal>>;

impl Reading<'_> {
    fn by_type(&self, metric: &str, bucket: &str) -> ByType {
        let mut found = ByType::new();
        for (_, series) in self.series("AWS/S3", metric) {
            if dimension(&series.metric, "BucketName") != Some(bucket) {
                continue;
            }
            let own = found
                .entry(dimension(&series.metric, "StorageType").unwrap_or_default().to_owned())
                .or_default();
            for value in &series.values {
                if let (Some(day), Some(figure)) = (day_of(&value.timestamp), figure(&value.value)) {
                    own.insert(day, figure);
                }
            }
        }
        found
    }

    /// Returns what a bucket holds, class by class.
    pub(super) fn holdings(&mut self, bucket: &str, place: &str) -> Vec<Holding> {
        let sizes = self.by_type("BucketSizeBytes", bucket);
        let Some(day) = sizes.values().filter_map(|own| own.keys().next_back()).max().copied() else {
            let remedy = self
                .remedy(Operation::GetMetricData, " and cloudwatch:ListMetrics in the account of the bucket");
            self.unseen.setting("what buckets hold already", place, "taken as empty", &remedy);
            return Vec::new();
        };
        let on_day = |name: &str| sizes.get(name).and_then(|own| own.get(&day)).copied();
        let mut bytes: BTreeMap<StorageClass, Decimal> = BTreeMap::new();
        for (name, class) in TYPES {
            if let Some(own) = on_day(name).filter(|own| !own.is_zero()) {
                let sum = bytes.entry(class).or_default();
                *sum = sum.saturating_add(own);
            }
        }
        self.growth(&sizes, place);
        let overheads: BTreeMap<StorageClass, Decimal> = OVERHEADS
            .into_iter()
            .filter_map(|(name, class)| {
                Some((class, on_day(name)?.checked_div(Decimal::from(32 << 10))?.round()))
            })
            .collect();
        let numbers = self.by_type("NumberOfObjects", bucket);
        let total = numbers
            .get("AllStorageTypes")
            .and_then(|own| own.get(&day).or_else(|| own.values().next_back()))
            .copied();
        let objects = self.split(&bytes, &overheads, total, place);
        let how = format!("CloudWatch AWS/S3 BucketSizeBytes and NumberOfObjects, {}", day.long());
        let mut holds = Vec::new();
        for (class, own) in bytes {
            let (Some(bytes), Some(objects)) =
                (whole(own), objects.get(&class).copied().and_then(whole).filter(|own| !own.is_zero()))
            else {
                let remedy = self.remedy(Operation::GetMetricData, "");
                self.unseen.setting(
                    &format!("how many objects in {} it has", class.name()),
                    place,
                    "left out",
                    &remedy,
                );
                continue;
            };
            self.found(
                format!("{place}: in {}", class.name()),
                format!("{}, {} objects, taken as of age 0", bytes_text(own), count_text(objects.rounded(0))),
                how.clone(),
                Certainty::Exact,
            );
            holds.push(Holding {
                class,
                objects: measured(objects),
                bytes: measured(bytes),
                age: Age::from_days(0),
            });
        }
        holds
    }

    /// Counts the objects of each class: of archives by their metadata, of the only other class by what is left.
    fn split(
        &mut self,
        bytes: &BTreeMap<StorageClass, Decimal>,
        overheads: &BTreeMap<StorageClass, Decimal>,
        total: Option<Decimal>,
        place: &str,
    ) -> BTreeMap<StorageClass, Decimal> {
        let mut objects: BTreeMap<StorageClass, Decimal> = BTreeMap::new();
        let Some(total) = total else {
            return objects;
        };
        if let [only] = bytes.keys().collect::<Vec<_>>().as_slice() {
            objects.insert(**only, total.max(Decimal::ONE));
            return objects;
        }
        let mut rest = total;
        for (class, count) in overheads.iter().filter(|(class, _)| bytes.contains_key(class)) {
            objects.insert(*class, (*count).max(Decimal::ONE));
            rest = (rest - count).max(Decimal::ZERO);
        }
        let others: Vec<StorageClass> =
            bytes.keys().filter(|own| !objects.contains_key(own)).copied().collect();
        let sum: Decimal = others.iter().filter_map(|own| bytes.get(own)).sum();
        for class in &others {
            let own = bytes.get(class).copied().unwrap_or_default();
            let share = rest.checked_mul(own).and_then(|own| own.checked_div(sum)).unwrap_or_default();
            objects.insert(*class, share.round().max(Decimal::ONE));
        }
        if others.len() > 1 {
            self.unseen.add(
                GapKind::NotSeen,
                "CloudWatch counts the objects of all classes together; they are split by bytes: ",
                place,
                "",
                "an S3 inventory has them class by class",
            );
        }
        objects
    }

    fn growth(&mut self, sizes: &ByType, place: &str) {
        let Some(window) = self.window else {
            return;
        };
        let classes = TYPES.map(|(name, _)| name);
        let mut by_day: BTreeMap<Date, Decimal> = BTreeMap::new();
        for (_, values) in sizes.iter().filter(|(name, _)| classes.contains(&name.as_str())) {
            for (day, value) in values {
                let sum = by_day.entry(*day).or_default();
                *sum = sum.saturating_add(*value);
            }
        }
        let (Some((first, start)), Some((last, end))) = (by_day.first_key_value(), by_day.last_key_value())
        else {
            return;
        };
        let days = last.days_since(*first);
        let monthly = (*end - *start)
            .checked_mul(Decimal::from(window.month_days))
            .and_then(|own| own.checked_div(Decimal::from(days.max(1))));
        if let (true, Some(monthly)) = (days > 0, monthly) {
            self.found(
                format!("{place}: growth in a month"),
                bytes_text(monthly.round()),
                format!("CloudWatch AWS/S3 BucketSizeBytes, {} and {}", first.long(), last.long()),
                Certainty::Close,
            );
        }
    }
}

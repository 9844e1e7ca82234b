//! What lifecycles do to the demands on logs: how long they are kept, and how fast they can be read.
//!
//! In: buckets, and what must be kept. Out: findings. It is a statement about the configuration alone: no volumes, no prices.

use super::bucket::{Bucket, LifecycleAction, LifecycleRule, TransitionMinimum};
use super::demands::Demands;
use super::model::Model;
use super::period::Age;
use super::storage::{SMALL_OBJECT_KB, StorageClass};
use std::collections::BTreeSet;

/// Below this many bytes an object moves only where a rule names sizes, or the bucket lets it.
const SMALL_OBJECT_BYTES: u64 = SMALL_OBJECT_KB << 10;

/// Hours to read an object in Intelligent-Tiering's Archive Access and Deep Archive Access tiers, at most, with a standard
/// retrieval (S3 user guide, Understanding archive retrieval options).
const ARCHIVE_TIER_HOURS: (u32, u32) = (5, 12);

/// Which objects a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectSizes {
    /// Objects of every size.
    All,
    /// Those of 128 KB and more.
    Large,
    /// Those under 128 KB, which do not move by default.
    Small,
}

/// What breaks a demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaker {
    /// The step of the bucket's lifecycle at this position.
    Step(usize),
    /// An archive tier of Intelligent-Tiering.
    ArchiveTier,
}

/// How fast logs can be read that are younger than an age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readability {
    /// The age.
    pub age: Age,
    /// The time within which they must be readable.
    pub within: Age,
    /// The slowest class that one of them can be in.
    pub class: StorageClass,
    /// The hours that reading takes, at most; `None` where some of them are deleted already.
    pub hours: Option<u32>,
    /// Whether the demand is met, by the bucket or by a copy.
    pub met: bool,
    /// What breaks it in the bucket itself.
    pub broken_by: Option<Breaker>,
    /// The bucket whose copies meet it where the bucket itself does not.
    pub copy: Option<String>,
}

/// How a bucket that trails deliver to stands to the demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionCheck {
    /// The bucket's name.
    pub bucket: String,
    /// The objects that this is about.
    pub objects: ObjectSizes,
    /// How long they are kept, noncurrent versions included; `None` is for ever.
    pub kept_for: Option<Age>,
    /// Whether that is as long as demanded, in the bucket or as a copy. Without a demand it is.
    pub retention_met: bool,
    /// What deletes them too early in the bucket itself.
    pub retention_broken_by: Option<Breaker>,
    /// The bucket whose copies are kept long enough where the bucket's own objects are not.
    pub retention_copy: Option<String>,
    /// The demands on reading, by rising age.
    pub readable: Vec<Readability>,
}

impl Model {
    /// Holds every bucket that a trail delivers to against the demands.
    ///
    /// One check where objects of all sizes fare alike, else one for the large and one for the small.
    pub fn retention_checks(&self) -> Vec<RetentionCheck> {
        let inventory = &self.inventory;
        let delivered: BTreeSet<&str> =
            inventory.trails.iter().filter_map(|trail| trail.delivery.bucket.as_deref()).collect();
        inventory
            .buckets
            .iter()
            .filter(|bucket| delivered.contains(bucket.name.as_str()))
            .flat_map(|bucket| bucket_checks(bucket, &inventory.buckets, &self.demands))
            .collect()
    }

    /// Returns how long what is delivered to a bucket is kept, there or as a copy, whatever its size; `None` is for ever,
    /// which also holds for a bucket that is not described.
    pub fn kept_for(&self, bucket: &str) -> Option<Age> {
        let buckets = &self.inventory.buckets;
        let own = buckets.iter().find(|own| own.name == bucket)?;
        let demands = Demands::default();
        let of = |objects| {
            let copies = own.replicas.iter().filter_map(|copy| {
                let target = buckets.iter().find(|other| other.name == copy.bucket)?;
                Some(own_check(target, copy.class, objects, &demands).kept_for)
            });
            let first = own_check(own, StorageClass::Standard, objects, &demands).kept_for;
            // The longest: without an end where one of them has none.
            copies.fold(first, |longest, copy| longest.zip(copy).map(|(left, right)| left.max(right)))
        };
        [of(ObjectSizes::Large), of(ObjectSizes::Small)].into_iter().flatten().min()
    }
}

/// Returns the checks of one bucket; `others` are searched for its replicas.
fn bucket_checks(bucket: &Bucket, others: &[Bucket], demands: &Demands) -> Vec<RetentionCheck> {
    let copies: Vec<(&Bucket, StorageClass)> = bucket
        .replicas
        .iter()
        .filter_map(|replica| {
            let target = others.iter().find(|own| own.name == replica.bucket)?;
            Some((target, replica.class))
        })
        .collect();
    let check = |objects| {
        // CloudTrail delivers to S3 Standard.
        let mut check = own_check(bucket, StorageClass::Standard, objects, demands);
        for &(copy, class) in &copies {
            check.add_copy(&own_check(copy, class, objects, demands));
        }
        check
    };
    let (large, small) = (check(ObjectSizes::Large), check(ObjectSizes::Small));
    let alike = RetentionCheck { objects: ObjectSizes::All, ..large.clone() };
    if (RetentionCheck { objects: ObjectSizes::All, ..small.clone() }) == alike {
        vec![alike]
    } else {
        vec![large, small]
    }
}

impl RetentionCheck {
    /// Takes note of what a copy meets and the bucket itself does not.
    fn add_copy(&mut self, copy: &Self) {
        if !self.retention_met && copy.retention_met {
            self.retention_met = true;
            self.retention_copy = Some(copy.bucket.clone());
        }
        for (own, other) in self.readable.iter_mut().zip(&copy.readable) {
            if !own.met && other.met {
                own.met = true;
                own.copy = Some(copy.bucket.clone());
            }
        }
    }
}

/// Where an object is from an age on.
#[derive(Debug, Clone, Copy)]
struct Stage {
    from: Age,
    class: StorageClass,
    hours: u32,
    by: Option<Breaker>,
}

/// The way of an object of one size.
#[derive(Debug)]
struct Path {
    stages: Vec<Stage>,
    /// The age at which nothing is left of it.
    gone: Option<(Age, Breaker)>,
}

/// Tells whether an object of this size takes the step, as far as its size has a say.
fn takes(bucket: &Bucket, step: &LifecycleRule, size: u64) -> bool {
    let matches =
        step.larger_than.is_none_or(|least| size > least) && step.smaller_than.is_none_or(|most| size < most);
    let moves = match step.action {
        LifecycleAction::Expire => true,
        LifecycleAction::Transition(to) => {
            size >= SMALL_OBJECT_BYTES
                || step.has_size_filter()
                || (bucket.transition_minimum == TransitionMinimum::VariesByClass && to.is_archive())
        }
    };
    matches && moves
}

fn path(bucket: &Bucket, arrives: StorageClass, size: u64) -> Path {
    let mut stages =
        vec![Stage { from: Age::from_days(0), class: arrives, hours: arrives.hours_to_read(), by: None }];
    let mut class = arrives;
    let mut since = Age::from_days(0);
    let mut gone = None;
    let archive_tiers = |class: StorageClass, since: Age, until: Option<Age>| {
        let tiers = bucket.archive_tiers;
        [(tiers.archive, ARCHIVE_TIER_HOURS.0), (tiers.deep_archive, ARCHIVE_TIER_HOURS.1)]
            .into_iter()
            // Smaller objects are not monitored, and stay in the Frequent Access tier.
            .filter(move |_| class == StorageClass::IntelligentTiering && size >= SMALL_OBJECT_BYTES)
            .filter_map(move |(after, hours)| Some((since.plus(after?), hours)))
            .filter(move |(from, _)| until.is_none_or(|until| *from < until))
            .map(move |(from, hours)| Stage { from, class, hours, by: Some(Breaker::ArchiveTier) })
    };
    for (at, step) in bucket.lifecycle.iter().enumerate().filter(|(_, step)| takes(bucket, step, size)) {
        match step.action {
            LifecycleAction::Transition(to) if class.may_move_to(to) => {
                stages.extend(archive_tiers(class, since, Some(step.after)));
                (class, since) = (to, step.after);
                let by = Some(Breaker::Step(at));
                stages.push(Stage { from: since, class, hours: class.hours_to_read(), by });
            }
            LifecycleAction::Transition(_) => {}
            LifecycleAction::Expire => {
                gone = kept_until(bucket, step.after).map(|age| (age, Breaker::Step(at)));
                break;
            }
        }
    }
    stages.extend(archive_tiers(class, since, gone.map(|(age, _)| age)));
    Path { stages, gone }
}

/// Returns the age at which the last version of an object is deleted that expires at an age; `None` is never.
fn kept_until(bucket: &Bucket, expires: Age) -> Option<Age> {
    let kept = match bucket.versioning {
        None => expires,
        Some(versioning) => expires.plus(versioning.noncurrent?),
    };
    Some(bucket.object_lock.map_or(kept, |lock| kept.max(lock)))
}

/// Holds the objects of a bucket against the demands, without its copies.
fn own_check(
    bucket: &Bucket,
    arrives: StorageClass,
    objects: ObjectSizes,
    demands: &Demands,
) -> RetentionCheck {
    // One size for each span of sizes that the rules can tell apart; no log file is empty.
    let mut sizes: BTreeSet<u64> = BTreeSet::from([1, SMALL_OBJECT_BYTES]);
    for step in &bucket.lifecycle {
        sizes.extend(step.larger_than.map(|size| size.saturating_add(1)));
        sizes.extend(step.smaller_than.filter(|&size| size > 0));
    }
    let paths: Vec<Path> = sizes
        .into_iter()
        .filter(|&size| match objects {
            ObjectSizes::All => true,
            ObjectSizes::Large => size >= SMALL_OBJECT_BYTES,
            ObjectSizes::Small => size < SMALL_OBJECT_BYTES,
        })
        .map(|size| path(bucket, arrives, size))
        .collect();
    let gone = paths.iter().filter_map(|path| path.gone).min_by_key(|(age, _)| *age);
    let broken = gone.filter(|(age, _)| demands.retention.is_some_and(|least| *age < least));
    let readable = demands
        .readable_within
        .iter()
        .filter_map(|&(age, within)| {
            paths.iter().map(|path| readability(path, age, within)).max_by_key(slowness)
        })
        .collect();
    RetentionCheck {
        bucket: bucket.name.clone(),
        objects,
        kept_for: gone.map(|(age, _)| age),
        retention_met: broken.is_none(),
        retention_broken_by: broken.map(|(_, by)| by),
        retention_copy: None,
        readable,
    }
}

/// Orders findings from the best to the worst; what is deleted is the worst.
fn slowness(own: &Readability) -> (bool, Option<u32>, StorageClass) {
    (own.hours.is_none(), own.hours, own.class)
}

fn readability(path: &Path, age: Age, within: Age) -> Readability {
    let reached = || path.stages.iter().filter(|stage| stage.from < age || stage.by.is_none());
    let slowest = reached().max_by_key(|stage| stage.hours);
    let class = slowest.map_or(StorageClass::Standard, |stage| stage.class);
    if let Some((gone, by)) = path.gone
        && gone < age
    {
        return Readability { age, within, class, hours: None, met: false, broken_by: Some(by), copy: None };
    }
    let hours = slowest.map_or(0, |stage| stage.hours);
    let met = hours <= within.hours();
    let broken_by = reached().find(|stage| stage.hours > within.hours()).and_then(|stage| stage.by);
    Readability { age, within, class, hours: Some(hours), met, broken_by, copy: None }
}

#[cfg(test)]
mod tests {
    use super::super::bucket::{ArchiveTiers, Replica, Versioning};
    use super::super::region::RegionCode;
    use super::*;

    fn age(text: &str) -> Age {
        text.parse().unwrap()
    }

    /// Reads `90d GLACIER`, `7y expire` or `90d GLACIER >0` (of more than so many bytes), separated by commas.
    fn bucket(name: &str, lifecycle: &str) -> Bucket {
        let steps = lifecycle.split(',').filter(|step| !step.trim().is_empty()).map(|step| {
            let words: Vec<&str> = step.split_whitespace().collect();
            LifecycleRule {
                after: age(words[0]),
                action: StorageClass::from_name(words[1])
                    .map_or(LifecycleAction::Expire, LifecycleAction::Transition),
                rule: 0,
                larger_than: words.get(2).map(|size| size.trim_start_matches('>').parse().unwrap()),
                smaller_than: None,
            }
        });
        let lifecycle = steps.collect();
        Bucket {
            lifecycle,
            ..Bucket::plain(name, "111122223333".parse().unwrap(), RegionCode::new("us-east-1"))
        }
    }

    fn demands(retention: &str, readable: &[(&str, &str)]) -> Demands {
        Demands {
            retention: Some(age(retention)),
            readable_within: readable.iter().map(|(upto, within)| (age(upto), age(within))).collect(),
            ..Demands::default()
        }
    }

    /// Writes a finding as `large: kept 90d no(0); 90d GLACIER 5h no(0)`.
    fn shown(check: &RetentionCheck) -> String {
        let verdict = |met: bool, by: Option<Breaker>, copy: Option<&String>| {
            let by = by.map_or_else(String::new, |by| match by {
                Breaker::Step(at) => format!("({at})"),
                Breaker::ArchiveTier => "(tier)".to_owned(),
            });
            let copy = copy.map_or_else(String::new, |copy| format!(" in {copy}"));
            format!("{}{by}{copy}", if met { "yes" } else { "no" })
        };
        let kept = check.kept_for.map_or_else(|| "for ever".to_owned(), |kept| kept.to_string());
        let retention =
            verdict(check.retention_met, check.retention_broken_by, check.retention_copy.as_ref());
        let mut text = format!("{:?}: kept {kept} {retention}", check.objects).to_lowercase();
        for own in &check.readable {
            let hours = own.hours.map_or_else(|| "deleted".to_owned(), |hours| format!("{hours}h"));
            let verdict = verdict(own.met, own.broken_by, own.copy.as_ref());
            text.push_str(&format!("; {} {} {hours} {verdict}", own.age, own.class.name()));
        }
        text
    }

    fn checks(bucket: &Bucket, others: &[Bucket], demands: &Demands) -> Vec<String> {
        bucket_checks(bucket, others, demands).iter().map(shown).collect()
    }

    #[test]
    fn lifecycles_against_demands() {
        let demands = demands("7y", &[("90d", "0h"), ("7y", "12h")]);
        for (lifecycle, expected) in [
            ("", vec!["all: kept for ever yes; 90d STANDARD 0h yes; 2555d STANDARD 0h yes"]),
            ("7y expire", vec!["all: kept 2555d yes; 90d STANDARD 0h yes; 2555d STANDARD 0h yes"]),
            ("365d expire", vec!["all: kept 365d no(0); 90d STANDARD 0h yes; 2555d STANDARD deleted no(0)"]),
            // A step at the age itself comes too late to break the demand on younger objects.
            (
                "90d GLACIER,7y expire",
                vec![
                    "large: kept 2555d yes; 90d STANDARD 0h yes; 2555d GLACIER 5h yes",
                    "small: kept 2555d yes; 90d STANDARD 0h yes; 2555d STANDARD 0h yes",
                ],
            ),
            (
                "30d GLACIER,120d DEEP_ARCHIVE",
                vec![
                    "large: kept for ever yes; 90d GLACIER 5h no(0); 2555d DEEP_ARCHIVE 12h yes",
                    "small: kept for ever yes; 90d STANDARD 0h yes; 2555d STANDARD 0h yes",
                ],
            ),
            // A rule with sizes moves small objects too.
            (
                "30d DEEP_ARCHIVE >0",
                vec!["all: kept for ever yes; 90d DEEP_ARCHIVE 12h no(0); 2555d DEEP_ARCHIVE 12h yes"],
            ),
            // Those between 128 KB and 1 MB stay; the worst of the large counts.
            (
                "30d GLACIER_IR >1048576,60d GLACIER >2097152",
                vec![
                    "large: kept for ever yes; 90d GLACIER 5h no(1); 2555d GLACIER 5h yes",
                    "small: kept for ever yes; 90d STANDARD 0h yes; 2555d STANDARD 0h yes",
                ],
            ),
            (
                "30d STANDARD_IA,90d GLACIER_IR,7y expire",
                vec![
                    "large: kept 2555d yes; 90d STANDARD_IA 0h yes; 2555d GLACIER_IR 0h yes",
                    "small: kept 2555d yes; 90d STANDARD 0h yes; 2555d STANDARD 0h yes",
                ],
            ),
        ] {
            assert_eq!(checks(&bucket("b", lifecycle), &[], &demands), expected, "{lifecycle}");
        }
    }

    #[test]
    fn small_objects_follow_the_bucket_setting() {
        let mut own = bucket("b", "30d STANDARD_IA,90d DEEP_ARCHIVE");
        own.transition_minimum = TransitionMinimum::VariesByClass;
        assert_eq!(
            checks(&own, &[], &demands("7y", &[("7y", "5h")])),
            ["all: kept for ever yes; 2555d DEEP_ARCHIVE 12h no(1)"]
        );
    }

    #[test]
    fn versions_and_locks_keep_what_expires() {
        for (noncurrent, lock, expected) in [
            (None, None, "all: kept 90d no(0)"),
            (Some(None), None, "all: kept for ever yes"),
            (Some(Some("275d")), None, "all: kept 365d yes"),
            (Some(Some("30d")), None, "all: kept 120d no(0)"),
            (Some(Some("30d")), Some("365d"), "all: kept 365d yes"),
            (Some(Some("30d")), Some("100d"), "all: kept 120d no(0)"),
        ] {
            let mut own = bucket("b", "90d expire");
            own.versioning = noncurrent.map(|kept| Versioning { noncurrent: kept.map(age) });
            own.object_lock = lock.map(age);
            assert_eq!(checks(&own, &[], &demands("365d", &[])), [expected], "{noncurrent:?} {lock:?}");
        }
    }

    #[test]
    fn archive_tiers_make_objects_slow() {
        let mut own = bucket("b", "0d INTELLIGENT_TIERING");
        own.archive_tiers = ArchiveTiers { archive: Some(age("90d")), deep_archive: Some(age("180d")) };
        let demands = demands("7y", &[("90d", "0h"), ("91d", "0h"), ("181d", "5h"), ("181d", "12h")]);
        assert_eq!(
            checks(&own, &[], &demands),
            [
                "large: kept for ever yes; 90d INTELLIGENT_TIERING 0h yes; 91d INTELLIGENT_TIERING 5h no(tier); \
                 181d INTELLIGENT_TIERING 12h no(tier); 181d INTELLIGENT_TIERING 12h yes",
                "small: kept for ever yes; 90d STANDARD 0h yes; 91d STANDARD 0h yes; 181d STANDARD 0h yes; \
                 181d STANDARD 0h yes",
            ]
        );
    }

    #[test]
    fn a_copy_may_meet_a_demand() {
        let mut own = bucket("b", "90d expire");
        own.replicas =
            vec![Replica { bucket: "archive".to_owned(), class: StorageClass::GlacierFlexibleRetrieval }];
        let archive = bucket("archive", "7y expire");
        assert_eq!(
            checks(
                &own,
                &[own.clone(), archive],
                &demands("7y", &[("30d", "0h"), ("7y", "12h"), ("8y", "12h")])
            ),
            [
                "all: kept 90d yes(0) in archive; 30d STANDARD 0h yes; 2555d STANDARD deleted yes(0) in archive; \
              2920d STANDARD deleted no(0)"
            ]
        );
    }

    #[test]
    fn without_demands_nothing_is_broken() {
        let own = bucket("b", "1d expire");
        assert_eq!(checks(&own, &[], &Demands::default()), ["all: kept 1d yes"]);
    }
}

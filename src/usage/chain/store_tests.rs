//! Cohorts on their way, against sums worked out by hand.

use super::lifecycle::{SizeBand, Tier};
use super::store::*;
use crate::domain::{Age, LifecycleAction, LifecycleRule, RegionCode, TransitionMinimum, Versioning};
use crate::domain::{Bucket, StorageClass};
use crate::usage::chain::lifecycle::thresholds;

const KB: u64 = 1024;

fn days(days: u16) -> Age {
    Age::from_days(days)
}

fn step(after: u16, to: StorageClass) -> LifecycleRule {
    let action = LifecycleAction::Transition(to);
    LifecycleRule { after: days(after), action, rule: 0, larger_than: None, smaller_than: None }
}

fn expire(after: u16) -> LifecycleRule {
    LifecycleRule { action: LifecycleAction::Expire, ..step(after, StorageClass::Standard) }
}

fn bucket(lifecycle: Vec<LifecycleRule>) -> Bucket {
    let account = "111122223333".parse().expect("an account");
    Bucket { lifecycle, ..Bucket::plain("logs", account, RegionCode::new("us-east-1")) }
}

/// Months of a year that begins with January 2027.
fn months(count: usize) -> Vec<MonthSpan> {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut begin = 0;
    lengths
        .iter()
        .cycle()
        .take(count)
        .map(|&days| {
            let span = MonthSpan { begin, days };
            begin = span.end();
            span
        })
        .collect()
}

/// Lets the same pile arrive every month and returns what happens.
fn run(bucket: &Bucket, pile: Pile, count: usize) -> Vec<StoreMonth> {
    let bands = SizeBand::between(&thresholds(std::iter::once(bucket), &[], KB));
    let mut store = Store::new(bucket, &bands, KB);
    months(count)
        .into_iter()
        .map(|month| {
            let mut piles = vec![Pile::default(); bands.len()];
            piles[store.band_of(pile)] = pile;
            store.arrive(&piles, StorageClass::Standard, month, Nature::default());
            store.month(month).expect("fits")
        })
        .collect()
}

const LARGE: Pile = Pile { objects: 310, bytes: 310 * 1_000_000 };
const SMALL: Pile = Pile { objects: 310, bytes: 310 * 1_000 };

#[test]
fn arrivals_are_spread_over_the_days_of_their_month() {
    let stored = run(&bucket(Vec::new()), LARGE, 2);
    // January's 31 days: 31 + 30 + … + 1 = 496 days of a 31st of the bytes each.
    let january = LARGE.bytes / 31 * 496 * DAY_PARTS;
    assert_eq!(stored[0].tiers[Tier::Standard as usize].byte_days, january);
    // February: all of January's for 28 days, and 28 + … + 1 = 406 days of a 28th of its own.
    let february = LARGE.bytes * 28 * DAY_PARTS + LARGE.bytes * 406 * (DAY_PARTS / 28);
    assert_eq!(stored[1].tiers[Tier::Standard as usize].byte_days, february);
}

#[test]
fn a_transition_is_paid_when_the_age_is_reached() {
    let stored = run(&bucket(vec![step(30, StorageClass::StandardIa)]), LARGE, 3);
    let moved: Vec<u128> =
        stored.iter().map(|month| month.transitions[StorageClass::StandardIa as usize]).collect();
    // On day 30 of January (its 31st) the objects of the 1st move: 10. In February those of 2 to 29 January: 28 days,
    // 280. In March those of 30 and 31 January, 20, all of February's, 310, and those of 1 March, 10.
    assert_eq!(moved, [10, 280, 340]);
}

#[test]
fn small_objects_stay_unless_a_rule_or_the_bucket_says_otherwise() {
    let deep = step(0, StorageClass::DeepArchive);
    let moved = |bucket: &Bucket| run(bucket, SMALL, 1)[0].transitions.iter().sum::<u128>();
    let varies =
        |to| Bucket { transition_minimum: TransitionMinimum::VariesByClass, ..bucket(vec![step(0, to)]) };
    for (bucket, expected) in [
        (bucket(vec![deep]), 0),
        (bucket(vec![LifecycleRule { larger_than: Some(0), ..deep }]), 310),
        (bucket(vec![LifecycleRule { larger_than: Some(2_000), ..deep }]), 0),
        (bucket(vec![LifecycleRule { smaller_than: Some(2_000), ..deep }]), 310),
        (varies(StorageClass::DeepArchive), 310),
        (varies(StorageClass::GlacierFlexibleRetrieval), 310),
        (varies(StorageClass::StandardIa), 0),
    ] {
        assert_eq!(moved(&bucket), expected, "{bucket:?}");
    }
}

#[test]
fn leaving_a_class_early_is_charged_for_the_days_left() {
    let rules = vec![step(10, StorageClass::StandardIa), expire(20)];
    let stored = run(&bucket(rules), LARGE, 2);
    // 10 of 30 days stayed, 20 left. In January those of the first 11 days are 20 days old.
    let left = |days: u128, parts: u128| LARGE.bytes * days * 20 * (DAY_PARTS / parts);
    assert_eq!(stored[0].tiers[Tier::StandardIa as usize].early_days, left(11, 31));
    assert_eq!(stored[0].deleted.objects, 110);
    // February: January's other 20 days, and its own first 8.
    let february = left(20, 31) + left(8, 28);
    assert_eq!(stored[1].tiers[Tier::StandardIa as usize].early_days, february);
}

#[test]
fn versions_and_locks_hold_what_expires() {
    let deleted = |bucket: Bucket| -> Vec<u128> {
        run(&bucket, LARGE, 4).iter().map(|month| month.deleted.objects).collect()
    };
    let expiring = || bucket(vec![expire(31)]);
    assert_eq!(deleted(expiring()), [0, 280, 30 + 310, 300]);
    let versions = |noncurrent| Bucket { versioning: Some(Versioning { noncurrent }), ..expiring() };
    assert_eq!(deleted(versions(None)), [0; 4]);
    assert_eq!(deleted(versions(Some(days(28)))), [0, 0, 310, 330]);
    assert_eq!(deleted(Bucket { object_lock: Some(days(59)), ..expiring() }), [0, 0, 310, 330]);
}

#[test]
fn nothing_is_lost_on_the_way() {
    let everything = vec![
        step(30, StorageClass::StandardIa),
        step(60, StorageClass::IntelligentTiering),
        step(160, StorageClass::GlacierFlexibleRetrieval),
        step(260, StorageClass::DeepArchive),
        expire(445),
    ];
    for pile in [LARGE, SMALL, Pile { objects: 7, bytes: 1_000_003 }, Pile { objects: 1, bytes: 1 }] {
        let (mut arrived, mut deleted) = (Pile::default(), Pile::default());
        for month in run(&bucket(everything.clone()), pile, 30) {
            arrived.add(month.arrived).expect("fits");
            deleted.add(month.deleted).expect("fits");
            let mut sum = deleted;
            for tier in &month.tiers {
                sum.add(tier.left).expect("fits");
            }
            assert_eq!(sum, arrived);
        }
        assert!(deleted.objects > 0, "{pile:?}");
    }
}

#[test]
fn what_was_there_before_goes_on_ageing() {
    let bucket = bucket(vec![step(90, StorageClass::GlacierInstantRetrieval), expire(400)]);
    let bands = SizeBand::between(&thresholds(std::iter::once(&bucket), &[], KB));
    for (class, age, moved, deleted) in [
        // 80 days old: moves on day 10. 395: moves at once, deleted on day 5. In its class already: no fee. 500: deleted
        // before it could move.
        (StorageClass::Standard, 80, 310, 0),
        (StorageClass::Standard, 395, 310, 310),
        (StorageClass::GlacierInstantRetrieval, 200, 0, 0),
        (StorageClass::Standard, 500, 0, 310),
        (StorageClass::DeepArchive, 200, 0, 0),
    ] {
        let mut store = Store::new(&bucket, &bands, KB);
        store.hold(LARGE, class, age, Nature::default());
        let month = store.month(months(1)[0]).expect("fits");
        assert_eq!(month.transitions.iter().sum::<u128>(), moved, "{class:?} {age}");
        assert_eq!(month.deleted.objects, deleted, "{class:?} {age}");
    }
}

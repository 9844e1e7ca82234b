//! What a bucket stores, month by month: cohorts of objects on their way through the classes.
//!
//! In: what arrives in each month. Out: byte-days by tier, transitions, early deletions, and what is left. A month's
//! arrivals are spread evenly over its days; storage is billed by byte-hours, here by whole days, which is the same.

use super::exact::{mul_div, part};
use super::lifecycle::{SizeBand, Tier, Timeline};
use crate::domain::{Bucket, QuantityError, StorageClass};

/// The days of one month, counted from the first day of the first month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MonthSpan {
    pub(super) begin: i64,
    pub(super) days: u32,
}

impl MonthSpan {
    pub(super) fn end(self) -> i64 {
        self.begin + i64::from(self.days)
    }
}

/// A multiple of every length of a month, so that byte-days of cohorts add up without a fraction.
pub(super) const DAY_PARTS: u128 = 377_580;

/// A number of objects with their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Pile {
    pub(super) objects: u128,
    pub(super) bytes: u128,
}

impl Pile {
    pub(super) fn add(&mut self, other: Self) -> Result<(), QuantityError> {
        self.objects = self.objects.checked_add(other.objects).ok_or(QuantityError)?;
        self.bytes = self.bytes.checked_add(other.bytes).ok_or(QuantityError)?;
        Ok(())
    }

    pub(super) fn is_empty(self) -> bool {
        self.objects == 0 && self.bytes == 0
    }

    /// Returns what lies between two of `of` equal steps.
    fn part(self, from: u32, to: u32, of: u32) -> Result<Self, QuantityError> {
        Ok(Self { objects: part(self.objects, from, to, of)?, bytes: part(self.bytes, from, to, of)? })
    }
}

/// Objects that arrive together and live alike.
#[derive(Debug, Clone)]
struct Cohort {
    first_day: i64,
    /// The days over which they arrive.
    days: u32,
    timeline: usize,
    pile: Pile,
}

impl Cohort {
    /// Returns which of the arrival days reach an age within a month.
    fn reaching(&self, age: u32, month: MonthSpan) -> (u32, u32) {
        let at = |day: i64| clamp(day - self.first_day - i64::from(age), self.days);
        (at(month.begin), at(month.end()))
    }

    /// Returns how many arrival days have reached an age before a day.
    fn reached(&self, age: u32, day: i64) -> u32 {
        clamp(day - self.first_day - i64::from(age), self.days)
    }

    /// Returns the days that the arrivals of all days together spend in a month between two ages.
    fn days_between(&self, from: u32, to: Option<u32>, month: MonthSpan) -> u64 {
        let start = self.first_day + i64::from(from);
        let end = to.map_or(i64::MAX / 2, |to| self.first_day + i64::from(to));
        let last = i64::from(self.days) - 1;
        if start >= month.end() || end + last <= month.begin {
            return 0;
        }
        if start + last <= month.begin && end >= month.end() {
            return u64::from(self.days) * u64::from(month.days);
        }
        (0..=last)
            .map(|day| ((end + day).min(month.end()) - (start + day).max(month.begin)).max(0))
            .sum::<i64>()
            .unsigned_abs()
    }
}

fn clamp(steps: i64, days: u32) -> u32 {
    u32::try_from(steps.clamp(0, i64::from(days))).unwrap_or(0)
}

/// One tier's part of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TierMonth {
    /// Byte-days × [`DAY_PARTS`].
    pub(super) byte_days: u128,
    /// Byte-days × [`DAY_PARTS`] of objects below the class's minimum size, billed as if they had it.
    pub(super) small_days: u128,
    /// Object-days × [`DAY_PARTS`].
    pub(super) object_days: u128,
    /// Object-days × [`DAY_PARTS`] of objects that Intelligent-Tiering monitors.
    pub(super) monitored_days: u128,
    /// Byte-days × [`DAY_PARTS`] left of the minimum duration.
    pub(super) early_days: u128,
    /// The same of objects below the minimum size.
    pub(super) early_small_days: u128,
    /// What is there when the month ends.
    pub(super) left: Pile,
}

/// A bucket's month.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct StoreMonth {
    pub(super) tiers: [TierMonth; Tier::ALL.len()],
    /// Transition requests by class entered, in the order of the classes.
    pub(super) transitions: [u128; StorageClass::NAMES.len()],
    /// What was deleted in the month.
    pub(super) deleted: Pile,
    /// What arrived in the month.
    pub(super) arrived: Pile,
}

/// A bucket with what it holds.
pub(super) struct Store<'a> {
    bucket: &'a Bucket,
    bands: &'a [SizeBand],
    bytes_per_kb: u64,
    timelines: Vec<Timeline>,
    /// For each class of arrival, the first of its timelines, one for each band.
    starts: Vec<(StorageClass, usize)>,
    cohorts: Vec<Cohort>,
}

impl<'a> Store<'a> {
    pub(super) fn new(bucket: &'a Bucket, bands: &'a [SizeBand], bytes_per_kb: u64) -> Self {
        Self { bucket, bands, bytes_per_kb, timelines: Vec::new(), starts: Vec::new(), cohorts: Vec::new() }
    }

    /// Puts in what was there before the first day, all of one age.
    pub(super) fn hold(&mut self, pile: Pile, class: StorageClass, age: u32) {
        if pile.is_empty() {
            return;
        }
        let band = self.band_of(pile);
        let timeline = Timeline::new(self.bucket, self.bands[band], class, age, self.bytes_per_kb);
        self.cohorts.push(Cohort {
            first_day: -i64::from(age),
            days: 1,
            timeline: self.timelines.len(),
            pile,
        });
        self.timelines.push(timeline);
    }

    /// Returns the band in which objects of a pile's mean size lie.
    pub(super) fn band_of(&self, pile: Pile) -> usize {
        band_of(self.bands, pile)
    }

    /// Takes in a month's arrivals, by band.
    pub(super) fn arrive(&mut self, piles: &[Pile], class: StorageClass, month: MonthSpan) {
        let start = self.start_of(class);
        for (at, &pile) in piles.iter().enumerate().filter(|(_, pile)| !pile.is_empty()) {
            self.cohorts.push(Cohort {
                first_day: month.begin,
                days: month.days,
                timeline: start + at,
                pile,
            });
        }
    }

    /// Returns the first timeline of objects that arrive in a class.
    fn start_of(&mut self, class: StorageClass) -> usize {
        if let Some((_, start)) = self.starts.iter().find(|(own, _)| *own == class) {
            return *start;
        }
        let start = self.timelines.len();
        for &band in self.bands {
            self.timelines.push(Timeline::new(self.bucket, band, class, 0, self.bytes_per_kb));
        }
        self.starts.push((class, start));
        start
    }

    /// Returns what happens in a month; all that arrives in it has been taken in.
    pub(super) fn month(&mut self, month: MonthSpan) -> Result<StoreMonth, QuantityError> {
        let mut result = StoreMonth::default();
        let mut gone = Vec::new();
        for (at, cohort) in self.cohorts.iter().enumerate() {
            let timeline = &self.timelines[cohort.timeline];
            if cohort.first_day >= month.begin {
                result.arrived.add(cohort.pile)?;
            }
            add_cohort(&mut result, cohort, timeline, month, self.bytes_per_kb)?;
            if let Some(ends) = timeline.ends {
                let (from, to) = cohort.reaching(ends, month);
                result.deleted.add(cohort.pile.part(from, to, cohort.days)?)?;
                if cohort.reached(ends, month.end()) == cohort.days {
                    gone.push(at);
                }
            }
        }
        for at in gone.into_iter().rev() {
            self.cohorts.remove(at);
        }
        Ok(result)
    }

    /// Returns what is there when a month ends, between two ages, by class.
    pub(super) fn between(
        &self,
        from: u32,
        to: Option<u32>,
        month: MonthSpan,
    ) -> Result<[Pile; StorageClass::NAMES.len()], QuantityError> {
        let mut found = [Pile::default(); StorageClass::NAMES.len()];
        // On the last day of the month.
        let day = month.end();
        for cohort in &self.cohorts {
            let timeline = &self.timelines[cohort.timeline];
            for (at, stage) in timeline.stages.iter().enumerate() {
                let first = from.max(stage.from);
                let end = match (to, timeline.end_of(at)) {
                    (Some(to), Some(end)) => Some(to.min(end)),
                    (to, end) => to.or(end),
                };
                if end.is_some_and(|end| end <= first) {
                    continue;
                }
                let begin = end.map_or(0, |end| cohort.reached(end, day));
                let pile = cohort.pile.part(begin, cohort.reached(first, day), cohort.days)?;
                found[stage.tier.class() as usize].add(pile)?;
            }
        }
        Ok(found)
    }
}

/// Returns the band in which objects of a pile's mean size lie.
pub(super) fn band_of(bands: &[SizeBand], pile: Pile) -> usize {
    bands
        .iter()
        .position(|band| {
            band.below.is_none_or(|below| pile.bytes < pile.objects.saturating_mul(u128::from(below)))
        })
        .unwrap_or(0)
}

fn add_cohort(
    result: &mut StoreMonth,
    cohort: &Cohort,
    timeline: &Timeline,
    month: MonthSpan,
    bytes_per_kb: u64,
) -> Result<(), QuantityError> {
    let scale = DAY_PARTS / u128::from(cohort.days);
    let times = |amount: u128, days: u128| {
        amount.checked_mul(days).and_then(|product| product.checked_mul(scale)).ok_or(QuantityError)
    };
    let smallest = u128::from(crate::domain::SMALL_OBJECT_KB * bytes_per_kb);
    let pile = cohort.pile;
    let as_smallest = pile.objects.checked_mul(smallest).ok_or(QuantityError)?;
    for (at, stage) in timeline.stages.iter().enumerate() {
        let end = timeline.end_of(at);
        let tier = &mut result.tiers[stage.tier as usize];
        let is_padded = timeline.is_small && stage.tier.small().is_some();
        let days = u128::from(cohort.days_between(stage.from, end, month));
        if days > 0 {
            let add = |sum: &mut u128, amount: u128| {
                *sum = sum.checked_add(times(amount, days)?).ok_or(QuantityError)?;
                Ok::<(), QuantityError>(())
            };
            if is_padded {
                add(&mut tier.small_days, as_smallest)?;
            } else {
                add(&mut tier.byte_days, pile.bytes)?;
            }
            add(&mut tier.object_days, pile.objects)?;
            if stage.tier.class() == StorageClass::IntelligentTiering && !timeline.is_small {
                add(&mut tier.monitored_days, pile.objects)?;
            }
        }
        let begun = cohort.reached(stage.from, month.end());
        let ended = end.map_or(0, |end| cohort.reached(end, month.end()));
        tier.left.add(pile.part(ended, begun, cohort.days)?)?;
        if let Some(class) = stage.moved_to {
            let (from, to) = cohort.reaching(stage.from, month);
            result.transitions[class as usize] += part(pile.objects, from, to, cohort.days)?;
        }
        if stage.days_short > 0
            && let Some(end) = end
        {
            let (from, to) = cohort.reaching(end, month);
            let mut billed = if is_padded { as_smallest } else { pile.bytes };
            if stage.tier.has_overhead() {
                billed = billed
                    .checked_add(overhead(pile.objects, crate::domain::ARCHIVE_OVERHEAD_KB.0, bytes_per_kb)?)
                    .ok_or(QuantityError)?;
            }
            let days = u128::from(stage.days_short) * u128::from(to - from);
            let sum = if is_padded { &mut tier.early_small_days } else { &mut tier.early_days };
            *sum = sum.checked_add(times(billed, days)?).ok_or(QuantityError)?;
        }
    }
    Ok(())
}

/// Returns the bytes of so many KB for each object.
pub(super) fn overhead(objects: u128, kilobytes: u64, bytes_per_kb: u64) -> Result<u128, QuantityError> {
    mul_div(objects, u128::from(kilobytes) * u128::from(bytes_per_kb), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Age, LifecycleAction, LifecycleRule, RegionCode, TransitionMinimum, Versioning};
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
        let bands = SizeBand::between(&thresholds(std::iter::once(bucket), KB));
        let mut store = Store::new(bucket, &bands, KB);
        months(count)
            .into_iter()
            .map(|month| {
                let mut piles = vec![Pile::default(); bands.len()];
                piles[store.band_of(pile)] = pile;
                store.arrive(&piles, StorageClass::Standard, month);
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
        let bands = SizeBand::between(&thresholds(std::iter::once(&bucket), KB));
        for (class, age, moved, deleted) in [
            // 80 days old: moves on day 10. 395: deleted on day 5. In its class already: no fee.
            (StorageClass::Standard, 80, 310, 0),
            (StorageClass::Standard, 395, 310, 310),
            (StorageClass::GlacierInstantRetrieval, 200, 0, 0),
            (StorageClass::Standard, 500, 310, 310),
            (StorageClass::DeepArchive, 200, 0, 0),
        ] {
            let mut store = Store::new(&bucket, &bands, KB);
            store.hold(LARGE, class, age);
            let month = store.month(months(1)[0]).expect("fits");
            assert_eq!(month.transitions.iter().sum::<u128>(), moved, "{class:?} {age}");
            assert_eq!(month.deleted.objects, deleted, "{class:?} {age}");
        }
    }
}

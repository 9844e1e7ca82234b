//! What a bucket stores, month by month: cohorts of objects on their way through the classes.
//!
//! In: what arrives in each month. Out: byte-days by tier, transitions, early deletions, and what is left. A month's
//! arrivals are spread evenly over its days; storage is billed by byte-hours, here by whole days, which is the same.

use super::exact::{mul_div, part};
use super::lifecycle::{SizeBand, Tier, Timeline};
use super::meter::{ChainMeter, transition};
use crate::domain::{Bucket, QuantityError, StorageClass};
use std::collections::{BTreeMap, BTreeSet};

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

    /// Takes away what was added before.
    pub(super) fn take_away(&mut self, other: Self) -> Result<(), QuantityError> {
        self.objects = self.objects.checked_sub(other.objects).ok_or(QuantityError)?;
        self.bytes = self.bytes.checked_sub(other.bytes).ok_or(QuantityError)?;
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

/// What an object is, for those who read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Nature {
    /// Digest files lie beside the log files, and nobody reads them with the logs.
    pub(super) is_digest: bool,
    /// Whether SSE-KMS protects it, so that reading takes a call of the key.
    pub(super) is_encrypted: bool,
}

/// What is there of one class, and how much of it is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Readable {
    pub(super) pile: Pile,
    pub(super) encrypted_objects: u128,
}

/// Objects that arrive together and live alike.
#[derive(Debug, Clone)]
struct Cohort {
    first_day: i64,
    /// The days over which they arrive.
    days: u32,
    timeline: usize,
    pile: Pile,
    nature: Nature,
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
}

/// Returns the days that what arrives on `days` days from `first_day` on spends in a month between two ages, all arrivals
/// together.
pub(super) fn days_between(first_day: i64, days: u32, ages: (u32, Option<u32>), month: MonthSpan) -> u64 {
    let start = first_day + i64::from(ages.0);
    let end = ages.1.map_or(i64::MAX / 2, |to| first_day + i64::from(to));
    let last = i64::from(days) - 1;
    if start >= month.end() || end + last <= month.begin {
        return 0;
    }
    if start + last <= month.begin && end >= month.end() {
        return u64::from(days) * u64::from(month.days);
    }
    (0..=last)
        .map(|day| ((end + day).min(month.end()) - (start + day).max(month.begin)).max(0))
        .sum::<i64>()
        .unsigned_abs()
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
    /// Cohorts that change tiers, or arrive, in the coming month.
    moving: Vec<Cohort>,
    /// Cohorts that lie in one tier, all of their days, by the day on which the first of them leaves it.
    resting: BTreeMap<i64, Vec<Cohort>>,
    /// What rests in each tier, added up: most of a bucket, so that a month costs little however long the horizon.
    rest: [Resting; Tier::ALL.len()],
}

/// What rests in a tier.
#[derive(Debug, Clone, Copy, Default)]
struct Resting {
    pile: Pile,
    /// The bytes billed as they are.
    bytes: u128,
    /// The bytes billed of objects below the minimum size.
    small: u128,
    monitored: u128,
}

impl<'a> Store<'a> {
    pub(super) fn new(bucket: &'a Bucket, bands: &'a [SizeBand], bytes_per_kb: u64) -> Self {
        Self {
            bucket,
            bands,
            bytes_per_kb,
            timelines: Vec::new(),
            starts: Vec::new(),
            moving: Vec::new(),
            resting: BTreeMap::new(),
            rest: [Resting::default(); Tier::ALL.len()],
        }
    }

    /// Puts in what was there before the first day, all of one age.
    pub(super) fn hold(&mut self, pile: Pile, class: StorageClass, age: u32, nature: Nature) {
        let band = self.band_of(pile);
        let timeline = Timeline::new(self.bucket, self.bands[band], class, age, self.bytes_per_kb);
        self.moving.push(Cohort {
            first_day: -i64::from(age),
            days: 1,
            timeline: self.timelines.len(),
            pile,
            nature,
        });
        self.timelines.push(timeline);
    }

    /// Returns the band in which objects of a pile's mean size lie.
    pub(super) fn band_of(&self, pile: Pile) -> usize {
        band_of(self.bands, pile)
    }

    /// Takes in a month's arrivals, by band.
    pub(super) fn arrive(&mut self, piles: &[Pile], class: StorageClass, month: MonthSpan, nature: Nature) {
        let start = self.start_of(class);
        for (at, &pile) in piles.iter().enumerate().filter(|(_, pile)| !pile.is_empty()) {
            self.moving.push(Cohort {
                first_day: month.begin,
                days: month.days,
                timeline: start + at,
                pile,
                nature,
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
        self.wake(month)?;
        let mut result = StoreMonth::default();
        for (tier, rest) in result.tiers.iter_mut().zip(&self.rest) {
            rest.add_month(tier, month)?;
        }
        for cohort in std::mem::take(&mut self.moving) {
            let timeline = &self.timelines[cohort.timeline];
            if cohort.first_day >= month.begin {
                result.arrived.add(cohort.pile)?;
            }
            add_cohort(&mut result, &cohort, timeline, month, self.bytes_per_kb)?;
            if let Some(ends) = timeline.ends {
                let (from, to) = cohort.reaching(ends, month);
                result.deleted.add(cohort.pile.part(from, to, cohort.days)?)?;
                if cohort.reached(ends, month.end()) == cohort.days {
                    continue;
                }
            }
            match stage_of(&cohort, timeline, month.end()) {
                None => self.moving.push(cohort),
                Some(stage) => {
                    let leaves =
                        timeline.end_of(stage).map_or(i64::MAX, |end| cohort.first_day + i64::from(end));
                    let part = self.resting_part(&cohort, stage)?;
                    self.rest[timeline.stages[stage].tier as usize].add(part, true)?;
                    self.resting.entry(leaves).or_default().push(cohort);
                }
            }
        }
        Ok(result)
    }

    /// Takes cohorts that leave their tier in this month from those that rest.
    fn wake(&mut self, month: MonthSpan) -> Result<(), QuantityError> {
        while let Some(entry) = self.resting.first_entry()
            && *entry.key() < month.end()
        {
            for cohort in entry.remove() {
                let timeline = &self.timelines[cohort.timeline];
                // Where it lay when the month before ended.
                if let Some(stage) = stage_of(&cohort, timeline, month.begin) {
                    let part = self.resting_part(&cohort, stage)?;
                    self.rest[timeline.stages[stage].tier as usize].add(part, false)?;
                }
                self.moving.push(cohort);
            }
        }
        Ok(())
    }

    fn resting_part(&self, cohort: &Cohort, stage: usize) -> Result<Resting, QuantityError> {
        let timeline = &self.timelines[cohort.timeline];
        let (tier, pile) = (timeline.stages[stage].tier, cohort.pile);
        let is_padded = timeline.is_small && tier.small().is_some();
        let is_monitored = tier.class() == StorageClass::IntelligentTiering && !timeline.is_small;
        Ok(Resting {
            pile,
            bytes: if is_padded { 0 } else { pile.bytes },
            small: if is_padded { as_smallest(pile.objects, self.bytes_per_kb)? } else { 0 },
            monitored: if is_monitored { pile.objects } else { 0 },
        })
    }

    /// Returns the classes in which objects of this bucket can lie when a month ends.
    pub(super) fn classes(&self, month: MonthSpan) -> BTreeSet<StorageClass> {
        let stages = self.timelines.iter().flat_map(|timeline| &timeline.stages);
        stages.filter(|stage| i64::from(stage.from) < month.end()).map(|stage| stage.tier.class()).collect()
    }

    /// Returns everything that objects of this bucket can have been charged for by the end of a month.
    pub(super) fn meters(&self, month: MonthSpan) -> BTreeSet<ChainMeter> {
        let mut meters = BTreeSet::new();
        for timeline in &self.timelines {
            let reached = timeline.stages.iter().filter(|stage| i64::from(stage.from) < month.end());
            for stage in reached {
                meters.insert(stage.tier.storage());
                meters.extend(stage.tier.has_overhead().then_some(ChainMeter::Standard));
                meters.extend(stage.tier.small().filter(|_| timeline.is_small).map(|(stored, _)| stored));
                meters.extend(stage.moved_to.and_then(transition));
                if stage.days_short > 0 {
                    meters.extend(stage.tier.early_deletion());
                }
            }
        }
        meters
    }

    /// Returns what is there when a month ends, between two ages, by class; digest files left out.
    pub(super) fn between(
        &self,
        from: u32,
        to: Option<u32>,
        month: MonthSpan,
    ) -> Result<[Readable; StorageClass::NAMES.len()], QuantityError> {
        let mut found = [Readable::default(); StorageClass::NAMES.len()];
        // On the last day of the month.
        let day = month.end();
        for cohort in self.moving.iter().chain(self.resting.values().flatten()) {
            let is_past = to.is_some_and(|to| cohort.reached(to, day) == cohort.days);
            if cohort.nature.is_digest || is_past || cohort.reached(from, day) == 0 {
                continue;
            }
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
                let own = &mut found[stage.tier.class() as usize];
                own.pile.add(pile)?;
                if cohort.nature.is_encrypted {
                    own.encrypted_objects =
                        own.encrypted_objects.checked_add(pile.objects).ok_or(QuantityError)?;
                }
            }
        }
        Ok(found)
    }
}

impl Resting {
    /// Adds a cohort, or takes it away.
    fn add(&mut self, other: Self, is_more: bool) -> Result<(), QuantityError> {
        let sum = |own: u128, other: u128| {
            let sum = if is_more { own.checked_add(other) } else { own.checked_sub(other) };
            sum.ok_or(QuantityError)
        };
        *self = Self {
            pile: Pile {
                objects: sum(self.pile.objects, other.pile.objects)?,
                bytes: sum(self.pile.bytes, other.pile.bytes)?,
            },
            bytes: sum(self.bytes, other.bytes)?,
            small: sum(self.small, other.small)?,
            monitored: sum(self.monitored, other.monitored)?,
        };
        Ok(())
    }

    /// Adds a whole month of what rests.
    fn add_month(&self, tier: &mut TierMonth, month: MonthSpan) -> Result<(), QuantityError> {
        let parts = u128::from(month.days) * DAY_PARTS;
        for (sum, amount) in [
            (&mut tier.byte_days, self.bytes),
            (&mut tier.small_days, self.small),
            (&mut tier.object_days, self.pile.objects),
            (&mut tier.monitored_days, self.monitored),
        ] {
            let days = amount.checked_mul(parts).ok_or(QuantityError)?;
            *sum = sum.checked_add(days).ok_or(QuantityError)?;
        }
        tier.left.add(self.pile)
    }
}

/// Returns the stage in which all of a cohort lies before a day, if it is one.
fn stage_of(cohort: &Cohort, timeline: &Timeline, day: i64) -> Option<usize> {
    if day < cohort.first_day + i64::from(cohort.days) {
        return None;
    }
    (0..timeline.stages.len()).find(|&at| {
        cohort.reached(timeline.stages[at].from, day) == cohort.days
            && timeline.end_of(at).is_none_or(|end| cohort.reached(end, day) == 0)
    })
}

/// Returns the bytes that objects are billed as where they have a minimum size.
fn as_smallest(objects: u128, bytes_per_kb: u64) -> Result<u128, QuantityError> {
    overhead(objects, crate::domain::SMALL_OBJECT_KB, bytes_per_kb)
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
    let pile = cohort.pile;
    let as_smallest = as_smallest(pile.objects, bytes_per_kb)?;
    for (at, stage) in timeline.stages.iter().enumerate() {
        let end = timeline.end_of(at);
        let tier = &mut result.tiers[stage.tier as usize];
        let is_padded = timeline.is_small && stage.tier.small().is_some();
        let days = u128::from(days_between(cohort.first_day, cohort.days, (stage.from, end), month));
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

//! The life of an object: which class it is in at which age, what it is billed as, and when it is gone.
//!
//! In: a bucket's rules and a band of object sizes. Out: a [`Timeline`]. Ages count in whole days: an object that arrives
//! on a day is a day old on the next.

use super::meter::ChainMeter;
use crate::domain::{
    Bucket, LifecycleAction, LifecycleRule, SMALL_OBJECT_KB, StorageClass, TransitionMinimum,
};

/// Objects of at least `from` bytes and fewer than `below`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SizeBand {
    pub(super) from: u64,
    pub(super) below: Option<u64>,
}

impl SizeBand {
    /// Returns the bands between thresholds, which are sorted and not zero.
    pub(super) fn between(thresholds: &[u64]) -> Vec<Self> {
        let mut bands = Vec::with_capacity(thresholds.len() + 1);
        let mut from = 0;
        for &below in thresholds {
            bands.push(Self { from, below: Some(below) });
            from = below;
        }
        bands.push(Self { from, below: None });
        bands
    }

    fn is_below(self, bytes: u64) -> bool {
        self.below.is_some_and(|below| below <= bytes)
    }

    fn takes(self, rule: &LifecycleRule) -> bool {
        let large = rule.larger_than.is_none_or(|bytes| self.from > bytes);
        let small = rule.smaller_than.is_none_or(|bytes| self.is_below(bytes));
        large && small
    }
}

/// Returns the sizes at which objects of these buckets begin to be treated differently, and `sizes`.
pub(super) fn thresholds<'a>(
    buckets: impl Iterator<Item = &'a Bucket>,
    sizes: &[u64],
    bytes_per_kb: u64,
) -> Vec<u64> {
    let mut thresholds = vec![SMALL_OBJECT_KB * bytes_per_kb];
    thresholds.extend(sizes);
    for rule in buckets.flat_map(|bucket| &bucket.lifecycle) {
        thresholds.extend(rule.larger_than.map(|bytes| bytes.saturating_add(1)));
        thresholds.extend(rule.smaller_than);
    }
    thresholds.retain(|&bytes| bytes > 0);
    thresholds.sort_unstable();
    thresholds.dedup();
    thresholds
}

/// What stored bytes are billed as: a class, or a tier inside Intelligent-Tiering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    Standard,
    StandardIa,
    OneZoneIa,
    FrequentAccess,
    InfrequentAccess,
    ArchiveInstantAccess,
    ArchiveAccess,
    DeepArchiveAccess,
    GlacierInstant,
    GlacierFlexible,
    DeepArchive,
}

impl Tier {
    pub(super) const ALL: [Self; 11] = [
        Self::Standard,
        Self::StandardIa,
        Self::OneZoneIa,
        Self::FrequentAccess,
        Self::InfrequentAccess,
        Self::ArchiveInstantAccess,
        Self::ArchiveAccess,
        Self::DeepArchiveAccess,
        Self::GlacierInstant,
        Self::GlacierFlexible,
        Self::DeepArchive,
    ];

    fn of(class: StorageClass) -> Self {
        match class {
            StorageClass::Standard => Self::Standard,
            StorageClass::StandardIa => Self::StandardIa,
            StorageClass::IntelligentTiering => Self::FrequentAccess,
            StorageClass::OneZoneIa => Self::OneZoneIa,
            StorageClass::GlacierInstantRetrieval => Self::GlacierInstant,
            StorageClass::GlacierFlexibleRetrieval => Self::GlacierFlexible,
            StorageClass::DeepArchive => Self::DeepArchive,
        }
    }

    pub(super) fn class(self) -> StorageClass {
        match self {
            Self::Standard => StorageClass::Standard,
            Self::StandardIa => StorageClass::StandardIa,
            Self::OneZoneIa => StorageClass::OneZoneIa,
            Self::GlacierInstant => StorageClass::GlacierInstantRetrieval,
            Self::GlacierFlexible => StorageClass::GlacierFlexibleRetrieval,
            Self::DeepArchive => StorageClass::DeepArchive,
            _ => StorageClass::IntelligentTiering,
        }
    }

    pub(super) fn storage(self) -> ChainMeter {
        match self {
            Self::Standard => ChainMeter::Standard,
            Self::StandardIa => ChainMeter::StandardIa,
            Self::OneZoneIa => ChainMeter::OneZoneIa,
            Self::FrequentAccess => ChainMeter::FrequentAccess,
            Self::InfrequentAccess => ChainMeter::InfrequentAccess,
            Self::ArchiveInstantAccess => ChainMeter::ArchiveInstantAccess,
            Self::ArchiveAccess => ChainMeter::ArchiveAccess,
            Self::DeepArchiveAccess => ChainMeter::DeepArchiveAccess,
            Self::GlacierInstant => ChainMeter::GlacierInstant,
            Self::GlacierFlexible => ChainMeter::GlacierFlexible,
            Self::DeepArchive => ChainMeter::DeepArchive,
        }
    }

    /// Returns what objects below the class's minimum size are billed as, and the rest of their minimum duration.
    pub(super) fn small(self) -> Option<(ChainMeter, ChainMeter)> {
        match self {
            Self::StandardIa => Some((ChainMeter::StandardIaSmall, ChainMeter::StandardIaSmallEarly)),
            Self::OneZoneIa => Some((ChainMeter::OneZoneIaSmall, ChainMeter::OneZoneIaSmallEarly)),
            Self::GlacierInstant => {
                Some((ChainMeter::GlacierInstantSmall, ChainMeter::GlacierInstantSmallEarly))
            }
            _ => None,
        }
    }

    /// Returns what the days that an object lacks to the class's minimum duration are billed as.
    pub(super) fn early_deletion(self) -> Option<ChainMeter> {
        match self {
            Self::StandardIa => Some(ChainMeter::StandardIaEarly),
            Self::OneZoneIa => Some(ChainMeter::OneZoneIaEarly),
            Self::GlacierInstant => Some(ChainMeter::GlacierInstantEarly),
            Self::GlacierFlexible => Some(ChainMeter::GlacierFlexibleEarly),
            Self::DeepArchive => Some(ChainMeter::DeepArchiveEarly),
            _ => None,
        }
    }

    /// Tells whether 32 KB at its own rate and 8 KB at the Standard rate are billed beside each object.
    pub(super) fn has_overhead(self) -> bool {
        matches!(
            self,
            Self::GlacierFlexible | Self::DeepArchive | Self::ArchiveAccess | Self::DeepArchiveAccess
        )
    }
}

/// A span of an object's life in one tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stage {
    /// The age at which it begins.
    pub(super) from: u32,
    /// The tier.
    pub(super) tier: Tier,
    /// The class entered by a transition request at `from`.
    pub(super) moved_to: Option<StorageClass>,
    /// Days of the minimum duration that are left when the stage ends; billed then.
    pub(super) days_short: u32,
}

/// An object's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Timeline {
    pub(super) stages: Vec<Stage>,
    /// The age at which the object is gone.
    pub(super) ends: Option<u32>,
    pub(super) is_small: bool,
}

impl Timeline {
    /// Returns the life of objects that enter the bucket in `class` at the age `age`; older rules apply at once.
    pub(super) fn new(
        bucket: &Bucket,
        band: SizeBand,
        class: StorageClass,
        age: u32,
        bytes_per_kb: u64,
    ) -> Self {
        let is_small = band.is_below(SMALL_OBJECT_KB * bytes_per_kb);
        let mut spans = vec![Span { from: 0, class, moved: false }];
        let mut ends = None;
        for rule in bucket.lifecycle.iter().filter(|rule| band.takes(rule)) {
            let after = rule.after.days();
            match rule.action {
                // Of several expiries the first one holds (S3 user guide, lifecycle conflicts).
                LifecycleAction::Expire => ends = ends.or(Some(gone(bucket, after.max(age)))),
                LifecycleAction::Transition(to) => {
                    let may_move = rule.has_size_filter()
                        || !is_small
                        || (bucket.transition_minimum == TransitionMinimum::VariesByClass && to.is_archive());
                    if may_move && ends.is_none() {
                        take(&mut spans, to, after, age);
                    }
                }
            }
        }
        let ends = ends.flatten();
        Self { stages: stages(bucket, &spans, ends, is_small), ends, is_small }
    }

    /// Returns the age at which a stage ends; `None` is never.
    pub(super) fn end_of(&self, stage: usize) -> Option<u32> {
        self.stages.get(stage + 1).map(|next| next.from).or(self.ends)
    }
}

/// A stay in one class.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: u32,
    class: StorageClass,
    moved: bool,
}

/// Returns the age at which an object that expires is really gone: versions and locks hold it longer.
fn gone(bucket: &Bucket, expires: u32) -> Option<u32> {
    let gone = match bucket.versioning {
        None => expires,
        Some(versioning) => expires.checked_add(versioning.noncurrent?.days())?,
    };
    Some(gone.max(bucket.object_lock.map_or(0, crate::domain::Age::days)))
}

fn take(spans: &mut Vec<Span>, to: StorageClass, after: u32, age: u32) {
    let Some(last) = spans.last_mut() else {
        return;
    };
    if last.class == to && !last.moved && after <= age {
        // It is there already: this rule brought it.
        last.from = after;
        return;
    }
    let at = after.max(age);
    if last.moved && last.from == at {
        // Of several rules that are due at once, the last one decides.
        let before = spans.iter().rev().nth(1).map(|span| span.class);
        if before.is_some_and(|class| class.may_move_to(to))
            && let Some(last) = spans.last_mut()
        {
            last.class = to;
        }
        return;
    }
    if last.class.may_move_to(to) {
        spans.push(Span { from: at, class: to, moved: true });
    }
}

/// Days in Intelligent-Tiering without access after which an object becomes infrequent, and archive instant access
/// (S3 user guide, S3 Intelligent-Tiering access tiers).
const INTELLIGENT_DAYS: (u32, u32) = (30, 90);

fn stages(bucket: &Bucket, spans: &[Span], ends: Option<u32>, is_small: bool) -> Vec<Stage> {
    let mut stages = Vec::new();
    // Deletion takes precedence over a transition that is due on the same day (S3 user guide, lifecycle conflicts).
    let lived = spans.iter().filter(|span| !span.moved || ends.is_none_or(|ends| span.from < ends)).count();
    let spans = &spans[..lived];
    for (at, span) in spans.iter().enumerate() {
        let end = spans.get(at + 1).map(|next| next.from).or(ends);
        if end.is_some_and(|end| end < span.from) {
            continue;
        }
        let stayed = end.map(|end| end - span.from);
        let days_short = stayed.map_or(0, |days| span.class.minimum_days().saturating_sub(days));
        let moved_to = span.moved.then_some(span.class);
        let tier = Tier::of(span.class);
        stages.push(Stage { from: span.from, tier, moved_to, days_short });
        if span.class != StorageClass::IntelligentTiering || is_small {
            continue;
        }
        let tiers = bucket.archive_tiers;
        let inner = [
            (Some(INTELLIGENT_DAYS.0), Tier::InfrequentAccess),
            (Some(INTELLIGENT_DAYS.1), Tier::ArchiveInstantAccess),
            (tiers.archive.map(crate::domain::Age::days), Tier::ArchiveAccess),
            (tiers.deep_archive.map(crate::domain::Age::days), Tier::DeepArchiveAccess),
        ];
        for (days, tier) in inner {
            let Some(from) = days.and_then(|days| span.from.checked_add(days)) else {
                continue;
            };
            if end.is_some_and(|end| end <= from) {
                continue;
            }
            // Archive Access may begin on the very day of archive instant access.
            if stages.last().is_some_and(|last: &Stage| last.from == from && last.moved_to.is_none()) {
                stages.pop();
            }
            stages.push(Stage { from, tier, moved_to: None, days_short: 0 });
        }
    }
    stages
}

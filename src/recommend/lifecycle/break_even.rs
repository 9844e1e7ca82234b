//! What moving objects of one size costs, and from which size on it pays; what compacting them first would bring.
//!
//! Everything here is priced with the mean month: as many objects of the mean size in every month of the horizon.

use super::sequences::{Move, rules};
use super::without_observations;
use crate::domain::{
    Amount, AmountValue, Arrival, Bucket, Growth, Inventory, LifecycleAction, LifecycleRule, Model, Money,
    Place, Provenance, ProvenanceKind, Quantity, ReadScope, Reader, ReaderKind, RestoreTier, StorageClass,
};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::Scene;

/// Bytes of the objects that small ones are compacted into.
const COMPACTED_BYTES: u128 = 128 << 20;

/// Sizes beyond this are not searched for a break-even.
const LARGEST_BYTES: u128 = 1 << 30;

/// Classes that objects are moved to at the earliest age, in the order in which equal costs are told.
const MOVES: [Move; 4] = [
    (StorageClass::GlacierInstantRetrieval, 0),
    (StorageClass::StandardIa, 30),
    (StorageClass::GlacierFlexibleRetrieval, 0),
    (StorageClass::DeepArchive, 0),
];

/// Prices a bucket by its mean month.
pub(super) struct BreakEven<'a, 's, 'p> {
    scene: &'a Scene<'s, 'p>,
    bucket: &'a Bucket,
}

/// A move that does not pay.
pub(super) struct Forced {
    pub(super) sequence: Vec<Move>,
    /// What it costs more over the horizon.
    pub(super) more: Money,
    /// Bytes of an object from which on it pays.
    pub(super) break_even: u128,
}

impl<'a, 's, 'p> BreakEven<'a, 's, 'p> {
    pub(super) fn new(scene: &'a Scene<'s, 'p>, bucket: &'a Bucket) -> Self {
        Self { scene, bucket }
    }

    /// Prices a bucket that receives so much each month; `read` objects are read once each month. Nothing where something has
    /// no price.
    fn cost(
        &self,
        (objects, bytes): (u128, u128),
        read: u128,
        lifecycle: Vec<LifecycleRule>,
    ) -> Result<Option<Money>, RecommendError> {
        let (Some(objects), Some(bytes), Some(read)) = (amount(objects), amount(bytes), amount(read)) else {
            return Ok(None);
        };
        let own = self.bucket;
        let mut bucket = Bucket::plain(&own.name, own.account.clone(), own.region.clone());
        bucket.lifecycle = lifecycle;
        bucket.versioning = own.versioning;
        bucket.object_lock = own.object_lock;
        bucket.receives = Some(Arrival { objects, bytes });
        let reader = Reader {
            name: String::new(),
            account: own.account.clone(),
            region: own.region.clone(),
            bucket: Some(own.name.clone()),
            kind: ReaderKind::Get,
            times: amount(1).unwrap_or_else(|| read.clone()),
            scope: ReadScope::Given { files: Some(read), bytes: None, uncompressed: false },
            restore: RestoreTier::default(),
            restore_days: 1,
        };
        let model = Model {
            inventory: Inventory {
                accounts: self.scene.model.inventory.accounts.clone(),
                buckets: vec![bucket],
                readers: vec![reader],
                ..Inventory::default()
            },
            growth: Growth::default(),
            terms: self.scene.model.terms.clone(),
            assumptions: self.scene.model.assumptions.clone(),
            ..without_observations(self.scene.model)
        };
        let value = self.scene.valuer.value(&model)?;
        Ok((!value.incomplete).then_some(value.total))
    }

    /// Returns what moving all objects costs more than leaving them, or nothing where it costs less.
    fn more(
        &self,
        month: (u128, u128),
        sequence: &[Move],
        expires: Option<u32>,
    ) -> Result<Option<Money>, RecommendError> {
        let moved = self.cost(month, 0, rules(sequence, Some(0), expires))?;
        let stayed = self.cost(month, 0, rules(&[], None, expires))?;
        let more = moved.zip(stayed).and_then(|(moved, stayed)| moved.checked_sub(stayed));
        Ok(more.filter(|own| !own.is_negative() && !own.is_zero()))
    }

    /// Returns the move of all objects that costs least, where even that does not pay.
    pub(super) fn cheapest_forced(
        &self,
        objects: u128,
        bytes: u128,
        expires: Option<u32>,
    ) -> Result<Option<Forced>, RecommendError> {
        let months = u128::from(self.scene.model.horizon.months);
        let (objects, bytes) = (objects.div_ceil(months), bytes.div_ceil(months));
        if objects == 0 {
            return Ok(None);
        }
        let mut least: Option<(Money, Vec<Move>)> = None;
        for own in MOVES {
            let Some(more) = self.more((objects, bytes), &[own], expires)? else {
                return Ok(None);
            };
            if least.as_ref().is_none_or(|(known, _)| more < *known) {
                least = Some((more, vec![own]));
            }
        }
        let Some((more, sequence)) = least else {
            return Ok(None);
        };
        let pays = |size: u128| -> Result<bool, RecommendError> {
            Ok(self.more((objects, objects * size), &sequence, expires)?.is_none())
        };
        let (mut low, mut high) = (bytes / objects, LARGEST_BYTES);
        if low >= high || !pays(high)? {
            return Ok(None);
        }
        // To a quarter of a kilobyte: prices have no finer meaning here.
        while high - low > 256 {
            let middle = low + (high - low) / 2;
            if pays(middle)? {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(Some(Forced { sequence, more, break_even: high }))
    }

    /// Returns what is saved when objects are compacted into large ones first, and the class that these then move to.
    pub(super) fn compacted(
        &self,
        objects: u128,
        bytes: u128,
        expires: Option<u32>,
    ) -> Result<Option<(Money, Vec<Move>)>, RecommendError> {
        let months = u128::from(self.scene.model.horizon.months);
        let (objects, bytes) = (objects.div_ceil(months), bytes.div_ceil(months));
        let large = bytes.div_ceil(COMPACTED_BYTES);
        // What Object Lock holds cannot be deleted once it is compacted.
        if large == 0 || large >= objects || self.bucket.object_lock.is_some() {
            return Ok(None);
        }
        let mut today = self.bucket.lifecycle.clone();
        if !today.iter().any(|own| own.action == LifecycleAction::Expire) {
            today.extend(rules(&[], None, expires));
        }
        let stayed = self.cost((objects, bytes), 0, today)?;
        // What is written first is written all the same; a byte each stands for its storage, which ends at once.
        let written = self.cost((objects, objects), 0, rules(&[], None, expires))?;
        let mut best: Option<(Money, Vec<Move>)> = None;
        for sequence in std::iter::once(Vec::new()).chain(MOVES.map(|own| vec![own])) {
            let compacted = self.cost((large, bytes), objects, rules(&sequence, Some(0), expires))?;
            let less = stayed
                .zip(written.zip(compacted))
                .and_then(|(stayed, (written, compacted))| {
                    stayed.checked_sub(written.checked_add(compacted)?)
                })
                .filter(|own| !own.is_negative() && !own.is_zero());
            if let Some(less) = less
                && best.as_ref().is_none_or(|(known, _)| less > *known)
            {
                best = Some((less, sequence));
            }
        }
        Ok(best)
    }
}

fn amount(whole: u128) -> Option<Amount> {
    Some(Amount {
        value: AmountValue::Known(Quantity::from_count(u64::try_from(whole).ok()?)),
        provenance: Provenance { kind: ProvenanceKind::Derived, place: Place::default() },
    })
}

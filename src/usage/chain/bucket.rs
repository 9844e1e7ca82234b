//! What a bucket is charged for in a month: requests, storage, transitions, early deletions, replicas and its key.

use super::exact::mul_div;
use super::figures::ChainFigures;
use super::ledger::{Ledger, Owner, Stated};
use super::lifecycle::{SizeBand, Tier};
use super::meter::{ChainMeter, put, transition};
use super::store::{DAY_PARTS, MonthSpan, Nature, Pile, Store, StoreMonth, overhead};
use crate::domain::{ARCHIVE_OVERHEAD_KB, Bucket, Component, Quantity, QuantityError, SizeBin, StorageClass};
use crate::usage::cell::Factors;

/// A bucket on its way through the months.
pub(super) struct BucketRun<'a> {
    pub(super) bucket: &'a Bucket,
    pub(super) owner: Owner,
    pub(super) resource: u32,
    pub(super) store: Store<'a>,
    /// Whether some trail encrypts what it delivers here, or the bucket everything.
    pub(super) has_key: bool,
    /// Whether an unknown part lies in it.
    pub(super) has_unknown: bool,
    /// Whether an unknown part is delivered to it, copies left out.
    pub(super) receives_unknown: bool,
    /// This month's arrivals, by band.
    pub(super) arrivals: Arrivals,
}

/// What arrives in a bucket in a month, by band.
#[derive(Debug, Clone, Default)]
pub(super) struct Arrivals {
    /// Log files without and with SSE-KMS.
    pub(super) logs: [Vec<Pile>; 2],
    pub(super) digests: Vec<Pile>,
    /// What else arrives.
    pub(super) others: Vec<Pile>,
}

impl Arrivals {
    pub(super) fn nothing(bands: usize) -> Self {
        let none = vec![Pile::default(); bands];
        Self { logs: [none.clone(), none.clone()], digests: none.clone(), others: none }
    }

    /// Returns every kind; `all_encrypted` is the bucket's own encryption.
    fn kinds(&self, all_encrypted: bool) -> [(&[Pile], Nature); 4] {
        let nature = |is_digest, is_encrypted| Nature { is_digest, is_encrypted };
        [
            (&self.logs[0], nature(false, all_encrypted)),
            (&self.logs[1], nature(false, true)),
            (&self.digests, nature(true, all_encrypted)),
            (&self.others, nature(false, all_encrypted)),
        ]
    }

    fn sum(&self) -> Result<Pile, QuantityError> {
        let mut all = Pile::default();
        for &pile in self.kinds(false).iter().flat_map(|(piles, _)| *piles) {
            all.add(pile)?;
        }
        Ok(all)
    }

    fn encrypted_objects(&self, all_encrypted: bool) -> u128 {
        let kinds = self.kinds(all_encrypted);
        let encrypted = kinds.iter().filter(|(_, nature)| nature.is_encrypted);
        encrypted.flat_map(|(piles, _)| *piles).map(|pile| pile.objects).sum()
    }
}

impl BucketRun<'_> {
    /// Adds what the bucket receives beside the trails' files, and shares log files out by the measured sizes.
    pub(super) fn complete_arrivals(
        &mut self,
        bands: &[SizeBand],
        factors: &Factors,
    ) -> Result<(), QuantityError> {
        if let Some(receives) = &self.bucket.receives {
            let objects = Stated::grown(Some(&receives.objects), factors)?;
            let bytes = Stated::grown(Some(&receives.bytes), factors)?;
            self.receives_unknown |= objects.is_unknown || bytes.is_unknown;
            let pile = Pile { objects: objects.whole()?, bytes: bytes.whole()? };
            // Growth brings more objects, not other sizes: rounding must not lift them over a limit.
            let stated = Pile {
                objects: Stated::plain(Some(&receives.objects)).whole()?,
                bytes: Stated::plain(Some(&receives.bytes)).whole()?,
            };
            self.arrivals.others[self.store.band_of(stated)].add(pile)?;
        }
        self.has_unknown |= self.receives_unknown;
        if !self.bucket.sizes.is_empty() {
            for logs in &mut self.arrivals.logs {
                *logs = by_size(&self.bucket.sizes, bands, logs)?;
            }
        }
        Ok(())
    }

    /// Charges the writing of this month's arrivals, takes them in, and charges what is stored.
    pub(super) fn month(
        &mut self,
        month: MonthSpan,
        figures: &ChainFigures,
        ledger: &mut Ledger<'_>,
    ) -> Result<StoreMonth, QuantityError> {
        let objects = self.arrivals.sum()?.objects;
        let put = put(StorageClass::Standard);
        ledger.count(self.owner, self.resource, put, objects, self.receives_unknown)?;
        for (piles, nature) in self.arrivals.kinds(self.bucket.kms) {
            self.store.arrive(piles, StorageClass::Standard, month, nature);
        }
        let stored = self.store.month(month)?;
        if ledger.is_closed {
            return Ok(stored);
        }
        self.charge_storage(&stored, month, figures, ledger)?;
        if self.has_unknown {
            for meter in self.store.meters(month) {
                ledger.add(self.owner, self.resource, meter, Quantity::ZERO, true);
            }
        }
        if self.has_key && self.bucket.kms_key.is_none() {
            let versions = u128::from(self.bucket.kms_key_versions);
            ledger.count(self.owner, self.resource, ChainMeter::Key, versions, false)?;
        }
        Ok(stored)
    }

    fn charge_storage(
        &self,
        stored: &StoreMonth,
        month: MonthSpan,
        figures: &ChainFigures,
        ledger: &mut Ledger<'_>,
    ) -> Result<(), QuantityError> {
        let (owner, resource) = (self.owner, self.resource);
        let month_parts = DAY_PARTS * u128::from(month.days);
        let gb_parts = month_parts * u128::from(figures.bytes_per_gb);
        let gb_months = |byte_days: u128| Quantity::from_fraction(byte_days, gb_parts);
        let beside = |object_days, kilobytes| overhead(object_days, kilobytes, figures.bytes_per_kb);
        // The Standard bytes beside archived objects are billed with all others of that class.
        let (mut standard, mut monitored) = (0_u128, 0_u128);
        for tier in Tier::ALL {
            let of_tier = &stored.tiers[tier as usize];
            if of_tier.object_days == 0 && of_tier.early_days == 0 && of_tier.early_small_days == 0 {
                continue;
            }
            let mut bytes = of_tier.byte_days;
            if tier.has_overhead() {
                let (own, at_standard) = ARCHIVE_OVERHEAD_KB;
                bytes = bytes.checked_add(beside(of_tier.object_days, own)?).ok_or(QuantityError)?;
                let at_standard = beside(of_tier.object_days, at_standard)?;
                standard = standard.checked_add(at_standard).ok_or(QuantityError)?;
            }
            if tier == Tier::Standard {
                standard = standard.checked_add(bytes).ok_or(QuantityError)?;
            } else {
                ledger.add(owner, resource, tier.storage(), gb_months(bytes)?, false);
            }
            if let Some((stored, early)) = tier.small() {
                ledger.add(owner, resource, stored, gb_months(of_tier.small_days)?, false);
                ledger.add(owner, resource, early, gb_months(of_tier.early_small_days)?, false);
            }
            if let Some(meter) = tier.early_deletion() {
                ledger.add(owner, resource, meter, gb_months(of_tier.early_days)?, false);
            }
            monitored = monitored.checked_add(of_tier.monitored_days).ok_or(QuantityError)?;
        }
        ledger.add(owner, resource, ChainMeter::Standard, gb_months(standard)?, false);
        let monitored = mul_div(monitored, 1, month_parts)?;
        ledger.count(owner, resource, ChainMeter::Monitoring, monitored, false)?;
        for (class, &objects) in StorageClass::all().zip(&stored.transitions) {
            if let Some(meter) = transition(class) {
                ledger.count(owner, resource, meter, objects, false)?;
            }
        }
        Ok(())
    }

    /// Copies this month's arrivals into another bucket, and returns the calls of its own key and of the other's.
    pub(super) fn replicate(
        &self,
        to: &mut BucketRun<'_>,
        class: StorageClass,
        month: MonthSpan,
        transfer: Option<ChainMeter>,
        ledger: &mut Ledger<'_>,
    ) -> Result<[Calls; 2], QuantityError> {
        let all = self.arrivals.sum()?;
        let unknown = self.receives_unknown;
        let requests = super::exact::count(all.objects)?;
        ledger.add_as(to.owner, to.resource, put(class), Component::Replication, requests, unknown);
        if let Some(meter) = transfer {
            let gb = Quantity::from_fraction(all.bytes, u128::from(crate::domain::BYTES_PER_GB))?;
            ledger.add(self.owner, self.resource, meter, gb, unknown);
        }
        // Replication decrypts what the source's key protects, and encrypts with the target's (S3 user guide,
        // replicating encrypted objects).
        let decrypted = self.arrivals.encrypted_objects(self.bucket.kms);
        let read = self.key_requests(self.owner, decrypted, unknown, ledger)?;
        let written = if to.bucket.kms {
            to.key_requests(to.owner, all.objects, unknown, ledger)?
        } else {
            Calls::default()
        };
        to.has_unknown |= unknown;
        for (piles, nature) in self.arrivals.kinds(false) {
            let nature = Nature { is_encrypted: to.bucket.kms, ..nature };
            to.store.arrive(piles, class, month, nature);
        }
        Ok([read, written])
    }

    /// Charges requests to the bucket's key, less what a Bucket Key saves, and returns them.
    pub(super) fn key_requests(
        &self,
        caller: Owner,
        requests: u128,
        has_unknown: bool,
        ledger: &mut Ledger<'_>,
    ) -> Result<Calls, QuantityError> {
        if !self.has_key {
            return Ok(Calls::default());
        }
        let saving = Stated::plain(self.bucket.bucket_key_saving.as_ref());
        let left = requests.saturating_sub(saving.quantity.of_whole(requests)?);
        let has_unknown = has_unknown || (saving.is_unknown && requests > 0);
        ledger.count(caller, self.resource, ChainMeter::KeyRequest, left, has_unknown)?;
        Ok(Calls { number: left, has_unknown })
    }
}

/// Calls of a key in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Calls {
    pub(super) number: u128,
    /// Whether there are more, nobody knows how many.
    pub(super) has_unknown: bool,
}

impl Calls {
    pub(super) fn add(&mut self, other: Self) -> Result<(), QuantityError> {
        self.number = self.number.checked_add(other.number).ok_or(QuantityError)?;
        self.has_unknown |= other.has_unknown;
        Ok(())
    }
}

/// Shares files out by a measured histogram; what rounding leaves goes into the last bar.
fn by_size(sizes: &[SizeBin], bands: &[SizeBand], logs: &[Pile]) -> Result<Vec<Pile>, QuantityError> {
    let mut all = Pile::default();
    for &pile in logs {
        all.add(pile)?;
    }
    let mut shared = vec![Pile::default(); bands.len()];
    let mut left = all;
    for (at, size) in sizes.iter().enumerate() {
        let pile = if at + 1 == sizes.len() {
            left
        } else {
            Pile {
                objects: mul_div(all.objects, u128::from(size.files_ppm), 1_000_000)?.min(left.objects),
                bytes: mul_div(all.bytes, u128::from(size.bytes_ppm), 1_000_000)?.min(left.bytes),
            }
        };
        left.objects -= pile.objects;
        left.bytes -= pile.bytes;
        if pile.objects == 0 {
            // Bytes without a file stay with the files of the next bar.
            left.bytes += pile.bytes;
            continue;
        }
        shared[super::store::band_of(bands, pile)].add(pile)?;
    }
    if left.bytes > 0
        && let Some(last) = shared.iter_mut().rev().find(|pile| pile.objects > 0)
    {
        last.bytes += left.bytes;
    }
    Ok(shared)
}

//! What reading logs costs: requests, retrievals, restores, Decrypt calls, and Athena's scans.
//!
//! Sources: S3 user guide, restoring archived objects; KMS developer guide; Athena pricing: bytes scanned are rounded up
//! to a megabyte, with ten megabytes at least for a query.

use super::bucket::{BucketRun, Calls};
use super::exact::{Ratio, mul_div};
use super::figures::ChainFigures;
use super::ledger::{Ledger, Owner, Stated};
use super::meter::{ChainMeter, get, retrieval};
use super::store::{MonthSpan, Pile, Readable};
use crate::domain::{
    BYTES_PER_GB, Quantity, QuantityError, ReadScope, Reader, ReaderKind, RestoreTier, StorageClass,
};
use crate::usage::cell::Factors;

const BYTES_PER_MB: u128 = 1 << 20;
const LEAST_MB_OF_A_QUERY: u128 = 10;
const MB_PER_TB: u128 = 1 << 20;

/// A reader with the positions of its names.
pub(super) struct ReaderRun<'a> {
    pub(super) reader: &'a Reader,
    pub(super) owner: Owner,
    pub(super) resource: u32,
    pub(super) bucket: Option<usize>,
}

/// What one reading of a month touches.
struct Touched {
    by_class: [Readable; StorageClass::NAMES.len()],
    is_unknown: bool,
}

impl ReaderRun<'_> {
    /// Charges a month's reading and returns the Decrypt calls that it causes.
    pub(super) fn month(
        &self,
        bucket: Option<&BucketRun<'_>>,
        month: MonthSpan,
        factors: &Factors,
        figures: &ChainFigures,
        ledger: &mut Ledger<'_>,
    ) -> Result<Calls, QuantityError> {
        let touched = self.touched(bucket, month, factors, figures)?;
        let times = Stated::plain(Some(&self.reader.times));
        let unknown = touched.is_unknown || times.is_unknown;
        if self.reader.kind == ReaderKind::Athena {
            let bytes: u128 = touched.by_class.iter().map(|own| own.pile.bytes).sum();
            let megabytes = bytes.div_ceil(BYTES_PER_MB).max(LEAST_MB_OF_A_QUERY);
            // Times may have a fraction: 0.5 is a query every other month.
            let scanned = times.quantity.times_fraction(megabytes, MB_PER_TB)?;
            ledger.add(self.owner, self.resource, ChainMeter::Scanned, scanned, unknown);
        }
        let Some(bucket) = bucket else {
            return Ok(Calls::default());
        };
        let mut calls = 0;
        for (class, Readable { pile, encrypted_objects }) in StorageClass::all().zip(touched.by_class) {
            let objects = times.quantity.of_whole(pile.objects)?;
            let bytes = times.quantity.of_whole(pile.bytes)?;
            calls += times.quantity.of_whole(encrypted_objects)?;
            let owner = bucket.owner;
            if class.is_archive() {
                self.restore(owner, class, Pile { objects, bytes }, (month, figures), ledger)?;
            }
            ledger.count(owner, self.resource, get(class), objects, false)?;
            if let Some(meter) = retrieval(class) {
                ledger.bytes(owner, self.resource, meter, bytes, BYTES_PER_GB)?;
            }
        }
        if unknown {
            for class in bucket.store.classes(month) {
                ledger.count(bucket.owner, self.resource, get(class), 0, true)?;
                if let Some(meter) = retrieval(class) {
                    ledger.count(bucket.owner, self.resource, meter, 0, true)?;
                }
                if class.is_archive() {
                    let (request, retrieved) = restores(self.reader.restore, class);
                    ledger.count(bucket.owner, self.resource, request, 0, true)?;
                    ledger.count(bucket.owner, self.resource, retrieved, 0, true)?;
                }
            }
        }
        bucket.key_requests(self.owner, calls, unknown, ledger)
    }

    fn touched(
        &self,
        bucket: Option<&BucketRun<'_>>,
        month: MonthSpan,
        factors: &Factors,
        figures: &ChainFigures,
    ) -> Result<Touched, QuantityError> {
        match &self.reader.scope {
            ReadScope::Logs { from, to } => match bucket {
                None => Ok(Touched { by_class: Default::default(), is_unknown: true }),
                Some(bucket) => Ok(Touched {
                    by_class: bucket.store.between(from.days(), to.map(crate::domain::Age::days), month)?,
                    is_unknown: bucket.has_unknown,
                }),
            },
            ReadScope::Given { files, bytes, uncompressed } => {
                let files = Stated::grown(files.as_ref(), factors)?;
                let bytes = Stated::grown(bytes.as_ref(), factors)?;
                let ratio = if *uncompressed { figures.compression } else { Ratio { over: 1, under: 1 } };
                let pile = Pile { objects: files.whole()?, bytes: ratio.of(bytes.whole()?)? };
                let encrypted_objects = if bucket.is_some_and(|own| own.has_key) { pile.objects } else { 0 };
                let mut by_class = [Readable::default(); StorageClass::NAMES.len()];
                by_class[StorageClass::Standard as usize] = Readable { pile, encrypted_objects };
                Ok(Touched { by_class, is_unknown: files.is_unknown || bytes.is_unknown })
            }
        }
    }

    fn restore(
        &self,
        owner: Owner,
        class: StorageClass,
        Pile { objects, bytes }: Pile,
        (month, figures): (MonthSpan, &ChainFigures),
        ledger: &mut Ledger<'_>,
    ) -> Result<(), QuantityError> {
        let (request, retrieved) = restores(self.reader.restore, class);
        ledger.count(owner, self.resource, request, objects, false)?;
        ledger.bytes(owner, self.resource, retrieved, bytes, BYTES_PER_GB)?;
        let days = u128::from(self.reader.restore_days);
        let byte_days = mul_div(bytes, days, 1)?;
        let parts = u128::from(month.days) * u128::from(figures.bytes_per_gb);
        let copy = Quantity::from_fraction(byte_days, parts)?;
        ledger.add(owner, self.resource, ChainMeter::Standard, copy, false);
        Ok(())
    }
}

/// Returns the request that restores an object of an archive class, and the charge for its bytes.
fn restores(tier: RestoreTier, class: StorageClass) -> (ChainMeter, ChainMeter) {
    match (tier, class == StorageClass::DeepArchive) {
        (RestoreTier::Expedited, false) => (ChainMeter::RestoreExpedited, ChainMeter::RestoredExpedited),
        (RestoreTier::Bulk, false) => (ChainMeter::RestoreBulk, ChainMeter::RestoredBulk),
        (RestoreTier::Standard, false) => (ChainMeter::RestoreStandard, ChainMeter::RestoredStandard),
        (RestoreTier::Bulk, true) => (ChainMeter::RestoreDeepBulk, ChainMeter::RestoredDeepBulk),
        // Deep Archive knows no expedited retrieval.
        (RestoreTier::Standard | RestoreTier::Expedited, true) => {
            (ChainMeter::RestoreDeepStandard, ChainMeter::RestoredDeepStandard)
        }
    }
}

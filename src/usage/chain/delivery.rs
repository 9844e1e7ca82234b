//! What a trail delivers from one account and Region in a month: events, log files and their bytes.
//!
//! Sources: CloudTrail user guide: log files are delivered about every five minutes, when there are events; a file holds
//! 50 MB before compression; network activity events and Insights events come in files of their own.

use super::exact::mul_div;
use super::figures::ChainFigures;
use super::lifecycle::SizeBand;
use super::store::{Pile, band_of};
use crate::domain::QuantityError;

/// Five-minute slots of a day.
const SLOTS_PER_DAY: u64 = 288;

/// What a trail delivers in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::usage) struct Delivered {
    /// Events.
    pub(super) events: u64,
    /// Log files and their compressed bytes, by band of the files' mean size.
    pub(super) files: Vec<Pile>,
}

impl Delivered {
    pub(in crate::usage) fn nothing(bands: usize) -> Self {
        Self { events: 0, files: vec![Pile::default(); bands] }
    }

    pub(super) fn all_files(&self) -> Result<Pile, QuantityError> {
        let mut all = Pile::default();
        for &pile in &self.files {
            all.add(pile)?;
        }
        Ok(all)
    }

    pub(in crate::usage) fn add(&mut self, other: &Self) -> Result<(), QuantityError> {
        self.events = self.events.checked_add(other.events).ok_or(QuantityError)?;
        for (own, &other) in self.files.iter_mut().zip(&other.files) {
            own.add(other)?;
        }
        Ok(())
    }

    /// Takes away what was added before.
    pub(in crate::usage) fn take_away(&mut self, other: &Self) -> Result<(), QuantityError> {
        self.events = self.events.checked_sub(other.events).ok_or(QuantityError)?;
        for (own, &other) in self.files.iter_mut().zip(&other.files) {
            own.take_away(other)?;
        }
        Ok(())
    }
}

/// What decides, beside a month's days, how events become log files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::usage) struct FilingBasis {
    figures: ChainFigures,
    bands: Vec<SizeBand>,
}

impl FilingBasis {
    pub(super) fn new(figures: ChainFigures, bands: &[SizeBand]) -> Self {
        Self { figures, bands: bands.to_vec() }
    }
}

/// How events become log files in a month.
#[derive(Debug, Clone, Copy)]
pub(in crate::usage) struct Filing<'a> {
    figures: &'a ChainFigures,
    bands: &'a [SizeBand],
    /// The most files of a month, short of larger ones being split.
    slots: u64,
}

impl<'a> Filing<'a> {
    pub(super) fn new(
        figures: &'a ChainFigures,
        bands: &'a [SizeBand],
        days: u32,
    ) -> Result<Self, QuantityError> {
        let ratio = figures.files_per_slot;
        let slots = ratio.of(u128::from(u64::from(days) * SLOTS_PER_DAY))?;
        Ok(Self { figures, bands, slots: u64::try_from(slots).map_err(|_| QuantityError)? })
    }

    /// Adds the files of so many events of one account and Region.
    #[inline]
    pub(in crate::usage) fn file(&self, events: u64, to: &mut Delivered) -> Result<(), QuantityError> {
        if events == 0 {
            return Ok(());
        }
        to.events = to.events.checked_add(events).ok_or(QuantityError)?;
        let pile = self.pile(events)?;
        let band = if self.bands.len() == 1 { 0 } else { band_of(self.bands, pile) };
        to.files[band].add(pile)
    }

    fn pile(&self, events: u64) -> Result<Pile, QuantityError> {
        let figures = self.figures;
        let few = events.min(self.slots);
        if let Some(raw) = events.checked_mul(figures.bytes_per_event) {
            let files = few.max(raw.div_ceil(figures.file_bytes_at_most));
            return Ok(Pile { objects: u128::from(files), bytes: self.compressed(raw)? });
        }
        let raw = u128::from(events) * u128::from(figures.bytes_per_event);
        let files = u128::from(few).max(raw.div_ceil(u128::from(figures.file_bytes_at_most)));
        let ratio = figures.compression;
        Ok(Pile { objects: files, bytes: mul_div(raw, ratio.over, ratio.under)? })
    }

    #[inline]
    fn compressed(&self, raw: u64) -> Result<u128, QuantityError> {
        let ratio = self.figures.compression;
        // Nearly always one of a whole number: then 64 bits will do.
        if ratio.over == 1
            && let Ok(under) = u64::try_from(ratio.under)
        {
            let (whole, rest) = (raw / under, raw % under);
            let up = match rest.cmp(&(under - rest)) {
                std::cmp::Ordering::Less => 0,
                std::cmp::Ordering::Greater => 1,
                std::cmp::Ordering::Equal => whole & 1,
            };
            return Ok(u128::from(whole + up));
        }
        ratio.of(u128::from(raw))
    }
}

//! What event data stores and trails take from all accounts and Regions, month by month.

use super::cell::{Cell, Counts, Factors, grow, sum};
use super::chain::{Delivered, Filing};
use super::shape::Shape;
use crate::domain::QuantityError;
use std::collections::BTreeMap;

/// Counts that change from month to month otherwise than by growth: by cell, the position and each month's events.
pub(super) type Extras = BTreeMap<usize, (u16, Vec<u64>)>;

/// Cells with what is needed to grow them.
#[derive(Clone, Copy)]
pub(super) struct Gathering<'a> {
    pub(super) cells: &'a [Cell],
    pub(super) shapes: &'a [Shape],
    pub(super) counts: &'a Counts,
    pub(super) stores: usize,
    pub(super) taps: usize,
    pub(super) bands: usize,
}

/// What is taken in one month.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    /// Events that each event data store ingests.
    pub(super) stores: Vec<u64>,
    /// What each trail delivers.
    pub(super) taps: Vec<Delivered>,
}

impl Taken {
    pub(super) fn add(&mut self, other: &Self) -> Result<(), QuantityError> {
        for (own, other) in self.stores.iter_mut().zip(&other.stores) {
            *own = own.checked_add(*other).ok_or(QuantityError)?;
        }
        for (own, other) in self.taps.iter_mut().zip(&other.taps) {
            own.add(other)?;
        }
        Ok(())
    }

    /// Takes away what was added before.
    pub(super) fn take_away(&mut self, other: &Self) -> Result<(), QuantityError> {
        for (own, other) in self.stores.iter_mut().zip(&other.stores) {
            *own = own.checked_sub(*other).ok_or(QuantityError)?;
        }
        for (own, other) in self.taps.iter_mut().zip(&other.taps) {
            own.take_away(other)?;
        }
        Ok(())
    }
}

impl Gathering<'_> {
    /// Counts what some cells yield in a month.
    pub(super) fn month(
        &self,
        cells: impl Iterator<Item = usize>,
        month: usize,
        factors: &Factors,
        filing: &Filing<'_>,
        extras: &Extras,
    ) -> Result<Taken, QuantityError> {
        let mut taken =
            Taken { stores: vec![0; self.stores], taps: vec![Delivered::nothing(self.bands); self.taps] };
        let mut grown = Vec::new();
        for at in cells {
            let cell = &self.cells[at];
            let shape = &self.shapes[cell.shape as usize];
            if shape.feeds.is_empty() && shape.taps.is_empty() {
                continue;
            }
            grow(self.counts.known(&cell.counts), shape, factors, &mut grown)?;
            if let Some((position, events)) = extras.get(&at) {
                grown[usize::from(*position)] = events[month];
            }
            for feed in &shape.feeds {
                let events = sum(&feed.terms, &grown)?;
                let total = &mut taken.stores[feed.store];
                *total = total.checked_add(events).ok_or(QuantityError)?;
            }
            for tap in &shape.taps {
                let to = &mut taken.taps[usize::from(tap.tap)];
                filing.file(sum(&tap.terms, &grown)?, to)?;
                if !tap.network_terms.is_empty() {
                    filing.file(sum(&tap.network_terms, &grown)?, to)?;
                }
            }
        }
        Ok(taken)
    }
}

/// Runs `work` for every month, on several threads when there is much to do; the results are in the months' order.
pub(super) fn each_month<T: Send>(
    months: usize,
    cells: usize,
    work: &(dyn Fn(usize) -> Result<T, QuantityError> + Sync),
) -> Result<Vec<T>, QuantityError> {
    let threads = if cells * months < CELLS_WORTH_THREADS {
        1
    } else {
        std::thread::available_parallelism().map_or(1, usize::from).min(months)
    };
    if threads <= 1 {
        return (0..months).map(work).collect();
    }
    let parts: Vec<Result<Vec<T>, QuantityError>> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || (first..months).step_by(threads).map(work).collect()))
            .collect();
        handles
            .into_iter()
            .map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut parts: Vec<_> = parts.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut turns: Vec<_> = parts.iter_mut().map(|part| part.drain(..)).collect();
    Ok((0..months).filter_map(|month| turns[month % threads].next()).collect())
}

/// Fewer cell-months than this are counted faster on one thread.
const CELLS_WORTH_THREADS: usize = 20_000;

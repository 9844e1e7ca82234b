//! What groups of accounts deliver to trails: counted once, and kept for the versions of a model in which it is the same.

use super::cell::Factors;
use super::chain::{Chain, Delivered, Filing, FilingBasis};
use super::gather::{Extras, Gathering, Taken, each_month};
use super::pooled::{Group, Grown};
use super::shape::{Shape, TapTerms};
use crate::domain::QuantityError;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Terms by which counts are added up.
type Terms = Vec<(u16, u16)>;

/// A group by its position, with what a trail records of its counts: the two kinds of events that have files of their own.
type Key = (usize, Terms, Terms);

/// What was delivered, by month.
type Months = Arc<Vec<Delivered>>;

/// What was counted so far, apart for each way in which events become files.
#[derive(Default)]
pub(super) struct Deliveries {
    counted: Mutex<Vec<(FilingBasis, BTreeMap<Key, Months>)>>,
}

impl Deliveries {
    fn get(&self, basis: &FilingBasis, keys: &[Key]) -> Vec<Option<Months>> {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let own = counted.iter().find(|(own, _)| own == basis).map(|(_, own)| own);
        keys.iter().map(|key| own.and_then(|own| own.get(key)).cloned()).collect()
    }

    fn put(&self, basis: &FilingBasis, found: impl Iterator<Item = (Key, Months)>) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        match counted.iter_mut().find(|(own, _)| own == basis) {
            Some((_, own)) => own.extend(found),
            None => counted.push((basis.clone(), found.collect())),
        }
    }
}

impl Grown {
    /// Counts what event data stores and trails take in from all cells, month by month.
    pub(super) fn taken(
        &self,
        gathering: &Gathering<'_>,
        chain: &Chain<'_>,
        factors: &[Factors],
    ) -> Result<Vec<Taken>, QuantityError> {
        let none = Extras::new();
        let delivered = self.delivered(gathering, chain, factors)?;
        each_month(factors.len(), self.alone.len(), &|month| {
            let (alone, filing) = (self.alone.iter().copied(), chain.filing(month)?);
            let mut taken = gathering.month(alone, month, &factors[month], &filing, &none)?;
            for group in &self.groups {
                for feed in group.shape(gathering).map(|own| &own.feeds).into_iter().flatten() {
                    let events = super::cell::sum(&feed.terms, &group.grown[month])?;
                    let total = &mut taken.stores[feed.store];
                    *total = total.checked_add(events).ok_or(QuantityError)?;
                }
            }
            for (tap, months) in &delivered {
                taken.taps[usize::from(*tap)].add(&months[month])?;
            }
            Ok(taken)
        })
    }

    /// Returns what each group delivers to each trail, and counts what was not counted yet.
    fn delivered(
        &self,
        gathering: &Gathering<'_>,
        chain: &Chain<'_>,
        factors: &[Factors],
    ) -> Result<Vec<(u16, Months)>, QuantityError> {
        let mut taps = Vec::new();
        let mut keys: Vec<Key> = Vec::new();
        for (at, group) in self.groups.iter().enumerate() {
            for tap in group.shape(gathering).map(|own| &own.taps).into_iter().flatten() {
                taps.push(tap);
                keys.push((at, tap.terms.clone(), tap.network_terms.clone()));
            }
        }
        let basis = chain.filing_basis();
        let mut known = self.deliveries.get(&basis, &keys);
        let missing: Vec<usize> = (0..keys.len()).filter(|&at| known[at].is_none()).collect();
        let cells = missing.iter().map(|&at| self.groups[keys[at].0].members.len()).sum();
        let counted = each_month(factors.len(), cells, &|month| {
            let filing = chain.filing(month)?;
            let of =
                |&at: &usize| self.groups[keys[at].0].delivers(taps[at], gathering, &factors[month], &filing);
            missing.iter().map(of).collect::<Result<Vec<_>, _>>()
        })?;
        let mut columns: Vec<Vec<Delivered>> = missing.iter().map(|_| Vec::new()).collect();
        for month in counted {
            for (column, own) in columns.iter_mut().zip(month) {
                column.push(own);
            }
        }
        for (&at, column) in missing.iter().zip(columns) {
            known[at] = Some(Arc::new(column));
        }
        let found = |&at: &usize| known[at].clone().map(|months| (keys[at].clone(), months));
        if !missing.is_empty() {
            self.deliveries.put(&basis, missing.iter().filter_map(found));
        }
        Ok(taps.iter().zip(known).filter_map(|(tap, months)| Some((tap.tap, months?))).collect())
    }
}

impl Group {
    /// Returns the shape of its members in a version of the model.
    fn shape<'s>(&self, gathering: &Gathering<'s>) -> Option<&'s Shape> {
        self.members.first().map(|&at| &gathering.shapes[gathering.cells[at].shape as usize])
    }

    /// Counts what its members deliver to a trail in a month.
    fn delivers(
        &self,
        tap: &TapTerms,
        gathering: &Gathering<'_>,
        factors: &Factors,
        filing: &Filing<'_>,
    ) -> Result<Delivered, QuantityError> {
        let mut delivered = Delivered::nothing(gathering.bands);
        for &at in &self.members {
            let counts = gathering.counts.known(&gathering.cells[at].counts);
            for terms in [&tap.terms, &tap.network_terms] {
                filing.file(self.grown_sum(terms, counts, factors)?, &mut delivered)?;
            }
        }
        Ok(delivered)
    }

    /// Grows the counts that terms name, and adds them up.
    #[inline]
    fn grown_sum(
        &self,
        terms: &[(u16, u16)],
        counts: &[u64],
        factors: &Factors,
    ) -> Result<u64, QuantityError> {
        let mut total = 0_u64;
        for &(at, times) in terms {
            let at = usize::from(at);
            let grown = factors[usize::from(self.growth[at])].grow(counts[at])?;
            let events = grown.checked_mul(u64::from(times)).ok_or(QuantityError)?;
            total = total.checked_add(events).ok_or(QuantityError)?;
        }
        Ok(total)
    }
}

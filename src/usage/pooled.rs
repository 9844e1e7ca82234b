//! Usage added up over accounts: enough for a total, and for many versions of one model.
//!
//! Quantities are exact, so that what accounts of one payer use together is what their records add up to. Growth is
//! rounded in every account and Region by itself; what does not depend on trails is grown once and kept by the group
//! of accounts that are recorded alike in a Region.

use super::cell::{Cell, Factors, grow, sum};
use super::plan::UsagePlan;
use super::shape::Conversion;
use crate::domain::{PooledUsage, QuantityError, UsageKeys};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Accounts and Regions that are recorded alike, under one payer and in one Region.
struct Group {
    pool: u32,
    region: u16,
    members: Vec<usize>,
    /// The sums of the members' grown counts, by month and position.
    grown: Vec<Vec<u64>>,
}

/// What versions of a model have in common.
pub(super) struct Grown {
    groups: Vec<Group>,
    /// Cells of which something is unknown.
    alone: Vec<usize>,
    cells: Vec<Cell>,
    /// How the counts of each cell's shape grow.
    growth: Vec<Vec<u8>>,
    counts: Vec<u64>,
}

impl UsagePlan {
    /// Prepares for versions of the model: what they have in common is added up once.
    ///
    /// # Errors
    /// [`QuantityError`] when a quantity is past what can be held.
    pub fn prepare(&mut self) -> Result<(), QuantityError> {
        let mut alone = Vec::new();
        let mut members: BTreeMap<(u32, u32, u16), Vec<usize>> = BTreeMap::new();
        for (at, cell) in self.cells.iter().enumerate() {
            if self.counts.any_unknown(&cell.counts) {
                alone.push(at);
            } else {
                let pool = self.keys.pools[cell.account as usize];
                members.entry((cell.shape, pool, cell.region)).or_default().push(at);
            }
        }
        let groups = members
            .into_iter()
            .map(|((_, pool, region), members)| {
                let grown = self.factors.iter().map(|factors| self.grown(&members, factors));
                Ok(Group { pool, region, grown: grown.collect::<Result<_, _>>()?, members })
            })
            .collect::<Result<_, QuantityError>>()?;
        self.grown = Some(Arc::new(Grown {
            groups,
            alone,
            cells: self.cells.clone(),
            growth: self.cells.iter().map(|cell| self.growth_of(cell).to_vec()).collect(),
            counts: self.counts.all().to_vec(),
        }));
        Ok(())
    }

    fn growth_of(&self, cell: &Cell) -> &[u8] {
        &self.shapes[cell.shape as usize].growth
    }

    fn grown(&self, members: &[usize], factors: &Factors) -> Result<Vec<u64>, QuantityError> {
        let (mut sums, mut grown) = (Vec::new(), Vec::new());
        for &at in members {
            let cell = &self.cells[at];
            let shape = &self.shapes[cell.shape as usize];
            grow(self.counts.known(&cell.counts), shape, factors, &mut grown)?;
            sums.resize(grown.len(), 0_u64);
            for (sum, own) in sums.iter_mut().zip(&grown) {
                *sum = sum.checked_add(*own).ok_or(QuantityError)?;
            }
        }
        Ok(sums)
    }

    /// Takes over what was added up for another version, where that is the same in this one.
    pub(super) fn share(&mut self, keys: &UsageKeys, grown: &Arc<Grown>) {
        let same_cells = self.keys.accounts == keys.accounts
            && self.keys.pools == keys.pools
            && self.keys.regions == keys.regions
            && self.cells.len() == grown.cells.len()
            && self.counts.all() == grown.counts
            && self.cells.iter().zip(&grown.cells).zip(&grown.growth).all(|((own, other), growth)| {
                (own.account, own.region, &own.counts) == (other.account, other.region, &other.counts)
                    && self.growth_of(own) == growth
            });
        let is_unknown = |at: &usize| self.counts.any_unknown(&self.cells[*at].counts);
        let same_groups = same_cells
            && grown.groups.iter().all(|group| {
                let shape = group.members.first().map(|&at| self.cells[at].shape);
                group.members.iter().all(|at| Some(self.cells[*at].shape) == shape && !is_unknown(at))
            });
        if same_groups {
            self.grown = Some(Arc::clone(grown));
        }
    }

    /// Adds what a month's cells use, by payer, meter and Region.
    pub(super) fn pooled_cells(
        &self,
        grown: &Grown,
        month: usize,
        pooled: &mut PooledUsage,
    ) -> Result<(), QuantityError> {
        let factors = &self.factors[month];
        for group in &grown.groups {
            self.pooled_group(group, month, pooled)?;
        }
        let (mut scratch, mut records) = (Vec::new(), Vec::new());
        for &at in &grown.alone {
            self.counted(at, month, &mut scratch, &mut records)?;
        }
        for cell in self.cells.iter().filter(|cell| !cell.lines.is_empty()) {
            for line in &self.lines[cell.lines.clone()] {
                records.push(line.record((cell.account, cell.region), factors)?);
            }
        }
        self.others(month, &mut records)?;
        records.iter().try_for_each(|record| pooled.add(&self.keys, record))
    }

    fn pooled_group(
        &self,
        group: &Group,
        month: usize,
        pooled: &mut PooledUsage,
    ) -> Result<(), QuantityError> {
        let factors = &self.factors[month];
        let Some(&first) = group.members.first() else {
            return Ok(());
        };
        let shape = &self.shapes[self.cells[first].shape as usize];
        let mut sums = std::borrow::Cow::Borrowed(&group.grown[month]);
        for (at, (position, events)) in &self.extras {
            if group.members.binary_search(at).is_ok() {
                let at_position = usize::from(*position);
                let mut own = Vec::new();
                grow(self.counts.known(&self.cells[*at].counts), shape, factors, &mut own)?;
                let sum = &mut sums.to_mut()[at_position];
                *sum = (*sum - own[at_position]).checked_add(events[month]).ok_or(QuantityError)?;
            }
        }
        for output in &shape.outputs {
            if output.conversion == Conversion::Events {
                let events = sum(&output.terms, &sums)?;
                if events > 0 || output.undecided {
                    let quantity = output.conversion.apply(events)?;
                    pooled.put((group.pool, output.meter, group.region), quantity, output.undecided)?;
                }
            } else {
                // Bytes are rounded in each account by itself.
                let mut grown = Vec::new();
                for &at in &group.members {
                    self.grown_cell(at, month, &mut grown)?;
                    let events = sum(&output.terms, &grown)?;
                    if events > 0 || output.undecided {
                        let quantity = output.conversion.apply(events)?;
                        pooled.put((group.pool, output.meter, group.region), quantity, output.undecided)?;
                    }
                }
            }
        }
        Ok(())
    }
}

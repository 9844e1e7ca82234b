//! Usage added up over accounts: enough for a total, and for many versions of one model.
//!
//! Quantities are exact, so that what accounts of one payer use together is what their records add up to. Growth is
//! rounded in every account and Region by itself; what does not depend on trails is grown once and kept by the group
//! of accounts that are recorded alike in a Region.

use super::cell::{Cell, Counts, Factors, grow, sum};
use super::deliveries::Deliveries;
use super::plan::UsagePlan;
use super::shape::{Conversion, Shape};
use crate::domain::{AccountId, PooledUsage, QuantityError, RegionCode, UsageKeys};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Accounts and Regions that are recorded alike, under one payer and in one Region.
pub(super) struct Group {
    pool: u32,
    region: u16,
    pub(super) members: Vec<usize>,
    /// How the members' counts grow.
    pub(super) growth: Vec<u8>,
    /// The sums of the members' grown counts, by month and position.
    pub(super) grown: Vec<Vec<u64>>,
}

/// What versions of a model have in common.
pub(super) struct Grown {
    pub(super) groups: Vec<Group>,
    /// Cells of which something is unknown.
    pub(super) alone: Vec<usize>,
    pub(super) deliveries: Deliveries,
    accounts: Vec<AccountId>,
    pools: Vec<u32>,
    regions: Vec<RegionCode>,
    cells: Vec<Cell>,
    counts: Vec<u64>,
}

impl Grown {
    /// Tells whether a version has the same cells, and those of a group are still recorded alike.
    pub(super) fn fits(&self, keys: &UsageKeys, cells: &[Cell], shapes: &[Shape], counts: &Counts) -> bool {
        let same_cells = self.accounts == keys.accounts
            && self.pools == keys.pools
            && self.regions == keys.regions
            && self.cells.len() == cells.len()
            && self.counts == counts.all()
            && self.cells.iter().zip(cells).all(|(own, other)| {
                (own.account, own.region, &own.counts) == (other.account, other.region, &other.counts)
            });
        same_cells
            && self.groups.iter().all(|group| {
                group.members.first().is_none_or(|&first| {
                    let shape = cells[first].shape;
                    shapes[shape as usize].growth == group.growth
                        && group.members.iter().all(|&at| cells[at].shape == shape)
                })
            })
    }

    /// Tells whether every count of a group is known in a version.
    pub(super) fn is_known(&self, cells: &[Cell], counts: &Counts) -> bool {
        self.groups.iter().flat_map(|group| &group.members).all(|&at| !counts.any_unknown(&cells[at].counts))
    }
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
                let growth = members.first().map(|&at| self.growth_of(&self.cells[at]).to_vec());
                Ok(Group {
                    pool,
                    region,
                    growth: growth.unwrap_or_default(),
                    grown: grown.collect::<Result<_, _>>()?,
                    members,
                })
            })
            .collect::<Result<_, QuantityError>>()?;
        self.grown = Some(Arc::new(Grown {
            groups,
            alone,
            deliveries: Deliveries::default(),
            accounts: self.keys.accounts.clone(),
            pools: self.keys.pools.clone(),
            regions: self.keys.regions.clone(),
            cells: self.cells.clone(),
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

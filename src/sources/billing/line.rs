//! The keys that rows are summed under, and the sums.

use super::wide::{NumberFault, Wide};
use crate::domain::{AccountId, BilledLine, ChargeCategory, Money, Month, RegionCode};

/// What rows are summed under. The order is that of the bill.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LineKey {
    pub(super) month: Month,
    pub(super) account: Option<AccountId>,
    pub(super) region: Option<RegionCode>,
    pub(super) service: String,
    pub(super) usage_type: String,
    pub(super) resource: Option<String>,
    pub(super) category: ChargeCategory,
    pub(super) unit: String,
    /// Whether the line stands on its own, and not among the services that many things use.
    pub(super) is_own: bool,
}

/// A cost that only some exports, or only some rows, have.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Optional {
    sum: Wide,
    missing: bool,
}

impl Optional {
    pub(super) fn add(&mut self, text: &[u8]) -> Result<(), NumberFault> {
        if text.is_empty() {
            self.missing = true;
            return Ok(());
        }
        self.sum.add(Wide::parse(text)?)
    }

    fn merge(&mut self, other: Self) -> Result<(), NumberFault> {
        self.missing |= other.missing;
        self.sum.add(other.sum)
    }

    fn money(self) -> Result<Option<Money>, NumberFault> {
        if self.missing {
            return Ok(None);
        }
        self.sum.money().map(Some).ok_or(NumberFault::Range)
    }
}

/// The sums of a line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) quantity: Wide,
    pub(super) billed: Wide,
    pub(super) list: Optional,
    pub(super) contracted: Optional,
    pub(super) effective: Optional,
    /// Rows summed; of Cost Explorer's downloads the costs.
    pub(super) rows: u64,
}

impl Sums {
    pub(super) fn merge(&mut self, other: &Self) -> Result<(), NumberFault> {
        self.quantity.add(other.quantity)?;
        self.billed.add(other.billed)?;
        self.list.merge(other.list)?;
        self.contracted.merge(other.contracted)?;
        self.effective.merge(other.effective)?;
        self.rows += other.rows;
        Ok(())
    }

    /// Rounds, once, and makes the line.
    pub(super) fn line(&self, key: LineKey) -> Result<BilledLine, NumberFault> {
        Ok(BilledLine {
            month: key.month,
            account: key.account,
            region: key.region,
            service: key.service,
            usage_type: key.usage_type,
            resource: key.resource,
            category: key.category,
            unit: key.unit,
            quantity: self.quantity.quantity().ok_or(NumberFault::Range)?,
            list_cost: self.list.money()?,
            contracted_cost: self.contracted.money()?,
            billed_cost: self.billed.money().ok_or(NumberFault::Range)?,
            effective_cost: self.effective.money()?,
            rows: self.rows,
        })
    }
}

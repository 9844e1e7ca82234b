//! The keys that rows are summed under, and the sums.

use super::account::account;
use super::wide::{NumberFault, Wide};
use crate::domain::{AccountId, BilledIds, BilledLine, ChargeCategory, Money, Month, RegionCode};

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

/// A text that every row of a line has, or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Common {
    /// No row was seen.
    #[default]
    Unseen,
    /// Every row has this text; empty where none has any.
    Same(Box<[u8]>),
    /// Rows differ.
    Different,
}

impl Common {
    #[inline]
    pub(super) fn add(&mut self, text: &[u8]) {
        match self {
            Self::Unseen => *self = Self::Same(text.into()),
            Self::Same(own) if **own == *text => {}
            Self::Same(_) => *self = Self::Different,
            Self::Different => {}
        }
    }

    fn merge(&mut self, other: &Self) {
        match other {
            Self::Unseen => {}
            Self::Same(text) => self.add(text),
            Self::Different => *self = Self::Different,
        }
    }

    /// Returns the text that every row has.
    fn text(&self) -> Option<String> {
        match self {
            Self::Same(text) if !text.is_empty() => Some(String::from_utf8_lossy(text).replace("\"\"", "\"")),
            _ => None,
        }
    }
}

/// The sums of a line.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    pub(super) quantity: Wide,
    pub(super) billed: Wide,
    pub(super) list: Optional,
    pub(super) contracted: Optional,
    pub(super) effective: Optional,
    /// Rows summed; of Cost Explorer's downloads the costs.
    pub(super) rows: u64,
    pub(super) payer: Common,
    pub(super) invoice: Common,
    pub(super) sku_price: Common,
}

impl Sums {
    pub(super) fn merge(&mut self, other: &Self) -> Result<(), NumberFault> {
        self.quantity.add(other.quantity)?;
        self.billed.add(other.billed)?;
        self.list.merge(other.list)?;
        self.contracted.merge(other.contracted)?;
        self.effective.merge(other.effective)?;
        self.rows += other.rows;
        self.payer.merge(&other.payer);
        self.invoice.merge(&other.invoice);
        self.sku_price.merge(&other.sku_price);
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
            ids: BilledIds {
                payer: self.payer.text().and_then(|text| account(&text).ok()).map(|own| own.id),
                invoice: self.invoice.text(),
                sku_price: self.sku_price.text(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rows_have_in_common_does_not_depend_on_their_order() {
        for (rows, expected) in [
            (vec!["a", "a"], Some("a")),
            (vec!["a", "b", "a"], None),
            (vec!["a", ""], None),
            (vec!["", "a"], None),
            (vec!["", ""], None),
            (vec![], None),
            (vec!["a \"\"b\"\""], Some("a \"b\"")),
        ] {
            for at in 0..=rows.len() {
                let (mut one, mut two) = (Common::default(), Common::default());
                rows[..at].iter().for_each(|row| one.add(row.as_bytes()));
                rows[at..].iter().for_each(|row| two.add(row.as_bytes()));
                one.merge(&two);
                assert_eq!(one.text().as_deref(), expected, "{rows:?} cut at {at}");
            }
        }
    }
}

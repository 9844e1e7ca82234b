//! Everything that the sheets are written from.

use super::WorkbookError;
use super::course::{Course, Factors, courses};
use super::facts::WorkbookFacts;
use super::layout::Layout;
use super::rows::{Detail, Pool, Rows, UsageRow};
use crate::domain::{Meter, Unit};
use crate::report::charts::Parts;
use crate::report::number::plural;

/// Everything that the sheets are written from.
pub(super) struct Book<'a> {
    pub(super) facts: &'a WorkbookFacts<'a>,
    pub(super) rows: Rows,
    pub(super) courses: Vec<Course>,
    pub(super) factors: Factors,
    pub(super) parts: Parts<'a>,
    pub(super) layout: Layout,
}

impl<'a> Book<'a> {
    pub(super) fn new(facts: &'a WorkbookFacts<'a>) -> Result<Self, WorkbookError> {
        let rows = Rows::new(facts)?;
        let factors = Factors::new(facts);
        let courses = courses(facts, &rows, &factors);
        let parts = Parts::new(facts.report);
        let layout = Layout::new(facts, &rows, &courses, !parts.rest.is_empty());
        Ok(Self { facts, rows, courses, factors, parts, layout })
    }

    /// Returns the pools with their rows, in the order of every sheet.
    pub(super) fn pools(&self) -> impl Iterator<Item = (usize, &Pool)> {
        self.rows.pools.iter().enumerate()
    }

    /// Returns the rows with their positions, in the order of every sheet.
    pub(super) fn rows_in_order(&self) -> impl Iterator<Item = (usize, &UsageRow)> {
        let positions = self.rows.pools.iter().flat_map(|pool| pool.rows.clone());
        positions.map(|at| (at, &self.rows.all[at]))
    }

    pub(super) fn meter(&self, row: &UsageRow) -> &'a Meter {
        &self.facts.usage.keys().meters[usize::from(row.key.place.meter)]
    }

    pub(super) fn unit(&self, row: &UsageRow) -> &'a Unit {
        &self.meter(row).unit
    }

    pub(super) fn region(&self, row: &UsageRow) -> &'a str {
        self.facts.usage.keys().regions[usize::from(row.key.place.region)].as_str()
    }

    /// Returns the account's digits, or how many accounts are added up.
    pub(super) fn account(&self, row: &UsageRow) -> String {
        let keys = self.facts.usage.keys();
        match row.key.account {
            Some(account) => keys.accounts[account as usize].to_string(),
            None => format!(
                "{}{}",
                plural(row.accounts, "account", "accounts"),
                self.of_payer(row.key.place.payer)
            ),
        }
    }

    /// Returns the account's name; empty where it has none.
    pub(super) fn account_name(&self, row: &UsageRow) -> &'a str {
        let keys = self.facts.usage.keys();
        row.key.account.map_or("", |account| self.facts.name_of(&keys.accounts[account as usize]))
    }

    /// Returns what is charged: a trail, a bucket …
    pub(super) fn resource(&self, row: &UsageRow) -> &'a str {
        let keys = self.facts.usage.keys();
        row.key.resource.map_or("", |resource| keys.resources[resource as usize].as_str())
    }

    /// Returns words for where a quantity comes from.
    pub(super) fn provenance(&self, row: &UsageRow) -> &'a str {
        match self.rows.detail {
            Detail::Full => &self.facts.usage.keys().provenances[row.key.provenance as usize],
            Detail::ByPayer | Detail::AllPayers => "added up",
        }
    }

    /// Returns ` of payer …` where accounts have several payers.
    pub(super) fn of_payer(&self, payer: Option<u32>) -> String {
        let keys = self.facts.usage.keys();
        let Some(payer) = payer else {
            return String::new();
        };
        if keys.pools.iter().all(|own| *own == payer) {
            return String::new();
        }
        let member = keys.pools.iter().position(|own| *own == payer);
        match member.and_then(|at| self.facts.model.payer_of(&keys.accounts[at])) {
            Some(own) => format!(" of payer {own}"),
            None => " of the shared payer".to_owned(),
        }
    }
}

//! What a workbook is made of.

use crate::domain::{AccountId, Model, UsageKeys, UsageSource};
use crate::pricing::FreeTiers;
use crate::report::{Facts, ReportView};

/// An estimate, and what it was made of.
#[derive(Clone, Copy)]
pub struct WorkbookFacts<'a> {
    /// What every report shows.
    pub report: &'a Facts<'a>,
    /// The same as a view by component.
    pub view: &'a ReportView,
    /// The scenario.
    pub model: &'a Model,
    /// Its usage.
    pub usage: &'a (dyn UsageSource + Sync),
    /// What is free each month; nothing unless the scenario says so.
    pub free_tiers: &'a FreeTiers,
}

impl WorkbookFacts<'_> {
    pub(super) fn keys(&self) -> &UsageKeys {
        self.usage.keys()
    }

    /// Returns an account's name, or nothing where it has none.
    pub(super) fn name_of(&self, account: &AccountId) -> &str {
        self.report.account_names.get(account.as_str()).map_or("", String::as_str)
    }

    /// Tells whether anything is agreed with the provider, so that list prices are shown beside.
    pub(super) fn has_terms(&self) -> bool {
        !self.model.terms.is_empty()
    }
}

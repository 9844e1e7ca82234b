//! Budgets and policies: what costs may be, and what may not be found.

use super::account::AccountId;
use super::compliance::TrailSetting;
use super::component::Component;
use super::money::Money;
use rust_decimal::Decimal;

/// Which costs a budget is about; all that is given must fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BudgetScope {
    /// The component.
    pub component: Option<Component>,
    /// The account.
    pub account: Option<AccountId>,
    /// An allocation tag of the account: key and value.
    pub tag: Option<(String, String)>,
}

/// What a cost may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetLimit {
    /// So much in a month.
    Monthly(Money),
    /// So much in a year: of a scenario each of its years, of a history the calendar year up to the month.
    Yearly(Money),
    /// So much more than in the month before, as a share of that.
    Growth(Decimal),
    /// So much of the whole month, as a share.
    Share(Decimal),
}

/// A budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// Its name.
    pub name: String,
    /// Which costs it is about.
    pub scope: BudgetScope,
    /// What they may be.
    pub limits: Vec<BudgetLimit>,
    /// The share of a limit from which on it is warned.
    pub warn: Option<Decimal>,
}

/// What may not be found in a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// Rules whose findings break it.
    pub deny: Vec<String>,
    /// Rules whose findings are told.
    pub warn: Vec<String>,
    /// Settings that every trail must have.
    pub require: Vec<TrailSetting>,
    /// Whether no trail may record data events of all resources of a type.
    pub no_data_events_on_all_resources: bool,
}

/// A file of budgets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Budgets {
    /// The budgets.
    pub budgets: Vec<Budget>,
    /// The policy.
    pub policy: Policy,
}

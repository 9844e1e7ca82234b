//! Who bears costs that one account pays for all.

use super::account::AccountId;
use super::component::Component;
use super::quantity::Quantity;
use std::collections::BTreeMap;

/// Which costs a rule is about; all that is given must fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SharedCosts {
    /// The account that pays.
    pub account: Option<AccountId>,
    /// The trail, bucket, event data store or whatever else is charged.
    pub resource: Option<String>,
    /// The component.
    pub component: Option<Component>,
}

/// By what costs are divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllocationKey {
    /// By the events of each account, of whatever kind.
    Events,
    /// By what each account pays itself, shared costs aside.
    Cost,
    /// In equal parts.
    Equal,
    /// By given weights; accounts that are not named bear nothing.
    Weights(BTreeMap<AccountId, Quantity>),
}

/// A rule of who bears shared costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllocationRule {
    /// Its name.
    pub name: String,
    /// Which costs.
    pub of: SharedCosts,
    /// By what they are divided.
    pub by: AllocationKey,
    /// Accounts that bear none of it, such as the one that pays.
    pub without: Vec<AccountId>,
}

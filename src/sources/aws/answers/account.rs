//! Accounts, Regions, the organization, topics and the bill.

use serde::{Deserialize, Serialize};

/// `GetCallerIdentity`. The caller's name is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct CallerIdentity {
    /// The account.
    pub account: String,
}

/// `AssumeRole` that worked. No credentials are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct AssumedRole {
    /// The role's name.
    pub role_name: String,
}

/// `ListRegions` of the account service, all pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct RegionsAnswer {
    /// The Regions.
    pub regions: Vec<ListedRegion>,
}

/// A Region of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ListedRegion {
    /// The code.
    pub region_name: String,
    /// `ENABLED`, `ENABLED_BY_DEFAULT`, `ENABLING`, `DISABLED` …
    pub region_opt_status: String,
}

/// `DescribeOrganization`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct OrganizationAnswer {
    /// The organization.
    pub organization: Option<Organization>,
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Organization {
    /// The id.
    pub id: String,
    /// The management account, which pays.
    pub master_account_id: String,
}

/// `ListAccounts`, all pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct OrganizationAccountsAnswer {
    /// The accounts. E-mail addresses are not kept.
    pub accounts: Vec<OrganizationAccount>,
}

/// An account of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct OrganizationAccount {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// `ACTIVE`, `SUSPENDED`, `CLOSED` …
    #[serde(alias = "State")]
    pub status: String,
}

/// `ListSubscriptionsByTopic`, all pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SubscriptionsAnswer {
    /// The subscriptions. End points are not kept, but for functions and queues.
    pub subscriptions: Vec<TopicSubscription>,
}

/// A subscription of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TopicSubscription {
    /// `email`, `https`, `sqs`, `lambda` …
    pub protocol: String,
    /// Whether the subscriber has confirmed; absent in older recordings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<bool>,
}

/// `GetCostAndUsage`, all pages: quantities and costs by usage type, month by month.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct CostAndUsageAnswer {
    /// The rows.
    pub rows: Vec<CostAndUsageRow>,
}

/// The usage of one month, account and usage type.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct CostAndUsageRow {
    /// The first day of the period, `YYYY-MM-DD`.
    pub start: String,
    /// The day after the last.
    pub end: String,
    /// Whether the period is still open.
    pub estimated: bool,
    /// The account.
    pub account: String,
    /// The usage type with its Region prefix, as billed.
    pub usage_type: String,
    /// The quantity, as AWS writes it.
    pub usage_quantity: String,
    /// The quantity's unit.
    pub usage_unit: String,
    /// The unblended cost, as AWS writes it.
    pub unblended_cost: String,
    /// The cost's currency.
    pub cost_unit: String,
}

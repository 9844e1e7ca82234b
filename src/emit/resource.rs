//! What is changed, and with whose credentials.

use crate::domain::{AccountId, RegionCode, TrailScope};
use std::fmt;

/// What kind of thing is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    /// A trail.
    Trail,
    /// An event data store of CloudTrail Lake.
    EventDataStore,
    /// A delivery to CloudWatch Logs without a trail.
    DirectDelivery,
    /// An S3 bucket.
    Bucket,
    /// A CloudWatch log group.
    LogGroup,
    /// A CloudWatch alarm.
    Alarm,
    /// An SNS topic.
    Topic,
    /// An EventBridge bus.
    EventBus,
    /// An EventBridge rule.
    EventRule,
}

impl ResourceKind {
    /// Returns the word for it, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trail => "trail",
            Self::EventDataStore => "event data store",
            Self::DirectDelivery => "direct delivery",
            Self::Bucket => "bucket",
            Self::LogGroup => "log group",
            Self::Alarm => "alarm",
            Self::Topic => "topic",
            Self::EventBus => "event bus",
            Self::EventRule => "event rule",
        }
    }

    /// Returns the folder that its files are in.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Trail => "trails",
            Self::EventDataStore => "event-data-stores",
            Self::DirectDelivery => "direct-deliveries",
            Self::Bucket => "buckets",
            Self::LogGroup => "log-groups",
            Self::Alarm => "alarms",
            Self::Topic => "topics",
            Self::EventBus => "event-buses",
            Self::EventRule => "event-rules",
        }
    }
}

/// With whose credentials a resource is changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Those of this account.
    Account(AccountId),
    /// Those of each of these accounts in turn: there is one such resource in each of them.
    EachAccount(Vec<AccountId>),
    /// Those of the organization's management account, or of a delegated administrator for CloudTrail.
    Organization,
}

impl Place {
    /// Returns where a trail of this scope is changed.
    pub(super) fn of_scope(scope: &TrailScope, accounts: &[AccountId]) -> Self {
        match scope {
            TrailScope::Account(id) => Self::Account(id.clone()),
            TrailScope::EachAccount => Self::EachAccount(accounts.to_vec()),
            TrailScope::Organization => Self::Organization,
        }
    }

    /// Returns the part of a file name that tells places apart.
    pub(super) fn short(&self) -> &str {
        match self {
            Self::Account(id) => id.as_str(),
            Self::EachAccount(_) => "each-account",
            Self::Organization => "organization",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => write!(formatter, "account {id}"),
            Self::EachAccount(accounts) if accounts.is_empty() => formatter.write_str("each account"),
            Self::EachAccount(accounts) if accounts.len() == 1 => formatter.write_str("each account (1)"),
            Self::EachAccount(accounts) => write!(formatter, "each of {} accounts", accounts.len()),
            Self::Organization => formatter.write_str("organization"),
        }
    }
}

/// A thing that is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// What kind of thing it is.
    pub kind: ResourceKind,
    /// Its name, as the account has it.
    pub name: String,
    /// With whose credentials it is changed.
    pub place: Place,
    /// The Region it is changed in; `None` where there is one in every Region.
    pub region: Option<RegionCode>,
}

impl Resource {
    /// Returns the account that owns it, where it is one.
    pub fn account(&self) -> Option<&AccountId> {
        match &self.place {
            Place::Account(id) => Some(id),
            Place::EachAccount(_) | Place::Organization => None,
        }
    }

    /// Describes it in a few words; the name is as it is, so that it must be quoted for where the words are put.
    pub fn describe(&self) -> String {
        let region = self.region.as_ref().map_or("every Region", RegionCode::as_str);
        format!("{} {} ({}, {region})", self.kind.name(), self.name, self.place)
    }
}

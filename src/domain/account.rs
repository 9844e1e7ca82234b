//! AWS accounts.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A twelve-digit AWS account id. Always text: leading zeros belong to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(Arc<str>);

/// Says that a text is not an account id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountIdError;

impl fmt::Display for AccountIdError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an account id has exactly 12 digits")
    }
}

impl std::error::Error for AccountIdError {}

impl AccountId {
    /// Returns the twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountId {
    type Err = AccountIdError;

    fn from_str(text: &str) -> Result<Self, AccountIdError> {
        let valid = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        valid.then(|| Self(text.into())).ok_or(AccountIdError)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One account of the inventory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account's id (FOCUS: sub-account).
    pub id: AccountId,
    /// The account's name, if known.
    pub name: Option<String>,
    /// What the account is used for, such as `production`; free text.
    pub environment: Option<String>,
    /// Its allocation tags by key, such as `owner`.
    pub tags: BTreeMap<String, String>,
    /// The payer whose invoice the account is on; `None` means the payer that the model's accounts share.
    pub payer: Option<AccountId>,
    /// The Regions that are enabled, where stated; digest files are written for each.
    pub enabled_regions: Option<u32>,
}

impl Account {
    /// Returns an account of which nothing but the id is known.
    pub fn bare(id: AccountId) -> Self {
        Self { id, name: None, environment: None, tags: BTreeMap::new(), payer: None, enabled_regions: None }
    }
}

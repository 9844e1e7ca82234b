//! A resource as every form of Terraform's files comes to.

use super::callers::Callers;
use super::kind::Kind;
use super::value::Attr;
use crate::domain::Setting;
use std::collections::BTreeMap;

/// A managed resource of one side: before or after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resource {
    /// The whole address.
    pub(super) address: String,
    /// The type.
    pub(super) kind: &'static Kind,
    /// The attributes that are read, by name; those that are not set are left out.
    pub(super) attributes: BTreeMap<String, Attr>,
    /// Addresses of resources that the expression of an attribute refers to, by its path: `rule.destination.bucket`.
    pub(super) references: BTreeMap<String, Vec<String>>,
    /// The file and line of the resource and, by name, of its attributes, of Terraform's sources.
    pub(super) place: Option<String>,
    pub(super) places: BTreeMap<String, String>,
    /// The Region of its provider.
    pub(super) provider_region: Setting<String>,
    /// The one account that its provider may be used in, where there is one only (`allowed_account_ids`).
    pub(super) provider_account: Option<String>,
    /// Its provider, if it is known: see [`Callers`].
    pub(super) provider: Option<String>,
}

/// What stands between the address of a deposed resource and its key.
const DEPOSED: &str = " (deposed ";

impl Resource {
    /// Makes a resource of which nothing is known but what is set.
    pub(super) fn new(address: String, kind: &'static Kind, attributes: BTreeMap<String, Attr>) -> Self {
        Self {
            address,
            kind,
            attributes,
            references: BTreeMap::new(),
            place: None,
            places: BTreeMap::new(),
            provider_region: Setting::Unknown,
            provider_account: None,
            provider: None,
        }
    }

    /// Names the rest of a replacement that failed: it is still there beside what was made in its place.
    pub(super) fn deposed_address(address: &str, key: &str) -> String {
        format!("{address}{DEPOSED}{key})")
    }

    /// Tells whether it is the rest of a replacement that failed.
    pub(super) fn is_deposed(&self) -> bool {
        self.configured_address() != self.address
    }

    /// Returns the address that the configuration knows it by.
    pub(super) fn configured_address(&self) -> &str {
        // Every other address ends with a name or a bracket.
        let own = self.address.strip_suffix(')').and_then(|own| own.rsplit_once(DEPOSED));
        own.map_or(&self.address, |(address, _)| address)
    }
}

/// What Terraform is about to do to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeAction {
    /// It stays as it is.
    Keep,
    /// It is new.
    Create,
    /// It is changed in place.
    Update,
    /// It is deleted and made anew.
    Replace,
    /// It is deleted.
    Delete,
    /// Terraform forgets it: it stays as it is.
    Forget,
}

impl ChangeAction {
    /// Returns the word used in every format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Forget => "forget",
        }
    }

    /// Reads the actions of a plan.
    pub(super) fn of(actions: &[String]) -> Self {
        let has = |word: &str| actions.iter().any(|own| own == word);
        match (has("create"), has("delete")) {
            (true, true) => Self::Replace,
            (true, false) => Self::Create,
            (false, true) => Self::Delete,
            (false, false) if has("update") => Self::Update,
            (false, false) if has("forget") => Self::Forget,
            (false, false) => Self::Keep,
        }
    }
}

/// Which form a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A plan.
    Plan,
    /// A state: nothing changes.
    State,
    /// Sources: nobody knows what is there already.
    Sources,
}

/// Everything that was read of a file or folder.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) form: Form,
    pub(super) before: Vec<Resource>,
    pub(super) after: Vec<Resource>,
    /// What is done to each resource.
    pub(super) actions: BTreeMap<String, ChangeAction>,
    /// Whose account and which Region data names.
    pub(super) callers: Callers,
    /// Providers with their Regions, as they are written.
    pub(super) providers: Vec<Provider>,
    /// What could not be read or worked out: what, where, and what to do.
    pub(super) unread: Vec<(String, String, &'static str)>,
}

/// A provider block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Provider {
    /// Its alias; empty for the default one.
    pub(super) alias: String,
    /// The Region, if it is a literal.
    pub(super) region: Setting<String>,
    /// The file and line, of Terraform's sources.
    pub(super) place: Option<String>,
}

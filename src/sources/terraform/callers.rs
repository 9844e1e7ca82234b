//! Whose account and which Region data of the caller names, provider by provider.

use super::kind::CALLER;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

/// The default provider, where others go by their aliases or by the keys that a plan gives them.
pub(super) const DEFAULT_PROVIDER: &str = "";

/// The parts of data that tell where is applied to.
#[derive(Deserialize, Default)]
struct CallerValues {
    #[serde(default)]
    account_id: Option<String>,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

/// What data names, by provider; nothing stands for one that nobody knows.
type Told = BTreeMap<Option<String>, BTreeSet<String>>;

/// Accounts and Regions that data names. Several accounts are told apart by the providers that read them: never is one
/// taken for another.
#[derive(Debug, Clone, Default)]
pub(super) struct Callers {
    accounts: Told,
    regions: Told,
}

impl Callers {
    /// Takes what data of a type says, that a provider read.
    pub(super) fn take(&mut self, kind: &str, provider: Option<String>, values: &RawValue) {
        let found: CallerValues = serde_json::from_str(values.get()).unwrap_or_default();
        let (all, value) = if kind == CALLER {
            (&mut self.accounts, found.account_id)
        } else {
            (&mut self.regions, found.region.or(found.name))
        };
        all.entry(provider).or_default().extend(value);
    }

    /// Returns the account of a provider, if its own data tells.
    pub(super) fn account_of(&self, provider: Option<&str>) -> Option<&str> {
        only(&self.accounts, provider)
    }

    /// Returns the Region of a provider, if its own data tells.
    pub(super) fn region_of(&self, provider: Option<&str>) -> Option<&str> {
        only(&self.regions, provider)
    }

    /// Returns the account where a resource's own provider does not tell.
    ///
    /// # Errors
    /// The accounts among which nobody can choose.
    pub(super) fn account(&self) -> Result<Option<&str>, Vec<&str>> {
        general(&self.accounts)
    }

    /// Returns the Region where a resource's own provider does not tell.
    ///
    /// # Errors
    /// The Regions among which nobody can choose.
    pub(super) fn region(&self) -> Result<Option<&str>, Vec<&str>> {
        general(&self.regions)
    }
}

fn only<'t>(all: &'t Told, provider: Option<&str>) -> Option<&'t str> {
    let found = all.get(&Some(provider?.to_owned()))?;
    found.first().filter(|_| found.len() == 1).map(String::as_str)
}

/// Returns what the default provider read; without any, what was read by those that nobody knows.
fn general(all: &Told) -> Result<Option<&str>, Vec<&str>> {
    let of = |provider: Option<&str>| all.get(&provider.map(str::to_owned)).filter(|own| !own.is_empty());
    let Some(found) = of(Some(DEFAULT_PROVIDER)).or_else(|| of(None)) else { return Ok(None) };
    if found.len() > 1 {
        return Err(found.iter().map(String::as_str).collect());
    }
    Ok(found.first().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::value::to_raw_value;

    #[test]
    fn one_account_is_never_taken_for_another() {
        let mut own = Callers::default();
        let mut take = |provider: Option<&str>, account: &str| {
            let values = to_raw_value(&serde_json::json!({ "account_id": account })).unwrap();
            own.take(CALLER, provider.map(str::to_owned), &values);
            (own.account().map(|own| own.map(str::to_owned)).map_err(|own| own.len()), own.clone())
        };
        assert_eq!(take(Some("archive"), "2").0, Ok(None), "an alias tells of itself alone");
        assert_eq!(take(None, "1").0, Ok(Some("1".to_owned())));
        assert_eq!(take(None, "2").0, Err(2));
        let (told, all) = take(Some(DEFAULT_PROVIDER), "1");
        assert_eq!(told, Ok(Some("1".to_owned())));
        assert_eq!((all.account_of(Some("archive")), all.account_of(None)), (Some("2"), None));
        assert_eq!(all.region(), Ok(None));
    }
}

//! Whose a resource is, and where it stands.

use super::findings::Findings;
use crate::domain::{AccountId, GapKind, RegionCode, Setting};
use crate::sources::aws::lower::arn::Arn;
use crate::sources::scenario::Context;
use crate::sources::terraform::callers::Callers;
use crate::sources::terraform::resource::Resource;
use crate::sources::terraform::value::Attr;

/// The account that stands for one that nobody knows.
pub(in crate::sources::terraform) const NOBODY: &str = "000000000000";
/// The Region that stands for one that nobody knows.
const ANYWHERE: &str = "us-east-1";

/// What is known of accounts and Regions beside the resources themselves.
#[derive(Debug, Clone, Default)]
pub(in crate::sources::terraform) struct Places {
    /// The account, where a resource does not tell.
    pub(in crate::sources::terraform) account: Option<AccountId>,
    /// The Region, where neither a resource nor its provider tells.
    pub(in crate::sources::terraform) region: Option<String>,
    /// What data tells of single providers.
    pub(in crate::sources::terraform) callers: Callers,
}

fn text<'a>(resource: &'a Resource, key: &str) -> Option<&'a str> {
    match resource.attributes.get(key) {
        Some(Attr::Text(own)) if !own.is_empty() => Some(own),
        _ => None,
    }
}

impl Places {
    /// Returns a resource's account; nothing where nobody tells.
    pub(super) fn known_account(&self, resource: &Resource) -> Option<AccountId> {
        self.own_account(resource).or_else(|| self.account.clone())
    }

    /// Returns the account that a resource itself or its provider tells.
    pub(super) fn own_account(&self, resource: &Resource) -> Option<AccountId> {
        let arn = text(resource, "arn").and_then(Arn::parse);
        let told = || self.callers.account_of(resource.provider.as_deref())?.parse().ok();
        let allowed = || resource.provider_account.as_deref()?.parse().ok();
        arn.and_then(|own| own.account.parse().ok()).or_else(told).or_else(allowed)
    }

    /// Returns a resource's account, and notes where nobody tells it.
    pub(super) fn account(&self, resource: &Resource, findings: &mut Findings) -> Option<AccountId> {
        self.known_account(resource).or_else(|| {
            findings.mention(
                GapKind::NotSeen,
                "nothing tells whose account this is (shown as 000000000000): ",
                &resource.address,
                "",
                "name it with --account",
            );
            NOBODY.parse().ok()
        })
    }

    /// Returns the code of a resource's Region; nothing where nobody tells.
    pub(super) fn known_region(&self, resource: &Resource) -> Option<String> {
        let arn = text(resource, "arn").and_then(Arn::parse);
        ["bucket_region", "home_region", "region"]
            .into_iter()
            .find_map(|key| text(resource, key))
            .or(arn.map(|own| own.region).filter(|own| !own.is_empty()))
            .or(resource.provider_region.value().map(String::as_str))
            .or(self.callers.region_of(resource.provider.as_deref()))
            .or(self.region.as_deref())
            .map(str::to_owned)
    }

    /// Returns a resource's Region, and notes where nobody tells it; nothing where no table knows it.
    pub(super) fn region(
        &self,
        resource: &Resource,
        context: &Context<'_>,
        findings: &mut Findings,
    ) -> Option<RegionCode> {
        let code = self.known_region(resource).unwrap_or_else(|| {
            findings.mention(
                GapKind::NotSeen,
                "nothing tells which Region this is in (taken as us-east-1): ",
                &resource.address,
                "",
                "name it with --region",
            );
            ANYWHERE.to_owned()
        });
        let found = context.regions.get(&code).map(|own| own.code.clone());
        if found.is_none() {
            findings.add(
                GapKind::NotSeen,
                &format!("the Region `{code}` is in no table; left out: "),
                &resource.address,
                "",
                "add the Region to a regions.csv given with --pricing",
            );
        }
        found
    }
}

/// Says that a resource's Region is written down.
pub(super) fn region_setting(places: &Places, resource: &Resource) -> Option<RegionCode> {
    let known = Setting::known(places.known_region(resource));
    known.value().map(|own| RegionCode::new(own))
}

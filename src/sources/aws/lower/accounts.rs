//! The accounts, their payer and their Regions.

use super::reading::{Reading, answered};
use crate::domain::{Account, AccountId, Certainty, GapKind, TrailScope};
use crate::sources::aws::answers::Operation;
use std::collections::{BTreeMap, BTreeSet};

/// Regions of this status can be called.
fn is_enabled(status: &str) -> bool {
    matches!(status, "ENABLED" | "ENABLED_BY_DEFAULT")
}

impl Reading<'_> {
    /// Fills the accounts: those asked, those that own what was found, and those of the organization.
    pub(super) fn accounts(&mut self) {
        let measured = self.measured_accounts();
        let mut ids: BTreeSet<AccountId> = measured.clone();
        ids.extend(self.trails.iter().map(|trail| trail.owner.clone()));
        ids.extend(self.model.inventory.event_data_stores.iter().map(|store| store.account.clone()));
        let asked = answered!(self, GetCallerIdentity).filter_map(|(_, own)| own.account.parse().ok());
        ids.extend(asked);
        let mut names: BTreeMap<AccountId, String> = BTreeMap::new();
        let mut gone = 0_usize;
        let mut members: BTreeSet<AccountId> = BTreeSet::new();
        for (_, list) in answered!(self, ListAccounts) {
            for own in &list.accounts {
                let Ok(id) = own.id.parse::<AccountId>() else {
                    continue;
                };
                if matches!(own.status.as_str(), "" | "ACTIVE") {
                    members.insert(id.clone());
                    if !own.name.trim().is_empty() {
                        names.insert(id, own.name.clone());
                    }
                } else {
                    gone += 1;
                }
            }
        }
        ids.extend(members.iter().cloned());
        if gone > 0 {
            let value = format!("{gone}, left out");
            self.found(
                "organization: accounts that are suspended, closed or pending",
                value,
                "organizations:ListAccounts",
                Certainty::Exact,
            );
        }
        let payer = self.payer();
        let regions = self.enabled_regions();
        for id in &ids {
            let account = Account {
                name: names.get(id).cloned(),
                payer: payer.clone(),
                enabled_regions: regions
                    .get(id)
                    .and_then(|codes| u32::try_from(codes.len()).ok())
                    .filter(|count| (1..=100).contains(count)),
                ..Account::bare(id.clone())
            };
            self.model.inventory.accounts.push(account);
        }
        self.unmeasured(&members, &measured, &regions);
    }

    /// Finds the payer: the organization's management account.
    fn payer(&mut self) -> Option<AccountId> {
        let organization =
            answered!(self, DescribeOrganization).find_map(|(_, own)| own.organization.clone());
        if let Some(own) = organization {
            self.model.consolidated_billing = true;
            let id = own.master_account_id.parse().ok()?;
            self.found(
                "organization: management account, which pays",
                own.master_account_id,
                "organizations:DescribeOrganization",
                Certainty::Exact,
            );
            return Some(id);
        }
        if !self.is_absent(Operation::DescribeOrganization, "") {
            self.model.consolidated_billing = self.assume("consolidated_billing") == "true";
        }
        None
    }

    /// Returns the Regions that are enabled, by account.
    pub(super) fn enabled_regions(&self) -> BTreeMap<AccountId, BTreeSet<String>> {
        let mut found: BTreeMap<AccountId, BTreeSet<String>> = BTreeMap::new();
        for (asked, list) in answered!(self, ListRegions) {
            if let Ok(id) = asked.account.parse() {
                let enabled = list.regions.iter().filter(|own| is_enabled(&own.region_opt_status));
                found.entry(id).or_default().extend(enabled.map(|own| own.region_name.clone()));
            }
        }
        found
    }

    /// Returns the Regions that showed their trails, by account.
    pub(super) fn answering_regions(&self) -> BTreeMap<AccountId, BTreeSet<String>> {
        let mut found: BTreeMap<AccountId, BTreeSet<String>> = BTreeMap::new();
        for (asked, _) in answered!(self, DescribeTrails) {
            if let Ok(id) = asked.account.parse() {
                found.entry(id).or_default().insert(asked.region.clone());
            }
        }
        found
    }

    /// Says which accounts and Regions were not measured at all.
    fn unmeasured(
        &mut self,
        members: &BTreeSet<AccountId>,
        measured: &BTreeSet<AccountId>,
        regions: &BTreeMap<AccountId, BTreeSet<String>>,
    ) {
        let refused: BTreeSet<&str> = self
            .of(Operation::AssumeRole)
            .filter(|answer| answer.outcome.is_err())
            .flat_map(|answer| [answer.asked.account.as_str(), answer.asked.subject.as_str()])
            .collect();
        let covered = self.model.inventory.trails.iter().any(|trail| trail.scope == TrailScope::Organization);
        for id in members.difference(measured).filter(|id| !refused.contains(id.as_str())) {
            let after = if covered { "; the organization's trail records it" } else { "" };
            self.unseen.add(
                GapKind::NotSeen,
                "the account was not measured: ",
                id.as_str(),
                after,
                "name a role that the caller may assume in it with --assume-role",
            );
        }
        let asked: BTreeSet<(&str, &str)> = [Operation::DescribeTrails]
            .into_iter()
            .flat_map(|operation| self.of(operation))
            .map(|answer| (answer.asked.account.as_str(), answer.asked.region.as_str()))
            .collect();
        for (id, codes) in regions.iter().filter(|(id, _)| measured.contains(id)) {
            for code in codes.iter().filter(|code| !asked.contains(&(id.as_str(), code.as_str()))) {
                self.unseen.add(
                    GapKind::NotSeen,
                    "the Region is enabled and was not measured: ",
                    &format!("{code} ({id})"),
                    "",
                    "leave --region out, or name it too",
                );
            }
        }
    }
}

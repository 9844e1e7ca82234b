//! Whose events which trails record: a trail of one account says nothing of another one.

use super::inspected::{Inspected, Origin};
use crate::domain::{
    Access, AccountId, EventClass, EventSource, GapKind, RegionCode, Trail, TrailScope, TrailSettings,
};
use crate::usage::{Match, selects};
use std::collections::BTreeSet;

/// Tells whether a trail records every management event, those that read and those that write. Events of KMS and of RDS' data
/// API may be left out: the benchmark's own checks let them.
pub(super) fn records_management(own: &Trail) -> Match {
    [Access::Read, Access::Write]
        .map(|access| selects(&own.selectors, &EventClass::management(access, EventSource::Other)))
        .into_iter()
        .min()
        .unwrap_or(Match::No)
}

/// Says which management events a trail records, where it does not record all of them.
pub(super) fn management_words(own: &Trail) -> &'static str {
    let of = |access| selects(&own.selectors, &EventClass::management(access, EventSource::Other));
    match (of(Access::Read), of(Access::Write)) {
        (Match::No, Match::No) => "it records no management events",
        (Match::Yes, Match::No) => "it records management events that read only",
        (Match::No, Match::Yes) => "it records management events that write only",
        _ => "it records management events in part",
    }
}

/// Orders trails by how well they serve to record management events: those that do first, then as for the free copy.
pub(super) fn serves(own: &Trail) -> impl Ord + '_ {
    (std::cmp::Reverse(records_management(own)), own.copy_order())
}

impl<'a> Inspected<'a> {
    /// Returns the accounts that are described.
    pub(super) fn accounts(&self) -> impl Iterator<Item = &'a AccountId> {
        self.model.inventory.accounts.iter().map(|own| &own.id)
    }

    /// Returns each account that is described with the trails that log, or may, and record its events. Of a trail whose place is
    /// not known it is taken that it does.
    pub(super) fn trails_by_account(&self) -> Vec<(&'a AccountId, Vec<&'a TrailSettings>)> {
        let known: Vec<_> = self.trails().map(|own| (own, self.trail(own).map(|own| &own.scope))).collect();
        let covers = |(own, scope): &(&TrailSettings, Option<&TrailScope>), account: &AccountId| match scope {
            Some(TrailScope::Account(id)) => id == account,
            Some(TrailScope::EachAccount | TrailScope::Organization) => true,
            None => own.subject.account.as_ref().is_none_or(|id| id == account),
        };
        let of =
            |account: &AccountId| known.iter().filter(|own| covers(own, account)).map(|own| own.0).collect();
        self.accounts().map(|own| (own, of(own))).collect()
    }

    /// Returns the accounts of which no trail records anything, where there are trails at all.
    pub(super) fn unrecorded(&self) -> Vec<&'a AccountId> {
        if self.trails().next().is_none() {
            return Vec::new();
        }
        let bare = self.trails_by_account().into_iter().filter(|(_, trails)| trails.is_empty());
        bare.map(|(account, _)| account).collect()
    }

    /// Tells whether an account's trails would be seen: Terraform describes only what it manages, and AWS may not have let look.
    pub(super) fn sees_trails_of(&self, account: &AccountId) -> bool {
        let hides = |own: &crate::domain::Gap| {
            own.kind == GapKind::NotSeen
                && (own.what.contains("account")
                    || own.what.contains(account.as_str())
                    || own.what.contains("trails"))
        };
        match self.origin {
            Origin::Scenario => true,
            Origin::Aws => !self.model.gaps.iter().any(hides),
            Origin::TerraformSources | Origin::TerraformPlan => false,
        }
    }

    /// Returns the Regions in which something is known to happen in an account.
    pub(super) fn regions_of(&self, account: &AccountId) -> BTreeSet<&'a RegionCode> {
        let own = self.model.observations.activities.iter().filter(|own| own.account == *account);
        own.map(|own| &own.region).collect()
    }

    /// Returns the trail after which one for another account is made: the one that records management events best.
    pub(super) fn template(&self) -> Option<&'a Trail> {
        self.trails().filter_map(|own| self.trail(own)).min_by(|one, two| serves(one).cmp(&serves(two)))
    }
}

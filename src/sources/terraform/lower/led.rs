//! What trails lead to, on either side of a plan.
//!
//! A bucket goes on to cost what it holds when a trail that led to it is deleted, and cost it before a trail led to it. So
//! what the trails of one side lead to belongs to both, wherever it exists: a resource on a side that has it, and what
//! Terraform does not manage on both. What a trail adds stays with the side that has the trail.

use super::side::Reading;
use crate::domain::{AccountId, KmsKey, RegionCode};
use std::collections::{BTreeMap, BTreeSet};

/// Where something that Terraform does not manage stands; nothing of a resource, which tells by itself.
type Stand = Option<(AccountId, RegionCode)>;

/// A bucket that something leads to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct LedBucket {
    /// The starts of the names of the files that trails deliver.
    pub(super) folders: BTreeSet<String>,
    pub(super) stand: Stand,
}

/// What trails lead to: resources by their addresses, everything else by its name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::sources::terraform) struct Led {
    pub(super) buckets: BTreeMap<String, LedBucket>,
    pub(super) log_groups: BTreeMap<String, Stand>,
    pub(super) topics: BTreeMap<String, Stand>,
    pub(super) alarms: BTreeSet<String>,
    /// Addresses of keys.
    pub(super) keys: BTreeSet<String>,
    /// Keys that Terraform does not manage.
    pub(super) other_keys: BTreeMap<(String, RegionCode), KmsKey>,
}

impl Led {
    /// Returns what a side leads to. `folders` are those of its own trails, by bucket.
    pub(super) fn of(reading: &Reading<'_>, folders: &BTreeMap<String, BTreeSet<String>>) -> Self {
        let inventory = &reading.inventory;
        let stand = |name: &str, account: &AccountId, region: &RegionCode| {
            reading.links.resource(name).is_none().then(|| (account.clone(), region.clone()))
        };
        let (managed, others): (Vec<&KmsKey>, Vec<&KmsKey>) =
            inventory.kms_keys.iter().partition(|own| reading.links.resource(&own.name).is_some());
        Self {
            buckets: (inventory.buckets.iter())
                .map(|own| {
                    let stand = stand(&own.name, &own.account, &own.region);
                    let folders = folders.get(&own.name).cloned().unwrap_or_default();
                    (own.name.clone(), LedBucket { folders, stand })
                })
                .collect(),
            log_groups: (inventory.log_groups.iter())
                .map(|own| (own.name.clone(), stand(&own.name, &own.account, &own.region)))
                .collect(),
            topics: (inventory.topics.iter())
                .map(|own| (own.name.clone(), stand(&own.name, &own.account, &own.region)))
                .collect(),
            alarms: inventory.alarms.iter().map(|own| own.name.clone()).collect(),
            keys: managed.into_iter().map(|own| own.name.clone()).collect(),
            other_keys: (others.into_iter())
                .map(|own| ((own.name.clone(), own.region.clone()), own.clone()))
                .collect(),
        }
    }

    /// Adds what another side leads to.
    pub(in crate::sources::terraform) fn join(&mut self, other: Self) {
        for (name, own) in other.buckets {
            let known = self.buckets.entry(name).or_default();
            known.folders.extend(own.folders);
            known.stand = known.stand.take().or(own.stand);
        }
        for (all, others) in [(&mut self.log_groups, other.log_groups), (&mut self.topics, other.topics)] {
            for (name, stand) in others {
                let known = all.entry(name).or_default();
                *known = known.take().or(stand);
            }
        }
        self.alarms.extend(other.alarms);
        self.keys.extend(other.keys);
        for (place, own) in other.other_keys {
            self.other_keys.entry(place).or_insert(own);
        }
    }
}

impl Reading<'_> {
    /// Returns what a thing that something leads to is called on this side: a resource by its address, also where the other
    /// side only has its name. Nothing where it is a resource of the other side, and so not there.
    pub(super) fn led_name(&self, kind: &'static str, name: &str, stand: &Stand) -> Option<String> {
        if self.links.resource(name).is_some() {
            return Some(name.to_owned());
        }
        let (_, region) = stand.as_ref()?;
        // The account may be a guess.
        let managed = self.links.named_at(kind, name, None, Some(region.to_string()));
        Some(managed.map_or_else(|| name.to_owned(), |own| own.address.clone()))
    }
}

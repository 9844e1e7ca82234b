//! Whether a thing of a scenario is the one that Terraform describes.

use super::lower::{NOBODY, Side};
use crate::domain::{
    AccountId, Alarm, Bucket, EventDataStore, EventRule, Inventory, KmsKey, LogGroup, RegionCode, Topic,
    Trail, TrailScope,
};

/// What a thing is known by: its name, and whose and where it is as far as that is known. Names of different types have
/// nothing to do with each other, and those of all types but buckets may be given again in another account or Region.
#[derive(Debug, Clone, Copy)]
pub(super) struct Identity<'a> {
    name: &'a str,
    account: Option<&'a AccountId>,
    region: Option<&'a RegionCode>,
}

impl Identity<'_> {
    /// Tells whether two may be the same thing: what is not known of one speaks not against it.
    pub(super) fn is(&self, other: &Identity<'_>) -> bool {
        fn may_be<T: PartialEq>(one: Option<&T>, two: Option<&T>) -> bool {
            one.zip(two).is_none_or(|(one, two)| one == two)
        }
        self.name == other.name && may_be(self.account, other.account) && may_be(self.region, other.region)
    }
}

/// A thing that a scenario and Terraform may both describe.
pub(super) trait Named {
    /// Returns its name there: of what Terraform manages its address.
    fn label(&self) -> &str;
    /// Returns whose and where it is; nothing of what is the same in every account or Region.
    fn stand(&self) -> (Option<&AccountId>, Option<&RegionCode>);
    /// Returns the things of this type.
    fn all(inventory: &Inventory) -> &[Self]
    where
        Self: Sized;

    /// Returns what a thing of a scenario is known by.
    fn given(&self) -> Identity<'_> {
        let (account, region) = self.stand();
        Identity { name: self.label(), account, region }
    }

    /// Returns what a thing of a side is known by: its own name, and nothing that is only a guess.
    fn described<'a>(&'a self, side: &'a Side) -> Identity<'a> {
        let (account, region) = self.stand();
        Identity {
            name: side.names.get(self.label()).map_or(self.label(), String::as_str),
            account: account.filter(|own| own.as_str() != NOBODY),
            region: region.filter(|_| !side.nowhere.contains(self.label())),
        }
    }
}

macro_rules! named {
    ($($kind:ty, $list:ident, $region:ident;)*) => {$(
        impl Named for $kind {
            fn label(&self) -> &str {
                &self.name
            }
            fn stand(&self) -> (Option<&AccountId>, Option<&RegionCode>) {
                (Some(&self.account), Some(&self.$region))
            }
            fn all(inventory: &Inventory) -> &[Self] {
                &inventory.$list
            }
        }
    )*};
}

named! {
    EventDataStore, event_data_stores, home_region;
    LogGroup, log_groups, region;
    Alarm, alarms, region;
    Topic, topics, region;
    EventRule, event_rules, region;
    KmsKey, kms_keys, region;
}

impl Named for Trail {
    fn label(&self) -> &str {
        &self.name
    }

    fn stand(&self) -> (Option<&AccountId>, Option<&RegionCode>) {
        let account = match &self.scope {
            TrailScope::Account(account) => Some(account),
            TrailScope::Organization | TrailScope::EachAccount => None,
        };
        (account, Some(&self.home_region))
    }

    fn all(inventory: &Inventory) -> &[Self] {
        &inventory.trails
    }
}

impl Named for Bucket {
    fn label(&self) -> &str {
        &self.name
    }

    // No two buckets have the same name.
    fn stand(&self) -> (Option<&AccountId>, Option<&RegionCode>) {
        (None, None)
    }

    fn all(inventory: &Inventory) -> &[Self] {
        &inventory.buckets
    }
}

/// Returns the thing of a scenario that is the same as one of a side.
pub(super) fn known<'g, T: Named>(own: &T, side: &Side, given: &'g Inventory) -> Option<&'g T> {
    let identity = own.described(side);
    T::all(given).iter().find(|other| other.given().is(&identity))
}

/// Returns the thing of a side that is the same as one of a scenario.
pub(super) fn counterpart<'s, T: Named>(own: &T, side: &'s Side) -> Option<&'s T> {
    let identity = own.given();
    T::all(&side.inventory).iter().find(|other| other.described(side).is(&identity))
}

//! KMS keys that something leads to.

use super::buckets::age;
use super::fields::Fields;
use super::links::Link;
use super::side::Reading;
use crate::domain::{AccountId, KeySettings, KmsKey, RegionCode, Setting};
use crate::sources::aws::lower::arn::short_name;
use crate::sources::terraform::kind::{ALIAS, KEY, KEY_POLICY, STORE};
use crate::sources::terraform::resource::Resource;
use crate::sources::terraform::value::Attr;
use std::collections::BTreeSet;

impl Reading<'_> {
    /// Fills the keys.
    pub(super) fn keys(&mut self) {
        self.keys_of_recorders();
        for ((name, region), own) in &self.led.other_keys {
            // The account may be a guess.
            match self.links.named_at(KEY, name, None, Some(region.to_string())) {
                Some(managed) => {
                    self.keys.insert(managed.address.clone());
                }
                // The name of a free one tells the place already.
                None if own.versions == 0 => {
                    if !self.inventory.kms_keys.iter().any(|known| known.name == *name) {
                        self.unmanaged.insert(name.clone());
                        self.inventory.kms_keys.push(own.clone());
                    }
                }
                None => {
                    self.other_key(name, &own.account, region);
                }
            }
        }
        let policies = self.links.parts(self.resources, KEY_POLICY, "key_id", KEY, &mut self.findings);
        let aliases = self.links.parts(self.resources, ALIAS, "target_key_id", KEY, &mut self.findings);
        for resource in self.of(KEY) {
            if !self.everything && !self.keys.contains(&resource.address) {
                continue;
            }
            let own = Fields::of(resource);
            let mut subject = self.places_subject(resource);
            let alias = aliases.get(&resource.address).and_then(|own| own.first());
            if let Some(name) = alias.and_then(|own| super::links::own_name(own)) {
                subject.name = name;
            }
            let has_policy = own.get("policy").as_bool() == Some(true);
            let days = own.number("deletion_window_in_days", &mut self.findings);
            self.settings.keys.push(KeySettings {
                subject,
                rotation: own.switch("enable_key_rotation", &mut self.findings),
                policy: if has_policy || policies.contains_key(&resource.address) {
                    Setting::Is(true)
                } else {
                    Setting::NotSet
                },
                deletion_window: match days {
                    Setting::Is(days) => Setting::known(age(days)),
                    Setting::NotSet => Setting::NotSet,
                    Setting::Unknown => Setting::Unknown,
                },
                enabled: match own.get("is_enabled") {
                    Attr::Null => Setting::NotSet,
                    other => Setting::known(other.as_bool()),
                },
            });
            let Some((account, region)) = self.place(resource) else { continue };
            self.inventory.kms_keys.push(KmsKey {
                name: resource.address.clone(),
                account,
                region,
                versions: 1,
            });
        }
        self.rotations();
    }

    /// Takes note of the keys of trails and event data stores.
    fn keys_of_recorders(&mut self) {
        let trails: Vec<_> = self.seen.iter().map(|own| (own.key.clone(), own.resource)).collect();
        for (key, resource) in trails {
            self.key_of(&key, resource);
        }
        for own in self.of(STORE) {
            let key = self.links.key(Fields::of(own), "kms_key_id", "kms_key_id", &mut self.findings);
            self.unknown_key(&key, own, "kms_key_id");
            self.key_of(&key, own);
        }
    }

    /// Notes that nobody knows by which key something is encrypted.
    pub(super) fn unknown_key(&mut self, key: &Link, resource: &Resource, attribute: &'static str) {
        if let (Link::Unknown, Some(why)) = (key, Fields::of(resource).why(attribute)) {
            self.findings.unknown(resource, attribute, why, "what the key costs is left out");
        }
    }

    fn key_of(&mut self, key: &Link, resource: &Resource) {
        if matches!(key, Link::Managed(_) | Link::Named(_))
            && let Some((account, region)) = self.place(resource)
        {
            self.leads_to_key(key, &account, &region);
        }
    }

    /// Takes note of a key that something in an account and Region leads to.
    pub(super) fn leads_to_key(&mut self, key: &Link, account: &AccountId, region: &RegionCode) {
        match key {
            Link::Managed(address) => {
                self.keys.insert(address.clone());
            }
            Link::Named(name) => {
                self.other_key(name, account, region);
            }
            Link::Unset | Link::Unknown => {}
        }
    }

    /// Takes note of a key that Terraform does not manage, and returns its name.
    pub(super) fn other_key(&mut self, name: &str, account: &AccountId, region: &RegionCode) -> String {
        // A key that AWS manages is free, and one for each account and Region.
        let short = |own: &str| {
            let own = short_name(own);
            own.strip_prefix("alias/").unwrap_or(own).to_owned()
        };
        let own_short = short(name);
        let free = own_short.strip_prefix("aws/");
        let name = match free {
            Some(service) => format!("alias/aws/{service} ({account} {region})"),
            None => name.to_owned(),
        };
        // An id and an ARN may mean the same key; of AWS's own the name tells the place.
        let by_id = (region.clone(), if free.is_some() { name.clone() } else { own_short.clone() });
        let by_name = (region.clone(), name.clone());
        if let Some(known) = self.other_keys.get(&by_id).or_else(|| self.other_keys.get(&by_name)) {
            return known.clone();
        }
        self.other_keys.insert(by_id, name.clone());
        self.other_keys.insert(by_name, name.clone());
        self.unmanaged.insert(name.clone());
        self.inventory.kms_keys.push(KmsKey {
            name: name.clone(),
            account: account.clone(),
            region: region.clone(),
            versions: u32::from(free.is_none()),
        });
        name
    }

    /// Names keys whose rotations will be charged.
    fn rotations(&mut self) {
        let rotating: BTreeSet<&str> = self
            .settings
            .keys
            .iter()
            .filter(|own| own.rotation.is_on() == Some(true))
            .filter_map(|own| own.subject.address.as_deref())
            .collect();
        for address in rotating {
            self.findings.add(
                crate::domain::GapKind::NotIncluded,
                "the first two rotations of a key, each charged as one more: ",
                address,
                "",
                "look at the key's age",
            );
        }
    }
}

//! KMS keys that something leads to.

use super::buckets::age;
use super::fields::Fields;
use super::links::Link;
use super::side::Reading;
use crate::domain::{KeySettings, KmsKey, Setting};
use crate::sources::terraform::kind::{ALIAS, KEY, KEY_POLICY};
use crate::sources::terraform::value::Attr;
use std::collections::BTreeSet;

impl Reading<'_> {
    /// Fills the keys.
    pub(super) fn keys(&mut self) {
        for seen in &self.seen {
            if let Link::Managed(address) = &seen.key {
                self.keys.insert(address.clone());
            }
        }
        for own in self.of(super::super::kind::STORE) {
            let key = self.links.key(Fields::of(own), "kms_key_id", "kms_key_id", &mut self.findings);
            if let Link::Managed(address) = key {
                self.keys.insert(address);
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

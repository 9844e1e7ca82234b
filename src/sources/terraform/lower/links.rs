//! Which resource an attribute means: by the expression that refers to it, or by its name or ARN.

use super::fields::Fields;
use super::findings::Findings;
use crate::domain::Setting;
use crate::sources::aws::lower::arn::short_name;
use crate::sources::terraform::kind::{self, ALIAS, KEY, name_attribute};
use crate::sources::terraform::resource::Resource;
use crate::sources::terraform::value::Attr;
use std::collections::BTreeMap;

/// What an attribute leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Link {
    /// Nothing: it is not set.
    Unset,
    /// A resource of the same files, by its address.
    Managed(String),
    /// Something else, by its name or ARN.
    Named(String),
    /// Nobody knows.
    Unknown,
}

impl Link {
    /// Returns the address, or the short name of what is not among the files.
    pub(super) fn name(&self) -> Option<String> {
        match self {
            Self::Managed(own) => Some(own.clone()),
            Self::Named(own) => Some(short_name(own).to_owned()),
            Self::Unset | Self::Unknown => None,
        }
    }

    /// Returns it as a setting: an address, or a name or ARN.
    pub(super) fn setting(&self) -> Setting<String> {
        match self {
            Self::Unset => Setting::NotSet,
            Self::Managed(own) | Self::Named(own) => Setting::Is(own.clone()),
            Self::Unknown => Setting::Unknown,
        }
    }
}

/// The resources of a side, to be found by what refers to them.
#[derive(Debug)]
pub(super) struct Links<'a> {
    by_address: BTreeMap<&'a str, &'a Resource>,
    /// By type and name, id or ARN.
    by_name: BTreeMap<(&'static str, &'a str), &'a Resource>,
}

impl<'a> Links<'a> {
    pub(super) fn new(resources: &'a [Resource]) -> Self {
        let mut own = Self { by_address: BTreeMap::new(), by_name: BTreeMap::new() };
        for resource in resources {
            own.by_address.insert(&resource.address, resource);
            for key in [name_attribute(resource.kind.name), "id", "arn"] {
                if let Some(Attr::Text(name)) = resource.attributes.get(key) {
                    own.by_name.entry((resource.kind.name, name)).or_insert(resource);
                }
            }
        }
        own
    }

    pub(super) fn resource(&self, address: &str) -> Option<&'a Resource> {
        self.by_address.get(address).copied()
    }

    /// Returns the resource of a type that a name or ARN means.
    pub(super) fn named(&self, kind: &'static str, name: &str) -> Option<&'a Resource> {
        let name = name.trim_end_matches(":*");
        let short = short_name(name);
        [name, short].into_iter().find_map(|own| self.by_name.get(&(kind, own)).copied())
    }

    /// Returns what an attribute leads to; `path` is the attribute with the blocks around it.
    pub(super) fn link(
        &self,
        fields: Fields<'_>,
        key: &str,
        path: &str,
        kind: &'static str,
        findings: &mut Findings,
    ) -> Link {
        match fields.text(key, findings) {
            Setting::NotSet => Link::Unset,
            Setting::Is(text) => match self.named(kind, &text) {
                Some(own) => Link::Managed(own.address.clone()),
                None => Link::Named(text),
            },
            Setting::Unknown => self.referred(fields.resource, path, kind),
        }
    }

    /// Returns the one resource of a type that an attribute's expression refers to.
    pub(super) fn referred(&self, resource: &Resource, path: &str, kind: &'static str) -> Link {
        match self.all_referred(resource, path, kind).as_slice() {
            [only] => Link::Managed(only.clone()),
            _ => Link::Unknown,
        }
    }

    /// Returns every resource of a type that an attribute's expression refers to.
    pub(super) fn all_referred(&self, resource: &Resource, path: &str, kind: &'static str) -> Vec<String> {
        let all = resource.references.get(path).into_iter().flatten();
        all.filter_map(|own| self.resource(own))
            .filter(|own| own.kind.name == kind)
            .map(|own| own.address.clone())
            .collect()
    }

    /// Returns the KMS key that an attribute leads to, through an alias if need be.
    pub(super) fn key(&self, fields: Fields<'_>, name: &str, path: &str, findings: &mut Findings) -> Link {
        let own = self.link(fields, name, path, KEY, findings);
        if matches!(own, Link::Managed(_) | Link::Unset) {
            return own;
        }
        let Link::Managed(alias) = self.link(fields, name, path, ALIAS, findings) else { return own };
        let Some(alias) = self.resource(&alias) else { return own };
        let fields = Fields::of(alias);
        match self.link(fields, "target_key_id", "target_key_id", KEY, findings) {
            Link::Unset | Link::Unknown => own,
            target => target,
        }
    }

    /// Returns the resources of a type that lead to another one by an attribute, such as a bucket's parts by `bucket`.
    pub(super) fn parts<'r>(
        &self,
        resources: &'r [Resource],
        kind: &'static str,
        key: &str,
        target: &'static str,
        findings: &mut Findings,
    ) -> BTreeMap<String, Vec<&'r Resource>> {
        let mut all: BTreeMap<String, Vec<&Resource>> = BTreeMap::new();
        for own in resources.iter().filter(|own| own.kind.name == kind) {
            if let Some(name) = self.link(Fields::of(own), key, key, target, findings).name() {
                all.entry(name).or_default().push(own);
            }
        }
        all
    }
}

/// Returns a resource's own name, if it is known.
pub(super) fn own_name(resource: &Resource) -> Option<String> {
    let key = match resource.kind.name {
        kind::SUBSCRIPTION | kind::TARGET => return None,
        own => name_attribute(own),
    };
    match resource.attributes.get(key) {
        Some(Attr::Text(own)) if !own.is_empty() => Some(own.clone()),
        _ => None,
    }
}

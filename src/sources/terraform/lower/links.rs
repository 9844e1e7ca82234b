//! Which resource an attribute means: by the expression that refers to it, or by its name or ARN.

use super::fields::Fields;
use super::findings::Findings;
use super::places::Places;
use crate::domain::Setting;
use crate::sources::aws::lower::arn::{Arn, short_name};
use crate::sources::terraform::kind::{self, ALIAS, BUCKET, KEY, name_attribute};
use crate::sources::terraform::resource::Resource;
use crate::sources::terraform::value::Attr;
use std::collections::{BTreeMap, BTreeSet};

/// The longest way from part to part that is followed.
const DEEPEST: u32 = 4;

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
    /// By type and name, id or ARN: a name may stand for one in each account and Region.
    by_name: BTreeMap<(&'static str, &'a str), Vec<&'a Resource>>,
    places: &'a Places,
}

impl<'a> Links<'a> {
    pub(super) fn new(resources: &'a [Resource], places: &'a Places) -> Self {
        let mut own = Self { by_address: BTreeMap::new(), by_name: BTreeMap::new(), places };
        for resource in resources {
            own.by_address.insert(&resource.address, resource);
            let keys = [name_attribute(resource.kind.name), "id", "arn"];
            let names = keys.into_iter().filter_map(|key| match resource.attributes.get(key) {
                Some(Attr::Text(name)) => Some(name.as_str()),
                _ => None,
            });
            for name in names.collect::<BTreeSet<&str>>() {
                own.by_name.entry((resource.kind.name, name)).or_default().push(resource);
            }
        }
        own
    }

    pub(super) fn resource(&self, address: &str) -> Option<&'a Resource> {
        self.by_address.get(address).copied()
    }

    /// Returns the resource of a type that a name or ARN means, as `from` names it. Names of all but buckets hold for an
    /// account and Region: an ARN's own, or those of `from`.
    pub(super) fn named(&self, kind: &'static str, name: &str, from: &Resource) -> Option<&'a Resource> {
        let account = self.places.own_account(from).map(|own| own.to_string());
        self.named_at(kind, name, account, self.places.known_region(from))
    }

    /// The same, as something in an account and Region names it.
    pub(super) fn named_at(
        &self,
        kind: &'static str,
        name: &str,
        account: Option<String>,
        region: Option<String>,
    ) -> Option<&'a Resource> {
        let name = name.trim_end_matches(":*");
        let arn = Arn::parse(name);
        let part = |own: &str| Some(own).filter(|own| !own.is_empty()).map(str::to_owned);
        let region = arn.map_or(region, |own| part(own.region));
        let account = arn.map_or(account, |own| part(own.account));
        let fits = |own: &Resource| {
            let may_be = |wanted: &Option<String>, known: Option<String>| match (wanted, known) {
                (Some(wanted), Some(known)) => *wanted == known,
                _ => true,
            };
            let known = self.places.own_account(own).map(|own| own.to_string());
            kind == BUCKET || may_be(&region, self.places.known_region(own)) && may_be(&account, known)
        };
        if let Some(all) = self.by_name.get(&(kind, name)).filter(|_| arn.is_some()) {
            return all.first().copied();
        }
        let mut all = [name, short_name(name)].into_iter().filter_map(|own| self.by_name.get(&(kind, own)));
        all.find_map(|all| all.iter().find(|own| fits(own)).copied())
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
            Setting::Is(text) => match self.named(kind, &text, fields.resource) {
                Some(own) => Link::Managed(own.address.clone()),
                None => Link::Named(text),
            },
            Setting::Unknown => match self.all_referred(fields.resource, path, kind).as_slice() {
                [only] => Link::Managed(only.clone()),
                [] => self.through_local(fields.resource, path, kind, findings),
                _ => Link::Unknown,
            },
        }
    }

    /// Returns what an expression with a local means: a plan does not hold what locals stand for. What is not known before
    /// the apply is of something that is not there yet; where only one such is of the type, that is meant.
    fn through_local(
        &self,
        resource: &Resource,
        path: &str,
        kind: &'static str,
        findings: &mut Findings,
    ) -> Link {
        if !self.holds_local(resource, path, kind, DEEPEST) {
            return Link::Unknown;
        }
        let is_new = |own: &&&Resource| {
            own.kind.name == kind
                && !["id", "arn"].iter().any(|key| matches!(own.attributes.get(*key), Some(Attr::Text(_))))
        };
        match self.by_address.values().filter(is_new).collect::<Vec<_>>().as_slice() {
            [only] => {
                findings.through_local(resource, path, &only.address);
                Link::Managed(only.address.clone())
            }
            _ => Link::Unknown,
        }
    }

    /// Tells whether an expression refers to a local, itself or through a part of a bucket.
    fn holds_local(&self, resource: &Resource, path: &str, kind: &str, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        resource.references.get(path).into_iter().flatten().any(|own| match self.resource(own) {
            Some(part) => kind == BUCKET && self.holds_local(part, "bucket", kind, depth),
            None => own.starts_with("local."),
        })
    }

    /// Returns every resource of a type that an attribute's expression refers to. One that refers to a part of a bucket,
    /// such as its policy, means the bucket.
    pub(super) fn all_referred(&self, resource: &Resource, path: &str, kind: &'static str) -> Vec<String> {
        let mut found = Vec::new();
        self.follow(resource, path, kind, DEEPEST, &mut found);
        found
    }

    fn follow(
        &self,
        resource: &Resource,
        path: &str,
        kind: &'static str,
        depth: u32,
        found: &mut Vec<String>,
    ) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let all = resource.references.get(path).into_iter().flatten();
        for own in all.filter_map(|own| self.resource(own)) {
            if own.kind.name == kind {
                if !found.contains(&own.address) {
                    found.push(own.address.clone());
                }
            } else if kind == BUCKET {
                self.follow(own, "bucket", kind, depth, found);
            }
        }
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

    /// Returns the resources of a type that lead to another one by an attribute, such as a bucket's parts by `bucket`. Those
    /// of which nobody knows what they lead to are named. The rest of a replacement that failed comes first: what was made
    /// in its place counts.
    pub(super) fn parts<'r>(
        &self,
        resources: &'r [Resource],
        kind: &'static str,
        key: &str,
        target: &'static str,
        findings: &mut Findings,
    ) -> BTreeMap<String, Vec<&'r Resource>> {
        let mut all: BTreeMap<String, Vec<&Resource>> = BTreeMap::new();
        let of_kind = || resources.iter().filter(|own| own.kind.name == kind);
        let (deposed, others) = (of_kind().filter(|own| own.is_deposed()), of_kind());
        for own in deposed.chain(others.filter(|own| !own.is_deposed())) {
            let link = self.link(Fields::of(own), key, key, target, findings);
            if let Some(name) = link.name() {
                all.entry(name).or_default().push(own);
            }
            let taken = "what it sets is left out";
            match Fields::of(own).why(key).filter(|_| kind::is_free_part(own.kind.name)) {
                Some(why) if link == Link::Unknown => findings.unknown_and_free(own, key, why, taken),
                _ => {
                    Fields::of(own).known(key, link.setting(), taken, findings);
                }
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

//! What is not known, with what is used in its place.

use crate::domain::{Gap, GapKind};
use crate::sources::aws::lower::unseen::Unseen;
use crate::sources::terraform::resource::Resource;
use crate::sources::terraform::value::Why;
use std::collections::BTreeSet;

/// What to do where a value is not known.
const LOOK: &str = "apply it, or write the value out, and run again";

/// Collects what is not known of a side.
#[derive(Debug, Default)]
pub(super) struct Findings {
    unseen: Unseen,
    /// Names of what a part of the cost is left out of, or guessed.
    incomplete: BTreeSet<String>,
}

impl Findings {
    /// Notes something; where it was not seen, the cost of `name` is not fully known.
    pub(super) fn add(&mut self, kind: GapKind, before: &str, name: &str, after: &str, remedy: &str) {
        if kind == GapKind::NotSeen {
            self.incomplete.insert(name.to_owned());
        }
        self.unseen.add(kind, before, name, after, remedy);
    }

    /// Notes something that takes nothing from what is known of the cost.
    pub(super) fn mention(&mut self, kind: GapKind, before: &str, name: &str, after: &str, remedy: &str) {
        self.unseen.add(kind, before, name, after, remedy);
    }

    /// Notes a charge of `name` that is left out.
    pub(super) fn left_out(&mut self, before: &str, name: &str, remedy: &str) {
        self.incomplete.insert(name.to_owned());
        self.unseen.add(GapKind::NotIncluded, before, name, "", remedy);
    }

    /// Notes that an attribute is not known; `taken` says what is used in its place.
    pub(super) fn unknown(&mut self, resource: &Resource, key: &str, why: Why, taken: &str) {
        self.incomplete.insert(resource.address.clone());
        let before = format!("`{key}` is {} ({taken}): ", why.words());
        self.unseen.add(GapKind::NotSeen, &before, &at(resource, key), "", LOOK);
    }

    /// Notes that an attribute is not known that no cost depends on.
    pub(super) fn unknown_and_free(&mut self, resource: &Resource, key: &str, why: Why, taken: &str) {
        let before = format!("`{key}` is {} ({taken}): ", why.words());
        self.unseen.add(GapKind::NotSeen, &before, &at(resource, key), "", LOOK);
    }

    /// Takes what is guessed of a part for guessed of what it is a part of too.
    pub(super) fn spread(&mut self, part: &str, whole: &str) {
        if self.incomplete.contains(part) {
            self.incomplete.insert(whole.to_owned());
        }
    }

    /// Notes that an attribute goes through a local, and to which resource it is taken to lead.
    pub(super) fn through_local(&mut self, resource: &Resource, key: &str, taken: &str) {
        let before = format!(
            "`{key}` goes through a local, which a plan does not hold (taken as {taken}, the only new one): "
        );
        self.unseen.add(
            GapKind::NotSeen,
            &before,
            &at(resource, key),
            "",
            "give the folder of sources, or name the resource itself",
        );
    }

    /// Notes that an attribute is not what Terraform writes there.
    pub(super) fn wrong(&mut self, resource: &Resource, key: &str, wanted: &str) {
        self.incomplete.insert(resource.address.clone());
        let before = format!("`{key}` is no {wanted}, and not read: ");
        let remedy = "make the plan anew with `terraform show -json`";
        self.unseen.add(GapKind::NotSeen, &before, &at(resource, key), "", remedy);
    }

    /// Lets what the readers of AWS's own settings find of `name` be added.
    pub(super) fn of<T>(&mut self, name: &str, read: impl FnOnce(&mut Unseen) -> T) -> T {
        let before = self.unseen.noted();
        let found = read(&mut self.unseen);
        if self.unseen.noted() > before {
            self.incomplete.insert(name.to_owned());
        }
        found
    }

    /// Returns the gaps, and the names of what is not fully known.
    pub(super) fn into_gaps(self) -> (Vec<Gap>, BTreeSet<String>) {
        (self.unseen.into_gaps(), self.incomplete)
    }
}

/// Names a resource, with the file and line of its attribute if they are known.
fn at(resource: &Resource, key: &str) -> String {
    let top = key.split('.').next().unwrap_or(key);
    match resource.places.get(top).or(resource.place.as_ref()) {
        Some(place) => format!("{} ({place})", resource.address),
        None => resource.address.clone(),
    }
}

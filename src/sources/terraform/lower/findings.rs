//! What is not known, with what is used in its place.

use crate::domain::{Gap, GapKind};
use crate::sources::aws::lower::unseen::Unseen;
use crate::sources::terraform::resource::Resource;
use crate::sources::terraform::value::Why;

/// What to do where a value is not known.
const LOOK: &str = "apply it, or write the value out, and run again";

/// Collects what is not known of a side.
#[derive(Debug, Default)]
pub(super) struct Findings {
    unseen: Unseen,
}

impl Findings {
    pub(super) fn add(&mut self, kind: GapKind, before: &str, name: &str, after: &str, remedy: &str) {
        self.unseen.add(kind, before, name, after, remedy);
    }

    /// Notes that an attribute is not known; `taken` says what is used in its place.
    pub(super) fn unknown(&mut self, resource: &Resource, key: &str, why: Why, taken: &str) {
        let before = format!("`{key}` is {} ({taken}): ", why.words());
        self.unseen.add(GapKind::NotSeen, &before, &at(resource, key), "", LOOK);
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
        let before = format!("`{key}` is no {wanted}, and not read: ");
        let remedy = "make the plan anew with `terraform show -json`";
        self.unseen.add(GapKind::NotSeen, &before, &at(resource, key), "", remedy);
    }

    /// Lets what the readers of AWS's own settings find be added.
    pub(super) fn unseen(&mut self) -> &mut Unseen {
        &mut self.unseen
    }

    pub(super) fn into_gaps(self) -> Vec<Gap> {
        self.unseen.into_gaps()
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

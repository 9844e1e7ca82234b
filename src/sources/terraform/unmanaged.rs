//! What Terraform names and does not manage, and no scenario describes.

use super::lower::Side;
use super::same::{Named, known};
use crate::domain::{Gap, GapKind, Inventory};
use crate::sources::aws::lower::unseen::Unseen;
use std::collections::BTreeSet;

/// Names the buckets, log groups and topics of which only the names are known, and what is taken for the rest; the second
/// are their names, as what they cost is a guess. A key is charged as one version, which it has at least.
pub(super) fn undescribed(
    inventory: &Inventory,
    side: &Side,
    given: &Inventory,
) -> (Vec<Gap>, BTreeSet<String>) {
    let mut unseen = Unseen::default();
    let mut names = Vec::new();
    names.extend(without(&inventory.buckets, side, given).map(|own| {
        (own, "a bucket is not among these files (taken as in the Region of what leads to it, and kept for ever): ")
    }));
    names.extend(
        without(&inventory.log_groups, side, given)
            .map(|own| (own, "a log group is not among these files (taken as kept for ever): ")),
    );
    names.extend(
        without(&inventory.topics, side, given)
            .map(|own| (own, "a topic is not among these files (its subscribers are left out): ")),
    );
    for (name, before) in &names {
        unseen.add(GapKind::NotSeen, before, name, "", "describe it in the scenario of --volumes");
    }
    let keys = inventory.kms_keys.iter().filter(|own| own.versions > 0 && side.unmanaged.contains(&own.name));
    for own in keys {
        let before = "a key is not among these files (charged as one version of a customer managed key): ";
        unseen.add(GapKind::NotSeen, before, &own.name, "", "each of its first two rotations is one more");
    }
    (unseen.into_gaps(), names.into_iter().map(|(name, _)| name.to_owned()).collect())
}

fn without<'a, T: Named>(
    all: &'a [T],
    side: &'a Side,
    given: &'a Inventory,
) -> impl Iterator<Item = &'a str> {
    all.iter()
        .filter(|own| side.unmanaged.contains(own.label()) && known(*own, side, given).is_none())
        .map(Named::label)
}

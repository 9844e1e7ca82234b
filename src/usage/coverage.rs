//! What the configuration says but the volumes do not, and what nothing records.

use super::cell::{Cell, Counts};
use super::keys::Index;
use super::recorders::Recorders;
use super::shape::Shape;
use crate::domain::{Gap, GapKind, Model, list_names};
use std::collections::{BTreeMap, BTreeSet};

/// Finds events that no trail, store or channel records.
pub(super) fn coverage_gaps(
    model: &Model,
    index: &Index,
    cells: &[Cell],
    shapes: &[Shape],
    counts: &Counts,
    class_ids: &dyn Fn(&Cell) -> Vec<u32>,
) -> Vec<Gap> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for cell in cells {
        let shape = &shapes[cell.shape as usize];
        if shape.unrecorded.is_empty() {
            continue;
        }
        let known = counts.known(&cell.counts);
        let ids = class_ids(cell);
        let account = &index.keys.accounts[cell.account as usize];
        let region = &index.keys.regions[usize::from(cell.region)];
        for &at in &shape.unrecorded {
            if known[usize::from(at)] > 0 {
                let class = &model.observations.event_classes[ids[usize::from(at)] as usize];
                places.entry(class.describe()).or_default().push(format!("{account} {region}"));
            }
        }
    }
    places
        .into_iter()
        .map(|(what, places)| {
            let mut remedy = "add a multi-Region trail, or widen the selectors of one".to_owned();
            if places.iter().any(|place| place.ends_with(" us-east-1")) {
                // Source: CloudTrail user guide, global service events: since 22 November 2021 they are us-east-1's.
                remedy.push_str("; in us-east-1 this includes the global services (IAM, STS, CloudFront)");
            }
            Gap {
                kind: GapKind::Coverage,
                what: format!("nothing records {what} in {}", list_names(&places)),
                remedy,
            }
        })
        .collect()
}

/// Finds counts that are unknown and selectors that cannot be decided.
pub(super) fn volume_gaps(
    model: &Model,
    index: &Index,
    cells: &[Cell],
    shapes: &[Shape],
    counts: &Counts,
    recorders: &Recorders<'_>,
    class_ids: &dyn Fn(&Cell) -> Vec<u32>,
) -> Vec<Gap> {
    let classes = &model.observations.event_classes;
    let mut unknown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut undecided: BTreeSet<(String, String)> = BTreeSet::new();
    for cell in cells {
        let shape = &shapes[cell.shape as usize];
        if shape.undecided.is_empty() && !counts.any_unknown(&cell.counts) {
            continue;
        }
        let ids = class_ids(cell);
        for (&id, at) in ids.iter().zip(0..) {
            if counts.is_unknown(&cell.counts, at) {
                let account = &index.keys.accounts[cell.account as usize];
                let region = &index.keys.regions[usize::from(cell.region)];
                let what = classes[id as usize].describe();
                unknown.entry(what).or_default().push(format!("{account} {region}"));
            }
        }
        for &(at, recorder) in &shape.undecided {
            let class = &classes[ids[usize::from(at)] as usize];
            let recorder = &recorders.all[recorder as usize];
            let name = index.keys.resources[recorder.resource as usize].clone();
            undecided.insert((name, class.describe()));
        }
    }
    let mut gaps: Vec<Gap> = unknown
        .into_iter()
        .map(|(what, places)| Gap {
            kind: GapKind::Volume,
            what: format!("the number of {what} is unknown in {}", list_names(&places)),
            remedy: "state it in the scenario, or measure it".to_owned(),
        })
        .collect();
    gaps.extend(undecided.into_iter().map(|(name, what)| Gap {
        kind: GapKind::Volume,
        what: format!("`{name}` records a part of the {what}, nobody knows which"),
        remedy: "give the activity by the fields that the selector tests (resource, event_name, read and write)"
            .to_owned(),
    }));
    gaps
}

//! What the configuration says but the volumes do not, and what nothing records.

use super::cell::{Cell, Counts};
use super::keys::Index;
use super::meter::Derived;
use super::recorders::{Recorder, RecorderKind, Recorders};
use super::selectors::{Match, selects};
use super::shape::Shape;
use crate::domain::{
    Access, AccountId, Component, EventCategory, EventClass, EventSource, Field, Gap, GapKind, Model,
};
use std::collections::{BTreeMap, BTreeSet};

/// At most so many names are listed in one sentence.
const LISTED: usize = 3;

/// A charge that the configuration causes and whose volume nobody states.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct UnknownCharge {
    pub(super) account: u32,
    pub(super) region: u16,
    pub(super) derived: Derived,
    pub(super) component: Component,
    pub(super) resource: u32,
}

/// Joins names for a sentence, the first few and how many more.
pub(super) fn list<T: AsRef<str>>(names: &[T]) -> String {
    let shown: Vec<&str> = names.iter().take(LISTED).map(AsRef::as_ref).collect();
    match names.len().saturating_sub(LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Finds events that no trail, store or channel records.
pub(super) fn coverage_gaps(index: &Index, cells: &[Cell], shapes: &[Shape], counts: &Counts) -> Vec<Gap> {
    let mut places = Vec::new();
    for cell in cells {
        let known = counts.known(&cell.counts);
        let events: u128 =
            shapes[cell.shape as usize].unrecorded.iter().map(|&at| u128::from(known[usize::from(at)])).sum();
        if events > 0 {
            let account = &index.keys.accounts[cell.account as usize];
            let region = &index.keys.regions[usize::from(cell.region)];
            places.push(format!("{account} {region}"));
        }
    }
    if places.is_empty() {
        return Vec::new();
    }
    let mut remedy = "add a multi-Region trail, or widen the selectors of one".to_owned();
    if places.iter().any(|place| place.ends_with(" us-east-1")) {
        // Source: CloudTrail user guide, global service events: since 22 November 2021 they are us-east-1's.
        remedy.push_str("; in us-east-1 this includes the global services (IAM, STS, CloudFront)");
    }
    vec![Gap {
        kind: GapKind::Coverage,
        what: format!("no trail records some of the management events of {}", list(&places)),
        remedy,
    }]
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
            what: format!("the number of {what} is unknown in {}", list(&places)),
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

/// Finds charges that trails and stores cause while the model has no volume of that kind at all.
pub(super) fn unknown_charges(
    model: &Model,
    index: &Index,
    recorders: &Recorders<'_>,
) -> (BTreeSet<UnknownCharge>, Vec<Gap>) {
    let classes = &model.observations.event_classes;
    let given = |derived: Derived| {
        let meter = derived.meter();
        model
            .observations
            .volumes
            .iter()
            .any(|volume| volume.service == meter.service && volume.usage_type == meter.usage_type)
    };
    let (mut charges, mut gaps) = (BTreeSet::new(), Vec::new());
    let place = |recorder: &Recorder<'_>| place_of(model, index, recorder);
    let resource_name = |recorder: &Recorder<'_>| &index.keys.resources[recorder.resource as usize];
    let mut add = |recorder: &Recorder<'_>, derived: Derived, component: Component, what: String| {
        let (account, region) = place(recorder)?;
        let remedy = "add the activity to the scenario, or give the volume directly".to_owned();
        let new = charges.insert(UnknownCharge {
            account,
            region,
            derived,
            component,
            resource: recorder.resource,
        });
        new.then(|| {
            gaps.push(Gap { kind: GapKind::Volume, what, remedy });
        })
    };
    for recorder in recorders.all.iter().filter(|recorder| recorder.kind == RecorderKind::Trail) {
        for selector in recorder.selectors {
            match selector.category {
                EventCategory::Management => {}
                EventCategory::Data if given(Derived::DataEvents) => {}
                EventCategory::NetworkActivity if given(Derived::NetworkEvents) => {}
                EventCategory::Data => {
                    for resource_type in resource_types(selector) {
                        let stated = classes.iter().any(|class| {
                            class.category == EventCategory::Data
                                && class.resource_type() == Some(resource_type)
                        });
                        if !stated {
                            let name = resource_name(recorder);
                            let component = Component::of_data_events(Some(resource_type));
                            let what = format!(
                                "`{name}` records data events of {resource_type}; their number is not given"
                            );
                            let _ = add(recorder, Derived::DataEvents, component, what);
                        }
                    }
                }
                EventCategory::NetworkActivity => {
                    let stated = classes.iter().any(|class| class.category == EventCategory::NetworkActivity);
                    if !stated {
                        let name = resource_name(recorder);
                        let what =
                            format!("`{name}` records network activity events; their number is not given");
                        let _ = add(recorder, Derived::NetworkEvents, Component::NetworkActivity, what);
                    }
                }
            }
        }
    }
    let has_management = classes.iter().any(|class| class.category == EventCategory::Management);
    if !has_management {
        for recorder in further_copies(recorders) {
            if !given(Derived::PaidEvents) {
                let what = format!(
                    "`{}` records a further copy of management events; their number is not given",
                    resource_name(recorder)
                );
                let _ = add(recorder, Derived::PaidEvents, Component::ManagementCopies, what);
            }
        }
        for recorder in recorders.all.iter().filter(|recorder| {
            recorder.insights.iter().any(|insights| insights.category == EventCategory::Management)
        }) {
            if !given(Derived::Insights) {
                let what = format!(
                    "`{}` has Insights on management events; their number is not given",
                    resource_name(recorder)
                );
                let _ = add(recorder, Derived::Insights, Component::InsightsManagement, what);
            }
        }
    }
    for trail in model.inventory.trails.iter().filter(|trail| trail.logging && !trail.aggregation.is_empty())
    {
        if given(Derived::Aggregation) {
            continue;
        }
        let found = recorders.all.iter().find(|recorder| {
            recorder.kind == RecorderKind::Trail
                && std::ptr::eq(recorder.selectors, trail.selectors.as_slice())
        });
        if let Some(recorder) = found {
            let what =
                format!("`{}` aggregates data events; their number and price are not known", trail.name);
            let _ = add(recorder, Derived::Aggregation, Component::Aggregation, what);
        }
    }
    (charges, gaps)
}

/// Returns the account and Region that a charge without activity is shown under.
fn place_of(model: &Model, index: &Index, recorder: &Recorder<'_>) -> Option<(u32, u16)> {
    let first = index.keys.accounts.first();
    let account: &AccountId = recorder.scope.account.or(first)?;
    let region = recorder.scope.region.cloned().or_else(|| {
        model
            .inventory
            .trails
            .iter()
            .find(|trail| std::ptr::eq(trail.selectors.as_slice(), recorder.selectors))
            .map(|trail| trail.home_region.clone())
            .or_else(|| index.keys.regions.first().cloned())
    })?;
    Some((index.account(account), index.region(&region)))
}

fn resource_types(selector: &crate::domain::AdvancedEventSelector) -> impl Iterator<Item = &str> {
    selector
        .fields
        .iter()
        .filter(|test| test.field == Field::ResourcesType)
        .flat_map(|test| test.equals.iter().map(String::as_str))
}

/// Returns the trails that record what an earlier trail of an overlapping scope records too.
fn further_copies<'a, 'b>(recorders: &'a Recorders<'b>) -> Vec<&'a Recorder<'b>> {
    let trails: Vec<&Recorder<'_>> =
        recorders.all.iter().filter(|recorder| recorder.kind == RecorderKind::Trail).collect();
    let classes: Vec<EventClass> = [EventSource::Kms, EventSource::RdsData, EventSource::Other]
        .into_iter()
        .flat_map(|source| [Access::Read, Access::Write].map(|access| EventClass::management(access, source)))
        .collect();
    let overlap = |one: &Recorder<'_>, two: &Recorder<'_>| {
        let account = one.scope.account.is_none_or(|own| two.scope.account.is_none_or(|other| own == other));
        let region = one.scope.region.is_none_or(|own| two.scope.region.is_none_or(|other| own == other));
        account
            && region
            && classes.iter().any(|class| {
                selects(one.selectors, class) != Match::No && selects(two.selectors, class) != Match::No
            })
    };
    trails
        .iter()
        .enumerate()
        .filter(|(at, trail)| trails[..*at].iter().any(|earlier| overlap(earlier, trail)))
        .map(|(_, trail)| *trail)
        .collect()
}

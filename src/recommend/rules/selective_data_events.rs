//! Resources whose data events could be left out.

use super::{DATA_EVENTS, TRAIL_COSTS, blind_filters, logging, on_trail};
use crate::domain::{EventCategory, Field, FieldValue};
use crate::recommend::action::Effort;
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};
use std::collections::BTreeSet;

/// Resources named for a trail; the busiest first.
const MOST_RESOURCES: usize = 5;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "selective-data-events",
        title: "Leave single resources out of data events",
        finds: "Resources with a count of their own whose data events a trail records, the five busiest of each trail and \
                resource type.",
        why: "Each event of every selected resource is charged, though often a few resources make most of them.",
        saving: "The events of the resource are neither charged nor filed.",
        loses: "All data events of that resource. Whether it holds anything worth watching is for you to say: part of a plan \
                only where the accepted loss allows it and no demand names the resource.",
        sources: &[DATA_EVENTS, TRAIL_COSTS],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (at, trail) in logging(scene.model) {
        let mut resources: BTreeSet<(&str, &str)> = BTreeSet::new();
        // Those that no other trail records.
        let mut own_alone: BTreeSet<(&str, &str)> = BTreeSet::new();
        for class in scene.coverage.recorded_by(at) {
            let own = &scene.coverage.classes[class];
            if own.category == EventCategory::Data
                && !scene.coverage.is_noise[class]
                && let Some(resource_type) = own.resource_type()
                && let Some(FieldValue::Exactly(arn) | FieldValue::StartsWith(arn)) =
                    own.fields.get(&Field::ResourcesArn)
            {
                resources.insert((resource_type, arn));
                if !scene.coverage.is_shared(at, class) {
                    own_alone.insert((resource_type, arn));
                }
            }
        }
        let types: BTreeSet<&str> = resources.iter().map(|(own, _)| *own).collect();
        for resource_type in types {
            let mut busiest: Vec<(crate::domain::Quantity, &str)> = resources
                .iter()
                .filter(|(own, _)| *own == resource_type)
                .map(|(_, arn)| (scene.coverage.events_of(scene.model, resource_type, arn), *arn))
                .collect();
            busiest.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(right.1)));
            let shared = resources.difference(&own_alone).filter(|(own, _)| *own == resource_type);
            let shared: Vec<&str> = shared.map(|(_, arn)| *arn).collect();
            let singles = busiest.into_iter().take(MOST_RESOURCES).map(|(_, arn)| vec![arn]);
            for arns in singles.chain((shared.len() > 1).then_some(shared)) {
                let (what, why) = match arns.as_slice() {
                    [arn] => (format!("`{arn}`"), "each of its events is charged"),
                    all => (
                        format!("the {} resources that other trails record", all.len()),
                        "each copy is charged",
                    ),
                };
                let mut action = on_trail(
                    RULE.doc.id,
                    trail,
                    format!("Leave {what} out of the data events of the trail `{}`", trail.name),
                    why.to_owned(),
                    Edit::ExcludeResources(
                        TrailKey::of(trail),
                        resource_type.to_owned(),
                        arns.iter().map(|&own| own.to_owned()).collect(),
                    ),
                );
                action.kind.push_str(&arns.join(" "));
                action.effort = Effort::Medium;
                blind_filters(scene.model, trail, "these data events", &[], &mut action);
                findings.actions.push(action);
            }
        }
    }
    Ok(())
}

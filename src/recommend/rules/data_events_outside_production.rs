//! Data events of accounts that are not production.

use super::{DATA_EVENTS, TRAIL_COSTS, blind_filters, logging, on_trail};
use crate::domain::{EventCategory, TrailScope};
use crate::recommend::action::Advice;
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::places::is_non_production;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "data-events-outside-production",
        title: "Turn data events off outside production",
        finds: "A trail of an account whose `environment` begins with dev, test, sandbox, staging, qa, integration, demo or \
                nonprod, that records data events.",
        why: "Test data seldom needs a record of every read and write, which is charged all the same.",
        saving: "The events are neither charged nor filed. An organization trail cannot select by account: there the finding \
                 is a piece of advice without a price.",
        loses: "All data events of that account. Part of a plan only where the accepted loss is `medium` or more.",
        sources: &[DATA_EVENTS, TRAIL_COSTS],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    let model = scene.model;
    let outside: BTreeSet<&str> = model
        .inventory
        .accounts
        .iter()
        .filter(|own| is_non_production(own.environment.as_deref()))
        .map(|own| own.id.as_str())
        .collect();
    if outside.is_empty() {
        return Ok(());
    }
    for (at, trail) in logging(model) {
        let types: BTreeSet<&str> = scene
            .coverage
            .recorded_by(at)
            .into_iter()
            .map(|class| &scene.coverage.classes[class])
            .filter(|class| class.category == EventCategory::Data)
            .filter_map(|class| class.resource_type())
            .collect();
        let TrailScope::Account(account) = &trail.scope else {
            if !types.is_empty() {
                findings.advice.push(Advice {
                    rule: RULE.doc.id,
                    what: format!(
                        "`{}` records data events of {} outside production; its selectors cannot tell accounts apart",
                        trail.name,
                        if outside.len() == 1 { "1 account".to_owned() } else { format!("{} accounts", outside.len()) }
                    ),
                    why: "trails of the production accounts in its place would leave the others out".to_owned(),
                });
            }
            continue;
        };
        if !outside.contains(account.as_str()) {
            continue;
        }
        for resource_type in types {
            let mut action = on_trail(
                RULE.doc.id,
                trail,
                format!("Stop the data events of {resource_type} on the trail `{}`", trail.name),
                format!("the account {account} is not production"),
                Edit::StopData(TrailKey::of(trail), resource_type.to_owned()),
            );
            action.kind.push_str(resource_type);
            blind_filters(model, trail, "these data events", &[], &mut action);
            findings.actions.push(action);
        }
    }
    Ok(())
}

//! Insights that a bill shows.

use super::{INSIGHTS, PRICING, given_beside_trails, is_described};
use crate::domain::LossLevel;
use crate::recommend::action::{Action, Effort, Loss, Site};
use crate::recommend::edit::Edit;
use crate::recommend::error::RecommendError;
use crate::recommend::keep::Need;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};

const SERVICE: &str = "AWSCloudTrail";

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "billed-insights",
        title: "Turn Insights off where the bill shows them and nobody reads them",
        finds: "Volumes of InsightsEvents or DataInsightsEvents that were given directly, as a bill gives them.",
        why: "Every event analysed is charged, on each trail and for each type. A bill does not say by which.",
        saving: "What is analysed is no longer charged.",
        loses: "Insights on unusual call and error rates. Part of a plan only where the accepted loss is `medium` or more.",
        sources: &[INSIGHTS, PRICING],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (usage_type, words) in [("InsightsEvents", "management"), ("DataInsightsEvents", "data")] {
        let mut sites: Vec<Site> = scene
            .model
            .observations
            .volumes
            .iter()
            .filter(|own| own.service == SERVICE && own.usage_type == usage_type)
            .filter(|own| own.amount.likely().is_none_or(|amount| !amount.is_zero()))
            .map(|own| Site {
                kind: "usage type",
                name: usage_type.to_owned(),
                account: own.account.to_string(),
                region: own.region.to_string(),
            })
            .collect();
        if sites.is_empty() {
            continue;
        }
        if is_described(scene.model, usage_type, |trail| !trail.insights.is_empty()) {
            findings.advice.push(given_beside_trails(RULE.doc.id, usage_type));
            continue;
        }
        sites.sort();
        findings.actions.push(Action {
            rule: RULE.doc.id,
            title: format!("Turn Insights on {words} events off where the bill shows them"),
            why: "each event analysed is charged".to_owned(),
            sites,
            edits: vec![Edit::DropVolume { service: SERVICE.to_owned(), usage_type: usage_type.to_owned() }],
            loss: Loss::of(LossLevel::Medium, &format!("Insights on {words} events")),
            breaks: vec![Need::Insights],
            effort: Effort::Low,
            notes: vec!["`trailcost measure aws` names the trails that have Insights on".to_owned()],
            slot: None,
            only_reduces: true,
            kind: String::new(),
        });
    }
    Ok(())
}

//! Paid copies of management events that a bill shows.

use super::{PRICING, TRAIL_COSTS, given_beside_trails, is_described, records};
use crate::domain::EventCategory;
use crate::recommend::action::{Action, Effort, Loss, Site};
use crate::recommend::edit::Edit;
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};

const SERVICE: &str = "AWSCloudTrail";
const USAGE_TYPE: &str = "PaidEventsRecorded";

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "billed-copies",
        title: "Find the trails behind the paid copies of management events on the bill",
        finds: "Volumes of PaidEventsRecorded that were given directly, as a bill gives them.",
        why: "A bill shows that management events are recorded more than once in an account and Region, not by which trails.",
        saving: "The whole paid copy. What the second trail also stores and sends is not on CloudTrail's bill, and comes on top.",
        loses: "No event, as long as one trail goes on recording each. `trailcost measure aws` names the trails.",
        sources: &[TRAIL_COSTS, PRICING],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    let mut sites: Vec<Site> = scene
        .model
        .observations
        .volumes
        .iter()
        .filter(|own| own.service == SERVICE && own.usage_type == USAGE_TYPE)
        .filter(|own| own.amount.likely().is_none_or(|amount| !amount.is_zero()))
        .map(|own| Site {
            kind: "usage type",
            name: USAGE_TYPE.to_owned(),
            account: own.account.to_string(),
            region: own.region.to_string(),
        })
        .collect();
    if sites.is_empty() {
        return Ok(());
    }
    if is_described(scene.model, USAGE_TYPE, |trail| records(trail, EventCategory::Management)) {
        findings.advice.push(given_beside_trails(RULE.doc.id, USAGE_TYPE));
        return Ok(());
    }
    sites.sort();
    findings.actions.push(Action {
        rule: RULE.doc.id,
        title: "Record management events once where the bill shows paid copies".to_owned(),
        why: "more than one trail records them there; the bill does not say which".to_owned(),
        sites,
        edits: vec![Edit::DropVolume { service: SERVICE.to_owned(), usage_type: USAGE_TYPE.to_owned() }],
        loss: Loss::nothing(),
        breaks: Vec::new(),
        effort: Effort::Medium,
        notes: vec!["`trailcost measure aws` names the trails, and what each of them records".to_owned()],
        slot: None,
        only_reduces: true,
        kind: String::new(),
    });
    Ok(())
}

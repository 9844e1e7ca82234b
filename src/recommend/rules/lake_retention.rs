//! Event data stores that keep data longer than they must.

use super::{LAKE_COSTS, on_resource, site};
use crate::domain::LossLevel;
use crate::domain::{Age, BillingMode};
use crate::recommend::action::Loss;
use crate::recommend::edit::Edit;
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "lake-retention",
        title: "Keep data in an event data store for the included year",
        finds: "An event data store with one-year extendable retention that keeps data longer than the 366 days that \
                ingestion includes, where `[keep] retention` allows less.",
        why: "Storage beyond a year is charged by the compressed gigabyte and month.",
        saving: "The extended storage.",
        loses: "Queries over data older than that. Where a trail delivers the same events to S3 they stay there.",
        sources: &[LAKE_COSTS],
    },
    stage: Stage::Keeping,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    let included = BillingMode::OneYearExtendable.included_days();
    let demanded = scene.demands.retention.map_or(0, Age::days);
    let days = included.max(u16::try_from(demanded).unwrap_or(u16::MAX));
    for store in &scene.model.inventory.event_data_stores {
        if store.billing_mode != BillingMode::OneYearExtendable || store.retention_days <= days {
            continue;
        }
        let mut action = on_resource(
            RULE.doc.id,
            site("event data store", &store.name, store.account.as_str(), &store.home_region),
            format!("Keep data in the event data store `{}` for {days} days", store.name),
            format!("it keeps {} days, of which {included} are included", store.retention_days),
            Edit::StoreRetention(store.name.clone(), days),
        );
        action.loss = Loss::of(
            LossLevel::Medium,
            &format!("queries over data older than {days} days in `{}`", store.name),
        );
        action.only_reduces = true;
        action.slot = Some(format!("lake retention {}", store.name));
        action.notes.push("what is older is deleted, and cannot be brought back".to_owned());
        findings.actions.push(action);
    }
    Ok(())
}

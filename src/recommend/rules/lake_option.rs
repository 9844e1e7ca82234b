//! Event data stores with the dearer pricing option.

use super::{LAKE_COSTS, PRICING, on_resource, site};
use crate::domain::BillingMode;
use crate::recommend::action::Effort;
use crate::recommend::edit::Edit;
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "lake-option",
        title: "Change an event data store to one-year extendable retention",
        finds: "An event data store with seven-year retention pricing.",
        why: "Its ingestion costs several times that of the other option, for storage that is included up to seven years.",
        saving: "The difference of the ingestion rates, less what is charged for storage beyond the first year where the \
                 data is kept longer.",
        loses: "Nothing: the retention stays as it is. The change cannot be undone.",
        sources: &[LAKE_COSTS, PRICING],
    },
    stage: Stage::Keeping,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for store in &scene.model.inventory.event_data_stores {
        if store.billing_mode != BillingMode::SevenYear || !store.ingesting {
            continue;
        }
        let mut action = on_resource(
            RULE.doc.id,
            site("event data store", &store.name, store.account.as_str(), &store.home_region),
            format!("Change the event data store `{}` to one-year extendable retention", store.name),
            "its ingestion rate is lower; storage beyond a year is then charged".to_owned(),
            Edit::StoreOneYear(store.name.clone(), store.retention_days),
        );
        action.effort = Effort::Medium;
        action.notes.push("the change cannot be undone".to_owned());
        action.slot = Some(format!("lake option {}", store.name));
        findings.actions.push(action);
    }
    Ok(())
}

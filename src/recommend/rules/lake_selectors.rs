//! Read-only management events in event data stores.

use super::{LAKE_COSTS, on_resource, site};
use crate::domain::EventCategory;
use crate::domain::LossLevel;
use crate::recommend::action::Loss;
use crate::recommend::edit::Edit;
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "lake-selectors",
        title: "Ingest only management events that write",
        finds: "An event data store that ingests management events that only read.",
        why: "Ingestion is charged by the uncompressed gigabyte, and most management events only read. For an event data \
              store no copy is free.",
        saving: "The bytes of the reads are neither ingested nor stored.",
        loses: "Reads in queries over the store; a trail that records them keeps them in S3.",
        sources: &[LAKE_COSTS],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for store in &scene.model.inventory.event_data_stores {
        let takes = store.selectors.iter().any(|own| own.category == EventCategory::Management);
        if !store.ingesting || !takes {
            continue;
        }
        let mut action = on_resource(
            RULE.doc.id,
            site("event data store", &store.name, store.account.as_str(), &store.home_region),
            format!("Ingest only management events that write into the event data store `{}`", store.name),
            "each event is ingested by its uncompressed bytes".to_owned(),
            Edit::StoreWriteOnly(store.name.clone()),
        );
        action.loss =
            Loss::of(LossLevel::Medium, &format!("management events that only read in `{}`", store.name));
        action.only_reduces = true;
        findings.actions.push(action);
    }
    Ok(())
}

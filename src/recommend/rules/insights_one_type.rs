//! Both Insights types on one trail.

use super::{INSIGHTS, PRICING, logging, on_trail};
use crate::domain::{EventCategory, InsightsSelector, InsightsType};
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "insights-one-type",
        title: "Leave one Insights type on",
        finds: "A trail with both Insights types on for one category of events.",
        why: "Each type is charged by the event it analyses. On management events the error rate analyses reads and writes, \
              the call rate only writes; on data events both analyse everything.",
        saving: "What the error rate analyses is no longer charged.",
        loses: "Insights on unusual error rates. Part of a plan only where the accepted loss is `medium` or more.",
        sources: &[INSIGHTS, PRICING],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (_, trail) in logging(scene.model) {
        for category in [EventCategory::Management, EventCategory::Data] {
            let of = |insights_type| InsightsSelector { insights_type, category };
            let (calls, errors) = (of(InsightsType::ApiCallRate), of(InsightsType::ApiErrorRate));
            if !trail.insights.contains(&calls) || !trail.insights.contains(&errors) {
                continue;
            }
            let mut action = on_trail(
                RULE.doc.id,
                trail,
                format!(
                    "Turn ApiErrorRateInsight on {} events off on the trail `{}`",
                    category.selector_value().to_lowercase(),
                    trail.name
                ),
                "each type is charged for the events it analyses".to_owned(),
                Edit::StopInsights(TrailKey::of(trail), BTreeSet::from([errors])),
            );
            action.kind.push_str(category.selector_value());
            findings.actions.push(action);
        }
    }
    Ok(())
}

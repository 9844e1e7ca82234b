//! Insights that could be turned off.

use super::{INSIGHTS, PRICING, logging, on_trail};
use crate::domain::EventCategory;
use crate::recommend::edit::{Edit, TrailKey};
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "insights-off",
        title: "Turn Insights off where nobody reads them",
        finds: "A trail with Insights on, for each category of events.",
        why: "Every event analysed is charged, whether an Insights event comes of it or not.",
        saving: "Nothing is analysed, and nothing charged for it.",
        loses: "Insights on unusual call and error rates. Part of a plan only where the accepted loss is `medium` or more.",
        sources: &[INSIGHTS, PRICING],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for (_, trail) in logging(scene.model) {
        for category in [EventCategory::Management, EventCategory::Data] {
            let on: std::collections::BTreeSet<_> =
                trail.insights.iter().copied().filter(|own| own.category == category).collect();
            if on.is_empty() {
                continue;
            }
            let mut action = on_trail(
                RULE.doc.id,
                trail,
                format!(
                    "Turn Insights on {} events off on the trail `{}`",
                    category.selector_value().to_lowercase(),
                    trail.name
                ),
                "each event analysed is charged".to_owned(),
                Edit::StopInsights(TrailKey::of(trail), on),
            );
            action.kind.push_str(category.selector_value());
            findings.actions.push(action);
        }
    }
    Ok(())
}

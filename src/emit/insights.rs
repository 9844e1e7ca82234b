//! Insights selectors.
//!
//! Source: CloudTrail API reference, `PutInsightSelectors`: an empty list turns Insights off; `EventCategories` is Management or Data.

use crate::domain::InsightsSelector;
use serde::Serialize;
use std::collections::BTreeMap;

/// An Insights type and the categories that it analyses, as CloudTrail's API writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InsightSelector {
    pub(super) insight_type: &'static str,
    pub(super) event_categories: Vec<&'static str>,
}

/// Returns the list for `put-insight-selectors`.
pub(super) fn request<'a>(selectors: impl IntoIterator<Item = &'a InsightsSelector>) -> Vec<InsightSelector> {
    let mut by_type: BTreeMap<_, Vec<&'static str>> = BTreeMap::new();
    for own in selectors {
        let categories = by_type.entry(own.insights_type).or_default();
        let category = own.category.selector_value();
        if !categories.contains(&category) {
            categories.push(category);
        }
    }
    by_type
        .into_iter()
        .map(|(own, event_categories)| InsightSelector { insight_type: own.name(), event_categories })
        .collect()
}

/// Says in words what is on.
pub(super) fn words(selectors: &[InsightSelector]) -> String {
    if selectors.is_empty() {
        return "off".to_owned();
    }
    let words: Vec<String> = selectors
        .iter()
        .map(|own| {
            format!("{} on {} events", own.insight_type, own.event_categories.join(" and ").to_lowercase())
        })
        .collect();
    words.join(", ")
}

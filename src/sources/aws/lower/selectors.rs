//! Event selectors, as AWS has them and as the model has them.

use super::unseen::Unseen;
use crate::domain::{
    Access, AdvancedEventSelector, EventCategory, EventSource, Field, FieldSelector, GapKind,
    InsightsSelector, InsightsType,
};
use crate::sources::aws::answers::{AdvancedSelector, EventSelector, FieldTest, InsightSelector};
use std::collections::BTreeSet;

/// Returns what a trail records whose selectors were never set: all management events.
///
/// Source: CloudTrail API reference, PutEventSelectors: a trail without selectors logs read and write management events.
pub(in crate::sources) fn unset() -> Vec<AdvancedEventSelector> {
    vec![AdvancedEventSelector::management(Access::Mixed, &BTreeSet::new())]
}

/// Turns basic selectors of no trail in particular into advanced ones; they exclude nothing but what can be excluded.
pub(in crate::sources::aws) fn plain(selectors: &[EventSelector]) -> Vec<AdvancedEventSelector> {
    basic(selectors, "", &mut Unseen::default())
}

/// Turns basic selectors into advanced ones.
pub(in crate::sources) fn basic(
    selectors: &[EventSelector],
    owner: &str,
    unseen: &mut Unseen,
) -> Vec<AdvancedEventSelector> {
    let mut all = Vec::new();
    for own in selectors {
        let access = match own.read_write_type.as_deref() {
            Some("ReadOnly") => Access::Read,
            Some("WriteOnly") => Access::Write,
            _ => Access::Mixed,
        };
        if own.include_management_events.unwrap_or(true) {
            let mut excluded = BTreeSet::new();
            for source in &own.exclude_management_event_sources {
                match source.as_str() {
                    "kms.amazonaws.com" => {
                        excluded.insert(EventSource::Kms);
                    }
                    "rdsdata.amazonaws.com" => {
                        excluded.insert(EventSource::RdsData);
                    }
                    _ => unseen.add(
                        GapKind::NotSeen,
                        &format!("events of `{source}` are excluded and are taken as recorded: "),
                        owner,
                        "",
                        "look at its event selectors",
                    ),
                }
            }
            all.push(AdvancedEventSelector::management(access, &excluded));
        }
        for data in own.data_resources.iter().filter(|data| !data.values.is_empty()) {
            let resources: &[String] =
                if data.values.iter().any(|value| is_everything(value)) { &[] } else { &data.values };
            all.push(AdvancedEventSelector::data(access, &data.resource_type, resources));
        }
    }
    all
}

/// Tells whether a value stands for every resource of its service: `arn:aws:s3`, `arn:aws:s3:::`, `arn:aws:lambda`.
///
/// Source: CloudTrail API reference, DataResource.
fn is_everything(value: &str) -> bool {
    let mut parts = value.trim_end_matches('*').trim_end_matches(':').split(':');
    parts.next() == Some("arn") && parts.nth(1).is_some() && parts.next().is_none()
}

/// Turns advanced selectors into those of the model, field by field.
pub(in crate::sources) fn advanced(
    selectors: &[AdvancedSelector],
    owner: &str,
    unseen: &mut Unseen,
) -> Vec<AdvancedEventSelector> {
    let mut all = Vec::new();
    for own in selectors {
        let category = own
            .field_selectors
            .iter()
            .find(|test| test.field == Field::EventCategory.name())
            .and_then(|test| test.equals.first())
            .map_or("", String::as_str);
        let category = match category {
            "Management" => EventCategory::Management,
            "Data" => EventCategory::Data,
            "NetworkActivity" => EventCategory::NetworkActivity,
            other => {
                unseen.add(
                    GapKind::NotSeen,
                    &format!("`{other}` events are collected, which are no calls: "),
                    owner,
                    "; their bytes are not estimated",
                    "give other_sources in the event data store",
                );
                continue;
            }
        };
        let mut fields = Vec::new();
        for test in own.field_selectors.iter().filter(|test| test.field != Field::EventCategory.name()) {
            match field(test) {
                Some(test) => fields.push(test),
                None => unseen.add(
                    GapKind::NotSeen,
                    &format!("the test of `{}` is not understood; left out of the selectors of ", test.field),
                    owner,
                    ": fewer events may be recorded than estimated",
                    "look at its advanced event selectors",
                ),
            }
        }
        let name = own.name.clone().filter(|name| !name.is_empty());
        all.push(AdvancedEventSelector { name, category, fields });
    }
    all
}

fn field(test: &FieldTest) -> Option<FieldSelector> {
    let field = Field::from_name(&test.field)?;
    let own = FieldSelector {
        field,
        equals: test.equals.clone(),
        starts_with: test.starts_with.clone(),
        ends_with: test.ends_with.clone(),
        not_equals: test.not_equals.clone(),
        not_starts_with: test.not_starts_with.clone(),
        not_ends_with: test.not_ends_with.clone(),
    };
    (own != FieldSelector::new(field)).then_some(own)
}

/// Turns Insights selectors into those of the model.
pub(in crate::sources) fn insights(
    selectors: &[InsightSelector],
    owner: &str,
    unseen: &mut Unseen,
) -> BTreeSet<InsightsSelector> {
    let mut all = BTreeSet::new();
    for own in selectors {
        let insights_type = match own.insight_type.as_str() {
            "ApiCallRateInsight" => InsightsType::ApiCallRate,
            "ApiErrorRateInsight" => InsightsType::ApiErrorRate,
            other => {
                unseen.add(
                    GapKind::NotSeen,
                    &format!("the Insights type `{other}` is not known; left out: "),
                    owner,
                    "",
                    "look for a newer version of this program",
                );
                continue;
            }
        };
        if own.event_categories.is_empty() {
            all.insert(InsightsSelector { insights_type, category: EventCategory::Management });
        }
        for category in &own.event_categories {
            let category = if category == "Data" { EventCategory::Data } else { EventCategory::Management };
            all.insert(InsightsSelector { insights_type, category });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_alone_stands_for_everything_of_it() {
        for (value, everything) in [
            ("arn:aws:s3", true),
            ("arn:aws:s3:::", true),
            ("arn:aws-cn:s3:::", true),
            ("arn:aws:lambda", true),
            ("arn:aws:dynamodb", true),
            ("arn:aws:s3:::orders/", false),
            ("arn:aws:s3:::orders", false),
            ("arn:aws:lambda:us-east-1:111122223333:function:f", false),
            ("orders", false),
            ("arn:aws", false),
        ] {
            assert_eq!(is_everything(value), everything, "{value}");
        }
    }
}

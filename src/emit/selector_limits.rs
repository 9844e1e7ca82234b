//! What CloudTrail accepts as advanced event selectors.
//!
//! Sources: CloudTrail user guide, "Quotas in AWS CloudTrail" (500 values for all conditions of all advanced event
//! selectors of a trail); CloudTrail API reference, `AdvancedEventSelector` and `AdvancedFieldSelector` (fields of each
//! category; `Equals` is the only operator of `eventCategory`, `readOnly` and `resources.type`; one resource type for a selector;
//! lengths of values and names).

use super::selection::{AdvancedSelector, FieldTest};
use crate::domain::{AdvancedEventSelector, EventCategory, Field, FieldSelector};

/// The values that all conditions of all advanced event selectors may have together.
const MOST_VALUES: usize = 500;
/// The longest value, in characters.
const LONGEST_VALUE: usize = 2048;
/// The longest name of a selector, in characters.
const LONGEST_NAME: usize = 1000;

/// What the selectors are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recorder {
    /// A trail.
    Trail,
    /// An event data store.
    EventDataStore,
}

/// Joins the tests of one field; two lists of the same operator that must both hold cannot be written as one, unless they
/// exclude.
fn joined(fields: &[FieldSelector]) -> Result<Vec<FieldSelector>, String> {
    let mut joined: Vec<FieldSelector> = Vec::new();
    for own in fields {
        let Some(other) = joined.iter_mut().find(|other| other.field == own.field) else {
            joined.push(own.clone());
            continue;
        };
        for (into, from) in [
            (&mut other.not_equals, &own.not_equals),
            (&mut other.not_starts_with, &own.not_starts_with),
            (&mut other.not_ends_with, &own.not_ends_with),
        ] {
            let more: Vec<String> = from.iter().filter(|value| !into.contains(value)).cloned().collect();
            into.extend(more);
        }
        for (into, from) in [
            (&mut other.equals, &own.equals),
            (&mut other.starts_with, &own.starts_with),
            (&mut other.ends_with, &own.ends_with),
        ] {
            if into.is_empty() {
                into.clone_from(from);
            } else if !from.is_empty() && into != from {
                return Err(format!("a selector tests {} twice, which the API cannot say", own.field.name()));
            }
        }
    }
    joined.retain(|own| own.field != Field::EventCategory && !is_empty(own));
    // The field without which a selector is refused comes first, as in AWS's examples.
    joined.sort_by_key(|own| own.field != Field::ResourcesType);
    Ok(joined)
}

fn is_empty(own: &FieldSelector) -> bool {
    let lists = [
        &own.equals,
        &own.starts_with,
        &own.ends_with,
        &own.not_equals,
        &own.not_starts_with,
        &own.not_ends_with,
    ];
    lists.iter().all(|list| list.is_empty())
}

fn only_equals(own: &FieldSelector) -> bool {
    let mut rest = own.clone();
    rest.equals.clear();
    !own.equals.is_empty() && is_empty(&rest)
}

/// Returns the selectors as the API wants them: one test for each field, and one resource type or source for each
/// selector that needs one.
pub(super) fn prepared(
    selectors: &[AdvancedEventSelector],
) -> Result<Vec<AdvancedEventSelector>, Vec<String>> {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for selector in selectors {
        let mut fields = match joined(&selector.fields) {
            Ok(fields) => fields,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        // Either way of reading is no test at all.
        fields.retain(|own| own.field != Field::ReadOnly || own.equals.len() < 2 || !only_equals(own));
        let key = match selector.category {
            EventCategory::Management => None,
            EventCategory::Data => Some(Field::ResourcesType),
            EventCategory::NetworkActivity => Some(Field::EventSource),
        };
        let values = key
            .and_then(|key| fields.iter().find(|own| own.field == key))
            .filter(|own| only_equals(own))
            .map(|own| own.equals.clone())
            .unwrap_or_default();
        if values.len() < 2 {
            found.push(AdvancedEventSelector { fields, ..selector.clone() });
            continue;
        }
        for value in values {
            let mut fields = fields.clone();
            for own in fields.iter_mut().filter(|own| Some(own.field) == key) {
                own.equals = vec![value.clone()];
            }
            found.push(AdvancedEventSelector { fields, ..selector.clone() });
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

fn allowed_fields(category: &str, recorder: Recorder) -> &'static [&'static str] {
    match (category, recorder) {
        ("Management", Recorder::Trail) => &["eventCategory", "eventSource", "readOnly"],
        ("Management", Recorder::EventDataStore) => &[
            "eventCategory",
            "eventName",
            "eventSource",
            "eventType",
            "readOnly",
            "sessionCredentialFromConsole",
            "userIdentity.arn",
        ],
        ("Data", _) => &[
            "eventCategory",
            "eventName",
            "eventSource",
            "eventType",
            "readOnly",
            "resources.ARN",
            "resources.type",
            "sessionCredentialFromConsole",
            "userIdentity.arn",
        ],
        _ => &["eventCategory", "errorCode", "eventName", "eventSource", "vpcEndpointId"],
    }
}

fn check_one(selector: &AdvancedSelector, recorder: Recorder, problems: &mut Vec<String>) {
    let category = selector
        .field_selectors
        .iter()
        .find(|own| own.field == "eventCategory")
        .and_then(|own| own.equals.first())
        .map_or("", String::as_str);
    let allowed = allowed_fields(category, recorder);
    let needed = match category {
        "Data" => Some("resources.type"),
        "NetworkActivity" => Some("eventSource"),
        _ => None,
    };
    if let Some(field) = needed {
        let found = selector.field_selectors.iter().any(|own| own.field == field && own.equals.len() == 1);
        if !found {
            problems.push(format!(
                "a selector of the category {category} must test {field} with one value of Equals"
            ));
        }
    }
    for test in &selector.field_selectors {
        if !allowed.contains(&test.field) {
            problems.push(format!(
                "{} cannot be tested by selectors of the category {category} here",
                test.field
            ));
        }
        let other_operators = test.lists().iter().skip(1).any(|(_, values)| !values.is_empty());
        let equals_only = matches!(test.field, "readOnly" | "resources.type")
            || (test.field == "eventSource" && category == "NetworkActivity");
        if equals_only && (other_operators || test.equals.len() != 1) {
            problems.push(format!("{} can only be tested with one value of Equals", test.field));
        }
        if test.field == "eventSource" && category == "Management" && recorder == Recorder::Trail {
            let excludable = test
                .not_equals
                .iter()
                .all(|own| crate::domain::EventSource::EXCLUDABLE.contains(&own.as_str()));
            let others =
                test.lists().iter().any(|(name, values)| *name != "not_equals" && !values.is_empty());
            if others || !excludable {
                problems.push(
                    "eventSource of management events can only exclude kms.amazonaws.com and rdsdata.amazonaws.com on a trail"
                        .to_owned(),
                );
            }
        }
        for (_, values) in test.lists() {
            for value in values {
                if value.is_empty() || value.chars().count() > LONGEST_VALUE {
                    problems
                        .push(format!("a value of {} has not 1 to {LONGEST_VALUE} characters", test.field));
                }
            }
        }
    }
    if selector.name.as_ref().is_some_and(|own| own.chars().count() > LONGEST_NAME) {
        problems.push(format!("a selector's name has more than {LONGEST_NAME} characters"));
    }
}

/// Tells why CloudTrail would refuse these selectors.
pub(super) fn check(selectors: &[AdvancedSelector], recorder: Recorder) -> Result<(), Vec<String>> {
    let mut problems = Vec::new();
    if selectors.is_empty() {
        problems.push("CloudTrail takes no empty list of selectors".to_owned());
    }
    let values: usize = selectors
        .iter()
        .flat_map(|own| &own.field_selectors)
        .flat_map(FieldTest::lists)
        .map(|(_, values)| values.len())
        .sum();
    if values > MOST_VALUES {
        problems.push(format!(
            "the selectors have {values} values together, and CloudTrail takes at most {MOST_VALUES}: select by a common \
             beginning (StartsWith), or by what to leave out"
        ));
    }
    for selector in selectors {
        check_one(selector, recorder, &mut problems);
    }
    problems.dedup();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::super::selection::Selection;
    use super::*;
    use crate::domain::Access;

    fn trail(selectors: &[AdvancedEventSelector]) -> Result<Selection, Vec<String>> {
        Selection::advanced(selectors, Recorder::Trail)
    }

    #[test]
    fn five_hundred_values_fit_and_one_more_does_not() {
        // eventCategory and resources.type have a value each.
        let arns =
            |count: usize| -> Vec<String> { (0..count).map(|at| format!("arn:aws:s3:::b{at}")).collect() };
        assert!(trail(&[AdvancedEventSelector::data(Access::Mixed, "AWS::S3::Object", &arns(498))]).is_ok());
        let problems =
            trail(&[AdvancedEventSelector::data(Access::Mixed, "AWS::S3::Object", &arns(499))]).unwrap_err();
        assert!(problems[0].starts_with("the selectors have 501 values together"), "{problems:?}");
    }

    #[test]
    fn several_resource_types_become_several_selectors() {
        let mut both = AdvancedEventSelector::data(Access::Write, "AWS::S3::Object", &[]);
        both.fields[0].equals.push("AWS::Lambda::Function".to_owned());
        let json = serde_json::to_value(trail(&[both]).unwrap()).unwrap();
        let expected = serde_json::json!([
            { "FieldSelectors": [
                { "Field": "eventCategory", "Equals": ["Data"] },
                { "Field": "resources.type", "Equals": ["AWS::S3::Object"] },
                { "Field": "readOnly", "Equals": ["false"] } ] },
            { "FieldSelectors": [
                { "Field": "eventCategory", "Equals": ["Data"] },
                { "Field": "resources.type", "Equals": ["AWS::Lambda::Function"] },
                { "Field": "readOnly", "Equals": ["false"] } ] },
        ]);
        assert_eq!(json, expected);
    }

    #[test]
    fn what_the_api_refuses_is_refused_here() {
        let mut by_name =
            AdvancedEventSelector::management(Access::Mixed, &std::collections::BTreeSet::new());
        let mut test = FieldSelector::new(Field::EventName);
        test.equals = vec!["CreateUser".to_owned()];
        by_name.fields.push(test);
        assert!(trail(std::slice::from_ref(&by_name)).is_err());
        assert!(Selection::advanced(&[by_name], Recorder::EventDataStore).is_ok());
        let mut no_type = AdvancedEventSelector::data(Access::Mixed, "AWS::S3::Object", &[]);
        no_type.fields.clear();
        assert!(trail(&[no_type]).is_err());
        assert!(trail(&[]).is_err());
    }

    #[test]
    fn two_tests_of_a_field_are_joined_where_that_says_the_same() {
        let mut selector = AdvancedEventSelector::data(Access::Mixed, "AWS::S3::Object", &[]);
        for (starts, not) in [("arn:aws:s3:::a", "arn:aws:s3:::a/x"), ("", "arn:aws:s3:::a/y")] {
            let mut test = FieldSelector::new(Field::ResourcesArn);
            if !starts.is_empty() {
                test.starts_with = vec![starts.to_owned()];
            }
            test.not_starts_with = vec![not.to_owned()];
            selector.fields.push(test);
        }
        let found = prepared(std::slice::from_ref(&selector)).unwrap();
        assert_eq!(found[0].fields.len(), 2);
        assert_eq!(found[0].fields[1].not_starts_with.len(), 2);
        selector.fields[2].starts_with = vec!["arn:aws:s3:::b".to_owned()];
        assert!(prepared(&[selector]).is_err());
    }
}

//! What selectors record, in words.

use crate::domain::{AdvancedEventSelector, EventCategory, Field, FieldSelector};
use std::collections::BTreeMap;

fn values(selector: &AdvancedEventSelector, field: Field) -> Vec<&FieldSelector> {
    selector.fields.iter().filter(|own| own.field == field).collect()
}

/// Returns what the selector is about: `management events`, `data events of AWS::S3::Object`.
fn subject(selector: &AdvancedEventSelector) -> String {
    let list = |field| {
        let named: Vec<&str> =
            values(selector, field).iter().flat_map(|own| own.equals.iter().map(String::as_str)).collect();
        if named.is_empty() { "any kind".to_owned() } else { named.join(", ") }
    };
    match selector.category {
        EventCategory::Management => "management events".to_owned(),
        EventCategory::Data => format!("data events of {}", list(Field::ResourcesType)),
        EventCategory::NetworkActivity => format!("network activity events of {}", list(Field::EventSource)),
    }
}

fn count(values: usize, word: &str) -> String {
    format!("{values} {word}{}", if values == 1 { "" } else { "s" })
}

/// Returns how much of it the selector records: `all`, `write, except kms.amazonaws.com`, `read, 3 resources`.
fn extent(selector: &AdvancedEventSelector) -> String {
    let read_only: Vec<&String> =
        values(selector, Field::ReadOnly).iter().flat_map(|own| &own.equals).collect();
    let mut text = match read_only.as_slice() {
        [value] if *value == "true" => "read".to_owned(),
        [value] if *value == "false" => "write".to_owned(),
        _ => "all".to_owned(),
    };
    for test in &selector.fields {
        let about_subject = match selector.category {
            EventCategory::Data => test.field == Field::ResourcesType,
            EventCategory::NetworkActivity => test.field == Field::EventSource,
            EventCategory::Management => false,
        };
        if about_subject || matches!(test.field, Field::ReadOnly | Field::EventCategory) {
            continue;
        }
        let word = match test.field {
            Field::ResourcesArn => "resource",
            Field::EventSource => "source",
            Field::EventName => "event name",
            Field::UserIdentityArn => "caller",
            _ => "value",
        };
        let in_field = if word == "value" { format!(" of {}", test.field.name()) } else { String::new() };
        let chosen = test.equals.len() + test.starts_with.len() + test.ends_with.len();
        let excluded = [&test.not_equals, &test.not_starts_with, &test.not_ends_with];
        if chosen > 0 {
            text.push_str(&format!(", {}{in_field}", count(chosen, word)));
        }
        let excluded: Vec<&str> = excluded.into_iter().flatten().map(String::as_str).collect();
        match excluded.as_slice() {
            [] => {}
            few if few.len() <= 3 => text.push_str(&format!(", except {}", few.join(" and "))),
            many => text.push_str(&format!(", except {}{in_field}", count(many.len(), word))),
        }
    }
    text
}

fn extents(selectors: &[AdvancedEventSelector]) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for selector in selectors {
        found.entry(subject(selector)).or_default().push(extent(selector));
    }
    for own in found.values_mut() {
        own.sort();
        own.dedup();
    }
    found
}

/// Returns a sentence for everything whose recording changes.
pub(super) fn differences(before: &[AdvancedEventSelector], after: &[AdvancedEventSelector]) -> Vec<String> {
    let (old, new) = (extents(before), extents(after));
    let subjects: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let words = |own: Option<&Vec<String>>| own.map_or_else(|| "none".to_owned(), |own| own.join(" and "));
    let mut found: Vec<String> = subjects
        .into_iter()
        .map(|subject| (subject, words(old.get(subject)), words(new.get(subject))))
        .filter(|(_, from, to)| from != to)
        .map(|(subject, from, to)| format!("{subject}: {from} → {to}"))
        .collect();
    if found.is_empty() && before != after {
        found.push("event selectors: other values, of which there are as many".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Access, EventSource};
    use std::collections::BTreeSet;

    #[test]
    fn differences_are_told_subject_by_subject() {
        let none = BTreeSet::new();
        let kms = BTreeSet::from([EventSource::Kms]);
        let arns = ["arn:aws:s3:::a".to_owned(), "arn:aws:s3:::b".to_owned()];
        let before = [
            AdvancedEventSelector::management(Access::Mixed, &none),
            AdvancedEventSelector::data(Access::Mixed, "AWS::S3::Object", &[]),
            AdvancedEventSelector::data(Access::Mixed, "AWS::Lambda::Function", &[]),
        ];
        let after = [
            AdvancedEventSelector::management(Access::Write, &kms),
            AdvancedEventSelector::data(Access::Read, "AWS::S3::Object", &arns),
        ];
        let expected = [
            "data events of AWS::Lambda::Function: all → none",
            "data events of AWS::S3::Object: all → read, 2 resources",
            "management events: all → write, except kms.amazonaws.com",
        ];
        assert_eq!(differences(&before, &after), expected);
        let other =
            [AdvancedEventSelector::data(Access::Read, "AWS::S3::Object", &["arn:aws:s3:::c".to_owned()])];
        let one = [AdvancedEventSelector::data(Access::Read, "AWS::S3::Object", &arns[..1])];
        assert_eq!(differences(&one, &other), ["event selectors: other values, of which there are as many"]);
    }
}

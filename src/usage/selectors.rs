//! Which events a selector selects, as far as what is known of them tells.
//!
//! Sources: CloudTrail API reference, `AdvancedEventSelector` and `AdvancedFieldSelector`; CloudTrail user guide, "How
//! CloudTrail evaluates multiple conditions for a field" (2026-11-21).

use crate::domain::{Access, AdvancedEventSelector, EventClass, Field, FieldSelector, FieldValue};

/// Whether a class of events is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// None of them.
    No,
    /// Some, nobody knows how many.
    Undecided,
    /// All of them.
    Yes,
}

impl Match {
    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Undecided => Self::Undecided,
            Self::Yes => Self::No,
        }
    }
}

/// Tells whether any of the selectors selects a class of events.
pub fn selects(selectors: &[AdvancedEventSelector], class: &EventClass) -> Match {
    if class.access == Access::Mixed {
        // One selector of reads and one of writes select all between them.
        let [reads, writes] = [Access::Read, Access::Write]
            .map(|access| selects(selectors, &EventClass { access, ..class.clone() }));
        return if reads == writes { reads } else { Match::Undecided };
    }
    selectors
        .iter()
        .filter(|selector| selector.category == class.category)
        .map(|selector| selector.fields.iter().map(|test| passes(test, class)).min().unwrap_or(Match::Yes))
        .max()
        .unwrap_or(Match::No)
}

fn passes(test: &FieldSelector, class: &EventClass) -> Match {
    let value = match test.field {
        Field::EventCategory => Some(FieldValue::Exactly(class.category.selector_value().to_owned())),
        Field::ReadOnly => match class.access {
            Access::Read => Some(FieldValue::Exactly("true".to_owned())),
            Access::Write => Some(FieldValue::Exactly("false".to_owned())),
            Access::Mixed => None,
        },
        field => class.fields.get(&field).cloned(),
    };
    let Some(value) = value else {
        return Match::Undecided;
    };
    let any = |values: &[String], compare: fn(&FieldValue, &str) -> Match| {
        (!values.is_empty()).then(|| values.iter().map(|wanted| compare(&value, wanted)).max()).flatten()
    };
    // One of those that select must be met, and none of those that deselect.
    let selected =
        [any(&test.equals, equals), any(&test.starts_with, starts_with), any(&test.ends_with, ends_with)];
    [
        selected.into_iter().flatten().max(),
        any(&test.not_equals, equals).map(Match::not),
        any(&test.not_starts_with, starts_with).map(Match::not),
        any(&test.not_ends_with, ends_with).map(Match::not),
    ]
    .into_iter()
    .flatten()
    .min()
    .unwrap_or(Match::Yes)
}

fn decided(holds: bool) -> Match {
    if holds { Match::Yes } else { Match::No }
}

fn equals(value: &FieldValue, wanted: &str) -> Match {
    match value {
        FieldValue::Exactly(own) => decided(own == wanted),
        mixed if mixed.holds(wanted) => Match::Undecided,
        FieldValue::StartsWith(_) | FieldValue::NoneOf(_) => Match::No,
    }
}

fn starts_with(value: &FieldValue, wanted: &str) -> Match {
    match value {
        FieldValue::Exactly(own) => decided(own.starts_with(wanted)),
        FieldValue::StartsWith(prefix) if prefix.starts_with(wanted) => Match::Yes,
        FieldValue::StartsWith(prefix) if wanted.starts_with(prefix.as_str()) => Match::Undecided,
        FieldValue::StartsWith(_) => Match::No,
        // All that starts so is excluded only with a prefix of it: beyond one value there are always more.
        FieldValue::NoneOf(excluded)
            if excluded.iter().any(|own| matches!(own, FieldValue::StartsWith(_)) && own.holds(wanted)) =>
        {
            Match::No
        }
        FieldValue::NoneOf(_) => Match::Undecided,
    }
}

fn ends_with(value: &FieldValue, wanted: &str) -> Match {
    match value {
        FieldValue::Exactly(own) => decided(own.ends_with(wanted)),
        FieldValue::StartsWith(_) | FieldValue::NoneOf(_) => Match::Undecided,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EventSource;
    use std::collections::BTreeSet;

    #[test]
    fn basic_management_settings() {
        let none = BTreeSet::new();
        let kms = BTreeSet::from([EventSource::Kms]);
        for (access, excluded, class_access, source, expected) in [
            (Access::Mixed, &none, Access::Read, EventSource::Other, Match::Yes),
            (Access::Write, &none, Access::Read, EventSource::Other, Match::No),
            (Access::Write, &none, Access::Write, EventSource::Kms, Match::Yes),
            (Access::Mixed, &kms, Access::Read, EventSource::Kms, Match::No),
            (Access::Mixed, &kms, Access::Read, EventSource::RdsData, Match::Yes),
            (Access::Mixed, &kms, Access::Write, EventSource::Other, Match::Yes),
            (Access::Read, &none, Access::Mixed, EventSource::Other, Match::Undecided),
        ] {
            let selectors = [AdvancedEventSelector::management(access, excluded)];
            let class = EventClass::management(class_access, source);
            assert_eq!(selects(&selectors, &class), expected, "{access:?} {class_access:?} {source:?}");
        }
    }

    #[test]
    fn data_selectors_by_resource() {
        let s3 = "AWS::S3::Object";
        let selector = |arns: &[&str]| {
            let arns: Vec<String> = arns.iter().map(|&arn| arn.to_owned()).collect();
            [AdvancedEventSelector::data(Access::Mixed, s3, &arns)]
        };
        let class = |arn| EventClass::data(Access::Write, s3, arn);
        for (arns, resource, expected) in [
            (&[][..], None, Match::Yes),
            (&["arn:aws:s3:::orders/"], Some("arn:aws:s3:::orders/"), Match::Yes),
            (&["arn:aws:s3:::orders/"], Some("arn:aws:s3:::orders"), Match::Yes),
            (&["arn:aws:s3:::orders"], Some("arn:aws:s3:::orders-archive/"), Match::No),
            (&["arn:aws:s3:::orders/private/"], Some("arn:aws:s3:::orders/"), Match::Undecided),
            (&["arn:aws:s3:::orders/"], Some("arn:aws:s3:::orders/private/"), Match::Yes),
            (&["arn:aws:s3:::orders/"], None, Match::Undecided),
            (&["arn:aws:s3:::a/", "arn:aws:s3:::b/"], Some("arn:aws:s3:::b/"), Match::Yes),
        ] {
            assert_eq!(selects(&selector(arns), &class(resource)), expected, "{arns:?} {resource:?}");
        }
        let lambda = EventClass::data(Access::Write, "AWS::Lambda::Function", None);
        assert_eq!(selects(&selector(&[]), &lambda), Match::No);
    }

    #[test]
    fn all_other_resources_are_none_of_those_named() {
        let others = FieldValue::NoneOf(vec![
            FieldValue::Exactly("arn:aws:lambda:us-east-1:1:function:pay".to_owned()),
            FieldValue::StartsWith("arn:aws:s3:::logs/".to_owned()),
            FieldValue::StartsWith("arn:aws:s3:::orders/eu/".to_owned()),
        ]);
        for (wanted, as_value, as_start) in [
            // The whole of what is excluded, and parts of it.
            ("arn:aws:s3:::logs/", Match::No, Match::No),
            ("arn:aws:s3:::logs/AWSLogs/", Match::No, Match::No),
            ("arn:aws:s3:::orders/eu/2026", Match::No, Match::No),
            // More than what is excluded: other buckets begin so, and the rest of the bucket is an other resource.
            ("arn:aws:s3:::logs", Match::Undecided, Match::Undecided),
            ("arn:aws:s3:::orders/", Match::Undecided, Match::Undecided),
            ("arn:aws:s3:::", Match::Undecided, Match::Undecided),
            // Nothing of it.
            ("arn:aws:s3:::logs-of-others/", Match::Undecided, Match::Undecided),
            // One value is excluded, and others begin with it.
            ("arn:aws:lambda:us-east-1:1:function:pay", Match::No, Match::Undecided),
            ("arn:aws:lambda:us-east-1:1:function:pay-2", Match::Undecided, Match::Undecided),
        ] {
            assert_eq!(equals(&others, wanted), as_value, "equals {wanted}");
            assert_eq!(starts_with(&others, wanted), as_start, "starts with {wanted}");
            assert_eq!(ends_with(&others, wanted), Match::Undecided, "ends with {wanted}");
        }
        // Left out are only named resources: all others stay. With one more, nobody knows how many of them go.
        let mut class = EventClass::data(Access::Write, "AWS::S3::Object", None);
        class.fields.insert(Field::ResourcesArn, others);
        for (left_out, expected) in [
            (&["arn:aws:s3:::logs/"][..], Match::Yes),
            (&["arn:aws:s3:::logs/", "arn:aws:s3:::orders/eu/"], Match::Yes),
            (&["arn:aws:s3:::logs"], Match::Undecided),
            (&["arn:aws:s3:::logs/", "arn:aws:s3:::orders/"], Match::Undecided),
        ] {
            let mut test = FieldSelector::new(Field::ResourcesArn);
            test.not_starts_with = left_out.iter().map(|&arn| arn.to_owned()).collect();
            let mut selector = AdvancedEventSelector::data(Access::Mixed, "AWS::S3::Object", &[]);
            selector.fields.push(test);
            assert_eq!(selects(&[selector], &class), expected, "{left_out:?}");
        }
    }

    #[test]
    fn selectors_of_reads_and_of_writes_select_a_mixture() {
        let type_name = "AWS::S3::Object";
        let both = [
            AdvancedEventSelector::data(Access::Read, type_name, &[]),
            AdvancedEventSelector::data(Access::Write, type_name, &[]),
        ];
        let mixture = EventClass::data(Access::Mixed, type_name, None);
        assert_eq!(selects(&both, &mixture), Match::Yes);
        assert_eq!(selects(&both[..1], &mixture), Match::Undecided);
    }

    #[test]
    fn one_selecting_operator_of_a_field_is_enough() {
        let mut by_name = FieldSelector::new(Field::EventName);
        by_name.equals = vec!["HeadObject".to_owned()];
        by_name.starts_with = vec!["List".to_owned()];
        by_name.ends_with = vec!["Tagging".to_owned()];
        by_name.not_ends_with = vec!["Parts".to_owned()];
        let mut selector = AdvancedEventSelector::data(Access::Mixed, "AWS::S3::Object", &[]);
        selector.fields.push(by_name);
        for (name, expected) in [
            ("HeadObject", Match::Yes),
            ("ListObjects", Match::Yes),
            ("GetObjectTagging", Match::Yes),
            ("ListParts", Match::No),
            ("GetObject", Match::No),
        ] {
            let class = EventClass::data(Access::Read, "AWS::S3::Object", None).with(Field::EventName, name);
            assert_eq!(selects(std::slice::from_ref(&selector), &class), expected, "{name}");
        }
    }

    #[test]
    fn negative_tests_need_every_value_to_fail() {
        let mut by_name = FieldSelector::new(Field::EventName);
        by_name.not_equals = vec!["HeadObject".to_owned()];
        by_name.not_starts_with = vec!["List".to_owned()];
        let mut selector = AdvancedEventSelector::data(Access::Mixed, "AWS::S3::Object", &[]);
        selector.fields.push(by_name);
        let class = EventClass::data(Access::Read, "AWS::S3::Object", None);
        for (name, expected) in [
            (Some("GetObject"), Match::Yes),
            (Some("HeadObject"), Match::No),
            (Some("ListParts"), Match::No),
            (None, Match::Undecided),
        ] {
            let class = name.map_or_else(|| class.clone(), |name| class.clone().with(Field::EventName, name));
            assert_eq!(selects(std::slice::from_ref(&selector), &class), expected, "{name:?}");
        }
    }
}

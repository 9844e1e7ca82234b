//! Whether selectors record something that former ones did not.

use crate::domain::{AdvancedEventSelector, FieldSelector};

/// Tells whether every value of `new` is among those of `old`, or `old` does not choose by it.
fn among(old: &[String], new: &[String], same: impl Fn(&str, &str) -> bool) -> bool {
    old.is_empty() || (!new.is_empty() && new.iter().all(|value| old.iter().any(|own| same(own, value))))
}

fn excludes(old: &[String], new: &[String]) -> bool {
    old.iter().all(|own| new.contains(own))
}

/// Tells whether what passes one test surely passes another one of the same field.
fn is_as_strict(old: &FieldSelector, new: &FieldSelector) -> bool {
    among(&old.equals, &new.equals, |own, value| own == value)
        && among(&old.starts_with, &new.starts_with, |own, value| value.starts_with(own))
        && among(&old.ends_with, &new.ends_with, |own, value| value.ends_with(own))
        && excludes(&old.not_equals, &new.not_equals)
        && excludes(&old.not_starts_with, &new.not_starts_with)
        && excludes(&old.not_ends_with, &new.not_ends_with)
}

/// Tells whether a selector surely records nothing that another one does not.
fn is_within(old: &AdvancedEventSelector, new: &AdvancedEventSelector) -> bool {
    old.category == new.category
        && old.fields.iter().all(|test| {
            let nothing = FieldSelector::new(test.field);
            new.fields.iter().any(|own| own.field == test.field && is_as_strict(test, own))
                || is_as_strict(test, &nothing)
        })
}

/// Tells whether the later selectors may record something that the former ones did not.
pub(super) fn begins(before: &[AdvancedEventSelector], after: &[AdvancedEventSelector]) -> bool {
    !after.iter().all(|new| before.iter().any(|old| is_within(old, new)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Access, EventSource};
    use std::collections::BTreeSet;

    #[test]
    fn what_is_narrower_begins_nothing() {
        let management = |access, excluded: &[EventSource]| {
            AdvancedEventSelector::management(access, &excluded.iter().copied().collect::<BTreeSet<_>>())
        };
        let data = |access, arns: &[&str]| {
            let arns: Vec<String> = arns.iter().map(|&own| own.to_owned()).collect();
            AdvancedEventSelector::data(access, "AWS::S3::Object", &arns)
        };
        let all = management(Access::Mixed, &[]);
        let no_kms = management(Access::Mixed, &[EventSource::Kms]);
        let write = management(Access::Write, &[]);
        let table = [
            (vec![all.clone()], vec![], false),
            (vec![all.clone()], vec![all.clone()], false),
            (vec![all.clone()], vec![write.clone()], false),
            (vec![write.clone()], vec![all.clone()], true),
            (vec![all.clone()], vec![no_kms.clone()], false),
            (vec![no_kms], vec![all.clone()], true),
            (vec![all.clone()], vec![data(Access::Mixed, &[])], true),
            (vec![data(Access::Mixed, &[])], vec![data(Access::Mixed, &["arn:aws:s3:::a"])], false),
            (vec![data(Access::Mixed, &["arn:aws:s3:::a"])], vec![data(Access::Mixed, &[])], true),
            (
                vec![data(Access::Mixed, &["arn:aws:s3:::a"])],
                vec![data(Access::Write, &["arn:aws:s3:::a/logs"])],
                false,
            ),
            (vec![data(Access::Write, &[])], vec![data(Access::Read, &[])], true),
            (vec![], vec![all], true),
        ];
        for (before, after, expected) in table {
            assert_eq!(begins(&before, &after), expected, "{before:?} {after:?}");
        }
    }
}

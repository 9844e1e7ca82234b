//! What is in two lists, side by side.

/// Returns each thing with its counterpart: those of the first list in their order, then those that only the second has.
///
/// Two things of a list that match are kept apart: the first goes with the first.
pub(super) fn pairs<'a, T>(
    before: &'a [T],
    after: &'a [T],
    same: impl Fn(&T, &T) -> bool,
) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let mut left: Vec<Option<&T>> = after.iter().map(Some).collect();
    let mut found = Vec::new();
    for old in before {
        let new = left.iter_mut().find(|own| own.is_some_and(|new| same(old, new))).and_then(Option::take);
        found.push((Some(old), new));
    }
    found.extend(left.into_iter().flatten().map(|new| (None, Some(new))));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_has_one_counterpart() {
        let found = pairs(&[1, 2, 2], &[2, 3], |one, other| one == other);
        assert_eq!(found, [(Some(&1), None), (Some(&2), Some(&2)), (Some(&2), None), (None, Some(&3))]);
    }
}

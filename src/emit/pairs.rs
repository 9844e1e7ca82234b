//! What is in two lists, side by side.

/// Returns each thing with its counterpart: those of the first list in their order, then those that only the second has.
///
/// Two things of a list that match are kept apart: each goes with one.
pub(super) fn pairs<'a, T>(
    before: &'a [T],
    after: &'a [T],
    same: impl Fn(&T, &T) -> bool,
) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let mut left: Vec<Option<&T>> = after.iter().map(Some).collect();
    let mut found = Vec::new();
    // Two versions of a list mostly have the same order: the search begins where the last one ended.
    let mut next = 0;
    for old in before {
        let matches = |own: Option<&T>| own.is_some_and(|new| same(old, new));
        let (first, rest) = left.split_at(next.min(left.len()));
        let at = rest
            .iter()
            .copied()
            .position(matches)
            .map(|at| next + at)
            .or_else(|| first.iter().copied().position(matches));
        let new = at.and_then(|at| left.get_mut(at)).and_then(Option::take);
        next = at.map_or(next, |at| at + 1);
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

//! The fewest selectors that keep what must be kept.

use super::event_rates::EventRates;
use super::replayed::{Outcome, is_selectable, outcome};
use crate::domain::{AdvancedEventSelector, DaysSeen, Field, FieldSelector, LogCounts, LogRow};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Selectors proposed in the place of those that were tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The selectors.
    pub selectors: Vec<AdvancedEventSelector>,
    /// Positions in them of those that select none of the events seen: events of theirs may still come.
    pub unseen: Vec<usize>,
    /// What they keep of the events seen.
    pub kept: Outcome,
    /// What they drop of what was kept before.
    pub dropped: Outcome,
}

/// A selector that may be proposed, and the kinds of rows that it selects.
struct Candidate {
    selector: AdvancedEventSelector,
    rows: Vec<usize>,
}

/// Proposes selectors that keep each event seen that the tried selectors keep and a demand names, and nothing else as far as
/// selectors can tell them apart; of those as few as a greedy cover finds.
///
/// Without demands all that is kept now is demanded: what goes are selectors whose events others select too. `tried` and `demanded`
/// are the positions of both among all selectors that the events were counted with. A demand of which no event was seen stays.
pub fn propose(
    counts: &LogCounts,
    selectors: &[AdvancedEventSelector],
    tried: &Range<u16>,
    demanded: &Range<u16>,
    rates: &EventRates<'_>,
) -> Proposal {
    let of = |positions: &Range<u16>, row: &[u16]| row.iter().any(|at| positions.contains(at));
    let is_kept = |row: &[u16]| of(tried, row) && (demanded.is_empty() || of(demanded, row));
    // Rows that the same selectors select are one kind.
    let mut kinds: BTreeMap<&Arc<[u16]>, u64> = BTreeMap::new();
    for row in counts.rows.iter().filter(|row| is_selectable(row)) {
        *kinds.entry(&row.selected_by).or_default() += row.sum.distinct();
    }
    let kinds: Vec<(&Arc<[u16]>, u64)> = kinds.into_iter().collect();
    let rows = |test: &dyn Fn(&[u16]) -> bool| -> Vec<usize> {
        (0..).zip(&kinds).filter(|(_, kind)| test(kind.0)).map(|(at, _)| at).collect()
    };
    let wanted = rows(&|row| is_kept(row));
    let get = |at: u16| selectors.get(usize::from(at)).cloned();
    let mut candidates: Vec<Candidate> = Vec::new();
    // One that selects nothing which is not wanted stands by itself: what is there already before what would be new.
    for at in tried.clone().chain(demanded.clone()) {
        let own = rows(&|row| row.contains(&at));
        if let Some(selector) = get(at).filter(|_| own.iter().all(|own| wanted.contains(own))) {
            candidates.push(Candidate { selector, rows: own });
        }
    }
    for demand in demanded.clone() {
        for at in tried.clone() {
            let both = rows(&|row| row.contains(&at) && row.contains(&demand));
            let joined = get(at).zip(get(demand)).and_then(|(own, demand)| joined(&own, &demand));
            // Where no one selector says both, the demand alone keeps too much rather than too little.
            if let Some(selector) = joined.or_else(|| get(demand)).filter(|_| !both.is_empty()) {
                candidates.push(Candidate { selector, rows: both });
            }
        }
    }
    let mut open = wanted;
    let mut chosen: Vec<AdvancedEventSelector> = Vec::new();
    while !open.is_empty() {
        let gain = |own: &Candidate| own.rows.iter().filter(|at| open.contains(at)).count();
        let Some(best) = candidates.iter().rev().max_by_key(|own| gain(own)).filter(|own| gain(own) > 0)
        else {
            break;
        };
        open.retain(|at| !best.rows.contains(at));
        chosen.push(best.selector.clone());
    }
    let unseen: Vec<AdvancedEventSelector> = demanded
        .clone()
        .filter(|at| rows(&|row| row.contains(at)).is_empty())
        .filter_map(get)
        .filter(|own| !chosen.contains(own))
        .collect();
    let first_unseen = chosen.len();
    chosen.extend(unseen);
    let days = DaysSeen::new(counts);
    let sum = |test: &dyn Fn(&LogRow) -> bool| outcome(counts, days.as_ref(), rates, test);
    Proposal {
        unseen: (first_unseen..chosen.len()).collect(),
        selectors: chosen,
        kept: sum(&|row| is_kept(&row.selected_by)),
        dropped: sum(&|row| of(tried, &row.selected_by) && !is_kept(&row.selected_by)),
    }
}

/// Returns the selector of what both select; nothing where no one selector says that.
fn joined(own: &AdvancedEventSelector, other: &AdvancedEventSelector) -> Option<AdvancedEventSelector> {
    if own.category != other.category {
        return None;
    }
    let mut fields: BTreeMap<Field, FieldSelector> =
        own.fields.iter().map(|test| (test.field, test.clone())).collect();
    for test in &other.fields {
        let both = match fields.get(&test.field) {
            Some(before) => both(before, test)?,
            None => test.clone(),
        };
        fields.insert(test.field, both);
    }
    // The type of the resources first, as people write it.
    let mut fields: Vec<FieldSelector> = fields.into_values().collect();
    fields.sort_by_key(|test| test.field != Field::ResourcesType);
    Some(AdvancedEventSelector { name: other.name.clone(), category: own.category, fields })
}

/// Returns the test that values pass which pass both; nothing where no one test says that.
fn both(one: &FieldSelector, two: &FieldSelector) -> Option<FieldSelector> {
    let has_ends = |own: &FieldSelector| !own.ends_with.is_empty();
    let asks = |own: &FieldSelector| !(own.equals.is_empty() && own.starts_with.is_empty()) || has_ends(own);
    let mut test = FieldSelector::new(one.field);
    match (asks(one), asks(two)) {
        (true, true) => {
            if has_ends(one) || has_ends(two) {
                return None;
            }
            let passes = |own: &str, other: &FieldSelector| {
                other.equals.iter().any(|wanted| wanted == own)
                    || other.starts_with.iter().any(|wanted| own.starts_with(wanted.as_str()))
            };
            for (own, other) in [(one, two), (two, one)] {
                test.equals.extend(own.equals.iter().filter(|value| passes(value, other)).cloned());
                let longer = |value: &&String| {
                    other.starts_with.iter().any(|wanted| value.starts_with(wanted.as_str()))
                };
                test.starts_with.extend(own.starts_with.iter().filter(longer).cloned());
            }
            for list in [&mut test.equals, &mut test.starts_with] {
                list.sort();
                list.dedup();
            }
            if test.equals.is_empty() && test.starts_with.is_empty() {
                return None;
            }
        }
        (asks_one, _) => {
            let own = if asks_one { one } else { two };
            test.equals.clone_from(&own.equals);
            test.starts_with.clone_from(&own.starts_with);
            test.ends_with.clone_from(&own.ends_with);
        }
    }
    for own in [one, two] {
        test.not_equals.extend(own.not_equals.iter().cloned());
        test.not_starts_with.extend(own.not_starts_with.iter().cloned());
        test.not_ends_with.extend(own.not_ends_with.iter().cloned());
    }
    for list in [&mut test.not_equals, &mut test.not_starts_with, &mut test.not_ends_with] {
        list.sort();
        list.dedup();
    }
    Some(test)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Access, EventCategory};
    use std::collections::BTreeSet;

    const S3: &str = "AWS::S3::Object";

    #[test]
    fn two_selectors_are_joined_where_one_can_say_both() {
        let all = AdvancedEventSelector::data(Access::Mixed, S3, &[]);
        let orders = AdvancedEventSelector::data(Access::Mixed, S3, &["arn:aws:s3:::orders".to_owned()]);
        let deep = AdvancedEventSelector::data(Access::Mixed, S3, &["arn:aws:s3:::orders/eu/".to_owned()]);
        let writes = AdvancedEventSelector::data(Access::Write, S3, &[]);
        let own = joined(&writes, &orders).unwrap();
        assert_eq!(own.fields.len(), 3);
        assert!(own.fields.contains(&orders.fields[1]) && own.fields.contains(&writes.fields[1]));
        assert_eq!(joined(&orders, &deep).unwrap().fields, deep.fields);
        assert_eq!(joined(&deep, &orders).unwrap().fields, deep.fields);
        assert_eq!(joined(&all, &all).unwrap().fields, all.fields);
        let other = AdvancedEventSelector::data(Access::Mixed, S3, &["arn:aws:s3:::b".to_owned()]);
        assert_eq!(joined(&orders, &other), None);
        let management = AdvancedEventSelector::management(Access::Mixed, &BTreeSet::new());
        assert_eq!(joined(&management, &orders), None);
        let mut without = FieldSelector::new(Field::ResourcesArn);
        without.not_starts_with = vec!["arn:aws:s3:::logs/".to_owned()];
        let mut rest = all.clone();
        rest.fields.push(without);
        let own = joined(&rest, &orders).unwrap();
        let arn = own.fields.iter().find(|test| test.field == Field::ResourcesArn).unwrap();
        assert_eq!((arn.starts_with.len(), arn.not_starts_with.len()), (1, 1));
        assert_eq!(own.category, EventCategory::Data);
        let mut by_end = FieldSelector::new(Field::ResourcesArn);
        by_end.ends_with = vec![".csv".to_owned()];
        let mut ends = all;
        ends.fields.push(by_end);
        assert_eq!(joined(&ends, &orders), None);
    }
}

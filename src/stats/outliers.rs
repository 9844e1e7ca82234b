//! Days that cost more or less than the weekday and the level say.
//!
//! Robust: medians, and median absolute deviations from them (MAD), so that a spike moves neither. All amounts are exact.

use crate::domain::{Date, Money};
use rust_decimal::Decimal;
use std::collections::VecDeque;

/// So many days before a day say what is usual.
const WINDOW: i64 = 56;
/// Of fewer nobody knows what is usual.
const ENOUGH: usize = 14;
/// So many of the same weekday say what is usual on it: four weeks.
const OF_A_WEEKDAY: usize = 4;
/// The standard deviation of the normal distribution in MADs.
const SIGMA: Decimal = Decimal::from_parts(14_826, 0, 0, false, 4);
/// A day is unusual from so many standard deviations on.
const SIGMAS: Decimal = Decimal::from_parts(4, 0, 0, false, 0);
/// The standard deviation is taken for a twentieth of what is usual at least: what hardly ever moves is no anomaly when it does a
/// little.
const LEAST_SPREAD: Decimal = Decimal::from_parts(5, 0, 0, false, 2);
/// After so many unusual days in a row they are the new level.
const NEW_LEVEL: usize = 7;

/// An unusual day, or several in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlier {
    /// The first day.
    pub first: Date,
    /// The last day of the row.
    pub last: Date,
    /// How many known days it has.
    pub days: u32,
    /// What the first day cost.
    pub cost: Money,
    /// What it should have cost at least, and at most.
    pub usual: (Money, Money),
    /// What all days cost more, or less, than the median of their weekday.
    pub size: Money,
    /// Whether it went on for so long that it is the level since.
    pub is_new_level: bool,
}

/// What is usual on a day.
struct Usual {
    middle: Money,
    low: Money,
    high: Money,
}

/// Finds the unusual days among days in order, each with its cost. What is less than `least` off is none.
///
/// Days that were unusual say nothing of what is usual, until they are seven in a row: then they are the new level.
pub fn outliers(days: &[(Date, Money)], least: Money) -> Vec<Outlier> {
    let mut found: Vec<Outlier> = Vec::new();
    let mut window: VecDeque<(Date, Money)> = VecDeque::new();
    let mut row: Vec<(Date, Money)> = Vec::new();
    for &(day, cost) in days {
        while window.front().is_some_and(|own| day.days_since(own.0) > WINDOW) {
            window.pop_front();
        }
        let usual = usual(&window, day);
        let off = usual.as_ref().and_then(|usual| off(usual, cost, least));
        let (Some(usual), Some(off)) = (usual, off) else {
            row.clear();
            window.push_back((day, cost));
            continue;
        };
        let goes_on = |own: &&mut Outlier| !row.is_empty() && own.size.is_negative() == off.is_negative();
        if let Some(own) = found.last_mut().filter(goes_on) {
            own.last = day;
            own.days += 1;
            own.size = own.size.checked_add(off).unwrap_or(own.size);
        } else {
            row.clear();
            found.push(Outlier {
                first: day,
                last: day,
                days: 1,
                cost,
                usual: (usual.low, usual.high),
                size: off,
                is_new_level: false,
            });
        }
        row.push((day, cost));
        if row.len() == NEW_LEVEL {
            window = std::mem::take(&mut row).into();
            if let Some(own) = found.last_mut() {
                own.is_new_level = true;
            }
        }
    }
    found
}

/// Returns how far off an unusual day is from the middle; nothing where it is not unusual.
fn off(usual: &Usual, cost: Money, least: Money) -> Option<Money> {
    let off = cost.checked_sub(usual.middle)?;
    ((cost < usual.low || cost > usual.high) && off.abs() >= least).then_some(off)
}

/// Returns what is usual on a day: with four of its weekday, so many standard deviations around their median; else as far beyond the
/// least and the most of all days. Nothing with too few days.
fn usual(window: &VecDeque<(Date, Money)>, day: Date) -> Option<Usual> {
    if window.len() < ENOUGH {
        return None;
    }
    let of = |weekday: usize| -> Vec<Money> {
        window.iter().filter(|own| own.0.weekday() == weekday).map(|own| own.1).collect()
    };
    let all: Vec<Money> = window.iter().map(|own| own.1).collect();
    let medians: Vec<Option<Money>> = (0..7).map(|weekday| median(of(weekday))).collect();
    let whole = median(all.clone())?;
    let middle = medians[day.weekday()].unwrap_or(whole);
    let deviations = window.iter().map(|(day, cost)| {
        let own = medians[day.weekday()].unwrap_or(whole);
        cost.checked_sub(own).map(Money::abs)
    });
    let spread = median(deviations.collect::<Option<Vec<_>>>()?)?.times(SIGMA)?;
    let reach = spread.max(middle.times(LEAST_SPREAD)?.abs()).times(SIGMAS)?;
    let (from, to) = if of(day.weekday()).len() >= OF_A_WEEKDAY {
        (middle, middle)
    } else {
        (*all.iter().min()?, *all.iter().max()?)
    };
    // What costs nothing at least cannot cost less.
    let floor = from.min(Money::ZERO);
    Some(Usual { middle, low: from.checked_sub(reach)?.max(floor), high: to.checked_add(reach)? })
}

/// Returns the median: of an even number the mean of the two in the middle.
fn median(mut all: Vec<Money>) -> Option<Money> {
    all.sort_unstable();
    let half = all.len() / 2;
    if all.len() % 2 == 1 {
        return all.get(half).copied();
    }
    all.get(half.checked_sub(1)?)?.checked_add(*all.get(half)?)?.divided_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn money(cents: i64) -> Money {
        Money::from_decimal(Decimal::new(cents, 2)).unwrap()
    }

    /// Days from Thursday, 1 January 2026, on.
    fn days(cents: &[i64]) -> Vec<(Date, Money)> {
        let first: Date = "2026-01-01".parse().unwrap();
        let dates = std::iter::successors(Some(first), |own| own.next());
        dates.zip(cents.iter().map(|own| money(*own))).collect()
    }

    fn found(cents: &[i64]) -> Vec<Outlier> {
        outliers(&days(cents), money(100))
    }

    /// $100 on weekdays, $20 on Saturdays and Sundays, and some cents.
    fn week(at: usize) -> i64 {
        let cents = i64::try_from(at * 7_919 % 300).unwrap();
        if matches!(at % 7, 2 | 3) { 2_000 + cents } else { 10_000 + cents }
    }

    #[test]
    fn a_spike_and_a_hole_are_found_with_what_was_usual() {
        let mut cents = vec![10_000; 60];
        cents[40] = 15_000;
        cents[50] = 2_000;
        let own = found(&cents);
        assert_eq!(own.len(), 2);
        // Nothing ever moved: four times a twentieth of $100 either way.
        assert_eq!(own[0].usual, (money(8_000), money(12_000)));
        assert_eq!((own[0].first.to_string(), own[0].days), ("2026-02-10".to_owned(), 1));
        assert_eq!((own[0].cost, own[0].size, own[1].size), (money(15_000), money(5_000), money(-8_000)));
        assert_eq!(own[1].usual.0, money(8_000));
    }

    #[test]
    fn a_weekly_rhythm_is_no_anomaly() {
        let mut cents: Vec<i64> = (0..90).map(week).collect();
        assert_eq!(found(&cents), []);
        // A Saturday like a weekday is one, from the fifth week on; before that it lies within what was seen.
        cents[72] = 10_000;
        let own = found(&cents);
        assert_eq!((own.len(), own[0].first.weekday()), (1, 5));
        assert!(own[0].size > money(7_500) && own[0].usual.1 < money(3_500), "{own:?}");
        cents[72] = week(72);
        cents[16] = 10_000;
        assert_eq!(found(&cents), []);
        // Far beyond everything seen is one with two weeks.
        cents[16] = 30_000;
        assert_eq!(found(&cents).len(), 1);
    }

    #[test]
    fn little_money_and_few_days_are_none() {
        let mut cents = vec![50; 60];
        cents[40] = 149;
        assert_eq!(found(&cents), []);
        cents[40] = 150;
        assert_eq!(found(&cents).len(), 1);
        let mut cents = vec![10_000; 14];
        cents[13] = 90_000;
        assert_eq!(found(&cents), [], "thirteen days before it say nothing");
        cents.insert(0, 10_000);
        assert_eq!(found(&cents).len(), 1);
    }

    #[test]
    fn what_goes_on_is_one_and_then_the_level() {
        let mut cents = vec![1_000; 30];
        cents.extend([5_000; 40]);
        let own = found(&cents);
        assert_eq!((own.len(), own[0].days, own[0].is_new_level), (1, 7, true));
        assert_eq!((own[0].size, own[0].last.to_string()), (money(28_000), "2026-02-06".to_owned()));
        // Two rows of other directions are two; what was never used before is seen at once.
        let mut cents = vec![0; 30];
        cents.extend([400, 300, 0, 0]);
        let own = found(&cents);
        assert_eq!(
            (own.len(), own[0].days, own[0].size, own[0].usual),
            (1, 2, money(700), (money(0), money(0)))
        );
    }

    proptest! {
        #[test]
        fn rows_are_in_order_and_beyond_what_was_usual(cents in prop::collection::vec(0..100_000_i64, 0..120)) {
            let own = found(&cents);
            for pair in own.windows(2) {
                prop_assert!(pair[0].last < pair[1].first);
            }
            for own in &own {
                prop_assert!(own.cost < own.usual.0 || own.cost > own.usual.1);
                prop_assert!(own.size.abs() >= money(100) && own.days >= 1 && own.days <= 7);
                prop_assert_eq!(own.size.is_negative(), own.cost < own.usual.0);
            }
        }
    }
}

//! Of which days, hours and Regions logs were seen, and what they make of a month.

use super::log_counts::LogCounts;
use super::period::{Date, Month};
use super::quantity::Quantity;
use std::collections::{BTreeMap, BTreeSet};

/// Whole days from which on the days are a sample of the month rather than their hours.
const DAYS_FOR_MEAN: usize = 2;

/// Events by day; nothing is a day that a record does not say.
pub type ByDay = BTreeMap<Option<Date>, u64>;

/// The days that logs were seen of, in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaysSeen {
    /// The first day with events.
    pub first: Date,
    /// The last day with events.
    pub last: Date,
    /// The first hour with events on the first day.
    pub first_hour: u8,
    /// The last hour with events on the last day.
    pub last_hour: u8,
    /// Days seen from their first hour to their last.
    pub whole: BTreeSet<Date>,
    /// Days in between of which there is neither a file nor an event.
    pub missing: Vec<Date>,
}

impl DaysSeen {
    /// Looks at the days of all counts; nothing where no event says its day.
    pub fn new(counts: &LogCounts) -> Option<Self> {
        let (first, last) = counts.window()?;
        let seen = counts.dates();
        let first_hour = counts.hours.iter().find(|own| own.day == first).map_or(0, |own| own.hour);
        let last_hour = counts.hours.iter().rfind(|own| own.day == last).map_or(23, |own| own.hour);
        let (mut whole, mut missing) = (BTreeSet::new(), Vec::new());
        for day in days(first, last) {
            let is_cut = day == first && first_hour > 0 || day == last && last_hour < 23;
            if !seen.contains_key(&day) {
                missing.push(day);
            } else if !is_cut {
                whole.insert(day);
            }
        }
        Some(Self { first, last, first_hour, last_hour, whole, missing })
    }

    /// Returns the hours from the first with events to the last, both included, without those of missing days; at least one.
    pub fn hours(&self) -> u64 {
        let days = u64::try_from(self.last.days_since(self.first)).unwrap_or_default();
        let hours = (days * 24 + u64::from(self.last_hour) + 1).saturating_sub(u64::from(self.first_hour));
        hours.saturating_sub(24 * self.missing.len() as u64).max(1)
    }

    /// Tells whether events of a day are part of what the days seen make of a month; those that say no day are.
    pub fn holds(&self, day: Option<Date>) -> bool {
        day.is_none_or(|own| (self.first..=self.last).contains(&own))
    }

    /// Tells whether the days seen are those of one month, each from its first hour to its last, and no others.
    pub fn is_whole_month(&self) -> bool {
        self.first.month() == self.last.month() && self.whole.len() as u64 == self.month_days()
    }

    /// Returns the days of the month that the days seen stand for: the last day's.
    pub fn month_days(&self) -> u64 {
        u64::from(self.last.month().days())
    }

    /// Returns what daily sums make of a month, to a whole event, a half rounded up: the mean of the whole days × the days of the
    /// month; of fewer than two whole days the mean of the hours × those of the month.
    pub fn month(&self, days: &ByDay) -> u128 {
        let month = u128::from(self.month_days());
        let sum = |own: &mut dyn Iterator<Item = u64>| own.map(u128::from).sum::<u128>();
        if self.whole.len() < DAYS_FOR_MEAN {
            let held = &mut days.iter().filter(|own| self.holds(*own.0)).map(|own| *own.1);
            return divided(sum(held) * month * 24, u128::from(self.hours()));
        }
        let whole = &mut self.whole.iter().map(|day| days.get(&Some(*day)).copied().unwrap_or(0));
        divided(sum(whole) * month, self.whole.len() as u128)
    }

    /// Returns what daily sums make of a month, as a quantity.
    pub fn month_quantity(&self, days: &ByDay) -> Quantity {
        Quantity::from_count(u64::try_from(self.month(days)).unwrap_or(u64::MAX))
    }
}

/// Divides, a half rounded up.
fn divided(numerator: u128, divisor: u128) -> u128 {
    (numerator + divisor / 2) / divisor.max(1)
}

fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |day| day.next()).take_while(move |day| *day <= last)
}

/// Hours in a row without an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// The day of the first hour, in UTC.
    pub day: Date,
    /// The first hour, 0 to 23.
    pub hour: u8,
    /// How many hours.
    pub hours: u64,
}

/// An account and Region of one trail folder, and on how many days it delivered files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionSeen {
    /// Position of the trail folder in [`LogCounts::folders`].
    pub folder: u32,
    /// The account as the paths have it.
    pub account: String,
    /// The Region as the paths have it.
    pub region: String,
    /// Days of the window with log files.
    pub days: u64,
    /// Days from its first with log files to its last that have none.
    pub gaps: Vec<Date>,
    /// Its first and last day with log files.
    pub between: (Date, Date),
}

/// Days without a file or an event from which on what follows is far from what came before.
const FAR: i64 = 31;

/// Months from the earliest on that a scenario can begin with.
const PLAUSIBLE: std::ops::Range<i32> = 0..190 * 12;

impl LogCounts {
    /// Returns the days of events and of files, each with its events.
    fn dates(&self) -> BTreeMap<Date, u64> {
        let mut days: BTreeMap<Date, u64> = BTreeMap::new();
        // Rows of one day mostly stand side by side.
        for rows in self.rows.chunk_by(|one, two| one.day == two.day) {
            if let Some(day) = rows.first().and_then(|own| own.day) {
                *days.entry(day).or_default() += rows.iter().map(|own| own.sum.events).sum::<u64>();
            }
        }
        let of_files = self.files.days.iter().filter_map(|own| own.day);
        for day in of_files.chain(self.hours.iter().map(|own| own.day)) {
            days.entry(day).or_default();
        }
        days
    }

    /// Returns the first and the last day of what was seen. Of stretches of days that more than a month without files or events
    /// lies between, the one with the most events is meant, the latest of equal ones: a record with a wrong time makes no window.
    fn stretch(&self) -> Option<(Date, Date, BTreeMap<Date, u64>)> {
        let mut days = self.dates();
        let all = days.clone();
        days.retain(|day, _| PLAUSIBLE.contains(&day.month().months_since(Month::EARLIEST)));
        let days: Vec<(Date, u64)> = days.into_iter().collect();
        let stretches = days.chunk_by(|one, two| two.0.days_since(one.0) <= FAR + 1);
        let most = stretches.max_by_key(|own| own.iter().map(|own| own.1).sum::<u64>())?;
        Some((most.first()?.0, most.last()?.0, all))
    }

    /// Returns the first and the last day with events, without days that are far from most of them.
    pub fn window(&self) -> Option<(Date, Date)> {
        let (from, to, days) = self.stretch()?;
        let mut days = days.range(from..=to).filter(|own| *own.1 > 0).map(|own| *own.0);
        let first = days.next()?;
        Some((first, days.next_back().unwrap_or(first)))
    }

    /// Returns days with events that are far from the others, each with its events: no month is made of them.
    pub fn far_days(&self) -> Vec<(Date, u64)> {
        let all = self.dates().into_iter().filter(|own| own.1 > 0);
        match self.stretch() {
            Some((from, to, _)) => all.filter(|own| !(from..=to).contains(&own.0)).collect(),
            None => all.collect(),
        }
    }

    /// Returns the hours between the first and the last with events in which nothing happened anywhere.
    ///
    /// CloudTrail delivers nothing where nothing happens: whether a file is missing the logs do not say.
    pub fn quiet_hours(&self) -> Vec<QuietHours> {
        let mut quiet = Vec::new();
        let Some((first, last, _)) = self.stretch() else { return quiet };
        let hours: Vec<_> =
            self.hours.iter().filter(|own| (first..=last).contains(&own.day)).copied().collect();
        for pair in hours.windows(2) {
            let (before, after) = (pair[0], pair[1]);
            let days = u64::try_from(after.day.days_since(before.day)).unwrap_or_default();
            let hours = (days * 24 + u64::from(after.hour)).saturating_sub(u64::from(before.hour) + 1);
            if hours == 0 {
                continue;
            }
            let next = if before.hour < 23 {
                Some((before.day, before.hour + 1))
            } else {
                before.day.next().map(|day| (day, 0))
            };
            quiet.extend(next.map(|(day, hour)| QuietHours { day, hour, hours }));
        }
        quiet
    }

    /// Returns the accounts and Regions that have log files with a day, and their days without.
    pub fn regions_seen(&self) -> Vec<RegionSeen> {
        let mut seen: BTreeMap<(u32, &str, &str), BTreeSet<Date>> = BTreeMap::new();
        let Some((from, to, _)) = self.stretch() else { return Vec::new() };
        for own in self.files.days.iter().filter(|own| own.log_files > 0) {
            if let Some(day) = own.day.filter(|own| (from..=to).contains(own)) {
                seen.entry((own.folder, &own.account, &own.region)).or_default().insert(day);
            }
        }
        seen.into_iter()
            .filter_map(|((folder, account, region), own)| {
                let between = (*own.first()?, *own.last()?);
                Some(RegionSeen {
                    folder,
                    account: account.to_owned(),
                    region: region.to_owned(),
                    days: own.len() as u64,
                    gaps: days(between.0, between.1).filter(|day| !own.contains(day)).collect(),
                    between,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::log_counts::{LogFilesOfDay, LogHour};
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn hours_without_events_are_told_in_runs() {
        let hour = |day: &str, hour| LogHour { day: date(day), hour, events: 1 };
        let counts = LogCounts {
            hours: vec![
                hour("2026-11-01", 5),
                hour("2026-11-01", 6),
                hour("2026-11-01", 9),
                hour("2026-11-01", 23),
                hour("2026-11-03", 1),
            ],
            ..LogCounts::default()
        };
        let quiet: Vec<(String, u8, u64)> =
            counts.quiet_hours().iter().map(|own| (own.day.to_string(), own.hour, own.hours)).collect();
        let own = |day: &str, hour, hours| (day.to_owned(), hour, hours);
        assert_eq!(quiet, [own("2026-11-01", 7, 2), own("2026-11-01", 10, 13), own("2026-11-02", 0, 25)]);
    }

    #[test]
    fn days_without_files_are_told_by_region() {
        let file = |day: &str, log_files| LogFilesOfDay {
            folder: 0,
            account: "111122223333".to_owned(),
            region: "eu-west-1".to_owned(),
            day: Some(date(day)),
            log_files,
            digest_files: 1,
            stored_bytes: 1,
        };
        let mut counts = LogCounts::default();
        counts.files.days =
            vec![file("2026-11-01", 2), file("2026-11-02", 0), file("2026-11-04", 1), file("2026-11-05", 0)];
        let [own] = &counts.regions_seen()[..] else { panic!("one Region") };
        assert_eq!((own.days, own.between), (2, (date("2026-11-01"), date("2026-11-04"))));
        assert_eq!(own.gaps, [date("2026-11-02"), date("2026-11-03")]);
    }

    #[test]
    fn a_month_is_made_of_whole_days_or_of_hours() {
        let mut own = DaysSeen {
            first: date("2026-11-01"),
            last: date("2026-11-03"),
            first_hour: 0,
            last_hour: 11,
            whole: [date("2026-11-01"), date("2026-11-02")].into(),
            missing: Vec::new(),
        };
        let days = ByDay::from([
            (Some(date("2026-11-01")), 10),
            (Some(date("2026-11-02")), 21),
            (Some(date("2026-11-03")), 99),
            (None, 7),
        ]);
        // (10 + 21) × 30 ÷ 2
        assert_eq!((own.hours(), own.month(&days)), (60, 465));
        // 137 × 30 × 24 ÷ 60
        own.whole.clear();
        assert_eq!(own.month(&days), 1_644);
        // 137 × 30 × 24 ÷ 36: a day without files or events is none that was seen.
        own.missing.push(date("2026-11-02"));
        assert_eq!((own.hours(), own.month(&days)), (36, 2_740));
    }
}

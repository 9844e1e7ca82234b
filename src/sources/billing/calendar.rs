//! Days and months as exports write them, and how much of a month is there.

use crate::domain::{BilledMonth, Date, Month};
use std::collections::BTreeMap;

/// The first ten characters of a time: `2023-11-07`. What follows (`T04:00:00.000Z`, ` 04:00:00`) does not matter: billing
/// is in UTC, with or without a zone.
pub(super) type Day = [u8; 10];

/// Returns the day of a time, if it begins with one that the calendar has.
#[inline]
pub(super) fn day_of(text: &[u8]) -> Option<Day> {
    let day: Day = text.get(..10)?.try_into().ok()?;
    let digits = [0, 1, 2, 3, 5, 6, 8, 9].iter().all(|&at| day[at].is_ascii_digit());
    if !digits || day[4] != b'-' || day[7] != b'-' {
        return None;
    }
    let number = |at: usize| (day[at] - b'0') * 10 + day[at + 1] - b'0';
    // Every month has the first 28 days; the calendar is asked about the others.
    let is_plain = (1..=12).contains(&number(5)) && (1..=28).contains(&number(8));
    (is_plain || date(day).is_some()).then_some(day)
}

/// Returns the month of a time.
pub(super) fn month_of(text: &[u8]) -> Option<Month> {
    let day = day_of(text)?;
    std::str::from_utf8(&day[..7]).ok()?.parse().ok()
}

fn date(day: Day) -> Option<Date> {
    std::str::from_utf8(&day).ok()?.parse().ok()
}

/// First and last day of usage rows.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    days: Option<(Day, Day)>,
}

impl Span {
    #[inline]
    fn add(&mut self, first: Day, last: Day) {
        match &mut self.days {
            Some((from, to)) => {
                if first < *from {
                    *from = first;
                }
                if last > *to {
                    *to = last;
                }
            }
            None => self.days = Some((first, last)),
        }
    }

    fn merge(&mut self, other: Self) {
        if let Some((from, to)) = other.days {
            self.add(from, to);
        }
    }
}

/// What is seen of a month.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// Rows of a day or less.
    days: Span,
    /// Rows of more than a day: of a monthly export, or charged once a month. The second day is the exclusive end.
    longer: Span,
    /// Whether a usage row has an invoice's id.
    pub(super) invoiced: bool,
}

impl Seen {
    /// Adds a usage row; what lies outside the month says nothing about it.
    #[inline]
    pub(super) fn add(&mut self, month: &[u8], start: Day, end: Option<Day>) {
        if start[..7] != *month {
            return;
        }
        match end {
            Some(end) if is_longer_than_a_day(start, end) => self.longer.add(start, end),
            _ => self.days.add(start, start),
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.days.merge(other.days);
        self.longer.merge(other.longer);
        self.invoiced |= other.invoiced;
    }

    /// Returns first and last day: of the rows of a day or less, or else of the longer ones.
    fn days(&self, month: Month) -> Option<(Date, Date)> {
        if let Some((from, to)) = self.days.days {
            return Some((date(from)?, date(to)?));
        }
        let (from, end) = self.longer.days?;
        let end = date(end)?;
        let last = if end.month() > month || end.day() == 1 {
            format!("{month}-{:02}", month.days())
        } else {
            format!("{month}-{:02}", end.day() - 1)
        };
        Some((date(from)?, last.parse().ok()?))
    }
}

/// Tells whether a row is of more than a day; the end is exclusive.
pub(super) fn is_longer_than_a_day(start: Day, end: Day) -> bool {
    let number = |day: Day| u32::from(day[8] - b'0') * 10 + u32::from(day[9] - b'0');
    if start[..7] == end[..7] {
        return number(end) > number(start) + 1;
    }
    !(number(end) == 1 && number(start) >= 28)
}

/// Makes the months of a bill.
pub(super) fn months(seen: &BTreeMap<Month, Seen>, tells_invoices: bool) -> Vec<BilledMonth> {
    seen.iter()
        .map(|(month, own)| {
            let first = month.first_day();
            // Without rows within the month nothing but its beginning is known.
            let (first_day, last_day) = own.days(*month).unwrap_or((first, first));
            BilledMonth { month: *month, first_day, last_day, closed: tells_invoices.then_some(own.invoiced) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_zone() {
        for text in
            ["2023-11-07T04:00:00.000Z", "2023-11-07 04:00:00", "2023-11-07", "2023-11-07T04:00:00+00:00"]
        {
            assert_eq!(month_of(text.as_bytes()).unwrap().to_string(), "2023-11", "{text}");
        }
        for text in [
            "",
            "11/07/2023",
            "2023-13-01",
            "20231107",
            "2023/11/07",
            "2023-11-00",
            "2023-11-31",
            "2023-11-99T00:00:00Z",
            "2023-02-29",
        ] {
            assert_eq!(month_of(text.as_bytes()), None, "{text}");
        }
        assert_eq!(month_of(b"2024-02-29").unwrap().to_string(), "2024-02");
    }

    #[test]
    fn days_covered_are_those_of_hourly_rows_where_there_are_any() {
        let day = |text: &str| day_of(text.as_bytes()).unwrap();
        let mut seen = Seen::default();
        seen.add(b"2023-11", day("2023-11-01"), Some(day("2023-12-01")));
        let whole = months(&BTreeMap::from([("2023-11".parse().unwrap(), seen)]), false);
        assert_eq!((whole[0].days_covered(), whole[0].is_partial(), whole[0].closed), (30, false, None));
        seen.add(b"2023-11", day("2023-11-07"), Some(day("2023-11-07")));
        seen.add(b"2023-11", day("2023-11-30"), Some(day("2023-12-01")));
        seen.add(b"2023-11", day("2023-10-31"), Some(day("2023-10-31")));
        let partial = months(&BTreeMap::from([("2023-11".parse().unwrap(), seen)]), true);
        assert_eq!(
            (partial[0].days_covered(), partial[0].is_partial(), partial[0].closed),
            (24, true, Some(false))
        );
    }
}

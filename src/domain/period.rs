//! Calendar months, dates and ages. There is no clock here: every date is an argument.

use jiff::{ToSpan, civil};
use std::fmt;
use std::str::FromStr;

/// Says why a month, date or age was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodError {
    expected: &'static str,
}

impl fmt::Display for PeriodError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "expected {}", self.expected)
    }
}

impl std::error::Error for PeriodError {}

/// A calendar month, written `YYYY-MM`. Billing periods are calendar months in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first_day: civil::Date,
}

impl Month {
    /// The earliest month that can be written.
    pub const EARLIEST: Self = Self { first_day: civil::date(2000, 1, 1) };

    /// Returns the month `count` months later, or nothing past the year 9999.
    pub fn plus(self, count: u32) -> Option<Self> {
        let span = i32::try_from(count).ok()?.months();
        let first_day = self.first_day.checked_add(span).ok()?;
        Some(Self { first_day })
    }

    /// Returns the number of days in this month (28 to 31).
    pub fn days(self) -> u32 {
        u32::from(self.first_day.days_in_month().unsigned_abs())
    }

    /// Returns the month of the year, 1 to 12.
    pub fn calendar_month(self) -> u8 {
        self.first_day.month().unsigned_abs()
    }

    /// Returns the first day.
    pub fn first_day(self) -> Date {
        Date(self.first_day)
    }

    /// Returns the number of days from the first day of `earlier` to the first day of this month.
    pub fn days_since(self, earlier: Self) -> i64 {
        let span = self.first_day.duration_since(earlier.first_day);
        span.as_secs() / 86_400
    }

    /// Returns the months from `earlier` to this one, negative when it lies before.
    pub fn months_since(self, earlier: Self) -> i32 {
        let index = |month: Self| i32::from(month.first_day.year()) * 12 + i32::from(month.first_day.month());
        index(self) - index(earlier)
    }
}

impl FromStr for Month {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let error = PeriodError { expected: "a month as YYYY-MM, between 2000-01 and 2199-12" };
        let bytes = text.as_bytes();
        if bytes.len() != 7 || bytes.get(4) != Some(&b'-') {
            return Err(error);
        }
        let number = |range: std::ops::Range<usize>| {
            text.get(range)
                .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|part| part.parse::<i16>().ok())
        };
        let (Some(year @ 2000..=2199), Some(month @ 1..=12)) = (number(0..4), number(5..7)) else {
            return Err(error);
        };
        i8::try_from(month)
            .ok()
            .and_then(|month| civil::Date::new(year, month, 1).ok())
            .map(|first_day| Self { first_day })
            .ok_or(error)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.first_day.year(), self.first_day.month());
        write!(formatter, "{year:04}-{month:02}")
    }
}

/// A day of the calendar, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// Returns the date as a manager reads it: `1 Nov 2026`.
    pub fn long(self) -> String {
        self.0.strftime("%-d %b %Y").to_string()
    }

    /// Returns a span of days as a manager reads it: `21 Oct – 19 Nov 2026`, `1 – 30 Nov 2026`, `19 Nov 2026`.
    pub fn span(self, last: Self) -> String {
        let format = if self == last {
            return last.long();
        } else if self.month() == last.month() {
            "%-d"
        } else if self.0.year() == last.0.year() {
            "%-d %b"
        } else {
            "%-d %b %Y"
        };
        format!("{} – {}", self.0.strftime(format), last.long())
    }

    /// Returns the month that the day lies in.
    pub fn month(self) -> Month {
        Month { first_day: self.0.first_of_month() }
    }

    /// Returns the day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.0.day().unsigned_abs()
    }

    /// Returns the day after; nothing after the last day of the calendar.
    pub fn next(self) -> Option<Self> {
        self.0.tomorrow().ok().map(Self)
    }

    /// Returns the days from `earlier` to this day, negative when it lies before.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0.duration_since(earlier.0).as_secs() / 86_400
    }

    /// Returns the day of the week: 0 is Monday, 6 is Sunday.
    pub fn weekday(self) -> usize {
        usize::try_from(self.0.weekday().to_monday_zero_offset()).unwrap_or_default()
    }
}

impl FromStr for Date {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let error = PeriodError { expected: "a date as YYYY-MM-DD" };
        if text.len() != 10 || !text.is_ascii() {
            return Err(error);
        }
        text.parse().map(Self).map_err(|_| error)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

/// An age or length of time in whole hours: `12h`, `90d`, `7y`. A year is 365 days, a month is refused (28 to 31 days).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Age {
    hours: u32,
}

impl Age {
    /// Takes whole days.
    pub fn from_days(days: u16) -> Self {
        Self { hours: u32::from(days) * 24 }
    }

    /// Returns the length in hours.
    pub fn hours(self) -> u32 {
        self.hours
    }

    /// Adds another length of time; what is longer than can be held is as long as can be held.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { hours: self.hours.saturating_add(other.hours) }
    }

    /// Returns the whole days.
    pub fn days(self) -> u32 {
        self.hours / 24
    }

    /// Says it in words: whole years of 365 days from two years on, else whole days, else hours.
    pub fn words(self) -> String {
        let (count, unit) = if self.hours > 24 * 365 && self.hours.is_multiple_of(24 * 365) {
            (self.hours / 24 / 365, "year")
        } else if self.hours.is_multiple_of(24) {
            (self.hours / 24, "day")
        } else {
            (self.hours, "hour")
        };
        format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

impl FromStr for Age {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let error = PeriodError {
            expected: "a length of time in hours, days or years, such as 12h, 90d or 7y, up to 100y",
        };
        let text = text.trim();
        let unit_hours = match text.bytes().last() {
            Some(b'h') => 1,
            Some(b'd') => 24,
            Some(b'y') => 24 * 365,
            _ => return Err(error),
        };
        let digits = &text[..text.len() - 1].trim_end();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(error);
        }
        digits
            .parse::<u32>()
            .ok()
            .and_then(|count| count.checked_mul(unit_hours))
            .filter(|&hours| hours <= 100 * 365 * 24)
            .map(|hours| Self { hours })
            .ok_or(error)
    }
}

impl fmt::Display for Age {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.hours.is_multiple_of(24) {
            write!(formatter, "{}d", self.hours / 24)
        } else {
            write!(formatter, "{}h", self.hours)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_the_calendar() {
        let january: Month = "2028-01".parse().unwrap();
        assert_eq!(january.plus(1).unwrap().days(), 29);
        assert_eq!(january.plus(13).unwrap().to_string(), "2029-02");
        assert_eq!(january.plus(13).unwrap().days(), 28);
        assert_eq!(january.plus(12).unwrap().days_since(january), 366);
        assert_eq!(january.months_since("2027-11".parse().unwrap()), 2);
        for bad in ["2026", "2026-13", "2026-1", "1999-12", "+026-01", "2026-00", "2026/01"] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }

    #[test]
    fn ages_are_hours_days_or_years() {
        for (text, hours) in [("0h", 0), ("12h", 12), ("90d", 2160), ("7y", 61_320)] {
            assert_eq!(text.parse::<Age>().unwrap().hours(), hours, "{text}");
        }
        for bad in ["", "d", "7", "1m", "-1d", "1.5y", "101y", "99999999999d"] {
            assert!(bad.parse::<Age>().is_err(), "{bad}");
        }
    }

    #[test]
    fn dates_are_plain_and_readable() {
        let date: Date = "2026-10-31".parse().unwrap();
        assert_eq!((date.to_string(), date.long()), ("2026-10-31".to_owned(), "31 Oct 2026".to_owned()));
        for (first, last, words) in [
            ("2026-10-21", "2026-11-19", "21 Oct – 19 Nov 2026"),
            ("2026-11-01", "2026-11-30", "1 – 30 Nov 2026"),
            ("2026-11-19", "2026-11-19", "19 Nov 2026"),
            ("2025-12-21", "2026-01-19", "21 Dec 2025 – 19 Jan 2026"),
        ] {
            assert_eq!(first.parse::<Date>().unwrap().span(last.parse().unwrap()), words);
        }
        assert!("2026-02-30".parse::<Date>().is_err());
        assert!("20261031".parse::<Date>().is_err());
    }
}

//! The only place that looks at the clock.

use crate::domain::Date;
use std::time::{Duration, Instant, SystemTime};

const DAY: Duration = Duration::from_hours(24);
/// Days from 1 Jan 1970 to 1 Jan 2000.
const TO_2000: u64 = 10_957;

/// Measures how long something takes.
#[derive(Debug)]
pub(super) struct Stopwatch(Instant);

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns whole seconds since the start.
    pub(super) fn seconds(&self) -> u64 {
        self.0.elapsed().as_secs()
    }
}

/// Returns today in UTC; nothing when the clock is not in this century.
pub(super) fn today() -> Option<Date> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    day((since.as_secs() / DAY.as_secs()).checked_sub(TO_2000)?)
}

/// Returns the next day.
pub(super) fn day_after(date: Date) -> Option<Date> {
    let first = crate::domain::Month::EARLIEST.first_day();
    day(u64::try_from(date.days_since(first)).ok()? + 1)
}

/// Returns the day so many days after 1 Jan 2000.
fn day(days: u64) -> Option<Date> {
    let mut left = u32::try_from(days).ok()?;
    let mut month = crate::domain::Month::EARLIEST;
    while left >= month.days() {
        left -= month.days();
        month = month.plus(1)?;
    }
    format!("{month}-{:02}", left + 1).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_calendar() {
        for (date, next) in [
            ("2026-11-20", "2026-11-21"),
            ("2026-11-30", "2026-12-01"),
            ("2026-12-31", "2027-01-01"),
            ("2028-02-28", "2028-02-29"),
            ("2000-01-01", "2000-01-02"),
        ] {
            assert_eq!(day_after(date.parse().unwrap()).unwrap().to_string(), next);
        }
        assert!(today().unwrap().to_string().as_str() > "2026-01-01");
    }
}

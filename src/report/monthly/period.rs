//! The months that a report is about, and those it is compared with.

use super::phrase::Phrase;
use crate::domain::Month;
use std::fmt;

/// Months one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    first: Month,
    count: u32,
    is_quarter: bool,
}

/// Says why a period cannot be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodWordsError(String);

impl fmt::Display for PeriodWordsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for PeriodWordsError {}

/// The longest range: ten years.
const MOST: i32 = 120;

impl Period {
    /// Returns one month.
    pub fn month(month: Month) -> Self {
        Self { first: month, count: 1, is_quarter: false }
    }

    /// Reads a quarter of the calendar year, `2026-Q3`.
    ///
    /// # Errors
    /// [`PeriodWordsError`] for anything else.
    pub fn quarter(text: &str) -> Result<Self, PeriodWordsError> {
        let wrong = || PeriodWordsError("a quarter is written YYYY-Q1 to YYYY-Q4".to_owned());
        let (year, quarter) = text.split_once("-Q").ok_or_else(wrong)?;
        let quarter: u32 = match quarter {
            "1" => 0,
            "2" => 1,
            "3" => 2,
            "4" => 3,
            _ => return Err(wrong()),
        };
        let first: Month = format!("{year}-{:02}", quarter * 3 + 1).parse().map_err(|_| wrong())?;
        Ok(Self { first, count: 3, is_quarter: true })
    }

    /// Returns a range, both months included.
    ///
    /// # Errors
    /// [`PeriodWordsError`] when the last month is before the first, or the range is longer than ten years.
    pub fn range(first: Month, last: Month) -> Result<Self, PeriodWordsError> {
        let after = last.months_since(first);
        if after < 0 {
            return Err(PeriodWordsError(format!("{last} is before {first}")));
        }
        let count = u32::try_from(after + 1)
            .ok()
            .filter(|_| after < MOST)
            .ok_or_else(|| PeriodWordsError("a report is of ten years at most".to_owned()))?;
        if count == 1 {
            return Ok(Self::month(first));
        }
        Ok(Self { first, count, is_quarter: false })
    }

    /// Returns the name that people read: `November 2026`, `Q3 2026`, `January 2026 – December 2026`.
    pub fn label(&self) -> Phrase {
        match (self.count, self.is_quarter) {
            (1, _) => Phrase::new("period.month").month("month", self.first),
            (_, true) => Phrase::new("period.quarter")
                .text("quarter", ((self.first.calendar_month() - 1) / 3 + 1).to_string())
                .text("year", &self.first.to_string()[..4]),
            _ => Phrase::new("period.range").month("first", self.first).month("last", self.last()),
        }
    }

    /// Returns the name used in files: `2026-11`, `2026-Q3`, `2026-01--2026-12`.
    pub fn name(&self) -> String {
        match (self.count, self.is_quarter) {
            (1, _) => self.first.to_string(),
            (_, true) => {
                format!("{}-Q{}", &self.first.to_string()[..4], (self.first.calendar_month() - 1) / 3 + 1)
            }
            _ => format!("{}--{}", self.first, self.last()),
        }
    }

    /// Returns the number of months.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Returns the first month.
    pub fn first(&self) -> Month {
        self.first
    }

    /// Returns the last month.
    pub fn last(&self) -> Month {
        self.first.plus(self.count - 1).unwrap_or(self.first)
    }

    /// Tells whether the month so many months later is one of the period's.
    fn holds(&self, month: Month, back: i32) -> bool {
        let at = month.months_since(self.first) + back;
        at >= 0 && i64::from(at) < i64::from(self.count)
    }

    /// Returns which of the three a month is part of: the period, as many months before it, or the same months of the year before.
    pub(super) fn slots(&self, month: Month) -> [bool; 3] {
        let before = i32::try_from(self.count).unwrap_or(MOST);
        [0, before, 12].map(|back| self.holds(month, back))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn periods_are_months_quarters_and_ranges() {
        let own = Period::quarter("2026-Q3").unwrap();
        assert_eq!(
            (own.first(), own.last(), own.name()),
            (month("2026-07"), month("2026-09"), "2026-Q3".to_owned())
        );
        assert_eq!(own.slots(month("2026-08")), [true, false, false]);
        assert_eq!(own.slots(month("2026-04")), [false, true, false]);
        assert_eq!(own.slots(month("2025-09")), [false, false, true]);
        for text in ["2026-Q5", "2026Q1", "26-Q1", "2026-Q", ""] {
            assert!(Period::quarter(text).is_err(), "{text}");
        }
        let year = Period::range(month("2026-01"), month("2026-12")).unwrap();
        // The year before is both: what came before it, and the same months a year earlier.
        assert_eq!(year.slots(month("2025-03")), [false, true, true]);
        assert!(Period::range(month("2026-02"), month("2026-01")).is_err());
        assert_eq!(Period::range(month("2026-02"), month("2026-02")), Ok(Period::month(month("2026-02"))));
    }
}

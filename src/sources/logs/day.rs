//! Days of the calendar as numbers, 20230710, and 0 for an unknown one.

use crate::domain::Date;

/// Tells whether a number is a day of the calendar.
pub(super) fn is_date(day: u32) -> bool {
    let (year, month, day) = (day / 10_000, day / 100 % 100, day % 100);
    (1..=12).contains(&month) && day >= 1 && day <= length(year, month) && year <= 9999
}

fn length(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns the day as a date; nothing where it is unknown.
pub(super) fn date(day: u32) -> Option<Date> {
    let text = format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100);
    text.parse().ok().filter(|_| is_date(day))
}

/// Returns the number of a date.
pub(super) fn number(day: Date) -> u32 {
    day.to_string().bytes().filter(u8::is_ascii_digit).fold(0, |sum, own| sum * 10 + u32::from(own - b'0'))
}

/// Returns the day after; the day itself where the calendar ends.
pub(super) fn next(day: u32) -> u32 {
    date(day).and_then(Date::next).map_or(day, number)
}

/// Tells whether two days are the same or one apart; the unknown day is only by itself.
pub(super) fn are_near(one: u32, two: u32) -> bool {
    match (date(one), date(two)) {
        (Some(one), Some(two)) => one.days_since(two).abs() <= 1,
        (None, None) => true,
        _ => false,
    }
}

/// Reads `2023-07-10T12:35…`: the day and the hour.
#[cold]
pub(super) fn time(text: &[u8]) -> Option<(u32, u8)> {
    let head: &[u8; 16] = text.first_chunk()?;
    let digits = |places: &[usize]| {
        places.iter().try_fold(0_u32, |sum, at| {
            let digit = head[*at].wrapping_sub(b'0');
            (digit <= 9).then(|| sum * 10 + u32::from(digit))
        })
    };
    let divided = head[4] == b'-' && head[7] == b'-' && head[10] == b'T' && head[13] == b':';
    let day = digits(&[0, 1, 2, 3, 5, 6, 8, 9])?;
    let (hour, minute) = (digits(&[11, 12])?, digits(&[14, 15])?);
    (divided && hour <= 23 && minute <= 59 && is_date(day)).then_some((day, u8::try_from(hour).ok()?))
}

/// Reads times, most of which are of the hour of the one before.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Times {
    /// The last time up to the minutes, and what it is.
    head: [u8; 14],
    last: Option<(u32, u8)>,
}

impl Times {
    /// Reads a time as [`time`] does.
    #[inline]
    pub(super) fn read(&mut self, text: &[u8]) -> Option<(u32, u8)> {
        if let (Some(last), Some(head), Some(minute)) = (self.last, text.first_chunk(), text.get(14..16)) {
            let is_minute = matches!(minute[0], b'0'..=b'5') && minute[1].is_ascii_digit();
            if self.head == *head && is_minute {
                return Some(last);
            }
        }
        self.last = time(text);
        self.head = text.first_chunk().copied().unwrap_or_default();
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_to_the_hour() {
        for (text, expected) in [
            ("2023-07-10T12:35:01Z", Some((20_230_710, 12))),
            ("2024-02-29T23:59:59.123Z", Some((20_240_229, 23))),
            ("2023-02-29T12:35:01Z", None),
            ("1900-02-29T12:35:01Z", None),
            ("2000-02-29T00:00", Some((20_000_229, 0))),
            ("2023-07-10T24:35:01Z", None),
            ("2023-07-10T12:60:01Z", None),
            ("2023-07-10 12:35:01Z", None),
            ("2023-07-1xT12:35:01Z", None),
            ("2023-07-10", None),
        ] {
            assert_eq!(time(text.as_bytes()), expected, "{text}");
            for before in ["2023-07-10T12:00", "2023-07-10T12:60", "2024-02-29T23:00", "2023-07-1xT12:35", ""]
            {
                let mut times = Times::default();
                assert_eq!(times.read(before.as_bytes()), time(before.as_bytes()));
                assert_eq!(times.read(text.as_bytes()), expected, "{text} behind {before}");
            }
        }
    }

    #[test]
    fn days_follow_each_other() {
        for (day, expected) in
            [(20_240_228, 20_240_229), (20_231_231, 20_240_101), (99_991_231, 99_991_231), (0, 0)]
        {
            assert_eq!(next(day), expected);
        }
    }

    #[test]
    fn days_are_near_over_the_ends_of_months() {
        assert!(are_near(20_231_231, 20_240_101));
        assert!(are_near(20_240_228, 20_240_229));
        assert!(!are_near(20_240_228, 20_240_301));
        assert!(are_near(0, 0));
        assert!(!are_near(0, 20_240_301));
    }
}

//! What the days seen make of a month.

use crate::domain::{AmountRange, AmountValue, ByDay, DaysSeen, LogCounts, Quantity, plural};

/// Whole days from which on a range is that of their variation.
const DAYS_FOR_VARIATION: u64 = 7;

/// The days that logs were seen of, and the month that they stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) days: DaysSeen,
    /// Events of the busiest hour, and of all hours.
    busiest: (u64, u64),
}

impl Window {
    /// Looks at the days of all counts; nothing where no event says its day.
    pub(super) fn new(counts: &LogCounts) -> Option<Self> {
        let days = DaysSeen::new(counts)?;
        let hours = counts.hours.iter().filter(|own| days.holds(Some(own.day))).map(|own| own.events);
        let busiest = (hours.clone().max().unwrap_or(0), hours.sum());
        Some(Self { days, busiest })
    }

    /// Returns what daily sums make of a month.
    ///
    /// Of all days of a month and no others: what was counted. Of seven whole days or more: the mean × the days of the month, between P10 and P90 of what the days' variation makes
    /// likely. Of two to six: between what the quietest and the busiest day alone would make. Of fewer: the mean of the hours,
    /// between what was counted and what the busiest hour would make if all hours were like it.
    pub(super) fn month(&self, days: &ByDay) -> AmountValue {
        let held = days.iter().filter(|own| self.days.holds(*own.0));
        let all: u128 = held.map(|own| u128::from(*own.1)).sum();
        let month = u128::from(self.days.month_days());
        let likely = self.days.month(days);
        let quantity = |own: u128| Quantity::from_count(u64::try_from(own).unwrap_or(u64::MAX));
        if self.days.is_whole_month() {
            return AmountValue::Known(quantity(likely));
        }
        let whole = self.days.whole.iter();
        let sums: Vec<u128> =
            whole.map(|day| u128::from(days.get(&Some(*day)).copied().unwrap_or(0))).collect();
        let count = sums.len() as u128;
        let (low, high) = if count < 2 {
            let (most, events) = (u128::from(self.busiest.0), u128::from(self.busiest.1.max(1)));
            (all, divided(all * most * month * 24, events))
        } else if count < u128::from(DAYS_FOR_VARIATION) {
            let least = sums.iter().min().copied().unwrap_or(0);
            let most = sums.iter().max().copied().unwrap_or(0);
            (least * month, most * month)
        } else {
            let spread = spread(&sums, sums.iter().sum(), month);
            (likely.saturating_sub(spread), likely + spread)
        };
        let (low, high) = (low.min(likely), high.max(likely));
        if low == high {
            return AmountValue::Known(quantity(likely));
        }
        let range = AmountRange { low: quantity(low), likely: quantity(likely), high: quantity(high) };
        AmountValue::Range(Box::new(range))
    }

    /// Says how a month was made of what was seen.
    pub(super) fn words(&self) -> String {
        if self.days.is_whole_month() {
            return format!("all {} days of the month, as counted", self.days.month_days());
        }
        match self.days.whole.len() as u64 {
            0 | 1 => format!(
                "{} × {} days, up to the busiest hour",
                hours(self.days.hours()),
                self.days.month_days()
            ),
            own if own < DAYS_FOR_VARIATION => {
                format!(
                    "mean of {own} whole days × {} days, from the quietest to the busiest",
                    self.days.month_days()
                )
            }
            own => {
                format!(
                    "mean of {own} whole days × {} days, P10 to P90 of their variation",
                    self.days.month_days()
                )
            }
        }
    }

    /// Says what is too short about the window, if anything is.
    pub(super) fn shortness(&self) -> Option<String> {
        match self.days.whole.len() as u64 {
            0 | 1 => Some(format!(
                "only {} of logs were seen: a month made of them is little more than a guess",
                hours(self.days.hours())
            )),
            own if own < DAYS_FOR_VARIATION => Some(format!(
                "only {own} whole days of logs were seen, less than a week: weekends may be missing"
            )),
            _ => None,
        }
    }
}

fn hours(count: u64) -> String {
    plural(count, "hour", "hours")
}

/// Divides, a half rounded up.
fn divided(numerator: u128, divisor: u128) -> u128 {
    (numerator + divisor / 2) / divisor.max(1)
}

/// Returns how far the P10 and P90 of a month lie from its mean: 1.2816 standard deviations of the sum of so many days,
/// of which the mean is itself only known from the days seen.
fn spread(sums: &[u128], sum: u128, month: u128) -> u128 {
    let count = sums.len() as u128;
    // The squares of the deviations times count², so that they are whole; saturating far beyond any log.
    let squares = sums.iter().fold(0_u128, |all, own| {
        let deviation = (own * count).abs_diff(sum);
        all.saturating_add(deviation.saturating_mul(deviation))
    });
    let variance = squares / (count * count) / (count - 1);
    let of_month = variance.saturating_mul(month).saturating_mul(count + month) / count;
    of_month.isqrt().saturating_mul(12_816) / 10_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Date;

    /// A window of so many hours from the 1st of November on.
    fn window(days: &[&str], hours: u8) -> Window {
        let day: Date = "2026-11-01".parse().unwrap();
        let days = DaysSeen {
            first: day,
            last: std::iter::successors(Some(day), |day| day.next())
                .nth(usize::from((hours - 1) / 24))
                .unwrap(),
            first_hour: 0,
            last_hour: (hours - 1) % 24,
            whole: days.iter().map(|own| own.parse().unwrap()).collect(),
            missing: Vec::new(),
        };
        Window { days, busiest: (50, 100) }
    }

    fn sums(days: &[(&str, u64)]) -> ByDay {
        days.iter().map(|(day, sum)| (day.parse().ok(), *sum)).collect()
    }

    fn figures(own: &AmountValue) -> [u64; 3] {
        match own {
            AmountValue::Range(own) => [own.low, own.likely, own.high].map(|own| own.to_count().unwrap()),
            AmountValue::Known(own) => [own.to_count().unwrap(); 3],
            AmountValue::Unknown => panic!("unknown"),
        }
    }

    #[test]
    fn a_month_is_made_of_whole_days() {
        // Three hours: 100 × 720 ÷ 3; the busiest hour had half of all.
        let hours = window(&[], 3).month(&sums(&[("2026-11-01", 100)]));
        assert_eq!(figures(&hours), [100, 24_000, 36_000]);
        let own = window(&["2026-11-01", "2026-11-02"], 60);
        assert_eq!(
            figures(&own.month(&sums(&[("2026-11-01", 10), ("2026-11-02", 20), ("2026-11-03", 99)]))),
            [300, 450, 600]
        );
        assert!(own.shortness().unwrap().contains("2 whole days"));
    }

    #[test]
    fn a_month_seen_whole_is_what_was_counted() {
        let days: Vec<String> = (1..=30).map(|day| format!("2026-11-{day:02}")).collect();
        let names: Vec<&str> = days.iter().map(String::as_str).collect();
        let turns: Vec<(&str, u64)> =
            names.iter().zip([0, 200].into_iter().cycle()).map(|(day, own)| (*day, own)).collect();
        let whole = Window {
            days: DaysSeen { last: "2026-11-30".parse().unwrap(), ..window(&names, 24).days },
            busiest: (1, 2),
        };
        assert_eq!(whole.month(&sums(&turns)), AmountValue::Known(Quantity::from_count(3_000)));
        assert_eq!(whole.words(), "all 30 days of the month, as counted");
        // A day more, of the month after, and it is a sample of that one.
        let mut more = whole.clone();
        more.days.last = "2026-12-01".parse().unwrap();
        assert!(!more.days.is_whole_month());
        assert!(matches!(more.month(&sums(&turns)), AmountValue::Range(_)));
    }

    #[test]
    fn a_week_tells_its_variation() {
        let days: Vec<String> = (1..=8).map(|day| format!("2026-11-{day:02}")).collect();
        let names: Vec<&str> = days.iter().map(String::as_str).collect();
        let own = window(&names, 192);
        let steady: Vec<(&str, u64)> = names.iter().map(|day| (*day, 100)).collect();
        assert_eq!(figures(&own.month(&sums(&steady))), [3_000; 3]);
        // Variance of 0 and 200 in turn: 8 × 100² ÷ 7 = 11,428; × 30 × 38 ÷ 8 = 1,628,490; root 1,276 × 1.2816 = 1,635.
        let turns: Vec<(&str, u64)> =
            names.iter().zip([0, 200].into_iter().cycle()).map(|(day, own)| (*day, own)).collect();
        assert_eq!(figures(&own.month(&sums(&turns))), [1_365, 3_000, 4_635]);
        assert_eq!(own.shortness(), None);
    }
}

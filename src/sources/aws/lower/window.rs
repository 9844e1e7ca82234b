//! The days that were measured, and what their figures make of a month.

use crate::domain::{Date, Quantity, parse_decimal};
use crate::sources::aws::answers::MetricSeries;
use rust_decimal::{Decimal, RoundingStrategy};

/// The days that metrics were asked for, and the month that they stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) from: Date,
    pub(super) to: Date,
    /// Days of the first month of the estimate.
    pub(super) month_days: u32,
}

/// A figure that was measured day by day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Daily {
    pub(super) sum: Decimal,
    /// Days from the first that has a value to the end of the window.
    pub(super) days: u32,
    pub(super) first: Date,
}

impl Window {
    /// Adds a series up; nothing where it has no values, or none that can be read.
    pub(super) fn daily(&self, series: &MetricSeries) -> Option<Daily> {
        let mut sum = Decimal::ZERO;
        let mut first: Option<Date> = None;
        for value in &series.values {
            sum = sum.checked_add(figure(&value.value)?)?;
            let day = day_of(&value.timestamp)?;
            first = Some(first.map_or(day, |own| own.min(day)));
        }
        let first = first?.max(self.from);
        let days = u32::try_from(self.to.days_since(first) + 1).ok().filter(|days| *days > 0)?;
        Some(Daily { sum, days, first })
    }

    /// Returns what a daily mean makes of the month: sum × days of the month ÷ days measured, a half rounded to even.
    pub(super) fn month_of(&self, daily: &Daily) -> Option<Quantity> {
        scaled(daily.sum, u64::from(self.month_days), u64::from(daily.days))
    }

    /// Says which days a figure is of.
    pub(super) fn words(&self, daily: &Daily) -> String {
        if daily.days == 1 {
            format!("{}, × {} days", daily.first.long(), self.month_days)
        } else {
            format!("daily mean of {} to {}, × {} days", daily.first.long(), self.to.long(), self.month_days)
        }
    }
}

/// Writes a count with separators.
pub(super) fn count_text(count: Decimal) -> String {
    Quantity::from_decimal(count.normalize())
        .map_or_else(|_| count.normalize().to_string(), Quantity::grouped)
}

/// Writes bytes, and from 1 MiB on in the unit that people read too: `13,207,024,435 bytes (12.3 GiB)`.
pub(super) fn bytes_text(bytes: Decimal) -> String {
    let exact = format!("{} bytes", count_text(bytes));
    let units = [(40, "TiB"), (30, "GiB"), (20, "MiB")];
    let unit = units.into_iter().find(|(power, _)| bytes >= Decimal::from(1_u64 << power));
    let large = unit.and_then(|(power, name)| {
        let tenths = bytes.checked_div(Decimal::from(1_u64 << power))?.round_dp(1);
        Some(format!("{exact} ({} {name})", count_text(tenths)))
    });
    large.unwrap_or(exact)
}

/// Returns sum × numerator ÷ divisor, whole.
pub(super) fn scaled(sum: Decimal, numerator: u64, divisor: u64) -> Option<Quantity> {
    let exact = sum.checked_mul(Decimal::from(numerator))?.checked_div(Decimal::from(divisor))?;
    whole(exact)
}

pub(super) fn whole(value: Decimal) -> Option<Quantity> {
    let whole = value.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
    Quantity::from_decimal(whole).ok().filter(|own| !own.is_negative())
}

/// Reads a metric's value; a count is never below zero.
pub(super) fn figure(text: &str) -> Option<Decimal> {
    let value = parse_decimal(text).ok().or_else(|| Decimal::from_scientific(text).ok())?;
    (value >= Decimal::ZERO).then_some(value)
}

/// Returns the day of an RFC 3339 time.
pub(super) fn day_of(timestamp: &str) -> Option<Date> {
    timestamp.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::aws::answers::MetricValue;

    fn series(values: &[(&str, &str)]) -> MetricSeries {
        let values = values
            .iter()
            .map(|(day, value)| MetricValue {
                timestamp: format!("{day}T00:00:00Z"),
                value: (*value).to_owned(),
            })
            .collect();
        MetricSeries { values, ..MetricSeries::default() }
    }

    #[test]
    fn a_daily_mean_makes_a_month_of_its_days() {
        let window =
            Window { from: "2026-11-06".parse().unwrap(), to: "2026-11-19".parse().unwrap(), month_days: 31 };
        // 14 days of 1,000 events, one of them silent: 13,000 ÷ 14 × 31 = 28,785.7…
        let days: Vec<String> =
            (6..20).filter(|day| *day != 9).map(|day| format!("2026-11-{day:02}")).collect();
        let values: Vec<(&str, &str)> = days.iter().map(|day| (day.as_str(), "1000")).collect();
        let daily = window.daily(&series(&values)).unwrap();
        assert_eq!((daily.days, daily.sum), (14, Decimal::from(13_000)));
        assert_eq!(window.month_of(&daily).unwrap(), Quantity::from_count(28_786));
        // What began on the 18th has two days.
        let young = window.daily(&series(&[("2026-11-18", "10"), ("2026-11-19", "21")])).unwrap();
        assert_eq!(window.month_of(&young).unwrap(), Quantity::from_count(480)); // 15.5 × 31 = 480.5, to even
        assert!(window.daily(&series(&[])).is_none());
        assert!(window.daily(&series(&[("2026-11-18", "-1")])).is_none());
        assert!(window.daily(&series(&[("2026-11-18", "NaN")])).is_none());
    }
}

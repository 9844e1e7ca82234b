//! How volumes grow: rates that compound, dated steps, and seasons that come back every year.

use super::period::Month;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::fmt;

/// The kinds of volume that can grow at rates of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrowthCategory {
    /// Management events and what Insights analyses of them.
    ManagementEvents,
    /// Data events and what Insights analyses of them.
    DataEvents,
    /// Network activity events.
    NetworkActivityEvents,
    /// Volumes of event data stores that are given directly.
    Lake,
    /// Every other volume.
    Other,
}

impl GrowthCategory {
    /// Every category.
    pub const ALL: [Self; 5] =
        [Self::ManagementEvents, Self::DataEvents, Self::NetworkActivityEvents, Self::Lake, Self::Other];

    /// Returns the name used in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Self::ManagementEvents => "management_events",
            Self::DataEvents => "data_events",
            Self::NetworkActivityEvents => "network_activity_events",
            Self::Lake => "lake",
            Self::Other => "other",
        }
    }

    /// Returns the position in [`Self::ALL`].
    #[inline]
    pub fn index(self) -> usize {
        self as usize
    }
}

/// A rate of growth. −0.02 is a fall by 2 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrowthRate {
    /// Compounds every month.
    Monthly(Decimal),
    /// Compounds once every twelve months, from the thirteenth on.
    Yearly(Decimal),
}

/// A factor that applies from a month on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrowthStep {
    /// The first month with the factor.
    pub from: Month,
    /// What grows; `None` means everything.
    pub category: Option<GrowthCategory>,
    /// What the volume is multiplied by.
    pub factor: Decimal,
}

/// Says that a growth factor cannot be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrowthError {
    /// The first month in which it cannot.
    pub month: Month,
    /// The category.
    pub category: GrowthCategory,
}

impl fmt::Display for GrowthError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (category, month) = (self.category.name(), self.month);
        write!(formatter, "growth of {category} is past what can be held in {month}")
    }
}

impl std::error::Error for GrowthError {}

/// Factors by calendar month, 1 to 12. A month without a factor has the factor 1.
///
/// A category's own factor stands in for the general one of the same month.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seasons {
    factors: BTreeMap<(Option<GrowthCategory>, u8), Decimal>,
}

impl Seasons {
    /// Sets the factor of a calendar month; `None` means every category. Returns the factor that was there.
    pub fn set(&mut self, category: Option<GrowthCategory>, month: u8, factor: Decimal) -> Option<Decimal> {
        self.factors.insert((category, month), factor)
    }

    /// Returns every factor that was set, with its category and calendar month, in that order.
    pub fn iter(&self) -> impl Iterator<Item = (Option<GrowthCategory>, u8, Decimal)> {
        self.factors.iter().map(|((category, month), factor)| (*category, *month, *factor))
    }

    /// Returns a category's factor in a calendar month.
    fn factor(&self, category: GrowthCategory, month: u8) -> Decimal {
        let own = self.factors.get(&(Some(category), month));
        own.or_else(|| self.factors.get(&(None, month))).copied().unwrap_or(Decimal::ONE)
    }
}

/// The growth of a model's volumes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Growth {
    /// The rate of every category that has none of its own.
    pub general: Option<GrowthRate>,
    /// Rates by category.
    pub by_category: BTreeMap<GrowthCategory, GrowthRate>,
    /// Dated steps; all that have begun apply together.
    pub steps: Vec<GrowthStep>,
    /// What comes back every year; a stated volume is that of a month with the factor 1.
    pub seasons: Seasons,
}

impl Growth {
    /// Returns the factor on a category's volumes in a month, `index` months after the first.
    ///
    /// Factors hold 28 digits; the first month's is exactly 1 unless a step has begun or its season has a factor.
    ///
    /// # Errors
    /// [`GrowthError`] when the factor is past 7.9 × 10²⁸.
    pub fn factor(&self, category: GrowthCategory, month: Month, index: u32) -> Result<Decimal, GrowthError> {
        let overflow = GrowthError { month, category };
        let rate = self.by_category.get(&category).or(self.general.as_ref());
        let (base, periods) = match rate {
            None => (Decimal::ONE, 0),
            Some(GrowthRate::Monthly(rate)) => (Decimal::ONE + rate, index),
            Some(GrowthRate::Yearly(rate)) => (Decimal::ONE + rate, index / 12),
        };
        let mut factor = Decimal::ONE;
        for _ in 0..periods {
            factor = factor.checked_mul(base).ok_or(overflow)?;
        }
        for step in &self.steps {
            if step.from <= month && step.category.is_none_or(|own| own == category) {
                factor = factor.checked_mul(step.factor).ok_or(overflow)?;
            }
        }
        let season = self.seasons.factor(category, month.calendar_month());
        let factor = factor.checked_mul(season).ok_or(overflow)?;
        Ok(factor.normalize())
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixed::parse_decimal;
    use super::*;

    #[test]
    fn monthly_rates_compound_and_yearly_rates_step() {
        let rate = |text| parse_decimal(text).unwrap();
        let growth = Growth {
            general: Some(GrowthRate::Monthly(rate("0.01"))),
            by_category: BTreeMap::from([(GrowthCategory::DataEvents, GrowthRate::Yearly(rate("0.4")))]),
            steps: vec![GrowthStep {
                from: "2027-02".parse().unwrap(),
                category: Some(GrowthCategory::DataEvents),
                factor: rate("2"),
            }],
            seasons: Seasons::default(),
        };
        let start: Month = "2026-01".parse().unwrap();
        for (category, index, expected) in [
            (GrowthCategory::ManagementEvents, 0, "1"),
            (GrowthCategory::ManagementEvents, 2, "1.0201"),
            (GrowthCategory::DataEvents, 11, "1"),
            (GrowthCategory::DataEvents, 12, "1.4"),
            (GrowthCategory::DataEvents, 13, "2.8"),
            (GrowthCategory::DataEvents, 24, "3.92"),
        ] {
            let month = start.plus(index).unwrap();
            let factor = growth.factor(category, month, index).unwrap();
            assert_eq!(factor.to_string(), expected, "{category:?} {index}");
        }
    }

    #[test]
    fn seasons_come_back_every_year_and_multiply_the_rest() {
        let number = |text| parse_decimal(text).unwrap();
        let mut growth = Growth { general: Some(GrowthRate::Yearly(number("0.5"))), ..Growth::default() };
        assert_eq!(growth.seasons.set(None, 12, number("1.4")), None);
        growth.seasons.set(None, 8, number("0.7"));
        growth.seasons.set(Some(GrowthCategory::DataEvents), 12, number("2"));
        growth.seasons.set(Some(GrowthCategory::DataEvents), 3, number("0"));
        let start: Month = "2026-01".parse().unwrap();
        for (category, index, expected) in [
            (GrowthCategory::Other, 0, "1"),
            (GrowthCategory::Other, 7, "0.7"),
            (GrowthCategory::Other, 11, "1.4"),
            (GrowthCategory::Other, 23, "2.1"),
            (GrowthCategory::DataEvents, 2, "0"),
            (GrowthCategory::DataEvents, 7, "0.7"),
            (GrowthCategory::DataEvents, 11, "2"),
            (GrowthCategory::DataEvents, 35, "4.5"),
        ] {
            let factor = growth.factor(category, start.plus(index).unwrap(), index).unwrap();
            assert_eq!(factor.to_string(), expected, "{category:?} {index}");
        }
    }

    #[test]
    fn a_factor_past_the_range_is_an_error() {
        let growth = Growth { general: Some(GrowthRate::Monthly(Decimal::from(9))), ..Growth::default() };
        let start: Month = "2026-01".parse().unwrap();
        let month = start.plus(30).unwrap();
        assert!(growth.factor(GrowthCategory::Other, month, 30).is_err());
    }
}

//! Makes the forecast: of each series its quantities, then their cost, then the sums.

use super::super::facts::{MonthFacts, MonthlyFacts, SeriesKey};
use super::super::sum::{Sum, Used};
use super::prices::{ForecastPrices, Priced, Pricing};
use crate::costing::CostError;
use crate::domain::{Component, CostKind, Currency, Money, Month, Quantity, Unit};
use crate::report::clean::visible;
use crate::stats::{Measured, Recorded, SeriesForecast, forecast};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// How far a forecast goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForecastSpan {
    /// To the end of the last recorded month's calendar year; after December twelve months.
    YearEnd,
    /// So many months.
    Months(u32),
}

/// An amount to come. A sum's P10 is the sum of its parts' P10s, and so with the P90: as if all were low together, or high
/// together. Parts that move apart make the range of the sum narrower than this, none makes it wider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Band {
    /// The P10.
    pub low: Money,
    /// The P50.
    pub middle: Money,
    /// The P90.
    pub high: Money,
}

impl Band {
    fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            low: self.low.checked_add(other.low)?,
            middle: self.middle.checked_add(other.middle)?,
            high: self.high.checked_add(other.high)?,
        })
    }

    fn each(self, change: impl Fn(Money) -> Option<Money>) -> Option<Self> {
        Some(Self { low: change(self.low)?, middle: change(self.middle)?, high: change(self.high)? })
    }
}

/// A month to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForecastMonth {
    /// The month.
    pub month: Month,
    /// Its cost by component; nothing for discounts and what no table knows.
    pub components: BTreeMap<Option<Component>, Band>,
    /// The sum.
    pub total: Band,
}

/// One usage type in one Region; harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForecastSeries {
    /// The service's code.
    pub service: String,
    /// The usage type.
    pub usage_type: String,
    /// The Region's code.
    pub region: String,
    /// The unit.
    pub unit: String,
    /// The component.
    pub component: Option<Component>,
    /// The quantities, and what they rest on.
    pub quantities: SeriesForecast,
    /// Whether a longer month has more of it.
    pub is_by_day: bool,
    /// How they are priced.
    pub pricing: Pricing,
    /// Their cost, month by month; nothing where it is unknown.
    pub costs: Vec<Option<Band>>,
}

/// A month of which some days are billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartialMonth {
    /// The month.
    pub month: Month,
    /// The days billed.
    pub covered: u32,
    /// Whether it is forecast as a whole, from the months before it; otherwise it is the only one, and stands for so many days.
    pub is_forecast: bool,
}

/// The forecast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// The last month that it rests on: the last one recorded, or the one before where that is billed in part.
    pub last: Month,
    /// Whether it goes to the end of the calendar year.
    pub to_year_end: bool,
    /// The months to come, in order.
    pub months: Vec<ForecastMonth>,
    /// The sum of these.
    pub total: Band,
    /// What is recorded of the same calendar year, and of how many months.
    pub so_far: (Sum, u32),
    /// What it rests on, the dearest first.
    pub series: Vec<ForecastSeries>,
    /// Months recorded with a cost, up to the period's end.
    pub recorded: usize,
    /// Whether something is left out because its price is unknown.
    pub is_incomplete: bool,
    /// Discounts and whatever else has no quantity, as a share of the last month's usage; nothing where there are none.
    pub rest_share: Option<Decimal>,
    /// What has a cost and no quantity, so that the last month's amount stands for each month to come.
    pub rest_amount: Option<Money>,
    /// A last month that is billed in part.
    pub partial: Option<PartialMonth>,
}

impl Forecast {
    /// Forecasts from all months recorded; nothing where no quantity is.
    ///
    /// # Errors
    /// [`CostError`] when a figure is too large.
    pub fn new(
        facts: &MonthlyFacts,
        prices: &ForecastPrices<'_>,
        span: ForecastSpan,
    ) -> Result<Option<Self>, CostError> {
        let partial = facts.months.last().and_then(|own| partial(own, facts.months.len() > 1));
        let whole = match facts.months.split_last() {
            Some((_, before)) if partial.is_some_and(|own| own.is_forecast) => before,
            _ => facts.months.as_slice(),
        };
        let (Some(last), Some(currency)) = (whole.last(), &facts.currency) else { return Ok(None) };
        let to_december = 12 - u32::from(last.month.calendar_month());
        let steps = match span {
            ForecastSpan::Months(own) => own,
            ForecastSpan::YearEnd if to_december == 0 => 12,
            ForecastSpan::YearEnd => to_december,
        };
        let histories = histories(facts, whole);
        let forecasts = of_all(&histories, steps as usize);
        let found: Vec<(&History<'_>, SeriesForecast)> =
            histories.iter().zip(forecasts).filter_map(|(own, found)| Some((own, found?))).collect();
        if found.is_empty() || steps == 0 {
            return Ok(None);
        }
        let mut own = Self {
            last: last.month,
            to_year_end: span == ForecastSpan::YearEnd && to_december > 0,
            months: Vec::new(),
            total: Band::default(),
            so_far: so_far(whole, last.month),
            series: priced(found, prices, currency)?,
            recorded: whole.len(),
            is_incomplete: false,
            rest_share: None,
            rest_amount: None,
            partial,
        };
        own.is_incomplete = own.series.iter().any(|own| own.costs.iter().any(Option::is_none));
        own.take_rest(facts, last);
        own.add_up(steps).ok_or(CostError::Overflow)?;
        Ok(Some(own))
    }

    /// Returns the sum for the whole of what is told: of the calendar year with what is recorded of it, else of the months to come.
    pub fn told(&self) -> Band {
        let with = |own: Money| own.checked_add(self.so_far.0.cost);
        if self.to_year_end { self.total.each(with).unwrap_or(self.total) } else { self.total }
    }

    /// Tells whether nobody knows how far off it is.
    pub fn has_no_range(&self) -> bool {
        self.series.iter().all(|own| own.quantities.months.iter().all(|own| own.range.is_none()))
    }

    /// Takes what the last month cost beside its quantities: discounts grow with the usage, anything else stays.
    fn take_rest(&mut self, facts: &MonthlyFacts, last: &MonthFacts) {
        let mut used = Sum::default();
        for own in facts.series.values().filter_map(|own| own.get(&last.month)) {
            used.add_sum(own.cost);
        }
        let rest = last.total.known().zip(used.known()).and_then(|(all, used)| all.checked_sub(used));
        let Some(rest) = rest.filter(|own| !own.is_zero()) else { return };
        if rest.is_negative() {
            self.rest_share = rest.over(used.cost, 6).map(|own| own.normalize());
        } else {
            self.rest_amount = Some(rest);
        }
    }

    fn add_up(&mut self, steps: u32) -> Option<()> {
        for at in 0..steps {
            let mut month = ForecastMonth {
                month: self.last.plus(at + 1)?,
                components: BTreeMap::new(),
                total: Band::default(),
            };
            for own in &self.series {
                let Some(cost) = own.costs.get(at as usize).copied().flatten() else { continue };
                let sum = month.components.entry(own.component).or_default();
                *sum = sum.plus(cost)?;
                month.total = month.total.plus(cost)?;
            }
            let rest = match (self.rest_share, self.rest_amount) {
                (Some(share), _) => Some(month.total.each(|own| own.times(share))?),
                (None, Some(own)) => Some(Band { low: own, middle: own, high: own }),
                (None, None) => None,
            };
            if let Some(rest) = rest {
                let sum = month.components.entry(None).or_default();
                *sum = sum.plus(rest)?;
                month.total = month.total.plus(rest)?;
            }
            self.total = self.total.plus(month.total)?;
            self.months.push(month);
        }
        Some(())
    }
}

/// A series as recorded.
struct History<'a> {
    key: &'a SeriesKey,
    component: Option<Component>,
    measured: Measured,
    is_whole: bool,
    recorded: Vec<Recorded>,
    last: (Quantity, Option<Money>),
}

/// Units of a month's mean; all others add up by day.
fn measured(unit: &str) -> Measured {
    match unit {
        "GB-Mo" | "Metrics" | "Alarms" | "Keys" | "Objects" => Measured::ByMonth,
        _ => Measured::ByDay,
    }
}

/// Returns the days that a month's quantities cover: of a bill those with usage, else all.
fn days(own: &MonthFacts) -> u32 {
    let all = own.month.days();
    let billed = own.days.filter(|_| own.kind == CostKind::Bill);
    billed.map_or(all, |(first, last)| u32::try_from(last.days_since(first) + 1).unwrap_or(all).clamp(1, all))
}

fn partial(own: &MonthFacts, is_forecast: bool) -> Option<PartialMonth> {
    let covered = days(own);
    (covered < own.month.days()).then_some(PartialMonth { month: own.month, covered, is_forecast })
}

/// What was used in months.
type UsedByMonth = BTreeMap<Month, Used>;

/// Returns what each usage type in each Region used in every whole month; none in a month is zero.
///
/// Components that share a usage type, such as data events of S3 and of Lambda, are forecast each for itself. Where the last month
/// has it under one component only, as a bill does, that one takes what all had before.
fn histories<'a>(facts: &'a MonthlyFacts, whole: &[MonthFacts]) -> Vec<History<'a>> {
    let last = whole.last().map(|own| own.month);
    let mut all: BTreeMap<[&str; 4], Vec<(&SeriesKey, UsedByMonth)>> = BTreeMap::new();
    for (key, months) in &facts.series {
        let name = [&*key.service, &*key.usage_type, &*key.region, &*key.unit];
        let months = months.iter().filter(|own| Some(*own.0) <= last);
        let months: UsedByMonth = months.map(|(month, used)| (*month, *used)).collect();
        all.entry(name).or_default().push((key, months));
    }
    let histories = all.into_values().flat_map(of_one_component);
    histories.filter_map(|(key, months)| History::new(key, &months, whole)).collect()
}

/// Joins what one usage type was recorded under, where the last month has one component only.
fn of_one_component(all: Vec<(&SeriesKey, UsedByMonth)>) -> Vec<(&SeriesKey, UsedByMonth)> {
    let last = all.iter().filter_map(|own| own.1.last_key_value()).map(|own| *own.0).max();
    let mut in_last = all.iter().filter(|own| last.is_some_and(|last| own.1.contains_key(&last)));
    let (Some((key, _)), None) = (in_last.next(), in_last.next()) else { return all };
    let key = *key;
    let mut joined = UsedByMonth::new();
    for (month, used) in all.into_iter().flat_map(|own| own.1) {
        let sum = joined.entry(month).or_default();
        sum.add(used.quantity, Some(used.cost.cost));
        sum.cost.is_incomplete |= used.cost.is_incomplete;
    }
    vec![(key, joined)]
}

impl<'a> History<'a> {
    /// Takes a series; nothing where none of the whole months has it.
    fn new(key: &'a SeriesKey, months: &UsedByMonth, whole: &[MonthFacts]) -> Option<Self> {
        let (_, last) = months.last_key_value()?;
        let recorded = whole.iter().map(|own| Recorded {
            month: own.month,
            quantity: months.get(&own.month).map_or(Quantity::ZERO, |own| own.quantity),
            days: days(own),
        });
        Some(Self {
            key,
            component: key.component,
            measured: measured(&key.unit),
            is_whole: Unit::new(&key.unit).is_whole(),
            recorded: recorded.collect(),
            last: (last.quantity, last.cost.known()),
        })
    }
}

/// Series of which fewer than this are forecast by each thread are not worth one.
const WORTH_A_THREAD: usize = 8;

/// Forecasts all series, on several threads where there are many; each for itself, so that the result is the same.
fn of_all(all: &[History<'_>], steps: usize) -> Vec<Option<SeriesForecast>> {
    let one = |own: &History<'_>| forecast(&own.recorded, steps, own.measured, own.is_whole);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let part = all.len().div_ceil(threads).max(WORTH_A_THREAD);
    if all.len() <= part {
        return all.iter().map(one).collect();
    }
    std::thread::scope(|scope| {
        let parts: Vec<_> = all
            .chunks(part)
            .map(|own| scope.spawn(move || own.iter().map(one).collect::<Vec<_>>()))
            .collect();
        parts
            .into_iter()
            .flat_map(|own| own.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Prices what was forecast: all low, all in the middle, all high.
fn priced(
    found: Vec<(&History<'_>, SeriesForecast)>,
    prices: &ForecastPrices<'_>,
    currency: &Currency,
) -> Result<Vec<ForecastSeries>, CostError> {
    let keys: Vec<Priced<'_>> = found
        .iter()
        .map(|(own, _)| Priced {
            service: &own.key.service,
            usage_type: &own.key.usage_type,
            region: &own.key.region,
            unit: &own.key.unit,
            component: own.component,
            last: own.last,
        })
        .collect();
    let quantities = |which: fn(&crate::stats::ForecastQuantity) -> Quantity| -> Vec<Vec<Quantity>> {
        found.iter().map(|own| own.1.months.iter().map(which).collect()).collect()
    };
    let low = quantities(|own| own.range.map_or(own.middle, |own| own.0));
    let high = quantities(|own| own.range.map_or(own.middle, |own| own.1));
    let costs = |own: &[Vec<Quantity>]| prices.costs(&keys, own, currency);
    let (low, middle, high) = (costs(&low)?, costs(&quantities(|own| own.middle))?, costs(&high)?);
    let mut all: Vec<ForecastSeries> = Vec::with_capacity(found.len());
    for (at, (own, quantities)) in found.into_iter().enumerate() {
        let band = |month: usize| {
            Some(Band { low: low[at].1[month]?, middle: middle[at].1[month]?, high: high[at].1[month]? })
        };
        all.push(ForecastSeries {
            service: visible(&own.key.service),
            usage_type: visible(&own.key.usage_type),
            region: visible(&own.key.region),
            unit: visible(&own.key.unit),
            component: own.component,
            pricing: middle[at].0,
            costs: (0..quantities.months.len()).map(band).collect(),
            is_by_day: own.measured == Measured::ByDay,
            quantities,
        });
    }
    let cost = |own: &ForecastSeries| own.costs.first().copied().flatten().map(|own| own.middle);
    all.sort_by(|one, two| {
        let name = |own: &ForecastSeries| (own.service.clone(), own.usage_type.clone(), own.region.clone());
        cost(two).cmp(&cost(one)).then_with(|| name(one).cmp(&name(two)))
    });
    Ok(all)
}

/// Returns what is recorded of a month's calendar year.
fn so_far(months: &[MonthFacts], last: Month) -> (Sum, u32) {
    let mut sum = Sum::default();
    let mut count = 0;
    let in_year = |own: &&MonthFacts| last.months_since(own.month) < i32::from(last.calendar_month());
    for own in months.iter().filter(in_year) {
        sum.add_sum(own.total);
        count += 1;
    }
    (sum, count)
}

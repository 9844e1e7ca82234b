//! The forecast for programs: CSV and JSON.

use super::make::{Band, Forecast, ForecastSeries};
use super::prices::Pricing;
use crate::domain::{Component, Money};
use crate::report::clean::csv_field;
use crate::report::csv::finish;
use schemars::JsonSchema;
use serde::Serialize;

/// Returns how a series is priced, in a word, and the share of the table's price.
fn pricing(own: Pricing) -> (&'static str, Option<String>) {
    match own {
        Pricing::Table => ("table", None),
        Pricing::ShareOfTable(share) => ("share_of_table", Some(share.to_string())),
        Pricing::LastMonth => ("last_month", None),
        Pricing::Unknown => ("unknown", None),
    }
}

fn id(own: Option<Component>) -> &'static str {
    own.map_or("not_known", Component::id)
}

/// Writes all months of all series, and the sums.
pub(in super::super) fn forecast_csv(own: &Forecast) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "month",
        "component",
        "service",
        "usage_type",
        "region",
        "unit",
        "quantity_p10",
        "quantity_p50",
        "quantity_p90",
        "cost_p10",
        "cost_p50",
        "cost_p90",
        "method",
        "points",
        "back_test_error",
        "back_test_origins",
        "interval_factor",
        "priced",
        "share_of_table_price",
    ])?;
    let costs = |own: Option<Band>| own.map(|own| [own.low, own.middle, own.high].map(|own| own.to_string()));
    for (at, month) in own.months.iter().enumerate() {
        for series in &own.series {
            let Some(quantity) = series.quantities.months.get(at) else { continue };
            let range = quantity.range.map(|own| [own.0, own.1].map(|own| own.to_string()));
            let [low, high] = range.unwrap_or_default();
            let [cost_low, cost_middle, cost_high] =
                costs(series.costs.get(at).copied().flatten()).unwrap_or_default();
            let (priced, share) = pricing(series.pricing);
            let known = &series.quantities;
            writer.write_record([
                month.month.to_string(),
                id(series.component).to_owned(),
                csv_field(&series.service),
                csv_field(&series.usage_type),
                csv_field(&series.region),
                csv_field(&series.unit),
                low,
                quantity.middle.to_string(),
                high,
                cost_low,
                cost_middle,
                cost_high,
                known.method.name().to_owned(),
                known.points.to_string(),
                known.error.map(|own| own.to_string()).unwrap_or_default(),
                known.origins.to_string(),
                known.factor.to_string(),
                priced.to_owned(),
                share.unwrap_or_default(),
            ])?;
        }
        let mut sum = |component: &str, band: Band| {
            let mut record = vec![String::new(); 19];
            record[0] = month.month.to_string();
            component.clone_into(&mut record[1]);
            for (place, own) in record[9..12].iter_mut().zip([band.low, band.middle, band.high]) {
                *place = own.to_string();
            }
            writer.write_record(record)
        };
        // Components without series of their own, such as discounts, have a row too.
        let with_series: Vec<_> = own.series.iter().map(|own| own.component).collect();
        for (component, band) in month.components.iter().filter(|own| !with_series.contains(own.0)) {
            sum(id(*component), *band)?;
        }
        sum("total", month.total)?;
    }
    Ok(finish(writer))
}

/// What the months to come will cost. Amounts and quantities are exact decimals of what was rounded to six significant digits.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct ForecastJson<'a> {
    /// The last month recorded.
    from: String,
    /// Months recorded with a cost.
    recorded_months: usize,
    /// Whether `told` is the whole calendar year: what is recorded of it and what is to come.
    to_year_end: bool,
    /// The year with what is recorded of it, or else the months to come.
    told: BandJson,
    /// What is recorded of the year, and of how many months.
    year_so_far: String,
    year_so_far_months: u32,
    /// The sum of the months to come; P10 and P90 of sums are those of all parts together.
    total: BandJson,
    /// Whether everything could be priced.
    complete: bool,
    months: Vec<MonthJson>,
    series: Vec<SeriesJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct BandJson {
    p10: String,
    p50: String,
    p90: String,
}

#[derive(Serialize, JsonSchema)]
struct MonthJson {
    month: String,
    total: BandJson,
    components: Vec<ComponentJson>,
}

#[derive(Serialize, JsonSchema)]
struct ComponentJson {
    /// The component's id; `not_known` for discounts and what no table knows.
    component: &'static str,
    cost: BandJson,
}

/// The quantities of one usage type in one Region.
#[derive(Serialize, JsonSchema)]
struct SeriesJson<'a> {
    service: &'a str,
    usage_type: &'a str,
    region: &'a str,
    unit: &'a str,
    component: &'static str,
    /// `ended`, `same_again`, `last_value`, `drift`, `smoothing` or `seasonal`.
    method: &'static str,
    /// Months that it rests on.
    points: usize,
    /// The first of them.
    since: String,
    /// Months in between that are not recorded: a straight line stands for them.
    bridged_months: usize,
    /// Whether older months are left out because the level changed by more than half or double.
    level_changed: bool,
    /// Whether a longer month has more of it.
    by_day: bool,
    /// Mean absolute error of the back-test as a share of what was used; null where nothing could be tested.
    back_test_error: Option<String>,
    /// Past months from which the back-test forecast.
    back_test_origins: usize,
    /// By how much the range was widened so that it holds four in five of what was tested.
    interval_factor: String,
    /// `table`, `share_of_table`, `last_month` or `unknown`.
    priced: &'static str,
    share_of_table_price: Option<String>,
    months: Vec<QuantityJson>,
}

#[derive(Serialize, JsonSchema)]
struct QuantityJson {
    month: String,
    /// Null where nobody knows how far off the P50 is.
    p10: Option<String>,
    p50: String,
    p90: Option<String>,
    cost: Option<BandJson>,
}

impl BandJson {
    fn new(own: Band) -> Self {
        let [p10, p50, p90] = [own.low, own.middle, own.high].map(|own: Money| own.to_string());
        Self { p10, p50, p90 }
    }
}

impl<'a> SeriesJson<'a> {
    fn new(own: &'a ForecastSeries) -> Self {
        let known = &own.quantities;
        let (priced, share_of_table_price) = pricing(own.pricing);
        Self {
            service: &own.service,
            usage_type: &own.usage_type,
            region: &own.region,
            unit: &own.unit,
            component: id(own.component),
            method: known.method.name(),
            points: known.points,
            since: known.since.to_string(),
            bridged_months: known.bridged,
            level_changed: known.level_changed,
            by_day: own.is_by_day,
            back_test_error: known.error.map(|own| own.to_string()),
            back_test_origins: known.origins,
            interval_factor: known.factor.to_string(),
            priced,
            share_of_table_price,
            months: known
                .months
                .iter()
                .zip(&own.costs)
                .map(|(own, cost)| QuantityJson {
                    month: own.month.to_string(),
                    p10: own.range.map(|own| own.0.to_string()),
                    p50: own.middle.to_string(),
                    p90: own.range.map(|own| own.1.to_string()),
                    cost: cost.map(BandJson::new),
                })
                .collect(),
        }
    }
}

impl<'a> ForecastJson<'a> {
    pub(in super::super) fn new(own: &'a Forecast) -> Self {
        Self {
            from: own.last.to_string(),
            recorded_months: own.recorded,
            to_year_end: own.to_year_end,
            told: BandJson::new(own.told()),
            year_so_far: own.so_far.0.cost.to_string(),
            year_so_far_months: own.so_far.1,
            total: BandJson::new(own.total),
            complete: !own.is_incomplete,
            months: own
                .months
                .iter()
                .map(|own| MonthJson {
                    month: own.month.to_string(),
                    total: BandJson::new(own.total),
                    components: own
                        .components
                        .iter()
                        .map(|(component, band)| ComponentJson {
                            component: id(*component),
                            cost: BandJson::new(*band),
                        })
                        .collect(),
                })
                .collect(),
            series: own.series.iter().map(SeriesJson::new).collect(),
        }
    }
}

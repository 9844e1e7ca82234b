//! The forecast in words and tables.

use super::super::parts::{Cell, Door, Section, Table};
use super::super::phrase::{Filling, Phrase};
use super::super::sections::{Layout, SHOWN, component, plain, table};
use super::make::{Band, Forecast, ForecastSeries};
use super::prices::Pricing;
use crate::domain::Quantity;
use rust_decimal::Decimal;

impl Layout<'_> {
    /// Shows the forecast: a sentence for managers, months and what they rest on for FinOps.
    pub(in super::super) fn forecast(self) -> Vec<Section> {
        match &self.view.forecast {
            None => vec![self.section("forecast", Door::Managers, self.word("forecast.nothing"))],
            Some(own) => vec![self.forecast_year(own), self.forecast_months(own), self.forecast_basis(own)],
        }
    }

    /// Says what the year, or the months to come, will cost.
    fn forecast_sentence(self, own: &Forecast) -> String {
        let told = own.told();
        let which = if own.to_year_end { "year" } else { "months" };
        let range = if own.has_no_range() { "alone" } else { "range" };
        let mut phrase = Phrase::new(format!("forecast.{which}.{range}"))
            .money("middle", told.middle)
            .money("low", told.low)
            .money("high", told.high)
            .money("recorded", own.so_far.0.cost)
            .money("rest", own.total.middle)
            .text("year", &own.last.to_string()[..4]);
        if let (Some(first), Some(last)) = (own.months.first(), own.months.last()) {
            phrase = phrase.month("first", first.month).month("last", last.month);
        }
        self.say(&phrase)
    }

    fn forecast_year(self, own: &Forecast) -> Section {
        let mut section = self.section("forecast", Door::Managers, self.forecast_sentence(own));
        section.notes.push(self.say(&Phrase::new("forecast.points").count("count", own.recorded as u64)));
        let of_year = u32::from(own.last.calendar_month());
        if own.to_year_end && own.so_far.1 < of_year {
            let phrase = Phrase::new("forecast.year_gaps").count("there", own.so_far.1.into());
            section.notes.push(self.say(&phrase.count("count", of_year.into())));
        }
        if own.is_incomplete || own.to_year_end && own.so_far.0.is_incomplete {
            section.notes.push(self.word("forecast.incomplete"));
        }
        section
    }

    fn forecast_months(self, own: &Forecast) -> Section {
        let mut section = self.section("forecast-months", Door::FinOps, self.forecast_sentence(own));
        let columns = [("month", false), ("component", false), ("p10", true), ("p50", true), ("p90", true)];
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for month in &own.months {
            let name = self.words.month(month.month);
            let mut row = |what: String, band: Band| {
                let mut cells =
                    vec![Cell { text: name.clone(), number: Some(month.month.to_string()) }, plain(what)];
                cells.extend(self.band(band));
                rows.push(cells);
            };
            for (own, band) in &month.components {
                row(self.say(&component(*own)), *band);
            }
            row(self.word("total"), month.total);
        }
        let mut total = vec![plain(self.word("total")), plain("")];
        total.extend(self.band(own.total));
        // Months stay together: what is left out is in the file.
        let more = rows.len().saturating_sub(12 * SHOWN);
        rows.truncate(12 * SHOWN);
        section.table = Some(Table { columns: self.columns(&columns), rows, total: Some(total), more });
        if !own.has_no_range() {
            section.notes.push(self.word("forecast.note_range"));
        }
        section.notes.push(self.word("forecast.note_sum"));
        section.notes.push(self.word("forecast.note_days"));
        if let Some(own) = own.partial {
            let key = if own.is_forecast { "forecast.partial" } else { "forecast.partial_only" };
            let phrase = Phrase::new(key).month("month", own.month).count("covered", own.covered.into());
            section.notes.push(self.say(&phrase.count("of", own.month.days().into())));
        }
        if let Some(share) = own.rest_share {
            let phrase = Phrase::new("forecast.rest_share").text("share", self.percent_of(share));
            section.notes.push(self.say(&phrase));
        }
        if let Some(amount) = own.rest_amount {
            section.notes.push(self.say(&Phrase::new("forecast.rest_amount").money("amount", amount)));
        }
        section
    }

    fn forecast_basis(self, own: &Forecast) -> Section {
        let seasonal =
            own.series.iter().filter(|own| own.quantities.method == crate::stats::ForecastMethod::Seasonal);
        let answer = Phrase::new("forecast.basis")
            .count("count", own.series.len() as u64)
            .count("seasonal", seasonal.count() as u64);
        let mut section = self.section("forecast-basis", Door::FinOps, self.say(&answer));
        let columns = [
            ("usage_type", false),
            ("region", false),
            ("method", false),
            ("points", true),
            ("test_error", true),
            ("origins", true),
            ("widened", true),
            ("next_quantity", true),
            ("priced", false),
        ];
        let rows = own.series.iter().take(SHOWN).map(|own| self.basis(own)).collect();
        let mut shown = table(self.columns(&columns), rows);
        shown.more = own.series.len().saturating_sub(SHOWN);
        section.table = Some(shown);
        section.notes.extend(own.series.iter().take(SHOWN).flat_map(|own| self.told_of(own)));
        section.notes.push(self.word("forecast.note_method"));
        section.notes.push(self.word("forecast.note_test"));
        section.notes.push(self.word("forecast.note_prices"));
        section
    }

    fn basis(self, own: &ForecastSeries) -> Vec<Cell> {
        let quantities = &own.quantities;
        let next = quantities.months.first().map(|own| own.middle).unwrap_or_default();
        let error = match quantities.error {
            Some(error) => Cell { text: self.percent_of(error), number: Some(error.to_string()) },
            None => plain("–"),
        };
        vec![
            plain(&own.usage_type),
            plain(&own.region),
            plain(self.word(&format!("forecast.method.{}", quantities.method.name()))),
            self.count_cell(quantities.points),
            error,
            self.count_cell(quantities.origins),
            Cell {
                text: format!("× {}", self.words.number(quantities.factor)),
                number: Some(quantities.factor.to_string()),
            },
            Cell {
                text: format!("{} {}", self.words.number(shortened(next)), own.unit),
                number: Some(next.to_string()),
            },
            plain(match own.pricing {
                Pricing::ShareOfTable(share) => {
                    self.say(&Phrase::new("forecast.priced.share").text("share", self.percent_of(share)))
                }
                Pricing::Table => self.word("forecast.priced.table"),
                Pricing::LastMonth => self.word("forecast.priced.last_month"),
                Pricing::Unknown => self.word("unknown"),
            }),
        ]
    }

    /// Returns what should be known of a series' history.
    fn told_of(self, own: &ForecastSeries) -> Vec<String> {
        let quantities = &own.quantities;
        let phrase = |key: &str| {
            Phrase::new(key)
                .text("usage_type", own.usage_type.clone())
                .text("region", own.region.clone())
                .list("since", vec![Filling::Month(quantities.since)])
        };
        let mut all = Vec::new();
        if quantities.level_changed {
            all.push(self.say(&phrase("forecast.level")));
        }
        if quantities.bridged > 0 {
            all.push(self.say(&phrase("forecast.bridged").count("count", quantities.bridged as u64)));
        }
        all
    }

    fn count_cell(self, own: usize) -> Cell {
        Cell { text: self.words.number(Decimal::from(own)), number: Some(own.to_string()) }
    }

    fn band(self, own: Band) -> [Cell; 3] {
        [own.low, own.middle, own.high].map(|own| self.money_cell(own))
    }

    /// Writes a share in percent, to a tenth.
    fn percent_of(self, share: Decimal) -> String {
        let percent = (share * Decimal::ONE_HUNDRED)
            .round_dp_with_strategy(1, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        format!("{}%", self.words.number(percent.normalize()))
    }
}

/// Rounds a quantity to what is worth reading: to a whole number from a hundred on, else to a thousandth.
fn shortened(own: Quantity) -> Decimal {
    let digits = if own >= Quantity::from_count(100) { 0 } else { 3 };
    own.rounded(digits).normalize()
}

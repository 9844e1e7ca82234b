//! Cost month by month, past and to come: the past as a line, the future dashed in a tinted band, a budget dotted.

use rust_decimal::Decimal;

use super::axis::{Scale, Ticks};
use super::canvas::{Canvas, HAIR, Point};
use super::cost_band::BandMonth;
use super::frame::{Caption, Frame, LEFT, RIGHT, draw_usual};
use super::labels::push_apart;
use super::month_axis::{self, MonthNames, month_labels};
use super::number::money;
use super::palette::{Colour, ComponentGroup};
use super::text::{Type, clean};

const NAME_TYPE: Type = Type::regular(13.0);
const MIDDLE_TYPE: Type = Type::bold(13.0);
const NAME_GAP: f64 = 18.0;
const LEADER: f64 = 26.0;
const WIDEST_NAME: f64 = 150.0;
/// Room below the axis for months and years.
const MONTH_ROOM: f64 = 40.0;
/// Room above the highest value.
const TOP_ROOM: f64 = 14.0;
const BAND_OPACITY: f64 = 0.2;
const BAND: Colour = ComponentGroup::DataEvents.colour();
/// Between the dots of a budget.
const DOT_GAP: f64 = 7.0;

/// Months recorded and months to come, one after the other.
#[derive(Debug, Clone)]
pub struct ForecastLines {
    /// The words around the chart.
    pub caption: Caption,
    /// Consecutive months as `2026-01`: those of the past, then those to come. Months that are not recorded are among them.
    pub months: Vec<String>,
    /// What each month of the past cost; nothing where it is not recorded.
    pub past: Vec<Option<Decimal>>,
    /// What the months after it will.
    pub future: Vec<BandMonth>,
    /// What the line to come is called.
    pub line_name: String,
    /// A budget with its name.
    pub budget: Option<(String, Decimal)>,
    /// Amounts to come lack something unknown.
    pub incomplete: bool,
    /// Written before every amount; a letter code is set off by a space.
    pub currency_symbol: String,
    /// What stands beneath the axis for each month.
    pub month_names: MonthNames,
}

impl ForecastLines {
    /// The chart as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        draw_usual(&self.caption, self.description(), |canvas, frame| Plot::new(self, frame).paint(canvas))
    }

    fn amount(&self, amount: Decimal) -> String {
        let bound = if self.incomplete { "≥ " } else { "" };
        format!("{bound}{}", money(amount, &self.currency_symbol))
    }

    fn description(&self) -> String {
        let mut parts = vec![self.caption.subtitle.clone()];
        let month =
            |at: usize| self.months.get(at).map(|own| self.month_names.spoken(own)).unwrap_or_default();
        if let Some((at, own)) = self.past.iter().enumerate().rev().find_map(|(at, own)| Some((at, (*own)?)))
        {
            parts.push(format!("{}: {}", month(at), money(own, &self.currency_symbol)));
        }
        for (at, own) in self.future.iter().enumerate() {
            parts.push(format!(
                "{}: {} {}, P10 {}, P90 {}",
                month(self.past.len() + at),
                self.line_name,
                self.amount(own.likely),
                self.amount(own.low),
                self.amount(own.high),
            ));
        }
        if let Some((name, own)) = &self.budget {
            parts.push(format!("{name}: {}", money(*own, &self.currency_symbol)));
        }
        parts.join(". ")
    }
}

/// A text at the right end.
struct Name {
    text: String,
    kind: Type,
    colour: Colour,
    y: f64,
}

struct Plot<'a> {
    chart: &'a ForecastLines,
    names: Vec<Name>,
    ticks: Ticks,
    scale: Scale,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl<'a> Plot<'a> {
    fn new(chart: &'a ForecastLines, frame: &Frame) -> Self {
        let (top, bottom) = (frame.top + TOP_ROOM, frame.bottom - MONTH_ROOM);
        let budget = chart.budget.as_ref().map(|own| own.1);
        let future = chart.future.iter().flat_map(|own| [own.low, own.likely, own.high]);
        let values = || chart.past.iter().flatten().copied().chain(future.clone()).chain(budget);
        let low = values().min().unwrap_or_default().min(Decimal::ZERO);
        let high = values().max().unwrap_or_default().max(Decimal::ZERO);
        let ticks = Ticks::within(low, high);
        let scale = Scale::new(low, high, bottom, top);
        let names = names(chart, &scale);
        let widest = names.iter().map(|own| own.kind.width(&own.text)).fold(0.0, f64::max);
        let left = LEFT + ticks.label_width(&chart.currency_symbol) + 8.0;
        Self { chart, names, ticks, scale, left, right: RIGHT - widest - LEADER - 6.0, top, bottom }
    }

    fn pitch(&self) -> f64 {
        (self.right - self.left) / self.chart.months.len().saturating_sub(1).max(1) as f64
    }

    fn point(&self, at: usize, value: Decimal) -> Point {
        (self.left + at as f64 * self.pitch(), self.scale.at(value))
    }

    /// The curve to come; it begins where the past ends.
    fn curve(&self, value: fn(&BandMonth) -> Decimal) -> Vec<Point> {
        let past = self.chart.past.len();
        let end = self.chart.past.last().copied().flatten().map(|own| self.point(past - 1, own));
        let future = self.chart.future.iter().enumerate();
        end.into_iter().chain(future.map(|(at, own)| self.point(past + at, value(own)))).collect()
    }

    fn paint(&self, canvas: &Canvas<'_>) {
        self.ticks.paint(canvas, &self.scale, self.left, self.right, &self.chart.currency_symbol);
        let zero = self.scale.at(Decimal::ZERO);
        canvas.line((self.left, zero), (self.right, zero), HAIR, Colour::MUTED);
        let labels = month_labels(&self.chart.months, self.pitch(), &self.chart.month_names);
        month_axis::paint(canvas, &labels, |at| self.left + at as f64 * self.pitch(), self.bottom);
        let mut outline = self.curve(|own| own.high);
        outline.extend(self.curve(|own| own.low).iter().rev());
        if outline.len() > 2 {
            canvas.area(&outline, BAND, BAND_OPACITY);
        }
        self.paint_budget(canvas);
        self.paint_past(canvas);
        for pair in self.curve(|own| own.likely).windows(2) {
            canvas.dashed(pair[0], pair[1], 2.6, BAND);
        }
        self.paint_names(canvas);
    }

    /// Draws what is recorded, with a gap where a month is not.
    fn paint_past(&self, canvas: &Canvas<'_>) {
        let points: Vec<Option<Point>> =
            self.chart.past.iter().enumerate().map(|(at, own)| Some(self.point(at, (*own)?))).collect();
        for run in points.split(Option::is_none) {
            let run: Vec<Point> = run.iter().flatten().copied().collect();
            match run.as_slice() {
                [] => {}
                [lonely] => canvas.dot(*lonely, 4.0, Colour::INK),
                some => canvas.path(some, 2.6, Colour::INK),
            }
        }
        if let Some(end) = points.last().copied().flatten() {
            canvas.dot(end, 4.0, Colour::INK);
        }
    }

    fn paint_budget(&self, canvas: &Canvas<'_>) {
        let Some((_, own)) = &self.chart.budget else { return };
        let y = self.scale.at(*own);
        let dots = ((self.right - self.left) / DOT_GAP).floor() as usize;
        for at in 0..=dots {
            canvas.dot((self.left + at as f64 * DOT_GAP, y), 1.2, Colour::INK);
        }
    }

    fn paint_names(&self, canvas: &Canvas<'_>) {
        let wanted: Vec<f64> = self.names.iter().map(|own| own.y).collect();
        for (name, y) in self.names.iter().zip(push_apart(&wanted, NAME_GAP, self.top, self.bottom)) {
            let end = self.right + LEADER - 7.0;
            let path = [(self.right + 3.0, name.y), (self.right + 12.0, y), (end, y)];
            canvas.path(&path, HAIR, name.colour);
            canvas.text_left(end + 6.0, y, &name.text, name.kind, name.colour);
        }
    }
}

/// The names from top to bottom; a range that is no wider than the line has none.
fn names(chart: &ForecastLines, scale: &Scale) -> Vec<Name> {
    let name = |what: &str, amount: Decimal, kind: Type, colour: Colour, text: String| Name {
        text: format!("{} {text}", kind.shorten_inside(&clean(what), WIDEST_NAME)),
        kind,
        colour,
        y: scale.at(amount),
    };
    let mut all = Vec::new();
    if let Some(last) = chart.future.last() {
        let edge = |what, amount| name(what, amount, NAME_TYPE, Colour::MUTED, chart.amount(amount));
        let likely = chart.amount(last.likely);
        all.push(name(&chart.line_name, last.likely, MIDDLE_TYPE, BAND.as_text(), likely));
        if last.low != last.high {
            all.extend([edge("P90", last.high), edge("P10", last.low)]);
        }
    }
    if let Some((what, own)) = &chart.budget {
        all.push(name(what, *own, NAME_TYPE, Colour::INK, money(*own, &chart.currency_symbol)));
    }
    all.sort_by(|one, two| one.y.total_cmp(&two.y));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn chart(past: &[Option<&str>], future: &[[&str; 3]], budget: Option<(&str, &str)>) -> ForecastLines {
        let months = past.len() + future.len();
        ForecastLines {
            caption: Caption {
                title: "A finding".to_owned(),
                subtitle: "Per month, USD".to_owned(),
                footnote: String::new(),
            },
            months: (0..months).map(|at| format!("{:04}-{:02}", 2026 + at / 12, at % 12 + 1)).collect(),
            past: past.iter().map(|own| own.map(decimal)).collect(),
            future: future
                .iter()
                .map(|own| BandMonth { low: decimal(own[0]), likely: decimal(own[1]), high: decimal(own[2]) })
                .collect(),
            line_name: "P50".to_owned(),
            budget: budget.map(|own| (own.0.to_owned(), decimal(own.1))),
            incomplete: false,
            currency_symbol: "$".to_owned(),
            month_names: MonthNames::default(),
        }
    }

    fn count(svg: &str, text: &str) -> usize {
        svg.matches(&format!(">{text}</text>")).count()
    }

    #[test]
    fn the_last_month_and_the_budget_are_named() {
        let past = [Some("3900"), None, Some("4100")];
        let own =
            chart(&past, &[["4000", "4500", "5000"], ["4000", "4600", "5200"]], Some(("Budget", "4800")));
        let svg = own.svg();
        for text in ["P90 $5.2k", "P50 $4.6k", "P10 $4.0k", "Budget $4.8k"] {
            assert_eq!(count(&svg, text), 1, "{text} is missing in {svg}");
        }
        assert!(svg.contains("Mar 2026: $4.1k. Apr 2026: P50 $4.5k, P10 $4.0k, P90 $5.0k."));
        assert_eq!(svg.matches("<polygon opacity=\"0.2\"").count(), 1);
        // Two dots of the past, its end once more, and those of the budget.
        let without = chart(&past, &[["1", "2", "3"]], None).svg();
        assert_eq!(without.matches("<circle").count(), 3);
        assert!(svg.matches("<circle").count() > 20);
        // What lies ahead is in dashes, what was is one line.
        let past_only = chart(&past, &[], None).svg();
        assert!(svg.matches("<polyline").count() > past_only.matches("<polyline").count() + 3);
    }

    #[test]
    fn draws_nothing_and_extremes_sensibly() {
        let largest = "79228162514264337593543950335";
        let lowest = format!("-{largest}");
        for (past, future) in [
            (vec![], vec![]),
            (vec![None], vec![["1", "2", "3"]]),
            (vec![Some("1")], vec![]),
            (vec![], vec![["0", "0", "0"]]),
            (vec![Some(&*lowest)], vec![["0", "1", largest]; 12]),
        ] {
            let svg = chart(&past, &future, Some(("<b>", "0"))).svg();
            assert!(svg.contains("A finding") && !svg.contains("NaN") && !svg.contains("<b>"), "{past:?}");
        }
    }
}

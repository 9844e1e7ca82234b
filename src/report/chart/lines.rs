//! Cost month by month: one line per component, the total in ink, named at their right ends.

use rust_decimal::Decimal;

use super::axis::{Scale, Ticks};
use super::canvas::{Canvas, HAIR, Point};
use super::frame::{Caption, Frame, LEFT, RIGHT, draw_usual};
use super::labels::{capacity, push_apart};
use super::month_axis::{self, MonthNames, month_labels};
use super::number::money;
use super::palette::Colour;
use super::series::Series;
use super::text::{Type, clean};

const NAME_TYPE: Type = Type::regular(13.0);
const TOTAL_TYPE: Type = Type::bold(13.0);
const NAME_GAP: f64 = 18.0;
const WIDEST_NAME: f64 = 260.0;
const LEADER: f64 = 28.0;
/// A lonely dot needs no wide plot, and its name should be near.
const SINGLE_MONTH_WIDTH: f64 = 260.0;
/// Room below the axis for months and years.
const MONTH_ROOM: f64 = 40.0;
/// Room above the highest value for its label.
const TOP_ROOM: f64 = 22.0;

/// Lines over 1 to 120 consecutive months on a zero baseline, with the first and the last amount written out.
#[derive(Debug, Clone)]
pub struct MonthlyLines {
    /// The words around the chart.
    pub caption: Caption,
    /// Consecutive months as `2026-01`.
    pub months: Vec<String>,
    /// At most six lines; the one in [`Colour::INK`] is the total, drawn thicker and above the others.
    pub series: Vec<Series>,
    /// What the total may be: a line in dashes, named like the others.
    pub limit: Option<Series>,
    /// The total lacks something unknown: its amounts are written as `≥ $5.1k`. The footnote should say why.
    pub incomplete: bool,
    /// Written before every amount; a letter code is set off by a space.
    pub currency_symbol: String,
    /// What stands beneath the axis for each month.
    pub month_names: MonthNames,
}

impl MonthlyLines {
    /// The chart as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        draw_usual(&self.caption, self.description(), |canvas, frame| Plot::new(self, frame).paint(canvas))
    }

    fn amount(&self, series: &Series, amount: Decimal) -> String {
        let lower_bound = if self.incomplete && is_total(series) { "≥ " } else { "" };
        format!("{lower_bound}{}", money(amount, &self.currency_symbol))
    }

    fn description(&self) -> String {
        let mut parts = vec![self.caption.subtitle.clone()];
        if let Some(limit) = &self.limit {
            let own = limit.values.first().copied().unwrap_or_default();
            parts.push(format!("{}: {}", limit.label, money(own, &self.currency_symbol)));
        }
        for series in &self.series {
            let values = drawn_values(series, self.months.len());
            if let (Some(&first), Some(&last)) = (values.first(), values.last()) {
                let month = |at: usize| {
                    self.months.get(at).map(|month| self.month_names.spoken(month)).unwrap_or_default()
                };
                parts.push(format!(
                    "{}: {} in {}, {} in {}",
                    series.label,
                    self.amount(series, first),
                    month(0),
                    self.amount(series, last),
                    month(values.len() - 1),
                ));
            }
        }
        parts.join(". ")
    }
}

fn is_total(series: &Series) -> bool {
    series.colour == Colour::INK
}

fn drawn_values(series: &Series, months: usize) -> &[Decimal] {
    &series.values[..series.values.len().min(months)]
}

/// A series with its places.
struct Line<'a> {
    series: &'a Series,
    first: Decimal,
    points: Vec<Point>,
    /// Name and last amount, for the right end.
    name: String,
    amount: String,
    /// A limit is no cost: its line is drawn in dashes.
    is_limit: bool,
}

impl Line<'_> {
    fn kind(&self) -> Type {
        if is_total(self.series) { TOTAL_TYPE } else { NAME_TYPE }
    }

    fn colour(&self) -> Colour {
        self.series.colour
    }

    fn end(&self) -> Point {
        self.points.last().copied().unwrap_or_default()
    }

    fn stroke(&self) -> f64 {
        if is_total(self.series) { 2.6 } else { 2.0 }
    }

    /// The height range of the line between two `x`, if it reaches there.
    fn range(&self, left: f64, right: f64) -> Option<(f64, f64)> {
        let mut range: Option<(f64, f64)> = None;
        let mut include = |y: f64| {
            range = Some(range.map_or((y, y), |(low, high)| (low.min(y), high.max(y))));
        };
        for pair in self.points.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            if x1 < left || x0 > right || x1 <= x0 {
                continue;
            }
            for x in [x0.max(left), x1.min(right)] {
                include(y0 + (y1 - y0) * (x - x0) / (x1 - x0));
            }
        }
        range
    }
}

/// All places, computed before anything is drawn.
struct Plot<'a> {
    chart: &'a MonthlyLines,
    lines: Vec<Line<'a>>,
    ticks: Ticks,
    scale: Scale,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl<'a> Plot<'a> {
    fn new(chart: &'a MonthlyLines, frame: &Frame) -> Self {
        let months = chart.months.len();
        let (top, bottom) = (frame.top + TOP_ROOM, frame.bottom - MONTH_ROOM);

        let mut drawn: Vec<&Series> = chart
            .series
            .iter()
            .chain(&chart.limit)
            .filter(|series| !drawn_values(series, months).is_empty())
            .collect();
        // The total comes last, and so lies on top.
        drawn.sort_by_key(|series| is_total(series));
        let skipped = drawn.len().saturating_sub(capacity(top, bottom, NAME_GAP));
        let drawn = drawn.split_off(skipped);

        let values = || drawn.iter().flat_map(|series| drawn_values(series, months));
        let low = values().min().copied().unwrap_or_default().min(Decimal::ZERO);
        let high = values().max().copied().unwrap_or_default().max(Decimal::ZERO);
        let ticks = Ticks::within(low, high);
        let scale = Scale::new(low, high, bottom, top);

        let left = LEFT + ticks.label_width(&chart.currency_symbol) + 8.0;
        let mut lines: Vec<Line<'a>> = drawn.into_iter().map(|series| chart.unplaced(series)).collect();
        let names_width = lines.iter().map(Line::name_width).fold(0.0, f64::max);
        let widest = if months == 1 { SINGLE_MONTH_WIDTH } else { f64::INFINITY };
        let right = (RIGHT - names_width - LEADER - 6.0).min(left + widest);
        let mut plot = Self { chart, lines: Vec::new(), ticks, scale, left, right, top, bottom };
        for line in &mut lines {
            let values = drawn_values(line.series, months);
            line.points =
                values.iter().enumerate().map(|(at, &value)| (plot.x(at), scale.at(value))).collect();
        }
        plot.lines = lines;
        plot
    }

    fn pitch(&self) -> f64 {
        (self.right - self.left) / self.chart.months.len().saturating_sub(1).max(1) as f64
    }

    /// A single month stands in the middle.
    fn x(&self, at: usize) -> f64 {
        if self.chart.months.len() == 1 {
            f64::midpoint(self.left, self.right)
        } else {
            self.left + at as f64 * self.pitch()
        }
    }

    fn paint(&self, canvas: &Canvas<'_>) {
        self.ticks.paint(canvas, &self.scale, self.left, self.right, &self.chart.currency_symbol);
        let zero = self.scale.at(Decimal::ZERO);
        canvas.line((self.left, zero), (self.right, zero), HAIR, Colour::MUTED);
        let labels = month_labels(&self.chart.months, self.pitch(), &self.chart.month_names);
        month_axis::paint(canvas, &labels, |at| self.x(at), self.bottom);

        for line in &self.lines {
            if line.is_limit {
                canvas.dashed((self.left, line.end().1), line.end(), line.stroke(), line.colour());
            } else if line.points.len() > 1 {
                canvas.path(&line.points, line.stroke(), line.colour());
            }
        }
        for line in &self.lines {
            let lonely = line.points.len() == 1;
            if lonely || is_total(line.series) {
                canvas.dot(line.end(), if lonely { 5.0 } else { 4.0 }, line.colour());
            }
        }
        self.paint_first_amounts(canvas);
        self.paint_names(canvas);
    }

    fn paint_names(&self, canvas: &Canvas<'_>) {
        // Among equals the total stands on top.
        let (totals, others): (Vec<_>, Vec<_>) = self.lines.iter().partition(|line| is_total(line.series));
        let lines = || totals.iter().chain(&others);
        let wanted: Vec<f64> = lines().map(|line| line.end().1).collect();
        let places = push_apart(&wanted, NAME_GAP, self.top, self.bottom);
        for (line, y) in lines().zip(places) {
            let (x, from) = line.end();
            let end = self.right + LEADER - 2.0;
            let bend = (self.right + 17.0).max(x + 7.0);
            let start = x + if line.points.len() == 1 || is_total(line.series) { 7.0 } else { 3.0 };
            // A line that ends early is led to its name by a hairline along its last height.
            let path = [(start, from), (self.right.max(start) + 3.0, from), (bend, y), (end, y)];
            canvas.path(&path, HAIR, line.colour());
            let colour = line.colour().as_text();
            canvas.text_left(end + 5.0, y, &line.name, line.kind(), colour);
            let amount_at = end + 5.0 + line.kind().width(&line.name) + 6.0;
            canvas.text_left(amount_at, y, &line.amount, line.kind(), colour);
        }
    }

    /// Writes each line's first amount above or below its start, as long as it touches no line and no other amount.
    fn paint_first_amounts(&self, canvas: &Canvas<'_>) {
        let mut taken: Vec<(f64, f64, f64)> = Vec::new();
        // The total chooses first.
        for line in self.lines.iter().rev().filter(|line| line.points.len() > 1 && !line.is_limit) {
            let Some(&(x, _)) = line.points.first() else {
                continue;
            };
            let text = self.chart.amount(line.series, line.first);
            let kind = line.kind();
            let right = x + 4.0 + kind.width(&text);
            let Some(own) = line.range(x, right) else {
                continue;
            };
            let is_free = |y: f64, reach: (f64, f64)| {
                let crosses = |low: f64, high: f64| {
                    let touched =
                        |other: &Line<'_>| other.range(x, right).is_some_and(|(a, b)| a < high && b > low);
                    self.lines.iter().filter(|other| !std::ptr::eq(*other, line)).any(touched)
                };
                // The total's type tells whose amount it is; any other amount must have its own line next to it.
                let (low, high) = if is_total(line.series) { (y - 8.0, y + 8.0) } else { reach };
                y - 8.0 >= self.top - TOP_ROOM
                    && y + 8.0 <= self.bottom
                    && !crosses(low, high)
                    && !taken.iter().any(|&(end, a, b)| end > x && a < y + 8.0 && b > y - 8.0)
            };
            let above = (own.0 - 11.0, (own.0 - 19.0, own.0 + 3.0));
            let below = (own.1 + 12.0, (own.1 - 3.0, own.1 + 20.0));
            let Some((y, _)) = [above, below].into_iter().find(|&(y, reach)| is_free(y, reach)) else {
                continue;
            };
            taken.push((right, y - 8.0, y + 8.0));
            // A grid line must not strike the amount through.
            canvas.rect((x + 2.0, y - 7.0), (right + 3.0, y + 7.0), Colour::PAPER);
            canvas.text_left(x + 4.0, y, &text, kind, line.colour().as_text());
        }
    }
}

impl MonthlyLines {
    fn unplaced<'a>(&self, series: &'a Series) -> Line<'a> {
        let values = drawn_values(series, self.months.len());
        let amount = self.amount(series, values.last().copied().unwrap_or_default());
        let first = values.first().copied().unwrap_or_default();
        let is_limit = self.limit.as_ref().is_some_and(|own| std::ptr::eq(own, series));
        let mut line = Line { series, first, points: Vec::new(), name: String::new(), amount, is_limit };
        let kind = line.kind();
        line.name = kind.shorten_inside(&clean(&series.label), WIDEST_NAME - 6.0 - kind.width(&line.amount));
        line
    }
}

impl Line<'_> {
    fn name_width(&self) -> f64 {
        self.kind().width(&self.name) + 6.0 + self.kind().width(&self.amount)
    }
}

#[cfg(test)]
mod tests {
    use super::super::palette::ComponentGroup;
    use super::*;

    fn chart(months: usize, series: &[(&str, Colour, &[&str])]) -> MonthlyLines {
        MonthlyLines {
            limit: None,
            caption: Caption {
                title: "A finding".to_owned(),
                subtitle: "Per month, USD".to_owned(),
                footnote: String::new(),
            },
            months: (0..months).map(|at| format!("{:04}-{:02}", 2026 + at / 12, at % 12 + 1)).collect(),
            series: series
                .iter()
                .map(|(label, colour, values)| Series {
                    label: (*label).to_owned(),
                    colour: *colour,
                    values: values.iter().map(|value| value.parse().unwrap()).collect(),
                })
                .collect(),
            currency_symbol: "$".to_owned(),
            month_names: MonthNames::default(),
            incomplete: false,
        }
    }

    fn count(svg: &str, text: &str) -> usize {
        svg.matches(&format!(">{text}</text>")).count()
    }

    #[test]
    fn first_and_last_amounts_are_written() {
        let copies = ComponentGroup::ManagementCopies.colour();
        let svg = chart(
            3,
            &[("Total", Colour::INK, &["100", "300", "700"]), ("Copies", copies, &["10", "20", "30"])],
        )
        .svg();
        for text in ["$100", "$700", "$10", "$30", "Total", "Copies", "Jan", "2026"] {
            assert!(count(&svg, text) >= 1, "{text} is missing in {svg}");
        }
        assert!(svg.contains("<desc>Per month, USD. Total: $100 in Jan 2026, $700 in Mar 2026."));
    }

    #[test]
    fn an_incomplete_total_is_a_lower_bound() {
        let mut chart =
            chart(2, &[("Total", Colour::INK, &["100", "210"]), ("Lake", Colour::RISE, &["9", "9"])]);
        chart.incomplete = true;
        let svg = chart.svg();
        assert_eq!((count(&svg, "≥ $210"), count(&svg, "$210")), (1, 0));
        assert!(!svg.contains("≥ $9"));
    }

    #[test]
    fn one_month_is_a_dot() {
        let svg = chart(1, &[("Total", Colour::INK, &["422"])]).svg();
        assert!(svg.contains("<circle"));
        assert_eq!((count(&svg, "$422"), count(&svg, "Jan"), count(&svg, "2026")), (1, 1, 1));
    }

    #[test]
    fn draws_nothing_and_extremes_sensibly() {
        let largest = "79228162514264337593543950335";
        let lowest = format!("-{largest}");
        for (months, values) in
            [(0, vec![]), (0, vec!["1"]), (12, vec![]), (12, vec!["0"; 12]), (2, vec![largest, &lowest])]
        {
            let svg = chart(months, &[("Total", Colour::INK, &values)]).svg();
            assert!(svg.contains("A finding") && !svg.contains("NaN"), "{months} {values:?}");
        }
    }

    #[test]
    fn a_limit_is_drawn_in_dashes_with_its_name() {
        let mut chart = chart(3, &[("Total", Colour::INK, &["100", "300", "200"])]);
        let without = chart.svg().matches("<polyline").count() + chart.svg().matches("<line").count();
        chart.limit = Some(Series {
            label: "Budget".to_owned(),
            colour: Colour::MUTED,
            values: vec![Decimal::from(800); 3],
        });
        let svg = chart.svg();
        assert_eq!((count(&svg, "Budget"), count(&svg, "$800").min(1)), (1, 1));
        assert!(svg.contains("Budget: $800."), "{svg}");
        let with = svg.matches("<polyline").count() + svg.matches("<line").count();
        assert!(with > without + 10, "{with} lines, {without} without dashes");
    }

    #[test]
    fn the_total_is_drawn_last() {
        let svg = chart(2, &[("Total", Colour::INK, &["9", "9"]), ("Lake", Colour::RISE, &["9", "9"])]).svg();
        let line =
            |colour: &str, width: u8| svg.find(&format!("stroke=\"{colour}\" stroke-width=\"{width}\""));
        let (total, lake) = (line("#1F2933", 21), line("#D55E00", 16));
        assert!(lake.is_some() && total > lake, "{svg}");
    }
}

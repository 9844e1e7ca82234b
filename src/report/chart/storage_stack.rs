//! What is kept, month by month: one layer per storage class, named at the right end with its last amount.

use rust_decimal::Decimal;

use super::axis::{AXIS_TYPE, Scale, Ticks};
use super::canvas::{Canvas, HAIR, Point};
use super::frame::{Caption, Frame, LEFT, RIGHT, draw_usual};
use super::labels::{capacity, push_apart};
use super::month_axis::{self, MonthNames, month_labels, spoken_month};
use super::number::share;
use super::palette::Colour;
use super::series::{Series, sum};
use super::text::{Type, clean};
use super::volume::{Unit, volume, volume_bound};

const NAME_TYPE: Type = Type::regular(13.0);
const TOTAL_TYPE: Type = Type::bold(13.0);
const NAME_GAP: f64 = 18.0;
const WIDEST_NAME: f64 = 270.0;
const LEADER: f64 = 30.0;
/// Up to so many months stand as columns; more of them would only flicker.
const MOST_COLUMNS: usize = 24;
const COLUMN_PART: f64 = 0.74;
const WIDEST_PITCH: f64 = 170.0;
/// Room below the axis for months and years.
const MONTH_ROOM: f64 = 40.0;
/// A layer thinner than this keeps its colour: a hairline would wipe it out.
const THIN: f64 = 2.5;

/// Stored volume over 1 to 120 consecutive months, stacked by storage class: columns for up to 24 months, areas
/// beyond.
///
/// Each class is named at the right with what it holds in the last month and its share of that month's total.
#[derive(Debug, Clone)]
pub struct StorageStack {
    /// The words around the chart.
    pub caption: Caption,
    /// Consecutive months as `2026-01`.
    pub months: Vec<String>,
    /// One series per storage class in GiB, bottom first; amounts below zero count as 0. The coldest class belongs
    /// at the bottom, where its growth is read from a straight line.
    pub classes: Vec<Series>,
    /// Whether the totals lack something unknown: they are written as `≥ 4.1 TiB`. The footnote should say why.
    pub incomplete: bool,
}

impl StorageStack {
    /// The chart as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        draw_usual(&self.caption, self.description(), |canvas, frame| Plot::new(self, frame).paint(canvas))
    }

    fn amount(series: &Series, at: usize) -> Decimal {
        series.value(at).max(Decimal::ZERO)
    }

    /// The sum of all classes in a month.
    fn total(&self, at: usize) -> Decimal {
        sum(self.classes.iter().map(|series| Self::amount(series, at)))
    }

    fn description(&self) -> String {
        let mut parts = vec![self.caption.subtitle.clone()];
        if let (Some(first), Some(last)) = (self.months.first(), self.months.last()) {
            let end = self.months.len() - 1;
            let total = |at: usize| volume_bound(self.total(at), self.incomplete);
            let (first, last) = (spoken_month(first), spoken_month(last));
            parts.push(format!("Total: {} in {first}, {} in {last}", total(0), total(end)));
            let classes = self.classes.iter().rev().map(|series| (series, Self::amount(series, end)));
            let held = classes.filter(|(_, amount)| !amount.is_zero());
            parts.extend(held.map(|(series, amount)| format!("{}: {}", series.label, volume(amount))));
        }
        parts.join(". ")
    }
}

/// A class with its lower and upper edge, month by month.
struct Layer {
    colour: Colour,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

/// What stands at the right end.
struct Name {
    text: String,
    amount: String,
    share: String,
    kind: Type,
    colour: Colour,
    /// The middle of its layer in the last month.
    y: f64,
    weight: Decimal,
}

impl Name {
    fn width(&self) -> f64 {
        let share = if self.share.is_empty() { 0.0 } else { NAME_TYPE.width(&self.share) + 7.0 };
        self.kind.width(&self.text) + 7.0 + self.kind.width(&self.amount) + share
    }
}

/// All places, computed before anything is drawn.
struct Plot<'a> {
    chart: &'a StorageStack,
    layers: Vec<Layer>,
    names: Vec<Name>,
    unit: Unit,
    ticks: Ticks,
    scale: Scale,
    left: f64,
    pitch: f64,
    bottom: f64,
    top: f64,
}

impl<'a> Plot<'a> {
    fn new(chart: &'a StorageStack, frame: &Frame) -> Self {
        let months = chart.months.len();
        let highest = (0..months).map(|at| chart.total(at)).max().unwrap_or_default();
        let unit = Unit::of(highest);
        let ticks = Ticks::within(Decimal::ZERO, unit.scaled(highest));
        let (top, bottom) = (frame.top + 8.0, frame.bottom - MONTH_ROOM);
        let scale = Scale::new(Decimal::ZERO, unit.scaled(highest), bottom, top);

        let layers = layers(chart, |amount| scale.at(unit.scaled(amount)));
        let names = names(chart, &layers, capacity(top, bottom, NAME_GAP));
        let names_width = names.iter().map(Name::width).fold(0.0, f64::max);
        let tick_width =
            ticks.values.iter().map(|&value| AXIS_TYPE.width(&unit.tick(value, &ticks))).fold(0.0, f64::max);
        let left = LEFT + tick_width + 8.0;
        let right = if names.is_empty() { RIGHT } else { RIGHT - names_width - LEADER - 6.0 };
        let pitch = if months > MOST_COLUMNS {
            (right - left) / (months - 1) as f64
        } else {
            // Half a gap before the first column, none after the last one: its leaders start there.
            ((right - left) / (months.max(1) as f64 - (1.0 - COLUMN_PART) / 2.0)).min(WIDEST_PITCH)
        };
        Self { chart, layers, names, unit, ticks, scale, left, pitch, bottom, top }
    }

    fn is_columns(&self) -> bool {
        self.chart.months.len() <= MOST_COLUMNS
    }

    fn column(&self) -> f64 {
        self.pitch * COLUMN_PART
    }

    /// Where a month's tick stands.
    fn x(&self, at: usize) -> f64 {
        let shift = if self.is_columns() { self.pitch / 2.0 } else { 0.0 };
        self.left + shift + at as f64 * self.pitch
    }

    fn right(&self) -> f64 {
        let half = if self.is_columns() { self.column() / 2.0 } else { 0.0 };
        self.x(self.chart.months.len().saturating_sub(1)) + half
    }

    fn paint(&self, canvas: &Canvas<'_>) {
        let right = self.right();
        self.ticks.paint_labelled(canvas, &self.scale, (self.left, right), |value| {
            self.unit.tick(value, &self.ticks)
        });
        for layer in &self.layers {
            if self.is_columns() {
                self.paint_columns(canvas, layer);
            } else {
                self.paint_area(canvas, layer);
            }
        }
        for pair in self.layers.windows(2) {
            self.paint_edges(canvas, &pair[0], &pair[1]);
        }
        canvas.line((self.left, self.bottom), (right, self.bottom), HAIR, Colour::MUTED);
        let labels = month_labels(&self.chart.months, self.pitch, &MonthNames::default());
        month_axis::paint(canvas, &labels, |at| self.x(at), self.bottom);
        self.paint_names(canvas);
    }

    fn paint_columns(&self, canvas: &Canvas<'_>, layer: &Layer) {
        let half = self.column() / 2.0;
        for (at, (&lower, &upper)) in layer.lower.iter().zip(&layer.upper).enumerate() {
            if lower > upper {
                canvas.rect((self.x(at) - half, lower), (self.x(at) + half, upper), layer.colour);
            }
        }
    }

    fn paint_area(&self, canvas: &Canvas<'_>, layer: &Layer) {
        if layer.lower.iter().zip(&layer.upper).all(|(lower, upper)| lower <= upper) {
            return;
        }
        let edge =
            |ys: &[f64]| -> Vec<Point> { ys.iter().enumerate().map(|(at, &y)| (self.x(at), y)).collect() };
        let mut outline = edge(&layer.upper);
        outline.extend(edge(&layer.lower).into_iter().rev());
        canvas.area(&outline, layer.colour, 1.0);
    }

    /// Draws the hairline between two layers where both are thick enough.
    fn paint_edges(&self, canvas: &Canvas<'_>, below: &Layer, above: &Layer) {
        let is_thick = |layer: &Layer, at: usize| layer.lower[at] - layer.upper[at] > THIN;
        let mut run: Vec<Point> = Vec::new();
        for at in 0..self.chart.months.len() {
            let (x, y) = (self.x(at), above.lower[at]);
            let thick = is_thick(below, at) && is_thick(above, at);
            if self.is_columns() {
                let half = self.column() / 2.0;
                if thick {
                    canvas.line((x - half, y), (x + half, y), HAIR, Colour::PAPER);
                }
                continue;
            }
            if thick {
                run.push((x, y));
            }
            if (!thick || at + 1 == self.chart.months.len()) && run.len() > 1 {
                canvas.path(&run, HAIR, Colour::PAPER);
            }
            if !thick {
                run.clear();
            }
        }
    }

    fn paint_names(&self, canvas: &Canvas<'_>) {
        let wanted: Vec<f64> = self.names.iter().map(|name| name.y).collect();
        let places = push_apart(&wanted, NAME_GAP, self.top - 2.0, self.bottom);
        let start = self.right() + 4.0;
        for (name, y) in self.names.iter().zip(places) {
            let end = start + LEADER - 10.0;
            canvas.path(&[(start, name.y), (end - 9.0, y), (end, y)], 1.5, name.colour);
            let mut x = end + 6.0;
            canvas.text_left(x, y, &name.text, name.kind, Colour::INK);
            x += name.kind.width(&name.text) + 7.0;
            canvas.text_left(x, y, &name.amount, name.kind, Colour::INK);
            x += name.kind.width(&name.amount) + 7.0;
            canvas.text_left(x, y, &name.share, NAME_TYPE, Colour::MUTED);
        }
    }
}

fn layers(chart: &StorageStack, y_of: impl Fn(Decimal) -> f64) -> Vec<Layer> {
    let mut heights = vec![Decimal::ZERO; chart.months.len()];
    let mut layers = Vec::new();
    for series in &chart.classes {
        let lower = heights.iter().map(|&height| y_of(height)).collect();
        for (at, height) in heights.iter_mut().enumerate() {
            *height = height.saturating_add(StorageStack::amount(series, at));
        }
        let upper = heights.iter().map(|&height| y_of(height)).collect();
        layers.push(Layer { colour: series.colour, lower, upper });
    }
    layers
}

/// The total and the classes worth a name, as many as fit, top first; those with the least go first.
fn names(chart: &StorageStack, layers: &[Layer], most: usize) -> Vec<Name> {
    let Some(end) = chart.months.len().checked_sub(1) else {
        return Vec::new();
    };
    let total = chart.total(end);
    let mut names: Vec<Name> = Vec::new();
    for (series, layer) in chart.classes.iter().zip(layers) {
        let amounts = (0..=end).map(|at| StorageStack::amount(series, at));
        if amounts.clone().all(|amount| amount.is_zero()) {
            continue;
        }
        let last = StorageStack::amount(series, end);
        let (amount, share) = (volume(last), share(last, total));
        let room = WIDEST_NAME - 14.0 - NAME_TYPE.width(&amount) - NAME_TYPE.width(&share);
        names.push(Name {
            text: NAME_TYPE.shorten_inside(&clean(&series.label), room),
            amount,
            share: if chart.incomplete { String::new() } else { share },
            kind: NAME_TYPE,
            colour: series.colour,
            y: f64::midpoint(layer.lower[end], layer.upper[end]),
            weight: sum(amounts),
        });
    }
    while names.len() + 1 > most.max(1) {
        let least = names.iter().enumerate().min_by_key(|(_, name)| name.weight).map_or(0, |(at, _)| at);
        names.remove(least);
    }
    if let (true, Some(top)) = (names.len() > 1 || chart.incomplete, layers.last()) {
        names.push(Name {
            text: "Total".to_owned(),
            amount: volume_bound(total, chart.incomplete),
            share: String::new(),
            kind: TOTAL_TYPE,
            colour: Colour::INK,
            y: top.upper[end],
            weight: total,
        });
    }
    // From the bottom up on the screen is from the last to the first place downwards.
    names.reverse();
    names
}

#[cfg(test)]
mod tests {
    use super::super::palette::storage_colour;
    use super::*;
    use crate::domain::StorageClass;

    fn chart(months: usize, classes: &[(&str, StorageClass, &[&str])]) -> StorageStack {
        StorageStack {
            caption: Caption {
                title: "A finding".to_owned(),
                subtitle: "Kept at the end of each month".to_owned(),
                footnote: String::new(),
            },
            months: (0..months).map(|at| format!("{:04}-{:02}", 2026 + at / 12, at % 12 + 1)).collect(),
            classes: classes
                .iter()
                .map(|(label, class, values)| Series {
                    label: (*label).to_owned(),
                    colour: storage_colour(*class),
                    values: values.iter().map(|value| value.parse().unwrap()).collect(),
                })
                .collect(),
            incomplete: false,
        }
    }

    fn count(svg: &str, text: &str) -> usize {
        svg.matches(&format!(">{text}</text>")).count()
    }

    const CLASSES: [(&str, StorageClass, &[&str]); 2] = [
        ("Deep Archive", StorageClass::DeepArchive, &["0", "1024", "3072"]),
        ("Standard", StorageClass::Standard, &["512", "512", "1024"]),
    ];

    #[test]
    fn names_last_amounts_shares_and_the_total() {
        let svg = chart(3, &CLASSES).svg();
        for text in ["Deep Archive", "3.0 TiB", "75%", "Standard", "1.0 TiB", "25%", "Total", "4.0 TiB"] {
            assert_eq!(count(&svg, text), 1, "{text} in {svg}");
        }
        for text in ["0", "1 TiB", "2 TiB", "Jan", "Feb", "Mar", "2026"] {
            assert!(count(&svg, text) >= 1, "{text} is missing in {svg}");
        }
        let spoken =
            "Total: 512 GiB in Jan 2026, 4.0 TiB in Mar 2026. Standard: 1.0 TiB. Deep Archive: 3.0 TiB";
        assert!(svg.contains(&format!("<desc>Kept at the end of each month. {spoken}</desc>")), "{svg}");
    }

    #[test]
    fn an_incomplete_total_is_a_lower_bound_without_shares() {
        let mut chart = chart(3, &CLASSES);
        chart.incomplete = true;
        let svg = chart.svg();
        assert_eq!((count(&svg, "≥ 4.0 TiB"), count(&svg, "75%")), (1, 0));
        for series in &mut chart.classes {
            series.values.clear();
        }
        assert_eq!(count(&chart.svg(), "unknown"), 1);
    }

    #[test]
    fn few_months_are_columns_and_many_are_areas() {
        let values = vec!["5"; 120];
        for (months, polygons) in [(1, 0), (24, 0), (25, 1), (120, 1)] {
            let svg = chart(months, &[("Standard", StorageClass::Standard, &values)]).svg();
            assert_eq!(svg.matches("<polygon").count(), polygons, "{months}");
            let filled = svg.matches("fill=\"#56B4E9\"").count();
            assert_eq!(filled, if polygons == 0 { months } else { 1 }, "{months}");
            assert_eq!(count(&svg, "Total"), 0, "one class is its own total");
        }
    }

    #[test]
    fn draws_nothing_and_extremes_sensibly() {
        let largest = "79228162514264337593543950335";
        for (months, values) in [
            (0, vec![]),
            (0, vec!["1"]),
            (12, vec![]),
            (40, vec!["0"; 40]),
            (2, vec![largest, "-1"]),
            (30, vec![largest; 30]),
        ] {
            let svg = chart(
                months,
                &[("a", StorageClass::Standard, &values), ("b", StorageClass::DeepArchive, &values)],
            )
            .svg();
            assert!(svg.contains("A finding") && !svg.contains("NaN"), "{months} {values:?}");
        }
    }
}

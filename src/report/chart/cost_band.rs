//! Cost month by month with its range: the likely cost as a line, P10 to P90 as a tinted band, totals above.

use rust_decimal::Decimal;

use super::axis::{Scale, Ticks};
use super::canvas::{Canvas, HAIR, Point};
use super::frame::{Caption, Frame, LEFT, RIGHT, draw_usual};
use super::labels::push_apart;
use super::month_axis::{self, MonthNames, month_labels, spoken_month};
use super::number::{bound, exact_money};
use super::palette::{Colour, ComponentGroup};
use super::text::{Type, clean};

const NAME_TYPE: Type = Type::regular(13.0);
const LIKELY_TYPE: Type = Type::bold(13.0);
const SPAN_TYPE: Type = Type::regular(12.0);
const SPAN_TOTAL_TYPE: Type = Type::bold(13.0);
const NAME_GAP: f64 = 18.0;
const LEADER: f64 = 26.0;
/// A lonely month needs no wide plot, and its names should be near.
const SINGLE_MONTH_WIDTH: f64 = 180.0;
/// Half the width of the band of a lonely month.
const SINGLE_MONTH_HALF: f64 = 22.0;
/// Room below the axis for months and years.
const MONTH_ROOM: f64 = 40.0;
/// Room above the highest value.
const TOP_ROOM: f64 = 12.0;
/// Room above that for the years' totals.
const SPAN_ROOM: f64 = 40.0;
const BAND_OPACITY: f64 = 0.2;
const BAND: Colour = ComponentGroup::DataEvents.colour();

/// A month's cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BandMonth {
    /// The cost that is exceeded nine times in ten (P10), in the chart's currency.
    pub low: Decimal,
    /// The likely cost, or the median.
    pub likely: Decimal,
    /// The cost that is exceeded once in ten times (P90).
    pub high: Decimal,
}

/// Consecutive months that are summed above the plot, usually a year.
#[derive(Debug, Clone)]
pub struct BandSpan {
    /// What the months are called, such as `2027`; label and total are left out where they are too long for it.
    pub label: String,
    /// How many months it takes, from the end of the span before.
    pub months: usize,
    /// Their likely cost, in the chart's currency.
    pub total: Decimal,
}

/// The likely cost over 1 to 120 consecutive months on a zero baseline, inside the band of its range.
#[derive(Debug, Clone)]
pub struct CostBand {
    /// The words around the chart.
    pub caption: Caption,
    /// Consecutive months as `2026-01`.
    pub months: Vec<String>,
    /// One per month; where there are fewer, line and band end early.
    pub costs: Vec<BandMonth>,
    /// Totals of years from the first month on; may be empty.
    pub spans: Vec<BandSpan>,
    /// What the line is called at its end, such as `Likely` or `P50`.
    pub line_name: String,
    /// Whether all amounts lack something unknown: they are written as `≥ $5.1k`. The footnote should say why.
    pub incomplete: bool,
    /// Written before every amount; a letter code is set off by a space.
    pub currency_symbol: String,
}

impl CostBand {
    /// The chart as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        draw_usual(&self.caption, self.description(), |canvas, frame| Plot::new(self, frame).paint(canvas))
    }

    fn drawn(&self) -> &[BandMonth] {
        &self.costs[..self.costs.len().min(self.months.len())]
    }

    fn amount(&self, amount: Decimal) -> String {
        let symbol = &self.currency_symbol;
        // Ends that three digits do not tell apart are written in cents, and all other amounts with them.
        let is_close = self.drawn().last().is_some_and(|last| {
            last.low != last.high && bound(last.low, symbol, false) == bound(last.high, symbol, false)
        });
        if !is_close || amount.is_zero() {
            return bound(amount, symbol, self.incomplete);
        }
        let at_least = if self.incomplete { "≥ " } else { "" };
        format!("{at_least}{}", exact_money(amount, 2, symbol))
    }

    fn description(&self) -> String {
        let mut parts = vec![self.caption.subtitle.clone()];
        let drawn = self.drawn();
        let mut say = |at: usize, cost: &BandMonth| {
            let month = self.months.get(at).map(|month| spoken_month(month)).unwrap_or_default();
            let range = format!("P10 {}, P90 {}", self.amount(cost.low), self.amount(cost.high));
            parts.push(format!("{month}: {} {}, {range}", self.line_name, self.amount(cost.likely)));
        };
        if let Some(first) = drawn.first() {
            say(0, first);
        }
        if let (Some(last), true) = (drawn.last(), drawn.len() > 1) {
            say(drawn.len() - 1, last);
        }
        let spans = self.spans.iter().map(|span| format!("{}: {}", span.label, self.amount(span.total)));
        parts.extend(spans);
        parts.join(". ")
    }
}

/// What stands at the right end of a curve.
struct Name {
    text: String,
    kind: Type,
    colour: Colour,
    y: f64,
}

/// All places, computed before anything is drawn.
struct Plot<'a> {
    chart: &'a CostBand,
    names: Vec<Name>,
    ticks: Ticks,
    scale: Scale,
    left: f64,
    right: f64,
    /// The top of the frame, and that of the plot beneath the years' totals.
    ceiling: f64,
    top: f64,
    bottom: f64,
}

impl<'a> Plot<'a> {
    fn new(chart: &'a CostBand, frame: &Frame) -> Self {
        let drawn = chart.drawn();
        let values = || drawn.iter().flat_map(|cost| [cost.low, cost.likely, cost.high]);
        let low = values().min().unwrap_or_default().min(Decimal::ZERO);
        let high = values().max().unwrap_or_default().max(Decimal::ZERO);
        let spans = if chart.spans.is_empty() { 0.0 } else { SPAN_ROOM };
        let (top, bottom) = (frame.top + spans + TOP_ROOM, frame.bottom - MONTH_ROOM);
        let ticks = Ticks::within(low, high);
        let scale = Scale::new(low, high, bottom, top);
        let names = names(chart, drawn.last(), &scale);
        let names_width = names.iter().map(|name| name.kind.width(&name.text)).fold(0.0, f64::max);
        let left = LEFT + ticks.label_width(&chart.currency_symbol) + 8.0;
        let widest = if chart.months.len() == 1 { SINGLE_MONTH_WIDTH } else { f64::INFINITY };
        let right = (RIGHT - names_width - LEADER).min(left + widest);
        Self { chart, names, ticks, scale, left, right, ceiling: frame.top, top, bottom }
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

    fn curve(&self, pick: impl Fn(&BandMonth) -> Decimal) -> Vec<Point> {
        let drawn = self.chart.drawn().iter().enumerate();
        drawn.map(|(at, cost)| (self.x(at), self.scale.at(pick(cost)))).collect()
    }

    fn paint(&self, canvas: &Canvas<'_>) {
        self.ticks.paint(canvas, &self.scale, self.left, self.right, &self.chart.currency_symbol);
        self.paint_spans(canvas);
        self.paint_band(canvas);
        let zero = self.scale.at(Decimal::ZERO);
        canvas.line((self.left, zero), (self.right, zero), HAIR, Colour::MUTED);
        let labels = month_labels(&self.chart.months, self.pitch(), &MonthNames::default());
        month_axis::paint(canvas, &labels, |at| self.x(at), self.bottom);

        let line = self.curve(|cost| cost.likely);
        if let (Some(&end), true) = (line.last(), line.len() > 1) {
            canvas.path(&line, 2.6, BAND);
            canvas.dot(end, 4.0, BAND);
        } else if let Some(&end) = line.last() {
            canvas.dot(end, 5.0, BAND);
        }
        self.paint_names(canvas);
    }

    fn paint_band(&self, canvas: &Canvas<'_>) {
        let (low, high) = (self.curve(|cost| cost.low), self.curve(|cost| cost.high));
        match (&high[..], &low[..]) {
            ([], _) | (_, []) => {}
            (&[(x, top)], &[(_, bottom)]) => {
                let (left, right) = (x - SINGLE_MONTH_HALF, x + SINGLE_MONTH_HALF);
                let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
                canvas.area(&corners, BAND, BAND_OPACITY);
            }
            _ => {
                let mut outline = high;
                outline.extend(low.iter().rev());
                canvas.area(&outline, BAND, BAND_OPACITY);
            }
        }
    }

    /// Writes the years' totals above the plot, each in the middle of its months, where they leave room for it.
    fn paint_spans(&self, canvas: &Canvas<'_>) {
        let months = self.chart.months.len();
        // A month reaches half-way to its neighbours.
        let edge = |at: usize| (self.left + (at as f64 - 0.5) * self.pitch()).clamp(self.left, self.right);
        let mut first = 0_usize;
        let mut places = Vec::new();
        for span in &self.chart.spans {
            let next = first.saturating_add(span.months).min(months);
            if next > first {
                let (from, to) =
                    if months == 1 { (self.left, self.right) } else { (edge(first), edge(next)) };
                places.push((span, from, to));
            }
            first = next;
        }
        let total = |span: &BandSpan| self.chart.amount(span.total);
        let y = self.ceiling + 8.0;
        for (at, &(span, from, to)) in places.iter().enumerate() {
            if at > 0 {
                canvas.line((from, self.ceiling), (from, self.bottom), HAIR, Colour::HAIRLINE);
            }
            let (centre, total) = (f64::midpoint(from, to), total(span));
            let label = clean(&span.label);
            let room = to - from - 8.0;
            // A year without its total, or a total without its year, would only puzzle.
            if SPAN_TYPE.width(&label).max(SPAN_TOTAL_TYPE.width(&total)) <= room {
                canvas.text_centred(centre, y, &label, SPAN_TYPE, Colour::MUTED);
                canvas.text_centred(centre, y + 17.0, &total, SPAN_TOTAL_TYPE, Colour::INK);
            }
        }
    }

    fn paint_names(&self, canvas: &Canvas<'_>) {
        let wanted: Vec<f64> = self.names.iter().map(|name| name.y).collect();
        let places = push_apart(&wanted, NAME_GAP, self.top, self.bottom);
        let drawn = self.chart.drawn().len();
        let lonely = if self.chart.months.len() == 1 { SINGLE_MONTH_HALF } else { 4.0 };
        let from = self.x(drawn.saturating_sub(1)) + lonely + 3.0;
        for (name, y) in self.names.iter().zip(places) {
            let end = self.right + LEADER - 7.0;
            let bend = (self.right + 12.0).max(from + 4.0);
            let path = [(from, name.y), (self.right.max(from) + 2.0, name.y), (bend, y), (end, y)];
            canvas.path(&path, HAIR, name.colour);
            canvas.text_left(end + 6.0, y, &name.text, name.kind, name.colour);
        }
    }
}

/// The names from top to bottom; a range that is no wider than the line has none.
fn names(chart: &CostBand, last: Option<&BandMonth>, scale: &Scale) -> Vec<Name> {
    let Some(last) = last else {
        return Vec::new();
    };
    let edge = |what: &str, amount: Decimal| Name {
        text: format!("{what} {}", chart.amount(amount)),
        kind: NAME_TYPE,
        colour: Colour::MUTED,
        y: scale.at(amount),
    };
    let likely = LIKELY_TYPE.shorten_inside(&clean(&chart.line_name), 110.0);
    let line = Name {
        text: format!("{likely} {}", chart.amount(last.likely)),
        kind: LIKELY_TYPE,
        colour: BAND.as_text(),
        y: scale.at(last.likely),
    };
    if last.low == last.high {
        return vec![line];
    }
    let mut names = vec![edge("P90", last.high), line, edge("P10", last.low)];
    names.sort_by(|one, two| one.y.total_cmp(&two.y));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(months: usize, costs: &[(&str, &str, &str)], spans: &[(&str, usize, &str)]) -> CostBand {
        CostBand {
            caption: Caption {
                title: "A finding".to_owned(),
                subtitle: "Per month, USD".to_owned(),
                footnote: String::new(),
            },
            months: (0..months).map(|at| format!("{:04}-{:02}", 2026 + at / 12, at % 12 + 1)).collect(),
            costs: costs
                .iter()
                .map(|(low, likely, high)| BandMonth {
                    low: low.parse().unwrap(),
                    likely: likely.parse().unwrap(),
                    high: high.parse().unwrap(),
                })
                .collect(),
            spans: spans
                .iter()
                .map(|&(label, months, total)| BandSpan {
                    label: label.to_owned(),
                    months,
                    total: total.parse().unwrap(),
                })
                .collect(),
            line_name: "Likely".to_owned(),
            incomplete: false,
            currency_symbol: "$".to_owned(),
        }
    }

    fn count(svg: &str, text: &str) -> usize {
        svg.matches(&format!(">{text}</text>")).count()
    }

    #[test]
    fn names_the_last_range_and_the_totals() {
        let costs = [("3900", "4500", "5000"); 24];
        let svg = chart(24, &costs, &[("2026", 12, "54000"), ("2027", 12, "55000")]).svg();
        for text in ["P90 $5.0k", "Likely $4.5k", "P10 $3.9k", "$54k", "$55k", "Jan"] {
            assert!(count(&svg, text) >= 1, "{text} is missing in {svg}");
        }
        assert_eq!(svg.matches("<polygon opacity=\"0.2\"").count(), 1);
        let spoken = "Jan 2026: Likely $4.5k, P10 $3.9k, P90 $5.0k. Dec 2027: Likely $4.5k";
        assert!(svg.contains(spoken) && svg.contains(". 2026: $54k. 2027: $55k</desc>"), "{svg}");
    }

    #[test]
    fn a_cost_without_a_range_is_only_a_line() {
        let svg = chart(2, &[("5", "5", "5"); 2], &[]).svg();
        assert_eq!((count(&svg, "Likely $5"), svg.contains("P90 $")), (1, true));
        assert_eq!((count(&svg, "P90 $5"), count(&svg, "P10 $5")), (0, 0));
    }

    #[test]
    fn one_month_is_a_dot_on_a_block() {
        let svg = chart(1, &[("300", "422", "600")], &[("2026", 1, "422")]).svg();
        assert!(svg.contains("<circle") && svg.contains("<polygon"));
        assert_eq!((count(&svg, "Likely $422"), count(&svg, "P90 $600"), count(&svg, "$422")), (1, 1, 1));
    }

    #[test]
    fn incomplete_amounts_are_lower_bounds() {
        let mut chart = chart(2, &[("3", "4", "5"); 2], &[("2026", 2, "8")]);
        chart.incomplete = true;
        let svg = chart.svg();
        assert_eq!((count(&svg, "P90 ≥ $5"), count(&svg, "Likely ≥ $4"), count(&svg, "≥ $8")), (1, 1, 1));
    }

    #[test]
    fn totals_without_room_are_left_out() {
        let spans = [("a", 1, "1000"); 120];
        let svg = chart(120, &[("3", "4", "5"); 120], &spans).svg();
        assert_eq!(count(&svg, "$1.0k"), 0);
    }

    #[test]
    fn draws_nothing_and_extremes_sensibly() {
        let largest = "79228162514264337593543950335";
        let lowest = format!("-{largest}");
        for (months, costs) in [
            (0, vec![]),
            (0, vec![("1", "2", "3")]),
            (12, vec![]),
            (12, vec![("1", "2", "3")]),
            (12, vec![("0", "0", "0"); 12]),
            (2, vec![(&*lowest, "0", largest); 2]),
        ] {
            let svg = chart(months, &costs, &[("all", usize::MAX, "9"), ("none", 5, "9")]).svg();
            assert!(svg.contains("A finding") && !svg.contains("NaN"), "{months} {costs:?}");
        }
    }
}

//! Which assumption moves the total most: a bar from the total at its low input to that at its high input.

use rust_decimal::Decimal;

use super::axis::{AXIS_TYPE, Ticks, float};
use super::canvas::{self, Canvas, HAIR, Spoken};
use super::frame::{Caption, Frame, LEFT, RIGHT};
use super::number::{bound, exact_money};
use super::palette::Colour;
use super::text::{Type, clean};

const LABEL_TYPE: Type = Type::regular(13.0);
const FIRST_LABEL_TYPE: Type = Type::bold(13.0);
const HEAD_TYPE: Type = Type::bold(12.0);
const TOTAL_TYPE: Type = Type::bold(13.0);
const INPUT_TYPE: Type = Type::regular(12.0);
const WIDEST_LABEL: f64 = 210.0;
const LABEL_LEADING: f64 = 16.0;
/// Inputs are cut to the first of these that leaves room for everything else.
const WIDEST_INPUTS: [f64; 4] = [105.0, 70.0, 40.0, 0.0];
/// Room above the rows for the heads of both sides.
const HEAD_ROOM: f64 = 28.0;
/// Room below the rows for the axis.
const AXIS_ROOM: f64 = 30.0;
/// Between a bar's end and its text, and between the parts of that text.
const GAP: f64 = 7.0;
/// Between the widest label and the leftmost text.
const LABEL_GAP: f64 = 18.0;
/// Bars get at least so much.
const LEAST_BARS: f64 = 60.0;
/// Rows beyond these say nothing.
const MOST_ROWS: usize = 8;
const FALLS: &str = "cost falls";
const RISES: &str = "cost rises";

/// One end of a [`TornadoRow`].
#[derive(Debug, Clone)]
pub struct TornadoEnd {
    /// The input as people write it, such as `1.1 KiB`; shortened where it is too long.
    pub input: String,
    /// The total with this input and every other one at its likely value, in the chart's currency.
    pub total: Decimal,
}

/// One input of [`Tornado`]. Either end may raise or lower the total; where an input has only one end, the bar has
/// one side.
#[derive(Debug, Clone)]
pub struct TornadoRow {
    /// The input's name; shortened where it is too long.
    pub label: String,
    /// The low input, if it has one.
    pub low: Option<TornadoEnd>,
    /// The high input, if it has one.
    pub high: Option<TornadoEnd>,
}

impl TornadoRow {
    fn ends(&self) -> impl Iterator<Item = &TornadoEnd> {
        self.low.iter().chain(&self.high)
    }

    /// The lowest and the highest total of this row, the likely one among them.
    #[must_use]
    pub fn range(&self, likely: Decimal) -> (Decimal, Decimal) {
        let totals = || self.ends().map(|end| end.total);
        (totals().fold(likely, Decimal::min), totals().fold(likely, Decimal::max))
    }

    /// How far this input moves the total.
    #[must_use]
    pub fn swing(&self, likely: Decimal) -> Decimal {
        let (low, high) = self.range(likely);
        high.saturating_sub(low)
    }
}

/// The inputs that move the total, the strongest on top, at most eight; the baseline is the likely total.
#[derive(Debug, Clone)]
pub struct Tornado {
    /// The words around the chart.
    pub caption: Caption,
    /// In any order.
    pub rows: Vec<TornadoRow>,
    /// The total with every input at its likely value, in the chart's currency.
    pub likely: Decimal,
    /// Whether the totals lack something unknown: they are written as `≥ $38k`. The footnote should say why.
    pub incomplete: bool,
    /// Written before every amount; a letter code is set off by a space.
    pub currency_symbol: String,
}

impl Tornado {
    /// The rows by falling swing, as many as are drawn; equal ones keep their order.
    #[must_use]
    pub fn strongest(&self) -> Vec<&TornadoRow> {
        let mut rows: Vec<&TornadoRow> = self.rows.iter().collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.swing(self.likely)));
        rows.truncate(MOST_ROWS);
        rows
    }

    /// The chart as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        let rows = self.strongest();
        let more = self.rows.len() - rows.len();
        let pitch = if rows.len() <= 5 { 46.0 } else { 40.0 };
        let rest = if more > 0 { 22.0 } else { 0.0 };
        let height = HEAD_ROOM + pitch * rows.len().max(1) as f64 + AXIS_ROOM + rest;
        let frame = Frame::around(&self.caption, height);
        let spoken = Spoken { title: self.caption.title.clone(), description: self.description(&rows) };
        canvas::draw(frame.height, &spoken, |canvas| {
            frame.paint(canvas);
            Plot::new(self, &rows, frame.top + HEAD_ROOM, pitch).paint(canvas);
            if more > 0 {
                let text = if more == 1 {
                    "1 more moves it less".to_owned()
                } else {
                    format!("{more} more move it less")
                };
                canvas.text_left(LEFT, frame.bottom - 8.0, &text, INPUT_TYPE, Colour::MUTED);
            }
        })
    }

    fn total(&self, amount: Decimal) -> String {
        let text = bound(amount, &self.currency_symbol, self.incomplete);
        match self.decimals() {
            Some(decimals) if !amount.is_zero() => {
                let bound = if self.incomplete { "≥ " } else { "" };
                format!("{bound}{}", exact_money(amount, decimals, &self.currency_symbol))
            }
            _ => text,
        }
    }

    /// So many decimals tell the totals of each row apart; nothing where three digits do.
    fn decimals(&self) -> Option<u32> {
        let tells = |text: &dyn Fn(Decimal) -> String| {
            self.strongest().iter().all(|row| {
                let (low, high) = row.range(self.likely);
                low == high || text(low) != text(high)
            })
        };
        let symbol = &self.currency_symbol;
        if tells(&|amount| bound(amount, symbol, false)) {
            return None;
        }
        Some(if tells(&|amount| exact_money(amount, 0, symbol)) { 0 } else { 2 })
    }

    fn description(&self, rows: &[&TornadoRow]) -> String {
        let rows = rows.iter().map(|row| {
            let ends = row.ends().map(|end| format!("{} at {}", self.total(end.total), end.input));
            format!("{}: {}", row.label, ends.collect::<Vec<_>>().join(", "))
        });
        let rows: Vec<_> = rows.collect();
        format!("{}. Likely: {}. {}", self.caption.subtitle, self.total(self.likely), rows.join("; "))
    }
}

/// One side of a bar: how far it reaches from the baseline, and what is written behind it.
#[derive(Default)]
struct Side {
    reach: Decimal,
    /// Where both ends lie on this side: the nearer one.
    inner: Option<Decimal>,
    /// Input and total, nearest the bar first.
    texts: Vec<(String, String)>,
}

impl Side {
    fn new(chart: &Tornado, mut ends: Vec<&TornadoEnd>, widest_input: f64) -> Self {
        let reach = |end: &TornadoEnd| end.total.saturating_sub(chart.likely).abs();
        // The farther end stands nearest to the bar, as the bar is as long as it.
        ends.sort_by_key(|end| std::cmp::Reverse(reach(end)));
        let text = |end: &&TornadoEnd| {
            (INPUT_TYPE.shorten_inside(&clean(&end.input), widest_input), chart.total(end.total))
        };
        Self {
            reach: ends.first().map(|end| reach(end)).unwrap_or_default(),
            inner: ends.get(1).map(|end| reach(end)),
            texts: ends.iter().map(text).collect(),
        }
    }

    /// How much room its text takes beyond the bar.
    fn text_width(&self) -> f64 {
        let widths = self.texts.iter().map(|(input, total)| {
            let input = if input.is_empty() { 0.0 } else { GAP + INPUT_TYPE.width(input) };
            GAP + TOTAL_TYPE.width(total) + input
        });
        widths.sum::<f64>() + 8.0 * self.texts.len().saturating_sub(1) as f64
    }
}

/// A row with both sides.
struct Bar {
    /// At most two lines.
    label: Vec<String>,
    falls: Side,
    rises: Side,
}

impl Bar {
    fn new(chart: &Tornado, row: &TornadoRow, kind: Type, widest_input: f64) -> Self {
        let likely = chart.likely;
        let (mut falls, mut rises): (Vec<_>, Vec<_>) = row.ends().partition(|end| end.total < likely);
        // An end that moves nothing stands opposite the other one.
        if falls.is_empty() && rises.len() == 2 {
            let still = rises.iter().position(|end| end.total == likely);
            falls.extend(still.map(|at| rises.remove(at)));
        }
        let label = kind.wrap(&clean(&row.label), WIDEST_LABEL, 2);
        let side = |ends| Side::new(chart, ends, widest_input);
        Self { label, falls: side(falls), rises: side(rises) }
    }
}

/// All places, computed before anything is drawn.
struct Plot<'a> {
    chart: &'a Tornado,
    bars: Vec<Bar>,
    label_end: f64,
    /// Where the likely total lies, and how many pixels a unit of currency takes.
    zero: f64,
    pixels: f64,
    top: f64,
    pitch: f64,
}

impl<'a> Plot<'a> {
    fn new(chart: &'a Tornado, rows: &[&TornadoRow], top: f64, pitch: f64) -> Self {
        let kind = |at: usize| if at == 0 { FIRST_LABEL_TYPE } else { LABEL_TYPE };
        let bars = |widest_input: f64| -> Vec<Bar> {
            let bar = |(at, row): (usize, &&TornadoRow)| Bar::new(chart, row, kind(at), widest_input);
            rows.iter().enumerate().map(bar).collect()
        };
        let start = |bars: &[Bar]| {
            let widths = bars
                .iter()
                .enumerate()
                .flat_map(|(at, bar)| bar.label.iter().map(move |line| kind(at).width(line)));
            LEFT + widths.fold(0.0, f64::max) + LABEL_GAP
        };
        let fitting = WIDEST_INPUTS.into_iter().map(bars).find(|bars| has_room(bars, start(bars)));
        let bars = fitting.unwrap_or_else(|| bars(0.0));
        let start = start(&bars);
        let (zero, pixels) = placed(&bars, start);
        let label_end = start - LABEL_GAP;
        Self { chart, bars, label_end, zero, pixels, top, pitch }
    }

    fn bottom(&self) -> f64 {
        self.top + self.pitch * self.bars.len() as f64
    }

    fn paint(&self, canvas: &Canvas<'_>) {
        self.paint_axis(canvas);
        let half = self.pitch * 0.31;
        for (at, bar) in self.bars.iter().enumerate() {
            let middle = self.top + self.pitch * (at as f64 + 0.5);
            let kind = if at == 0 { FIRST_LABEL_TYPE } else { LABEL_TYPE };
            let first = middle - LABEL_LEADING / 2.0 * bar.label.len().saturating_sub(1) as f64;
            for (line, text) in bar.label.iter().enumerate() {
                let y = first + LABEL_LEADING * line as f64;
                canvas.text_right(self.label_end, y, text, kind, Colour::INK);
            }
            self.paint_side(canvas, &bar.falls, (middle, half), -1.0, Colour::SAVING);
            self.paint_side(canvas, &bar.rises, (middle, half), 1.0, Colour::RISE);
        }
        canvas.line((self.zero, self.top - 4.0), (self.zero, self.bottom() + 4.0), 1.5, Colour::INK);

        let y = self.top - HEAD_ROOM / 2.0;
        if self.bars.iter().any(|bar| !bar.falls.reach.is_zero()) {
            canvas.text_right(self.zero - GAP, y, FALLS, HEAD_TYPE, Colour::SAVING.as_text());
        }
        if self.bars.iter().any(|bar| !bar.rises.reach.is_zero()) {
            canvas.text_left(self.zero + GAP, y, RISES, HEAD_TYPE, Colour::RISE.as_text());
        }
    }

    /// Draws a side in its direction, −1 to the left or 1 to the right.
    fn paint_side(
        &self,
        canvas: &Canvas<'_>,
        side: &Side,
        (middle, half): (f64, f64),
        way: f64,
        colour: Colour,
    ) {
        let x_of = |reach: Decimal| self.zero + way * float(reach) * self.pixels;
        let end = x_of(side.reach);
        if !side.reach.is_zero() {
            canvas.rect((self.zero, middle - half), (end, middle + half), colour);
        }
        if let Some(inner) = side.inner.filter(|inner| *inner < side.reach) {
            let x = x_of(inner);
            canvas.line((x, middle - half), (x, middle + half), 1.5, Colour::PAPER);
        }
        let mut x = end + way * GAP;
        if !side.texts.is_empty() {
            // A grid line must not strike the text through.
            let far = x + way * side.text_width();
            canvas.rect((x - way * 4.0, middle - 9.0), (far - way * 3.0, middle + 9.0), Colour::PAPER);
        }
        for (at, (input, total)) in side.texts.iter().enumerate() {
            x += if at == 0 { 0.0 } else { way * (GAP + 8.0) };
            let parts = [(total, TOTAL_TYPE, Colour::INK), (input, INPUT_TYPE, Colour::MUTED)];
            for (text, kind, colour) in parts {
                if way < 0.0 {
                    canvas.text_right(x, middle, text, kind, colour);
                } else {
                    canvas.text_left(x, middle, text, kind, colour);
                }
                x += way * kind.width(text);
                x += if std::ptr::eq(text, total) && !input.is_empty() { way * GAP } else { 0.0 };
            }
        }
    }

    /// Draws the round totals along the bottom, as far as they leave room for the likely one.
    fn paint_axis(&self, canvas: &Canvas<'_>) {
        let y = self.bottom() + 17.0;
        let symbol = &self.chart.currency_symbol;
        let likely = format!("likely {}", self.chart.total(self.chart.likely));
        let likely_half = HEAD_TYPE.width(&likely) / 2.0;
        let centre = self.zero.clamp(LEFT + likely_half, RIGHT - likely_half);
        canvas.text_centred(centre, y, &likely, HEAD_TYPE, Colour::INK);

        let reach = |pick: fn(&Bar) -> Decimal| self.bars.iter().map(pick).max().unwrap_or_default();
        let low = self.chart.likely.saturating_sub(reach(|bar| bar.falls.reach));
        let high = self.chart.likely.saturating_add(reach(|bar| bar.rises.reach));
        let ticks = Ticks::within(low, high);
        let mut taken = LEFT;
        for &value in &ticks.values {
            let away = float(value.saturating_sub(self.chart.likely)) * self.pixels;
            let (x, text) = (self.zero + away, ticks.label(value, symbol));
            let half = AXIS_TYPE.width(&text) / 2.0;
            let is_free = (x - centre).abs() > likely_half + half + 12.0;
            if is_free && x - half >= self.label_end.max(taken) && x + half <= RIGHT {
                taken = x + half + 12.0;
                canvas.line((x, self.top), (x, self.bottom()), HAIR, Colour::HAIRLINE);
                canvas.text_centred(x, y, &text, AXIS_TYPE, Colour::MUTED);
            }
        }
    }
}

/// The leftmost and the rightmost place of the baseline that leave every text its room, at so many pixels per unit.
fn bounds(bars: &[Bar], start: f64, pixels: f64) -> (f64, f64) {
    let reach = |side: &Side| float(side.reach) * pixels + side.text_width();
    let heads = HEAD_TYPE.width(FALLS).max(HEAD_TYPE.width(RISES)) + GAP;
    let low = bars.iter().map(|bar| start + reach(&bar.falls)).fold(start + heads, f64::max);
    let high = bars.iter().map(|bar| RIGHT - reach(&bar.rises)).fold(RIGHT - heads, f64::min);
    (low, high)
}

/// Whether the texts leave something for the bars.
fn has_room(bars: &[Bar], start: f64) -> bool {
    let (low, high) = bounds(bars, start, 0.0);
    high - low >= LEAST_BARS
}

/// Where the baseline lies right of `start`, and the pixels per unit: as many as leave every text its room.
fn placed(bars: &[Bar], start: f64) -> (f64, f64) {
    let longest = bars.iter().map(|bar| float(bar.falls.reach) + float(bar.rises.reach)).fold(0.0, f64::max);
    let (mut fits, mut too_many) = (0.0, if longest > 0.0 { (RIGHT - start) / longest } else { 0.0 });
    for _ in 0..50 {
        let pixels = f64::midpoint(fits, too_many);
        let (low, high) = bounds(bars, start, pixels);
        if low <= high { fits = pixels } else { too_many = pixels }
    }
    let (low, high) = bounds(bars, start, fits);
    (f64::midpoint(low, high), fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    type End<'a> = Option<(&'a str, &'a str)>;

    fn chart(likely: &str, rows: &[(&str, End<'_>, End<'_>)]) -> Tornado {
        let end = |end: &End<'_>| {
            end.map(|(input, total)| TornadoEnd { input: input.to_owned(), total: total.parse().unwrap() })
        };
        Tornado {
            caption: Caption {
                title: "A finding".to_owned(),
                subtitle: "Total of 3 years, USD".to_owned(),
                footnote: String::new(),
            },
            rows: rows
                .iter()
                .map(|(label, low, high)| TornadoRow {
                    label: (*label).to_owned(),
                    low: end(low),
                    high: end(high),
                })
                .collect(),
            likely: likely.parse().unwrap(),
            incomplete: false,
            currency_symbol: "$".to_owned(),
        }
    }

    fn shows(svg: &str, text: &str) -> bool {
        svg.contains(&format!(">{text}</text>"))
    }

    /// The `x` of a text on the canvas.
    fn x_of(svg: &str, text: &str) -> f64 {
        let line = svg.lines().find(|line| line.ends_with(&format!(">{text}</text>"))).unwrap();
        let (_, rest) = line.split_once(" x=\"").unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    }

    #[test]
    fn the_strongest_input_is_on_top_with_both_inputs_and_totals() {
        let svg = chart(
            "46000",
            &[
                ("Growth", Some(("5%", "44000")), Some(("20%", "49000"))),
                ("Bytes", Some(("1.1 KiB", "38000")), Some(("2.4 KiB", "61000"))),
            ],
        )
        .svg();
        for text in ["1.1 KiB", "$38k", "2.4 KiB", "$61k", "5%", "$44k", "likely $46k", FALLS, RISES] {
            assert!(shows(&svg, text), "{text} is missing in {svg}");
        }
        assert!(svg.find(">Bytes<") < svg.find(">Growth<"));
        assert!(svg.contains("fill=\"#009E73\"") && svg.contains("fill=\"#D55E00\""));
        assert!(svg.contains("Likely: $46k. Bytes: $38k at 1.1 KiB, $61k at 2.4 KiB; Growth"), "{svg}");
    }

    #[test]
    fn ends_stand_where_their_totals_lie() {
        for (low, high, expected) in [
            (Some(("few", "90")), Some(("many", "120")), (true, true)),
            (Some(("few", "120")), Some(("many", "90")), (false, false)),
            (Some(("few", "110")), Some(("many", "120")), (false, true)),
            (Some(("few", "80")), Some(("many", "90")), (true, false)),
            (Some(("few", "100")), Some(("many", "120")), (true, true)),
            (Some(("few", "80")), Some(("many", "100")), (true, true)),
        ] {
            let svg = chart("100", &[("Input", low, high)]).svg();
            let likely = x_of(&svg, "likely $100");
            let found = (x_of(&svg, "few") < likely, x_of(&svg, "many") > likely);
            assert_eq!(found, expected, "{low:?} {high:?}");
        }
    }

    #[test]
    fn a_missing_end_leaves_its_side_empty() {
        let svg = chart("100", &[("Discount", None, Some(("12%", "88")))]).svg();
        assert!(shows(&svg, FALLS) && !shows(&svg, RISES) && !svg.contains("fill=\"#D55E00\""));
    }

    #[test]
    fn incomplete_totals_are_lower_bounds() {
        let mut chart = chart("100", &[("Bytes", Some(("a", "90")), Some(("b", "130")))]);
        chart.incomplete = true;
        let svg = chart.svg();
        for text in ["≥ $90", "≥ $130", "likely ≥ $100"] {
            assert!(shows(&svg, text), "{text} is missing in {svg}");
        }
    }

    #[test]
    fn rows_beyond_the_eighth_are_counted() {
        let svg = chart("100", &[("row", Some(("a", "90")), None); 11]).svg();
        assert_eq!(svg.matches(">row</text>").count(), 8);
        assert!(shows(&svg, "3 more move it less"));
    }

    #[test]
    fn draws_nothing_and_extremes_sensibly() {
        let largest = "79228162514264337593543950335";
        let lowest = format!("-{largest}");
        for (likely, rows) in [
            ("0", vec![]),
            ("5", vec![("a", None, None)]),
            ("5", vec![("a", Some(("", "5")), Some(("", "5")))]),
            (largest, vec![("a", Some(("x", &*lowest)), Some(("y", largest)))]),
            (&*lowest, vec![("a", Some(("x", &*lowest)), Some(("y", largest)))]),
        ] {
            let svg = chart(likely, &rows).svg();
            assert!(svg.contains("A finding") && !svg.contains("NaN"), "{likely} {rows:?}");
        }
    }
}

//! From one amount to another in steps: a bar for each end, and between them a floating bar for each step.

use rust_decimal::Decimal;

use super::axis::{Scale, Ticks};
use super::canvas::{Canvas, HAIR};
use super::frame::{Caption, Frame, LEFT, RIGHT, draw_usual};
use super::number::{bound, change};
use super::palette::Colour;
use super::text::{Type, clean};

const AMOUNT_TYPE: Type = Type::bold(13.0);
const NAME_TYPE: Type = Type::regular(12.5);
const END_TYPE: Type = Type::bold(12.5);
const NAME_LEADING: f64 = 16.0;
const MOST_NAME_LINES: usize = 3;
/// Room above the bars for their amounts.
const AMOUNT_ROOM: f64 = 26.0;
const BAR_PART: f64 = 0.72;
const WIDEST_BAR: f64 = 110.0;
const WIDEST_PITCH: f64 = 190.0;

/// What a step is, as far as colour is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// Something known: a fall or a rise.
    Known,
    /// Something that nobody knows the reason of.
    Unexplained,
}

/// One step of a [`Waterfall`].
#[derive(Debug, Clone)]
pub struct WaterfallStep {
    /// What it is; wrapped to three lines.
    pub label: String,
    /// What it adds.
    pub amount: Decimal,
    /// What it is.
    pub kind: StepKind,
}

/// Bars from a start through steps to an end; each step begins where the one to its left ends.
#[derive(Debug, Clone)]
pub struct Waterfall {
    /// The words around the chart.
    pub caption: Caption,
    /// What the first bar is called.
    pub start_label: String,
    /// The first bar.
    pub start: Decimal,
    /// Whether the first bar lacks something unknown.
    pub incomplete: bool,
    /// From left to right; made for up to eight.
    pub steps: Vec<WaterfallStep>,
    /// What the last bar is called.
    pub end_label: String,
    /// The last bar.
    pub end: Decimal,
    /// Whether the last bar lacks something unknown.
    pub end_incomplete: bool,
    /// Written before every amount; a letter code is set off by a space.
    pub currency_symbol: String,
}

impl Waterfall {
    /// The chart as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        draw_usual(&self.caption, self.description(), |canvas, frame| Plot::new(self, frame).paint(canvas))
    }

    fn description(&self) -> String {
        let symbol = &self.currency_symbol;
        let mut parts = vec![format!("{}: {}", self.start_label, bound(self.start, symbol, self.incomplete))];
        parts
            .extend(self.steps.iter().map(|step| format!("{}: {}", step.label, change(step.amount, symbol))));
        parts.push(format!("{}: {}", self.end_label, bound(self.end, symbol, self.end_incomplete)));
        format!("{}. {}", self.caption.subtitle, parts.join("; "))
    }
}

/// One bar, before it has a place.
struct Bar {
    label: String,
    name: Type,
    from: Decimal,
    to: Decimal,
    amount: String,
    colour: Colour,
}

/// All places, computed before anything is drawn.
struct Plot {
    bars: Vec<Bar>,
    ticks: Ticks,
    scale: Scale,
    left: f64,
    first: f64,
    pitch: f64,
    bar: f64,
    bottom: f64,
    symbol: String,
}

impl Plot {
    fn new(chart: &Waterfall, frame: &Frame) -> Self {
        let bars = bars(chart);
        let ends = || bars.iter().flat_map(|bar| [bar.from, bar.to]);
        let low = ends().min().unwrap_or_default().min(Decimal::ZERO);
        let high = ends().max().unwrap_or_default().max(Decimal::ZERO);
        let ticks = Ticks::within(low, high);
        let left = LEFT + ticks.label_width(&chart.currency_symbol) + 8.0;
        let count = bars.len().max(1) as f64;
        let pitch = ((RIGHT - left) / count).min(WIDEST_PITCH);
        let lines = bars
            .iter()
            .map(|bar| bar.name.wrap(&bar.label, pitch - 8.0, MOST_NAME_LINES).len())
            .max()
            .unwrap_or(1);
        let bottom = frame.bottom - 10.0 - NAME_LEADING * lines as f64;
        let scale = Scale::new(low, high, bottom, frame.top + AMOUNT_ROOM);
        Self {
            ticks,
            scale,
            left,
            first: left + ((RIGHT - left) - pitch * count) / 2.0,
            pitch,
            bar: (pitch * BAR_PART).min(WIDEST_BAR),
            bottom,
            bars,
            symbol: chart.currency_symbol.clone(),
        }
    }

    fn middle(&self, at: usize) -> f64 {
        self.first + self.pitch * (at as f64 + 0.5)
    }

    fn paint(&self, canvas: &Canvas<'_>) {
        self.ticks.paint(canvas, &self.scale, self.left, RIGHT, &self.symbol);
        for (at, bar) in self.bars.iter().enumerate() {
            let (x, half) = (self.middle(at), self.bar / 2.0);
            let (from, to) = (self.scale.at(bar.from), self.scale.at(bar.to));
            if (from - to).abs() < 1.5 {
                // A step of next to nothing is a line, not a gap.
                canvas.line((x - half, to), (x + half, to), 2.0, bar.colour);
            } else {
                canvas.rect((x - half, from), (x + half, to), bar.colour);
            }
            if at + 1 < self.bars.len() {
                let next = self.middle(at + 1) - half;
                canvas.line((x + half, to), (next, to), HAIR, Colour::MUTED);
            }
        }
        let zero = self.scale.at(Decimal::ZERO);
        canvas.line((self.left, zero), (RIGHT, zero), HAIR, Colour::MUTED);
        for (at, bar) in self.bars.iter().enumerate() {
            let x = self.middle(at);
            let y = self.scale.at(bar.from).min(self.scale.at(bar.to)) - 14.0;
            let amount = AMOUNT_TYPE.shorten(&bar.amount, self.pitch - 10.0);
            let half = AMOUNT_TYPE.width(&amount) / 2.0 + 3.0;
            // A grid line must not strike the amount through.
            canvas.rect((x - half, y - 8.0), (x + half, y + 8.0), Colour::PAPER);
            canvas.text_centred(x, y, &amount, AMOUNT_TYPE, Colour::INK);
            let lines = bar.name.wrap(&bar.label, self.pitch - 8.0, MOST_NAME_LINES);
            for (line, text) in lines.iter().enumerate() {
                let y = self.bottom + 16.0 + NAME_LEADING * line as f64;
                canvas.text_centred(x, y, text, bar.name, Colour::INK);
            }
        }
    }
}

fn bars(chart: &Waterfall) -> Vec<Bar> {
    let symbol = &chart.currency_symbol;
    let end = |label: &str, to: Decimal, incomplete: bool| Bar {
        label: clean(label),
        name: END_TYPE,
        from: Decimal::ZERO,
        to,
        amount: bound(to, symbol, incomplete),
        colour: Colour::TOTAL,
    };
    let mut bars = vec![end(&chart.start_label, chart.start, chart.incomplete)];
    let mut running = chart.start;
    for step in &chart.steps {
        let from = running;
        running = running.saturating_add(step.amount);
        bars.push(Bar {
            label: clean(&step.label),
            name: NAME_TYPE,
            from,
            to: running,
            amount: change(step.amount, symbol),
            colour: match step.kind {
                StepKind::Unexplained => Colour::UNEXPLAINED,
                StepKind::Known if step.amount <= Decimal::ZERO => Colour::SAVING,
                StepKind::Known => Colour::RISE,
            },
        });
    }
    bars.push(end(&chart.end_label, chart.end, chart.end_incomplete));
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(start: &str, steps: &[(&str, &str, StepKind)], end: &str) -> Waterfall {
        Waterfall {
            caption: Caption {
                title: "A finding".to_owned(),
                subtitle: "June, USD".to_owned(),
                footnote: String::new(),
            },
            start_label: "Estimate".to_owned(),
            start: start.parse().unwrap(),
            incomplete: false,
            steps: steps
                .iter()
                .map(|(label, amount, kind)| WaterfallStep {
                    label: (*label).to_owned(),
                    amount: amount.parse().unwrap(),
                    kind: *kind,
                })
                .collect(),
            end_label: "Billed".to_owned(),
            end: end.parse().unwrap(),
            end_incomplete: false,
            currency_symbol: "$".to_owned(),
        }
    }

    fn tops(svg: &str, colour: Colour) -> Vec<(f64, f64)> {
        let fill = format!("#{:02X}{:02X}{:02X}", colour.red, colour.green, colour.blue);
        let number = |line: &str, name: &str| -> f64 {
            line.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
        };
        svg.lines()
            .filter(|line| line.starts_with("<rect") && line.contains(&fill))
            .map(|line| (number(line, "y"), number(line, "y") + number(line, "height")))
            .collect()
    }

    #[test]
    fn each_step_begins_where_the_last_one_ended() {
        let steps = [("Discount", "-120", StepKind::Known), ("No reason", "40", StepKind::Unexplained)];
        let svg = chart("400", &steps, "320").svg();
        for text in ["Estimate", "$400", "Discount", "−$120", "No reason", "+$40", "Billed", "$320"] {
            assert!(svg.contains(&format!(">{text}</text>")), "{text} is missing in {svg}");
        }
        let (totals, fall) = (tops(&svg, Colour::TOTAL), tops(&svg, Colour::SAVING));
        let rest = tops(&svg, Colour::UNEXPLAINED);
        let near = |one: f64, two: f64| (one - two).abs() < 12.0;
        assert!(near(fall[0].0, totals[0].0), "the fall begins at the top of the estimate");
        assert!(near(rest[0].1, fall[0].1), "what is unexplained begins where the fall ends");
        assert!(near(totals[1].0, rest[0].0), "the bill ends where it ends");
        assert!(svg.contains(
            "<desc>June, USD. Estimate: $400; Discount: −$120; No reason: +$40; Billed: $320</desc>"
        ));
    }

    #[test]
    fn draws_nothing_and_extremes_sensibly() {
        let largest = "79228162514264337593543950335";
        for svg in [
            chart("0", &[], "0").svg(),
            chart(largest, &[("a", largest, StepKind::Known)], largest).svg(),
            chart("10", &[("a", "-30", StepKind::Known), ("b", "0.001", StepKind::Unexplained)], "-20").svg(),
        ] {
            assert!(svg.contains("A finding") && !svg.contains("NaN") && !svg.contains("inf"));
        }
    }
}

//! Cost by component over a few years: one stacked bar per year, the components named at the last bar.

use rust_decimal::Decimal;

use super::axis::{Scale, Ticks};
use super::canvas::{Canvas, HAIR};
use super::frame::{Caption, Frame, LEFT, RIGHT, draw_usual};
use super::labels::{capacity, push_apart};
use super::number::{bound, money, share};
use super::palette::Colour;
use super::series::{Series, sum};
use super::text::{Type, clean};

const TOTAL_TYPE: Type = Type::bold(14.0);
/// For totals of narrow bars.
const SMALL_TOTAL_TYPE: Type = Type::bold(12.0);
const AMOUNT_TYPE: Type = Type::regular(12.0);
const NAME_TYPE: Type = Type::regular(13.0);
/// Room above the bars for their totals.
const TOTAL_ROOM: f64 = 26.0;
/// Room below the bars for the categories.
const CATEGORY_ROOM: f64 = 28.0;
const NAME_GAP: f64 = 18.0;
const LEADER: f64 = 26.0;
const WIDEST_NAME: f64 = 250.0;
const WIDEST_BAR: f64 = 200.0;
/// Bars beyond this distance look unrelated.
const WIDEST_PITCH: f64 = 320.0;
const BAR_PART: f64 = 0.66;
/// A segment lower than this holds no amount.
const AMOUNT_ROOM: f64 = 15.0;

/// Stacked bars with totals above, amounts inside where they fit, and the components named at the right with their
/// share of the grand total.
///
/// Negative amounts, such as credits, stack downwards from zero; a total is the net sum.
#[derive(Debug, Clone)]
pub struct StackedBars {
    /// The words around the chart.
    pub caption: Caption,
    /// One bar each, usually years; made for up to ten.
    pub categories: Vec<String>,
    /// The components, bottom first.
    pub series: Vec<Series>,
    /// Written before every amount; a letter code is set off by a space.
    pub currency_symbol: String,
    /// Whether the totals lack something unknown.
    pub incomplete: bool,
}

impl StackedBars {
    /// The chart as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        draw_usual(&self.caption, self.description(), |canvas, frame| Plot::new(self, frame).paint(canvas))
    }

    fn description(&self) -> String {
        let totals = self.categories.iter().enumerate().map(|(at, category)| {
            let total = sum(self.series.iter().map(|series| series.value(at)));
            format!("{category}: {}", bound(total, &self.currency_symbol, self.incomplete))
        });
        format!("{}. {}", self.caption.subtitle, totals.collect::<Vec<_>>().join("; "))
    }
}

/// A component's part of one bar.
struct Segment<'a> {
    series: &'a Series,
    amount: Decimal,
    from: Decimal,
    to: Decimal,
}

/// One bar, before it has a place.
struct Stack<'a> {
    segments: Vec<Segment<'a>>,
    low: Decimal,
    high: Decimal,
    total: Decimal,
}

impl<'a> Stack<'a> {
    fn new(series: &'a [Series], at: usize) -> Self {
        let (mut low, mut high) = (Decimal::ZERO, Decimal::ZERO);
        let mut segments = Vec::new();
        for series in series {
            let amount = series.value(at);
            let end = if amount.is_sign_negative() { &mut low } else { &mut high };
            let from = *end;
            *end = end.saturating_add(amount);
            segments.push(Segment { series, amount, from, to: *end });
        }
        let total = sum(segments.iter().map(|segment| segment.amount));
        Self { segments, low, high, total }
    }
}

/// A component's name beside the last bar.
struct Name {
    text: String,
    share: String,
    colour: Colour,
    /// The middle of its segment.
    y: f64,
    weight: Decimal,
}

impl Name {
    fn width(&self) -> f64 {
        NAME_TYPE.width(&self.text) + 8.0 + NAME_TYPE.width(&self.share)
    }
}

/// All places, computed before anything is drawn.
struct Plot<'a> {
    chart: &'a StackedBars,
    stacks: Vec<Stack<'a>>,
    names: Vec<Name>,
    ticks: Ticks,
    scale: Scale,
    left: f64,
    first_bar: f64,
    pitch: f64,
    bar: f64,
    top: f64,
    bottom: f64,
}

impl<'a> Plot<'a> {
    fn new(chart: &'a StackedBars, frame: &Frame) -> Self {
        let stacks: Vec<_> = (0..chart.categories.len()).map(|at| Stack::new(&chart.series, at)).collect();
        let low = stacks.iter().map(|stack| stack.low).min().unwrap_or_default();
        let high = stacks.iter().map(|stack| stack.high).max().unwrap_or_default();
        let (top, bottom) = (frame.top + TOTAL_ROOM, frame.bottom - CATEGORY_ROOM);
        let ticks = Ticks::within(low, high);
        let scale = Scale::new(low, high, bottom, top);

        let names = names(chart, stacks.last(), &scale, capacity(frame.top, bottom, NAME_GAP));
        let names_width = names.iter().map(Name::width).fold(0.0, f64::max);
        let left = LEFT + ticks.label_width(&chart.currency_symbol) + 8.0;
        let right = if names.is_empty() { RIGHT } else { RIGHT - names_width - LEADER - 6.0 };

        // Half a gap before the first bar, none after the last one: its leaders start there.
        let count = stacks.len().max(1) as f64;
        let before = (1.0 - BAR_PART) / 2.0;
        let pitch = ((right - left) / (count - 1.0 + BAR_PART + before)).min(WIDEST_PITCH);
        let bar = (pitch * BAR_PART).min(WIDEST_BAR);
        Self {
            chart,
            stacks,
            names,
            ticks,
            scale,
            left,
            first_bar: left + pitch * before,
            pitch,
            bar,
            top,
            bottom,
        }
    }

    fn right(&self) -> f64 {
        self.bar_left(self.stacks.len().saturating_sub(1)) + self.bar
    }

    fn bar_left(&self, at: usize) -> f64 {
        self.first_bar + at as f64 * self.pitch
    }

    fn paint(&self, canvas: &Canvas<'_>) {
        let end = if self.names.is_empty() { RIGHT.min(self.right() + self.bar) } else { self.right() };
        self.ticks.paint(canvas, &self.scale, self.left, end, &self.chart.currency_symbol);
        for (at, stack) in self.stacks.iter().enumerate() {
            self.paint_stack(canvas, stack, self.bar_left(at));
        }
        let zero = self.scale.at(Decimal::ZERO);
        canvas.line((self.left, zero), (end, zero), HAIR, Colour::MUTED);
        self.paint_totals(canvas);
        self.paint_categories(canvas);
        self.paint_names(canvas);
    }

    fn paint_stack(&self, canvas: &Canvas<'_>, stack: &Stack<'_>, x: f64) {
        for segment in &stack.segments {
            let (from, to) = (self.scale.at(segment.from), self.scale.at(segment.to));
            if segment.amount.is_zero() {
                continue;
            }
            canvas.rect((x, from), (x + self.bar, to), segment.series.colour);
            let amount = money(segment.amount, &self.chart.currency_symbol);
            let fits = (from - to).abs() >= AMOUNT_ROOM && AMOUNT_TYPE.width(&amount) + 8.0 <= self.bar;
            if fits {
                let colour = segment.series.colour.text_on_it();
                canvas.text_centred(
                    x + self.bar / 2.0,
                    f64::midpoint(from, to),
                    &amount,
                    AMOUNT_TYPE,
                    colour,
                );
            }
        }
        for segment in &stack.segments {
            let (from, to) = (self.scale.at(segment.from), self.scale.at(segment.to));
            // A hairline above a segment thinner than itself would wipe it out.
            if !segment.from.is_zero() && (from - to).abs() > 2.0 * HAIR {
                canvas.line((x, from), (x + self.bar, from), HAIR, Colour::PAPER);
            }
        }
    }

    fn paint_totals(&self, canvas: &Canvas<'_>) {
        let labels: Vec<String> = self
            .stacks
            .iter()
            .map(|stack| bound(stack.total, &self.chart.currency_symbol, self.chart.incomplete))
            .collect();
        let widest = |kind: Type| labels.iter().map(|label| kind.width(label)).fold(0.0, f64::max);
        let kind = if widest(TOTAL_TYPE) + 14.0 > self.pitch { SMALL_TOTAL_TYPE } else { TOTAL_TYPE };
        let widest = widest(kind);
        // A total wider than its bar must not run into the names at the right.
        let limit = self.right() + LEADER - 10.0;
        let shift = (self.right() - self.bar / 2.0 + widest / 2.0 - limit).max(0.0);
        for (at, (stack, label)) in self.stacks.iter().zip(&labels).enumerate() {
            if !self.is_labelled(at, widest + shift) {
                continue;
            }
            let x = (self.bar_left(at) + self.bar / 2.0).min(limit - kind.width(label) / 2.0);
            let y = self.scale.at(stack.high) - 14.0;
            let half = kind.width(label) / 2.0 + 5.0;
            // A grid line must not strike the total through.
            canvas.rect((x - half, y - 9.0), (x + half, y + 9.0), Colour::PAPER);
            canvas.text_centred(x, y, label, kind, Colour::INK);
        }
    }

    fn paint_categories(&self, canvas: &Canvas<'_>) {
        let room = if self.stacks.len() > 1 { self.pitch - 6.0 } else { self.right() - self.left };
        let widest =
            self.chart.categories.iter().map(|name| NAME_TYPE.width(&clean(name))).fold(0.0, f64::max);
        let shown_width = widest.min(room.max(48.0));
        for (at, name) in self.chart.categories.iter().enumerate() {
            if self.is_labelled(at, shown_width) {
                let name = NAME_TYPE.shorten(&clean(name), room.max(48.0));
                let x = self.bar_left(at) + self.bar / 2.0;
                canvas.text_centred(x, self.bottom + 16.0, &name, NAME_TYPE, Colour::INK);
            }
        }
    }

    /// Whether a bar has a label where all labels are so wide: every bar, or every n-th counted from the last one.
    fn is_labelled(&self, at: usize, width: f64) -> bool {
        let every = ((width + 6.0) / self.pitch).ceil().max(1.0) as usize;
        self.stacks.len().saturating_sub(at + 1).is_multiple_of(every)
    }

    fn paint_names(&self, canvas: &Canvas<'_>) {
        let wanted: Vec<f64> = self.names.iter().map(|name| name.y).collect();
        let places = push_apart(&wanted, NAME_GAP, self.top - TOTAL_ROOM / 2.0, self.bottom);
        let start = self.right() + 5.0;
        for (name, y) in self.names.iter().zip(places) {
            let end = start + LEADER - 8.0;
            canvas.path(&[(start, name.y), (end - 8.0, y), (end, y)], 1.5, name.colour);
            canvas.text_left(end + 6.0, y, &name.text, NAME_TYPE, Colour::INK);
            let after = end + 6.0 + NAME_TYPE.width(&name.text) + 8.0;
            canvas.text_left(after, y, &name.share, NAME_TYPE, Colour::MUTED);
        }
    }
}

/// The components worth a name, as many as fit; the smallest go first.
fn names(chart: &StackedBars, last: Option<&Stack<'_>>, scale: &Scale, most: usize) -> Vec<Name> {
    let count = chart.categories.len();
    let grand_total = sum(chart.series.iter().map(|series| series.sum(count)));
    let mut names: Vec<Name> = Vec::new();
    for segment in last.map_or(&[][..], |stack| &stack.segments) {
        let amount = segment.series.sum(count);
        if (0..count).all(|at| segment.series.value(at).is_zero()) {
            continue;
        }
        let share = share(amount, grand_total);
        let room = WIDEST_NAME - NAME_TYPE.width(&share) - 8.0;
        names.push(Name {
            text: NAME_TYPE.shorten_inside(&clean(&segment.series.label), room),
            share,
            colour: segment.series.colour,
            y: f64::midpoint(scale.at(segment.from), scale.at(segment.to)),
            weight: amount.abs(),
        });
    }
    while names.len() > most {
        let smallest = names.iter().enumerate().min_by_key(|(_, name)| name.weight).map_or(0, |(at, _)| at);
        names.remove(smallest);
    }
    // From the bottom up on the screen is from the last to the first place downwards.
    names.reverse();
    names
}

#[cfg(test)]
mod tests {
    use super::super::number::headline_money;
    use super::super::palette::ComponentGroup;
    use super::*;

    fn chart(categories: &[&str], series: &[(&str, &[&str])]) -> StackedBars {
        StackedBars {
            incomplete: false,
            caption: Caption {
                title: "A finding".to_owned(),
                subtitle: "Cost per year, USD".to_owned(),
                footnote: "List prices".to_owned(),
            },
            categories: categories.iter().map(|&name| name.to_owned()).collect(),
            series: series
                .iter()
                .map(|(label, values)| Series {
                    label: (*label).to_owned(),
                    colour: ComponentGroup::DataEvents.colour(),
                    values: values.iter().map(|value| value.parse().unwrap()).collect(),
                })
                .collect(),
            currency_symbol: "$".to_owned(),
        }
    }

    fn assert_shows(svg: &str, texts: &[&str]) {
        for text in texts {
            assert!(svg.contains(&format!(">{text}</text>")), "{text} is missing in {svg}");
        }
    }

    #[test]
    fn shows_finding_totals_amounts_and_shares() {
        let svg = chart(&["2027", "2028"], &[("Copies", &["4800", "9600"]), ("Lambda", &["60", "60"])]).svg();
        assert_shows(&svg, &["A finding", "Cost per year, USD", "List prices", "2027", "2028"]);
        assert_shows(&svg, &["$4.9k", "$9.7k", "$4.8k", "$9.6k", "Copies", "99%", "Lambda", "1%"]);
        assert!(svg.contains("<desc>Cost per year, USD. 2027: $4.9k; 2028: $9.7k</desc>"));
        assert_eq!(headline_money("14520".parse().unwrap(), "$"), "$14.5k");
    }

    #[test]
    fn draws_nothing_sensibly() {
        assert_shows(&chart(&[], &[]).svg(), &["A finding", "$0"]);
        assert_shows(&chart(&["2027"], &[]).svg(), &["2027", "$0"]);
        let zero = chart(&["2027"], &[("Copies", &["0"]), ("Short", &[])]).svg();
        assert_shows(&zero, &["2027", "$0"]);
        assert!(!zero.contains("Copies"), "nothing to name");
        assert!(!zero.contains("NaN") && !zero.contains("inf"));
    }

    #[test]
    fn credits_stack_downwards_and_lower_the_total() {
        let svg = chart(&["2027"], &[("Copies", &["1000"]), ("Credit", &["-400"])]).svg();
        assert_shows(&svg, &["$600", "−$400", "Copies", "Credit"]);
    }

    #[test]
    fn the_largest_decimals_draw() {
        let largest = "79228162514264337593543950335";
        assert!(chart(&["2027"], &[("a", &[largest]), ("b", &[largest])]).svg().contains("T</text>"));
    }

    #[test]
    fn more_components_than_fit_lose_the_smallest_names_only() {
        let labels: Vec<String> = (10..70).map(|n| format!("part {n}")).collect();
        let values: Vec<String> = (10..70).map(|n: u32| n.to_string()).collect();
        let values: Vec<[&str; 1]> = values.iter().map(|value| [value.as_str()]).collect();
        let series: Vec<(&str, &[&str])> =
            labels.iter().zip(&values).map(|(label, value)| (label.as_str(), &value[..])).collect();
        let svg = chart(&["2027"], &series).svg();
        assert_shows(&svg, &["part 69"]);
        assert!(!svg.contains(">part 10<"));
    }
}

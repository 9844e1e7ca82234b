//! Counts by day: a stacked column a day, numbered marks where something changed, and what they mean beneath.

use rust_decimal::Decimal;

use super::axis::{AXIS_TYPE, Scale, Ticks};
use super::canvas::{self, Canvas, HAIR, Spoken};
use super::frame::{Caption, Frame, LEFT, RIGHT};
use super::number::money;
use super::palette::Colour;
use super::series::{Series, sum};
use super::text::{Type, clean};

const PLOT_HEIGHT: f64 = 300.0;
/// Room above the columns for the numbers of marks.
const MARK_ROOM: f64 = 26.0;
/// Room below the columns for the days.
const DAY_ROOM: f64 = 26.0;
const MARK_LINE: f64 = 20.0;
const KEY_ROOM: f64 = 26.0;
const MARK_TYPE: Type = Type::bold(12.0);
const NOTE_TYPE: Type = Type::regular(12.0);
const KEY_TYPE: Type = Type::regular(13.0);
const SWATCH: f64 = 11.0;
const BADGE: f64 = 9.0;
const WIDEST_COLUMN: f64 = 48.0;
const COLUMN_PART: f64 = 0.78;
/// Days are named at least so far apart.
const DAY_GAP: f64 = 14.0;
/// Marks beyond these are counted instead of explained.
const MOST_MARKS: usize = 6;

/// Something that happened on a day.
#[derive(Debug, Clone)]
pub struct DayMark {
    /// The day's position.
    pub day: usize,
    /// What happened; cut where it is too long.
    pub note: String,
}

/// One stacked column a day from zero; made for up to a few hundred days.
#[derive(Debug, Clone)]
pub struct DailyColumns {
    /// The words around the chart.
    pub caption: Caption,
    /// The days, named beneath as far as there is room.
    pub days: Vec<String>,
    /// The parts of each column, bottom first.
    pub series: Vec<Series>,
    /// What happened, in the order of the days.
    pub marks: Vec<DayMark>,
}

impl DailyColumns {
    /// The chart as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        let marks = self.marks.len().min(MOST_MARKS) + usize::from(self.marks.len() > MOST_MARKS);
        let height = KEY_ROOM + PLOT_HEIGHT + marks as f64 * MARK_LINE;
        let frame = Frame::around(&self.caption, height);
        let spoken = Spoken { title: self.caption.title.clone(), description: self.description() };
        canvas::draw(frame.height, &spoken, |canvas| {
            frame.paint_around(canvas, self.days.is_empty(), |canvas| self.paint(canvas, frame.top));
        })
    }

    fn total(&self, day: usize) -> Decimal {
        sum(self.series.iter().map(|own| own.value(day)))
    }

    fn description(&self) -> String {
        let totals =
            self.days.iter().enumerate().map(|(at, day)| format!("{day}: {}", money(self.total(at), "")));
        let marks = self
            .marks
            .iter()
            .map(|own| format!("{}: {}", self.days.get(own.day).map_or("", String::as_str), own.note));
        let parts: Vec<String> = totals.chain(marks).collect();
        format!("{}. {}", self.caption.subtitle, parts.join("; "))
    }

    fn paint(&self, canvas: &Canvas<'_>, top: f64) {
        self.paint_key(canvas, top + KEY_ROOM / 2.0 - 6.0);
        let top = top + KEY_ROOM;
        let bottom = top + PLOT_HEIGHT - DAY_ROOM;
        let high = (0..self.days.len()).map(|day| self.total(day)).max().unwrap_or_default();
        let ticks = Ticks::within(Decimal::ZERO, high);
        let scale = Scale::new(Decimal::ZERO, high, bottom, top + MARK_ROOM);
        let left = LEFT + ticks.label_width("") + 8.0;
        ticks.paint(canvas, &scale, left, RIGHT, "");
        let pitch = ((RIGHT - left) / self.days.len().max(1) as f64).min(WIDEST_COLUMN);
        let middle = |day: usize| left + pitch * (day as f64 + 0.5);
        let half = pitch * COLUMN_PART / 2.0;
        for day in 0..self.days.len() {
            let mut from = Decimal::ZERO;
            for own in self.series.iter().filter(|own| !own.value(day).is_zero()) {
                let to = from.saturating_add(own.value(day));
                let (low, high) = (scale.at(from), scale.at(to));
                canvas.rect((middle(day) - half, low), (middle(day) + half, high), own.colour);
                from = to;
            }
        }
        canvas.line((left, bottom), (RIGHT, bottom), HAIR, Colour::MUTED);
        self.paint_days(canvas, bottom + DAY_ROOM / 2.0 + 1.0, &middle, pitch);
        self.paint_marks(canvas, (top + BADGE + 1.0, bottom), &middle);
    }

    /// Names the series in the order of the stack, from left to right.
    fn paint_key(&self, canvas: &Canvas<'_>, y: f64) {
        let mut x = LEFT;
        for own in &self.series {
            let label = KEY_TYPE.shorten(&clean(&own.label), 220.0);
            let width = SWATCH + 6.0 + KEY_TYPE.width(&label);
            if x + width > RIGHT {
                return;
            }
            canvas.rect((x, y - SWATCH / 2.0), (x + SWATCH, y + SWATCH / 2.0), own.colour);
            canvas.text_left(x + SWATCH + 6.0, y, &label, KEY_TYPE, Colour::INK);
            x += width + 22.0;
        }
    }

    fn paint_days(&self, canvas: &Canvas<'_>, y: f64, middle: &dyn Fn(usize) -> f64, pitch: f64) {
        let names: Vec<String> = self.days.iter().map(|own| clean(own)).collect();
        let widest = names.iter().map(|own| AXIS_TYPE.width(own)).fold(1.0, f64::max);
        // Every day, else every so many days that names stay apart.
        let every = ((widest + DAY_GAP) / pitch).ceil().max(1.0) as usize;
        for (day, name) in names.iter().enumerate().step_by(every) {
            let half = AXIS_TYPE.width(name) / 2.0;
            let x = middle(day).clamp(LEFT + half, RIGHT - half);
            canvas.text_centred(x, y, name, AXIS_TYPE, Colour::MUTED);
        }
    }

    fn paint_marks(&self, canvas: &Canvas<'_>, (top, bottom): (f64, f64), middle: &dyn Fn(usize) -> f64) {
        let shown = &self.marks[..self.marks.len().min(MOST_MARKS)];
        let mut y = bottom + DAY_ROOM + MARK_LINE / 2.0;
        let mut last = f64::NEG_INFINITY;
        for (at, mark) in shown.iter().enumerate() {
            let number = (at + 1).to_string();
            // Marks of neighbouring days stand side by side.
            let x = middle(mark.day).max(last + 2.0 * BADGE + 2.0).min(RIGHT - BADGE);
            if x > last {
                canvas.dashed((middle(mark.day), top + BADGE), (middle(mark.day), bottom), HAIR, Colour::INK);
                canvas.dot((x, top), BADGE, Colour::INK);
                canvas.text_centred(x, top, &number, MARK_TYPE, Colour::ON_DARK);
                last = x;
            }
            canvas.text_left(LEFT, y, &number, MARK_TYPE, Colour::INK);
            let note = NOTE_TYPE.shorten(&clean(&mark.note), RIGHT - LEFT - 18.0);
            canvas.text_left(LEFT + 18.0, y, &note, NOTE_TYPE, Colour::INK);
            y += MARK_LINE;
        }
        if self.marks.len() > shown.len() {
            let more = format!("and {} more, not drawn", self.marks.len() - shown.len());
            canvas.text_left(LEFT + 18.0, y, &more, NOTE_TYPE, Colour::MUTED);
        }
    }
}

//! A table of counts as shades: rows by columns, the busiest the darkest.

use rust_decimal::Decimal;

use super::axis::{AXIS_TYPE, float};
use super::canvas::{self, Canvas, Spoken};
use super::frame::{Caption, Frame, LEFT, RIGHT};
use super::number::money;
use super::palette::Colour;
use super::text::{Type, clean};

const ROW: f64 = 34.0;
const GAP: f64 = 2.0;
const COLUMN_ROOM: f64 = 24.0;
const KEY_ROOM: f64 = 40.0;
const KEY_WIDTH: f64 = 180.0;
const CELL_TYPE: Type = Type::regular(11.0);
/// Shades of the key.
const SHADES: usize = 12;

/// Shaded cells with their figures, where they fit; made for up to ten rows of up to 31 columns.
#[derive(Debug, Clone)]
pub struct HeatMap {
    /// The words around the chart.
    pub caption: Caption,
    /// From left to right.
    pub columns: Vec<String>,
    /// Each row's name and its figures; nothing is a cell that was not seen.
    pub rows: Vec<(String, Vec<Option<Decimal>>)>,
    /// The darkest shade.
    pub colour: Colour,
}

impl HeatMap {
    /// The chart as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        let height = COLUMN_ROOM + self.rows.len().max(1) as f64 * ROW + KEY_ROOM;
        let frame = Frame::around(&self.caption, height);
        let spoken = Spoken { title: self.caption.title.clone(), description: self.description() };
        canvas::draw(frame.height, &spoken, |canvas| {
            frame.paint_around(canvas, self.highest().is_zero(), |canvas| self.paint(canvas, frame.top));
        })
    }

    fn highest(&self) -> Decimal {
        self.rows.iter().flat_map(|own| own.1.iter().flatten()).copied().max().unwrap_or_default()
    }

    fn description(&self) -> String {
        let cell = |own: &Option<Decimal>| own.map_or_else(|| "not seen".to_owned(), |own| money(own, ""));
        let rows = self.rows.iter().map(|(name, cells)| {
            let cells: Vec<String> = self
                .columns
                .iter()
                .zip(cells)
                .map(|(column, own)| format!("{column} {}", cell(own)))
                .collect();
            format!("{name}: {}", cells.join(", "))
        });
        format!("{}. {}", self.caption.subtitle, rows.collect::<Vec<_>>().join("; "))
    }

    fn shade(&self, part: f64) -> Colour {
        // A little is still something to see.
        Colour::PANEL.towards(self.colour, 0.06 + 0.94 * part)
    }

    fn paint(&self, canvas: &Canvas<'_>, top: f64) {
        let highest = self.highest();
        let widest = self.rows.iter().map(|own| AXIS_TYPE.width(&clean(&own.0))).fold(0.0, f64::max);
        let left = LEFT + widest.min(140.0) + 10.0;
        let width = (RIGHT - left) / self.columns.len().max(1) as f64;
        for (at, name) in self.columns.iter().enumerate() {
            let x = left + width * (at as f64 + 0.5);
            canvas.text_centred(x, top + COLUMN_ROOM / 2.0, &clean(name), AXIS_TYPE, Colour::MUTED);
        }
        for (row, (name, cells)) in self.rows.iter().enumerate() {
            let y = top + COLUMN_ROOM + ROW * row as f64;
            let label = AXIS_TYPE.shorten(&clean(name), 140.0);
            canvas.text_right(left - 10.0, y + ROW / 2.0, &label, AXIS_TYPE, Colour::INK);
            for (at, cell) in cells.iter().enumerate() {
                let x = left + width * at as f64;
                let Some(value) = cell else {
                    canvas.dashed(
                        (x + GAP, y + ROW / 2.0),
                        (x + width - GAP, y + ROW / 2.0),
                        1.0,
                        Colour::HAIRLINE,
                    );
                    continue;
                };
                let colour =
                    if value.is_zero() { Colour::PANEL } else { self.shade(float(*value) / float(highest)) };
                canvas.rect((x, y), (x + width - GAP, y + ROW - GAP), colour);
                let text = money(*value, "");
                if CELL_TYPE.width(&text) + 4.0 <= width - GAP {
                    let middle = (x + (width - GAP) / 2.0, y + (ROW - GAP) / 2.0);
                    canvas.text_centred(middle.0, middle.1, &text, CELL_TYPE, colour.text_on_it());
                }
            }
        }
        self.paint_key(canvas, top + COLUMN_ROOM + ROW * self.rows.len() as f64 + KEY_ROOM / 2.0, highest);
    }

    fn paint_key(&self, canvas: &Canvas<'_>, y: f64, highest: Decimal) {
        let most = money(highest, "");
        let right = RIGHT - AXIS_TYPE.width(&most) - 8.0;
        let left = right - KEY_WIDTH;
        let step = KEY_WIDTH / SHADES as f64;
        for at in 0..SHADES {
            let part = at as f64 / (SHADES - 1) as f64;
            let x = left + step * at as f64;
            canvas.rect((x, y - 6.0), (x + step, y + 6.0), self.shade(part));
        }
        canvas.text_right(left - 8.0, y, "0", AXIS_TYPE, Colour::MUTED);
        canvas.text_left(right + 8.0, y, &most, AXIS_TYPE, Colour::MUTED);
    }
}

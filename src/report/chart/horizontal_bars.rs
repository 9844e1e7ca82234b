//! Shares and rankings: one bar per component or account, its amount and a note behind it.

use rust_decimal::Decimal;

use super::axis::Scale;
use super::canvas::{self, Canvas, HAIR, Spoken};
use super::frame::{Caption, Frame, LEFT, RIGHT};
use super::number::bound;
use super::palette::Colour;
use super::text::{Type, clean};

const LABEL_TYPE: Type = Type::regular(13.0);
const VALUE_TYPE: Type = Type::bold(13.0);
const NOTE_TYPE: Type = Type::regular(13.0);
const WIDEST_LABEL: f64 = 260.0;
const WIDEST_NOTE: f64 = 160.0;
/// Rows beyond these are counted instead of drawn.
const MOST_ROWS: usize = 40;

/// One row of [`HorizontalBars`].
#[derive(Debug, Clone)]
pub struct HorizontalBar {
    /// What the bar stands for; shortened where it is too long.
    pub label: String,
    /// The amount, in the chart's currency.
    pub value: Decimal,
    /// Muted text behind the amount, such as a share; may be empty.
    pub note: String,
    /// The bar's colour.
    pub colour: Colour,
    /// Whether the amount lacks something unknown.
    pub incomplete: bool,
}

/// Horizontal bars from zero, in the caller's order; made for up to twelve. The canvas is as high as the rows need.
#[derive(Debug, Clone)]
pub struct HorizontalBars {
    /// The words around the chart.
    pub caption: Caption,
    /// From top to bottom.
    pub rows: Vec<HorizontalBar>,
    /// Written before every amount; a letter code is set off by a space.
    pub currency_symbol: String,
}

impl HorizontalBars {
    /// The chart as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        let pitch = row_pitch(self.rows.len());
        let more = self.rows.len().saturating_sub(MOST_ROWS);
        let shown = &self.rows[..self.rows.len() - more];
        let height = pitch * shown.len() as f64 + if more > 0 { 24.0 } else { 0.0 };
        let frame = Frame::around(&self.caption, height.max(pitch));
        let spoken = Spoken { title: self.caption.title.clone(), description: self.description() };
        canvas::draw(frame.height, &spoken, |canvas| {
            frame
                .paint_around(canvas, shown.is_empty(), |canvas| self.paint(canvas, shown, frame.top, pitch));
            if more > 0 {
                let text = format!("and {more} more");
                canvas.text_left(LEFT, frame.bottom - 8.0, &text, NOTE_TYPE, Colour::MUTED);
            }
        })
    }

    fn description(&self) -> String {
        let rows = self.rows.iter().take(MOST_ROWS).map(|row| {
            format!("{}: {} {}", row.label, bound(row.value, &self.currency_symbol, row.incomplete), row.note)
        });
        format!("{}. {}", self.caption.subtitle, rows.collect::<Vec<_>>().join("; "))
    }

    fn paint(&self, canvas: &Canvas<'_>, rows: &[HorizontalBar], top: f64, pitch: f64) {
        let widest = |width: &dyn Fn(&HorizontalBar) -> f64| rows.iter().map(width).fold(0.0, f64::max);
        let value = |row: &HorizontalBar| bound(row.value, &self.currency_symbol, row.incomplete);
        let note = |row: &HorizontalBar| NOTE_TYPE.shorten(&clean(&row.note), WIDEST_NOTE);

        let label_width = widest(&|row| LABEL_TYPE.width(&clean(&row.label))).min(WIDEST_LABEL);
        let behind = widest(&|row| VALUE_TYPE.width(&value(row)) + NOTE_TYPE.width(&note(row)) + 18.0);
        let start = LEFT + label_width + 12.0;
        let low = rows.iter().map(|row| row.value).min().unwrap_or_default().min(Decimal::ZERO);
        let high = rows.iter().map(|row| row.value).max().unwrap_or_default().max(Decimal::ZERO);
        let scale = Scale::new(low, high, start, RIGHT - behind);

        let zero = scale.at(Decimal::ZERO);
        for (at, row) in rows.iter().enumerate() {
            let middle = top + pitch * (at as f64 + 0.5);
            let half = pitch * 0.31;
            let end = scale.at(row.value);
            canvas.rect((zero, middle - half), (end, middle + half), row.colour);
            let label = LABEL_TYPE.shorten_inside(&clean(&row.label), label_width + 0.01);
            canvas.text_right(start - 12.0, middle, &label, LABEL_TYPE, Colour::INK);
            // A bar below zero has its amount on the free side.
            let x = end.max(zero) + 8.0;
            let value = value(row);
            canvas.text_left(x, middle, &value, VALUE_TYPE, Colour::INK);
            canvas.text_left(
                x + VALUE_TYPE.width(&value) + 9.0,
                middle,
                &note(row),
                NOTE_TYPE,
                Colour::MUTED,
            );
        }
        canvas.line((zero, top), (zero, top + pitch * rows.len() as f64), HAIR, Colour::MUTED);
    }
}

/// Few rows get air, many get together.
pub(super) fn row_pitch(rows: usize) -> f64 {
    match rows {
        0..=5 => 44.0,
        6..=8 => 36.0,
        9..=12 => 28.0,
        _ => 24.0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::palette::ComponentGroup;
    use super::*;

    fn chart(rows: &[(&str, &str, &str)]) -> HorizontalBars {
        HorizontalBars {
            caption: Caption {
                title: "A finding".to_owned(),
                subtitle: "Per month, USD".to_owned(),
                footnote: String::new(),
            },
            rows: rows
                .iter()
                .map(|(label, value, note)| HorizontalBar {
                    incomplete: false,
                    label: (*label).to_owned(),
                    value: value.parse().unwrap(),
                    note: (*note).to_owned(),
                    colour: ComponentGroup::S3.colour(),
                })
                .collect(),
            currency_symbol: "$".to_owned(),
        }
    }

    #[test]
    fn shows_labels_amounts_and_notes() {
        let svg = chart(&[("Copies", "400", "95%"), ("Lambda", "0.2", "< 1%"), ("Lake", "0", "0%")]).svg();
        for text in ["A finding", "Copies", "$400", "95%", "&lt; $1", "&lt; 1%", "$0", "0%"] {
            assert!(svg.contains(&format!(">{text}</text>")), "{text} is missing in {svg}");
        }
    }

    #[test]
    fn long_labels_are_cut_and_bars_keep_room() {
        let name = "production-data-platform-".repeat(20);
        let svg = chart(&[(&name, "400", &name)]).svg();
        assert!(svg.contains("…</text>"));
        assert!(!svg.contains(&format!(">{name}</text>")));
        assert!(svg.contains(&format!("fill=\"{}\"", "#56B4E9")));
    }

    #[test]
    fn draws_nothing_and_extremes_sensibly() {
        let largest = "79228162514264337593543950335";
        for rows in
            [vec![], vec![("a", "0", "")], vec![("a", largest, ""), ("b", &format!("-{largest}"), "")]]
        {
            let svg = chart(&rows).svg();
            assert!(svg.contains("A finding") && !svg.contains("NaN"), "{rows:?}");
        }
    }

    #[test]
    fn rows_beyond_the_limit_are_counted() {
        let svg = chart(&vec![("row", "1", ""); 50]).svg();
        assert_eq!(svg.matches(">row</text>").count(), 40);
        assert!(svg.contains(">and 10 more</text>"));
    }
}

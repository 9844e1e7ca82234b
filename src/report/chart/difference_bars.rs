//! What a variant changes: bars of variant minus base, savings to the left, rises to the right.

use rust_decimal::Decimal;

use super::axis::Scale;
use super::canvas::{self, Canvas, Spoken};
use super::frame::{Caption, Frame, LEFT, RIGHT};
use super::horizontal_bars::row_pitch;
use super::number::{change, money};
use super::palette::Colour;
use super::text::{Type, clean};

const LABEL_TYPE: Type = Type::regular(13.0);
const CHANGE_TYPE: Type = Type::bold(13.0);
const AMOUNT_TYPE: Type = Type::regular(12.0);
const HEAD_TYPE: Type = Type::bold(12.0);
const WIDEST_LABEL: f64 = 230.0;
const WIDEST_NAME: f64 = 120.0;
/// Room above the rows for the heads of the columns.
const HEAD_ROOM: f64 = 26.0;
/// Between a bar's end and its text.
const GAP: f64 = 7.0;
/// Rows beyond these are counted instead of drawn.
const MOST_ROWS: usize = 40;
const FALLS: &str = "cost falls";
const RISES: &str = "cost rises";

/// One row of [`DifferenceBars`].
#[derive(Debug, Clone)]
pub struct DifferenceBar {
    /// What is compared; shortened where it is too long.
    pub label: String,
    /// The amount as it is, in the chart's currency.
    pub base: Decimal,
    /// The amount as it would be.
    pub variant: Decimal,
}

impl DifferenceBar {
    fn change(&self) -> Decimal {
        self.variant.saturating_sub(self.base)
    }
}

/// Diverging bars of what each row would save or cost more, with both amounts at the right; in the caller's order.
#[derive(Debug, Clone)]
pub struct DifferenceBars {
    /// The words around the chart.
    pub caption: Caption,
    /// From top to bottom.
    pub rows: Vec<DifferenceBar>,
    /// What the base is called, above its amounts.
    pub base_name: String,
    /// What the variant is called, above its amounts.
    pub variant_name: String,
    /// Written before every amount; a letter code is set off by a space.
    pub currency_symbol: String,
}

impl DifferenceBars {
    /// The chart as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        let pitch = row_pitch(self.rows.len());
        let more = self.rows.len().saturating_sub(MOST_ROWS);
        let shown = &self.rows[..self.rows.len() - more];
        let rest = if more > 0 { 24.0 } else { 0.0 };
        let frame = Frame::around(&self.caption, HEAD_ROOM + pitch * shown.len().max(1) as f64 + rest);
        let spoken = Spoken { title: self.caption.title.clone(), description: self.description() };
        canvas::draw(frame.height, &spoken, |canvas| {
            frame.paint(canvas);
            Plot::new(self, shown, frame.top + HEAD_ROOM, pitch).paint(canvas);
            if more > 0 {
                let text = format!("and {more} more");
                canvas.text_left(LEFT, frame.bottom - 8.0, &text, LABEL_TYPE, Colour::MUTED);
            }
        })
    }

    fn description(&self) -> String {
        let rows = self.rows.iter().take(MOST_ROWS).map(|row| {
            let symbol = &self.currency_symbol;
            let (base, variant) = (money(row.base, symbol), money(row.variant, symbol));
            format!("{}: {base} to {variant}, {}", row.label, change(row.change(), symbol))
        });
        format!("{}. {}", self.caption.subtitle, rows.collect::<Vec<_>>().join("; "))
    }
}

/// All places, computed before anything is drawn.
struct Plot<'a> {
    chart: &'a DifferenceBars,
    rows: &'a [DifferenceBar],
    base_name: String,
    variant_name: String,
    label_width: f64,
    /// Where the base amounts end, and where the variant amounts do.
    base_end: f64,
    variant_end: f64,
    scale: Scale,
    top: f64,
    pitch: f64,
}

impl<'a> Plot<'a> {
    fn new(chart: &'a DifferenceBars, rows: &'a [DifferenceBar], top: f64, pitch: f64) -> Self {
        let symbol = &chart.currency_symbol;
        let widest = |width: &dyn Fn(&DifferenceBar) -> f64| rows.iter().map(width).fold(0.0, f64::max);
        let base_name = AMOUNT_TYPE.shorten(&clean(&chart.base_name), WIDEST_NAME);
        let variant_name = AMOUNT_TYPE.shorten(&clean(&chart.variant_name), WIDEST_NAME);

        let label_width = widest(&|row| LABEL_TYPE.width(&clean(&row.label))).min(WIDEST_LABEL);
        let variant_width = widest(&|row| AMOUNT_TYPE.width(&money(row.variant, symbol)))
            .max(AMOUNT_TYPE.width(&variant_name));
        let base_width =
            widest(&|row| AMOUNT_TYPE.width(&money(row.base, symbol))).max(AMOUNT_TYPE.width(&base_name));
        let variant_end = RIGHT;
        let base_end = variant_end - variant_width - 26.0;
        let (start, end) = (LEFT + label_width + 16.0, base_end - base_width - 20.0);

        // Each side keeps room for its texts; the bars share what is left in proportion.
        let side = |falls: bool, head: &str| {
            let texts = rows.iter().filter(|row| (row.change() < Decimal::ZERO) == falls).map(|row| {
                let width = CHANGE_TYPE.width(&change(row.change(), symbol));
                width.max(if row.change().is_zero() { 0.0 } else { HEAD_TYPE.width(head) })
            });
            texts.fold(0.0, f64::max) + GAP + 2.0
        };
        let changes = || rows.iter().map(DifferenceBar::change);
        let low = changes().min().unwrap_or_default().min(Decimal::ZERO);
        let high = changes().max().unwrap_or_default().max(Decimal::ZERO);
        let scale = Scale::new(low, high, start + side(true, FALLS), end - side(false, RISES));
        Self { chart, rows, base_name, variant_name, label_width, base_end, variant_end, scale, top, pitch }
    }

    fn paint(&self, canvas: &Canvas<'_>) {
        self.paint_heads(canvas);
        let zero = self.scale.at(Decimal::ZERO);
        for (at, row) in self.rows.iter().enumerate() {
            self.paint_row(canvas, row, self.top + self.pitch * (at as f64 + 0.5), zero);
        }
        let bottom = self.top + self.pitch * self.rows.len() as f64;
        canvas.line((zero, self.top - 2.0), (zero, bottom), 1.5, Colour::INK);
    }

    fn paint_heads(&self, canvas: &Canvas<'_>) {
        let y = self.top - HEAD_ROOM / 2.0;
        let zero = self.scale.at(Decimal::ZERO);
        if self.rows.iter().any(|row| row.change() < Decimal::ZERO) {
            canvas.text_right(zero - GAP, y, FALLS, HEAD_TYPE, Colour::SAVING.as_text());
        }
        if self.rows.iter().any(|row| row.change() > Decimal::ZERO) {
            canvas.text_left(zero + GAP, y, RISES, HEAD_TYPE, Colour::RISE.as_text());
        }
        if !self.rows.is_empty() {
            self.paint_pair(canvas, y, &self.base_name, &self.variant_name);
        }
    }

    fn paint_row(&self, canvas: &Canvas<'_>, row: &DifferenceBar, middle: f64, zero: f64) {
        let symbol = &self.chart.currency_symbol;
        let label = LABEL_TYPE.shorten_inside(&clean(&row.label), self.label_width + 0.01);
        canvas.text_right(LEFT + self.label_width, middle, &label, LABEL_TYPE, Colour::INK);

        let (amount, half) = (row.change(), self.pitch * 0.31);
        let end = self.scale.at(amount);
        let text = change(amount, symbol);
        if amount < Decimal::ZERO {
            canvas.rect((end, middle - half), (zero, middle + half), Colour::SAVING);
            canvas.text_right(end - GAP, middle, &text, CHANGE_TYPE, Colour::SAVING.as_text());
        } else {
            canvas.rect((zero, middle - half), (end, middle + half), Colour::RISE);
            let colour = if amount.is_zero() { Colour::MUTED } else { Colour::RISE.as_text() };
            canvas.text_left(end + GAP, middle, &text, CHANGE_TYPE, colour);
        }
        self.paint_pair(canvas, middle, &money(row.base, symbol), &money(row.variant, symbol));
    }

    fn paint_pair(&self, canvas: &Canvas<'_>, y: f64, base: &str, variant: &str) {
        canvas.text_right(self.base_end, y, base, AMOUNT_TYPE, Colour::MUTED);
        canvas.text_left(self.base_end + 6.0, y, "→", AMOUNT_TYPE, Colour::MUTED);
        canvas.text_right(self.variant_end, y, variant, AMOUNT_TYPE, Colour::MUTED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(rows: &[(&str, &str, &str)]) -> DifferenceBars {
        DifferenceBars {
            caption: Caption {
                title: "A finding".to_owned(),
                subtitle: "Per year, USD".to_owned(),
                footnote: String::new(),
            },
            rows: rows
                .iter()
                .map(|(label, base, variant)| DifferenceBar {
                    label: (*label).to_owned(),
                    base: base.parse().unwrap(),
                    variant: variant.parse().unwrap(),
                })
                .collect(),
            base_name: "today".to_owned(),
            variant_name: "one trail".to_owned(),
            currency_symbol: "$".to_owned(),
        }
    }

    fn shows(svg: &str, text: &str) -> bool {
        svg.contains(&format!(">{text}</text>"))
    }

    #[test]
    fn shows_changes_with_signs_colours_and_both_amounts() {
        let svg = chart(&[("Copies", "4800", "0"), ("Data", "120", "622"), ("Lake", "7", "7")]).svg();
        for text in ["−$4.8k", "+$502", "±$0", "$4.8k", "$0", "today", "one trail", FALLS, RISES] {
            assert!(shows(&svg, text), "{text} is missing in {svg}");
        }
        assert!(svg.contains("fill=\"#009E73\"") && svg.contains("fill=\"#D55E00\""));
    }

    #[test]
    fn a_side_without_bars_has_no_head() {
        let svg = chart(&[("Copies", "4800", "0")]).svg();
        assert!(shows(&svg, FALLS) && !shows(&svg, RISES));
        let same = chart(&[("Copies", "5", "5")]).svg();
        assert!(!shows(&same, FALLS) && !shows(&same, RISES) && shows(&same, "±$0"));
    }

    #[test]
    fn draws_nothing_and_extremes_sensibly() {
        let largest = "79228162514264337593543950335";
        let lowest = format!("-{largest}");
        for rows in [vec![], vec![("a", "0", "0")], vec![("a", largest, &*lowest), ("b", &lowest, largest)]] {
            let svg = chart(&rows).svg();
            assert!(svg.contains("A finding") && !svg.contains("NaN"), "{rows:?}");
        }
    }
}

//! The SVG canvas: shapes and text in logical pixels, drawn through plotters.
//!
//! Plotters places everything on whole pixels, too coarse for hairlines and for bars of half a pixel. So it draws on
//! a canvas several times too large, and the first tag shows that picture at its logical size.

use std::borrow::Cow;

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea as _};
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};

use super::fonts::{FAMILY, Weight};
use super::palette::Colour;
use super::text::{Type, clean};

/// The logical width of every chart.
pub(super) const WIDTH: f64 = 900.0;
/// The stroke of grid lines.
pub(super) const HAIR: f64 = 1.0;

/// How much larger plotters draws than the picture is shown.
const OVERSIZE: f64 = 8.0;
/// Plotters' SVG backend divides font sizes by this, and here they must come out as asked.
const FONT_SIZE_FACTOR: f64 = 1.24;

/// A logical point: right, then down.
pub(super) type Point = (f64, f64);
type Place = (i32, i32);

/// What a picture says to those who do not see it.
#[derive(Debug, Clone, Default)]
pub(super) struct Spoken {
    pub title: String,
    pub description: String,
}

/// Where a text's `x` lies in it.
#[derive(Debug, Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

/// The area that chart code draws on.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// An SVG document of the given logical height, painted by `paint`.
pub(super) fn draw(height: f64, spoken: &Spoken, paint: impl FnOnce(&Canvas<'_>)) -> String {
    let size = (scaled(WIDTH).unsigned_abs(), scaled(height).unsigned_abs());
    let mut raw = String::new();
    {
        let area = SVGBackend::with_string(&mut raw, size).into_drawing_area();
        let canvas = Canvas { area };
        canvas.rect((0.0, 0.0), (WIDTH, height), Colour::PAPER);
        paint(&canvas);
        // Writing to a string cannot fail; the backend's error type is that of files.
        let _: Result<_, _> = canvas.area.present();
    }
    finish(&raw, height, size, spoken)
}

impl Canvas<'_> {
    /// A filled rectangle between two opposite corners, in any order.
    pub(super) fn rect(&self, one: Point, two: Point, colour: Colour) {
        let low = (one.0.min(two.0), one.1.min(two.1));
        let high = (one.0.max(two.0), one.1.max(two.1));
        self.put(&Rectangle::new([place(low), place(high)], paint(colour).filled()));
    }

    pub(super) fn line(&self, from: Point, to: Point, width: f64, colour: Colour) {
        self.path(&[from, to], width, colour);
    }

    /// A line through all points.
    pub(super) fn path(&self, points: &[Point], width: f64, colour: Colour) {
        let places: Vec<Place> = points.iter().copied().map(place).collect();
        let style = paint(colour).stroke_width(scaled(width).unsigned_abs());
        self.put(&PathElement::new(places, style));
    }

    /// A straight line in dashes: what is not known, or not there.
    pub(super) fn dashed(&self, from: Point, to: Point, width: f64, colour: Colour) {
        const DASH: f64 = 4.0;
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let at = |part: f64| (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
        let dashes = (length / (2.0 * DASH)).ceil() as usize;
        for dash in 0..dashes {
            let start = 2.0 * DASH * dash as f64;
            self.line(at(start / length), at(((start + DASH) / length).min(1.0)), width, colour);
        }
    }

    /// A filled area inside an outline; below full opacity the grid shows through.
    pub(super) fn area(&self, outline: &[Point], colour: Colour, opacity: f64) {
        let places: Vec<Place> = outline.iter().copied().map(place).collect();
        self.put(&Polygon::new(places, ShapeStyle::from(&rgb(colour).mix(opacity)).filled()));
    }

    pub(super) fn dot(&self, centre: Point, radius: f64, colour: Colour) {
        self.put(&Circle::new(place(centre), scaled(radius), paint(colour).filled()));
    }

    /// Text that starts at `x`; `y` is the middle of its capitals, as in all three.
    pub(super) fn text_left(&self, x: f64, y: f64, text: &str, kind: Type, colour: Colour) {
        self.text((x, y), text, kind, colour, Anchor::Start);
    }

    pub(super) fn text_centred(&self, x: f64, y: f64, text: &str, kind: Type, colour: Colour) {
        self.text((x, y), text, kind, colour, Anchor::Middle);
    }

    /// Text that ends at `x`.
    pub(super) fn text_right(&self, x: f64, y: f64, text: &str, kind: Type, colour: Colour) {
        self.text((x, y), text, kind, colour, Anchor::End);
    }

    fn text(&self, at: Point, text: &str, kind: Type, colour: Colour, anchor: Anchor) {
        // Callers clean before they measure; once more here costs nothing and leaves no way around it.
        let text = clean(text);
        if text.is_empty() {
            return;
        }
        let h_pos = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let style = match kind.weight {
            Weight::Regular => FontStyle::Normal,
            Weight::SemiBold => FontStyle::Bold,
        };
        let font = FontDesc::new(FontFamily::Name(FAMILY), kind.size * OVERSIZE * FONT_SIZE_FACTOR, style);
        let ink = rgb(colour);
        let style = TextStyle::from(font).color(&ink).pos(Pos::new(h_pos, VPos::Center));
        self.put(&Text::new(text, place(at), style));
    }

    fn put<'e, E>(&self, element: &'e E)
    where
        &'e E: PointCollection<'e, Place>,
        E: for<'b> Drawable<SVGBackend<'b>>,
    {
        // Writing to a string cannot fail.
        let _: Result<_, _> = self.area.draw(element);
    }
}

fn scaled(length: f64) -> i32 {
    (length * OVERSIZE).round() as i32
}

fn place(point: Point) -> Place {
    (scaled(point.0), scaled(point.1))
}

fn rgb(colour: Colour) -> RGBColor {
    RGBColor(colour.red, colour.green, colour.blue)
}

fn paint(colour: Colour) -> ShapeStyle {
    ShapeStyle::from(&rgb(colour))
}

/// Turns plotters' document into ours: logical size, spoken text, exact centring, no line breaks inside text.
///
/// The replacements cannot touch a caller's text, since quotation marks are escaped there.
fn finish(raw: &str, height: f64, size: (u32, u32), spoken: &Spoken) -> String {
    let title = escape(&spoken.title);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {} {}\" \
         role=\"img\" aria-label=\"{title}\" stroke-linejoin=\"round\">\n<title>{title}</title>\n",
        size.0, size.1
    );
    if !spoken.description.is_empty() {
        svg.push_str("<desc>");
        svg.push_str(&escape(&spoken.description));
        svg.push_str("</desc>\n");
    }
    let mut lines = raw.lines().skip(1);
    while let Some(line) = lines.next() {
        // Half the height of Inter's capitals and digits; `ex` differs from renderer to renderer.
        let tag = line
            .replace(" opacity=\"1\"", "")
            .replace("dy=\"0.5ex\"", "dy=\"0.364em\"")
            .replace("font-weight=\"bold\"", "font-weight=\"600\"");
        svg.push_str(&with_whole_font_size(&tag));
        if line.starts_with("<text ") {
            svg.push_str(lines.next().unwrap_or_default());
            svg.push_str(lines.next().unwrap_or_default());
        }
        svg.push('\n');
    }
    svg
}

/// The tag with its font size rounded: plotters' division leaves `104.00000000000001`.
fn with_whole_font_size(tag: &str) -> Cow<'_, str> {
    const NAME: &str = " font-size=\"";
    let whole = || {
        let (before, rest) = tag.split_once(NAME)?;
        let (size, after) = rest.split_once('"')?;
        let size: f64 = size.parse().ok()?;
        Some(format!("{before}{NAME}{}\"{after}", size.round()))
    };
    whole().map_or(Cow::Borrowed(tag), Cow::Owned)
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: Type = Type::bold(13.0);

    fn drawn(text: &str) -> String {
        let spoken = Spoken { title: text.to_owned(), description: text.to_owned() };
        draw(100.0, &spoken, |canvas| canvas.text_centred(50.0, 50.0, text, BODY, Colour::INK))
    }

    #[test]
    fn the_first_tag_shows_the_large_canvas_at_logical_size() {
        let svg = drawn("x");
        assert!(svg.starts_with(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"100\" viewBox=\"0 0 7200 800\" \
             role=\"img\" aria-label=\"x\""
        ));
        assert!(svg.ends_with("</svg>\n"));
        assert!(svg.contains("<title>x</title>"));
    }

    #[test]
    fn hostile_text_stays_text() {
        let svg = drawn("a</text><script>alert(\"1\")</script>&amp;'\u{0}\u{ffff}\r\n\u{202e}b");
        assert!(!svg.contains("<script"));
        let escaped = "a&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;&apos; b";
        assert_eq!(svg.matches(escaped).count(), 4, "{svg}");
        assert!(resvg::usvg::roxmltree::Document::parse(&svg).is_ok());
    }

    #[test]
    fn text_attributes_cannot_be_rewritten_by_text() {
        let svg = drawn("font-weight=\"bold\" opacity=\"1\"");
        assert!(svg.contains(">font-weight=&quot;bold&quot; opacity=&quot;1&quot;</text>"));
        assert!(svg.contains("font-size=\"104\""));
        assert!(svg.contains("font-weight=\"600\""));
    }

    #[test]
    fn empty_text_draws_nothing() {
        assert!(!drawn(" \u{0} ").contains("<text"));
    }

    #[test]
    fn areas_and_dashes() {
        let svg = draw(10.0, &Spoken::default(), |canvas| {
            canvas.area(&[(1.0, 1.0), (2.0, 1.0), (1.0, 2.0)], Colour::INK, 0.25);
            canvas.dashed((0.0, 0.0), (14.0, 0.0), 1.0, Colour::RISE);
            canvas.dashed((3.0, 3.0), (3.0, 3.0), 1.0, Colour::RISE);
        });
        assert!(
            svg.contains("<polygon opacity=\"0.25\" fill=\"#1F2933\" points=\"8,8 16,8 8,16 \""),
            "{svg}"
        );
        assert_eq!(svg.matches("stroke=\"#D55E00\"").count(), 2);
    }

    #[test]
    fn rectangles_take_corners_in_any_order() {
        let svg = draw(10.0, &Spoken::default(), |canvas| canvas.rect((5.0, 6.0), (1.0, 2.0), Colour::INK));
        assert!(svg.contains("x=\"8\" y=\"16\" width=\"32\" height=\"32\" fill=\"#1F2933\""), "{svg}");
    }
}

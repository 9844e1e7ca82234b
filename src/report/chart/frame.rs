//! What surrounds every chart: the finding on top, what is shown beneath it, the small print at the bottom.

use super::canvas::{self, Canvas, Spoken, WIDTH};
use super::palette::Colour;
use super::text::{Type, clean};

/// The words around a chart. All three may come from people: they are cleaned, wrapped and, if need be, cut.
#[derive(Debug, Clone)]
pub struct Caption {
    /// The finding, computed from the data; at most two lines.
    pub title: String,
    /// What is shown and in which unit; at most two lines.
    pub subtitle: String,
    /// Price date, assumptions, exclusions; at most three lines.
    pub footnote: String,
}

/// The left edge of everything.
pub(super) const LEFT: f64 = 24.0;
/// The right edge of everything.
pub(super) const RIGHT: f64 = WIDTH - 24.0;

const USUAL_HEIGHT: f64 = 460.0;
const TITLE: Type = Type::bold(20.0);
const TITLE_LEADING: f64 = 26.0;
const SUBTITLE: Type = Type::regular(13.0);
const SUBTITLE_LEADING: f64 = 18.0;
const FOOTNOTE: Type = Type::regular(11.0);
const FOOTNOTE_LEADING: f64 = 15.0;
const EDGE: f64 = 16.0;

const NOTHING: &str = "Nothing to draw: no amount is above zero";

/// Draws a chart on the usual canvas, inside its caption.
pub(super) fn draw_usual(
    caption: &Caption,
    description: String,
    paint: impl FnOnce(&Canvas<'_>, &Frame),
) -> String {
    let frame = Frame::usual(caption);
    let spoken = Spoken { title: caption.title.clone(), description };
    canvas::draw(frame.height, &spoken, |canvas| {
        frame.paint(canvas);
        paint(canvas, &frame);
    })
}

/// A caption laid out, and the room that it leaves for the chart between `top` and `bottom`.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub height: f64,
    pub top: f64,
    pub bottom: f64,
    title: Vec<String>,
    subtitle: Vec<String>,
    footnote: Vec<String>,
}

impl Frame {
    /// The usual canvas, whatever it holds.
    pub(super) fn usual(caption: &Caption) -> Self {
        let frame = Self::around(caption, 0.0);
        let bottom = frame.bottom + USUAL_HEIGHT - frame.height;
        Self { height: USUAL_HEIGHT, bottom, ..frame }
    }

    /// A canvas as high as its content asks, for charts of few or many rows.
    pub(super) fn around(caption: &Caption, content_height: f64) -> Self {
        let wrapped = |kind: Type, text: &str, most| kind.wrap(&clean(text), RIGHT - LEFT, most);
        let title = wrapped(TITLE, &caption.title, 2);
        let subtitle = wrapped(SUBTITLE, &caption.subtitle, 2);
        let footnote = wrapped(FOOTNOTE, &caption.footnote, 3);
        let header = title.len() as f64 * TITLE_LEADING + subtitle.len() as f64 * SUBTITLE_LEADING;
        let footer = footnote.len() as f64 * FOOTNOTE_LEADING;
        let top = EDGE + header + 20.0;
        let bottom = top + content_height;
        let height = (bottom + 20.0 + footer + EDGE - 4.0).round();
        Self { height, top, bottom, title, subtitle, footnote }
    }

    /// Draws the caption, and the chart where it has something to show; else says so where the chart would be.
    pub(super) fn paint_around(&self, canvas: &Canvas<'_>, is_empty: bool, chart: impl FnOnce(&Canvas<'_>)) {
        self.paint(canvas);
        if is_empty {
            canvas.text_left(LEFT, f64::midpoint(self.top, self.bottom), NOTHING, SUBTITLE, Colour::MUTED);
        } else {
            chart(canvas);
        }
    }

    pub(super) fn paint(&self, canvas: &Canvas<'_>) {
        let mut y = EDGE;
        for line in &self.title {
            canvas.text_left(LEFT, y + TITLE_LEADING / 2.0, line, TITLE, Colour::INK);
            y += TITLE_LEADING;
        }
        y += 4.0;
        for line in &self.subtitle {
            canvas.text_left(LEFT, y + SUBTITLE_LEADING / 2.0, line, SUBTITLE, Colour::MUTED);
            y += SUBTITLE_LEADING;
        }
        let mut y = self.height - (EDGE - 4.0) - self.footnote.len() as f64 * FOOTNOTE_LEADING;
        for line in &self.footnote {
            canvas.text_left(LEFT, y + FOOTNOTE_LEADING / 2.0, line, FOOTNOTE, Colour::MUTED);
            y += FOOTNOTE_LEADING;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caption(title: &str) -> Caption {
        Caption {
            title: title.to_owned(),
            subtitle: "USD per year".to_owned(),
            footnote: "List prices".to_owned(),
        }
    }

    #[test]
    fn the_usual_canvas_has_one_height() {
        let short = Frame::usual(&caption("Short"));
        let long = Frame::usual(&caption(&"A long finding ".repeat(9)));
        assert!((short.height - 460.0).abs() < f64::EPSILON && (long.height - 460.0).abs() < f64::EPSILON);
        assert_eq!(long.title.len(), 2);
        assert!(long.top > short.top && long.bottom > long.top + 200.0);
    }

    #[test]
    fn endless_captions_leave_room() {
        let endless = "words ".repeat(10_000);
        let frame =
            Frame::usual(&Caption { title: endless.clone(), subtitle: endless.clone(), footnote: endless });
        assert!(frame.bottom - frame.top > 200.0);
        assert!(frame.title.iter().all(|line| TITLE.width(line) <= RIGHT - LEFT));
        assert!(frame.footnote.iter().all(|line| FOOTNOTE.width(line) <= RIGHT - LEFT));
    }

    #[test]
    fn empty_captions_are_fine() {
        let empty = Caption { title: String::new(), subtitle: String::new(), footnote: String::new() };
        assert!(Frame::usual(&empty).bottom > Frame::usual(&empty).top);
    }
}

//! Text as a chart can carry it: cleaned of what XML or a reader cannot take, measured, shortened and wrapped.

use super::fonts::{self, Weight};

/// Longer text is cut before it is measured, so that a hostile name cannot make a chart slow.
const LONGEST: usize = 600;

/// Size in logical pixels and weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub size: f64,
    pub weight: Weight,
}

impl Type {
    pub(super) const fn regular(size: f64) -> Self {
        Self { size, weight: Weight::Regular }
    }

    pub(super) const fn bold(size: f64) -> Self {
        Self { size, weight: Weight::SemiBold }
    }

    /// The width of a line in logical pixels, kerning left out.
    pub(super) fn width(self, line: &str) -> f64 {
        line.chars().map(|c| fonts::advance(c, self.weight)).sum::<f64>() * self.size
    }

    /// The text if it fits, or else its beginning with an ellipsis.
    pub(super) fn shorten(self, line: &str, room: f64) -> String {
        if self.width(line) <= room {
            return line.to_owned();
        }
        let mut left = room - self.width("…");
        if left < 0.0 {
            return String::new();
        }
        let mut kept = String::new();
        for c in line.chars() {
            left -= fonts::advance(c, self.weight) * self.size;
            if left < 0.0 {
                break;
            }
            kept.push(c);
        }
        kept.truncate(kept.trim_end_matches([' ', ',', '.', '·', ';', '(', '-', '_', '/']).len());
        kept.push('…');
        kept
    }

    /// As [`Type::shorten`], but keeps the end too: names of accounts and buckets often differ only there.
    pub(super) fn shorten_inside(self, line: &str, room: f64) -> String {
        let width = self.width(line);
        if width <= room {
            return line.to_owned();
        }
        let tail_room = (room - self.width("…")) * 0.4;
        let mut left = tail_room;
        let tail_start = line.char_indices().rev().take_while(|&(_, c)| {
            left -= fonts::advance(c, self.weight) * self.size;
            left >= 0.0
        });
        let tail = tail_start.last().map_or("", |(at, _)| &line[at..]);
        let head = self.shorten(line, room - self.width(tail));
        if head.is_empty() { head } else { head + tail.trim_start() }
    }

    /// The text in at most so many lines, broken at spaces; what is left over is cut with an ellipsis.
    pub(super) fn wrap(self, text: &str, room: f64, most_lines: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            if lines.len() + 1 >= most_lines {
                lines.push(self.shorten(rest, room));
                break;
            }
            let end = self.break_at(rest, room);
            let (line, after) = rest.split_at(end);
            lines.push(line.trim_end().to_owned());
            rest = after.trim_start();
        }
        lines
    }

    /// Where the first line ends: at the last space that fits, or inside a word that is longer than the line.
    fn break_at(self, text: &str, room: f64) -> usize {
        let mut left = room;
        let mut last_space = None;
        for (at, c) in text.char_indices() {
            if c == ' ' {
                last_space = Some(at);
            }
            left -= fonts::advance(c, self.weight) * self.size;
            if left < 0.0 && c != ' ' {
                let first_char = text.chars().next().map_or(1, char::len_utf8);
                return last_space.filter(|&space| space > 0).unwrap_or(at.max(first_char));
            }
        }
        text.len()
    }
}

/// Text without control characters, invisible direction marks and what XML forbids, white space folded to one space.
///
/// Marks that turn the writing direction are dropped since a name could use them to reverse the amount beside it.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(LONGEST) {
        if c == '\u{a0}' {
            out.push(c);
        } else if c.is_whitespace() || c.is_control() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_forbidden(c) {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

fn is_forbidden(c: char) -> bool {
    matches!(c,
        '\u{200b}' | '\u{2060}' | '\u{feff}' // invisible
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // direction
        | '\u{fdd0}'..='\u{fdef}' // not characters
    ) || u32::from(c) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: Type = Type::regular(12.0);

    #[test]
    fn hostile_text_is_cleaned() {
        for (dirty, expected) in [
            ("a\u{0}b", "a b"),
            ("a\u{1b}[31mb", "a [31mb"),
            ("a\r\n\tb", "a b"),
            ("  a  b  ", "a b"),
            ("a\u{2028}b", "a b"),
            ("a\u{202e}b\u{2066}c", "abc"),
            ("a\u{fffe}\u{ffff}\u{1ffff}b", "ab"),
            ("Zürich 東京", "Zürich 東京"),
            ("", ""),
        ] {
            assert_eq!(clean(dirty), expected, "{dirty:?}");
        }
        assert_eq!(clean(&"x".repeat(100_000)).len(), LONGEST);
    }

    #[test]
    fn width_grows_with_text_size_and_weight() {
        assert!(BODY.width("") < f64::EPSILON);
        assert!(BODY.width("$1.23M") > BODY.width("$422"));
        assert!(Type::regular(24.0).width("abc") > 1.9 * BODY.width("abc"));
        assert!(Type::bold(12.0).width("abc") > BODY.width("abc"));
        assert!(BODY.width("東") >= 12.0, "a glyph that the font lacks is measured as a wide one");
    }

    #[test]
    fn shortened_text_fits() {
        let name = "production-data-platform-eu-central-1";
        for room in [0.0, 5.0, 20.0, 60.0, 120.0, 500.0] {
            let short = BODY.shorten(name, room);
            assert!(BODY.width(&short) <= room + 0.001, "{room}: {short}");
            let inside = BODY.shorten_inside(name, room);
            assert!(BODY.width(&inside) <= room + 0.001, "{room}: {inside}");
        }
        assert_eq!(BODY.shorten("abc", 500.0), "abc");
        let inside = BODY.shorten_inside(name, 120.0);
        assert!(
            inside.starts_with("production") && inside.ends_with("l-1") && inside.contains('…'),
            "{inside}"
        );
        assert_eq!(BODY.shorten("abcdefgh", 40.0).chars().last(), Some('…'));
    }

    #[test]
    fn wrapped_lines_fit_and_keep_the_words() {
        let text = "Paid management copies drive 95% of the $15.2k three-year cost";
        let lines = BODY.wrap(text, 200.0, 4);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| BODY.width(line) <= 200.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
        assert!(BODY.wrap("", 200.0, 2).is_empty());
    }

    #[test]
    fn a_word_longer_than_the_line_is_broken_and_the_rest_cut() {
        let lines = BODY.wrap(&"w".repeat(300), 100.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| BODY.width(line) <= 100.0), "{lines:?}");
        assert!(lines[1].ends_with('…'));
        assert_eq!(BODY.wrap("東東", 1.0, 3).len(), 2, "even where nothing fits, it ends");
    }
}

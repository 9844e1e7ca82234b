//! Names from outside, made harmless: they come from logs, bills and files that anybody may have written.

/// Returns the text with every character that would steer a terminal or turn the reading direction replaced by `\u{fffd}`.
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|character| {
            let steers = character.is_control()
                || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
            if steers { '\u{fffd}' } else { character }
        })
        .collect()
}

/// Returns the text on one line: its words with one space between them.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a text field for CSV: a spreadsheet must not take it for a formula.
///
/// A field that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe in front.
pub fn csv_field(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let clean = visible(text);
    if risky { format!("'{clean}") } else { clean }
}

/// Returns the text for Markdown: no character of it starts a table cell, a link, markup or HTML.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '@' => escaped.push_str("&#64;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_harmless() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}c\n"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}");
        assert_eq!(csv_field("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(csv_field("\ttab"), "'\u{fffd}tab");
        assert_eq!(csv_field("plain"), "plain");
        assert_eq!(one_line(" two\r\nlines\tand  more\u{2028}"), "two lines and more");
        assert_eq!(markdown("a|b<script>@x[1](y)"), "a\\|b&lt;script&gt;&#64;x\\[1\\](y)");
    }
}

//! TOML as it is laid out: keys, values, tables, comments. Nothing here knows what they mean.
//!
//! Whatever text comes in, it stays within its quotes or its comment line, and steers no terminal that shows the file.

use std::fmt::Write as _;
use toml_writer::{ToTomlValue as _, TomlStringBuilder};

/// A line longer than this is broken where it may be.
const LINE: usize = 110;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A number, a boolean or a quoted text, as it stands in the file.
    Plain(String),
    List(Vec<Value>),
    Table(Entries),
}

impl Value {
    /// Takes a text, whatever it is.
    pub(super) fn text(text: &str) -> Self {
        Self::Plain(quoted(text))
    }

    /// Takes a whole number.
    pub(super) fn whole(number: u64) -> Self {
        Self::Plain(with_separators(&number.to_string()))
    }

    pub(super) fn flag(flag: bool) -> Self {
        Self::Plain(flag.to_string())
    }

    /// Writes the value in one line.
    fn inline(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::inline).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Table(entries) => entries.inline(),
        }
    }
}

/// Keys with their values, in the order in which they are put in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Entries(Vec<(String, Value)>);

impl Entries {
    pub(super) fn put(&mut self, key: &str, value: Value) {
        self.0.push((key.to_owned(), value));
    }

    /// Puts what there is; what is not there is left out.
    pub(super) fn put_some(&mut self, key: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    /// Puts a list unless it is empty.
    pub(super) fn put_list(&mut self, key: &str, items: Vec<Value>) {
        if !items.is_empty() {
            self.put(key, Value::List(items));
        }
    }

    /// Puts a list of texts unless it is empty.
    pub(super) fn put_texts<T: AsRef<str>>(&mut self, key: &str, texts: impl IntoIterator<Item = T>) {
        self.put_list(key, texts.into_iter().map(|text| Value::text(text.as_ref())).collect());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn inline(&self) -> String {
        if self.0.is_empty() {
            return "{}".to_owned();
        }
        let pairs: Vec<String> =
            self.0.iter().map(|(name, value)| format!("{} = {}", key(name), value.inline())).collect();
        format!("{{ {} }}", pairs.join(", "))
    }
}

/// The file, as far as it is written.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
}

impl Page {
    /// Writes one comment line for each line of the text.
    pub(super) fn comment(&mut self, text: &str) {
        for line in text.split('\n') {
            let line = harmless(line);
            let line = line.trim_end();
            self.text.push_str(if line.is_empty() { "#" } else { "# " });
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// Leaves a line free, but not at the beginning.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Begins a section of the file.
    pub(super) fn section(&mut self, title: &str) {
        self.gap();
        self.comment(&format!("--- {title} ---"));
    }

    /// Writes keys below each other, under a header such as `[[trail]]`; under none those of the whole file.
    pub(super) fn table(&mut self, header: &str, entries: &Entries) {
        if !header.is_empty() {
            self.gap();
            self.text.push_str(header);
            self.text.push('\n');
        }
        for (name, value) in &entries.0 {
            self.pair(name, value);
        }
    }

    fn pair(&mut self, name: &str, value: &Value) {
        let name = key(name);
        let line = format!("{name} = {}", value.inline());
        match value {
            Value::List(items) if line.chars().count() > LINE => {
                let _ = writeln!(self.text, "{name} = [");
                for item in items {
                    let _ = writeln!(self.text, "    {},", item.inline());
                }
                self.text.push_str("]\n");
            }
            _ => {
                self.text.push_str(&line);
                self.text.push('\n');
            }
        }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

fn key(name: &str) -> String {
    // Bare keys may begin with a digit, and look like a slip of the pen then.
    let bare = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if bare { name.to_owned() } else { quoted(name) }
}

/// Writes a basic string in one line. What would steer a terminal or turn the reading direction is escaped too.
fn quoted(text: &str) -> String {
    let basic = TomlStringBuilder::new(text).as_basic().to_toml_value();
    if !basic.contains(steers) {
        return basic;
    }
    let mut escaped = String::with_capacity(basic.len() + 16);
    for character in basic.chars() {
        if steers(character) {
            let _ = write!(escaped, "\\u{:04X}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Tells whether a character does something else than to be seen.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Makes a text fit for a comment: no character of it ends the line or steers a terminal.
fn harmless(text: &str) -> String {
    text.chars().map(|character| if steers(character) { '\u{fffd}' } else { character }).collect()
}

/// Sets `_` between each three digits of a number of five digits and more.
pub(super) fn with_separators(digits: &str) -> String {
    if digits.len() < 5 {
        return digits.to_owned();
    }
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_quotes() {
        for (text, expected) in [
            ("plain", r#""plain""#),
            ("a\"b\\c", r#""a\"b\\c""#),
            ("a\nb\r\tc\u{1b}[31m", r#""a\nb\r\tc\u001B[31m""#),
            ("\u{202e}x\u{feff}\u{85}", r#""\u202Ex\uFEFF\u0085""#),
            ("", r#""""#),
            ("'''", r#""'''""#),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn no_text_leaves_its_comment() {
        let mut page = Page::default();
        page.comment("one\ntwo\r[[trail]]\u{2028}x\n");
        assert_eq!(page.finish(), "# one\n# two\u{fffd}[[trail]]\u{fffd}x\n#\n");
    }

    #[test]
    fn long_numbers_have_separators() {
        for (digits, expected) in [
            ("0", "0"),
            ("1500", "1500"),
            ("15000", "15_000"),
            ("1000000000000000000", "1_000_000_000_000_000_000"),
        ] {
            assert_eq!(with_separators(digits), expected);
        }
    }

    #[test]
    fn long_lists_are_broken() {
        let mut entries = Entries::default();
        entries.put_texts("short", ["a", "b"]);
        entries.put_texts("a b", ["x".repeat(60), "y".repeat(60)]);
        let mut page = Page::default();
        page.table("[t]", &entries);
        let expected = format!(
            "[t]\nshort = [\"a\", \"b\"]\n\"a b\" = [\n    \"{}\",\n    \"{}\",\n]\n",
            "x".repeat(60),
            "y".repeat(60)
        );
        assert_eq!(page.finish(), expected);
    }
}

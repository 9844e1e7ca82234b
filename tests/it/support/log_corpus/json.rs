//! JSON as log files hold it: members keep their order, and a style decides how the same value is written.

use std::borrow::Cow;

/// A value whose members keep the order in which they were put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(u64),
    Text(Cow<'static, str>),
    List(Vec<Json>),
    Object(Vec<(Cow<'static, str>, Json)>),
}

/// Makes an object of literal keys.
macro_rules! object {
    ($($key:literal : $value:expr),* $(,)?) => {
        Json::Object(vec![$(($key.into(), Json::from($value))),*])
    };
}
pub(crate) use object;

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Self::Number(value)
    }
}

impl From<&'static str> for Json {
    fn from(value: &'static str) -> Self {
        Self::Text(value.into())
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}

impl From<&String> for Json {
    fn from(value: &String) -> Self {
        Self::Text(value.clone().into())
    }
}

impl From<Vec<Json>> for Json {
    fn from(value: Vec<Json>) -> Self {
        Self::List(value)
    }
}

impl From<&Json> for Json {
    fn from(value: &Json) -> Self {
        value.clone()
    }
}

/// The white space between tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// None, as CloudTrail writes.
    None,
    /// One member a line, as formatters write.
    Lines,
    /// Tabs, carriage returns and blanks wherever the grammar allows them.
    Everywhere,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// Members of every object by name.
    pub(crate) sorted: bool,
    /// The white space between tokens.
    pub(crate) space: Space,
    /// `\u` in keys and values, `\/` for every slash.
    pub(crate) escaped: bool,
}

impl Style {
    /// What CloudTrail itself writes.
    pub(crate) const COMPACT: Self = Self { sorted: false, space: Space::None, escaped: false };
}

impl Json {
    /// Sets a member of an object, where it is or at the end.
    pub(crate) fn set(&mut self, key: &'static str, value: impl Into<Json>) {
        let Self::Object(members) = self else { panic!("{key} of no object") };
        match members.iter_mut().find(|(own, _)| own == key) {
            Some((_, old)) => *old = value.into(),
            None => members.push((key.into(), value.into())),
        }
    }

    /// Sets a member that comes first.
    pub(crate) fn set_first(&mut self, key: &'static str, value: impl Into<Json>) {
        self.remove(key);
        let Self::Object(members) = self else { panic!("{key} of no object") };
        members.insert(0, (key.into(), value.into()));
    }

    /// Takes a member out of an object.
    pub(crate) fn remove(&mut self, key: &str) {
        let Self::Object(members) = self else { panic!("{key} of no object") };
        members.retain(|(own, _)| own != key);
    }

    /// A text member of an object.
    pub(crate) fn text(&self, key: &str) -> &str {
        let Self::Object(members) = self else { panic!("{key} of no object") };
        match members.iter().find(|(own, _)| own == key) {
            Some((_, Self::Text(text))) => text,
            other => panic!("{key}: {other:?}"),
        }
    }

    /// The members of an object, to be put into another order.
    pub(crate) fn members(&mut self) -> &mut Vec<(Cow<'static, str>, Json)> {
        let Self::Object(members) = self else { panic!("members of no object") };
        members
    }

    /// Writes the value.
    pub(crate) fn write(&self, style: Style, out: &mut Vec<u8>) {
        self.write_at(style, 0, out);
    }

    /// The value in the style of CloudTrail.
    pub(crate) fn compact(&self) -> String {
        let mut out = Vec::new();
        self.write(Style::COMPACT, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn write_at(&self, style: Style, depth: usize, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(true) => out.extend_from_slice(b"true"),
            Self::Bool(false) => out.extend_from_slice(b"false"),
            Self::Number(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Self::Text(text) => write_text(text, style, out),
            Self::List(items) => {
                out.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    separate(at, style, depth, out);
                    item.write_at(style, depth + 1, out);
                }
                close(b']', items.is_empty(), style, depth, out);
            }
            Self::Object(members) => {
                out.push(b'{');
                let mut order: Vec<&(Cow<'static, str>, Self)> = members.iter().collect();
                if style.sorted {
                    order.sort_by(|left, right| left.0.cmp(&right.0));
                }
                for (at, (key, value)) in order.into_iter().enumerate() {
                    separate(at, style, depth, out);
                    write_text(key, style, out);
                    match style.space {
                        Space::None => out.push(b':'),
                        Space::Lines => out.extend_from_slice(b": "),
                        Space::Everywhere => out.extend_from_slice(b"\t:\r\n "),
                    }
                    value.write_at(style, depth + 1, out);
                }
                close(b'}', members.is_empty(), style, depth, out);
            }
        }
    }
}

fn separate(at: usize, style: Style, depth: usize, out: &mut Vec<u8>) {
    match style.space {
        Space::None if at > 0 => out.push(b','),
        Space::None => {}
        Space::Lines => {
            if at > 0 {
                out.push(b',');
            }
            line(depth + 1, out);
        }
        Space::Everywhere => {
            out.extend_from_slice(if at > 0 { b" \t, \n" } else { b" \r" });
            out.resize(out.len() + depth % 7, b' ');
        }
    }
}

fn close(bracket: u8, empty: bool, style: Style, depth: usize, out: &mut Vec<u8>) {
    match style.space {
        Space::None => {}
        Space::Lines if empty => {}
        Space::Lines => line(depth, out),
        Space::Everywhere => out.extend_from_slice(b"\n\t "),
    }
    out.push(bracket);
}

fn line(depth: usize, out: &mut Vec<u8>) {
    out.push(b'\n');
    out.resize(out.len() + 2 * depth, b' ');
}

fn write_text(text: &str, style: Style, out: &mut Vec<u8>) {
    out.push(b'"');
    for (at, character) in text.chars().enumerate() {
        match character {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\t' => out.extend_from_slice(b"\\t"),
            '\u{8}' => out.extend_from_slice(b"\\b"),
            '/' if style.escaped => out.extend_from_slice(b"\\/"),
            // Every third character, so that a key is neither written plainly nor wholly in escapes.
            other if other < ' ' || (style.escaped && at % 3 == 2) => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
                }
            }
            other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}

//! HCL as `terraform fmt` writes it.

use super::names::plain;

/// A value of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A text, quoted.
    Text(String),
    /// A number, a truth value, or an expression as it is.
    Raw(String),
    /// A list of texts.
    Texts(Vec<String>),
    /// A list of expressions as they are.
    Raws(Vec<String>),
}

impl Value {
    /// Takes a text.
    pub(super) fn text(text: impl AsRef<str>) -> Self {
        Self::Text(text.as_ref().to_owned())
    }

    /// Takes what is written as it is: a number, a truth value, a name.
    #[expect(clippy::needless_pass_by_value, reason = "numbers and truth values are handed over as they are")]
    pub(super) fn raw(value: impl ToString) -> Self {
        Self::Raw(value.to_string())
    }
}

/// A part of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// A comment, on one line.
    Comment(String),
    /// An argument.
    Argument(String, Value),
    /// A block: its head as it is, and what is in it.
    Block(String, Vec<Self>),
    /// An empty line.
    Blank,
}

impl Item {
    /// Takes a comment.
    pub(super) fn comment(text: impl AsRef<str>) -> Self {
        Self::Comment(plain(text.as_ref()))
    }

    /// Takes an empty line.
    pub(super) fn blank() -> Self {
        Self::Blank
    }

    /// Takes an argument.
    pub(super) fn set(name: &str, value: Value) -> Self {
        Self::Argument(name.to_owned(), value)
    }

    /// Takes a block without labels.
    pub(super) fn block(name: &str, items: Vec<Self>) -> Self {
        Self::Block(name.to_owned(), items)
    }

    /// Takes a resource.
    pub(super) fn resource(kind: &str, label: &str, items: Vec<Self>) -> Self {
        Self::Block(format!("resource {} {}", quote(kind), quote(label)), items)
    }

    /// Takes a variable that holds a text and must be filled in.
    pub(super) fn variable(name: &str, description: &str) -> Self {
        let items = vec![
            Self::set("description", Value::text(plain(description))),
            Self::set("type", Value::raw("string")),
        ];
        Self::Block(format!("variable {}", quote(name)), items)
    }
}

/// Quotes a text so that it stands for itself: nothing in it is a template, and no character ends it.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut characters = text.chars().peekable();
    while let Some(own) = characters.next() {
        match own {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // `$${` would do, were it not for a text that has another `$` before.
            '$' | '%' if characters.peek() == Some(&'{') => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(own)));
            }
            own if own.is_control() || matches!(own, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}') => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(own)));
            }
            own => quoted.push(own),
        }
    }
    quoted.push('"');
    quoted
}

/// The longest list on one line.
const LONGEST_LIST: usize = 90;

fn value_lines(value: &Value) -> Vec<String> {
    let items: Vec<String> = match value {
        Value::Text(text) => return vec![quote(text)],
        Value::Raw(text) => return vec![text.clone()],
        Value::Texts(texts) => texts.iter().map(|own| quote(own)).collect(),
        Value::Raws(texts) => texts.clone(),
    };
    let line = format!("[{}]", items.join(", "));
    if line.len() <= LONGEST_LIST || items.len() < 2 {
        return vec![line];
    }
    let mut lines = vec!["[".to_owned()];
    lines.extend(items.iter().map(|own| format!("  {own},")));
    lines.push("]".to_owned());
    lines
}

/// Ends what is written so far with one empty line.
fn blank(lines: &mut Vec<String>) {
    if lines.last().is_some_and(|own| !own.is_empty()) {
        lines.push(String::new());
    }
}

fn write(items: &[Item], indent: usize, lines: &mut Vec<String>) {
    let space = " ".repeat(indent);
    let mut at = 0;
    while let Some(item) = items.get(at) {
        match item {
            Item::Comment(text) => {
                lines.push(format!("{space}# {text}"));
                at += 1;
            }
            Item::Blank => {
                blank(lines);
                at += 1;
            }
            Item::Argument(..) => {
                // Neighbours with values of one line have their `=` below each other.
                let group: Vec<(&String, Vec<String>)> = items[at..]
                    .iter()
                    .map_while(|own| match own {
                        Item::Argument(name, value) => Some((name, value_lines(value))),
                        _ => None,
                    })
                    .collect();
                at += group.len();
                for run in group.chunk_by(|one, other| one.1.len() == 1 && other.1.len() == 1) {
                    let width =
                        if run.len() > 1 { run.iter().map(|own| own.0.len()).max().unwrap_or(0) } else { 0 };
                    for (name, value) in run {
                        let first = value.first().map_or("", String::as_str);
                        lines.push(format!("{space}{name:width$} = {first}"));
                        lines.extend(value.iter().skip(1).map(|own| format!("{space}{own}")));
                    }
                }
            }
            Item::Block(head, inner) => {
                let after_comment = at > 0 && matches!(items.get(at - 1), Some(Item::Comment(_)));
                if at > 0 && !after_comment {
                    blank(lines);
                }
                if inner.is_empty() {
                    lines.push(format!("{space}{head} {{}}"));
                } else {
                    lines.push(format!("{space}{head} {{"));
                    write(inner, indent + 2, lines);
                    lines.push(format!("{space}}}"));
                }
                at += 1;
                if indent == 0 && matches!(items.get(at), Some(Item::Comment(_) | Item::Argument(..))) {
                    lines.push(String::new());
                }
            }
        }
    }
}

/// Returns the text of a configuration, as `terraform fmt` writes it.
pub(super) fn render(items: &[Item]) -> String {
    let mut lines = Vec::new();
    write(items, 0, &mut lines);
    let mut text = lines.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_for_themselves() {
        let table = [
            ("a", r#""a""#),
            (r#"a"b\c"#, r#""a\"b\\c""#),
            ("${x}", r#""\u0024{x}""#),
            ("$${x}", r#""$\u0024{x}""#),
            ("%{if}", r#""\u0025{if}""#),
            ("100%", r#""100%""#),
            ("a\nb\u{7}", r#""a\nb\u0007""#),
        ];
        for (text, quoted) in table {
            assert_eq!(quote(text), quoted);
        }
    }

    #[test]
    fn arguments_are_aligned_and_blocks_set_apart() {
        let items = vec![
            Item::comment("a\nb"),
            Item::resource(
                "aws_cloudtrail",
                "main",
                vec![
                    Item::set("name", Value::text("main")),
                    Item::set("enable_logging", Value::raw(true)),
                    Item::set("values", Value::Texts(vec!["x".repeat(50), "y".repeat(50)])),
                    Item::block(
                        "lifecycle",
                        vec![Item::set("ignore_changes", Value::Raws(vec!["tags".into()]))],
                    ),
                ],
            ),
            Item::variable("v", "a \"key\""),
        ];
        let expected = format!(
            "# a\\u{{a}}b\nresource \"aws_cloudtrail\" \"main\" {{\n  name           = \"main\"\n  enable_logging = true\n  \
             values = [\n    \"{}\",\n    \"{}\",\n  ]\n\n  lifecycle {{\n    ignore_changes = [tags]\n  }}\n}}\n\n\
             variable \"v\" {{\n  description = \"a \\\"key\\\"\"\n  type        = string\n}}\n",
            "x".repeat(50),
            "y".repeat(50)
        );
        assert_eq!(render(&items), expected);
    }
}

//! Filter patterns of CloudWatch Logs for JSON events, such as `{ ($.eventName = ConsoleLogin) && ($.errorCode NOT EXISTS) }`:
//! read exactly, and tried on events.
//!
//! In: a pattern's text, and events. Out: [`FilterPattern`], which tells whether an event matches, or [`FilterPatternError`]
//! with the place. Must not know: who uses the pattern, what alarms it feeds.
//!
//! Source: CloudWatch Logs user guide, "Filter pattern syntax for metric filters, subscription filters, filter log events, and
//! Live Tail", section "JSON", and "Quotas" (read 2026-11-22). Upper and lower case differ in values and names;
//! `&&` binds more tightly than `||`; an array or an object never matches a value. Where the guide says nothing, this is held:
//! a property that is absent, or null, matches no comparison, `!=` included, so that `NOT EXISTS` has to be asked for; a number,
//! or `true` and `false`, is compared by its text where the pattern's value is quoted, or is none of its kind.
//!
//! Patterns without braces (plain terms) and in brackets (columns) match no JSON property and are refused, and so are
//! regular expressions (`%…%`).

mod error;
mod matching;
mod read;

pub use error::{FilterPatternError, FilterPatternFault};

use rust_decimal::Decimal;

/// The longest pattern that CloudWatch Logs takes, in characters.
///
/// Source: CloudWatch Logs API reference, `PutMetricFilter`, `filterPattern` (read 2026-11-22).
pub const LONGEST_FILTER_PATTERN: usize = 1_024;

/// A pattern for JSON events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterPattern {
    text: String,
    root: Node,
}

impl FilterPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`FilterPatternError`] with the place, when it is no pattern for JSON events, or one that cannot be tried here.
    pub fn parse(text: &str) -> Result<Self, FilterPatternError> {
        Ok(Self { text: text.to_owned(), root: read::read(text)? })
    }

    /// Returns the pattern as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Tells whether an event matches.
    pub fn matches(&self, event: &serde_json::Value) -> bool {
        matching::holds(&self.root, event)
    }

    /// Returns the texts that the pattern compares a property with by `=`, in the order of the pattern; wildcards as they are.
    ///
    /// `values_of("$.eventName")` are the events that a pattern names.
    pub fn values_of(&self, property: &str) -> Vec<&str> {
        let mut found = Vec::new();
        values(&self.root, property, &mut found);
        found
    }
}

fn values<'a>(node: &'a Node, property: &str, found: &mut Vec<&'a str>) {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().for_each(|own| values(own, property, found)),
        Node::Test(path, Test::Compare(Comparison::Equal, value)) if path.text == property => {
            found.push(&value.text);
        }
        Node::Test(..) => {}
    }
}

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    /// Every part must hold.
    All(Vec<Node>),
    /// One part is enough.
    Any(Vec<Node>),
    /// A test of a property.
    Test(Path, Test),
}

/// Where a property is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Path {
    /// As it was written.
    text: String,
    /// From the event inwards.
    steps: Vec<Step>,
}

/// One step inwards.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// A property of an object.
    Name(String),
    /// An element of an array, counted from 0.
    Index(usize),
}

/// What is asked of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// It is not there.
    NotExists,
    /// It is null.
    IsNull,
    /// It is `true`, or `false`.
    Is(bool),
    /// It compares so with a value.
    Compare(Comparison, Operand),
}

/// How a property compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    fn is_ordered(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }
}

/// What a property is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Operand {
    /// The text, without quotes.
    text: String,
    /// The number that it is, unless it was quoted.
    number: Option<Decimal>,
}

#[cfg(test)]
mod tests;

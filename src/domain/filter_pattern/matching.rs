//! Tries a pattern on an event.

use super::{Comparison, Node, Operand, Path, Step, Test};
use rust_decimal::Decimal;
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Tells whether a part of a pattern holds for an event.
pub(super) fn holds(node: &Node, event: &Value) -> bool {
    match node {
        Node::All(parts) => parts.iter().all(|own| holds(own, event)),
        Node::Any(parts) => parts.iter().any(|own| holds(own, event)),
        Node::Test(path, test) => passes(find(path, event), test),
    }
}

fn find<'a>(path: &Path, event: &'a Value) -> Option<&'a Value> {
    path.steps.iter().try_fold(event, |value, step| match step {
        Step::Name(name) => value.as_object()?.get(name),
        Step::Index(index) => value.as_array()?.get(*index),
    })
}

fn passes(value: Option<&Value>, test: &Test) -> bool {
    match test {
        Test::NotExists => value.is_none(),
        Test::IsNull => value.is_some_and(Value::is_null),
        Test::Is(wanted) => value.and_then(Value::as_bool) == Some(*wanted),
        Test::Compare(comparison, operand) => value.is_some_and(|own| compares(own, *comparison, operand)),
    }
}

fn compares(value: &Value, comparison: Comparison, operand: &Operand) -> bool {
    if let (Some(number), Some(wanted)) = (number_of(value), operand.number) {
        let order = number.cmp(&wanted);
        return match comparison {
            Comparison::Equal => order == Ordering::Equal,
            Comparison::NotEqual => order != Ordering::Equal,
            Comparison::Less => order == Ordering::Less,
            Comparison::LessOrEqual => order != Ordering::Greater,
            Comparison::Greater => order == Ordering::Greater,
            Comparison::GreaterOrEqual => order != Ordering::Less,
        };
    }
    let Some(text) = text_of(value) else { return false };
    match comparison {
        Comparison::Equal => like(&text, &operand.text),
        Comparison::NotEqual => !like(&text, &operand.text),
        _ => false,
    }
}

/// Returns the number that a value is; a text is none, whatever stands in it.
fn number_of(value: &Value) -> Option<Decimal> {
    value.as_number().and_then(|own| decimal(&own.to_string()))
}

/// Reads a number as JSON and patterns write it; `None` where it is none, or has more digits than a decimal holds.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !digits.starts_with(|own: char| own.is_ascii_digit()) || digits.contains('_') {
        return None;
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    if text.contains(['e', 'E']) {
        Decimal::from_scientific(text).ok()
    } else {
        Decimal::from_str_exact(text).ok()
    }
}

fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(own) => Some(Cow::Borrowed(if *own { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Tells whether a text is like a pattern in which `*` stands for any characters, or none.
fn like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(last) = parts.next_back() else { return text == pattern };
    let Some(inner) = text.strip_prefix(first).and_then(|own| own.strip_suffix(last)) else { return false };
    // The leftmost place of each part leaves the most for the others.
    parts.try_fold(inner, |rest, part| rest.find(part).map(|at| &rest[at + part.len()..])).is_some()
}

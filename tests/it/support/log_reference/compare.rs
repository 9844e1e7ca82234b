//! Two measurements side by side.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The members of a row that the reference has too.
fn kept(row: &Value, like: &Value) -> Value {
    let (Value::Object(row), Value::Object(like)) = (row, like) else { return row.clone() };
    let kept: Map<String, Value> =
        like.iter().filter_map(|(key, like)| Some((key.clone(), kept(row.get(key)?, like)))).collect();
    Value::Object(kept)
}

/// The digits of a number without the zeros that end its fraction.
fn number(text: &str) -> Option<&str> {
    let is_number = text.bytes().all(|own| own.is_ascii_digit() || own == b'.');
    let trimmed = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    is_number.then_some(trimmed)
}

/// Adds what differs, a line each; what the reference does not have, and the order of rows, is not compared.
pub(crate) fn differences(at: &str, expected: &Value, found: &Value, lines: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, expected) in expected {
                differences(&format!("{at}.{key}"), expected, found.get(key).unwrap_or(&Value::Null), lines);
            }
        }
        (Value::Array(expected), Value::Array(found)) if expected.first().is_some_and(Value::is_object) => {
            let found: Vec<Value> = found.iter().map(|row| kept(row, &expected[0])).collect();
            let mut missing: BTreeMap<String, isize> = BTreeMap::new();
            for (rows, sign) in [(expected, 1), (&found, -1)] {
                for row in rows {
                    *missing.entry(row.to_string()).or_default() += sign;
                }
            }
            for (row, count) in missing {
                if count != 0 {
                    lines.push(format!("{at}: {} {row}", if count > 0 { "missing" } else { "too much" }));
                }
            }
        }
        // A number with a fraction, however many zeros end it.
        (Value::String(expected), Value::String(found))
            if at.ends_with("_ratio") && number(expected).is_some() && number(expected) == number(found) => {}
        _ if expected == found => {}
        _ => lines.push(format!("{at}: expected {expected}, found {found}")),
    }
}

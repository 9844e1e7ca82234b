//! Values of attributes, whichever file they come from.

use serde_json::Value;
use std::collections::BTreeMap;

/// Why a value is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// Terraform knows it only when it is applied.
    AfterApply,
    /// It is marked sensitive, and so not read.
    Sensitive,
    /// It is an expression that only Terraform can work out.
    Expression,
}

impl Why {
    /// Says it in words, after the attribute's name.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::AfterApply => "known only after apply",
            Self::Sensitive => "marked sensitive, and not read",
            Self::Expression => "an expression that is not worked out here",
        }
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Attr {
    Null,
    Bool(bool),
    /// A number as it is written.
    Number(String),
    Text(String),
    List(Vec<Attr>),
    /// A set of Terraform's sources: sorted, and each element once. Those of plans and states are lists.
    Set(Vec<Attr>),
    Map(BTreeMap<String, Attr>),
    Unknown(Why),
}

impl Attr {
    /// Takes a value of Terraform's JSON with what is unknown and what is sensitive of it, in the same shape.
    pub(super) fn of(value: Value, unknown: Option<&Value>, sensitive: Option<&Value>) -> Self {
        if unknown == Some(&Value::Bool(true)) {
            return Self::Unknown(Why::AfterApply);
        }
        if sensitive == Some(&Value::Bool(true)) && !value.is_null() {
            return Self::Unknown(Why::Sensitive);
        }
        match value {
            // Of blocks of which nothing is known but that they are there, only what is unknown is told.
            Value::Null => match unknown.filter(|own| holds_true(own)) {
                Some(Value::Array(_)) => Self::list(Vec::new(), unknown, sensitive),
                Some(Value::Object(_)) => Self::map(serde_json::Map::new(), unknown, sensitive),
                _ => Self::Null,
            },
            Value::Bool(own) => Self::Bool(own),
            Value::Number(own) => Self::Number(own.to_string()),
            Value::String(own) => Self::Text(own),
            Value::Array(own) => Self::list(own, unknown, sensitive),
            Value::Object(own) => Self::map(own, unknown, sensitive),
        }
    }

    fn list(mut values: Vec<Value>, unknown: Option<&Value>, sensitive: Option<&Value>) -> Self {
        let more = unknown.and_then(Value::as_array).map_or(0, Vec::len);
        if values.len() < more {
            values.resize(more, Value::Null);
        }
        let at = |own: Option<&Value>, at: usize| own.and_then(|own| own.get(at)).cloned();
        let each = values.into_iter().enumerate();
        Self::List(
            each.map(|(n, own)| Self::of(own, at(unknown, n).as_ref(), at(sensitive, n).as_ref())).collect(),
        )
    }

    fn map(
        mut values: serde_json::Map<String, Value>,
        unknown: Option<&Value>,
        sensitive: Option<&Value>,
    ) -> Self {
        for key in unknown.and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys) {
            if !values.contains_key(key) {
                values.insert(key.clone(), Value::Null);
            }
        }
        let own = |whole: Option<&Value>, key: &str| whole.and_then(|whole| whole.get(key)).cloned();
        let each = values.into_iter();
        Self::Map(
            each.map(|(key, value)| {
                let attr = Self::of(value, own(unknown, &key).as_ref(), own(sensitive, &key).as_ref());
                (key, attr)
            })
            .collect(),
        )
    }

    /// Returns the value as a text, as Terraform converts numbers and switches.
    pub(super) fn as_text(&self) -> Option<String> {
        match self {
            Self::Bool(own) => Some(own.to_string()),
            Self::Number(own) | Self::Text(own) => Some(own.clone()),
            Self::Null | Self::List(_) | Self::Set(_) | Self::Map(_) | Self::Unknown(_) => None,
        }
    }

    /// Returns the value as a switch.
    pub(super) fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(own) => Some(*own),
            Self::Text(own) if own == "true" => Some(true),
            Self::Text(own) if own == "false" => Some(false),
            _ => None,
        }
    }

    /// Returns the value with lists for sets, as plans have it.
    pub(super) fn without_sets(self) -> Self {
        match self {
            Self::List(own) | Self::Set(own) => Self::List(own.into_iter().map(Self::without_sets).collect()),
            Self::Map(own) => {
                Self::Map(own.into_iter().map(|(key, own)| (key, own.without_sets())).collect())
            }
            other => other,
        }
    }

    /// Returns why the value, or a part of it, is not known.
    pub(super) fn unknown_part(&self) -> Option<Why> {
        match self {
            Self::Unknown(why) => Some(*why),
            Self::List(own) | Self::Set(own) => own.iter().find_map(Self::unknown_part),
            Self::Map(own) => own.values().find_map(Self::unknown_part),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => None,
        }
    }
}

/// Tells whether something is unknown at all.
fn holds_true(unknown: &Value) -> bool {
    match unknown {
        Value::Bool(own) => *own,
        Value::Array(own) => own.iter().any(holds_true),
        Value::Object(own) => own.values().any(holds_true),
        Value::Null | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unknown_and_sensitive_parts_are_told_apart() {
        let value = json!({ "name": "a", "list": ["x", null], "secret": "s3cr3t", "none": null });
        let unknown = json!({ "arn": true, "list": [false, true, true], "name": false });
        let sensitive = json!({ "secret": true, "none": true });
        let Attr::Map(found) = Attr::of(value, Some(&unknown), Some(&sensitive)) else { panic!("no map") };
        let after = Attr::Unknown(Why::AfterApply);
        assert_eq!(found["name"], Attr::Text("a".to_owned()));
        assert_eq!(found["arn"], after);
        assert_eq!(found["list"], Attr::List(vec![Attr::Text("x".to_owned()), after.clone(), after]));
        assert_eq!(found["secret"], Attr::Unknown(Why::Sensitive));
        assert_eq!(found["none"], Attr::Null);
        assert_eq!(found["list"].unknown_part(), Some(Why::AfterApply));
    }
}

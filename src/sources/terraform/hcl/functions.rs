//! The functions of Terraform's language that are worked out: those that only change a value's form.

use super::types::number;
use crate::sources::terraform::value::{Attr, Why};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Works out a function; nothing where only Terraform can.
pub(super) fn call(name: &str, arguments: &[Attr]) -> Option<Attr> {
    let known = |own: &Attr| own.unknown_part().is_none();
    match (name, arguments) {
        ("toset", [Attr::List(own) | Attr::Set(own)]) if own.iter().all(known) => Some(set(own.clone())),
        ("tolist", [Attr::Set(own)]) => Some(Attr::List(own.clone())),
        ("tonumber", [own]) => number(own),
        ("tolist", [own @ Attr::List(_)]) | ("tomap", [own @ Attr::Map(_)]) => Some(own.clone()),
        ("tostring", [own]) => own.as_text().map(Attr::Text),
        ("tobool", [own]) => own.as_bool().map(Attr::Bool),
        ("lower", [Attr::Text(own)]) => Some(Attr::Text(own.to_lowercase())),
        ("upper", [Attr::Text(own)]) => Some(Attr::Text(own.to_uppercase())),
        ("length", [Attr::List(own) | Attr::Set(own)]) => Some(Attr::Number(own.len().to_string())),
        ("length", [Attr::Map(own)]) => Some(Attr::Number(own.len().to_string())),
        ("keys", [Attr::Map(own)]) => Some(Attr::List(own.keys().cloned().map(Attr::Text).collect())),
        ("values", [Attr::Map(own)]) => Some(Attr::List(own.values().cloned().collect())),
        ("concat", lists) => {
            let mut all = Vec::new();
            for list in lists {
                let (Attr::List(own) | Attr::Set(own)) = list else { return None };
                all.extend(own.iter().cloned());
            }
            Some(Attr::List(all))
        }
        ("merge", maps) => {
            let mut all = BTreeMap::new();
            for map in maps {
                let Attr::Map(own) = map else { return None };
                all.extend(own.clone());
            }
            Some(Attr::Map(all))
        }
        ("jsonencode", [own]) => Some(match own.unknown_part() {
            // Known to be set, and no more.
            Some(_) => Attr::Unknown(Why::AfterApply),
            None => Attr::Text(encode(own)?),
        }),
        _ => None,
    }
}

/// Makes a set: each element once. Whoever has an element that is not known has no set that is.
pub(super) fn set(values: Vec<Attr>) -> Attr {
    let mut all: Vec<Attr> = Vec::new();
    for value in values {
        if let Some(why) = value.unknown_part() {
            return Attr::Unknown(why);
        }
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all.sort_by_key(Attr::as_text);
    Attr::Set(all)
}

/// Writes JSON as Terraform does: keys sorted, no space, and `<`, `>` and `&` escaped.
fn encode(own: &Attr) -> Option<String> {
    let text = serde_json::to_string(&json(own)?).ok()?;
    Some(text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}

fn json(own: &Attr) -> Option<Value> {
    Some(match own {
        Attr::Null => Value::Null,
        Attr::Bool(own) => Value::Bool(*own),
        Attr::Number(own) => Value::Number(own.parse().ok()?),
        Attr::Text(own) => Value::String(own.clone()),
        Attr::List(own) | Attr::Set(own) => Value::Array(own.iter().map(json).collect::<Option<_>>()?),
        Attr::Map(own) => {
            let each = own.iter().map(|(key, value)| Some((key.clone(), json(value)?)));
            Value::Object(each.collect::<Option<Map<_, _>>>()?)
        }
        Attr::Unknown(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_change_the_form_of_values() {
        let text = |own: &str| Attr::Text(own.to_owned());
        let list = |own: &[&str]| Attr::List(own.iter().map(|own| text(own)).collect());
        assert_eq!(call("toset", &[list(&["b", "a", "b"])]), Some(set(vec![text("a"), text("b")])));
        assert_eq!(call("tolist", &[set(vec![text("b"), text("a")])]), Some(list(&["a", "b"])));
        assert_eq!(call("concat", &[list(&["a"]), list(&["b"])]), Some(list(&["a", "b"])));
        assert_eq!(call("file", &[text("/etc/passwd")]), None);
        let map = Attr::Map(BTreeMap::from([
            ("b".to_owned(), Attr::List(vec![text("<&>"), Attr::Number("1".to_owned())])),
            ("a".to_owned(), Attr::Null),
        ]));
        let written = r#"{"a":null,"b":["\u003c\u0026\u003e",1]}"#;
        assert_eq!(call("jsonencode", &[map]), Some(text(written)));
        assert_eq!(
            call("jsonencode", &[Attr::Unknown(Why::Expression)]),
            Some(Attr::Unknown(Why::AfterApply))
        );
    }
}

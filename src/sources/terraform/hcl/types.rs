//! Types of variables: what a value becomes that is given to one.

use super::functions::set;
use crate::domain::parse_decimal;
use crate::sources::terraform::value::{Attr, Why};
use hcl_edit::expr::{Expression, FuncCall, Object, ObjectKey};
use std::collections::BTreeMap;

/// Converts a value to a type, as Terraform does; what cannot be is not worked out. `default` works out the defaults of
/// optional attributes.
///
/// Source: Terraform language, "Type Constraints".
pub(super) fn convert(value: Attr, of: &Expression, default: &dyn Fn(&Expression) -> Attr) -> Attr {
    match (of, value) {
        (_, value @ (Attr::Null | Attr::Unknown(_))) => value,
        (Expression::Variable(own), value) => scalar(value, own.value().as_str()),
        (Expression::String(own), value) => scalar(value, own.value()),
        (Expression::FuncCall(own), value) => collection(value, own, default),
        (_, value) => value,
    }
}

fn scalar(value: Attr, of: &str) -> Attr {
    let converted = match of {
        "string" => value.as_text().map(Attr::Text),
        "bool" => value.as_bool().map(Attr::Bool),
        "number" => number(&value),
        _ => Some(value),
    };
    converted.unwrap_or(Attr::Unknown(Why::Expression))
}

/// Reads a number, or a text that is one, without zeros that say nothing.
pub(super) fn number(value: &Attr) -> Option<Attr> {
    let (Attr::Number(text) | Attr::Text(text)) = value else { return None };
    let own = parse_decimal(text).ok()?;
    Some(Attr::Number(own.normalize().to_string()))
}

fn collection(value: Attr, of: &FuncCall, default: &dyn Fn(&Expression) -> Attr) -> Attr {
    let Some(inner) = of.args.iter().next() else { return value };
    let each = |all: Vec<Attr>| all.into_iter().map(|own| convert(own, inner, default)).collect();
    match (of.name.name.as_str(), value) {
        ("optional", value) => convert(value, inner, default),
        ("list", Attr::List(all) | Attr::Set(all)) => Attr::List(each(all)),
        ("set", Attr::List(all) | Attr::Set(all)) => set(each(all)),
        ("map", Attr::Map(all)) => {
            Attr::Map(all.into_iter().map(|(key, own)| (key, convert(own, inner, default))).collect())
        }
        ("object", Attr::Map(all)) => match inner {
            Expression::Object(types) => object(all, types, default),
            _ => Attr::Map(all),
        },
        ("tuple", Attr::List(all)) => match inner {
            Expression::Array(types) => {
                let each = all.into_iter().zip(types.iter());
                Attr::List(each.map(|(own, of)| convert(own, of, default)).collect())
            }
            _ => Attr::List(all),
        },
        _ => Attr::Unknown(Why::Expression),
    }
}

fn object(mut all: BTreeMap<String, Attr>, types: &Object, default: &dyn Fn(&Expression) -> Attr) -> Attr {
    let mut converted = BTreeMap::new();
    for (key, of) in types {
        let key = match key {
            ObjectKey::Ident(own) => own.to_string(),
            ObjectKey::Expression(own) => own.as_str().unwrap_or_default().to_owned(),
        };
        let of = of.expr();
        let given = all.remove(&key).unwrap_or(Attr::Null);
        let given = if given == Attr::Null { default_of(of).map_or(Attr::Null, default) } else { given };
        converted.insert(key, convert(given, of, default));
    }
    Attr::Map(converted)
}

/// Returns what an optional attribute is by default: the second part of `optional(TYPE, DEFAULT)`.
fn default_of(of: &Expression) -> Option<&Expression> {
    match of {
        Expression::FuncCall(own) if own.name.name.as_str() == "optional" => own.args.iter().nth(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_the_type_of_their_variable() {
        let text = |own: &str| Attr::Text(own.to_owned());
        let number = |own: &str| Attr::Number(own.to_owned());
        let map = |key: &str, own: Attr| Attr::Map(BTreeMap::from([(key.to_owned(), own)]));
        let list = || Attr::List(vec![text("b"), text("a"), text("b")]);
        let unknown = Attr::Unknown(Why::Expression);
        for (of, value, expected) in [
            ("bool", text("true"), Attr::Bool(true)),
            ("bool", text("perhaps"), unknown.clone()),
            ("number", text("1.0"), number("1")),
            ("string", number("7"), text("7")),
            ("any", text("1"), text("1")),
            ("bool", Attr::Null, Attr::Null),
            ("set(string)", list(), Attr::Set(vec![text("a"), text("b")])),
            ("list(number)", Attr::List(vec![text("3")]), Attr::List(vec![number("3")])),
            ("map(bool)", map("x", text("false")), map("x", Attr::Bool(false))),
            ("object({ x = optional(bool, true) })", Attr::Map(BTreeMap::new()), map("x", Attr::Bool(true))),
            ("object({ x = optional(bool, true) })", map("x", text("false")), map("x", Attr::Bool(false))),
            ("object({ x = bool })", text("x"), unknown),
        ] {
            let of: Expression = of.parse().unwrap();
            let default = |own: &Expression| own.as_bool().map_or(Attr::Null, Attr::Bool);
            assert_eq!(convert(value, &of, &default), expected, "{of}");
        }
    }
}

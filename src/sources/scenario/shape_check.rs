//! Holds a TOML document against the JSON Schema: unknown and missing keys, wrong kinds of value, all at once.

use crate::domain::{Diagnostic, nearest};
use serde_json::Value;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What the check finds.
#[derive(Debug, Default)]
pub(in crate::sources) struct Findings {
    pub(in crate::sources) items: Vec<Diagnostic>,
    /// Whether a value is of a kind that cannot be read on.
    pub(in crate::sources) unreadable: bool,
}

/// Checks a document.
pub(in crate::sources) fn check(path: &str, document: &Spanned<DeTable<'_>>, schema: &Value) -> Findings {
    let mut checker = Checker { path, root: schema, findings: Findings::default() };
    checker.table(document.get_ref(), None, schema, "");
    checker.findings
}

struct Checker<'a> {
    path: &'a str,
    root: &'a Value,
    findings: Findings,
}

impl<'a> Checker<'a> {
    /// Follows `$ref`, and picks the variant of `anyOf` that is not null.
    fn resolve(&self, schema: &'a Value) -> &'a Value {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let pointer = name.trim_start_matches('#');
            return self.root.pointer(pointer).map_or(schema, |target| self.resolve(target));
        }
        if let Some(variants) = schema.get("anyOf").and_then(Value::as_array)
            && variants.iter().any(|variant| variant.get("type").and_then(Value::as_str) == Some("null"))
            && let Some(variant) =
                variants.iter().find(|variant| variant.get("type").and_then(Value::as_str) != Some("null"))
        {
            return self.resolve(variant);
        }
        schema
    }

    fn report(&mut self, span: Option<Range<usize>>, message: String, label: Option<String>) {
        let mut finding = Diagnostic::error(self.path, message);
        finding.span = span;
        finding.label = label;
        self.findings.items.push(finding);
    }

    fn table(&mut self, table: &DeTable<'_>, span: Option<&Range<usize>>, schema: &'a Value, name: &str) {
        let properties = schema.get("properties").and_then(Value::as_object);
        let additional = schema.get("additionalProperties");
        for (key, value) in table {
            let text: &str = key.get_ref();
            match properties.and_then(|properties| properties.get(text)) {
                Some(own) => self.value(value, own, text),
                None => match additional {
                    Some(own @ Value::Object(_)) => self.value(value, own, text),
                    Some(Value::Bool(false)) => {
                        let known = properties.iter().flat_map(|known| known.keys().map(String::as_str));
                        let label = nearest(text, known.clone()).map_or_else(
                            || format!("known are {}", known.collect::<Vec<_>>().join(", ")),
                            |near| format!("did you mean `{near}`?"),
                        );
                        let place = if name.is_empty() { String::new() } else { format!(" in `{name}`") };
                        self.report(Some(key.span()), format!("unknown key `{text}`{place}"), Some(label));
                    }
                    _ => {}
                },
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        for key in required.into_iter().flatten().filter_map(Value::as_str) {
            if !table.iter().any(|(own, _)| own.get_ref() == key) {
                let place = if name.is_empty() { String::new() } else { format!(" in `{name}`") };
                self.report(span.cloned(), format!("missing key `{key}`{place}"), None);
                let own = properties.and_then(|properties| properties.get(key));
                if let Some(missing) = self.findings.items.last_mut() {
                    missing.hint = Some(format!("add `{key}`{}", meaning(own)));
                }
                self.findings.unreadable = true;
            }
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, schema: &'a Value, name: &str) {
        let schema = self.resolve(schema);
        let kind = kind_of(value.get_ref());
        if let Some(variants) = schema.get("anyOf").and_then(Value::as_array) {
            let fitting = variants.iter().find(|variant| accepts(variant, kind));
            match fitting {
                Some(variant) => self.inside(value, variant, name),
                None => self.wrong_kind(value, schema, name),
            }
            return;
        }
        if !accepts(schema, kind) {
            self.wrong_kind(value, schema, name);
            return;
        }
        self.inside(value, schema, name);
    }

    fn inside(&mut self, value: &Spanned<DeValue<'_>>, schema: &'a Value, name: &str) {
        match value.get_ref() {
            DeValue::Table(table) => self.table(table, Some(&value.span()), schema, name),
            DeValue::Array(array) => {
                if let Some(items) = schema.get("items") {
                    for item in array {
                        self.value(item, items, name);
                    }
                }
            }
            DeValue::String(text) => {
                let choices = choices(schema);
                if !choices.is_empty() && !choices.contains(&text.as_ref()) {
                    let label = nearest(text, choices.iter().copied()).map_or_else(
                        || format!("one of {}", choices.join(", ")),
                        |near| format!("did you mean `{near}`?"),
                    );
                    self.report(Some(value.span()), format!("`{name}` cannot be `{text}`"), Some(label));
                    self.findings.unreadable = true;
                }
            }
            DeValue::Float(float) => {
                let digits = float.as_str().bytes().filter(u8::is_ascii_digit).count();
                if digits > 15 || float.as_str().contains(['e', 'E']) {
                    let message = format!("`{name}` cannot be held exactly as a bare number");
                    self.report(
                        Some(value.span()),
                        message,
                        Some("put it in quotes, in plain digits".to_owned()),
                    );
                }
            }
            DeValue::Integer(integer) => {
                if i64::from_str_radix(integer.as_str(), integer.radix()).is_err() {
                    let message = format!("`{name}` is past the range of whole numbers");
                    self.report(Some(value.span()), message, Some(format!("at most {}", i64::MAX)));
                    self.findings.unreadable = true;
                }
            }
            DeValue::Boolean(_) | DeValue::Datetime(_) => {}
        }
    }

    fn wrong_kind(&mut self, value: &Spanned<DeValue<'_>>, schema: &Value, name: &str) {
        let found = kind_words(kind_of(value.get_ref()));
        let expected = expected_words(schema);
        let mut label = format!("found {found}");
        if expected == "a text" && matches!(value.get_ref(), DeValue::Integer(_) | DeValue::Datetime(_)) {
            label.push_str("; put it in quotes");
        }
        if expected == "a list" && matches!(value.get_ref(), DeValue::Table(_)) {
            label.push_str(&format!("; each table of the list begins with [[{name}]]"));
        }
        self.report(Some(value.span()), format!("`{name}` must be {expected}"), Some(label));
        self.findings.unreadable = true;
    }
}

/// Returns what a key stands for, as the schema describes it: `: the Region's code`.
fn meaning(schema: Option<&Value>) -> String {
    let text =
        schema.and_then(|schema| schema.get("description")).and_then(Value::as_str).unwrap_or_default();
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map_or_else(String::new, |first| format!(": {}{}", first.to_lowercase(), letters.as_str()))
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "string",
        DeValue::Integer(_) => "integer",
        DeValue::Float(_) => "number",
        DeValue::Boolean(_) => "boolean",
        DeValue::Datetime(_) => "datetime",
        DeValue::Array(_) => "array",
        DeValue::Table(_) => "object",
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn accepts(schema: &Value, kind: &str) -> bool {
    let types = types(schema);
    if types.is_empty() {
        // An enumeration of texts, or anything at all.
        return choices(schema).is_empty() || kind == "string";
    }
    types.contains(&kind)
}

fn choices(schema: &Value) -> Vec<&str> {
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.iter().filter_map(Value::as_str).collect();
    }
    let variants = schema.get("oneOf").and_then(Value::as_array);
    variants
        .into_iter()
        .flatten()
        .flat_map(|variant| match variant.get("const").and_then(Value::as_str) {
            Some(text) => vec![text],
            None => choices(variant),
        })
        .collect()
}

fn kind_words(kind: &str) -> &'static str {
    match kind {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a table",
        _ => "a date",
    }
}

fn expected_words(schema: &Value) -> String {
    if let Some(variants) = schema.get("anyOf").and_then(Value::as_array) {
        let is_quantity = variants.iter().any(|variant| types(variant).contains(&"number"));
        if is_quantity {
            return "a quantity, such as 25_000_000 or \"25M\"".to_owned();
        }
        let words: Vec<&str> = variants.iter().flat_map(types).map(kind_words).collect();
        return words.join(" or ");
    }
    let words: Vec<&str> = types(schema).into_iter().filter(|kind| *kind != "null").map(kind_words).collect();
    if words.is_empty() { "a text".to_owned() } else { words.join(" or ") }
}

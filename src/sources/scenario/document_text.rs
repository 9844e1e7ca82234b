//! From TOML to a document: every error of syntax, or every unknown key and wrong kind of value at once.

use super::shape_check;
use crate::domain::{Diagnostic, Diagnostics};
use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::de::DeTable;

/// Reads a document that has the shape of a JSON Schema; nothing where what was found leaves nothing to read on.
pub(in crate::sources) fn read<T: DeserializeOwned>(
    name: &str,
    text: &str,
    schema: &Value,
    found: &mut Diagnostics,
) -> Option<T> {
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let mut finding = Diagnostic::error(name, format!("not TOML: {}", error.message()));
        finding.span = error.span();
        found.push(finding);
    }
    if found.has_errors() {
        return None;
    }
    let shape = shape_check::check(name, &document, schema);
    found.items.extend(shape.items);
    if shape.unreadable {
        return None;
    }
    match T::deserialize(toml::de::Deserializer::from(document)) {
        Ok(own) => Some(own),
        Err(error) => {
            let mut finding = Diagnostic::error(name, error.message());
            finding.span = error.span();
            found.push(finding);
            None
        }
    }
}

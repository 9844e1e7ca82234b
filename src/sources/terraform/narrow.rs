//! JSON objects of which only some keys are kept, however large the rest is.

use super::kind::Kind;
use super::value::Attr;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// Returns the parts of an object that a resource type reads; what is no object stays as it is.
fn narrow(kind: &Kind, raw: &RawValue) -> serde_json::Result<Value> {
    if !raw.get().trim_start().starts_with('{') {
        // Only `true` and `false` mean something here.
        return Ok(Value::Bool(raw.get().trim() == "true"));
    }
    let mut reader = serde_json::Deserializer::from_str(raw.get());
    reader.deserialize_map(Narrow(kind)).map(Value::Object)
}

struct Narrow<'k>(&'k Kind);

impl<'de> Visitor<'de> for Narrow<'_> {
    type Value = Map<String, Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut kept = Map::new();
        while let Some(key) = access.next_key::<Cow<'de, str>>()? {
            if self.0.attributes.contains(&key.as_ref()) {
                let value = access
                    .next_value::<&RawValue>()
                    .and_then(|raw| serde_json::from_str(raw.get()).map_err(A::Error::custom))?;
                kept.insert(key.into_owned(), value);
            } else if self.0.presence.contains(&key.as_ref()) {
                let raw = access.next_value::<&RawValue>()?.get();
                let value =
                    if ["null", "\"\"", "false"].contains(&raw) { Value::Null } else { Value::Bool(true) };
                kept.insert(key.into_owned(), value);
            } else {
                access.next_value::<IgnoredAny>()?;
            }
        }
        Ok(kept)
    }
}

/// Reads a resource's attributes, with what is unknown and what is sensitive of them.
///
/// # Errors
/// What is wrong with the JSON, such as nesting beyond 128 levels, or that it is no object; no value of it is told.
pub(super) fn attributes(
    kind: &Kind,
    values: &RawValue,
    unknown: Option<&RawValue>,
    sensitive: Option<&RawValue>,
) -> serde_json::Result<BTreeMap<String, Attr>> {
    let values = narrow(kind, values)?;
    let unknown = unknown.map(|raw| narrow(kind, raw)).transpose()?;
    if !values.is_object() {
        return Err(Error::custom("no object of attributes"));
    }
    let mut sensitive = sensitive.map(|raw| narrow(kind, raw)).transpose()?;
    // What is sensitive as a whole is so attribute by attribute: each that is missed is named by itself.
    if sensitive == Some(Value::Bool(true)) {
        let all = kind.attributes.iter().map(|key| ((*key).to_owned(), Value::Bool(true)));
        sensitive = Some(Value::Object(all.collect()));
    }
    if let Some(Value::Object(own)) = &mut sensitive {
        own.retain(|key, _| !kind.presence.contains(&key.as_str()));
    }
    let Attr::Map(mut all) = Attr::of(values, unknown.as_ref(), sensitive.as_ref()) else {
        return Ok(BTreeMap::new());
    };
    all.retain(|_, own| *own != Attr::Null);
    Ok(all)
}

//! The JSON Schema of scenario files, made from the types that read them.

use super::document::ScenarioFile;
use serde_json::Value;

/// Returns the JSON Schema of scenario files, for editors.
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(ScenarioFile).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), Value::from("trailcost scenario"));
    }
    schema
}

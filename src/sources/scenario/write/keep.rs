//! What must be kept.

use super::amounts::{age, age_text, hours};
use super::error::WriteError;
use super::page::{Entries, Page, Value};
use super::selectors;
use crate::domain::{AdvancedEventSelector, Model};
use std::collections::BTreeSet;

pub(super) fn keep(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let demands = &model.demands;
    let mut entries = Entries::default();
    entries.put_some("retention", demands.retention.map(|own| age(own, "[keep]")).transpose()?);
    let mut readable = Entries::default();
    let mut seen = BTreeSet::new();
    for (upto, within) in &demands.readable_within {
        // An age may be demanded twice; a key may not.
        let spellings = [age_text(*upto, "[keep]")?, format!("{}h", upto.hours()), upto.to_string()];
        let Some(key) = spellings.into_iter().find(|key| seen.insert(key.clone())) else {
            return Err(WriteError::new("[keep]", format!("it demands too often how {upto} are read")));
        };
        readable.put(&key, hours(*within, "[keep]")?);
    }
    if !readable.is_empty() {
        entries.put("readable_within", Value::Table(readable));
    }
    let tests = demands.events.iter().flat_map(|selector| &selector.fields);
    selectors::all_test(tests, "[keep]")?;
    entries.put_list("events", demands.events.iter().map(events).collect());
    for (key, own) in [("insights", demands.insights), ("cloudwatch_logs", demands.cloudwatch_logs)] {
        entries.put_some(key, own.then(|| Value::flag(true)));
    }
    entries.put_some("log_retention", demands.log_retention.map(|own| age(own, "[keep]")).transpose()?);
    entries.put_texts("buckets", &demands.buckets);
    entries.put_some("accept_loss", demands.accept_loss.map(|own| Value::text(own.name())));
    entries.put_texts("profiles", &demands.profiles);
    if !entries.is_empty() {
        page.table("[keep]", &entries);
    }
    Ok(())
}

/// Returns the entry that the loader turns into this selector.
fn events(selector: &AdvancedEventSelector) -> Value {
    let mut entries = Entries::default();
    let advanced = selectors::put(&mut entries, std::slice::from_ref(selector), Some("none"));
    entries.put_list("selector", advanced.into_iter().map(Value::Table).collect());
    Value::Table(entries)
}

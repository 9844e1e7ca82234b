//! What a recorder records: in the few words of basic settings where they say the same, else selector by selector.

use super::error::WriteError;
use super::page::{Entries, Value};
use crate::domain::{Access, AdvancedEventSelector, EventCategory, EventSource, Field, FieldSelector};
use std::collections::BTreeSet;

/// Adds the keys for what is recorded; `unstated` is what is taken where nothing is said of management events.
pub(super) fn put(
    entries: &mut Entries,
    selectors: &[AdvancedEventSelector],
    unstated: Option<&str>,
) -> Vec<Entries> {
    match Basic::of(selectors) {
        Some(basic) => {
            basic.put(entries, unstated);
            Vec::new()
        }
        None => selectors.iter().map(advanced).collect(),
    }
}

/// Refuses a test without values, for which the format has no words.
pub(super) fn all_test<'m>(
    tests: impl IntoIterator<Item = &'m FieldSelector>,
    what: &str,
) -> Result<(), WriteError> {
    match tests.into_iter().find(|test| **test == FieldSelector::new(test.field)) {
        Some(test) => Err(WriteError::new(what, format!("its test of {} has no value", test.field.name()))),
        None => Ok(()),
    }
}

/// Settings that stand for a list of selectors.
struct Basic {
    management: Option<(Access, BTreeSet<EventSource>)>,
    data: Vec<(Access, String, Vec<String>)>,
    network_activity: Vec<String>,
}

impl Basic {
    /// Returns the settings that the loader turns into exactly these selectors, if there are any.
    fn of(selectors: &[AdvancedEventSelector]) -> Option<Self> {
        let management = selectors.first().and_then(management);
        let mut data = Vec::new();
        let mut network_activity = Vec::new();
        for selector in selectors.iter().skip(usize::from(management.is_some())) {
            match selector.category {
                EventCategory::Data if network_activity.is_empty() => data.push(data_setting(selector)?),
                EventCategory::NetworkActivity => network_activity.push(network_setting(selector)?),
                _ => return None,
            }
        }
        Some(Self { management, data, network_activity })
    }

    fn put(&self, entries: &mut Entries, unstated: Option<&str>) {
        let setting = match &self.management {
            None => "none",
            Some((Access::Read, _)) => "read",
            Some((Access::Write, _)) => "write",
            Some((Access::Mixed, _)) => "all",
        };
        entries.put_some("management", (unstated != Some(setting)).then(|| Value::text(setting)));
        let excluded = self.management.iter().flat_map(|(_, excluded)| excluded);
        let excluded = excluded.filter_map(|source| match source {
            EventSource::Kms => Some("kms"),
            EventSource::RdsData => Some("rdsdata"),
            EventSource::Other => None,
        });
        entries.put_texts("exclude", excluded);
        let data = self.data.iter().map(|(access, resource_type, resources)| {
            let mut own = Entries::default();
            own.put("resource_type", Value::text(resource_type));
            own.put_texts("resources", resources);
            let access = match access {
                Access::Mixed => None,
                Access::Read => Some("read"),
                Access::Write => Some("write"),
            };
            own.put_some("access", access.map(Value::text));
            Value::Table(own)
        });
        entries.put_list("data", data.collect());
        entries.put_texts("network_activity", &self.network_activity);
    }
}

fn management(selector: &AdvancedEventSelector) -> Option<(Access, BTreeSet<EventSource>)> {
    if selector.category != EventCategory::Management {
        return None;
    }
    let sources = [EventSource::Kms, EventSource::RdsData];
    [Access::Mixed, Access::Read, Access::Write].into_iter().find_map(|access| {
        (0..4_usize).find_map(|pick| {
            let excluded: BTreeSet<EventSource> = sources
                .iter()
                .enumerate()
                .filter(|(at, _)| pick >> at & 1 == 1)
                .map(|(_, own)| *own)
                .collect();
            (AdvancedEventSelector::management(access, &excluded) == *selector).then_some((access, excluded))
        })
    })
}

fn data_setting(selector: &AdvancedEventSelector) -> Option<(Access, String, Vec<String>)> {
    let resource_type = selector
        .fields
        .iter()
        .find(|test| test.field == Field::ResourcesType)
        .and_then(|test| test.equals.first())
        .filter(|own| own.starts_with("AWS::"))?;
    let arns = selector.fields.iter().find(|test| test.field == Field::ResourcesArn);
    let resources: Vec<String> = match arns {
        None => Vec::new(),
        Some(test) if test.starts_with.is_empty() => test.equals.clone(),
        Some(test) => test.starts_with.iter().map(|prefix| written(resource_type, prefix)).collect(),
    };
    let access = [Access::Mixed, Access::Read, Access::Write]
        .into_iter()
        .find(|access| AdvancedEventSelector::data(*access, resource_type, &resources) == *selector)?;
    Some((access, resource_type.clone(), resources))
}

/// Returns how a scenario writes all resources whose ARN starts so: as it is where that is enough, else with a `*`.
fn written(resource_type: &str, prefix: &str) -> String {
    let own = [prefix.to_owned()];
    let selector = AdvancedEventSelector::data(Access::Mixed, resource_type, &own);
    let is_enough = selector.fields.iter().any(|test| test.starts_with == own);
    if is_enough { prefix.to_owned() } else { format!("{prefix}*") }
}

fn network_setting(selector: &AdvancedEventSelector) -> Option<String> {
    let source = selector.fields.first().and_then(|test| test.equals.first())?;
    (AdvancedEventSelector::network_activity(source) == *selector).then(|| source.clone())
}

/// Returns one selector as it is.
fn advanced(selector: &AdvancedEventSelector) -> Entries {
    let mut entries = Entries::default();
    entries.put_some("name", selector.name.as_deref().map(Value::text));
    entries.put("category", Value::text(selector.category.selector_value()));
    entries.put_list("field", selector.fields.iter().map(field).collect());
    entries
}

fn field(test: &FieldSelector) -> Value {
    let mut entries = Entries::default();
    entries.put("field", Value::text(test.field.name()));
    for (key, values) in [
        ("equals", &test.equals),
        ("starts_with", &test.starts_with),
        ("ends_with", &test.ends_with),
        ("not_equals", &test.not_equals),
        ("not_starts_with", &test.not_starts_with),
        ("not_ends_with", &test.not_ends_with),
    ] {
        entries.put_texts(key, values);
    }
    Value::Table(entries)
}

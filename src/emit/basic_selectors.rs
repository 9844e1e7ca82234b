//! Basic event selectors, where they say what the advanced ones do.
//!
//! Sources: CloudTrail API reference, `EventSelector` and `DataResource`; CloudTrail user guide, "Quotas in AWS CloudTrail" (5 event
//! selectors for a trail, 250 data resources for all of them, those of a whole type not counted).

use super::hcl::{Item, Value};
use crate::domain::{Access, AdvancedEventSelector, EventCategory, EventSource, Field, FieldSelector};
use serde::Serialize;

const MOST_SELECTORS: usize = 5;
const MOST_RESOURCES: usize = 250;

/// Resources of a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DataResource {
    #[serde(rename = "Type")]
    resource_type: String,
    values: Vec<String>,
}

/// A basic event selector, as CloudTrail's API writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BasicSelector {
    read_write_type: &'static str,
    include_management_events: bool,
    data_resources: Vec<DataResource>,
    exclude_management_event_sources: Vec<String>,
}

impl BasicSelector {
    /// Returns the block of Terraform.
    pub(super) fn terraform(&self) -> Item {
        let mut items = vec![
            Item::set("read_write_type", Value::text(self.read_write_type)),
            Item::set("include_management_events", Value::raw(self.include_management_events)),
        ];
        if !self.exclude_management_event_sources.is_empty() {
            items.push(Item::set(
                "exclude_management_event_sources",
                Value::Texts(self.exclude_management_event_sources.clone()),
            ));
        }
        for own in &self.data_resources {
            let inner = vec![
                Item::set("type", Value::text(&own.resource_type)),
                Item::set("values", Value::Texts(own.values.clone())),
            ];
            items.push(Item::block("data_resource", inner));
        }
        Item::block("event_selector", items)
    }
}

/// Returns the one list that is not empty, if the test is such a one.
fn only<'a>(
    test: &'a FieldSelector,
    pick: impl Fn(&'a FieldSelector) -> &'a Vec<String>,
) -> Option<&'a [String]> {
    let lists = [
        &test.equals,
        &test.starts_with,
        &test.ends_with,
        &test.not_equals,
        &test.not_starts_with,
        &test.not_ends_with,
    ];
    let values = pick(test);
    (lists.iter().filter(|own| !own.is_empty()).count() == 1 && !values.is_empty())
        .then_some(values.as_slice())
}

fn access(test: &FieldSelector) -> Option<Access> {
    match only(test, |own| &own.equals)? {
        [value] if value == "true" => Some(Access::Read),
        [value] if value == "false" => Some(Access::Write),
        _ => None,
    }
}

/// Returns the value that stands for every resource of a type; nothing for types that basic selectors do not know.
fn everything(resource_type: &str) -> Option<&'static str> {
    match resource_type {
        "AWS::S3::Object" => Some("arn:aws:s3"),
        "AWS::Lambda::Function" => Some("arn:aws:lambda"),
        "AWS::DynamoDB::Table" => Some("arn:aws:dynamodb"),
        _ => None,
    }
}

/// Returns the resources that a basic selector can name: beginnings of objects' ARNs, and whole ARNs of others.
fn values(resource_type: &str, test: &FieldSelector) -> Option<Vec<String>> {
    let all = everything(resource_type)?;
    if resource_type == "AWS::S3::Object" {
        let values = only(test, |own| &own.starts_with)?;
        let objects = |own: &String| {
            own.strip_prefix("arn:aws:s3:::")
                .and_then(|rest| rest.split_once('/'))
                .is_some_and(|(name, _)| !name.is_empty())
        };
        values.iter().all(objects).then(|| values.to_vec())
    } else {
        let values = only(test, |own| &own.equals)?;
        values.iter().all(|own| own.len() > all.len() && own.starts_with(all)).then(|| values.to_vec())
    }
}

fn one(selector: &AdvancedEventSelector) -> Option<BasicSelector> {
    // Basic selectors have no names: one that has a name was written as an advanced one.
    if selector.name.is_some() {
        return None;
    }
    let mut found = BasicSelector {
        read_write_type: "All",
        include_management_events: selector.category == EventCategory::Management,
        data_resources: Vec::new(),
        exclude_management_event_sources: Vec::new(),
    };
    let (mut resource_type, mut resources) = (None, None);
    for (at, test) in selector.fields.iter().enumerate() {
        if selector.fields.iter().take(at).any(|own| own.field == test.field) {
            return None;
        }
        match (test.field, selector.category) {
            (Field::ReadOnly, _) => {
                found.read_write_type = match access(test)? {
                    Access::Read => "ReadOnly",
                    Access::Write => "WriteOnly",
                    Access::Mixed => "All",
                };
            }
            (Field::EventSource, EventCategory::Management) => {
                let values = only(test, |own| &own.not_equals)?;
                if !values.iter().all(|own| EventSource::EXCLUDABLE.contains(&own.as_str())) {
                    return None;
                }
                found.exclude_management_event_sources = values.to_vec();
            }
            (Field::ResourcesType, EventCategory::Data) => match only(test, |own| &own.equals)? {
                [own] => resource_type = Some(own.clone()),
                _ => return None,
            },
            (Field::ResourcesArn, EventCategory::Data) => resources = Some(test),
            _ => return None,
        }
    }
    match selector.category {
        EventCategory::Management => {}
        EventCategory::Data => {
            let resource_type = resource_type?;
            let values = match resources {
                Some(test) => values(&resource_type, test)?,
                None => vec![everything(&resource_type)?.to_owned()],
            };
            found.data_resources.push(DataResource { resource_type, values });
        }
        EventCategory::NetworkActivity => return None,
    }
    Some(found)
}

/// Puts a selector into another one of the same access, where the two together say the same.
fn merge(into: &mut BasicSelector, own: &BasicSelector) -> bool {
    let both = into.include_management_events && own.include_management_events;
    let excluded = (&into.exclude_management_event_sources, &own.exclude_management_event_sources);
    if into.read_write_type != own.read_write_type || (both && excluded.0 != excluded.1) {
        return false;
    }
    if own.include_management_events {
        into.include_management_events = true;
        into.exclude_management_event_sources.clone_from(&own.exclude_management_event_sources);
    }
    for resource in &own.data_resources {
        match into.data_resources.iter_mut().find(|other| other.resource_type == resource.resource_type) {
            Some(other) => {
                let more: Vec<String> =
                    resource.values.iter().filter(|value| !other.values.contains(value)).cloned().collect();
                other.values.extend(more);
                // Where every resource is selected no other needs to be.
                if let Some(all) =
                    everything(&other.resource_type).filter(|all| other.values.iter().any(|own| own == all))
                {
                    other.values = vec![all.to_owned()];
                }
            }
            None => into.data_resources.push(resource.clone()),
        }
    }
    true
}

/// Returns basic event selectors that record the same; nothing where there are none.
pub(super) fn basic(selectors: &[AdvancedEventSelector]) -> Option<Vec<BasicSelector>> {
    let mut found: Vec<BasicSelector> = Vec::new();
    for selector in selectors {
        let own = one(selector)?;
        if !found.iter_mut().any(|into| merge(into, &own)) {
            found.push(own);
        }
    }
    let resources = found
        .iter()
        .flat_map(|own| &own.data_resources)
        .flat_map(|own| {
            own.values.iter().filter(|value| Some(value.as_str()) != everything(&own.resource_type))
        })
        .count();
    (!found.is_empty() && found.len() <= MOST_SELECTORS && resources <= MOST_RESOURCES).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn management(access: Access, excluded: &[EventSource]) -> AdvancedEventSelector {
        AdvancedEventSelector::management(access, &excluded.iter().copied().collect::<BTreeSet<_>>())
    }

    fn json(selectors: &[AdvancedEventSelector]) -> serde_json::Value {
        serde_json::to_value(basic(selectors)).unwrap()
    }

    #[test]
    fn selectors_of_one_access_become_one() {
        let selectors = [
            management(Access::Write, &[EventSource::Kms]),
            AdvancedEventSelector::data(Access::Write, "AWS::S3::Object", &["arn:aws:s3:::a".into()]),
            AdvancedEventSelector::data(Access::Write, "AWS::Lambda::Function", &[]),
            AdvancedEventSelector::data(Access::Read, "AWS::S3::Object", &[]),
        ];
        let expected = serde_json::json!([
            { "ReadWriteType": "WriteOnly", "IncludeManagementEvents": true,
              "DataResources": [
                { "Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::a/"] },
                { "Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"] } ],
              "ExcludeManagementEventSources": ["kms.amazonaws.com"] },
            { "ReadWriteType": "ReadOnly", "IncludeManagementEvents": false,
              "DataResources": [{ "Type": "AWS::S3::Object", "Values": ["arn:aws:s3"] }],
              "ExcludeManagementEventSources": [] },
        ]);
        assert_eq!(json(&selectors), expected);
    }

    #[test]
    fn what_basic_selectors_cannot_say_is_not_said() {
        let data = |resource_type: &str, arns: &[&str]| {
            let arns: Vec<String> = arns.iter().map(|&own| own.to_owned()).collect();
            AdvancedEventSelector::data(Access::Mixed, resource_type, &arns)
        };
        let mut by_name = data("AWS::S3::Object", &[]);
        by_name
            .fields
            .push(FieldSelector { equals: vec!["GetObject".into()], ..FieldSelector::new(Field::EventName) });
        let mut named = data("AWS::S3::Object", &[]);
        named.name = Some("objects".into());
        let many: Vec<String> = (0..251).map(|at| format!("arn:aws:s3:::b{at}")).collect();
        let table = [
            vec![by_name],
            vec![named],
            vec![data("AWS::SNS::Topic", &[])],
            vec![data("AWS::S3::Object", &["arn:aws:s3:::prefix*"])],
            vec![AdvancedEventSelector::network_activity("kms.amazonaws.com")],
            vec![AdvancedEventSelector::data(Access::Mixed, "AWS::S3::Object", &many)],
            vec![],
        ];
        for selectors in table {
            assert_eq!(basic(&selectors), None, "{selectors:?}");
        }
        let fits = AdvancedEventSelector::data(Access::Mixed, "AWS::S3::Object", &many[1..]);
        assert!(basic(&[fits]).is_some());
    }

    #[test]
    fn management_events_with_other_exclusions_stay_apart() {
        let found =
            basic(&[management(Access::Mixed, &[]), management(Access::Mixed, &[EventSource::Kms])]).unwrap();
        assert_eq!(found.len(), 2);
    }
}

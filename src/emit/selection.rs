//! Event selectors as requests: advanced ones, and basic ones where they say the same.

use super::arn;
use super::basic_selectors::{BasicSelector, basic};
use super::hcl::{Item, Value};
use super::selector_limits::{Recorder, check, prepared};
use crate::domain::{AdvancedEventSelector, EventCategory, Field, FieldSelector, RegionCode};
use serde::Serialize;

/// A test of one field, as CloudTrail's API writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FieldTest {
    pub(super) field: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) equals: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) starts_with: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) ends_with: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) not_equals: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) not_starts_with: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) not_ends_with: Vec<String>,
}

impl FieldTest {
    fn category(category: EventCategory) -> Self {
        let mut test = FieldSelector::new(Field::EventCategory);
        test.equals = vec![category.selector_value().to_owned()];
        Self::from(&test)
    }

    /// Returns the lists by the operator's name in Terraform.
    pub(super) fn lists(&self) -> [(&'static str, &Vec<String>); 6] {
        [
            ("equals", &self.equals),
            ("starts_with", &self.starts_with),
            ("ends_with", &self.ends_with),
            ("not_equals", &self.not_equals),
            ("not_starts_with", &self.not_starts_with),
            ("not_ends_with", &self.not_ends_with),
        ]
    }
}

impl From<&FieldSelector> for FieldTest {
    fn from(own: &FieldSelector) -> Self {
        Self {
            field: own.field.name(),
            equals: own.equals.clone(),
            starts_with: own.starts_with.clone(),
            ends_with: own.ends_with.clone(),
            not_equals: own.not_equals.clone(),
            not_starts_with: own.not_starts_with.clone(),
            not_ends_with: own.not_ends_with.clone(),
        }
    }
}

/// An advanced event selector, as CloudTrail's API writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AdvancedSelector {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) field_selectors: Vec<FieldTest>,
}

/// What a trail or an event data store selects, as a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum Selection {
    /// Event selectors.
    Basic(Vec<BasicSelector>),
    /// Advanced event selectors.
    Advanced(Vec<AdvancedSelector>),
}

/// Returns a trail's advanced event selectors as `aws cloudtrail put-event-selectors --advanced-event-selectors` takes them.
///
/// # Errors
/// Why CloudTrail would refuse them, a line each.
pub fn selectors_request(selectors: &[AdvancedEventSelector]) -> Result<String, Vec<String>> {
    let own = Selection::advanced(selectors, Recorder::Trail)?;
    serde_json::to_string_pretty(&own).map(|own| own + "\n").map_err(|error| vec![error.to_string()])
}

impl Selection {
    /// Returns the advanced event selectors, or why CloudTrail would refuse them.
    pub(super) fn advanced(
        selectors: &[AdvancedEventSelector],
        recorder: Recorder,
    ) -> Result<Self, Vec<String>> {
        let selectors = prepared(selectors)?;
        let advanced: Vec<AdvancedSelector> = selectors
            .iter()
            .map(|own| AdvancedSelector {
                name: own.name.clone().filter(|name| !name.is_empty()),
                field_selectors: std::iter::once(FieldTest::category(own.category))
                    .chain(own.fields.iter().map(FieldTest::from))
                    .collect(),
            })
            .collect();
        check(&advanced, recorder)?;
        Ok(Self::Advanced(advanced))
    }

    /// Returns a trail's selectors before and after: basic ones where both can be said so, otherwise advanced ones.
    pub(super) fn of_trail(
        before: &[AdvancedEventSelector],
        after: &[AdvancedEventSelector],
        region: &RegionCode,
    ) -> (Result<Self, Vec<String>>, Result<Self, Vec<String>>) {
        match (basic(before), basic(after)) {
            // What stands for every resource is another text in other partitions.
            (Some(old), Some(new)) if arn::partition(region) == "aws" => {
                (Ok(Self::Basic(old)), Ok(Self::Basic(new)))
            }
            _ => (Self::advanced(before, Recorder::Trail), Self::advanced(after, Recorder::Trail)),
        }
    }

    /// Returns the option of `put-event-selectors` that takes this.
    pub(super) fn option(&self) -> &'static str {
        match self {
            Self::Basic(_) => "--event-selectors",
            Self::Advanced(_) => "--advanced-event-selectors",
        }
    }

    /// Returns the blocks of Terraform.
    pub(super) fn terraform(&self) -> Vec<Item> {
        match self {
            Self::Basic(selectors) => selectors.iter().map(BasicSelector::terraform).collect(),
            Self::Advanced(selectors) => selectors.iter().map(advanced_terraform).collect(),
        }
    }
}

fn advanced_terraform(selector: &AdvancedSelector) -> Item {
    let mut items = Vec::new();
    if let Some(name) = &selector.name {
        items.push(Item::set("name", Value::text(name)));
    }
    for test in &selector.field_selectors {
        let mut inner = vec![Item::set("field", Value::text(test.field))];
        for (operator, values) in test.lists() {
            if !values.is_empty() {
                inner.push(Item::set(operator, Value::Texts(values.clone())));
            }
        }
        items.push(Item::block("field_selector", inner));
    }
    Item::block("advanced_event_selector", items)
}

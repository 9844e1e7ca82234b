//! Trails and the selectors that say which events they record.

use super::account::AccountId;
use super::event::{Access, EventCategory, EventSource, Field, object_prefix};
use super::recording_scope::RecordingScope;
use super::region::RegionCode;
use super::volume::Amount;
use std::collections::BTreeSet;

/// A test of one field: all lists that are not empty must hold.
///
/// Within `equals`, `starts_with` and `ends_with` one value is enough; within the `not_…` lists no value may match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSelector {
    /// The field tested.
    pub field: Field,
    /// The value is one of these.
    pub equals: Vec<String>,
    /// The value starts with one of these.
    pub starts_with: Vec<String>,
    /// The value ends with one of these.
    pub ends_with: Vec<String>,
    /// The value is none of these.
    pub not_equals: Vec<String>,
    /// The value starts with none of these.
    pub not_starts_with: Vec<String>,
    /// The value ends with none of these.
    pub not_ends_with: Vec<String>,
}

impl FieldSelector {
    /// Returns a test without conditions.
    pub fn new(field: Field) -> Self {
        Self {
            field,
            equals: Vec::new(),
            starts_with: Vec::new(),
            ends_with: Vec::new(),
            not_equals: Vec::new(),
            not_starts_with: Vec::new(),
            not_ends_with: Vec::new(),
        }
    }

    /// Tells whether one event passes, by what it has in the field; nothing is like a value that is absent.
    ///
    /// Source: CloudTrail user guide, "How CloudTrail evaluates multiple conditions for a field": one of those that select must
    /// be met if there is any, and none of those that deselect.
    pub fn holds(&self, value: Option<&[u8]>) -> bool {
        let met = |list: &[String], is: fn(&[u8], &[u8]) -> bool| {
            value.is_some_and(|value| list.iter().any(|own| is(value, own.as_bytes())))
        };
        let equals: fn(&[u8], &[u8]) -> bool = |value, own| value == own;
        let starts: fn(&[u8], &[u8]) -> bool = <[u8]>::starts_with;
        let ends: fn(&[u8], &[u8]) -> bool = <[u8]>::ends_with;
        let selects = !(self.equals.is_empty() && self.starts_with.is_empty() && self.ends_with.is_empty());
        let selected = !selects
            || met(&self.equals, equals)
            || met(&self.starts_with, starts)
            || met(&self.ends_with, ends);
        let deselected = met(&self.not_equals, equals)
            || met(&self.not_starts_with, starts)
            || met(&self.not_ends_with, ends);
        selected && !deselected
    }
}

/// An advanced event selector: records the events of one category that pass every field test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvancedEventSelector {
    /// The selector's name, if it has one.
    pub name: Option<String>,
    /// The category selected.
    pub category: EventCategory,
    /// The tests; all must pass.
    pub fields: Vec<FieldSelector>,
}

impl AdvancedEventSelector {
    /// Returns the selector of management events that basic settings stand for.
    pub fn management(access: Access, excluded: &BTreeSet<EventSource>) -> Self {
        let mut fields = access_test(access);
        if !excluded.is_empty() {
            let mut test = FieldSelector::new(Field::EventSource);
            test.not_equals = excluded
                .iter()
                .filter_map(|source| match source {
                    EventSource::Kms => Some(EventSource::EXCLUDABLE[0].to_owned()),
                    EventSource::RdsData => Some(EventSource::EXCLUDABLE[1].to_owned()),
                    EventSource::Other => None,
                })
                .collect();
            fields.push(test);
        }
        Self { name: None, category: EventCategory::Management, fields }
    }

    /// Returns the selector of data events of a resource type, of all resources or of those whose ARN starts so.
    pub fn data(access: Access, resource_type: &str, resources: &[String]) -> Self {
        let mut by_type = FieldSelector::new(Field::ResourcesType);
        by_type.equals = vec![resource_type.to_owned()];
        let mut fields = vec![by_type];
        fields.extend(access_test(access));
        if !resources.is_empty() {
            let mut by_arn = FieldSelector::new(Field::ResourcesArn);
            for arn in resources {
                if resource_type == "AWS::S3::Object" {
                    by_arn.starts_with.push(object_prefix(arn));
                } else if let Some(prefix) = arn.strip_suffix('*') {
                    by_arn.starts_with.push(prefix.to_owned());
                } else {
                    by_arn.equals.push(arn.clone());
                }
            }
            // One list is enough: an exact ARN is also a start of itself.
            if !by_arn.starts_with.is_empty() {
                by_arn.starts_with.append(&mut by_arn.equals);
            }
            fields.push(by_arn);
        }
        Self { name: None, category: EventCategory::Data, fields }
    }

    /// Tells whether it selects data events of any resource, single ones perhaps left out.
    pub fn selects_every_resource(&self) -> bool {
        let names_some = |own: &FieldSelector| {
            own.field == Field::ResourcesArn
                && !(own.equals.is_empty() && own.starts_with.is_empty() && own.ends_with.is_empty())
        };
        self.category == EventCategory::Data && !self.fields.iter().any(names_some)
    }

    /// Returns the selector of network activity events of one service.
    pub fn network_activity(event_source: &str) -> Self {
        let mut by_source = FieldSelector::new(Field::EventSource);
        by_source.equals = vec![event_source.to_owned()];
        Self { name: None, category: EventCategory::NetworkActivity, fields: vec![by_source] }
    }
}

fn access_test(access: Access) -> Vec<FieldSelector> {
    let value = match access {
        Access::Mixed => return Vec::new(),
        Access::Read => "true",
        Access::Write => "false",
    };
    let mut test = FieldSelector::new(Field::ReadOnly);
    test.equals = vec![value.to_owned()];
    vec![test]
}

/// The types of CloudTrail Insights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InsightsType {
    /// `ApiCallRateInsight`
    ApiCallRate,
    /// `ApiErrorRateInsight`
    ApiErrorRate,
}

impl InsightsType {
    /// Returns the type's name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::ApiCallRate => "ApiCallRateInsight",
            Self::ApiErrorRate => "ApiErrorRateInsight",
        }
    }
}

/// An Insights type that is on for one category of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InsightsSelector {
    /// The type.
    pub insights_type: InsightsType,
    /// The category analysed: management or data.
    pub category: EventCategory,
}

/// Whose events a trail records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrailScope {
    /// Those of one account.
    Account(AccountId),
    /// Those of every account: one trail of this name in each of them.
    EachAccount,
    /// Those of every account of the organization, as one organization trail.
    Organization,
}

/// Where a trail delivers, as far as that was stated or seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivery {
    /// The bucket's name.
    pub bucket: Option<String>,
    /// Whether log files are encrypted with SSE-KMS.
    pub kms: Option<bool>,
    /// Whether log file integrity validation is on.
    pub log_file_validation: Option<bool>,
    /// The CloudWatch log group's name.
    pub log_group: Option<String>,
    /// The SNS topic notified of each log file.
    pub sns_topic: Option<String>,
    /// Log files a month, where counted; otherwise they are derived from the events.
    pub log_files: Option<Amount>,
    /// Bytes of log files a month, compressed, where counted.
    pub log_bytes: Option<Amount>,
    /// Insights events that the trail delivers a month, in files of their own.
    pub insights_found: Option<Amount>,
}

/// A trail. A shadow trail (the same trail seen from another Region) is not one and is never stored as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    /// The trail's name.
    pub name: String,
    /// Whose events it records.
    pub scope: TrailScope,
    /// The Region it was created in; the only one it records unless `multi_region`.
    pub home_region: RegionCode,
    /// Whether it records every enabled Region.
    pub multi_region: bool,
    /// Whether it is logging. A stopped trail records nothing and costs nothing.
    pub logging: bool,
    /// Which events it records: those that any of these selects.
    pub selectors: Vec<AdvancedEventSelector>,
    /// The Insights types that are on.
    pub insights: BTreeSet<InsightsSelector>,
    /// The templates by which data events are aggregated; empty when aggregation is off.
    pub aggregation: Vec<String>,
    /// Where it delivers.
    pub delivery: Delivery,
}

impl Trail {
    /// Returns the accounts and Regions it records.
    pub fn recording_scope(&self) -> RecordingScope<'_> {
        RecordingScope {
            account: match &self.scope {
                TrailScope::Account(id) => Some(id),
                TrailScope::EachAccount | TrailScope::Organization => None,
            },
            region: (!self.multi_region).then_some(&self.home_region),
        }
    }

    /// Returns the order in which trails take the free first copy: the organization's, then multi-Region ones, then by name.
    pub fn copy_order(&self) -> (bool, bool, &str, &RegionCode) {
        let organization = self.scope == TrailScope::Organization;
        (!organization, !self.multi_region, &self.name, &self.home_region)
    }
}

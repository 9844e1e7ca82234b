//! Which events are meant, as a scenario writes it for trails, event data stores, deliveries and demands.

use super::at::At;
use schemars::JsonSchema;
use serde::Deserialize;

/// Which management events are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::sources) enum ManagementSetting {
    All,
    Read,
    Write,
    None,
}

/// Which data events are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::sources) enum AccessSetting {
    All,
    Read,
    Write,
}

/// A source of management events that can be excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::sources) enum Excludable {
    Kms,
    Rdsdata,
}

/// Data events to record.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::sources) struct DataSelectorInput {
    /// The CloudFormation type, such as `AWS::S3::Object`.
    pub(in crate::sources) resource_type: At<String>,
    /// ARNs of resources: a bucket stands for its objects, a trailing `*` for all that begin so. All if absent.
    #[serde(default)]
    pub(in crate::sources) resources: Vec<String>,
    /// Read events, write events or both; "all" if absent.
    pub(in crate::sources) access: Option<At<AccessSetting>>,
}

/// A category of events, as the API writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub(in crate::sources) enum CategorySetting {
    Management,
    Data,
    NetworkActivity,
}

/// An advanced event selector.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::sources) struct SelectorInput {
    /// The selector's name.
    pub(in crate::sources) name: Option<String>,
    /// The category of events.
    pub(in crate::sources) category: At<CategorySetting>,
    /// Tests of fields; all must pass.
    #[serde(default)]
    pub(in crate::sources) field: Vec<FieldInput>,
}

/// A test of one field.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::sources) struct FieldInput {
    /// The field, such as `eventName`, `readOnly`, `resources.type` or `resources.ARN`.
    pub(in crate::sources) field: At<String>,
    /// The value is one of these.
    #[serde(default)]
    pub(in crate::sources) equals: Vec<String>,
    /// The value starts with one of these.
    #[serde(default)]
    pub(in crate::sources) starts_with: Vec<String>,
    /// The value ends with one of these.
    #[serde(default)]
    pub(in crate::sources) ends_with: Vec<String>,
    /// The value is none of these.
    #[serde(default)]
    pub(in crate::sources) not_equals: Vec<String>,
    /// The value starts with none of these.
    #[serde(default)]
    pub(in crate::sources) not_starts_with: Vec<String>,
    /// The value ends with none of these.
    #[serde(default)]
    pub(in crate::sources) not_ends_with: Vec<String>,
}

//! CloudTrail's own answers.

use serde::{Deserialize, Serialize};

/// `DescribeTrails` with `includeShadowTrails`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TrailsAnswer {
    /// The trails seen in the Region, shadow trails among them.
    #[serde(rename = "trailList")]
    pub trail_list: Vec<TrailInfo>,
}

/// A trail as `DescribeTrails` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TrailInfo {
    /// The name.
    pub name: String,
    /// The ARN; older recordings have trails without one.
    #[serde(rename = "TrailARN")]
    pub trail_arn: Option<String>,
    /// The Region it was created in.
    pub home_region: Option<String>,
    /// Whether it records every Region.
    pub is_multi_region_trail: Option<bool>,
    /// Whether it is an organization's.
    pub is_organization_trail: Option<bool>,
    /// Whether it records events of global services.
    pub include_global_service_events: Option<bool>,
    /// The bucket.
    pub s3_bucket_name: Option<String>,
    /// The prefix in the bucket.
    pub s3_key_prefix: Option<String>,
    /// The topic notified.
    #[serde(rename = "SnsTopicARN")]
    pub sns_topic_arn: Option<String>,
    /// Whether log file validation is on.
    pub log_file_validation_enabled: Option<bool>,
    /// The log group, as an ARN that ends in `:*`.
    pub cloud_watch_logs_log_group_arn: Option<String>,
    /// The KMS key; absent without SSE-KMS.
    pub kms_key_id: Option<String>,
    /// Whether event selectors were set.
    pub has_custom_event_selectors: Option<bool>,
    /// Whether Insights selectors were set.
    pub has_insight_selectors: Option<bool>,
}

/// `ListTrails`, all pages: the trails of every Region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TrailListAnswer {
    /// The trails.
    pub trails: Vec<ListedTrail>,
}

/// A trail as `ListTrails` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ListedTrail {
    /// The ARN.
    #[serde(rename = "TrailARN")]
    pub trail_arn: String,
    /// The name.
    pub name: String,
    /// The Region it was created in.
    pub home_region: String,
}

/// `GetTrailStatus`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TrailStatus {
    /// Whether it is logging.
    pub is_logging: Option<bool>,
    /// The last delivery's error, such as `AccessDenied`; absent when it went well.
    pub latest_delivery_error: Option<String>,
}

/// `GetEventSelectors`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EventSelectorsAnswer {
    /// The trail.
    #[serde(rename = "TrailARN")]
    pub trail_arn: Option<String>,
    /// Basic selectors.
    pub event_selectors: Vec<EventSelector>,
    /// Advanced selectors; a trail has one kind or the other.
    pub advanced_event_selectors: Vec<AdvancedSelector>,
}

/// A basic event selector.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EventSelector {
    /// `All`, `ReadOnly` or `WriteOnly`.
    pub read_write_type: Option<String>,
    /// Whether management events are recorded; true if absent.
    pub include_management_events: Option<bool>,
    /// Data events.
    pub data_resources: Vec<DataResource>,
    /// `kms.amazonaws.com`, `rdsdata.amazonaws.com`.
    pub exclude_management_event_sources: Vec<String>,
}

/// Data events of a basic selector.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DataResource {
    /// `AWS::S3::Object`, `AWS::Lambda::Function` or `AWS::DynamoDB::Table`.
    #[serde(rename = "Type")]
    pub resource_type: String,
    /// ARNs, or starts of ARNs (`arn:aws:s3:::` is every bucket, `arn:aws:lambda` every function).
    pub values: Vec<String>,
}

/// An advanced event selector.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct AdvancedSelector {
    /// The name.
    pub name: Option<String>,
    /// The tests.
    pub field_selectors: Vec<FieldTest>,
}

/// A test of an advanced selector.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct FieldTest {
    /// The field, such as `eventCategory`.
    pub field: String,
    /// Is one of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub equals: Vec<String>,
    /// Starts with one of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub starts_with: Vec<String>,
    /// Ends with one of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ends_with: Vec<String>,
    /// Is none of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_equals: Vec<String>,
    /// Starts with none of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_starts_with: Vec<String>,
    /// Ends with none of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_ends_with: Vec<String>,
}

/// `GetInsightSelectors`. A trail without Insights answers `InsightNotEnabledException`: a refusal of kind absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct InsightSelectorsAnswer {
    /// The types that are on.
    pub insight_selectors: Vec<InsightSelector>,
}

/// An Insights type that is on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct InsightSelector {
    /// `ApiCallRateInsight` or `ApiErrorRateInsight`.
    pub insight_type: String,
    /// `Management`, `Data`; management if empty.
    pub event_categories: Vec<String>,
}

/// `GetEventConfiguration`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EventConfiguration {
    /// `Standard` (256 KB) or `Large` (1 MB).
    pub max_event_size: Option<String>,
    /// Aggregation of events.
    pub aggregation_configurations: Vec<AggregationConfiguration>,
}

/// Aggregation of one category of events.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct AggregationConfiguration {
    /// `Data`.
    pub event_category: String,
    /// `API_ACTIVITY`, `RESOURCE_ACCESS`, `USER_ACTIONS`.
    pub templates: Vec<String>,
}

/// `ListEventDataStores`, all pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EventDataStoresAnswer {
    /// The stores of the Region.
    pub event_data_stores: Vec<EventDataStoreInfo>,
}

/// `GetEventDataStore`; the list has only names and ARNs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EventDataStoreInfo {
    /// The ARN; its last part is the id by which CloudWatch knows the store.
    pub event_data_store_arn: String,
    /// The name.
    pub name: String,
    /// `ENABLED`, `PENDING_DELETION`, `STOPPED_INGESTION` …
    pub status: Option<String>,
    /// Whether it collects from every Region.
    pub multi_region_enabled: Option<bool>,
    /// Whether it collects from the organization.
    pub organization_enabled: Option<bool>,
    /// Days.
    pub retention_period: Option<i32>,
    /// `EXTENDABLE_RETENTION_PRICING` or `FIXED_RETENTION_PRICING`.
    pub billing_mode: Option<String>,
    /// The KMS key.
    pub kms_key_id: Option<String>,
    /// What it collects.
    pub advanced_event_selectors: Vec<AdvancedSelector>,
    /// The Insights types that are on, from `GetInsightSelectors` of the store.
    pub insight_selectors: Vec<InsightSelector>,
}

/// `ListChannels`, all pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ChannelsAnswer {
    /// The channels of the Region.
    pub channels: Vec<ListedChannel>,
}

/// A channel as `ListChannels` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ListedChannel {
    /// The ARN.
    pub channel_arn: String,
    /// The name; service-linked ones begin with `aws-service-channel/`.
    pub name: String,
}

/// `GetChannel`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ChannelInfo {
    /// The ARN.
    pub channel_arn: String,
    /// The name.
    pub name: String,
    /// `CloudTrail` for a service-linked channel, else the partner's.
    pub source: Option<String>,
    /// Where it delivers.
    pub destinations: Vec<ChannelDestination>,
    /// What it delivers, of a service-linked channel.
    pub source_config: Option<ChannelSourceConfig>,
}

/// Where a channel delivers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ChannelDestination {
    /// `EVENT_DATA_STORE` or `AWS_SERVICE`.
    #[serde(rename = "Type")]
    pub destination_type: String,
    /// An event data store's ARN, or a service's name.
    pub location: String,
}

/// What a service-linked channel delivers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ChannelSourceConfig {
    /// Whether from every Region.
    pub apply_to_all_regions: Option<bool>,
    /// Which events.
    pub advanced_event_selectors: Vec<AdvancedSelector>,
}

/// `LookupEvents`, counted at once: no event is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct LookedUpEvents {
    /// The stretches of time that were read to their end.
    pub windows: Vec<LookupWindow>,
}

/// One stretch of time of event history.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct LookupWindow {
    /// Its beginning, RFC 3339.
    pub start: String,
    /// Its end, RFC 3339.
    pub end: String,
    /// Management events in it, counted.
    pub counts: Vec<LookupCount>,
}

/// Events of one source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct LookupCount {
    /// Such as `kms.amazonaws.com`.
    pub event_source: String,
    /// Whether they only read; absent where an event does not say.
    pub read_only: Option<bool>,
    /// How many.
    pub events: u64,
}

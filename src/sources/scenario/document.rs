//! The scenario file as it is written. The doc comments are what editors show.

use super::at::At;
use super::document_alerting::{AlarmInput, EventBusInput, EventRuleInput, LogGroupInput, TopicInput};
use super::document_keep::KeepInput;
use super::document_measured::{GapInput, MeasuredInput};
use super::document_selection::{DataSelectorInput, Excludable, ManagementSetting, SelectorInput};
use super::document_storage::{BucketInput, KmsKeyInput, ReaderInput};
use super::quantity_text::QuantityInput;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

pub(super) type Quantity = Option<At<QuantityInput>>;

/// A trailcost scenario: what records CloudTrail events, and how many there are.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ScenarioFile {
    /// The version of this file format: 1.
    pub(super) version: At<i64>,
    /// The name shown on every report.
    pub(super) name: At<String>,
    /// A few words on what the scenario stands for.
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(super) description: Option<String>,
    /// The first month, as YYYY-MM.
    pub(super) start: At<String>,
    /// The number of months, 1 to 120; 36 if absent.
    pub(super) months: Option<At<i64>>,
    /// The currency of every price: USD if absent.
    pub(super) currency: Option<At<String>>,
    /// Whether accounts share a payer and so the volume tiers; true if absent.
    pub(super) consolidated_billing: Option<bool>,
    /// Whether the monthly free tiers of the services beside CloudTrail are taken off, once for each payer; false if
    /// absent, as a company has usually used them up (`trailcost pricing list --free-tiers` shows them).
    pub(super) free_tier: Option<bool>,
    /// When the volumes were measured; they are declared if absent.
    pub(super) measured: Option<MeasuredInput>,
    /// How volumes grow.
    pub(super) growth: Option<GrowthInput>,
    /// Dated steps of growth.
    #[serde(default)]
    pub(super) step: Vec<StepInput>,
    /// Factors by month of the year, such as `all = { "12" = "1.4", "08" = 0.7 }`.
    pub(super) seasonality: Option<SeasonalityInput>,
    /// Private pricing.
    #[serde(default)]
    pub(super) terms: Vec<TermInput>,
    /// A CSV file beside this one with a row for each account and Region.
    pub(super) volumes: Option<At<String>>,
    /// Volumes given directly, as on a bill.
    #[serde(default)]
    pub(super) volume: Vec<VolumeInput>,
    /// Accounts, and what happens in them.
    #[serde(default)]
    pub(super) account: Vec<AccountInput>,
    /// Trails.
    #[serde(default)]
    pub(super) trail: Vec<TrailInput>,
    /// Event data stores of CloudTrail Lake.
    #[serde(default)]
    pub(super) event_data_store: Vec<EventDataStoreInput>,
    /// Deliveries to CloudWatch Logs without a trail.
    #[serde(default)]
    pub(super) direct_delivery: Vec<DirectDeliveryInput>,
    /// Buckets that hold logs.
    #[serde(default)]
    pub(super) bucket: Vec<BucketInput>,
    /// KMS keys that are charged by themselves.
    #[serde(default)]
    pub(super) kms_key: Vec<KmsKeyInput>,
    /// Who reads logs.
    #[serde(default)]
    pub(super) reader: Vec<ReaderInput>,
    /// Log groups that trails deliver to.
    #[serde(default)]
    pub(super) log_group: Vec<LogGroupInput>,
    /// CloudWatch alarms.
    #[serde(default)]
    pub(super) alarm: Vec<AlarmInput>,
    /// SNS topics.
    #[serde(default)]
    pub(super) topic: Vec<TopicInput>,
    /// EventBridge buses with custom events.
    #[serde(default)]
    pub(super) event_bus: Vec<EventBusInput>,
    /// EventBridge rules.
    #[serde(default)]
    pub(super) event_rule: Vec<EventRuleInput>,
    /// What must be kept, however cheap the alternative.
    pub(super) keep: Option<KeepInput>,
    /// What the logs bring, to be held against their cost.
    #[serde(rename = "return")]
    pub(super) benefit: Option<At<ReturnInput>>,
    /// What could not be seen or told, to be shown beside every estimate.
    #[serde(default)]
    pub(super) gap: Vec<GapInput>,
    /// Figures of your own in place of the defaults (`trailcost scenario defaults` lists them).
    #[serde(default)]
    pub(super) assumptions: BTreeMap<String, At<QuantityInput>>,
}

/// How volumes grow: one rate for all, and rates by kind.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct GrowthInput {
    /// Compounds every month, such as "1%".
    pub(super) monthly: Option<At<String>>,
    /// Compounds once every twelve months, such as "40%".
    pub(super) yearly: Option<At<String>>,
    /// Management events.
    pub(super) management_events: Option<RateInput>,
    /// Data events.
    pub(super) data_events: Option<RateInput>,
    /// Network activity events.
    pub(super) network_activity_events: Option<RateInput>,
    /// Volumes of event data stores that are given directly.
    pub(super) lake: Option<RateInput>,
    /// Every other volume.
    pub(super) other: Option<RateInput>,
}

/// One rate of growth, monthly or yearly.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct RateInput {
    /// Compounds every month, such as "1%".
    pub(super) monthly: Option<At<String>>,
    /// Compounds once every twelve months, such as "40%".
    pub(super) yearly: Option<At<String>>,
}

/// A factor on volumes from a month on.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct StepInput {
    /// The first month with the factor, as YYYY-MM.
    pub(super) from: At<String>,
    /// What grows; everything if absent.
    pub(super) category: Option<At<CategoryInput>>,
    /// What the volume is multiplied by.
    pub(super) factor: At<QuantityInput>,
}

/// What volumes are multiplied by in a month of the year, "1" to "12"; 1 in the months left out.
///
/// A stated volume is that of a month whose factor is 1. A kind's own factor stands in for that of `all`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SeasonalityInput {
    /// Every kind of volume.
    #[serde(default)]
    pub(super) all: BTreeMap<String, At<QuantityInput>>,
    /// Management events.
    #[serde(default)]
    pub(super) management_events: BTreeMap<String, At<QuantityInput>>,
    /// Data events.
    #[serde(default)]
    pub(super) data_events: BTreeMap<String, At<QuantityInput>>,
    /// Network activity events.
    #[serde(default)]
    pub(super) network_activity_events: BTreeMap<String, At<QuantityInput>>,
    /// Volumes of event data stores that are given directly.
    #[serde(default)]
    pub(super) lake: BTreeMap<String, At<QuantityInput>>,
    /// Every other volume.
    #[serde(default)]
    pub(super) other: BTreeMap<String, At<QuantityInput>>,
}

/// A kind of volume that can grow at a rate of its own.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CategoryInput {
    ManagementEvents,
    DataEvents,
    NetworkActivityEvents,
    Lake,
    Other,
}

/// What the payer has agreed with AWS instead of the list price.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct TermInput {
    /// The service's code, such as `AWSCloudTrail`.
    pub(super) service: At<String>,
    /// The usage type without Region prefix; every one of the service if absent.
    pub(super) usage_type: Option<At<String>>,
    /// The Region; every one if absent.
    pub(super) region: Option<At<String>>,
    /// A share off the list price, such as "12%".
    pub(super) discount: Option<At<String>>,
    /// A rate of its own for one unit as billed, such as "0.000015".
    pub(super) rate: Option<At<QuantityInput>>,
}

/// Monthly volumes of one account and Region, as on a bill.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct VolumeInput {
    /// The account's twelve digits, in quotes.
    pub(super) account: At<String>,
    /// The Region's code.
    pub(super) region: At<String>,
    /// First copies of management events (usage type `FreeEventsRecorded`).
    pub(super) free_management_events: Quantity,
    /// Further copies of management events (`PaidEventsRecorded`).
    pub(super) paid_management_events: Quantity,
    /// Data events of S3 objects, every copy (`DataEventsRecorded`).
    pub(super) s3_data_events: Quantity,
    /// Data events of Lambda functions, every copy (`DataEventsRecorded`).
    pub(super) lambda_data_events: Quantity,
    /// Data events of every other resource type, every copy (`DataEventsRecorded`).
    pub(super) other_data_events: Quantity,
    /// Network activity events, every copy (`NetworkEventsRecorded`).
    pub(super) network_activity_events: Quantity,
    /// Management events analysed by Insights, once per Insights type (`InsightsEvents`).
    pub(super) insights_events: Quantity,
    /// Data events analysed by Insights, once per Insights type (`DataInsightsEvents`).
    pub(super) data_insights_events: Quantity,
    /// Any usage type of any price table, in the unit billed: `{ "QueryScanned-Bytes" = 200 }`. Where two services
    /// share a name: `{ "AmazonS3:TimedStorage-ByteHrs" = 500 }`.
    #[serde(default)]
    pub(super) usage: BTreeMap<String, At<QuantityInput>>,
}

/// An account, and what happens in it.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct AccountInput {
    /// The account's twelve digits, in quotes.
    pub(super) id: At<String>,
    /// The account's name.
    pub(super) name: Option<String>,
    /// What it is used for, such as "production".
    pub(super) environment: Option<String>,
    /// Its allocation tags by key, such as { owner = "payments", cost-center = "4711" }; reports sum costs by them.
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
    /// The payer whose invoice it is on; the payer that all accounts share if absent.
    pub(super) payer: Option<At<String>>,
    /// Regions that are enabled in it; a multi-Region trail writes digest files in each. 17 if absent.
    pub(super) enabled_regions: Option<At<i64>>,
    /// What happens in it, by Region.
    #[serde(default)]
    pub(super) activity: Vec<ActivityInput>,
}

/// What happens in an account and Region in a month, whoever records it.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ActivityInput {
    /// The Region's code. Events of global services (IAM, STS, CloudFront) are us-east-1's.
    pub(super) region: At<String>,
    /// Management events.
    pub(super) management: Option<ManagementInput>,
    /// Data events by resource type and resource.
    #[serde(default)]
    pub(super) data: Vec<DataActivityInput>,
    /// Network activity events of VPC endpoints.
    #[serde(default)]
    pub(super) network_activity: Vec<NetworkActivityInput>,
}

/// Management events a month. The six figures do not overlap; `events` stands alone.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ManagementInput {
    /// Read events of every service but KMS and the RDS Data API.
    pub(super) read: Quantity,
    /// Write events of every service but KMS and the RDS Data API.
    pub(super) write: Quantity,
    /// Read events of KMS.
    pub(super) kms_read: Quantity,
    /// Write events of KMS.
    pub(super) kms_write: Quantity,
    /// Read events of the RDS Data API.
    pub(super) rdsdata_read: Quantity,
    /// Write events of the RDS Data API.
    pub(super) rdsdata_write: Quantity,
    /// Events of every kind, where nobody knows how many of them read, write, or are of KMS.
    pub(super) events: Quantity,
}

/// Data events a month of one resource type.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct DataActivityInput {
    /// The CloudFormation type, such as `AWS::S3::Object`.
    pub(super) resource_type: At<String>,
    /// The resource's ARN: a bucket stands for its objects, a trailing `*` for all that begin so. Where it is absent and
    /// any account of the scenario names resources of the type, the events are of all other resources.
    pub(super) resource: Option<At<String>>,
    /// The call's name, where a selector tests it.
    pub(super) event_name: Option<String>,
    /// The caller's ARN, where a selector tests it.
    pub(super) user_identity_arn: Option<String>,
    /// Read events.
    pub(super) read: Quantity,
    /// Write events.
    pub(super) write: Quantity,
    /// Events of which it is not known whether they read or write.
    pub(super) events: Quantity,
}

/// Network activity events a month of one service.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct NetworkActivityInput {
    /// The service called, such as `kms.amazonaws.com`.
    pub(super) event_source: At<String>,
    /// The call's name, where a selector tests it.
    pub(super) event_name: Option<String>,
    /// The VPC endpoint, where a selector tests it.
    pub(super) vpc_endpoint_id: Option<String>,
    /// The error returned, where a selector tests it.
    pub(super) error_code: Option<String>,
    /// Events.
    pub(super) events: At<QuantityInput>,
}

/// Whose events are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum ScopeInput {
    Account,
    Organization,
}

/// A type of CloudTrail Insights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub(super) enum InsightsTypeInput {
    ApiCallRateInsight,
    ApiErrorRateInsight,
}

/// A trail.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct TrailInput {
    /// The trail's name.
    pub(super) name: At<String>,
    /// The account that owns it; `"*"` is one trail of this name in every account. May be left out where the
    /// scenario has one account, or for an organization trail. Its bucket, log group and topic belong to it too, unless
    /// they state an account of their own.
    pub(super) account: Option<At<String>>,
    /// Whether it records its account or the organization; "account" if absent.
    pub(super) scope: Option<At<ScopeInput>>,
    /// The Region it was created in; us-east-1 if absent and it is a multi-Region trail.
    pub(super) home_region: Option<At<String>>,
    /// Whether it records every Region; true if absent.
    pub(super) multi_region: Option<bool>,
    /// Whether it is logging; true if absent.
    pub(super) logging: Option<bool>,
    /// The name of the trail of which this is the view from another Region. A shadow trail records no copy of its own.
    pub(super) shadow_of: Option<At<String>>,
    /// Which management events it records; "all" if absent.
    pub(super) management: Option<At<ManagementSetting>>,
    /// Sources of management events that it leaves out.
    #[serde(default)]
    pub(super) exclude: Vec<At<Excludable>>,
    /// Which data events it records; none if absent.
    #[serde(default)]
    pub(super) data: Vec<DataSelectorInput>,
    /// Services whose network activity events it records, such as `kms.amazonaws.com`.
    #[serde(default)]
    pub(super) network_activity: Vec<String>,
    /// Advanced event selectors, in place of management, exclude, data and `network_activity`.
    #[serde(default)]
    pub(super) selector: Vec<SelectorInput>,
    /// Insights types on management events. `ApiCallRateInsight` is charged for the writes recorded,
    /// `ApiErrorRateInsight` for reads and writes.
    #[serde(default)]
    pub(super) insights: Vec<At<InsightsTypeInput>>,
    /// Insights types on data events; each is charged for every data event recorded.
    #[serde(default)]
    pub(super) data_insights: Vec<At<InsightsTypeInput>>,
    /// Templates by which data events are aggregated.
    #[serde(default)]
    pub(super) aggregation: Vec<String>,
    /// The bucket it delivers to; one that no [[bucket]] describes keeps everything in S3 Standard.
    pub(super) bucket: Option<At<String>>,
    /// Whether log files are encrypted with SSE-KMS.
    pub(super) kms: Option<bool>,
    /// Whether log file integrity validation is on.
    pub(super) log_file_validation: Option<bool>,
    /// The CloudWatch log group it delivers to.
    pub(super) log_group: Option<At<String>>,
    /// The SNS topic it notifies of each log file.
    pub(super) sns_topic: Option<At<String>>,
    /// Log files that it delivers a month, where they were counted; derived from the events if absent. Of a trail in
    /// every account (`account = "*"`) those of all accounts together, as of `log_bytes` and `insights_found`.
    pub(super) log_files: Quantity,
    /// Bytes of those log files a month, compressed, such as "20 GiB"; derived from the events if absent.
    pub(super) log_bytes: Quantity,
    /// Insights events that it delivers a month, in files of their own; none if absent.
    pub(super) insights_found: Quantity,
}

/// The pricing option of an event data store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub(super) enum BillingModeInput {
    /// One-year extendable retention pricing.
    #[serde(rename = "EXTENDABLE_RETENTION_PRICING")]
    OneYearExtendable,
    /// Seven-year retention pricing.
    #[serde(rename = "FIXED_RETENTION_PRICING")]
    SevenYear,
}

/// An event data store of CloudTrail Lake (closed to new customers since 31 May 2026).
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct EventDataStoreInput {
    /// The store's name.
    pub(super) name: At<String>,
    /// The account that owns it and is charged for it.
    pub(super) account: Option<At<String>>,
    /// Whether it collects from its account or the organization; "account" if absent.
    pub(super) scope: Option<At<ScopeInput>>,
    /// The Region it stands in.
    pub(super) home_region: At<String>,
    /// Whether it collects from every Region; true if absent.
    pub(super) multi_region: Option<bool>,
    /// Whether it is ingesting; true if absent.
    pub(super) ingesting: Option<bool>,
    /// The pricing option; `EXTENDABLE_RETENTION_PRICING` if absent.
    pub(super) billing_mode: Option<At<BillingModeInput>>,
    /// How long data is kept, such as "366d"; the days that ingestion includes if absent.
    pub(super) retention: Option<At<String>>,
    /// Which management events it collects; "all" if absent.
    pub(super) management: Option<At<ManagementSetting>>,
    /// Sources of management events that it leaves out.
    #[serde(default)]
    pub(super) exclude: Vec<At<Excludable>>,
    /// Which data events it collects; none if absent.
    #[serde(default)]
    pub(super) data: Vec<DataSelectorInput>,
    /// Services whose network activity events it collects.
    #[serde(default)]
    pub(super) network_activity: Vec<String>,
    /// Advanced event selectors, in place of management, exclude, data and `network_activity`.
    #[serde(default)]
    pub(super) selector: Vec<SelectorInput>,
    /// Insights types that are on.
    #[serde(default)]
    pub(super) insights: Vec<At<InsightsTypeInput>>,
    /// Bytes a month from other sources (configuration items, imported logs, Insights events …), such as "20 GiB".
    pub(super) other_sources: Quantity,
    /// Bytes a month that queries scan, compressed, such as "500 GiB".
    pub(super) scanned: Quantity,
}

/// A delivery of events to CloudWatch Logs without a trail.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct DirectDeliveryInput {
    /// The name it is reported under.
    pub(super) name: At<String>,
    /// The account; every account if absent.
    pub(super) account: Option<At<String>>,
    /// The Region; every Region if absent.
    pub(super) region: Option<At<String>>,
    /// Which management events it delivers; "all" if absent.
    pub(super) management: Option<At<ManagementSetting>>,
    /// Sources of management events that it leaves out.
    #[serde(default)]
    pub(super) exclude: Vec<At<Excludable>>,
    /// Which data events it delivers; none if absent.
    #[serde(default)]
    pub(super) data: Vec<DataSelectorInput>,
    /// Services whose network activity events it delivers.
    #[serde(default)]
    pub(super) network_activity: Vec<String>,
    /// Advanced event selectors, in place of management, exclude, data and `network_activity`.
    #[serde(default)]
    pub(super) selector: Vec<SelectorInput>,
}

/// What the logs bring, in the currency of the prices.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ReturnInput {
    /// The loss avoided in one incident, such as 15000.
    pub(super) avoided_loss: Quantity,
    /// Incidents in a year of which the loss is avoided, such as "0.5".
    pub(super) incidents_per_year: Quantity,
    /// What the organization pays for its cloud in a month, such as 40000.
    pub(super) cloud_spend_per_month: Quantity,
}

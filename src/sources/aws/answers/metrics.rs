//! CloudWatch: metrics, alarms, log groups.

use serde::{Deserialize, Serialize};

/// A dimension of a metric.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct MetricDimension {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// A metric's identity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct MetricName {
    /// Such as `AWS/S3`.
    pub namespace: String,
    /// Such as `BucketSizeBytes`.
    pub metric_name: String,
    /// Sorted by name.
    pub dimensions: Vec<MetricDimension>,
}

/// `ListMetrics`, all pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct MetricsAnswer {
    /// The metrics.
    pub metrics: Vec<MetricName>,
}

/// `GetMetricData`, all pages, all batches of one Region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct MetricStatistics {
    /// A series for each metric asked for, also where it has no values.
    pub series: Vec<MetricSeries>,
}

/// The values of one metric.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct MetricSeries {
    /// The metric.
    pub metric: MetricName,
    /// `Sum` or `Average`.
    pub stat: String,
    /// Seconds: 86,400.
    pub period: i32,
    /// Day by day, in order.
    pub values: Vec<MetricValue>,
}

/// A value of one period.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct MetricValue {
    /// The beginning of the period, RFC 3339.
    pub timestamp: String,
    /// The shortest decimal that reads back as the same double; CloudWatch knows no other numbers.
    pub value: String,
}

/// `DescribeAlarms`, all pages, metric and composite alarms.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct AlarmsAnswer {
    /// Alarms on metrics.
    pub metric_alarms: Vec<AlarmInfo>,
    /// Alarms on alarms.
    pub composite_alarms: Vec<AlarmInfo>,
}

/// An alarm.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct AlarmInfo {
    /// The name.
    pub alarm_name: String,
    /// The metric; absent with metric math.
    pub metric: Option<MetricName>,
    /// Every metric of a metric-math alarm.
    pub metrics: Vec<MetricName>,
    /// Seconds.
    pub period: Option<i32>,
    /// Periods that are looked at; absent in older recordings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluation_periods: Option<i32>,
    /// How many of them must be beyond the threshold; absent is all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub datapoints_to_alarm: Option<i32>,
    /// What the statistic is compared to, the shortest decimal; absent in older recordings, and where a metric is compared to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<String>,
    /// How it is compared; absent in older recordings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison_operator: Option<String>,
    /// The statistic of a period; absent in older recordings, with percentiles, and where metrics have different ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statistic: Option<String>,
    /// Whether it acts at all; absent in older recordings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions_enabled: Option<bool>,
    /// ARNs of topics and other targets, for the state `ALARM`.
    pub alarm_actions: Vec<String>,
    /// The alarms that a composite one watches, as its rule has them.
    pub alarm_rule: Option<String>,
}

/// `DescribeLogGroups`, all pages, the groups that trails deliver to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LogGroupsAnswer {
    /// The groups.
    pub log_groups: Vec<LogGroupInfo>,
}

/// A log group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LogGroupInfo {
    /// The name.
    pub log_group_name: String,
    /// The ARN.
    pub arn: String,
    /// Days; absent is for ever.
    pub retention_in_days: Option<i32>,
    /// Bytes stored (compressed).
    pub stored_bytes: Option<i64>,
    /// `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`.
    pub log_group_class: Option<String>,
    /// The KMS key's ARN; absent without one.
    pub kms_key_id: Option<String>,
}

/// `DescribeMetricFilters` of one log group, all pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MetricFiltersAnswer {
    /// The filters.
    pub metric_filters: Vec<MetricFilterInfo>,
}

/// A metric filter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MetricFilterInfo {
    /// The name.
    pub filter_name: String,
    /// The pattern; absent in older recordings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_pattern: Option<String>,
    /// The metrics it sends to.
    pub metric_transformations: Vec<MetricTransformation>,
}

/// A metric that a filter sends to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MetricTransformation {
    /// The namespace.
    pub metric_namespace: String,
    /// The name.
    pub metric_name: String,
    /// Whether it sends a value also when nothing matches.
    pub has_default_value: bool,
    /// The names of its dimensions.
    pub dimensions: Vec<String>,
}

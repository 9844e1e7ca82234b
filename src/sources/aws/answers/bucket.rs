//! The log bucket's settings.

use serde::{Deserialize, Serialize};

/// `GetBucketLocation`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BucketLocation {
    /// The Region; empty or absent is us-east-1, `EU` is eu-west-1.
    pub location_constraint: Option<String>,
}

/// `GetBucketEncryption`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BucketEncryption {
    /// `AES256`, `aws:kms` or `aws:kms:dsse`.
    #[serde(rename = "SSEAlgorithm")]
    pub sse_algorithm: Option<String>,
    /// The key; absent is the AWS managed one.
    #[serde(rename = "KMSMasterKeyID")]
    pub kms_master_key_id: Option<String>,
    /// Whether a Bucket Key is on.
    pub bucket_key_enabled: Option<bool>,
}

/// `GetBucketLifecycleConfiguration`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct LifecycleAnswer {
    /// The rules.
    pub rules: Vec<LifecycleRuleInfo>,
    /// `all_storage_classes_128K` or `varies_by_storage_class`.
    pub transition_default_minimum_object_size: Option<String>,
}

/// A lifecycle rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct LifecycleRuleInfo {
    /// The id.
    #[serde(rename = "ID")]
    pub id: Option<String>,
    /// `Enabled` or `Disabled`.
    pub status: String,
    /// The prefix, of the filter or of an old rule; empty is everything.
    pub prefix: Option<String>,
    /// Whether the filter asks for tags.
    pub has_tags: bool,
    /// Objects larger than these bytes.
    pub object_size_greater_than: Option<i64>,
    /// Objects smaller than these bytes.
    pub object_size_less_than: Option<i64>,
    /// Moves of current versions.
    pub transitions: Vec<TransitionInfo>,
    /// Days after which current versions are deleted.
    pub expiration_days: Option<i32>,
    /// A date on which they are deleted, `YYYY-MM-DD`.
    pub expiration_date: Option<String>,
    /// Days after which noncurrent versions are deleted.
    pub noncurrent_days: Option<i32>,
    /// How many noncurrent versions of an object are kept whatever their age, newest first.
    pub newer_noncurrent_versions: Option<i32>,
    /// Moves of noncurrent versions.
    pub noncurrent_transitions: Vec<TransitionInfo>,
    /// Days after which incomplete multipart uploads end.
    pub abort_incomplete_multipart_days: Option<i32>,
}

/// A move to a storage class.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TransitionInfo {
    /// Days after creation (or after becoming noncurrent).
    pub days: Option<i32>,
    /// A date, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// `STANDARD_IA`, `GLACIER` …
    pub storage_class: String,
}

/// `GetBucketVersioning`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BucketVersioning {
    /// `Enabled` or `Suspended`; absent if it never was on.
    pub status: Option<String>,
}

/// `GetObjectLockConfiguration`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ObjectLockAnswer {
    /// Whether Object Lock is on.
    pub enabled: bool,
    /// The default retention in days.
    pub days: Option<i32>,
    /// The default retention in years.
    pub years: Option<i32>,
}

/// `GetBucketReplication`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BucketReplication {
    /// The rules that are enabled.
    pub rules: Vec<ReplicationRuleInfo>,
}

/// A replication rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ReplicationRuleInfo {
    /// The bucket that receives the copies.
    pub bucket: String,
    /// Its account, where the rule says so.
    pub account: Option<String>,
    /// The class of the copies; that of the source if absent.
    pub storage_class: Option<String>,
    /// The prefix; empty is everything.
    pub prefix: Option<String>,
}

/// `ListBucketMetricsConfigurations`, all pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BucketMetricsAnswer {
    /// The ids of the request metrics (CloudWatch's dimension `FilterId`), with the prefix each is limited to.
    pub configurations: Vec<BucketMetricsConfiguration>,
}

/// Request metrics of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BucketMetricsConfiguration {
    /// The id.
    pub id: String,
    /// Whether it covers the whole bucket.
    pub whole_bucket: bool,
}

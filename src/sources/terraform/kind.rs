//! The resource types that are read, and which of their attributes: nothing else of a file is kept.

/// A resource type, with its attributes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// Such as `aws_cloudtrail`.
    pub(super) name: &'static str,
    /// Attributes and blocks that are read.
    pub(super) attributes: &'static [&'static str],
    /// Attributes of which only is read whether they are set: they hold long texts, addresses or secrets.
    pub(super) presence: &'static [&'static str],
}

const fn kind(
    name: &'static str,
    attributes: &'static [&'static str],
    presence: &'static [&'static str],
) -> Kind {
    Kind { name, attributes, presence }
}

pub(super) const TRAIL: &str = "aws_cloudtrail";
pub(super) const STORE: &str = "aws_cloudtrail_event_data_store";
pub(super) const BUCKET: &str = "aws_s3_bucket";
pub(super) const LIFECYCLE: &str = "aws_s3_bucket_lifecycle_configuration";
pub(super) const ENCRYPTION: &str = "aws_s3_bucket_server_side_encryption_configuration";
pub(super) const VERSIONING: &str = "aws_s3_bucket_versioning";
pub(super) const PUBLIC_ACCESS: &str = "aws_s3_bucket_public_access_block";
pub(super) const REPLICATION: &str = "aws_s3_bucket_replication_configuration";
pub(super) const OBJECT_LOCK: &str = "aws_s3_bucket_object_lock_configuration";
pub(super) const BUCKET_POLICY: &str = "aws_s3_bucket_policy";
pub(super) const ACCESS_LOGGING: &str = "aws_s3_bucket_logging";
pub(super) const KEY: &str = "aws_kms_key";
pub(super) const ALIAS: &str = "aws_kms_alias";
pub(super) const KEY_POLICY: &str = "aws_kms_key_policy";
pub(super) const LOG_GROUP: &str = "aws_cloudwatch_log_group";
pub(super) const METRIC_FILTER: &str = "aws_cloudwatch_log_metric_filter";
pub(super) const ALARM: &str = "aws_cloudwatch_metric_alarm";
pub(super) const COMPOSITE: &str = "aws_cloudwatch_composite_alarm";
pub(super) const TOPIC: &str = "aws_sns_topic";
pub(super) const SUBSCRIPTION: &str = "aws_sns_topic_subscription";
pub(super) const RULE: &str = "aws_cloudwatch_event_rule";
pub(super) const TARGET: &str = "aws_cloudwatch_event_target";
pub(super) const WORKGROUP: &str = "aws_athena_workgroup";
/// Data that tells which account is applied to.
pub(super) const CALLER: &str = "aws_caller_identity";
/// Data that tells which Region is applied to.
pub(super) const CURRENT_REGION: &str = "aws_region";

/// Tells whether a part of a resource costs nothing, and changes nothing that costs.
pub(super) fn is_free_part(kind: &str) -> bool {
    [PUBLIC_ACCESS, BUCKET_POLICY, ACCESS_LOGGING, ALIAS, KEY_POLICY].contains(&kind)
}

static KINDS: [Kind; 23] = [
    kind(
        TRAIL,
        &[
            "advanced_event_selector",
            "arn",
            "cloud_watch_logs_group_arn",
            "enable_log_file_validation",
            "enable_logging",
            "event_selector",
            "home_region",
            "include_global_service_events",
            "insight_selector",
            "is_multi_region_trail",
            "is_organization_trail",
            "kms_key_id",
            "name",
            "region",
            "s3_bucket_name",
            "s3_key_prefix",
            "sns_topic_name",
        ],
        &[],
    ),
    kind(
        STORE,
        &[
            "advanced_event_selector",
            "arn",
            "billing_mode",
            "kms_key_id",
            "multi_region_enabled",
            "name",
            "organization_enabled",
            "region",
            "retention_period",
            "suspend",
        ],
        &[],
    ),
    kind(
        BUCKET,
        &[
            "arn",
            "bucket",
            "bucket_region",
            "id",
            "lifecycle_rule",
            "logging",
            "object_lock_configuration",
            "object_lock_enabled",
            "region",
            "replication_configuration",
            "server_side_encryption_configuration",
            "versioning",
        ],
        &["policy"],
    ),
    kind(LIFECYCLE, &["bucket", "rule", "transition_default_minimum_object_size"], &[]),
    kind(ENCRYPTION, &["bucket", "rule"], &[]),
    kind(VERSIONING, &["bucket", "versioning_configuration"], &[]),
    kind(
        PUBLIC_ACCESS,
        &[
            "block_public_acls",
            "block_public_policy",
            "bucket",
            "ignore_public_acls",
            "restrict_public_buckets",
        ],
        &[],
    ),
    kind(REPLICATION, &["bucket", "rule"], &[]),
    kind(OBJECT_LOCK, &["bucket", "object_lock_enabled", "rule"], &[]),
    kind(BUCKET_POLICY, &["bucket"], &["policy"]),
    kind(ACCESS_LOGGING, &["bucket", "target_bucket"], &[]),
    kind(
        KEY,
        &["arn", "deletion_window_in_days", "enable_key_rotation", "id", "is_enabled", "key_id", "region"],
        &["policy"],
    ),
    kind(ALIAS, &["arn", "id", "name", "region", "target_key_arn", "target_key_id"], &[]),
    kind(KEY_POLICY, &["key_id"], &["policy"]),
    kind(
        LOG_GROUP,
        &["arn", "id", "kms_key_id", "log_group_class", "name", "region", "retention_in_days"],
        &[],
    ),
    kind(METRIC_FILTER, &["id", "log_group_name", "metric_transformation", "name", "pattern", "region"], &[]),
    kind(
        ALARM,
        &[
            "actions_enabled",
            "alarm_actions",
            "alarm_name",
            "arn",
            "comparison_operator",
            "datapoints_to_alarm",
            "evaluation_periods",
            "id",
            "metric_name",
            "metric_query",
            "namespace",
            "period",
            "region",
            "statistic",
            "threshold",
        ],
        &[],
    ),
    kind(
        COMPOSITE,
        &["actions_enabled", "alarm_actions", "alarm_name", "alarm_rule", "arn", "id", "region"],
        &[],
    ),
    kind(TOPIC, &["arn", "id", "kms_master_key_id", "name", "region"], &[]),
    kind(SUBSCRIPTION, &["arn", "pending_confirmation", "protocol", "region", "topic_arn"], &["endpoint"]),
    kind(
        RULE,
        &["arn", "event_bus_name", "event_pattern", "id", "is_enabled", "name", "region", "state"],
        &[],
    ),
    kind(TARGET, &["arn", "event_bus_name", "region", "rule"], &[]),
    kind(WORKGROUP, &["arn", "id", "name", "region"], &[]),
];

/// Returns the resource type, if it is read.
pub(super) fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|own| own.name == name)
}

/// Returns the attribute that holds a resource's own name.
pub(super) fn name_attribute(kind: &str) -> &'static str {
    match kind {
        BUCKET => "bucket",
        ALARM | COMPOSITE => "alarm_name",
        KEY => "key_id",
        SUBSCRIPTION | TARGET => "arn",
        _ => "name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_may_hold_secrets_are_never_read() {
        for own in &KINDS {
            for secret in ["endpoint", "policy", "tags", "tags_all", "input", "description"] {
                assert!(!own.attributes.contains(&secret), "{} reads {secret}", own.name);
            }
            assert!(own.attributes.is_sorted(), "{}", own.name);
            assert_eq!(find(own.name), Some(own));
        }
    }
}

//! S3's answers, from the SDK's shapes into ours.

use crate::sources::aws::answers::{
    BucketEncryption, BucketReplication, LifecycleAnswer, LifecycleRuleInfo, ObjectLockAnswer,
    ReplicationRuleInfo, TransitionInfo,
};
use aws_sdk_s3::operation::get_bucket_encryption::GetBucketEncryptionOutput;
use aws_sdk_s3::operation::get_bucket_lifecycle_configuration::GetBucketLifecycleConfigurationOutput;
use aws_sdk_s3::operation::get_bucket_replication::GetBucketReplicationOutput;
use aws_sdk_s3::operation::get_object_lock_configuration::GetObjectLockConfigurationOutput;
use aws_sdk_s3::types;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// Returns a day, `YYYY-MM-DD`.
pub(super) fn day(time: &DateTime) -> Option<String> {
    time.fmt(Format::DateTime).ok().and_then(|text| text.get(..10).map(str::to_owned))
}

pub(super) fn encryption(own: &GetBucketEncryptionOutput) -> BucketEncryption {
    let rule = own.server_side_encryption_configuration().and_then(|config| config.rules().first());
    let applied = rule.and_then(types::ServerSideEncryptionRule::apply_server_side_encryption_by_default);
    BucketEncryption {
        sse_algorithm: applied.map(|own| own.sse_algorithm().as_str().to_owned()),
        kms_master_key_id: applied.and_then(|own| own.kms_master_key_id()).map(str::to_owned),
        bucket_key_enabled: rule.and_then(types::ServerSideEncryptionRule::bucket_key_enabled),
    }
}

pub(super) fn lifecycle(own: &GetBucketLifecycleConfigurationOutput) -> LifecycleAnswer {
    LifecycleAnswer {
        rules: own.rules().iter().map(lifecycle_rule).collect(),
        transition_default_minimum_object_size: own
            .transition_default_minimum_object_size()
            .map(|size| size.as_str().to_owned()),
    }
}

fn lifecycle_rule(own: &types::LifecycleRule) -> LifecycleRuleInfo {
    let filter = own.filter();
    let all = filter.and_then(types::LifecycleRuleFilter::and);
    #[allow(deprecated, reason = "old rules have their prefix outside the filter")]
    let old_prefix = own.prefix();
    let prefix = filter.and_then(|own| own.prefix()).or(all.and_then(|own| own.prefix())).or(old_prefix);
    LifecycleRuleInfo {
        id: own.id().map(str::to_owned),
        status: own.status().as_str().to_owned(),
        prefix: prefix.filter(|own| !own.is_empty()).map(str::to_owned),
        has_tags: filter.is_some_and(|own| own.tag().is_some())
            || all.is_some_and(|own| !own.tags().is_empty()),
        object_size_greater_than: filter
            .and_then(types::LifecycleRuleFilter::object_size_greater_than)
            .or(all.and_then(types::LifecycleRuleAndOperator::object_size_greater_than)),
        object_size_less_than: filter
            .and_then(types::LifecycleRuleFilter::object_size_less_than)
            .or(all.and_then(types::LifecycleRuleAndOperator::object_size_less_than)),
        transitions: own
            .transitions()
            .iter()
            .map(|own| TransitionInfo {
                days: own.days(),
                date: own.date().and_then(day),
                storage_class: own.storage_class().map_or("", |class| class.as_str()).to_owned(),
            })
            .collect(),
        expiration_days: own.expiration().and_then(types::LifecycleExpiration::days),
        expiration_date: own.expiration().and_then(types::LifecycleExpiration::date).and_then(day),
        noncurrent_days: own
            .noncurrent_version_expiration()
            .and_then(types::NoncurrentVersionExpiration::noncurrent_days),
        newer_noncurrent_versions: own
            .noncurrent_version_expiration()
            .and_then(types::NoncurrentVersionExpiration::newer_noncurrent_versions),
        noncurrent_transitions: own
            .noncurrent_version_transitions()
            .iter()
            .map(|own| TransitionInfo {
                days: own.noncurrent_days(),
                date: None,
                storage_class: own.storage_class().map_or("", |class| class.as_str()).to_owned(),
            })
            .collect(),
        abort_incomplete_multipart_days: own
            .abort_incomplete_multipart_upload()
            .and_then(types::AbortIncompleteMultipartUpload::days_after_initiation),
    }
}

pub(super) fn object_lock(own: &GetObjectLockConfigurationOutput) -> ObjectLockAnswer {
    let config = own.object_lock_configuration();
    let retention = config
        .and_then(types::ObjectLockConfiguration::rule)
        .and_then(types::ObjectLockRule::default_retention);
    ObjectLockAnswer {
        enabled: config
            .is_some_and(|own| own.object_lock_enabled() == Some(&types::ObjectLockEnabled::Enabled)),
        days: retention.and_then(types::DefaultRetention::days),
        years: retention.and_then(types::DefaultRetention::years),
    }
}

pub(super) fn replication(own: &GetBucketReplicationOutput) -> BucketReplication {
    let rules =
        own.replication_configuration().map(types::ReplicationConfiguration::rules).unwrap_or_default();
    let rule = |own: &types::ReplicationRule| {
        let destination = own.destination()?;
        let filter = own.filter();
        #[allow(deprecated, reason = "old rules have their prefix outside the filter")]
        let old_prefix = own.prefix();
        let prefix = filter
            .and_then(|own| own.prefix())
            .or(filter.and_then(types::ReplicationRuleFilter::and).and_then(|own| own.prefix()))
            .or(old_prefix);
        let bucket = destination.bucket();
        Some(ReplicationRuleInfo {
            bucket: bucket.rsplit(":::").next().unwrap_or(bucket).to_owned(),
            account: destination.account().map(str::to_owned),
            storage_class: destination.storage_class().map(|class| class.as_str().to_owned()),
            prefix: prefix.filter(|own| !own.is_empty()).map(str::to_owned),
        })
    };
    let enabled = rules.iter().filter(|own| *own.status() == types::ReplicationRuleStatus::Enabled);
    BucketReplication { rules: enabled.filter_map(rule).collect() }
}

/// Tells whether request metrics cover the whole bucket.
pub(super) fn whole_bucket(own: &types::MetricsConfiguration) -> bool {
    match own.filter() {
        None => true,
        Some(types::MetricsFilter::Prefix(prefix)) => prefix.is_empty(),
        Some(_) => false,
    }
}

//! How things are set that decide what logs are worth: whether they can be read, changed, lost, and whether anybody is
//! told. None of it is a volume; what costs money stands in the [`Inventory`](super::inventory::Inventory).

use super::account::AccountId;
use super::period::Age;
use super::region::RegionCode;
use rust_decimal::Decimal;

/// What is known of a setting. What was not seen is not "off".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Setting<T> {
    /// Nobody looked, was let look, or can know yet.
    #[default]
    Unknown,
    /// It was seen not to be set: what the service does by itself holds.
    NotSet,
    /// It is set to this.
    Is(T),
}

impl<T> Setting<T> {
    /// Takes what was seen: a value, or that there is none.
    pub fn seen(value: Option<T>) -> Self {
        value.map_or(Self::NotSet, Self::Is)
    }

    /// Takes a value that stands somewhere if it is known at all.
    pub fn known(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Self::Is)
    }

    /// Returns the value, if it is set.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Unknown | Self::NotSet => None,
        }
    }

    /// Tells whether nobody knows.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Changes the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        match self {
            Self::Unknown => Setting::Unknown,
            Self::NotSet => Setting::NotSet,
            Self::Is(value) => Setting::Is(change(value)),
        }
    }
}

impl Setting<bool> {
    /// Tells whether it is on: `None` where nobody knows. A switch that is not set is off.
    pub fn is_on(&self) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::NotSet => Some(false),
            Self::Is(on) => Some(*on),
        }
    }
}

/// What a group of settings is of, and where it was read. Names are from outside: anything may stand in them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Subject {
    /// The name; where it is not known yet, the address.
    pub name: String,
    /// The Terraform resource address, such as `module.audit.aws_cloudtrail.main`, if it comes from there.
    pub address: Option<String>,
    /// The file and line that it stands in, such as `main.tf:12`, if it comes from Terraform's sources.
    pub place: Option<String>,
    /// The account, if known.
    pub account: Option<AccountId>,
    /// The Region, if known.
    pub region: Option<RegionCode>,
}

/// A trail's settings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct TrailSettings {
    /// Which trail.
    pub subject: Subject,
    /// Whether it is logging.
    pub logging: Setting<bool>,
    /// Whether it records every Region.
    pub multi_region: Setting<bool>,
    /// Whether it is an organization trail.
    pub organization: Setting<bool>,
    /// Whether it records the events of global services (IAM, STS, CloudFront). It decides nothing about management events.
    pub global_service_events: Setting<bool>,
    /// Whether log file integrity validation is on.
    pub log_file_validation: Setting<bool>,
    /// The KMS key of log files: a key id, alias or ARN, or the Terraform address that it refers to.
    pub kms_key: Setting<String>,
    /// The bucket's name, or the Terraform address that it refers to.
    pub bucket: Setting<String>,
    /// The CloudWatch log group's name or ARN, or the Terraform address that it refers to.
    pub log_group: Setting<String>,
    /// The SNS topic's name or ARN, or the Terraform address that it refers to.
    pub topic: Setting<String>,
}

/// The four switches of a public access block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[expect(clippy::struct_excessive_bools, reason = "S3 has these four switches")]
pub struct PublicAccessBlock {
    /// `BlockPublicAcls`
    pub block_public_acls: bool,
    /// `BlockPublicPolicy`
    pub block_public_policy: bool,
    /// `IgnorePublicAcls`
    pub ignore_public_acls: bool,
    /// `RestrictPublicBuckets`
    pub restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// Tells whether all four are on.
    pub fn is_whole(self) -> bool {
        self.block_public_acls
            && self.block_public_policy
            && self.ignore_public_acls
            && self.restrict_public_buckets
    }
}

/// How S3 encrypts new objects by default.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DefaultEncryption {
    /// `AES256`, `aws:kms` or `aws:kms:dsse`.
    pub algorithm: Setting<String>,
    /// The key; with `aws:kms` and none the AWS managed key `aws/s3`.
    pub kms_key: Setting<String>,
    /// Whether a Bucket Key is on.
    pub bucket_key: Setting<bool>,
}

/// A default retention of Object Lock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectLock {
    /// `GOVERNANCE` or `COMPLIANCE`.
    pub mode: Setting<String>,
    /// How long a new object is locked.
    pub retention: Setting<Age>,
}

/// A bucket's settings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct BucketSettings {
    /// Which bucket.
    pub subject: Subject,
    /// The block of public access. Since April 2023 a new bucket without one of its own has all four switches on.
    pub public_access_block: Setting<PublicAccessBlock>,
    /// Whether there is a bucket policy. Its text is not kept.
    pub policy: Setting<bool>,
    /// Whether its statements for CloudTrail hold only for trails or accounts that they name (`aws:SourceArn`,
    /// `aws:SourceAccount`).
    pub policy_names_source: Setting<bool>,
    /// Whether versioning is on; suspended is off.
    pub versioning: Setting<bool>,
    /// Whether versions can be deleted only with a second factor.
    pub mfa_delete: Setting<bool>,
    /// Object Lock, if it is on.
    pub object_lock: Setting<ObjectLock>,
    /// The default encryption; not set is `AES256` with S3's own key (since January 2023).
    pub encryption: Setting<DefaultEncryption>,
    /// The bucket that server access logs go to.
    pub access_logging: Setting<String>,
    /// Whether there are lifecycle rules.
    pub lifecycle: Setting<bool>,
}

/// A KMS key's settings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct KeySettings {
    /// Which key; the name is its alias, id or address.
    pub subject: Subject,
    /// Whether it is rotated every year.
    pub rotation: Setting<bool>,
    /// Whether it has a key policy of its own. Its text is not kept.
    pub policy: Setting<bool>,
    /// Days that a deletion waits.
    pub deletion_window: Setting<Age>,
    /// Whether it is enabled.
    pub enabled: Setting<bool>,
}

/// A log group's settings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct LogGroupSettings {
    /// Which group.
    pub subject: Subject,
    /// How long events are kept; not set is for ever.
    pub retention: Setting<Age>,
    /// The KMS key.
    pub kms_key: Setting<String>,
}

/// A metric that a filter sends to or an alarm watches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct MetricRef {
    /// The namespace.
    pub namespace: Setting<String>,
    /// The name.
    pub name: Setting<String>,
}

/// A metric filter's settings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct MetricFilterSettings {
    /// Which filter.
    pub subject: Subject,
    /// The log group's name, or the Terraform address that it refers to.
    pub log_group: Setting<String>,
    /// The filter pattern, as it is written.
    pub pattern: Setting<String>,
    /// The metrics it sends to.
    pub metrics: Vec<MetricRef>,
}

/// An alarm's settings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct AlarmSettings {
    /// Which alarm.
    pub subject: Subject,
    /// The metrics it watches; none of a composite alarm.
    pub metrics: Vec<MetricRef>,
    /// What it does in the state `ALARM`: ARNs, or the Terraform addresses that they refer to.
    pub actions: Setting<Vec<String>>,
    /// Whether it acts at all.
    pub actions_enabled: Setting<bool>,
    /// A composite alarm's rule, as it is written.
    pub rule: Setting<String>,
    /// Seconds of one period.
    pub period_seconds: Setting<u32>,
    /// Periods that are looked at before the state changes.
    pub evaluation_periods: Setting<u32>,
    /// How many of them must be beyond the threshold; not set is all.
    pub datapoints_to_alarm: Setting<u32>,
    /// What the metric's statistic is compared to.
    pub threshold: Setting<Decimal>,
    /// How it is compared, such as `GreaterThanOrEqualToThreshold`.
    pub comparison: Setting<String>,
    /// The statistic of a period, such as `Sum`.
    pub statistic: Setting<String>,
}

/// A subscription of a topic. Where it leads is not kept: end points hold addresses and secrets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct SubscriptionSettings {
    /// Which subscription; the name is its address, and empty where it has none.
    pub subject: Subject,
    /// `email`, `https`, `sqs`, `lambda` …
    pub protocol: Setting<String>,
    /// Whether the subscriber has confirmed it.
    pub confirmed: Setting<bool>,
}

/// A topic's settings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct TopicSettings {
    /// Which topic.
    pub subject: Subject,
    /// The KMS key.
    pub kms_key: Setting<String>,
    /// Who gets its messages, as far as that can be told.
    pub subscriptions: Setting<Vec<SubscriptionSettings>>,
}

/// An EventBridge rule's settings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct EventRuleSettings {
    /// Which rule.
    pub subject: Subject,
    /// The event pattern, as it is written.
    pub pattern: Setting<String>,
    /// Whether it is enabled.
    pub enabled: Setting<bool>,
    /// Where events go: ARNs, or the Terraform addresses that they refer to.
    pub targets: Setting<Vec<String>>,
}

/// A provider block whose Region stands in the source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct ProviderSettings {
    /// Which provider; the name is its alias, and empty for the default one.
    pub subject: Subject,
    /// The Region, if it is written as a literal.
    pub region: Setting<String>,
}

/// Every setting that was read, each list by rising subject.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// Trails.
    pub trails: Vec<TrailSettings>,
    /// Buckets.
    pub buckets: Vec<BucketSettings>,
    /// KMS keys.
    pub keys: Vec<KeySettings>,
    /// Log groups.
    pub log_groups: Vec<LogGroupSettings>,
    /// Metric filters.
    pub metric_filters: Vec<MetricFilterSettings>,
    /// Alarms.
    pub alarms: Vec<AlarmSettings>,
    /// Topics.
    pub topics: Vec<TopicSettings>,
    /// EventBridge rules.
    pub event_rules: Vec<EventRuleSettings>,
    /// Terraform providers.
    pub providers: Vec<ProviderSettings>,
}

impl Settings {
    /// Sorts every list, so that the same input gives the same order.
    pub fn sort(&mut self) {
        self.trails.sort();
        self.buckets.sort();
        self.keys.sort();
        self.log_groups.sort();
        self.metric_filters.sort();
        self.alarms.sort();
        self.topics.sort();
        self.event_rules.sort();
        self.providers.sort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_seen_is_not_off() {
        for (setting, on, unknown) in [
            (Setting::Unknown, None, true),
            (Setting::NotSet, Some(false), false),
            (Setting::Is(false), Some(false), false),
            (Setting::Is(true), Some(true), false),
        ] {
            assert_eq!((setting.is_on(), setting.is_unknown()), (on, unknown), "{setting:?}");
        }
        assert_eq!(Setting::seen(None::<bool>), Setting::NotSet);
        assert_eq!(Setting::known(None::<bool>), Setting::Unknown);
        assert_eq!(Setting::Is(2).map(|own| own + 1).value(), Some(&3));
    }
}

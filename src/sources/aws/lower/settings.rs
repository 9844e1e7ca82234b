//! Settings that cost nothing: how trails, buckets, log groups and alarms are set, as far as the answers tell.

use super::arn::{Arn, short_name};
use super::reading::{Reading, answered, answered_about};
use crate::domain::{
    AccountId, Age, AlarmSettings, BucketSettings, DefaultEncryption, LogGroupSettings, MetricFilterSettings,
    MetricRef, ObjectLock, RegionCode, Setting, Settings, Subject, SubscriptionSettings, TopicSettings,
    TrailSettings, parse_decimal,
};
use crate::sources::aws::answers::{
    Asked, BucketEncryption, BucketVersioning, MetricName, ObjectLockAnswer, Operation,
};
use std::collections::BTreeSet;

impl Reading<'_> {
    /// Returns the settings of everything in the inventory that answers tell about.
    pub(super) fn settings(&self) -> Settings {
        let mut all = Settings {
            trails: self.trail_settings(),
            buckets: self.model.inventory.buckets.iter().map(|own| self.bucket_settings(&own.name)).collect(),
            keys: Vec::new(),
            log_groups: self.log_group_settings(),
            metric_filters: self.metric_filter_settings(),
            alarms: self.alarm_settings(),
            topics: self.topic_settings(),
            event_rules: Vec::new(),
            providers: Vec::new(),
        };
        for own in &mut all.buckets {
            let bucket = self.model.inventory.buckets.iter().find(|bucket| bucket.name == own.subject.name);
            own.subject.account = bucket.map(|bucket| bucket.account.clone());
            own.subject.region = bucket.map(|bucket| bucket.region.clone());
        }
        all.sort();
        all
    }

    fn trail_settings(&self) -> Vec<TrailSettings> {
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for (asked, list) in answered!(self, DescribeTrails) {
            for info in &list.trail_list {
                let arn = info.trail_arn.clone().unwrap_or_else(|| info.name.clone());
                let known = self.model.inventory.trails.iter().any(|own| own.name == info.name);
                if !known || !seen.insert(arn.clone()) {
                    continue;
                }
                let status = answered_about!(self, GetTrailStatus, &arn).last();
                let text = |own: &Option<String>| Setting::seen(own.clone().filter(|own| !own.is_empty()));
                let home = info.home_region.clone().filter(|own| !own.is_empty());
                all.push(TrailSettings {
                    subject: subject(&arn, asked, home.as_deref()),
                    logging: Setting::known(status.and_then(|(_, own)| own.is_logging)),
                    multi_region: Setting::known(info.is_multi_region_trail),
                    organization: Setting::known(info.is_organization_trail),
                    global_service_events: Setting::known(info.include_global_service_events),
                    log_file_validation: Setting::known(info.log_file_validation_enabled),
                    kms_key: text(&info.kms_key_id),
                    bucket: text(&info.s3_bucket_name),
                    log_group: text(&info.cloud_watch_logs_log_group_arn),
                    topic: text(&info.sns_topic_arn),
                });
            }
        }
        all
    }

    /// Returns a setting of which an answer says that it is not there.
    fn of_bucket<A, T>(
        &self,
        operation: Operation,
        name: &str,
        answer: Option<A>,
        read: impl FnOnce(A) -> Setting<T>,
    ) -> Setting<T> {
        match answer {
            Some(answer) => read(answer),
            None if self.is_absent(operation, name) => Setting::NotSet,
            None => Setting::Unknown,
        }
    }

    fn bucket_settings(&self, name: &str) -> BucketSettings {
        let encryption = answered_about!(self, GetBucketEncryption, name).next().map(|(_, own)| own);
        let versioning = answered_about!(self, GetBucketVersioning, name).next().map(|(_, own)| own);
        let lock = answered_about!(self, GetObjectLockConfiguration, name).next().map(|(_, own)| own);
        let rules = answered_about!(self, GetBucketLifecycleConfiguration, name).next().map(|(_, own)| own);
        BucketSettings {
            subject: Subject { name: name.to_owned(), ..Subject::default() },
            versioning: self.of_bucket(Operation::GetBucketVersioning, name, versioning, is_versioned),
            object_lock: self.of_bucket(Operation::GetObjectLockConfiguration, name, lock, locked),
            encryption: self.of_bucket(Operation::GetBucketEncryption, name, encryption, encrypted),
            lifecycle: self.of_bucket(Operation::GetBucketLifecycleConfiguration, name, rules, |own| {
                Setting::Is(own.rules.iter().any(|rule| rule.status == "Enabled"))
            }),
            ..BucketSettings::default()
        }
    }

    fn log_group_settings(&self) -> Vec<LogGroupSettings> {
        let groups = answered!(self, DescribeLogGroups);
        let each = groups.flat_map(|(asked, list)| list.log_groups.iter().map(move |own| (asked, own)));
        each.map(|(asked, own)| LogGroupSettings {
            subject: subject(&own.log_group_name, asked, None),
            retention: Setting::seen(own.retention_in_days.and_then(|days| u16::try_from(days).ok()))
                .map(Age::from_days),
            kms_key: Setting::seen(own.kms_key_id.clone()),
        })
        .collect()
    }

    fn metric_filter_settings(&self) -> Vec<MetricFilterSettings> {
        let filters = answered!(self, DescribeMetricFilters);
        let each = filters.flat_map(|(asked, list)| list.metric_filters.iter().map(move |own| (asked, own)));
        each.map(|(asked, own)| MetricFilterSettings {
            subject: subject(&own.filter_name, asked, None),
            log_group: Setting::Is(short_name(&asked.subject).to_owned()),
            pattern: Setting::known(own.filter_pattern.clone()),
            metrics: own
                .metric_transformations
                .iter()
                .map(|to| MetricRef {
                    namespace: Setting::Is(to.metric_namespace.clone()),
                    name: Setting::Is(to.metric_name.clone()),
                })
                .collect(),
        })
        .collect()
    }

    fn alarm_settings(&self) -> Vec<AlarmSettings> {
        let mut all = Vec::new();
        for (asked, list) in answered!(self, DescribeAlarms) {
            for own in list.metric_alarms.iter().chain(&list.composite_alarms) {
                let mut metrics: Vec<MetricRef> = own.metric.iter().chain(&own.metrics).map(metric).collect();
                metrics.sort();
                metrics.dedup();
                all.push(AlarmSettings {
                    subject: subject(&own.alarm_name, asked, None),
                    metrics,
                    actions: Setting::Is(own.alarm_actions.clone()),
                    actions_enabled: Setting::known(own.actions_enabled),
                    rule: Setting::seen(own.alarm_rule.clone()),
                    period_seconds: Setting::known(own.period.and_then(|own| u32::try_from(own).ok())),
                    evaluation_periods: Setting::known(
                        own.evaluation_periods.and_then(|own| u32::try_from(own).ok()),
                    ),
                    datapoints_to_alarm: Setting::seen(
                        own.datapoints_to_alarm.and_then(|own| u32::try_from(own).ok()),
                    ),
                    threshold: Setting::known(
                        own.threshold.as_deref().and_then(|own| parse_decimal(own).ok()),
                    ),
                    comparison: Setting::known(own.comparison_operator.clone()),
                    statistic: Setting::known(own.statistic.clone()),
                });
            }
        }
        all
    }

    fn topic_settings(&self) -> Vec<TopicSettings> {
        let lists = answered!(self, ListSubscriptionsByTopic);
        lists
            .map(|(asked, list)| TopicSettings {
                subject: subject(&asked.subject, asked, None),
                kms_key: Setting::Unknown,
                subscriptions: Setting::Is(
                    list.subscriptions
                        .iter()
                        .map(|own| SubscriptionSettings {
                            subject: Subject::default(),
                            protocol: Setting::Is(own.protocol.clone()),
                            confirmed: Setting::known(own.confirmed),
                        })
                        .collect(),
                ),
            })
            .collect()
    }
}

/// Names a thing by its name or ARN; what the ARN does not tell, the question does.
fn subject(name: &str, asked: &Asked, region: Option<&str>) -> Subject {
    let arn = Arn::parse(name);
    let account = arn.map(|own| own.account).filter(|own| !own.is_empty()).unwrap_or(&asked.account);
    let region = region.or(arn.map(|own| own.region)).filter(|own| !own.is_empty()).unwrap_or(&asked.region);
    Subject {
        name: short_name(name).to_owned(),
        account: account.parse::<AccountId>().ok(),
        region: (!region.is_empty()).then(|| RegionCode::new(region)),
        ..Subject::default()
    }
}

fn metric(own: &MetricName) -> MetricRef {
    MetricRef { namespace: Setting::Is(own.namespace.clone()), name: Setting::Is(own.metric_name.clone()) }
}

fn is_versioned(own: &BucketVersioning) -> Setting<bool> {
    Setting::seen(own.status.as_deref().map(|status| status == "Enabled"))
}

fn locked(own: &ObjectLockAnswer) -> Setting<ObjectLock> {
    if !own.enabled {
        return Setting::NotSet;
    }
    let days = own.days.or_else(|| own.years.and_then(|years| years.checked_mul(365)));
    let retention = days.and_then(|days| u16::try_from(days).ok()).map(Age::from_days);
    Setting::Is(ObjectLock { mode: Setting::Unknown, retention: Setting::seen(retention) })
}

fn encrypted(own: &BucketEncryption) -> Setting<DefaultEncryption> {
    Setting::seen(own.sse_algorithm.clone()).map(|algorithm| DefaultEncryption {
        algorithm: Setting::Is(algorithm),
        kms_key: Setting::seen(own.kms_master_key_id.clone()),
        bucket_key: Setting::seen(own.bucket_key_enabled),
    })
}

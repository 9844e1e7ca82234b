//! How things are set, as far as a scenario says. A switch that it does not state is unknown, not off.

use super::at::At;
use super::document::{ScenarioFile, TrailInput};
use super::document_alerting::{AlarmInput, EventRuleInput, MetricFilterInput, TargetKindInput, TopicInput};
use super::document_storage::BucketInput;
use super::quantity_text::QuantityInput;
use crate::domain::{
    AccountId, Alarm, AlarmKind, AlarmSettings, Bucket, BucketSettings, DefaultEncryption, EventRule,
    EventRuleSettings, LogGroupSettings, MetricFilterSettings, MetricRef, Model, ObjectLock,
    PublicAccessBlock, RegionCode, Setting, Settings, Subject, SubscriptionSettings, TopicSettings, Trail,
    TrailScope, TrailSettings, parse_decimal,
};

/// Returns the settings of everything that a scenario describes, each with the line that it stands in.
pub(super) fn settings(name: &str, text: &str, file: &ScenarioFile, model: &Model) -> Settings {
    let reading = Reading { name, text, model };
    let inventory = &model.inventory;
    let mut all = Settings {
        trails: inventory.trails.iter().map(|own| reading.trail(own, &file.trail)).collect(),
        buckets: inventory.buckets.iter().map(|own| reading.bucket(own, &file.bucket)).collect(),
        log_groups: inventory.log_groups.iter().map(|own| reading.log_group(own, file)).collect(),
        metric_filters: file
            .log_group
            .iter()
            .flat_map(|group| group.metric_filter.iter().map(|own| reading.filter(&group.name.value, own)))
            .collect(),
        alarms: file.alarm.iter().map(|own| reading.alarm(own)).collect(),
        topics: inventory.topics.iter().map(|own| reading.topic(&own.name, &file.topic)).collect(),
        event_rules: file.event_rule.iter().map(|own| reading.event_rule(own)).collect(),
        ..Settings::default()
    };
    all.sort();
    all
}

struct Reading<'a> {
    name: &'a str,
    text: &'a str,
    model: &'a Model,
}

/// Takes a switch that is known only where it is stated.
fn switch(own: Option<bool>) -> Setting<bool> {
    Setting::known(own)
}

/// Reads `Namespace/Name`: a namespace may have `/` in it, a name hardly.
fn metric(text: &str) -> MetricRef {
    let (namespace, name) = text.rsplit_once('/').unwrap_or(("", text));
    let namespace = Some(namespace).filter(|own| !own.is_empty()).map(str::to_owned);
    MetricRef { namespace: Setting::known(namespace), name: Setting::Is(name.to_owned()) }
}

impl Reading<'_> {
    /// Names a thing that has a table of its own.
    fn subject(&self, name: &At<String>) -> Subject {
        let line = self.text[..name.span.start].matches('\n').count() + 1;
        Subject {
            name: name.value.clone(),
            place: Some(format!("{}:{line}", self.name)),
            ..Subject::default()
        }
    }

    /// Names a thing that may only be mentioned.
    fn named(&self, name: &str, stated: Option<&At<String>>, place: (&AccountId, &RegionCode)) -> Subject {
        let own = stated
            .map_or_else(|| Subject { name: name.to_owned(), ..Subject::default() }, |own| self.subject(own));
        Subject { account: Some(place.0.clone()), region: Some(place.1.clone()), ..own }
    }

    fn trail(&self, own: &Trail, stated: &[TrailInput]) -> TrailSettings {
        let input = stated.iter().find(|input| input.shadow_of.is_none() && input.name.value == own.name);
        let account = match &own.scope {
            TrailScope::Account(id) => Some(id.clone()),
            // An organization trail belongs to the account that is named beside its scope, if one is.
            TrailScope::Organization => {
                input.and_then(|own| own.account.as_ref()).and_then(|own| own.value.parse().ok())
            }
            TrailScope::EachAccount => None,
        };
        let subject = input.map_or_else(
            || Subject { name: own.name.clone(), ..Subject::default() },
            |own| self.subject(&own.name),
        );
        let delivery = &own.delivery;
        let bucket = delivery
            .bucket
            .as_ref()
            .and_then(|own| self.model.inventory.buckets.iter().find(|b| b.name == *own));
        TrailSettings {
            subject: Subject { account, region: Some(own.home_region.clone()), ..subject },
            logging: Setting::Is(own.logging),
            multi_region: Setting::Is(own.multi_region),
            organization: Setting::Is(own.scope == TrailScope::Organization),
            global_service_events: Setting::Unknown,
            log_file_validation: switch(delivery.log_file_validation),
            kms_key: match delivery.kms {
                None => Setting::Unknown,
                Some(false) => Setting::NotSet,
                Some(true) => {
                    let known = bucket.and_then(|own| own.kms_key.clone());
                    Setting::Is(known.unwrap_or_else(|| "a key of its own".to_owned()))
                }
            },
            bucket: Setting::known(delivery.bucket.clone()),
            log_group: Setting::seen(delivery.log_group.clone()),
            topic: Setting::seen(delivery.sns_topic.clone()),
        }
    }

    fn bucket(&self, own: &Bucket, stated: &[BucketInput]) -> BucketSettings {
        let input = stated.iter().find(|input| input.name.value == own.name);
        let on = |on: bool| PublicAccessBlock {
            block_public_acls: on,
            block_public_policy: on,
            ignore_public_acls: on,
            restrict_public_buckets: on,
        };
        BucketSettings {
            subject: self.named(&own.name, input.map(|own| &own.name), (&own.account, &own.region)),
            public_access_block: Setting::known(input.and_then(|own| own.public_access_block)).map(on),
            policy: Setting::Unknown,
            policy_names_source: switch(input.and_then(|own| own.policy_names_source)),
            versioning: Setting::Is(own.versioning.is_some()),
            mfa_delete: Setting::Unknown,
            object_lock: Setting::seen(own.object_lock)
                .map(|age| ObjectLock { mode: Setting::Unknown, retention: Setting::Is(age) }),
            encryption: if own.kms {
                Setting::Is(DefaultEncryption {
                    algorithm: Setting::Is("aws:kms".to_owned()),
                    kms_key: Setting::known(own.kms_key.clone()),
                    bucket_key: Setting::Is(own.bucket_key_saving.is_some()),
                })
            } else {
                Setting::Unknown
            },
            access_logging: Setting::Unknown,
            lifecycle: Setting::Is(!own.lifecycle.is_empty()),
        }
    }

    fn log_group(&self, own: &crate::domain::LogGroup, file: &ScenarioFile) -> LogGroupSettings {
        let input = file.log_group.iter().find(|input| input.name.value == own.name);
        LogGroupSettings {
            subject: self.named(&own.name, input.map(|own| &own.name), (&own.account, &own.region)),
            retention: Setting::seen(own.retention),
            kms_key: Setting::Unknown,
        }
    }

    fn filter(&self, group: &str, own: &MetricFilterInput) -> MetricFilterSettings {
        MetricFilterSettings {
            subject: self.subject(&own.name),
            log_group: Setting::Is(group.to_owned()),
            pattern: Setting::known(own.pattern.clone()),
            metrics: own.metric.iter().map(|own| metric(own)).collect(),
        }
    }

    fn alarm(&self, own: &AlarmInput) -> AlarmSettings {
        let count = |own: &Option<At<i64>>| {
            Setting::known(own.as_ref().and_then(|own| u32::try_from(own.value).ok()))
        };
        // Accounts may have alarms of one name each.
        let stands = |account: &AccountId, region: &RegionCode| {
            own.account.as_ref().is_none_or(|own| own.value == account.as_str())
                && own.region.as_ref().is_none_or(|own| own.value == region.as_str())
        };
        let is = |alarm: &&Alarm| alarm.name == own.name.value && stands(&alarm.account, &alarm.region);
        let known = self.model.inventory.alarms.iter().find(is);
        let composite = known.is_some_and(|own| own.kind == AlarmKind::Composite);
        AlarmSettings {
            subject: known.map_or_else(
                || self.subject(&own.name),
                |alarm| self.named(&alarm.name, Some(&own.name), (&alarm.account, &alarm.region)),
            ),
            metrics: own.watches.iter().map(|own| metric(own)).collect(),
            actions: Setting::seen(own.topic.as_ref().map(|own| vec![own.value.clone()])),
            actions_enabled: Setting::Is(own.actions_enabled.unwrap_or(true)),
            rule: if composite { Setting::Unknown } else { Setting::NotSet },
            period_seconds: count(&own.period),
            evaluation_periods: count(&own.evaluation_periods),
            datapoints_to_alarm: match count(&own.datapoints_to_alarm) {
                Setting::Unknown => Setting::NotSet,
                stated => stated,
            },
            threshold: Setting::known(match own.threshold.as_ref().map(|own| &own.value) {
                Some(QuantityInput::Plain(text)) => parse_decimal(text).ok(),
                Some(QuantityInput::Range { .. }) | None => None,
            }),
            // The words are CloudWatch's own.
            comparison: Setting::known(own.comparison.map(|own| format!("{own:?}"))),
            statistic: Setting::known(own.statistic.map(|own| format!("{own:?}"))),
        }
    }

    fn topic(&self, name: &str, stated: &[TopicInput]) -> TopicSettings {
        let input = stated.iter().find(|own| own.name.value == name);
        let subscriptions = input.map(|own| {
            let each = own.subscriptions.iter().map(|own| SubscriptionSettings {
                subject: self.subject(&own.protocol),
                protocol: Setting::Is(own.protocol.value.clone()),
                confirmed: switch(own.confirmed),
            });
            each.map(|own| SubscriptionSettings {
                subject: Subject { name: String::new(), ..own.subject },
                ..own
            })
            .collect()
        });
        TopicSettings {
            subject: input.map_or_else(
                || Subject { name: name.to_owned(), ..Subject::default() },
                |own| self.subject(&own.name),
            ),
            kms_key: Setting::Unknown,
            subscriptions: Setting::known(subscriptions),
        }
    }

    fn event_rule(&self, own: &EventRuleInput) -> EventRuleSettings {
        let target = |own: &super::document_alerting::TargetInput| match (own.kind.value, &own.name) {
            (TargetKindInput::Topic, Some(name)) => name.value.clone(),
            (TargetKindInput::Topic, None) => "a topic".to_owned(),
            (TargetKindInput::Function, _) => "a function".to_owned(),
            (TargetKindInput::Bus, _) => "another bus".to_owned(),
            (TargetKindInput::CrossAccount, _) => "a target of another account".to_owned(),
            (TargetKindInput::Other, _) => "a target of the same account".to_owned(),
        };
        let stands = |account: &AccountId, region: &RegionCode| {
            own.account.as_ref().is_none_or(|own| own.value == account.as_str())
                && own.region.as_ref().is_none_or(|own| own.value == region.as_str())
        };
        let is = |rule: &&EventRule| rule.name == own.name.value && stands(&rule.account, &rule.region);
        let known = self.model.inventory.event_rules.iter().find(is);
        EventRuleSettings {
            subject: known.map_or_else(
                || self.subject(&own.name),
                |rule| self.named(&rule.name, Some(&own.name), (&rule.account, &rule.region)),
            ),
            pattern: Setting::known(own.pattern.clone()),
            enabled: Setting::Is(own.enabled.unwrap_or(true)),
            targets: Setting::Is(own.targets.iter().map(target).collect()),
        }
    }
}

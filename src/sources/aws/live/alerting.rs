//! Log groups, the metric filters and alarms on them, and who is told.

use super::asking::{Asking, Place};
use super::metrics::dimensions;
use super::refused::Refused;
use super::session::Session;
use crate::sources::aws::answers::{
    AlarmInfo, AlarmsAnswer, Asked, Data, LogGroupInfo, LogGroupsAnswer, MetricFilterInfo,
    MetricFiltersAnswer, MetricName, MetricTransformation, Operation, SubscriptionsAnswer, TopicSubscription,
};
use aws_sdk_cloudwatch::types::{AlarmType, CompositeAlarm, MetricAlarm, MetricStat};
use std::collections::BTreeSet;

/// The account, Region and name of a thing with an ARN.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Located {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) name: String,
}

impl Located {
    /// Reads `arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*`.
    pub(super) fn log_group(arn: &str) -> Option<Self> {
        let mut parts = arn.splitn(7, ':');
        let (region, account) = (parts.nth(3)?, parts.next()?);
        let name = parts.nth(1)?;
        let name = name.strip_suffix(":*").unwrap_or(name);
        Some(Self { account: account.to_owned(), region: region.to_owned(), name: name.to_owned() })
    }

    /// Reads `arn:aws:sns:REGION:ACCOUNT:NAME`; the name is the whole ARN.
    pub(super) fn topic(arn: &str) -> Option<Self> {
        let mut parts = arn.split(':');
        if parts.nth(2)? != "sns" {
            return None;
        }
        let (region, account) = (parts.next()?, parts.next()?);
        Some(Self { account: account.to_owned(), region: region.to_owned(), name: arn.to_owned() })
    }

    /// Returns the place it is at, if its account is read.
    fn place<'a>(&self, sessions: &'a [Session]) -> Option<Place<'a>> {
        let session = sessions.iter().find(|own| own.account == self.account)?;
        Some(Place { session, region: self.region.clone() })
    }

    fn asked(&self) -> Asked {
        Asked { account: self.account.clone(), region: self.region.clone(), subject: self.name.clone() }
    }
}

/// Asks about a log group and its metric filters; returns the metrics that these send to.
pub(super) async fn log_group(asking: &Asking<'_>, group: &Located, sessions: &[Session]) -> Vec<MetricName> {
    let Some(place) = group.place(sessions) else {
        let unread = || Refused::not_read("AccountNotRead");
        asking.refuse(group.asked(), Operation::DescribeLogGroups, unread());
        asking.refuse(group.asked(), Operation::DescribeMetricFilters, unread());
        return Vec::new();
    };
    let groups = describe_log_groups(&place, &group.name).await;
    asking.record(group.asked(), Operation::DescribeLogGroups, groups, Data::DescribeLogGroups);
    let filters = describe_metric_filters(&place, &group.name).await;
    let answer =
        asking.record(group.asked(), Operation::DescribeMetricFilters, filters, Data::DescribeMetricFilters);
    let filters = answer.map(|answer| answer.metric_filters).unwrap_or_default();
    filters
        .into_iter()
        .flat_map(|filter| filter.metric_transformations)
        .map(|own| MetricName {
            namespace: own.metric_namespace,
            metric_name: own.metric_name,
            dimensions: Vec::new(),
        })
        .collect()
}

async fn describe_log_groups(place: &Place<'_>, name: &str) -> Result<LogGroupsAnswer, Refused> {
    let client = place.session.logs(&place.region);
    let mut pages = client.describe_log_groups().log_group_name_prefix(name).into_paginator().send();
    let mut log_groups = Vec::new();
    while let Some(page) = pages.next().await {
        // Others whose names begin alike are none of ours.
        log_groups.extend(page?.log_groups().iter().filter(|own| own.log_group_name() == Some(name)).map(
            |own| LogGroupInfo {
                log_group_name: name.to_owned(),
                arn: own.arn().unwrap_or_default().to_owned(),
                retention_in_days: own.retention_in_days(),
                stored_bytes: own.stored_bytes(),
                log_group_class: own.log_group_class().map(|class| class.as_str().to_owned()),
                kms_key_id: own.kms_key_id().map(str::to_owned),
            },
        ));
    }
    Ok(LogGroupsAnswer { log_groups })
}

async fn describe_metric_filters(place: &Place<'_>, name: &str) -> Result<MetricFiltersAnswer, Refused> {
    let client = place.session.logs(&place.region);
    let mut pages = client.describe_metric_filters().log_group_name(name).into_paginator().send();
    let mut metric_filters = Vec::new();
    while let Some(page) = pages.next().await {
        metric_filters.extend(page?.metric_filters().iter().map(|own| MetricFilterInfo {
            filter_name: own.filter_name().unwrap_or_default().to_owned(),
            filter_pattern: own.filter_pattern().map(str::to_owned),
            metric_transformations: own.metric_transformations().iter().map(transformation).collect(),
        }));
    }
    Ok(MetricFiltersAnswer { metric_filters })
}

fn transformation(own: &aws_sdk_cloudwatchlogs::types::MetricTransformation) -> MetricTransformation {
    let mut dimensions: Vec<String> =
        own.dimensions().map(|own| own.keys().cloned().collect()).unwrap_or_default();
    dimensions.sort();
    MetricTransformation {
        metric_namespace: own.metric_namespace().to_owned(),
        metric_name: own.metric_name().to_owned(),
        has_default_value: own.default_value().is_some(),
        dimensions,
    }
}

/// Asks for the alarms on metrics that filters send to; returns the topics that they notify.
pub(super) async fn alarms(
    asking: &Asking<'_>,
    place: &Place<'_>,
    metrics: &BTreeSet<(String, String)>,
) -> Vec<String> {
    let outcome = describe_alarms(place, metrics).await;
    let Some(answer) =
        asking.record(place.asked(""), Operation::DescribeAlarms, outcome, Data::DescribeAlarms)
    else {
        return Vec::new();
    };
    let all = answer.metric_alarms.into_iter().chain(answer.composite_alarms);
    all.flat_map(|alarm| alarm.alarm_actions).collect()
}

async fn describe_alarms(
    place: &Place<'_>,
    metrics: &BTreeSet<(String, String)>,
) -> Result<AlarmsAnswer, Refused> {
    let client = place.session.cloudwatch(&place.region);
    let mut pages = client
        .describe_alarms()
        .alarm_types(AlarmType::MetricAlarm)
        .alarm_types(AlarmType::CompositeAlarm)
        .into_paginator()
        .send();
    let (mut metric_alarms, mut composite): (Vec<AlarmInfo>, Vec<AlarmInfo>) = Default::default();
    while let Some(page) = pages.next().await {
        let page = page?;
        metric_alarms.extend(page.metric_alarms().iter().map(metric_alarm));
        composite.extend(page.composite_alarms().iter().map(composite_alarm));
    }
    let ours = |name: &MetricName| metrics.contains(&(name.namespace.clone(), name.metric_name.clone()));
    metric_alarms.retain(|alarm| alarm.metric.iter().chain(&alarm.metrics).any(ours));
    let composite_alarms = watching(&metric_alarms, composite);
    Ok(AlarmsAnswer { metric_alarms, composite_alarms })
}

/// Returns the composite alarms that watch one of the alarms, or a composite alarm that does.
fn watching(alarms: &[AlarmInfo], mut rest: Vec<AlarmInfo>) -> Vec<AlarmInfo> {
    let mut names: Vec<String> = alarms.iter().map(|alarm| alarm.alarm_name.clone()).collect();
    let mut kept = Vec::new();
    loop {
        let watches = |alarm: &AlarmInfo| {
            let rule = alarm.alarm_rule.as_deref().unwrap_or_default();
            names.iter().any(|name| names_alarm(rule, name))
        };
        let (found, others): (Vec<AlarmInfo>, Vec<AlarmInfo>) = rest.into_iter().partition(watches);
        if found.is_empty() {
            kept.sort_by(|one: &AlarmInfo, two| one.alarm_name.cmp(&two.alarm_name));
            return kept;
        }
        names.extend(found.iter().map(|alarm| alarm.alarm_name.clone()));
        kept.extend(found);
        rest = others;
    }
}

/// Tells whether a rule names an alarm: `ALARM("a")`, `OK(b)`, or by its ARN.
fn names_alarm(rule: &str, name: &str) -> bool {
    rule.match_indices(name).any(|(at, _)| {
        let before = rule[..at].chars().next_back();
        let after = rule[at + name.len()..].chars().next();
        before.is_some_and(|own| "(\"': ".contains(own)) && after.is_some_and(|own| ")\"' ".contains(own))
    })
}

fn metric_alarm(own: &MetricAlarm) -> AlarmInfo {
    let metric = own.metric_name().map(|name| MetricName {
        namespace: own.namespace().unwrap_or_default().to_owned(),
        metric_name: name.to_owned(),
        dimensions: dimensions(own.dimensions()),
    });
    let stats = own.metrics().iter().filter_map(|query| query.metric_stat());
    let metrics = stats.clone().filter_map(|stat| stat.metric()).map(|metric| MetricName {
        namespace: metric.namespace().unwrap_or_default().to_owned(),
        metric_name: metric.metric_name().unwrap_or_default().to_owned(),
        dimensions: dimensions(metric.dimensions()),
    });
    AlarmInfo {
        alarm_name: own.alarm_name().unwrap_or_default().to_owned(),
        metric,
        metrics: metrics.collect(),
        period: own.period().or(stats.clone().filter_map(MetricStat::period).min()),
        evaluation_periods: own.evaluation_periods(),
        datapoints_to_alarm: own.datapoints_to_alarm(),
        threshold: own.threshold().map(|own| own.to_string()),
        comparison_operator: own.comparison_operator().map(|own| own.as_str().to_owned()),
        statistic: own.statistic().map(|own| own.as_str().to_owned()),
        actions_enabled: own.actions_enabled(),
        alarm_actions: own.alarm_actions().to_vec(),
        alarm_rule: None,
    }
}

fn composite_alarm(own: &CompositeAlarm) -> AlarmInfo {
    AlarmInfo {
        alarm_name: own.alarm_name().unwrap_or_default().to_owned(),
        alarm_actions: own.alarm_actions().to_vec(),
        alarm_rule: own.alarm_rule().map(str::to_owned),
        actions_enabled: own.actions_enabled(),
        ..AlarmInfo::default()
    }
}

/// Asks who is told by a topic.
pub(super) async fn subscriptions(asking: &Asking<'_>, topic: &Located, sessions: &[Session]) {
    let outcome = match topic.place(sessions) {
        Some(place) => list_subscriptions(&place, &topic.name).await,
        None => Err(Refused::not_read("AccountNotRead")),
    };
    asking.record(
        topic.asked(),
        Operation::ListSubscriptionsByTopic,
        outcome,
        Data::ListSubscriptionsByTopic,
    );
}

async fn list_subscriptions(place: &Place<'_>, topic: &str) -> Result<SubscriptionsAnswer, Refused> {
    let client = place.session.sns(&place.region);
    let mut pages = client.list_subscriptions_by_topic().topic_arn(topic).into_paginator().send();
    let mut subscriptions = Vec::new();
    while let Some(page) = pages.next().await {
        subscriptions.extend(page?.subscriptions().iter().map(|own| TopicSubscription {
            protocol: own.protocol().unwrap_or_default().to_owned(),
            // SNS API reference, ListSubscriptionsByTopic: it has an ARN once it is confirmed.
            confirmed: own.subscription_arn().map(|arn| arn.starts_with("arn:")),
        }));
    }
    Ok(SubscriptionsAnswer { subscriptions })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_say_where_things_are() {
        let group =
            Located::log_group("arn:aws:logs:eu-west-1:111122223333:log-group:aws/trail:x:*").unwrap();
        assert_eq!((group.account.as_str(), group.region.as_str()), ("111122223333", "eu-west-1"));
        assert_eq!(group.name, "aws/trail:x");
        let topic = Located::topic("arn:aws:sns:eu-west-1:111122223333:alerts").unwrap();
        assert_eq!(topic.name, "arn:aws:sns:eu-west-1:111122223333:alerts");
        assert_eq!(Located::topic("arn:aws:automate:us-east-1:ec2:stop"), None);
    }

    #[test]
    fn a_rule_names_whole_alarms_only() {
        assert!(names_alarm("ALARM(\"root\") OR OK(login)", "root"));
        assert!(names_alarm("ALARM(\"root\") OR OK(login)", "login"));
        assert!(!names_alarm("ALARM(\"root-login\")", "root"));
        assert!(names_alarm("ALARM(\"arn:aws:cloudwatch:eu-west-1:1:alarm:root\")", "root"));
    }
}

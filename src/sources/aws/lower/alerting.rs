//! The alarms on what metric filters send, and the topics that get their messages.

use super::arn::{Arn, short_name};
use super::reading::{Reading, answered, answered_about};
use crate::domain::{AccountId, Alarm, AlarmKind, GapKind, Protocol, RegionCode, Subscription, Topic};
use crate::sources::aws::answers::{AlarmInfo, Operation};
use std::collections::{BTreeMap, BTreeSet};

impl Reading<'_> {
    /// Fills the alarms on the metrics of metric filters of trails' log groups, and on those alarms.
    pub(super) fn alarms(&mut self) {
        let mut metrics: BTreeSet<(String, String, String, String)> = BTreeSet::new();
        let groups: BTreeSet<(String, String, String)> = self
            .trails
            .iter()
            .filter_map(|seen| seen.log_group_arn.as_deref().and_then(Arn::parse))
            .filter_map(|arn| {
                Some((arn.account.to_owned(), arn.region.to_owned(), arn.log_group()?.to_owned()))
            })
            .collect();
        for (asked, list) in answered!(self, DescribeMetricFilters) {
            let group = (asked.account.clone(), asked.region.clone(), short_name(&asked.subject).to_owned());
            if !groups.contains(&group) {
                continue;
            }
            for to in list.metric_filters.iter().flat_map(|own| &own.metric_transformations) {
                let (space, name) = (to.metric_namespace.clone(), to.metric_name.clone());
                metrics.insert((group.0.clone(), group.1.clone(), space, name));
            }
        }
        let mut alarms: BTreeMap<(String, AccountId, RegionCode), Alarm> = BTreeMap::new();
        for (asked, list) in answered!(self, DescribeAlarms) {
            let Ok(account) = asked.account.parse::<AccountId>() else {
                continue;
            };
            let watches = |own: &&AlarmInfo| {
                own.metric.iter().chain(&own.metrics).any(|metric| {
                    metrics.contains(&(
                        asked.account.clone(),
                        asked.region.clone(),
                        metric.namespace.clone(),
                        metric.metric_name.clone(),
                    ))
                })
            };
            let own: Vec<&AlarmInfo> = list.metric_alarms.iter().filter(watches).collect();
            let mut chosen: Vec<(&AlarmInfo, AlarmKind)> = own
                .iter()
                .map(|alarm| {
                    let fast = alarm.period.is_some_and(|seconds| seconds < 60);
                    (*alarm, if fast { AlarmKind::HighResolution } else { AlarmKind::Standard })
                })
                .collect();
            for composite in &list.composite_alarms {
                let rule = composite.alarm_rule.as_deref().unwrap_or_default();
                if own.iter().any(|alarm| names(rule, &alarm.alarm_name)) {
                    chosen.push((composite, AlarmKind::Composite));
                }
            }
            for (info, kind) in chosen {
                let Some(region) = self.known_region(&asked.region, &info.alarm_name) else {
                    continue;
                };
                let topic = info.alarm_actions.iter().find(|arn| arn.split(':').nth(2) == Some("sns"));
                let metrics = match kind {
                    AlarmKind::Composite => 1,
                    _ => u32::try_from(info.metrics.len().max(1)).unwrap_or(1),
                };
                let key = (info.alarm_name.clone(), account.clone(), region.clone());
                alarms.insert(
                    key,
                    Alarm {
                        name: info.alarm_name.clone(),
                        account: account.clone(),
                        region,
                        kind,
                        metrics,
                        alerts: None,
                        // The ARN, until the topics have their names.
                        topic: topic.cloned(),
                    },
                );
            }
        }
        self.model.inventory.alarms = alarms.into_values().collect();
    }

    /// Fills the topics that trails and alarms name.
    pub(super) fn topics(&mut self) {
        let mut arns: BTreeSet<String> =
            self.trails.iter().filter_map(|seen| seen.topic_arn.clone()).collect();
        arns.extend(self.model.inventory.alarms.iter().filter_map(|alarm| alarm.topic.clone()));
        let mut shown: BTreeMap<String, String> = BTreeMap::new();
        let mut names: BTreeSet<String> = BTreeSet::new();
        for arn in arns {
            let Some(parsed) = Arn::parse(&arn) else {
                continue;
            };
            let Ok(account) = parsed.account.parse::<AccountId>() else {
                continue;
            };
            let Some(region) = self.known_region(parsed.region, &arn) else {
                continue;
            };
            let mut name = parsed.resource.to_owned();
            if !names.insert(name.clone()) {
                name = format!("{name} ({account} {region})");
                names.insert(name.clone());
            }
            let subscriptions = self.subscriptions(&arn, &name);
            let message_bytes = self.assume("topic_message_bytes").parse().unwrap_or(2_048);
            self.model.inventory.topics.push(Topic {
                name: name.clone(),
                account,
                region,
                published: None,
                message_bytes,
                subscriptions,
            });
            shown.insert(arn, name);
        }
        self.model.inventory.topics.sort_by(|one, two| one.name.cmp(&two.name));
        for seen in &self.trails {
            let name = seen.topic_arn.as_ref().and_then(|arn| shown.get(arn)).cloned();
            self.model.inventory.trails[seen.at].delivery.sns_topic = name;
        }
        for alarm in &mut self.model.inventory.alarms {
            alarm.topic = alarm.topic.as_ref().and_then(|arn| shown.get(arn)).cloned();
        }
    }

    fn subscriptions(&mut self, arn: &str, name: &str) -> Vec<Subscription> {
        let Some((_, list)) = answered_about!(self, ListSubscriptionsByTopic, arn).next() else {
            let remedy = self.remedy(Operation::ListSubscriptionsByTopic, "");
            self.unseen.setting("the subscribers of topics", &format!("topic {name}"), "left out", &remedy);
            return Vec::new();
        };
        let mut counts = [0_u32; 3];
        for own in &list.subscriptions {
            match own.protocol.as_str() {
                "email" | "email-json" => counts[0] += 1,
                "http" | "https" => counts[1] += 1,
                "sqs" => counts[2] += 1,
                other => self.unseen.add(
                    GapKind::NotIncluded,
                    &format!("what subscribers by {other} cost: "),
                    &format!("topic {name}"),
                    "",
                    "add them to the [[topic]] of the scenario",
                ),
            }
        }
        [Protocol::Email, Protocol::Http, Protocol::Sqs]
            .into_iter()
            .zip(counts)
            .filter(|(_, subscribers)| *subscribers > 0)
            .map(|(protocol, subscribers)| Subscription { protocol, subscribers })
            .collect()
    }
}

/// Tells whether a composite alarm's rule, such as `ALARM("one") OR ALARM(two)`, names an alarm; `one` is not `one-more`.
fn names(rule: &str, alarm: &str) -> bool {
    let inside = |own: Option<char>| own.is_some_and(|own| own.is_alphanumeric() || "-_./".contains(own));
    !alarm.is_empty()
        && rule.match_indices(alarm).any(|(at, _)| {
            !inside(rule[..at].chars().next_back()) && !inside(rule[at + alarm.len()..].chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_rule_names_whole_alarms() {
        let rule = "ALARM(\"root-login\") OR ALARM(arn:aws:cloudwatch:us-east-1:111122223333:alarm:key-use)";
        for (alarm, named) in
            [("root-login", true), ("key-use", true), ("root", false), ("login", false), ("", false)]
        {
            assert_eq!(names(rule, alarm), named, "{alarm}");
        }
    }
}

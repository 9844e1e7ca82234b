//! Alarms on what metric filters send, and the topics that get messages.

use super::fields::Fields;
use super::side::Reading;
use crate::domain::{
    Alarm, AlarmKind, AlarmSettings, MetricRef, Protocol, Setting, Subscription, SubscriptionSettings, Topic,
    TopicSettings, parse_decimal,
};
use crate::sources::aws::lower::arn::Arn;
use crate::sources::terraform::kind::{ALARM, COMPOSITE, SUBSCRIPTION, TOPIC};
use crate::sources::terraform::resource::Resource;
use crate::sources::terraform::value::Attr;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of a message where the defaults say nothing: as many as theirs.
const MESSAGE_BYTES: u64 = 2_048;

impl<'a> Reading<'a> {
    /// Fills the alarms on the metrics of metric filters, and those on these alarms.
    pub(super) fn alarms(&mut self) {
        let mut taken: Vec<String> = Vec::new();
        for own in self.of(ALARM) {
            let metrics = self.watched(own);
            let is_led = self.everything || self.led.alarms.contains(&own.address);
            if is_led || metrics.iter().any(|own| self.is_filtered(own)) {
                taken.extend(super::links::own_name(own));
                taken.push(own.address.clone());
                self.alarm(own, metrics, None);
            }
        }
        self.composites(taken);
    }

    /// Fills the composite alarms on alarms that are taken, by name or address, and those on these.
    fn composites(&mut self, mut taken: Vec<String>) {
        let mut all = Vec::new();
        let mut on: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for own in self.of(COMPOSITE) {
            let rule = Fields::of(own).text("alarm_rule", &mut self.findings);
            let mut watches = rule.value().map(|own| watched_alarms(own)).unwrap_or_default();
            watches.extend(self.links.all_referred(own, "alarm_rule", ALARM));
            watches.extend(self.links.all_referred(own, "alarm_rule", COMPOSITE));
            for name in watches {
                on.entry(name).or_default().push(all.len());
            }
            if self.everything || self.led.alarms.contains(&own.address) {
                taken.push(own.address.clone());
            }
            on.entry(own.address.clone()).or_default().push(all.len());
            all.push(Some((own, rule)));
        }
        while let Some(name) = taken.pop() {
            for at in on.remove(&name).unwrap_or_default() {
                let Some((own, rule)) = all[at].take() else { continue };
                taken.extend(super::links::own_name(own));
                taken.push(own.address.clone());
                self.alarm(own, Vec::new(), Some(rule));
            }
        }
    }

    /// Returns the metrics that an alarm watches.
    fn watched(&mut self, resource: &'a Resource) -> Vec<MetricRef> {
        let own = Fields::of(resource);
        let findings = &mut self.findings;
        let (queries, _) = own.blocks("metric_query", findings);
        let mut all = Vec::new();
        for query in queries {
            if let Setting::Is(metric) = query.block("metric", findings) {
                all.push(MetricRef {
                    namespace: metric.text("namespace", findings),
                    name: metric.text("metric_name", findings),
                });
            }
        }
        let name = own.text("metric_name", findings);
        if name != Setting::NotSet {
            all.push(MetricRef { namespace: own.text("namespace", findings), name });
        }
        all
    }

    fn alarm(&mut self, resource: &'a Resource, metrics: Vec<MetricRef>, rule: Option<Setting<String>>) {
        let own = Fields::of(resource);
        let period = own.number("period", &mut self.findings);
        own.known("period", period, "taken as 60 seconds or more", &mut self.findings);
        let kind = match (&rule, self.shortest_period(own)) {
            (Some(_), _) => AlarmKind::Composite,
            (None, Some(seconds)) if seconds < 60 => AlarmKind::HighResolution,
            (None, _) => AlarmKind::Standard,
        };
        let actions = self.actions(own, "alarm_actions");
        let topic = match &actions {
            Setting::Is(all) => all.iter().find_map(|own| self.topic_name(own)),
            _ => None,
        };
        let count = u32::try_from(metrics.len().max(1)).unwrap_or(1);
        self.settings.alarms.push(AlarmSettings {
            subject: self.places_subject(resource),
            metrics,
            actions,
            actions_enabled: own.switch("actions_enabled", &mut self.findings),
            rule: rule.unwrap_or(Setting::NotSet),
            period_seconds: own.number("period", &mut self.findings),
            evaluation_periods: own.number("evaluation_periods", &mut self.findings),
            datapoints_to_alarm: own.number("datapoints_to_alarm", &mut self.findings),
            threshold: match own.text("threshold", &mut self.findings) {
                Setting::Is(text) => Setting::known(parse_decimal(&text).ok()),
                // Metric math may compare to another metric.
                Setting::NotSet | Setting::Unknown => Setting::Unknown,
            },
            comparison: own.text("comparison_operator", &mut self.findings),
            statistic: own.text("statistic", &mut self.findings),
        });
        let Some((account, region)) = self.place(resource) else { return };
        self.inventory.alarms.push(Alarm {
            name: resource.address.clone(),
            account,
            region,
            kind,
            metrics: if kind == AlarmKind::Composite { 1 } else { count },
            alerts: None,
            topic,
        });
    }

    /// Returns the shortest period in seconds over which an alarm looks at a metric, and names what it looks at beside.
    fn shortest_period(&mut self, own: Fields<'a>) -> Option<u32> {
        let findings = &mut self.findings;
        let mut all = vec![own.number("period", findings)];
        let mut has_band = false;
        for query in own.blocks("metric_query", findings).0 {
            if let Setting::Is(metric) = query.block("metric", findings) {
                let period = metric.number("period", findings);
                metric.known("period", period.clone(), "taken as 60 seconds or more", findings);
                all.push(period);
            }
            let expression = query.known_text("expression", "taken as one without a band", findings);
            has_band |= expression.is_some_and(|own| own.contains("ANOMALY_DETECTION_BAND"));
        }
        if has_band {
            findings.left_out(
                "the band of an alarm on anomalies, whose upper and lower limit may be charged as metrics of the alarm too: ",
                &own.resource.address,
                "no price of it is known here: look at the CloudWatch pricing page",
            );
        }
        all.iter().filter_map(|own| own.value().copied()).min()
    }

    /// Returns what an alarm does: ARNs, or the addresses of what they are of.
    fn actions(&mut self, own: Fields<'a>, key: &str) -> Setting<Vec<String>> {
        if *own.get(key) == Attr::Null {
            return Setting::NotSet;
        }
        let (known, unknown) = own.texts(key, &mut self.findings);
        let mut all: Vec<String> = known
            .into_iter()
            .map(|text| self.links.named(TOPIC, &text, own.resource).map_or(text, |own| own.address.clone()))
            .collect();
        if let Some(why) = unknown {
            let referred = self.links.all_referred(own.resource, key, TOPIC);
            if referred.is_empty() && all.is_empty() {
                self.findings.unknown(own.resource, key, why, "what it notifies is left out");
                return Setting::Unknown;
            }
            all.extend(referred);
        }
        all.dedup();
        Setting::Is(all)
    }

    /// Returns the topic that an action means: an address, or a name.
    pub(super) fn topic_name(&mut self, action: &str) -> Option<String> {
        if let Some(own) = self.links.resource(action) {
            return (own.kind.name == TOPIC).then(|| own.address.clone());
        }
        let arn = Arn::parse(action).filter(|_| action.split(':').nth(2) == Some("sns"))?;
        Some(arn.resource.to_owned())
    }

    /// Fills the topics that trails, alarms and rules name.
    pub(super) fn topics(&mut self) {
        let mut wanted: BTreeSet<String> =
            self.inventory.trails.iter().filter_map(|own| own.delivery.sns_topic.clone()).collect();
        wanted.extend(self.inventory.alarms.iter().filter_map(|own| own.topic.clone()));
        for rule in &self.inventory.event_rules {
            wanted.extend(rule.targets.iter().filter_map(|own| match own {
                crate::domain::RuleTarget::Topic(name) => Some(name.clone()),
                _ => None,
            }));
        }
        if self.everything {
            wanted.extend(self.of(TOPIC).into_iter().map(|own| own.address.clone()));
        }
        let led = self.led.topics.iter();
        wanted.extend(led.filter_map(|(name, stand)| self.led_name(TOPIC, name, stand)));
        let subscriptions =
            self.links.parts(self.resources, SUBSCRIPTION, "topic_arn", TOPIC, &mut self.findings);
        for name in wanted {
            let own = subscriptions.get(&name).map(Vec::as_slice).unwrap_or_default();
            self.topic(&name, own);
        }
    }

    fn topic(&mut self, name: &str, subscriptions: &[&'a Resource]) {
        let resource = self.links.resource(name);
        let nearest = self.seen.iter().map(|own| own.resource).chain(self.of(ALARM)).next();
        let stand = self.led.topics.get(name).cloned().flatten();
        let place = stand.filter(|_| resource.is_none()).or_else(|| {
            let own = resource.or(subscriptions.first().copied()).or(nearest);
            own.and_then(|own| self.place(own))
        });
        let Some((account, region)) = place else { return };
        let mut seen = Vec::new();
        let mut counts = [0_u32; 3];
        for own in subscriptions {
            let protocol = Fields::of(own).text("protocol", &mut self.findings);
            match protocol.value().map(String::as_str) {
                Some("email" | "email-json") => counts[0] += 1,
                Some("http" | "https") => counts[1] += 1,
                Some("sqs") => counts[2] += 1,
                other => self.findings.left_out(
                    &format!("what a subscriber by {} costs: ", other.unwrap_or("an unknown protocol")),
                    &own.address,
                    "add it to the [[topic]] of the scenario",
                ),
            }
            let pending = Fields::of(own).switch("pending_confirmation", &mut self.findings);
            seen.push(SubscriptionSettings {
                subject: self.places_subject(own),
                protocol,
                confirmed: match pending {
                    Setting::Is(pending) => Setting::Is(!pending),
                    _ => Setting::Unknown,
                },
            });
        }
        let message_bytes = self.figure("topic_message_bytes").and_then(|own| own.likely()?.to_count());
        let kinds = [Protocol::Email, Protocol::Http, Protocol::Sqs].into_iter().zip(counts);
        self.inventory.topics.push(Topic {
            name: name.to_owned(),
            account,
            region,
            published: None,
            message_bytes: message_bytes.unwrap_or(MESSAGE_BYTES),
            subscriptions: kinds
                .filter(|(_, subscribers)| *subscribers > 0)
                .map(|(protocol, subscribers)| Subscription { protocol, subscribers })
                .collect(),
        });
        let Some(resource) = resource else {
            self.unmanaged.insert(name.to_owned());
            return;
        };
        let own = Fields::of(resource);
        let key = self.links.key(own, "kms_master_key_id", "kms_master_key_id", &mut self.findings);
        self.unknown_key(&key, resource, "kms_master_key_id");
        if let Some((account, region)) = self.place(resource) {
            self.leads_to_key(&key, &account, &region);
        }
        seen.sort();
        self.settings.topics.push(TopicSettings {
            subject: self.places_subject(resource),
            kms_key: key.setting(),
            subscriptions: Setting::Is(seen),
        });
    }
}

/// Returns the names of the alarms that the rule of a composite alarm watches: `ALARM("name")`, `OK(name)`,
/// `INSUFFICIENT_DATA(arn)` (CloudWatch API reference, PutCompositeAlarm).
fn watched_alarms(rule: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = rule;
    while let Some(at) = rest.find('(') {
        let function = rest[..at].trim_end();
        let inside = rest[at + 1..].trim_start();
        let is_state = ["ALARM", "OK", "INSUFFICIENT_DATA"].iter().any(|own| {
            let start = function.len().checked_sub(own.len()).and_then(|at| function.get(at..));
            start.is_some_and(|start| start.eq_ignore_ascii_case(own))
        });
        if !is_state {
            rest = inside;
            continue;
        }
        let (name, after) = match inside.strip_prefix(['"', '\'']) {
            Some(quoted) => quoted.split_once(['"', '\'']).unwrap_or((quoted, "")),
            None => inside.split_once(')').unwrap_or((inside, "")),
        };
        let short = Arn::parse(name).and_then(|own| own.resource.strip_prefix("alarm:"));
        names.insert(short.unwrap_or(name).trim().to_owned());
        rest = after;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_names_its_alarms_whole() {
        let own = "ALARM(\"a (prod)\") AND (NOT ok(b) OR INSUFFICIENT_DATA( 'c' )) OR \
                   ALARM(arn:aws:cloudwatch:us-east-1:111122223333:alarm:d) AND TRUE";
        assert_eq!(watched_alarms(own).into_iter().collect::<Vec<_>>(), ["a (prod)", "b", "c", "d"]);
        for own in ["", "TRUE", "ALARM", "((", "ALARM(\"open", "é(x)"] {
            assert!(watched_alarms(own).len() < 2, "{own}");
        }
    }
}

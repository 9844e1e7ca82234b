//! The log group, filters, alarms and topics of the module.

use super::design::assumed;
use crate::domain::{
    AccountId, Age, Alarm, AlarmKind, Amount, Inventory, LogClass, LogGroup, MONITORED_ACTIVITIES,
    MetricFilter, Model, Protocol, Subscription, Topic, Trail, list_names,
};

/// Days that events stay in the log group, where the scenario does not say: long enough for an investigation, and the
/// bucket keeps them longer.
const RETENTION_DAYS: u16 = 90;
/// The names of what the scenario does not name.
const GROUP: &str = "cloudtrail";
const TOPIC: &str = "security-alerts";
/// Bytes of a message, where the defaults say nothing: as many as theirs.
const MESSAGE_BYTES: u64 = 2_048;

/// What tells people.
pub(super) struct Alerting {
    pub(super) group: LogGroup,
    pub(super) alarms: Vec<Alarm>,
    /// The alarms' topic, then the one of log files, if there is one.
    pub(super) topics: Vec<Topic>,
    /// Whether the scenario sends alarms to a chat.
    pub(super) chat: bool,
}

/// Designs what tells people of what the trail records.
pub(super) fn design(
    given: &Inventory,
    trail: &mut Trail,
    home: &AccountId,
    model: &Model,
    notes: &mut Vec<String>,
) -> Alerting {
    let group = group(given, trail, home, notes);
    let own_alarm = |own: &&Alarm| MONITORED_ACTIVITIES.iter().any(|known| known.name == own.name);
    let named = given.alarms.iter().filter_map(|own| own.topic.as_deref());
    // The topic of log files cannot be the one of alarms: it would send each of its notices to people.
    let files = trail.delivery.sns_topic.clone();
    let topic = named.into_iter().find(|own| files.as_deref() != Some(*own)).unwrap_or(TOPIC).to_owned();
    let alarms = MONITORED_ACTIVITIES
        .iter()
        .map(|activity| Alarm {
            name: activity.name.to_owned(),
            account: home.clone(),
            region: trail.home_region.clone(),
            kind: AlarmKind::Standard,
            metrics: 1,
            alerts: given
                .alarms
                .iter()
                .find(|own| own.name == activity.name)
                .and_then(|own| own.alerts.clone()),
            topic: Some(topic.clone()),
        })
        .collect();
    let others: Vec<&str> =
        given.alarms.iter().filter(|own| !own_alarm(own)).map(|own| own.name.as_str()).collect();
    if !others.is_empty() {
        notes.push(format!(
            "no scenario knows what its alarms watch, so that these are not in it: {}",
            list_names(&others)
        ));
    }
    let mut topics = vec![alert_topic(given, &topic, (trail, home), model, notes)];
    let chat = given
        .topics
        .iter()
        .filter(|own| own.name == topic)
        .flat_map(|own| &own.subscriptions)
        .any(|own| matches!(own.protocol, Protocol::Lambda(_)));
    if let Some(name) = files {
        topics.push(log_file_topic(given, &name, (trail, home), model, notes));
    }
    Alerting { group, alarms, topics, chat }
}

fn group(given: &Inventory, trail: &mut Trail, home: &AccountId, notes: &mut Vec<String>) -> LogGroup {
    let known = trail
        .delivery
        .log_group
        .as_ref()
        .and_then(|name| given.log_groups.iter().find(|own| own.name == *name));
    let name = trail.delivery.log_group.clone().unwrap_or_else(|| GROUP.to_owned());
    if known.is_none() {
        notes.push(format!(
            "`{}` also delivers to CloudWatch Logs, where metric filters see what happens: its ingestion is charged by the \
             byte of every event",
            trail.name
        ));
    }
    let mut group = known.cloned().unwrap_or_else(|| LogGroup {
        name: name.clone(),
        account: home.clone(),
        region: trail.home_region.clone(),
        class: LogClass::Standard,
        retention: Some(Age::from_days(RETENTION_DAYS)),
        holds: None,
        scanned: None,
        not_sent: None,
        metric_filters: Vec::new(),
    });
    if group.class != LogClass::Standard {
        notes.push(format!("the log group `{name}` is of the Standard class: no other has metric filters"));
        group.class = LogClass::Standard;
    }
    // An organization trail delivers to the account that owns it, in its home Region.
    group.account = home.clone();
    group.region = trail.home_region.clone();
    let stated = std::mem::take(&mut group.metric_filters);
    let others: Vec<&str> = stated
        .iter()
        .filter(|own| !MONITORED_ACTIVITIES.iter().any(|known| known.name == own.name))
        .map(|own| own.name.as_str())
        .collect();
    if !others.is_empty() {
        notes.push(format!(
            "no scenario knows the patterns of its metric filters, so that these are not in it: {}",
            list_names(&others)
        ));
    }
    group.metric_filters = MONITORED_ACTIVITIES
        .iter()
        .map(|activity| {
            let hours: Option<Amount> =
                stated.iter().find(|own| own.name == activity.name).and_then(|own| own.hours.clone());
            MetricFilter { name: activity.name.to_owned(), metrics: 1, hours }
        })
        .collect();
    trail.delivery.log_group = Some(name);
    group
}

fn topic(given: &Inventory, name: &str, (trail, home): (&Trail, &AccountId), model: &Model) -> Topic {
    let known = given.topics.iter().find(|own| own.name == name).cloned();
    let assumed = assumed(model, "topic_message_bytes").and_then(|own| own.likely()?.to_count());
    let mut topic = known.unwrap_or_else(|| Topic {
        name: name.to_owned(),
        account: home.clone(),
        region: trail.home_region.clone(),
        published: None,
        message_bytes: assumed.unwrap_or(MESSAGE_BYTES),
        subscriptions: Vec::new(),
    });
    topic.account = home.clone();
    topic.region = trail.home_region.clone();
    topic
}

fn alert_topic(
    given: &Inventory,
    name: &str,
    place: (&Trail, &AccountId),
    model: &Model,
    notes: &mut Vec<String>,
) -> Topic {
    let mut topic = topic(given, name, place, model);
    let mut emails = 0_u32;
    for own in &topic.subscriptions {
        match own.protocol {
            Protocol::Email => emails = emails.saturating_add(own.subscribers),
            Protocol::Lambda(_) => notes.push(
                "messages reach the chat by Amazon Q Developer in chat applications, and not by a function".to_owned(),
            ),
            Protocol::Http | Protocol::Sqs => notes.push(format!(
                "the topic `{name}` has subscribers by HTTP or to queues, whose end points no scenario knows: add them"
            )),
        }
    }
    topic.subscriptions = vec![Subscription { protocol: Protocol::Email, subscribers: emails.max(1) }];
    topic
}

fn log_file_topic(
    given: &Inventory,
    name: &str,
    place: (&Trail, &AccountId),
    model: &Model,
    notes: &mut Vec<String>,
) -> Topic {
    let mut topic = topic(given, name, place, model);
    if !topic.subscriptions.is_empty() {
        notes.push(format!("who subscribes to `{name}`, the topic of log files, is not in it"));
        topic.subscriptions.clear();
    }
    topic
}

//! The log group, filters, alarms and topics of the module.

use super::design::assumed;
use crate::domain::{
    AccountId, Age, Alarm, AlarmKind, Amount, Inventory, LogClass, LogGroup, MONITORED_ACTIVITIES,
    MetricFilter, MetricFilterSettings, Model, Protocol, Subscription, Topic, Trail, list_names,
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
    /// The scenario's own filters.
    pub(super) own_filters: Vec<OwnFilter>,
}

/// A filter of the scenario that is not on the list of what every module watches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwnFilter {
    /// Its name, which its metric and its alarm have too.
    pub(super) name: String,
    /// Its pattern.
    pub(super) pattern: String,
}

/// Designs what tells people of what the trail records.
pub(super) fn design(
    model: &Model,
    filters: &[MetricFilterSettings],
    trail: &mut Trail,
    home: &AccountId,
    notes: &mut Vec<String>,
) -> Alerting {
    let given = &model.inventory;
    let (group, own_filters) = group(given, filters, trail, home, notes);
    let named = given.alarms.iter().filter_map(|own| own.topic.as_deref());
    // The topic of log files cannot be the one of alarms: it would send each of its notices to people.
    let files = trail.delivery.sns_topic.clone();
    let topic = named.into_iter().find(|own| files.as_deref() != Some(*own)).unwrap_or(TOPIC).to_owned();
    let watched = own_filters.iter().map(|own| own.name.as_str());
    let alarms: Vec<Alarm> = MONITORED_ACTIVITIES
        .iter()
        .map(|own| own.name)
        .chain(watched)
        .map(|name| Alarm {
            name: name.to_owned(),
            account: home.clone(),
            region: trail.home_region.clone(),
            kind: AlarmKind::Standard,
            metrics: 1,
            alerts: given.alarms.iter().find(|own| own.name == name).and_then(|own| own.alerts.clone()),
            topic: Some(topic.clone()),
        })
        .collect();
    let others: Vec<&str> = given
        .alarms
        .iter()
        .map(|own| own.name.as_str())
        .filter(|name| !alarms.iter().any(|own| own.name == *name))
        .collect();
    if !others.is_empty() {
        notes.push(format!(
            "alarms are in the module with the filter of their name only, so that these are not in it: {}",
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
    Alerting { group, alarms, topics, chat, own_filters }
}

/// Makes the log group with its filters; the scenario's own filters are those whose pattern it says.
fn group(
    given: &Inventory,
    filters: &[MetricFilterSettings],
    trail: &mut Trail,
    home: &AccountId,
    notes: &mut Vec<String>,
) -> (LogGroup, Vec<OwnFilter>) {
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
    let own_filters = own_filters(filters, &name, &stated, notes);
    let names = MONITORED_ACTIVITIES.iter().map(|own| own.name);
    group.metric_filters = names
        .chain(own_filters.iter().map(|own| own.name.as_str()))
        .map(|name| {
            let hours: Option<Amount> =
                stated.iter().find(|own| own.name == name).and_then(|own| own.hours.clone());
            MetricFilter { name: name.to_owned(), metrics: 1, hours }
        })
        .collect();
    trail.delivery.log_group = Some(name);
    (group, own_filters)
}

/// Returns the filters of a log group that are not on the module's list, and whose pattern is known.
fn own_filters(
    filters: &[MetricFilterSettings],
    group: &str,
    stated: &[MetricFilter],
    notes: &mut Vec<String>,
) -> Vec<OwnFilter> {
    let mut own_filters = Vec::new();
    let mut others = Vec::new();
    let is_listed = |name: &str| MONITORED_ACTIVITIES.iter().any(|known| known.name == name);
    for filter in stated.iter().filter(|own| !is_listed(&own.name)) {
        let pattern = filters
            .iter()
            .find(|own| {
                own.subject.name == filter.name && own.log_group.value().is_some_and(|own| own == group)
            })
            .and_then(|own| own.pattern.value());
        match pattern {
            Some(pattern) => {
                own_filters.push(OwnFilter { name: filter.name.clone(), pattern: pattern.clone() });
            }
            None => others.push(filter.name.as_str()),
        }
    }
    if !others.is_empty() {
        notes.push(format!(
            "the scenario does not say the `pattern` of these metric filters, so that they are not in it: {}",
            list_names(&others)
        ));
    }
    own_filters
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

//! Changes that mend: what is done to a model, so that it can be estimated anew. Each may be done twice without harm.

use crate::domain::{
    Age, Alarm, AlarmKind, Amount, AmountValue, Bucket, LogGroup, MetricFilter, Model, Place, Protocol,
    Provenance, ProvenanceKind, Quantity, Subscription, Topic, Trail, TrailScope,
};
use crate::recommend::{Edit, TrailKey};

/// How long a log group that a fix adds keeps events: as long as CloudTrail's own event history.
pub(super) const LOG_RETENTION_DAYS: u16 = 90;
/// Hours of a month in which an event that a fix watches for is taken to happen, and messages that follow.
pub(super) const MATCHING_HOURS: u64 = 1;
/// The name of a log group that a fix adds.
const LOG_GROUP: &str = "cloudtrail (fix)";
/// The name of a topic that a fix adds.
const TOPIC: &str = "security-alerts (fix)";
/// Bytes of a message: SNS bills each 64 KB that is begun, so that one of a few KB is one request.
const MESSAGE_BYTES: u64 = 2_048;
/// The account that stands for an archive account that is not there yet.
const ARCHIVE: &str = "000000000000";

/// A change of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// One that `recommend` knows.
    Edit(Edit),
    /// The trail records every Region.
    MultiRegion(TrailKey),
    /// The trail becomes the organization's; trails of single accounts that only record management events go.
    Organization(TrailKey),
    /// The trail's log files are encrypted with a KMS key of the customer.
    Kms(TrailKey),
    /// The trail writes digest files.
    Validation(TrailKey),
    /// The trail delivers to a log group, a new one where it has none.
    LogGroup(TrailKey),
    /// The bucket belongs to an account that records nothing itself.
    Archive(String),
    /// A metric filter, an alarm on it and an e-mail tell of an activity that the trail records.
    Alert(TrailKey, &'static str),
}

impl Change {
    /// Changes a model. What the change names and the model lacks is left alone.
    pub(super) fn apply(&self, model: &mut Model) {
        match self {
            Self::Edit(edit) => edit.apply(model),
            Self::MultiRegion(key) => on_trail(model, key, |own| own.multi_region = true),
            Self::Organization(key) => organization(model, key),
            Self::Kms(key) => on_trail(model, key, |own| own.delivery.kms = Some(true)),
            Self::Validation(key) => {
                on_trail(model, key, |own| own.delivery.log_file_validation = Some(true));
            }
            Self::LogGroup(key) => {
                log_group(model, key);
            }
            Self::Archive(name) => archive(model, name),
            Self::Alert(key, activity) => alert(model, key, activity),
        }
    }
}

fn find<'a>(model: &'a mut Model, key: &TrailKey) -> Option<&'a mut Trail> {
    // After another change a trail may record more than it did: its name and home Region stay.
    let is = |own: &&mut Trail| own.name == key.name && own.home_region == key.home_region;
    let mut all: Vec<&mut Trail> = model.inventory.trails.iter_mut().filter(is).collect();
    let at = all.iter().position(|own| own.scope == key.scope).unwrap_or(0);
    (at < all.len()).then(|| all.swap_remove(at))
}

fn on_trail(model: &mut Model, key: &TrailKey, change: impl FnOnce(&mut Trail)) {
    if let Some(own) = find(model, key) {
        change(own);
    }
}

fn assumed(count: u64) -> Amount {
    Amount {
        value: AmountValue::Known(Quantity::from_count(count)),
        provenance: Provenance { kind: ProvenanceKind::Assumed, place: Place::default() },
    }
}

fn organization(model: &mut Model, key: &TrailKey) {
    on_trail(model, key, |own| {
        own.scope = TrailScope::Organization;
        own.multi_region = true;
    });
    let only_management = |own: &Trail| {
        own.selectors.iter().all(|own| own.category == crate::domain::EventCategory::Management)
    };
    model.inventory.trails.retain(|own| {
        let is_kept = own.name == key.name && own.home_region == key.home_region;
        is_kept || own.scope == TrailScope::Organization || !own.logging || !only_management(own)
    });
}

/// Returns the name of the trail's log group, after adding one where it has none.
fn log_group(model: &mut Model, key: &TrailKey) -> Option<String> {
    let trail = find(model, key)?;
    if let Some(name) = &trail.delivery.log_group {
        return Some(name.clone());
    }
    let name = format!("{LOG_GROUP} {}", trail.name);
    trail.delivery.log_group = Some(name.clone());
    let (scope, region, bucket) =
        (trail.scope.clone(), trail.home_region.clone(), trail.delivery.bucket.clone());
    let owner = match scope {
        TrailScope::Account(id) => Some(id),
        // An organization's log group stands beside its trail: in the account of its bucket, or the first one.
        _ => bucket
            .and_then(|own| model.inventory.buckets.iter().find(|bucket| bucket.name == own))
            .map(|own| own.account.clone())
            .or_else(|| model.inventory.accounts.first().map(|own| own.id.clone())),
    };
    let account = owner.or_else(|| ARCHIVE.parse().ok())?;
    if !model.inventory.log_groups.iter().any(|own| own.name == name) {
        model.inventory.log_groups.push(LogGroup {
            name: name.clone(),
            account,
            region,
            class: crate::domain::LogClass::Standard,
            retention: Some(Age::from_days(LOG_RETENTION_DAYS)),
            holds: None,
            scanned: None,
            not_sent: None,
            metric_filters: Vec::new(),
        });
    }
    Some(name)
}

fn archive(model: &mut Model, name: &str) {
    let recorded: Vec<_> = model.inventory.trails.iter().map(|own| own.scope.clone()).collect();
    let is_archive = |own: &&crate::domain::Account| {
        let words = [own.name.as_deref(), own.environment.as_deref()];
        let named = words.into_iter().flatten().map(str::to_lowercase);
        named.into_iter().any(|own| own.contains("archive") || own.contains("audit") || own.contains("log"))
            && !recorded.contains(&TrailScope::Account(own.id.clone()))
    };
    let known = model.inventory.accounts.iter().find(is_archive).map(|own| own.id.clone());
    let Some(account) = known.or_else(|| ARCHIVE.parse().ok()) else { return };
    if let Some(bucket) = model.inventory.buckets.iter_mut().find(|own: &&mut Bucket| own.name == name) {
        bucket.account = account;
    }
}

fn alert(model: &mut Model, key: &TrailKey, activity: &str) {
    let Some(group) = log_group(model, key) else { return };
    let Some(own) = model.inventory.log_groups.iter_mut().find(|own| own.name == group) else { return };
    let (account, region) = (own.account.clone(), own.region.clone());
    let name = format!("{activity} (fix)");
    if !own.metric_filters.iter().any(|own| own.name == name) {
        let hours = Some(assumed(MATCHING_HOURS));
        own.metric_filters.push(MetricFilter { name: name.clone(), metrics: 1, hours });
    }
    let reached = |own: &&Topic| !own.subscriptions.is_empty() && own.region == region;
    let known = model.inventory.topics.iter().find(reached).map(|own| own.name.clone());
    let topic = known.unwrap_or_else(|| TOPIC.to_owned());
    if !model.inventory.topics.iter().any(|own| own.name == topic) {
        model.inventory.topics.push(Topic {
            name: topic.clone(),
            account: account.clone(),
            region: region.clone(),
            published: None,
            message_bytes: MESSAGE_BYTES,
            subscriptions: vec![Subscription { protocol: Protocol::Email, subscribers: 1 }],
        });
    }
    if !model.inventory.alarms.iter().any(|own| own.name == name) {
        model.inventory.alarms.push(Alarm {
            name,
            account,
            region,
            kind: AlarmKind::Standard,
            metrics: 1,
            alerts: Some(assumed(MATCHING_HOURS)),
            topic: Some(topic),
        });
    }
}

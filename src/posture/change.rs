//! Changes that mend: what is done to a model, so that it can be estimated anew. Each may be done twice without harm.

use super::inspected::is_archive;
use crate::domain::{
    Access, AccountId, AdvancedEventSelector, Age, Alarm, AlarmKind, Amount, AmountValue, Bucket,
    EventCategory, EventClass, EventSource, LifecycleAction, LogGroup, MetricFilter, Model, Place, Protocol,
    Provenance, ProvenanceKind, Quantity, Subscription, Topic, Trail, TrailScope,
};
use crate::recommend::{Edit, TrailKey};
use crate::usage::{Match, selects};
use std::collections::BTreeSet;

/// How long a log group that a fix adds keeps events: as long as CloudTrail's own event history.
pub(super) const LOG_RETENTION_DAYS: u16 = 90;
/// Hours of a month in which an event that a fix watches for is taken to happen, and messages that follow.
pub(super) const MATCHING_HOURS: u64 = 1;
/// The name of a log group that a fix adds.
const LOG_GROUP: &str = "cloudtrail (fix)";
/// How the name of a trail that a fix adds begins; its account follows.
const NEW_TRAIL: &str = "management-events (fix)";
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
    /// The trail becomes the organization's; trails of single accounts go that record only management events which it records too.
    Organization(TrailKey),
    /// The trail records these events too.
    Record(TrailKey, Vec<AdvancedEventSelector>),
    /// An account gets a trail of every management event in every Region that delivers as another trail does.
    NewTrail(AccountId, TrailKey),
    /// The bucket keeps what arrives for so long at least.
    Retain(String, Age),
    /// What is younger than the first age can be read within the second length of time.
    Readable(String, Age, Age),
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
            Self::Record(key, events) => on_trail(model, key, |own| record(own, events)),
            Self::NewTrail(account, like) => new_trail(model, account, like),
            Self::Retain(bucket, age) => retain(model, bucket, *age),
            Self::Readable(bucket, age, within) => readable(model, bucket, *age, *within),
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

    /// Returns the step in which changes are made together: new trails are made like those that are mended already, alerts
    /// need their trail, and what is taken away goes last, for what another change sets on a trail that goes is set on nothing.
    pub(super) fn step(&self) -> u8 {
        match self {
            Self::NewTrail(..) => 1,
            Self::Alert(..) => 2,
            Self::Organization(_) | Self::Edit(Edit::RemoveTrail(_)) => 3,
            _ => 0,
        }
    }

    /// Tells whether it is about a trail that a fix makes for one account: an organization trail needs none.
    pub(super) fn is_of_new_trail(&self) -> bool {
        match self {
            Self::NewTrail(..) => true,
            Self::Alert(key, _) => key.name.starts_with(NEW_TRAIL),
            _ => false,
        }
    }
}

/// Returns what tells the trail that a fix makes for an account.
pub(super) fn new_key(account: &AccountId, like: &TrailKey) -> TrailKey {
    TrailKey {
        name: format!("{NEW_TRAIL} {account}"),
        scope: TrailScope::Account(account.clone()),
        home_region: like.home_region.clone(),
    }
}

fn record(own: &mut Trail, events: &[AdvancedEventSelector]) {
    for event in events {
        if !own.selectors.contains(event) {
            own.selectors.push(event.clone());
        }
    }
}

fn new_trail(model: &mut Model, account: &AccountId, like: &TrailKey) {
    let key = new_key(account, like);
    let trails = &mut model.inventory.trails;
    if trails.iter().any(|own| own.name == key.name) {
        return;
    }
    let Some(like) = trails.iter().find(|own| own.name == like.name && own.home_region == like.home_region)
    else {
        return;
    };
    let mut own = Trail {
        name: key.name.clone(),
        scope: key.scope.clone(),
        multi_region: true,
        logging: true,
        selectors: vec![AdvancedEventSelector::management(Access::Mixed, &BTreeSet::new())],
        insights: BTreeSet::new(),
        aggregation: Vec::new(),
        ..like.clone()
    };
    let delivers = own.delivery.log_group.take().is_some();
    (own.delivery.log_files, own.delivery.log_bytes, own.delivery.insights_found) = (None, None, None);
    trails.push(own);
    if delivers {
        log_group(model, &key);
    }
}

fn on_bucket(model: &mut Model, name: &str, change: impl FnOnce(&mut Bucket)) {
    if let Some(own) = model.inventory.buckets.iter_mut().find(|own| own.name == name) {
        change(own);
        own.lifecycle.sort_by_key(|own| own.after);
    }
}

fn retain(model: &mut Model, name: &str, age: Age) {
    on_bucket(model, name, |own| {
        for step in own.lifecycle.iter_mut().filter(|own| own.action == LifecycleAction::Expire) {
            step.after = step.after.max(age);
        }
    });
}

fn readable(model: &mut Model, name: &str, age: Age, within: Age) {
    on_bucket(model, name, |own| {
        for step in &mut own.lifecycle {
            let is_slow = match step.action {
                LifecycleAction::Transition(to) => to.hours_to_read() > within.hours(),
                LifecycleAction::Expire => true,
            };
            if is_slow {
                step.after = step.after.max(age);
            }
        }
    });
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
    let Some(kept) = find(model, key).map(|own| own.selectors.clone()) else { return };
    let only_management =
        |own: &Trail| own.selectors.iter().all(|own| own.category == EventCategory::Management);
    model.inventory.trails.retain(|own| {
        let stays = own.scope == TrailScope::Organization || !own.logging || !only_management(own);
        stays || !is_repeated(own, &kept)
    });
}

/// Tells whether selectors record every management event that a trail records.
fn is_repeated(own: &Trail, kept: &[AdvancedEventSelector]) -> bool {
    let sources = [EventSource::Other, EventSource::Kms, EventSource::RdsData];
    let classes = [Access::Read, Access::Write]
        .into_iter()
        .flat_map(|access| sources.into_iter().map(move |source| EventClass::management(access, source)));
    classes
        .into_iter()
        .all(|class| selects(&own.selectors, &class) == Match::No || selects(kept, &class) == Match::Yes)
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
    let Some(at) = model.inventory.buckets.iter().position(|own| own.name == name) else { return };
    let known = model.inventory.accounts.iter().find(|own| is_archive(own)).map(|own| own.id.clone());
    let known = known.filter(|own| *own != model.inventory.buckets[at].account);
    if let Some(account) = known.or_else(|| ARCHIVE.parse().ok()) {
        model.inventory.buckets[at].account = account;
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
    let is = |own: &Alarm| own.name == name && own.account == account && own.region == region;
    if !model.inventory.alarms.iter().any(is) {
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

//! Sides with volumes: the models that are priced.

use super::configured::Configured;
use super::lower::Side;
use super::same::{Named, counterpart, known};
use super::unmanaged::undescribed;
use crate::domain::{
    Account, AccountId, AdvancedEventSelector, Bucket, Gap, GapKind, Horizon, Inventory, LogGroup, Model,
    Month, Topic, Trail, TrailScope,
};
use crate::sources::scenario::Context;
use std::collections::BTreeSet;

/// The months of an estimate without a scenario.
const MONTHS: u32 = 36;

/// The models of both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Models {
    /// What is there before.
    pub before: Model,
    /// What is there after.
    pub after: Model,
    /// What of the scenario is not taken, or stands beside Terraform's, in words.
    pub notes: Vec<String>,
    /// Names of what costs more or less than is known, before: addresses, and what could not be read.
    pub incomplete_before: BTreeSet<String>,
    /// The same after.
    pub incomplete_after: BTreeSet<String>,
}

/// Gives both sides the volumes, accounts, growth and terms of a scenario. Its trails and everything that they lead to give
/// way to Terraform's; with `keep_others` those that Terraform does not manage stay on both sides. What is measured of a
/// bucket, log group or topic goes to the one of the same name. Without a scenario nothing happens, so that only what is
/// charged whatever happens has a cost; the estimate begins at `start`.
pub fn models(
    own: &Configured,
    scenario: Option<&Model>,
    keep_others: bool,
    context: &Context<'_>,
    start: Month,
) -> Models {
    let mut notes = Vec::new();
    if let Some(scenario) = scenario {
        others(own, scenario, keep_others, &mut notes);
    }
    let base = scenario.cloned().unwrap_or_else(|| empty(context, start));
    let keep_others = keep_others && scenario.is_some();
    let (before, incomplete_before) = model(&own.before, own, &base, keep_others);
    let (after, incomplete_after) = model(&own.after, own, &base, keep_others);
    for (side, when) in [(&own.before, "before"), (&own.after, "after")] {
        let changed = recounted(side, &base.inventory);
        if !changed.is_empty() {
            let names = crate::domain::list_names(&changed);
            notes.push(format!(
                "what was counted of a trail's log files is not taken {when}, as it records something else there: {names}"
            ));
        }
    }
    Models { before, after, notes, incomplete_before, incomplete_after }
}

fn empty(context: &Context<'_>, start: Month) -> Model {
    let horizon = Horizon { start, months: MONTHS };
    let assumptions = context.defaults.figures().to_vec();
    Model::empty("Terraform".to_owned(), "Terraform".to_owned(), horizon, assumptions)
}

/// Tells whether Terraform manages a thing of a scenario, on either side.
fn is_managed<T: Named>(thing: &T, own: &Configured) -> bool {
    [&own.before, &own.after]
        .into_iter()
        .any(|side| counterpart(thing, side).is_some_and(|found| !side.unmanaged.contains(found.label())))
}

/// Tells whether Terraform manages a trail of a scenario. One that stands for a trail in each of several accounts is more
/// than the one that Terraform describes.
fn is_managed_trail(trail: &Trail, own: &Configured, given: &Inventory) -> bool {
    let is_many = trail.scope == TrailScope::EachAccount && given.accounts.len() > 1;
    !is_many && is_managed(trail, own)
}

/// Says what of the scenario is left out or kept.
fn others(own: &Configured, scenario: &Model, keep: bool, notes: &mut Vec<String>) {
    let given = &scenario.inventory;
    let trails = given.trails.iter().filter(|trail| !is_managed_trail(trail, own, given));
    let stores = given.event_data_stores.iter().filter(|store| !is_managed(*store, own));
    let others: Vec<&str> = trails.map(Named::label).chain(stores.map(Named::label)).collect();
    if others.is_empty() {
        return;
    }
    let names = crate::domain::list_names(&others);
    notes.push(if keep {
        format!("kept on both sides, as Terraform does not manage them: {names}")
    } else {
        format!(
            "of the scenario is left out, as Terraform does not manage it: {names}; if it is there, whose copy of an event is \
             the free one may differ: --keep-others keeps it on both sides"
        )
    });
}

fn model(side: &Side, own: &Configured, base: &Model, keep_others: bool) -> (Model, BTreeSet<String>) {
    let mut model = base.clone();
    let given = std::mem::take(&mut model.inventory);
    let mut inventory = side.inventory.clone();
    measured(&mut inventory, side, &given);
    if keep_others {
        add_others(&mut inventory, side, own, &given);
    }
    let (gaps, mut incomplete) = undescribed(&inventory, side, &given);
    incomplete.extend(side.incomplete.iter().cloned());
    inventory.direct_deliveries = given.direct_deliveries;
    inventory.event_buses = given.event_buses;
    inventory.readers = given.readers;
    inventory.accounts = given.accounts;
    readers(&mut inventory, side, &mut model.gaps);
    accounts(&mut inventory);
    model.inventory = inventory;
    model.gaps.extend(side.gaps.iter().cloned());
    model.gaps.extend(gaps);
    if model.inventory.buckets.iter().any(|own| own.bucket_key_saving.is_some()) {
        used(&mut model, "bucket_key_saving");
    }
    if !model.inventory.topics.is_empty() {
        used(&mut model, "topic_message_bytes");
    }
    (model, incomplete)
}

/// Adds what of a scenario Terraform does not manage.
fn add_others(inventory: &mut Inventory, side: &Side, own: &Configured, given: &Inventory) {
    let trails = given.trails.iter().filter(|trail| !is_managed_trail(trail, own, given));
    inventory.trails.extend(trails.cloned());
    let stores = given.event_data_stores.iter().filter(|store| !is_managed(*store, own));
    inventory.event_data_stores.extend(stores.cloned());
    let named: BTreeSet<String> = inventory.kms_keys.iter().map(|own| own.name.clone()).collect();
    let keys = given.kms_keys.iter().filter(|key| !is_managed(*key, own) && !named.contains(&key.name));
    inventory.kms_keys.extend(keys.cloned());
    for bucket in given.buckets.iter().filter(|bucket| !is_managed(*bucket, own)) {
        put_bucket(&mut inventory.buckets, bucket.clone());
    }
    for group in given.log_groups.iter().filter(|group| !is_managed(*group, own)) {
        put_group(&mut inventory.log_groups, group.clone());
    }
    inventory.alarms.extend(given.alarms.iter().filter(|alarm| !is_managed(*alarm, own)).cloned());
    let known: BTreeSet<String> = inventory.topics.iter().map(|own| own.name.clone()).collect();
    let topics = given.topics.iter().filter(|topic| !is_managed(*topic, own) && !known.contains(&topic.name));
    inventory.topics.extend(topics.cloned());
    inventory.event_rules.extend(given.event_rules.iter().filter(|rule| !is_managed(*rule, own)).cloned());
    rename(inventory, side, given);
}

fn used(model: &mut Model, id: &str) {
    model.assumptions.iter_mut().filter(|own| own.id == id).for_each(|own| own.used = true);
}

/// Replaces a bucket that is only named by one that is described.
fn put_bucket(all: &mut Vec<Bucket>, own: Bucket) {
    match all.iter_mut().find(|known| known.name == own.name) {
        Some(known) => *known = own,
        None => all.push(own),
    }
}

fn put_group(all: &mut Vec<LogGroup>, own: LogGroup) {
    match all.iter_mut().find(|known| known.name == own.name) {
        Some(known) => *known = own,
        None => all.push(own),
    }
}

/// Takes what a scenario knows of the same buckets, log groups, filters, alarms and topics.
fn measured(inventory: &mut Inventory, side: &Side, given: &Inventory) {
    let own_name = |name: &str| side.names.get(name).cloned().unwrap_or_else(|| name.to_owned());
    for trail in &mut inventory.trails {
        let Some(known) = known(trail, side, given).filter(|own| is_counted_alike(own, trail)) else {
            continue;
        };
        let (to, from) = (&mut trail.delivery, &known.delivery);
        to.log_files.clone_from(&from.log_files);
        to.log_bytes.clone_from(&from.log_bytes);
        to.insights_found.clone_from(&from.insights_found);
    }
    for bucket in &mut inventory.buckets {
        let Some(known) = known(bucket, side, given) else { continue };
        if side.unmanaged.contains(&bucket.name) {
            let kms_key = bucket.kms_key.take();
            *bucket = Bucket { kms_key, ..known.clone() };
            continue;
        }
        bucket.holds.clone_from(&known.holds);
        bucket.receives.clone_from(&known.receives);
        bucket.sizes.clone_from(&known.sizes);
        bucket.archive_tiers = known.archive_tiers;
    }
    for group in &mut inventory.log_groups {
        let Some(known) = known(group, side, given) else { continue };
        group.holds.clone_from(&known.holds);
        group.scanned.clone_from(&known.scanned);
        group.not_sent.clone_from(&known.not_sent);
        if side.unmanaged.contains(&group.name) {
            group.retention = known.retention;
            group.class = known.class;
        }
        for filter in &mut group.metric_filters {
            let name = own_name(&filter.name);
            if let Some(known) = known.metric_filters.iter().find(|own| own.name == name) {
                filter.hours.clone_from(&known.hours);
                filter.metrics = known.metrics;
            }
        }
    }
    for alarm in &mut inventory.alarms {
        if let Some(known) = known(alarm, side, given) {
            alarm.alerts.clone_from(&known.alerts);
        }
    }
    for topic in &mut inventory.topics {
        if let Some(known) = known(topic, side, given) {
            topic.published.clone_from(&known.published);
            topic.message_bytes = known.message_bytes;
            if side.unmanaged.contains(&topic.name) {
                topic.subscriptions.clone_from(&known.subscriptions);
            }
        }
    }
    for rule in &mut inventory.event_rules {
        if let Some(known) = known(rule, side, given) {
            rule.matched.clone_from(&known.matched);
            rule.event_bytes = known.event_bytes;
        }
    }
}

/// Tells whether what was counted of a trail holds for another one: it records the same events of the same accounts and
/// Regions. The names, accounts and home Regions were compared before.
fn is_counted_alike(known: &Trail, trail: &Trail) -> bool {
    std::mem::discriminant(&known.scope) == std::mem::discriminant(&trail.scope)
        && known.multi_region == trail.multi_region
        && ordered(&known.selectors) == ordered(&trail.selectors)
}

/// Returns the trails whose counts do not hold on a side.
fn recounted<'a>(side: &'a Side, given: &Inventory) -> Vec<&'a str> {
    let is_counted = |own: &Trail| own.delivery.log_files.is_some() || own.delivery.log_bytes.is_some();
    let is_lost = |own: &&Trail| {
        known(*own, side, given).is_some_and(|known| is_counted(known) && !is_counted_alike(known, own))
    };
    side.inventory.trails.iter().filter(is_lost).map(|own| own.name.as_str()).collect()
}

/// Returns selectors with their tests in one order: all have to hold, in whatever order they stand.
fn ordered(selectors: &[AdvancedEventSelector]) -> Vec<AdvancedEventSelector> {
    let mut all = selectors.to_vec();
    for own in &mut all {
        own.fields.sort_by_key(|own| own.field.name());
    }
    all
}

/// Lets what is kept of a scenario lead to the buckets, log groups and topics of its own that Terraform manages.
fn rename(inventory: &mut Inventory, side: &Side, given: &Inventory) {
    fn change<T: Named>(name: &mut Option<String>, side: &Side, given: &Inventory) {
        let own = name.as_deref().and_then(|name| T::all(given).iter().find(|own| own.label() == name));
        if let Some(found) = own.and_then(|own| counterpart(own, side)) {
            *name = Some(found.label().to_owned());
        }
    }
    for trail in &mut inventory.trails {
        change::<Bucket>(&mut trail.delivery.bucket, side, given);
        change::<LogGroup>(&mut trail.delivery.log_group, side, given);
        change::<Topic>(&mut trail.delivery.sns_topic, side, given);
    }
    for alarm in &mut inventory.alarms {
        change::<Topic>(&mut alarm.topic, side, given);
    }
}

/// Lets readers lead to what is there, and names those that read what is not.
fn readers(inventory: &mut Inventory, side: &Side, gaps: &mut Vec<Gap>) {
    let buckets: BTreeSet<String> = inventory.buckets.iter().map(|own| own.name.clone()).collect();
    inventory.readers.retain_mut(|reader| {
        let Some(name) = reader.bucket.clone() else { return true };
        if buckets.contains(&name) {
            return true;
        }
        let address = side.names.iter().find(|(address, own)| **own == name && buckets.contains(*address));
        if let Some((address, _)) = address {
            reader.bucket = Some(address.clone());
            return true;
        }
        gaps.push(Gap {
            kind: GapKind::NotIncluded,
            what: format!(
                "the reader `{}` reads the bucket `{name}`, which Terraform does not manage",
                reader.name
            ),
            remedy: "--keep-others keeps the bucket".to_owned(),
        });
        false
    });
}

/// Adds the accounts in which something stands.
fn accounts(inventory: &mut Inventory) {
    let known: BTreeSet<AccountId> = inventory.accounts.iter().map(|own| own.id.clone()).collect();
    let trails = inventory.trails.iter().filter_map(|own| match &own.scope {
        crate::domain::TrailScope::Account(account) => Some(account),
        _ => None,
    });
    let named: BTreeSet<AccountId> = trails
        .chain(inventory.event_data_stores.iter().map(|own| &own.account))
        .chain(inventory.buckets.iter().map(|own| &own.account))
        .chain(inventory.kms_keys.iter().map(|own| &own.account))
        .chain(inventory.log_groups.iter().map(|own| &own.account))
        .chain(inventory.alarms.iter().map(|own| &own.account))
        .chain(inventory.topics.iter().map(|own| &own.account))
        .chain(inventory.event_rules.iter().map(|own| &own.account))
        .cloned()
        .collect();
    inventory.accounts.extend(named.difference(&known).cloned().map(Account::bare));
}

//! Sides with volumes: the models that are priced.

use super::configured::Configured;
use super::lower::Side;
use crate::domain::{
    Account, AccountId, AdvancedEventSelector, Bucket, Gap, GapKind, Horizon, Inventory, LogGroup, Model,
    Month,
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
    Models {
        before: model(&own.before, own, &base, keep_others && scenario.is_some()),
        after: model(&own.after, own, &base, keep_others && scenario.is_some()),
        notes,
    }
}

fn empty(context: &Context<'_>, start: Month) -> Model {
    let horizon = Horizon { start, months: MONTHS };
    let assumptions = context.defaults.figures().to_vec();
    Model::empty("Terraform".to_owned(), "Terraform".to_owned(), horizon, assumptions)
}

/// Returns the own names of what Terraform manages, on either side.
fn managed_names(own: &Configured) -> BTreeSet<&str> {
    own.before.names.values().chain(own.after.names.values()).map(String::as_str).collect()
}

/// Says what of the scenario is left out or kept.
fn others(own: &Configured, scenario: &Model, keep: bool, notes: &mut Vec<String>) {
    let managed = managed_names(own);
    let trails = scenario.inventory.trails.iter().map(|own| own.name.as_str());
    let stores = scenario.inventory.event_data_stores.iter().map(|own| own.name.as_str());
    let others: Vec<&str> = trails.chain(stores).filter(|own| !managed.contains(own)).collect();
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

fn model(side: &Side, own: &Configured, base: &Model, keep_others: bool) -> Model {
    let mut model = base.clone();
    let given = std::mem::take(&mut model.inventory);
    let managed = managed_names(own);
    let mut inventory = side.inventory.clone();
    measured(&mut inventory, side, &given);
    if keep_others {
        let is_other = |name: &str| !managed.contains(name);
        inventory.trails.extend(given.trails.iter().filter(|own| is_other(&own.name)).cloned());
        let stores = given.event_data_stores.iter().filter(|own| is_other(&own.name));
        inventory.event_data_stores.extend(stores.cloned());
        let buckets = given.buckets.iter().filter(|own| is_other(&own.name));
        for bucket in buckets {
            put_bucket(&mut inventory.buckets, bucket.clone());
        }
        let groups = given.log_groups.iter().filter(|own| is_other(&own.name));
        for group in groups {
            put_group(&mut inventory.log_groups, group.clone());
        }
        inventory.alarms.extend(given.alarms.iter().filter(|own| is_other(&own.name)).cloned());
        let known: BTreeSet<String> = inventory.topics.iter().map(|own| own.name.clone()).collect();
        let topics = given.topics.iter().filter(|own| is_other(&own.name) && !known.contains(&own.name));
        inventory.topics.extend(topics.cloned());
        inventory.event_rules.extend(given.event_rules.iter().filter(|own| is_other(&own.name)).cloned());
        rename(&mut inventory, side);
    }
    inventory.direct_deliveries = given.direct_deliveries;
    inventory.event_buses = given.event_buses;
    inventory.readers = given.readers;
    inventory.accounts = given.accounts;
    readers(&mut inventory, side, &mut model.gaps);
    accounts(&mut inventory);
    model.inventory = inventory;
    model.gaps.extend(side.gaps.iter().cloned());
    if model.inventory.buckets.iter().any(|own| own.bucket_key_saving.is_some()) {
        used(&mut model, "bucket_key_saving");
    }
    if !model.inventory.topics.is_empty() {
        used(&mut model, "topic_message_bytes");
    }
    model
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

/// Takes what a scenario knows of the buckets, log groups, filters, alarms and topics of the same names.
fn measured(inventory: &mut Inventory, side: &Side, given: &Inventory) {
    let own_name = |name: &str| side.names.get(name).cloned().unwrap_or_else(|| name.to_owned());
    for trail in &mut inventory.trails {
        let name = own_name(&trail.name);
        let Some(known) = given.trails.iter().find(|own| own.name == name) else { continue };
        // What was counted holds for the selectors that it was counted with.
        if ordered(&known.selectors) == ordered(&trail.selectors) && known.multi_region == trail.multi_region
        {
            let (to, from) = (&mut trail.delivery, &known.delivery);
            to.log_files.clone_from(&from.log_files);
            to.log_bytes.clone_from(&from.log_bytes);
            to.insights_found.clone_from(&from.insights_found);
        }
    }
    for bucket in &mut inventory.buckets {
        let name = own_name(&bucket.name);
        let Some(known) = given.buckets.iter().find(|own| own.name == name) else { continue };
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
        let name = own_name(&group.name);
        let Some(known) = given.log_groups.iter().find(|own| own.name == name) else { continue };
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
        let name = own_name(&alarm.name);
        if let Some(known) = given.alarms.iter().find(|own| own.name == name) {
            alarm.alerts.clone_from(&known.alerts);
        }
    }
    for topic in &mut inventory.topics {
        let name = own_name(&topic.name);
        if let Some(known) = given.topics.iter().find(|own| own.name == name) {
            topic.published.clone_from(&known.published);
            topic.message_bytes = known.message_bytes;
            if side.unmanaged.contains(&topic.name) {
                topic.subscriptions.clone_from(&known.subscriptions);
            }
        }
    }
    for rule in &mut inventory.event_rules {
        let name = own_name(&rule.name);
        if let Some(known) = given.event_rules.iter().find(|own| own.name == name) {
            rule.matched.clone_from(&known.matched);
            rule.event_bytes = known.event_bytes;
        }
    }
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
fn rename(inventory: &mut Inventory, side: &Side) {
    let of_kind = |kind: &str, name: &str| {
        let is = |address: &str| address.split('.').any(|part| part == kind);
        let found = side.names.iter().find(|(address, own)| own.as_str() == name && is(address));
        found.map(|(address, _)| address.clone())
    };
    let change = |kind: &str, name: &mut Option<String>| {
        if let Some(address) = name.as_deref().and_then(|own| of_kind(kind, own)) {
            *name = Some(address);
        }
    };
    for trail in &mut inventory.trails {
        change("aws_s3_bucket", &mut trail.delivery.bucket);
        change("aws_cloudwatch_log_group", &mut trail.delivery.log_group);
        change("aws_sns_topic", &mut trail.delivery.sns_topic);
    }
    for alarm in &mut inventory.alarms {
        change("aws_sns_topic", &mut alarm.topic);
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

//! What the module makes of a scenario.

use super::alerting::{self, OwnFilter};
use super::error::ModuleError;
use crate::domain::{
    Access, AccountId, AdvancedEventSelector, Age, Amount, AmountValue, ArchiveTiers, Bucket, Delivery,
    EventCategory, Inventory, KmsKey, LifecycleAction, LifecycleRule, MetricFilterSettings, Model, Place,
    Provenance, ProvenanceKind, Quantity, RegionCode, RegionTable, Trail, TrailScope, Versioning, list_names,
    plural,
};
use std::collections::BTreeSet;

/// The key of log files, by its alias.
pub(super) const LOG_KEY: &str = "alias/cloudtrail-logs";
/// The key of the log group and topics, by its alias.
pub(super) const MONITORING_KEY: &str = "alias/cloudtrail-monitoring";
/// How long deleted log files can be brought back, where the scenario does not say.
const NONCURRENT_DAYS: u16 = 30;
/// The Region of a trail where nothing happens: the defaults' home Region.
const USUAL_REGION: &str = "us-east-1";

/// What is asked of a module.
#[derive(Debug, Clone, Default)]
pub struct ModuleOptions {
    /// The trail of the scenario that it is for; without one the broadest.
    pub trail: Option<String>,
    /// Whether the trail is an organization trail, although the scenario's is one account's.
    pub organization: bool,
    /// What the scenario says of its metric filters: their patterns.
    pub filters: Vec<MetricFilterSettings>,
    /// The Regions, which tell the partition; where they do not, it is to be filled in.
    pub regions: RegionTable,
}

/// What a module makes.
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleDesign {
    /// What the module makes, with the scenario's volumes, growth and terms: what it costs is this model's cost. It has
    /// one trail, one bucket and one log group.
    pub model: Model,
    /// What of the scenario is not in the module, or is otherwise there, a sentence each without a full stop.
    pub notes: Vec<String>,
    /// The account that creates the trail and has its log group, where the scenario tells.
    pub(super) trail_account: Option<AccountId>,
    /// The account that owns the bucket, where the scenario tells and it is not the trail's.
    pub(super) archive_account: Option<AccountId>,
    /// Whether the scenario sends alarms to a chat.
    pub(super) chat: bool,
    /// The partition of the trail's Region, where it is known.
    pub(super) partition: Option<String>,
    /// What the scenario's own filters watch for, beside the list that every module has.
    pub(super) own_filters: Vec<OwnFilter>,
}

impl ModuleDesign {
    /// Returns the trail.
    pub(super) fn trail(&self) -> Option<&Trail> {
        self.model.inventory.trails.first()
    }

    /// Returns the bucket.
    pub(super) fn bucket(&self) -> Option<&Bucket> {
        self.model.inventory.buckets.first()
    }
}

/// Makes a design: the scenario's broadest trail of management events, or the one named, with every practice that the
/// module is there for.
///
/// # Errors
/// [`ModuleError`] when there is no trail of the name.
pub fn design(model: &Model, options: &ModuleOptions) -> Result<ModuleDesign, ModuleError> {
    let mut notes = Vec::new();
    let given = &model.inventory;
    let chosen = chosen(given, options, &mut notes)?;
    let fallback = fallback_account(model)?;
    let mut trail = chosen.clone().unwrap_or_else(|| usual_trail(model));
    left_out(given, chosen.as_ref(), &mut notes);
    improve(&mut trail, (model, &fallback), options, &mut notes);
    let stated_group = trail
        .delivery
        .log_group
        .as_ref()
        .and_then(|name| given.log_groups.iter().find(|own| own.name == *name));
    let trail_account = match &trail.scope {
        TrailScope::Account(id) => Some(id.clone()),
        TrailScope::EachAccount | TrailScope::Organization => stated_group.map(|own| own.account.clone()),
    };
    let home = trail_account.clone().unwrap_or_else(|| fallback.clone());
    let mut bucket = bucket(given, &mut trail, &home, model, &mut notes);
    let archive_account = Some(bucket.account.clone()).filter(|own| *own != home);
    bucket.kms_key = Some(LOG_KEY.to_owned());
    let alerting = alerting::design(model, &options.filters, &mut trail, &home, &mut notes);
    if !records_management(&trail) {
        notes.push(format!(
            "`{}` records no management event: what monitored.tf watches for cannot be seen by it, and no alarm of it can go off",
            trail.name
        ));
    }
    given_directly(model, &mut notes);
    let partition = options.regions.get(trail.home_region.as_str()).map(|own| own.partition.clone());
    let key = |name: &str, account: &AccountId, region: &RegionCode| KmsKey {
        name: name.to_owned(),
        account: account.clone(),
        region: region.clone(),
        versions: 1,
    };
    let keys =
        vec![key(LOG_KEY, &bucket.account, &bucket.region), key(MONITORING_KEY, &home, &trail.home_region)];
    let mut own = model.clone();
    own.inventory = Inventory {
        accounts: given.accounts.clone(),
        readers: readers(given, &bucket.name, &mut notes),
        trails: vec![trail],
        buckets: vec![bucket],
        kms_keys: keys,
        log_groups: vec![alerting.group],
        alarms: alerting.alarms,
        topics: alerting.topics,
        ..Inventory::default()
    };
    for id in ["bucket_key_saving", "topic_message_bytes"] {
        own.assumptions.iter_mut().filter(|known| known.id == id).for_each(|known| known.used = true);
    }
    Ok(ModuleDesign {
        model: own,
        notes,
        trail_account,
        archive_account,
        chat: alerting.chat,
        partition,
        own_filters: alerting.own_filters,
    })
}

/// Tells whether a trail records management events, reads or writes or both.
fn records_management(trail: &Trail) -> bool {
    trail.selectors.iter().any(|own| own.category == EventCategory::Management)
}

/// Says that the cost has what the scenario gives as a bill does, whatever the module records.
fn given_directly(model: &Model, notes: &mut Vec<String>) {
    let count = model.observations.volumes.len();
    if count > 0 {
        notes.push(format!(
            "the scenario gives {} as on a bill: the cost has {}, whatever the module's trail records",
            plural(count as u64, "quantity", "quantities"),
            if count == 1 { "it" } else { "them" }
        ));
    }
}

/// Returns the trail that the module is for; nothing where the scenario has none.
fn chosen(
    given: &Inventory,
    options: &ModuleOptions,
    notes: &mut Vec<String>,
) -> Result<Option<Trail>, ModuleError> {
    let mut trails: Vec<&Trail> = given.trails.iter().collect();
    // Those that record management events come first, and of them the broadest.
    trails.sort_by_key(|own| {
        let (organization, multi_region, ..) = own.copy_order();
        (!own.logging, !records_management(own), organization, multi_region, own.name.clone())
    });
    let found = match &options.trail {
        None => trails.first().copied(),
        Some(name) => Some(trails.iter().find(|own| own.name == *name).copied().ok_or_else(|| {
            let has = trails.iter().map(|own| own.name.clone()).collect();
            ModuleError::NoSuchTrail { name: name.clone(), has }
        })?),
    };
    let others = || trails.iter().copied().filter(|own| found.is_some_and(|found| found != *own));
    for own in others() {
        notes.push(other_trail(own, found.is_some_and(records_management)));
    }
    if found.is_none() {
        notes.push("the scenario has no trail: the module's records every management event".to_owned());
    }
    Ok(found.cloned())
}

/// Says of another trail that it is not in the module, and what of its events the module does not record.
fn other_trail(trail: &Trail, has_management: bool) -> String {
    let name = &trail.name;
    let records = |category| trail.selectors.iter().any(|own| own.category == category);
    let data = records(EventCategory::Data) || records(EventCategory::NetworkActivity);
    let why = match (trail.logging, records_management(trail), data) {
        (false, ..) => "it is stopped",
        (true, true, _) if !has_management => {
            "it records management events, which this one does not: keep it, or the first copy of them, which is free, is lost"
        }
        (true, true, false) => "it would record the same management events again",
        (true, true, true) => {
            "it would record the same management events again; its data events are in the module only as far as trail.tf selects them"
        }
        (true, false, true) => {
            "it records data events, which are in the module only as far as trail.tf selects them"
        }
        (true, false, false) => "it records nothing",
    };
    format!("the module has one trail, and `{name}` is not in it: {why}")
}

fn is_or_are(names: &[&str]) -> String {
    format!("{} {}", list_names(names), if names.len() == 1 { "is" } else { "are" })
}

/// The account of what nobody says whose it is.
fn fallback_account(model: &Model) -> Result<AccountId, ModuleError> {
    let accounts = model.inventory.accounts.iter().map(|own| &own.id);
    let volumes = model.observations.volumes.iter().map(|own| &own.account);
    let buckets = model.inventory.buckets.iter().map(|own| &own.account);
    accounts.chain(volumes).chain(buckets).next().cloned().ok_or(ModuleError::NoAccount)
}

fn usual_trail(model: &Model) -> Trail {
    let region = model.observations.volumes.first().map(|own| own.region.clone());
    Trail {
        name: "cloudtrail".to_owned(),
        scope: TrailScope::Organization,
        home_region: region.unwrap_or_else(|| RegionCode::new(USUAL_REGION)),
        multi_region: true,
        logging: true,
        selectors: vec![AdvancedEventSelector::management(Access::Mixed, &BTreeSet::new())],
        insights: BTreeSet::new(),
        aggregation: Vec::new(),
        delivery: Delivery::default(),
    }
}

/// Makes a trail what the practices ask for.
fn improve(
    trail: &mut Trail,
    (model, fallback): (&Model, &AccountId),
    options: &ModuleOptions,
    notes: &mut Vec<String>,
) {
    let single = model.inventory.accounts.len() <= 1;
    if !matches!(trail.scope, TrailScope::Organization) {
        if options.organization || (trail.scope == TrailScope::EachAccount && !single) {
            notes.push(format!("`{}` becomes an organization trail", trail.name));
            trail.scope = TrailScope::Organization;
        } else {
            if trail.scope == TrailScope::EachAccount {
                trail.scope = TrailScope::Account(fallback.clone());
            }
            notes.push(format!(
                "`{}` is one account's, as the scenario says: --organization makes it an organization trail",
                trail.name
            ));
        }
    }
    for (is, becomes, what) in [
        (trail.multi_region, true, "records every Region, and not only its own"),
        (trail.logging, true, "logs; in the scenario it is stopped"),
        (trail.delivery.kms == Some(true), true, "encrypts log files with SSE-KMS"),
        (trail.delivery.log_file_validation == Some(true), true, "has log file validation"),
    ] {
        if is != becomes {
            notes.push(format!("`{}` {what}", trail.name));
        }
    }
    trail.multi_region = true;
    trail.logging = true;
    trail.delivery.kms = Some(true);
    trail.delivery.log_file_validation = Some(true);
    if trail.selectors.is_empty() {
        notes
            .push(format!("`{}` records every management event: the scenario's records nothing", trail.name));
        trail.selectors = vec![AdvancedEventSelector::management(Access::Mixed, &BTreeSet::new())];
    }
    if trail.insights.iter().any(|own| own.category != EventCategory::Management) {
        notes.push("the Terraform provider has no Insights on data events (hashicorp/aws 6.25): put them by the AWS CLI".to_owned());
        trail.insights.retain(|own| own.category == EventCategory::Management);
    }
    if !trail.aggregation.is_empty() {
        notes.push("the Terraform provider has no aggregation of data events (hashicorp/aws 6.25): put it by the AWS CLI".to_owned());
        trail.aggregation.clear();
    }
}

/// Makes the bucket.
fn bucket(
    given: &Inventory,
    trail: &mut Trail,
    home: &AccountId,
    model: &Model,
    notes: &mut Vec<String>,
) -> Bucket {
    let known =
        trail.delivery.bucket.as_ref().and_then(|name| given.buckets.iter().find(|own| own.name == *name));
    let mut bucket = known.cloned().unwrap_or_else(|| {
        let name = trail.delivery.bucket.clone().unwrap_or_else(|| format!("cloudtrail-logs-{home}"));
        Bucket::plain(&name, home.clone(), trail.home_region.clone())
    });
    trail.delivery.bucket = Some(bucket.name.clone());
    if !bucket.replicas.is_empty() {
        let names: Vec<&str> = bucket.replicas.iter().map(|own| own.bucket.as_str()).collect();
        notes
            .push(format!("the module makes one bucket and copies nothing: {} not in it", is_or_are(&names)));
        // What the copy was kept for, the one bucket has to keep now.
        let copies = given.buckets.iter().filter(|own| names.contains(&own.name.as_str()));
        let locked = copies.filter_map(|own| own.object_lock.map(|age| (age, own.name.as_str()))).max();
        if let Some((age, name)) = locked.filter(|(age, _)| Some(*age) > bucket.object_lock) {
            notes.push(format!(
                "Object Lock of `{name}` goes over to the module's bucket, in compliance mode: for {} days nobody, the root \
                 user included, can delete a log file or take the lock back; object_lock_days = null locks none",
                age.days()
            ));
            bucket.object_lock = Some(age);
        }
        bucket.replicas.clear();
    }
    if bucket.archive_tiers != ArchiveTiers::default() {
        notes.push(format!("the archive tiers of `{}` are not in it", bucket.name));
        bucket.archive_tiers = ArchiveTiers::default();
    }
    let wanted = model.demands.retention.max(bucket.object_lock);
    let expires = |own: &LifecycleRule| own.action == LifecycleAction::Expire && Some(own.after) < wanted;
    if bucket.lifecycle.iter().any(expires) {
        notes.push(format!(
            "the lifecycle of `{}` deletes log files before [keep] or Object Lock allow it, and is not in it",
            bucket.name
        ));
        bucket.lifecycle.clear();
    }
    // Lifecycle rules delete what is current; what is noncurrent has to go too, or it stays for ever.
    let noncurrent = bucket.versioning.and_then(|own| own.noncurrent);
    bucket.versioning = Some(Versioning { noncurrent: noncurrent.or(Some(Age::from_days(NONCURRENT_DAYS))) });
    bucket.kms = true;
    bucket.kms_key_versions = 1;
    bucket.bucket_key_saving =
        bucket.bucket_key_saving.take().or_else(|| assumed(model, "bucket_key_saving"));
    bucket
}

/// Returns a figure among the model's assumptions.
pub(super) fn assumed(model: &Model, id: &str) -> Option<Amount> {
    let figure = model.assumption(id)?;
    let value = Quantity::from_decimal(figure.figure()?).ok()?;
    let value = figure.range.map_or(AmountValue::Known(value), |range| AmountValue::Range(Box::new(range)));
    Some(Amount { value, provenance: Provenance { kind: ProvenanceKind::Assumed, place: Place::default() } })
}

/// Keeps those who read the module's bucket.
fn readers(given: &Inventory, bucket: &str, notes: &mut Vec<String>) -> Vec<crate::domain::Reader> {
    let (kept, left): (Vec<_>, Vec<_>) =
        given.readers.iter().cloned().partition(|own| own.bucket.as_deref() == Some(bucket));
    if !left.is_empty() {
        let names: Vec<&str> = left.iter().map(|own| own.name.as_str()).collect();
        notes.push(format!("what reads other buckets is left out: {}", list_names(&names)));
    }
    kept
}

/// Names what else of the scenario is not in the module.
fn left_out(given: &Inventory, trail: Option<&Trail>, notes: &mut Vec<String>) {
    let bucket = trail.and_then(|own| own.delivery.bucket.as_deref());
    let replicas: Vec<&str> = given
        .buckets
        .iter()
        .filter(|own| Some(own.name.as_str()) == bucket)
        .flat_map(|own| own.replicas.iter().map(|own| own.bucket.as_str()))
        .collect();
    let buckets: Vec<&str> = given
        .buckets
        .iter()
        .map(|own| own.name.as_str())
        .filter(|own| Some(*own) != bucket && !replicas.contains(own))
        .collect();
    let stores: Vec<&str> = given.event_data_stores.iter().map(|own| own.name.as_str()).collect();
    let buses = given.event_buses.iter().map(|own| own.name.as_str());
    let rules: Vec<&str> = given.event_rules.iter().map(|own| own.name.as_str()).chain(buses).collect();
    for (what, names) in [
        ("other buckets", buckets),
        ("event data stores of CloudTrail Lake", stores),
        ("EventBridge rules and buses", rules),
    ] {
        if !names.is_empty() {
            notes.push(format!("{what} are not in it: {}", list_names(&names)));
        }
    }
    if !given.direct_deliveries.is_empty() {
        notes.push("deliveries to CloudWatch Logs without a trail are not in it".to_owned());
    }
}

//! Edits: what a recommendation changes in a model. Edits of one resource may be combined in any order.

use crate::domain::{
    AdvancedEventSelector, Age, Amount, BillingMode, EventCategory, EventSource, Field, FieldSelector,
    InsightsSelector, LifecycleRule, LogClass, Model, RegionCode, Replica, Trail, TrailScope, Versioning,
};
use std::collections::BTreeSet;

/// What tells one trail from all others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrailKey {
    /// The trail's name.
    pub name: String,
    /// Whose events it records.
    pub scope: TrailScope,
    /// The Region it was created in.
    pub home_region: RegionCode,
}

impl TrailKey {
    /// Returns the key of a trail.
    pub fn of(trail: &Trail) -> Self {
        Self { name: trail.name.clone(), scope: trail.scope.clone(), home_region: trail.home_region.clone() }
    }

    /// Finds the trail in a model.
    pub fn find<'a>(&self, model: &'a Model) -> Option<&'a Trail> {
        model.inventory.trails.iter().find(|trail| self.is(trail))
    }

    fn is(&self, trail: &Trail) -> bool {
        trail.name == self.name && trail.scope == self.scope && trail.home_region == self.home_region
    }
}

/// One change of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// The trail is deleted.
    RemoveTrail(TrailKey),
    /// The trail no longer records management events.
    StopManagement(TrailKey),
    /// The trail records no management events of a service.
    ExcludeSource(TrailKey, EventSource),
    /// The trail records no management events that only read.
    ManagementWriteOnly(TrailKey),
    /// The trail records no data events of a resource type.
    StopData(TrailKey, String),
    /// The trail records no data events of a resource type that only read.
    DataWriteOnly(TrailKey, String),
    /// The trail records no data events of resources of a type whose ARNs start so.
    ExcludeResources(TrailKey, String, Vec<String>),
    /// Insights types are turned off.
    StopInsights(TrailKey, BTreeSet<InsightsSelector>),
    /// Data events are aggregated no longer.
    StopAggregation(TrailKey),
    /// No topic is notified of log files.
    StopNotifications(TrailKey),
    /// The trail no longer delivers to a log group.
    DetachLogGroup(TrailKey),
    /// A log group keeps events so long.
    LogRetention(String, Age),
    /// A log group is replaced by one of the class Infrequent Access.
    LogInfrequentAccess(String),
    /// A bucket's lifecycle is replaced.
    Lifecycle(String, Vec<LifecycleRule>),
    /// A bucket copies what arrives into another one.
    Replicate(String, Replica),
    /// A Bucket Key is turned on, which saves such a share of the requests to KMS.
    BucketKey(String, Box<Amount>),
    /// An event data store changes to the one-year extendable option, and keeps data so many days.
    StoreOneYear(String, u16),
    /// An event data store keeps data so many days.
    StoreRetention(String, u16),
    /// An event data store ingests nothing more.
    StopStore(String),
    /// An event data store takes no management events that only read.
    StoreWriteOnly(String),
    /// What is billed directly of a service's usage type in an account and Region is no longer used.
    DropVolume {
        /// The service's code.
        service: String,
        /// The usage type.
        usage_type: String,
    },
}

impl Edit {
    /// Changes a model. What the edit names and the model lacks is left alone.
    pub fn apply(&self, model: &mut Model) {
        match self {
            Self::RemoveTrail(key) => model.inventory.trails.retain(|trail| !key.is(trail)),
            Self::StopManagement(key) => {
                on_trail(model, key, |trail| {
                    trail.selectors.retain(|selector| selector.category != EventCategory::Management);
                });
            }
            Self::ExcludeSource(key, source) => on_trail(model, key, |trail| exclude_source(trail, *source)),
            Self::ManagementWriteOnly(key) => on_trail(model, key, |trail| {
                write_only(&mut trail.selectors, |own| own.category == EventCategory::Management);
            }),
            Self::StopData(key, resource_type) => on_trail(model, key, |trail| {
                trail.selectors.retain(|selector| !is_data_of(selector, resource_type));
            }),
            Self::DataWriteOnly(key, resource_type) => on_trail(model, key, |trail| {
                write_only(&mut trail.selectors, |own| is_data_of(own, resource_type));
            }),
            Self::ExcludeResources(key, resource_type, prefixes) => on_trail(model, key, |trail| {
                exclude_resources(&mut trail.selectors, resource_type, prefixes);
            }),
            Self::StopInsights(key, types) => on_trail(model, key, |trail| {
                trail.insights.retain(|own| !types.contains(own));
            }),
            Self::StopAggregation(key) => on_trail(model, key, |trail| trail.aggregation.clear()),
            Self::StopNotifications(key) => on_trail(model, key, |trail| trail.delivery.sns_topic = None),
            Self::DetachLogGroup(key) => on_trail(model, key, |trail| trail.delivery.log_group = None),
            Self::LogRetention(name, kept) => {
                for group in model.inventory.log_groups.iter_mut().filter(|own| own.name == *name) {
                    group.retention = Some(*kept);
                }
            }
            Self::LogInfrequentAccess(name) => {
                for group in model.inventory.log_groups.iter_mut().filter(|own| own.name == *name) {
                    group.class = LogClass::InfrequentAccess;
                }
            }
            Self::Lifecycle(name, rules) => {
                for bucket in model.inventory.buckets.iter_mut().filter(|own| own.name == *name) {
                    bucket.lifecycle.clone_from(rules);
                }
            }
            Self::Replicate(name, replica) => {
                for bucket in &mut model.inventory.buckets {
                    if bucket.name == *name && !bucket.replicas.contains(replica) {
                        bucket.replicas.push(replica.clone());
                    }
                    // Replication needs versioning on both sides (S3 user guide, requirements for replication).
                    if bucket.name == *name || bucket.name == replica.bucket {
                        bucket.versioning.get_or_insert(Versioning::default());
                    }
                }
            }
            Self::BucketKey(name, saving) => {
                for bucket in model.inventory.buckets.iter_mut().filter(|own| own.name == *name) {
                    bucket.bucket_key_saving = Some((**saving).clone());
                }
            }
            Self::StoreOneYear(name, days) => {
                for store in model.inventory.event_data_stores.iter_mut().filter(|own| own.name == *name) {
                    store.billing_mode = BillingMode::OneYearExtendable;
                    store.retention_days = *days;
                }
            }
            Self::StoreRetention(name, days) => {
                for store in model.inventory.event_data_stores.iter_mut().filter(|own| own.name == *name) {
                    store.retention_days = *days;
                }
            }
            Self::StopStore(name) => {
                for store in model.inventory.event_data_stores.iter_mut().filter(|own| own.name == *name) {
                    store.ingesting = false;
                }
            }
            Self::StoreWriteOnly(name) => {
                for store in model.inventory.event_data_stores.iter_mut().filter(|own| own.name == *name) {
                    write_only(&mut store.selectors, |own| own.category == EventCategory::Management);
                }
            }
            Self::DropVolume { service, usage_type } => {
                model
                    .observations
                    .volumes
                    .retain(|volume| volume.service != *service || volume.usage_type != *usage_type);
            }
        }
    }
}

/// Applies edits one after the other, and clears away what they leave without use.
pub(super) fn apply_all<'a>(model: &Model, edits: impl Iterator<Item = &'a Edit>) -> Model {
    let mut changed = model.clone();
    for edit in edits {
        edit.apply(&mut changed);
    }
    let before = |trail: &Trail| TrailKey::of(trail).find(model).is_some_and(|own| own.selectors.is_empty());
    for trail in &mut changed.inventory.trails {
        let records = |category| trail.selectors.iter().any(|selector| selector.category == category);
        let (management, data) = (records(EventCategory::Management), records(EventCategory::Data));
        // Insights analyse what the trail records (CloudTrail user guide, working with CloudTrail Insights).
        trail.insights.retain(|own| match own.category {
            EventCategory::Management => management,
            EventCategory::Data => data,
            EventCategory::NetworkActivity => false,
        });
        if !data {
            trail.aggregation.clear();
        }
    }
    // CloudTrail refuses a trail without a selector.
    changed.inventory.trails.retain(|trail| !trail.selectors.is_empty() || before(trail));
    changed
}

fn on_trail(model: &mut Model, key: &TrailKey, change: impl Fn(&mut Trail)) {
    for trail in model.inventory.trails.iter_mut().filter(|trail| key.is(trail)) {
        change(trail);
    }
}

fn is_data_of(selector: &AdvancedEventSelector, resource_type: &str) -> bool {
    selector.category == EventCategory::Data
        && selector.fields.iter().any(|test| {
            test.field == Field::ResourcesType && test.equals.iter().any(|own| own == resource_type)
        })
}

/// Returns the test of a field, added where there is none yet.
fn test_of(selector: &mut AdvancedEventSelector, field: Field) -> &mut FieldSelector {
    let at = selector.fields.iter().position(|test| test.field == field).unwrap_or_else(|| {
        selector.fields.push(FieldSelector::new(field));
        selector.fields.len() - 1
    });
    &mut selector.fields[at]
}

fn write_only(selectors: &mut Vec<AdvancedEventSelector>, wanted: impl Fn(&AdvancedEventSelector) -> bool) {
    let reads = |selector: &AdvancedEventSelector| {
        selector.fields.iter().any(|test| {
            test.field == Field::ReadOnly
                && (test.equals == ["true"] || test.not_equals.iter().any(|own| own == "false"))
        })
    };
    selectors.retain(|selector| !(wanted(selector) && reads(selector)));
    for selector in selectors.iter_mut().filter(|own| wanted(own)) {
        let test = test_of(selector, Field::ReadOnly);
        *test = FieldSelector { equals: vec!["false".to_owned()], ..FieldSelector::new(Field::ReadOnly) };
    }
}

fn exclude_source(trail: &mut Trail, source: EventSource) {
    let Some(name) = excluded_name(source) else {
        return;
    };
    trail.selectors.retain(|selector| {
        let only = selector.fields.iter().any(|test| {
            test.field == Field::EventSource
                && !test.equals.is_empty()
                && test.equals.iter().all(|own| own == name)
        });
        !(selector.category == EventCategory::Management && only)
    });
    for selector in trail.selectors.iter_mut().filter(|own| own.category == EventCategory::Management) {
        let test = test_of(selector, Field::EventSource);
        test.equals.retain(|own| own != name);
        if test.equals.is_empty() && !test.not_equals.iter().any(|own| own == name) {
            test.not_equals.push(name.to_owned());
            test.not_equals.sort_unstable();
        }
        selector.fields.retain(|test| *test != FieldSelector::new(test.field));
    }
}

/// Returns the name of a service that management events can be recorded without.
pub(super) fn excluded_name(source: EventSource) -> Option<&'static str> {
    match source {
        EventSource::Kms => Some(EventSource::EXCLUDABLE[0]),
        EventSource::RdsData => Some(EventSource::EXCLUDABLE[1]),
        EventSource::Other => None,
    }
}

fn exclude_resources(selectors: &mut Vec<AdvancedEventSelector>, resource_type: &str, prefixes: &[String]) {
    selectors.retain_mut(|selector| {
        if !is_data_of(selector, resource_type) {
            return true;
        }
        let test = test_of(selector, Field::ResourcesArn);
        let names_some = !test.starts_with.is_empty() || !test.equals.is_empty();
        let is_within = |value: &String| prefixes.iter().any(|prefix| value.starts_with(prefix.as_str()));
        test.starts_with.retain(|own| !is_within(own));
        test.equals.retain(|own| !is_within(own));
        if names_some && test.starts_with.is_empty() && test.equals.is_empty() {
            return false;
        }
        // A positive list that has nothing to do with a prefix selects nothing of it.
        let reaches = |prefix: &String| {
            !names_some || test.starts_with.iter().any(|own| prefix.starts_with(own.as_str()))
        };
        let wanted: Vec<String> = prefixes
            .iter()
            .filter(|prefix| reaches(prefix) && !test.not_starts_with.contains(prefix))
            .cloned()
            .collect();
        test.not_starts_with.extend(wanted);
        test.not_starts_with.sort_unstable();
        selector.fields.retain(|test| *test != FieldSelector::new(test.field));
        true
    });
}

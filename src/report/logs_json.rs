//! JSON of what is stored, kept, and what that brings.

use super::clean::visible;
use super::logs_view::LogFacts;
use crate::domain::{BenefitReturn, Money, ObjectSizes, StorageHistory};
use schemars::JsonSchema;
use serde::Serialize;

/// What is left in one storage class.
#[derive(Serialize, JsonSchema)]
pub(super) struct ClassJson {
    /// The class's name in the S3 API.
    class: String,
    objects: String,
    bytes: String,
}

/// A bucket's month.
#[derive(Serialize, JsonSchema)]
pub(super) struct StorageMonthJson {
    month: String,
    arrived_objects: String,
    arrived_bytes: String,
    deleted_objects: String,
    deleted_bytes: String,
    /// What is left when the month ends.
    classes: Vec<ClassJson>,
}

/// What one bucket stores.
#[derive(Serialize, JsonSchema)]
pub(super) struct StorageJson {
    bucket: String,
    months: Vec<StorageMonthJson>,
}

impl StorageJson {
    pub(super) fn of(history: &StorageHistory) -> Vec<Self> {
        history
            .buckets
            .iter()
            .map(|own| Self {
                bucket: visible(&own.bucket),
                months: history
                    .months
                    .iter()
                    .zip(&own.months)
                    .map(|(month, own)| StorageMonthJson {
                        month: month.to_string(),
                        arrived_objects: own.arrived_objects.to_string(),
                        arrived_bytes: own.arrived_bytes.to_string(),
                        deleted_objects: own.deleted_objects.to_string(),
                        deleted_bytes: own.deleted_bytes.to_string(),
                        classes: own
                            .classes
                            .iter()
                            .map(|(class, objects, bytes)| ClassJson {
                                class: class.name().to_owned(),
                                objects: objects.to_string(),
                                bytes: bytes.to_string(),
                            })
                            .collect(),
                    })
                    .collect(),
            })
            .collect()
    }
}

/// A demand on reading.
#[derive(Serialize, JsonSchema)]
pub(super) struct ReadableJson {
    /// Logs up to this age, in days.
    up_to_days: u32,
    /// Must be readable within so many hours.
    within_hours: u32,
    /// And are, at most; null where some of them are deleted already.
    hours: Option<u32>,
    /// The slowest class that one of them can be in.
    class: String,
    met: bool,
    /// The bucket whose copies meet it where the bucket itself does not.
    copy: Option<String>,
}

/// How a bucket stands to the demands.
#[derive(Serialize, JsonSchema)]
pub(super) struct RetentionJson {
    bucket: String,
    /// `all`, `large` (128 KB and more) or `small`.
    objects: String,
    /// Null is for ever.
    kept_days: Option<u32>,
    /// Null without a demand.
    demanded_days: Option<u32>,
    met: bool,
    /// The bucket whose copies meet it where the bucket itself does not.
    copy: Option<String>,
    readable: Vec<ReadableJson>,
}

impl RetentionJson {
    pub(super) fn of(logs: &LogFacts<'_>) -> Vec<Self> {
        logs.retention
            .iter()
            .map(|own| Self {
                bucket: visible(&own.bucket),
                objects: match own.objects {
                    ObjectSizes::All => "all",
                    ObjectSizes::Large => "large",
                    ObjectSizes::Small => "small",
                }
                .to_owned(),
                kept_days: own.kept_for.map(crate::domain::Age::days),
                demanded_days: logs.demands.retention.map(crate::domain::Age::days),
                met: own.retention_met,
                copy: own.retention_copy.as_deref().map(visible),
                readable: own
                    .readable
                    .iter()
                    .map(|own| ReadableJson {
                        up_to_days: own.age.days(),
                        within_hours: own.within.hours(),
                        hours: own.hours,
                        class: own.class.name().to_owned(),
                        met: own.met,
                        copy: own.copy.as_deref().map(visible),
                    })
                    .collect(),
            })
            .collect()
    }
}

/// What the spend brings. Ratios are rounded at 10^-12; null is what the scenario does not state enough for.
#[derive(Serialize, JsonSchema)]
pub(super) struct ReturnJson {
    /// The first year, or twelve average months of a shorter horizon.
    cost_per_year: String,
    break_even_incidents_per_year: Option<String>,
    avoided_per_year: Option<String>,
    net_per_year: Option<String>,
    per_dollar: Option<String>,
    /// From 0 to 1.
    cloud_spend_share: Option<String>,
    cost_per_thousand_events: Option<String>,
}

impl ReturnJson {
    pub(super) fn new((cost, own): &(Money, BenefitReturn)) -> Self {
        Self {
            cost_per_year: cost.to_string(),
            break_even_incidents_per_year: own.break_even_incidents.map(|value| value.to_string()),
            avoided_per_year: own.avoided_per_year.map(|value| value.to_string()),
            net_per_year: own.net_per_year.map(|value| value.to_string()),
            per_dollar: own.per_dollar.map(|value| value.to_string()),
            cloud_spend_share: own.cloud_spend_share.map(|value| value.to_string()),
            cost_per_thousand_events: own.cost_per_thousand_events.map(|value| value.to_string()),
        }
    }
}

//! A measurement as JSON.

use super::measurement_view::{ConfiguredRow, MeasurementView, VolumeRow};
use crate::domain::Gap;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What `measure aws --format json` writes.
#[derive(Serialize, JsonSchema)]
struct MeasurementDocument {
    schema_version: u32,
    name: String,
    /// The day of the run; null where a recording does not say.
    taken_on: Option<String>,
    /// First day of the metrics.
    measured_from: Option<String>,
    /// Last day of the metrics.
    measured_to: Option<String>,
    /// Whether the run was interrupted.
    partial: bool,
    accounts_read: usize,
    regions_read: usize,
    /// Views of trails from other Regions or accounts than their own; they are no trails.
    shadow_trails: usize,
    trails: Vec<ConfiguredJson>,
    /// Event data stores, and deliveries to CloudWatch Logs without a trail.
    event_data_stores: Vec<ConfiguredJson>,
    buckets: Vec<ConfiguredJson>,
    log_groups: Vec<ConfiguredJson>,
    /// Volumes of a month.
    volumes: Vec<VolumeJson>,
    evidence: Vec<EvidenceJson>,
    gaps: Vec<MeasurementGapJson>,
}

/// Something that is configured.
#[derive(Serialize, JsonSchema)]
struct ConfiguredJson {
    name: String,
    /// Whose and where it is.
    place: String,
    /// What is said of it, in words.
    settings: BTreeMap<String, String>,
}

/// A volume of a month.
#[derive(Serialize, JsonSchema)]
pub(super) struct VolumeJson {
    account: String,
    region: String,
    what: String,
    unit: String,
    /// An exact decimal; null is unknown.
    likely: Option<String>,
    low: Option<String>,
    high: Option<String>,
}

/// How a figure was come by.
#[derive(Serialize, JsonSchema)]
struct EvidenceJson {
    what: String,
    value: String,
    /// exact, close, sampled, ceiling or floor.
    certainty: String,
    how: String,
}

/// Something that could not be seen.
#[derive(Serialize, JsonSchema)]
pub(super) struct MeasurementGapJson {
    kind: String,
    what: String,
    remedy: String,
}

pub(super) fn volumes_json(rows: &[VolumeRow]) -> Vec<VolumeJson> {
    rows.iter()
        .map(|own| VolumeJson {
            account: own.account.clone(),
            region: own.region.clone(),
            what: own.what.clone(),
            unit: own.unit.clone(),
            likely: own.likely.map(|own| own.to_string()),
            low: own.range.map(|own| own.0.normalize().to_string()),
            high: own.range.map(|own| own.1.normalize().to_string()),
        })
        .collect()
}

pub(super) fn gaps_json(gaps: &[Gap]) -> Vec<MeasurementGapJson> {
    gaps.iter()
        .map(|own| MeasurementGapJson {
            kind: own.kind.name().to_owned(),
            what: own.what.clone(),
            remedy: own.remedy.clone(),
        })
        .collect()
}

fn configured(rows: &[ConfiguredRow]) -> Vec<ConfiguredJson> {
    rows.iter()
        .map(|row| ConfiguredJson {
            name: row.name.clone(),
            place: row.place.clone(),
            settings: row.settings.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect(),
        })
        .collect()
}

/// Returns a measurement as JSON.
///
/// # Errors
/// Passes on what the JSON writer says, which does not happen in memory.
pub fn measurement_json(view: &MeasurementView) -> Result<serde_json::Value, serde_json::Error> {
    serde_json::to_value(MeasurementDocument {
        schema_version: 1,
        name: view.name.clone(),
        taken_on: view.taken_on.map(|own| own.to_string()),
        measured_from: view.measured.map(|own| own.0.to_string()),
        measured_to: view.measured.map(|own| own.1.to_string()),
        partial: view.partial,
        accounts_read: view.accounts,
        regions_read: view.regions,
        shadow_trails: view.shadow_trails,
        trails: configured(&view.trails),
        event_data_stores: configured(&view.event_data_stores),
        buckets: configured(&view.buckets),
        log_groups: configured(&view.log_groups),
        volumes: volumes_json(&view.volumes),
        evidence: view
            .evidence
            .iter()
            .map(|own| EvidenceJson {
                what: own.what.clone(),
                value: own.value.clone(),
                certainty: own.certainty.name().to_owned(),
                how: own.how.clone(),
            })
            .collect(),
        gaps: gaps_json(&view.gaps),
    })
}

/// Returns the JSON Schema of measurements.
pub fn measurement_schema() -> serde_json::Value {
    schemars::schema_for!(MeasurementDocument).to_value()
}

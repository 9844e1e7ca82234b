//! Versions of the planned model, each priced once however often it is asked for.

use super::error::RecommendError;
use super::turns::{in_turns, is_large};
use super::valuation::{Value, Valuer};
use crate::domain::{Inventory, Model, Volume};
use std::sync::{Mutex, PoisonError};

/// What edits change of a model: they leave accounts, and what happens in them, alone.
#[derive(PartialEq, Eq)]
struct Version {
    /// Without the accounts.
    inventory: Inventory,
    volumes: Vec<Volume>,
}

impl Version {
    fn of(model: &Model) -> Self {
        let own = &model.inventory;
        Self {
            inventory: Inventory {
                accounts: Vec::new(),
                trails: own.trails.clone(),
                event_data_stores: own.event_data_stores.clone(),
                direct_deliveries: own.direct_deliveries.clone(),
                buckets: own.buckets.clone(),
                readers: own.readers.clone(),
                log_groups: own.log_groups.clone(),
                kms_keys: own.kms_keys.clone(),
                alarms: own.alarms.clone(),
                topics: own.topics.clone(),
                event_buses: own.event_buses.clone(),
                event_rules: own.event_rules.clone(),
            },
            volumes: model.observations.volumes.clone(),
        }
    }
}

/// Prices what edits make of one model.
pub(super) struct Versions<'a, 'p> {
    valuer: &'a Valuer<'p>,
    known: Mutex<Vec<(Version, Value)>>,
    are_large: bool,
}

impl<'a, 'p> Versions<'a, 'p> {
    pub(super) fn new(model: &Model, valuer: &'a Valuer<'p>) -> Self {
        Self { valuer, known: Mutex::new(Vec::new()), are_large: is_large(model) }
    }

    /// Returns what a version costs.
    pub(super) fn value(&self, model: &Model) -> Result<Value, RecommendError> {
        let version = Version::of(model);
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().iter().find(|(own, _)| *own == version).map(|(_, value)| value.clone());
        if let Some(value) = found {
            return Ok(value);
        }
        let value = self.valuer.value(model)?;
        known().push((version, value.clone()));
        Ok(value)
    }

    /// Returns what several versions cost, in their order.
    pub(super) fn values(
        &self,
        versions: usize,
        version: &(dyn Fn(usize) -> Model + Sync),
    ) -> Result<Vec<Value>, RecommendError> {
        in_turns(versions, self.are_large, &|at| self.value(&version(at)))
    }
}

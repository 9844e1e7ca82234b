//! Versions of the planned model, each priced once however often it is asked for.

use super::error::RecommendError;
use super::valuation::{Value, Valuer};
use crate::domain::{Inventory, Model, Volume};
use std::sync::atomic::{AtomicUsize, Ordering};
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
}

impl<'a, 'p> Versions<'a, 'p> {
    pub(super) fn new(valuer: &'a Valuer<'p>) -> Self {
        Self { valuer, known: Mutex::new(Vec::new()) }
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

    /// Returns what several versions cost, in their order; of large models on several threads.
    pub(super) fn values(
        &self,
        versions: usize,
        version: &(dyn Fn(usize) -> Model + Sync),
    ) -> Result<Vec<Value>, RecommendError> {
        let value = |at: usize| {
            let model = version(at);
            let is_large = model.observations.activities.len() >= WORTH_THREADS;
            self.value(&model).map(|value| (value, is_large))
        };
        let mut values = Vec::with_capacity(versions);
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        while values.len() < versions {
            let (own, is_large) = value(values.len())?;
            values.push(own);
            if is_large && threads > 1 && versions - values.len() > 1 {
                break;
            }
        }
        let next = AtomicUsize::new(values.len());
        let work = || {
            let mut own = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= versions {
                    return own;
                }
                own.push((at, value(at).map(|(value, _)| value)));
            }
        };
        let threads = threads.min(versions - values.len());
        let mut rest: Vec<_> = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let join = |handle: std::thread::ScopedJoinHandle<'_, _>| {
                handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            handles.into_iter().flat_map(join).collect()
        });
        rest.sort_by_key(|(at, _)| *at);
        for (_, value) in rest {
            values.push(value?);
        }
        Ok(values)
    }
}

/// Of models with fewer activities versions are priced faster on one thread.
const WORTH_THREADS: usize = 500;

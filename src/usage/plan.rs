//! The usage plan: a model made ready to yield usage, month by month.

use super::builder::Builder;
use super::cell::{Cell, Counts, Factors, Line, grow, sum};
use super::error::UsageError;
use super::growth_factor::GrowthFactor;
use super::lake::{LakeFigures, Store, StoreMeters};
use super::shape::{Conversion, Shape};
use crate::domain::{
    Assumption, Gap, GrowthCategory, GrowthError, Model, Month, QuantityError, UsageKeys, UsageRecord,
    UsageSource,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeSet;

/// A model made ready to yield usage.
pub struct UsagePlan {
    pub(super) keys: UsageKeys,
    pub(super) months: Vec<Month>,
    pub(super) factors: Vec<Factors>,
    pub(super) cells: Vec<Cell>,
    pub(super) shapes: Vec<Shape>,
    pub(super) counts: Counts,
    pub(super) lines: Vec<Line>,
    pub(super) stores: Vec<Store>,
    pub(super) store_meters: StoreMeters,
    pub(super) lake: LakeFigures,
    pub(super) gaps: Vec<Gap>,
    pub(super) warnings: Vec<String>,
    pub(super) used: BTreeSet<&'static str>,
}

impl UsagePlan {
    /// Prepares a model.
    ///
    /// # Errors
    /// [`UsageError`] when a quantity or a growth factor is past what can be held, or a figure is missing.
    pub fn new(model: &Model) -> Result<Self, UsageError> {
        let months = model.months();
        let factors = factors(model, &months)?;
        Self::with(model, months, factors)
    }

    /// Prepares another version of the model, of the same horizon and growth: what follows from these is kept.
    ///
    /// # Errors
    /// [`UsageError`] as for the first version.
    pub fn again(&self, model: &Model) -> Result<Self, UsageError> {
        Self::with(model, self.months.clone(), self.factors.clone())
    }

    fn with(model: &Model, months: Vec<Month>, factors: Vec<Factors>) -> Result<Self, UsageError> {
        let mut used = BTreeSet::new();
        let mut figure = |id: &'static str, needed: bool| {
            if needed {
                used.insert(id);
            }
            model
                .assumption(id)
                .and_then(Assumption::figure)
                .filter(|value| value > &Decimal::ZERO)
                .ok_or(UsageError::NoFigure(id))
        };
        let has_stores = !model.inventory.event_data_stores.is_empty();
        let extended = model
            .inventory
            .event_data_stores
            .iter()
            .any(|store| store.retention_days > store.billing_mode.included_days());
        let has_direct = !model.inventory.direct_deliveries.is_empty();
        let whole = |value: Decimal, id| {
            value.to_u64().filter(|_| value.fract().is_zero()).ok_or(UsageError::NoFigure(id))
        };
        let lake = LakeFigures {
            bytes_per_event: whole(figure("bytes_per_event", has_stores)?, "bytes_per_event")?,
            compression_ratio: figure("lake_compression_ratio", extended)?,
        };
        let (bytes, gb) = ("direct_delivery_bytes_per_event", "direct_delivery_bytes_per_gb");
        let direct_delivery = Conversion::Gigabytes {
            bytes_per_event: whole(figure(bytes, has_direct)?, bytes)?,
            bytes_per_gb: whole(figure(gb, has_direct)?, gb)?,
        };
        Builder::new(model, direct_delivery).build(months, factors, lake, used)
    }

    /// Returns what could not be told from the model.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Returns what the reader should know about the quantities.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Returns the assumptions of the model that quantities rest on.
    pub fn assumptions<'a>(&self, model: &'a Model) -> Vec<&'a Assumption> {
        model
            .assumptions
            .iter()
            .filter(|assumption| assumption.used || self.used.contains(assumption.id.as_str()))
            .filter(|assumption| !assumption.declared)
            .collect()
    }

    /// Tells whether a quantity was derived with this figure.
    pub fn uses(&self, figure: &str) -> bool {
        self.used.contains(figure)
    }

    /// Counts what event data stores ingest, month by month.
    pub(super) fn ingest(&mut self) -> Result<(), QuantityError> {
        let mut grown = Vec::new();
        for month in 0..self.months.len() {
            let factors = &self.factors[month];
            let mut events = vec![0_u64; self.stores.len()];
            for cell in &self.cells {
                let shape = &self.shapes[cell.shape as usize];
                if shape.feeds.is_empty() {
                    continue;
                }
                grow(self.counts.known(&cell.counts), shape, factors, &mut grown)?;
                for feed in &shape.feeds {
                    self.stores[feed.store].mark_fed();
                    let sum = sum(&feed.terms, &grown)?;
                    events[feed.store] = events[feed.store].checked_add(sum).ok_or(QuantityError)?;
                    let unknown = feed.terms.iter().any(|&(at, _)| self.counts.is_unknown(&cell.counts, at));
                    if month == 0 && (feed.undecided || unknown) {
                        self.stores[feed.store].mark_unknown();
                    }
                }
            }
            for (store, events) in self.stores.iter_mut().zip(events) {
                store.ingest(events, self.lake, factors)?;
            }
        }
        for store in &mut self.stores {
            store.mark_unknown_if_nothing_is_stated();
        }
        Ok(())
    }
}

impl UsageSource for UsagePlan {
    fn keys(&self) -> &UsageKeys {
        &self.keys
    }

    fn months(&self) -> &[Month] {
        &self.months
    }

    fn records(&self, month: usize, records: &mut Vec<UsageRecord>) -> Result<(), QuantityError> {
        records.clear();
        let factors = &self.factors[month];
        let mut grown = Vec::new();
        for cell in &self.cells {
            let shape = &self.shapes[cell.shape as usize];
            let any_unknown = self.counts.any_unknown(&cell.counts);
            grow(self.counts.known(&cell.counts), shape, factors, &mut grown)?;
            for output in &shape.outputs {
                let events = sum(&output.terms, &grown)?;
                let has_unknown = output.undecided
                    || (any_unknown
                        && output.terms.iter().any(|&(at, _)| self.counts.is_unknown(&cell.counts, at)));
                if events == 0 && !has_unknown {
                    continue;
                }
                records.push(UsageRecord {
                    quantity: output.conversion.apply(events)?,
                    account: cell.account,
                    resource: output.resource,
                    provenance: 0,
                    region: cell.region,
                    meter: output.meter,
                    component: output.component,
                    has_unknown,
                });
            }
            for line in &self.lines[cell.lines.clone()] {
                records.push(line.record((cell.account, cell.region), factors)?);
            }
        }
        for store in &self.stores {
            store.records(month, &self.months, self.lake, factors, &self.store_meters, records)?;
        }
        Ok(())
    }
}

fn factors(model: &Model, months: &[Month]) -> Result<Vec<Factors>, GrowthError> {
    months
        .iter()
        .zip(0..)
        .map(|(&month, index)| {
            let mut factors = [GrowthFactor::new(Decimal::ONE); GrowthCategory::ALL.len()];
            for category in GrowthCategory::ALL {
                let exact = model.growth.factor(category, month, index)?;
                factors[category.index()] = GrowthFactor::new(exact);
            }
            Ok(factors)
        })
        .collect()
}

//! The usage plan: a model made ready to yield usage, month by month.

use super::builder::{Builder, Figures, Rerun, key_call};
use super::cell::{Cell, Counts, Factors, Line, grow, sum};
use super::chain::{ChainFigures, FigureReader};
use super::error::UsageError;
use super::gather::Extras;
use super::growth_factor::GrowthFactor;
use super::lake::{LakeFigures, Store, StoreMeters};
use super::meter::Derived;
use super::pooled::Grown;
use super::shape::{Conversion, Shape};
use crate::domain::{
    Assumption, Gap, GrowthCategory, GrowthError, Model, Month, PooledUsage, Quantity, QuantityError,
    StorageHistory, UsageKeys, UsageRecord, UsageSource,
};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

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
    pub(super) extras: Extras,
    /// Records of what the logs touch, by month.
    pub(super) chain: Vec<Vec<UsageRecord>>,
    pub(super) history: StorageHistory,
    pub(super) gaps: Vec<Gap>,
    /// Whether the model itself says that a volume is missing.
    pub(super) leaves_out_volumes: bool,
    pub(super) warnings: Vec<String>,
    pub(super) used: BTreeSet<&'static str>,
    /// What versions of the model have in common, once that was added up.
    pub(super) grown: Option<Arc<Grown>>,
}

impl UsagePlan {
    /// Prepares a model.
    ///
    /// # Errors
    /// [`UsageError`] when a quantity or a growth factor is past what can be held, or a figure is missing.
    pub fn new(model: &Model) -> Result<Self, UsageError> {
        let months = model.months();
        let factors = factors(model, &months)?;
        Ok(Self::with_sizes(model, months, factors, &[], None)?.0)
    }

    /// Prepares another version of the model, of the same horizon and growth: what follows from these is kept.
    ///
    /// # Errors
    /// [`UsageError`] as for the first version.
    pub fn again(&self, model: &Model) -> Result<Self, UsageError> {
        let (months, factors) = (self.months.clone(), self.factors.clone());
        Ok(Self::with_sizes(model, months, factors, &[], self.grown.as_ref())?.0)
    }

    pub(super) fn with_sizes(
        model: &Model,
        months: Vec<Month>,
        factors: Vec<Factors>,
        sizes: &[u64],
        grown: Option<&Arc<Grown>>,
    ) -> Result<(Self, Rerun), UsageError> {
        let model = &*with_key_calls(model);
        let mut reader = FigureReader::new(model);
        let has_stores = !model.inventory.event_data_stores.is_empty();
        let extended = model
            .inventory
            .event_data_stores
            .iter()
            .any(|store| store.retention_days > store.billing_mode.included_days());
        let has_direct = !model.inventory.direct_deliveries.is_empty();
        let figures = Figures {
            lake: LakeFigures {
                bytes_per_event: reader.whole("bytes_per_event", has_stores)?,
                compression_ratio: reader.figure("lake_compression_ratio", extended)?,
            },
            chain: ChainFigures::read(&mut reader, model)?,
            direct_delivery: Conversion::Gigabytes {
                bytes_per_event: reader.whole("direct_delivery_bytes_per_event", has_direct)?,
                bytes_per_gb: reader.whole("direct_delivery_bytes_per_gb", has_direct)?,
            },
        };
        Builder::new(model, figures).telling_apart(sizes).build_all(
            months,
            factors,
            reader.used,
            grown.map(Arc::clone),
        )
    }

    /// Returns the events recorded in the first twelve months, further copies of management events left out; nothing
    /// where some are unknown or the horizon is shorter.
    ///
    /// # Errors
    /// [`QuantityError`] when a quantity is past what can be held.
    pub fn events_in_first_year(&self) -> Result<Option<Quantity>, QuantityError> {
        if self.months.len() < 12 {
            return Ok(None);
        }
        let counted = [Derived::FreeEvents, Derived::DataEvents, Derived::NetworkEvents].map(Derived::meter);
        let is_counted: Vec<bool> = self.keys.meters.iter().map(|meter| counted.contains(meter)).collect();
        let (mut sum, mut records) = (Quantity::ZERO, Vec::new());
        for month in 0..12 {
            self.records(month, &mut records)?;
            for record in records.iter().filter(|record| is_counted[usize::from(record.meter)]) {
                if record.has_unknown {
                    return Ok(None);
                }
                sum = sum.plus(record.quantity)?;
            }
        }
        Ok(Some(sum))
    }

    /// Returns what buckets and log groups store, month by month.
    pub fn storage(&self) -> &StorageHistory {
        &self.history
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
}

impl UsageSource for UsagePlan {
    fn leaves_out_volumes(&self) -> bool {
        self.leaves_out_volumes
    }

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
        for (at, cell) in self.cells.iter().enumerate() {
            self.counted(at, month, &mut grown, records)?;
            for line in &self.lines[cell.lines.clone()] {
                records.push(line.record((cell.account, cell.region), factors)?);
            }
        }
        self.others(month, records)
    }

    fn pooled(&self, month: usize, pooled: &mut PooledUsage) -> Result<(), QuantityError> {
        if let Some(grown) = &self.grown {
            return self.pooled_cells(grown, month, pooled);
        }
        let mut records = Vec::new();
        self.records(month, &mut records)?;
        records.iter().try_for_each(|record| pooled.add(&self.keys, record))
    }
}

impl UsagePlan {
    /// Grows a cell's counts to a month.
    #[inline]
    pub(super) fn grown_cell(
        &self,
        at: usize,
        month: usize,
        grown: &mut Vec<u64>,
    ) -> Result<(), QuantityError> {
        let cell = &self.cells[at];
        let shape = &self.shapes[cell.shape as usize];
        grow(self.counts.known(&cell.counts), shape, &self.factors[month], grown)?;
        if !self.extras.is_empty()
            && let Some((position, events)) = self.extras.get(&at)
        {
            grown[usize::from(*position)] = events[month];
        }
        Ok(())
    }

    /// Adds the records that a cell's counts make.
    #[inline]
    pub(super) fn counted(
        &self,
        at: usize,
        month: usize,
        grown: &mut Vec<u64>,
        records: &mut Vec<UsageRecord>,
    ) -> Result<(), QuantityError> {
        let cell = &self.cells[at];
        let any_unknown = self.counts.any_unknown(&cell.counts);
        self.grown_cell(at, month, grown)?;
        for output in &self.shapes[cell.shape as usize].outputs {
            let events = sum(&output.terms, grown)?;
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
        Ok(())
    }

    /// Adds the records of event data stores and of what the logs touch.
    pub(super) fn others(&self, month: usize, records: &mut Vec<UsageRecord>) -> Result<(), QuantityError> {
        let factors = &self.factors[month];
        for store in &self.stores {
            store.records(month, &self.months, self.lake, factors, &self.store_meters, records)?;
        }
        if let Some(chain) = self.chain.get(month) {
            records.extend_from_slice(chain);
        }
        Ok(())
    }
}

/// Returns the model with the class of key calls among its classes, where log files are encrypted.
fn with_key_calls(model: &Model) -> Cow<'_, Model> {
    let encrypts =
        model.inventory.trails.iter().any(|trail| {
            trail.logging && trail.delivery.kms == Some(true) && trail.delivery.bucket.is_some()
        });
    let encrypts = encrypts || model.inventory.buckets.iter().any(|bucket| bucket.kms);
    if !encrypts || model.observations.event_classes.contains(&key_call()) {
        return Cow::Borrowed(model);
    }
    let mut model = model.clone();
    model.observations.class_id(&key_call());
    Cow::Owned(model)
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

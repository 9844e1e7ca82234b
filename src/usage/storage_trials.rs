//! Trials of lifecycles: what is delivered stays the same, so that its events are counted once.

use super::builder::Rerun;
use super::chain::Chain;
use super::error::UsageError;
use super::plan::UsagePlan;
use crate::domain::{
    Inventory, LifecycleRule, Model, Month, QuantityError, UsageKeys, UsageRecord, UsageSource,
};

/// A model made ready to try lifecycles in.
pub struct StorageTrials {
    /// Trails, buckets and readers alone.
    model: Model,
    plan: UsagePlan,
    rerun: Rerun,
    sizes: Vec<u64>,
    /// What is given directly of S3, which shares the tiers, by month.
    given: Vec<Vec<UsageRecord>>,
}

/// What S3 and the readers of logs use under one lifecycle; everything else is left out.
pub struct TrialUsage<'a> {
    keys: &'a UsageKeys,
    months: &'a [Month],
    records: Vec<Vec<UsageRecord>>,
}

impl UsageSource for TrialUsage<'_> {
    fn keys(&self) -> &UsageKeys {
        self.keys
    }

    fn months(&self) -> &[Month] {
        self.months
    }

    fn records(&self, month: usize, records: &mut Vec<UsageRecord>) -> Result<(), QuantityError> {
        records.clear();
        records.extend_from_slice(&self.records[month]);
        Ok(())
    }
}

impl UsagePlan {
    /// Prepares trials of lifecycles in a version of the model; rules may tell objects larger than these sizes (in bytes)
    /// from others.
    ///
    /// # Errors
    /// [`UsageError`] as for the model itself.
    pub fn storage_trials(&self, model: &Model, sizes: &[u64]) -> Result<StorageTrials, UsageError> {
        let mut model = model.clone();
        let own = std::mem::take(&mut model.inventory);
        model.inventory = Inventory {
            accounts: own.accounts,
            trails: own.trails,
            buckets: own.buckets,
            readers: own.readers,
            ..Inventory::default()
        };
        for trail in &mut model.inventory.trails {
            trail.delivery.log_group = None;
            trail.delivery.sns_topic = None;
        }
        model.observations.volumes.retain(|volume| volume.service == "AmazonS3");
        // Those that lifecycles name today stay told apart when a trial names others.
        let mut sizes: Vec<u64> = sizes.iter().map(|size| size.saturating_add(1)).collect();
        for rule in model.inventory.buckets.iter().flat_map(|own| &own.lifecycle) {
            sizes.extend(rule.larger_than.map(|size| size.saturating_add(1)));
            sizes.extend(rule.smaller_than);
        }
        let (plan, rerun) =
            Self::with_sizes(&model, self.months.clone(), self.factors.clone(), &sizes, self.grown.as_ref())?;
        let given = plan
            .factors
            .iter()
            .map(|factors| {
                let of_cell = |cell: &super::cell::Cell| {
                    let place = (cell.account, cell.region);
                    plan.lines[cell.lines.clone()].iter().map(move |line| line.record(place, factors))
                };
                plan.cells.iter().flat_map(of_cell).collect::<Result<_, _>>()
            })
            .collect::<Result<_, QuantityError>>()?;
        Ok(StorageTrials { model, plan, rerun, sizes, given })
    }
}

impl StorageTrials {
    /// Returns what is used when a bucket has this lifecycle.
    ///
    /// # Errors
    /// [`UsageError`] when a quantity is past what can be held.
    pub fn with(&mut self, bucket: &str, lifecycle: &[LifecycleRule]) -> Result<TrialUsage<'_>, UsageError> {
        let at = self.model.inventory.buckets.iter().position(|own| own.name == bucket);
        let before = at
            .map(|at| std::mem::replace(&mut self.model.inventory.buckets[at].lifecycle, lifecycle.to_vec()));
        let own = (&self.rerun.digests, &self.rerun.index);
        let chain = Chain::new(&self.model, &self.plan.months, self.rerun.figures, &self.sizes, own);
        let delivered: Vec<_> = self.rerun.delivered.iter().map(Vec::as_slice).collect();
        let usage = chain.run(&delivered, &self.plan.factors, &self.rerun.index, &self.rerun.given, false);
        if let (Some(at), Some(before)) = (at, before) {
            self.model.inventory.buckets[at].lifecycle = before;
        }
        let mut records = usage?.records;
        records.resize(self.plan.months.len(), Vec::new());
        for (records, given) in records.iter_mut().zip(&self.given) {
            records.extend_from_slice(given);
        }
        Ok(TrialUsage { keys: &self.plan.keys, months: &self.plan.months, records })
    }
}

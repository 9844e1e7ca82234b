//! What a model costs: each saving is the difference of two of these.

use super::error::RecommendError;
use crate::costing::{Estimate, Totals, Unpriced, estimate, totals};
use crate::domain::{Model, Money};
use crate::pricing::{FreeTiers, RateCard};
use crate::usage::UsageError;
use crate::usage::{StorageTrials, TrialUsage, UsagePlan};
use std::collections::{BTreeMap, BTreeSet};

/// What a model costs at the agreed prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Month by month.
    pub monthly: Vec<Money>,
    /// The whole horizon.
    pub total: Money,
    /// Whether something could not be priced.
    pub incomplete: bool,
    /// What has no price.
    pub unpriced: BTreeSet<Unpriced>,
}

impl Value {
    /// Returns what has no price here, and is not used in another version: what it costs is no saving.
    pub(super) fn unpriced_beside<'a>(&'a self, other: &Self) -> Option<&'a Unpriced> {
        self.unpriced.iter().find(|own| !other.unpriced.contains(own))
    }
}

impl From<Totals> for Value {
    fn from(own: Totals) -> Self {
        Self { monthly: own.monthly, total: own.total, incomplete: own.incomplete, unpriced: own.unpriced }
    }
}

/// Prices versions of one model.
pub struct Valuer<'a> {
    base: UsagePlan,
    card: &'a RateCard,
    free_tiers: &'a FreeTiers,
}

impl<'a> Valuer<'a> {
    /// Prepares to price versions of a model.
    ///
    /// # Errors
    /// [`RecommendError`] when the model's quantities cannot be derived.
    pub fn new(model: &Model, card: &'a RateCard, free_tiers: &'a FreeTiers) -> Result<Self, RecommendError> {
        let mut base = UsagePlan::new(model)?;
        base.prepare().map_err(UsageError::from)?;
        Ok(Self { base, card, free_tiers })
    }

    /// Estimates a version of the model.
    ///
    /// # Errors
    /// [`RecommendError`] when its quantities cannot be derived or priced.
    pub fn estimate(&self, model: &Model) -> Result<Estimate, RecommendError> {
        let plan = self.base.again(model)?;
        Ok(estimate(&plan, self.card, self.free_tiers, &model.terms, &model.currency, None)?)
    }

    /// Returns what a version of the model costs.
    ///
    /// # Errors
    /// [`RecommendError`] when its quantities cannot be derived or priced.
    pub fn value(&self, model: &Model) -> Result<Value, RecommendError> {
        let plan = self.base.again(model)?;
        let totals = totals(&plan, self.card, self.free_tiers, &model.terms, &model.currency)?;
        Ok(Value::from(totals))
    }

    /// Prepares trials of lifecycles in a version of the model.
    pub(super) fn trials(&self, model: &Model, sizes: &[u64]) -> Result<StorageTrials, UsageError> {
        self.base.storage_trials(model, sizes)
    }

    /// Returns what a trial costs at the agreed prices.
    pub(super) fn trial(&self, usage: &TrialUsage<'_>, model: &Model) -> Result<Value, RecommendError> {
        Ok(Value::from(totals(usage, self.card, self.free_tiers, &model.terms, &model.currency)?))
    }

    /// Returns what arrives in each bucket of a version of the model: objects and bytes of all months.
    pub(super) fn arrivals(&self, model: &Model) -> Result<BTreeMap<String, (u128, u128)>, RecommendError> {
        let plan = self.base.again(model)?;
        let mut arrivals = BTreeMap::new();
        for history in &plan.storage().buckets {
            let sum = history.months.iter().fold((0, 0), |(objects, bytes), month| {
                (objects + month.arrived_objects, bytes + month.arrived_bytes)
            });
            // Of several with one name the first counts.
            arrivals.entry(history.bucket.clone()).or_insert(sum);
        }
        Ok(arrivals)
    }
}

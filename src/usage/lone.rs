//! Volumes given directly whose quantity decides nothing but their own charge.

use super::lake::is_store_meter;
use super::plan::UsagePlan;
use crate::domain::{Component, GrowthCategory, Meter, MeterId, Model, Quantity, QuantityError};
use rust_decimal::Decimal;

/// A volume given directly, whose quantity nothing else in the model looks at.
#[derive(Debug, Clone)]
pub struct LoneVolume {
    /// Position of the account.
    pub account: u32,
    /// Position of the Region.
    pub region: u16,
    /// Position of the meter.
    pub meter: MeterId,
    /// The component.
    pub component: Component,
    /// The growth factor of each month.
    pub factors: Vec<Decimal>,
    parts: u64,
}

impl LoneVolume {
    /// Returns what is billed in a month with this growth factor of a volume of `quantity`.
    ///
    /// # Errors
    /// [`QuantityError`] on overflow.
    #[inline]
    pub fn grown(&self, quantity: Quantity, factor: Decimal) -> Result<Quantity, QuantityError> {
        quantity.grown(factor, self.parts)
    }
}

impl UsagePlan {
    /// Returns the volume at this position, if its quantity becomes a line of its own and nothing else.
    ///
    /// What is given of an event data store's ingestion also decides what the store holds later on. Who makes another
    /// quantity depend on a given volume must say so here.
    pub fn lone_volume(&self, model: &Model, at: usize) -> Option<LoneVolume> {
        let volume = model.observations.volumes.get(at)?;
        let meter = Meter {
            service: volume.service.clone(),
            usage_type: volume.usage_type.clone(),
            unit: volume.unit.clone(),
        };
        if is_store_meter(&meter) && !model.inventory.event_data_stores.is_empty() {
            return None;
        }
        let category: GrowthCategory = volume.component.growth_category();
        Some(LoneVolume {
            account: position(&self.keys.accounts, &volume.account)?,
            region: u16::try_from(self.keys.regions.binary_search(&volume.region).ok()?).ok()?,
            meter: MeterId::try_from(self.keys.meters.binary_search(&meter).ok()?).ok()?,
            component: volume.component,
            factors: self.factors.iter().map(|factors| factors[category.index()].exact()).collect(),
            parts: meter.unit.parts(),
        })
    }
}

fn position<T: Ord>(sorted: &[T], wanted: &T) -> Option<u32> {
    sorted.binary_search(wanted).ok().and_then(|at| u32::try_from(at).ok())
}

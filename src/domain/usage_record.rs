//! Usage as the bill keys it: what the usage room hands to the costing room.

use super::account::AccountId;
use super::component::Component;
use super::period::Month;
use super::quantity::{Quantity, QuantityError, Unit};
use super::region::RegionCode;
use std::collections::BTreeMap;

/// A usage type of a service, with its unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Meter {
    /// The service's code.
    pub service: String,
    /// The usage type, without Region prefix.
    pub usage_type: String,
    /// The unit it is billed in.
    pub unit: Unit,
}

/// The position of a meter in [`UsageKeys::meters`].
pub type MeterId = u16;

/// The names that records refer to by position, so that millions of records stay small.
#[derive(Debug, Clone, Default)]
pub struct UsageKeys {
    /// Accounts, sorted.
    pub accounts: Vec<AccountId>,
    /// For each account, the position of the payer that its usage is pooled under.
    pub pools: Vec<u32>,
    /// Regions, sorted.
    pub regions: Vec<RegionCode>,
    /// Meters, sorted.
    pub meters: Vec<Meter>,
    /// Names of trails and event data stores, sorted; position 0 is the empty name.
    pub resources: Vec<String>,
    /// Where quantities come from, in words; position 0 is what is derived from others.
    pub provenances: Vec<String>,
}

/// The usage of one month, account, Region, usage type and resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageRecord {
    /// The quantity in the meter's unit, as far as it is known.
    pub quantity: Quantity,
    /// Position of the account.
    pub account: u32,
    /// Position of the resource.
    pub resource: u32,
    /// Position of the provenance.
    pub provenance: u32,
    /// Position of the Region.
    pub region: u16,
    /// Position of the meter.
    pub meter: MeterId,
    /// The component.
    pub component: Component,
    /// Whether more was used than `quantity` says, nobody knows how much.
    pub has_unknown: bool,
}

/// Something that yields usage, month by month.
pub trait UsageSource {
    /// Returns the names that records refer to.
    fn keys(&self) -> &UsageKeys;

    /// Returns the months, in order.
    fn months(&self) -> &[Month];

    /// Tells whether volumes are known to be missing of which nobody knows even the usage type.
    fn leaves_out_volumes(&self) -> bool {
        false
    }

    /// Replaces the content of `records` by the records of the month at this position, in a fixed order.
    ///
    /// # Errors
    /// [`QuantityError`] when a quantity is too large to be held.
    fn records(&self, month: usize, records: &mut Vec<UsageRecord>) -> Result<(), QuantityError>;

    /// Adds what the records of the month at this position come to for each payer, meter and Region.
    ///
    /// # Errors
    /// [`QuantityError`] when a quantity is too large to be held.
    fn pooled(&self, month: usize, pooled: &mut PooledUsage) -> Result<(), QuantityError> {
        let mut records = Vec::new();
        self.records(month, &mut records)?;
        records.iter().try_for_each(|record| pooled.add(self.keys(), record))
    }
}

/// A payer, a meter and a Region, by their positions.
pub type PoolKey = (u32, MeterId, u16);

/// A month's usage of each payer, meter and Region, whatever the account and resource; exact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PooledUsage {
    /// What was used, and whether more was that nobody knows.
    pub of: BTreeMap<PoolKey, (Quantity, bool)>,
}

impl PooledUsage {
    /// Adds a record.
    ///
    /// # Errors
    /// [`QuantityError`] on overflow.
    pub fn add(&mut self, keys: &UsageKeys, record: &UsageRecord) -> Result<(), QuantityError> {
        let pool = keys.pools[record.account as usize];
        self.put((pool, record.meter, record.region), record.quantity, record.has_unknown)
    }

    /// Adds a quantity.
    ///
    /// # Errors
    /// [`QuantityError`] on overflow.
    pub fn put(&mut self, key: PoolKey, quantity: Quantity, has_unknown: bool) -> Result<(), QuantityError> {
        let own = self.of.entry(key).or_insert((Quantity::ZERO, false));
        *own = (own.0.plus(quantity)?, own.1 || has_unknown);
        Ok(())
    }
}

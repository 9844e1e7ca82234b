//! What the last month would cost with other volumes: what the sliders of the page compute with.
//!
//! There is one cost model: tiers and the cost of what was used are asked of the costing room. A pool is the usage of one usage type in
//! one Region, whose tiers apply to the sum over all accounts. Within it a component bears the part of the cost that is its part of the
//! quantity, and with other volumes it costs
//!
//! ```text
//! recorded cost × cost of the new quantities at table prices ÷ cost of the old quantities at table prices
//! ```
//!
//! rounded half-even at 10⁻²⁴. Where the recorded cost is that of the table, this is what an estimate says of the new quantities. Where
//! it is not (a discount, another price), the share of the table price that was paid stays; where no table has a price, the mean price.

use super::last_month::LastMonth;
use crate::costing::{LoneCost, Pricer};
use crate::domain::{
    ChargeCategory, Component, Currency, Meter, Money, Month, Quantity, RecordedLine, RegionCode, Unit,
    UnitPrice, UsageKeys,
};
use crate::pricing::{FreeTiers, RateCard};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// So many components can be moved, those that cost most.
const MOST_LEVERS: usize = 5;
/// Counts are multiplied by whole percents and rounded half-even to whole ones, each for itself. Of a count that is 200 × a + r, p percent
/// are 2 × a × p, which is whole and even, and p percent of r: only the remainders must be rounded one by one.
const ROUNDED_BY: u64 = 200;
/// A cost is the table's when it differs by less than a billionth (in 10⁻²⁴): shares of tiers are cut at 10⁻¹² of a unit.
const SAME: i128 = 1_000_000_000_000_000;

/// How a pool is priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priced {
    /// As the tables have it.
    Table,
    /// With the share of the table price that was paid.
    Share,
    /// At the mean price: no table has one, or not for all of it.
    Mean,
}

impl Priced {
    /// Returns the word used in the page and its messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Share => "share",
            Self::Mean => "mean",
        }
    }
}

/// What a component used and cost in a pool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PoolPart {
    /// The sum of its quantities.
    pub quantity: Quantity,
    /// Remainders of counts by 200, with how many counts have each; empty where quantities are no counts.
    pub remainders: BTreeMap<u64, u64>,
    /// What it cost, as recorded.
    pub cost: Money,
}

/// The usage of one usage type in one Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// The service's code.
    pub service: String,
    /// The usage type.
    pub usage_type: String,
    /// The Region's code.
    pub region: String,
    /// The unit.
    pub unit: Unit,
    /// How it is priced.
    pub priced: Priced,
    /// Where each tier begins, with the price for one unit.
    pub tiers: Vec<(Quantity, UnitPrice)>,
    /// What all of it costs at table prices; nothing where it is at the mean price.
    pub at_table_prices: Option<Money>,
    /// By component.
    pub parts: BTreeMap<Option<Component>, PoolPart>,
}

impl Pool {
    /// Returns what a part of it costs at table prices, half-even at 10⁻²⁴.
    pub fn share_at_table_prices(&self, part: &PoolPart) -> Option<Money> {
        let sum = self.parts.values().try_fold(Quantity::ZERO, |sum, own| sum.plus(own.quantity)).ok()?;
        self.at_table_prices?.times_ratio(part.quantity, sum)
    }
}

/// The last month as the sliders begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatIf {
    /// The month.
    pub month: Month,
    /// What it cost, as the report says.
    pub total: Money,
    /// Whether something of it is not known.
    pub is_incomplete: bool,
    /// The components that a slider multiplies, the dearest first, each with what it cost in all.
    pub levers: Vec<(Component, Money)>,
    /// Everything that can be moved.
    pub pools: Vec<Pool>,
    /// What cannot be moved of these components: discounts of their own, and what has no quantity.
    pub left: Money,
    /// An account of the month, for a scenario of the new quantities.
    pub account: Option<String>,
}

type PoolKey = (String, String, RegionCode, String);

impl WhatIf {
    /// Makes the sliders of a month; nothing where no quantity of it has a cost.
    pub fn new(last: &LastMonth, card: &RateCard, currency: &Currency) -> Option<Self> {
        let mut total = Money::ZERO;
        let mut of_components: BTreeMap<Component, Money> = BTreeMap::new();
        let mut gathered: BTreeMap<PoolKey, BTreeMap<Option<Component>, PoolPart>> = BTreeMap::new();
        let mut is_incomplete = !last.cost.complete;
        for line in last.usage() {
            let Some(cost) = line.cost else {
                is_incomplete = true;
                continue;
            };
            total = total.checked_add(cost)?;
            if let Some(component) = line.component {
                let own = of_components.entry(component).or_default();
                *own = own.checked_add(cost)?;
            }
            if line.category == ChargeCategory::Usage && !line.quantity.is_negative() {
                gather(&mut gathered, line, cost)?;
            }
        }
        let mut pools = priced(gathered, card, currency);
        let mut movable: BTreeMap<Component, Money> = BTreeMap::new();
        for (component, part) in pools.iter().flat_map(|own| &own.parts) {
            if let Some(component) = component {
                let own = movable.entry(*component).or_default();
                *own = own.checked_add(part.cost)?;
            }
        }
        let mut chosen: Vec<(Component, Money)> =
            movable.into_iter().filter(|own| !own.1.is_zero() && !own.1.is_negative()).collect();
        chosen.sort_by_key(|own| (std::cmp::Reverse(own.1), own.0));
        chosen.truncate(MOST_LEVERS);
        let names: BTreeSet<Component> = chosen.iter().map(|own| own.0).collect();
        for (component, part) in pools.iter_mut().flat_map(|own| &mut own.parts) {
            if component.is_none_or(|own| !names.contains(&own)) {
                part.remainders.clear();
            }
        }
        let moved = chosen.iter().try_fold(Money::ZERO, |sum, own| sum.checked_add(own.1))?;
        let levers: Vec<(Component, Money)> = chosen
            .iter()
            .map(|own| (own.0, of_components.get(&own.0).copied().unwrap_or_default()))
            .collect();
        let whole = levers.iter().try_fold(Money::ZERO, |sum, own| sum.checked_add(own.1))?;
        let accounts = last.usage().map(|own| &own.account).filter(|own| !own.is_empty());
        (!levers.is_empty()).then_some(Self {
            month: last.month,
            total,
            is_incomplete,
            left: whole.checked_sub(moved)?,
            levers,
            pools,
            account: accounts.min().map(ToString::to_string),
        })
    }

    /// Returns what the sliders move that is priced in one way.
    pub fn cost_of(&self, priced: Priced) -> Money {
        let is_lever = |own: &Option<Component>| self.levers.iter().any(|lever| Some(lever.0) == *own);
        let pools = self.pools.iter().filter(|own| own.priced == priced);
        let parts = pools.flat_map(|own| &own.parts).filter(|own| is_lever(own.0));
        parts.fold(Money::ZERO, |sum, own| sum.checked_add(own.1.cost).unwrap_or(sum))
    }

    /// Returns the quantities of a component by unit.
    pub fn quantities(&self, component: Component) -> BTreeMap<&str, Quantity> {
        let mut sums: BTreeMap<&str, Quantity> = BTreeMap::new();
        for pool in &self.pools {
            if let Some(part) = pool.parts.get(&Some(component)) {
                let own = sums.entry(pool.unit.name()).or_default();
                *own = own.plus(part.quantity).unwrap_or(*own);
            }
        }
        sums
    }
}

/// Adds a line to its pool.
fn gather(
    all: &mut BTreeMap<PoolKey, BTreeMap<Option<Component>, PoolPart>>,
    line: &RecordedLine,
    cost: Money,
) -> Option<()> {
    let key = (
        line.service.to_string(),
        line.usage_type.to_string(),
        RegionCode::new(&line.region),
        line.unit.to_string(),
    );
    let part = all.entry(key).or_default().entry(line.component).or_default();
    part.quantity = part.quantity.plus(line.quantity).ok()?;
    part.cost = part.cost.checked_add(cost)?;
    let count = line.quantity.to_count().filter(|_| Unit::new(&line.unit).is_whole());
    if let Some(rest) = count.map(|own| own % ROUNDED_BY).filter(|own| *own > 0) {
        *part.remainders.entry(rest).or_default() += 1;
    }
    Some(())
}

/// Looks up the tiers of each pool. What costs nothing at table prices, or has no quantity, cannot be moved and is left out.
fn priced(
    gathered: BTreeMap<PoolKey, BTreeMap<Option<Component>, PoolPart>>,
    card: &RateCard,
    currency: &Currency,
) -> Vec<Pool> {
    let free_tiers = FreeTiers::default();
    let one_unit = UnitPrice::new(Decimal::ONE);
    gathered
        .into_iter()
        .filter_map(|((service, usage_type, region, unit), parts)| {
            let sum = parts.values().try_fold(Quantity::ZERO, |sum, own| sum.plus(own.quantity)).ok()?;
            let unit = Unit::new(&unit);
            let meter =
                Meter { service: service.clone(), usage_type: usage_type.clone(), unit: unit.clone() };
            let keys =
                UsageKeys { meters: vec![meter], regions: vec![region.clone()], ..UsageKeys::default() };
            // An ambiguous price, or one in another unit or currency, is none.
            let lone = Pricer::new(&keys, card, &free_tiers, &[], currency).lone(0, 0).ok();
            let table = lone.as_ref().and_then(|own| Some((own.of(sum)?, known_tiers(own)?)));
            let at_table_prices = table.as_ref().map(|own| own.0);
            let (priced, tiers) = match table {
                Some((cost, tiers)) if is_table(&parts, sum, cost) => (Priced::Table, tiers),
                Some((cost, tiers)) if !cost.is_zero() => (Priced::Share, tiers),
                _ => (Priced::Mean, vec![(Quantity::ZERO, one_unit)]),
            };
            let paid = parts.values().any(|own| !own.cost.is_zero());
            let region = region.to_string();
            (paid && !sum.is_zero()).then_some(Pool {
                service,
                usage_type,
                region,
                unit,
                priced,
                tiers,
                at_table_prices: at_table_prices.filter(|_| priced != Priced::Mean),
                parts,
            })
        })
        .map(|mut own| {
            own.parts.retain(|_, part| !part.quantity.is_zero());
            own
        })
        .collect()
}

fn known_tiers(own: &LoneCost) -> Option<Vec<(Quantity, UnitPrice)>> {
    own.tiers().map(|(begin, price)| Some((begin, price?))).collect()
}

/// Tells whether each component cost its part of what the sum costs at table prices.
fn is_table(parts: &BTreeMap<Option<Component>, PoolPart>, sum: Quantity, cost: Money) -> bool {
    !cost.is_zero()
        && parts.values().all(|own| {
            let expected = cost.times_ratio(own.quantity, sum);
            let off = expected.and_then(|expected| own.cost.checked_sub(expected));
            off.is_some_and(|off| off.abs().septillionths() < SAME)
        })
}

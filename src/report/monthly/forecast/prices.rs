//! Prices of quantities to come: through the tiers of the rate card, and as the history was billed against them.

use crate::costing::{CostError, estimate};
use crate::domain::{
    AccountId, Component, Currency, LineItem, LineItemSink, Meter, MeterId, Money, Month, Quantity,
    QuantityError, RegionCode, RegionTable, SinkError, Unit, UsageKeys, UsageRecord, UsageSource,
};
use crate::pricing::{FreeTiers, RateCard};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What quantities to come are priced with.
#[derive(Debug, Clone, Copy)]
pub struct ForecastPrices<'a> {
    card: &'a RateCard,
    regions: &'a RegionTable,
}

/// How quantities of a series become money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pricing {
    /// At the prices of the tables, tier by tier.
    Table,
    /// So, times the share of the tables' cost that the last month with this usage cost: discounts, agreed rates, free tiers.
    ShareOfTable(Decimal),
    /// No table has a price: at the mean price of the last month with this usage.
    LastMonth,
    /// Neither is known.
    Unknown,
}

/// What is priced: one usage type in one Region.
#[derive(Debug, Clone, Copy)]
pub(super) struct Priced<'a> {
    pub(super) service: &'a str,
    pub(super) usage_type: &'a str,
    pub(super) region: &'a str,
    pub(super) unit: &'a str,
    pub(super) component: Option<Component>,
    /// The quantity of the last month with this usage, and what it cost, where that is known.
    pub(super) last: (Quantity, Option<Money>),
}

/// How a series is priced, and what each month costs; nothing where that is unknown.
type SeriesCosts = (Pricing, Vec<Option<Money>>);

/// A share this near to one is one: bills round every row.
const NEAR: Decimal = Decimal::from_parts(1, 0, 0, false, 3);

impl<'a> ForecastPrices<'a> {
    /// Takes the rate card of the run, and the Regions that it knows.
    pub fn new(card: &'a RateCard, regions: &'a RegionTable) -> Self {
        Self { card, regions }
    }

    /// Returns the Region and the unit under which a table has prices of all tiers in the same currency; upper case of a unit differs
    /// now and then.
    fn place_of(&self, own: &Priced<'_>, currency: &Currency) -> Option<(RegionCode, Unit)> {
        let region = self.regions.get(own.region)?.code.clone();
        let rate = self.card.rate(own.service, own.usage_type, &region).ok()?;
        let fits = rate.unit.name().eq_ignore_ascii_case(own.unit)
            && rate.currency == *currency
            && rate.tiers.iter().all(|own| own.price.is_some());
        fits.then(|| (region, rate.unit.clone()))
    }

    /// Prices each series' quantities of the same months, as one payer's usage: components that share a usage type in a Region share
    /// its tiers.
    ///
    /// # Errors
    /// [`CostError`] when a figure is too large.
    pub(super) fn costs(
        &self,
        all: &[Priced<'_>],
        quantities: &[Vec<Quantity>],
        currency: &Currency,
    ) -> Result<Vec<SeriesCosts>, CostError> {
        let places: Vec<_> = all.iter().map(|own| self.place_of(own, currency)).collect();
        // The last month stands before the months to come.
        let rows: Vec<(usize, Vec<Quantity>)> = (0..all.len())
            .filter(|at| places[*at].is_some())
            .map(|at| (at, [all[at].last.0].into_iter().chain(quantities[at].iter().copied()).collect()))
            .collect();
        let usage = Usage::new(all, &places, rows);
        let mut listed = Listed { costs: BTreeMap::new() };
        estimate(&usage, self.card, &FreeTiers::default(), &[], currency, Some(&mut listed))?;
        let cost = |at: usize| -> Result<SeriesCosts, CostError> {
            let (own, quantities) = (&all[at], &quantities[at]);
            let Some(place) = usage.place(at) else {
                return Ok(of_last_month(own, quantities));
            };
            let list =
                |month: usize| listed.costs.get(&(place, usage.months[month])).copied().unwrap_or_default();
            let pricing = pricing(list(0), own.last.1);
            let costs = (1..=quantities.len()).map(|month| match pricing {
                Pricing::ShareOfTable(share) => list(month).times(share),
                Pricing::Table => Some(list(month)),
                Pricing::LastMonth | Pricing::Unknown => None,
            });
            if pricing == Pricing::LastMonth {
                return Ok(of_last_month(own, quantities));
            }
            Ok((pricing, costs.collect()))
        };
        (0..all.len()).map(cost).collect()
    }
}

/// Compares what the last month cost with what the tables say of it.
fn pricing(list: Money, cost: Option<Money>) -> Pricing {
    let Some(cost) = cost else { return Pricing::Table };
    if list.is_zero() {
        return if cost.is_zero() { Pricing::Table } else { Pricing::LastMonth };
    }
    match cost.over(list, 6) {
        Some(share) if (share - Decimal::ONE).abs() <= NEAR => Pricing::Table,
        Some(share) => Pricing::ShareOfTable(share.normalize()),
        None => Pricing::LastMonth,
    }
}

fn of_last_month(own: &Priced<'_>, quantities: &[Quantity]) -> SeriesCosts {
    match own.last.1 {
        Some(cost) if !own.last.0.is_zero() => {
            (Pricing::LastMonth, quantities.iter().map(|next| cost.times_ratio(*next, own.last.0)).collect())
        }
        _ => (Pricing::Unknown, vec![None; quantities.len()]),
    }
}

/// A meter and a Region by their positions, and a component.
type Place = (MeterId, u16, Component);

/// Quantities as usage of one payer.
struct Usage {
    keys: UsageKeys,
    /// Names for the positions of months; which ones they are does not matter to a price.
    months: Vec<Month>,
    rows: Vec<(usize, Place, Vec<Quantity>)>,
}

impl Usage {
    fn new(
        all: &[Priced<'_>],
        places: &[Option<(RegionCode, Unit)>],
        rows: Vec<(usize, Vec<Quantity>)>,
    ) -> Self {
        let meter = |at: usize| {
            let (_, unit) = places[at].as_ref()?;
            let (service, usage_type) = (all[at].service.to_owned(), all[at].usage_type.to_owned());
            Some(Meter { service, usage_type, unit: unit.clone() })
        };
        let region = |at: usize| places[at].as_ref().map(|own| &own.0);
        let mut keys = UsageKeys {
            accounts: NOBODY.parse::<AccountId>().into_iter().collect(),
            pools: vec![0],
            resources: vec![String::new()],
            provenances: vec![String::new()],
            regions: rows.iter().filter_map(|own| region(own.0).cloned()).collect(),
            meters: rows.iter().filter_map(|own| meter(own.0)).collect(),
        };
        keys.regions.sort();
        keys.regions.dedup();
        keys.meters.sort();
        keys.meters.dedup();
        let months = rows.first().map_or(0, |own| own.1.len());
        let row = |(at, quantities): (usize, Vec<Quantity>)| {
            let of_meter = keys.meters.binary_search(&meter(at)?).ok()?;
            let of_region = keys.regions.binary_search(region(at)?).ok()?;
            let component = all[at].component.unwrap_or(Component::Other);
            let place = (MeterId::try_from(of_meter).ok()?, u16::try_from(of_region).ok()?, component);
            Some((at, place, quantities))
        };
        let rows = rows.into_iter().filter_map(row).collect();
        let months = (0..months).filter_map(|at| Month::EARLIEST.plus(u32::try_from(at).ok()?)).collect();
        Self { keys, months, rows }
    }

    fn place(&self, at: usize) -> Option<Place> {
        self.rows.iter().find(|own| own.0 == at).map(|own| own.1)
    }
}

/// The account of what all accounts used together.
const NOBODY: &str = "000000000000";

impl UsageSource for Usage {
    fn keys(&self) -> &UsageKeys {
        &self.keys
    }

    fn months(&self) -> &[Month] {
        &self.months
    }

    fn records(&self, month: usize, records: &mut Vec<UsageRecord>) -> Result<(), QuantityError> {
        records.clear();
        records.extend(self.rows.iter().map(|(_, (meter, region, component), quantities)| UsageRecord {
            quantity: quantities[month],
            account: 0,
            resource: 0,
            provenance: 0,
            region: *region,
            meter: *meter,
            component: *component,
            has_unknown: false,
        }));
        Ok(())
    }
}

/// Adds line items up by place and month.
struct Listed {
    costs: BTreeMap<(Place, Month), Money>,
}

impl LineItemSink for Listed {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        let own = self
            .costs
            .entry(((item.record.meter, item.record.region, item.component), item.month))
            .or_default();
        let sum = own.checked_add(item.list_cost.unwrap_or_default());
        *own = sum.ok_or_else(|| SinkError("a sum is too large to be held exactly".into()))?;
        Ok(())
    }
}

//! One pass over some months of usage: look up, split by tiers, price, add up.

use super::error::CostError;
use super::estimate::{Estimate, MissingPrice, UnknownVolume, UsedFreeTier, UsedRate};
use super::free::FreeOfMeters;
use super::pool::{shares, slices};
use super::rates::{MeterRate, PricedTier, Rates};
use super::tally::{Cost, Figures, Tally};
use crate::domain::{
    Component, Currency, LineItem, LineItemSink, MeterId, Money, Month, Quantity, Term, UnitPrice, UsageKeys,
    UsageRecord, UsageSource,
};
use crate::pricing::{FreeTiers, RateCard};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

type Place = (MeterId, u16);

/// Where line items go, if anywhere.
type Sink<'s> = Option<&'s mut dyn LineItemSink>;

/// One part of a record, priced.
struct Part<'a> {
    tier: u16,
    quantity: Quantity,
    has_unknown: bool,
    sku_price_id: Option<&'a str>,
    list_price: Option<UnitPrice>,
    list: Option<Money>,
    contracted_price: Option<UnitPrice>,
    contracted: Option<Money>,
}

/// Returns what is left of a record when its free part is taken away.
fn paid(record: &UsageRecord, free: Option<&Quantity>) -> Result<Quantity, CostError> {
    match free {
        None => Ok(record.quantity),
        Some(free) => Ok(record.quantity.minus(*free)?),
    }
}

/// One pass, or a part of one that runs beside others.
pub(super) struct Run<'a> {
    keys: &'a UsageKeys,
    months: &'a [Month],
    rates: Rates<'a>,
    free: FreeOfMeters<'a>,
    tally: Tally,
    missing: BTreeMap<Place, MissingPrice>,
    unknown: BTreeMap<(Component, Place), UnknownVolume>,
    used: BTreeMap<Place, UsedRate>,
    free_used: BTreeMap<MeterId, UsedFreeTier>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        usage: &'a dyn UsageSource,
        card: &'a RateCard,
        free_tiers: &'a FreeTiers,
        terms: &'a [Term],
        currency: &'a Currency,
    ) -> Self {
        let keys = usage.keys();
        Self {
            keys,
            months: usage.months(),
            rates: Rates::new(card, terms, currency, keys),
            free: FreeOfMeters::new(free_tiers, keys),
            tally: Tally::new(keys, usage.months().len()),
            missing: BTreeMap::new(),
            unknown: BTreeMap::new(),
            used: BTreeMap::new(),
            free_used: BTreeMap::new(),
        }
    }

    /// Prices every `step`-th month from `first` on.
    pub(super) fn all(
        mut self,
        usage: &dyn UsageSource,
        first: usize,
        step: usize,
        mut sink: Sink<'_>,
    ) -> Result<Self, CostError> {
        let mut records = Vec::new();
        for month in (first..self.months.len()).step_by(step) {
            usage.records(month, &mut records)?;
            self.month(month, &records, &mut sink)?;
        }
        Ok(self)
    }

    /// Adds what another run priced of other months.
    pub(super) fn merge(&mut self, other: Self) -> Result<(), CostError> {
        self.tally.merge(&other.tally).ok_or(CostError::Overflow)?;
        for (place, missing) in other.missing {
            match self.missing.entry(place) {
                Entry::Vacant(entry) => {
                    entry.insert(missing);
                }
                Entry::Occupied(mut entry) => {
                    let quantity = entry.get().quantity.plus(missing.quantity)?;
                    entry.get_mut().quantity = quantity;
                }
            }
        }
        for (key, volume) in other.unknown {
            self.unknown.entry(key).or_insert(volume);
        }
        for (place, rate) in other.used {
            self.used.entry(place).or_insert(rate);
        }
        for (meter, tier) in other.free_used {
            self.free_used.entry(meter).or_insert(tier);
        }
        Ok(())
    }

    fn month(&mut self, month: usize, records: &[UsageRecord], sink: &mut Sink<'_>) -> Result<(), CostError> {
        let mut pools: BTreeMap<(u32, Place), Vec<u32>> = BTreeMap::new();
        for (record, at) in records.iter().zip(0..) {
            let place = (record.meter, record.region);
            if self.rates.look_up(self.keys, record.meter, record.region)? {
                self.note_used(place);
            }
            if let MeterRate::Found { tiers, .. } = self.rates.get(record.meter, record.region)
                && tiers.len() > 1
            {
                let pool = self.keys.pools[record.account as usize];
                pools.entry((pool, place)).or_default().push(at);
            }
        }
        let free = self.free.parts(self.keys, records)?;
        let tiered = self.split(records, &pools, &free)?;
        for (record, at) in records.iter().zip(0..) {
            if record.has_unknown {
                self.note_unknown(record);
            }
            let free_part = if free.is_empty() { None } else { free.get(&at) };
            if let Some(&part) = free_part {
                self.free_item(month, record, part, sink)?;
            }
            // What is wholly free has no other part.
            let is_needed = |part: Quantity| free_part.is_none() || record.has_unknown || !part.is_zero();
            let parts = if tiered.is_empty() { None } else { tiered.get(&at) };
            if let Some(parts) = parts {
                for &(tier, quantity) in parts {
                    if is_needed(quantity) {
                        self.item(month, record, tier, quantity, sink)?;
                    }
                }
            } else {
                let quantity = paid(record, free_part)?;
                if is_needed(quantity) {
                    self.item(month, record, 0, quantity, sink)?;
                }
            }
        }
        self.tally.close_month(month).ok_or(CostError::Overflow)
    }

    /// Splits what is not free of the records of tiered pools: for each the tiers it has a part in.
    fn split(
        &self,
        records: &[UsageRecord],
        pools: &BTreeMap<(u32, Place), Vec<u32>>,
        free: &BTreeMap<u32, Quantity>,
    ) -> Result<BTreeMap<u32, Vec<(usize, Quantity)>>, CostError> {
        let mut tiered = BTreeMap::new();
        for (&(_, (meter, region)), members) in pools {
            let MeterRate::Found { ranges, .. } = self.rates.get(meter, region) else {
                continue;
            };
            let quantities: Vec<Quantity> = members
                .iter()
                .map(|&at| paid(&records[at as usize], free.get(&at)))
                .collect::<Result<_, _>>()?;
            let mut total = Quantity::ZERO;
            for quantity in &quantities {
                total = total.plus(*quantity)?;
            }
            let slices = slices(total, ranges)?;
            for (&at, row) in members.iter().zip(shares(&quantities, &slices)?) {
                let mut parts: Vec<(usize, Quantity)> =
                    row.into_iter().enumerate().filter(|(_, part)| !part.is_zero()).collect();
                if parts.is_empty() {
                    parts.push((0, Quantity::ZERO));
                }
                tiered.insert(at, parts);
            }
        }
        Ok(tiered)
    }

    /// Prices one part of a record.
    fn item(
        &mut self,
        month: usize,
        record: &UsageRecord,
        tier: usize,
        quantity: Quantity,
        sink: &mut Sink<'_>,
    ) -> Result<(), CostError> {
        let found = match self.rates.get(record.meter, record.region) {
            MeterRate::Found { tiers, .. } => tiers.get(tier),
            MeterRate::Missing | MeterRate::AgreedOnly(_) | MeterRate::Unasked => None,
        };
        let contracted_price = match self.rates.get(record.meter, record.region) {
            MeterRate::AgreedOnly(rate) => Some(*rate),
            _ => found.and_then(|tier| tier.contracted),
        };
        let list_price = found.and_then(|tier| tier.list);
        let keys = self.keys;
        let too_much = || CostError::TooMuch {
            usage_type: keys.meters[usize::from(record.meter)].usage_type.clone(),
            region: keys.regions[usize::from(record.region)].clone(),
            month: self.months[month],
        };
        let list = match list_price {
            None => None,
            Some(price) => Some(price.times(quantity).ok_or_else(too_much)?),
        };
        let contracted = match contracted_price {
            None => None,
            Some(_) if found.is_some_and(|tier| tier.is_list) => list,
            Some(price) => Some(price.times(quantity).ok_or_else(too_much)?),
        };
        let sku_price_id = found.and_then(|tier: &PricedTier<'_>| tier.sku_price_id);
        let tier = u16::try_from(tier + 1).unwrap_or(u16::MAX);
        let has_unknown = record.has_unknown;
        let part = Part {
            tier,
            quantity,
            has_unknown,
            sku_price_id,
            list_price,
            list,
            contracted_price,
            contracted,
        };
        self.hand_over(month, record, &part, sink)?;
        // An agreed rate prices usage of which nobody knows the list price, and stands in for it in the list cost.
        let cost = Cost {
            list: list.or(contracted).unwrap_or(Money::ZERO),
            contracted: contracted.unwrap_or(Money::ZERO),
        };
        if contracted.is_none() && (!quantity.is_zero() || record.has_unknown) {
            self.note_missing(record, quantity)?;
        }
        self.tally.add(month, record, cost).ok_or(CostError::Overflow)
    }

    /// Takes down the free part of a record, and the free tier it draws on.
    fn free_item(
        &mut self,
        month: usize,
        record: &UsageRecord,
        quantity: Quantity,
        sink: &mut Sink<'_>,
    ) -> Result<(), CostError> {
        if let Some(tier) = self.free.get(record.meter) {
            self.free_used.entry(record.meter).or_insert_with(|| UsedFreeTier {
                allowance: tier.row.allowance.clone(),
                service: tier.row.service.clone(),
                usage_type: tier.row.usage_type.clone(),
                unit: tier.row.unit.clone(),
                free_quantity: tier.row.free_quantity,
                confidence: tier.row.confidence,
                source: tier.row.source.clone(),
                table: tier.table.clone(),
            });
        }
        let nothing = UnitPrice::new(Decimal::ZERO);
        let part = Part {
            tier: LineItem::FREE_TIER,
            quantity,
            // What is unknown stands with the part that is not free.
            has_unknown: false,
            sku_price_id: None,
            list_price: Some(nothing),
            list: Some(Money::ZERO),
            contracted_price: Some(nothing),
            contracted: Some(Money::ZERO),
        };
        self.hand_over(month, record, &part, sink)?;
        self.tally.add(month, record, Cost::default()).ok_or(CostError::Overflow)
    }

    /// Hands a part of a record to the sink, if there is one.
    fn hand_over(
        &self,
        month: usize,
        record: &UsageRecord,
        part: &Part<'_>,
        sink: &mut Sink<'_>,
    ) -> Result<(), CostError> {
        let Some(sink) = sink else {
            return Ok(());
        };
        sink.take(&LineItem {
            record,
            month: self.months[month],
            account: &self.keys.accounts[record.account as usize],
            region: &self.keys.regions[usize::from(record.region)],
            meter: &self.keys.meters[usize::from(record.meter)],
            component: record.component,
            resource: &self.keys.resources[record.resource as usize],
            sku_price_id: part.sku_price_id,
            tier: part.tier,
            quantity: part.quantity,
            has_unknown: part.has_unknown,
            list_unit_price: part.list_price,
            list_cost: part.list,
            contracted_unit_price: part.contracted_price,
            contracted_cost: part.contracted,
            provenance: &self.keys.provenances[record.provenance as usize],
        })
        .map_err(CostError::Sink)
    }

    fn note_used(&mut self, place: Place) {
        if let MeterRate::Found { rate, .. } = self.rates.get(place.0, place.1) {
            let meter = &self.keys.meters[usize::from(place.0)];
            self.used.insert(
                place,
                UsedRate {
                    service: meter.service.clone(),
                    usage_type: meter.usage_type.clone(),
                    region: self.keys.regions[usize::from(place.1)].clone(),
                    confidence: rate.confidence,
                    source: rate.source.clone(),
                    table: rate.table.clone(),
                },
            );
        }
    }

    fn note_unknown(&mut self, record: &UsageRecord) {
        self.tally.mark_incomplete(record);
        let place = (record.meter, record.region);
        let meter = &self.keys.meters[usize::from(record.meter)];
        let unit_price = match self.rates.get(record.meter, record.region) {
            MeterRate::Found { tiers, .. } => tiers.first().and_then(|tier| tier.contracted),
            MeterRate::Missing | MeterRate::AgreedOnly(_) | MeterRate::Unasked => None,
        };
        self.unknown.entry((record.component, place)).or_insert_with(|| UnknownVolume {
            component: record.component,
            service: meter.service.clone(),
            usage_type: meter.usage_type.clone(),
            region: self.keys.regions[usize::from(record.region)].clone(),
            unit: meter.unit.clone(),
            unit_price,
        });
    }

    fn note_missing(&mut self, record: &UsageRecord, quantity: Quantity) -> Result<(), CostError> {
        self.tally.mark_incomplete(record);
        let place = (record.meter, record.region);
        let known_to_be_unknown =
            matches!(self.rates.get(record.meter, record.region), MeterRate::Found { .. });
        let meter = &self.keys.meters[usize::from(record.meter)];
        let missing = self.missing.entry(place).or_insert_with(|| MissingPrice {
            service: meter.service.clone(),
            usage_type: meter.usage_type.clone(),
            region: self.keys.regions[usize::from(record.region)].clone(),
            unit: meter.unit.clone(),
            component: record.component,
            quantity: Quantity::ZERO,
            known_to_be_unknown,
        });
        missing.quantity = missing.quantity.plus(quantity)?;
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Estimate, CostError> {
        let components = self.tally.components().ok_or(CostError::Overflow)?;
        let mut monthly = vec![Cost::default(); self.months.len()];
        for component in &components {
            for (total, cost) in monthly.iter_mut().zip(&component.months) {
                *total = total.plus(*cost).ok_or(CostError::Overflow)?;
            }
        }
        let mut total = Figures::of_months(&monthly).ok_or(CostError::Overflow)?;
        total.incomplete = components.iter().any(|component| component.figures.incomplete);
        Ok(Estimate {
            months: self.months.to_vec(),
            monthly,
            total,
            components,
            breakdowns: self.tally.breakdowns(self.keys),
            missing_prices: self.missing.into_values().collect(),
            unknown_volumes: self.unknown.into_values().collect(),
            rates: self.used.into_values().collect(),
            free_tiers: self.free_used.into_values().collect(),
        })
    }
}

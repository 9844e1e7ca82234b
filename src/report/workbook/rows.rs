//! The rows that a workbook shows: usage month by month with its cost, added up where there is too much of it.

use super::WorkbookError;
use super::facts::WorkbookFacts;
use crate::costing::{Cost, MeterPrice, estimate, meter_prices};
use crate::domain::{
    Component, LineItem, LineItemSink, MeterId, Quantity, SinkError, UsageKeys, UsageRecord, UsageSource,
};
use std::collections::{BTreeMap, BTreeSet};

/// So many quantities (rows × months) stand in a workbook one by one; of more, rows are added up.
const MOST_QUANTITIES: usize = 72_000;

/// How far usage is added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// A row for each account, Region, usage type and resource.
    Full,
    /// A row for each payer, Region, usage type and component.
    ByPayer,
    /// As before, but of all payers together. What has tiers or a free tier cannot follow then.
    AllPayers,
}

/// What a row is of. The order is the order in every sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowKey {
    /// The usage whose tiers it fills with others.
    pub(super) place: PoolKey,
    pub(super) component: Component,
    /// Position of the account, unless several are added up.
    pub(super) account: Option<u32>,
    /// Position of the resource, unless several are added up.
    pub(super) resource: Option<u32>,
    pub(super) provenance: u32,
}

/// Usage whose tiers are filled together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PoolKey {
    pub(super) meter: MeterId,
    pub(super) region: u16,
    /// Position of the payer, unless all are added up.
    pub(super) payer: Option<u32>,
}

/// A row in one month.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct MonthFigures {
    /// What is used.
    pub(super) quantity: Quantity,
    /// What of it is free.
    pub(super) free: Quantity,
    /// What it costs.
    pub(super) cost: Cost,
}

/// One row, month by month.
#[derive(Debug, Clone)]
pub(super) struct UsageRow {
    pub(super) key: RowKey,
    pub(super) months: Vec<MonthFigures>,
    /// Whether more is used, nobody knows how much.
    pub(super) has_unknown: bool,
    /// The number of accounts that are added up.
    pub(super) accounts: usize,
}

/// Usage whose tiers are filled together, with its rows.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    pub(super) key: PoolKey,
    /// Positions of its rows, one after the other.
    pub(super) rows: std::ops::Range<usize>,
    /// What falls into each tier, by month.
    pub(super) tiers: Vec<Vec<Quantity>>,
    /// Position of its price.
    pub(super) price: usize,
    /// Whether its figures stand as they are, because payers with tiers of their own are added up.
    pub(super) is_fixed: bool,
}

/// Everything that the sheets show of usage.
pub(super) struct Rows {
    pub(super) detail: Detail,
    pub(super) all: Vec<UsageRow>,
    pub(super) pools: Vec<Pool>,
    pub(super) prices: Vec<MeterPrice>,
}

impl Rows {
    /// Prices the usage once more and takes down what the sheets show.
    pub(super) fn new(facts: &WorkbookFacts<'_>) -> Result<Self, WorkbookError> {
        let keys = facts.usage.keys();
        let levels = [Detail::Full, Detail::ByPayer];
        let mut found = None;
        for detail in levels {
            if let Some(own) = row_keys(facts.usage, detail)? {
                found = Some((detail, own));
                break;
            }
        }
        let (detail, found) = match found {
            Some(found) => found,
            None => (Detail::AllPayers, row_keys(facts.usage, Detail::AllPayers)?.unwrap_or_default()),
        };
        let mut gathered = Gathered::new(keys, detail, found, facts.usage.months().len());
        let places: BTreeSet<(MeterId, u16)> =
            gathered.rows.iter().map(|row| (row.key.place.meter, row.key.place.region)).collect();
        let places: Vec<(MeterId, u16)> = places.into_iter().collect();
        let (terms, currency) = (&facts.model.terms, &facts.model.currency);
        let prices = meter_prices(keys, &places, facts.report.card, terms, currency)?;
        gathered.tiers_of(&prices);
        estimate(facts.usage, facts.report.card, facts.free_tiers, terms, currency, Some(&mut gathered))?;
        let Gathered { rows, tiers, .. } = gathered;
        let pools = pools(&rows, &tiers, &prices, detail, |meter| {
            facts.free_tiers.of(&keys.meters[usize::from(meter)]).is_some()
        });
        Ok(Self { detail, all: rows, pools, prices })
    }

    /// Returns the price of a pool.
    pub(super) fn price(&self, pool: &Pool) -> &MeterPrice {
        &self.prices[pool.price]
    }
}

fn key_of(record: &UsageRecord, keys: &UsageKeys, detail: Detail) -> RowKey {
    let payer = match detail {
        Detail::Full | Detail::ByPayer => Some(keys.pools[record.account as usize]),
        Detail::AllPayers => None,
    };
    let is_full = detail == Detail::Full;
    RowKey {
        place: PoolKey { meter: record.meter, region: record.region, payer },
        component: record.component,
        account: is_full.then_some(record.account),
        resource: is_full.then_some(record.resource),
        provenance: if is_full { record.provenance } else { 0 },
    }
}

/// Returns the keys of all rows, or nothing when they are too many.
fn row_keys(usage: &dyn UsageSource, detail: Detail) -> Result<Option<BTreeSet<RowKey>>, WorkbookError> {
    let months = usage.months().len();
    let most = if detail == Detail::AllPayers { usize::MAX } else { MOST_QUANTITIES / months.max(1) };
    let mut found = BTreeSet::new();
    let mut records = Vec::new();
    for month in 0..months {
        usage.records(month, &mut records)?;
        for record in &records {
            found.insert(key_of(record, usage.keys(), detail));
            if found.len() > most {
                return Ok(None);
            }
        }
    }
    Ok(Some(found))
}

/// Takes line items down, row by row and tier by tier.
struct Gathered<'a> {
    keys: &'a UsageKeys,
    detail: Detail,
    position: BTreeMap<RowKey, usize>,
    rows: Vec<UsageRow>,
    /// The accounts seen of each row that adds several up.
    accounts: Vec<Vec<bool>>,
    tiers: BTreeMap<PoolKey, Vec<Vec<Quantity>>>,
    months: usize,
    first: Option<crate::domain::Month>,
}

impl<'a> Gathered<'a> {
    fn new(keys: &'a UsageKeys, detail: Detail, found: BTreeSet<RowKey>, months: usize) -> Self {
        let rows: Vec<UsageRow> = found
            .into_iter()
            .map(|key| UsageRow {
                key,
                months: vec![MonthFigures::default(); months],
                has_unknown: false,
                accounts: 0,
            })
            .collect();
        Self {
            keys,
            detail,
            position: rows.iter().zip(0..).map(|(row, at)| (row.key, at)).collect(),
            accounts: vec![Vec::new(); rows.len()],
            rows,
            tiers: BTreeMap::new(),
            months,
            first: None,
        }
    }

    /// Makes room for what falls into each tier.
    fn tiers_of(&mut self, prices: &[MeterPrice]) {
        for row in &self.rows {
            let key = row.key.place;
            let tiers = price_at(prices, key).map_or(1, |at| prices[at].tiers.len());
            self.tiers.entry(key).or_insert_with(|| vec![vec![Quantity::ZERO; self.months]; tiers]);
        }
    }

    fn see(&mut self, at: usize, account: u32) {
        let seen = &mut self.accounts[at];
        seen.resize(self.keys.accounts.len(), false);
        if !std::mem::replace(&mut seen[account as usize], true) {
            self.rows[at].accounts += 1;
        }
    }
}

/// Says that a figure is past what can be held.
fn too_large(error: impl std::error::Error + Send + Sync + 'static) -> SinkError {
    SinkError(Box::new(error))
}

impl LineItemSink for Gathered<'_> {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        let first = *self.first.get_or_insert(item.month);
        let month = usize::try_from(item.month.months_since(first)).unwrap_or_default();
        let key = key_of(item.record, self.keys, self.detail);
        let Some(&at) = self.position.get(&key) else {
            return Ok(());
        };
        self.see(at, item.record.account);
        let row = &mut self.rows[at];
        row.has_unknown |= item.record.has_unknown;
        let own = &mut row.months[month];
        own.quantity = own.quantity.plus(item.quantity).map_err(too_large)?;
        if item.tier == LineItem::FREE_TIER {
            own.free = own.free.plus(item.quantity).map_err(too_large)?;
            return Ok(());
        }
        let cost = Cost {
            list: item.list_cost.or(item.contracted_cost).unwrap_or_default(),
            contracted: item.contracted_cost.unwrap_or_default(),
        };
        own.cost = own.cost.plus(cost).ok_or_else(|| too_large(crate::costing::CostError::Overflow))?;
        let tier = usize::from(item.tier).saturating_sub(1);
        if let Some(slice) = self.tiers.get_mut(&key.place).and_then(|tiers| tiers.get_mut(tier)) {
            slice[month] = slice[month].plus(item.quantity).map_err(too_large)?;
        }
        Ok(())
    }
}

fn price_at(prices: &[MeterPrice], key: PoolKey) -> Option<usize> {
    prices.binary_search_by_key(&(key.meter, key.region), |price| (price.meter, price.region)).ok()
}

/// Puts rows that stand one after the other into pools.
fn pools(
    rows: &[UsageRow],
    tiers: &BTreeMap<PoolKey, Vec<Vec<Quantity>>>,
    prices: &[MeterPrice],
    detail: Detail,
    has_free_tier: impl Fn(MeterId) -> bool,
) -> Vec<Pool> {
    let mut at = 0;
    let mut pools: Vec<Pool> = rows
        .chunk_by(|one, other| one.key.place == other.key.place)
        .filter_map(|members| {
            let key = members.first()?.key.place;
            let range = at..at + members.len();
            at = range.end;
            let price = price_at(prices, key)?;
            let is_shared = prices[price].tiers.len() > 1 || has_free_tier(key.meter);
            let is_fixed = detail == Detail::AllPayers && is_shared;
            Some(Pool {
                key,
                rows: range,
                tiers: tiers.get(&key).cloned().unwrap_or_default(),
                price,
                is_fixed,
            })
        })
        .collect();
    pools.sort_by_key(|pool| (rows[pool.rows.start].key.component, pool.key));
    pools
}

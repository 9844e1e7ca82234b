//! Where everything stands, so that formulas of one sheet can name cells of another.

use super::course::Course;
use super::facts::WorkbookFacts;
use super::rows::Rows;
use crate::domain::{Component, GrowthCategory};
use std::collections::BTreeMap;

/// Names of sheets. Those that formulas name need no quotes.
pub(super) const SUMMARY: &str = "Summary";
pub(super) const VOLUMES: &str = "Volumes";
pub(super) const GROWTH: &str = "Growth";
pub(super) const PRICES: &str = "Prices";
pub(super) const MONTHS: &str = "Months";
pub(super) const LINE_ITEMS: &str = "Line items";
pub(super) const NOTES: &str = "Notes";

/// The row of headings on sheets with a table.
pub(super) const HEADING_ROW: u32 = 3;
/// The first row below them.
pub(super) const FIRST_ROW: u32 = HEADING_ROW + 1;
/// The first month's column on the sheets with months.
pub(super) const FIRST_MONTH: u16 = 6;
/// The edited quantity's column on [`VOLUMES`].
pub(super) const VOLUME_COLUMN: u16 = 8;

/// Columns of [`PRICES`].
pub(super) const TIER_BEGIN: u16 = 5;
pub(super) const TIER_END: u16 = 6;
pub(super) const LIST_PRICE: u16 = 7;
pub(super) const DISCOUNT: u16 = 8;
pub(super) const OWN_PRICE: u16 = 9;
pub(super) const PRICE_USED: u16 = 10;

/// The lines of a pool on [`MONTHS`]; lines of its rows are in the rows' order.
#[derive(Debug, Default)]
pub(super) struct PoolLines {
    pub(super) heading: u32,
    pub(super) quantity: Vec<u32>,
    pub(super) free: Vec<u32>,
    pub(super) billed: Option<u32>,
    pub(super) tiers: Vec<u32>,
    pub(super) tiers_list: Option<u32>,
    pub(super) tiers_cost: Option<u32>,
    pub(super) list: Vec<u32>,
    pub(super) cost: Vec<u32>,
}

/// What is free together: its lines, and what draws on it.
#[derive(Debug)]
pub(super) struct Allowance {
    pub(super) payer: Option<u32>,
    /// Its position among the free tiers.
    pub(super) number: u16,
    pub(super) name: String,
    /// Positions of the pools that draw on it.
    pub(super) pools: Vec<usize>,
    pub(super) drawn: u32,
    pub(super) share: u32,
    /// Its row on [`PRICES`].
    pub(super) price_row: u32,
}

/// Where everything stands; rows count from 0.
pub(super) struct Layout {
    /// Rows of [`VOLUMES`], by row.
    pub(super) volumes: Vec<u32>,
    /// Rows of [`GROWTH`] with the factors of a category.
    pub(super) categories: BTreeMap<GrowthCategory, u32>,
    /// Rows of [`GROWTH`] with quantities of their own, by row.
    pub(super) own: BTreeMap<usize, u32>,
    /// First rows of [`PRICES`], by price.
    pub(super) prices: Vec<u32>,
    /// The heading of what is free, on [`PRICES`].
    pub(super) free_heading: u32,
    pub(super) allowances: Vec<Allowance>,
    /// Rows of [`MONTHS`] with components.
    pub(super) components: Vec<(Component, u32)>,
    pub(super) total: u32,
    pub(super) list_total: Option<u32>,
    /// The row of [`MONTHS`] with what charts do not name.
    pub(super) others: Option<u32>,
    /// By pool.
    pub(super) pools: Vec<PoolLines>,
    pub(super) last_line: u32,
    pub(super) months: u16,
    pub(super) years: u16,
}

/// Hands out one row after the other.
struct Counter(u32);

impl Counter {
    fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0 - 1
    }

    fn several(&mut self, count: usize) -> Vec<u32> {
        (0..count).map(|_| self.next()).collect()
    }
}

impl Layout {
    pub(super) fn new(facts: &WorkbookFacts<'_>, rows: &Rows, courses: &[Course], has_others: bool) -> Self {
        let mut volumes = vec![0; rows.all.len()];
        let mut counter = Counter(FIRST_ROW);
        for at in rows.pools.iter().flat_map(|pool| pool.rows.clone()) {
            volumes[at] = counter.next();
        }
        let mut counter = Counter(FIRST_ROW);
        let used = |wanted: GrowthCategory| {
            courses.iter().any(|own| matches!(own, Course::Grown { category, .. } if *category == wanted))
        };
        let categories = GrowthCategory::ALL
            .into_iter()
            .filter(|&own| used(own))
            .map(|own| (own, counter.next()))
            .collect();
        counter.several(2);
        let in_order = rows.pools.iter().flat_map(|pool| pool.rows.clone());
        let own = in_order.filter(|&at| courses[at] == Course::Own).map(|at| (at, counter.next())).collect();
        let mut counter = Counter(FIRST_ROW);
        let mut prices = vec![0; rows.prices.len()];
        for pool in &rows.pools {
            if prices[pool.price] == 0 {
                prices[pool.price] = counter.0;
                counter.several(rows.price(pool).tiers.len());
            }
        }
        counter.next();
        let free_heading = counter.next();
        let mut allowances = allowances(facts, rows, &mut counter);
        let mut counter = Counter(FIRST_ROW);
        let components: Vec<_> =
            facts.report.estimate.components.iter().map(|own| (own.component, counter.next())).collect();
        let total = counter.next();
        let list_total = facts.has_terms().then(|| counter.next());
        let others = has_others.then(|| counter.next());
        for allowance in &mut allowances {
            counter.next();
            (allowance.drawn, allowance.share) = (counter.next(), counter.next());
        }
        counter.next();
        let pools = (0..rows.pools.len())
            .map(|at| {
                let is_free = allowances.iter().any(|own| own.pools.contains(&at));
                pool_lines(facts, rows, at, is_free, &mut counter)
            })
            .collect();
        let months = facts.usage.months().len();
        let column = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        Self {
            volumes,
            categories,
            own,
            prices,
            free_heading,
            allowances,
            components,
            total,
            list_total,
            others,
            pools,
            last_line: counter.0.saturating_sub(1),
            months: column(months),
            years: column(months.div_ceil(12)),
        }
    }

    /// The column of a month.
    pub(super) fn month(month: usize) -> u16 {
        FIRST_MONTH + u16::try_from(month).unwrap_or_default()
    }

    /// The column of a year's sum on [`MONTHS`].
    pub(super) fn year(&self, year: usize) -> u16 {
        FIRST_MONTH + self.months + u16::try_from(year).unwrap_or_default()
    }

    /// The column of the sum of all months on [`MONTHS`].
    pub(super) fn whole(&self) -> u16 {
        FIRST_MONTH + self.months + self.years
    }
}

/// Returns what is free together, where anything is.
fn allowances(facts: &WorkbookFacts<'_>, rows: &Rows, counter: &mut Counter) -> Vec<Allowance> {
    let mut found: BTreeMap<(u16, Option<u32>), Vec<usize>> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for (at, pool) in rows.pools.iter().enumerate().filter(|(_, pool)| !pool.is_fixed) {
        if let Some(tier) = facts.free_tiers.of(&facts.keys().meters[usize::from(pool.key.meter)]) {
            found.entry((tier.allowance, pool.key.payer)).or_default().push(at);
            names.insert(tier.allowance, tier.row.allowance.clone());
        }
    }
    let price_rows: BTreeMap<u16, u32> = names.keys().map(|&number| (number, counter.next())).collect();
    found
        .into_iter()
        .map(|((number, payer), pools)| Allowance {
            payer,
            number,
            name: names.get(&number).cloned().unwrap_or_default(),
            pools,
            drawn: 0,
            share: 0,
            price_row: price_rows.get(&number).copied().unwrap_or_default(),
        })
        .collect()
}

fn pool_lines(
    facts: &WorkbookFacts<'_>,
    rows: &Rows,
    at: usize,
    is_free: bool,
    counter: &mut Counter,
) -> PoolLines {
    let pool = &rows.pools[at];
    let tiers = rows.price(pool).tiers.len();
    let is_tiered = tiers > 1 && !pool.is_fixed;
    let count = pool.rows.len();
    let shows_list = facts.has_terms();
    PoolLines {
        heading: counter.next(),
        quantity: counter.several(count),
        free: if is_free { counter.several(count) } else { Vec::new() },
        billed: is_tiered.then(|| counter.next()),
        tiers: if is_tiered { counter.several(tiers) } else { Vec::new() },
        tiers_list: (is_tiered && shows_list).then(|| counter.next()),
        tiers_cost: is_tiered.then(|| counter.next()),
        list: if shows_list { counter.several(count) } else { Vec::new() },
        cost: counter.several(count),
    }
}

//! The estimate: usage × rates, month by month.

use super::error::CostError;
use super::run::Run;
use super::tally::{Breakdown, ComponentCost, Cost, Dimension, Figures};
use crate::domain::{
    Component, Currency, LineItemSink, Month, Quantity, RegionCode, Term, Unit, UnitPrice, UsageSource,
};
use crate::pricing::{Confidence, FreeTiers, RateCard};

/// A price that usage needs and no table has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingPrice {
    /// The service's code.
    pub service: String,
    /// The usage type.
    pub usage_type: String,
    /// The Region.
    pub region: RegionCode,
    /// The unit.
    pub unit: Unit,
    /// The component.
    pub component: Component,
    /// The quantity over the horizon that is left without a price.
    pub quantity: Quantity,
    /// Whether a table says that the price is unknown; otherwise no table has a row.
    pub known_to_be_unknown: bool,
}

/// Usage whose volume is unknown, with the price of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownVolume {
    /// The component.
    pub component: Component,
    /// The service's code.
    pub service: String,
    /// The usage type.
    pub usage_type: String,
    /// The Region.
    pub region: RegionCode,
    /// The unit.
    pub unit: Unit,
    /// The agreed price of a unit in the first tier, if a table has it.
    pub unit_price: Option<UnitPrice>,
}

/// A rate that the estimate rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedRate {
    /// The service's code.
    pub service: String,
    /// The usage type.
    pub usage_type: String,
    /// The Region.
    pub region: RegionCode,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it was read.
    pub source: String,
    /// The table it stands in.
    pub table: String,
}

/// A free tier that the estimate rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedFreeTier {
    /// The allowance that the usage type draws on.
    pub allowance: String,
    /// The service's code.
    pub service: String,
    /// The usage type.
    pub usage_type: String,
    /// The unit.
    pub unit: Unit,
    /// What is free of the whole allowance each month, per payer.
    pub free_quantity: Quantity,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it was read.
    pub source: String,
    /// The table it stands in.
    pub table: String,
}

/// What everything costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// The months covered.
    pub months: Vec<Month>,
    /// The cost of each month.
    pub monthly: Vec<Cost>,
    /// The whole.
    pub total: Figures,
    /// The same by component, in report order; components without usage are left out.
    pub components: Vec<ComponentCost>,
    /// The same by account, Region, resource and usage type.
    pub breakdowns: Vec<Breakdown>,
    /// Prices that are missing.
    pub missing_prices: Vec<MissingPrice>,
    /// Volumes that are unknown.
    pub unknown_volumes: Vec<UnknownVolume>,
    /// The rates used.
    pub rates: Vec<UsedRate>,
    /// The free tiers drawn on.
    pub free_tiers: Vec<UsedFreeTier>,
}

impl Estimate {
    /// Tells whether everything charged could be priced.
    pub fn is_complete(&self) -> bool {
        !self.total.incomplete
    }

    /// Returns the breakdown by a dimension.
    pub fn breakdown(&self, dimension: Dimension) -> Option<&Breakdown> {
        self.breakdowns.iter().find(|breakdown| breakdown.dimension == dimension)
    }
}

/// Estimates of fewer accounts than this are not worth a second thread.
const ACCOUNTS_WORTH_THREADS: usize = 50;

/// Prices usage. Every line item goes to `sink`, if there is one, in the order of the records.
///
/// What `free_tiers` makes free is taken away before tiers apply and is a line item of its own
/// ([`LineItem::FREE_TIER`](crate::domain::LineItem::FREE_TIER)); by default nothing is free.
///
/// Months are priced on several threads when there is no sink and there are many accounts; all sums are exact, so that
/// the result is the same.
///
/// # Errors
/// [`CostError`] when a price is ambiguous or does not fit, a figure is too large, or the sink fails. A missing price is
/// no error: the rest is priced and the estimate is incomplete.
pub fn estimate(
    usage: &(dyn UsageSource + Sync),
    card: &RateCard,
    free_tiers: &FreeTiers,
    terms: &[Term],
    currency: &Currency,
    sink: Option<&mut dyn LineItemSink>,
) -> Result<Estimate, CostError> {
    let months = usage.months().len();
    let new_run = || Run::new(usage, card, free_tiers, terms, currency);
    let threads = match sink {
        None if usage.keys().accounts.len() >= ACCOUNTS_WORTH_THREADS => {
            std::thread::available_parallelism().map_or(1, usize::from).min(months).min(MOST_THREADS)
        }
        _ => 1,
    };
    let finish = |run: Run<'_>| {
        let mut estimate = run.finish()?;
        estimate.total.incomplete |= usage.leaves_out_volumes();
        Ok(estimate)
    };
    if threads <= 1 {
        return finish(new_run().all(usage, 0, 1, sink)?);
    }
    let runs: Vec<_> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || new_run().all(usage, first, threads, None)))
            .collect();
        handles.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
    });
    let mut whole: Option<Run<'_>> = None;
    for run in runs {
        let run = match run {
            Ok(run) => run?,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        match &mut whole {
            None => whole = Some(run),
            Some(whole) => whole.merge(run)?,
        }
    }
    finish(whole.unwrap_or_else(new_run))
}

/// More threads than this only cost memory.
const MOST_THREADS: usize = 8;

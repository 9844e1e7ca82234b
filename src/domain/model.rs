//! The model: the one type that every source fills, usage reads, and every lever changes.

use super::account::AccountId;
use super::benefit::Benefit;
use super::demands::Demands;
use super::evidence::Measured;
use super::fixed::parse_decimal;
use super::growth::Growth;
use super::inventory::Inventory;
use super::money::Currency;
use super::period::Month;
use super::ranges::counts_things;
use super::terms::Term;
use super::volume::{AmountRange, Observations};
use rust_decimal::Decimal;

/// The longest horizon, in months.
pub const MAX_HORIZON_MONTHS: u32 = 120;

/// The months that an estimate covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// The first month.
    pub start: Month,
    /// The number of months, 1 to [`MAX_HORIZON_MONTHS`].
    pub months: u32,
}

/// A figure or setting that the scenario did not state, with the reason why this one is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// The name it has among the defaults; a figure has the same name under `[assumptions]`.
    pub id: String,
    /// The figure or setting; of a range the likely figure.
    pub value: String,
    /// The range that the figure lies in, if it is one.
    pub range: Option<AmountRange>,
    /// A figure's unit; empty for a setting.
    pub unit: String,
    /// What it means.
    pub meaning: String,
    /// Where it was read, or who states it.
    pub source: String,
    /// Whether the scenario states it itself; it is then no assumption of ours.
    pub declared: bool,
    /// Whether something was read with it already; a figure's use shows when quantities are derived.
    pub used: bool,
}

impl Assumption {
    /// Returns the figure; nothing for a setting.
    pub fn figure(&self) -> Option<Decimal> {
        parse_decimal(&self.value).ok().filter(|_| !self.unit.is_empty())
    }

    /// Tells whether the figure counts things, so that it must be whole.
    pub fn is_whole(&self) -> bool {
        counts_things(&self.unit)
    }

    /// Tells whether the figure is a share of something, which may be nothing at all.
    pub fn is_share(&self) -> bool {
        self.unit == "of 1"
    }
}

/// What kind of thing is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapKind {
    /// A volume that is charged but unknown.
    Volume,
    /// A charge that this estimate leaves out.
    NotIncluded,
    /// Events that nothing records.
    Coverage,
    /// Something that a measurement was not let to see.
    NotSeen,
}

impl GapKind {
    /// Returns the word used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Volume => "volume",
            Self::NotIncluded => "not_included",
            Self::Coverage => "coverage",
            Self::NotSeen => "not_seen",
        }
    }
}

/// Something that could not be seen or told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// What kind of thing.
    pub kind: GapKind,
    /// What is not known, in one sentence without a full stop.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

/// Everything known about what is configured and what happens.
///
/// A source fills it (a scenario file, an account, a bill), the usage room turns it into billable quantities, and a
/// what-if is a changed copy of it. It holds no price and no result.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The name shown on every report.
    pub name: String,
    /// The files that provenances point into.
    pub sources: Vec<String>,
    /// The currency of every amount.
    pub currency: Currency,
    /// The months covered.
    pub horizon: Horizon,
    /// Whether accounts share a payer, and so the volume tiers (AWS Billing guide, consolidated billing).
    pub consolidated_billing: bool,
    /// Whether monthly free tiers are still free: a payer's accounts share them (AWS Billing guide, consolidated billing).
    pub free_tier: bool,
    /// What is configured.
    pub inventory: Inventory,
    /// What happens.
    pub observations: Observations,
    /// How volumes grow.
    pub growth: Growth,
    /// Private pricing.
    pub terms: Vec<Term>,
    /// What must be kept.
    pub demands: Demands,
    /// What the logs bring, if it is stated.
    pub benefit: Option<Benefit>,
    /// Figures that were not stated, by id.
    pub assumptions: Vec<Assumption>,
    /// What could not be seen.
    pub gaps: Vec<Gap>,
    /// When the volumes were measured; nothing where they are imagined.
    pub measured: Option<Measured>,
}

impl Model {
    /// Returns a model in US dollars in which nothing is configured and nothing happens; accounts share a payer, and free tiers
    /// are used up.
    pub fn empty(name: String, source: String, horizon: Horizon, assumptions: Vec<Assumption>) -> Self {
        Self {
            name,
            sources: vec![source],
            currency: Currency::usd(),
            horizon,
            consolidated_billing: true,
            free_tier: false,
            inventory: Inventory::default(),
            observations: Observations::default(),
            growth: Growth::default(),
            terms: Vec::new(),
            demands: Demands::default(),
            benefit: None,
            assumptions,
            gaps: Vec::new(),
            measured: None,
        }
    }

    /// Returns the months of the horizon.
    pub fn months(&self) -> Vec<Month> {
        (0..self.horizon.months).map_while(|index| self.horizon.start.plus(index)).collect()
    }

    /// Tells whether anything is charged by another service than CloudTrail.
    pub fn has_other_services(&self) -> bool {
        self.observations.volumes.iter().any(|volume| volume.service != "AWSCloudTrail")
            || !self.inventory.direct_deliveries.is_empty()
            || self.inventory.has_chain()
    }

    /// Returns an assumption's figure.
    pub fn assumption(&self, id: &str) -> Option<&Assumption> {
        self.assumptions.iter().find(|assumption| assumption.id == id)
    }

    /// Returns the payer under which an account's usage is pooled; `None` is the payer that the accounts share.
    pub fn payer_of(&self, account: &AccountId) -> Option<AccountId> {
        if !self.consolidated_billing {
            return Some(account.clone());
        }
        self.inventory
            .accounts
            .iter()
            .find(|candidate| &candidate.id == account)
            .and_then(|candidate| candidate.payer.clone())
    }
}

//! One month as it was recorded: what was measured, estimated and billed, what was planned, and what changed.

use super::account::AccountId;
use super::bill::ChargeCategory;
use super::component::Component;
use super::money::{Currency, Money};
use super::period::{Date, Month};
use super::quantity::Quantity;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was recorded of a month. Parts that were not recorded are absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The month.
    pub month: Month,
    /// The currency of every amount.
    pub currency: Currency,
    /// What the measured volumes cost.
    pub measured: Option<RecordedCost>,
    /// What a scenario said that the month would cost.
    pub estimate: Option<RecordedCost>,
    /// What was billed.
    pub bill: Option<RecordedCost>,
    /// What was recommended.
    pub plan: Option<RecordedPlan>,
    /// Changes of what is recorded, as logs tell them.
    pub changes: Vec<RecordedChange>,
    /// What days cost: as billed, or what was delivered in logs at list prices.
    pub daily: BTreeMap<CostKind, RecordedDays>,
    /// Accounts of which more is known than the id.
    pub accounts: BTreeMap<AccountId, RecordedAccount>,
}

impl Snapshot {
    /// Returns a month of which nothing is recorded yet.
    pub fn empty(month: Month, currency: Currency) -> Self {
        Self {
            month,
            currency,
            measured: None,
            estimate: None,
            bill: None,
            plan: None,
            changes: Vec::new(),
            daily: BTreeMap::new(),
            accounts: BTreeMap::new(),
        }
    }

    /// Returns what the month cost, as far as it is known: as billed, else as measured, else as estimated.
    pub fn cost(&self) -> Option<(CostKind, &RecordedCost)> {
        let all = [
            (CostKind::Bill, &self.bill),
            (CostKind::Measurement, &self.measured),
            (CostKind::Estimate, &self.estimate),
        ];
        all.into_iter().find_map(|(kind, cost)| Some((kind, cost.as_ref()?)))
    }
}

/// What a cost is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CostKind {
    /// It was billed.
    Bill,
    /// Measured volumes at the prices of the tables.
    Measurement,
    /// Volumes of a scenario at the prices of the tables.
    Estimate,
}

impl CostKind {
    /// Returns the word shown to people and machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bill => "bill",
            Self::Measurement => "measurement",
            Self::Estimate => "estimate",
        }
    }

    /// Returns how amounts of this kind came to be, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Bill => "billed",
            Self::Measurement => "measured volumes at table prices",
            Self::Estimate => "a scenario's volumes at table prices",
        }
    }
}

/// The cost of a month, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedCost {
    /// What it was made of: the scenario's name, or the formats of the bill.
    pub about: String,
    /// The files that it was read from.
    pub sources: Vec<String>,
    /// The days measured, the first and the last, where volumes were.
    pub days: Option<(Date, Date)>,
    /// The date of the newest price used.
    pub prices_as_of: Option<Date>,
    /// Whether everything could be priced.
    pub complete: bool,
    /// What could not be seen, each as a sentence without full stop.
    pub gaps: Vec<String>,
    /// Where the prices stand and come from, by service, usage type and Region.
    pub rates: Vec<RecordedRate>,
    /// The lines, by their keys.
    pub lines: Vec<RecordedLine>,
}

/// What the days of a month cost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordedDays {
    /// The days that are known from their first hour to their last, in order.
    pub covered: Vec<Date>,
    /// By account and component; of those days, what is not named cost nothing.
    pub costs: Vec<DailyCost>,
}

/// What an account paid for a component on the days of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyCost {
    /// The account; empty where a bill names none.
    pub account: Arc<str>,
    /// The component; nothing where the tables do not know the usage type.
    pub component: Option<Component>,
    /// The cost of each day with any.
    pub days: BTreeMap<Date, Money>,
}

/// A price that a cost rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordedRate {
    /// The service's code.
    pub service: String,
    /// The usage type.
    pub usage_type: String,
    /// The Region's code.
    pub region: String,
    /// The table it stands in.
    pub table: String,
    /// Where it was read.
    pub source: String,
}

/// What one account paid for one usage type in one Region and at one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedLine {
    /// The account; empty where a bill names none.
    pub account: Arc<str>,
    /// The Region's code; empty where a bill names none.
    pub region: Arc<str>,
    /// The service's code.
    pub service: Arc<str>,
    /// The usage type without Region prefix; empty where a bill names none.
    pub usage_type: Arc<str>,
    /// The component; nothing where the tables do not know the usage type.
    pub component: Option<Component>,
    /// The trail, event data store, bucket or whatever else is charged; empty where nobody says.
    pub resource: Arc<str>,
    /// What kind of charge.
    pub category: ChargeCategory,
    /// The unit.
    pub unit: Arc<str>,
    /// The quantity in units; zero where it means nothing.
    pub quantity: Quantity,
    /// The cost at list price, where it is known.
    pub list_cost: Option<Money>,
    /// The cost: as billed, or at the agreed price; nothing where it is unknown.
    pub cost: Option<Money>,
    /// Where the quantity comes from, such as `scenario.toml:12`.
    pub provenance: Arc<str>,
}

/// What was recommended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordedPlan {
    /// What the average month would cost without it.
    pub before: Money,
    /// What it would cost with it.
    pub after: Money,
    /// The actions, in the plan's order.
    pub actions: Vec<RecordedAction>,
}

/// An action of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedAction {
    /// The id of the rule.
    pub rule: String,
    /// What to do.
    pub title: String,
    /// Why.
    pub why: String,
    /// What it changes, as kind, name, account and Region; the latter two are empty where nobody knows.
    pub sites: Vec<[String; 4]>,
    /// What it saves in the average month, after the actions before it.
    pub saves: Money,
    /// How much work it is.
    pub effort: String,
    /// What is given up by it: the level and what, in words.
    pub gives_up: (String, Vec<String>),
}

/// A change of what is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedChange {
    /// `eventTime`
    pub time: String,
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// The call.
    pub event_name: String,
    /// The trail or event data store.
    pub subject: String,
    /// Who called.
    pub who: String,
    /// What it added to a month at list prices, where that is known.
    pub added: Option<Money>,
}

/// What is known of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordedAccount {
    /// Its name.
    pub name: Option<String>,
    /// Its allocation tags by key.
    pub tags: BTreeMap<String, String>,
}

//! Months of the history, summed one by one: no more than one is held.

use super::anomalies::Daily;
use super::effects::Usage;
use super::last_month::{LastMonth, is_usage};
use super::period::Period;
use super::sum::{OfThree, Sum, Used};
use super::unit_cost::recorded_events;
use crate::domain::{
    ChargeCategory, Component, CostKind, Currency, Date, Month, Quantity, RecordedAccount, RecordedChange,
    RecordedCost, RecordedLine, RecordedPlan, Snapshot,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What rows of a report stand for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grouping {
    /// Accounts.
    Account,
    /// Regions.
    Region,
    /// Trails, event data stores, buckets.
    Resource,
    /// The value of an allocation tag.
    Tag(String),
}

/// A month of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthFacts {
    /// The month.
    pub month: Month,
    /// What its cost is.
    pub kind: CostKind,
    /// Usage with its discounts.
    pub total: Sum,
    /// The same by component; nothing for what the tables do not know, and for discounts that name none.
    pub components: BTreeMap<Option<Component>, Sum>,
    /// Credits, refunds, tax and fees, which are no part of the total.
    pub others: BTreeMap<ChargeCategory, Sum>,
    /// What it was made of.
    pub about: String,
    /// The files.
    pub sources: Vec<String>,
    /// The days measured or billed.
    pub days: Option<(Date, Date)>,
    /// The date of the newest price.
    pub prices_as_of: Option<Date>,
    /// Events that were recorded, each copy for itself.
    pub events: Quantity,
    /// Accounts that used anything.
    pub accounts: usize,
    /// What could not be seen.
    pub gaps: Vec<String>,
    /// What the estimate of the month had said, where it was recorded beside a bill or a measurement.
    pub expected: Option<Sum>,
    /// The measurement of the month, where it was recorded beside a bill.
    pub measured: Option<Sum>,
}

/// The quantities of one usage type in one Region: what a forecast is made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeriesKey {
    /// The service's code.
    pub service: Arc<str>,
    /// The usage type.
    pub usage_type: Arc<str>,
    /// The Region's code.
    pub region: Arc<str>,
    /// The unit.
    pub unit: Arc<str>,
    /// The component.
    pub component: Option<Component>,
}

/// An account, a resource and a component.
pub(super) type ShareKey = (Arc<str>, Arc<str>, Option<Component>);

/// Everything that a report is made of.
#[derive(Debug)]
pub struct MonthlyFacts {
    pub(super) period: Period,
    pub(super) currency: Option<Currency>,
    pub(super) months: Vec<MonthFacts>,
    pub(super) groups: BTreeMap<Grouping, BTreeMap<String, OfThree<Sum>>>,
    pub(super) usage: Usage,
    pub(super) movers: BTreeMap<(Arc<str>, Option<Component>), OfThree<Sum>>,
    pub(super) series: BTreeMap<SeriesKey, BTreeMap<Month, Used>>,
    /// Costs by resource and account, of the month with the earlier plan and of the period's last one.
    pub(super) by_resource: BTreeMap<(Arc<str>, Arc<str>), [Sum; 2]>,
    /// Costs of the period by account, resource and component: what may be divided among accounts.
    pub(super) shareable: BTreeMap<ShareKey, Sum>,
    /// Events of the period by account.
    pub(super) events: BTreeMap<Arc<str>, Quantity>,
    pub(super) plan: Option<RecordedPlan>,
    /// The plan of the month before the last one, with that month.
    pub(super) earlier_plan: Option<(Month, RecordedPlan)>,
    pub(super) changes: Vec<RecordedChange>,
    /// Changes of the period and the month before it.
    pub(super) near_changes: Vec<RecordedChange>,
    pub(super) daily: Daily,
    pub(super) accounts: BTreeMap<String, RecordedAccount>,
    pub(super) tag_keys: BTreeSet<String>,
    /// The last month of the period that has a cost, line by line.
    pub(super) last_month: Option<LastMonth>,
}

/// What stands for a tag that an account does not have.
pub(super) const UNTAGGED: &str = "(no value)";

impl MonthlyFacts {
    /// Begins a report of a period.
    pub fn new(period: Period) -> Self {
        Self {
            period,
            currency: None,
            months: Vec::new(),
            groups: BTreeMap::new(),
            usage: Usage::new(),
            movers: BTreeMap::new(),
            series: BTreeMap::new(),
            by_resource: BTreeMap::new(),
            shareable: BTreeMap::new(),
            events: BTreeMap::new(),
            plan: None,
            earlier_plan: None,
            changes: Vec::new(),
            near_changes: Vec::new(),
            daily: Daily::default(),
            accounts: BTreeMap::new(),
            tag_keys: BTreeSet::new(),
            last_month: None,
        }
    }

    /// Returns the months recorded so far.
    pub fn months(&self) -> &[MonthFacts] {
        &self.months
    }

    /// Adds a month; they come in order. Months in another currency than the first are left out, and that is returned.
    pub fn add(&mut self, own: &Snapshot) -> Result<(), Currency> {
        if self.currency.get_or_insert_with(|| own.currency.clone()) != &own.currency {
            return Err(own.currency.clone());
        }
        for (id, account) in &own.accounts {
            self.tag_keys.extend(account.tags.keys().cloned());
            self.accounts.insert(id.to_string(), account.clone());
        }
        let is_last = own.month == self.period.last();
        let is_before_last = own.month.plus(1) == Some(self.period.last());
        if is_last {
            self.plan.clone_from(&own.plan);
        }
        if is_before_last {
            self.earlier_plan = own.plan.clone().map(|plan| (own.month, plan));
        }
        let slots = self.period.slots(own.month);
        if slots[0] {
            self.changes.extend(own.changes.iter().cloned());
        }
        let ahead = self.period.first().months_since(own.month);
        if ahead <= 1 {
            self.near_changes.extend(own.changes.iter().cloned());
        }
        if ahead <= Daily::MONTHS_BEFORE {
            self.daily.add(own);
        }
        let Some((kind, cost)) = own.cost() else { return Ok(()) };
        let mut facts = MonthFacts {
            month: own.month,
            kind,
            total: Sum::default(),
            components: BTreeMap::new(),
            others: BTreeMap::new(),
            about: cost.about.clone(),
            sources: cost.sources.clone(),
            days: cost.days,
            prices_as_of: cost.prices_as_of,
            events: Quantity::ZERO,
            accounts: 0,
            gaps: cost.gaps.clone(),
            expected: own.estimate.as_ref().filter(|_| kind != CostKind::Estimate).map(total),
            measured: own.measured.as_ref().filter(|_| kind == CostKind::Bill).map(total),
        };
        facts.total.is_incomplete = !cost.complete;
        let mut accounts: BTreeSet<&str> = BTreeSet::new();
        for line in &cost.lines {
            if let Some(events) = recorded_events(line) {
                facts.events = facts.events.plus(events).unwrap_or(facts.events);
            }
            if !line.account.is_empty() && line.category == ChargeCategory::Usage {
                accounts.insert(&line.account);
            }
            if !is_usage(line) {
                facts.others.entry(line.category).or_default().add(line.cost);
                continue;
            }
            facts.total.add(line.cost);
            facts.components.entry(line.component).or_default().add(line.cost);
            self.line(line, own.month, slots);
            if is_last || is_before_last {
                let key = (Arc::clone(&line.resource), Arc::clone(&line.account));
                self.by_resource.entry(key).or_default()[usize::from(is_last)].add(line.cost);
            }
        }
        facts.accounts = accounts.len();
        if slots[0] {
            self.last_month = Some(LastMonth { month: own.month, kind, cost: cost.clone() });
        }
        self.months.push(facts);
        Ok(())
    }

    fn line(&mut self, line: &RecordedLine, month: Month, slots: [bool; 3]) {
        if line.category == ChargeCategory::Usage && !line.quantity.is_zero() {
            let key = SeriesKey {
                service: Arc::clone(&line.service),
                usage_type: Arc::clone(&line.usage_type),
                region: Arc::clone(&line.region),
                unit: Arc::clone(&line.unit),
                component: line.component,
            };
            self.series.entry(key).or_default().entry(month).or_default().add(line.quantity, line.cost);
        }
        if slots[0] {
            let key = (Arc::clone(&line.account), Arc::clone(&line.resource), line.component);
            self.shareable.entry(key).or_default().add(line.cost);
            if line.category == ChargeCategory::Usage && line.unit.eq_ignore_ascii_case("Events") {
                let own = self.events.entry(Arc::clone(&line.account)).or_default();
                *own = own.plus(line.quantity).unwrap_or(*own);
            }
        }
        if !slots.contains(&true) {
            return;
        }
        let mut names = vec![
            (Grouping::Account, line.account.to_string()),
            (Grouping::Region, line.region.to_string()),
            (Grouping::Resource, line.resource.to_string()),
        ];
        let account = self.accounts.get(&*line.account);
        for key in &self.tag_keys {
            let value = account.and_then(|own| own.tags.get(key)).map_or(UNTAGGED, String::as_str);
            names.push((Grouping::Tag(key.clone()), value.to_owned()));
        }
        let is_quantity = line.category == ChargeCategory::Usage;
        let quantity = if is_quantity { line.quantity } else { Quantity::ZERO };
        let price_key = (line.service.to_string(), line.usage_type.to_string(), line.region.to_string());
        let volume_key = (line.component, if is_quantity { line.unit.to_string() } else { String::new() });
        for (slot, _) in slots.iter().enumerate().filter(|own| *own.1) {
            for (grouping, name) in &names {
                let of = self.groups.entry(grouping.clone()).or_default();
                of.entry(name.clone()).or_default()[slot].add(line.cost);
            }
            let mover = (Arc::clone(&line.account), line.component);
            self.movers.entry(mover).or_default()[slot].add(line.cost);
            let of = self.usage.entry(volume_key.clone()).or_default();
            of.entry(price_key.clone()).or_default()[slot].add(quantity, line.cost);
        }
    }
}

fn total(own: &RecordedCost) -> Sum {
    let mut sum = Sum { is_incomplete: !own.complete, ..Sum::default() };
    own.lines.iter().filter(|own| is_usage(own)).for_each(|own| sum.add(own.cost));
    sum
}

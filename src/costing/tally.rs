//! Adding line items up, by every dimension that people ask for.

use crate::domain::{Component, Money, UsageKeys, UsageRecord};

/// List and agreed cost, side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// At list prices.
    pub list: Money,
    /// At the payer's agreed prices; the same where nothing is agreed.
    pub contracted: Money,
}

impl Cost {
    /// Adds, or returns nothing past 170 trillion.
    #[inline]
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            list: self.list.checked_add(other.list)?,
            contracted: self.contracted.checked_add(other.contracted)?,
        })
    }

    fn is_zero(self) -> bool {
        self.list.is_zero() && self.contracted.is_zero()
    }
}

/// What a cost can be broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// By account.
    Account,
    /// By Region.
    Region,
    /// By trail, event data store, bucket or whatever else is charged.
    Resource,
    /// By usage type.
    UsageType,
}

impl Dimension {
    const ALL: [Self; 4] = [Self::Account, Self::Region, Self::Resource, Self::UsageType];
}

/// The figures that every report shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// The first month.
    pub first_month: Cost,
    /// The last month.
    pub last_month: Cost,
    /// Each year of the horizon; the last one may be shorter.
    pub years: Vec<Cost>,
    /// The whole horizon.
    pub total: Cost,
    /// Whether something that belongs here could not be priced.
    pub incomplete: bool,
}

impl Figures {
    /// Adds up monthly costs.
    ///
    /// Nothing past 170 trillion.
    pub fn of_months(months: &[Cost]) -> Option<Self> {
        let mut figures = Self::default();
        for (month, cost) in months.iter().enumerate() {
            figures.add(month, months.len(), *cost)?;
        }
        Some(figures)
    }

    fn add(&mut self, month: usize, months: usize, cost: Cost) -> Option<()> {
        if self.years.is_empty() {
            self.years = vec![Cost::default(); months.div_ceil(12)];
        }
        if month == 0 {
            self.first_month = cost;
        }
        if month + 1 == months {
            self.last_month = cost;
        }
        self.years[month / 12] = self.years[month / 12].plus(cost)?;
        self.total = self.total.plus(cost)?;
        Some(())
    }

    /// Adds the figures of other months of the same horizon.
    fn merge(&mut self, other: &Self) -> Option<()> {
        let years = self.years.len().max(other.years.len());
        self.years.resize(years, Cost::default());
        for (own, other) in self.years.iter_mut().zip(&other.years) {
            *own = own.plus(*other)?;
        }
        self.first_month = self.first_month.plus(other.first_month)?;
        self.last_month = self.last_month.plus(other.last_month)?;
        self.total = self.total.plus(other.total)?;
        self.incomplete |= other.incomplete;
        Some(())
    }
}

/// One component's cost, month by month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentCost {
    /// The component.
    pub component: Component,
    /// Its cost in each month.
    pub months: Vec<Cost>,
    /// The same, added up.
    pub figures: Figures,
}

/// One row of a breakdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakdownRow {
    /// The account, Region, resource or usage type; empty for what has no resource.
    pub key: String,
    /// Its figures.
    pub figures: Figures,
}

/// A cost broken down by one dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    /// The dimension.
    pub dimension: Dimension,
    /// The rows, in the keys' order; keys that never occur are left out.
    pub rows: Vec<BreakdownRow>,
}

/// Adds up one dimension: this month's costs, and the figures of the months before.
struct Column {
    dimension: Dimension,
    month: Vec<Cost>,
    seen: Vec<bool>,
    figures: Vec<Figures>,
}

impl Column {
    fn new(dimension: Dimension, size: usize) -> Self {
        Self {
            dimension,
            month: vec![Cost::default(); size],
            seen: vec![false; size],
            figures: vec![Figures::default(); size],
        }
    }

    #[inline]
    fn at(&self, record: &UsageRecord) -> usize {
        match self.dimension {
            Dimension::Account => record.account as usize,
            Dimension::Region => usize::from(record.region),
            Dimension::Resource => record.resource as usize,
            Dimension::UsageType => usize::from(record.meter),
        }
    }
}

fn merge_flags(own: &mut [bool], other: &[bool]) {
    for (own, other) in own.iter_mut().zip(other) {
        *own |= other;
    }
}

/// Adds up everything.
pub(super) struct Tally {
    months: usize,
    columns: Vec<Column>,
    components: Vec<Vec<Cost>>,
    component_seen: Vec<bool>,
    component_incomplete: Vec<bool>,
}

impl Tally {
    pub(super) fn new(keys: &UsageKeys, months: usize) -> Self {
        let size = |dimension| match dimension {
            Dimension::Account => keys.accounts.len(),
            Dimension::Region => keys.regions.len(),
            Dimension::Resource => keys.resources.len(),
            Dimension::UsageType => keys.meters.len(),
        };
        Self {
            months,
            columns: Dimension::ALL.map(|dimension| Column::new(dimension, size(dimension))).into(),
            components: vec![vec![Cost::default(); months]; Component::ALL.len()],
            component_seen: vec![false; Component::ALL.len()],
            component_incomplete: vec![false; Component::ALL.len()],
        }
    }

    /// Adds one line item's cost.
    #[inline]
    pub(super) fn add(&mut self, month: usize, record: &UsageRecord, cost: Cost) -> Option<()> {
        let component = record.component.index();
        self.component_seen[component] = true;
        let total = &mut self.components[component][month];
        *total = total.plus(cost)?;
        for column in &mut self.columns {
            let at = column.at(record);
            column.seen[at] = true;
            column.month[at] = column.month[at].plus(cost)?;
        }
        Some(())
    }

    /// Notes that a record is priced in part or not at all.
    pub(super) fn mark_incomplete(&mut self, record: &UsageRecord) {
        let component = record.component.index();
        self.component_seen[component] = true;
        self.component_incomplete[component] = true;
        for column in &mut self.columns {
            let at = column.at(record);
            column.seen[at] = true;
            column.figures[at].incomplete = true;
        }
    }

    pub(super) fn close_month(&mut self, month: usize) -> Option<()> {
        for column in &mut self.columns {
            for (cost, figures) in column.month.iter_mut().zip(&mut column.figures) {
                if !cost.is_zero() {
                    figures.add(month, self.months, *cost)?;
                    *cost = Cost::default();
                }
            }
        }
        Some(())
    }

    /// Adds what another tally counted in other months.
    pub(super) fn merge(&mut self, other: &Self) -> Option<()> {
        for (own, other) in self.columns.iter_mut().zip(&other.columns) {
            for (figures, other) in own.figures.iter_mut().zip(&other.figures) {
                figures.merge(other)?;
            }
            merge_flags(&mut own.seen, &other.seen);
        }
        for (own, other) in self.components.iter_mut().flatten().zip(other.components.iter().flatten()) {
            *own = own.plus(*other)?;
        }
        merge_flags(&mut self.component_seen, &other.component_seen);
        merge_flags(&mut self.component_incomplete, &other.component_incomplete);
        Some(())
    }

    pub(super) fn components(&self) -> Option<Vec<ComponentCost>> {
        Component::ALL
            .iter()
            .zip(&self.components)
            .filter(|(component, _)| self.component_seen[component.index()])
            .map(|(&component, months)| {
                let mut figures = Figures::of_months(months)?;
                figures.incomplete = self.component_incomplete[component.index()];
                Some(ComponentCost { component, months: months.clone(), figures })
            })
            .collect()
    }

    pub(super) fn breakdowns(self, keys: &UsageKeys) -> Vec<Breakdown> {
        let years = self.months.div_ceil(12);
        self.columns
            .into_iter()
            .map(|column| {
                let name = |at: usize| match column.dimension {
                    Dimension::Account => keys.accounts[at].to_string(),
                    Dimension::Region => keys.regions[at].to_string(),
                    Dimension::Resource => keys.resources[at].clone(),
                    Dimension::UsageType => {
                        let meter = &keys.meters[at];
                        format!("{} {}", meter.service, meter.usage_type)
                    }
                };
                let rows = column
                    .figures
                    .into_iter()
                    .enumerate()
                    .filter(|(at, _)| column.seen[*at])
                    .map(|(at, mut figures)| {
                        figures.years.resize(years, Cost::default());
                        BreakdownRow { key: name(at), figures }
                    })
                    .collect();
                Breakdown { dimension: column.dimension, rows }
            })
            .collect()
    }
}

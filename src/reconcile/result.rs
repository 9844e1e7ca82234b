//! What reconciling gives.

use super::cause::{Cause, CauseKind};
use super::entry::Line;
use crate::domain::{AccountId, BilledMonth, ChargeCategory, Currency, Money, Month, RegionCode};
use rust_decimal::Decimal;

/// What the estimate is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetKind {
    /// A bill.
    Billed,
    /// A measured scenario's quantities at the scenario's prices.
    Measured,
}

impl TargetKind {
    /// Returns the word shown to people and machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Billed => "billed",
            Self::Measured => "measured",
        }
    }
}

/// A row of the bill that is no usage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The billing period.
    pub month: Month,
    /// The account, where the bill names one.
    pub account: Option<AccountId>,
    /// The Region, where the bill names one.
    pub region: Option<RegionCode>,
    /// The service's code.
    pub service: String,
    /// The usage type; mostly empty.
    pub usage_type: String,
    /// What kind of charge.
    pub category: ChargeCategory,
    /// What it adds to the invoice.
    pub amount: Money,
    /// Rows summed.
    pub rows: u64,
}

impl Charge {
    /// Returns what explains it: what it is.
    pub fn cause(&self) -> CauseKind {
        match self.category {
            ChargeCategory::Discount => CauseKind::Discount,
            ChargeCategory::Credit => CauseKind::Credit,
            ChargeCategory::Refund => CauseKind::Refund,
            ChargeCategory::Tax => CauseKind::Tax,
            ChargeCategory::Usage | ChargeCategory::Other => CauseKind::OtherCharge,
        }
    }
}

/// The sums of some lines and charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// What the scenario expects, as far as it is known.
    pub estimated: Money,
    /// Whether a volume or price of it is unknown.
    pub incomplete: bool,
    /// What was billed, whatever the category; without a bill, what was measured.
    pub found: Money,
    /// Of this, usage after discounts: what the tolerance is a share of.
    pub usage: Money,
    /// What causes explain of found − estimated.
    pub explained: Money,
    /// What is left: found − estimated − explained.
    pub unexplained: Money,
    /// What is left of every key without its sign: amounts that cancel do not agree.
    pub gross_unexplained: Money,
    /// Whether the gross unexplained amount is more than the tolerance allows.
    pub exceeded: bool,
}

/// A month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthRow {
    /// The month.
    pub month: Month,
    /// Its sums.
    pub sums: Sums,
    /// What the bill covers of it; nothing without a bill.
    pub billed: Option<BilledMonth>,
}

/// A service that is not compared, as nothing on the other side tells which part of it the logs are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceApart {
    /// The service's code.
    pub service: String,
    /// What the scenario expects of it; nothing where it has none.
    pub estimated: Option<Money>,
    /// Whether a volume or price of this is unknown.
    pub incomplete: bool,
    /// What the bill has of it altogether, the logs' part or not, before tax; nothing where it has none.
    pub billed: Option<Money>,
    /// The tax on that.
    pub tax: Money,
}

/// An estimate held against a bill or a measurement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// The scenario's name.
    pub name: String,
    /// The measured scenario's name, if there is one.
    pub measured_name: Option<String>,
    /// The bill's files; empty without a bill.
    pub bill_files: Vec<String>,
    /// What the bill's files are.
    pub bill_formats: Vec<String>,
    /// What the estimate is held against.
    pub target: TargetKind,
    /// The currency of every amount.
    pub currency: Currency,
    /// The day whose prices the estimate has.
    pub as_of: crate::domain::Date,
    /// The share of usage that may stay unexplained.
    pub tolerance: Decimal,
    /// Every compared month with its sums.
    pub months: Vec<MonthRow>,
    /// Months of the scenario that the other side does not have.
    pub only_estimated: Vec<Month>,
    /// Months of the other side that the scenario does not have.
    pub only_found: Vec<Month>,
    /// Every key, sorted.
    pub lines: Vec<Line>,
    /// Rows that are no usage, sorted.
    pub charges: Vec<Charge>,
    /// What explains differences, in the order of the kinds.
    pub causes: Vec<Cause>,
    /// The whole.
    pub total: Sums,
    /// Services that are not compared.
    pub apart: Vec<ServiceApart>,
    /// Whether a price of compared usage of the scenario is missing.
    pub lacks_a_price: bool,
    /// What the reader should know, each as one sentence without a full stop.
    pub notes: Vec<String>,
}

impl Reconciliation {
    /// Tells whether more is unexplained than the tolerance allows, in the whole or in a month.
    pub fn exceeded(&self) -> bool {
        self.total.exceeded || self.months.iter().any(|row| row.sums.exceeded)
    }

    /// Returns the lines with something left to explain, the largest first.
    pub fn left(&self) -> Vec<&Line> {
        let mut left: Vec<&Line> = self.lines.iter().filter(|line| !line.unexplained.is_zero()).collect();
        left.sort_by_key(|line| std::cmp::Reverse(line.unexplained.abs()));
        left
    }
}

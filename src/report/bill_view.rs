//! What a bill says about CloudTrail, ready to be shown.

use super::number::{currency_text, grouped};
use super::price_text::price_per;
use crate::domain::{
    Bill, BilledLine, BilledMonth, BilledPrice, ChargeCategory, Currency, Money, Month, Quantity, RegionCode,
    Term, TermPrice, Unit, UnitPrice, billed_prices, parse_decimal,
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// CloudTrail's code on the bill.
pub(super) const CLOUDTRAIL: &str = "AWSCloudTrail";

/// One usage type over all Regions and months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillRow {
    /// The service's code.
    pub service: String,
    /// The usage type; empty where the bill names none.
    pub usage_type: String,
    /// The unit; empty where the bill gives no quantity.
    pub unit: String,
    /// The quantity, where the bill gives one.
    pub quantity: Option<Quantity>,
    /// The cost of usage, with discounts booked for it, before credits and tax.
    pub cost: Money,
    /// The same at list price, where every row has it.
    pub list_cost: Option<Money>,
}

impl BillRow {
    /// Returns cost ÷ quantity; nothing without a quantity.
    pub fn unit_price(&self) -> Option<Money> {
        self.cost.per(self.quantity?, 1)
    }

    /// Returns list cost ÷ quantity.
    pub fn list_unit_price(&self) -> Option<Money> {
        self.list_cost?.per(self.quantity?, 1)
    }

    /// Writes the quantity.
    pub(super) fn quantity_text(&self) -> String {
        self.quantity.map_or_else(
            || "unknown".to_owned(),
            |quantity| parse_decimal(&quantity.to_string()).map_or_else(|_| quantity.to_string(), grouped),
        )
    }

    /// Writes a unit price; cut to twelve digits after the point.
    pub(super) fn price_text(&self, price: Option<Money>, currency: &Currency) -> String {
        let price = price.and_then(|price| parse_decimal(&price.to_string()).ok());
        price.map_or_else(String::new, |price| {
            price_per(UnitPrice::new(price.round_dp(UnitPrice::MAX_SCALE)), &Unit::new(&self.unit), currency)
        })
    }

    /// Returns the label.
    pub(super) fn label(&self) -> String {
        let usage_type = if self.usage_type.is_empty() { "no usage type" } else { &self.usage_type };
        if self.service == CLOUDTRAIL {
            usage_type.to_owned()
        } else {
            format!("{} {usage_type}", self.service)
        }
    }
}

/// One month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthRow {
    /// How much of it there is.
    pub covered: BilledMonth,
    /// What CloudTrail, and the resources named, add to its invoice before credits and tax.
    pub usage: Money,
    /// The same with credits, refunds, fees and tax.
    pub total: Money,
}

/// A bill, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillView {
    /// The bill.
    pub bill: Bill,
    /// By usage type.
    pub rows: Vec<BillRow>,
    /// By usage type and Region.
    pub prices: Vec<BilledPrice>,
    /// By month.
    pub months: Vec<MonthRow>,
    /// What is not usage, by category.
    pub apart: BTreeMap<ChargeCategory, Money>,
    /// Usage, with its discounts.
    pub usage: Money,
    /// Everything.
    pub total: Money,
    /// The other services as a whole, before tax, and their tax.
    pub shared: BTreeMap<String, (Money, Money)>,
    /// The month that the scenario is made of, and the terms that it shows.
    pub month: Option<Month>,
    /// The terms found.
    pub terms: Vec<Term>,
}

impl BillView {
    /// Sums a bill up; nothing on overflow, which a bill's sums do not reach.
    pub fn new(bill: Bill, month: Option<Month>, terms: Vec<Term>) -> Option<Self> {
        let prices = billed_prices(&bill.lines, None)?;
        let mut rows: Vec<BillRow> = Vec::new();
        for price in &prices {
            let quantity = (!price.unit.is_empty()).then_some(price.quantity);
            let same = |own: &&mut BillRow| {
                own.service == price.service && own.usage_type == price.usage_type && own.unit == price.unit
            };
            match rows.iter_mut().find(same) {
                Some(own) => {
                    own.cost = own.cost.checked_add(price.cost)?;
                    own.list_cost = match (own.list_cost, price.list_cost) {
                        (Some(sum), Some(cost)) => Some(sum.checked_add(cost)?),
                        _ => None,
                    };
                    own.quantity = match (own.quantity, quantity) {
                        (Some(sum), Some(quantity)) => Some(sum.plus(quantity).ok()?),
                        _ => None,
                    };
                }
                None => rows.push(BillRow {
                    service: price.service.clone(),
                    usage_type: price.usage_type.clone(),
                    unit: price.unit.clone(),
                    quantity,
                    cost: price.cost,
                    list_cost: price.list_cost,
                }),
            }
        }
        // CloudTrail first; the most expensive first.
        rows.sort_by(|left, right| {
            let key = |own: &BillRow| (own.service != CLOUDTRAIL, own.service.clone());
            key(left).cmp(&key(right)).then(right.cost.cmp(&left.cost)).then(left.label().cmp(&right.label()))
        });
        let sum = |wanted: &dyn Fn(&BilledLine) -> bool| {
            bill.lines
                .iter()
                .filter(|line| wanted(line))
                .try_fold(Money::ZERO, |sum, line| sum.checked_add(line.billed_cost))
        };
        let is_usage =
            |line: &BilledLine| matches!(line.category, ChargeCategory::Usage | ChargeCategory::Discount);
        let mut months = Vec::new();
        for covered in &bill.months {
            let usage = sum(&|line| line.month == covered.month && is_usage(line))?;
            let total = sum(&|line| line.month == covered.month)?;
            months.push(MonthRow { covered: covered.clone(), usage, total });
        }
        let mut apart = BTreeMap::new();
        for line in bill.lines.iter().filter(|line| line.category != ChargeCategory::Usage) {
            let own: &mut Money = apart.entry(line.category).or_default();
            *own = own.checked_add(line.billed_cost)?;
        }
        let mut shared: BTreeMap<String, (Money, Money)> = BTreeMap::new();
        for line in &bill.shared {
            let (cost, tax) = shared.entry(line.service.clone()).or_default();
            let own = if line.category == ChargeCategory::Tax { tax } else { cost };
            *own = own.checked_add(line.billed_cost)?;
        }
        let (usage, total) = (sum(&is_usage)?, sum(&|_| true)?);
        Some(Self { bill, rows, prices, months, apart, usage, total, shared, month, terms })
    }

    /// Says in one sentence what usage costs.
    pub(super) fn sentence(&self) -> String {
        let amount = self.amount(self.usage);
        match self.months.as_slice() {
            [] => format!("{amount} for usage"),
            [one] if one.covered.is_partial() => format!(
                "{amount} for usage in {}, of which {} of {} days are there",
                one.covered.month,
                one.covered.days_covered(),
                one.covered.month.days()
            ),
            [one] => format!("{amount} for usage in {}", one.covered.month),
            months => format!("{amount} for usage in {} months", months.len()),
        }
    }

    /// Writes an amount with its currency.
    pub(super) fn amount(&self, amount: Money) -> String {
        currency_text(amount, &self.bill.currency.symbol())
    }

    /// Writes what another service costs as a whole, each with its name.
    pub(super) fn shared_texts(&self) -> Vec<String> {
        let text = |(service, (cost, tax)): (&String, &(Money, Money))| {
            let tax =
                if tax.is_zero() { String::new() } else { format!(", and {} of tax", self.amount(*tax)) };
            format!("{service}: {}{tax}", self.amount(*cost))
        };
        self.shared.iter().map(text).collect()
    }

    /// Writes the first and last month.
    pub(super) fn period(&self) -> String {
        match self.months.as_slice() {
            [] => "no month".to_owned(),
            [one] => one.covered.month.to_string(),
            [first, .., last] => format!("{} to {}", first.covered.month, last.covered.month),
        }
    }

    /// Says how much of a month is there.
    pub(super) fn days_text(month: &BilledMonth) -> String {
        let invoice = match month.closed {
            Some(true) => ", invoiced",
            Some(false) => ", not invoiced yet",
            None => "",
        };
        if month.is_partial() {
            format!(
                "{} to {}, {} of {} days{invoice}",
                month.first_day,
                month.last_day,
                month.days_covered(),
                month.month.days()
            )
        } else {
            format!("whole{invoice}")
        }
    }

    /// Says what was agreed.
    pub(super) fn term_text(term: &Term) -> String {
        let what = term
            .usage_type
            .as_deref()
            .map_or_else(|| term.service.clone(), |own| format!("{} {own}", term.service));
        let place = term.region.as_ref().map(|own: &RegionCode| format!(" in {own}")).unwrap_or_default();
        match term.price {
            TermPrice::Discount(share) => {
                format!("{what}{place}: {}% off the list price", (share * Decimal::ONE_HUNDRED).normalize())
            }
            TermPrice::Rate(rate) => format!("{what}{place}: a rate of its own, {rate} a unit"),
        }
    }
}

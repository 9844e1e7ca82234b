//! Bills made of estimates: what AWS would have billed, had everything gone as the scenario says.

use crate::support::BuiltIn;
use std::collections::BTreeMap;
use trailcost::domain::{
    AccountId, Bill, BilledIds, BilledLine, BilledMonth, ChargeCategory, LineItem, LineItemSink, Model,
    Money, Month, Quantity, RegionCode, SinkError, parse_decimal,
};

type Key = (Month, AccountId, RegionCode, String, String);

#[derive(Default)]
struct Lines {
    lines: BTreeMap<Key, BilledLine>,
}

fn plus(one: Option<Money>, two: Option<Money>) -> Option<Money> {
    one?.checked_add(two?)
}

impl LineItemSink for Lines {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        let key = (
            item.month,
            item.account.clone(),
            item.region.clone(),
            item.meter.service.clone(),
            item.meter.usage_type.clone(),
        );
        let line = self.lines.entry(key).or_insert_with(|| BilledLine {
            month: item.month,
            account: Some(item.account.clone()),
            region: Some(item.region.clone()),
            service: item.meter.service.clone(),
            usage_type: item.meter.usage_type.clone(),
            resource: None,
            category: ChargeCategory::Usage,
            unit: item.meter.unit.name().to_owned(),
            quantity: Quantity::ZERO,
            list_cost: Some(Money::ZERO),
            contracted_cost: Some(Money::ZERO),
            billed_cost: Money::ZERO,
            effective_cost: None,
            rows: 0,
            ids: BilledIds::default(),
        });
        line.quantity = line.quantity.plus(item.quantity).unwrap();
        line.list_cost = plus(line.list_cost, item.list_cost);
        line.contracted_cost = plus(line.contracted_cost, item.contracted_cost);
        line.billed_cost = plus(Some(line.billed_cost), item.contracted_cost).unwrap();
        line.rows += 1;
        Ok(())
    }
}

/// Returns the bill of every month of a model, invoices closed.
pub(crate) fn bill_of(built_in: &BuiltIn, model: &Model) -> Bill {
    let mut lines = Lines::default();
    built_in.estimate(model, Some(&mut lines));
    let months = model.months().into_iter().map(whole_month).collect();
    Bill {
        sources: vec!["bill.csv".to_owned()],
        formats: vec!["made up".to_owned()],
        currency: model.currency.clone(),
        lines: lines.lines.into_values().collect(),
        shared: Vec::new(),
        days: Vec::new(),
        months,
        rows: 0,
        cost_digits: 0,
        notes: Vec::new(),
    }
}

/// A month that the bill covers from its first day to its last.
pub(crate) fn whole_month(month: Month) -> BilledMonth {
    let last_day = format!("{month}-{:02}", month.days()).parse().unwrap();
    BilledMonth { month, first_day: month.first_day(), last_day, closed: Some(true) }
}

/// Removes what the export of an older format does not say: what it costs at list and at agreed prices.
pub(crate) fn without_prices(bill: &mut Bill) {
    for line in &mut bill.lines {
        line.list_cost = None;
        line.contracted_cost = None;
    }
}

/// Keeps only so many months.
pub(crate) fn first_months(bill: &mut Bill, count: usize) {
    bill.months.truncate(count);
    let months: Vec<Month> = bill.months.iter().map(|own| own.month).collect();
    bill.lines.retain(|line| months.contains(&line.month));
}

pub(crate) fn money(text: &str) -> Money {
    Money::from_decimal(parse_decimal(text).unwrap()).unwrap()
}

pub(crate) fn quantity(text: &str) -> Quantity {
    Quantity::from_decimal(parse_decimal(text).unwrap()).unwrap()
}

/// Multiplies quantities and costs of usage lines by a fraction.
pub(crate) fn scale(bill: &mut Bill, of: impl Fn(&BilledLine) -> bool, by: (u64, u64)) {
    let (part, whole) = (Quantity::from_count(by.0), Quantity::from_count(by.1));
    for line in bill.lines.iter_mut().filter(|line| line.category == ChargeCategory::Usage && of(line)) {
        line.quantity = line.quantity.times_fraction(by.0.into(), by.1.into()).unwrap();
        line.billed_cost = line.billed_cost.times_ratio(part, whole).unwrap();
        for cost in [&mut line.list_cost, &mut line.contracted_cost] {
            *cost = cost.map(|own| own.times_ratio(part, whole).unwrap());
        }
    }
}

/// Adds a row that is no usage.
pub(crate) fn charge(bill: &mut Bill, month: &str, category: ChargeCategory, amount: &str) {
    bill.lines.push(BilledLine {
        month: month.parse().unwrap(),
        account: None,
        region: None,
        service: "AWSCloudTrail".to_owned(),
        usage_type: String::new(),
        resource: None,
        category,
        unit: String::new(),
        quantity: Quantity::ZERO,
        list_cost: None,
        contracted_cost: None,
        billed_cost: money(amount),
        effective_cost: None,
        rows: 1,
        ids: BilledIds::default(),
    });
}

/// What a row of a bill is called in exports of AWS.
fn words(category: ChargeCategory) -> (&'static str, &'static str) {
    match category {
        ChargeCategory::Usage => ("Usage", "Usage"),
        ChargeCategory::Discount => ("EdpDiscount", "Credit"),
        ChargeCategory::Credit => ("Credit", "Credit"),
        ChargeCategory::Refund => ("Refund", "Credit"),
        ChargeCategory::Tax => ("Tax", "Tax"),
        ChargeCategory::Other => ("Fee", "Purchase"),
    }
}

/// The period of a line, from the first day of the bill's month to the day after its last.
fn period(bill: &Bill, line: &BilledLine) -> (String, String) {
    let month = bill.months.iter().find(|own| own.month == line.month).unwrap();
    let next = month.month.plus(1).unwrap().first_day();
    let end = if month.is_partial() {
        format!("{}-{:02}", month.month, month.last_day.day() + 1)
    } else {
        next.to_string()
    };
    (format!("{}T00:00:00Z", month.first_day), format!("{end}T00:00:00Z"))
}

fn prefixed(built_in: &BuiltIn, line: &BilledLine) -> String {
    let region = line.region.as_ref().and_then(|code| built_in.regions.get(code.as_str()));
    match region {
        Some(region) if !line.usage_type.is_empty() => format!("{}-{}", region.prefixes[0], line.usage_type),
        _ => line.usage_type.clone(),
    }
}

fn text<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// Writes a bill as a legacy Cost and Usage Report.
pub(crate) fn legacy_cur(built_in: &BuiltIn, bill: &Bill) -> String {
    let mut out = "identity/LineItemId,bill/InvoiceId,bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost,lineItem/LineItemDescription,lineItem/ResourceId,product/regionCode,pricing/unit,pricing/publicOnDemandCost\n".to_owned();
    for (at, line) in bill.lines.iter().enumerate() {
        let (start, end) = period(bill, line);
        let fields = [
            at.to_string(),
            "1000000001".to_owned(),
            format!("{}T00:00:00Z", line.month.first_day()),
            text(line.account.as_ref()),
            words(line.category).0.to_owned(),
            start,
            end,
            line.service.clone(),
            prefixed(built_in, line),
            line.quantity.to_string(),
            bill.currency.to_string(),
            line.billed_cost.to_string(),
            "made of an estimate".to_owned(),
            line.resource.clone().unwrap_or_default(),
            text(line.region.as_ref()),
            line.unit.clone(),
            text(line.list_cost.as_ref()),
        ];
        out.push_str(&fields.join(","));
        out.push('\n');
    }
    out
}

/// Writes a bill as FOCUS 1.0 with AWS's columns.
pub(crate) fn focus(built_in: &BuiltIn, bill: &Bill) -> String {
    let mut out = "BilledCost,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargeClass,ChargePeriodEnd,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,ContractedCost,EffectiveCost,ListCost,ProviderName,RegionId,ResourceId,ServiceName,SubAccountId,x_ServiceCode,x_UsageType\n".to_owned();
    for line in &bill.lines {
        let (start, end) = period(bill, line);
        let contracted = line.contracted_cost.unwrap_or(line.billed_cost).to_string();
        let fields = [
            line.billed_cost.to_string(),
            bill.currency.to_string(),
            format!("{}T00:00:00Z", line.month.first_day()),
            words(line.category).1.to_owned(),
            String::new(),
            end,
            start,
            line.quantity.to_string(),
            line.unit.clone(),
            contracted.clone(),
            contracted,
            line.list_cost.unwrap_or(line.billed_cost).to_string(),
            "AWS".to_owned(),
            text(line.region.as_ref()),
            line.resource.clone().unwrap_or_default(),
            "AWS CloudTrail".to_owned(),
            text(line.account.as_ref()),
            line.service.clone(),
            prefixed(built_in, line),
        ];
        out.push_str(&fields.join(","));
        out.push('\n');
    }
    out
}

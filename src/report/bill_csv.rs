//! A bill's lines as CSV, under FOCUS column names.

use super::clean::csv_field;
use super::csv::finish;
use super::focus::focus_category;
use crate::domain::{Bill, BilledLine, BilledMonth, Date, Money};

/// The columns. Source of the names: FOCUS 1.0 to 1.2; columns of our own begin with `x_`. A row is a sum of the bill's
/// rows: `x_Rows` says of how many, `x_Scope` whether it is charged for the logs or for a service as a whole.
const COLUMNS: [&str; 20] = [
    "BilledCost",
    "BillingCurrency",
    "BillingPeriodStart",
    "BillingPeriodEnd",
    "ChargeCategory",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "EffectiveCost",
    "ListCost",
    "RegionId",
    "ResourceId",
    "ServiceName",
    "SubAccountId",
    "x_ChargeKind",
    "x_Rows",
    "x_Scope",
    "x_UsageType",
];

/// Writes a row for each line, exact; what the bill does not say is empty.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn billed_csv(bill: &Bill) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for (line, scope) in
        bill.lines.iter().map(|line| (line, "Logs")).chain(bill.shared.iter().map(|line| (line, "Service")))
    {
        let covered = bill.months.iter().find(|own| own.month == line.month);
        writer.write_record(fields(line, covered, scope, bill.currency.code()))?;
    }
    Ok(finish(writer))
}

fn fields(line: &BilledLine, covered: Option<&BilledMonth>, scope: &str, currency: &str) -> [String; 20] {
    let money = |amount: Option<Money>| amount.map(|amount| amount.to_string()).unwrap_or_default();
    let midnight = |day: Date| format!("{day}T00:00:00Z");
    let start = midnight(line.month.first_day());
    let end = line.month.plus(1).map(|next| format!("{}T00:00:00Z", next.first_day())).unwrap_or_default();
    // Of a month that is not whole, what is charged is of the days from the first to the last with usage.
    let partial = covered.filter(|own| own.is_partial());
    let charged_from = partial.map_or_else(|| start.clone(), |own| midnight(own.first_day));
    let charged_to = partial.and_then(|own| own.last_day.next()).map_or_else(|| end.clone(), midnight);
    // Without a unit there is no quantity: it is not zero.
    let quantity = if line.unit.is_empty() { String::new() } else { line.quantity.to_string() };
    [
        line.billed_cost.to_string(),
        currency.to_owned(),
        start,
        end,
        focus_category(line.category).to_owned(),
        charged_from,
        charged_to,
        quantity,
        csv_field(&line.unit),
        money(line.contracted_cost),
        money(line.effective_cost),
        money(line.list_cost),
        line.region.as_ref().map(|own| csv_field(own.as_str())).unwrap_or_default(),
        line.resource.as_deref().map(csv_field).unwrap_or_default(),
        csv_field(&line.service),
        line.account.as_ref().map(ToString::to_string).unwrap_or_default(),
        line.category.name().to_owned(),
        line.rows.to_string(),
        scope.to_owned(),
        csv_field(&line.usage_type),
    ]
}

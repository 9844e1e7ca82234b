//! Rows of a bill: a row for each line, as the bill has it.

use super::row::{CostKind, FocusRow};
use super::writer::{FocusError, FocusWriter};
use crate::domain::{
    AccountId, Bill, BilledLine, BilledMonth, ChargeCategory, Money, Month, RegionCode, RegionTable,
};
use std::io::Write;

/// Writes a row for each line of a bill, CloudTrail's and those of the other services.
///
/// Costs are those of the bill; what it does not state is null. `ListUnitPrice` and `ContractedUnitPrice` are cost ÷ quantity,
/// half-even at 10⁻²⁴: what a unit cost on average, whatever the tiers.
///
/// # Errors
/// Whatever the writer says.
pub fn write_bill<W: Write + Send>(
    bill: &Bill,
    regions: &RegionTable,
    writer: &mut FocusWriter<W>,
) -> Result<(), FocusError> {
    let own = bill.lines.iter().map(|line| (line, "Logs"));
    let shared = bill.shared.iter().map(|line| (line, "Service"));
    for (line, scope) in own.chain(shared) {
        let covered = bill.months.iter().find(|month| month.month == line.month);
        let description = describe(line);
        let mut row = row(line, covered, &description);
        row.currency = bill.currency.code();
        row.region_name = row.region.and_then(|code| regions.get(code)).map(|region| region.name.as_str());
        row.scope = Some(scope);
        writer.write(&row)?;
    }
    Ok(())
}

fn row<'a>(line: &'a BilledLine, covered: Option<&BilledMonth>, description: &'a str) -> FocusRow<'a> {
    // Of a month that is not whole, what is charged is of the days from the first to the last with usage.
    let partial = covered.filter(|own| own.is_partial());
    let next = line.month.plus(1).map(Month::first_day);
    // Without a unit there is no quantity: it is not zero.
    let quantity = (!line.unit.is_empty()).then_some(line.quantity);
    let unit_price = |cost: Option<Money>| cost?.per(quantity?, 1).filter(|price| !price.is_negative());
    FocusRow {
        cost_kind: CostKind::Bill,
        currency: "",
        // An export says what was billed, and not in which currency the price list is.
        pricing_currency: None,
        month: line.month,
        charged_from: partial.map_or(line.month.first_day(), |own| own.first_day),
        charged_to: partial.and_then(|own| own.last_day.next()).or(next),
        category: line.category,
        description,
        payer: line.ids.payer.as_ref().map(AccountId::as_str),
        payer_name: None,
        account: line.account.as_ref().map(AccountId::as_str),
        account_name: None,
        region: line.region.as_ref().map(RegionCode::as_str),
        region_name: None,
        service: &line.service,
        usage_type: Some(&line.usage_type),
        component: None,
        resource: line.resource.as_deref(),
        resource_type: None,
        invoice: line.ids.invoice.as_deref(),
        sku_price: line.ids.sku_price.as_deref(),
        quantity,
        unit: Some(&line.unit),
        has_unknown: line.category == ChargeCategory::Usage && quantity.is_none(),
        list_unit_price: unit_price(line.list_cost),
        contracted_unit_price: unit_price(line.contracted_cost),
        billed_cost: Some(line.billed_cost).filter(|_| line.rows > 0),
        list_cost: line.list_cost,
        contracted_cost: line.contracted_cost,
        effective_cost: line.effective_cost,
        tier: None,
        provenance: Some("billed"),
        // What a bill says of tags is not read.
        tags: None,
        rows: Some(line.rows),
        scope: None,
    }
}

/// Says what is charged.
fn describe(line: &BilledLine) -> String {
    let what = if line.usage_type.is_empty() { line.category.name() } else { &line.usage_type };
    let place = line.region.as_ref().map(|own| format!(" in {own}")).unwrap_or_default();
    format!("{what} of {}{place}", line.service)
}

//! Rows of recorded months: a row for each line of what a month cost.

use super::resource_type::usual;
use super::row::{CostKind as FocusKind, FocusRow};
use super::tags::tags_json;
use super::writer::{FocusError, FocusWriter};
use crate::domain::{ChargeCategory, CostKind, Date, Money, Month, RecordedLine, RegionTable, Snapshot};
use std::collections::BTreeMap;
use std::io::Write;

/// Writes a row for each line of what a month cost: as billed, else as measured, else as estimated.
///
/// Of a bill `BilledCost` is what was billed, and `ContractedCost` and `EffectiveCost` are null, as no record has them. Of a measurement or
/// an estimate `BilledCost` is 0, and the other costs are those at table prices. Unit prices are cost ÷ quantity, half-even at 10⁻²⁴.
///
/// # Errors
/// Whatever the writer says.
pub fn write_recorded<W: Write + Send>(
    month: &Snapshot,
    regions: &RegionTable,
    writer: &mut FocusWriter<W>,
) -> Result<(), FocusError> {
    let Some((kind, cost)) = month.cost() else { return Ok(()) };
    let names: BTreeMap<&str, (Option<&str>, Option<String>)> = month
        .accounts
        .iter()
        .map(|(id, own)| (id.as_str(), (own.name.as_deref(), tags_json(&own.tags))))
        .collect();
    let days = cost.days.filter(|_| kind == CostKind::Bill);
    for line in &cost.lines {
        let description = describe(line);
        let mut row = row(line, kind, month.month, days);
        row.description = &description;
        row.currency = month.currency.code();
        row.pricing_currency = Some(month.currency.code()).filter(|_| kind != CostKind::Bill);
        if let Some((name, tags)) = names.get(&*line.account) {
            row.account_name = *name;
            row.tags = tags.as_deref();
        }
        row.region_name = row.region.and_then(|code| regions.get(code)).map(|own| own.name.as_str());
        writer.write(&row)?;
    }
    Ok(())
}

fn row<'a>(line: &'a RecordedLine, kind: CostKind, month: Month, days: Option<(Date, Date)>) -> FocusRow<'a> {
    let some = |own: &'a str| Some(own).filter(|own| !own.is_empty());
    let is_bill = kind == CostKind::Bill;
    let next = month.plus(1).map(Month::first_day);
    // Without a unit there is no quantity: it is not zero.
    let quantity = Some(line.quantity).filter(|_| !line.unit.is_empty());
    let unit_price = |cost: Option<Money>| cost?.per(quantity?, 1).filter(|own| !own.is_negative());
    FocusRow {
        cost_kind: match kind {
            CostKind::Bill => FocusKind::Bill,
            CostKind::Measurement => FocusKind::Measurement,
            CostKind::Estimate => FocusKind::Estimate,
        },
        currency: "",
        pricing_currency: None,
        month,
        charged_from: days.map_or(month.first_day(), |own| own.0),
        charged_to: days.and_then(|own| own.1.next()).or(next),
        category: line.category,
        description: "",
        payer: None,
        payer_name: None,
        account: some(&line.account),
        account_name: None,
        region: some(&line.region),
        region_name: None,
        service: &line.service,
        usage_type: some(&line.usage_type),
        component: line.component,
        resource: some(&line.resource),
        // A record has names only: what charges of the component are usually for.
        resource_type: line.component.filter(|_| !is_bill).map(usual),
        invoice: None,
        sku_price: None,
        quantity,
        unit: Some(&line.unit),
        has_unknown: line.category == ChargeCategory::Usage && line.cost.is_none(),
        list_unit_price: unit_price(line.list_cost),
        contracted_unit_price: unit_price(line.cost).filter(|_| !is_bill),
        billed_cost: if is_bill { line.cost } else { Some(Money::ZERO) },
        list_cost: line.list_cost,
        contracted_cost: line.cost.filter(|_| !is_bill),
        effective_cost: line.cost.filter(|_| !is_bill),
        tier: None,
        provenance: some(&line.provenance),
        tags: None,
        rows: None,
        scope: None,
    }
}

/// Says what is charged.
fn describe(line: &RecordedLine) -> String {
    let what = if line.usage_type.is_empty() { line.category.name() } else { &line.usage_type };
    let place = if line.region.is_empty() { String::new() } else { format!(" in {}", line.region) };
    format!("{what} of {}{place}", line.service)
}

//! A reconciliation as CSV: every key, and every row that is no usage.

use super::clean::csv_field;
use super::csv::finish;
use crate::domain::{Money, Quantity};
use crate::reconcile::{Charge, Line, Part, Reconciliation, SideAmount};

/// The columns; rates are costs per unit, half-even at 10⁻²⁴.
const COLUMNS: [&str; 25] = [
    "category",
    "month",
    "account",
    "region",
    "service",
    "usage_type",
    "unit",
    "estimated_quantity",
    "estimated_rate",
    "estimated_cost",
    "measured_quantity",
    "measured_cost",
    "billed_quantity",
    "billed_rate",
    "billed_cost",
    "quantity_difference",
    "difference",
    "volume_variance",
    "price_variance",
    "explained",
    "causes",
    "cause_amounts",
    "unexplained",
    "complete",
    "rows",
];

/// Writes every key with its quantities, rates, variances and causes.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn reconcile_csv(data: &Reconciliation) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    let has_bill = !data.bill_files.is_empty();
    for line in &data.lines {
        writer.write_record(usage(line, has_bill))?;
    }
    for charge in &data.charges {
        writer.write_record(of_charge(charge))?;
    }
    Ok(finish(writer))
}

fn usage(line: &Line, has_bill: bool) -> Vec<String> {
    let key = &line.key;
    let known = |side: &Option<SideAmount>, text: fn(&SideAmount) -> String| {
        side.as_ref().filter(|own| !own.unknown || !own.quantity.is_zero()).map(text).unwrap_or_default()
    };
    let quantity = |own: &SideAmount| own.quantity.to_string();
    let cost = |own: &SideAmount| own.cost.to_string();
    let rate =
        |own: &SideAmount| own.cost.per(own.quantity, 1).map(|own| own.to_string()).unwrap_or_default();
    let money = |own: Option<Money>| own.map(|own| own.to_string()).unwrap_or_default();
    let billed = line.found.filter(|_| has_bill);
    let of = |side: &Option<SideAmount>| side.map_or(Quantity::ZERO, |own| own.quantity);
    let difference = of(&line.found).minus(of(&line.estimated)).ok();
    let explained = line.difference.checked_sub(line.unexplained);
    let unknown = [&line.estimated, &line.found].iter().any(|side| side.is_some_and(|own| own.unknown));
    vec![
        "usage".to_owned(),
        key.month.to_string(),
        key.account.as_ref().map(ToString::to_string).unwrap_or_default(),
        key.region.as_ref().map(|own| csv_field(own.as_str())).unwrap_or_default(),
        csv_field(&key.service),
        csv_field(&key.usage_type),
        csv_field(&line.unit),
        known(&line.estimated, quantity),
        known(&line.estimated, rate),
        known(&line.estimated, cost),
        known(&line.measured, quantity),
        known(&line.measured, cost),
        known(&billed, quantity),
        known(&billed, rate),
        known(&billed, cost),
        difference.filter(|_| !unknown).map(|own| own.to_string()).unwrap_or_default(),
        line.difference.to_string(),
        money(line.volume_variance),
        money(line.price_variance),
        money(explained),
        joined(&line.parts, |part| part.kind.id().to_owned()),
        joined(&line.parts, |part| part.amount.to_string()),
        line.unexplained.to_string(),
        (!unknown).to_string(),
        String::new(),
    ]
}

fn joined(parts: &[Part], text: impl Fn(&Part) -> String) -> String {
    parts.iter().map(text).collect::<Vec<_>>().join(";")
}

fn of_charge(charge: &Charge) -> Vec<String> {
    let amount = charge.amount.to_string();
    let mut fields = vec![
        charge.category.name().to_owned(),
        charge.month.to_string(),
        charge.account.as_ref().map(ToString::to_string).unwrap_or_default(),
        charge.region.as_ref().map(|own| csv_field(own.as_str())).unwrap_or_default(),
        csv_field(&charge.service),
        csv_field(&charge.usage_type),
    ];
    fields.resize(COLUMNS.len(), String::new());
    let mut put = |column: &str, text: String| {
        if let Some(at) = COLUMNS.iter().position(|own| *own == column) {
            fields[at] = text;
        }
    };
    put("billed_cost", amount.clone());
    put("difference", amount.clone());
    put("explained", amount.clone());
    put("causes", charge.cause().id().to_owned());
    put("cause_amounts", amount);
    put("unexplained", "0".to_owned());
    put("complete", "true".to_owned());
    put("rows", charge.rows.to_string());
    fields
}

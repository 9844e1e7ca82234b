//! From a bill to a model: the volumes of one month, as if somebody had written them down.

use crate::domain::{
    Account, AccountId, Amount, AmountValue, Bill, BilledLine, BilledMonth, BilledPrice, CatalogEntry,
    Certainty, ChargeCategory, Evidence, Gap, GapKind, Growth, Horizon, Inventory, Measured, Model, Month,
    Observations, Place, Provenance, ProvenanceKind, Quantity, RegionCode, UnitPrice, Volume, agreed_terms,
    billed_prices,
};
use crate::sources::scenario::Context;
use std::collections::BTreeMap;

/// Months of the scenario.
const MONTHS: u32 = 36;

/// Returns the month that volumes are taken from: the one wanted, else the latest whole one, else the latest.
pub fn month_of(bill: &Bill, wanted: Option<Month>) -> Option<&BilledMonth> {
    match wanted {
        Some(month) => bill.months.iter().find(|own| own.month == month),
        None => bill.months.iter().rev().find(|own| !own.is_partial()).or(bill.months.last()),
    }
}

/// The key of a volume.
type Key<'b> = (&'b AccountId, &'b RegionCode, &'b str, &'b str);

/// A month of a bill as a model.
#[derive(Debug)]
pub struct Lowered {
    /// The model, whose first month it is, with the terms that the bill shows.
    pub model: Model,
    /// How each volume was come by.
    pub evidence: Vec<Evidence>,
    /// Prices that no term explains, each as one sentence without a full stop.
    pub unexplained: Vec<String>,
}

/// Volumes above this are no one's; a scenario cannot hold them.
const MOST: u64 = 1_000_000_000_000_000_000;

/// Turns a month of a bill into a model. `list_price` tells what a unit costs at list price, where all of them cost the same.
///
/// Quantities stay as billed: of a month that is not whole they are those of the days covered, and a gap says so. A quantity
/// of zero is a measured zero. What has no account, Region or known usage type cannot be a volume, nor what is negative in
/// all: a gap says so.
pub fn lower(
    bill: &Bill,
    month: &BilledMonth,
    context: &Context<'_>,
    list_price: &dyn Fn(&BilledPrice) -> Option<UnitPrice>,
) -> Lowered {
    let mut gaps = Vec::new();
    if month.is_partial() {
        gaps.push(Gap {
            kind: GapKind::Volume,
            what: format!(
                "{} is not whole: the bill covers {} to {}, {} of {} days",
                month.month,
                month.first_day,
                month.last_day,
                month.days_covered(),
                month.month.days()
            ),
            remedy: "measure a whole month, or scale the volumes".to_owned(),
        });
    }
    let mut sums: BTreeMap<Key<'_>, Quantity> = BTreeMap::new();
    for line in usage_of(bill, month.month) {
        match key(line, context, bill) {
            Ok(key) => {
                let own = sums.entry(key).or_default();
                // A bill's quantities add up to what a bill holds.
                *own = own.plus(line.quantity).unwrap_or(*own);
            }
            Err(gap) => gaps.push(gap),
        }
    }
    if !bill.shared.is_empty() {
        gaps.push(Gap {
            kind: GapKind::NotIncluded,
            what: "nothing on the bill says which part of S3, KMS, CloudWatch and the like the logs are"
                .to_owned(),
            remedy: "name what holds the logs with --resource, in an export with resource ids".to_owned(),
        });
    }
    let provenance = Provenance { kind: ProvenanceKind::Measured, place: Place::default() };
    let mut observations = Observations::default();
    let mut evidence = Vec::new();
    for ((account, region, service, usage_type), quantity) in sums {
        let Some(entry) = context.catalog.get(service, usage_type) else { continue };
        if let Some(why) = no_volume(quantity, entry) {
            gaps.push(Gap {
                kind: GapKind::Volume,
                what: format!(
                    "{service} {usage_type} ({account}, {region}) is {quantity} {} in all, which {why}",
                    entry.unit
                ),
                remedy: "look at the bill's rows, and state the volume".to_owned(),
            });
            continue;
        }
        evidence.push(Evidence {
            what: format!("{usage_type} ({account}, {region})"),
            value: format!("{quantity} {}", entry.unit),
            how: format!("the bill of {}, {}", month.month, bill.formats.join("; ")),
            certainty: Certainty::Exact,
        });
        observations.volumes.push(Volume {
            account: account.clone(),
            region: region.clone(),
            service: service.to_owned(),
            usage_type: usage_type.to_owned(),
            unit: entry.unit.clone(),
            component: entry.component,
            amount: Amount { value: AmountValue::Known(quantity), provenance },
        });
    }
    let mut accounts: Vec<Account> =
        observations.volumes.iter().map(|volume| Account::bare(volume.account.clone())).collect();
    accounts.dedup_by(|left, right| left.id == right.id);
    let mut prices = billed_prices(&bill.lines, Some(month.month)).unwrap_or_default();
    // What no table knows is no volume, and needs no price.
    prices.retain(|own| context.catalog.get(&own.service, &own.usage_type).is_some());
    let agreed = agreed_terms(&prices, list_price);
    let unexplained: Vec<String> = agreed.unexplained.iter().map(|own| no_term(own, bill)).collect();
    gaps.extend(unexplained.iter().map(|what| Gap {
        kind: GapKind::NotIncluded,
        what: what.clone(),
        remedy: "state what was agreed under [[terms]]".to_owned(),
    }));
    gaps.sort();
    gaps.dedup();
    let model = Model {
        name: format!("Bill of {}", month.month),
        sources: bill.sources.clone(),
        currency: bill.currency.clone(),
        horizon: Horizon { start: month.month, months: MONTHS },
        consolidated_billing: true,
        free_tier: false,
        inventory: Inventory { accounts, ..Inventory::default() },
        observations,
        growth: Growth::default(),
        terms: agreed.terms,
        demands: crate::domain::Demands::default(),
        benefit: None,
        assumptions: context.defaults.figures().to_vec(),
        gaps,
        measured: Some(Measured { from: month.first_day, to: month.last_day, by: "measure bill".to_owned() }),
    };
    Lowered { model, evidence, unexplained }
}

/// Says why a sum cannot be a volume, if it cannot.
fn no_volume(quantity: Quantity, entry: &CatalogEntry) -> Option<&'static str> {
    if quantity.is_negative() {
        return Some("is less than nothing");
    }
    if quantity > Quantity::from_count(MOST) {
        return Some("is more than 10^18");
    }
    (entry.unit.is_whole() && quantity.to_count().is_none()).then_some("is no whole number")
}

/// Says that nothing agreed explains a price.
fn no_term(price: &BilledPrice, bill: &Bill) -> String {
    let place = price.region.as_ref().map(|own| format!(" in {own}")).unwrap_or_default();
    let things = if price.unit.is_empty() {
        "an unknown quantity".to_owned()
    } else {
        format!("{} {}", price.quantity, price.unit)
    };
    format!(
        "no discount and no rate explains what was paid for {} {}{place}, {}{} for {things}: the list price is taken",
        price.service,
        price.usage_type,
        bill.currency.symbol(),
        price.cost
    )
}

fn usage_of(bill: &Bill, month: Month) -> impl Iterator<Item = &BilledLine> {
    bill.lines.iter().filter(move |line| line.month == month && line.category == ChargeCategory::Usage)
}

/// Returns a volume's key, or why the line cannot be a volume.
fn key<'b>(line: &'b BilledLine, context: &Context<'_>, bill: &Bill) -> Result<Key<'b>, Gap> {
    let named = if line.usage_type.is_empty() { "usage without usage type" } else { &line.usage_type };
    let cost = format!("{}{}", bill.currency.symbol(), line.billed_cost);
    let gap = |what: String, remedy: &str| Gap { kind: GapKind::Volume, what, remedy: remedy.to_owned() };
    let (Some(account), Some(region)) = (&line.account, &line.region) else {
        let lacks = if line.account.is_none() { "account" } else { "Region" };
        return Err(gap(
            format!("the bill names no {lacks} for {} {named} ({cost})", line.service),
            "export CUR or FOCUS, whose rows name both",
        ));
    };
    let place = format!("{account}, {region}");
    if line.unit.is_empty() {
        return Err(gap(
            format!("the bill has no quantity for {} {named} ({place}, {cost})", line.service),
            "export CUR or FOCUS with usage types and quantities",
        ));
    }
    let Some(entry) = context.catalog.get(&line.service, &line.usage_type) else {
        return Err(gap(
            format!(
                "no price table knows {} {named} ({place}): {} {}, {cost}",
                line.service, line.quantity, line.unit
            ),
            "add the usage type to a table of your own (--pricing DIR)",
        ));
    };
    // What a price list calls the unit differs in upper case now and then.
    if !entry.unit.name().eq_ignore_ascii_case(&line.unit) {
        return Err(gap(
            format!(
                "{} {named} ({place}) is billed in {}, the price table has {}",
                line.service, line.unit, entry.unit
            ),
            "state the volume in the table's unit, or correct the table",
        ));
    }
    Ok((account, region, line.service.as_str(), line.usage_type.as_str()))
}

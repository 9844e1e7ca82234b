//! What holds for the whole scenario: name, months, growth, terms, figures of its own.

use super::amounts::{number, percentage};
use super::document::assumed;
use super::error::WriteError;
use super::page::{Entries, Page, Value};
use crate::domain::{
    AmountRange, Assumption, Currency, GrowthCategory, GrowthRate, Model, Quantity, TermPrice,
};
use std::collections::BTreeMap;

/// Writes the keys that stand before every table.
pub(super) fn head(page: &mut Page, model: &Model, csv: Option<&str>) -> Result<(), WriteError> {
    let name = model.name.trim();
    if name.is_empty() {
        return Err(WriteError::new("the scenario", "it has no name"));
    }
    let mut entries = Entries::default();
    entries.put("version", Value::whole(1));
    entries.put("name", Value::text(name));
    entries.put("start", Value::text(&model.horizon.start.to_string()));
    let months = model.horizon.months;
    if assumed(model, "horizon_months") != Some(months.to_string().as_str()) {
        entries.put("months", Value::whole(months.into()));
    }
    if model.currency != Currency::usd() {
        entries.put("currency", Value::text(model.currency.code()));
    }
    let flag = |own: bool, id: &str| assumed(model, id) == Some(if own { "true" } else { "false" });
    let pools = model.consolidated_billing;
    let one_account = pools && model.inventory.accounts.len() < 2;
    if !one_account && !flag(pools, "consolidated_billing") {
        entries.put("consolidated_billing", Value::flag(pools));
    }
    let free = model.free_tier;
    if (free || model.has_other_services()) && !flag(free, "free_tier") {
        entries.put("free_tier", Value::flag(free));
    }
    entries.put_some("volumes", csv.map(Value::text));
    page.table("", &entries);
    Ok(())
}

pub(super) fn measured(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let Some(measured) = &model.measured else {
        return Ok(());
    };
    if measured.from > measured.to {
        return Err(WriteError::new("[measured]", format!("{} is after {}", measured.from, measured.to)));
    }
    let mut entries = Entries::default();
    entries.put("from", Value::text(&measured.from.to_string()));
    entries.put("to", Value::text(&measured.to.to_string()));
    entries.put("by", Value::text(&measured.by));
    page.table("[measured]", &entries);
    Ok(())
}

pub(super) fn growth(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let growth = &model.growth;
    let mut entries = Entries::default();
    if let Some(own) = growth.general {
        let (key, value) = rate(own)?;
        entries.put(key, value);
    }
    for (category, own) in &growth.by_category {
        let (key, value) = rate(*own)?;
        let mut table = Entries::default();
        table.put(key, value);
        entries.put(category.name(), Value::Table(table));
    }
    if !entries.is_empty() {
        page.table("[growth]", &entries);
    }
    for step in &growth.steps {
        let mut entries = Entries::default();
        entries.put("from", Value::text(&step.from.to_string()));
        entries.put_some("category", step.category.map(|own| Value::text(own.name())));
        entries.put("factor", number(step.factor));
        page.table("[[step]]", &entries);
    }
    let mut seasons: BTreeMap<Option<GrowthCategory>, Entries> = BTreeMap::new();
    for (category, month, factor) in growth.seasons.iter() {
        seasons.entry(category).or_default().put(&format!("{month:02}"), number(factor));
    }
    if !seasons.is_empty() {
        let mut entries = Entries::default();
        for (category, factors) in seasons {
            entries.put(category.map_or("all", GrowthCategory::name), Value::Table(factors));
        }
        page.table("[seasonality]", &entries);
    }
    Ok(())
}

fn rate(rate: GrowthRate) -> Result<(&'static str, Value), WriteError> {
    match rate {
        GrowthRate::Monthly(own) => Ok(("monthly", percentage(own, "[growth]")?)),
        GrowthRate::Yearly(own) => Ok(("yearly", percentage(own, "[growth]")?)),
    }
}

pub(super) fn terms(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    for term in &model.terms {
        let mut entries = Entries::default();
        entries.put("service", Value::text(&term.service));
        entries.put_some("usage_type", term.usage_type.as_deref().map(Value::text));
        entries.put_some("region", term.region.as_ref().map(|own| Value::text(own.as_str())));
        match term.price {
            TermPrice::Discount(share) => entries.put("discount", percentage(share, "a discount")?),
            TermPrice::Rate(rate) => entries.put("rate", number(rate.value())),
        }
        page.table("[[terms]]", &entries);
    }
    Ok(())
}

pub(super) fn benefit(page: &mut Page, model: &Model) {
    let Some(benefit) = &model.benefit else {
        return;
    };
    let mut entries = Entries::default();
    entries.put_some("avoided_loss", benefit.avoided_loss.map(|own| number(own.value())));
    entries.put_some("incidents_per_year", benefit.incidents_per_year.map(exact));
    entries.put_some("cloud_spend_per_month", benefit.cloud_spend_per_month.map(|own| number(own.value())));
    page.table("[return]", &entries);
}

fn exact(quantity: Quantity) -> Value {
    number(quantity.rounded(12))
}

pub(super) fn assumptions(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let mut entries = Entries::default();
    for own in model.assumptions.iter().filter(|own| own.declared) {
        entries.put(&own.id, figure(own)?);
    }
    if !entries.is_empty() {
        page.table("[assumptions]", &entries);
    }
    Ok(())
}

fn figure(own: &Assumption) -> Result<Value, WriteError> {
    let Some(likely) = own.figure() else {
        return Err(WriteError::new(format!("[assumptions] {}", own.id), "it is no figure"));
    };
    let Some(AmountRange { low, likely: _, high }) = own.range else {
        return Ok(number(likely));
    };
    let mut range = Entries::default();
    range.put("low", exact(low));
    range.put("likely", number(likely));
    range.put("high", exact(high));
    Ok(Value::Table(range))
}

pub(super) fn gaps(page: &mut Page, model: &Model) {
    for gap in &model.gaps {
        let mut entries = Entries::default();
        entries.put("kind", Value::text(gap.kind.name()));
        entries.put("what", Value::text(&gap.what));
        if !gap.remedy.is_empty() {
            entries.put("remedy", Value::text(&gap.remedy));
        }
        page.table("[[gap]]", &entries);
    }
}

//! Trails, event data stores and direct deliveries.

use super::amounts::optional;
use super::document::assumed;
use super::error::WriteError;
use super::page::{Entries, Page, Value};
use super::selectors;
use crate::domain::{
    AdvancedEventSelector, BillingMode, EventCategory, InsightsSelector, Model, Trail, TrailScope,
};
use crate::sources::scenario::quantity_text::Expected;
use std::collections::BTreeSet;

pub(super) fn trails(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for trail in &model.inventory.trails {
        let what = format!("the trail `{}`", trail.name);
        if !seen.insert((&trail.scope, &trail.name, &trail.home_region)) {
            return Err(WriteError::new(what, "it is there twice"));
        }
        write_trail(page, model, trail, &what)?;
    }
    Ok(())
}

fn write_trail(page: &mut Page, model: &Model, trail: &Trail, what: &str) -> Result<(), WriteError> {
    let mut entries = Entries::default();
    entries.put("name", Value::text(&trail.name));
    match &trail.scope {
        TrailScope::Account(id) => entries.put("account", Value::text(id.as_str())),
        TrailScope::EachAccount => entries.put("account", Value::text("*")),
        TrailScope::Organization => entries.put("scope", Value::text("organization")),
    }
    let home = trail.home_region.as_str();
    if !trail.multi_region || assumed(model, "trail_home_region") != Some(home) {
        entries.put("home_region", Value::text(home));
    }
    put_flag(&mut entries, model, "multi_region", trail.multi_region, "trail_multi_region");
    if !trail.logging {
        entries.put("logging", Value::flag(false));
    }
    let selectors = recorded(&mut entries, model, &trail.selectors, what)?;
    for (key, category) in [("insights", EventCategory::Management), ("data_insights", EventCategory::Data)] {
        let types = trail.insights.iter().filter(|own| own.category == category);
        entries.put_texts(key, types.map(|own| own.insights_type.name()));
    }
    if trail.insights.iter().any(|own| own.category == EventCategory::NetworkActivity) {
        return Err(WriteError::new(what, "Insights analyses no network activity"));
    }
    entries.put_texts("aggregation", &trail.aggregation);
    let delivery = &trail.delivery;
    entries.put_some("bucket", delivery.bucket.as_deref().map(Value::text));
    entries.put_some("kms", delivery.kms.map(Value::flag));
    entries.put_some("log_file_validation", delivery.log_file_validation.map(Value::flag));
    entries.put_some("log_group", delivery.log_group.as_deref().map(Value::text));
    entries.put_some("sns_topic", delivery.sns_topic.as_deref().map(Value::text));
    for (key, own, expected) in [
        ("log_files", &delivery.log_files, Expected::Count),
        ("log_bytes", &delivery.log_bytes, Expected::Bytes),
        ("insights_found", &delivery.insights_found, Expected::Count),
    ] {
        entries.put_some(key, optional(own.as_ref(), expected, &format!("{key} of {what}"))?);
    }
    page.table("[[trail]]", &entries);
    for selector in selectors {
        page.table("[[trail.selector]]", &selector);
    }
    Ok(())
}

/// Puts a setting unless it was assumed.
fn put_flag(entries: &mut Entries, model: &Model, key: &str, own: bool, id: &str) {
    if assumed(model, id) != Some(if own { "true" } else { "false" }) {
        entries.put(key, Value::flag(own));
    }
}

/// Puts what is recorded; what comes back are tables of their own.
fn recorded(
    entries: &mut Entries,
    model: &Model,
    own: &[AdvancedEventSelector],
    what: &str,
) -> Result<Vec<Entries>, WriteError> {
    selectors::all_test(own.iter().flat_map(|selector| &selector.fields), what)?;
    let all_assumed = assumed(model, "recorded_management_events").map(|_| "all");
    Ok(selectors::put(entries, own, all_assumed))
}

pub(super) fn event_data_stores(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for store in &model.inventory.event_data_stores {
        let what = format!("the event data store `{}`", store.name);
        if !seen.insert((&store.name, &store.account, &store.home_region)) {
            return Err(WriteError::new(what, "it is there twice"));
        }
        let mut entries = Entries::default();
        entries.put("name", Value::text(&store.name));
        entries.put("account", Value::text(store.account.as_str()));
        if store.organization {
            entries.put("scope", Value::text("organization"));
        }
        entries.put("home_region", Value::text(store.home_region.as_str()));
        put_flag(&mut entries, model, "multi_region", store.multi_region, "event_data_store_multi_region");
        if !store.ingesting {
            entries.put("ingesting", Value::flag(false));
        }
        let mode = match store.billing_mode {
            BillingMode::OneYearExtendable => "EXTENDABLE_RETENTION_PRICING",
            BillingMode::SevenYear => "FIXED_RETENTION_PRICING",
        };
        if assumed(model, "event_data_store_billing_mode") != Some(mode) {
            entries.put("billing_mode", Value::text(mode));
        }
        let included = store.retention_days == store.billing_mode.included_days();
        if !included || assumed(model, "event_data_store_retention").is_none() {
            entries.put("retention", Value::text(&format!("{}d", store.retention_days)));
        }
        let selectors = recorded(&mut entries, model, &store.selectors, &what)?;
        if store.insights.iter().any(|own: &InsightsSelector| own.category != EventCategory::Management) {
            return Err(WriteError::new(what, "its Insights analyses management events only"));
        }
        entries.put_texts("insights", store.insights.iter().map(|own| own.insights_type.name()));
        for (key, own) in [("other_sources", &store.other_sources_bytes), ("scanned", &store.scanned_bytes)] {
            entries.put_some(key, optional(own.as_ref(), Expected::Bytes, &format!("{key} of {what}"))?);
        }
        page.table("[[event_data_store]]", &entries);
        for selector in selectors {
            page.table("[[event_data_store.selector]]", &selector);
        }
    }
    Ok(())
}

pub(super) fn direct_deliveries(page: &mut Page, model: &Model) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for delivery in &model.inventory.direct_deliveries {
        let what = format!("the direct delivery `{}`", delivery.name);
        if !seen.insert(&delivery.name) {
            return Err(WriteError::new(what, "it is there twice"));
        }
        let mut entries = Entries::default();
        entries.put("name", Value::text(&delivery.name));
        entries.put_some("account", delivery.account.as_ref().map(|own| Value::text(own.as_str())));
        entries.put_some("region", delivery.region.as_ref().map(|own| Value::text(own.as_str())));
        let selectors = recorded(&mut entries, model, &delivery.selectors, &what)?;
        page.table("[[direct_delivery]]", &entries);
        for selector in selectors {
            page.table("[[direct_delivery.selector]]", &selector);
        }
    }
    Ok(())
}

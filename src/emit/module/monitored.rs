//! What alarms watch for.

use super::design::ModuleDesign;
use crate::domain::MONITORED_ACTIVITIES;
use crate::emit::hcl::{Item, Value, quote, render};

/// Returns `monitored.tf`.
pub(super) fn monitored(design: &ModuleDesign) -> String {
    let filters = design.model.inventory.log_groups.iter().flat_map(|own| &own.metric_filters);
    // Where it is known in how many hours something happens, only those are sent, and charged.
    let stated: Vec<&str> = filters.filter(|own| own.hours.is_some()).map(|own| own.name.as_str()).collect();
    let entry = |name: &str, source: &str, title: &str, pattern: &str| {
        let always = if stated.contains(&name) { Value::raw("null") } else { Value::text("0") };
        Item::block(
            &format!("{} =", quote(name)),
            vec![
                Item::comment(source),
                Item::set("title", Value::text(title)),
                Item::set("pattern", Value::text(pattern)),
                Item::set("default_value", always),
            ],
        )
    };
    let listed = MONITORED_ACTIVITIES.iter().map(|own| entry(own.name, own.source, own.title, own.pattern));
    let own =
        design.own_filters.iter().map(|own| entry(&own.name, "Of the scenario", &own.name, &own.pattern));
    let entries = listed.chain(own);
    render(&[
        Item::comment(
            "What alarms watch for: the CIS AWS Foundations Benchmark's list, and public access to S3.",
        ),
        Item::comment(
            "With a default value a filter sends 0 in every hour, and its metric is charged for all of them; with null",
        ),
        Item::comment("it is charged for the hours in which something happened."),
        Item::blank(),
        Item::block("locals", vec![Item::block("monitored =", entries.collect())]),
    ])
}

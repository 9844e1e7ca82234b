//! What alarms watch for.

use super::design::ModuleDesign;
use crate::domain::MONITORED_ACTIVITIES;
use crate::emit::hcl::{Item, Value, quote, render};

/// Returns `monitored.tf`.
pub(super) fn monitored(design: &ModuleDesign) -> String {
    let filters = design.model.inventory.log_groups.iter().flat_map(|own| &own.metric_filters);
    // Where it is known in how many hours something happens, only those are sent, and charged.
    let stated: Vec<&str> = filters.filter(|own| own.hours.is_some()).map(|own| own.name.as_str()).collect();
    let entries = MONITORED_ACTIVITIES.iter().map(|own| {
        let always = if stated.contains(&own.name) { Value::raw("null") } else { Value::text("0") };
        Item::block(
            &format!("{} =", quote(own.name)),
            vec![
                Item::comment(own.source),
                Item::set("title", Value::text(own.title)),
                Item::set("pattern", Value::text(own.pattern)),
                Item::set("default_value", always),
            ],
        )
    });
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

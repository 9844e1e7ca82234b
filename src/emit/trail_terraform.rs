//! A trail in Terraform.

use super::arn;
use super::draft::Draft;
use super::hcl::{Item, Value};
use super::resource::Place;
use super::selection::Selection;
use super::terraform::{keeps, place};
use super::trail::terraform_variable;
use crate::domain::{EventCategory, Inventory, Trail, TrailScope};

/// Adds the trail as it should be to the change's Terraform.
pub(super) fn fragment(draft: &mut Draft, old: Option<&Trail>, new: &Trail, inventory: &Inventory) {
    let mut items = place(draft.place(), &new.home_region);
    let mut kept = vec!["s3_key_prefix", "include_global_service_events", "tags"];
    let mut variables = Vec::new();
    let label = draft.label.clone();
    let mut variable = |what: &str, description: &str| {
        let name = terraform_variable(&label, what);
        variables.push(Item::variable(&name, description));
        Value::raw(format!("var.{name}"))
    };
    items.push(Item::set("name", Value::text(&new.name)));
    items.push(Item::set(
        "s3_bucket_name",
        match &new.delivery.bucket {
            Some(name) => Value::text(name),
            None => variable("bucket", "The bucket that the trail delivers to"),
        },
    ));
    items.push(Item::set("is_multi_region_trail", Value::raw(new.multi_region)));
    items.push(Item::set("is_organization_trail", Value::raw(new.scope == TrailScope::Organization)));
    items.push(Item::set("enable_logging", Value::raw(new.logging)));
    match new.delivery.log_file_validation {
        Some(on) => items.push(Item::set("enable_log_file_validation", Value::raw(on))),
        None => kept.push("enable_log_file_validation"),
    }
    let same_before = |pick: fn(&Trail) -> Option<bool>| old.is_some_and(|old| pick(old) == pick(new));
    match new.delivery.kms {
        Some(true) if !same_before(|own| own.delivery.kms) => items.push(Item::set(
            "kms_key_id",
            variable("kms_key_id", "The ARN of the KMS key that encrypts the trail's log files"),
        )),
        Some(false) => {}
        Some(true) | None => kept.push("kms_key_id"),
    }
    if old.is_some_and(|old| old.delivery.sns_topic == new.delivery.sns_topic) {
        kept.push("sns_topic_name");
    } else if let Some(name) = &new.delivery.sns_topic {
        let topic = inventory.topics.iter().find(|own| &own.name == name);
        let value = match (topic, draft.place()) {
            (Some(topic), Place::Account(_) | Place::Organization) => {
                arn::regional("sns", &topic.region, &topic.account, name)
            }
            _ => name.clone(),
        };
        items.push(Item::set("sns_topic_name", Value::text(value)));
    }
    if old.is_some_and(|old| old.delivery.log_group == new.delivery.log_group) {
        kept.extend(["cloud_watch_logs_group_arn", "cloud_watch_logs_role_arn"]);
    } else if let Some(name) = &new.delivery.log_group {
        let owner = inventory.log_groups.iter().find(|own| &own.name == name);
        let arn = match (owner, draft.place()) {
            (Some(owner), Place::Account(_) | Place::Organization) => {
                let rest = format!("log-group:{name}:*");
                Value::text(arn::regional("logs", &new.home_region, &owner.account, &rest))
            }
            _ => variable("logs_group_arn", "The ARN of the log group, with :* at its end"),
        };
        items.push(Item::set("cloud_watch_logs_group_arn", arn));
        items.push(Item::set(
            "cloud_watch_logs_role_arn",
            variable("logs_role_arn", "The ARN of the role by which CloudTrail writes to the log group"),
        ));
    }
    let former = old.map_or(new.selectors.as_slice(), |old| old.selectors.as_slice());
    match Selection::of_trail(former, &new.selectors, &new.home_region).1 {
        Ok(selection) => items.extend(selection.terraform()),
        Err(_) => kept.extend(["advanced_event_selector", "event_selector"]),
    }
    if new.insights.iter().any(|own| own.category != EventCategory::Management) {
        draft.note(
            "the Terraform provider has no Insights on data events (hashicorp/aws 6.25): the fragment leaves Insights alone, \
             use the command",
        );
        kept.push("insight_selector");
    } else {
        for own in &new.insights {
            items.push(Item::block(
                "insight_selector",
                vec![Item::set("insight_type", Value::text(own.insights_type.name()))],
            ));
        }
    }
    if old.is_some_and(|old| old.aggregation != new.aggregation)
        || (old.is_none() && !new.aggregation.is_empty())
    {
        draft.note(
            "the Terraform provider has no aggregation of data events (hashicorp/aws 6.25): use the command",
        );
    }
    items.push(keeps(&kept));
    let mut all = vec![Item::resource("aws_cloudtrail", &label, items)];
    all.extend(variables);
    draft.terraform(all);
}

//! Another class for a log group, which is a new log group.
//!
//! Source: CloudWatch Logs user guide, "Log classes": a log group's class cannot be changed after it is created.

use super::command::Line;
use super::draft::Draft;
use super::hcl::Item;
use super::log_group::{class_name, fragment, has_known_retention, line, note_unknown_retention, retention};
use super::names::path_part;
use super::resource::Place;
use super::saved::Restore;
use super::trail_settings::{Setting, log_group_option, save_settings};
use crate::domain::{Inventory, LogClass, LogGroup, Trail};

/// Returns the name of the group that takes over.
fn successor(group: &LogGroup) -> String {
    let suffix = match group.class {
        LogClass::Standard => "standard",
        LogClass::InfrequentAccess => "infrequent-access",
    };
    format!("{}-{suffix}", group.name)
}

/// Returns the trails that deliver to a group.
fn trails<'a>(group: &LogGroup, inventory: &'a Inventory) -> Vec<&'a Trail> {
    inventory
        .trails
        .iter()
        .filter(|own| own.delivery.log_group.as_deref() == Some(group.name.as_str()))
        .collect()
}

fn update(trail: &Trail) -> Line {
    Line::aws("cloudtrail", "update-trail", &trail.home_region).value("--name", &trail.name)
}

fn deliver(draft: &Draft, trail: &Trail, group: &str, inventory: &Inventory) -> Line {
    log_group_option(update(trail), trail, group, inventory, draft)
}

/// Writes the change of a log group's class.
pub(super) fn change(
    draft: &mut Draft,
    old: &LogGroup,
    new: &LogGroup,
    before: &Inventory,
    after: &Inventory,
) {
    let name = successor(new);
    draft.says_from_to("class", class_name(old.class), class_name(new.class));
    draft.says(format!("a new log group {name} takes over"));
    let create = line("create-log-group", new, &name)
        .value("--log-group-class", class_name(new.class))
        .unless_done("ResourceAlreadyExistsException")
        .because("Creates the log group of the other class, as the class of a log group cannot be changed");
    let mut apply = vec![create];
    if !has_known_retention(new) {
        note_unknown_retention(draft, new);
    } else if new.retention.is_some() {
        apply.push(retention(new, &name, "Sets how long events are kept there"));
    }
    draft.step(apply, Vec::new());
    // The new group belongs to the same account as the old one.
    let mut with_new = after.clone();
    with_new.log_groups.push(LogGroup { name: name.clone(), ..new.clone() });
    for trail in trails(new, after) {
        let delivered_before = trails(old, before).iter().any(|own| {
            (&own.name, &own.scope, &own.home_region) == (&trail.name, &trail.scope, &trail.home_region)
        });
        let apply =
            deliver(draft, trail, &name, &with_new).because(format!("Lets the trail deliver to {name}"));
        let undo = if delivered_before {
            let saved = draft.saved_file(&format!("trail-{}", path_part(&trail.name)));
            draft.save(vec![save_settings(trail, &[Setting::LogGroup], &saved)]);
            let undo = Restore::new(&saved, update(trail).input(&saved))
                .unsaved(deliver(draft, trail, &old.name, before))
                .because("Lets the trail deliver to the former log group");
            vec![undo]
        } else {
            Vec::new()
        };
        draft.step(vec![apply], undo);
    }
    draft.note(format!(
        "the class of a log group cannot be changed: {} stays as it is, with the events that it has and what their storage costs, \
         until it is deleted; the new group stays when the change is undone",
        old.name
    ));
    draft.note("the policy of the trail's role for CloudWatch Logs must allow CreateLogStream and PutLogEvents on the new log group");
    if !old.metric_filters.is_empty() {
        draft.note(format!(
            "the metric filters of {} find no events there any more, so that alarms on them fall silent",
            old.name
        ));
    }
    if new.class == LogClass::InfrequentAccess {
        draft.note("a log group of the Infrequent Access class has no metric filters, no subscription filters, no Live Tail and no alarms on its events");
    }
    if trails(new, after).iter().any(|own| !matches!(Place::of_scope(&own.scope, &[]), Place::Account(_))) {
        draft.note(
            "the trail of an organization, or of each account, is changed in the account of this log group",
        );
    }
    let label = draft.label.clone();
    fragment(draft, new, &name, &label);
    for trail in trails(new, after) {
        draft.terraform(vec![Item::comment(format!(
            "aws_cloudtrail resource of {}: set cloud_watch_logs_group_arn to \"${{aws_cloudwatch_log_group.{label}.arn}}:*\".",
            trail.name
        ))]);
    }
}

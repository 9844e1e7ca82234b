//! What changes at log groups.

use super::artefacts::Difference;
use super::command::{Command, Line};
use super::draft::{Draft, Turn};
use super::hcl::{Item, Value};
use super::log_group_class;
use super::names::path_part;
use super::pairs::pairs;
use super::resource::{Place, ResourceKind};
use super::saved::{Restore, jmespath_known, jmespath_text};
use super::terraform::{keeps, place};
use crate::domain::{LogClass, LogGroup};

/// The retentions that CloudWatch Logs knows, in days (CloudWatch Logs API reference, `PutRetentionPolicy`).
const RETENTIONS: [u32; 23] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    0,
];

/// What `put-metric-filter` takes of what `describe-metric-filters` tells.
const METRIC_FILTER: [&str; 4] =
    ["filterName", "filterPattern", "metricTransformations", "applyOnTransformedLogs"];

/// Begins a command on a log group.
pub(super) fn line(operation: &str, group: &LogGroup, name: &str) -> Line {
    Line::aws("logs", operation, &group.region).value("--log-group-name", name)
}

/// Returns the class's name in the API.
pub(super) fn class_name(class: LogClass) -> &'static str {
    match class {
        LogClass::Standard => "STANDARD",
        LogClass::InfrequentAccess => "INFREQUENT_ACCESS",
    }
}

fn retention_line(group: &LogGroup, name: &str) -> Line {
    match group.retention {
        Some(age) => {
            line("put-retention-policy", group, name).value("--retention-in-days", &age.days().to_string())
        }
        None => line("delete-retention-policy", group, name),
    }
}

/// Returns the command that sets a retention, or none where events are kept for ever.
pub(super) fn retention(group: &LogGroup, name: &str, why: &str) -> Command {
    retention_line(group, name).because(why)
}

fn is_shorter(old: &LogGroup, new: &LogGroup) -> bool {
    match (old.retention, new.retention) {
        (Some(old), Some(new)) => new < old,
        (None, Some(_)) => true,
        (_, None) => false,
    }
}

/// Begins the command that sets another retention; someone must agree where events are deleted by it.
fn changed_retention(draft: &Draft, from: &LogGroup, to: &LogGroup) -> Line {
    let mut line = retention_line(to, &to.name);
    if is_shorter(from, to) {
        let meaning = format!(
            "CloudWatch Logs may delete what is older than {} in the log group {}",
            words(to),
            to.name
        );
        line = line.consent(&draft.variable("DELETE_LOGS"), &meaning);
    }
    line
}

/// Writes the change of how long events are kept.
fn retention_change(draft: &mut Draft, old: &LogGroup, new: &LogGroup) {
    let saved = draft.saved_file("retention");
    // Others may have a name that begins so.
    let form = format!(
        "logGroups[?logGroupName=={}] | [0] | retentionInDays && {{retentionInDays: retentionInDays}}",
        jmespath_text(&old.name)
    );
    let save = Line::aws("logs", "describe-log-groups", &old.region)
        .value("--log-group-name-prefix", &old.name)
        .saved(&saved, &form, "")
        .because("Saves how long events are kept");
    draft.save(vec![save]);
    let undo = Restore::new(&saved, line("put-retention-policy", old, &old.name).input(&saved))
        .nothing(line("delete-retention-policy", old, &old.name))
        .unsaved(changed_retention(draft, new, old))
        .because("Sets how long events were kept");
    draft.step_of(changed_retention(draft, old, new).because("Sets how long events are kept"), undo);
}

/// Tells whether CloudWatch Logs knows the group's retention.
pub(super) fn has_known_retention(group: &LogGroup) -> bool {
    group.retention.is_none_or(|age| age.days() > 0 && RETENTIONS.contains(&age.days()))
}

/// Writes the changes of every log group.
pub(super) fn changes(difference: &mut Difference<'_>) {
    let (before, after) = (difference.before, difference.after);
    let matched = pairs(&before.log_groups, &after.log_groups, |old, new| {
        (&old.name, &old.account, &old.region) == (&new.name, &new.account, &new.region)
    });
    for (old, new) in matched {
        let Some(group) = new.or(old) else { continue };
        if old == new {
            continue;
        }
        let turn = if new.is_none() { Turn::Ends } else { Turn::Targets };
        let place = Place::Account(group.account.clone());
        let mut draft = Draft::new(
            &mut difference.names,
            turn,
            ResourceKind::LogGroup,
            &group.name,
            place,
            Some(&group.region),
        );
        match (old, new) {
            (Some(old), Some(new)) if old.class != new.class => {
                log_group_class::change(&mut draft, old, new, before, after);
                metric_filters(&mut draft, old, new);
            }
            (Some(old), Some(new)) => changed(&mut draft, old, new),
            (Some(old), None) => removed(&mut draft, old),
            (None, Some(new)) => added(&mut draft, new),
            (None, None) => {}
        }
        difference.drafts.push(draft);
    }
}

fn words(group: &LogGroup) -> String {
    group.retention.map_or_else(|| "for ever".to_owned(), |age| format!("{} days", age.days()))
}

/// Adds the log group as it should be to the change's Terraform.
pub(super) fn fragment(draft: &mut Draft, group: &LogGroup, name: &str, label: &str) {
    let mut items = place(draft.place(), &group.region);
    items.push(Item::set("name", Value::text(name)));
    items.push(Item::set("log_group_class", Value::text(class_name(group.class))));
    // 0 is for ever, as in the provider's documentation.
    let days = group.retention.map_or(0, crate::domain::Age::days);
    items.push(Item::set("retention_in_days", Value::raw(days)));
    items.push(keeps(&["kms_key_id", "tags"]));
    draft.terraform(vec![Item::resource("aws_cloudwatch_log_group", label, items)]);
}

/// Says that a retention is none that CloudWatch Logs knows.
pub(super) fn note_unknown_retention(draft: &mut Draft, group: &LogGroup) {
    let known: Vec<String> = RETENTIONS.iter().filter(|own| **own > 0).map(u32::to_string).collect();
    draft.note(format!(
        "the retention is not set: CloudWatch Logs knows no {} days, only {}",
        group.retention.map_or(0, crate::domain::Age::days),
        known.join(", ")
    ));
}

fn changed(draft: &mut Draft, old: &LogGroup, new: &LogGroup) {
    if old.retention != new.retention {
        draft.says_from_to("events are kept", &words(old), &words(new));
        if has_known_retention(new) {
            retention_change(draft, old, new);
            fragment(draft, new, &new.name, &draft.label.clone());
        } else {
            note_unknown_retention(draft, new);
        }
        if is_shorter(old, new) {
            draft.note("events older than the new retention are deleted, usually within 72 hours, and cannot be brought back");
        }
    }
    metric_filters(draft, old, new);
}

fn removed(draft: &mut Draft, old: &LogGroup) {
    draft.says("nothing is delivered to the log group any more");
    draft.note(
        "no command deletes the log group: the events in it are gone for ever with it; delete it by hand once nobody needs \
         them, or set a retention; until then they cost storage (aws logs delete-log-group)",
    );
    draft.terraform(vec![Item::comment(format!(
        "{}: keep its aws_cloudwatch_log_group resource as long as its events are kept.",
        old.name
    ))]);
}

fn added(draft: &mut Draft, new: &LogGroup) {
    draft.says("the log group is created");
    let create = line("create-log-group", new, &new.name)
        .value("--log-group-class", class_name(new.class))
        .unless_done("ResourceAlreadyExistsException")
        .because("Creates the log group; its class cannot be changed later");
    let mut apply = vec![create];
    if new.retention.is_some() && has_known_retention(new) {
        apply.push(retention(new, &new.name, "Sets how long events are kept"));
    } else if new.retention.is_some() {
        note_unknown_retention(draft, new);
    }
    draft.step(apply, Vec::new());
    draft.note("no command undoes the creation of a log group: it may hold events by then");
    if !new.metric_filters.is_empty() {
        draft.note("metric filters are to be made by hand: no scenario knows their patterns");
    }
    fragment(draft, new, &new.name, &draft.label.clone());
}

/// Writes which metric filters go.
fn metric_filters(draft: &mut Draft, old: &LogGroup, new: &LogGroup) {
    for (from, to) in pairs(&old.metric_filters, &new.metric_filters, |one, other| one.name == other.name) {
        match (from, to) {
            (Some(gone), None) => {
                draft.says(format!("metric filter {} is deleted", gone.name));
                let saved = draft.saved_file(&path_part(&gone.name));
                let form = format!(
                    "metricFilters[?filterName=={}] | [0] | @ && {}",
                    jmespath_text(&gone.name),
                    jmespath_known("", &METRIC_FILTER.map(|own| (own, own)))
                );
                let save = line("describe-metric-filters", old, &old.name)
                    .value("--filter-name-prefix", &gone.name)
                    .saved(&saved, &form, "")
                    .because("Saves the filter, from which it is made again");
                let delete = line("delete-metric-filter", old, &old.name)
                    .value("--filter-name", &gone.name)
                    .unless_done("ResourceNotFoundException")
                    .because("Deletes the metric filter; alarms on its metric get no data any more");
                let put = line("put-metric-filter", old, &old.name).input(&saved);
                let undo = Restore::new(&saved, put).because("Makes the metric filter again");
                draft.step(vec![save, delete], vec![undo]);
                draft.note(
                    "the metric filter is made again from the file that is saved before: no scenario knows its pattern",
                );
                draft.terraform(vec![Item::comment(format!(
                    "{}: take its aws_cloudwatch_log_metric_filter resource out of the configuration.",
                    gone.name
                ))]);
            }
            (None, Some(own)) => {
                draft.says(format!("metric filter {} is made", own.name));
                draft.note("no command makes a metric filter: no scenario knows its pattern (aws logs put-metric-filter)");
            }
            _ => {}
        }
    }
}

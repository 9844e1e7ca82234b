//! A trail from nothing: to be created, or to be created again.

use super::command::{Command, Line};
use super::draft::Draft;
use super::insights;
use super::selection::Selection;
use super::trail_settings::Setting;
use crate::domain::{Inventory, Trail, TrailScope};
use serde::Serialize;

/// How data events are aggregated, as CloudTrail's API writes it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AggregationConfiguration {
    event_category: &'static str,
    templates: Vec<String>,
}

/// Returns the list for `put-event-configuration`; an empty one turns aggregation off.
pub(super) fn aggregation(templates: &[String]) -> Vec<AggregationConfiguration> {
    let configuration = AggregationConfiguration { event_category: "Data", templates: templates.to_vec() };
    if templates.is_empty() { Vec::new() } else { vec![configuration] }
}

/// Returns the command that puts a selection, and writes its file.
pub(super) fn put_selectors(
    draft: &mut Draft,
    trail: &Trail,
    selection: &Selection,
    file: &str,
    why: &str,
) -> Command {
    let path = draft.file(file, selection);
    Line::aws("cloudtrail", "put-event-selectors", &trail.home_region)
        .value("--trail-name", &trail.name)
        .file(selection.option(), &path)
        .because(why)
}

/// Returns the command that puts Insights selectors, and writes their file.
pub(super) fn put_insights(draft: &mut Draft, trail: &Trail, file: &str, why: &str) -> Command {
    let path = draft.file(file, &insights::request(&trail.insights));
    Line::aws("cloudtrail", "put-insight-selectors", &trail.home_region)
        .value("--trail-name", &trail.name)
        .file("--insight-selectors", &path)
        .because(why)
}

/// Returns the command that puts the templates of aggregation, and writes their file.
pub(super) fn put_aggregation(draft: &mut Draft, trail: &Trail, file: &str, why: &str) -> Command {
    let path = draft.file(file, &aggregation(&trail.aggregation));
    Line::aws("cloudtrail", "put-event-configuration", &trail.home_region)
        .value("--trail-name", &trail.name)
        .file("--aggregation-configurations", &path)
        .because(why)
}

/// Returns `start-logging` or `stop-logging`.
pub(super) fn logging(trail: &Trail, on: bool, why: &str) -> Command {
    Line::aws("cloudtrail", if on { "start-logging" } else { "stop-logging" }, &trail.home_region)
        .value("--name", &trail.name)
        .because(why)
}

/// Returns `delete-trail`.
pub(super) fn delete(trail: &Trail, why: &str) -> Command {
    Line::aws("cloudtrail", "delete-trail", &trail.home_region).value("--name", &trail.name).because(why)
}

/// Returns the commands that create a trail with everything that is known about it, and writes their files; their names
/// end in `suffix` before `.json`.
pub(super) fn create(draft: &mut Draft, trail: &Trail, inventory: &Inventory, suffix: &str) -> Vec<Command> {
    let mut line = Line::aws("cloudtrail", "create-trail", &trail.home_region).value("--name", &trail.name);
    for setting in Setting::ALL {
        let delivery = &trail.delivery;
        let stated = match setting {
            Setting::MultiRegion | Setting::Bucket => true,
            Setting::Kms => delivery.kms == Some(true),
            Setting::Validation => delivery.log_file_validation.is_some(),
            Setting::LogGroup => delivery.log_group.is_some(),
            Setting::Topic => delivery.sns_topic.is_some(),
        };
        if stated {
            line = setting.option(line, trail, inventory, draft);
        }
    }
    if trail.scope == TrailScope::Organization {
        line = line.flag("--is-organization-trail");
    }
    let mut commands = vec![line.because("Creates the trail; the bucket's policy must allow it to deliver")];
    match Selection::of_trail(&trail.selectors, &trail.selectors, &trail.home_region).1 {
        Ok(selection) => {
            let file = format!("event-selectors{suffix}.json");
            commands.push(put_selectors(
                draft,
                trail,
                &selection,
                &file,
                "Selects the events that it records",
            ));
        }
        Err(problems) => {
            for problem in problems {
                draft.note(format!("no event selectors for a new trail {}: {problem}", trail.name));
            }
        }
    }
    if !trail.aggregation.is_empty() {
        let file = format!("event-configuration{suffix}.json");
        commands.push(put_aggregation(draft, trail, &file, "Aggregates data events"));
    }
    if !trail.insights.is_empty() {
        let file = format!("insight-selectors{suffix}.json");
        commands.push(put_insights(draft, trail, &file, "Turns Insights on"));
    }
    if trail.logging {
        commands.push(logging(trail, true, "Begins to record: a new trail does not do so by itself"));
    }
    commands
}

//! A trail from nothing: to be created, or to be created again.

use super::command::{Command, Line};
use super::draft::Draft;
use super::insights;
use super::saved::SavedFile;
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

fn line(operation: &str, trail: &Trail, name: &str) -> Line {
    Line::aws("cloudtrail", operation, &trail.home_region).value(name, &trail.name)
}

/// Begins `put-event-selectors`.
pub(super) fn selectors_line(trail: &Trail) -> Line {
    line("put-event-selectors", trail, "--trail-name")
}

/// Begins `put-insight-selectors`.
pub(super) fn insights_line(trail: &Trail) -> Line {
    line("put-insight-selectors", trail, "--trail-name")
}

/// Begins `put-event-configuration`.
pub(super) fn aggregation_line(trail: &Trail) -> Line {
    line("put-event-configuration", trail, "--trail-name")
}

/// Begins the command that puts a selection, and writes its file.
pub(super) fn put_selectors(draft: &mut Draft, trail: &Trail, selection: &Selection, file: &str) -> Line {
    let path = draft.file(file, selection);
    selectors_line(trail).file(selection.option(), &path)
}

/// Begins the command that puts Insights selectors, and writes their file.
pub(super) fn put_insights(draft: &mut Draft, trail: &Trail, file: &str) -> Line {
    let path = draft.file(file, &insights::request(&trail.insights));
    insights_line(trail).file("--insight-selectors", &path)
}

/// Begins the command that puts the templates of aggregation, and writes their file.
pub(super) fn put_aggregation(draft: &mut Draft, trail: &Trail, file: &str) -> Line {
    let path = draft.file(file, &aggregation(&trail.aggregation));
    aggregation_line(trail).file("--aggregation-configurations", &path)
}

/// Begins `start-logging` or `stop-logging`.
pub(super) fn logging(trail: &Trail, on: bool) -> Line {
    line(if on { "start-logging" } else { "stop-logging" }, trail, "--name")
}

/// Begins `delete-trail`; a trail that is not there any more is as good.
pub(super) fn delete(trail: &Trail) -> Line {
    line("delete-trail", trail, "--name").unless_done("TrailNotFoundException")
}

/// Returns the command that saves what the trail selects: it has selectors of one of the two kinds.
pub(super) fn save_selectors(trail: &Trail, file: &SavedFile) -> Command {
    let form = "AdvancedEventSelectors && {AdvancedEventSelectors: AdvancedEventSelectors} || {EventSelectors: EventSelectors}";
    line("get-event-selectors", trail, "--trail-name")
        .saved(file, form, "")
        .because("Saves the trail's event selectors")
}

/// Returns the command that saves which Insights types are on.
pub(super) fn save_insights(trail: &Trail, file: &SavedFile) -> Command {
    line("get-insight-selectors", trail, "--trail-name")
        .saved(file, "InsightSelectors && {InsightSelectors: InsightSelectors}", "InsightNotEnabledException")
        .because("Saves the trail's Insights types")
}

/// Returns the command that saves how data events are aggregated.
pub(super) fn save_aggregation(trail: &Trail, file: &SavedFile) -> Command {
    let form = "AggregationConfigurations && {AggregationConfigurations: AggregationConfigurations}";
    line("get-event-configuration", trail, "--trail-name")
        .saved(file, form, "")
        .because("Saves the templates by which data events are aggregated")
}

/// Returns the command that saves whether the trail records.
pub(super) fn save_logging(trail: &Trail, file: &SavedFile) -> Command {
    line("get-trail-status", trail, "--name")
        .saved(file, "IsLogging", "")
        .because("Saves whether the trail records")
}

/// Begins `create-trail` with everything that the model knows.
pub(super) fn create_line(draft: &Draft, trail: &Trail, inventory: &Inventory) -> Line {
    let mut line = line("create-trail", trail, "--name");
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
    line.unless_done("TrailAlreadyExistsException")
}

/// Returns the commands that create a trail with everything that is known about it, and writes their files.
pub(super) fn create(draft: &mut Draft, trail: &Trail, inventory: &Inventory) -> Vec<Command> {
    let line = create_line(draft, trail, inventory);
    let mut commands = vec![line.because("Creates the trail; the bucket's policy must allow it to deliver")];
    match Selection::of_trail(&trail.selectors, &trail.selectors, &trail.home_region).1 {
        Ok(selection) => {
            let line = put_selectors(draft, trail, &selection, "event-selectors.json");
            commands.push(line.because("Selects the events that it records"));
        }
        Err(problems) => {
            for problem in problems {
                draft.note(format!("no event selectors for a new trail {}: {problem}", trail.name));
            }
        }
    }
    if !trail.aggregation.is_empty() {
        let line = put_aggregation(draft, trail, "event-configuration.json");
        commands.push(line.because("Aggregates data events"));
    }
    if !trail.insights.is_empty() {
        let line = put_insights(draft, trail, "insight-selectors.json");
        commands.push(line.because("Turns Insights on"));
    }
    if trail.logging {
        let why = "Begins to record: a new trail does not do so by itself";
        commands.push(logging(trail, true).because(why));
    }
    commands
}

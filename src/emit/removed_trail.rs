//! A trail that is deleted: what is saved of it before, and how it is created again from that.

use super::arn;
use super::command::{Command, Line, Word};
use super::draft::Draft;
use super::saved::{Restore, jmespath_known};
use super::selection::Selection;
use super::whole_trail::{
    aggregation_line, create_line, insights_line, logging, put_aggregation, put_insights, put_selectors,
    save_aggregation, save_insights, save_logging, save_selectors, selectors_line,
};
use crate::domain::{EventCategory, Inventory, Trail};

/// What `create-trail` takes, and what `get-trail` calls it (CloudTrail API reference, `CreateTrail`, `Trail`).
const SETTINGS: [(&str, &str); 10] = [
    ("Name", "Name"),
    ("S3BucketName", "S3BucketName"),
    ("S3KeyPrefix", "S3KeyPrefix"),
    ("SnsTopicName", "SnsTopicARN"),
    ("IncludeGlobalServiceEvents", "IncludeGlobalServiceEvents"),
    ("IsMultiRegionTrail", "IsMultiRegionTrail"),
    ("EnableLogFileValidation", "LogFileValidationEnabled"),
    ("CloudWatchLogsLogGroupArn", "CloudWatchLogsLogGroupArn"),
    ("CloudWatchLogsRoleArn", "CloudWatchLogsRoleArn"),
    ("KmsKeyId", "KmsKeyId"),
];

/// Adds the commands that save everything about a trail, and returns those that create it again.
pub(super) fn save_and_restore(draft: &mut Draft, trail: &Trail, inventory: &Inventory) -> Vec<Command> {
    let mut save = Vec::new();
    let mut restore = Vec::new();

    let saved = draft.saved_file("trail");
    let names: Vec<(&str, &str)> =
        SETTINGS.into_iter().chain([("IsOrganizationTrail", "IsOrganizationTrail")]).collect();
    let get = Line::aws("cloudtrail", "get-trail", &trail.home_region).value("--name", &trail.name);
    save.push(get.saved(&saved, &jmespath_known("Trail.", &names), "").because("Saves the trail's settings"));
    let create = Line::aws("cloudtrail", "create-trail", &trail.home_region)
        .input(&saved)
        .unless_done("TrailAlreadyExistsException");
    let unsaved = create_line(draft, trail, inventory);
    restore.push(
        Restore::new(&saved, create)
            .unsaved(unsaved)
            .because("Creates the trail; the bucket's policy must allow it to deliver"),
    );

    let saved = draft.saved_file("event-selectors");
    save.push(save_selectors(trail, &saved));
    let mut selectors = Restore::new(&saved, selectors_line(trail).input(&saved));
    match Selection::of_trail(&trail.selectors, &trail.selectors, &trail.home_region).1 {
        Ok(selection) => {
            let line = put_selectors(draft, trail, &selection, "event-selectors.undo.json");
            selectors = selectors.unsaved(line);
        }
        Err(problems) => {
            for problem in problems {
                draft.note(format!(
                    "the scenario's event selectors cannot be put back, only those that are saved: {problem}"
                ));
            }
        }
    }
    restore.push(selectors.because("Selects the events that it recorded"));

    // Only data events are aggregated.
    if trail.selectors.iter().any(|own| own.category == EventCategory::Data) {
        let saved = draft.saved_file("event-configuration");
        save.push(save_aggregation(trail, &saved));
        let mut own = Restore::new(&saved, aggregation_line(trail).input(&saved));
        if !trail.aggregation.is_empty() {
            own = own.unsaved(put_aggregation(draft, trail, "event-configuration.undo.json"));
        }
        restore.push(own.because("Aggregates data events as before"));
    }

    let saved = draft.saved_file("insight-selectors");
    save.push(save_insights(trail, &saved));
    let mut own = Restore::new(&saved, insights_line(trail).input(&saved));
    if !trail.insights.is_empty() {
        own = own.unsaved(put_insights(draft, trail, "insight-selectors.undo.json"));
    }
    restore.push(own.because("Turns the Insights types on that were on"));

    let saved = draft.saved_file("tags");
    // The account that the command runs in owns the trail.
    let arn = [
        Word::Text(format!("arn:{}:cloudtrail:{}:", arn::partition(&trail.home_region), trail.home_region)),
        Word::ThisAccount,
        Word::Text(format!(":trail/{}", trail.name)),
    ];
    let form = "ResourceTagList[0] | TagsList && {ResourceId: ResourceId, TagsList: TagsList}";
    let list = Line::aws("cloudtrail", "list-tags", &trail.home_region).words("--resource-id-list", &arn);
    save.push(list.saved(&saved, form, "").because("Saves the trail's tags"));
    let tags = Line::aws("cloudtrail", "add-tags", &trail.home_region).input(&saved);
    restore.push(Restore::new(&saved, tags).because("Gives it the tags that it had"));

    let saved = draft.saved_file("logging");
    save.push(save_logging(trail, &saved));
    let mut own = Restore::new(&saved, logging(trail, true));
    if trail.logging {
        own = own.unsaved(logging(trail, true));
    }
    restore.push(own.because("Begins to record where it did: a new trail does not do so by itself"));
    draft.save(save);
    restore
}

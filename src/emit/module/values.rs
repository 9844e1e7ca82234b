//! The values of the module's variables: what the scenario knows, and what is to be filled in.

use super::design::ModuleDesign;
use crate::domain::{AccountId, Age, Protocol, RegionCode, TrailScope};
use crate::emit::hcl::{Item, Value, render};
use std::collections::BTreeSet;

/// What stands where nobody knows a value: the variable's validation refuses it.
pub(super) const FILL_IN: &str = "FILL-IN";

/// Returns `terraform.tfvars`.
pub(super) fn values(design: &ModuleDesign) -> String {
    let (Some(trail), Some(bucket)) = (design.trail(), design.bucket()) else { return String::new() };
    let inventory = &design.model.inventory;
    let known = |own: &Option<AccountId>| own.as_ref().map_or(FILL_IN.to_owned(), ToString::to_string);
    let mut lines = Lines(Vec::new());
    lines.0.push(Item::comment(
        "The module's values: those of the scenario, and FILL-IN where it cannot know them.",
    ));
    lines.0.push(Item::comment("Terraform refuses to go on before each is filled in. None is a secret."));
    lines.put(
        "The Regions of the trail, and of the bucket",
        "region",
        Value::text(trail.home_region.as_str()),
    );
    lines.same("archive_region", Value::text(bucket.region.as_str()));
    lines.put(
        "Their partition: aws, aws-us-gov or aws-cn",
        "partition",
        Value::text(design.partition.as_deref().unwrap_or(FILL_IN)),
    );
    lines.put(
        "The account that creates the trail and has its log group and alarms",
        "trail_account_id",
        Value::text(known(&design.trail_account)),
    );
    if trail.scope == TrailScope::Organization {
        lines.put(
            "The organization's management account, which owns an organization trail even where a delegated administrator \
             creates it",
            "management_account_id",
            Value::text(FILL_IN),
        );
    }
    lines.put(
        "The log archive account: another one, in which nobody works",
        "archive_account_id",
        Value::text(known(&design.archive_account)),
    );
    let organization = match trail.scope {
        TrailScope::Organization => Value::text(format!("o-{FILL_IN}")),
        TrailScope::Account(_) | TrailScope::EachAccount => Value::raw("null"),
    };
    lines.put("The organization's id; null makes a trail of one account", "organization_id", organization);
    lines.put("Names", "trail_name", Value::text(&trail.name));
    lines.same("bucket_name", Value::text(&bucket.name));
    if let Some(group) = inventory.log_groups.first() {
        lines.same("log_group_name", Value::text(&group.name));
        lines.put(
            "Days; null keeps events for ever",
            "log_group_retention_days",
            group.retention.map(Age::days).map_or(Value::raw("null"), Value::raw),
        );
    }
    lines.put(
        "Days for which nobody can delete a log file; null locks none",
        "object_lock_days",
        bucket.object_lock.map(Age::days).map_or(Value::raw("null"), Value::raw),
    );
    alerts(design, &mut lines);
    athena(design, &mut lines);
    render(&lines.0)
}

fn alerts(design: &ModuleDesign, lines: &mut Lines) {
    let Some(topic) = design.model.inventory.topics.first() else { return };
    let emails: u32 = topic
        .subscriptions
        .iter()
        .filter(|own| own.protocol == Protocol::Email)
        .map(|own| own.subscribers)
        .sum();
    lines.put("Who is told", "alert_topic_name", Value::text(&topic.name));
    let addresses = (1..=emails).map(|number| format!("{FILL_IN}-{number}")).collect();
    lines.same("alert_emails", Value::Texts(addresses));
    let why = if design.chat {
        "The scenario sends alarms to a chat: let Amazon Q Developer in chat applications into the Slack workspace, in its \
         console, and put the ids of workspace and channel here"
    } else {
        "For Slack, let Amazon Q Developer in chat applications into the workspace, in its console, and put the ids of \
         workspace and channel here"
    };
    lines.put(why, "slack_team_id", Value::raw("null"));
    lines.same("slack_channel_id", Value::raw("null"));
    if let Some(files) = design.model.inventory.topics.get(1) {
        lines.put(
            "The topic that CloudTrail tells of each log file",
            "log_file_topic_name",
            Value::text(&files.name),
        );
    }
}

fn athena(design: &ModuleDesign, lines: &mut Lines) {
    let model = &design.model;
    let mut accounts: BTreeSet<&AccountId> = model.inventory.accounts.iter().map(|own| &own.id).collect();
    accounts.extend(model.inventory.log_groups.iter().map(|own| &own.account));
    let mut regions: BTreeSet<&RegionCode> =
        model.observations.activities.iter().map(|own| &own.region).collect();
    regions.extend(model.observations.volumes.iter().map(|own| &own.region));
    regions.extend(model.inventory.trails.iter().map(|own| &own.home_region));
    let accounts = accounts.into_iter().map(ToString::to_string).collect();
    lines.put(
        "What Athena finds: every account and Region that is to be searched",
        "athena_account_ids",
        Value::Texts(accounts),
    );
    let regions = regions.into_iter().map(|own| own.as_str().to_owned()).collect();
    lines.same("athena_regions", Value::Texts(regions));
    let first = model.horizon.start.first_day().to_string().replace('-', "/");
    lines.same("athena_first_day", Value::text(first));
}

/// Lines of values, with a comment where something new begins.
struct Lines(Vec<Item>);

impl Lines {
    fn put(&mut self, comment: &str, name: &str, value: Value) {
        self.0.push(Item::blank());
        self.0.push(Item::comment(comment));
        self.same(name, value);
    }

    fn same(&mut self, name: &str, value: Value) {
        self.0.push(Item::set(name, value));
    }
}

//! The rules, one a file. Each documents itself; the reference is generated from what stands here.
#![expect(clippy::unnecessary_wraps, reason = "every rule has one signature")]

mod athena_scans;
mod billed_copies;
mod billed_insights;
mod bucket_key;
mod data_events_on_one_trail;
mod data_events_outside_production;
mod data_events_write_only;
mod duplicate_management_copies;
mod event_aggregation;
mod exclude_kms_rds;
mod extra_trail_data_only;
mod gzip;
mod insights_off;
mod insights_on_one_trail;
mod insights_one_type;
mod lake_leave;
mod lake_option;
mod lake_retention;
mod lake_selectors;
mod lifecycle;
mod log_buckets_in_data_events;
mod log_group_infrequent_access;
mod log_group_left_out;
mod log_group_retention;
mod replicate_instead_of_trail;
mod selective_data_events;
mod sns_per_file;
mod write_only_copy;

use super::action::{Action, Advice, Effort, Loss, Site};
use super::edit::Edit;
use super::rule::{Rule, Source};
use crate::domain::{EventCategory, LossLevel, Model, RegionCode, Trail, TrailScope};

/// Every rule, in the order in which findings of equal weight are told.
pub(super) const ALL: &[Rule] = &[
    duplicate_management_copies::RULE,
    extra_trail_data_only::RULE,
    replicate_instead_of_trail::RULE,
    data_events_on_one_trail::RULE,
    insights_on_one_trail::RULE,
    log_buckets_in_data_events::RULE,
    exclude_kms_rds::RULE,
    write_only_copy::RULE,
    data_events_outside_production::RULE,
    data_events_write_only::RULE,
    selective_data_events::RULE,
    insights_one_type::RULE,
    insights_off::RULE,
    event_aggregation::RULE,
    sns_per_file::RULE,
    log_group_left_out::RULE,
    lake_selectors::RULE,
    lake_leave::RULE,
    billed_copies::RULE,
    billed_insights::RULE,
    log_group_retention::RULE,
    log_group_infrequent_access::RULE,
    lake_option::RULE,
    lake_retention::RULE,
    bucket_key::RULE,
    lifecycle::RULE,
    athena_scans::RULE,
    gzip::RULE,
];

/// The rule on lifecycles, which is asked by itself for the price of a demand.
pub(super) const LIFECYCLE: &Rule = &lifecycle::RULE;

/// CloudTrail's own page on what trails cost.
const TRAIL_COSTS: Source = Source {
    title: "AWS CloudTrail User Guide, Managing CloudTrail trail costs",
    address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-manage-costs.html",
};
/// Its pricing page.
const PRICING: Source =
    Source { title: "AWS CloudTrail pricing", address: "https://aws.amazon.com/cloudtrail/pricing/" };
/// Its page on data events.
const DATA_EVENTS: Source = Source {
    title: "AWS CloudTrail User Guide, Logging data events",
    address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
};
/// Its page on management events.
const MANAGEMENT_EVENTS: Source = Source {
    title: "AWS CloudTrail User Guide, Logging management events",
    address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html",
};
/// Its page on Insights.
const INSIGHTS: Source = Source {
    title: "AWS CloudTrail User Guide, Working with CloudTrail Insights",
    address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html",
};
/// Its page on what CloudTrail Lake costs.
const LAKE_COSTS: Source = Source {
    title: "AWS CloudTrail User Guide, Managing CloudTrail Lake costs",
    address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-lake-manage-costs.html",
};

/// Returns where a trail stands.
fn trail_site(trail: &Trail) -> Site {
    let account = match &trail.scope {
        TrailScope::Account(id) => id.to_string(),
        TrailScope::EachAccount => "every account".to_owned(),
        TrailScope::Organization => "organization".to_owned(),
    };
    Site { kind: "trail", name: trail.name.clone(), account, region: trail.home_region.to_string() }
}

/// Returns where something else stands.
fn site(kind: &'static str, name: &str, account: &str, region: &RegionCode) -> Site {
    Site { kind, name: name.to_owned(), account: account.to_owned(), region: region.to_string() }
}

/// Returns an action at a trail that only lowers what is recorded or sent.
fn on_trail(rule: &'static str, trail: &Trail, title: String, why: String, edit: Edit) -> Action {
    // Trails of many accounts that are set up alike are one finding.
    let settings = (&trail.selectors, &trail.insights, &trail.aggregation, trail.multi_region);
    let kind = match &trail.scope {
        TrailScope::Account(_) => format!(
            "{rule} {} {settings:?} {} {:?} {} {}",
            trail.home_region,
            trail.delivery.bucket.is_some(),
            trail.delivery.kms,
            trail.delivery.log_group.is_some(),
            trail.delivery.sns_topic.is_some(),
        ),
        // One that holds for many accounts stands alone.
        TrailScope::EachAccount | TrailScope::Organization => {
            format!("{rule} {:?} {} {}", trail.scope, trail.home_region, trail.name)
        }
    };
    Action {
        rule,
        title,
        why,
        sites: vec![trail_site(trail)],
        edits: vec![edit],
        loss: Loss::nothing(),
        breaks: Vec::new(),
        effort: Effort::Low,
        notes: Vec::new(),
        slot: None,
        only_reduces: true,
        kind,
    }
}

/// Returns an action at a resource other than a trail.
fn on_resource(rule: &'static str, at: Site, title: String, why: String, edit: Edit) -> Action {
    Action {
        rule,
        title,
        why,
        sites: vec![at],
        edits: vec![edit],
        loss: Loss::nothing(),
        breaks: Vec::new(),
        effort: Effort::Low,
        notes: Vec::new(),
        slot: None,
        only_reduces: false,
        kind: String::new(),
    }
}

/// Returns the trails that log, in the order in which they take the free first copy, with their positions.
fn logging(model: &Model) -> Vec<(usize, &Trail)> {
    let mut trails: Vec<(usize, &Trail)> =
        model.inventory.trails.iter().enumerate().filter(|(_, trail)| trail.logging).collect();
    trails.sort_by(|(_, left), (_, right)| {
        (left.copy_order(), &left.scope).cmp(&(right.copy_order(), &right.scope))
    });
    trails
}

fn records(trail: &Trail, category: EventCategory) -> bool {
    trail.selectors.iter().any(|selector| selector.category == category)
}

/// Adds what the metric filters of a trail's log group would no longer see, and the detections that surely rest on it.
///
/// Which filter looks for which events, nobody has said: none of them is told to fall silent, and any of them may.
fn blind_filters(model: &Model, trail: &Trail, events: &str, resting: &[&str], action: &mut Action) {
    let Some(name) = &trail.delivery.log_group else {
        return;
    };
    let group = model.inventory.log_groups.iter().find(|own| own.name == *name);
    if group.is_some_and(|own| !own.metric_filters.is_empty()) {
        action.loss.level = LossLevel::High;
        action
            .loss
            .what
            .push(format!("the metric filters of `{name}` no longer see {events}, if they look for them"));
        action.loss.detections.extend(resting.iter().map(|&own| own.to_owned()));
    }
}

/// Tells whether a usage type of CloudTrail is given directly where a trail that causes it is described too: the given volume
/// then stands for what that trail would be charged.
fn is_described(model: &Model, usage_type: &str, causes: impl Fn(&Trail) -> bool) -> bool {
    let volumes = model.observations.volumes.iter();
    let mut given = volumes.filter(|own| own.service == "AWSCloudTrail" && own.usage_type == usage_type);
    given.any(|own| {
        model.inventory.trails.iter().any(|trail| {
            trail.logging && causes(trail) && trail.recording_scope().covers(&own.account, &own.region)
        })
    })
}

/// Says why nothing is said of a volume that is given where trails are described.
fn given_beside_trails(rule: &'static str, usage_type: &str) -> Advice {
    Advice {
        rule,
        what: format!(
            "what changes of {usage_type} would save is not known where it is given and trails are described"
        ),
        why: "a given volume replaces what the trails would be charged: leave it out to have them looked at"
            .to_owned(),
    }
}

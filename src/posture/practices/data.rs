//! Which events are recorded, how often, and what analyses them: what costs without need.

use super::trails::trail;
use super::{HUB_CLOUDTRAIL, SECURITY};
use crate::domain::{
    Access, AccountId, EventCategory, InsightsSelector, Quantity, Trail, TrailScope, TrailSettings,
};
use crate::posture::change::Change;
use crate::posture::inspected::Inspected;
use crate::posture::practice::{Collected, List, Outcome, Practice, PracticeDoc, Severity, State};
use crate::recommend::{
    Action, Edit, Kept, RecommendError, Source, TrailKey, findings_of, is_non_production,
};

/// Rules of `recommend` that make data events fewer without a choice of resources.
const FEWER: [&str; 3] =
    ["log-buckets-in-data-events", "data-events-outside-production", "data-events-write-only"];
/// Write calls a month (data events too where these are analysed) below which an account counts as idle: about one an hour, of
/// which no rate can be unusual. A figure of ours.
const IDLE_BELOW: u64 = 1_000;

pub(super) const SELECTIVE: Practice = Practice {
    doc: PracticeDoc {
        id: "selective-data-events",
        title: "Record data events of chosen resources only",
        severity: Severity::Low,
        list: List { best: "Data events selectively", worst: "All data events blindly on" },
        looks_at: "Whether a selector of a trail that logs takes data events of every resource of a type.",
        why: "Each event of each resource is charged, and no copy is free. CIS 3.8 and 3.9 ask for the events of all S3 objects: \
              where you keep them, that is a choice, and this is what it costs.",
        fix: "Name the resources that matter in the selectors' resources.ARN.",
        command: "aws cloudtrail put-event-selectors --trail-name NAME --advanced-event-selectors file://selectors.json",
        terraform: "aws_cloudtrail: advanced_event_selector { field_selector { field = \"resources.ARN\", starts_with = [...] } }",
        price: "What the rules log-buckets-in-data-events, data-events-outside-production and data-events-write-only of `recommend` \
                change together, the last one only where nothing demands reads of data. Naming resources saves more.",
        find_out: "aws cloudtrail get-event-selectors --trail-name NAME",
        setting: None,
        controls: &[],
        sources: &[Source {
            title: "AWS CloudTrail User Guide, Logging data events",
            address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
        }],
    },
    look: selective,
};

fn no_trails_here() -> Outcome {
    Outcome::told(State::NotApplicable, "no trail that logs is described here")
}

fn trails<'a>(inspected: &'a Inspected<'a>) -> Vec<(&'a TrailSettings, &'a Trail)> {
    inspected.trails().filter_map(|own| Some((own, inspected.trail(own)?))).collect()
}

fn selective(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    let all = trails(inspected);
    if all.is_empty() {
        return Ok(no_trails_here());
    }
    let mut found = Collected::default();
    let mut blanket: Vec<TrailKey> = Vec::new();
    for (settings, own) in all {
        let every: Vec<_> = own.selectors.iter().filter(|own| own.selects_every_resource()).collect();
        let mut types: Vec<&str> = every
            .iter()
            .flat_map(|own| own.fields.iter().filter(|own| own.field == crate::domain::Field::ResourcesType))
            .flat_map(|own| own.equals.iter().map(String::as_str))
            .collect();
        types.sort_unstable();
        types.dedup();
        let what = if types.is_empty() { "resource".to_owned() } else { types.join(", ") };
        found
            .take(Some(every.is_empty()), trail(settings, format!("it records data events of every {what}")));
        if !every.is_empty() {
            blanket.push(TrailKey::of(own));
        }
    }
    if !blanket.is_empty() {
        let changes = fewer(inspected, &blanket)?;
        if changes.is_empty() {
            found.unpriced(
                "which resources matter is for you to say: name them, and compare the two scenarios",
            );
        }
        for own in changes {
            found.mend(own);
        }
    }
    Ok(found.outcome("no trail records data events of every resource"))
}

fn fewer(inspected: &Inspected<'_>, trails: &[TrailKey]) -> Result<Vec<Change>, RecommendError> {
    let reads = |own: &crate::recommend::Demand| match &own.kept {
        Kept::Events(all) => all.iter().any(|own| own.category == EventCategory::Data),
        _ => false,
    };
    let keeps_reads = inspected.keep.demands.iter().any(reads);
    let ids: &[&str] = if keeps_reads { &FEWER[..2] } else { &FEWER };
    let findings = findings_of(ids, inspected.model, inspected.keep, inspected.valuer)?;
    let of_trail = |own: &Edit| match own {
        Edit::StopData(key, _) | Edit::DataWriteOnly(key, _) | Edit::ExcludeResources(key, ..) => {
            trails.contains(key)
        }
        _ => false,
    };
    Ok(findings.actions.into_iter().flat_map(|own| own.edits).filter(of_trail).map(Change::Edit).collect())
}

pub(super) const DUPLICATES: Practice = Practice {
    doc: PracticeDoc {
        id: "duplicate-trails",
        title: "Record each event once",
        severity: Severity::Low,
        list: List { best: "", worst: "Duplicate trails without need" },
        looks_at: "What the rules duplicate-management-copies and extra-trail-data-only of `recommend` find: trails whose management \
                   events another trail records too.",
        why: "Only the first copy of management events is free; each further one is charged, filed and stored once more.",
        fix: "Delete the trail that repeats, or let it record data events only.",
        command: "aws cloudtrail delete-trail --name NAME",
        terraform: "remove the aws_cloudtrail",
        price: "The trails that repeat go one by one, the last of the copy order first, as long as another one records their events.",
        find_out: "aws cloudtrail describe-trails, in each account",
        setting: None,
        controls: &[],
        sources: &[Source {
            title: "AWS CloudTrail User Guide, Managing CloudTrail trail costs",
            address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-manage-costs.html",
        }],
    },
    look: duplicates,
};

/// Rules of `recommend` that find trails which repeat others.
const RULES: [&str; 2] = ["duplicate-management-copies", "extra-trail-data-only"];
/// Trails that are taken away at most: an account has five in a Region, an estate rarely many that repeat.
const MOST_REMOVED: usize = 50;

fn duplicates(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    if trails(inspected).is_empty() {
        return Ok(no_trails_here());
    }
    let mut model = inspected.model.clone();
    let mut found = Collected::default();
    for _ in 0..MOST_REMOVED {
        let mut findings = findings_of(&RULES, &model, inspected.keep, inspected.valuer)?.actions;
        let of = |rule: &str| findings.iter().rposition(|own: &Action| own.rule == rule);
        let Some(at) = of(RULES[0]).or_else(|| of(RULES[1])) else { break };
        let action = findings.swap_remove(at);
        model = action.applied_to(&model);
        let names = |own: &&TrailSettings| {
            inspected.trail(own).is_some_and(|own| action.sites.iter().any(|site| site.name == own.name))
        };
        let settings = inspected.trails().find(names);
        let why = action.why.clone();
        if let Some(own) = settings {
            found.take(Some(false), trail(own, why));
        }
        for own in action.edits {
            found.mend(Change::Edit(own));
        }
    }
    Ok(found.outcome("no trail repeats the management events of another"))
}

pub(super) const IDLE_INSIGHTS: Practice = Practice {
    doc: PracticeDoc {
        id: "insights-on-idle-accounts",
        title: "Leave Insights off where little happens",
        severity: Severity::Low,
        list: List { best: "", worst: "Insights on idle accounts" },
        looks_at: "Trails with Insights on that record only accounts which are idle (fewer than 1,000 write calls a month, data events \
                   too where these are analysed) or are not for production by their environment.",
        why: "Each event analysed is charged; where hardly anything happens nothing is unusual.",
        fix: "Turn Insights off on this trail.",
        command: "aws cloudtrail put-insight-selectors --trail-name NAME --insight-selectors []",
        terraform: "aws_cloudtrail: remove insight_selector",
        price: "What the rule insights-off of `recommend` turns off on these trails.",
        find_out: "trailcost measure logs, or measure aws: how much happens in each account",
        setting: None,
        controls: &[],
        sources: &[
            SECURITY,
            HUB_CLOUDTRAIL,
            Source {
                title: "AWS CloudTrail User Guide, Working with CloudTrail Insights",
                address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html",
            },
        ],
    },
    look: idle_insights,
};

fn idle_insights(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    let all = trails(inspected);
    if all.is_empty() {
        return Ok(no_trails_here());
    }
    let mut found = Collected::default();
    for (settings, own) in all.into_iter().filter(|(_, own)| !own.insights.is_empty()) {
        let idle = is_idle(inspected, own);
        let evidence = match idle {
            Some(_) => "Insights are on, and every account that it records is idle or not for production",
            None => "Insights are on, and how much happens in its accounts is not known",
        };
        found.take(idle.map(|own| !own), trail(settings, evidence));
        if idle == Some(true) {
            let edit = Edit::StopInsights(TrailKey::of(own), own.insights.clone());
            found.mend(Change::Edit(edit));
        }
    }
    Ok(found.outcome("Insights are on at no trail of idle accounts"))
}

/// Tells whether every account that a trail records is idle, if that is known.
fn is_idle(inspected: &Inspected<'_>, own: &Trail) -> Option<bool> {
    let accounts = inspected.model.inventory.accounts.iter();
    let recorded: Vec<_> = match &own.scope {
        TrailScope::Account(id) => accounts.filter(|own| own.id == *id).collect(),
        TrailScope::EachAccount | TrailScope::Organization => accounts.collect(),
    };
    let each: Vec<Option<bool>> = recorded
        .iter()
        .map(|account| {
            if is_non_production(account.environment.as_deref()) {
                return Some(true);
            }
            let has = |own: &InsightsSelector| own.category == EventCategory::Data;
            analysed(inspected, &account.id, own.insights.iter().any(has))
                .map(|own| own < Quantity::from_count(IDLE_BELOW))
        })
        .collect();
    if each.contains(&Some(false)) {
        return Some(false);
    }
    (!each.is_empty() && !each.contains(&None)).then_some(true)
}

/// Returns the events a month that Insights look at in an account; nothing where one of the figures is unknown.
fn analysed(inspected: &Inspected<'_>, account: &AccountId, data: bool) -> Option<Quantity> {
    let observations = &inspected.model.observations;
    let mut sum = None;
    for activity in observations.activities.iter().filter(|own| own.account == *account) {
        for count in &activity.counts {
            let class = observations.event_classes.get(count.class as usize)?;
            let counts = match class.category {
                EventCategory::Management => class.access != Access::Read,
                EventCategory::Data => data,
                EventCategory::NetworkActivity => false,
            };
            if counts {
                let own: Quantity = sum.unwrap_or(Quantity::from_count(0));
                sum = Some(own.plus(count.amount.likely()?).ok()?);
            } else if sum.is_none() {
                sum = Some(Quantity::from_count(0));
            }
        }
    }
    sum
}

//! What changes at trails.

use super::artefacts::Difference;
use super::command::{Command, Line};
use super::draft::{Draft, Turn};
use super::hcl::Item;
use super::names::identifier;
use super::pairs::pairs;
use super::resource::{Place, ResourceKind};
use super::selection::Selection;
use super::trail_settings::Setting;
use super::{growth, insights, selector_words, trail_terraform, whole_trail};
use crate::domain::{Inventory, Trail, TrailScope};

/// Writes the changes of every trail.
pub(super) fn changes(difference: &mut Difference<'_>) {
    let (before, after) = (difference.before, difference.after);
    let matched = pairs(&before.trails, &after.trails, |old, new| {
        (&old.name, &old.scope, &old.home_region) == (&new.name, &new.scope, &new.home_region)
    });
    for (old, new) in matched {
        let Some(trail) = old.or(new) else { continue };
        if old == new {
            continue;
        }
        let place = Place::of_scope(&trail.scope, &difference.accounts);
        let turn = turn(old, new);
        let region = Some(&trail.home_region);
        let mut draft =
            Draft::new(&mut difference.names, turn, ResourceKind::Trail, &trail.name, place, region);
        match (old, new) {
            (Some(old), Some(new)) => changed(&mut draft, old, new, before, after),
            (Some(old), None) => removed(&mut draft, old, before),
            (None, Some(new)) => added(&mut draft, new, after),
            (None, None) => {}
        }
        difference.drafts.push(draft);
    }
}

/// Returns when a trail is changed: nothing is recorded less before what is recorded more.
fn turn(old: Option<&Trail>, new: Option<&Trail>) -> Turn {
    let Some(new) = new else { return Turn::Ends };
    let Some(old) = old else { return Turn::Recorders };
    let begins = (new.logging && !old.logging)
        || (new.multi_region && !old.multi_region)
        || growth::begins(&old.selectors, &new.selectors);
    let ends = (old.logging && !new.logging)
        || (old.multi_region && !new.multi_region)
        || growth::begins(&new.selectors, &old.selectors);
    if ends && !begins { Turn::Reductions } else { Turn::Recorders }
}

/// Returns the command that saves what the trail's settings are, in which its role, key and prefix are found again.
fn save_settings(draft: &Draft, trail: &Trail) -> Command {
    Line::aws("cloudtrail", "get-trail", &trail.home_region)
        .value("--name", &trail.name)
        .saved_to(&draft.saved_file("trail"))
        .because("Saves the trail's settings")
}

/// Returns the command that saves what the trail selects, as it is in the account.
fn save_selectors(draft: &Draft, trail: &Trail) -> Command {
    Line::aws("cloudtrail", "get-event-selectors", &trail.home_region)
        .value("--trail-name", &trail.name)
        .saved_to(&draft.saved_file("event-selectors"))
        .because("Saves the trail's event selectors")
}

fn notes_on_scope(draft: &mut Draft, trail: &Trail) {
    match &trail.scope {
        TrailScope::Account(_) => {}
        TrailScope::EachAccount => {
            draft.note("there is one trail of this name in each account: the commands run once for each of them");
            if *draft.place() == Place::EachAccount(Vec::new()) {
                draft.note("the scenario names no accounts: write them into the loop of the scripts");
            }
        }
        TrailScope::Organization => draft.note(
            "an organization trail is changed with credentials of the management account; a delegated administrator names \
             it by its ARN",
        ),
    }
}

fn notes_on_what_is_not_known(draft: &mut Draft) {
    draft.note(
        "a trail that is created again has no tags, no prefix in the bucket and no resource policies: the prefix is in the file \
         of the settings saved before, the tags are to be written down (aws cloudtrail list-tags)",
    );
}

fn removed(draft: &mut Draft, old: &Trail, before: &Inventory) {
    draft.says("the trail is deleted");
    for sentence in selector_words::differences(&old.selectors, &[]) {
        draft.says(sentence);
    }
    draft.save(vec![save_settings(draft, old), save_selectors(draft, old)]);
    let apply = whole_trail::delete(old, "Deletes the trail; its log files stay in the bucket");
    let undo = whole_trail::create(draft, old, before, ".undo");
    draft.step(vec![apply], undo);
    draft.note("log files delivered until now stay where they are; what happens until it is undone is not recorded by this trail");
    notes_on_what_is_not_known(draft);
    notes_on_scope(draft, old);
    draft.terraform(vec![Item::comment(format!(
        "{}: take its aws_cloudtrail resource out of the configuration; terraform apply then deletes the trail.",
        old.name
    ))]);
}

fn added(draft: &mut Draft, new: &Trail, after: &Inventory) {
    draft.says("the trail is created");
    for sentence in selector_words::differences(&[], &new.selectors) {
        draft.says(sentence);
    }
    let apply = whole_trail::create(draft, new, after, "");
    draft.step(apply, vec![whole_trail::delete(new, "Deletes the trail; its log files stay in the bucket")]);
    notes_on_scope(draft, new);
    trail_terraform::fragment(draft, None, new, after);
}

fn changed(draft: &mut Draft, old: &Trail, new: &Trail, before: &Inventory, after: &Inventory) {
    let said = settings(draft, old, new, before, after)
        || (&old.selectors, &old.insights, &old.aggregation, old.logging)
            != (&new.selectors, &new.insights, &new.aggregation, new.logging);
    if !said {
        // Only counted or assumed figures differ.
        return;
    }
    // Insights and aggregation need the events that they look at: they are turned off before the events end, and on after
    // they begin.
    let fewer_insights = new.insights.is_subset(&old.insights);
    let fewer_templates = new.aggregation.iter().all(|own| old.aggregation.contains(own));
    if fewer_insights {
        insights_change(draft, old, new);
    }
    if fewer_templates {
        aggregation_change(draft, old, new);
    }
    selectors_change(draft, old, new);
    if !fewer_templates {
        aggregation_change(draft, old, new);
    }
    if !fewer_insights {
        insights_change(draft, old, new);
    }
    if old.logging != new.logging {
        draft.says(if new.logging { "the trail begins to record" } else { "the trail stops recording" });
        let words =
            |on| if on { "Begins to record" } else { "Stops recording; the trail and its settings stay" };
        draft.step_of(
            whole_trail::logging(old, new.logging, words(new.logging)),
            whole_trail::logging(old, old.logging, words(old.logging)),
        );
        if !new.logging {
            draft.note("what happens while the trail is stopped is never recorded by it");
        }
    }
    notes_on_scope(draft, new);
    trail_terraform::fragment(draft, Some(old), new, after);
}

/// Changes where the trail delivers; tells whether anything changes.
fn settings(draft: &mut Draft, old: &Trail, new: &Trail, before: &Inventory, after: &Inventory) -> bool {
    let mut any = false;
    for setting in Setting::ALL {
        let (from, to) = (setting.value(old), setting.value(new));
        if from == to {
            continue;
        }
        if !any {
            draft.save(vec![save_settings(draft, old)]);
        }
        any = true;
        draft.says_from_to(setting.words(), &from, &to);
        if setting == Setting::Bucket && new.delivery.bucket.is_none() {
            draft.note("a trail always delivers to a bucket: none is given, so that no command changes it");
            continue;
        }
        let update = |own: &Trail| {
            Line::aws("cloudtrail", "update-trail", &own.home_region).value("--name", &own.name)
        };
        let why = |value: &str| format!("Sets {}: {value}", setting.words());
        let apply = setting.option(update(new), new, after, draft).because(why(&to));
        let undo = setting.option(update(old), old, before, draft).because(why(&from));
        draft.step_of(apply, undo);
        match setting {
            Setting::Bucket => {
                draft.note("log files delivered until now stay in the former bucket; the new bucket's policy must allow the trail to deliver");
            }
            Setting::Validation if new.delivery.log_file_validation != Some(true) => {
                draft.note("no digest files are written while log file validation is off: log files of that time can never be validated");
            }
            Setting::LogGroup if new.delivery.log_group.is_none() => {
                draft.note("the log group keeps the events that it has; the trail's role for CloudWatch Logs, which undoing needs, is in the file of the settings saved before");
            }
            Setting::Kms => {
                draft.note("log files delivered until now stay encrypted as they are");
                if old.delivery.kms == Some(true) {
                    draft.note("the trail's key, whose ARN undoing needs, is in the file of the settings saved before");
                } else {
                    draft.note("the key's policy must let CloudTrail encrypt, and those who read the log files decrypt");
                }
            }
            _ => {}
        }
    }
    any
}

fn selectors_change(draft: &mut Draft, old: &Trail, new: &Trail) {
    if old.selectors == new.selectors {
        return;
    }
    for sentence in selector_words::differences(&old.selectors, &new.selectors) {
        draft.says(sentence);
    }
    if new.selectors.is_empty() {
        draft.note("CloudTrail takes no empty list of selectors: a trail that is to record nothing must be stopped or deleted, so that no selectors are put");
        return;
    }
    let (before, after) = Selection::of_trail(&old.selectors, &new.selectors, &new.home_region);
    let selection = match after {
        Ok(selection) => selection,
        Err(problems) => {
            for problem in problems {
                draft.note(format!("the event selectors are not put: {problem}"));
            }
            return;
        }
    };
    if matches!(selection, Selection::Advanced(_)) {
        draft.note("advanced event selectors replace basic ones, if the trail has such");
    }
    let apply = whole_trail::put_selectors(
        draft,
        new,
        &selection,
        "event-selectors.json",
        "Selects the events that the trail records, in place of every selector that it has",
    );
    let mut undo: Vec<Command> = Vec::new();
    match before {
        Ok(selection) => undo.push(whole_trail::put_selectors(
            draft,
            old,
            &selection,
            "event-selectors.undo.json",
            "Selects what the trail recorded before",
        )),
        Err(problems) => {
            for problem in problems {
                draft.note(format!("no command brings back the former event selectors: {problem}"));
            }
        }
    }
    draft.save(vec![save_selectors(draft, old)]);
    draft.step(vec![apply], undo);
    draft.note("events that are not recorded meanwhile are not there when the selectors are put back");
}

fn insights_change(draft: &mut Draft, old: &Trail, new: &Trail) {
    if old.insights == new.insights {
        return;
    }
    let (from, to) = (insights::request(&old.insights), insights::request(&new.insights));
    draft.says_from_to("Insights", &insights::words(&from), &insights::words(&to));
    let why = if to.is_empty() { "Turns Insights off" } else { "Sets the Insights types that are on" };
    let apply = whole_trail::put_insights(draft, new, "insight-selectors.json", why);
    let undo = whole_trail::put_insights(
        draft,
        old,
        "insight-selectors.undo.json",
        "Sets the former Insights types",
    );
    draft.step_of(apply, undo);
    draft.note("Insights that are turned on again need up to 36 hours to learn what is usual before the first Insights event");
}

fn aggregation_change(draft: &mut Draft, old: &Trail, new: &Trail) {
    if old.aggregation == new.aggregation {
        return;
    }
    let words = |own: &[String]| if own.is_empty() { "off".to_owned() } else { own.join(", ") };
    draft.says_from_to("aggregation of data events", &words(&old.aggregation), &words(&new.aggregation));
    let apply = whole_trail::put_aggregation(
        draft,
        new,
        "event-configuration.json",
        "Sets the templates by which data events are aggregated",
    );
    let undo = whole_trail::put_aggregation(
        draft,
        old,
        "event-configuration.undo.json",
        "Sets the former templates",
    );
    draft.step_of(apply, undo);
    let unknown: Vec<&str> = new
        .aggregation
        .iter()
        .map(String::as_str)
        .filter(|own| !["API_ACTIVITY", "RESOURCE_ACCESS", "USER_ACTIONS"].contains(own))
        .collect();
    if !unknown.is_empty() {
        draft.note(format!(
            "CloudTrail's templates are API_ACTIVITY, RESOURCE_ACCESS and USER_ACTIONS; {} is none of them",
            unknown.join(", ")
        ));
    }
}

/// Returns the Terraform variable of a trail that holds what no model knows.
pub(super) fn terraform_variable(label: &str, what: &str) -> String {
    identifier(&format!("{label}_{what}"))
}

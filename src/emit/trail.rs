//! What changes at trails.

use super::artefacts::Difference;
use super::command::Line;
use super::draft::{Draft, Turn};
use super::hcl::Item;
use super::names::identifier;
use super::pairs::pairs;
use super::resource::{Place, ResourceKind};
use super::saved::Restore;
use super::selection::Selection;
use super::trail_settings::{Setting, save_settings};
use super::{growth, insights, removed_trail, selector_words, trail_terraform, whole_trail};
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
        "the trail is created again from the files that are saved before, with its key, role, prefix and tags; the scenario alone \
         knows no prefix and no tags",
    );
}

fn removed(draft: &mut Draft, old: &Trail, before: &Inventory) {
    draft.says("the trail is deleted");
    for sentence in selector_words::differences(&old.selectors, &[]) {
        draft.says(sentence);
    }
    let undo = removed_trail::save_and_restore(draft, old, before);
    let apply = whole_trail::delete(old).because("Deletes the trail; its log files stay in the bucket");
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
    let saved = draft.saved_file("trail");
    let save = Line::aws("cloudtrail", "get-trail", &new.home_region)
        .value("--name", &new.name)
        .saved(&saved, "", "TrailNotFoundException")
        .because("Saves whether there was such a trail");
    draft.save(vec![save]);
    let apply = whole_trail::create(draft, new, after);
    let stays = Line::shell("echo '  the trail was there before: it stays'");
    let undo = Restore::new(&saved, stays)
        .nothing(whole_trail::delete(new))
        .because("Deletes the trail; its log files stay in the bucket");
    draft.step(apply, vec![undo]);
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
        let saved = draft.saved_file("logging");
        draft.save(vec![whole_trail::save_logging(old, &saved)]);
        let undo = Restore::new(&saved, whole_trail::logging(old, true))
            .nothing(whole_trail::logging(old, false))
            .unsaved(whole_trail::logging(old, old.logging))
            .because(words(old.logging));
        draft.step_of(whole_trail::logging(old, new.logging).because(words(new.logging)), undo);
        if !new.logging {
            draft.note("what happens while the trail is stopped is never recorded by it");
        }
    }
    notes_on_scope(draft, new);
    trail_terraform::fragment(draft, Some(old), new, after);
}

/// Changes where the trail delivers; tells whether anything changes.
fn settings(draft: &mut Draft, old: &Trail, new: &Trail, before: &Inventory, after: &Inventory) -> bool {
    let different: Vec<Setting> =
        Setting::ALL.into_iter().filter(|own| own.value(old) != own.value(new)).collect();
    let commanded: Vec<Setting> = different
        .iter()
        .copied()
        .filter(|own| *own != Setting::Bucket || new.delivery.bucket.is_some())
        .collect();
    let update =
        |own: &Trail| Line::aws("cloudtrail", "update-trail", &own.home_region).value("--name", &own.name);
    if !commanded.is_empty() {
        let saved = draft.saved_file("trail");
        draft.save(vec![save_settings(old, &commanded, &saved)]);
        let unsaved = commanded.iter().fold(update(old), |line, own| own.option(line, old, before, draft));
        let undo = Restore::new(&saved, update(old).input(&saved))
            .unsaved(unsaved)
            .because("Sets the trail's former settings");
        draft.step(Vec::new(), vec![undo]);
    }
    for setting in &different {
        let setting = *setting;
        let (from, to) = (setting.value(old), setting.value(new));
        draft.says_from_to(setting.words(), &from, &to);
        if setting == Setting::Bucket && new.delivery.bucket.is_none() {
            draft.note("a trail always delivers to a bucket: none is given, so that no command changes it");
            continue;
        }
        let apply =
            setting.option(update(new), new, after, draft).because(format!("Sets {}: {to}", setting.words()));
        draft.step(vec![apply], Vec::new());
        match setting {
            Setting::Bucket => {
                draft.note("log files delivered until now stay in the former bucket; the new bucket's policy must allow the trail to deliver");
            }
            Setting::Validation if new.delivery.log_file_validation != Some(true) => {
                draft.note("no digest files are written while log file validation is off: log files of that time can never be validated");
            }
            Setting::LogGroup if new.delivery.log_group.is_none() => {
                draft.note("the log group keeps the events that it has; the trail's role for CloudWatch Logs is saved with its settings");
            }
            Setting::Kms => {
                draft.note("log files delivered until now stay encrypted as they are");
                if old.delivery.kms == Some(true) {
                    draft.note("the trail's key is saved with its settings");
                } else {
                    draft.note("the key's policy must let CloudTrail encrypt, and those who read the log files decrypt");
                }
            }
            _ => {}
        }
    }
    !different.is_empty()
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
    let apply = whole_trail::put_selectors(draft, new, &selection, "event-selectors.json")
        .because("Selects the events that the trail records, in place of every selector that it has");
    let saved = draft.saved_file("event-selectors");
    draft.save(vec![whole_trail::save_selectors(old, &saved)]);
    let mut undo = Restore::new(&saved, whole_trail::selectors_line(old).input(&saved));
    match before {
        Ok(selection) => {
            let line = whole_trail::put_selectors(draft, old, &selection, "event-selectors.undo.json");
            undo = undo.unsaved(line);
        }
        Err(problems) => {
            for problem in problems {
                draft.note(format!(
                    "the scenario's former event selectors cannot be put back, only those that are saved: {problem}"
                ));
            }
        }
    }
    draft.step_of(apply, undo.because("Selects what the trail recorded before"));
    draft.note("events that are not recorded meanwhile are not there when the selectors are put back");
}

fn insights_change(draft: &mut Draft, old: &Trail, new: &Trail) {
    if old.insights == new.insights {
        return;
    }
    let (from, to) = (insights::request(&old.insights), insights::request(&new.insights));
    draft.says_from_to("Insights", &insights::words(&from), &insights::words(&to));
    let why = if to.is_empty() { "Turns Insights off" } else { "Sets the Insights types that are on" };
    let saved = draft.saved_file("insight-selectors");
    draft.save(vec![whole_trail::save_insights(old, &saved)]);
    let apply = whole_trail::put_insights(draft, new, "insight-selectors.json").because(why);
    let undo = Restore::new(&saved, whole_trail::insights_line(old).input(&saved))
        .nothing(whole_trail::insights_line(old).value("--insight-selectors", "[]"))
        .unsaved(whole_trail::put_insights(draft, old, "insight-selectors.undo.json"))
        .because("Sets the former Insights types");
    draft.step_of(apply, undo);
    draft.note("Insights that are turned on again need up to 36 hours to learn what is usual before the first Insights event");
}

fn aggregation_change(draft: &mut Draft, old: &Trail, new: &Trail) {
    if old.aggregation == new.aggregation {
        return;
    }
    let words = |own: &[String]| if own.is_empty() { "off".to_owned() } else { own.join(", ") };
    draft.says_from_to("aggregation of data events", &words(&old.aggregation), &words(&new.aggregation));
    let saved = draft.saved_file("event-configuration");
    draft.save(vec![whole_trail::save_aggregation(old, &saved)]);
    let apply = whole_trail::put_aggregation(draft, new, "event-configuration.json")
        .because("Sets the templates by which data events are aggregated");
    let undo = Restore::new(&saved, whole_trail::aggregation_line(old).input(&saved))
        .nothing(whole_trail::aggregation_line(old).value("--aggregation-configurations", "[]"))
        .unsaved(whole_trail::put_aggregation(draft, old, "event-configuration.undo.json"))
        .because("Sets the former templates");
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

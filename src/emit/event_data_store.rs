//! What changes at event data stores of CloudTrail Lake.

use super::artefacts::Difference;
use super::command::{Command, Line, Word, shell_quote};
use super::draft::{Draft, Turn};
use super::hcl::{Item, Value};
use super::pairs::pairs;
use super::resource::{Place, ResourceKind};
use super::saved::{Restore, jmespath_known, jmespath_text};
use super::selection::Selection;
use super::selector_limits::Recorder;
use super::selector_words;
use super::terraform::{keeps, place};
use super::{growth, insights};
use crate::domain::{BillingMode, EventDataStore};

/// Writes the changes of every event data store.
pub(super) fn changes(difference: &mut Difference<'_>) {
    let (before, after) = (difference.before, difference.after);
    let matched = pairs(&before.event_data_stores, &after.event_data_stores, |old, new| {
        (&old.name, &old.account, &old.home_region) == (&new.name, &new.account, &new.home_region)
    });
    for (old, new) in matched {
        let Some(store) = new.or(old) else { continue };
        if old == new {
            continue;
        }
        let turn = match (old, new) {
            (_, None) => Turn::Ends,
            (Some(old), Some(new)) if !begins(old, new) => Turn::Reductions,
            _ => Turn::Recorders,
        };
        let place = Place::Account(store.account.clone());
        let mut draft = Draft::new(
            &mut difference.names,
            turn,
            ResourceKind::EventDataStore,
            &store.name,
            place,
            Some(&store.home_region),
        );
        match (old, new) {
            (Some(old), Some(new)) => changed(&mut draft, old, new),
            (Some(old), None) => removed(&mut draft, old),
            (None, Some(new)) => {
                draft.says("the event data store is created");
                draft.note(format!(
                    "no command creates {}: CloudTrail Lake takes no new customers since 31 May 2026",
                    new.name
                ));
                fragment(&mut draft, new);
            }
            (None, None) => {}
        }
        difference.drafts.push(draft);
    }
}

/// Tells whether a store may take events that it did not take before.
fn begins(old: &EventDataStore, new: &EventDataStore) -> bool {
    (new.ingesting && !old.ingesting)
        || (new.multi_region && !old.multi_region)
        || (new.organization && !old.organization)
        || growth::begins(&old.selectors, &new.selectors)
}

fn mode(own: BillingMode) -> &'static str {
    match own {
        BillingMode::OneYearExtendable => "EXTENDABLE_RETENTION_PRICING",
        BillingMode::SevenYear => "FIXED_RETENTION_PRICING",
    }
}

/// Begins a command on the store whose ARN `find` has looked up.
fn line(operation: &str, store: &EventDataStore) -> Line {
    Line::aws("cloudtrail", operation, &store.home_region)
        .words("--event-data-store", &[Word::Variable("store".to_owned())])
}

/// Returns the command that looks the store's ARN up by its name, as no model knows it.
fn find(store: &EventDataStore) -> Command {
    let query = format!("EventDataStores[?Name=={}].EventDataStoreArn", jmespath_text(&store.name));
    Line::aws("cloudtrail", "list-event-data-stores", &store.home_region)
        .value("--query", &query)
        .value("--output", "text")
        .wrapped(
            "store=$(",
            &format!(
                "); [[ $store == arn:* && $store != *[[:space:]]* ]] || {{ echo {} >&2; exit 1; }}",
                shell_quote(&format!(
                    "There is not one event data store of the name {}",
                    super::names::plain(&store.name)
                ))
            ),
        )
        .because("Looks up the event data store's ARN")
}

fn removed(draft: &mut Draft, old: &EventDataStore) {
    draft.says("the event data store ends: it ingests nothing more, and is to be deleted by hand");
    for sentence in selector_words::differences(&old.selectors, &[]) {
        draft.says(sentence);
    }
    if old.ingesting {
        ingestion_change(draft, old, false);
        draft.note(NOT_INGESTED);
    }
    // CloudTrail user guide, "Manage event data store lifecycles".
    draft.note(
        "no command deletes the event data store: its events are gone for ever with it; export what must be kept, then delete it by \
         hand (aws cloudtrail update-event-data-store --no-termination-protection-enabled, delete-event-data-store); it can be \
         restored for 7 days (restore-event-data-store)",
    );
    draft.note(
        "until it is deleted one of one-year extendable retention costs what is kept beyond the first year",
    );
    draft.note(
        "where Lake query federation is on it must be turned off before (aws cloudtrail disable-federation)",
    );
    draft.terraform(vec![Item::comment(format!(
        "{}: set suspend = true in its aws_cloudtrail_event_data_store resource, and take it out of the configuration once its \
         events are not needed any more.",
        old.name
    ))]);
}

/// Changes what one `update-event-data-store` can change.
fn settings(draft: &mut Draft, old: &EventDataStore, new: &EventDataStore, found: &mut bool) {
    let mut apply = line("update-event-data-store", new);
    let mut undo = line("update-event-data-store", old);
    let (mut any, mut any_undo) = (false, false);
    // What is saved and put back, as JMESPath.
    let mut kept: Vec<&str> = Vec::new();
    if old.billing_mode != new.billing_mode {
        draft.says_from_to("pricing option", mode(old.billing_mode), mode(new.billing_mode));
        draft.note("the pricing option can be changed from seven-year to one-year extendable retention only, and never back");
        if new.billing_mode == BillingMode::OneYearExtendable {
            apply = apply.value("--billing-mode", mode(new.billing_mode));
            any = true;
        }
    }
    if old.retention_days != new.retention_days {
        draft.says(format!("retention: {} → {} days", old.retention_days, new.retention_days));
        apply = apply.value("--retention-period", &new.retention_days.to_string());
        any = true;
        if old.billing_mode.maximum_days() <= new.billing_mode.maximum_days() {
            undo = undo.value("--retention-period", &old.retention_days.to_string());
            any_undo = true;
            kept.push("RetentionPeriod: RetentionPeriod");
            if old.retention_days < new.retention_days {
                undo = undo.consent(&draft.variable("DELETE_LOGS"), &deleted(old));
            }
        }
        if new.retention_days < old.retention_days {
            apply = apply.consent(&draft.variable("DELETE_LOGS"), &deleted(new));
            draft.note("events older than the new retention are deleted and cannot be brought back");
        }
    }
    let words = |on: bool| if on { "on" } else { "off" };
    for (setting, option, form, from, to) in [
        (
            "every Region",
            "multi-region-enabled",
            "MultiRegionEnabled: MultiRegionEnabled",
            old.multi_region,
            new.multi_region,
        ),
        (
            "every account of the organization",
            "organization-enabled",
            "OrganizationEnabled: OrganizationEnabled",
            old.organization,
            new.organization,
        ),
    ] {
        if from != to {
            draft.says_from_to(setting, words(from), words(to));
            apply = apply.switch(option, to);
            undo = undo.switch(option, from);
            (any, any_undo) = (true, true);
            kept.push(form);
        }
    }
    if old.selectors != new.selectors {
        for sentence in selector_words::differences(&old.selectors, &new.selectors) {
            draft.says(sentence);
        }
        match Selection::advanced(&new.selectors, Recorder::EventDataStore) {
            Ok(selection) => {
                let path = draft.file("event-selectors.json", &selection);
                apply = apply.file("--advanced-event-selectors", &path);
                any = true;
                match Selection::advanced(&old.selectors, Recorder::EventDataStore) {
                    Ok(former) => {
                        let path = draft.file("event-selectors.undo.json", &former);
                        undo = undo.file("--advanced-event-selectors", &path);
                        any_undo = true;
                        kept.push("AdvancedEventSelectors: AdvancedEventSelectors");
                    }
                    Err(problems) => {
                        for problem in problems {
                            draft.note(format!(
                                "no command brings back the former event selectors: {problem}"
                            ));
                        }
                    }
                }
            }
            Err(problems) => {
                for problem in problems {
                    draft.note(format!("the event selectors are not put: {problem}"));
                }
            }
        }
    }
    if any {
        *found = true;
        let saved = draft.saved_file("event-data-store");
        // Nothing is put back from the whole of it, which tells people what was set.
        let form = if any_undo { format!("{{{}}}", kept.join(", ")) } else { String::new() };
        let save = line("get-event-data-store", old)
            .saved(&saved, &form, "")
            .because("Saves the event data store's settings");
        draft.save(vec![find(old), save]);
        let undo = if any_undo {
            let put = line("update-event-data-store", old).input(&saved);
            let why = "Sets what was set before, as far as it can be";
            vec![find(old), Restore::new(&saved, put).unsaved(undo).because(why)]
        } else {
            Vec::new()
        };
        draft.step(vec![find(new), apply.because("Changes the event data store's settings")], undo);
    }
}

/// Says what a retention deletes.
fn deleted(store: &EventDataStore) -> String {
    format!(
        "CloudTrail Lake may delete what is older than {} days in the event data store {}",
        store.retention_days, store.name
    )
}

/// What is lost while a store ingests nothing.
const NOT_INGESTED: &str = "what happens while ingestion is stopped is never in the event data store";

/// Begins the command that starts or stops ingestion, unless that is done.
fn ingestion(store: &EventDataStore, on: bool) -> Line {
    let (verb, status) = if on { ("start", "ENABLED") } else { ("stop", "STOPPED_INGESTION") };
    let found = line("get-event-data-store", store).value("--query", "Status").value("--output", "text");
    let before = found.wrapped("[[ $(", &format!(") == {status} ]] || ")).text;
    line(&format!("{verb}-event-data-store-ingestion"), store).wrapped(&before, "")
}

/// Starts or stops ingestion, and as it was before.
fn ingestion_change(draft: &mut Draft, store: &EventDataStore, on: bool) {
    let words = |on: bool| {
        if on { "Begins to ingest events" } else { "Stops ingesting; what is there can be queried" }
    };
    let saved = draft.saved_file("ingestion");
    let save = line("get-event-data-store", store)
        .saved(&saved, "Status=='ENABLED'", "")
        .because("Saves whether events are ingested");
    let undo = Restore::new(&saved, ingestion(store, true))
        .nothing(ingestion(store, false))
        .unsaved(ingestion(store, !on))
        .because(words(!on));
    draft.step(vec![find(store), save, ingestion(store, on).because(words(on))], vec![find(store), undo]);
}

fn changed(draft: &mut Draft, old: &EventDataStore, new: &EventDataStore) {
    let mut found = false;
    // Insights need the events that they look at: they are turned off before the events end, and on after they begin.
    let fewer_insights = new.insights.iter().all(|own| old.insights.contains(own));
    if fewer_insights {
        insights_change(draft, old, new);
    }
    settings(draft, old, new, &mut found);
    if !fewer_insights {
        insights_change(draft, old, new);
    }
    if old.ingesting != new.ingesting {
        draft.says(if new.ingesting { "ingestion begins" } else { "ingestion stops" });
        ingestion_change(draft, old, new.ingesting);
        if !new.ingesting {
            draft.note(NOT_INGESTED);
        }
    }
    let insights = insights::request(&old.insights) != insights::request(&new.insights);
    if insights {
        draft.note("the Terraform provider has no Insights of event data stores (hashicorp/aws 6.25): use the command");
    }
    if found || insights || old.ingesting != new.ingesting {
        fragment(draft, new);
    }
}

fn insights_change(draft: &mut Draft, old: &EventDataStore, new: &EventDataStore) {
    let (from, to) = (insights::request(&old.insights), insights::request(&new.insights));
    if from != to {
        draft.says_from_to("Insights", &insights::words(&from), &insights::words(&to));
        let destination = draft.variable("INSIGHTS_STORE");
        let mut put = |selectors: &Vec<insights::InsightSelector>, file: &str| {
            let path = draft.file(file, selectors);
            let line = line("put-insight-selectors", new).file("--insight-selectors", &path);
            // Only Insights that are turned on need to know where their events go.
            if selectors.is_empty() {
                return line;
            }
            line.variable(
                "--insights-destination",
                &destination,
                "the ARN of the event data store that gets the Insights events",
            )
        };
        let apply = put(&to, "insight-selectors.json").because("Sets the Insights types that are on");
        let unsaved = put(&from, "insight-selectors.undo.json");
        let saved = draft.saved_file("insight-selectors");
        let names = ["InsightSelectors", "InsightsDestination"].map(|own| (own, own));
        let form = format!("InsightSelectors && {}", jmespath_known("", &names));
        let save = line("get-insight-selectors", old)
            .saved(&saved, &form, "InsightNotEnabledException")
            .because("Saves the Insights types that are on");
        let undo = Restore::new(&saved, line("put-insight-selectors", old).input(&saved))
            .nothing(line("put-insight-selectors", old).value("--insight-selectors", "[]"))
            .unsaved(unsaved)
            .because("Sets the former Insights types");
        draft.step(vec![find(new), save, apply], vec![find(old), undo]);
    }
}

fn fragment(draft: &mut Draft, store: &EventDataStore) {
    let mut kept = vec!["kms_key_id", "tags", "termination_protection_enabled"];
    let mut items = place(draft.place(), &store.home_region);
    items.extend([
        Item::set("name", Value::text(&store.name)),
        Item::set("billing_mode", Value::text(mode(store.billing_mode))),
        Item::set("retention_period", Value::raw(store.retention_days)),
        Item::set("multi_region_enabled", Value::raw(store.multi_region)),
        Item::set("organization_enabled", Value::raw(store.organization)),
        Item::set("suspend", Value::raw(!store.ingesting)),
    ]);
    match Selection::advanced(&store.selectors, Recorder::EventDataStore) {
        Ok(selection) => items.extend(selection.terraform()),
        Err(_) => kept.push("advanced_event_selector"),
    }
    items.push(keeps(&kept));
    let label = draft.label.clone();
    draft.terraform(vec![Item::resource("aws_cloudtrail_event_data_store", &label, items)]);
}

//! Selectors tried on single events: the engine's answer against a matcher that knows nothing but AWS's rules.

use crate::support::log_corpus::{Random, golden, write_below};
use crate::support::log_reference::{Event, events, records, value};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use trailcost::domain::{
    Access, AdvancedEventSelector, EventCategory, EventClass, Field, FieldSelector, FieldValue,
};
use trailcost::sources::aws::read_selectors;
use trailcost::sources::logs::{LogOptions, count};
use trailcost::usage::{Match, selects};

const OPERATORS: [&str; 6] =
    ["Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith"];

/// Optional fields that may be tested in events of a category.
///
/// Source: CloudTrail API reference, `AdvancedFieldSelector`.
fn fields(category: &str) -> &'static [&'static str] {
    match category {
        "Management" => &[
            "eventName",
            "eventSource",
            "eventType",
            "readOnly",
            "sessionCredentialFromConsole",
            "userIdentity.arn",
        ],
        "Data" => &["eventName", "eventSource", "eventType", "readOnly", "resources.ARN", "userIdentity.arn"],
        _ => &["eventName", "errorCode", "vpcEndpointId"],
    }
}

fn golden_events() -> Vec<Event> {
    let directory = tempfile::tempdir().unwrap();
    write_below(directory.path(), golden(7));
    events(directory.path())
}

/// Tries selectors on logs: as many events must be selected by each as the matcher finds one by one.
fn replay_agrees(folder: &Path, wanted: &[Value]) -> usize {
    let text = json!({ "AdvancedEventSelectors": wanted }).to_string();
    let selectors = read_selectors(&text).unwrap().into();
    let options = LogOptions { selectors, ..LogOptions::new(vec![folder.into()], 2) };
    let counts = count(&options, &AtomicBool::new(false), &mut |_| {}).unwrap();
    let all = events(folder);
    let mut selected = 0;
    for (at, selector) in (0_u16..).zip(wanted) {
        let json = json!({ "AdvancedEventSelectors": [selector] });
        let expected = all.iter().filter(|event| records(&json, event) == Some(true)).count();
        let found = counts.sum(|row| row.selected_by.contains(&at)).events;
        assert_eq!(found, expected as u64, "{selector:#}");
        selected += expected;
    }
    let json = json!({ "AdvancedEventSelectors": wanted });
    let dropped = all.iter().filter(|event| records(&json, event) != Some(true)).count();
    assert_eq!(counts.sum(|row| row.selected_by.is_empty()).events, dropped as u64);
    selected
}

#[test]
fn logs_are_replayed_as_single_events_are() {
    let directory = tempfile::tempdir().unwrap();
    for seed in [7, 8] {
        let folder = directory.path().join(seed.to_string());
        write_below(&folder, golden(seed));
        let (all, mut random) = (events(&folder), Random::new(seed));
        let drawn: Vec<Value> = (0..200).map(|_| selector(&all, &mut random)).collect();
        assert!(replay_agrees(&folder, &drawn) > 1_000);
    }
}

#[test]
fn real_logs_are_replayed_as_single_events_are() {
    let Some(folder) = std::env::var_os("TRAILCOST_SHARED_DATA").map(PathBuf::from) else {
        eprintln!("skipped: TRAILCOST_SHARED_DATA names no folder of logs");
        return;
    };
    let folder = folder.join("logs");
    let (all, mut random) = (events(&folder), Random::new(3));
    let drawn: Vec<Value> = (0..200).map(|_| selector(&all, &mut random)).collect();
    assert!(replay_agrees(&folder, &drawn) > 1_000);
}

/// A selector whose values are those of events, or begin or end like them.
fn selector(events: &[Event], random: &mut Random) -> Value {
    let of = |category: &str| -> Vec<&Event> {
        events.iter().filter(|event| value("eventCategory", event).as_deref() == Some(category)).collect()
    };
    let present: Vec<&str> =
        ["Management", "Data", "NetworkActivity"].into_iter().filter(|own| !of(own).is_empty()).collect();
    let category = *random.of(&present);
    let own = of(category);
    let mut tests = vec![json!({ "Field": "eventCategory", "Equals": [category] })];
    let required = match category {
        "Data" => Some("resources.type"),
        "NetworkActivity" => Some("eventSource"),
        _ => None,
    };
    if let Some(field) = required {
        let values: Vec<String> = own.iter().filter_map(|event| value(field, event)).collect();
        tests.push(json!({ "Field": field, "Equals": [random.of(&values)] }));
    }
    for field in fields(category) {
        let values: Vec<String> = own.iter().filter_map(|event| value(field, event)).collect();
        if values.is_empty() || random.per_mille(600) {
            continue;
        }
        let mut test = json!({ "Field": field });
        let operators =
            if ["readOnly", "errorCode"].contains(field) { &OPERATORS[..1] } else { &OPERATORS[..] };
        for operator in operators {
            if operators.len() > 1 && random.per_mille(600) {
                continue;
            }
            let some: Vec<String> = (0..=random.below(3))
                .map(|_| {
                    let whole = random.of(&values);
                    let part = random.below(whole.len()) + 1;
                    match *operator {
                        "StartsWith" | "NotStartsWith" => whole.chars().take(part).collect(),
                        "EndsWith" | "NotEndsWith" => whole.chars().skip(part - 1).collect(),
                        _ => whole.clone(),
                    }
                })
                .collect();
            test[operator] = json!(some);
        }
        if test.as_object().unwrap().len() > 1 {
            tests.push(test);
        }
    }
    json!({ "Name": "drawn", "FieldSelectors": tests })
}

fn as_model(selector: &Value) -> AdvancedEventSelector {
    let tests = selector["FieldSelectors"].as_array().unwrap();
    let category = match tests[0]["Equals"][0].as_str().unwrap() {
        "Management" => EventCategory::Management,
        "Data" => EventCategory::Data,
        _ => EventCategory::NetworkActivity,
    };
    let fields = tests[1..]
        .iter()
        .map(|test| {
            let list = |operator: &str| -> Vec<String> {
                test[operator]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|own| own.as_str().unwrap().to_owned())
                    .collect()
            };
            let mut model = FieldSelector::new(Field::from_name(test["Field"].as_str().unwrap()).unwrap());
            [model.equals, model.starts_with, model.ends_with] =
                ["Equals", "StartsWith", "EndsWith"].map(list);
            [model.not_equals, model.not_starts_with, model.not_ends_with] =
                ["NotEquals", "NotStartsWith", "NotEndsWith"].map(list);
            model
        })
        .collect();
    AdvancedEventSelector { name: None, category, fields }
}

/// The class of one event, of which every field that it has is known.
fn class(event: &Event) -> EventClass {
    let category = match event.category {
        "management" => EventCategory::Management,
        "data" => EventCategory::Data,
        _ => EventCategory::NetworkActivity,
    };
    let access = if event.access == "read" { Access::Read } else { Access::Write };
    let fields: BTreeMap<Field, FieldValue> = Field::NAMES
        .iter()
        .filter_map(|name| Some((Field::from_name(name).unwrap(), FieldValue::Exactly(value(name, event)?))))
        .collect();
    EventClass { category, access, fields }
}

#[test]
fn drawn_selectors_select_what_the_rules_say() {
    let all = golden_events();
    let mut random = Random::new(11);
    let (mut kept, mut dropped) = (0, 0);
    for _ in 0..150 {
        let drawn: Vec<Value> = (0..=random.below(3)).map(|_| selector(&all, &mut random)).collect();
        let model: Vec<AdvancedEventSelector> = drawn.iter().map(as_model).collect();
        let json = json!({ "AdvancedEventSelectors": drawn });
        for event in &all {
            let Some(expected) = records(&json, event) else { continue };
            // The engine says of what it does not know that it does not know it.
            let tested = drawn.iter().flat_map(|own| own["FieldSelectors"].as_array().unwrap());
            if tested.into_iter().any(|test| value(test["Field"].as_str().unwrap(), event).is_none()) {
                continue;
            }
            let found = selects(&model, &class(event));
            let wanted = if expected { Match::Yes } else { Match::No };
            assert_eq!(found, wanted, "{json:#}\n{:#}", event.record);
            *(if expected { &mut kept } else { &mut dropped }) += 1;
        }
    }
    assert!(kept > 1000 && dropped > 1000, "{kept} kept, {dropped} dropped");
}

/// The example of the user guide's "How CloudTrail evaluates multiple conditions for a field".
#[test]
fn several_conditions_on_a_field_are_evaluated_as_documented() {
    let bucket = "arn:aws:s3:::amzn-s3-demo-bucket";
    let selector = json!({ "FieldSelectors": [
        { "Field": "eventCategory", "Equals": ["Data"] },
        { "Field": "resources.type", "Equals": ["AWS::S3::Object"] },
        {
            "Field": "resources.ARN",
            "Equals": [format!("{bucket}/object1")],
            "StartsWith": [format!("{bucket}/")],
            "EndsWith": ["object3"],
            "NotStartsWith": [format!("{bucket}/deselect")],
            "NotEndsWith": ["object5"],
            "NotEquals": [format!("{bucket}/object6")],
        },
    ] });
    let mut event = golden_events()
        .into_iter()
        .find(|event| event.name == "GetObject" && event.category == "data")
        .unwrap();
    for (arn, expected) in [
        ("/object1", true),
        ("/object2", true),
        ("1/object3", true),
        ("1/object4", false),
        ("/deselectObject4", false),
        ("/object5", false),
        ("/object6", false),
    ] {
        event.whole_resource = Some(("AWS::S3::Object".to_owned(), format!("{bucket}{arn}")));
        let json = json!({ "AdvancedEventSelectors": [selector] });
        assert_eq!(records(&json, &event), Some(expected), "{arn}");
        let wanted = if expected { Match::Yes } else { Match::No };
        assert_eq!(selects(&[as_model(&selector)], &class(&event)), wanted, "{arn}");
    }
}

#[test]
fn basic_selectors_select_what_the_rules_say() {
    let all = golden_events();
    let count = |selector: Value| {
        let json = json!({ "EventSelectors": [selector] });
        all.iter().filter(|event| records(&json, event) == Some(true)).count()
    };
    let of = |wanted: &dyn Fn(&Event) -> bool| all.iter().filter(|event| wanted(event)).count();
    let management = |event: &Event| event.category == "management";
    let object = |event: &Event, bucket: &str| {
        event
            .whole_resource
            .as_ref()
            .is_some_and(|(kind, arn)| kind == "AWS::S3::Object" && arn.starts_with(bucket))
    };
    let orders = "arn:aws:s3:::orders-111122223333/";
    for (selector, expected) in [
        (json!({ "ReadWriteType": "All" }), of(&management)),
        (json!({ "ReadWriteType": "ReadOnly" }), of(&|event| management(event) && event.access == "read")),
        (json!({ "ReadWriteType": "WriteOnly" }), of(&|event| management(event) && event.access == "write")),
        (
            json!({ "ExcludeManagementEventSources": ["kms.amazonaws.com"] }),
            of(&|event| management(event) && event.source != "kms.amazonaws.com"),
        ),
        (
            json!({ "IncludeManagementEvents": false, "DataResources": [{ "Type": "AWS::S3::Object", "Values": ["arn:aws:s3"] }] }),
            of(&|event| object(event, "")),
        ),
        (
            json!({ "IncludeManagementEvents": false, "DataResources": [{ "Type": "AWS::S3::Object", "Values": [orders] }] }),
            of(&|event| object(event, orders)),
        ),
        (json!({ "IncludeManagementEvents": false, "DataResources": [] }), 0),
    ] {
        let shown = selector.to_string();
        assert_eq!(count(selector), expected, "{shown}");
        assert!(expected > 0 || shown.contains("\"DataResources\":[]"), "no event tells {shown}");
    }
}

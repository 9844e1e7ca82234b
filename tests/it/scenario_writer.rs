//! What the writer writes, the loader reads back as the same model.
//!
//! Places in files are left out of the comparison: they are those of another file.

use crate::support::{BuiltIn, root};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use trailcost::domain::{LineItem, LineItemSink, Model, Observations, SinkError};
use trailcost::sources::scenario::{self, ScenarioText, WriteOptions};
use trailcost::usage::UsagePlan;

/// Reads what was written, with the table beside it.
pub(crate) fn reload(built_in: &BuiltIn, written: &ScenarioText) -> Model {
    let context = built_in.context();
    match written.read("scenario.toml", &context) {
        Ok(loaded) => loaded.model,
        Err(found) => panic!("{:#?}\n{}", found.items, written.toml),
    }
}

pub(crate) fn write(model: &Model, volumes_file_from: usize) -> ScenarioText {
    let options = WriteOptions { volumes_file_from, ..WriteOptions::default() };
    scenario::write(model, &options).unwrap_or_else(|error| panic!("{error}"))
}

/// Brings what has no order into one, and takes out what points into files.
pub(crate) fn shown(model: &Model) -> String {
    let mut model = model.clone();
    model.sources.clear();
    model.inventory.accounts.sort_by(|left, right| left.id.cmp(&right.id));
    let old = std::mem::take(&mut model.observations);
    let mut own = Observations::default();
    own.volumes = old.volumes;
    own.volumes.sort_by_key(|volume| {
        let key = (volume.service.clone(), volume.usage_type.clone(), volume.component);
        (volume.account.clone(), volume.region.clone(), key)
    });
    own.activities = old.activities;
    own.activities.sort_by_key(|activity| (activity.account.clone(), activity.region.clone()));
    let class = |at: u32| old.event_classes[at as usize].clone();
    for activity in &mut own.activities {
        activity.counts.sort_by_key(|count| class(count.class));
    }
    let mut activities = std::mem::take(&mut own.activities);
    for count in activities.iter_mut().flat_map(|activity| &mut activity.counts) {
        count.class = own.class_id(&class(count.class));
    }
    own.activities = activities;
    model.observations = own;
    without_places(&format!("{model:#?}"))
}

/// Cuts `Place { .. }` out of what `{:#?}` prints: everything else of a model is compared, whatever is added to it.
fn without_places(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut inside = false;
    for line in text.lines() {
        if line.trim_end().ends_with("place: Place {") {
            inside = true;
        }
        if !inside {
            kept.push_str(line);
            kept.push('\n');
        }
        if inside && line.trim() == "}," {
            inside = false;
        }
    }
    kept
}

struct Lines(String);

impl LineItemSink for Lines {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        let LineItem { provenance: _, .. } = item;
        writeln!(
            self.0,
            "{} {} {} {:?} {:?} {} {} {} {:?} {:?} {:?}",
            item.month,
            item.account,
            item.region,
            item.meter,
            item.component,
            item.resource,
            item.tier,
            item.quantity,
            item.list_cost,
            item.contracted_cost,
            item.has_unknown
        )
        .map_err(|error| SinkError(Box::new(error)))
    }
}

/// Everything that an estimate says of a model, provenances aside.
fn estimated(built_in: &BuiltIn, model: &Model) -> String {
    let plan = UsagePlan::new(model).unwrap();
    let mut lines = Lines(String::new());
    let estimate = built_in.estimate(model, Some(&mut lines));
    let assumptions: Vec<&str> = plan.assumptions(model).iter().map(|own| own.id.as_str()).collect();
    format!("{estimate:#?}\n{:#?}\n{assumptions:#?}\n{}", plan.gaps(), lines.0)
}

pub(crate) fn assert_same(left: &str, right: &str, of: &str, written: &ScenarioText) {
    if left == right {
        return;
    }
    let at = left.lines().zip(right.lines()).position(|(left, right)| left != right).unwrap_or_default();
    let part = |text: &str| {
        let lines: Vec<&str> = text.lines().skip(at.saturating_sub(8)).take(14).collect();
        lines.join("\n")
    };
    panic!("{of}: was\n{}\nis\n{}\nwritten:\n{}", part(left), part(right), written.toml);
}

/// Every scenario that ships, and every one that a bill was worked out for by hand.
fn scenarios() -> Vec<(String, String)> {
    #[derive(serde::Deserialize)]
    struct Oracle {
        estimate: Vec<Worked>,
    }
    #[derive(serde::Deserialize)]
    struct Worked {
        scenario: String,
    }
    let texts = |folder: &str| -> Vec<(String, String)> {
        let mut paths: Vec<_> =
            fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let is_toml = |path: &Path| path.extension().is_some_and(|own| own == "toml");
        let kept = paths.iter().filter(|path| is_toml(path) && !path.ends_with("defaults.toml"));
        kept.map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap())).collect()
    };
    let mut found = texts("scenarios");
    found.extend(texts("scenarios/templates"));
    assert!(found.len() >= 12, "the scenarios were not found");
    for (path, text) in texts("tests/oracles") {
        let oracle: Oracle = toml::from_str(&text).unwrap();
        found.extend(oracle.estimate.into_iter().map(|own| (path.clone(), own.scenario)));
    }
    assert!(found.len() > 100, "the oracles were not found");
    found
}

#[test]
fn every_scenario_is_read_back_as_it_was() {
    let built_in = BuiltIn::new();
    for (name, text) in scenarios() {
        let model = built_in.model(&text);
        let expected = shown(&model);
        for most in [0, usize::MAX] {
            let written = write(&model, most);
            let again = reload(&built_in, &written);
            assert_same(&expected, &shown(&again), &name, &written);
            assert_eq!(written, write(&again, most), "{name}: not the same bytes the second time");
        }
    }
}

#[test]
fn every_scenario_costs_what_it_did() {
    let built_in = BuiltIn::new();
    for (name, text) in scenarios() {
        let model = built_in.model(&text);
        let written = write(&model, 0);
        let again = reload(&built_in, &written);
        assert_same(&estimated(&built_in, &model), &estimated(&built_in, &again), &name, &written);
    }
}

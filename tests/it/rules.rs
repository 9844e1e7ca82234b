//! Each rule against a scenario that it speaks about and one, almost the same, about which it is silent.

use crate::support::{BuiltIn, root};
use std::collections::BTreeSet;
use std::fs;
use trailcost::pricing::FreeTiers;
use trailcost::recommend::{Findings, Keep, Valuer, findings, rules};

/// What every scenario of a rule begins with.
const COMMON: &str = "version = 1\nname = \"Rule\"\nstart = \"2026-01\"\nmonths = 12\n";
const ACCOUNT: &str = "\n[[account]]\nid = \"111122223333\"\n";

/// Asks all rules about a scenario, with what each finding would save on its own.
fn found(built_in: &BuiltIn, text: &str) -> (Findings, Vec<String>) {
    let account = if text.trim_start().starts_with("[[volume]]") { "" } else { ACCOUNT };
    let model = built_in.model(&format!("{COMMON}{account}{text}"));
    let keep = Keep::new(&model.demands, Vec::new(), None);
    let none = FreeTiers::default();
    let valuer = Valuer::new(&model, &built_in.card, &none).unwrap();
    let before = valuer.value(&model).unwrap().total;
    let found = findings(&model, &keep, &valuer).unwrap();
    let savings = found
        .actions
        .iter()
        .map(|own| before.checked_sub(valuer.value(&own.applied_to(&model)).unwrap().total).unwrap())
        .map(|own| own.rounded().to_string())
        .collect();
    (found, savings)
}

/// What one rule found, in lines.
fn told(rule: &str, (found, savings): &(Findings, Vec<String>)) -> String {
    let mut text = String::new();
    for (own, saving) in found.actions.iter().zip(savings).filter(|(own, _)| own.rule == rule) {
        text.push_str(&format!("do: {}\nwhy: {}\n", own.title, own.why));
        text.push_str(&format!("saves in 12 months: ${saving}\neffort: {}\n", own.effort.name()));
        text.push_str(&format!("loss: {:?} {:?} {:?}\n", own.loss.level, own.loss.what, own.loss.detections));
        for note in &own.notes {
            text.push_str(&format!("note: {note}\n"));
        }
    }
    for own in found.advice.iter().filter(|own| own.rule == rule) {
        text.push_str(&format!("know: {}\nwhy: {}\n", own.what, own.why));
    }
    text
}

#[test]
fn each_rule_speaks_where_it_should_and_is_silent_where_it_should() {
    let built_in = BuiltIn::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for entry in fs::read_dir(root().join("tests/rules")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|own| own == "toml") {
            known.insert(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    let documented: BTreeSet<String> = rules().iter().map(|own| own.id.to_owned()).collect();
    assert_eq!(known, documented, "one file for each rule");
    for rule in &known {
        let path = root().join(format!("tests/rules/{rule}.toml"));
        let cases: toml::Value = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let told = |case: &str| told(rule, &found(&built_in, cases[case].as_str().unwrap()));
        let speaks = told("fires");
        assert_ne!(speaks, "", "{rule} finds nothing where it should");
        assert_eq!(told("quiet"), "", "{rule} speaks where it should not");
        insta::with_settings!({ snapshot_path => "../rules", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(rule.as_str(), speaks);
        });
    }
}

//! `trailcost reconcile` from files: what AWS would have exported of a scenario reconciles with it.

use crate::generated_bill::{bill_of, charge, first_months, focus, legacy_cur, scale};
use crate::support::{BuiltIn, root};
use std::fs;
use std::path::Path;
use std::process::Command;
use trailcost::domain::{Bill, ChargeCategory};

/// Runs `trailcost` in a directory; returns exit code, stdout and stderr.
fn run(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(arguments)
        .current_dir(directory)
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn generated(name: &str, months: usize) -> (BuiltIn, Bill, String) {
    let built_in = BuiltIn::new();
    let path = root().join("scenarios").join(name);
    let model = built_in.model(&fs::read_to_string(&path).unwrap());
    let mut bill = bill_of(&built_in, &model);
    first_months(&mut bill, months);
    (built_in, bill, path.to_str().unwrap().to_owned())
}

#[test]
fn a_scenario_and_the_export_of_its_bill_reconcile_to_nothing() {
    for name in ["mid-size-saas.toml", "organization-duplicate-trails.toml", "all-data-events.toml"] {
        let (built_in, bill, scenario) = generated(name, 3);
        let directory = tempfile::tempdir().unwrap();
        for (file, text) in
            [("cur.csv", legacy_cur(&built_in, &bill)), ("focus.csv", focus(&built_in, &bill))]
        {
            fs::write(directory.path().join(file), text).unwrap();
            let arguments = ["reconcile", &scenario, "--bill", file, "--format", "json", "--tolerance", "0%"];
            let (code, printed, complaints) = run(directory.path(), &arguments);
            assert_eq!(code, 0, "{name} {file}: {complaints}{printed}");
            let document: serde_json::Value = serde_json::from_str(&printed).unwrap();
            assert_eq!(document["total"]["gross_unexplained"], "0", "{name} {file}");
            assert_eq!(document["total"]["estimated"], document["total"]["found"], "{name} {file}");
            assert_eq!(document["months"].as_array().unwrap().len(), 3, "{name} {file}");
            assert_eq!(document["causes"], serde_json::json!([]), "{name} {file}");
        }
    }
}

#[test]
fn planted_differences_are_named_in_every_format() {
    let (built_in, mut bill, scenario) = generated("mid-size-saas.toml", 1);
    scale(&mut bill, |_| true, (15, 31));
    bill.months[0].last_day = "2026-01-15".parse().unwrap();
    charge(&mut bill, "2026-01", ChargeCategory::Tax, "40");
    for line in bill.lines.iter_mut().filter(|line| line.category == ChargeCategory::Usage) {
        let agreed = line.billed_cost.times("0.88".parse().unwrap()).unwrap();
        (line.billed_cost, line.contracted_cost) = (agreed, Some(agreed));
    }
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("focus.csv"), focus(&built_in, &bill)).unwrap();
    let arguments = ["reconcile", &scenario, "--bill", "focus.csv", "--out", "report"];
    let (code, printed, complaints) = run(directory.path(), &arguments);
    assert_eq!(code, 0, "{complaints}{printed}");
    for words in ["Partial month", "Discount", "Tax", "15 of 31 days", "12% off the list price"] {
        assert!(printed.contains(words), "{words} is missing in\n{printed}");
    }
    assert!(printed.lines().all(|line| line.chars().count() <= 80), "{printed}");
    let read = |name: &str| fs::read_to_string(directory.path().join("report").join(name)).unwrap();
    for (file, words) in [
        ("reconcile.csv", "partial_month;discount"),
        ("reconcile.json", "\"partial_month\""),
        ("reconcile.md", "| Partial month |"),
        ("reconcile.svg", ">Partial month</text>"),
    ] {
        assert!(read(file).contains(words), "{file}");
    }
    assert!(fs::metadata(directory.path().join("report/reconcile.png")).unwrap().len() > 1000);
    let rows = csv::Reader::from_reader(read("reconcile.csv").as_bytes()).into_records().count();
    assert_eq!(rows, bill.lines.len());
}

#[test]
fn what_is_left_beyond_the_tolerance_is_exit_code_1() {
    let (built_in, mut bill, scenario) = generated("mid-size-saas.toml", 2);
    // $4 of $844 in the whole, $4 of $422 in January: 0.9 % there.
    let january = bill.lines.iter_mut().find(|line| line.usage_type == "PaidEventsRecorded").unwrap();
    january.quantity = trailcost::domain::Quantity::from_count(20_200_000);
    let cost = crate::generated_bill::money("404");
    (january.billed_cost, january.list_cost, january.contracted_cost) = (cost, Some(cost), Some(cost));
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("cur.csv"), legacy_cur(&built_in, &bill)).unwrap();
    for (tolerance, expected, words) in [
        ("1%", 0, "Within the tolerance"),
        ("0.6%", 1, "OVER the tolerance in 2026-01"),
        ("0.4%", 1, "OVER the tolerance: 0.5% of $848.00"),
    ] {
        let arguments = ["reconcile", &scenario, "--bill", "cur.csv", "--tolerance", tolerance];
        let (code, printed, _) = run(directory.path(), &arguments);
        assert_eq!(code, expected, "{tolerance}: {printed}");
        assert!(printed.contains(words), "{tolerance}: {printed}");
    }
}

#[test]
fn rows_of_named_resources_are_compared_and_others_set_apart() {
    let (built_in, mut bill, scenario) = generated("small-account-standard.toml", 1);
    for line in bill.lines.iter_mut().filter(|line| line.service == "AmazonS3") {
        line.resource = Some("the-logs".to_owned());
    }
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("cur.csv"), legacy_cur(&built_in, &bill)).unwrap();
    let run = |more: &[&str]| {
        let arguments = [&["reconcile", &scenario, "--bill", "cur.csv", "--format", "json"], more].concat();
        let (code, printed, complaints) = run(directory.path(), &arguments);
        assert_eq!(code, 0, "{complaints}{printed}");
        serde_json::from_str::<serde_json::Value>(&printed).unwrap()
    };
    let apart = run(&[]);
    assert_eq!(apart["not_compared"][0]["service"], "AmazonS3");
    assert_eq!(apart["total"]["estimated"], "0");
    let named = run(&["--resource", "the-logs"]);
    assert_eq!(named["not_compared"], serde_json::json!([]));
    assert_ne!(named["total"]["estimated"], "0");
    assert_eq!(named["total"]["gross_unexplained"], "0");
    assert_eq!(apart["not_compared"][0]["estimated"], named["total"]["estimated"]);
}

#[test]
fn a_price_that_is_missing_is_exit_code_4() {
    let directory = tempfile::tempdir().unwrap();
    let scenario = "version = 1\nname = \"Gov\"\nstart = \"2026-01\"\nmonths = 1\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-gov-west-1\"\npaid_management_events = \"1M\"\n";
    fs::write(directory.path().join("gov.toml"), scenario).unwrap();
    let arguments = ["reconcile", "gov.toml", "--measured", "gov.toml"];
    let (code, printed, _) = run(directory.path(), &arguments);
    assert_eq!(code, 4, "{printed}");
    assert!(printed.contains("Estimate unknown"), "{printed}");
    let (code, ..) = run(directory.path(), &[&arguments[..], &["--allow-incomplete"]].concat());
    assert_eq!(code, 0);
}

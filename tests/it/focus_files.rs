//! `--focus FILE` of estimate and of what is measured.

use crate::focus::{Row, rows_of_csv, rows_of_parquet, sum};
use crate::support::root;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Runs `trailcost` in the project's folder; returns exit code, stdout and stderr.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(arguments)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Runs a command with `--focus` into a folder; returns what was said, and the rows.
fn focused(arguments: &[&str], file: &Path) -> (i32, String, Vec<Row>) {
    let (code, _, said) = run(&[arguments, &["--focus", file.to_str().unwrap()]].concat());
    let bytes = fs::read(file).unwrap_or_else(|error| panic!("{error}: {said}"));
    let is_csv = file.extension().is_some_and(|own| own.eq_ignore_ascii_case("csv"));
    (code, said, if is_csv { rows_of_csv(&bytes) } else { rows_of_parquet(bytes) })
}

#[test]
fn an_estimate_is_written_beside_its_report() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report");
    let scenario = "scenarios/mid-size-saas.toml";
    let arguments = ["estimate", scenario, "--out", out.to_str().unwrap()];
    let (code, said, rows) = focused(&arguments, &folder.path().join("focus.PARQUET"));
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("wrote 180 FOCUS rows to "), "{said}");
    assert_eq!((rows.len(), sum(&rows, "EffectiveCost").to_string()), (180, "15192".to_owned()));
    assert!(out.join("estimate.json").is_file());
    // Nothing is left beside it.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_missing_price_is_null_and_the_run_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("gov.toml");
    let volume = |region: &str, events: &str| {
        format!(
            "[[volume]]\naccount = \"111122223333\"\nregion = \"{region}\"\npaid_management_events = {events}\n"
        )
    };
    let text = format!(
        "version = 1\nname = \"gov\"\nstart = \"2026-01\"\nmonths = 2\n{}{}",
        volume("us-gov-west-1", "\"1M\""),
        volume("us-east-1", "\"unknown\"")
    );
    fs::write(&scenario, text).unwrap();
    let (code, said, rows) =
        focused(&["estimate", scenario.to_str().unwrap()], &folder.path().join("focus.csv"));
    assert_eq!(code, 4);
    assert!(said.contains("4 FOCUS rows of usage have a cost that is unknown: it is null, not 0"), "{said}");
    assert!(rows.iter().all(|row| row["ListCost"].is_empty() && row["EffectiveCost"].is_empty()));
}

#[test]
fn a_measured_month_is_priced() {
    let folder = tempfile::tempdir().unwrap();
    let logs = root().join("tests/fixtures/logs");
    for (name, arguments) in [
        ("aws", vec!["measure", "aws", "--replay", "tests/fixtures/aws/two-trails"]),
        ("logs", vec!["measure", "logs", logs.to_str().unwrap()]),
    ] {
        let out = folder.path().join(name);
        let arguments = [&arguments[..], &["--out", out.to_str().unwrap()]].concat();
        let (code, said, rows) = focused(&arguments, &folder.path().join(format!("{name}.csv")));
        assert_eq!(code, 0, "{said}");
        assert!(!rows.is_empty(), "{said}");
        assert!(rows.iter().all(|row| row["x_CostKind"] == "Measurement" && row["BilledCost"] == "0"));
        assert!(rows.iter().all(|row| row["ChargePeriodStart"] == rows[0]["ChargePeriodStart"]));
        // It is the first month of the estimate of what was measured.
        let scenario = out.join("scenario.toml");
        let arguments = ["estimate", scenario.to_str().unwrap(), "--format", "json", "--allow-incomplete"];
        let (_, printed, _) = run(&arguments);
        let document: serde_json::Value = serde_json::from_str(&printed).unwrap();
        let month = document["summary"]["first_month"].as_str().unwrap();
        assert_eq!(sum(&rows, "EffectiveCost").to_string(), month, "{name}");
        assert_eq!(rows[0]["ChargePeriodStart"][..7], *document["scenario"]["start"].as_str().unwrap());
    }
}

#[test]
fn a_bill_goes_through_a_focus_file_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    for (name, ending) in [("cur-legacy.csv", "parquet"), ("focus-1.2.zstd.parquet", "csv")] {
        let bill = format!("tests/fixtures/billing/{name}");
        let file = folder.path().join(format!("bill.{ending}"));
        let (code, said, rows) = focused(&["measure", "bill", &bill], &file);
        assert_eq!(code, 0, "{said}");
        assert!(rows.iter().all(|row| row["x_CostKind"] == "Bill"));
        let volumes = |path: &str| {
            let (code, printed, said) = run(&["measure", "bill", path, "--format", "json"]);
            assert_eq!(code, 0, "{said}");
            let mut document: serde_json::Value = serde_json::from_str(&printed).unwrap();
            for own in document["prices"].as_array_mut().unwrap() {
                // A line of the bill is one row of the dataset.
                own.as_object_mut().unwrap().remove("rows");
            }
            (document["prices"].clone(), document["summary"].clone(), document["terms"].clone())
        };
        let before = volumes(&bill);
        assert!(before.1.is_object() && before.0.as_array().is_some_and(|own| !own.is_empty()), "{before:?}");
        assert_eq!(volumes(file.to_str().unwrap()), before, "{name}");
    }
}

#[test]
fn names_that_tell_no_format_and_inputs_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let scenario = "scenarios/mid-size-saas.toml";
    for name in ["focus", "focus.json", "focus.csv.gz", ".csv"] {
        let (code, printed, said) = run(&["estimate", scenario, "--focus", &path(name)]);
        assert_eq!((code, printed.as_str()), (2, ""), "{name}");
        assert!(said.contains("let the name end in .csv or .parquet"), "{said}");
    }
    let (code, _, said) = run(&["estimate", scenario, scenario, "--focus", &path("focus.csv")]);
    assert_eq!(code, 2);
    assert!(said.contains("a FOCUS file holds one scenario at a time"), "{said}");
    let (code, _, said) = run(&["estimate", scenario, "--focus", &path("no/where.csv")]);
    assert_eq!(code, 6, "{said}");
    // A bill does not take the place of itself.
    let bill = path("bill.csv");
    fs::copy(root().join("tests/fixtures/billing/cur-legacy.csv"), &bill).unwrap();
    let before = fs::read(&bill).unwrap();
    let (code, _, said) = run(&["measure", "bill", &bill, "--focus", &bill]);
    assert_eq!((code, fs::read(&bill).unwrap()), (2, before), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

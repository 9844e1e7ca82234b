//! What `report --out` writes beside the page: budgets, lines, rates, unit costs, the FOCUS files and the workbook, against figures
//! worked out here.

use assert_cmd::Command;
use rust_decimal::Decimal;
use serde_json::Value;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

const NAME: &str = "=cmd|' /C calc'!A0 <script>alert(1)</script> \u{202e}x";

fn trailcost() -> Command {
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.timeout(Duration::from_mins(2));
    command
}

/// Three months of two accounts: in the nth month n million paid copies and ten million data events each, $20 and $10.
fn history(folder: &Path) -> PathBuf {
    let history = folder.join("history");
    let name = toml::Value::String(NAME.to_owned()).to_string();
    for at in 1..=3 {
        let mut text = format!("version = 1\nname = \"n\"\nstart = \"2026-{at:02}\"\nmonths = 1\n");
        for (account, tag) in [("111122223333", "payments"), ("444455556666", "search")] {
            text.push_str(&format!(
                "[[account]]\nid = \"{account}\"\nname = {name}\ntags = {{ owner = \"{tag}\", note = {name} }}\n\
                 [[volume]]\naccount = \"{account}\"\nregion = \"us-east-1\"\npaid_management_events = \"{at}M\"\ns3_data_events = \"10M\"\n"
            ));
        }
        let file = folder.join("own.toml");
        fs::write(&file, text).unwrap();
        trailcost().args(["report", "record", "--history"]).arg(&history).arg(&file).assert().success();
    }
    history
}

/// Writes the bundle of the last month, or of what more arguments say.
fn bundle(folder: &Path, history: &Path, more: &[&str]) -> PathBuf {
    let out = folder.join("out");
    trailcost()
        .args(["report", "--history"])
        .arg(history)
        .args(more)
        .arg("--out")
        .arg(&out)
        .assert()
        .success();
    out
}

fn records(path: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

fn sum(rows: &[std::collections::BTreeMap<String, String>], column: &str) -> Decimal {
    rows.iter().map(|own| own[column].parse::<Decimal>().unwrap()).sum()
}

#[test]
fn budgets_stand_beside_what_was_paid() {
    let folder = tempfile::tempdir().unwrap();
    let history = history(folder.path());
    let budget = folder.path().join("budget.toml");
    let name = toml::Value::String(NAME.to_owned()).to_string();
    fs::write(
        &budget,
        format!(
            "version = 1\n[[budget]]\nname = {name}\nmonthly = \"150\"\nyearly = \"1200\"\ngrowth = \"50%\"\nwarn = \"90%\"\n\
             [[budget]]\nname = \"owner\"\ntag = {{ owner = \"payments\" }}\nmonthly = \"70\"\n\
             [[budget]]\nname = \"misspelt\"\ntag = {{ owner = \"paymnts\" }}\nmonthly = \"70\"\n"
        ),
    )
    .unwrap();
    let out = bundle(folder.path(), &history, &["--budget", budget.to_str().unwrap()]);
    // The months cost $60, $100 and $140; of payments half of that.
    let rows = records(&out.join("budgets.csv"));
    let row = |at: usize| {
        ["limit_of", "level", "limit", "actual", "difference", "share_used_percent", "projected"]
            .map(|own| rows[at][own].as_str())
    };
    assert_eq!(row(0), ["budget-monthly", "warning", "150", "140", "-10", "93.3", "140"]);
    // The year so far, and nine months more at $140.
    assert_eq!(row(1), ["budget-yearly", "within", "1200", "300", "-900", "25.0", "1560"]);
    assert_eq!(row(2), ["budget-growth", "warning", "150", "140", "-10", "93.3", ""]);
    assert_eq!(row(3), ["budget-monthly", "within", "70", "70", "0", "100.0", "70"]);
    assert_eq!(row(4), ["budget-monthly", "warning", "70", "0", "-70", "0.0", "0"]);
    assert_eq!(rows.len(), 5);
    let report: Value = serde_json::from_str(&fs::read_to_string(out.join("report.json")).unwrap()).unwrap();
    assert_eq!(report["budgets"][1]["projected"], "1560");
    let schema = trailcost().args(["scenario", "schema", "--of", "report"]).output().unwrap();
    jsonschema::validate(&serde_json::from_slice(&schema.stdout).unwrap(), &report).unwrap();
    let [page, chart] =
        ["report.html", "cost-by-month.svg"].map(|own| fs::read_to_string(out.join(own)).unwrap());
    assert!(page.contains("93.3%") && page.contains("no such cost") && !page.contains("<script>alert"));
    assert!(chart.contains(">Budget</text>") && !chart.contains('\u{202e}'));
    // A range has a row for each of its months; without budgets there is no file left.
    let out =
        bundle(folder.path(), &history, &["--budget", budget.to_str().unwrap(), "--quarter", "2026-Q1"]);
    let monthly = records(&out.join("budgets.csv"));
    let months: Vec<&str> =
        monthly.iter().filter(|own| own["budget"] == "owner").map(|own| own["month"].as_str()).collect();
    assert_eq!(months, ["2026-01", "2026-02", "2026-03"]);
    let out = bundle(folder.path(), &history, &[]);
    assert!(!out.join("budgets.csv").exists());
    // A file that is none is told with its place.
    fs::write(&budget, "version = 1\n[[budget]]\nname = \"x\"\nmonthly = \"much\"\n").unwrap();
    let wrong =
        trailcost().args(["report", "--history"]).arg(&history).arg("--budget").arg(&budget).assert().code(3);
    assert!(String::from_utf8_lossy(&wrong.get_output().stderr).contains("budget.toml:4"));
}

#[test]
fn lines_rates_and_unit_costs_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let history = history(folder.path());
    let out = bundle(folder.path(), &history, &[]);
    let lines = records(&out.join("lines.csv"));
    assert_eq!((lines.len(), sum(&lines, "cost")), (4, Decimal::from(140)));
    assert_eq!((&*lines[0]["cost"], &*lines[0]["usage_type"]), ("60", "PaidEventsRecorded"));
    for own in &lines {
        assert!(own["comes_from"].contains("own.toml:"), "{own:?}");
        assert!(own["price_table"].contains("AWSCloudTrail.csv") && !own["price_source"].is_empty());
    }
    let rates = records(&out.join("rates.csv"));
    let prices: Vec<(&str, &str)> = rates.iter().map(|own| (&*own["usage_type"], &*own["price"])).collect();
    assert_eq!(prices, [("DataEventsRecorded", "0.000001"), ("PaidEventsRecorded", "0.00002")]);
    assert!(rates.iter().all(|own| own["read_on"].starts_with("20") && !own["source"].is_empty()));
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("4 lines make the $140.00 of March 2026.") && page.contains("own.toml:"));
    // March: $140 for 26 million events of two accounts.
    let units = records(&out.join("unit-costs.csv"));
    let march = &units[2];
    assert_eq!(
        (&*march["events"], &*march["accounts"], &*march["cost_per_account"]),
        ("26000000", "2", "70")
    );
    assert_eq!(march["cost_per_million_events"], "5.384615384615384615384615");
    assert_eq!(units[0]["cost_per_million_events"], "2.727272727272727272727273");
}

#[test]
fn focus_files_hold_the_period_with_tags() {
    let folder = tempfile::tempdir().unwrap();
    let history = history(folder.path());
    let out = bundle(folder.path(), &history, &["--from", "2026-02", "--until", "2026-03"]);
    let rows = records(&out.join("focus.csv"));
    assert_eq!(
        (rows.len(), sum(&rows, "EffectiveCost"), sum(&rows, "BilledCost")),
        (8, Decimal::from(240), Decimal::ZERO)
    );
    for own in &rows {
        let tags: Value = serde_json::from_str(&own["Tags"]).unwrap();
        let owner = if own["SubAccountId"] == "111122223333" { "payments" } else { "search" };
        assert_eq!(tags["owner"], owner);
        let note = tags["note"].as_str().unwrap();
        assert!(note.starts_with("=cmd") && !note.contains('\u{202e}'), "{note}");
        assert!(!own["SubAccountName"].starts_with('='));
    }
    let file = fs::File::open(out.join("focus.parquet")).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let mut costs = 0;
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        let own = batch.column_by_name("EffectiveCost").unwrap();
        let own = own.as_any().downcast_ref::<arrow_array::Decimal128Array>().unwrap();
        costs += own.iter().map(Option::unwrap).sum::<i128>();
    }
    assert_eq!(costs, 240 * 10_i128.pow(24));
    // An estimate's rows have the tags of its accounts, too.
    let focus = folder.path().join("estimate.csv");
    trailcost()
        .arg("estimate")
        .arg(folder.path().join("own.toml"))
        .arg("--focus")
        .arg(&focus)
        .assert()
        .success();
    assert!(records(&focus).iter().all(|own| own["Tags"].contains("\"owner\":")));
}

#[test]
fn the_workbook_has_the_tables_and_the_volumes() {
    let folder = tempfile::tempdir().unwrap();
    let history = history(folder.path());
    let out = bundle(folder.path(), &history, &[]);
    let first = fs::read(out.join("workbook.xlsx")).unwrap();
    bundle(folder.path(), &history, &[]);
    assert_eq!(fs::read(out.join("workbook.xlsx")).unwrap(), first, "the same bytes for the same history");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(first)).unwrap();
    let mut text = |name: &str| {
        let mut own = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut own).unwrap();
        own
    };
    let names = text("xl/workbook.xml");
    for own in
        ["Summary", "Months", "By account", "By Region", "By resource", "By tag 1", "Volumes", "Prices"]
    {
        assert!(names.contains(&format!("name=\"{own}\"")), "{own}");
    }
    // Names stand in no formula, and nothing steers.
    let mut formulas = 0;
    for sheet in 1..=9 {
        let own = text(&format!("xl/worksheets/sheet{sheet}.xml"));
        for formula in own.split("<f>").skip(1) {
            formulas += 1;
            assert!(!formula.split("</f>").next().unwrap().contains("cmd"), "{formula}");
        }
    }
    assert!(formulas > 30, "{formulas}");
    let strings = text("xl/sharedStrings.xml");
    assert!(strings.contains("=cmd|") && !strings.contains('\u{202e}') && !strings.contains("<script"));
    assert!(text("xl/charts/chart1.xml").contains("Months!"));
}

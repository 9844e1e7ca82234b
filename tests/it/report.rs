//! `report`: a history of months, and what is made of it, against figures worked out here.

use assert_cmd::Command;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

const ACCOUNTS: [&str; 3] = ["111122223333", "444455556666", "999988887777"];
const HOSTILE: [&str; 3] =
    ["=cmd|' /C calc'!A0", "<script>alert(\"x\")</script> & \u{202e}gnp", "two\nlines, \u{1b}[31m\"quoted\""];

fn trailcost() -> Command {
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.timeout(Duration::from_mins(2));
    command
}

/// The months of the history, one after the other, October 2025 to November 2026.
fn months() -> Vec<String> {
    (0..14).map(|at| 2025 * 12 + 9 + at).map(|own| format!("{}-{:02}", own / 12, own % 12 + 1)).collect()
}

/// Paid copies and S3 data events of an account in the month at a position, both in hundreds of thousands; accounts come and go.
fn volumes(account: usize, at: u64) -> (u64, u64) {
    match account {
        0 => (20 + at, 100 + 7 * at),
        1 => (if at < 12 { 30 } else { 0 }, 40),
        _ => (0, if at == 13 { 500 } else { 0 }),
    }
}

/// Millionths of a dollar: $2 and $0.10 for a hundred thousand.
fn cost(account: usize, at: u64) -> [u64; 2] {
    let (copies, data) = volumes(account, at);
    [copies * 2_000_000, data * 100_000]
}

fn dollars(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let own = millionths.unsigned_abs();
    let text = format!("{sign}{}.{:06}", own / 1_000_000, own % 1_000_000);
    let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
    if text == "-0" { "0".to_owned() } else { text }
}

fn scenario(month: &str, at: u64, names: &[&str; 3]) -> String {
    let quoted = |own: &str| toml::Value::String(own.to_owned()).to_string();
    let mut text = format!(
        "version = 1\nname = {}\nstart = \"{month}\"\nmonths = 3\n[measured]\nfrom = \"{month}-01\"\nto = \"{month}-28\"\nby = \"measure aws\"\n",
        quoted(names[0])
    );
    for (account, id) in ACCOUNTS.iter().enumerate() {
        let owner = if account == 2 {
            String::new()
        } else {
            format!("tags = {{ owner = {} }}\n", quoted(names[account]))
        };
        text.push_str(&format!("[[account]]\nid = \"{id}\"\nname = {}\n{owner}", quoted(names[account])));
        let (copies, data) = volumes(account, at);
        let region = if account == 1 { "eu-west-1" } else { "us-east-1" };
        text.push_str(&format!(
            "[[volume]]\naccount = \"{id}\"\nregion = \"{region}\"\npaid_management_events = {}\ns3_data_events = {}\n",
            copies * 100_000,
            data * 100_000
        ));
    }
    text
}

fn record(folder: &Path, month: &str, text: &str, more: &[&str]) -> assert_cmd::assert::Assert {
    let file = folder.join(format!("{month}.toml"));
    fs::write(&file, text).unwrap();
    trailcost()
        .args(["report", "record", "--history"])
        .arg(folder.join("history"))
        .arg(&file)
        .args(more)
        .assert()
}

fn history(folder: &Path, names: &[&str; 3]) {
    for (at, month) in (0..).zip(months()) {
        record(folder, &month, &scenario(&month, at, names), &[]).success();
    }
}

/// What the report of a folder's history says, as JSON.
pub(crate) fn report(folder: &Path, more: &[&str]) -> Value {
    let output = trailcost()
        .args(["report", "--format", "json", "--history"])
        .arg(folder.join("history"))
        .args(more)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Sums of positions of months: by component, account, and all.
#[derive(Default)]
struct Expected {
    components: [i64; 2],
    accounts: BTreeMap<String, i64>,
    total: i64,
}

fn expected(at: impl Iterator<Item = u64>) -> Expected {
    let mut own = Expected::default();
    for at in at {
        for (account, id) in ACCOUNTS.iter().enumerate() {
            for (component, cost) in cost(account, at).into_iter().enumerate() {
                let cost = i64::try_from(cost).unwrap();
                own.components[component] += cost;
                *own.accounts.entry((*id).to_owned()).or_default() += cost;
                own.total += cost;
            }
        }
    }
    own
}

fn assert_figures(own: &Value, now: &Expected, before: &Expected, year: Option<&Expected>) {
    let check = |own: &Value, of: &dyn Fn(&Expected) -> i64, what: &str| {
        assert_eq!(own["cost"], dollars(of(now)), "{what}");
        assert_eq!(own["before"], dollars(of(before)), "{what}");
        assert_eq!(own["change"], dollars(of(now) - of(before)), "{what}");
        match year {
            Some(year) => assert_eq!(own["change_of_year"], dollars(of(now) - of(year)), "{what}"),
            None => assert_eq!(own["change_of_year"], Value::Null, "{what}"),
        }
    };
    check(&own["total"], &|own| own.total, "total");
    for (at, id) in ["management_copies", "data_events_s3"].into_iter().enumerate() {
        let row = own["components"].as_array().unwrap().iter().find(|own| own["component"] == id).unwrap();
        check(&row["cost"], &|own| own.components[at], id);
    }
    let groups = own["groups"].as_array().unwrap();
    let accounts = groups.iter().find(|own| own["by"] == "account").unwrap()["rows"].as_array().unwrap();
    for id in ACCOUNTS {
        let row = accounts.iter().find(|own| own["id"] == id).unwrap();
        check(&row["cost"], &|own| own.accounts[id], id);
    }
    // Every grouping adds up to the total.
    for group in groups {
        let costs = group["rows"].as_array().unwrap().iter().map(|own| own["cost"]["cost"].as_str().unwrap());
        let sum: rust_decimal::Decimal = costs.map(|own| own.parse::<rust_decimal::Decimal>().unwrap()).sum();
        assert_eq!(sum.normalize().to_string(), dollars(now.total), "{}", group["by"]);
    }
}

#[test]
fn figures_of_months_quarters_and_ranges_are_those_worked_out_here() {
    let folder = tempfile::tempdir().unwrap();
    history(folder.path(), &["production", "staging", "archive"]);
    let own = report(folder.path(), &[]);
    assert_eq!((&own["period"], &own["first_month"]), (&"2026-11".into(), &"2026-11".into()));
    assert_figures(&own, &expected(13..14), &expected(12..13), Some(&expected(1..2)));
    assert_eq!(own["months"].as_array().unwrap().len(), 14);
    for (at, month) in (0..).zip(own["months"].as_array().unwrap()) {
        assert_eq!(month["cost"], dollars(expected(at..=at).total), "{month}");
    }
    // November 2026: copies 33 × $2, one more than before; data 191 + 40 + 500 hundred thousands at $0.10, 507 more.
    let effects = |id: &str| {
        let rows = own["components"].as_array().unwrap();
        rows.iter().find(|own| own["component"] == id).unwrap()["effects"].clone()
    };
    assert_eq!(effects("management_copies"), serde_json::json!({ "volume": "2", "rate": "0", "mix": "0" }));
    assert_eq!(effects("data_events_s3"), serde_json::json!({ "volume": "50.7", "rate": "0", "mix": "0" }));
    let mover = &own["movers"][0];
    assert_eq!(
        (&mover["account"], &mover["component"], &mover["change"]),
        (&ACCOUNTS[2].into(), &"data_events_s3".into(), &"50".into())
    );
    let quarter = report(folder.path(), &["--quarter", "2026-Q3"]);
    assert_figures(&quarter, &expected(9..12), &expected(6..9), None);
    let range = report(folder.path(), &["--from", "2026-06", "--until", "2026-11"]);
    assert_figures(&range, &expected(8..14), &expected(2..8), None);
    let month = report(folder.path(), &["--month", "2026-10"]);
    assert_figures(&month, &expected(12..13), &expected(11..12), Some(&expected(0..1)));
    // Files hold the same figures, and the schema fits.
    let out = folder.path().join("out");
    trailcost()
        .args(["report", "--out"])
        .arg(&out)
        .arg("--history")
        .arg(folder.path().join("history"))
        .assert()
        .success();
    let written: Value = serde_json::from_str(&fs::read_to_string(out.join("report.json")).unwrap()).unwrap();
    assert_eq!(written, own);
    let schema = trailcost().args(["scenario", "schema", "--of", "report"]).output().unwrap();
    let schema: Value = serde_json::from_slice(&schema.stdout).unwrap();
    jsonschema::validate(&schema, &own).unwrap();
    let mut rows = csv::Reader::from_path(out.join("months.csv")).unwrap();
    let total: rust_decimal::Decimal = rows
        .records()
        .map(Result::unwrap)
        .filter(|own| &own[1] == "total")
        .map(|own| own[3].parse::<rust_decimal::Decimal>().unwrap())
        .sum();
    assert_eq!(total.normalize().to_string(), dollars(expected(0..14).total));
    for name in
        ["cost-by-month.png", "cost-by-month.svg", "bridge.png", "report.html", "report.md", "movers.csv"]
    {
        assert!(fs::metadata(out.join(name)).unwrap().len() > 100, "{name}");
    }
}

#[test]
fn a_month_is_kept_whatever_comes() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (scenario("2026-01", 1, &["a", "b", "c"]), scenario("2026-01", 2, &["a", "b", "c"]));
    record(folder.path(), "2026-01", &one, &[]).success();
    record(folder.path(), "2026-01", &one, &[]).success();
    let file = folder.path().join("history/2026-01.json");
    let before = fs::read_to_string(&file).unwrap();
    // Other figures are refused unless they may replace these; then the older ones are kept beside.
    let refused = record(folder.path(), "2026-01", &two, &[]).code(2);
    let text = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(text.contains("--replace") && text.contains("measurement"), "{text}");
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    record(folder.path(), "2026-01", &two, &["--replace"]).success();
    assert_eq!(fs::read_to_string(folder.path().join("history/2026-01.previous.json")).unwrap(), before);
    // An estimate stands beside the measurement.
    let expected = two.split("[measured]").next().unwrap().to_owned()
        + "[[account]]\nid = \"111122223333\"\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = 100_000\n";
    record(folder.path(), "2026-01", &expected, &["--no-plan"]).success();
    let own = report(folder.path(), &[]);
    assert_eq!(
        (&own["months"][0]["kind"], &own["months"][0]["expected"]),
        (&"measurement".into(), &"2".into())
    );
    // What was cut off or edited is told with the way to recover, and nothing is written over it.
    let good = fs::read_to_string(&file).unwrap();
    for bad in [good[..good.len() / 2].to_owned(), good.replace("2200000", "2200001"), String::new()] {
        fs::write(&file, &bad).unwrap();
        for more in [&["--replace"][..], &[]] {
            let refused = record(folder.path(), "2026-01", &one, more).code(3);
            let text = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
            assert!(
                text.contains("2026-01.previous.json") && text.contains("record the month again"),
                "{text}"
            );
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), bad);
    }
    // Line ends of another system are no damage; a newer version is told.
    fs::write(&file, good.replace('\n', "\r\n")).unwrap();
    assert_eq!(report(folder.path(), &[]), own);
    fs::write(&file, good.replace("\"schema_version\": 2", "\"schema_version\": 7")).unwrap();
    let newer = record(folder.path(), "2026-01", &one, &[]).code(3);
    assert!(String::from_utf8_lossy(&newer.get_output().stderr).contains("newer"));
}

#[test]
fn processes_that_record_at_once_or_are_killed_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["a", "b", "c"];
    for (at, month) in (0..).zip(months()) {
        fs::write(folder.path().join(format!("{month}.toml")), scenario(&month, at, &names)).unwrap();
    }
    let start = |month: &str| {
        std::process::Command::new(assert_cmd::cargo::cargo_bin!("trailcost"))
            .args(["report", "record", "--history"])
            .arg(folder.path().join("history"))
            .arg(folder.path().join(format!("{month}.toml")))
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap()
    };
    // All at once.
    let mut all: Vec<_> = months().iter().map(|own| start(own)).collect();
    assert!(all.iter_mut().all(|own| own.wait().unwrap().success()));
    let whole = report(folder.path(), &[]);
    assert_eq!(whole["months"].as_array().unwrap().len(), 14);
    // Killed at any time, the month is as it was or as it should be.
    let file = folder.path().join("history/2026-11.json");
    let good = fs::read_to_string(&file).unwrap();
    for step in 0..12 {
        fs::remove_file(&file).unwrap();
        let mut own = start("2026-11");
        std::thread::sleep(Duration::from_millis(step * 25));
        own.kill().unwrap();
        own.wait().unwrap();
        if let Ok(text) = fs::read_to_string(&file) {
            assert_eq!(text, good);
        }
        assert!(start("2026-11").wait().unwrap().success());
    }
    assert_eq!(report(folder.path(), &[]), whole);
}

#[test]
fn hostile_names_are_harmless_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    history(folder.path(), &HOSTILE);
    let out = folder.path().join("out");
    let shown = trailcost()
        .args(["report", "--out"])
        .arg(&out)
        .arg("--history")
        .arg(folder.path().join("history"))
        .output()
        .unwrap();
    assert!(shown.status.success());
    let steers = |text: &str| text.chars().any(|own| own.is_control() && own != '\n' || own == '\u{202e}');
    assert!(!steers(&String::from_utf8(shown.stdout).unwrap()));
    for entry in fs::read_dir(&out).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(!steers(&text.replace("\r\n", "\n")), "{name}");
        match path.extension().unwrap().to_str().unwrap() {
            "html" | "svg" | "md" => {
                assert!(!text.contains("<script>alert"), "{name}");
            }
            "csv" => {
                let mut reader = csv::Reader::from_reader(text.as_bytes());
                for field in reader
                    .records()
                    .map(Result::unwrap)
                    .flat_map(|own| own.iter().map(str::to_owned).collect::<Vec<_>>())
                {
                    assert!(!field.starts_with(['=', '+', '@']), "{name}: {field}");
                }
            }
            _ => {}
        }
    }
}

#[test]
fn the_page_speaks_hindi_and_shows_another_currency() {
    let folder = tempfile::tempdir().unwrap();
    history(folder.path(), &["production", "staging", "archive"]);
    let rates = folder.path().join("rates.csv");
    fs::write(
        &rates,
        "from,to,rate,date,source\nUSD,INR,80,2026-01-01,a bank\nUSD,INR,88.5,2026-11-01,a bank\n",
    )
    .unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    // What an earlier period left is removed, what others put there is not.
    for name in ["by-tag-team.csv", "chargeback.csv", "notes.csv"] {
        fs::write(out.join(name), "x").unwrap();
    }
    let mut command = trailcost();
    command.args(["report", "--language", "hi", "--currency", "INR", "--exchange-rates"]).arg(&rates);
    command.arg("--out").arg(&out).arg("--history").arg(folder.path().join("history"));
    command.assert().success();
    assert!(!out.join("by-tag-team.csv").exists() && !out.join("chargeback.csv").exists());
    assert!(out.join("notes.csv").exists() && out.join("by-tag-owner.csv").exists());
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    // November 2026 cost $66 + $73.10; × 88.5.
    assert!(page.contains("<html lang=\"hi\">") && page.contains("नवंबर 2026"), "no Hindi");
    assert!(page.contains("₹12,310.35") || page.contains("INR\u{a0}12,310.35"), "no rupees");
    assert!(page.contains("88.5") && page.contains("2026-11-01"));
    let own: Value = serde_json::from_str(&fs::read_to_string(out.join("report.json")).unwrap()).unwrap();
    assert_eq!((&own["currency"], &own["total"]["cost"]), (&"USD".into(), &"139.1".into()));
    let unknown = |arguments: &[&str], code: i32| {
        trailcost()
            .args(["report", "--history"])
            .arg(folder.path().join("history"))
            .args(arguments)
            .assert()
            .code(code);
    };
    unknown(&["--language", "xx"], 2);
    unknown(&["--month", "2031-01"], 3);
    unknown(&["--quarter", "2026-Q9"], 2);
    unknown(&["--currency", "EUR", "--exchange-rates", rates.to_str().unwrap()], 3);
}

#[test]
fn the_whole_history_is_one_table() {
    let folder = tempfile::tempdir().unwrap();
    history(folder.path(), &HOSTILE);
    let export = |name: &str, code: i32| {
        let out = folder.path().join(name);
        trailcost()
            .args(["report", "export", "--history"])
            .arg(folder.path().join("history"))
            .arg("--out")
            .arg(&out)
            .assert()
            .code(code);
        out
    };
    let mut rows = csv::Reader::from_path(export("all.csv", 0)).unwrap();
    let sum: rust_decimal::Decimal =
        rows.records().map(|own| own.unwrap()[12].parse::<rust_decimal::Decimal>().unwrap()).sum();
    assert_eq!(sum.normalize().to_string(), dollars(expected(0..14).total));
    let file = fs::File::open(export("all.parquet", 0)).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let mut sum = 0;
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        let costs = batch.column_by_name("ContractedCost").unwrap();
        let costs = costs.as_any().downcast_ref::<arrow_array::Decimal128Array>().unwrap();
        sum += costs.iter().map(Option::unwrap).sum::<i128>();
    }
    assert_eq!(sum, i128::from(expected(0..14).total) * 10_i128.pow(18));
    export("all.xlsx", 2);
}

#[test]
fn shared_costs_are_borne_to_the_last_digit() {
    let folder = tempfile::tempdir().unwrap();
    history(folder.path(), &["production", "staging", "archive"]);
    let rules = folder.path().join("allocation.toml");
    let allocated = |text: &str| {
        fs::write(&rules, format!("version = 1\n{text}")).unwrap();
        report(folder.path(), &["--allocation", rules.to_str().unwrap()])
    };
    let borne = |own: &Value, tag: Value, id: &str| -> (String, String) {
        let all = own["chargeback"][if tag.is_null() { "accounts" } else { "tags" }].as_array().unwrap();
        let own = all.iter().find(|own| own["tag"] == tag && own["id"] == id).unwrap();
        (own["own"].as_str().unwrap().to_owned(), own["shared"].as_str().unwrap().to_owned())
    };
    let own = |own: &str, shared: &str| (own.to_owned(), shared.to_owned());
    // November 2026: the archive's $50 in thirds; production pays $85.10 itself, staging $4.
    let equal =
        allocated("[[rule]]\nname = \"archive\"\nof = { account = \"999988887777\" }\nby = \"equal\"\n");
    let thirds =
        ["16.666666666666666666666667", "16.666666666666666666666666", "16.666666666666666666666667"];
    assert_eq!(borne(&equal, Value::Null, ACCOUNTS[0]), own("85.1", thirds[0]));
    assert_eq!(borne(&equal, Value::Null, ACCOUNTS[1]), own("4", thirds[1]));
    assert_eq!(borne(&equal, Value::Null, ACCOUNTS[2]), own("0", thirds[2]));
    assert_eq!(borne(&equal, "owner".into(), "(no value)"), own("0", thirds[2]));
    // By events, without who pays: 22.4 and 4 millions of 26.4.
    let events = allocated(
        "[[rule]]\nname = \"archive\"\nof = { account = \"999988887777\" }\nby = \"events\"\nwithout = [\"999988887777\"]\n",
    );
    assert_eq!(borne(&events, Value::Null, ACCOUNTS[0]), own("85.1", "42.424242424242424242424242"));
    assert_eq!(borne(&events, Value::Null, ACCOUNTS[1]), own("4", "7.575757575757575757575758"));
    let weights = allocated(
        "[[rule]]\nname = \"w\"\nof = { component = \"data_events_s3\" }\nby = \"weights\"\nweights = { 111122223333 = \"1\", 444455556666 = \"3\" }\n",
    );
    assert_eq!(borne(&weights, Value::Null, ACCOUNTS[1]), own("0", "54.825"));
    // Accounts add up to the total, whatever divides it; nobody to bear it, and it stays where it is.
    let nobody = allocated(
        "[[rule]]\nname = \"n\"\nof = { account = \"999988887777\" }\nby = \"weights\"\nweights = { 999988887777 = \"1\" }\nwithout = [\"999988887777\"]\n",
    );
    for own in [&equal, &events, &weights, &nobody] {
        let all = own["chargeback"]["accounts"].as_array().unwrap().iter();
        let sum: rust_decimal::Decimal = all
            .flat_map(|own| {
                [&own["own"], &own["shared"]]
                    .map(|own| own.as_str().unwrap().parse::<rust_decimal::Decimal>().unwrap())
            })
            .sum();
        assert_eq!(sum.normalize().to_string(), "139.1");
    }
    assert_eq!(borne(&nobody, Value::Null, ACCOUNTS[2]), own("50", "0"));
    let out = folder.path().join("out");
    trailcost()
        .args(["report", "--allocation"])
        .arg(&rules)
        .arg("--out")
        .arg(&out)
        .arg("--history")
        .arg(folder.path().join("history"))
        .assert()
        .success();
    assert!(fs::read_to_string(out.join("chargeback.csv")).unwrap().contains("account,999988887777,50,0,50"));
    for (text, words) in [
        ("[[rule]]\nname = \"x\"\nof = {}\nby = \"equal\"\n", "about no costs"),
        ("[[rule]]\nname = \"x\"\nof = { resource = \"t\" }\nby = \"weights\"\n", "no weights"),
        ("[[rule]]\nname = \"x\"\nof = { component = \"s3_storag\" }\nby = \"cost\"\n", "s3_storage"),
    ] {
        fs::write(&rules, format!("version = 1\n{text}")).unwrap();
        let output = trailcost()
            .args(["report", "--allocation"])
            .arg(&rules)
            .arg("--history")
            .arg(folder.path().join("history"))
            .assert()
            .code(3);
        let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        assert!(said.contains(words), "{said}");
    }
}

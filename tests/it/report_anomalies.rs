//! `report`: unusual days, planted in bills by day, with the changes that caused them.

use crate::bill::{fixture, read};
use crate::report::report;
use assert_cmd::Command;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;
use trailcost::domain::{AccountId, ChargeCategory, Money};

const ACCOUNT: &str = "111122223333";
const OTHER: &str = "444455556666";
const HOSTILE: &str = "<script>alert(1)</script>\u{202e}=cmd|' /C calc'!A0";

fn trailcost() -> Command {
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.timeout(Duration::from_mins(2));
    command
}

/// September to November 2026, 91 days; the 1st of September is a Tuesday.
const MONTHS: [(&str, u32); 3] = [("2026-09", 30), ("2026-10", 31), ("2026-11", 30)];

/// What a day of an account and usage type cost, in cents.
type Cents<'a> = &'a dyn Fn(&str, &str, u32) -> i64;

/// $100 of copies and, with a weekly rhythm, $60 or $15 of S3 data events; cents differ from day to day.
fn usual(_account: &str, usage_type: &str, at: u32) -> i64 {
    let cents = i64::from(at * 7_919 % 200);
    let is_weekend = matches!(at % 7, 4 | 5);
    match (usage_type, is_weekend) {
        ("PaidEventsRecorded", _) => 10_000 + cents,
        (_, true) => 1_500 + cents,
        (_, false) => 6_000 + cents,
    }
}

/// Records the three months, each from a bill with a row a day, and a month's changes.
fn record(folder: &Path, cents: Cents<'_>, changes: &Value, last_days: u32) {
    let mut at = 0;
    for (month, days) in MONTHS {
        let next = if month == "2026-09" {
            "2026-10"
        } else if month == "2026-10" {
            "2026-11"
        } else {
            "2026-12"
        };
        let mut text = String::from(
            "bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,\
             lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,lineItem/UsageAmount,lineItem/CurrencyCode,\
             lineItem/UnblendedCost,product/regionCode,pricing/unit\n",
        );
        let days = if month == "2026-11" { last_days } else { days };
        for day in 1..=days {
            let end = if day == MONTHS.iter().find(|own| own.0 == month).unwrap().1 {
                format!("{next}-01")
            } else {
                format!("{month}-{:02}", day + 1)
            };
            for account in [ACCOUNT, OTHER] {
                for (usage_type, micros) in [("PaidEventsRecorded", 20), ("DataEventsRecorded", 1)] {
                    let own = cents(account, usage_type, at);
                    text.push_str(&format!(
                        "{month}-01T00:00:00Z,{account},Usage,{month}-{day:02}T00:00:00Z,{end}T00:00:00Z,AWSCloudTrail,{usage_type},{},USD,{}.{:02},us-east-1,Events\n",
                        own * 10_000 / micros,
                        own / 100,
                        own % 100,
                    ));
                }
            }
            at += 1;
        }
        let (bill, logs) = (folder.join("bill.csv"), folder.join("measured.json"));
        fs::write(&bill, text).unwrap();
        fs::write(&logs, json!({ "causes": changes }).to_string()).unwrap();
        let mut command = trailcost();
        command.args(["report", "record", "--month", month, "--history"]).arg(folder.join("history"));
        command.arg("--bill").arg(&bill).arg("--changes").arg(&logs).assert().success();
    }
}

fn change(time: &str, account: &str, name: &str, added: Option<&str>) -> Value {
    json!({
        "time": time, "account": account, "region": "us-east-1", "event_name": name, "subject": "audit-2",
        "who": HOSTILE, "failed": false, "monthly_cost_added": added
    })
}

#[test]
fn planted_days_are_found_with_their_causes_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    // 17 November is day 77: copies of one account cost $300, the day after a trail was created; on day 84, a Tuesday, both accounts
    // have no data events to speak of.
    let cents = |account: &str, usage_type: &str, at: u32| match (account, usage_type, at) {
        (ACCOUNT, "PaidEventsRecorded", 77) => 30_000,
        (_, "DataEventsRecorded", 84) => 10,
        _ => usual(account, usage_type, at),
    };
    let changes = json!([
        change("2026-11-16T12:00:00Z", ACCOUNT, "CreateTrail", Some("4000")),
        change("2026-11-17T08:00:00Z", OTHER, "CreateTrail", Some("9000")),
        change("2026-11-17T09:00:00Z", ACCOUNT, "DeleteTrail", Some("-4000")),
        change("2026-11-17T10:00:00Z", ACCOUNT, "CreateEventDataStore", None),
        change("2026-11-10T10:00:00Z", ACCOUNT, "CreateTrail", None)
    ]);
    record(folder.path(), &cents, &changes, 30);
    let own = report(folder.path(), &[]);
    let schema = trailcost().args(["scenario", "schema", "--of", "report"]).output().unwrap();
    jsonschema::validate(&serde_json::from_slice(&schema.stdout).unwrap(), &own).unwrap();
    let all = own["anomalies"].as_array().unwrap();
    assert_eq!(all.len(), 2, "{all:#?}");
    let spike = &all[0];
    assert_eq!((&spike["first_day"], &spike["days"]), (&"2026-11-17".into(), &1.into()));
    assert_eq!((&spike["component"], &spike["accounts"]), (&"management_copies".into(), &json!([ACCOUNT])));
    assert_eq!(spike["cost_of_first_day"], "300");
    // $100 and some cents is usual, a fifth either way.
    let money = |own: &Value| own.as_str().unwrap().parse::<rust_decimal::Decimal>().unwrap();
    let (low, high) = (money(&spike["usual_least"]), money(&spike["usual_most"]));
    assert!(low > 79.into() && low < 82.into() && high > 119.into() && high < 123.into(), "{spike}");
    assert_eq!(money(&spike["off_usual"]) + (low + high) / rust_decimal::Decimal::TWO, 300.into());
    // The change of the same account that moved the cost the same way, and not the ones beside it.
    let cause = spike["possible_cause"].as_str().unwrap();
    assert!(cause.starts_with("2026-11-16T12:00:00Z CreateTrail audit-2 by "), "{cause}");
    let hole = &all[1];
    assert_eq!(hole["first_day"], "2026-11-24");
    assert_eq!((hole["accounts"].as_array().unwrap().len(), &hole["possible_cause"]), (2, &Value::Null));
    assert!(money(&hole["off_usual"]) < (-110).into());
    // October was quiet, whatever its weekends.
    assert_eq!(report(folder.path(), &["--month", "2026-10"])["anomalies"], json!([]));
    let quarter = report(folder.path(), &["--from", "2026-09", "--until", "2026-11"]);
    assert_eq!(quarter["anomalies"], own["anomalies"]);
    // In files and on the page, harmless.
    let out = folder.path().join("out");
    let shown = trailcost()
        .args(["report", "--out"])
        .arg(&out)
        .arg("--history")
        .arg(folder.path().join("history"))
        .output()
        .unwrap();
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(text.contains("Unusual days") && text.contains("2026-11-17"), "{text}");
    assert!(!text.contains('\u{202e}'));
    let mut rows = csv::Reader::from_path(out.join("anomalies.csv")).unwrap();
    assert_eq!(rows.records().map(Result::unwrap).count(), 2);
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("2026-11-16T12:00:00Z CreateTrail") && !page.contains("<script>alert"));
}

#[test]
fn the_last_day_of_an_open_month_is_still_coming() {
    let folder = tempfile::tempdir().unwrap();
    // 20 November, the last day there, has a tenth of its rows; 19 November is missing altogether in one account.
    let cents = |account: &str, usage_type: &str, at: u32| match (account, at) {
        (_, 80) => usual(account, usage_type, at) / 10,
        (OTHER, 79) => 0,
        _ => usual(account, usage_type, at),
    };
    record(folder.path(), &cents, &json!([]), 20);
    let own = report(folder.path(), &[]);
    let all = own["anomalies"].as_array().unwrap();
    assert!(!all.is_empty() && all.iter().all(|own| own["first_day"] == "2026-11-19"), "{all:#?}");
    assert!(all.iter().all(|own| own["accounts"] == json!([OTHER])));
}

#[test]
fn a_history_of_the_first_version_is_read_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let history = folder.path().join("history");
    fs::create_dir(&history).unwrap();
    let fixture = crate::support::root().join("tests/fixtures/history/2026-10.json");
    let file = history.join("2026-10.json");
    fs::copy(&fixture, &file).unwrap();
    let own = report(folder.path(), &[]);
    assert_eq!((&own["total"]["cost"], &own["anomalies"]), (&"71".into(), &Value::Null));
    // What days cost in logs is added to it, and the file is of the new version then.
    let days: Vec<String> = (1..=31).map(|day| format!("2026-10-{day:02}")).collect();
    let cost = |day: &String| {
        let cost = if day == "2026-10-27" { "9.5" } else { "1.00001" };
        json!({ "account": ACCOUNT, "component": "data_events_s3", "day": day, "cost": cost })
    };
    let costs: Vec<Value> = days.iter().map(cost).collect();
    let logs = folder.path().join("measured.json");
    let write = |costs: &[Value]| {
        let own = json!({ "causes": [], "paid_days": { "whole_days": days, "costs": costs } });
        fs::write(&logs, own.to_string()).unwrap();
    };
    let record = || {
        let mut command = trailcost();
        command.args(["report", "record", "--month", "2026-10", "--history"]).arg(&history);
        command.arg("--changes").arg(&logs);
        command.assert()
    };
    write(&costs);
    record().success();
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("\"schema_version\": 2") && text.contains("CreateTrail"), "{text}");
    assert_eq!(
        fs::read_to_string(history.join("2026-10.previous.json")).unwrap(),
        fs::read_to_string(&fixture).unwrap()
    );
    let own = report(folder.path(), &[]);
    assert_eq!(own["total"]["cost"], "71");
    let all = own["anomalies"].as_array().unwrap();
    assert_eq!(
        (all.len(), &all[0]["first_day"], &all[0]["off_usual"]),
        (1, &"2026-10-27".into(), &"8.49999".into())
    );
    // The same again changes nothing; other days are refused; what is no day, amount or component is told.
    record().success();
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    write(&costs[1..]);
    let refused = record().code(2);
    assert!(String::from_utf8_lossy(&refused.get_output().stderr).contains("cost of its days"));
    for (member, wrong) in [("day", "soon"), ("cost", "much"), ("component", "trail")] {
        let mut bad = costs.clone();
        bad[0][member] = wrong.into();
        write(&bad);
        let refused = record().code(3);
        assert!(String::from_utf8_lossy(&refused.get_output().stderr).contains(&format!("`{wrong}`")));
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn days_add_up_to_the_lines_in_every_format() {
    for name in
        ["cur-legacy.csv", "cur2.csv.gz", "cur2.snappy.parquet", "focus-1.0.csv.gz", "focus-1.2.zstd.parquet"]
    {
        let bill = read(&[fixture(name)], &[]).unwrap();
        let mut sums: BTreeMap<(String, &str), [Money; 2]> = BTreeMap::new();
        let account = |own: Option<&AccountId>| own.map(ToString::to_string).unwrap_or_default();
        for own in &bill.lines {
            // The discounts of these files are booked once a month, and so of no day.
            if own.category == ChargeCategory::Usage {
                let sum = sums.entry((account(own.account.as_ref()), &own.usage_type)).or_default();
                sum[0] = sum[0].checked_add(own.billed_cost).unwrap();
            }
        }
        // All usage is of the first and the last day, hour by hour.
        for own in &bill.days {
            assert!(matches!(own.day.to_string().as_str(), "2026-10-01" | "2026-10-31"), "{name}: {own:?}");
            let sum = sums.entry((account(own.account.as_ref()), &own.usage_type)).or_default();
            sum[1] = sum[1].checked_add(own.billed_cost).unwrap();
        }
        assert!(bill.days.len() > 4, "{name}");
        for (key, [lines, days]) in sums {
            assert_eq!(lines, days, "{name}: {key:?}");
        }
    }
    assert_eq!(read(&[fixture("cost-explorer.csv")], &[]).unwrap().days, []);
}

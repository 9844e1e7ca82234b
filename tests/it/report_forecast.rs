//! `report`: what is to come, from histories of one month to three years, against figures worked out here and the engine's own.

use crate::report::report;
use assert_cmd::Command;
use rust_decimal::Decimal;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::Duration;

fn trailcost() -> Command {
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.timeout(Duration::from_mins(2));
    command
}

fn days(month: &str) -> u64 {
    let (year, month): (u64, u64) = (month[..4].parse().unwrap(), month[5..].parse().unwrap());
    match month {
        2 => 28 + u64::from(year.is_multiple_of(4)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// So many months from one on.
fn months(first: &str, count: usize) -> Vec<String> {
    let at: usize = first[..4].parse::<usize>().unwrap() * 12 + first[5..].parse::<usize>().unwrap() - 1;
    (at..at + count).map(|own| format!("{}-{:02}", own / 12, own % 12 + 1)).collect()
}

fn record(folder: &Path, month: &str, usage: &str) {
    let file = folder.join("month.toml");
    let text = format!(
        "version = 1\nname = \"n\"\nstart = \"{month}\"\nmonths = 1\n[measured]\nfrom = \"{month}-01\"\nto = \"{month}-28\"\nby = \"measure aws\"\n\
         [[account]]\nid = \"111122223333\"\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\n{usage}\n"
    );
    fs::write(&file, text).unwrap();
    let mut command = trailcost();
    command.args(["report", "record", "--no-plan", "--history"]).arg(folder.join("history")).arg(&file);
    command.assert().success();
}

/// Records S3 data events: so many a day in each month.
fn record_days(folder: &Path, first: &str, per_day: &[u64]) {
    for (month, own) in months(first, per_day.len()).iter().zip(per_day) {
        record(folder, month, &format!("s3_data_events = {}", own * days(month)));
    }
}

fn said(folder: &Path, more: &[&str]) -> String {
    let mut command = trailcost();
    let output =
        command.args(["report", "--history"]).arg(folder.join("history")).args(more).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn decimal(own: &Value) -> Decimal {
    own.as_str().unwrap().parse().unwrap()
}

#[test]
fn one_two_and_five_months_say_how_few_they_are() {
    let folder = tempfile::tempdir().unwrap();
    // 100,000 events a day, at $0.10 for a hundred thousand: ten cents a day.
    record_days(folder.path(), "2026-01", &[100_000]);
    let own = report(folder.path(), &[])["forecast"].clone();
    let series = &own["series"][0];
    assert_eq!((&series["method"], &series["points"]), (&"same_again".into(), &1.into()));
    assert_eq!((&series["back_test_error"], &series["months"][0]["p10"]), (&Value::Null, &Value::Null));
    assert_eq!(own["months"].as_array().unwrap().len(), 11);
    // February has 28 days; the year 365.
    assert_eq!(
        (&series["months"][0]["p50"], &own["months"][0]["total"]["p50"]),
        (&"2800000".into(), &"2.8".into())
    );
    assert_eq!(
        (&own["told"]["p50"], &own["total"]["p50"], &own["year_so_far"]),
        (&"36.5".into(), &"33.4".into(), &"3.1".into())
    );
    let text = said(folder.path(), &[]);
    assert!(text.contains("2026 is forecast to cost $36.50: $3.10 is recorded"), "{text}");
    assert!(text.contains("It rests on 1 month recorded: the same again."), "{text}");
    // Two months: the last again, and 3.078 times the only difference of 10,000 a day.
    record_days(folder.path(), "2026-01", &[100_000, 110_000]);
    let own = report(folder.path(), &["--forecast-months", "1"])["forecast"].clone();
    let march = &own["series"][0]["months"][0];
    assert_eq!(own["series"][0]["method"], "last_value");
    assert_eq!([&march["p10"], &march["p50"], &march["p90"]], ["2455820", "3410000", "4364180"]);
    assert_eq!(own["to_year_end"], false);
    // Five: 10,000 up and down, four differences, 1.533.
    record_days(folder.path(), "2026-01", &[100_000, 110_000, 100_000, 110_000, 100_000]);
    let own = report(folder.path(), &[])["forecast"].clone();
    let june = &own["series"][0]["months"][0];
    assert_eq!((&own["series"][0]["method"], &own["series"][0]["points"]), (&"last_value".into(), &5.into()));
    let factor = decimal(&own["series"][0]["interval_factor"]);
    let half = Decimal::from(30 * 15_330) * factor;
    assert_eq!(june["p50"], "3000000");
    assert!((decimal(&june["p90"]) - Decimal::from(3_000_000) - half).abs() <= Decimal::from(10), "{june}");
    assert_eq!(own["series"][0]["back_test_origins"], 4);
}

#[test]
fn two_years_and_more_have_seasons() {
    let folder = tempfile::tempdir().unwrap();
    let season = [0, 10, 40, 90, 20, 0, 0, 0, 0, 0, 100, 300];
    let per_day = |at: usize| 1_000_000 + 1_000 * (season[at % 12] + (at as u64 * 7_919) % 13);
    // January 2024 to June 2026.
    let values: Vec<u64> = (0..30).map(per_day).collect();
    record_days(folder.path(), "2024-01", &values);
    let own = report(folder.path(), &[]);
    let schema = trailcost().args(["scenario", "schema", "--of", "report"]).output().unwrap();
    jsonschema::validate(&serde_json::from_slice(&schema.stdout).unwrap(), &own).unwrap();
    let forecast = &own["forecast"];
    let series = &forecast["series"][0];
    assert_eq!((&series["method"], &series["points"]), (&"seasonal".into(), &30.into()));
    assert!(series["back_test_origins"].as_u64().unwrap() >= 4 && series["back_test_error"].is_string());
    // December stands out as it did in both years, and every band is in order.
    let months = series["months"].as_array().unwrap();
    assert_eq!((months.len(), &months[5]["month"]), (6, &"2026-12".into()));
    let december = decimal(&months[5]["p50"]) / Decimal::from(31);
    assert!(december > Decimal::from(1_150_000) && december < Decimal::from(1_450_000), "{december}");
    for (month, total) in months.iter().zip(forecast["months"].as_array().unwrap()) {
        let [low, middle, high] = ["p10", "p50", "p90"].map(|own| decimal(&month[own]));
        assert!(Decimal::ZERO <= low && low <= middle && middle <= high);
        // The cost is the quantity at $0.10 for a hundred thousand, and there is nothing else.
        for (name, quantity) in [("p10", low), ("p50", middle), ("p90", high)] {
            assert_eq!(decimal(&month["cost"][name]), (quantity / Decimal::from(1_000_000)).normalize());
            assert_eq!(month["cost"][name], total["total"][name]);
        }
    }
    // An earlier period knows only what was recorded by then: twelve months, no seasons; December forecasts a year.
    let earlier = report(folder.path(), &["--month", "2024-12"])["forecast"].clone();
    assert_eq!(
        (&earlier["series"][0]["method"], &earlier["recorded_months"]),
        (&"smoothing".into(), &12.into())
    );
    assert_eq!((&earlier["to_year_end"], earlier["months"].as_array().unwrap().len()), (&false.into(), 12));
    // Files: the table adds up to the sum, and the chart is there.
    let out = folder.path().join("out");
    said(folder.path(), &["--out", out.to_str().unwrap()]);
    let mut rows = csv::Reader::from_path(out.join("forecast.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let sum = |is_total: bool| -> Decimal {
        let own = rows.iter().filter(|own| (&own[1] == "total") == is_total);
        own.map(|own| own[10].parse::<Decimal>().unwrap()).sum()
    };
    assert_eq!(
        (sum(true), sum(false)),
        (decimal(&forecast["total"]["p50"]), decimal(&forecast["total"]["p50"]))
    );
    let svg = fs::read_to_string(out.join("forecast.svg")).unwrap();
    assert!(svg.contains("P90 $") && svg.contains("December 2026 is forecast at $"), "no chart");
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("What is to come") && page.contains("seasonal (MSTL, ETS)"));
    let hindi = said(folder.path(), &["--language", "hi"]);
    assert!(hindi.contains("आगे का अनुमान") && !hindi.contains("forecast."), "{hindi}");
}

#[test]
fn quantities_go_through_the_tiers() {
    let folder = tempfile::tempdir().unwrap();
    // November has 30 days, December 31: 5,000 GB become 5,166.67, and the first tier of Lake ingestion ends at 5,120.
    record(folder.path(), "2026-11", "usage = { \"Ingestion-Bytes\" = \"5000 GiB\" }");
    let own = report(folder.path(), &[])["forecast"].clone();
    let month = &own["series"][0]["months"][0];
    assert_eq!((&month["p50"], &own["series"][0]["priced"]), (&"5166.67".into(), &"table".into()));
    let scenario = folder.path().join("december.toml");
    fs::write(
        &scenario,
        "version = 1\nname = \"n\"\nstart = \"2026-12\"\nmonths = 1\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\nusage = { \"Ingestion-Bytes\" = \"5166.67 GiB\" }\n",
    )
    .unwrap();
    let output = trailcost().args(["estimate", "--format", "json"]).arg(&scenario).output().unwrap();
    let estimate: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(month["cost"]["p50"], estimate["summary"]["total"]);
    // $2.50 for 5,120 GB and $1 for the rest.
    assert_eq!(month["cost"]["p50"], "12846.67");
}

#[test]
fn components_that_share_a_usage_type_are_forecast_apart() {
    let folder = tempfile::tempdir().unwrap();
    for month in ["2026-08", "2026-09", "2026-10"] {
        let days = days(month);
        let volumes =
            format!("s3_data_events = {}\nlambda_data_events = {}", 1_000_000 * days, 2_000_000 * days);
        record(folder.path(), month, &volumes);
    }
    let costs = |own: &Value| -> Vec<(String, String)> {
        let all = own["months"][0]["components"].as_array().unwrap().iter();
        all.map(|own| {
            (own["component"].as_str().unwrap().to_owned(), own["cost"]["p50"].as_str().unwrap().to_owned())
        })
        .collect()
    };
    let own = |component: &str, cost: &str| (component.to_owned(), cost.to_owned());
    let forecast = report(folder.path(), &[])["forecast"].clone();
    assert_eq!(costs(&forecast), [own("data_events_s3", "30"), own("data_events_lambda", "60")]);
    // A bill knows one usage type: it goes on from both.
    let usage = "MONTH-01T00:00:00Z,NEXT-01T00:00:00Z,AWSCloudTrail,DataEventsRecorded,90000000,USD,90.00,us-east-1,Events";
    record_bill(folder.path(), "2026-11", &[&format!("Usage,{usage}")]);
    let forecast = report(folder.path(), &[])["forecast"].clone();
    assert_eq!(costs(&forecast), [own("data_events_other", "93")]);
    assert_eq!(forecast["series"][0]["points"], 4);
}

/// A bill of a month: a row of usage, and more.
fn record_bill(folder: &Path, month: &str, rows: &[&str]) {
    let file = folder.join("bill.csv");
    let (next, end) = (months(month, 2)[1].clone(), days(month));
    let mut text = String::from(
        "bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,\
         lineItem/ProductCode,lineItem/UsageType,lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost,product/regionCode,\
         pricing/unit\n",
    );
    for row in rows {
        let row =
            row.replace("MONTH", month).replace("NEXT", &next).replace("LAST", &format!("{month}-{end:02}"));
        text.push_str(&format!("{month}-01T00:00:00Z,111122223333,{row}\n"));
    }
    fs::write(&file, text).unwrap();
    let mut command = trailcost();
    command
        .args(["report", "record", "--history"])
        .arg(folder.join("history"))
        .args(["--month", month, "--bill"]);
    command.arg(&file).assert().success();
}

#[test]
fn what_was_billed_otherwise_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    // 12% less than the table's $0.10 for a hundred thousand; $3.00 for a usage type that no table knows; a discount row of a
    // tenth of both; a name that is meant as a formula.
    let usage = "MONTH-01T00:00:00Z,NEXT-01T00:00:00Z,AWSCloudTrail";
    record_bill(
        folder.path(),
        "2026-10",
        &[
            &format!("Usage,{usage},DataEventsRecorded,31000000,USD,27.28,us-east-1,Events"),
            &format!("Usage,{usage},\"=cmd|' /C calc'!A0\",300,USD,3.00,us-east-1,Things"),
            &format!("EdpDiscount,{usage},DataEventsRecorded,0,USD,-3.028,us-east-1,"),
        ],
    );
    let own = report(folder.path(), &["--forecast-months", "1"])["forecast"].clone();
    let series = own["series"].as_array().unwrap();
    let of = |name: &str| series.iter().find(|own| own["priced"] == name).unwrap();
    let data = of("share_of_table");
    assert_eq!(
        (&data["share_of_table_price"], &data["months"][0]["cost"]["p50"]),
        (&"0.88".into(), &"26.4".into())
    );
    // 300 in 31 days are 290.323 in 30, at a cent.
    let unknown = of("last_month");
    assert_eq!(
        (&unknown["months"][0]["p50"], &unknown["months"][0]["cost"]["p50"]),
        (&"290.323".into(), &"2.90323".into())
    );
    // A tenth of 29.30323 less.
    assert_eq!(own["months"][0]["total"]["p50"], "26.372907");
    let text = said(folder.path(), &[]);
    assert!(text.contains("88% of the table, as last billed") || text.contains("stay at −10%"), "{text}");
    let out = folder.path().join("out");
    said(folder.path(), &["--out", out.to_str().unwrap()]);
    let table = fs::read_to_string(out.join("forecast.csv")).unwrap();
    assert!(!table.contains(",=cmd") && !table.contains(",\"=cmd"), "{table}");
}

#[test]
fn a_bill_of_some_days_is_taken_for_so_many() {
    let folder = tempfile::tempdir().unwrap();
    // A million a day on the first twelve days.
    let rows: Vec<String> = (1..=12)
        .map(|day| {
            format!(
                "Usage,MONTH-{day:02}T00:00:00Z,MONTH-{:02}T00:00:00Z,AWSCloudTrail,DataEventsRecorded,1000000,USD,1.00,us-east-1,Events",
                day + 1
            )
        })
        .collect();
    record_bill(folder.path(), "2026-10", &rows.iter().map(String::as_str).collect::<Vec<_>>());
    let own = report(folder.path(), &[])["forecast"].clone();
    assert_eq!(own["months"][0]["total"]["p50"], "30");
    let text = said(folder.path(), &[]).replace("\n    ", " ");
    assert!(text.contains("12 of 31 days are billed: its quantities were taken for so many days"), "{text}");
    // With a whole month before it, it is forecast as a whole: 900,000 a day of September, and no other month is recorded.
    let usage = "MONTH-01T00:00:00Z,NEXT-01T00:00:00Z,AWSCloudTrail,DataEventsRecorded,27000000,USD,27.00,us-east-1,Events";
    record_bill(folder.path(), "2026-09", &[&format!("Usage,{usage}")]);
    let own = report(folder.path(), &[])["forecast"].clone();
    assert_eq!((&own["from"], &own["months"][0]["month"]), (&"2026-09".into(), &"2026-10".into()));
    assert_eq!((&own["months"][0]["total"]["p50"], &own["year_so_far"]), (&"27.9".into(), &"27".into()));
    assert_eq!(own["recorded_months"], 1);
    let text = said(folder.path(), &[]).replace("\n    ", " ");
    assert!(text.contains("12 of 31 days are billed: it is forecast as a whole"), "{text}");
}

#[test]
fn nothing_is_forecast_from_nothing() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path(), "2026-11", "s3_data_events = 0");
    let own = report(folder.path(), &[]);
    assert_eq!(own["forecast"], Value::Null);
    assert!(said(folder.path(), &[]).contains("There is no forecast: no quantity is recorded."));
    for wrong in ["0", "61", "x"] {
        let mut command = trailcost();
        command.args(["report", "--forecast-months", wrong, "--history"]).arg(folder.path().join("history"));
        command.assert().code(2);
    }
}

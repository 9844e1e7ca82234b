//! The sliders of the report's page: what they compute with, evaluated here, against estimates of multiplied volumes.

use assert_cmd::Command;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::Duration;

fn trailcost() -> Command {
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.timeout(Duration::from_mins(2));
    command
}

fn decimal(own: &Value) -> Decimal {
    own.as_str().unwrap().parse().unwrap()
}

/// A volume: what it is of, how much, and the component that it is part of.
type Volume = (&'static str, &'static str, &'static str);

/// Account, Region, and the volumes of a month.
const VOLUMES: [(&str, &str, &[Volume]); 4] = [
    (
        "111122223333",
        "us-east-1",
        &[
            ("AWSCloudTrail:PaidEventsRecorded", "20000001", "management_copies"),
            ("AmazonS3:TimedStorage-ByteHrs", "40000.375", "s3_storage"),
        ],
    ),
    (
        "444455556666",
        "us-east-1",
        &[
            ("AWSCloudTrail:PaidEventsRecorded", "7654321", "management_copies"),
            ("AWSCloudTrail:InsightsEvents", "1234567", "insights_management"),
            // With the other account's it reaches the second tier, 51,200 GB.
            ("AmazonS3:TimedStorage-ByteHrs", "30000.5", "s3_storage"),
        ],
    ),
    ("444455556666", "eu-west-1", &[("AWSCloudTrail:PaidEventsRecorded", "150", "management_copies")]),
    ("999988887777", "us-east-1", &[("AWSCloudTrail:DataEventsRecorded", "98765433", "data_events_other")]),
];

/// The scenario with a percentage of the volumes of each component; events are rounded half-even to whole ones.
fn scenario(percent: &dyn Fn(&str) -> u32, more: &str) -> String {
    let mut text = format!("version = 1\nname = \"n\"\nstart = \"2026-11\"\nmonths = 1\n{more}");
    for (account, region, volumes) in VOLUMES {
        let usage = volumes.iter().map(|(usage_type, quantity, component)| {
            let quantity: Decimal = quantity.parse().unwrap();
            let product = quantity * Decimal::new(percent(component).into(), 2);
            let is_whole = usage_type.starts_with("AWSCloudTrail");
            let product = if is_whole { product.round_dp(0) } else { product };
            format!("\"{usage_type}\" = \"{}\"", product.normalize())
        });
        let usage: Vec<String> = usage.collect();
        text.push_str(&format!(
            "[[volume]]\naccount = \"{account}\"\nregion = \"{region}\"\nusage = {{ {} }}\n",
            usage.join(", ")
        ));
    }
    text
}

fn estimated(folder: &Path, text: &str) -> Decimal {
    let file = folder.join("estimated.toml");
    fs::write(&file, text).unwrap();
    let output = trailcost().args(["estimate", "--format", "json"]).arg(&file).output().unwrap();
    let own: Value = serde_json::from_slice(&output.stdout).unwrap();
    decimal(&own["summary"]["first_month"])
}

/// Records a month of a scenario, and returns what the page computes with.
fn page_data(folder: &Path, text: &str) -> (Value, Value) {
    let (file, history, out) = (folder.join("own.toml"), folder.join("history"), folder.join("out"));
    fs::write(&file, text).unwrap();
    let record = ["report", "record", "--replace", "--history"];
    trailcost().args(record).arg(&history).arg(&file).assert().success();
    trailcost().args(["report", "--history"]).arg(&history).arg("--out").arg(&out).assert().success();
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    let begin = "<script type=\"application/json\" id=\"what-if-data\">";
    let data = page.split(begin).nth(1).unwrap().split("</script>").next().unwrap();
    assert!(!data.contains(['<', '>', '&']));
    let report = fs::read_to_string(out.join("report.json")).unwrap();
    (serde_json::from_str(data).unwrap(), serde_json::from_str(&report).unwrap())
}

/// What a tiered price makes of a quantity.
fn tiered(tiers: &[Value], quantity: Decimal) -> Decimal {
    let begins: Vec<Decimal> = tiers.iter().map(|own| decimal(&own[0])).collect();
    let part = |(at, tier): (usize, &Value)| {
        let end = begins.get(at + 1).map_or(quantity, |own| quantity.min(*own));
        (end - begins[at]).max(Decimal::ZERO) * decimal(&tier[1])
    };
    tiers.iter().enumerate().map(part).sum()
}

/// The total of the month by the page's data, at a percentage of each slider.
fn evaluated(data: &Value, percents: &[u32]) -> Decimal {
    let mut total = decimal(&data["total"]);
    for pool in data["pools"].as_array().unwrap() {
        let parts = pool["parts"].as_array().unwrap();
        let quantities = |is_after: bool| -> Vec<Decimal> {
            parts
                .iter()
                .map(|part| {
                    let quantity = decimal(&part["quantity"]);
                    let Some(lever) = part["lever"].as_u64().filter(|_| is_after) else { return quantity };
                    let percent = Decimal::new(percents[usize::try_from(lever).unwrap()].into(), 2);
                    let mut own = quantity;
                    let mut rounded = Decimal::ZERO;
                    for pair in part["remainders"].as_array().unwrap() {
                        let [rest, count] = [0, 1].map(|at| Decimal::from(pair[at].as_u64().unwrap()));
                        own -= rest * count;
                        rounded += (rest * percent).round_dp(0) * count;
                    }
                    own * percent + rounded
                })
                .collect()
        };
        let tiers = pool["tiers"].as_array().unwrap();
        let shares = |quantities: &[Decimal]| -> Vec<Decimal> {
            let sum: Decimal = quantities.iter().sum();
            let cost = tiered(tiers, sum);
            quantities.iter().map(|own| if sum.is_zero() { sum } else { cost * own / sum }).collect()
        };
        let (before, after) = (shares(&quantities(false)), shares(&quantities(true)));
        for ((part, before), after) in parts.iter().zip(before).zip(after) {
            let cost = decimal(&part["cost"]);
            total += cost * after / before - cost;
        }
    }
    total
}

fn cents(own: Decimal) -> Decimal {
    own.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Multipliers of the components, in the order of what they cost: storage, copies, data events, Insights.
const STEPS: [[u32; 4]; 7] = [
    [100, 100, 100, 100],
    [0, 0, 0, 0],
    [300, 300, 300, 300],
    [50, 100, 100, 100],
    [100, 37, 251, 5],
    [73, 173, 0, 199],
    [1000, 1, 99, 101],
];

fn assert_same_cents(more: &str, priced: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let (data, report) = page_data(folder.path(), &scenario(&|_| 100, more));
    let ways: Vec<&str> =
        data["pools"].as_array().unwrap().iter().map(|own| own["priced"].as_str().unwrap()).collect();
    assert!(ways.iter().all(|own| priced.contains(own)), "{ways:?}");
    let order = ["s3_storage", "management_copies", "data_events_other", "insights_management"];
    assert_eq!(data["levers"].as_array().unwrap().len(), order.len());
    assert_eq!(data["total"], report["total"]["cost"]);
    for percents in STEPS {
        let percent = |component: &str| percents[order.iter().position(|own| *own == component).unwrap()];
        let expected = estimated(folder.path(), &scenario(&percent, more));
        let own = evaluated(&data, &percents);
        assert_eq!(cents(own), cents(expected), "{percents:?} {more}");
    }
}

#[test]
fn sliders_give_the_cents_of_an_estimate() {
    assert_same_cents("", &["table"]);
    // A discount keeps its share, tiers or not.
    assert_same_cents(
        "terms = [{ service = \"AWSCloudTrail\", discount = \"12%\" }, { service = \"AmazonS3\", discount = \"7.5%\" }]\n",
        &["share"],
    );
}

#[test]
fn what_has_no_price_or_no_quantity_is_not_moved() {
    let folder = tempfile::tempdir().unwrap();
    // The storage price of Milan is in no table: that cost is unknown, and there is no slider for it.
    let text = "version = 1\nname = \"n\"\nstart = \"2026-11\"\n[[volume]]\naccount = \"111122223333\"\nregion = \"eu-south-1\"\n\
        usage = { \"AWSCloudTrail:PaidEventsRecorded\" = 1000000, \"AmazonS3:TimedStorage-ByteHrs\" = 5 }\n";
    let (data, report) = page_data(folder.path(), text);
    assert_eq!(report["total"]["complete"], false);
    assert_eq!((&data["total"], &data["levers"]), (&"20".into(), &serde_json::json!(["20"])));
    // Of a bill, lines have the price that was paid; a month that costs nothing has no sliders.
    let free =
        text.replace("PaidEventsRecorded\" = 1000000, \"AmazonS3:TimedStorage-ByteHrs", "FreeEventsRecorded");
    fs::write(folder.path().join("free.toml"), free).unwrap();
    let history = folder.path().join("free");
    let record = ["report", "record", "--history"];
    trailcost().args(record).arg(&history).arg(folder.path().join("free.toml")).assert().success();
    let out = folder.path().join("free-out");
    trailcost().args(["report", "--history"]).arg(&history).arg("--out").arg(&out).assert().success();
    assert!(!fs::read_to_string(out.join("report.html")).unwrap().contains("what-if-data"));
}

#[test]
fn a_bill_keeps_what_was_paid() {
    let folder = tempfile::tempdir().unwrap();
    let history = folder.path().join("history");
    let bill = crate::support::root().join("tests/fixtures/billing/cur-legacy.csv");
    trailcost()
        .args(["report", "record", "--history"])
        .arg(&history)
        .arg("--bill")
        .arg(bill)
        .assert()
        .success();
    let out = folder.path().join("out");
    trailcost().args(["report", "--history"]).arg(&history).arg("--out").arg(&out).assert().success();
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    let data = page.split("id=\"what-if-data\">").nth(1).unwrap().split("</script>").next().unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    let report: Value = serde_json::from_str(&fs::read_to_string(out.join("report.json")).unwrap()).unwrap();
    assert_eq!(data["total"], report["total"]["cost"]);
    let levers = data["levers"].as_array().unwrap().len();
    let total = decimal(&data["total"]);
    assert_eq!(evaluated(&data, &vec![100; levers]), total);
    // No price of these has tiers: twice the volume costs twice what was paid.
    let moved: Decimal = data["pools"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|own| own["parts"].as_array().unwrap())
        .filter(|own| !own["lever"].is_null())
        .map(|own| decimal(&own["cost"]))
        .sum();
    assert!(moved > Decimal::ZERO);
    assert_eq!(cents(evaluated(&data, &vec![200; levers])), cents(total + moved));
}

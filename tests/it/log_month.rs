//! One month, three ways: a scenario that states what happens, log files of just that, and a bill of just that. They reconcile
//! to the cent, whichever is compared with which.

use crate::support::log_corpus::{Delivering, Stated, month, write_below};
use crate::support::root;
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

const ONE: &str = "111122223333";
const OTHER: &str = "444455556666";

const STATED: [Stated; 4] = [
    Stated {
        account: ONE,
        region: "us-east-1",
        management_read: 1200,
        management_write: 333,
        kms_read: 190,
        s3_read: 450,
        s3_write: 211,
        lambda: 97,
        insights: 4,
    },
    Stated {
        account: ONE,
        region: "eu-west-1",
        management_read: 401,
        management_write: 95,
        kms_read: 31,
        s3_read: 0,
        s3_write: 0,
        lambda: 40,
        insights: 0,
    },
    Stated {
        account: OTHER,
        region: "us-east-1",
        management_read: 777,
        management_write: 64,
        kms_read: 0,
        s3_read: 123,
        s3_write: 45,
        lambda: 0,
        insights: 2,
    },
    Stated {
        account: OTHER,
        region: "eu-west-1",
        management_read: 300,
        management_write: 120,
        kms_read: 17,
        s3_read: 77,
        s3_write: 31,
        lambda: 63,
        insights: 0,
    },
];

/// The organization's trail records everything; the second one writes of one account; the third one a Region of the other, with
/// its data events on S3; none but the first has Insights.
const TRAILS: [Delivering; 3] = [
    Delivering {
        prefix: "log-archive/",
        organization: Some("o-exampleorgid"),
        account: None,
        region: None,
        management_read: true,
        management_write: true,
        kms: true,
        s3: true,
        lambda: true,
        insights: true,
    },
    Delivering {
        prefix: "audit/",
        organization: None,
        account: Some(ONE),
        region: None,
        management_read: false,
        management_write: true,
        kms: true,
        s3: false,
        lambda: false,
        insights: false,
    },
    Delivering {
        prefix: "team/",
        organization: None,
        account: Some(OTHER),
        region: Some("eu-west-1"),
        management_read: true,
        management_write: true,
        kms: false,
        s3: true,
        lambda: false,
        insights: false,
    },
];

/// What the bill has of an account and Region, worked out by hand from what each trail records.
fn billed(own: &Stated) -> Vec<(&'static str, usize)> {
    let all = own.management_read + own.management_write + own.kms_read;
    let data = own.s3_read + own.s3_write + own.lambda;
    let (mut paid, mut data_delivered) = (0, data);
    if own.account == ONE {
        paid += own.management_write;
    }
    if own.account == OTHER && own.region == "eu-west-1" {
        paid += own.management_read + own.management_write;
        data_delivered += own.s3_read + own.s3_write;
    }
    vec![
        ("FreeEventsRecorded", all),
        ("PaidEventsRecorded", paid),
        ("DataEventsRecorded", data_delivered),
        // Analysed for the rate of calls: management events that write.
        ("InsightsEvents", own.management_write),
    ]
}

/// The price in the tables, read by itself.
fn price(region: &str, usage_type: &str) -> Decimal {
    let text = fs::read_to_string(root().join("pricing/AWSCloudTrail.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let found: Vec<Decimal> = rows
        .records()
        .map(Result::unwrap)
        .filter(|row| &row[1] == region && &row[2] == usage_type)
        .map(|row| Decimal::from_str_exact(&row[7]).unwrap())
        .collect();
    assert_eq!(found.len(), 1, "{region} {usage_type}");
    found[0]
}

fn bill() -> String {
    let mut text = "identity/LineItemId,bill/InvoiceId,bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,\
                    lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,lineItem/UsageAmount,\
                    lineItem/CurrencyCode,lineItem/UnblendedCost,lineItem/LineItemDescription,product/regionCode,pricing/unit,\
                    pricing/publicOnDemandCost\n"
        .to_owned();
    let mut id = 0;
    for own in &STATED {
        let prefix = if own.region == "us-east-1" { "USE1" } else { "EU" };
        for (usage_type, quantity) in billed(own) {
            if quantity == 0 {
                continue;
            }
            let cost = Decimal::from(quantity) * price(own.region, usage_type);
            id += 1;
            writeln!(
                text,
                "{id},1000000001,2026-10-01T00:00:00Z,{},Usage,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,AWSCloudTrail,\
                 {prefix}-{usage_type},{quantity},USD,{cost},{usage_type},{},Events,{cost}",
                own.account, own.region
            )
            .unwrap();
        }
    }
    text
}

/// The scenario that states what happens and who records it.
fn scenario() -> String {
    let mut text = "version = 1\nname = \"October\"\nstart = \"2026-10\"\nmonths = 1\n\n".to_owned();
    for account in [ONE, OTHER] {
        writeln!(text, "[[account]]\nid = \"{account}\"\n").unwrap();
        for own in STATED.iter().filter(|own| own.account == account) {
            writeln!(
                text,
                "[[account.activity]]\nregion = \"{}\"\nmanagement = {{ read = {}, write = {}, kms_read = {} }}\ndata = [",
                own.region, own.management_read, own.management_write, own.kms_read
            )
            .unwrap();
            if own.s3_read > 0 {
                writeln!(
                    text,
                    "    {{ resource_type = \"AWS::S3::Object\", read = {}, write = {} }},",
                    own.s3_read, own.s3_write
                )
                .unwrap();
            }
            if own.lambda > 0 {
                writeln!(
                    text,
                    "    {{ resource_type = \"AWS::Lambda::Function\", write = {} }},",
                    own.lambda
                )
                .unwrap();
            }
            text.push_str("]\n\n");
        }
    }
    text.push_str(
        r#"[[trail]]
name = "everything"
scope = "organization"
home_region = "us-east-1"
multi_region = true
management = "all"
data = [{ resource_type = "AWS::S3::Object" }, { resource_type = "AWS::Lambda::Function" }]
insights = ["ApiCallRateInsight"]

[[trail]]
name = "audit"
scope = "account"
account = "111122223333"
home_region = "us-east-1"
multi_region = true
management = "write"

[[trail]]
name = "team"
scope = "account"
account = "444455556666"
home_region = "eu-west-1"
multi_region = false
management = "all"
exclude = ["kms"]
data = [{ resource_type = "AWS::S3::Object" }]
"#,
    );
    text
}

fn trailcost(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(arguments)
        .current_dir(directory)
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// Reconciles a scenario with the bill, and asserts that no key differs in quantity or cost.
fn agrees(directory: &Path, scenario: &str) {
    let arguments = [
        "reconcile",
        scenario,
        "--bill",
        "bill.csv",
        "--month",
        "2026-10",
        "--tolerance",
        "0%",
        "--format",
        "json",
    ];
    let (code, stdout, stderr) = trailcost(directory, &arguments);
    assert_eq!(code, 0, "{scenario}: {stdout}{stderr}");
    let found: Value = serde_json::from_str(&stdout).unwrap();
    let keys = found["lines"].as_array().unwrap();
    let mut expected: BTreeMap<(String, String, String), Decimal> = BTreeMap::new();
    for own in &STATED {
        for (usage_type, quantity) in billed(own).into_iter().filter(|own| own.1 > 0) {
            let key = (own.account.to_owned(), own.region.to_owned(), usage_type.to_owned());
            expected.insert(key, Decimal::from(quantity));
        }
    }
    let decimal = |own: &Value| Decimal::from_str_exact(own.as_str().unwrap()).unwrap();
    let mut seen: BTreeMap<(String, String, String), Decimal> = BTreeMap::new();
    for own in keys {
        let text = |name: &str| own[name].as_str().unwrap().to_owned();
        // What the logs then cost stands on no bill of CloudTrail's; it is not compared.
        assert_eq!(own["service"], "AWSCloudTrail", "{scenario}: {own}");
        assert_eq!(own["estimated"]["quantity"], own["found"]["quantity"], "{scenario}: {own}");
        for name in ["difference", "volume_variance", "price_variance", "unexplained"] {
            assert!(decimal(&own[name]).is_zero(), "{scenario}: {name}: {own}");
        }
        seen.insert(
            (text("account"), text("region"), text("usage_type")),
            decimal(&own["found"]["quantity"]),
        );
    }
    assert_eq!(seen, expected, "{scenario}");
}

/// The likely data events of a type that a scenario has in an account and Region.
fn data_events(document: &toml::Value, stated: &Stated, kind: &str) -> usize {
    let likely = |own: &toml::Value| -> usize {
        let figure = own.get("likely").unwrap_or(own);
        usize::try_from(figure.as_integer().unwrap()).unwrap()
    };
    let accounts = document["account"].as_array().unwrap().iter();
    let activities = accounts
        .filter(|own| own["id"].as_str() == Some(stated.account))
        .flat_map(|own| own["activity"].as_array().unwrap())
        .filter(|own| own["region"].as_str() == Some(stated.region));
    activities
        .flat_map(|own| own.get("data").and_then(toml::Value::as_array).cloned().unwrap_or_default())
        .filter(|own| own["resource_type"].as_str() == Some(kind))
        .map(|own| ["read", "write"].iter().filter_map(|name| own.get(name)).map(likely).sum::<usize>())
        .sum()
}

#[test]
fn a_scenario_its_logs_and_its_bill_are_the_same_to_the_cent() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    write_below(&at.join("logs"), month(&STATED, &TRAILS, 20_261_001));
    fs::write(at.join("bill.csv"), bill()).unwrap();
    fs::write(at.join("stated.toml"), scenario()).unwrap();
    agrees(at, "stated.toml");

    let (code, _, stderr) = trailcost(at, &["measure", "bill", "bill.csv", "--out", "billed"]);
    assert_eq!(code, 0, "{stderr}");
    agrees(at, "billed/scenario.toml");

    let (code, _, stderr) = trailcost(at, &["measure", "logs", "logs", "--out", "measured"]);
    assert_eq!(code, 0, "{stderr}");
    let measured = fs::read_to_string(at.join("measured/scenario.toml")).unwrap();
    // Of Insights the logs only say that they are on: the gap names the remedy, and this is it.
    assert!(measured.contains("6 Insights events were delivered"), "{measured}");
    // Events are counted once for each type, although the third trail delivers those of S3 once more.
    let document: toml::Value = toml::from_str(&measured).unwrap();
    for own in &STATED {
        for (kind, expected) in
            [("AWS::S3::Object", own.s3_read + own.s3_write), ("AWS::Lambda::Function", own.lambda)]
        {
            assert_eq!(data_events(&document, own, kind), expected, "{} {} {kind}", own.account, own.region);
        }
    }
    let (before, after) = measured.split_once("name = \"log-archive\"\n").unwrap();
    let stated = format!("{before}name = \"log-archive\"\ninsights = [\"ApiCallRateInsight\"]\n{after}");
    fs::write(at.join("measured/scenario.toml"), stated).unwrap();
    agrees(at, "measured/scenario.toml");
}

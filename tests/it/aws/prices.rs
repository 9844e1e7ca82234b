//! `pricing import --from-aws`: the price list is asked, shown against the tables, and written only when told to.

use super::{OWN, world};
use crate::support::aws::{Emulator, Trouble, World};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

fn product(service: &str, usage_type: &str, region: &str, price: &str, unit: &str) -> Value {
    let sku = format!("SKU{service}{usage_type}{price}").replace(['-', '.', ':'], "");
    json!({
        "product": { "attributes": { "usagetype": usage_type, "regionCode": region }, "sku": sku },
        "serviceCode": service,
        "terms": { "OnDemand": { format!("{sku}.JRTCKXETXF"): {
            "effectiveDate": "2026-11-01T00:00:00Z",
            "priceDimensions": { format!("{sku}.JRTCKXETXF.6YS6EN2CT7"): {
                "unit": unit, "beginRange": "0", "endRange": "Inf", "description": "=1+1, a hostile description",
                "pricePerUnit": { "USD": price }
            } }
        } } },
        "version": "20261115000000",
        "publicationDate": "2026-11-15T00:00:00Z"
    })
}

/// A list with one price that is the tables' own, one that changed, and much that the tables do not know.
fn list() -> World {
    let mut world = world();
    world.page = 2;
    world.products = vec![
        product("AWSCloudTrail", "USE1-PaidEventsRecorded", "us-east-1", "0.0000200000", "Events"),
        product("AWSCloudTrail", "EU-PaidEventsRecorded", "eu-west-1", "0.0000250000", "Events"),
        product("AWSCloudTrail", "USE1-SomethingNew", "us-east-1", "7", "Events"),
        product("AWSCloudTrail", "XXX1-DataEventsRecorded", "xx-moon-1", "7", "Events"),
        product("AWSCloudTrail", "USE1-DataEventsRecorded", "us-east-1", "0.1", "100K Events"),
        product("awskms", "eu-central-1-KMS-Requests", "eu-central-1", "0.0000030000", "Requests"),
    ];
    world
}

fn import(emulator: &Emulator, directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailcost"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    let output = command
        .args(["pricing", "import", "--from-aws"])
        .args(arguments)
        .current_dir(directory)
        .env("HOME", directory)
        .env("NO_COLOR", "1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ENDPOINT_URL", emulator.url())
        .env("AWS_ACCESS_KEY_ID", format!("AKID{OWN}"))
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn differences_are_shown_before_anything_is_written() {
    let emulator = Emulator::start(list());
    let directory = tempfile::tempdir().unwrap();
    let (code, stdout, stderr) = import(&emulator, directory.path(), &["--out", "prices", "--format", "csv"]);
    assert_eq!(code, 1, "{stderr}");
    let rows: Vec<&str> = stdout.lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            "AWSCloudTrail,PaidEventsRecorded,eu-west-1,0,0.00002 USD per Events,0.000025 USD per Events",
            "awskms,KMS-Requests,eu-central-1,0,,0.000003 USD per Requests",
        ]
    );
    assert!(stderr.contains("nothing was written; --out DIR --yes"), "{stderr}");
    assert!(stderr.contains("skipped 1: USE1-DataEventsRecorded is priced per 100K Events"), "{stderr}");
    assert!(stderr.contains("skipped 1: unknown Region xx-moon-1"), "{stderr}");
    assert!(!directory.path().join("prices").exists());
    // Two on a page: more than one call for CloudTrail, and nothing but reading the list.
    assert!(emulator.calls_of("GetProducts").len() > 3);
    let others = emulator.calls().into_iter().filter(|own| own.operation != "GetProducts").count();
    assert_eq!(others, emulator.calls_of("GetCallerIdentity").len());
}

#[test]
fn what_was_written_is_used_and_keeps_what_the_user_states() {
    let emulator = Emulator::start(list());
    let directory = tempfile::tempdir().unwrap();
    let prices = directory.path().join("prices");
    std::fs::create_dir(&prices).unwrap();
    let header = "service,region,usage_type,component,unit,tier_begin,tier_end,price_per_unit,currency,sku_price_id,effective_from,effective_to,source,retrieved_on,confidence,description\n";
    let row = |region: &str, price: &str| {
        format!(
            "AWSCloudTrail,{region},PaidEventsRecorded,management_copies,Events,0,,{price},USD,,2026-01-01,,our contract,2026-01-01,A,\n"
        )
    };
    // One in the table that is refreshed, one in a table of the user's own.
    std::fs::write(prices.join("AWSCloudTrail.csv"), format!("{header}{}", row("eu-west-2", "0.000018")))
        .unwrap();
    std::fs::write(prices.join("own.csv"), format!("{header}{}", row("eu-west-1", "0.000011"))).unwrap();
    let (code, _, stderr) = import(&emulator, directory.path(), &["--out", "prices", "--yes"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("left alone: 1 prices that other tables of the directory state"), "{stderr}");
    let listed = |region: &str, service: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_trailcost"))
            .args(["pricing", "list", "--pricing", "prices", "--format", "csv"])
            .args(["--region", region, "--service", service])
            .current_dir(directory.path())
            .output()
            .unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(listed("eu-west-1", "AWSCloudTrail").contains("0.000011,USD"));
    assert!(listed("eu-west-2", "AWSCloudTrail").contains("0.000018,USD"));
    assert!(listed("eu-central-1", "awskms").contains("0.000003,USD"));
    let table = std::fs::read_to_string(prices.join("awskms.csv")).unwrap();
    assert!(table.contains("AWS Price List API, awskms version 20261115000000"), "{table}");
    assert!(!table.contains(",=1+1"), "a formula in a table: {table}");
    // Once written there is nothing left to change.
    let (code, stdout, stderr) = import(&emulator, directory.path(), &["--out", "prices"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stderr.contains("the tables have the prices of the list"), "{stderr}");
}

#[test]
fn a_region_and_a_service_limit_what_is_asked() {
    let emulator = Emulator::start(list());
    let directory = tempfile::tempdir().unwrap();
    let only = ["--region", "eu-west-1", "--service", "AWSCloudTrail", "--format", "json"];
    let (code, stdout, stderr) = import(&emulator, directory.path(), &only);
    assert_eq!(code, 1, "{stderr}");
    let json: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(json["changes"].as_array().unwrap().len(), 1);
    assert_eq!(json["changes"][0]["region"], "eu-west-1");
    assert_eq!(emulator.calls_of("GetProducts").len(), 1);
}

#[test]
fn a_list_that_cannot_be_read_writes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let emulator = Emulator::start(list());
    emulator.trouble("GetProducts", None, Trouble::Denied, 1_000);
    let (code, _, stderr) = import(&emulator, directory.path(), &["--out", "prices", "--yes"]);
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("pricing:GetProducts"), "{stderr}");
    assert!(!directory.path().join("prices").exists());
    let empty = Emulator::start(world());
    let (code, _, stderr) = import(&empty, directory.path(), &["--out", "prices", "--yes"]);
    assert_eq!(code, 5, "{stderr}");
    assert!(!directory.path().join("prices").exists());
}

//! Price tables of one's own: in front of the built-in ones, alone, by date; compared and imported.

use crate::support::root;
use std::fs;
use std::path::Path;
use std::process::Command;

const HEADER: &str = "service,region,usage_type,component,unit,tier_begin,tier_end,price_per_unit,currency,sku_price_id,effective_from,effective_to,source,retrieved_on,confidence,description";

fn run(directory: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(arguments)
        .current_dir(directory)
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .output()
        .unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn row(usage_type: &str, price: &str, from: &str) -> String {
    let component =
        if usage_type == "PaidEventsRecorded" { "management_copies" } else { "data_events_other" };
    format!(
        "AWSCloudTrail,us-east-1,{usage_type},{component},Events,0,,{price},USD,,{from},,our contract,{from},A,\n"
    )
}

/// A directory with a scenario of 1 M paid copies and 1 M data events, and a price table.
fn directory(rows: &[String]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("own")).unwrap();
    fs::write(directory.path().join("own/own.csv"), format!("{HEADER}\n{}", rows.concat())).unwrap();
    let scenario = "version = 1\nname = \"own\"\nstart = \"2027-01\"\nmonths = 1\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = \"1M\"\ns3_data_events = \"1M\"\n";
    fs::write(directory.path().join("own.toml"), scenario).unwrap();
    directory
}

fn total(printed: &str) -> String {
    let json: serde_json::Value = serde_json::from_str(printed).unwrap();
    json["summary"]["total"].as_str().unwrap().to_owned()
}

#[test]
fn a_row_of_ones_own_hides_every_built_in_date_of_its_key() {
    let rows = [
        row("PaidEventsRecorded", "0.00001", "2026-01-01"),
        row("PaidEventsRecorded", "0.000015", "2026-12-01"),
    ];
    let directory = directory(&rows);
    let estimate = |arguments: &[&str]| {
        let all = [&["estimate", "own.toml", "--pricing", "own", "--format", "json"], arguments].concat();
        run(directory.path(), &all)
    };
    // 1 M × 0.000015 + 1 M × 0.000001, and with the older price before December.
    assert_eq!(total(&estimate(&[]).1), "16");
    assert_eq!(total(&estimate(&["--as-of", "2026-11-30"]).1), "11");
    // Before the first date of the own row there is no price, the built-in one being hidden.
    let (code, printed) = estimate(&["--as-of", "2025-12-31"]);
    assert_eq!((code, total(&printed).as_str()), (4, "1"));
    let (code, printed) = estimate(&["--pricing-only"]);
    assert_eq!((code, total(&printed).as_str()), (4, "15"));
    let (_, table) = run(directory.path(), &["estimate", "own.toml", "--pricing", "own"]);
    assert!(
        table.contains("built-in prices overridden: AWSCloudTrail PaidEventsRecorded us-east-1"),
        "{table}"
    );
}

#[test]
fn a_directory_is_compared_as_it_is_used() {
    let directory = directory(&[row("PaidEventsRecorded", "0.00001", "2026-01-01")]);
    let (code, printed) = run(directory.path(), &["pricing", "diff", "built-in", "own"]);
    assert_eq!(code, 1);
    let expected = "Prices as of 31 Oct 2026; differences: 1\nAWSCloudTrail PaidEventsRecorded us-east-1\n  0.00002 USD per Events → 0.00001 USD per Events\n";
    assert_eq!(printed, expected);
    assert_eq!(run(directory.path(), &["pricing", "diff", "own", "own"]).0, 0);
}

#[test]
fn an_offer_file_becomes_rows_that_estimate_takes() {
    let json = r#"{
        "formatVersion": "v1.0", "offerCode": "AWSCloudTrail", "version": "20260716215001",
        "publicationDate": "2026-07-16T21:50:01Z",
        "products": {
            "AAAA": { "sku": "AAAA", "attributes": { "servicecode": "AWSCloudTrail", "regionCode": "us-east-1", "usagetype": "USE1-PaidEventsRecorded" } },
            "BBBB": { "sku": "BBBB", "attributes": { "servicecode": "AWSCloudTrail", "regionCode": "us-east-1", "usagetype": "USE1-Ingestion-Bytes" } },
            "CCCC": { "sku": "CCCC", "attributes": { "servicecode": "AWSCloudTrail", "regionCode": "mars-1", "usagetype": "DataEventsRecorded" } }
        },
        "terms": { "OnDemand": {
            "AAAA": { "AAAA.JRTCKXETXF": { "effectiveDate": "2026-07-01T00:00:00Z", "priceDimensions": {
                "AAAA.JRTCKXETXF.6YS6EN2CT7": { "unit": "Events", "beginRange": "0", "endRange": "Inf", "description": "further copies", "pricePerUnit": { "USD": "0.0000300000" } } } } },
            "BBBB": { "BBBB.JRTCKXETXF": { "effectiveDate": "2026-07-01T00:00:00Z", "priceDimensions": {
                "BBBB.JRTCKXETXF.2": { "unit": "GB", "beginRange": "5120", "endRange": "Inf", "description": "over", "pricePerUnit": { "USD": "1.0000000000" } },
                "BBBB.JRTCKXETXF.1": { "unit": "GB", "beginRange": "0", "endRange": "5120", "description": "first", "pricePerUnit": { "USD": "2.5000000000" } } } } },
            "CCCC": { "CCCC.JRTCKXETXF": { "effectiveDate": "2026-07-01T00:00:00Z", "priceDimensions": {
                "CCCC.JRTCKXETXF.1": { "unit": "Events", "beginRange": "0", "endRange": "Inf", "description": "", "pricePerUnit": { "USD": "0.1" } } } } }
        } } }"#;
    let csv = "\"FormatVersion\",\"v1.0\"\n\"Disclaimer\",\"text\"\n\"Publication Date\",\"2026-07-16T21:50:01Z\"\n\"Version\",\"20260716215001\"\n\"OfferCode\",\"AWSCloudTrail\"\n\"SKU\",\"OfferTermCode\",\"RateCode\",\"TermType\",\"PriceDescription\",\"EffectiveDate\",\"StartingRange\",\"EndingRange\",\"Unit\",\"PricePerUnit\",\"Currency\",\"serviceCode\",\"usageType\",\"Region Code\"\n\"AAAA\",\"JRTCKXETXF\",\"AAAA.JRTCKXETXF.6YS6EN2CT7\",\"OnDemand\",\"further copies\",\"2026-07-01\",\"0\",\"Inf\",\"Events\",\"0.0000300000\",\"USD\",\"AWSCloudTrail\",\"USE1-PaidEventsRecorded\",\"us-east-1\"\n\"BBBB\",\"JRTCKXETXF\",\"BBBB.JRTCKXETXF.1\",\"OnDemand\",\"first\",\"2026-07-01\",\"0\",\"5120\",\"GB\",\"2.5000000000\",\"USD\",\"AWSCloudTrail\",\"USE1-Ingestion-Bytes\",\"us-east-1\"\n\"BBBB\",\"JRTCKXETXF\",\"BBBB.JRTCKXETXF.2\",\"OnDemand\",\"over\",\"2026-07-01\",\"5120\",\"Inf\",\"GB\",\"1.0000000000\",\"USD\",\"AWSCloudTrail\",\"USE1-Ingestion-Bytes\",\"us-east-1\"\n";
    let directory = directory(&[]);
    fs::write(directory.path().join("offer.json"), json).unwrap();
    fs::write(directory.path().join("offer.csv"), csv).unwrap();
    let (code, from_json) = run(directory.path(), &["pricing", "import", "offer.json"]);
    assert_eq!(code, 0);
    assert_eq!(run(directory.path(), &["pricing", "import", "offer.csv"]), (0, from_json.clone()));
    let lines: Vec<&str> = from_json.lines().collect();
    assert_eq!(lines.len(), 4, "{from_json}");
    assert_eq!(lines[0], HEADER);
    assert!(
        lines[1].starts_with("AWSCloudTrail,us-east-1,Ingestion-Bytes,lake_ingestion,GB,0,5120,2.5,USD,")
    );
    assert!(lines[3].starts_with("AWSCloudTrail,us-east-1,PaidEventsRecorded,management_copies,Events,0,,0.00003,USD,AAAA.JRTCKXETXF.6YS6EN2CT7,2026-07-01,,"));
    fs::write(directory.path().join("own/own.csv"), from_json).unwrap();
    assert_eq!(run(directory.path(), &["pricing", "check", "own"]).0, 0);
    let (_, printed) =
        run(directory.path(), &["estimate", "own.toml", "--pricing", "own", "--format", "json"]);
    assert_eq!(total(&printed), "31");
}

#[test]
fn a_listing_is_a_table_that_can_be_read_back() {
    let directory = tempfile::tempdir().unwrap();
    let arguments = ["pricing", "list", "--service", "AmazonS3", "--region", "us-east-1", "--format", "csv"];
    let (code, printed) = run(root(), &arguments);
    assert_eq!(code, 0);
    assert!(printed.lines().count() > 30);
    assert!(printed.lines().skip(1).all(|line| line.starts_with("AmazonS3,us-east-1,")));
    fs::write(directory.path().join("listed.csv"), printed).unwrap();
    let (code, difference) = run(directory.path(), &["pricing", "diff", "built-in", "listed.csv"]);
    assert_eq!((code, difference.as_str()), (0, "Prices as of 31 Oct 2026; differences: 0\n"));
}

//! The price tables against real, anonymised bills, where a folder of them is at hand.
//!
//! `TRAILCOST_SHARED_DATA` names the folder; without it this check says that it is skipped.

use crate::support::BuiltIn;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::path::PathBuf;
use trailcost::domain::RegionCode;

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TRAILCOST_SHARED_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: TRAILCOST_SHARED_DATA names no folder of bills");
    }
    folder
}

fn rows(path: PathBuf) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn decimal(text: &str) -> Decimal {
    Decimal::from_scientific(text).or_else(|_| text.parse()).unwrap()
}

#[test]
fn a_legacy_bill_has_the_prices_of_the_tables() {
    let Some(folder) = folder() else { return };
    let built_in = BuiltIn::new();
    let path = folder.join("billing/cur-legacy/sample-anonymous-aws-export-dataset.csv");
    let (mut checked, mut cloudtrail) = (0, BTreeMap::new());
    let mut wrong = Vec::new();
    for row in rows(path) {
        let written = &row["lineItem/UsageType"];
        if row["lineItem/LineItemType"] != "Usage" || written.is_empty() {
            continue;
        }
        let (prefix, usage_type) = built_in.regions.split_usage_type(written);
        let region = RegionCode::new(&row["product/regionCode"]);
        let service = &row["lineItem/ProductCode"];
        if let Some(prefix) = prefix
            && service == "AWSCloudTrail"
        {
            assert_eq!(*prefix, region, "{written}");
        }
        if service == "AWSCloudTrail" {
            cloudtrail
                .insert((region.to_string(), usage_type.to_owned()), decimal(&row["lineItem/UnblendedCost"]));
        }
        let Ok(rate) = built_in.card.rate(service, usage_type, &region) else {
            assert_ne!(service, "AWSCloudTrail", "{written} has no rate");
            continue;
        };
        let billed = &row["pricing/publicOnDemandRate"];
        if billed.is_empty() || billed == "0.0" && service != "AWSCloudTrail" {
            continue; // Within a free tier.
        }
        checked += 1;
        let known =
            rate.tiers.iter().any(|tier| tier.price.is_some_and(|price| price.value() == decimal(billed)));
        if !known {
            wrong.push(format!("{written}: billed at {billed}, tables say {:?}", rate.tiers));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked >= 12, "only {checked} rows could be checked");
    let data = "DataEventsRecorded".to_owned();
    assert_eq!(cloudtrail[&("ca-central-1".to_owned(), data.clone())], "0.000113".parse().unwrap());
    assert_eq!(cloudtrail[&("us-west-2".to_owned(), data)], "0.000127".parse().unwrap());
}

#[test]
fn a_focus_bill_has_the_prices_of_the_tables() {
    let Some(folder) = folder() else { return };
    let built_in = BuiltIn::new();
    let mut events = Decimal::ZERO;
    let mut seen = 0;
    for row in rows(folder.join("billing/focus-1.0/focus_sample.csv")) {
        if row["ServiceName"] != "AWS CloudTrail" {
            continue;
        }
        seen += 1;
        let region = RegionCode::new(&row["RegionId"]);
        let rate = built_in.card.rate("AWSCloudTrail", "FreeEventsRecorded", &region).unwrap();
        assert_eq!(rate.tiers[0].sku_price_id.as_deref(), Some(row["SkuPriceId"].as_str()));
        assert_eq!(rate.tiers[0].price.unwrap().value(), decimal(&row["ListUnitPrice"]));
        assert_eq!(rate.unit.name(), row["ConsumedUnit"]);
        events += decimal(&row["ConsumedQuantity"]);
    }
    assert_eq!((seen, events), (8, Decimal::from(2_775)));
}

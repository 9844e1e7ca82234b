//! Free tiers from the scenario to the report: when they are taken off, what is shown, and a table of one's own.

use crate::support::{BuiltIn, root};
use std::fs;
use std::path::Path;
use std::process::Command;
use trailcost::domain::{LineItem, LineItemSink, Money, Quantity, SinkError};

const HEAD: &str = "version = 1\nname = \"free\"\nstart = \"2027-01\"\n";

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

/// A directory with a scenario of `publishes`, and an empty folder for tables.
fn directory(head: &str, publishes: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("own")).unwrap();
    let volume = "[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\n";
    let usage = format!("usage = {{ \"AmazonSNS:Requests-Tier1\" = {publishes} }}\n");
    fs::write(directory.path().join("own.toml"), format!("{HEAD}months = 1\n{head}{volume}{usage}")).unwrap();
    directory
}

fn estimate(directory: &tempfile::TempDir, arguments: &[&str]) -> serde_json::Value {
    let all = [&["estimate", "own.toml", "--format", "json"], arguments].concat();
    let (code, printed) = run(directory.path(), &all);
    assert_eq!(code, 0, "{printed}");
    serde_json::from_str(&printed).unwrap()
}

#[test]
fn nothing_is_free_unless_the_scenario_says_so() {
    for (head, total, tiers) in
        [("", "1", vec![1]), ("free_tier = false\n", "1", vec![1]), ("free_tier = true\n", "0.5", vec![0, 1])]
    {
        let json = estimate(&directory(head, "2_000_000"), &[]);
        assert_eq!(json["summary"]["total"], total, "{head}");
        let items = json["line_items"].as_array().unwrap();
        let found: Vec<u64> = items.iter().map(|item| item["tier"].as_u64().unwrap()).collect();
        assert_eq!(found, tiers, "{head}");
        let assumed = json["assumptions"].to_string().contains("free_tier");
        assert_eq!(assumed, head.is_empty(), "what is left open is assumed: {head}");
    }
}

#[test]
fn the_free_part_is_a_row_of_its_own() {
    let directory = directory("free_tier = true\n", "2_000_000");
    let (code, table) = run(directory.path(), &["estimate", "own.toml", "--out", "out"]);
    assert_eq!(code, 0);
    assert!(table.contains("built-in free_tiers.csv (1 free tier)"), "{table}");
    let text = fs::read_to_string(directory.path().join("out/line_items.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let columns = ["x_Tier", "ConsumedQuantity", "ListUnitPrice", "ListCost", "ContractedCost"];
    let rows: Vec<Vec<String>> = reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let at = |name: &str| headers.iter().position(|own| own == name).unwrap();
            columns.iter().map(|name| record[at(name)].to_owned()).collect()
        })
        .collect();
    assert_eq!(rows, [["0", "1000000", "0", "0", "0"], ["1", "1000000", "0.0000005", "0.5", "0.5"]]);
}

#[test]
fn a_table_of_ones_own_replaces_a_free_tier() {
    let directory = directory("free_tier = true\n", "2_000_000");
    let header = "allowance,service,usage_type,unit,free_quantity,source,retrieved_on,confidence\n";
    for (free, total) in [("0", "1"), ("1500000", "0.25"), ("3000000", "0")] {
        let row = format!("own,AmazonSNS,Requests-Tier1,Requests,{free},our contract,2026-01-01,A\n");
        fs::write(directory.path().join("own/free_tiers.csv"), format!("{header}{row}")).unwrap();
        assert_eq!(estimate(&directory, &["--pricing", "own"])["summary"]["total"], total, "{free}");
    }
    let (code, printed) = run(
        directory.path(),
        &["pricing", "list", "--free-tiers", "--pricing", "own", "--service", "AmazonSNS", "--format", "csv"],
    );
    assert_eq!(code, 0);
    assert!(printed.contains("own,AmazonSNS,Requests-Tier1,Requests,3000000,"), "{printed}");
    assert!(!printed.contains("sns_requests"), "{printed}");
    fs::write(directory.path().join("own/free_tiers.csv"), printed).unwrap();
    assert_eq!(run(directory.path(), &["pricing", "check", "own/free_tiers.csv"]).0, 0);
}

#[test]
fn what_is_unknown_stays_unknown() {
    let json = estimate(&directory("free_tier = true\n", "\"unknown\""), &[]);
    assert_eq!(json["summary"]["complete"], false);
    let items = json["line_items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!((&items[0]["tier"], &items[0]["has_unknown_usage"]), (&1.into(), &true.into()));
}

#[test]
fn the_list_shows_every_built_in_free_tier() {
    let (code, printed) = run(root(), &["pricing", "list", "--free-tiers"]);
    assert_eq!(code, 0);
    assert!(
        printed.contains("sns_requests: 1,000,000 Requests\n  AmazonSNS Requests-Tier1  (B)\n"),
        "{printed}"
    );
}

#[derive(Default)]
struct Sums {
    quantity: Option<Quantity>,
    free: Option<Quantity>,
    cost: Money,
}

impl LineItemSink for Sums {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        let add = |sum: &mut Option<Quantity>| {
            *sum = Some(sum.unwrap_or(Quantity::ZERO).plus(item.quantity).unwrap());
        };
        add(&mut self.quantity);
        if item.tier == LineItem::FREE_TIER {
            add(&mut self.free);
            assert_eq!(item.contracted_cost, Some(Money::ZERO));
        }
        self.cost = self.cost.checked_add(item.contracted_cost.unwrap()).unwrap();
        Ok(())
    }
}

#[test]
fn many_accounts_share_it_the_same_on_one_thread_and_on_several() {
    let built_in = BuiltIn::new();
    let mut text = format!("{HEAD}months = 12\nfree_tier = true\ngrowth = {{ monthly = \"3%\" }}\n");
    let mut whole = 0_u64;
    for account in 0..70_u64 {
        let (publishes, gigabytes) = (10_007 + account * 1_009, 7 + account % 5);
        whole += publishes;
        text.push_str(&format!(
            "[[volume]]\naccount = \"1000000000{account:02}\"\nregion = \"us-east-1\"\nusage = {{ \"AmazonSNS:Requests-Tier1\" = {publishes}, \"VendedLog-Bytes\" = {gigabytes} }}\n"
        ));
    }
    assert!(whole > 1_000_000);
    let model = built_in.model(&text);
    let mut sums = Sums::default();
    let one_thread = built_in.estimate(&model, Some(&mut sums));
    assert_eq!(one_thread, built_in.estimate(&model, None));
    assert_eq!(sums.cost, one_thread.total.total.contracted);
    // A million requests and 5 GB in each of twelve months, to the last digit.
    assert_eq!(sums.free.unwrap().to_string(), (12 * (1_000_000 + 5)).to_string());
}

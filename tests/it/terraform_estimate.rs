//! `terraform estimate`: costs that add up, and files that break nothing and leak nothing.

use crate::terraform::{changed, folder, of_text, read};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

pub(crate) fn estimate(path: &Path, more: &[&str]) -> (i32, String, String) {
    let mut arguments = vec!["terraform", "estimate", path.to_str().unwrap()];
    arguments.extend(more);
    run(&arguments)
}

#[test]
fn bad_files_are_refused_with_one_clear_error() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path().join("plan.json");
    let nested = "[".repeat(100_000);
    let bomb = format!("{{\"resource_changes\": {}", "[".repeat(1_000_000));
    for (text, expected) in [
        ("nothing", "it is not JSON (line 1, column 2)"),
        ("[]", "it is neither a plan nor a state of Terraform's"),
        ("{}", "it is neither a plan nor a state of Terraform's"),
        ("{\"format_version\": \"7.0\", \"resource_changes\": []}", "the plan has format 7.0"),
        ("{\"resource_changes\": 5}", "it is not JSON of Terraform's"),
        ("{\"version\": 3, \"resources\": []}", "the state has version 3"),
        (nested.as_str(), "it is not JSON"),
        (bomb.as_str(), "it is not JSON"),
    ] {
        fs::write(&at, text).unwrap();
        let (code, printed, complaints) = estimate(&at, &[]);
        assert_eq!((code, printed.as_str()), (3, ""), "{complaints}");
        assert!(complaints.contains(expected), "{expected}\nin\n{complaints}");
    }
    fs::write(&at, [0xff, 0xfe, 0x00]).unwrap();
    assert!(estimate(&at, &[]).2.contains("a plan file itself is not read"));
    let (code, _, complaints) = estimate(&directory.path().join("missing.json"), &[]);
    assert_eq!(code, 3, "{complaints}");
    let sources = directory.path().join("sources");
    fs::create_dir(&sources).unwrap();
    assert!(estimate(&sources, &[]).2.contains("there is no Terraform source"));
    fs::write(sources.join("main.tf"), "resource \"aws_cloudtrail\" {{{").unwrap();
    let (code, _, complaints) = estimate(&sources, &[]);
    assert!(code == 3 && complaints.contains("line 1"), "{complaints}");
}

#[test]
fn hostile_resources_become_gaps() {
    let deep = (0..200).fold(json!(1), |own, _| json!([own]));
    let plan = json!({ "format_version": "1.2", "resource_changes": [
        5, null, {}, { "address": "x", "type": "aws_cloudtrail", "mode": "managed", "change": {} },
        { "address": "aws_cloudtrail.deep", "mode": "managed", "type": "aws_cloudtrail",
          "change": { "actions": ["create"], "after": { "name": deep } } },
        { "address": "aws_cloudtrail.odd", "mode": "managed", "type": "aws_cloudtrail",
          "change": { "actions": ["create"], "after": {
            "name": ["a"], "s3_bucket_name": { "a": 1 }, "is_multi_region_trail": "perhaps",
            "event_selector": "all", "advanced_event_selector": [5], "insight_selector": [{ "insight_type": 7 }] },
            "after_unknown": [] } },
        { "address": "aws_cloudtrail_event_data_store.odd", "mode": "managed", "type": "aws_cloudtrail_event_data_store",
          "change": { "actions": ["create"], "after": { "name": "s", "billing_mode": "FREE", "retention_period": -5 } } },
    ]});
    let found = of_text(&plan);
    let told = found.after.gaps.iter().map(|own| own.what.clone()).collect::<Vec<_>>().join("\n");
    for expected in [
        "nested deeper than 128 levels); it is left out: aws_cloudtrail.deep",
        "the address of a resource is none; it is left out: x",
        "`s3_bucket_name` is no text, and not read: aws_cloudtrail.odd",
        "`is_multi_region_trail` is no switch (true or false), and not read: aws_cloudtrail.odd",
        "`event_selector` is no block, and not read: aws_cloudtrail.odd",
        "`billing_mode` is no pricing option of an event data store",
        "`retention_period` is no whole number",
    ] {
        assert!(told.contains(expected), "{expected}\nin\n{told}");
    }
    // Sources that lead round and round, or explode, end.
    let directory = tempfile::tempdir().unwrap();
    let mut text = "locals {\n  l0 = [1]\n".to_owned();
    for at in 1..60 {
        text.push_str(&format!("  l{at} = [local.l{0}, local.l{0}, local.l{0}]\n", at - 1));
    }
    text.push_str("  a = local.b\n  b = local.a\n}\n");
    text.push_str("resource \"aws_cloudtrail\" \"a\" {\n  name = local.a\n  s3_bucket_name = local.l59\n  count = aws_cloudtrail.b[0].name\n}\n");
    text.push_str("resource \"aws_cloudtrail\" \"b\" {\n  name = local.a\n  s3_bucket_name = \"x\"\n  count = aws_cloudtrail.a[0].name\n}\n");
    text.push_str("module \"m\" {\n  source = \"./\"\n}\n");
    fs::write(directory.path().join("main.tf"), text).unwrap();
    let found = read(directory.path());
    assert!(
        found
            .after
            .gaps
            .iter()
            .any(|own| own.what.contains("how many aws_cloudtrail.a makes is not worked out"))
    );
}

#[test]
fn secrets_are_never_printed_and_names_are_harmless() {
    let directory = tempfile::tempdir().unwrap();
    let hostile = "=cmd|' /C calc'!A0<script>|`[x](y)\u{202e}\u{1b}[31m\n";
    let secret = "hunter2-secret";
    let mut plan = changed(
        &["create"],
        &Value::Null,
        &json!({ "name": hostile, "s3_bucket_name": hostile, "tags": { "password": secret }, "event_selector": [
            { "data_resource": [{ "type": hostile, "values": [hostile] }] }] }),
    );
    plan["variables"] = json!({ "token": { "value": secret } });
    plan["resource_changes"].as_array_mut().unwrap().push(json!({
        "address": format!("aws_sns_topic_subscription.x[{}]", json!(hostile)), "mode": "managed",
        "type": "aws_sns_topic_subscription", "change": { "actions": ["create"], "after": {
            "endpoint": format!("https://{secret}"), "protocol": hostile, "topic_arn": secret } }
    }));
    plan["resource_changes"].as_array_mut().unwrap().push(json!({
        "address": "aws_cloudtrail.sensitive", "mode": "managed", "type": "aws_cloudtrail", "change": {
            "actions": ["create"], "after": { "name": secret, "s3_bucket_name": secret },
            "after_sensitive": { "name": true, "s3_bucket_name": true } }
    }));
    plan["resource_changes"][1]["change"]["after_sensitive"] = json!({ "topic_arn": true });
    let at = directory.path().join("plan.json");
    fs::write(&at, plan.to_string()).unwrap();
    for format in ["table", "json", "csv", "markdown"] {
        let (code, printed, complaints) = estimate(&at, &["--format", format]);
        assert_eq!(code, 0, "{complaints}");
        let all = printed + &complaints;
        assert!(!all.contains(secret), "{format}: {all}");
        assert!(!all.contains(['\u{1b}', '\u{202e}']), "{format}");
        if format == "csv" {
            assert!(all.lines().all(|own| !own.starts_with('=')), "{all}");
        }
        if format == "markdown" {
            assert!(!all.contains("<script>") && !all.contains("[x](y)"), "{all}");
        }
    }
    // The same out of sources with a sensitive variable.
    for form in ["", "plan.json"] {
        let (_, printed, complaints) =
            estimate(&folder().join("sensitive-values").join(form), &["--format", "json"]);
        assert!(!printed.contains("s3cr3t") && !complaints.contains("s3cr3t"), "{printed}");
        assert!(form.is_empty() || printed.contains("aws_cloudtrail.main"));
    }
}

const SCENARIO: &str = r#"version = 1
name = "Volumes"
start = "2026-01"
months = 36
[[account]]
id = "111122223333"
[[account.activity]]
region = "eu-west-1"
management = { read = "18M", write = "2M" }
data = [{ resource_type = "AWS::S3::Object", write = "10M" }]
[[trail]]
name = "baseline"
account = "111122223333"
home_region = "eu-west-1"
multi_region = true
management = "all"
"#;

#[test]
fn volumes_give_costs_that_add_up() {
    let directory = tempfile::tempdir().unwrap();
    let scenario = directory.path().join("volumes.toml");
    fs::write(&scenario, SCENARIO).unwrap();
    let volumes = ["--volumes", scenario.to_str().unwrap(), "--format", "json"];
    let modules = folder().join("modules/plan.json");
    // Reads go to one trail, writes to the other: each copy is the first, and free. The key costs a dollar.
    let (code, printed, complaints) = estimate(&modules, &volumes);
    assert_eq!(code, 0, "{complaints}");
    let alone: Value = serde_json::from_str(&printed).unwrap();
    let row = |own: &Value, address: &str| {
        own["resources"].as_array().unwrap().iter().find(|own| own["address"] == address).cloned().unwrap()
    };
    let reads = "module.trail[\"reads\"].aws_cloudtrail.this";
    assert_eq!(row(&alone, reads)["after"]["total"], "0");
    // Beside a trail of another team that records all, both are further copies: 20 M × $0.00002 a month.
    let others = [&volumes[..], &["--keep-others", "--fail-above", "400"]].concat();
    let (code, printed, _) = estimate(&modules, &others);
    assert_eq!(code, 1, "{printed}");
    let beside: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(row(&beside, reads)["after"]["month"], "360");
    assert_eq!(row(&beside, "module.trail[\"writes\"].aws_cloudtrail.this")["after"]["month"], "40");
    assert_eq!(beside["exceeded"], true);
    let (code, ..) =
        estimate(&modules, &[&volumes[..], &["--keep-others", "--fail-above", "100000"]].concat());
    assert_eq!(code, 0);
    for own in [&alone, &beside] {
        for (side, when) in [("before", "total"), ("after", "total"), ("after", "first_month")] {
            let amount =
                |row: &Value| -> rust_decimal::Decimal { row[side][when].as_str().unwrap().parse().unwrap() };
            let sum: rust_decimal::Decimal = own["resources"].as_array().unwrap().iter().map(amount).sum();
            assert_eq!(sum, amount(&own["total"]), "{side} {when}");
        }
        // One key for both trails and their bucket.
        assert_eq!(row(own, "module.storage.aws_kms_key.this")["after"]["month"], "1");
    }
    let (_, schema, _) = run(&["scenario", "schema", "--of", "terraform"]);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&beside));
    let out = directory.path().join("out");
    let (code, _, complaints) =
        estimate(&modules, &[&volumes[..2], &["--out", out.to_str().unwrap()]].concat());
    assert_eq!(code, 0, "{complaints}");
    for name in ["terraform.json", "terraform.csv", "terraform.md"] {
        assert!(out.join(name).is_file(), "{name}");
    }
}

#[test]
fn several_accounts_need_a_name() {
    let directory = tempfile::tempdir().unwrap();
    let scenario = directory.path().join("volumes.toml");
    fs::write(&scenario, format!("{SCENARIO}[[account]]\nid = \"444455556666\"\n")).unwrap();
    let at = folder().join("default-selectors/plan.json");
    let (code, _, complaints) = estimate(&at, &["--volumes", scenario.to_str().unwrap()]);
    assert!(code == 2 && complaints.contains("name it with --account"), "{complaints}");
    let named = ["--volumes", scenario.to_str().unwrap(), "--account", "444455556666"];
    assert_eq!(estimate(&at, &named).0, 0);
}

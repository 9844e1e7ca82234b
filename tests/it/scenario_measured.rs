//! Scenarios that say when they were measured and what could not be seen: the model, and what every format shows.

use crate::support::{BuiltIn, root};
use std::fs;
use std::process::Command;
use trailcost::domain::{GapKind, ProvenanceKind};
use trailcost::sources::scenario::{VOLUMES_FILE, WriteOptions};

const MEASURED: &str = r#"
version = 1
name = "prod"
start = "2026-12"
months = 12

[measured]
from = "2026-10-21"
to = "2026-11-19"
by = "measure aws"

[[volume]]
account = "111122223333"
region = "us-east-1"
paid_management_events = 61_000_000

[[gap]]
kind = "not_seen"
what = "the trails of 444455556666: AccessDenied"
remedy = "add cloudtrail:DescribeTrails"

[[gap]]
kind = "not_seen"
what = "Lambda invocations in eu-west-1"
"#;

/// Runs `trailcost` beside the scenario; other texts stand beside it as `other.toml`.
fn run(arguments: &[&str], scenario: &str, other: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("prod.toml"), scenario).unwrap();
    fs::write(folder.path().join("other.toml"), other).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(arguments)
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_was_measured_is_not_declared() {
    let built_in = BuiltIn::new();
    let model = built_in.model(MEASURED);
    let measured = model.measured.as_ref().unwrap();
    assert_eq!((measured.from.to_string(), measured.by.as_str()), ("2026-10-21".to_owned(), "measure aws"));
    assert_eq!(model.observations.volumes[0].amount.provenance.kind, ProvenanceKind::Measured);
    let gaps: Vec<(GapKind, &str)> = model.gaps.iter().map(|own| (own.kind, own.remedy.as_str())).collect();
    assert_eq!(gaps, [(GapKind::NotSeen, "add cloudtrail:DescribeTrails"), (GapKind::NotSeen, "")]);
    let imagined = built_in.model(
        &MEASURED
            .replace("[measured]", "[keep]\n[seasonality]\n#")
            .replace("from =", "#")
            .replace("to =", "#")
            .replace("by =", "#"),
    );
    assert_eq!(imagined.measured, None);
    assert_eq!(imagined.observations.volumes[0].amount.provenance.kind, ProvenanceKind::Declared);
}

#[test]
fn the_table_says_so_in_its_head() {
    let shown = run(&["estimate", "prod.toml"], MEASURED, "");
    let head: Vec<&str> = shown.lines().take(4).collect();
    assert_eq!(head[0], "CloudTrail cost · prod");
    assert_eq!(head[2], "Volumes: measured 21 Oct – 19 Nov 2026 (measure aws)");
    assert_eq!(head[3], "");
    let gaps = "\nNot seen\n  Lambda invocations in eu-west-1\n  the trails of 444455556666: AccessDenied: add cloudtrail:DescribeTrails\n";
    assert!(shown.contains(gaps), "{shown}");
    // What was not seen leaves the rest as it is.
    assert!(shown.contains("$1,220.00 a month") && !shown.contains("incomplete"), "{shown}");
}

#[test]
fn markdown_and_json_say_so_too() {
    let shown = run(&["estimate", "prod.toml", "--format", "markdown"], MEASURED, "");
    assert!(
        shown.contains("\nVolumes measured 21 Oct – 19 Nov 2026 (measure aws). Prices as of "),
        "{shown}"
    );
    assert!(shown.contains("- Not seen: Lambda invocations in eu-west-1\n"), "{shown}");
    let shown = run(&["estimate", "prod.toml", "--format", "json"], MEASURED, "");
    let json: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let expected = serde_json::json!({ "from": "2026-10-21", "to": "2026-11-19", "by": "measure aws" });
    assert_eq!(json["scenario"]["measured"], expected);
    assert_eq!(json["summary"]["complete"], true);
    let kinds: Vec<&str> =
        json["gaps"].as_array().unwrap().iter().map(|own| own["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["not_seen", "not_seen"]);
    assert_eq!(json["line_items"][0]["provenance"], "measured prod.toml:15");
    let trail = MEASURED.replace(
        "[[volume]]\naccount = \"111122223333\"",
        "[[account]]\nid = \"111122223333\"\n[[account.activity]]",
    );
    let trail = trail
        .replace("paid_management_events = 61_000_000", "management = { read = 5 }\n[[trail]]\nname = \"t\"");
    let json: serde_json::Value =
        serde_json::from_str(&run(&["estimate", "prod.toml", "--format", "json"], &trail, "")).unwrap();
    assert_eq!(json["line_items"][0]["provenance"], "derived from measured");
    let imagined = MEASURED.split_once("[measured]").unwrap();
    let imagined = format!("{}{}", imagined.0, &imagined.1[imagined.1.find("[[volume]]").unwrap()..]);
    let shown = run(&["estimate", "prod.toml", "--format", "json"], &imagined, "");
    let json: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(json["scenario"].get("measured"), None);
}

#[test]
fn a_comparison_names_what_one_side_rests_on() {
    let other = "version = 1\nname = \"idea\"\nstart = \"2026-12\"\nmonths = 12\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = \"1M\"\n";
    for format in ["table", "markdown", "json"] {
        let shown = run(&["compare", "prod.toml", "other.toml", "--format", format], MEASURED, other);
        for note in [
            "prod`: volumes measured 21 Oct – 19 Nov 2026",
            "prod`: not seen: Lambda invocations in eu-west-1, the",
        ] {
            // Lines are wrapped, and marks escaped.
            let plain = shown.replace("\\`", "`").split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(plain.contains(note), "{format}: {shown}");
        }
    }
}

#[test]
fn a_volume_that_is_missing_makes_the_total_a_floor() {
    let built_in = BuiltIn::new();
    for (kind, complete) in
        [("volume", false), ("not_included", true), ("coverage", true), ("not_seen", true)]
    {
        let text = MEASURED.replace("not_seen", kind);
        assert_eq!(built_in.estimate(&built_in.model(&text), None).is_complete(), complete, "{kind}");
    }
    let shown = run(&["estimate", "prod.toml"], &MEASURED.replace("not_seen", "volume"), "");
    assert!(shown.contains("≥ $1,220.00 a month") && shown.contains("Total, incomplete"), "{shown}");
    assert!(shown.contains("\nUnknown\n  Lambda invocations in eu-west-1\n"), "{shown}");
}

#[test]
fn a_measurement_cannot_steer_the_terminal() {
    let hostile =
        MEASURED.replace("measure aws", "\\u001b[31mred\\u202e").replace("AccessDenied", "\\n\\u001b]0;x");
    for format in ["table", "markdown"] {
        let shown = run(&["estimate", "prod.toml", "--format", format], &hostile, "");
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
        assert!(shown.contains("444455556666: \u{fffd}\u{fffd}") || format == "markdown", "{shown}");
    }
}

#[test]
fn the_readme_shows_both_tables_right() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let block = readme.split("```toml\n").find(|block| block.starts_with("[measured]")).unwrap();
    let block = block.split("```").next().unwrap();
    let model = BuiltIn::new().model(&format!("version = 1\nname = \"x\"\nstart = \"2026-12\"\n{block}"));
    assert!(model.measured.is_some());
    assert_eq!(model.gaps.len(), 1);
    let most = WriteOptions::default().volumes_file_from;
    let words = format!("past {most} accounts and Regions their volumes go into `{VOLUMES_FILE}`");
    assert!(readme.replace('\n', " ").contains(&words), "{words}");
    for kind in [GapKind::Volume, GapKind::NotIncluded, GapKind::Coverage, GapKind::NotSeen] {
        assert!(readme.contains(&format!("`{}`", kind.name())), "{}", kind.name());
    }
}

//! Holds the import table: every room imports only rooms before it, and what must stay out of a room stays out.

use crate::support::root;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each room may import besides `domain`.
const MAY_IMPORT: [(&str, &[&str]); 18] = [
    ("domain", &[]),
    ("io", &[]),
    ("emit", &[]),
    ("pricing", &[]),
    ("sources", &["io"]),
    ("store", &["io"]),
    ("usage", &[]),
    ("costing", &["pricing"]),
    ("stats", &[]),
    ("simulation", &["costing", "pricing", "stats", "usage"]),
    // What explains a difference is CloudTrail's, so that it cannot be part of costing.
    ("reconcile", &["costing", "pricing"]),
    ("attribution", &["pricing"]),
    ("recommend", &["costing", "pricing", "usage"]),
    ("check", &["recommend"]),
    ("posture", &["costing", "pricing", "recommend", "usage"]),
    (
        "report",
        &[
            "attribution",
            "check",
            "costing",
            "posture",
            "pricing",
            "reconcile",
            "recommend",
            "simulation",
            "stats",
        ],
    ),
    (
        "cli",
        &[
            "attribution",
            "check",
            "costing",
            "emit",
            "io",
            "posture",
            "pricing",
            "reconcile",
            "recommend",
            "report",
            "simulation",
            "sources",
            "store",
            "usage",
        ],
    ),
    ("main", &["cli"]),
];

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|own| own == "rs") {
            found.push(path);
        }
    }
}

/// Every source file by its path under `src`, with `/` between folders.
fn sources() -> BTreeMap<String, String> {
    let source = root().join("src");
    let mut found = Vec::new();
    files(&source, &mut found);
    found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&source).unwrap().to_str().unwrap().replace('\\', "/");
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

fn room(name: &str) -> &str {
    name.split('/').next().unwrap().trim_end_matches(".rs")
}

/// Code before the file's tests: tests may reach further.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap()
}

#[test]
fn rooms_import_only_rooms_before_them() {
    let rooms: Vec<&str> = MAY_IMPORT.iter().map(|(room, _)| *room).collect();
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let own = room(&name);
        if own == "lib" {
            continue;
        }
        let (_, allowed) = MAY_IMPORT
            .iter()
            .find(|(room, _)| *room == own)
            .unwrap_or_else(|| panic!("{name}: no row of the import table for this room"));
        for (at, line) in code(&text).lines().enumerate() {
            for crate_name in ["crate::", "trailcost::"] {
                for (position, _) in line.match_indices(crate_name) {
                    let rest = &line[position + crate_name.len()..];
                    let target: String =
                        rest.chars().take_while(|own| own.is_alphanumeric() || *own == '_').collect();
                    let known = rooms.contains(&target.as_str());
                    if known && target != own && target != "domain" && !allowed.contains(&target.as_str()) {
                        wrong.push(format!("{name}:{}: {own} imports {target}", at + 1));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Asserts that none of the words stands in the files for which `applies` holds.
fn forbid(words: &[&str], why: &str, applies: impl Fn(&str) -> bool) {
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for (name, text) in sources() {
        if !applies(&name) {
            continue;
        }
        looked_at += 1;
        for word in words {
            if let Some(at) = code(&text).find(word) {
                let line = text[..at].lines().count();
                wrong.push(format!("{name}:{line}: `{word}`: {why}"));
            }
        }
    }
    assert!(looked_at > 0, "the rule looks at no file");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn costing_knows_no_service() {
    forbid(
        &["CloudTrail", "cloudtrail", "EventsRecorded", "AmazonS3", "Trail", "Lake"],
        "costing prices any usage",
        |name| room(name) == "costing",
    );
}

#[test]
fn files_and_the_environment_stay_at_the_edge() {
    forbid(
        &[
            "std::fs",
            "std::env",
            "std::net",
            "std::process",
            "SystemTime",
            "Instant::now",
            "Timestamp::now",
            "Zoned::now",
        ],
        "files, clock, network and environment belong to sources, store, io and cli",
        |name| !["sources", "store", "io", "cli", "main"].contains(&room(name)),
    );
    forbid(&["SystemTime", "Instant::now", "Timestamp::now", "Zoned::now"], "today is an argument", |name| {
        name != "cli/clock.rs"
    });
}

#[test]
fn arguments_stay_in_cli_and_drawing_in_chart() {
    forbid(&["clap"], "arguments belong to cli", |name| room(name) != "cli");
    forbid(&["plotters", "resvg"], "drawing belongs to report/chart", |name| {
        !name.starts_with("report/chart/")
    });
}

#[test]
fn the_sdk_stays_in_its_room() {
    let words =
        ["tokio", "aws_sdk", "aws_config", "aws_smithy", "aws_runtime", "aws_credential", "futures_util"];
    forbid(&words, "the AWS SDK belongs to sources/aws/live", |name| !name.starts_with("sources/aws/live/"));
}

#[test]
fn money_is_never_a_binary_float() {
    forbid(&["f64", "f32"], "money and quantities are exact decimals", |name| {
        // The TOML reader hands a bare number over as a float; it is turned back into its text at once.
        name != "sources/scenario/quantity_text.rs"
            && !name.starts_with("report/chart/")
            && room(name) != "stats"
    });
}

#[test]
fn files_stay_small() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|(name, text)| (text.lines().count(), name))
        .filter(|(lines, _)| *lines > 600)
        .map(|(lines, name)| format!("{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "split by concept: {}", long.join(", "));
}

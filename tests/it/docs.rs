//! Everything that the README and the other documents claim is run or compared here.

use crate::support::root;
use std::fs;
use std::process::Command;

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// Runs `trailcost` in the project's folder and returns exit code and stdout.
fn run(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(arguments)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .output()
        .unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// The commands of ```console blocks with the output that follows each.
fn examples(text: &str) -> Vec<(String, String)> {
    let mut examples = Vec::new();
    for block in text.split("```console\n").skip(1) {
        let block = block.split("\n```").next().unwrap();
        let (command, output) = block.split_once('\n').unwrap();
        examples.push((command.strip_prefix("$ trailcost ").unwrap().to_owned(), format!("{output}\n")));
    }
    examples
}

#[test]
fn the_readme_shows_what_the_commands_print() {
    let examples = examples(&read("README.md"));
    assert!(examples.len() >= 3);
    for (command, expected) in examples {
        let arguments: Vec<&str> = command.split(' ').collect();
        let (code, printed) = run(&arguments);
        // The check that is shown finds something.
        assert_eq!(code, i32::from(command.starts_with("check ")), "{command}");
        if expected.contains(LEFT_OUT) {
            is_excerpt(&printed, &expected, &command);
        } else {
            assert_eq!(printed, expected, "{command}");
        }
    }
}

/// Stands for lines of the output that are not shown.
const LEFT_OUT: &str = "[…]\n";

/// Finds the parts of an excerpt in what is printed, one behind the other, the first at the beginning, the last at the end.
fn is_excerpt(printed: &str, expected: &str, command: &str) {
    let parts: Vec<&str> = expected.split(LEFT_OUT).collect();
    let mut rest = printed;
    for (at, part) in parts.iter().enumerate() {
        let found =
            rest.find(part).unwrap_or_else(|| panic!("{command} does not print\n{part}\nin\n{printed}"));
        assert!(at > 0 || found == 0, "{command} begins with something else:\n{printed}");
        rest = &rest[found + part.len()..];
    }
    assert!(parts.last().is_some_and(|own| own.is_empty()) || rest.is_empty(), "{command} ends with {rest}");
}

#[test]
fn the_readme_lists_every_exit_code() {
    let text = read("README.md");
    let rows: Vec<String> = trailcost::cli::exit_code::ALL
        .iter()
        .map(|(code, meaning)| format!("| {code} | {meaning} |\n"))
        .collect();
    let rows = rows.concat();
    assert!(text.contains(&rows), "expected in the README:\n{rows}");
}

#[test]
fn the_readme_names_files_and_commands_that_are_there() {
    let text = read("README.md");
    let scenarios = fs::read_dir(root().join("scenarios")).unwrap();
    for entry in scenarios {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".toml") {
            assert!(text.contains(&name), "the README does not name scenarios/{name}");
        }
    }
    for name in
        text.split('`').filter(|own| own.contains('/') && !own.contains([' ', '*', '=']) && own.contains('.'))
    {
        if !name.starts_with("DIR/") && !name.starts_with("http") {
            assert!(root().join(name).exists(), "the README names {name}, which is not there");
        }
    }
    let version = read("Cargo.toml");
    let version = version.split("rust-version = \"").nth(1).unwrap().split('"').next().unwrap();
    assert!(text.contains(version), "the README does not name Rust {version}");
    for command in trailcost::cli::command().get_subcommands() {
        let name = command.get_name();
        if !["completions", "man", "help"].contains(&name) {
            assert!(text.contains(&format!("trailcost {name}")), "the README does not show `{name}`");
        }
    }
}

#[test]
fn the_readme_lists_every_question_of_an_investigation() {
    let (code, printed) = run(&[
        "measure",
        "athena",
        "--print-sql",
        "--logs",
        "s3://audit-logs",
        "--account",
        "111122223333",
        "--region",
        "us-east-1",
        "--from",
        "2026-10-01",
        "--until",
        "2026-10-31",
        "--format",
        "json",
    ]);
    assert_eq!(code, 0);
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let queries = printed["queries"].as_array().unwrap();
    let text = |own: &serde_json::Value| own.as_str().unwrap().to_owned();
    let rows: Vec<String> = queries
        .iter()
        .filter(|own| !text(&own["name"]).starts_with("count-"))
        .map(|own| format!("| `{}` | {} |\n", text(&own["name"]), text(&own["answers"])))
        .collect();
    assert!(rows.len() >= 6);
    let rows = rows.concat();
    assert!(read("README.md").contains(&rows), "expected in the README:\n{rows}");
}

#[test]
fn every_shipped_scenario_and_template_is_right() {
    let schema: serde_json::Value = serde_json::from_str(&run(&["scenario", "schema"]).1).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut seen = 0;
    for folder in ["scenarios", "scenarios/templates"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            if !name.ends_with(".toml") || name.ends_with("defaults.toml") {
                continue;
            }
            let (code, printed) = run(&["scenario", "check", &name]);
            assert_eq!(code, 0, "{name}: {printed}");
            assert_eq!(run(&["estimate", &name, "--draws", "20"]).0, 0, "{name}");
            let document: toml::Value = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            let document = serde_json::to_value(document).unwrap();
            let errors: Vec<String> =
                validator.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{name}: {errors:?}");
            seen += 1;
        }
    }
    assert!(seen >= 8);
}

#[test]
fn json_output_follows_its_schema() {
    for (of, arguments) in [
        ("recommend", vec!["recommend", "scenarios/lake-and-alternatives.toml", "--format", "json"]),
        ("bill", vec!["measure", "bill", "tests/fixtures/billing/cur-legacy.csv", "--format", "json"]),
        ("bill", vec!["measure", "bill", "tests/fixtures/billing/cost-explorer.csv", "--format", "json"]),
        (
            "estimate",
            vec!["estimate", "scenarios/lake-and-alternatives.toml", "--by", "account", "--format", "json"],
        ),
        ("estimate", vec!["estimate", "scenarios/templates/large.toml", "--format", "json"]),
        (
            "estimate",
            vec!["estimate", "scenarios/uncertain-volumes.toml", "--draws", "50", "--format", "json"],
        ),
        (
            "measure",
            vec!["measure", "aws", "--replay", "tests/fixtures/aws/organization", "--format", "json"],
        ),
        (
            "compare",
            vec![
                "compare",
                "scenarios/all-data-events.toml",
                "scenarios/selective-data-events.toml",
                "--format",
                "json",
            ],
        ),
        (
            "reconcile",
            vec![
                "reconcile",
                "scenarios/mid-size-saas.toml",
                "--bill",
                "tests/fixtures/reconcile/january.csv",
                "--measured",
                "scenarios/uncertain-volumes.toml",
                "--format",
                "json",
            ],
        ),
    ] {
        let schema: serde_json::Value =
            serde_json::from_str(&run(&["scenario", "schema", "--of", of]).1).unwrap();
        let document: serde_json::Value = serde_json::from_str(&run(&arguments).1).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{arguments:?}: {errors:?}");
    }
}

#[test]
fn the_price_tables_are_right_and_their_columns_documented() {
    let (code, printed) = run(&["pricing", "check"]);
    assert_eq!(code, 0, "{printed}");
    let text = read("pricing/README.md");
    for column in trailcost::pricing::COLUMNS {
        assert!(text.contains(&format!("`{column}`")), "pricing/README.md does not explain {column}");
    }
    for column in trailcost::pricing::FREE_TIER_COLUMNS {
        assert!(text.contains(&format!("`{column}`")), "pricing/README.md does not explain {column}");
    }
    // A price table on disk that is not built in would never be used.
    let built_in: Vec<&str> = trailcost::pricing::TABLES.iter().map(|(name, _)| *name).collect();
    for entry in fs::read_dir(root().join("pricing")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".csv") && !["regions.csv", "free_tiers.csv"].contains(&name.as_str()) {
            assert!(built_in.contains(&name.as_str()), "{name} is not built in");
        }
    }
}

#[test]
fn every_compliance_profile_is_listed() {
    let text = read("compliance/README.md");
    for (id, _) in trailcost::sources::compliance::PROFILES {
        assert!(text.contains(&format!("`{id}`")), "compliance/README.md does not list {id}");
    }
}

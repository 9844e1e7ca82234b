//! `check`: budgets and policies, their formats and exit codes.

use crate::support::root;
use assert_cmd::Command;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::Duration;

fn trailcost() -> Command {
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.timeout(Duration::from_mins(2)).current_dir(root());
    command
}

const DUPLICATES: &str = "scenarios/organization-duplicate-trails.toml";

fn checked(scenario: &str, budget: &Path, format: &str, code: i32) -> String {
    let arguments = ["check", scenario, "--format", format, "--budget", budget.to_str().unwrap()];
    let output = trailcost().args(arguments).assert().code(code);
    String::from_utf8(output.get_output().stdout.clone()).unwrap()
}

fn budget(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    fs::write(file.path(), format!("version = 1\n{text}")).unwrap();
    file
}

#[test]
fn budgets_and_policies_are_checked_in_a_scenario() {
    let own: Value =
        serde_json::from_str(&checked(DUPLICATES, &root().join("tests/fixtures/budget.toml"), "json", 1))
            .unwrap();
    let schema = trailcost().args(["scenario", "schema", "--of", "check"]).output().unwrap();
    jsonschema::validate(&serde_json::from_slice(&schema.stdout).unwrap(), &own).unwrap();
    let found = |rule: &str, what: &str| {
        let all = own["verdicts"].as_array().unwrap().iter();
        let mut own = all.filter(|own| own["rule"] == rule && own["what"].as_str().unwrap().contains(what));
        own.next().unwrap_or_else(|| panic!("no {rule} of {what}")).clone()
    };
    // $752 in every month, all of it further copies; $9,024 in a year; $580 in production.
    let month = found("budget-monthly", "CloudTrail");
    assert_eq!(
        (&month["level"], &month["actual"], &month["limit"]),
        (&json!("warning"), &json!("752"), &json!("800"))
    );
    let year = found("budget-yearly", "CloudTrail");
    assert_eq!(
        (&year["level"], &year["actual"], &year["when"]),
        (&json!("exceeded"), &json!("9024"), &json!("2026-01 to 2026-12"))
    );
    assert_eq!(found("budget-monthly", "production")["actual"], "580");
    let share = found("budget-share", "further copies");
    assert_eq!((&share["level"], &share["limit"]), (&json!("exceeded"), &json!("376")));
    let copies = found("duplicate-management-copies", "baseline");
    assert_eq!((&copies["level"], &copies["saves"]), (&json!("exceeded"), &json!("712")));
    assert_eq!(found("require-multi-region", "")["level"], "within");
    assert_eq!(found("no-data-events-on-all-resources", "")["level"], "within");
    assert_eq!(own["exceeded"], true);
    // Within everything the code is 0.
    let wide = budget("[[budget]]\nname = \"wide\"\nmonthly = \"1_000\"\n");
    let text = checked(DUPLICATES, wide.path(), "table", 0);
    assert!(
        text.contains("1 is within") && text.contains("wide: $752.00 in 2026-01, limit $1,000.00"),
        "{text}"
    );
    let all = budget("[policy]\nno_data_events_on_all_resources = true\n");
    let text = checked("scenarios/all-data-events.toml", all.path(), "table", 1);
    assert!(text.contains("records data events of every AWS::S3::Object"), "{text}");
}

#[test]
fn verdicts_are_harmless_in_every_format() {
    let hostile = budget(
        "[[budget]]\nname = \"<!channel> | `x` \\u001b[31m & <script>alert(1)</script>\"\nmonthly = \"1\"\n",
    );
    for format in ["table", "json", "sarif", "markdown", "slack", "teams"] {
        let text = checked(DUPLICATES, hostile.path(), format, 1);
        assert!(!text.chars().any(|own| own.is_control() && own != '\n'), "{format}");
        match format {
            "markdown" => assert!(!text.contains("<script>") && text.starts_with("<!-- trailcost check -->")),
            "slack" => {
                let own: Value = serde_json::from_str(&text).unwrap();
                let said = own["blocks"][1]["text"]["text"].as_str().unwrap();
                assert!(said.contains("&lt;!channel&gt;") && !said.contains("<!channel>"), "{said}");
                assert!(!own["text"].as_str().unwrap().contains("<!channel>"));
            }
            "teams" => {
                let own: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(own["attachments"][0]["content"]["type"], "AdaptiveCard");
            }
            "sarif" => {
                let own: Value = serde_json::from_str(&text).unwrap();
                let run = &own["runs"][0];
                assert_eq!(
                    (&own["version"], &run["results"][0]["level"]),
                    (&json!("2.1.0"), &json!("error"))
                );
                assert_eq!(run["results"][0]["ruleId"], run["tool"]["driver"]["rules"][0]["id"]);
                let place = &run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
                assert_eq!(place, DUPLICATES);
            }
            _ => {}
        }
    }
}

#[test]
fn a_recorded_month_is_checked_against_what_came_before() {
    let folder = tempfile::tempdir().unwrap();
    let history = folder.path().join("history");
    for (month, events) in [("2026-01", 10_000_000), ("2026-02", 12_000_000), ("2026-04", 30_000_000)] {
        let file = folder.path().join(format!("{month}.toml"));
        fs::write(
            &file,
            format!(
                "version = 1\nname = \"x\"\nstart = \"{month}\"\nmonths = 1\n[[account]]\nid = \"111122223333\"\ntags = {{ owner = \"payments\" }}\n\
                 [[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = {events}\n"
            ),
        )
        .unwrap();
        trailcost().args(["report", "record", "--history"]).arg(&history).arg(&file).assert().success();
    }
    let check = |text: &str, month: &str, code: i32| -> Value {
        let file = budget(text);
        let output = trailcost()
            .args(["check", "--format", "json", "--month", month, "--budget"])
            .arg(file.path())
            .arg("--history")
            .arg(&history)
            .assert()
            .code(code);
        serde_json::from_slice(&output.get_output().stdout).unwrap_or_default()
    };
    let verdict = |text: &str, month: &str, code: i32| {
        let own = check(&format!("[[budget]]\nname = \"b\"\n{text}\n"), month, code);
        let own = &own["verdicts"][0];
        (own["level"].as_str().unwrap().to_owned(), own["actual"].as_str().unwrap().to_owned())
    };
    let own = |level: &str, actual: &str| (level.to_owned(), actual.to_owned());
    // $200, $240, $600 at $2 for 100,000.
    assert_eq!(verdict("monthly = \"239.99\"", "2026-02", 1), own("exceeded", "240"));
    assert_eq!(verdict("growth = \"20%\"", "2026-02", 0), own("within", "240"));
    assert_eq!(verdict("growth = \"19.9%\"", "2026-02", 1), own("exceeded", "240"));
    assert_eq!(verdict("yearly = \"440\"", "2026-02", 0), own("within", "440"));
    assert_eq!(verdict("yearly = \"1039\"", "2026-04", 1), own("exceeded", "1040"));
    assert_eq!(
        verdict("tag = { owner = \"payments\" }\nmonthly = \"599\"", "2026-04", 1),
        own("exceeded", "600")
    );
    assert_eq!(verdict("tag = { owner = \"others\" }\nmonthly = \"599\"", "2026-04", 0), own("warning", "0"));
    // Of March nothing is recorded: what April grew from is not known.
    assert_eq!(verdict("growth = \"1%\"", "2026-04", 0), own("unknown", "600"));
    check("[[budget]]\nname = \"b\"\nmonthly = \"1\"\n", "2026-03", 3);
    check("[policy]\ndeny = [\"lifecycle\"]\n", "2026-02", 2);
}

#[test]
fn wrong_files_of_budgets_are_told_with_their_place() {
    for (text, words) in [
        ("", "nothing is asked for"),
        ("[[budget]]\nname = \"b\"\nshare = \"120%\"\n", "more than the whole"),
        (
            "[[budget]]\nname = \"b\"\nmonthly = \"1\"\n[[budget]]\nname = \"b\"\nmonthly = \"2\"\n",
            "occurs twice",
        ),
        ("[[budget]]\nname = \"b\"\n", "sets no limit"),
        ("[[budget]]\nname = \"b\"\nmonthly = \"much\"\n", "bad amount `much`"),
        ("[[budget]]\nname = \"b\"\ngrowth = \"10\"\n", "bad percentage `10`"),
        ("[[budget]]\nname = \"b\"\nmonthly = \"1\"\naccount = \"12\"\n", "bad account `12`"),
        ("[[budget]]\nname = \"b\"\nmonthly = \"1\"\ncomponent = \"data_events_s4\"\n", "data_events_s3"),
        ("[[budget]]\nname = \"b\"\nmonthly = \"1\"\ntag = { a = \"x\", b = \"y\" }\n", "one tag"),
        ("[[budget]]\nname = \"b\"\nmontly = \"1\"\n", "montly"),
        ("[policy]\ndeny = [\"duplicate-management-copy\"]\n", "duplicate-management-copies"),
    ] {
        let file = budget(text);
        let output = trailcost().args(["check", DUPLICATES, "--budget"]).arg(file.path()).assert().code(3);
        let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        assert!(said.contains(words), "{text}: {said}");
    }
}

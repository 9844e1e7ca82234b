//! `trailcost recommend` from end to end: its figures are those of `estimate` and of arithmetic by hand.

use crate::support::root;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

pub(crate) const DUPLICATES: &str = "scenarios/organization-duplicate-trails.toml";
pub(crate) const COMPANY: &str = "tests/fixtures/recommend/company.toml";
pub(crate) const FILES: [&str; 6] =
    ["plan.csv", "plan.json", "plan.md", "scenario-after.toml", "waterfall.png", "waterfall.svg"];

pub(crate) fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(arguments)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Runs and returns stdout; the exit code is 0.
pub(crate) fn printed(arguments: &[&str]) -> String {
    let (code, out, said) = run(arguments);
    assert_eq!(code, 0, "{arguments:?}: {said}");
    out
}

pub(crate) fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(&[arguments, &["--format", "json"]].concat())).unwrap()
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The titles of a list of actions.
fn titles(actions: &Value) -> Vec<&str> {
    actions.as_array().unwrap().iter().map(|own| text(&own["title"])).collect()
}

pub(crate) fn names(directory: &Path) -> BTreeSet<String> {
    fs::read_dir(directory).unwrap().map(|own| own.unwrap().file_name().into_string().unwrap()).collect()
}

/// A scenario of an oracle, in a file.
fn oracle(id: &str, name: &str, directory: &Path) -> String {
    let entries = fs::read_dir(root().join("tests/oracles")).unwrap();
    let path = entries
        .map(|own| own.unwrap().path())
        .find(|own| own.file_name().unwrap().to_str().unwrap().starts_with(&format!("{id}-")))
        .unwrap();
    let document: toml::Value = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let estimates = document["estimate"].as_array().unwrap();
    let own = estimates.iter().find(|own| own["name"].as_str() == Some(name)).unwrap();
    let path = directory.join(format!("{id}.toml"));
    fs::write(&path, own["scenario"].as_str().unwrap()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_figures_are_those_of_the_hand() {
    // Paid copies a month: `baseline` repeats 18M + 2M + 6M + 1M of production, 4M + 1M + 3M of staging and 0.6M of the log
    // archive = 35.6M; `team-alarms` repeats 2M. At $2.00 for 100,000: $712 and $40.
    let plan = json(&["recommend", DUPLICATES]);
    let summary = &plan["summary"];
    assert_eq!((text(&summary["before_month"]), text(&summary["after_month"])), ("752", "0"));
    assert_eq!(text(&summary["saving"]["total"]), (752 * 36).to_string());
    assert_eq!(summary["saving"]["years"], serde_json::json!(["9024", "9024", "9024"]));
    assert_eq!(text(&summary["saving_percent"]), "100.0");
    assert_eq!(titles(&plan["actions"]), ["Delete the trail `baseline`", "Delete the trail `team-alarms`"]);
    let months: Vec<&str> =
        plan["actions"].as_array().unwrap().iter().map(|own| text(&own["saving"]["average_month"])).collect();
    assert_eq!(months, ["712", "40"]);
    for own in plan["actions"].as_array().unwrap() {
        assert_eq!(own["given_up"], serde_json::json!([]));
        assert_eq!(text(&own["saving"]["pay_back_month"]), "2026-01");
        assert_eq!(text(&own["saving"]["one_time"]), "0");
    }
    assert!(
        printed(&["recommend", DUPLICATES]).contains(
            "  $752.00 a month now, $0.00 after 2 actions: saves $752.00 a month, $9,024.00 a\n  year, $27,072.00 in 3 years (100.0%)\n"
        )
    );
}

/// The costs of two scenarios, as `estimate` has them.
pub(crate) fn total(scenario: &str) -> String {
    text(&json(&["estimate", scenario])["summary"]["total"]).to_owned()
}

fn decimal(text: &str) -> rust_decimal::Decimal {
    rust_decimal::Decimal::from_str_exact(text).unwrap()
}

#[test]
fn the_plan_is_the_difference_of_two_estimates_to_the_last_digit() {
    let mut runs: Vec<(String, &str)> = shipped().into_iter().map(|own| (own, "low")).collect();
    runs.push((COMPANY.to_owned(), "medium"));
    runs.push(("scenarios/all-data-events.toml".to_owned(), "medium"));
    for (scenario, accept) in runs {
        let scenario = scenario.as_str();
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().to_str().unwrap();
        let plan = json(&["recommend", scenario, "--accept-loss", accept, "--out", out]);
        let after = directory.path().join("scenario-after.toml");
        assert!(after.is_file(), "{scenario}");
        let (before, after) = (total(scenario), total(after.to_str().unwrap()));
        let summary = &plan["summary"];
        assert_eq!((text(&summary["before"]), text(&summary["after"])), (&*before, &*after), "{scenario}");
        assert_eq!(
            decimal(text(&summary["saving"]["total"])),
            decimal(&before) - decimal(&after),
            "{scenario}"
        );
        let steps = plan["actions"].as_array().unwrap();
        let steps = steps.iter().map(|own| decimal(text(&own["saving"]["total"])));
        assert_eq!(steps.sum::<rust_decimal::Decimal>(), decimal(&before) - decimal(&after), "{scenario}");
        for own in ["actions", "on_the_table"] {
            for action in plan[own].as_array().unwrap() {
                let saving = &action["saving"];
                assert!(
                    decimal(text(&saving["total"])) > rust_decimal::Decimal::ZERO,
                    "{scenario}: {action}"
                );
                assert!(
                    decimal(text(&saving["one_time"])) >= rust_decimal::Decimal::ZERO,
                    "{scenario}: {action}"
                );
            }
        }
        assert!(decimal(&after) >= rust_decimal::Decimal::ZERO, "{scenario}");
        // Applied, the plan finds nothing more.
        let path = directory.path().join("scenario-after.toml");
        let again = json(&["recommend", path.to_str().unwrap(), "--accept-loss", accept]);
        assert_eq!(titles(&again["actions"]), Vec::<&str>::new(), "{scenario}");
    }
}

/// The shipped scenarios.
fn shipped() -> Vec<String> {
    names(&root().join("scenarios"))
        .into_iter()
        .filter(|own| own.ends_with(".toml") && own != "defaults.toml")
        .map(|own| format!("scenarios/{own}"))
        .collect()
}

#[test]
fn the_order_of_trails_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    for scenario in [DUPLICATES, "scenarios/all-data-events.toml", "scenarios/selective-data-events.toml"] {
        let original = fs::read_to_string(root().join(scenario)).unwrap();
        let mut document: toml::Table = toml::from_str(&original).unwrap();
        for key in ["trail", "account"] {
            if let Some(own) = document.get_mut(key) {
                own.as_array_mut().unwrap().reverse();
            }
        }
        let path = directory.path().join("turned.toml");
        fs::write(&path, toml::to_string(&document).unwrap()).unwrap();
        let (one, other) = (json(&["recommend", scenario]), json(&["recommend", path.to_str().unwrap()]));
        for part in ["summary", "actions", "on_the_table", "not_advised", "components"] {
            assert_eq!(one[part], other[part], "{scenario}: {part}");
        }
    }
}

#[test]
fn what_costs_more_later_is_told() {
    // What is deleted after a month today has to be kept for three years: cheap at first, and more and more of it.
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("scenario.toml");
    let scenario = "version = 1\nname = \"later\"\nstart = \"2026-01\"\nmonths = 24\n[[account]]\nid = \"111122223333\"\n\
                [[trail]]\nname = \"main\"\nbucket = \"logs\"\nlog_files = 40_000\nlog_bytes = \"4000 GiB\"\n\
                [[bucket]]\nname = \"logs\"\nlifecycle = [{ after = \"30d\", expire = true }]\n\
                [keep]\nretention = \"3y\"\n";
    std::fs::write(&path, scenario).unwrap();
    let out = printed(&["recommend", path.to_str().unwrap()]);
    assert!(out.contains("    later     costs more than today from year 2 on"), "{out}");
    let plan = json(&["recommend", "scenarios/small-account-standard.toml"]);
    let advice = plan["advice"].as_array().unwrap().iter().find(|own| own["rule"] == "lifecycle").unwrap();
    assert_eq!(advice["is_against"], true);
    assert!(text(&advice["why"]).contains("it pays from 45 KB an object"), "{advice}");
}

#[test]
fn ct17_kms_on_the_only_copy_saves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let scenario = oracle("CT17", "all events", directory.path());
    let plan = json(&["recommend", &scenario]);
    assert_eq!(titles(&plan["actions"]), Vec::<&str>::new());
    assert_eq!(text(&plan["summary"]["saving"]["total"]), "0");
    let declined = plan["not_advised"].as_array().unwrap();
    let kms = declined.iter().find(|own| own["rule"] == "exclude-kms-rds").unwrap();
    assert_eq!(text(&kms["reason"]), "saves $0: the first copy of management events is free");
    let out = printed(&["recommend", &scenario]);
    assert!(out.contains("  Nothing is charged, so that there is nothing to save\n"), "{out}");
}

#[test]
fn ct18_only_the_copy_that_goes_counts() {
    let directory = tempfile::tempdir().unwrap();
    let scenario = oracle("CT18", "two trails", directory.path());
    // 16M events × $2.00 for 100,000 = $320 a month; KMS's 4M are part of them, and saved once.
    let plan = json(&["recommend", &scenario]);
    assert_eq!(titles(&plan["actions"]), ["Delete the trail `second`"]);
    assert_eq!(text(&plan["actions"][0]["saving"]["average_month"]), "320");
    assert_eq!(text(&plan["summary"]["saving"]["total"]), "3840");
    assert!(plan["on_the_table"].as_array().unwrap().is_empty());
}

#[test]
fn accepting_more_never_makes_the_plan_dearer() {
    for scenario in ["scenarios/selective-data-events.toml", "scenarios/all-data-events.toml"] {
        let mut last = None;
        for level in ["none", "low", "medium", "high"] {
            let plan = json(&["recommend", scenario, "--accept-loss", level]);
            assert_eq!(text(&plan["accepted_loss"]), level);
            let after = decimal(text(&plan["summary"]["after"]));
            assert!(last.is_none_or(|last| after <= last), "{scenario} {level}");
            last = Some(after);
        }
    }
}

#[test]
fn what_another_action_relies_on_is_no_matter_of_accepted_loss() {
    let plan = json(&["recommend", COMPANY]);
    let table = plan["on_the_table"].as_array().unwrap();
    let own = table.iter().find(|own| own["rule"] == "extra-trail-data-only").unwrap();
    assert!(text(&own["demanded_by"]).starts_with("the rule that every class"), "{own}");
    let insights = table.iter().find(|own| own["rule"] == "insights-off").unwrap();
    assert!(text(&insights["demanded_by"]).contains("--accept-loss medium allows it"), "{insights}");
    assert_eq!(
        text(&insights["reason"]),
        "keeping Insights on the trail `company` costs $176.40 a year on average"
    );
}

#[test]
fn every_format_is_as_it_was() {
    for (name, format) in [("table", "table"), ("markdown", "markdown"), ("json", "json"), ("csv", "csv")] {
        insta::assert_snapshot!(name, printed(&["recommend", COMPANY, "--format", format]));
    }
    let narrow = printed(&["recommend", COMPANY]);
    let wide: Vec<&str> = narrow.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "{wide:?}");
}

#[test]
fn a_compliance_profile_forbids_with_its_price() {
    let arguments = ["recommend", "scenarios/all-data-events.toml", "--accept-loss", "high"];
    let free = json(&arguments);
    let kept = json(&[&arguments[..], &["--compliance", "pci-dss"]].concat());
    assert!(!kept["demands"].as_array().unwrap().is_empty());
    let after = |plan: &Value| decimal(text(&plan["summary"]["after"]));
    assert!(after(&free) <= after(&kept));
    // A directory of one's own: its profiles apply, and what ships is still known by name.
    let directory = tempfile::tempdir().unwrap();
    let own = fs::read_to_string(root().join("compliance/pci-dss.toml")).unwrap();
    let own = own.replace("id = \"pci-dss\"", "id = \"house-rules\"");
    fs::write(directory.path().join("house-rules.toml"), own).unwrap();
    let house = directory.path().to_str().unwrap();
    let applied = json(&[&arguments[..], &["--compliance", house, "--compliance", "sox"]].concat());
    assert!(applied["demands"].as_array().unwrap().len() >= kept["demands"].as_array().unwrap().len());
    assert!(after(&applied) >= after(&kept));
}

#[test]
fn nothing_to_do_is_said_and_is_no_failure() {
    let out = printed(&["recommend", "scenarios/all-data-events.toml"]);
    assert!(out.contains("  Nothing to change: no change that keeps what must be kept lowers the"), "{out}");
    assert!(out.contains("what would lower it is"), "{out}");
    assert!(out.contains("Keeping data events that only read on the trail `main` costs"), "{out}");
    assert!(!out.contains("What to do"), "{out}");
}

#[test]
fn a_missing_price_is_told_and_changes_no_exit_code() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("gov.toml");
    let scenario = r#"version = 1
name = "No price"
start = "2026-01"
months = 12
[[account]]
id = "111122223333"
[[account.activity]]
region = "us-gov-west-1"
management = { read = "1M", write = "1M" }
[[account.activity]]
region = "us-east-1"
management = { read = "1M", write = "1M" }
[[trail]]
name = "one"
[[trail]]
name = "two"
"#;
    fs::write(&path, scenario).unwrap();
    let path = path.to_str().unwrap();
    let (code, out, said) = run(&["recommend", path]);
    assert_eq!(code, 0, "{said}");
    assert!(out.contains("Of what is known: $40.00 a month now, $0.00 after 1 action"), "{out}");
    assert!(out.contains("Prices missing") && out.contains("row to add:"), "{out}");
    assert!(out.contains("confidence low: 2 prices are missing"), "{out}");
    assert_eq!(json(&["recommend", path])["summary"]["complete"], false);
}

#[test]
fn a_bill_says_what_it_cannot_show() {
    let directory = tempfile::tempdir().unwrap();
    let measured = directory.path().join("measured");
    let out = measured.to_str().unwrap();
    printed(&["measure", "bill", "tests/fixtures/reconcile/january.csv", "--quiet", "--out", out]);
    let scenario = measured.join("scenario.toml");
    let plan = json(&["recommend", scenario.to_str().unwrap()]);
    assert_eq!(text(&plan["confidence"]["level"]), "low");
    let evidence: Vec<&str> = plan["confidence"]["evidence"].as_array().unwrap().iter().map(text).collect();
    assert!(evidence.iter().any(|own| own.contains("not which trails make them")), "{evidence:?}");
    assert!(titles(&plan["actions"]).iter().any(|own| own.contains("where the bill shows paid copies")));
}

/// Writes a scenario of one account with management events and what else is given, and returns its path.
fn scenario(directory: &Path, name: &str, more: &str) -> String {
    let path = directory.join("scenario.toml");
    let text = format!(
        "version = 1\nname = \"{name}\"\nstart = \"2026-01\"\nmonths = 12\n[[account]]\nid = \"111122223333\"\n\
         [[account.activity]]\nregion = \"us-east-1\"\nmanagement = {{ read = \"10M\", write = \"10M\" }}\n\
         data = [{{ resource_type = \"AWS::S3::Object\", read = \"90M\", write = \"9M\" }}]\n{more}"
    );
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_level_of_a_loss_is_that_of_what_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let trail = "[[trail]]\nname = \"main\"\nlog_group = \"audit\"\ninsights = [\"ApiCallRateInsight\"]\n\
                 data = [{ resource_type = \"AWS::S3::Object\" }]\n[[log_group]]\nname = \"audit\"\n";
    let level = |path: &str, accept: &str, rule: &str| -> (String, String) {
        let plan = json(&["recommend", path, "--accept-loss", accept]);
        let rows =
            ["actions", "on_the_table"].into_iter().flat_map(|own| plan[own].as_array().unwrap().clone());
        let row = rows.into_iter().find(|own| own["rule"] == rule).unwrap();
        (text(&row["loss"]).to_owned(), row["reason"].as_str().unwrap_or_default().to_owned())
    };
    let path = scenario(directory.path(), "levels", trail);
    // The rules themselves say nothing of the level: what is lost does.
    for (rule, expected) in [("data-events-write-only", "medium"), ("insights-off", "medium")] {
        assert_eq!(level(&path, "high", rule).0, expected, "{rule}");
        let (found, reason) = level(&path, "low", rule);
        assert_eq!(found, expected, "{rule}");
        assert!(reason.is_empty() || reason.starts_with("keeping"), "{reason}");
    }
    let csv = printed(&["recommend", &path, "--accept-loss", "high", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let at = reader.headers().unwrap().iter().position(|own| own == "x_LossLevel").unwrap();
    assert!(reader.records().any(|own| own.unwrap().get(at) == Some("medium")), "{csv}");
    let markdown = printed(&["recommend", &path, "--accept-loss", "high", "--format", "markdown"]);
    assert!(markdown.contains("- Loss: medium\n"), "{markdown}");
    // Where metric filters may look for the events, reads are no worse than all of them.
    let filtered = format!("{trail}metric_filter = [{{ name = \"root-login\", matching_hours = 4 }}]\n");
    let path = scenario(
        directory.path(),
        "filters",
        &filtered.replace("[[log_group]]", "sns_topic = \"x\"\n[[log_group]]"),
    );
    assert_eq!(level(&path, "high", "data-events-write-only").0, "high");
    let plan = json(&["recommend", &path, "--accept-loss", "high"]);
    for row in plan["actions"].as_array().unwrap() {
        if row["rule"] != "log-group-left-out" {
            assert!(!row["detections"].to_string().contains("root-login"), "{row}");
        }
    }
}

#[test]
fn small_changes_are_told_in_one_line_and_stay_in_the_plan() {
    let directory = tempfile::tempdir().unwrap();
    // Ten cents each month.
    let mut trails = String::new();
    for trail in 0..4 {
        trails.push_str(&format!("[[trail]]\nname = \"trail-{trail}\"\nbucket = \"logs\"\n"));
    }
    let path = scenario(directory.path(), "small", &trails);
    let text = fs::read_to_string(&path).unwrap().replace("\"10M\"", "\"2k\"");
    fs::write(&path, text).unwrap();
    let told = printed(&["recommend", &path]).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("and 3 smaller changes save $0.30 a month together (--min-saving 0 shows them)"),
        "{told}"
    );
    assert!(!told.contains("Delete the trail"), "{told}");
    let all = printed(&["recommend", &path, "--min-saving", "0"]);
    assert!(all.contains("Delete the trail `trail-3`") && !all.contains("smaller"), "{all}");
    let markdown = printed(&["recommend", &path, "--format", "markdown"]);
    assert!(
        markdown.contains("3 smaller changes save") && !markdown.contains("Delete the trail"),
        "{markdown}"
    );
    // What is saved is the same, and every change is there for machines.
    let (one, other) = (json(&["recommend", &path]), json(&["recommend", &path, "--min-saving", "0"]));
    assert_eq!(one["summary"], other["summary"]);
    assert_eq!(titles(&one["actions"]).len(), 3);
    assert_eq!(one["actions"][0]["is_small"], true);
    assert_eq!(other["actions"][0]["is_small"], false);
}

#[test]
fn a_name_of_two_lines_and_the_same_money_twice_are_told_plainly() {
    let directory = tempfile::tempdir().unwrap();
    let trail = "[[trail]]\nname = \"main\"\ninsights = [\"ApiCallRateInsight\", \"ApiErrorRateInsight\"]\n";
    let path = scenario(directory.path(), "two\\nlines", trail);
    let told = printed(&["recommend", &path]);
    assert!(told.starts_with("What to change · two lines\n"), "{told}");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("of what “Turn Insights on management events off on the trail `main`” would save"),
        "{told}"
    );
    let plan = json(&["recommend", &path]);
    assert!(plan["on_the_table"].to_string().contains("what both would save is the same money"), "{plan}");
}

#[test]
fn many_small_actions_share_a_bar() {
    let directory = tempfile::tempdir().unwrap();
    let mut scenario = "version = 1\nname = \"many trails\"\nstart = \"2026-01\"\nmonths = 12\n[[account]]\nid = \"111122223333\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = { read = \"1M\", write = \"1M\" }\n".to_owned();
    for trail in 0..12 {
        scenario.push_str(&format!("[[trail]]\nname = \"trail-{trail:02}\"\n"));
    }
    let path = directory.path().join("many.toml");
    fs::write(&path, scenario).unwrap();
    let out = directory.path().join("plan");
    let plan = json(&["recommend", path.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(titles(&plan["actions"]).len(), 11);
    let svg = fs::read_to_string(out.join("waterfall.svg")).unwrap();
    assert!(svg.contains(">3 more</text>") && svg.contains(">−$120</text>"), "{svg}");
}

#[test]
fn the_reference_of_the_rules_is_the_one_in_the_docs() {
    let rules = printed(&["recommend", "--rules"]);
    for rule in trailcost::recommend::rules() {
        assert!(rules.contains(&format!("\n## {}\n\n**{}**\n", rule.id, rule.title)), "{}", rule.id);
    }
    let path = root().join("docs/rules.md");
    if std::env::var_os("TRAILCOST_BLESS").is_some_and(|own| own == "1") {
        fs::write(&path, &rules).unwrap();
    }
    assert!(
        fs::read_to_string(path).unwrap_or_default() == rules,
        "docs/rules.md is out of date: `trailcost recommend --rules > docs/rules.md`"
    );
    let help = printed(&["recommend", "--help"]);
    for part in ["The cheapest changes", "--accept-loss <LEVEL>", "Examples:", "trailcost recommend --rules"]
    {
        assert!(help.contains(part), "{help}");
    }
}

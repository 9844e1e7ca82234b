//! What `recommend --out` writes, and what it refuses to write over.

use crate::recommend::{COMPANY, DUPLICATES, FILES, json, names, printed, run, text, total};
use crate::support::root;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn the_files_are_there_and_an_earlier_plans_are_not() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("plan");
    let write = |scenario: &str| {
        let (code, _, said) = run(&["recommend", scenario, "--out", out.to_str().unwrap()]);
        assert_eq!(code, 0, "{said}");
        names(&out)
    };
    let usual: BTreeSet<String> =
        FILES.iter().chain(&["actions", "apply"]).map(|own| (*own).to_owned()).collect();
    // 60 accounts: their volumes stand in a table beside the scenario.
    let mut table = "account,region,management_read,management_write\n".to_owned();
    for account in 0..60_u64 {
        table.push_str(&format!("{},us-east-1,100000,100000\n", 100_000_000_000 + account));
    }
    fs::write(directory.path().join("accounts.csv"), table).unwrap();
    let many = directory.path().join("many.toml");
    let scenario = "version = 1\nname = \"many\"\nstart = \"2026-01\"\nmonths = 12\nvolumes = \"accounts.csv\"\n[[trail]]\nname = \"a\"\nscope = \"organization\"\n[[trail]]\nname = \"b\"\nscope = \"organization\"\n";
    fs::write(&many, scenario).unwrap();
    let mut with_volumes = usual.clone();
    with_volumes.insert("scenario-after-volumes.csv".to_owned());
    assert_eq!(write(many.to_str().unwrap()), with_volumes);
    assert_eq!(total(out.join("scenario-after.toml").to_str().unwrap()), "0");
    fs::write(out.join("notes.txt"), "mine").unwrap();
    let mut remaining = usual;
    remaining.insert("notes.txt".to_owned());
    assert_eq!(write(DUPLICATES), remaining);
    let svg = fs::read_to_string(out.join("waterfall.svg")).unwrap();
    for part in ["2 actions lower the month from $752 to $0", "Delete the trail", "−$712", "After the plan"]
    {
        assert!(svg.contains(part), "{part} is missing in {svg}");
    }
    assert_eq!(&fs::read(out.join("waterfall.png")).unwrap()[..8], b"\x89PNG\r\n\x1a\n");
    let plan: Value = serde_json::from_str(&fs::read_to_string(out.join("plan.json")).unwrap()).unwrap();
    assert_eq!(plan, json(&["recommend", DUPLICATES, "--out", out.to_str().unwrap()]));
    assert_eq!(text(&plan["actions"][0]["folder"]), "actions/01-duplicate-management-copies");
}

/// Every file below a directory, `/` between folders.
fn below(directory: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for name in names(directory) {
        let path = directory.join(&name);
        if path.is_dir() {
            found.extend(below(&path).into_iter().map(|own| format!("{name}/{own}")));
        } else {
            found.insert(name);
        }
    }
    found
}

#[test]
fn each_change_can_be_applied_and_undone() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("plan");
    let write = |scenario: &str, more: &[&str]| {
        let arguments = [&["recommend", scenario, "--out", out.to_str().unwrap()], more].concat();
        run(&arguments)
    };
    assert_eq!(write("scenarios/all-data-events.toml", &["--accept-loss", "medium"]).0, 0);
    let trail = "trails/main@us-east-1@111122223333";
    let folder = "actions/01-data-events-write-only";
    for file in ["apply.sh", "undo.sh", "main.tf"] {
        assert!(below(&out).contains(&format!("apply/{file}")), "{file}");
        assert!(below(&out).contains(&format!("{folder}/{file}")), "{file}");
    }
    let selectors =
        |path: &str| -> Value { serde_json::from_str(&fs::read_to_string(out.join(path)).unwrap()).unwrap() };
    let of_reads = |selectors: &Value| -> Vec<String> {
        let all = selectors.as_array().unwrap().iter();
        let access = all.flat_map(|own| {
            let types = own["DataResources"].as_array().into_iter().flatten();
            types.map(|found| format!("{} {}", text(&found["Type"]), text(&own["ReadWriteType"])))
        });
        let mut found: Vec<String> = access.collect();
        found.sort();
        found
    };
    // One change alone leaves DynamoDB as it was; the plan does both.
    let alone = of_reads(&selectors(&format!("{folder}/{trail}/event-selectors.json")));
    assert_eq!(alone, ["AWS::DynamoDB::Table All", "AWS::Lambda::Function All", "AWS::S3::Object WriteOnly"]);
    let plan = of_reads(&selectors(&format!("apply/{trail}/event-selectors.json")));
    assert_eq!(
        plan,
        ["AWS::DynamoDB::Table WriteOnly", "AWS::Lambda::Function All", "AWS::S3::Object WriteOnly"]
    );
    let today = of_reads(&selectors(&format!("apply/{trail}/event-selectors.undo.json")));
    assert_eq!(today, ["AWS::DynamoDB::Table All", "AWS::Lambda::Function All", "AWS::S3::Object All"]);
    let script = fs::read_to_string(out.join(folder).join("apply.sh")).unwrap();
    assert!(script.contains("changes 2 and 3 of the plan alter this too"), "{script}");
    let markdown = fs::read_to_string(out.join("plan.md")).unwrap();
    assert!(markdown.contains(&format!("- Files: `{folder}`")), "{markdown}");
    // Another plan: what only the first one had is gone, what is not ours stays.
    fs::write(out.join("apply/notes.txt"), "mine").unwrap();
    assert_eq!(write(DUPLICATES, &[]).0, 0);
    let found = below(&out);
    assert!(!found.iter().any(|own| own.contains("data-events-write-only")), "{found:?}");
    assert!(found.contains("apply/notes.txt") && found.contains("apply/undo.sh"), "{found:?}");
    // A script has run: what it saved must not part from what undoes it.
    fs::write(out.join("apply/trails/x.saved.json"), "{}").unwrap();
    let before = below(&out);
    let (code, _, said) = write("scenarios/all-data-events.toml", &[]);
    assert_eq!(code, 6, "{said}");
    assert!(said.contains("x.saved.json was saved when a script of an earlier plan ran"), "{said}");
    assert_eq!(below(&out), before);
}

#[test]
fn the_same_scenario_gives_the_same_bytes() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str| {
        let out = directory.path().join(name);
        printed(&["recommend", COMPANY, "--quiet", "--out", out.to_str().unwrap()]);
        FILES.map(|own| fs::read(out.join(own)).unwrap())
    };
    assert!(write("one") == write("two"));
}

#[test]
fn hostile_names_stay_names() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("hostile.toml");
    let scenario = r#"version = 1
name = "<script>alert(1)</script>\u001b[2J|`x`"
start = "2026-01"
months = 12
[[account]]
id = "111122223333"
name = "=cmd|'/c calc'!A1"
[[account.activity]]
region = "us-east-1"
management = { read = "1M", write = "1M" }
data = [{ resource_type = "AWS::S3::Object", resource = "arn:aws:s3:::=cmd|x/", read = "1M" }]
[[trail]]
name = "=HYPERLINK(\"http://example.invalid\")|<b>\u0007"
data = [{ resource_type = "AWS::S3::Object" }]
[[trail]]
name = "@SUM(A1)\u202e"
log_group = "=cmd|group<i>\u001b[31m"
"#;
    fs::write(&path, scenario).unwrap();
    let out = directory.path().join("out");
    let mut texts: Vec<(String, String)> = Vec::new();
    for format in ["table", "markdown", "csv", "json"] {
        let arguments = ["recommend", path.to_str().unwrap(), "--accept-loss", "medium", "--format", format];
        texts.push((format.to_owned(), printed(&arguments)));
    }
    printed(&["recommend", path.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    for name in below(&out) {
        if !name.ends_with(".png") {
            texts.push((name.clone(), fs::read_to_string(out.join(&name)).unwrap()));
        }
    }
    for (name, text) in &texts {
        assert!(
            !text.chars().any(|own| (own.is_control() && own != '\n') || own == '\u{202e}'),
            "{name} steers: {text}"
        );
        let raw = name == "markdown" || name.ends_with(".md") || name.ends_with(".svg");
        assert!(!raw || !text.contains("<script>") && !text.contains("<b>"), "{name}: {text}");
        if name.ends_with("csv") {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            for record in reader.records() {
                for field in &record.unwrap() {
                    assert!(!field.starts_with(['=', '@', '+', '\t']), "{name}: {field}");
                }
            }
        }
        if name == "markdown" || name.ends_with(".md") {
            assert!(!text.replace("\\|", "").contains("=cmd|"), "{name}: {text}");
        }
    }
    // The scenario after the plan has the same hostile names, and is read again.
    total(out.join("scenario-after.toml").to_str().unwrap());
}

#[test]
fn wrong_arguments_and_directories_are_refused() {
    for (arguments, code, part) in [
        (vec!["recommend"], 2, "required arguments"),
        (
            vec!["recommend", DUPLICATES, "--accept-loss", "some"],
            2,
            "possible values: none, low, medium, high",
        ),
        (vec!["recommend", DUPLICATES, "--compliance", "no-such"], 2, "unknown compliance profile `no-such`"),
        (vec!["recommend", DUPLICATES, "--rules"], 2, "cannot be used with"),
        (vec!["recommend", "--rules", "--format", "json"], 2, "cannot be used with"),
        (vec!["recommend", "--rules", "--accept-loss", "low"], 2, "cannot be used with"),
        (vec!["recommend", "--rules", "--compliance", "pci-dss"], 2, "cannot be used with"),
        (vec!["recommend", "--rules", "--as-of", "2026-01-01"], 2, "cannot be used with"),
        (vec!["recommend", "--rules", "--min-saving", "1"], 2, "cannot be used with"),
        (vec!["recommend", DUPLICATES, "--min-saving=-1"], 2, "an amount a month is wanted"),
        (
            vec!["recommend", DUPLICATES, "--compliance", "Cargo.toml"],
            2,
            "takes a profile's name, or a directory",
        ),
        (vec!["recommend", "no-such.toml"], 3, "no-such.toml"),
        (vec!["recommend", DUPLICATES, "--as-of", "yesterday"], 2, "--as-of"),
        (vec!["recommend", DUPLICATES, "--out", "Cargo.toml"], 6, "Cargo.toml"),
        (vec!["recommend", DUPLICATES, "--out", "Cargo.toml/plan"], 6, "Cargo.toml"),
    ] {
        let (found, out, said) = run(&arguments);
        assert_eq!(found, code, "{arguments:?}: {said}");
        assert!(said.contains(part), "{arguments:?}: {said}");
        assert_eq!(out, "", "{arguments:?}");
    }
}

#[test]
fn a_plan_never_takes_the_place_of_its_own_scenario() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("scenario-after.toml");
    fs::copy(root().join(DUPLICATES), &path).unwrap();
    let before = fs::read(&path).unwrap();
    let out = directory.path().to_str().unwrap();
    let (code, _, said) = run(&["recommend", path.to_str().unwrap(), "--out", out]);
    assert_eq!(code, 6, "{said}");
    assert!(said.contains("own input"), "{said}");
    assert!(fs::read(&path).unwrap() == before);
    assert_eq!(names(directory.path()).len(), 1);
}

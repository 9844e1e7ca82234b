//! The wiring: files appear whole or not at all, output is the same on every run, streams are kept apart.

use crate::support::root;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

fn trailcost() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailcost"));
    command.current_dir(root()).env("NO_COLOR", "1").env_remove("TERM");
    command
}

/// Every file of a directory, hidden ones too.
fn contents(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(directory)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())
        })
        .collect()
}

const FILES: [&str; 15] = [
    "accounts.png",
    "accounts.svg",
    "chain.png",
    "chain.svg",
    "cost-by-month.png",
    "cost-by-month.svg",
    "cost-by-year.png",
    "cost-by-year.svg",
    "estimate.json",
    "line_items.csv",
    "monthly.csv",
    "share.png",
    "share.svg",
    "summary.csv",
    "workbook.xlsx",
];

#[test]
fn the_owners_case_comes_out_in_every_file() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("report");
    let status = trailcost()
        .args(["estimate", "scenarios/mid-size-saas.toml", "--quiet", "--out"])
        .arg(&out)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let files = contents(&out);
    assert_eq!(files.keys().map(String::as_str).collect::<Vec<_>>(), FILES);
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    assert_eq!(text("summary.csv").lines().last(), Some("total,Total,422,5064,5064,5064,15192,100.0,true"));
    assert_eq!(text("monthly.csv").lines().count(), 1 + 36 * 4);
    assert_eq!(text("line_items.csv").lines().count(), 1 + 36 * 5);
    let json: serde_json::Value = serde_json::from_str(&text("estimate.json")).unwrap();
    assert_eq!(json["summary"]["total"], "15192");
    assert_eq!(json["summary"]["years"][0]["cost"], "5064");
    assert_eq!(json["summary"]["first_month"], "422");
    for chart in FILES.iter().filter(|name| name.ends_with(".png")) {
        assert_eq!(&files[*chart][..8], b"\x89PNG\r\n\x1a\n", "{chart}");
    }
    assert!(
        text("cost-by-year.svg").contains("Further copies of management events are 95% of $15.2k in 3 years")
    );
    assert!(text("cost-by-month.svg").contains("The cost stays at $422 a month"));
    assert!(text("accounts.svg").contains("111122223333 bears all of $15.2k in 3 years"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str| {
        let out = directory.path().join(name);
        let output = trailcost()
            .args(["estimate", "scenarios/lake-and-alternatives.toml", "--out"])
            .arg(&out)
            .output()
            .unwrap();
        assert!(output.status.success());
        (contents(&out), output.stdout)
    };
    assert!(write("one") == write("two"), "two runs differ");
}

#[test]
fn a_result_never_takes_the_place_of_its_own_input() {
    let directory = tempfile::tempdir().unwrap();
    let table = "account,region,paid_management_events\n111122223333,us-east-1,1000\n";
    fs::write(directory.path().join("summary.csv"), table).unwrap();
    let scenario = "version = 1\nname = \"own input\"\nstart = \"2026-01\"\nvolumes = \"summary.csv\"\n";
    fs::write(directory.path().join("own.toml"), scenario).unwrap();
    let before = contents(directory.path());
    let output = trailcost()
        .arg("estimate")
        .arg(directory.path().join("own.toml"))
        .arg("--out")
        .arg(directory.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(6), "{said}");
    assert!(said.contains("own input") && said.contains("hint:"), "{said}");
    assert!(contents(directory.path()) == before);
}

#[test]
fn hostile_names_are_harmless_everywhere() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("hostile.toml");
    let text = r#"version = 1
name = "<script>alert(1)</script>\u001b[2J|`x`"
start = "2026-01"
months = 2
[[account]]
id = "111122223333"
name = "=cmd|'/c calc'!A1"
[[account.activity]]
region = "us-east-1"
management = { read = "1M", write = "1M" }
[[trail]]
name = "=HYPERLINK(\"http://example.invalid\")"
[[trail]]
name = "@SUM(A1)\u202e"
"#;
    fs::write(&path, text).unwrap();
    let out = directory.path().join("out");
    let mut printed = Vec::new();
    for format in ["table", "markdown", "csv", "json"] {
        for by in ["account", "resource"] {
            let output = trailcost()
                .arg("estimate")
                .arg(&path)
                .args(["--format", format, "--by", by])
                .output()
                .unwrap();
            assert!(output.status.success(), "{format}");
            printed.extend(output.stdout);
        }
    }
    let status =
        trailcost().arg("estimate").arg(&path).arg("--out").arg(&out).stdout(Stdio::null()).status().unwrap();
    assert!(status.success());
    let mut texts = vec![String::from_utf8(printed).unwrap()];
    for (name, bytes) in contents(&out) {
        // tests/it/workbook.rs looks into the workbook.
        if !name.ends_with(".png") && !name.ends_with(".xlsx") {
            texts.push(String::from_utf8(bytes).unwrap());
        }
        if name.ends_with(".svg") {
            assert!(!texts.last().unwrap().contains("<script>"), "{name}");
        }
    }
    for text in &texts {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
    }
    for text in texts.iter().filter(|text| text.starts_with("BilledCost") || text.starts_with("component,")) {
        for record in csv::Reader::from_reader(text.as_bytes()).records() {
            for field in &record.unwrap() {
                assert!(!field.starts_with(['=', '@', '+', '\t']), "{field}");
            }
        }
    }
    let csv = texts.iter().find(|text| text.starts_with("BilledCost")).unwrap();
    assert!(csv.contains("\"'=HYPERLINK(\"\"http://example.invalid\"\")\""), "{csv}");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut child = trailcost()
        .args(["estimate", "scenarios/all-data-events.toml", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn a_dumb_terminal_gets_ascii_and_a_forced_one_colour() {
    let run = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trailcost"));
        command.current_dir(root()).env_remove("NO_COLOR").envs(variables.iter().copied());
        let output =
            command.args(["estimate", "scenarios/mid-size-saas.toml"]).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run(&[("TERM", "dumb")], &[]).is_ascii());
    assert!(run(&[], &["--color", "always"]).contains('\u{1b}'));
    assert!(!run(&[], &[]).contains('\u{1b}'));
    for line in run(&[], &[]).lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

/// Tests that need a shell's limits and signals.
#[cfg(target_os = "linux")]
mod interrupted {
    use super::*;

    fn old_files(out: &Path) -> BTreeMap<String, Vec<u8>> {
        fs::create_dir(out).unwrap();
        fs::write(out.join("summary.csv"), "old").unwrap();
        fs::write(out.join("line_items.csv"), "old").unwrap();
        contents(out)
    }

    #[test]
    fn past_the_file_size_limit_nothing_is_half_written() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("out");
        let before = old_files(&out);
        // 8 blocks of 1,024 bytes: less than the line items need.
        let script = format!(
            "ulimit -f 8; exec '{}' estimate scenarios/mid-size-saas.toml --out '{}'",
            env!("CARGO_BIN_EXE_trailcost"),
            out.display()
        );
        let output = Command::new("bash").args(["-c", &script]).current_dir(root()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(6), "{said}");
        assert!(said.contains("line_items.csv") && said.contains("hint:"), "{said}");
        assert!(contents(&out) == before, "something was left behind");
    }

    #[test]
    fn a_killed_run_leaves_the_old_files_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let mut accounts = "account,region,management_read,management_write\n".to_owned();
        for account in 0..3_000_u64 {
            accounts.push_str(&format!("{},us-east-1,1000,1000\n", 100_000_000_000 + account));
        }
        fs::write(directory.path().join("accounts.csv"), accounts).unwrap();
        let scenario = directory.path().join("many.toml");
        let text = "version = 1\nname = \"many\"\nstart = \"2026-01\"\nmonths = 120\nvolumes = \"accounts.csv\"\n[[trail]]\nname = \"a\"\nscope = \"organization\"\n[[trail]]\nname = \"b\"\nscope = \"organization\"\n";
        fs::write(&scenario, text).unwrap();
        for delay in [5, 50, 200] {
            let out = directory.path().join(format!("out-{delay}"));
            let before = old_files(&out);
            let mut child = trailcost()
                .arg("estimate")
                .arg(&scenario)
                .arg("--out")
                .arg(&out)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(std::time::Duration::from_millis(delay));
            assert!(child.try_wait().unwrap().is_none(), "the run ended before it could be killed");
            child.kill().unwrap();
            child.wait().unwrap();
            assert!(contents(&out) == before, "after {delay} ms something was left behind");
        }
    }

    #[test]
    fn a_full_disk_is_reported_as_such() {
        let status = trailcost()
            .args(["estimate", "scenarios/mid-size-saas.toml"])
            .stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap())
            .output()
            .unwrap();
        let said = String::from_utf8(status.stderr).unwrap();
        assert_eq!(status.status.code(), Some(6), "{said}");
        assert!(said.contains("cannot write to stdout"), "{said}");
    }
}

#[test]
fn completions_and_the_manual_are_there() {
    for (arguments, part) in [
        (vec!["completions", "bash"], "_trailcost"),
        (vec!["man"], ".TH trailcost"),
        (vec!["--version"], "trailcost 0."),
        (vec!["estimate", "--help"], "--pricing-only"),
        (vec!["scenario", "defaults"], "[bytes_per_event]"),
    ] {
        let output = trailcost().args(&arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        assert!(String::from_utf8(output.stdout).unwrap().contains(part), "{arguments:?}");
    }
}

#[test]
fn files_of_an_earlier_scenario_do_not_stay() {
    let directory = tempfile::tempdir().unwrap();
    let write = |arguments: &[&str]| {
        let status = trailcost()
            .args(["estimate", "--quiet", "--out"])
            .arg(directory.path())
            .args(arguments)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
        contents(directory.path()).into_keys().collect::<Vec<_>>()
    };
    let ranged = write(&["scenarios/uncertain-volumes.toml", "--draws", "20"]);
    assert!(ranged.contains(&"tornado.csv".to_owned()) && ranged.contains(&"cost-band.png".to_owned()));
    std::fs::write(directory.path().join("notes.txt"), "mine").unwrap();
    let mut plain: Vec<String> = FILES.iter().map(|name| (*name).to_owned()).collect();
    plain.push("notes.txt".to_owned());
    plain.sort_unstable();
    let mut left = write(&["scenarios/mid-size-saas.toml"]);
    left.sort_unstable();
    assert_eq!(left, plain);
}

#[test]
fn a_scenario_that_cannot_be_read_leaves_no_directory() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("report");
    let status = trailcost()
        .args(["estimate", "scenarios/no-such.toml", "--quiet", "--out"])
        .arg(&out)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(3));
    assert!(!out.exists());
}

//! Every error message: one smallest bad input and its exact text each, in `tests/errors/<name>/`.
//!
//! A case has `cmd` (the arguments, separated by spaces; lines with `#` say why), the input files, and `expected`:
//! `exit N`, then stderr to the letter. `expected.stdout`, where there is one, holds lines that stdout shows in this order;
//! it is written by hand. Without it, a command that fails prints nothing to stdout, unless a price is missing.
//!
//! `TRAILCOST_BLESS=1 cargo test --test it errors` writes `expected` anew; read the difference before it is committed.

use super::support::root;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A price is missing or ambiguous.
const PRICE: i32 = 4;
/// A bug of ours.
const BUG: i32 = 70;

/// What a case is told apart from its input files by.
const OWN_FILES: [&str; 3] = ["cmd", "expected", "expected.stdout"];

fn cases() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("tests/errors"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn name(case: &Path) -> String {
    case.file_name().unwrap().to_string_lossy().into_owned()
}

fn copy(from: &Path, to: &Path, top: bool) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&path, &target, false);
        } else if !top || !OWN_FILES.contains(&name(&path).as_str()) {
            fs::copy(&path, &target).unwrap();
        }
    }
}

struct Outcome {
    code: i32,
    stderr: String,
    stdout: String,
}

impl Outcome {
    fn text(&self) -> String {
        format!("exit {}\n{}", self.code, self.stderr)
    }
}

fn trailcost(arguments: &[&str], directory: &Path) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(arguments)
        .current_dir(directory)
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .env_remove("COLUMNS")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap();
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stderr: String::from_utf8(output.stderr).unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
    }
}

fn run(case: &Path) -> Outcome {
    let directory = tempfile::tempdir().unwrap();
    copy(case, directory.path(), true);
    let command = fs::read_to_string(case.join("cmd")).unwrap();
    let arguments: Vec<&str> = command.lines().next().unwrap().split_whitespace().collect();
    trailcost(&arguments, directory.path())
}

/// Shows the lines from the first to the last that differ.
fn difference(expected: &str, found: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let head = old.iter().zip(&new).take_while(same).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(same).count();
    let mut text = String::new();
    for line in &old[head..old.len() - tail] {
        text.push_str(&format!("    - {line}\n"));
    }
    for line in &new[head..new.len() - tail] {
        text.push_str(&format!("    + {line}\n"));
    }
    text
}

/// Tells what is wrong with stdout.
fn stdout_fault(case: &Path, outcome: &Outcome) -> Option<String> {
    match fs::read_to_string(case.join("expected.stdout")) {
        Ok(lines) => {
            let mut rest = outcome.stdout.lines();
            lines
                .lines()
                .find(|wanted| !rest.any(|line| line == *wanted))
                .map(|missing| format!("    stdout lacks, in this order: {missing}\n"))
        }
        Err(_) if outcome.code == 0 || outcome.stdout.is_empty() => None,
        Err(_) => Some(format!("    stdout is not empty:\n{}", outcome.stdout)),
    }
}

#[test]
fn every_message_is_as_expected() {
    let bless = std::env::var_os("TRAILCOST_BLESS").is_some_and(|value| value == "1");
    let in_ci = std::env::var_os("CI").is_some();
    assert!(!(bless && in_ci), "expected texts are not rewritten in CI");
    let cases = cases();
    assert!(cases.len() >= 30, "only {} cases", cases.len());
    let mut faults = String::new();
    for case in &cases {
        let outcome = run(case);
        let mut own = String::new();
        if outcome.code == BUG || outcome.stderr.contains("panicked") {
            own.push_str(&format!("    panicked:\n{}", outcome.stderr));
        } else if bless {
            fs::write(case.join("expected"), outcome.text()).unwrap();
        }
        let expected = fs::read_to_string(case.join("expected")).unwrap_or_default();
        own.push_str(&difference(&expected, &outcome.text()));
        own.push_str(&stdout_fault(case, &outcome).unwrap_or_default());
        if !own.is_empty() {
            faults.push_str(&format!("{}\n{own}", name(case)));
        }
    }
    assert!(faults.is_empty(), "TRAILCOST_BLESS=1 rewrites the expected texts\n\n{faults}");
}

/// Splits stderr into its messages.
fn messages(stderr: &str) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    for line in stderr.lines() {
        let begins = line.starts_with("error") || line.starts_with("warning") || messages.is_empty();
        if begins {
            messages.push(String::new());
        }
        let last = messages.last_mut().unwrap();
        last.push_str(line);
        last.push('\n');
    }
    messages
}

/// Tells whether a message says where it is (file:line:column), or what is accepted, or what to do.
fn says_where_or_how(message: &str) -> bool {
    let place = message.lines().any(|line| {
        line.trim_start().strip_prefix("--> ").is_some_and(|place| place.matches(':').count() >= 2)
    });
    // A label follows its mark; clap has tips, lists and the way to the help.
    let words = ["hint: ", "note: ", "tip: ", "try '--help'"];
    place || words.iter().any(|word| message.contains(word))
}

#[test]
fn every_message_says_where_or_how_to_mend_it() {
    let mut faults = Vec::new();
    for case in cases() {
        let expected = fs::read_to_string(case.join("expected")).unwrap();
        let (code, stderr) = expected.split_once('\n').unwrap();
        if stderr.is_empty() {
            // What is missing is part of the report then.
            assert!(case.join("expected.stdout").is_file(), "{} {code} says nothing", name(&case));
        }
        for message in messages(stderr) {
            let first = message.lines().next().unwrap();
            if !says_where_or_how(&message) {
                faults.push(format!("{}: neither place nor hint: {first}", name(&case)));
            }
            if first.ends_with('.') {
                faults.push(format!("{}: a full stop after one sentence: {first}", name(&case)));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn an_incomplete_estimate_names_the_row_to_add() {
    for case in cases() {
        let expected = fs::read_to_string(case.join("expected")).unwrap();
        let stdout = fs::read_to_string(case.join("expected.stdout"));
        if expected == format!("exit {PRICE}\n") {
            assert!(stdout.is_ok_and(|lines| lines.contains("AWSCloudTrail,")), "{}", name(&case));
        }
    }
}

/// Root reads everything, so that there is nothing to see for it.
#[cfg(unix)]
#[test]
fn a_file_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("locked.toml");
    fs::write(&path, "version = 1\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        return;
    }
    let outcome = trailcost(&["estimate", "locked.toml"], directory.path());
    assert_eq!(outcome.code, 3);
    assert!(outcome.stderr.contains("cannot read locked.toml: permission denied"), "{}", outcome.stderr);
}

//! `measure logs --state`: a reading that was stopped, in whatever way, goes on and counts everything once.

use super::log_buckets::{log_key, outcome, packed, record, trailcost, world};
use crate::support::aws::{Emulator, Object, Trouble};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// Logs with copies, repeated texts, odd files and damage: whatever has to be known again when it goes on.
fn objects(files: usize) -> Vec<(String, Object)> {
    let mut all = Vec::new();
    for at in 0..files {
        let day = u32::try_from(at % 28).unwrap() + 1;
        let records: Vec<Value> = (0..5).map(|own| record(at * 5 + own, day)).collect();
        let key = |prefix: &str, at: usize| log_key(prefix, day, at);
        all.push((key("", at), Object::new(packed(&records))));
        if at % 3 == 0 {
            all.push((key("second/", at + 100_000), Object::new(packed(&records[1..]))));
        }
        if at % 5 == 0 {
            // Unpacked, and once more: the second and the third are the same text.
            for name in ["z-one", "z-two"] {
                let text = json!({ "Records": records[..2] }).to_string();
                all.push((format!("other/{name}/{at}.json"), Object::new(text)));
            }
        }
        if at % 7 == 0 {
            // The same log in a replica.
            all.push((key("third/", at), Object::new(packed(&records))));
        }
        if at % 11 == 0 {
            all.push((format!("other/damaged/{at}.json.gz"), Object::new(packed(&records)[..60].to_vec())));
            all.push((format!("other/notes/{at}.txt"), Object::new("no log")));
        }
    }
    all
}

fn counts(stdout: &str) -> Value {
    let mut own: Value = serde_json::from_str(stdout).unwrap();
    // What was asked for again after a stop is asked for once more.
    own["requests"] = Value::Null;
    own
}

fn run(url: &str, directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = trailcost(url, directory, arguments);
    outcome(&command.args(["--format", "json"]).output().unwrap())
}

fn begin(url: &str, directory: &Path, arguments: &[&str]) -> Child {
    let mut command = trailcost(url, directory, arguments);
    command.args(["--format", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until nothing more is asked for.
fn until_silent(emulator: &Emulator, least: usize) {
    let mut before = (0, Instant::now());
    loop {
        let calls = emulator.calls().len();
        if calls != before.0 || calls < least {
            before = (calls, Instant::now());
        } else if before.1.elapsed() > Duration::from_millis(400) {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_killed_reading_goes_on_and_counts_everything_once() {
    let objects = objects(120);
    let files = objects.len();
    let emulator = Emulator::start(world(objects));
    let directory = tempfile::tempdir().unwrap();
    let places = ["s3://logs/second", "s3://logs"];
    let (code, whole, stderr) = run(&emulator.url(), directory.path(), &places);
    assert_eq!(code, 0, "{stderr}");
    let gets = emulator.calls_of("GetObject").len();
    let whole = counts(&whole);
    assert!(whole["copies"]["copies"].as_u64().unwrap() > 100, "{}", whole["copies"]);
    for kept in ["3", "17"] {
        let state = format!("state-{kept}");
        let arguments =
            [&places[..], &["--state", &state, "--checkpoint", kept, "--concurrency", "4"]].concat();
        let mut killed = 0;
        let before = emulator.calls_of("GetObject").len();
        for good in [0, 9, 30, 1, 50, 40, 20] {
            emulator.trouble_with_objects("", good, Trouble::Silent, usize::MAX);
            let calls = emulator.calls().len();
            let mut child = begin(&emulator.url(), directory.path(), &arguments);
            until_silent(&emulator, calls + 1);
            killed += usize::from(child.try_wait().unwrap().is_none());
            child.kill().unwrap();
            child.wait().unwrap();
            emulator.no_more_trouble();
        }
        assert_eq!(killed, 7);
        let (code, again, stderr) = run(&emulator.url(), directory.path(), &arguments);
        assert_eq!(code, 0, "{stderr}");
        assert!(stderr.contains("going on after "), "{stderr}");
        assert_eq!(counts(&again), whole, "checkpoints after {kept} files");
        // What was read before a stop is not read again, but for what was not kept yet and what was on its way.
        let asked = emulator.calls_of("GetObject").len() - before;
        let most = gets + 7 * (kept.parse::<usize>().unwrap() + 2 * 4 + 4);
        assert!(asked <= most, "{asked} requests, {most} at most, of {files} files");
        let left: Vec<_> = std::fs::read_dir(directory.path().join(&state)).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn a_reading_killed_at_any_time_goes_on() {
    let objects = objects(60);
    let directory = tempfile::tempdir().unwrap();
    // Half of it in a folder, beside the bucket.
    for (key, object) in objects.iter().filter(|own| own.0.starts_with("third/") || own.0.contains("z-two")) {
        let path = directory.path().join("local").join(key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, object.body.as_slice()).unwrap();
    }
    let emulator = Emulator::start(world(objects));
    let places = ["local/third", "s3://logs", "local"];
    let (code, whole, stderr) = run(&emulator.url(), directory.path(), &places);
    assert_eq!(code, 0, "{stderr}");
    let whole = counts(&whole);
    let arguments = [&places[..], &["--state", "state", "--checkpoint", "1", "--threads", "3"]].concat();
    let mut kills = 0;
    for step in 1..=200_u64 {
        let mut child = begin(&emulator.url(), directory.path(), &arguments);
        let end = Instant::now() + Duration::from_millis(30 + step * 7);
        while Instant::now() < end && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            kills += 1;
        }
        let (code, stdout, stderr) = outcome(&child.wait_with_output().unwrap());
        if code == 0 {
            assert_eq!(counts(&stdout), whole, "{kills} times killed");
            assert!(kills >= 3, "{kills}");
            return;
        }
        assert_eq!((code, stderr.contains("error")), (-1, false), "{stderr}");
    }
    panic!("it never came to an end");
}

#[cfg(unix)]
#[test]
fn an_interrupted_reading_ends_at_once_and_goes_on() {
    let emulator = Emulator::start(world(objects(40)));
    let directory = tempfile::tempdir().unwrap();
    let (_, whole, _) = run(&emulator.url(), directory.path(), &["s3://logs"]);
    emulator.trouble_with_objects("", 25, Trouble::Silent, usize::MAX);
    let arguments = ["s3://logs", "--state", "state"];
    let calls = emulator.calls().len();
    let child = begin(&emulator.url(), directory.path(), &arguments);
    until_silent(&emulator, calls + 20);
    // Whoever comes meanwhile is sent away.
    let (code, _, stderr) = run(&emulator.url(), directory.path(), &arguments);
    assert_eq!(code, 3);
    assert!(
        stderr.starts_with("error: another trailcost goes on with the reading kept in state\n"),
        "{stderr}"
    );
    let pid = child.id().to_string();
    let begun = Instant::now();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let (code, stdout, stderr) = outcome(&child.wait_with_output().unwrap());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(code, 130, "{stderr}");
    assert!(stderr.contains("the same command goes on from here"), "{stderr}");
    let partial: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&partial["partial"], &partial["unreadable"]), (&json!(true), &json!([])));
    assert!(partial["totals"]["events"].as_u64().unwrap() >= 25 * 2);
    emulator.no_more_trouble();
    let gets = emulator.calls_of("GetObject").len();
    let (code, again, stderr) = run(&emulator.url(), directory.path(), &arguments);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(counts(&again), counts(&whole));
    let all = gets - 25 - 16;
    assert!(emulator.calls_of("GetObject").len() - gets < all, "everything was read again");
}

#[test]
fn a_state_that_cannot_be_gone_on_with_is_told() {
    let emulator = Emulator::start(world(objects(30)));
    let directory = tempfile::tempdir().unwrap();
    emulator.trouble_with_objects("", 20, Trouble::Silent, usize::MAX);
    let arguments = ["s3://logs", "--state", "state", "--checkpoint", "2"];
    let mut child = begin(&emulator.url(), directory.path(), &arguments);
    until_silent(&emulator, 20);
    let state = directory.path().join("state");
    // On a busy machine what was read may not be written down yet.
    let begun = Instant::now();
    while !state.join("trailcost-reading.checkpoint").exists() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    emulator.no_more_trouble();
    let told = |arguments: &[&str]| {
        let (code, stdout, stderr) = run(&emulator.url(), directory.path(), arguments);
        assert_eq!((code, stdout.as_str()), (3, ""), "{stderr}");
        stderr
    };
    let stderr = told(&["s3://logs/second", "--state", "state"]);
    assert!(stderr.starts_with("error: the reading kept in state is another one: of s3://logs with --prefix-depth 0, and this is of s3://logs/second"), "{stderr}");
    told(&["s3://logs", "--state", "state", "--prefix-depth", "1"]);
    for name in ["checkpoint", "texts", "names", "deliveries"] {
        let path = state.join(format!("trailcost-reading.{name}"));
        let whole = std::fs::read(&path).unwrap();
        let mut wrong = whole.clone();
        wrong[whole.len() / 2] ^= 1;
        for damaged in [&wrong[..], &whole[..whole.len() / 2]] {
            std::fs::write(&path, damaged).unwrap();
            let stderr = told(&arguments);
            assert!(
                stderr.starts_with("error: the reading kept in state is damaged\nhint: remove"),
                "{stderr}"
            );
        }
        std::fs::write(&path, whole).unwrap();
    }
    let (code, _, stderr) = run(&emulator.url(), directory.path(), &arguments);
    assert_eq!(code, 0, "{stderr}");
}

#[test]
fn expired_credentials_stop_the_reading_and_lose_nothing() {
    let emulator = Emulator::start(world(objects(40)));
    let directory = tempfile::tempdir().unwrap();
    let (_, whole, _) = run(&emulator.url(), directory.path(), &["s3://logs"]);
    let calls = emulator.calls().len();
    emulator.trouble_with_objects("", 20, Trouble::Throttled, 4);
    let arguments = ["s3://logs", "--state", "state", "--checkpoint", "4", "--concurrency", "2"];
    let child = begin(&emulator.url(), directory.path(), &arguments);
    while emulator.calls().len() < calls + 21 {
        std::thread::sleep(Duration::from_millis(1));
    }
    let key = "AKID111122223333";
    emulator.change(|world| world.principals.get_mut(key).unwrap().expired = true);
    let (code, stdout, stderr) = outcome(&child.wait_with_output().unwrap());
    assert_eq!((code, stdout.as_str()), (5, ""), "{stderr}");
    assert!(stderr.starts_with("error: the AWS credentials have expired (ExpiredToken)\n"), "{stderr}");
    assert!(stderr.contains("the same command goes on from what was kept last"), "{stderr}");
    emulator.change(|world| world.principals.get_mut(key).unwrap().expired = false);
    let (code, again, stderr) = run(&emulator.url(), directory.path(), &arguments);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("going on after "), "{stderr}");
    assert_eq!(counts(&again), counts(&whole));
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded_however_much_there_is() {
    // 24 objects of 72 MiB each, read piece by piece, and 1 GiB of smaller ones: all of it far more than there is room for.
    let mut record = record(1, 1);
    record["requestParameters"] = json!({ "text": "x".repeat(900 << 10) });
    let record = record.to_string();
    let text = |records: usize| format!("{{\"Records\":[{}]}}", vec![record.as_str(); records].join(","));
    let large = Object::new(text(82));
    let medium = Object::new(text(9));
    assert!(large.body.len() > 64 << 20);
    let plain = |at: usize| log_key("", 1, at).replace(".gz", "");
    let mut all: Vec<(String, Object)> = (0..6).map(|at| (plain(at), large.clone())).collect();
    all.extend((100..160).map(|at| (plain(at), medium.clone())));
    let emulator = Emulator::start(world(all));
    let directory = tempfile::tempdir().unwrap();
    let mut child = begin(&emulator.url(), directory.path(), &["s3://logs", "--threads", "2"]);
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(&status).unwrap_or_default();
        let line = status.lines().find_map(|own| own.strip_prefix("VmHWM:"));
        let own = line.and_then(|own| own.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = peak.max(own.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(20));
    }
    let (code, stdout, stderr) = outcome(&child.wait_with_output().unwrap());
    assert_eq!(code, 0, "{stderr}");
    let own: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(own["totals"]["events"], 6 * 82 + 60 * 9);
    assert!(peak > 0 && peak < 260 << 10, "{peak} kB");
}

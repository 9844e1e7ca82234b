//! `measure logs` and what is meant to exhaust it: bombs, records without end, files that go away. Memory stays bounded.
//!
//! With `TRAILCOST_LARGE` set, a bomb is ten gigabytes and a record one, as `.ci/full` has it; otherwise they are smaller.

use flate2::{Compress, Compression, Crc, FlushCompress};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Counts of a folder, and the most memory that counting them took, in MiB, where the system says it.
fn measured(folder: &Path) -> (Value, Option<u64>) {
    let out = tempfile::NamedTempFile::new().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(["measure", "logs", "--threads", "2", "--format", "json"])
        .arg(folder)
        .stdout(Stdio::from(out.reopen().unwrap()))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let end = Instant::now() + Duration::from_mins(5);
    let mut peak = None;
    let code = loop {
        if let Some(code) = child.try_wait().unwrap() {
            break code;
        }
        // The highest mark so far; it is gone once the process has ended.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|own| own.trim().strip_suffix(" kB")?.parse::<u64>().ok()).or(peak);
        if Instant::now() > end {
            child.kill().unwrap();
            panic!("counting takes too long");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(code.success());
    (serde_json::from_slice(&fs::read(out.path()).unwrap()).unwrap(), peak.map(|own| own >> 10))
}

/// Counts of a folder, which take no more memory than a program with a few buffers does.
fn measured_in_bounds(folder: &Path) -> Value {
    let (counts, peak) = measured(folder);
    assert!(peak.is_none_or(|own| own < 256), "{peak:?} MiB");
    counts
}

fn is_large() -> bool {
    std::env::var_os("TRAILCOST_LARGE").is_some()
}

/// Returns files and records of a reason.
fn unreadable(own: &Value, name: &str) -> (u64, u64) {
    let found = own["unreadable"].as_array().unwrap().iter().find(|own| own["reason"] == name);
    found.map_or((0, 0), |own| (own["files"].as_u64().unwrap(), own["records"].as_u64().unwrap_or(0)))
}

fn record(id: &str) -> String {
    json!({
        "eventVersion": "1.08", "eventTime": "2026-05-04T10:00:00Z", "eventSource": "ec2.amazonaws.com",
        "eventName": "DescribeInstances", "awsRegion": "eu-west-1", "readOnly": true, "eventID": id,
        "eventType": "AwsApiCall", "managementEvent": true, "recipientAccountId": "111122223333",
        "eventCategory": "Management"
    })
    .to_string()
}

/// One gzip member, put together from parts that are compressed once and repeated.
struct Member {
    stored: Vec<u8>,
    sum: Crc,
}

impl Member {
    fn new() -> Self {
        Self { stored: vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF], sum: Crc::new() }
    }

    /// Adds a text so many times.
    fn add(&mut self, text: &[u8], times: usize) {
        let (mut deflate, mut packed) = (Compress::new(Compression::best(), false), Vec::new());
        // What is flushed in full refers to nothing before it, so that it can stand anywhere.
        packed.reserve(text.len() + 100);
        deflate.compress_vec(text, &mut packed, FlushCompress::Full).unwrap();
        let mut sum = Crc::new();
        sum.update(text);
        for _ in 0..times {
            self.stored.extend_from_slice(&packed);
            self.sum.combine(&sum);
        }
    }

    fn finish(mut self) -> Vec<u8> {
        // The last block, which is empty.
        self.stored.extend([3, 0]);
        self.stored.extend(self.sum.sum().to_le_bytes());
        self.stored.extend(self.sum.amount().to_le_bytes());
        self.stored
    }
}

#[test]
fn bombs_are_read_in_bounded_memory() {
    let megabytes = if is_large() { 10_000 } else { 200 };
    let folder = tempfile::tempdir().unwrap();
    for (name, byte) in [("zeros", 0), ("blanks", b' '), ("digits", b'1'), ("opens", b'[')] {
        let mut bomb = Member::new();
        bomb.add(&vec![byte; 1_000_000], megabytes);
        let stored = bomb.finish();
        assert!(stored.len() < megabytes * 2_000);
        fs::write(folder.path().join(format!("{name}.json.gz")), stored).unwrap();
    }
    fs::write(folder.path().join("last.json"), record("last")).unwrap();
    let own = measured_in_bounds(folder.path());
    assert_eq!(own["totals"]["events"], 1);
    assert_eq!(own["files"]["empty"], 1, "{own:#}");
    assert_eq!(unreadable(&own, "not_json"), (1, 0), "{:#}", own["unreadable"]);
    let told: u64 =
        own["unreadable"].as_array().unwrap().iter().map(|own| own["files"].as_u64().unwrap()).sum();
    assert!(told >= 3, "{:#}", own["unreadable"]);
}

#[test]
fn a_record_of_a_gigabyte_is_passed_over() {
    let megabytes = if is_large() { 1_000 } else { 100 };
    let folder = tempfile::tempdir().unwrap();
    for (name, head, part, tail) in [
        ("string", "\"", "x", "\""),
        ("escapes", "\"", "\\\\\\\"", "\""),
        ("list", "[0", ",[{\"a\":\"]\"}]", "]"),
    ] {
        let mut file = Member::new();
        let head = format!(
            "{{\"Records\":[{},{{\"eventName\":\"Large\",\"text\":{head}",
            record(&format!("{name}1"))
        );
        file.add(head.as_bytes(), 1);
        let part = part.repeat(1_000_000 / part.len());
        file.add(part.as_bytes(), megabytes);
        file.add(format!("{tail}}},{}]}}", record(&format!("{name}2"))).as_bytes(), 1);
        fs::write(folder.path().join(format!("{name}.json.gz")), file.finish()).unwrap();
    }
    let own = measured_in_bounds(folder.path());
    assert_eq!(own["totals"]["events"], 6);
    assert_eq!(unreadable(&own, "record_too_large"), (3, 3), "{:#}", own["unreadable"]);
}

#[test]
fn nesting_is_passed_over_however_deep_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let inside =
        record("inside").replacen('{', &format!("{{\"requestParameters\":{},", well_nested(100_000)), 1);
    fs::write(folder.path().join("inside.json"), format!("{{\"Records\":[{inside},{}]}}", record("next")))
        .unwrap();
    fs::write(folder.path().join("alone.json"), well_nested(100_000)).unwrap();
    let own = measured_in_bounds(folder.path());
    assert_eq!(own["totals"]["events"], 2);
}

fn well_nested(depth: usize) -> String {
    format!("{}1{}", "[{\"a\":".repeat(depth), "}]".repeat(depth))
}

#[cfg(unix)]
#[test]
fn files_that_may_not_be_read_are_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (file, closed) = (folder.path().join("closed.json"), folder.path().join("closed"));
    fs::write(&file, record("a")).unwrap();
    fs::create_dir(&closed).unwrap();
    fs::write(folder.path().join("open.json"), record("b")).unwrap();
    for path in [&file, &closed] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o0)).unwrap();
    }
    if fs::read(&file).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let own = measured_in_bounds(folder.path());
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(own["totals"]["events"], 1);
    assert_eq!(unreadable(&own, "unreadable_file"), (1, 0));
    assert_eq!(unreadable(&own, "unreadable_folder"), (1, 0));
}

#[test]
fn files_that_vanish_meanwhile_are_told_or_were_never_seen() {
    const FILES: u64 = 3_000;
    let folder = tempfile::tempdir().unwrap();
    let path = |at: u64| folder.path().join(format!("{at:04}.json"));
    for at in 0..FILES {
        fs::write(path(at), record(&at.to_string())).unwrap();
    }
    let own = std::thread::scope(|scope| {
        let counting = scope.spawn(|| measured_in_bounds(folder.path()));
        for at in (0..FILES).rev() {
            fs::remove_file(path(at)).unwrap();
        }
        counting.join().unwrap()
    });
    let read = own["files"]["log_files"].as_u64().unwrap();
    let (vanished, _) = unreadable(&own, "vanished");
    assert!(read + vanished <= FILES, "{read} {vanished}");
    assert_eq!(own["totals"]["events"], read);
    assert_eq!(
        own["unreadable"].as_array().unwrap().len(),
        usize::from(vanished > 0),
        "{:#}",
        own["unreadable"]
    );
}

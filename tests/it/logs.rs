//! `measure logs`: odd, damaged and hostile files, and what becomes of the counts.

use assert_cmd::Command;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

fn trailcost() -> Command {
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.timeout(Duration::from_mins(2));
    command
}

/// Runs `measure logs` on a folder and returns the counts.
fn measured(path: &Path) -> Value {
    let output = trailcost().args(["measure", "logs", "--format", "json"]).arg(path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn record(id: &str, day: &str) -> Value {
    json!({
        "eventVersion": "1.08", "eventTime": format!("{day}T10:00:00Z"), "eventSource": "ec2.amazonaws.com",
        "eventName": "DescribeInstances", "awsRegion": "eu-west-1", "readOnly": true, "eventID": id,
        "eventType": "AwsApiCall", "managementEvent": true, "recipientAccountId": "111122223333",
        "eventCategory": "Management", "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/eve"},
        "requestParameters": {"text": "]}{[ \\\" \"eventName\":\"Nested\""}
    })
}

fn records(list: &[Value]) -> String {
    json!({ "Records": list }).to_string()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Returns files and records of a reason.
fn reason(own: &Value, list: &str, name: &str) -> (u64, u64) {
    let found = own[list].as_array().unwrap().iter().find(|own| own["reason"] == name);
    found.map_or((0, 0), |own| (own["files"].as_u64().unwrap(), own["records"].as_u64().unwrap_or(0)))
}

#[test]
fn every_shape_of_text_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).unwrap();
    let one = |id: &str| record(id, "2026-05-04");
    write("a.json", records(&[one("a1"), one("a2")]).as_bytes());
    write("b.json.gz", &gzip(json!([one("b1")]).to_string().as_bytes()));
    write("c.json", one("c1").to_string().as_bytes());
    write("d.jsonl", format!("{}\n{}\n", one("d1"), one("d2")).as_bytes());
    let answer =
        json!({"NextToken": "x", "Events": [{"EventId": "e1", "CloudTrailEvent": one("e1").to_string()}]});
    write("e.json", answer.to_string().as_bytes());
    write("f.json", format!("\u{feff}{}", records(&[one("f1")])).as_bytes());
    let members =
        [gzip(records(&[one("g1")]).as_bytes()), gzip(b"\n"), gzip(records(&[one("g2")]).as_bytes())];
    write("g.gz", &members.concat());
    write("h.json", b"");
    write("i.json", br#"{"digestStartTime":"x","digestEndTime":"y","logFiles":[]}"#);
    let own = measured(folder.path());
    assert_eq!(own["totals"]["events"], 10);
    assert_eq!(own["totals"]["copies"], 0);
    assert_eq!(own["files"]["log_files"], 7);
    assert_eq!((&own["files"]["digest_files"], &own["files"]["empty"]), (&json!(1), &json!(1)));
    assert_eq!(own["unreadable"], json!([]));
    let names: Vec<&Value> = own["events"].as_array().unwrap().iter().map(|own| &own["event_name"]).collect();
    assert_eq!(names, ["DescribeInstances"]);
}

#[test]
fn copies_are_told_from_the_same_file_twice() {
    let folder = tempfile::tempdir().unwrap();
    let place = |root: &str| {
        let path = folder.path().join(root).join("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/05/04");
        fs::create_dir_all(&path).unwrap();
        path
    };
    let (one, two) = (place("one"), place("two"));
    let name = |random: &str| format!("111122223333_CloudTrail_eu-west-1_20260504T1005Z_{random}.json");
    let id = "a09130b7-6927-4dfc-89cc-2506928a30b2";
    let text = records(&[record(id, "2026-05-04")]);
    // The same event by two trails, in files that are equal byte by byte.
    fs::write(one.join(format!("{}.gz", name("AAAAAAAAAAAAAAAA"))), gzip(text.as_bytes())).unwrap();
    fs::write(two.join(format!("{}.gz", name("BBBBBBBBBBBBBBBB"))), gzip(text.as_bytes())).unwrap();
    // The first of them unpacked beside it, and once more under another name.
    fs::write(one.join(name("AAAAAAAAAAAAAAAA")), &text).unwrap();
    fs::write(folder.path().join("unpacked.json"), &text).unwrap();
    let own = measured(folder.path());
    assert_eq!((&own["totals"]["events"], &own["totals"]["copies"]), (&json!(2), &json!(1)));
    assert_eq!(own["files"]["repeated"], 2);
    let shared = &own["copies"]["shared"][0];
    assert_eq!((&shared["events"], &shared["copies"]), (&json!(1), &json!(1)));
    assert_eq!(shared["folders"].as_array().unwrap().len(), 2);
    assert_eq!(own["copies"]["copies_same_folder"], 0);
}

#[test]
fn damage_is_told_by_reason_and_what_comes_before_it_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).unwrap();
    let whole = |at: usize| records(&[record(&format!("id{at}"), "2026-05-04")]);
    let packed = gzip(whole(1).as_bytes());
    write("truncated.json.gz", &packed[..packed.len() - 6]);
    let mut wrong = gzip(whole(2).as_bytes());
    let sum = wrong.len() - 8;
    wrong[sum] ^= 1;
    write("wrong-sum.json.gz", &wrong);
    write("garbage.json.gz", &[gzip(whole(3).as_bytes()), b"garbage".to_vec()].concat());
    write("cut.json", &whole(4).as_bytes()[..whole(4).len() - 2]);
    write("no.json", b"this is no JSON");
    write("mixed.json", format!("[1, {}, \"x\", {{}}]", record("id5", "2026-05-04")).as_bytes());
    write("zeros.json.gz", &gzip(&vec![0; 200 << 20]));
    write("deep.json", format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).as_bytes());
    write(
        "not-utf8.json",
        &[b"{\"eventName\":\"a\xFFb\0\",\"eventTime\":\"2026-05-04T10:00:00Z\"}".as_slice()].concat(),
    );
    let own = measured(folder.path());
    for (name, expected) in [
        ("truncated_gzip", (1, 0)),
        ("corrupt_gzip", (1, 0)),
        ("trailing_garbage", (1, 0)),
        ("truncated_json", (1, 0)),
        ("not_json", (2, 0)),
        ("not_an_event", (2, 4)),
    ] {
        assert_eq!(reason(&own, "unreadable", name), expected, "{name}: {:#}", own["unreadable"]);
    }
    assert_eq!(own["totals"]["events"], 6);
    assert!(own["events"].as_array().unwrap().iter().any(|own| own["event_name"] == "a\u{fffd}b\0"));
    trailcost().args(["measure", "logs", "--strict"]).arg(folder.path()).assert().code(3);
}

#[test]
fn a_record_without_end_is_passed_over_in_bounded_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = br#"{"Records":["#.to_vec();
    text.extend(record("first", "2026-05-04").to_string().bytes());
    text.extend(br#",{"eventName":"Large","text":""#);
    text.resize(text.len() + (80 << 20), b'x');
    text.extend(br#""},"#);
    text.extend(record("last", "2026-05-04").to_string().bytes());
    text.extend(b"]}");
    fs::write(folder.path().join("large.json.gz"), gzip(&text)).unwrap();
    let own = measured(folder.path());
    assert_eq!(own["totals"]["events"], 2);
    assert_eq!(reason(&own, "unreadable", "record_too_large"), (1, 1));
}

#[cfg(unix)]
#[test]
fn odd_files_are_passed_over_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("inside");
    fs::create_dir(&inside).unwrap();
    std::os::unix::fs::symlink(folder.path(), inside.join("loop")).unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", inside.join("gone.json")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(inside.join("pipe.json")).status().unwrap().success());
    let name = "new\nline \x1b[31mred.json";
    fs::write(inside.join(name), "not json").unwrap();
    let own = measured(folder.path());
    assert_eq!(reason(&own, "skipped", "symlink_loop"), (1, 0));
    assert_eq!(reason(&own, "skipped", "not_a_regular_file"), (1, 0));
    assert_eq!(reason(&own, "unreadable", "vanished"), (1, 0));
    let text = trailcost().args(["measure", "logs"]).arg(folder.path()).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(!text.contains('\x1b') && text.contains("red.json"), "{text}");
    let missing = trailcost().args(["measure", "logs"]).arg(folder.path().join("no")).output().unwrap();
    assert_eq!(missing.status.code(), Some(3));
}

#[test]
fn the_scenario_is_estimated_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for root in ["first", "second"] {
        let path = folder.path().join(root).join("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/05/04");
        fs::create_dir_all(&path).unwrap();
        let list: Vec<Value> = (0..20).map(|at| record(&format!("id{at}"), "2026-05-04")).collect();
        let name = format!("111122223333_CloudTrail_eu-west-1_20260504T1005Z_{root}AAAAAAAA.json.gz");
        fs::write(path.join(name), gzip(records(&list).as_bytes())).unwrap();
    }
    let out = folder.path().join("out");
    trailcost().args(["measure", "logs", "--out"]).arg(&out).arg(folder.path()).assert().success();
    for name in ["measured.json", "days.csv", "sources.csv", "resources.csv", "identities.csv"] {
        assert!(out.join(name).is_file(), "{name}");
    }
    let estimated =
        trailcost().args(["estimate", "--format", "json"]).arg(out.join("scenario.toml")).output().unwrap();
    let estimated: Value = serde_json::from_slice(&estimated.stdout).unwrap();
    let copies =
        estimated["components"].as_array().unwrap().iter().find(|own| own["id"] == "management_copies");
    // One hour of 20 events × 24 × 31 days, at 2 dollars for 100,000 copies: 14,880 copies.
    let first: f64 = copies.unwrap()["first_month"].as_str().unwrap().parse().unwrap();
    assert!((first - 0.2976).abs() < 1e-9, "{first}");
}

#[test]
fn real_logs_are_counted_where_they_are_at_hand() {
    let Some(shared) = std::env::var_os("TRAILCOST_SHARED_DATA").map(std::path::PathBuf::from) else {
        eprintln!("skipped: TRAILCOST_SHARED_DATA names no folder of logs");
        return;
    };
    for (name, files, events, kind) in [
        ("invictus", 55, 2_900, "management"),
        ("stratus", 35, 310, "events"),
        ("traildiscover", 584, 563, "events"),
    ] {
        let own = measured(&shared.join("logs").join(name));
        let of = |list: &str, name: &str| own[list][name].as_u64().unwrap();
        assert_eq!(of("files", "log_files") + of("files", "repeated"), files, "{name}");
        assert_eq!(of("totals", kind) + of("files", "repeated_events"), events, "{name}");
        assert_eq!(own["unreadable"], json!([]), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_reading_publishes_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let list: Vec<Value> = (0..4_000).map(|at| record(&format!("id{at}"), "2026-05-04")).collect();
    let packed = gzip(records(&list).as_bytes());
    for at in 0..400 {
        let name = format!("111122223333_CloudTrail_eu-west-1_20260504T1005Z_AAAAAAAAAAAA{at:04}.json.gz");
        fs::write(folder.path().join(name), &packed).unwrap();
    }
    let child = std::process::Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(["measure", "logs", "--threads", "1", "--format", "json"])
        .arg(folder.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let own: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &own["partial"]), (Some(130), &json!(true)));
    let events = own["totals"]["events"].as_u64().unwrap();
    assert!(events > 0 && events < 1_600_000 && events.is_multiple_of(4_000), "{events}");
}

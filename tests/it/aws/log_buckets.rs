//! `measure logs s3://…`: the same counts as of a folder, whatever happens on the way.

use super::{MEMBER, OWN};
use crate::support::aws::{Bucket, Emulator, Object, Policy, Trouble, World};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

/// The command with what the emulator wants, and nothing of the machine's own settings.
pub(super) fn trailcost(url: &str, directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailcost"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command
        .args(["measure", "logs"])
        .args(arguments)
        .current_dir(directory)
        .env("HOME", directory)
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_ACCESS_KEY_ID", format!("AKID{OWN}"))
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_REGION", "us-east-1");
    command
}

pub(super) fn outcome(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// Returns the counts of a run that goes well.
fn measured(command: &mut Command) -> Value {
    let (code, stdout, stderr) = outcome(&command.args(["--format", "json"]).output().unwrap());
    assert_eq!(code, 0, "{stderr}");
    serde_json::from_str(&stdout).unwrap()
}

pub(super) fn record(id: usize, day: u32) -> Value {
    json!({
        "eventVersion": "1.08", "eventTime": format!("2026-05-{day:02}T10:00:00Z"),
        "eventSource": if id.is_multiple_of(3) { "kms.amazonaws.com" } else { "ec2.amazonaws.com" },
        "eventName": "DescribeInstances", "awsRegion": "eu-west-1", "readOnly": true,
        "eventID": format!("a09130b7-6927-4dfc-89cc-{id:012x}"), "managementEvent": true,
        "eventType": "AwsApiCall", "recipientAccountId": OWN, "eventCategory": "Management",
        "userIdentity": {"type": "IAMUser", "arn": format!("arn:aws:iam::{OWN}:user/{}", id % 7)},
    })
}

pub(super) fn packed(records: &[Value]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(json!({ "Records": records }).to_string().as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// The key of a log file of a day in May.
pub(super) fn log_key(prefix: &str, day: u32, at: usize) -> String {
    let minute = at * 5 % 60 + at / 12 % 24 * 100;
    format!(
        "{prefix}AWSLogs/{OWN}/CloudTrail/eu-west-1/2026/05/{day:02}/{OWN}_CloudTrail_eu-west-1_202605{day:02}T{minute:04}Z_{at:016}.json.gz"
    )
}

/// A bucket in us-east-1 with these objects.
pub(super) fn world(objects: impl IntoIterator<Item = (String, Object)>) -> World {
    let mut world = World::default().with_account(OWN, &["us-east-1"]);
    let bucket = Bucket {
        owner: OWN.to_owned(),
        region: "us-east-1".to_owned(),
        objects: objects.into_iter().collect(),
        ..Bucket::default()
    };
    world.buckets.insert("logs".to_owned(), bucket);
    world
}

/// Writes objects into a folder.
fn folder_of(objects: &[(String, Object)], folder: &Path) {
    for (key, object) in objects {
        let path = folder.join(key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, object.body.as_slice()).unwrap();
    }
}

/// Logs of some days: events in two files each, one more copy of each by a second trail.
fn logs(days: u32, files: usize) -> Vec<(String, Object)> {
    let mut all = Vec::new();
    for day in 1..=days {
        for at in 0..files {
            let own = day as usize * 10_000 + at;
            let body = packed(&[record(own * 2, day), record(own * 2 + 1, day)]);
            all.push((log_key("", day, own), Object::new(body.clone())));
            if at % 2 == 0 {
                all.push((log_key("second/", day, own + 5_000), Object::new(body)));
            }
        }
    }
    all
}

#[test]
fn a_bucket_is_counted_as_its_folder_is() {
    let mut objects = logs(3, 20);
    let one = |id: usize| Object::new(json!({ "Records": [record(id, 2)] }).to_string());
    objects.push(("unpacked/new\nline & <more> %41+ ü.json".to_owned(), one(1)));
    objects.push(("unpacked/same.json".to_owned(), one(1)));
    objects.push(("unpacked/empty.json".to_owned(), Object::new("")));
    objects.push(("unpacked/notes.md".to_owned(), Object::new("no log")));
    objects.push(("unpacked/bad.json.gz".to_owned(), Object::new(packed(&[record(2, 2)])[..40].to_vec())));
    // More than five pages, none of them fetched.
    for at in 0..5_200 {
        let name = format!("{OWN}_CloudTrail-Digest_eu-west-1_main_eu-west-1_20260502T{at:06}Z.json.gz");
        let key = format!("AWSLogs/{OWN}/CloudTrail-Digest/eu-west-1/2026/05/02/{name}");
        objects.push((key, Object::new("digest")));
    }
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("logs");
    folder_of(&objects, &folder);
    let url = "http://127.0.0.1:9";
    let root = folder.to_str().unwrap();
    let of_folder = measured(&mut trailcost(url, directory.path(), &[root]));
    // What the console makes when somebody makes a folder.
    objects.push(("unpacked/".to_owned(), Object::new("")));
    let emulator = Emulator::start(world(objects));
    let mut of_bucket = measured(&mut trailcost(&emulator.url(), directory.path(), &["s3://logs"]));
    let requests = of_bucket["requests"].take();
    of_bucket["requests"] = json!([]);
    let mut text = of_bucket.to_string();
    text = text.replace("s3://logs", root);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), of_folder);
    assert_eq!(of_bucket["totals"]["copies"], 60);
    assert_eq!(of_bucket["files"]["digest_files"], 5_200);
    // 3 days × (20 + 10), and three of the others: neither the empty one nor the notes.
    let gets = 3 * 30 + 3;
    assert_eq!(emulator.calls_of("GetObject").len(), gets);
    assert_eq!(emulator.calls_of("ListObjectsV2").len(), 6);
    let lists = &requests[0];
    assert_eq!((&lists["list_requests"], &lists["region"]), (&json!(6), &json!("us-east-1")));
    assert_eq!((&lists["cost"], &lists["currency"]), (&json!("0.00003"), &json!("USD")));
    let objects = &requests[1];
    assert_eq!((&objects["get_requests"], &objects["storage_class"]), (&json!(gets), &json!("STANDARD")));
    assert!(objects["bytes"].as_u64().unwrap() > 10_000, "{requests}");
    for call in emulator.calls_of("ListObjectsV2") {
        assert!(call.answered && call.region == "us-east-1");
    }
}

#[test]
fn only_folders_of_the_days_wanted_are_listed() {
    let mut objects = logs(9, 4);
    // Delivered after midnight, with an event of the next day beside it.
    objects.push((log_key("", 6, 99_999), Object::new(packed(&[record(900, 5), record(901, 6)]))));
    let stray = json!([record(950, 5), record(951, 8), record(952, 4)]).to_string();
    objects.push(("a/b/c/d/stray.json".to_owned(), Object::new(stray)));
    for day in 1..=9 {
        for at in 0..1_000 {
            let name =
                format!("{OWN}_CloudTrail-Digest_eu-west-1_main_eu-west-1_2026050{day}T{at:06}Z.json.gz");
            let key = format!("AWSLogs/{OWN}/CloudTrail-Digest/eu-west-1/2026/05/0{day}/{name}");
            objects.push((key, Object::new("digest")));
        }
    }
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("logs");
    folder_of(&objects, &folder);
    let emulator = Emulator::start(world(objects));
    let root = folder.to_str().unwrap();
    for (since, until, events, others) in
        [(Some(4), Some(5), 24 + 1 + 2, 12 + 1 + 1), (None, Some(1), 12, 12 + 3), (Some(9), None, 12, 3)]
    {
        let day = |name: &str, own: Option<u32>| own.map(|own| format!("{name}=2026-05-0{own}"));
        let options: Vec<String> =
            [day("--since", since), day("--until", until)].into_iter().flatten().collect();
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let of_folder =
            measured(&mut trailcost(&emulator.url(), directory.path(), &[&[root], &options[..]].concat()));
        let before = emulator.calls().len();
        let places = [&["s3://logs"], &options[..]].concat();
        let mut own = measured(&mut trailcost(&emulator.url(), directory.path(), &places));
        own["requests"] = json!([]);
        let own: Value = serde_json::from_str(&own.to_string().replace("s3://logs", root)).unwrap();
        assert_eq!(own, of_folder, "{since:?} {until:?}");
        assert_eq!(own["totals"]["events"], events, "{since:?} {until:?}");
        assert_eq!(own["window"]["events_of_other_days"], others, "{since:?} {until:?}");
        let calls = emulator.calls();
        let lists = calls[before..].iter().filter(|own| own.operation == "ListObjectsV2").count();
        // Some for the folders above, and a page or more of each Region's folder: all keys would take ten.
        let most = 1 + 4 + 5 + 1 + 3 + 5;
        assert!(lists <= most, "{lists}");
    }
    let (code, _, stderr) = outcome(
        &trailcost(&emulator.url(), directory.path(), &["logs", "--since=2026-05-02", "--until=2026-05-01"])
            .output()
            .unwrap(),
    );
    assert_eq!((code, stderr.starts_with("error: --until lies before --since\n")), (2, true), "{stderr}");
}

#[test]
fn a_place_is_a_folder_or_one_object_and_places_are_mixed() {
    let objects = logs(2, 4);
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("second-copy");
    folder_of(&objects[..3], &folder);
    let beside = ("AWSLogs2/x.json".to_owned(), Object::new(json!([record(77, 1)]).to_string()));
    let single = log_key("", 1, 10_000);
    let emulator = Emulator::start(world(objects.iter().cloned().chain([beside])));
    let run = |places: &[&str]| measured(&mut trailcost(&emulator.url(), directory.path(), places));
    let own = run(&["s3://logs/AWSLogs/"]);
    assert_eq!((&own["totals"]["events"], &own["totals"]["copies"]), (&json!(16), &json!(0)));
    assert_eq!(own["trail_folders"][0]["folder"], "s3://logs/AWSLogs");
    let own = run(&["s3://logs/second", "s3://logs/AWSLogs"]);
    assert_eq!((&own["totals"]["events"], &own["totals"]["copies"]), (&json!(24), &json!(8)));
    let own = run(&[&format!("s3://logs/{single}")]);
    assert_eq!(own["totals"]["events"], 2);
    // The same files in a folder and in the bucket are read once.
    let own = run(&["s3://logs/AWSLogs", "second-copy"]);
    assert_eq!((&own["totals"]["events"], &own["files"]["repeated"]), (&json!(18), &json!(2)));
}

#[test]
fn archived_objects_are_told_and_never_restored() {
    let mut objects = logs(1, 8);
    let change = |object: &mut Object, class: &str| object.class = class.to_owned();
    change(&mut objects[0].1, "GLACIER");
    change(&mut objects[1].1, "DEEP_ARCHIVE");
    change(&mut objects[2].1, "GLACIER");
    objects[2].1.is_restored = true;
    change(&mut objects[3].1, "GLACIER_IR");
    change(&mut objects[4].1, "INTELLIGENT_TIERING");
    change(&mut objects[5].1, "INTELLIGENT_TIERING");
    objects[5].1.is_tiered_away = true;
    let bytes: usize = [0, 1, 5].iter().map(|at: &usize| objects[*at].1.body.len()).sum();
    let files = objects.len();
    let directory = tempfile::tempdir().unwrap();
    let emulator = Emulator::start(world(objects));
    let own = measured(&mut trailcost(&emulator.url(), directory.path(), &["s3://logs"]));
    assert_eq!(own["skipped"][0]["reason"], "archived");
    assert_eq!((&own["skipped"][0]["files"], &own["skipped"][0]["bytes"]), (&json!(3), &json!(bytes)));
    assert_eq!(own["unreadable"], json!([]));
    assert_eq!(own["files"]["log_files"], files - 3);
    let classes: Vec<&str> =
        own["requests"].as_array().unwrap().iter().filter_map(|own| own["storage_class"].as_str()).collect();
    assert_eq!(classes, ["GLACIER", "GLACIER_IR", "INTELLIGENT_TIERING", "STANDARD"]);
    // Reading from Glacier Instant Retrieval: a request at 0.00001, and 0.03 for a GB; a restored object's price is unknown.
    let instant = &own["requests"][2];
    let cost: f64 = instant["cost"].as_str().unwrap().parse().unwrap();
    let expected = 0.000_01 + instant["bytes"].as_f64().unwrap() / 1_073_741_824.0 * 0.03;
    assert!((cost - expected).abs() < 1e-12, "{instant}");
    assert_eq!(own["requests"][1]["cost"], Value::Null);
    let (_, text, _) =
        outcome(&trailcost(&emulator.url(), directory.path(), &["s3://logs"]).output().unwrap());
    assert!(text.contains("restore them first") && text.contains("Asked of Amazon S3"), "{text}");
    assert!(
        emulator.calls().iter().all(|own| ["GetObject", "ListObjectsV2"].contains(&own.operation.as_str()))
    );
}

#[test]
fn what_breaks_off_goes_on_from_there() {
    let filler: String = (0_u64..400_000).map(|own| char::from(b'a' + (own * own % 23) as u8)).collect();
    let mut large = record(1, 1);
    large["requestParameters"] = json!({ "text": filler });
    let body = json!({ "Records": [large, record(2, 1)] }).to_string();
    let key = log_key("", 1, 1).replace(".gz", "");
    let mut objects = logs(1, 10);
    objects.push((key.clone(), Object::new(body.clone())));
    let directory = tempfile::tempdir().unwrap();
    let emulator = Emulator::start(world(objects));
    let clean = measured(&mut trailcost(&emulator.url(), directory.path(), &["s3://logs"]));
    let gets = emulator.calls_of("GetObject").len();
    emulator.trouble_with_objects("1.json", 0, Trouble::BrokenOff(150_000), 1);
    emulator.trouble_with_objects("1.json", 0, Trouble::BrokenOff(100), 2);
    emulator.trouble_with_objects("5.json.gz", 0, Trouble::HungUp, 1);
    emulator.trouble_with_objects("", 3, Trouble::Throttled, 3);
    emulator.trouble("ListObjectsV2", None, Trouble::Throttled, 2);
    let mut again = measured(&mut trailcost(&emulator.url(), directory.path(), &["s3://logs"]));
    let ranges: Vec<String> = emulator
        .calls_of("GetObject")
        .into_iter()
        .skip(gets)
        .filter(|own| own.path.ends_with("1.json"))
        .map(|own| own.range)
        .collect();
    assert_eq!(ranges, ["", "bytes=150000-", "bytes=150100-", "bytes=150200-"]);
    assert_eq!(again["requests"][0]["list_requests"], 3);
    assert!(again["requests"][1]["get_requests"].as_u64().unwrap() >= gets as u64 + 7);
    again["requests"] = clean["requests"].clone();
    assert_eq!(again, clean);
}

#[test]
fn what_does_not_come_whole_is_told_by_reason() {
    let mut objects = logs(1, 12);
    objects[6].1.is_encrypted = true;
    let names: Vec<String> = objects.iter().map(|own| own.0.clone()).collect();
    let end = |at: usize| names[at][names[at].len() - 20..].to_owned();
    let mut world = world(objects);
    world.allow(
        OWN,
        Policy::parse(
            &json!({ "Version": "2012-10-17", "Statement": [
                { "Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"] },
            ] })
            .to_string(),
        ),
    );
    let directory = tempfile::tempdir().unwrap();
    let emulator = Emulator::start(world);
    emulator.trouble_with_objects(&end(0), 0, Trouble::BrokenOff(10), 9);
    emulator.trouble_with_objects(&end(3), 0, Trouble::Denied, 9);
    emulator.trouble_with_objects(&end(4), 0, Trouble::ServerError, 9);
    let arguments = ["s3://logs", "--max-attempts", "2"];
    let own = measured(&mut trailcost(&emulator.url(), directory.path(), &arguments));
    let reasons: Vec<(&str, u64)> = own["unreadable"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| (own["reason"].as_str().unwrap(), own["files"].as_u64().unwrap()))
        .collect();
    assert_eq!(reasons, [("access_denied", 1), ("key_denied", 1), ("not_fetched", 2)]);
    assert_eq!(own["files"]["log_files"], 18 - 4);
    let strict = [&arguments[..], &["--strict"]].concat();
    assert_eq!(
        trailcost(&emulator.url(), directory.path(), &strict).output().unwrap().status.code(),
        Some(3)
    );
    let (_, text, _) = outcome(&trailcost(&emulator.url(), directory.path(), &arguments).output().unwrap());
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("allow s3:GetObject") && text.contains("allow kms:Decrypt"), "{text}");
}

#[test]
fn an_object_that_is_overwritten_meanwhile_is_told() {
    let objects = logs(1, 3);
    let key = objects[2].0.clone();
    let directory = tempfile::tempdir().unwrap();
    let emulator = Emulator::start(world(objects));
    // Whatever comes after the listing finds another version, byte by byte the same.
    emulator.trouble_with_objects("", 0, Trouble::Throttled, 3);
    let mut command = trailcost(&emulator.url(), directory.path(), &["s3://logs", "--format", "json"]);
    let child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    while emulator.calls_of("ListObjectsV2").is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    emulator.trouble_with_objects("", 0, Trouble::Throttled, 3);
    emulator.change(|world| {
        world.buckets.get_mut("logs").unwrap().objects.get_mut(&key).unwrap().version += 1;
    });
    let own: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(
        (&own["unreadable"][0]["reason"], &own["unreadable"][0]["files"]),
        (&json!("changed"), &json!(1))
    );
}

#[test]
fn a_bucket_elsewhere_is_followed_and_one_that_may_not_be_read_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let mut world = world(logs(1, 3)).with_account(MEMBER, &["eu-west-1"]);
    world.buckets.get_mut("logs").unwrap().region = "ap-southeast-2".to_owned();
    let foreign = Bucket { owner: MEMBER.to_owned(), region: "us-east-1".to_owned(), ..Bucket::default() };
    world.buckets.insert("foreign".to_owned(), foreign);
    let emulator = Emulator::start(world);
    let run =
        |places: &[&str]| outcome(&trailcost(&emulator.url(), directory.path(), places).output().unwrap());
    let own = measured(&mut trailcost(&emulator.url(), directory.path(), &["s3://logs"]));
    assert_eq!(own["requests"][1]["region"], "ap-southeast-2");
    let regions: Vec<String> = emulator.calls_of("ListObjectsV2").into_iter().map(|own| own.region).collect();
    assert_eq!(regions, ["us-east-1", "ap-southeast-2"]);
    assert!(emulator.calls_of("GetObject").iter().all(|own| own.region == "ap-southeast-2"));
    let (code, stdout, stderr) = run(&["s3://foreign/x"]);
    assert_eq!((code, stdout.as_str()), (5, ""));
    assert!(stderr.starts_with("error: AWS denied listing the bucket foreign (AccessDenied)\nhint: allow s3:ListBucket on arn:aws:s3:::foreign"), "{stderr}");
    let (code, _, stderr) = run(&["s3://nowhere"]);
    assert_eq!(code, 5);
    assert!(stderr.starts_with("error: there is no bucket nowhere (NoSuchBucket)\n"), "{stderr}");
    let (code, _, stderr) = run(&["s3://logs/AWSLog"]);
    assert_eq!(code, 3);
    assert!(stderr.starts_with("error: cannot read s3://logs/AWSLog: there are no objects\n"), "{stderr}");
    let (code, _, stderr) = run(&["s3://"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("expected s3://BUCKET"), "{stderr}");
    emulator.change(|world| world.principals.get_mut(&format!("AKID{OWN}")).unwrap().expired = true);
    let (code, _, stderr) = run(&["s3://logs"]);
    assert_eq!(code, 5);
    assert!(stderr.starts_with("error: the AWS credentials have expired (ExpiredToken)\n"), "{stderr}");
    let (code, _, stderr) = outcome(
        &trailcost("http://127.0.0.1:9", directory.path(), &["s3://logs", "--max-attempts", "1"])
            .output()
            .unwrap(),
    );
    assert_eq!(code, 5);
    assert!(stderr.starts_with("error: no answer from http://127.0.0.1:9: "), "{stderr}");
}

#[test]
fn the_printed_policy_is_enough_and_no_more_than_that() {
    let directory = tempfile::tempdir().unwrap();
    let mut objects = logs(1, 4);
    objects[0].1.is_encrypted = true;
    let places = ["s3://logs/AWSLogs", "--print-policy"];
    let printed = trailcost("http://127.0.0.1:9", directory.path(), &places).output().unwrap();
    let (code, policy, _) = outcome(&printed);
    assert_eq!(code, 0);
    let policy = Policy::parse(&policy);
    let of_files = trailcost("http://127.0.0.1:9", directory.path(), &["logs", "--print-policy"]).output();
    assert_eq!(of_files.unwrap().status.code(), Some(2));
    let mut world = world(objects);
    world.allow(OWN, policy.clone());
    let emulator = Emulator::start(world);
    let own = measured(&mut trailcost(&emulator.url(), directory.path(), &places[..1]));
    assert_eq!((&own["unreadable"], &own["totals"]["events"]), (&json!([]), &json!(8)));
    assert_eq!(policy.actions(), ["s3:ListBucket", "s3:GetObject", "kms:Decrypt"]);
    for (action, code, reason) in
        [("s3:ListBucket", 5, ""), ("s3:GetObject", 0, "access_denied"), ("kms:Decrypt", 0, "key_denied")]
    {
        emulator.change(|world| world.allow(OWN, policy.without(action)));
        let mut command = trailcost(&emulator.url(), directory.path(), &places[..1]);
        let (got, stdout, stderr) = outcome(&command.args(["--format", "json"]).output().unwrap());
        assert_eq!(got, code, "{action}: {stderr}");
        assert!(stdout.contains(reason), "{action}: {stdout}");
    }
    // What lies beside the place is not to be read.
    emulator.change(|world| world.allow(OWN, policy.clone()));
    let own = measured(&mut trailcost(&emulator.url(), directory.path(), &["s3://logs/second"]));
    assert_eq!(own["unreadable"][0]["reason"], "access_denied");
}

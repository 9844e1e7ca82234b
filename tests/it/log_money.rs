//! What changes of recording, selectors and plans cost in logs, worked out by hand.

use crate::support::root;
use assert_cmd::Command;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

const ACCOUNT: &str = "111122223333";

fn trailcost() -> Command {
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.timeout(Duration::from_mins(2));
    command
}

fn event(id: &str, time: &str, source: &str, name: &str, reads: bool) -> Value {
    json!({
        "eventVersion": "1.11", "eventTime": time, "eventSource": source, "eventName": name, "awsRegion": "us-east-1",
        "readOnly": reads, "eventID": id, "eventType": "AwsApiCall", "managementEvent": true, "recipientAccountId": ACCOUNT,
        "eventCategory": "Management", "userIdentity": { "type": "IAMUser", "arn": format!("arn:aws:iam::{ACCOUNT}:user/eve") }
    })
}

fn on_object(id: &str, time: &str, name: &str, bucket: &str, reads: bool) -> Value {
    let mut event = event(id, time, "s3.amazonaws.com", name, reads);
    event["managementEvent"] = json!(false);
    event["eventCategory"] = json!("Data");
    event["resources"] = json!([{ "type": "AWS::S3::Object", "ARN": format!("arn:aws:s3:::{bucket}/key") }]);
    event
}

fn write_day(trail: &Path, day: u32, events: &[Value]) {
    let folder = trail.join(format!("AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2026/11/{day:02}"));
    fs::create_dir_all(&folder).unwrap();
    // No two log files of CloudTrail's have the same name.
    let unique = &trail.file_name().unwrap().to_str().unwrap()[..5];
    let name = format!("{ACCOUNT}_CloudTrail_us-east-1_202611{day:02}T2355Z_{unique}abcde{day:06}.json.gz");
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(json!({ "Records": events }).to_string().as_bytes()).unwrap();
    fs::write(folder.join(name), packed.finish().unwrap()).unwrap();
}

/// Two weeks of November: on each day four management events, which two trails deliver, and ten data events; from the 8th on, when
/// the selectors of a trail are changed, thirty data events of two buckets.
fn archive(folder: &Path) {
    for day in 1..=14_u32 {
        let time = |hour: u32| format!("2026-11-{day:02}T{hour:02}:00:00Z");
        let id = |own: &str| format!("{own}-{day}");
        let management = vec![
            event(&id("m1"), &time(0), "ec2.amazonaws.com", "DescribeInstances", true),
            event(&id("m2"), &time(7), "kms.amazonaws.com", "Decrypt", true),
            event(&id("m3"), &time(12), "iam.amazonaws.com", "CreateRole", false),
            event(&id("m4"), &time(23), "ec2.amazonaws.com", "RunInstances", false),
        ];
        let mut events = management.clone();
        for own in 0..10 {
            let (name, reads) = if own < 6 { ("GetObject", true) } else { ("PutObject", false) };
            events.push(on_object(&id(&format!("o{own}")), &time(10), name, "orders", reads));
        }
        if day == 8 {
            let mut change =
                event("change", &time(9), "cloudtrail.amazonaws.com", "PutEventSelectors", false);
            change["requestParameters"] = json!({ "trailName": "audit", "eventSelectors": [] });
            events.push(change);
        }
        if day >= 8 {
            let clicks = (0..20)
                .map(|own| on_object(&id(&format!("c{own}")), &time(11), "HeadObject", "clicks", true));
            events.extend(clicks);
        }
        write_day(&folder.join("audit"), day, &events);
        write_day(&folder.join("security"), day, &management);
    }
}

fn measured(folder: &Path, more: &[&str]) -> Value {
    let output =
        trailcost().args(["measure", "logs", "--format", "json"]).arg(folder).args(more).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The archive that the README shows is this one. `TRAILCOST_BLESS=1` writes it anew.
#[test]
fn the_shipped_archive_is_the_one_worked_out_here() {
    let shipped = root().join("tests/fixtures/logs");
    if std::env::var_os("TRAILCOST_BLESS").is_some() {
        archive(&shipped);
    }
    let folder = tempfile::tempdir().unwrap();
    archive(folder.path());
    let strip = |mut own: Value| {
        // Only the paths differ.
        for key in ["trail_folders", "files_by_day", "copies", "regions", "gaps", "skipped"] {
            own.as_object_mut().unwrap().remove(key);
        }
        own
    };
    assert_eq!(strip(measured(&shipped, &[])), strip(measured(folder.path(), &[])));
}

#[test]
fn a_change_is_priced_by_the_days_around_it() {
    let folder = tempfile::tempdir().unwrap();
    archive(folder.path());
    let own = measured(folder.path(), &[]);
    let [cause] = own["causes"].as_array().unwrap().as_slice() else { panic!("one change") };
    assert_eq!((&cause["days_before"], &cause["days_after"]), (&json!(7), &json!(6)));
    // 10 and 30 data events a day × 30 days; 600 more at $0.10 per 100,000. Four copies a day on both sides.
    let kinds = json!([
        { "kind": "management_copies", "month_before": "120", "month_after": "120", "monthly_cost_added": "0" },
        { "kind": "data", "month_before": "300", "month_after": "900", "monthly_cost_added": "0.0006" },
    ]);
    assert_eq!(cause["kinds"], kinds);
    assert_eq!(cause["monthly_cost_added"], "0.0006");
    // By day: 10 and 30 data events at $0.10 per 100,000, four copies at $2.
    let days = &own["paid_days"];
    assert_eq!(days["whole_days"].as_array().unwrap().len(), 14);
    let of = |day: &str, component: &str| {
        let all = days["costs"].as_array().unwrap().iter();
        let own: Vec<&Value> = all
            .filter(|own| own["day"] == day && own["component"] == component)
            .map(|own| &own["cost"])
            .collect();
        json!(own)
    };
    assert_eq!(of("2026-11-07", "data_events_s3"), json!(["0.00001"]));
    assert_eq!(of("2026-11-08", "data_events_s3"), json!(["0.00003"]));
    assert_eq!(of("2026-11-08", "management_copies"), json!(["0.00008"]));
    let text = trailcost().args(["measure", "logs"]).arg(folder.path()).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("This change added $0.0006 a month"), "{text}");
    // 140 data events on `orders` in 14 × 24 hours: × 720 ÷ 336 × $0.000001.
    let orders =
        own["resources"].as_array().unwrap().iter().find(|own| own["resource"] == "arn:aws:s3:::orders");
    assert_eq!(orders.unwrap()["monthly_cost"], "0.0003");
    // Of 14 days the hours 0, 7, 10, 12 and 23 have events, one the 9th and seven the 11th.
    let quiet: u64 =
        own["quiet_hours"].as_array().unwrap().iter().map(|own| own["hours"].as_u64().unwrap()).sum();
    assert_eq!(quiet, 14 * 24 - 14 * 5 - 1 - 7);
    assert_eq!(own["month"], "mean of 14 whole days × 30 days, P10 to P90 of their variation");
    assert!(!own["volumes"].as_array().unwrap().is_empty() && !own["gaps"].as_array().unwrap().is_empty());
}

#[test]
fn a_second_change_bounds_the_days_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    archive(folder.path());
    let mut change =
        event("second", "2026-11-11T02:00:00Z", "cloudtrail.amazonaws.com", "StopLogging", false);
    change["requestParameters"] = json!({ "name": "security" });
    let mut failed = event("third", "2026-11-05T02:00:00Z", "cloudtrail.amazonaws.com", "DeleteTrail", false);
    failed["errorCode"] = json!("AccessDenied");
    fs::write(folder.path().join("more.json"), json!({ "Records": [change, failed] }).to_string()).unwrap();
    let own = measured(folder.path(), &[]);
    let days = |own: &Value| (own["days_before"].as_u64().unwrap(), own["days_after"].as_u64().unwrap());
    let causes = own["causes"].as_array().unwrap();
    let found: Vec<_> = causes.iter().map(|own| (own["event_name"].as_str().unwrap(), days(own))).collect();
    assert_eq!(found, [("DeleteTrail", (0, 0)), ("PutEventSelectors", (7, 2)), ("StopLogging", (2, 3))]);
    assert_eq!(causes[0]["monthly_cost_added"], Value::Null);
    assert_eq!(causes[2]["monthly_cost_added"], "0");
}

#[test]
fn selectors_are_tried_and_what_is_not_needed_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    archive(&logs);
    let (selectors, keep) = (root().join("tests/fixtures/selectors.json"), folder.path().join("keep.toml"));
    let selectors = selectors.to_str().unwrap();
    let own = measured(&logs, &["--replay", selectors]);
    let replay = &own["replay"];
    // Of 14 days three management events and the change, ten data events of `orders`; dropped: 14 of KMS, 140 clicks.
    assert_eq!((&replay["kept"]["management"], &replay["kept"]["data"]), (&json!(43), &json!(140)));
    assert_eq!((&replay["dropped"]["management"], &replay["dropped"]["data"]), (&json!(14), &json!(140)));
    // 140 × 30 ÷ 14 = 300 a month; 43 × 30 ÷ 14 = 92.14, to a whole event, × $0.00002 as a further copy.
    assert_eq!(replay["kept"]["monthly_cost"], "0.0003");
    assert_eq!(replay["kept"]["monthly_cost_as_further_copy"], "0.00184");
    let alone = |at: usize| replay["selectors"][at]["alone"]["events"].as_u64().unwrap();
    assert_eq!([alone(0), alone(1), alone(2)], [43, 84, 0]);
    let lost = json!([
        { "category": "data", "event_source": "s3.amazonaws.com", "event_name": "HeadObject", "events": 140 },
        { "category": "management", "event_source": "kms.amazonaws.com", "event_name": "Decrypt", "events": 14 },
    ]);
    assert_eq!(replay["never_recorded_again"], lost);
    // What writes is among what is done to `orders`: two selectors keep as much.
    let proposed = replay["proposal"]["selectors"].as_array().unwrap();
    assert_eq!(proposed.len(), 2, "{proposed:?}");
    assert_eq!(replay["proposal"]["dropped"]["events"], 0);
    // Only writes to `orders` are demanded, and network activity of which nothing was seen.
    let text = r#"
version = 1
name = "What must be kept"
start = "2027-01"

[keep]
[[keep.events]]
network_activity = ["kms.amazonaws.com"]
data = [{ resource_type = "AWS::S3::Object", access = "write" }]
"#;
    fs::write(&keep, text).unwrap();
    let out = folder.path().join("out");
    let own = measured(
        &logs,
        &["--replay", selectors, "--keep", keep.to_str().unwrap(), "--out", out.to_str().unwrap()],
    );
    let proposal = &own["replay"]["proposal"];
    assert_eq!(proposal["kept"]["data"], 56);
    assert_eq!((&proposal["dropped"]["management"], &proposal["dropped"]["data"]), (&json!(43), &json!(84)));
    assert_eq!(proposal["unseen"], json!([1]));
    let written = fs::read_to_string(out.join("selectors-proposed.json")).unwrap();
    let expected = json!([
        { "Name": "writes", "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Data"] },
            { "Field": "resources.type", "Equals": ["AWS::S3::Object"] }, { "Field": "readOnly", "Equals": ["false"] }] },
        { "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["NetworkActivity"] },
            { "Field": "eventSource", "Equals": ["kms.amazonaws.com"] }] },
    ]);
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), expected);
    for name in
        ["replay.csv", "never-recorded-again.csv", "causes.csv", "events-by-day.png", "events-by-hour.svg"]
    {
        assert!(out.join(name).exists(), "{name}");
    }
    // Without selectors, what tells of them goes.
    measured(&logs, &["--out", out.to_str().unwrap()]);
    assert!(!out.join("replay.csv").exists() && !out.join("selectors-proposed.json").exists());
}

#[test]
fn a_plan_is_tried_on_the_events_it_was_made_from() {
    let folder = tempfile::tempdir().unwrap();
    archive(folder.path());
    let plan = |more: &[&str]| -> Value {
        let output = trailcost()
            .args(["recommend", "--format", "json", "--min-saving", "0", "--logs"])
            .arg(folder.path())
            .args(more)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let own = plan(&[]);
    let titles: Vec<&str> =
        own["actions"].as_array().unwrap().iter().map(|own| own["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Delete the trail `security`"]);
    let [all, security] = own["replays"].as_array().unwrap().as_slice() else {
        panic!("{:#}", own["replays"])
    };
    // 57 management and 280 data events happened; all of them stay recorded. Each trail's selectors take all 57.
    assert_eq!((&all["kept"]["events"], &all["dropped"]["events"]), (&json!(337), &json!(0)));
    assert_eq!((&security["kept"]["events"], &security["dropped"]["events"]), (&json!(0), &json!(57)));
    // Reads of data are given up where that is accepted: six of ten on `orders`, and all clicks.
    let own = plan(&["--accept-loss", "medium"]);
    let all = &own["replays"][0];
    assert_eq!((&all["kept"]["data"], &all["dropped"]["data"]), (&json!(56), &json!(224)));
    let lost: Vec<&str> = all["never_recorded_again"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| own["event_name"].as_str().unwrap())
        .collect();
    assert_eq!(lost, ["HeadObject", "GetObject"]);
}

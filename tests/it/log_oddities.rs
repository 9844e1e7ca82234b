//! `measure logs`: what looks like more than it is, and must not become money.

use assert_cmd::Command;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::Duration;

const ACCOUNT: &str = "111122223333";
const MEMBER: &str = "444455556666";

fn trailcost() -> Command {
    let mut command = Command::cargo_bin("trailcost").unwrap();
    command.timeout(Duration::from_mins(2));
    command
}

fn measured(paths: &[&Path]) -> Value {
    let output = trailcost().args(["measure", "logs", "--format", "json"]).args(paths).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn event(id: &str, time: &str, account: &str) -> Value {
    json!({
        "eventVersion": "1.11", "eventTime": time, "eventSource": "ec2.amazonaws.com", "eventName": "RunInstances",
        "awsRegion": "us-east-1", "readOnly": false, "eventID": id, "eventType": "AwsApiCall", "managementEvent": true,
        "recipientAccountId": account, "eventCategory": "Management",
        "userIdentity": { "type": "IAMUser", "arn": format!("arn:aws:iam::{account}:user/eve") }
    })
}

fn write(path: &Path, text: &Value) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text.to_string()).unwrap();
}

/// Puts a log file where a trail delivers it: `below` is what stands before the account.
fn write_log(folder: &Path, below: &str, account: &str, day: u32, events: &[Value]) {
    let unique: String =
        below.chars().filter(char::is_ascii_alphanumeric).chain("00000000".chars()).collect();
    let path = folder.join(format!(
        "{below}/{account}/CloudTrail/us-east-1/2026/11/{day:02}/{account}_CloudTrail_us-east-1_202611{day:02}T2355Z_{unique}.json"
    ));
    write(&path, &json!({ "Records": events }));
}

fn management(day: u32, count: u32, account: &str) -> Vec<Value> {
    let time = |at: u32| format!("2026-11-{day:02}T{:02}:00:00Z", [0, 12, 23][at as usize % 3]);
    (0..count).map(|at| event(&format!("{account}-{day}-{at}"), &time(at), account)).collect()
}

#[test]
fn the_event_history_is_no_trail_and_its_answers_are_no_copies() {
    let folder = tempfile::tempdir().unwrap();
    let mut answers = Vec::new();
    for day in 1..=10 {
        let events = management(day, 6, ACCOUNT);
        write_log(folder.path(), "trail/AWSLogs", ACCOUNT, day, &events[..5]);
        answers.extend(events.iter().map(|own| json!({ "CloudTrailEvent": own.to_string() })));
    }
    write(&folder.path().join("history/answer.json"), &json!({ "Events": answers }));
    let own = measured(&[folder.path()]);
    // 10 × 5 of the trail, and one a day that only the history tells.
    assert_eq!((&own["totals"]["events"], &own["totals"]["copies"]), (&json!(60), &json!(0)));
    assert_eq!(own["files"]["repeated_events"], 50);
    let gaps = own["gaps"].as_array().unwrap();
    let said = |words: &str| gaps.iter().any(|own| own["what"].as_str().unwrap().contains(words));
    assert!(said("10 events that only answers of the event history tell"), "{gaps:#?}");
    let text = trailcost().args(["recommend", "--logs"]).arg(folder.path()).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(!text.contains("duplicate"), "{text}");
    let out = folder.path().join("out");
    let done =
        trailcost().args(["measure", "logs"]).arg(folder.path()).arg("--out").arg(&out).output().unwrap();
    assert!(done.status.success());
    let scenario = fs::read_to_string(out.join("scenario.toml")).unwrap();
    assert_eq!(scenario.matches("[[trail]]").count(), 1, "{scenario}");
    // 6 a day × 30 happen; the first copy of each is free.
    assert!(scenario.contains("180"), "{scenario}");
    let cost =
        trailcost().args(["estimate", "--format", "json"]).arg(out.join("scenario.toml")).output().unwrap();
    let cost: Value = serde_json::from_slice(&cost.stdout).unwrap();
    let copies = cost["components"].as_array().unwrap().iter().find(|own| own["id"] == "management_copies");
    assert_eq!(copies.map_or(&json!("0"), |own| &own["total"]), "0", "{cost:#}");
    // The history alone: what happens, and no trail at all.
    let alone = measured(&[&folder.path().join("history")]);
    assert_eq!((&alone["totals"]["events"], &alone["totals"]["copies"]), (&json!(60), &json!(0)));
    assert_eq!(alone["trail_folders"][0]["is_event_history"], true);
}

#[test]
fn a_record_with_a_wrong_time_moves_no_window() {
    let folder = tempfile::tempdir().unwrap();
    for day in 1..=10 {
        let mut events = management(day, 6, ACCOUNT);
        if day == 4 {
            let odd = ["9999-12-31T10:00:00Z", "0001-01-01T00:00:00Z", "2062-02-01T23:00:00Z"];
            events.extend(odd.iter().map(|time| event(&format!("odd-{time}"), time, ACCOUNT)));
        }
        write_log(folder.path(), "trail/AWSLogs", ACCOUNT, day, &events);
    }
    let out = folder.path().join("out");
    let output =
        trailcost().args(["measure", "logs", "--out"]).arg(&out).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(out.join("measured.json")).unwrap();
    let own: Value = serde_json::from_str(&text).unwrap();
    assert!(text.len() < 100_000, "{}", text.len());
    let window = &own["window"];
    assert_eq!((&window["first_day"], &window["last_day"]), (&json!("2026-11-01"), &json!("2026-11-10")));
    let far: Vec<&str> =
        window["far_days"].as_array().unwrap().iter().map(|own| own["day"].as_str().unwrap()).collect();
    assert_eq!(far, ["0001-01-01", "2062-02-01", "9999-12-31"]);
    // They are counted, but the month is made of 6 a day × 30.
    assert_eq!(own["totals"]["events"], 63);
    let scenario = fs::read_to_string(out.join("scenario.toml")).unwrap();
    assert!(scenario.contains("start = \"2026-11\"") && scenario.contains("180"), "{scenario}");
    trailcost().args(["estimate"]).arg(out.join("scenario.toml")).assert().success();
    // Where nothing but such days is there, there is no month, and that is said.
    let odd = folder.path().join("odd");
    write(&odd.join("odd.json"), &json!({ "Records": [event("odd", "9999-12-31T10:00:00Z", ACCOUNT)] }));
    let alone = measured(&[&odd]);
    assert_eq!(alone["window"]["first_day"], Value::Null);
    assert_eq!(alone["window"]["far_days"][0]["day"], "9999-12-31");
}

#[test]
fn it_is_said_whose_events_a_change_is_weighed_by() {
    let archive = |folder: &Path, more: Value| {
        for day in 1..=10 {
            // A copy of what the member does from the sixth day on, in the organization's folder.
            let member = management(day, 4, MEMBER);
            write_log(folder, "org/AWSLogs/o-exampleorgid", MEMBER, day, &member);
            if day > 5 {
                write_log(folder, "org2/AWSLogs/o-exampleorgid", MEMBER, day, &member);
            }
            let mut own = management(day, 2, ACCOUNT);
            if day == 5 {
                let mut change = event("change", "2026-11-05T12:00:00Z", ACCOUNT);
                change["eventSource"] = json!("cloudtrail.amazonaws.com");
                change["eventName"] = json!("UpdateTrail");
                change["requestParameters"] = json!({ "name": "audit" });
                change["requestParameters"]
                    .as_object_mut()
                    .unwrap()
                    .extend(more.as_object().unwrap().clone());
                own.push(change);
            }
            write_log(folder, "org/AWSLogs/o-exampleorgid", ACCOUNT, day, &own);
            write_log(folder, "own/AWSLogs", ACCOUNT, day, &own);
        }
    };
    let folder = tempfile::tempdir().unwrap();
    archive(&folder.path().join("unsaid"), json!({}));
    let own = measured(&[&folder.path().join("unsaid")]);
    assert_eq!(own["causes"][0]["weighed_by"], "account_alone");
    let text = trailcost().args(["measure", "logs"]).arg(folder.path().join("unsaid")).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("if it is the organization's trail, what it added elsewhere is not known"),
        "{text}"
    );
    archive(&folder.path().join("said"), json!({ "isOrganizationTrail": true }));
    let own = measured(&[&folder.path().join("said")]);
    let cause = &own["causes"][0];
    assert_eq!((&cause["weighed_by"], &cause["weighed_accounts"]), (&json!("organization"), &json!(2)));
    // Four copies a day more × 30 days at $2 per 100,000.
    assert_eq!(cause["monthly_cost_added"], "0.0024");
}

#[test]
fn a_damaged_copy_hides_no_whole_one_in_whichever_order_they_are_met() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let events = management(3, 9, ACCOUNT);
    for (place, text) in [(&one, String::new()), (&two, json!({ "Records": events }).to_string())] {
        fs::create_dir_all(place).unwrap();
        fs::write(place.join(format!("{ACCOUNT}_CloudTrail_us-east-1_20261103T0005Z_aaaaaaaa.json")), text)
            .unwrap();
    }
    for order in [[&one, &two], [&two, &one]] {
        let own = measured(&[order[0], order[1]]);
        assert_eq!((&own["totals"]["events"], &own["totals"]["copies"]), (&json!(9), &json!(0)));
    }
    let own = measured(&[&one, &two]);
    assert_eq!(own["skipped"][0]["reason"], "replaced");
    assert_eq!(own["files"]["repeated"], 0);
    let strict = |paths: &[&Path]| trailcost().args(["measure", "logs", "--strict"]).args(paths).assert();
    strict(&[&one, &two]).success();
    // Alone it is a log that is lost.
    strict(&[&one]).failure();
}

#[test]
fn what_is_damaged_within_is_completed_from_a_whole_copy() {
    let events = management(3, 9, ACCOUNT);
    let whole = json!({ "Records": events }).to_string();
    let second = whole.match_indices("{\"awsRegion\"").nth(2).map(|own| own.0).unwrap();
    let broken = |from: &str, to: &str| whole.replacen(from, to, 1);
    let cases = [
        // Cut right behind a record, before the comma.
        whole[..second - 1].to_owned(),
        broken("},{", "};{"),
        broken(":true", ":tru"),
        whole.replace("\"Records\"", "\"Recards\""),
        "{\"Records\":[]}".to_owned(),
        "[]".to_owned(),
        format!("({}", &whole[1..]),
    ];
    let name = format!("{ACCOUNT}_CloudTrail_us-east-1_20261103T0005Z_aaaaaaaa.json");
    for (at, bad) in cases.iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        for (place, text) in [(&one, bad), (&two, &whole)] {
            fs::create_dir_all(place).unwrap();
            fs::write(place.join(&name), text).unwrap();
        }
        for order in [[&one, &two], [&two, &one]] {
            let own = measured(&[order[0], order[1]]);
            assert_eq!(
                (&own["totals"]["events"], &own["totals"]["copies"]),
                (&json!(9), &json!(0)),
                "case {at}: {bad}"
            );
            trailcost().args(["measure", "logs", "--strict"]).args(order).assert().success();
        }
        // Damaged alone, it is told, unless it is a log without records.
        if !matches!(at, 4 | 5) {
            trailcost().args(["measure", "logs", "--strict"]).arg(&one).assert().failure();
        }
    }
    // Of damaged ones the one with most counts.
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    for (place, length) in [(&one, second / 2), (&two, whole.len() - 9)] {
        fs::create_dir_all(place).unwrap();
        fs::write(place.join(&name), &whole[..length]).unwrap();
    }
    for order in [[&one, &two], [&two, &one]] {
        assert_eq!(measured(&[order[0], order[1]])["totals"]["events"], 8);
    }
}

#[test]
fn answers_are_read_in_every_form_that_the_command_line_gives() {
    let events = management(3, 4, ACCOUNT);
    let answers: Vec<Value> = events
        .iter()
        .map(|own| json!({ "EventId": own["eventID"], "CloudTrailEvent": own.to_string() }))
        .collect();
    let lines = answers.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    for text in [json!({ "Events": answers }).to_string(), json!(answers).to_string(), lines] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("history.json"), text).unwrap();
        let own = measured(&[folder.path()]);
        assert_eq!((&own["totals"]["events"], &own["unreadable"]), (&json!(4), &json!([])));
        assert_eq!(own["trail_folders"][0]["is_event_history"], true);
    }
}

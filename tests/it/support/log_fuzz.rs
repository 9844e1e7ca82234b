//! What fuzzing tries: any bytes become a log file, which the program must count as the reference does.
//!
//! The bytes are choices, so that every input is a file worth reading. Both the fuzz targets and a short run in the ordinary
//! tests call these functions.

use super::log_corpus::{Json, Space, Style, gzip};
use super::log_reference::{differences, measure};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Bytes, read as choices; after the last every choice is the first.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn byte(&mut self) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first)
    }

    fn below(&mut self, end: usize) -> usize {
        self.byte() % end
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn text(&mut self) -> String {
        const PARTS: [&str; 24] = [
            "a",
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "é",
            "\u{1F600}",
            "\n",
            "/",
            "\u{1}",
            "7",
            " ",
            "\\\\\\\\",
            "\\\"",
            "\"eventName\":\"x\"",
            "]}{[",
            "2026-10-01T02:03:04Z",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "true",
            "Data",
        ];
        (0..self.below(40)).map(|_| self.of(&PARTS)).collect()
    }

    fn value(&mut self, depth: usize) -> Json {
        match self.below(if depth == 0 { 4 } else { 6 }) {
            0 => Json::Null,
            1 => Json::Bool(self.below(2) == 1),
            2 => Json::Number(self.of(&[0, 7, 111_122_223_333, u64::MAX])),
            3 => Json::from(self.text()),
            4 => Json::List((0..self.below(5)).map(|_| self.value(depth - 1)).collect()),
            _ => self.object(depth),
        }
    }

    fn object(&mut self, depth: usize) -> Json {
        let members = (0..self.below(6)).map(|_| {
            let key = if self.below(3) == 0 { self.text() } else { self.of(&KEYS).to_owned() };
            (key.into(), self.value(depth - 1))
        });
        Json::Object(members.collect())
    }

    /// A record: fields with values that are likely, and with any.
    fn record(&mut self) -> Json {
        let members = (0..self.below(14)).map(|_| {
            let key = self.of(&KEYS);
            let likely = Json::from(self.of(&LIKELY));
            (key.into(), if self.below(4) == 0 { self.value(3) } else { likely })
        });
        let mut record = Json::Object(members.collect());
        if self.below(2) == 0 {
            record.set("eventTime", "2026-10-01T02:03:04Z");
        }
        record
    }

    fn style(&mut self) -> Style {
        Style {
            sorted: self.below(4) == 1,
            space: self.of(&[Space::None, Space::None, Space::Lines, Space::Everywhere]),
            escaped: self.below(4) == 1,
        }
    }
}

const KEYS: [&str; 28] = [
    "eventName",
    "eventTime",
    "eventSource",
    "eventID",
    "eventId",
    "eventCategory",
    "eventType",
    "eventVersion",
    "readOnly",
    "managementEvent",
    "recipientAccountId",
    "accountId",
    "awsRegion",
    "errorCode",
    "userIdentity",
    "resources",
    "type",
    "ARN",
    "arn",
    "ARNPrefix",
    "invokedBy",
    "insightDetails",
    "timeWindow",
    "windowStart",
    "requestParameters",
    "Records",
    "Events",
    "CloudTrailEvent",
];

const LIKELY: [&str; 20] = [
    "Management",
    "Data",
    "NetworkActivity",
    "Insight",
    "",
    "AwsApiCall",
    "AwsVpceEvent",
    "true",
    "false",
    "111122223333",
    "444455556666",
    "us-east-1",
    "GetObject",
    "s3.amazonaws.com",
    "kms.amazonaws.com",
    "2026-10-02T05:06:07Z",
    "00000000-1111-4222-8333-444455556666",
    "AccessDenied",
    "AWS::S3::Object",
    "not-a-uuid",
];

/// A text of records in any container and style: the scanner against `serde_json`.
pub(crate) fn scanner(bytes: &[u8], measured: impl Fn(&Path) -> Value) {
    let mut choices = Choices(bytes);
    let (container, style) = (choices.below(5), choices.style());
    let mut records: Vec<Json> = (0..=choices.below(4)).map(|_| choices.record()).collect();
    let mut text = Vec::new();
    match container {
        0 | 1 => Json::Object(vec![("Records".into(), Json::List(records))]).write(style, &mut text),
        2 => Json::List(records).write(style, &mut text),
        3 => records.swap_remove(0).write(style, &mut text),
        _ => {
            for record in records {
                record.write(style, &mut text);
                text.push(b'\n');
            }
        }
    }
    if choices.below(8) == 1 {
        text.truncate(choices.byte() * text.len() / 255);
    }
    compare(&[("log.json".to_owned(), text)], measured);
}

/// A text that ends at each of its places, with names that are not known before and behind each that is.
pub(crate) fn cut(measured: impl Fn(&Path) -> Value) {
    let record = r#"{"zz":1,"eventName":"a","zz":"\"","eventTime":"2026-10-01T02:03:04Z","zz":[{}],"resources":[{"zz":1,"ARN":"b","zz":{}}],
        "userIdentity":{"zz":"}","type":"t","zz":null},"zz":"z"}"#;
    let text = format!(r#"{{"Records":[{record},{record}],"zz":0}}"#);
    for end in 0..=text.len() {
        compare(&[("log.json".to_owned(), text.as_bytes()[..end].to_vec())], &measured);
    }
}

/// gzip members in any number, whole, cut, and with what should not be behind them.
pub(crate) fn framing(bytes: &[u8], measured: impl Fn(&Path) -> Value) {
    let mut choices = Choices(bytes);
    let mut text = Vec::new();
    let records = (0..=choices.below(3)).map(|_| choices.record()).collect();
    Json::Object(vec![("Records".into(), Json::List(records))]).write(Style::COMPACT, &mut text);
    let mut packed = Vec::new();
    let mut start = 0;
    for _ in 0..choices.below(6) {
        let end = start + choices.byte() * (text.len() - start) / 255;
        packed.extend(gzip(&text[start..end]));
        start = end;
    }
    packed.extend(gzip(&text[start..]));
    match choices.below(6) {
        1 => packed.truncate(choices.byte() * packed.len() / 255),
        2 => packed.resize(packed.len() + choices.byte(), 0),
        3 => packed.extend_from_slice(b"rubbish"),
        // The sum or the length of the last member.
        4 => {
            let at = packed.len() - 1 - choices.below(8);
            packed[at] ^= 1;
        }
        _ => {}
    }
    compare(&[("log.json.gz".to_owned(), packed)], measured);
}

/// Folders and names: what they tell of an event that does not say it itself.
pub(crate) fn paths(bytes: &[u8], measured: impl Fn(&Path) -> Value) {
    const FOLDERS: [&str; 12] = [
        "AWSLogs",
        "o-exampleorgid",
        "111122223333",
        "444455556666",
        "11112222333",
        "CloudTrail",
        "CloudTrail-Insight",
        "CloudTrail-Digest",
        "CloudTrailX",
        "us-east-1",
        "2026",
        "logs of all",
    ];
    const NAMES: [&str; 12] = [
        "111122223333",
        "_CloudTrail",
        "-Insight",
        "-Digest",
        "_us-east-1",
        "_20261001T0005Z",
        "_20269999T9999Z",
        "_aaaaaaaaaaaaaaaa",
        "_x",
        ".json",
        ".json.gz",
        ".txt",
    ];
    let mut choices = Choices(bytes);
    let mut files = Vec::new();
    for at in 0..=choices.below(3) {
        let mut path: Vec<String> = (0..choices.below(7)).map(|_| choices.of(&FOLDERS).to_owned()).collect();
        let name = if choices.below(2) == 0 {
            "111122223333_CloudTrail_us-east-1_20261001T0005Z_aaaaaaaaaaaaaaaa.json".to_owned()
        } else {
            (0..=choices.below(8)).map(|_| choices.of(&NAMES)).collect()
        };
        path.push(name);
        let record = format!(r#"{{"Records":[{{"eventName":"E{at}","eventTime":"2026-10-01T02:03:04Z"}}]}}"#);
        files.push((path.join("/"), record.into_bytes()));
    }
    compare(&files, measured);
}

/// Writes the files and holds the program's counts against the reference's.
fn compare(files: &[(String, Vec<u8>)], measured: impl Fn(&Path) -> Value) {
    let directory = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = directory.path().join(path);
        // A file may stand where another path has a folder: such a path is not tried.
        if fs::create_dir_all(path.parent().unwrap()).is_ok() && !path.is_dir() {
            fs::write(path, content).unwrap();
        }
    }
    let (expected, found) = (measure(directory.path()), measured(directory.path()));
    let mut lines = Vec::new();
    differences("", &expected, &found, &mut lines);
    let shown: Vec<String> =
        files.iter().map(|(path, content)| format!("{path}: {}", content.escape_ascii())).collect();
    assert!(lines.is_empty(), "{}\n{}", lines.join("\n"), shown.join("\n"));
}

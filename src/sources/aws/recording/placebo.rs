//! Folders in placebo's format, as many tools' tests have them: numbered answers without accounts and Regions.
//!
//! Later numbers are answers to later calls: other Regions, or the same thing at a later time. Answers that name what they
//! are about are kept as such; `GetTrailStatus` names no trail, and is matched by order where that is beyond doubt.

use super::error::RecordingError;
use super::load::{data_of, json_files, named_operation};
use crate::io;
use crate::sources::aws::action;
use crate::sources::aws::answers::{Answer, Answers, Asked, Data, Operation, Refusal, RefusalKind};
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

#[derive(Deserialize)]
struct PlaceboFile {
    status_code: u16,
    data: Value,
}

/// An answer with what tells two statuses of one trail apart from those of two.
struct Read {
    answer: Answer,
    started: String,
}

pub(super) fn load(directory: &Path) -> Result<Answers, RecordingError> {
    let files = json_files(directory)?;
    if files.is_empty() {
        let message = "there is no recording in it";
        let hint =
            "name the folder that --record wrote, or one with files such as cloudtrail.DescribeTrails_1.json";
        return Err(RecordingError::bad(directory, message, hint));
    }
    let mut read = files.iter().map(|path| read(path.as_path())).collect::<Result<Vec<_>, _>>()?;
    match_statuses(&mut read);
    let answers = read.into_iter().map(|own| own.answer).collect();
    Ok(Answers { answers, ..Answers::default() })
}

fn read(path: &Path) -> Result<Read, RecordingError> {
    let operation = named_operation(path)?;
    let file: PlaceboFile = serde_json::from_str(&io::read_text(path)?).map_err(|error| {
        let hint = "a file of placebo's has `status_code` and `data`";
        RecordingError::bad(path, format!("it is not the JSON of a recorded answer: {error}"), hint)
    })?;
    if file.status_code >= 300 {
        let code = file.data.pointer("/Error/Code").and_then(Value::as_str).unwrap_or_default();
        let refusal = Refusal {
            kind: kind_of(code, file.status_code),
            code: code.to_owned(),
            action: action(operation).to_owned(),
        };
        let answer = Answer { asked: Asked::default(), outcome: Err((operation, refusal)) };
        return Ok(Read { answer, started: String::new() });
    }
    let started = file.data.get("TimeLoggingStarted").and_then(Value::as_str).unwrap_or_default().to_owned();
    let data = data_of(path, operation, file.data)?;
    let subject = match &data {
        Data::GetEventSelectors(own) => own.trail_arn.clone().unwrap_or_default(),
        Data::GetEventDataStore(own) => own.event_data_store_arn.clone(),
        _ => String::new(),
    };
    let asked = Asked { subject, ..Asked::default() };
    Ok(Read { answer: Answer { asked, outcome: Ok(data) }, started })
}

fn kind_of(code: &str, status: u16) -> RefusalKind {
    let has = |parts: &[&str]| parts.iter().any(|part| code.contains(part));
    if has(&["AccessDenied", "Unauthorized", "Forbidden", "AuthorizationError"]) {
        RefusalKind::Denied
    } else if has(&["NotFound", "NoSuch", "NotEnabled", "NotInUse"]) {
        RefusalKind::Absent
    } else if has(&["Expired", "InvalidClientToken", "UnrecognizedClient", "InvalidAccessKey", "Signature"]) {
        RefusalKind::Credentials
    } else if status >= 500 || has(&["Throttl", "TooManyRequests", "SlowDown"]) {
        RefusalKind::Unavailable
    } else {
        RefusalKind::Other
    }
}

/// Gives statuses the trails that they are of: the only trail there is, or one by one the trails of the only list.
fn match_statuses(read: &mut [Read]) {
    let mut lists = 0;
    let mut trails: Vec<String> = Vec::new();
    for own in read.iter() {
        if let Ok(Data::DescribeTrails(list)) = &own.answer.outcome {
            lists += 1;
            for arn in list.trail_list.iter().filter_map(|trail| trail.trail_arn.clone()) {
                if !trails.contains(&arn) {
                    trails.push(arn);
                }
            }
        }
    }
    let statuses: Vec<&mut Read> = read
        .iter_mut()
        .filter(
            |own| matches!(&own.answer.outcome, Ok(data) if data.operation() == Operation::GetTrailStatus),
        )
        .collect();
    let mut started: Vec<&str> = statuses.iter().map(|own| own.started.as_str()).collect();
    started.sort_unstable();
    let one_twice = started.windows(2).any(|pair| pair[0] == pair[1]);
    if let [only] = trails.as_slice() {
        for own in statuses {
            own.answer.asked.subject.clone_from(only);
        }
    } else if lists == 1 && statuses.len() == trails.len() && !one_twice {
        for (own, trail) in statuses.into_iter().zip(trails) {
            own.answer.asked.subject = trail;
        }
    }
}

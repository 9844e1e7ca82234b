//! Reading a recording: each damaged file is one clear error.

use super::entry::{AnswerFile, KIND, RUN_FILE, RunFile, VERSION, kind_of, kind_words};
use super::error::RecordingError;
use super::placebo;
use crate::domain::{Date, nearest};
use crate::io::{self, Action, FileError, FileReason};
use crate::sources::aws::answers::{Answer, Answers, Asked, Data, Operation, Refusal};
use std::fs;
use std::path::{Path, PathBuf};

const RECORD_ANEW: &str = "record it anew with --record, or leave the file out of version control's merges";

/// Tells whether a directory holds a recording of ours.
pub(super) fn is_recording(directory: &Path) -> bool {
    run_file(directory).is_ok_and(|run| run.is_some())
}

/// Reads a recording, or a folder in placebo's format.
///
/// # Errors
/// The first [`RecordingError`], in the order of the file names.
pub fn load(directory: &Path) -> Result<Answers, RecordingError> {
    let Some(run) = run_file(directory)? else {
        return placebo::load(directory);
    };
    let mut answers = Vec::new();
    for account in folders(directory)? {
        for region in folders(&account)? {
            for path in json_files(&region)? {
                answers.push(answer(&path)?);
            }
        }
    }
    if answers.len() != run.answers {
        let message = format!("it speaks of {} answers, and {} are there", run.answers, answers.len());
        return Err(RecordingError::bad(&directory.join(RUN_FILE), message, "files were lost or added"));
    }
    // The order in which AWS was asked about one thing is that of the numbers.
    answers.sort_by(|left, right| key(left).cmp(&key(right)));
    Ok(Answers { taken_on: run.taken_on, from: run.from, to: run.to, partial: run.partial, answers })
}

fn key(answer: &Answer) -> (&str, &str, Operation, &str) {
    let asked = &answer.asked;
    (&asked.account, &asked.region, operation_of(answer), &asked.subject)
}

fn operation_of(answer: &Answer) -> Operation {
    match &answer.outcome {
        Ok(data) => data.operation(),
        Err((operation, _)) => *operation,
    }
}

/// Reads `run.json`; nothing where there is none.
fn run_file(directory: &Path) -> Result<Option<RunFile>, RecordingError> {
    let path = directory.join(RUN_FILE);
    if !path.exists() {
        // A directory that is not there is told of when it is listed.
        return Ok(None);
    }
    let run: RunFile = parse(&path, &io::read_text(&path)?)?;
    if run.recording != KIND {
        let message = format!("`recording` is `{}`, not `{KIND}`", run.recording);
        return Err(RecordingError::bad(&path, message, "name the folder that --record wrote"));
    }
    if !(1..=VERSION).contains(&run.version) {
        let message = format!("version {} of the format is not known", run.version);
        let hint = format!("this program reads version {VERSION}; a newer one wrote this recording");
        return Err(RecordingError::bad(&path, message, &hint));
    }
    for (name, day) in [("taken_on", &run.taken_on), ("from", &run.from), ("to", &run.to)] {
        if let Err(error) = day.parse::<Date>() {
            let message = format!("bad day `{day}` in `{name}`: {error}");
            return Err(RecordingError::bad(&path, message, RECORD_ANEW));
        }
    }
    if run.from > run.to {
        let message = format!("`from` ({}) is later than `to` ({})", run.from, run.to);
        return Err(RecordingError::bad(&path, message, RECORD_ANEW));
    }
    Ok(Some(run))
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T, RecordingError> {
    serde_json::from_str(text).map_err(|error| {
        RecordingError::bad(path, format!("it is not the JSON of a recording: {error}"), RECORD_ANEW)
    })
}

fn listed(directory: &Path) -> Result<Vec<PathBuf>, RecordingError> {
    let failed = |error| {
        let reason = FileReason::System(error);
        RecordingError::File(FileError { path: directory.to_owned(), action: Action::Read, reason })
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // Hidden files are nobody's answers.
        if !entry.file_name().to_string_lossy().starts_with('.') {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

fn folders(directory: &Path) -> Result<Vec<PathBuf>, RecordingError> {
    Ok(listed(directory)?.into_iter().filter(|path| path.is_dir()).collect())
}

/// Returns the JSON files of a folder by name, and those of one operation by number.
pub(super) fn json_files(directory: &Path) -> Result<Vec<PathBuf>, RecordingError> {
    let mut files: Vec<PathBuf> = listed(directory)?
        .into_iter()
        .filter(|path| path.is_file() && path.extension().is_some_and(|own| own == "json"))
        .collect();
    files.sort_by_key(|path| {
        let stem = stem(path);
        match stem.rsplit_once('_') {
            Some((name, number)) => (name.to_owned(), number.parse().unwrap_or(u32::MAX), stem),
            None => (stem.clone(), 0, stem),
        }
    });
    Ok(files)
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|own| own.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Returns the operation that a file's name tells, such as `cloudtrail.DescribeTrails_1.json`.
pub(super) fn named_operation(path: &Path) -> Result<Operation, RecordingError> {
    let stem = stem(path);
    let name = stem.rsplit_once('_').map_or(stem.as_str(), |(name, _)| name);
    let names: Vec<String> = Operation::ALL
        .iter()
        .map(|own| {
            let (service, operation) = own.name();
            format!("{service}.{operation}")
        })
        .collect();
    let found = names.iter().position(|own| own == name).and_then(|at| Operation::ALL.get(at));
    found.copied().ok_or_else(|| {
        let near = nearest(name, names.iter().map(String::as_str)).map_or_else(
            || "names are SERVICE.Operation_N.json".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        RecordingError::bad(path, "no call that is made has this name", &near)
    })
}

fn answer(path: &Path) -> Result<Answer, RecordingError> {
    let operation = named_operation(path)?;
    let file: AnswerFile = parse(path, &io::read_text(path)?)?;
    let asked: Asked = file.request.unwrap_or_default().into();
    let outcome = match (file.data, file.error) {
        (Some(data), None) => Ok(data_of(path, operation, data)?),
        (None, Some(error)) => {
            let kind = kind_of(&error.kind).ok_or_else(|| {
                let message = format!("unknown kind of refusal `{}`", error.kind);
                RecordingError::bad(path, message, &format!("one of {}", kind_words()))
            })?;
            Err((operation, Refusal { kind, code: error.code, action: error.action }))
        }
        _ => {
            let message = "an answer has either `data` or `error`";
            return Err(RecordingError::bad(path, message, RECORD_ANEW));
        }
    };
    Ok(Answer { asked, outcome })
}

/// Reads an answer of AWS's shape.
pub(super) fn data_of(
    path: &Path,
    operation: Operation,
    data: serde_json::Value,
) -> Result<Data, RecordingError> {
    Data::from_json(operation, data).map_err(|error| {
        let (_, name) = operation.name();
        RecordingError::bad(path, format!("`data` is not what {name} answers: {error}"), RECORD_ANEW)
    })
}

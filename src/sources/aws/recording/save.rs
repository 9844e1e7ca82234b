//! Writing a recording: whole, or not at all.

use super::entry::{AnswerFile, ErrorPart, KIND, RUN_FILE, RequestPart, RunFile, VERSION, kind_word};
use super::error::RecordingError;
use crate::io::{Action, FileError, FileReason};
use crate::sources::aws::answers::{Answer, Answers};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes the answers as a recording. It is written beside its place and takes its name at the end; an older recording
/// of that name is replaced.
///
/// # Errors
/// [`RecordingError::Occupied`] when the directory holds anything but a recording, [`RecordingError::File`] when it
/// cannot be written.
pub fn save(directory: &Path, answers: &Answers) -> Result<(), RecordingError> {
    if directory.exists() {
        let mut entries = fs::read_dir(directory).map_err(|error| failed(directory, error))?;
        if entries.next().is_some() && !super::load::is_recording(directory) {
            return Err(RecordingError::Occupied(directory.to_owned()));
        }
    }
    let parent = match directory.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let beside = tempfile::Builder::new()
        .prefix(".trailcost-")
        .suffix(".tmp")
        .tempdir_in(parent)
        .map_err(|error| failed(directory, error))?;
    let fresh = beside.path().join("new");
    write_all(&fresh, answers)?;
    let old = beside.path().join("old");
    if directory.exists() {
        fs::rename(directory, &old).map_err(|error| failed(directory, error))?;
    }
    if let Err(error) = fs::rename(&fresh, directory) {
        if old.exists() {
            // The older recording is better than none.
            let _ = fs::rename(&old, directory);
        }
        return Err(failed(directory, error));
    }
    Ok(())
}

fn failed(path: &Path, error: std::io::Error) -> RecordingError {
    let reason = FileReason::System(error);
    RecordingError::File(FileError { path: path.to_owned(), action: Action::Write, reason })
}

fn write_all(directory: &Path, answers: &Answers) -> Result<(), RecordingError> {
    let mut numbers: BTreeMap<PathBuf, usize> = BTreeMap::new();
    make(directory)?;
    for answer in &answers.answers {
        let (stem, content) = answer_file(answer);
        let asked = &answer.asked;
        let folder = directory.join(part(&asked.account)).join(part(&asked.region));
        make(&folder)?;
        let number = numbers.entry(folder.join(&stem)).or_default();
        *number += 1;
        write(&folder.join(format!("{stem}_{number}.json")), &content)?;
    }
    let run = RunFile {
        recording: KIND.to_owned(),
        version: VERSION,
        taken_on: answers.taken_on.clone(),
        from: answers.from.clone(),
        to: answers.to.clone(),
        partial: answers.partial,
        answers: answers.answers.len(),
    };
    write(&directory.join(RUN_FILE), &run)
}

/// Returns what an account or Region is called as a folder. What is written in the file itself counts.
fn part(name: &str) -> String {
    let plain: String = name
        .chars()
        .filter(|own| own.is_ascii_lowercase() || own.is_ascii_digit() || *own == '-')
        .take(40)
        .collect();
    if plain.is_empty() { "unknown".to_owned() } else { plain }
}

fn answer_file(answer: &Answer) -> (String, AnswerFile) {
    let asked = &answer.asked;
    let request = Some(RequestPart {
        account: asked.account.clone(),
        region: asked.region.clone(),
        subject: asked.subject.clone(),
    });
    let (operation, file) = match &answer.outcome {
        Ok(data) => {
            let file = AnswerFile { status_code: 200, request, data: data.to_json().ok(), error: None };
            (data.operation(), file)
        }
        Err((operation, refusal)) => {
            let (word, status_code) = kind_word(refusal.kind);
            let error = Some(ErrorPart {
                kind: word.to_owned(),
                code: refusal.code.clone(),
                action: refusal.action.clone(),
            });
            (*operation, AnswerFile { status_code, request, data: None, error })
        }
    };
    let (service, name) = operation.name();
    (format!("{service}.{name}"), file)
}

fn make(directory: &Path) -> Result<(), RecordingError> {
    fs::create_dir_all(directory).map_err(|error| failed(directory, error))
}

fn write(path: &Path, content: &impl serde::Serialize) -> Result<(), RecordingError> {
    let mut text =
        serde_json::to_string_pretty(content).map_err(|error| failed(path, std::io::Error::other(error)))?;
    text.push('\n');
    fs::write(path, text).map_err(|error| failed(path, error))
}

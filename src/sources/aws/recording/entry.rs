//! The two kinds of files of a recording.

use crate::sources::aws::answers::{Asked, RefusalKind};
use serde::{Deserialize, Serialize};

/// The name of the file that makes a folder a recording.
pub(super) const RUN_FILE: &str = "run.json";
/// What it says to be.
pub(super) const KIND: &str = "trailcost recording of measure aws";
/// The version of the format that is written, and the newest that is read.
pub(super) const VERSION: u32 = 1;

/// `run.json`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RunFile {
    pub(super) recording: String,
    pub(super) version: u32,
    /// The day of the run.
    pub(super) taken_on: String,
    /// The first day that metrics were asked for.
    pub(super) from: String,
    /// The last day that metrics were asked for.
    pub(super) to: String,
    /// Whether the run was interrupted.
    pub(super) partial: bool,
    /// How many answers the folder holds.
    pub(super) answers: usize,
}

/// One answer.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AnswerFile {
    pub(super) status_code: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) request: Option<RequestPart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<ErrorPart>,
}

/// Where and about what was asked.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct RequestPart {
    #[serde(default)]
    pub(super) account: String,
    #[serde(default)]
    pub(super) region: String,
    #[serde(default)]
    pub(super) subject: String,
}

impl From<RequestPart> for Asked {
    fn from(part: RequestPart) -> Self {
        Self { account: part.account, region: part.region, subject: part.subject }
    }
}

/// Why nothing came back.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ErrorPart {
    pub(super) kind: String,
    pub(super) code: String,
    pub(super) action: String,
}

const KINDS: [(RefusalKind, &str, u16); 5] = [
    (RefusalKind::Denied, "denied", 403),
    (RefusalKind::Absent, "absent", 404),
    (RefusalKind::Credentials, "credentials", 401),
    (RefusalKind::Unavailable, "unavailable", 503),
    (RefusalKind::Other, "other", 400),
];

/// Returns the word and the status that a refusal is recorded with.
pub(super) fn kind_word(kind: RefusalKind) -> (&'static str, u16) {
    KINDS.iter().find(|own| own.0 == kind).map_or(("other", 400), |own| (own.1, own.2))
}

/// Returns the refusal of a recorded word.
pub(super) fn kind_of(word: &str) -> Option<RefusalKind> {
    KINDS.iter().find(|own| own.1 == word).map(|own| own.0)
}

/// Every word that a refusal is recorded with.
pub(super) fn kind_words() -> String {
    KINDS.map(|own| own.1).join(", ")
}

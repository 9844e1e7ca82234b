//! What is wrong with a file, on its way to a finding.

use crate::domain::Diagnostic;

/// What is wrong with a file, without the file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The line, counted from 1, where there is one.
    pub(super) line: Option<u64>,
    /// What is wrong, in one sentence without a full stop.
    pub(super) message: String,
    /// Why, or what is accepted.
    pub(super) note: Option<String>,
    /// What to do.
    pub(super) hint: Option<String>,
}

impl Fault {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { line: None, message: message.into(), note: None, hint: None }
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn at_line(mut self, line: u64) -> Self {
        self.line.get_or_insert(line);
        self
    }

    /// Makes a finding of it.
    pub(super) fn finding(self, path: &str) -> Diagnostic {
        let message = match self.line {
            Some(line) => format!("{path}, line {line}: {}", self.message),
            None => format!("{path}: {}", self.message),
        };
        let mut finding = Diagnostic::error(path, message);
        finding.label = self.note;
        finding.hint = self.hint;
        finding
    }
}

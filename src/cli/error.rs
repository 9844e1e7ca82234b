//! What stops a command, with its exit code.

use super::exit_code;
use crate::costing::CostError;
use crate::domain::{Diagnostic, Diagnostics};
use crate::io::{Action, FileError, FileReason};
use crate::simulation::SimulationError;
use crate::usage::UsageError;
use std::io::ErrorKind;

/// Something that stops a command.
#[derive(Debug)]
pub(super) enum CliError {
    /// Input files are wrong; each finding has its place.
    Input(Diagnostics),
    /// Anything else.
    Plain { code: u8, message: String, hint: Option<String> },
}

impl CliError {
    pub(super) fn new(code: u8, message: impl Into<String>) -> Self {
        Self::Plain { code, message: message.into(), hint: None }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        match self {
            Self::Plain { code, message, .. } => Self::Plain { code, message, hint: Some(hint.into()) },
            input @ Self::Input(_) => input,
        }
    }

    /// An error about one input file as a whole.
    pub(super) fn input(path: &str, message: impl Into<String>, hint: Option<&str>) -> Self {
        let mut finding = Diagnostic::error(path, message);
        finding.hint = hint.map(str::to_owned);
        Self::Input(Diagnostics { items: vec![finding], texts: Vec::new() })
    }

    pub(super) fn code(&self) -> u8 {
        match self {
            Self::Input(_) => exit_code::BAD_INPUT,
            Self::Plain { code, .. } => *code,
        }
    }
}

impl From<FileError> for CliError {
    fn from(error: FileError) -> Self {
        let (code, hint) = match (error.action, &error.reason) {
            (Action::Read, FileReason::NotUtf8(_)) => (exit_code::BAD_INPUT, "save it as UTF-8"),
            (Action::Read, FileReason::Empty) => (exit_code::BAD_INPUT, "fill it, or leave it out"),
            (Action::Read, _) => (exit_code::BAD_INPUT, "check the path"),
            (Action::Write, FileReason::IsDirectory | FileReason::NoFileName) => {
                (exit_code::NOT_WRITTEN, "nothing was written; name another path")
            }
            (Action::Write, FileReason::System(reason))
                if matches!(reason.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                (exit_code::NOT_WRITTEN, "nothing was written; name a path in a directory that is there")
            }
            (Action::Write, _) => (exit_code::NOT_WRITTEN, "nothing was written in its place"),
        };
        Self::new(code, error.to_string()).hint(hint)
    }
}

impl From<UsageError> for CliError {
    fn from(error: UsageError) -> Self {
        let hint = match error {
            UsageError::NoFigure(_) => "state it under [assumptions] as a whole number above zero",
            UsageError::NotWhole { .. } => "events are counted whole",
            UsageError::Growth(_) | UsageError::Quantity(_) => {
                "a volume or a growth rate is too large to be meant"
            }
        };
        Self::new(exit_code::BAD_INPUT, error.to_string()).hint(hint)
    }
}

impl From<SimulationError> for CliError {
    fn from(error: SimulationError) -> Self {
        match error {
            SimulationError::Usage(error) => error.into(),
            SimulationError::Cost(error) => error.into(),
        }
    }
}

impl From<CostError> for CliError {
    fn from(error: CostError) -> Self {
        let message = error.to_string();
        match error {
            CostError::Ambiguous { .. } => Self::new(exit_code::PRICE, message)
                .hint("`trailcost pricing check` with the same --pricing shows every such row"),
            CostError::Currency { price, .. } => Self::new(exit_code::PRICE, message).hint(format!(
                "one estimate has one currency: put these Regions into a scenario with currency = \"{price}\""
            )),
            CostError::Unit { .. } => {
                Self::new(exit_code::PRICE, message).hint("correct the unit of the row in your price table")
            }
            CostError::Quantity(_) | CostError::Overflow | CostError::TooMuch { .. } => {
                Self::new(exit_code::BAD_INPUT, message)
                    .hint("a volume, a growth rate or a price is too large to be meant")
            }
            CostError::Sink(_) => Self::new(exit_code::NOT_WRITTEN, message),
        }
    }
}

//! Why a pattern is refused.

use thiserror::Error;

/// Why a pattern is refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{fault}, at byte {at} of the filter pattern")]
pub struct FilterPatternError {
    /// The byte, counted from 0, at which it was found.
    pub at: usize,
    /// What is wrong.
    pub fault: FilterPatternFault,
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FilterPatternFault {
    /// It does not begin with `{`: it matches words, or columns, and no property.
    #[error("no pattern for JSON events: one begins with `{{` and ends with `}}`")]
    NotJson,
    /// It is longer than CloudWatch Logs takes.
    #[error("the pattern has more than 1,024 characters")]
    TooLong,
    /// Something else must stand here.
    #[error("{0} is expected here")]
    Expected(&'static str),
    /// A quoted text does not end.
    #[error("the quoted text does not end")]
    NoClosingQuote,
    /// An index of an array that is no whole number.
    #[error("an index is a whole number of at most nine digits")]
    Index,
    /// An order (`<`, `>=` …) is asked of a value that is no number.
    #[error("only a number can be compared by size")]
    NotANumber,
    /// `EXISTS`, which CloudWatch Logs does not know.
    #[error("CloudWatch Logs knows no `EXISTS`: `= *` is a property with any value")]
    Exists,
    /// `IS NOT`, which CloudWatch Logs does not know.
    #[error("CloudWatch Logs knows no `IS NOT`")]
    IsNot,
    /// A regular expression.
    #[error("regular expressions (`%…%`) are not read")]
    Regex,
}

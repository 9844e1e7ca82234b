//! A row of an answer of Athena, by the names of its columns.

use thiserror::Error;

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// A column is not there.
    #[error("the answer has no column `{0}`")]
    NoColumn(&'static str),
    /// A value is not what the column holds.
    #[error("`{value}` in the answer's column `{column}` is no {expected}")]
    Value {
        /// The column.
        column: &'static str,
        /// The value.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
}

/// A row: the names of the columns, and their values as text; nothing stands for NULL.
#[derive(Debug, Clone, Copy)]
pub struct AnswerRow<'a> {
    /// The columns' names.
    pub columns: &'a [String],
    /// Their values; what is not there is NULL.
    pub values: &'a [Option<String>],
}

impl<'a> AnswerRow<'a> {
    /// Returns a column's text, or nothing for NULL.
    pub(super) fn text(&self, column: &'static str) -> Result<Option<&'a str>, AnswerError> {
        let at = self.columns.iter().position(|own| own == column).ok_or(AnswerError::NoColumn(column))?;
        Ok(self.values.get(at).and_then(Option::as_deref))
    }

    /// Returns a column's text; NULL is no text.
    pub(super) fn name(&self, column: &'static str) -> Result<&'a str, AnswerError> {
        Ok(self.text(column)?.unwrap_or_default())
    }

    /// Returns a column's count.
    pub(super) fn count(&self, column: &'static str) -> Result<u64, AnswerError> {
        let text = self.name(column)?;
        text.parse().map_err(|_| wrong(column, text, "count"))
    }

    /// Returns what a column's text stands for.
    pub(super) fn one_of<T: Copy>(
        &self,
        column: &'static str,
        all: &[T],
        name: impl Fn(T) -> &'static str,
        expected: &'static str,
    ) -> Result<T, AnswerError> {
        let text = self.name(column)?;
        all.iter().copied().find(|own| name(*own) == text).ok_or_else(|| wrong(column, text, expected))
    }
}

pub(super) fn wrong(column: &'static str, value: &str, expected: &'static str) -> AnswerError {
    AnswerError::Value { column, value: value.to_owned(), expected }
}

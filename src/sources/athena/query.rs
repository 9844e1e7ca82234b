//! A query with what it is for.

/// A statement that reads the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Its name, as a file is named: letters, digits, hyphens.
    pub name: &'static str,
    /// What it answers, in a sentence without a full stop.
    pub answers: &'static str,
    /// What each `?` of the statement stands for, in their order.
    pub parameters: Vec<&'static str>,
    /// The statement, without a semicolon.
    pub sql: String,
}

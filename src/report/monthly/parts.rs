//! Parts of a report as every format lays them out.

/// Whom a part is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// What it costs and what is to be decided.
    Managers,
    /// Where it comes from.
    FinOps,
    /// What it rests on.
    Evidence,
}

impl Door {
    /// All, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Managers, Self::FinOps, Self::Evidence];

    /// Returns the name used for anchors and messages.
    pub fn id(self) -> &'static str {
        match self {
            Self::Managers => "managers",
            Self::FinOps => "finops",
            Self::Evidence => "evidence",
        }
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What is shown; harmless.
    pub text: String,
    /// What it is sorted by, where that is a number: exact.
    pub number: Option<String>,
}

/// A column's heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The heading.
    pub name: String,
    /// Whether it holds numbers.
    pub is_number: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// The row below a rule.
    pub total: Option<Vec<Cell>>,
    /// How many rows more there are, which stand in the CSV file.
    pub more: usize,
}

/// A part of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The name used for anchors and files.
    pub id: String,
    /// Whom it is for.
    pub door: Door,
    /// The heading.
    pub title: String,
    /// The answer, in a sentence.
    pub answer: String,
    /// The table.
    pub table: Option<Table>,
    /// Sentences below it.
    pub notes: Vec<String>,
}

/// A figure that managers look at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// What it is.
    pub label: String,
    /// The figure.
    pub figure: String,
    /// What is to be known of it.
    pub note: String,
}

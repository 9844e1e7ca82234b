//! Where a quantity comes from.

/// How a quantity was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProvenanceKind {
    /// Counted.
    Measured,
    /// Stated by the user.
    Declared,
    /// Taken from the defaults.
    Assumed,
    /// Computed from others.
    Derived,
}

impl ProvenanceKind {
    /// Returns the word shown to people and machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Declared => "declared",
            Self::Assumed => "assumed",
            Self::Derived => "derived",
        }
    }
}

/// A line of an input file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// The position of the file in [`Model::sources`](super::Model::sources).
    pub source: u16,
    /// The line, counted from 1; 0 when there is none.
    pub line: u32,
}

/// How a quantity was come by, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Provenance {
    /// How.
    pub kind: ProvenanceKind,
    /// Where.
    pub place: Place,
}

//! What is wrong with an input, where, and how to mend it.

use std::ops::Range;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The input cannot be used.
    Error,
    /// The input is used; the reader should know this.
    Warning,
}

/// One finding about one input file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The file's name as the user gave it.
    pub path: String,
    /// The bytes of the file the finding is about; `None` for the file as a whole.
    pub span: Option<Range<usize>>,
    /// What is accepted in that place, or why it is refused; stands at the mark.
    pub label: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// Returns an error about the file as a whole.
    pub fn error(path: &str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            path: path.to_owned(),
            span: None,
            label: None,
            hint: None,
        }
    }

    /// Returns a warning about the file as a whole.
    pub fn warning(path: &str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(path, message) }
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, span: Range<usize>) -> Self {
        self.span = Some(span);
        self
    }

    /// Adds the text at the mark.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Findings with the texts they point into.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    /// The findings, in the order they were made.
    pub items: Vec<Diagnostic>,
    /// File names and their texts, for the excerpt at each mark.
    pub texts: Vec<(String, String)>,
}

impl Diagnostics {
    /// Adds one finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Adds one finding and returns it, for more to be said.
    pub fn add(&mut self, diagnostic: Diagnostic) -> &mut Diagnostic {
        self.items.push(diagnostic);
        let last = self.items.len() - 1;
        &mut self.items[last]
    }

    /// Tells whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.items.iter().any(|item| item.severity == Severity::Error)
    }

    /// Sorts by file and place, errors of a file as a whole first, so that people read top to bottom.
    pub fn sort(&mut self) {
        self.items.sort_by(|left, right| {
            let key = |item: &Diagnostic| (item.span.as_ref().map_or(0, |span| span.start), item.severity);
            left.path.cmp(&right.path).then_with(|| key(left).cmp(&key(right)))
        });
    }
}

/// Joins names for a sentence: the first three, and how many more there are.
pub fn list_names<T: AsRef<str>>(names: &[T]) -> String {
    const LISTED: usize = 3;
    let shown: Vec<&str> = names.iter().take(LISTED).map(AsRef::as_ref).collect();
    match names.len().saturating_sub(LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Writes a count with its word: `1 account`, `2,000 accounts`.
pub fn plural(count: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        super::quantity::Quantity::from_count(count).grouped(),
        if count == 1 { one } else { many }
    )
}

/// Returns the candidate nearest to a misspelt word, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .min()
        .filter(|&(distance, candidate)| distance <= 1 + candidate.len().min(word.len()) / 4)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::{list_names, nearest, plural};

    #[test]
    fn long_lists_are_cut_short() {
        assert_eq!(plural(1, "day", "days"), "1 day");
        assert_eq!(plural(2_000, "day", "days"), "2,000 days");
        assert_eq!(list_names(&["a", "b", "c"]), "a, b, c");
        assert_eq!(list_names(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    }

    #[test]
    fn the_nearest_word_must_be_near() {
        let words = ["management", "months", "name"];
        assert_eq!(nearest("managment", words), Some("management"));
        assert_eq!(nearest("Months", words), Some("months"));
        assert_eq!(nearest("region", words), None);
    }
}

//! Reading the rows of a table field by field, so that every bad field is found.

use super::csv_table::Confidence;
use crate::domain::{Date, Diagnostic, field_span, nearest, open_quote};
use std::ops::Range;

/// What a kind of table looks like.
pub(super) struct Layout {
    /// What messages call it, such as `price table`.
    pub(super) kind: &'static str,
    /// The columns, in the order they are written.
    pub(super) columns: &'static [&'static str],
    /// Those of them that may be left out.
    pub(super) optional: &'static [&'static str],
}

/// A table with its text.
#[derive(Debug, Clone)]
pub struct Table<R> {
    /// The name shown in messages: a file's name, or `built-in AWSCloudTrail.csv`.
    pub name: String,
    /// The text, for excerpts.
    pub text: String,
    /// The rows that could be read.
    pub rows: Vec<R>,
    /// What is wrong with the others.
    pub findings: Vec<Diagnostic>,
}

impl<R> Table<R> {
    /// Reads a table. Every bad field becomes a finding; good rows are kept.
    pub(super) fn read(
        layout: &Layout,
        name: &str,
        text: &str,
        row: impl Fn(&mut Fields<'_>) -> Option<R>,
    ) -> Self {
        let (mut rows, mut findings) = (Vec::new(), Vec::new());
        let text = text.trim_start_matches('\u{feff}').to_owned();
        read_rows(layout, name, &text, &mut findings, |fields| rows.extend(row(fields)));
        Self { name: name.to_owned(), text, rows, findings }
    }
}

/// Reads every row of a table's text and hands its fields to `row`; what is wrong becomes a finding.
fn read_rows(
    layout: &Layout,
    name: &str,
    text: &str,
    findings: &mut Vec<Diagnostic>,
    mut row: impl FnMut(&mut Fields<'_>),
) {
    let kind = layout.kind;
    if text.trim().is_empty() {
        let finding = Diagnostic::error(name, format!("the {kind} is empty"));
        findings.push(finding.hint(format!("the first line is {}", layout.columns.join(","))));
        return;
    }
    if let Some(at) = open_quote(text) {
        let finding = Diagnostic::error(name, "a quote is opened and never closed").at(at..at + 1);
        findings.push(finding.hint("close it; to the end of the file everything would be one field"));
        return;
    }
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    let Some(columns) = columns(layout, name, &headers, text, findings) else {
        return;
    };
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                findings.push(Diagnostic::error(name, format!("not a CSV file: {error}")));
                return;
            }
        };
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let start =
            record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
        // A blank line before the record belongs to nobody.
        let start = start + text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
        let mut fields = Fields { record: &record, layout, columns: &columns, text, start, name, findings };
        let expected = columns.iter().flatten().count();
        if record.len() > expected {
            fields.refuse_record(format!("{} fields where {expected} are expected", record.len()));
            continue;
        }
        row(&mut fields);
    }
}

/// Finds each column's place in the header line; nothing when the header is wrong.
fn columns(
    layout: &Layout,
    name: &str,
    headers: &csv::StringRecord,
    text: &str,
    findings: &mut Vec<Diagnostic>,
) -> Option<Vec<Option<usize>>> {
    let mut columns = vec![None; layout.columns.len()];
    let mut complete = true;
    for (index, header) in headers.iter().enumerate() {
        let span = field_span(text, 0, index);
        match layout.columns.iter().position(|column| *column == header.trim()) {
            None => {
                let mut finding = Diagnostic::error(name, format!("unknown column `{header}`")).at(span);
                if let Some(near) = nearest(header, layout.columns.iter().copied()) {
                    finding = finding.label(format!("did you mean `{near}`?"));
                }
                findings.push(finding);
                complete = false;
            }
            Some(column) if columns[column].is_some() => {
                let finding = Diagnostic::error(name, format!("the column `{header}` occurs twice"));
                findings.push(finding.at(span));
                complete = false;
            }
            Some(column) => columns[column] = Some(index),
        }
    }
    let missing: Vec<&str> = layout
        .columns
        .iter()
        .zip(&columns)
        .filter(|(name, index)| index.is_none() && !layout.optional.contains(name))
        .map(|(name, _)| *name)
        .collect();
    if !missing.is_empty() {
        let message = format!("the {} has no column {}", layout.kind, missing.join(", "));
        let finding = Diagnostic::error(name, message);
        findings.push(finding.hint(format!("the columns are {}", layout.columns.join(","))));
        complete = false;
    }
    complete.then_some(columns)
}

/// The fields of one row.
pub(super) struct Fields<'a> {
    record: &'a csv::StringRecord,
    layout: &'a Layout,
    columns: &'a [Option<usize>],
    text: &'a str,
    start: usize,
    name: &'a str,
    findings: &'a mut Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    fn index(&self, column: &str) -> Option<usize> {
        let position = self.layout.columns.iter().position(|name| *name == column)?;
        self.columns[position]
    }

    /// Returns the bytes of the row in the text.
    pub(super) fn span(&self) -> Range<usize> {
        let end = self.text[self.start..].find('\n').map_or(self.text.len(), |length| self.start + length);
        self.start..end
    }

    /// Returns the bytes of a field in the text.
    pub(super) fn span_of(&self, column: &str) -> Range<usize> {
        field_span(self.text, self.start, self.index(column).unwrap_or_default())
    }

    /// Returns a field without the space around it; empty when the table lacks the column.
    pub(super) fn value(&self, column: &str) -> &'a str {
        self.index(column).and_then(|index| self.record.get(index)).unwrap_or_default().trim()
    }

    fn refuse_record(&mut self, message: String) {
        let finding = Diagnostic::error(self.name, message).at(self.span());
        self.findings.push(finding.hint("a field with a comma in it stands in quotes"));
    }

    fn refuse(&mut self, column: &str, message: String, label: String) {
        let finding = Diagnostic::error(self.name, message).at(self.span_of(column));
        self.findings.push(if label.is_empty() { finding } else { finding.label(label) });
    }

    /// Returns a field that must not be empty.
    pub(super) fn required(&mut self, column: &str) -> Option<&'a str> {
        let value = self.value(column);
        if value.is_empty() {
            let label =
                if column == "price_per_unit" { "a price, or `unknown`" } else { "must not be empty" };
            self.refuse(column, format!("missing {column}"), label.to_owned());
            return None;
        }
        Some(value)
    }

    /// Returns a field as `parse` reads it; the reason why it cannot stands at the mark.
    pub(super) fn parsed<T>(&mut self, column: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let value = self.required(column)?;
        match parse(value) {
            Ok(parsed) => Some(parsed),
            Err(reason) => {
                self.refuse(column, format!("bad {column} `{value}`"), reason);
                None
            }
        }
    }

    /// Returns nothing when the field is bad, and `Some(None)` when it is empty.
    #[expect(clippy::option_option, reason = "bad, empty and present are three things")]
    pub(super) fn optional<T>(
        &mut self,
        column: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Option<T>> {
        if self.value(column).is_empty() {
            return Some(None);
        }
        self.parsed(column, parse).map(Some)
    }
}

/// Reads a day.
pub(super) fn date(value: &str) -> Result<Date, String> {
    value.parse().map_err(|error: crate::domain::PeriodError| error.to_string())
}

/// Reads how sure a figure is.
pub(super) fn confidence(value: &str) -> Result<Confidence, String> {
    [Confidence::A, Confidence::B, Confidence::C, Confidence::Gap]
        .into_iter()
        .find(|confidence| confidence.name() == value)
        .ok_or_else(|| "one of A, B, C, gap".to_owned())
}

//! Rows as csv: exact decimals, nothing for null.

use super::cell::Cell;
use super::column::COLUMNS;
use std::fmt::Write as _;
use std::io::Write;

/// Bytes that are written at once.
const BUFFER: usize = 1 << 16;

/// Writes rows as csv.
pub(super) struct CsvRows<W: Write> {
    writer: csv::Writer<W>,
    text: String,
}

impl<W: Write> CsvRows<W> {
    /// Begins with the header.
    pub(super) fn new(inner: W) -> Result<Self, csv::Error> {
        let mut writer = csv::WriterBuilder::new().buffer_capacity(BUFFER).from_writer(inner);
        writer.write_record(COLUMNS.iter().map(|own| own.name))?;
        Ok(Self { writer, text: String::new() })
    }

    pub(super) fn write(&mut self, cells: &[Cell<'_>]) -> Result<(), csv::Error> {
        for cell in cells {
            self.text.clear();
            // Writing into memory does not fail.
            let _ = write!(self.text, "{cell}");
            self.writer.write_field(&self.text)?;
        }
        self.writer.write_record(None::<&[u8]>)
    }

    pub(super) fn finish(self) -> std::io::Result<W> {
        self.writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

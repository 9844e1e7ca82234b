//! The file of `--focus`: an estimate, a measured month or a bill as a FOCUS dataset.

use super::prepared::Prepared;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::FileSet;
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::{Bill, Model, plural};
use crate::io::PendingFile;
use crate::report::focus::{
    CostKind, FocusError, FocusFacts, FocusFormat, FocusLineItems, FocusTotals, FocusWriter, write_bill,
};
use crate::report::visible;
use std::fmt::Display;
use std::path::{Path, PathBuf};

/// The file of `--focus`.
#[derive(Debug, Clone, Copy)]
pub(super) struct FocusFile<'a> {
    path: &'a Path,
    format: FocusFormat,
}

impl<'a> FocusFile<'a> {
    /// Takes the argument; the end of the name tells the format.
    pub(super) fn of(path: Option<&'a Path>) -> Result<Option<Self>, CliError> {
        let Some(path) = path else { return Ok(None) };
        let ending = path.extension().map(|own| own.to_string_lossy().to_ascii_lowercase());
        let format = match ending.as_deref() {
            Some("csv") => FocusFormat::Csv,
            Some("parquet") => FocusFormat::Parquet,
            _ => {
                let name = visible(&path.display().to_string());
                let message = format!("--focus {name}: the format of a FOCUS file is told by its name");
                return Err(
                    CliError::new(exit_code::USAGE, message).hint("let the name end in .csv or .parquet")
                );
            }
        };
        Ok(Some(Self { path, format }))
    }

    /// Writes every line item of an estimate, pricing it once more.
    pub(super) fn write_estimate(
        self,
        prepared: &Prepared<'_>,
        settings: &Settings,
        inputs: &[PathBuf],
        screen: Screen,
    ) -> Result<(), CliError> {
        let facts = FocusFacts::new(CostKind::Estimate, prepared.model(), &settings.regions);
        let mut sink = FocusLineItems::new(self.begin()?, facts);
        prepared.line_items(&mut sink).map_err(|error| self.unwritten(&error))?;
        let (file, totals) = sink.finish().map_err(|error| self.unwritten(&error))?;
        self.publish(file, totals, inputs, screen)
    }

    /// Writes the first month of what was measured, at the prices of the tables; no row where there is no month.
    pub(super) fn write_measurement(
        self,
        model: Option<&Model>,
        settings: &Settings,
        inputs: &[PathBuf],
        screen: Screen,
    ) -> Result<(), CliError> {
        let Some(model) = model else {
            let (file, totals) = self.begin()?.finish().map_err(|error| self.unwritten(&error))?;
            return self.publish(file, totals, inputs, screen);
        };
        let mut month = model.clone();
        month.horizon.months = 1;
        let facts = FocusFacts::new(CostKind::Measurement, model, &settings.regions);
        let mut sink = FocusLineItems::new(self.begin()?, facts);
        let priced = Prepared::of(month, settings, Some(&mut sink))?;
        let (file, totals) = sink.finish().map_err(|error| self.unwritten(&error))?;
        if priced.lacks_a_price() {
            screen.remark("a price is missing: `trailcost estimate` of the scenario shows the row to add");
        }
        self.publish(file, totals, inputs, screen)
    }

    /// Writes the lines of a bill.
    pub(super) fn write_bill(
        self,
        bill: &Bill,
        settings: &Settings,
        inputs: &[PathBuf],
        screen: Screen,
    ) -> Result<(), CliError> {
        let mut writer = self.begin()?;
        write_bill(bill, &settings.regions, &mut writer).map_err(|error| self.unwritten(&error))?;
        let (file, totals) = writer.finish().map_err(|error| self.unwritten(&error))?;
        self.publish(file, totals, inputs, screen)
    }

    fn begin(self) -> Result<FocusWriter<PendingFile>, CliError> {
        let file = PendingFile::create(self.path)?;
        FocusWriter::new(file, self.format).map_err(|error: FocusError| self.unwritten(&error))
    }

    fn unwritten(self, error: &dyn Display) -> CliError {
        let message = format!("cannot write {}: {error}", self.path.display());
        CliError::new(exit_code::NOT_WRITTEN, message).hint("nothing was put in its place")
    }

    /// Gives the file its name, and says what is unknown in it.
    fn publish(
        self,
        file: PendingFile,
        totals: FocusTotals,
        inputs: &[PathBuf],
        screen: Screen,
    ) -> Result<(), CliError> {
        let mut files = FileSet::default();
        files.push(file);
        if let Some(input) = inputs.iter().find(|input| files.replaces(input)) {
            let message = format!("{} would be replaced by what is written", input.display());
            return Err(CliError::new(exit_code::USAGE, message).hint("name another file with --focus"));
        }
        files.publish()?;
        let name = visible(&self.path.display().to_string());
        screen.remark(&format!("wrote {} to {name}", plural(totals.rows, "FOCUS row", "FOCUS rows")));
        if totals.without_cost > 0 {
            let (rows, lack) = lacking(totals.without_cost);
            screen.remark(&format!("{rows} of usage {lack} a cost that is unknown: it is null, not 0"));
        }
        if totals.with_unknown_usage > 0 {
            let (rows, lack) = lacking(totals.with_unknown_usage);
            screen.remark(&format!(
                "{rows} of usage {lack} a part of unknown size: x_HasUnknownUsage says which"
            ));
        }
        Ok(())
    }
}

fn lacking(rows: u64) -> (String, &'static str) {
    (plural(rows, "FOCUS row", "FOCUS rows"), if rows == 1 { "has" } else { "have" })
}

//! The FOCUS files of `report --out`: every line of every month of the period.

use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::domain::{RegionTable, Snapshot};
use crate::io::PendingFile;
use crate::report::focus::{FocusError, FocusFormat, FocusWriter, write_recorded};
use std::path::Path;

/// Both files, while they are written.
#[derive(Debug)]
pub(super) struct FocusFiles([FocusWriter<PendingFile>; 2]);

impl FocusFiles {
    /// Begins `focus.csv` and `focus.parquet` in a folder.
    pub(super) fn new(directory: &Path) -> Result<Self, CliError> {
        let begin = |name: &str, format| -> Result<FocusWriter<PendingFile>, CliError> {
            let file = PendingFile::create(&directory.join(name))?;
            FocusWriter::new(file, format).map_err(|error| unwritten(&error))
        };
        Ok(Self([begin("focus.csv", FocusFormat::Csv)?, begin("focus.parquet", FocusFormat::Parquet)?]))
    }

    /// Writes the lines of a month.
    pub(super) fn month(&mut self, own: &Snapshot, regions: &RegionTable) -> Result<(), CliError> {
        for writer in &mut self.0 {
            write_recorded(own, regions, writer).map_err(|error| unwritten(&error))?;
        }
        Ok(())
    }

    /// Ends both; they are published with the other files.
    pub(super) fn finish(self) -> Result<[PendingFile; 2], CliError> {
        let [csv, parquet] = self.0;
        let end = |own: FocusWriter<PendingFile>| own.finish().map_err(|error| unwritten(&error));
        Ok([end(csv)?.0, end(parquet)?.0])
    }
}

fn unwritten(error: &FocusError) -> CliError {
    CliError::new(exit_code::NOT_WRITTEN, format!("cannot write the FOCUS files: {error}"))
        .hint("nothing was put in their place")
}

//! `trailcost report export`

use super::report_record::refused;
use crate::cli::args_report::ExportArgs;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::FileSet;
use crate::cli::screen::Screen;
use crate::domain::{Snapshot, plural};
use crate::io::PendingFile;
use crate::report::{HistoryCsv, HistoryParquet, visible};
use crate::store::History;

pub(super) fn run(args: &ExportArgs, screen: Screen) -> Result<u8, CliError> {
    let ending = args.out.extension().and_then(|own| own.to_str()).map(str::to_ascii_lowercase);
    let is_parquet = match ending.as_deref() {
        Some("csv") => false,
        Some("parquet") => true,
        _ => {
            let message = format!("what {} is to be is not known", args.out.display());
            return Err(CliError::new(exit_code::USAGE, visible(&message))
                .hint("name a file that ends with .csv or .parquet"));
        }
    };
    let history = History::new(&args.history);
    let months = history.months().map_err(|error| refused(&error))?;
    if months.is_empty() {
        let message = format!("no month is recorded in {}", args.history.display());
        return Err(CliError::new(exit_code::BAD_INPUT, visible(&message))
            .hint("record one with `trailcost report record SCENARIO --history DIR`"));
    }
    let file = PendingFile::create(&args.out)?;
    let fail = |error: &dyn std::fmt::Display| {
        let message = format!("cannot write {}: {error}", args.out.display());
        CliError::new(exit_code::NOT_WRITTEN, visible(&message)).hint("nothing was put in its place")
    };
    let each = |write: &mut dyn FnMut(&Snapshot) -> Result<(), CliError>| -> Result<(), CliError> {
        for month in &months {
            if let Some(own) = history.read(*month).map_err(|error| refused(&error))? {
                write(&own)?;
            }
        }
        Ok(())
    };
    let file = if is_parquet {
        let mut table = HistoryParquet::new(file).map_err(|error| fail(&error))?;
        each(&mut |own| table.month(own).map_err(|error| fail(&error)))?;
        table.finish().map_err(|error| fail(&error))?
    } else {
        let mut table = HistoryCsv::new(file).map_err(|error| fail(&error))?;
        each(&mut |own| table.month(own).map_err(|error| fail(&error)))?;
        table.finish().map_err(|error| fail(&error))?
    };
    let mut files = FileSet::default();
    files.push(file);
    files.publish()?;
    let place = visible(&args.out.display().to_string());
    screen.remark(&format!("wrote {} to {place}", plural(months.len() as u64, "month", "months")));
    Ok(exit_code::DONE)
}

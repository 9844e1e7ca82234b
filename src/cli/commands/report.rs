//! `trailcost report`

use super::report_record;
use crate::cli::args_report::{ReportArgs, ReportCommand};
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::screen::Screen;

pub(super) fn run(args: &ReportArgs, screen: Screen) -> Result<u8, CliError> {
    match &args.command {
        Some(ReportCommand::Record(own)) => report_record::run(own, screen),
        Some(ReportCommand::Export(_)) | None => Ok(exit_code::DONE),
    }
}

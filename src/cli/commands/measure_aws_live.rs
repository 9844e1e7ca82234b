//! `trailcost measure aws`: asking AWS, with Ctrl-C and a line of progress.

use super::interruption::Interruption;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::progress_line::ProgressLine;
use crate::cli::screen::Screen;
use crate::report::grouped;
use crate::sources::aws::AskOptions;
use crate::sources::aws::answers::Answers;
use crate::sources::aws::live::{AskError, Charged, StopFlag, ask};
use rust_decimal::Decimal;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Asks AWS.
pub(super) fn fresh_answers(options: &AskOptions, screen: Screen) -> Result<Answers, CliError> {
    let flag = Arc::new(AtomicBool::new(false));
    let interruption = Interruption::new(&flag);
    let line = ProgressLine::new(screen);
    let outcome = ask(options, &line, &StopFlag::new(flag));
    line.clear();
    drop(interruption);
    let answers = outcome?;
    tell_charges(&line, screen);
    Ok(answers)
}

/// Says what was asked that AWS takes money for.
pub(super) fn tell_charges(line: &ProgressLine, screen: Screen) {
    for (what, count) in line.charges() {
        let count = grouped(Decimal::from(count));
        screen.remark(&match what {
            Charged::Metrics => format!("CloudWatch metrics asked for: {count} (AWS takes $0.01 for 1,000)"),
            Charged::CostExplorerRequests => {
                format!("requests sent to Cost Explorer: {count} (AWS takes $0.01 for each)")
            }
            Charged::BucketLists => {
                format!("requests that list the bucket: {count} (AWS takes $0.005 for 1,000 in most Regions)")
            }
        });
    }
}

impl From<AskError> for CliError {
    fn from(error: AskError) -> Self {
        Self::new(exit_code::NOT_READ, error.to_string()).hint(error.hint())
    }
}

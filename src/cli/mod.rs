//! The command line: arguments in, exit code out. The only room that knows about both.

mod args;
mod args_check;
mod args_measure;
mod args_recommend;
mod args_reconcile;
mod args_report;
mod args_terraform;
mod clock;
mod commands;
mod diagnostics;
mod entry;
mod error;
pub mod exit_code;
mod log_progress;
mod output;
#[cfg(feature = "aws")]
mod progress_line;
mod screen;
mod settings;

pub use entry::{command, main};

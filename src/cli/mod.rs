//! The command line: arguments in, exit code out. The only room that knows about both.

mod args;
mod args_measure;
mod args_reconcile;
mod commands;
mod diagnostics;
mod entry;
mod error;
pub mod exit_code;
mod output;
mod screen;
mod settings;

pub use entry::{command, main};

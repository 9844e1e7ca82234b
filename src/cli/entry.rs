//! Where the process enters and leaves.

use super::{args, commands, exit_code, output};
use clap::Parser;
use std::process::ExitCode;

/// Runs the command with the process's arguments.
pub fn main() -> ExitCode {
    output::keep_running_past_the_file_size_limit();
    let outcome = std::panic::catch_unwind(|| match args::Arguments::try_parse() {
        Ok(arguments) => commands::run(&arguments),
        Err(error) => {
            // Help and version are no errors; a broken pipe is none either.
            let _ = error.print();
            if error.use_stderr() { exit_code::USAGE } else { exit_code::DONE }
        }
    });
    let code = outcome.unwrap_or_else(|_| {
        output::complain(
            "this is a bug in trailcost; please report it with the command and the message above",
        );
        exit_code::BUG
    });
    ExitCode::from(code)
}

/// Returns the whole command, for completions, the manual page and the generated reference.
pub fn command() -> clap::Command {
    <args::Arguments as clap::CommandFactory>::command()
}

//! The `trailcost` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    trailcost::cli::main()
}

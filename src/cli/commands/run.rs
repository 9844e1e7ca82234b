//! From the arguments to the command that they name.

use super::{
    check, compare, estimate, measure_athena, measure_aws, measure_bill, measure_logs, pricing, recommend,
    reconcile, report, scenario, terraform,
};
use crate::cli::args::{Arguments, Command};
use crate::cli::args_measure::MeasureCommand;
use crate::cli::error::CliError;
use crate::cli::screen::Screen;
use crate::cli::{exit_code, output};

/// Runs the command and returns its exit code.
pub(in crate::cli) fn run(arguments: &Arguments) -> u8 {
    let screen = Screen::new(arguments);
    let outcome = match &arguments.command {
        Command::Estimate(args) => estimate::run(args, screen),
        Command::Compare(args) => compare::run(args, screen),
        Command::Recommend(args) => recommend::run(args, screen),
        Command::Measure(MeasureCommand::Athena(args)) => measure_athena::run(args, screen),
        Command::Measure(MeasureCommand::Bill(args)) => measure_bill::run(args, screen),
        Command::Measure(MeasureCommand::Logs(args)) => measure_logs::run(args, screen),
        Command::Measure(MeasureCommand::Aws(args)) => measure_aws::run(args, screen),
        Command::Reconcile(args) => reconcile::run(args, screen),
        Command::Report(args) => report::run(args, screen),
        Command::Check(args) => check::run(args, screen),
        Command::Terraform(command) => terraform::run(command, screen),
        Command::Pricing(command) => pricing::run(command, screen),
        Command::Scenario(command) => scenario::run(command, screen),
        Command::Completions { shell } => completions(*shell),
        Command::Man => manual(),
    };
    outcome.unwrap_or_else(|error| {
        screen.show(&error);
        error.code()
    })
}

fn completions(shell: clap_complete::Shell) -> Result<u8, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut crate::cli::command(), "trailcost", &mut script);
    output::print_with(|out| out.write_all(&script))?;
    Ok(exit_code::DONE)
}

fn manual() -> Result<u8, CliError> {
    output::print_with(|out| {
        let mut page = Vec::new();
        clap_mangen::Man::new(crate::cli::command()).render(&mut page)?;
        out.write_all(&page)
    })?;
    Ok(exit_code::DONE)
}

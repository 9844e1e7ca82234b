//! One file per command.

mod compare;
mod estimate;
mod prepared;
mod pricing;
mod scenario;

use super::args::{Arguments, Command};
use super::error::CliError;
use super::{diagnostics, exit_code, output};
use crate::domain::Diagnostics;
use crate::report::visible;

/// What every command is told about the screen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screen {
    style: crate::report::Style,
    stderr_colour: bool,
    quiet: bool,
}

impl Screen {
    /// Writes a remark to stderr.
    fn remark(self, text: &str) {
        if !self.quiet {
            output::complain(text);
        }
    }

    /// Writes warnings to stderr.
    fn warn(self, warnings: &Diagnostics) {
        if !self.quiet && !warnings.items.is_empty() {
            output::complain(diagnostics::render(warnings, self.stderr_colour).trim_end());
        }
    }

    /// Writes errors to stderr.
    fn show(self, error: &CliError) {
        match error {
            CliError::Input(findings) => {
                output::complain(diagnostics::render(findings, self.stderr_colour).trim_end());
            }
            CliError::Plain { message, hint, .. } => {
                let style = if self.stderr_colour {
                    anstyle::AnsiColor::Red.on_default().bold()
                } else {
                    anstyle::Style::new()
                };
                output::complain(&format!("{style}error{style:#}: {}", visible(message)));
                if let Some(hint) = hint {
                    output::complain(&format!("hint: {}", visible(hint)));
                }
            }
        }
    }
}

/// Runs the command and returns its exit code.
pub(super) fn run(arguments: &Arguments) -> u8 {
    let screen = Screen {
        style: output::stdout_style(arguments.color),
        stderr_colour: output::stderr_colour(arguments.color),
        quiet: arguments.quiet,
    };
    let outcome = match &arguments.command {
        Command::Estimate(args) => estimate::run(args, screen),
        Command::Compare(args) => compare::run(args, screen),
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
    clap_complete::generate(shell, &mut super::command(), "trailcost", &mut script);
    output::print_with(|out| out.write_all(&script))?;
    Ok(exit_code::DONE)
}

fn manual() -> Result<u8, CliError> {
    output::print_with(|out| {
        let mut page = Vec::new();
        clap_mangen::Man::new(super::command()).render(&mut page)?;
        out.write_all(&page)
    })?;
    Ok(exit_code::DONE)
}

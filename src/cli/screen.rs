//! What a command may say on the screen besides its result.

use super::args::Arguments;
use super::error::CliError;
use super::{diagnostics, output};
use crate::domain::Diagnostics;
use crate::report::{Style, visible};

/// What every command is told about the screen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screen {
    pub(super) style: Style,
    stderr_colour: bool,
    quiet: bool,
}

impl Screen {
    pub(super) fn new(arguments: &Arguments) -> Self {
        Self {
            style: output::stdout_style(arguments.color),
            stderr_colour: output::stderr_colour(arguments.color),
            quiet: arguments.quiet,
        }
    }

    /// Tells whether only errors are wanted.
    pub(super) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Writes a remark to stderr.
    pub(super) fn remark(self, text: &str) {
        if !self.quiet {
            output::complain(text);
        }
    }

    /// Writes warnings to stderr.
    pub(super) fn warn(self, warnings: &Diagnostics) {
        if !self.quiet && !warnings.items.is_empty() {
            output::complain(diagnostics::render(warnings, self.stderr_colour).trim_end());
        }
    }

    /// Writes errors to stderr.
    pub(super) fn show(self, error: &CliError) {
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

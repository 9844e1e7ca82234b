//! stdout, stderr, and files that belong together.

use super::args::ColourChoice;
use super::error::CliError;
use super::exit_code;
use crate::io::PendingFile;
use crate::report::{Style, visible};
use std::io::{IsTerminal, Write};
use std::path::Path;
use unicode_width::UnicodeWidthChar;

/// Without this the system ends a process that writes past its file-size limit, with no word to anybody.
pub(super) fn keep_running_past_the_file_size_limit() {
    #[cfg(unix)]
    {
        let seen = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        // Once it is caught, the write itself fails and is reported like any other.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, seen);
    }
}

/// Writes the result to stdout. A reader that has gone away is no error.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    print_with(|out| out.write_all(text.as_bytes()))
}

/// Lets `write` write the result to stdout.
pub(super) fn print_with(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), CliError> {
    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::new(exit_code::NOT_WRITTEN, format!("cannot write to stdout: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line to stderr.
pub(super) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Tells whether stderr takes colour.
pub(super) fn stderr_colour(choice: ColourChoice) -> bool {
    match choice {
        ColourChoice::Always => true,
        ColourChoice::Never => false,
        ColourChoice::Auto => {
            anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
        }
    }
}

/// Returns the columns of the terminal that stderr goes to.
pub(super) fn stderr_width() -> usize {
    let size = terminal_size::terminal_size_of(std::io::stderr());
    size.map_or(80, |(width, _)| usize::from(width.0))
}

/// Cuts a text to the columns of a terminal.
pub(super) fn cut(text: &str, width: usize) -> &str {
    let mut columns = 0;
    for (at, own) in text.char_indices() {
        columns += own.width().unwrap_or(0);
        if columns > width {
            return &text[..at];
        }
    }
    text
}

/// Returns how stdout wants its table.
pub(super) fn stdout_style(choice: ColourChoice) -> Style {
    let stdout = std::io::stdout();
    let colour = match choice {
        ColourChoice::Always => true,
        ColourChoice::Never => false,
        ColourChoice::Auto => anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never,
    };
    let width = if stdout.is_terminal() {
        terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0))
    } else {
        80
    };
    Style { width, ascii: std::env::var_os("TERM").is_some_and(|term| term == "dumb"), colour }
}

/// Files that appear together, once all of them are written.
#[derive(Debug, Default)]
pub(super) struct FileSet {
    files: Vec<PendingFile>,
}

impl FileSet {
    /// Adds a file with its whole content.
    pub(super) fn add(&mut self, path: &Path, content: &[u8]) -> Result<(), CliError> {
        let mut file = PendingFile::create(path)?;
        file.write_bytes(content)?;
        self.files.push(file);
        Ok(())
    }

    /// Adds a file that is written already.
    pub(super) fn push(&mut self, file: PendingFile) {
        self.files.push(file);
    }

    /// Makes every file visible; returns their names.
    ///
    /// Everything is on the disk before the first file takes its name. From then on an interruption waits until the
    /// last one has: no directory is left with files of two runs.
    pub(super) fn publish(mut self) -> Result<Vec<String>, CliError> {
        for file in &mut self.files {
            file.settle()?;
        }
        let held = HeldSignals::new();
        let mut names = Vec::new();
        for file in self.files {
            names.push(visible(&file.path().display().to_string()));
            file.publish()?;
        }
        if held.any() {
            return Err(CliError::new(exit_code::INTERRUPTED, "interrupted; every file was written"));
        }
        Ok(names)
    }

    /// Returns those of the named files of a directory that are there and not of this set.
    pub(super) fn missing(&self, directory: &Path, names: &[&str]) -> Vec<std::path::PathBuf> {
        let paths = names.iter().map(|name| directory.join(name));
        paths.filter(|path| path.is_file() && !self.files.iter().any(|own| own.path() == path)).collect()
    }

    /// Tells whether a file of this set will stand at a path.
    pub(super) fn has(&self, path: &Path) -> bool {
        self.files.iter().any(|own| own.path() == path)
    }

    /// Tells whether one of the files would take the place of `input`.
    pub(super) fn replaces(&self, input: &Path) -> bool {
        let Ok(input) = input.canonicalize() else {
            return false;
        };
        self.files.iter().any(|file| file.path().canonicalize().is_ok_and(|own| own == input))
    }
}

/// Ctrl-C and its like, held back for the moment in which files take their names.
struct HeldSignals {
    seen: std::sync::Arc<std::sync::atomic::AtomicBool>,
    #[cfg(unix)]
    handlers: Vec<signal_hook::SigId>,
}

impl HeldSignals {
    fn new() -> Self {
        let seen = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        Self {
            #[cfg(unix)]
            handlers: [
                signal_hook::consts::SIGINT,
                signal_hook::consts::SIGTERM,
                signal_hook::consts::SIGHUP,
            ]
            .into_iter()
            .filter_map(|signal| signal_hook::flag::register(signal, std::sync::Arc::clone(&seen)).ok())
            .collect(),
            seen,
        }
    }

    fn any(&self) -> bool {
        self.seen.load(std::sync::atomic::Ordering::SeqCst)
    }
}

impl Drop for HeldSignals {
    fn drop(&mut self) {
        #[cfg(unix)]
        for handler in self.handlers.drain(..) {
            signal_hook::low_level::unregister(handler);
        }
    }
}

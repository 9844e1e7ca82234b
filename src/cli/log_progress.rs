//! A bar on the terminal that says how far a reading of logs is.

use super::clock::Stopwatch;
use super::output;
use super::screen::Screen;
use crate::sources::logs::ReadSoFar;
use std::io::{IsTerminal, Write};

/// Cells of the bar.
const CELLS: u64 = 20;

/// Draws on stderr; without a terminal, or with --quiet, nothing.
#[derive(Debug)]
pub(super) struct LogProgress {
    is_shown: bool,
    watch: Stopwatch,
}

impl LogProgress {
    pub(super) fn new(screen: Screen) -> Self {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        let is_shown = !screen.is_quiet() && std::io::stderr().is_terminal() && !dumb;
        Self { is_shown, watch: Stopwatch::start() }
    }

    /// Tells whether anything is drawn.
    pub(super) fn is_shown(&self) -> bool {
        self.is_shown
    }

    pub(super) fn show(&mut self, so_far: ReadSoFar) {
        if self.is_shown {
            let text = line(so_far, self.watch.seconds());
            let cut = output::cut(&text, output::stderr_width().saturating_sub(1));
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K{cut}");
        }
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        if self.is_shown {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}

/// Writes the bar's text after so many seconds.
fn line(so_far: ReadSoFar, seconds: u64) -> String {
    let bytes = format!("{} of {}", size(so_far.bytes), size(so_far.all_bytes));
    let files = format!("{}/{} files", so_far.files, so_far.all_files);
    if !so_far.all_found {
        return format!("reading  {bytes}  {files}  still looking for more");
    }
    let done = (so_far.bytes.saturating_mul(CELLS)).checked_div(so_far.all_bytes).unwrap_or(CELLS).min(CELLS);
    let bar: String = (0..CELLS).map(|at| if at < done { '█' } else { '░' }).collect();
    let left =
        so_far.all_bytes.saturating_sub(so_far.bytes).saturating_mul(seconds).checked_div(so_far.bytes);
    let left =
        left.filter(|_| seconds >= 2).map(|own| format!("  {} left", duration(own))).unwrap_or_default();
    format!("{bar}  {bytes}  {files}{left}")
}

fn size(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    units.into_iter().find(|(power, _)| bytes >= 1 << power).map_or_else(
        || format!("{bytes} bytes"),
        |(power, name)| {
            let tenths = (u128::from(bytes) * 10) >> power;
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        },
    )
}

fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_says_bytes_and_time_left() {
        let so_far =
            ReadSoFar { files: 250, bytes: 5 << 20, all_files: 1_000, all_bytes: 20 << 20, all_found: true };
        assert_eq!(
            line(so_far, 30),
            "█████░░░░░░░░░░░░░░░  5.0 MiB of 20.0 MiB  250/1000 files  1 min 30 s left"
        );
        let early = ReadSoFar { all_found: false, ..so_far };
        assert_eq!(line(early, 30), "reading  5.0 MiB of 20.0 MiB  250/1000 files  still looking for more");
        let nothing = ReadSoFar { files: 0, bytes: 0, all_files: 0, all_bytes: 0, all_found: true };
        assert_eq!(line(nothing, 30), "████████████████████  0 bytes of 0 bytes  0/0 files");
        assert_eq!([duration(59), duration(3_661)], ["59 s", "1 h 01 min"]);
    }
}

//! One line on the terminal that says how far a long reading is.

use super::output;
use super::screen::Screen;
use crate::report::visible;
use crate::sources::aws::live::{Charged, Progress};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};

#[derive(Debug, Default)]
struct State {
    step: String,
    parts: usize,
    ended: usize,
    charges: BTreeMap<Charged, u64>,
}

/// Draws progress on stderr; without a terminal, or with --quiet, it only counts what costs money.
#[derive(Debug)]
pub(super) struct ProgressLine {
    shown: bool,
    state: RefCell<State>,
}

impl ProgressLine {
    pub(super) fn new(screen: Screen) -> Self {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        let shown = !screen.is_quiet() && std::io::stderr().is_terminal() && !dumb;
        Self { shown, state: RefCell::default() }
    }

    /// Returns what was asked that costs money.
    pub(super) fn charges(&self) -> Vec<(Charged, u64)> {
        self.state.borrow().charges.iter().map(|(what, count)| (*what, *count)).collect()
    }

    /// Takes the line away.
    pub(super) fn clear(&self) {
        if self.shown {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }

    fn draw(&self, account: &str, region: &str, subject: &str) {
        if !self.shown {
            return;
        }
        let state = self.state.borrow();
        let text = line(&state.step, state.ended, state.parts, &[account, region, subject]);
        let width = output::stderr_width().saturating_sub(1);
        let _ = write!(std::io::stderr().lock(), "\r\x1b[K{}", output::cut(&text, width));
    }
}

/// Writes the line's text; names come from accounts, and may be anything.
fn line(step: &str, ended: usize, parts: usize, names: &[&str]) -> String {
    let mut text = format!("{step} {ended}/{parts}");
    for name in names.iter().filter(|name| !name.is_empty()) {
        text.push_str("  ");
        text.push_str(&visible(name));
    }
    text
}

impl Progress for ProgressLine {
    fn step(&self, what: &str, parts: usize) {
        {
            let mut state = self.state.borrow_mut();
            what.clone_into(&mut state.step);
            (state.parts, state.ended) = (parts, 0);
        }
        self.draw("", "", "");
    }

    fn begin(&self, account: &str, region: &str, subject: &str) {
        self.draw(account, region, subject);
    }

    fn end(&self, account: &str, region: &str, subject: &str) {
        self.state.borrow_mut().ended += 1;
        self.draw(account, region, subject);
    }

    fn charged(&self, what: Charged, count: u64) {
        *self.state.borrow_mut().charges.entry(what).or_default() += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_what_is_read_and_fits() {
        let text = line("trails", 3, 20, &["111122223333", "eu-west-1", ""]);
        assert_eq!(text, "trails 3/20  111122223333  eu-west-1");
        assert_eq!(output::cut(&text, 11), "trails 3/20");
        assert_eq!(output::cut("漢字漢字", 5), "漢字");
        assert!(!line("x", 1, 1, &["a\x1b[2Jb"]).contains('\x1b'));
    }
}

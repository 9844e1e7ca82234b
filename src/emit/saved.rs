//! What is there is saved before it is changed, and put back from there.
//!
//! A file is saved in the form that the command which puts it back takes (`--cli-input-json`), and holds `null` where there
//! was nothing of the kind. The first run of a script saves; later ones leave the file alone, for they would find what the first
//! one made.

use super::command::{Command, Line, Need, shell_quote};
use super::names::plain;

/// A file that a command saves what is there to, before it is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SavedFile {
    /// The path without its ending; its letters mean nothing to a shell.
    pub(super) stem: String,
    /// Whether each account has one of its own.
    pub(super) of_each_account: bool,
}

impl SavedFile {
    /// Returns the path as a word of bash.
    fn word(&self) -> String {
        let account = if self.of_each_account { ".\"$account\"" } else { "" };
        format!("{}{account}.saved.json", shell_quote(&self.stem))
    }

    /// Returns a pattern for bash that finds it, whatever the account.
    fn pattern(&self) -> String {
        let account = if self.of_each_account { ".*" } else { "" };
        format!("{}{account}.saved.json", shell_quote(&self.stem))
    }
}

/// Writes a text for JMESPath, which ends it at the first `'` that has no `\` before it.
pub(super) fn jmespath_text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Returns an expression of JMESPath for an object of what is there: each pair is the name to be written, and the one to be read.
pub(super) fn jmespath_known(of: &str, names: &[(&str, &str)]) -> String {
    let parts: Vec<String> =
        names.iter().map(|(to, from)| format!("{from}!=`null` && {{{to}: {from}}} || `{{}}`")).collect();
    format!("{of}merge({})", parts.join(", "))
}

impl Line {
    /// Lets the command save what it finds of this form (JMESPath), unless that was done; for one that finds nothing, or
    /// fails with the error of this code, `null` is saved.
    #[must_use]
    pub(super) fn saved(self, file: &SavedFile, form: &str, nothing: &str) -> Self {
        let line = if form.is_empty() { self } else { self.value("--query", form) };
        line.wrapped(&format!("save {} {} ", file.word(), shell_quote(nothing)), "")
    }

    /// Lets the command fail with the error of this code, which says that its work is done.
    #[must_use]
    pub(super) fn unless_done(self, error: &str) -> Self {
        self.wrapped(&format!("unless_done {} ", shell_quote(error)), "")
    }

    /// Takes from a saved file what is not stated.
    #[must_use]
    pub(super) fn input(self, file: &SavedFile) -> Self {
        self.wrapped("", &format!(" --cli-input-json file://{}", file.word()))
    }
}

/// A command that puts back what was saved.
#[derive(Debug, Clone)]
pub(super) struct Restore {
    file: SavedFile,
    put: Line,
    nothing: Option<Line>,
    unsaved: Option<Line>,
}

impl Restore {
    /// Begins one by what runs where something was saved.
    pub(super) fn new(file: &SavedFile, put: Line) -> Self {
        Self { file: file.clone(), put, nothing: None, unsaved: None }
    }

    /// Says what runs where there was nothing.
    #[must_use]
    pub(super) fn nothing(mut self, line: Line) -> Self {
        self.nothing = Some(line);
        self
    }

    /// Says what runs where no file was saved: the state that the scenario knows.
    #[must_use]
    pub(super) fn unsaved(mut self, line: Line) -> Self {
        self.unsaved = Some(line);
        self
    }

    /// Ends the command.
    pub(super) fn because(self, why: &str) -> Command {
        let word = self.file.word();
        let mut text = format!("case $(saved {word}) in\n  something) {} ;;\n", self.put.text);
        let nothing = self.nothing.as_ref().map_or("echo '  there was none'", |own| own.text.as_str());
        text.push_str(&format!("  nothing) {nothing} ;;\n"));
        match &self.unsaved {
            Some(own) => text.push_str(&format!("  *) not_saved {word}; {} ;;\nesac", own.text)),
            None => text.push_str(&format!("  *) not_saved {word} nothing ;;\nesac")),
        }
        let mut command =
            Command { why: plain(why), text, needs: Vec::new(), refused: false, unless_saved: Vec::new() };
        for line in [Some(&self.put), self.nothing.as_ref()].into_iter().flatten() {
            command.needs.extend(line.needs.iter().cloned());
            command.refused |= line.refused;
        }
        if let Some(line) = &self.unsaved {
            command.refused |= line.refused;
            for need in &line.needs {
                // What AWS deletes by the scenario's state it deletes by the saved one.
                if matches!(need, Need::Consent { .. }) {
                    command.needs.push(need.clone());
                } else {
                    command.unless_saved.push((self.file.pattern(), need.clone()));
                }
            }
        }
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RegionCode;

    fn line(operation: &str) -> Line {
        Line::aws("s3api", operation, &RegionCode::new("us-east-1"))
    }

    #[test]
    fn what_was_saved_comes_before_what_the_scenario_knows() {
        let file = SavedFile { stem: "buckets/logs/lifecycle".to_owned(), of_each_account: true };
        let command = Restore::new(&file, line("put-x").input(&file))
            .nothing(line("delete-x"))
            .unsaved(line("put-x").variable("--role", "ROLE", "the role").consent("DELETE", "logs go"))
            .because("Puts it back");
        assert_eq!(
            command.text,
            "case $(saved buckets/logs/lifecycle.\"$account\".saved.json) in\n  \
             something) aws s3api put-x --region us-east-1 --cli-input-json file://buckets/logs/lifecycle.\"$account\".saved.json ;;\n  \
             nothing) aws s3api delete-x --region us-east-1 ;;\n  \
             *) not_saved buckets/logs/lifecycle.\"$account\".saved.json; aws s3api put-x --region us-east-1 --role \"$ROLE\" ;;\nesac"
        );
        assert_eq!(command.needs.len(), 1, "{:?}", command.needs);
        assert_eq!(command.unless_saved[0].0, "buckets/logs/lifecycle.*.saved.json");
    }

    #[test]
    fn forms_are_quoted() {
        let file = SavedFile { stem: "a".to_owned(), of_each_account: false };
        let command =
            line("get-x").saved(&file, &jmespath_known("T.", &[("A", "B")]), "NoSuchX").because("s");
        assert_eq!(
            command.text,
            "save a.saved.json NoSuchX aws s3api get-x --region us-east-1 --query 'T.merge(B!=`null` && {A: B} || `{}`)'"
        );
        assert_eq!(jmespath_text("it's"), "'it\\'s'");
    }
}

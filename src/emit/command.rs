//! Commands of the AWS CLI, quoted for the shell.

use super::names::plain;
use crate::domain::RegionCode;

/// Something that must be filled in before a command can run, because no model knows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// An environment variable.
    Variable {
        /// The variable's name.
        name: String,
        /// What it must hold.
        meaning: String,
    },
    /// An environment variable that must say `yes`, because logs are deleted by AWS afterwards.
    Consent {
        /// The variable's name.
        name: String,
        /// What is agreed to.
        meaning: String,
    },
    /// A word in a file that stands for something else.
    Edit {
        /// The file's path.
        file: String,
        /// The word to replace.
        placeholder: String,
        /// What to put in its place.
        meaning: String,
    },
}

/// A command, ready for a shell whose working folder is the one that the files are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What it is for, in one sentence without a full stop.
    pub why: String,
    /// The line for bash, quoted.
    pub text: String,
    /// What must be filled in before.
    pub needs: Vec<Need>,
    /// What must be filled in where no file of this pattern was saved.
    pub(super) unless_saved: Vec<(String, Need)>,
    /// Whether the AWS CLI would take one of the values for something else.
    pub(super) refused: bool,
}

/// Tells whether a character would steer a terminal, or the order in which a line is read.
fn steers(own: char) -> bool {
    own.is_control()
        || matches!(own, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Quotes a text so that bash takes it as one word; what would steer a terminal is written as its bytes.
pub(super) fn shell_quote(text: &str) -> String {
    let plain = |own: char| {
        own.is_ascii_alphanumeric() || matches!(own, '_' | '.' | '/' | ':' | '@' | ',' | '+' | '-')
    };
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else if text.chars().any(steers) {
        let mut quoted = "$'".to_owned();
        for own in text.chars() {
            if steers(own) {
                let mut bytes = [0; 4];
                for byte in own.encode_utf8(&mut bytes).bytes() {
                    quoted.push_str(&format!("\\x{byte:02x}"));
                }
            } else {
                if matches!(own, '\'' | '\\') {
                    quoted.push('\\');
                }
                quoted.push(own);
            }
        }
        quoted.push('\'');
        quoted
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// A value that may hold the account of a loop over accounts, or a variable to be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// Text as it is.
    Text(String),
    /// The account that the command runs in.
    ThisAccount,
    /// A shell variable.
    Variable(String),
}

/// A command that is being written.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) needs: Vec<Need>,
    pub(super) refused: bool,
}

impl Line {
    /// Begins a command of a service.
    pub(super) fn aws(service: &str, operation: &str, region: &RegionCode) -> Self {
        let line = Self { text: format!("aws {service} {operation}"), needs: Vec::new(), refused: false };
        line.value("--region", region.as_str())
    }

    /// Takes a line for bash as it is; the caller has quoted it.
    pub(super) fn shell(text: &str) -> Self {
        Self { text: text.to_owned(), needs: Vec::new(), refused: false }
    }

    /// Adds a switch.
    #[must_use]
    pub(super) fn flag(mut self, name: &str) -> Self {
        self.text.push(' ');
        self.text.push_str(name);
        self
    }

    /// Adds a switch that is on or off: `--name` or `--no-name`.
    #[must_use]
    pub(super) fn switch(self, name: &str, on: bool) -> Self {
        self.flag(&if on { format!("--{name}") } else { format!("--no-{name}") })
    }

    /// Adds an option with a value.
    #[must_use]
    pub(super) fn value(mut self, name: &str, value: &str) -> Self {
        // The AWS CLI reads a value that begins so from a file or an address.
        let loads = ["file://", "fileb://", "http://", "https://"].iter().any(|own| value.starts_with(own));
        self.refused |= loads || value.contains('\0');
        let separator = if value.starts_with('-') { '=' } else { ' ' };
        self.text.push_str(&format!(" {name}{separator}{}", shell_quote(value)));
        self
    }

    /// Adds an option whose value is read from a file.
    #[must_use]
    pub(super) fn file(mut self, name: &str, path: &str) -> Self {
        self.text.push_str(&format!(" {name} {}", shell_quote(&format!("file://{path}"))));
        self
    }

    /// Adds an option whose value is put together.
    #[must_use]
    pub(super) fn words(mut self, name: &str, words: &[Word]) -> Self {
        if let [Word::Text(text)] = words {
            return self.value(name, text);
        }
        self.text.push_str(&format!(" {name} "));
        for word in words {
            match word {
                Word::Text(text) => {
                    self.refused |= text.contains('\0');
                    self.text.push_str(&shell_quote(text));
                }
                Word::ThisAccount => self.text.push_str("\"$account\""),
                Word::Variable(variable) => self.text.push_str(&format!("\"${variable}\"")),
            }
        }
        self
    }

    /// Adds an option whose value the user fills in.
    #[must_use]
    pub(super) fn variable(self, name: &str, variable: &str, meaning: &str) -> Self {
        self.variable_after(name, &[], variable, meaning)
    }

    /// Adds an option whose value ends in what the user fills in.
    #[must_use]
    pub(super) fn variable_after(
        mut self,
        name: &str,
        before: &[Word],
        variable: &str,
        meaning: &str,
    ) -> Self {
        self.needs.push(Need::Variable { name: variable.to_owned(), meaning: plain(meaning) });
        let mut words = before.to_vec();
        words.push(Word::Variable(variable.to_owned()));
        self.words(name, &words)
    }

    /// Says that a word in a file must be replaced first.
    #[must_use]
    pub(super) fn edit(mut self, file: &str, placeholder: &str, meaning: &str) -> Self {
        self.needs.push(Need::Edit {
            file: file.to_owned(),
            placeholder: placeholder.to_owned(),
            meaning: plain(meaning),
        });
        self
    }

    /// Says that someone must agree first, because AWS deletes logs afterwards.
    #[must_use]
    pub(super) fn consent(mut self, variable: &str, meaning: &str) -> Self {
        self.needs.push(Need::Consent { name: variable.to_owned(), meaning: plain(meaning) });
        self
    }

    /// Puts text of the shell before and after the command; the caller has quoted it.
    #[must_use]
    pub(super) fn wrapped(mut self, before: &str, after: &str) -> Self {
        self.text = format!("{before}{}{after}", self.text);
        self
    }

    /// Ends the command.
    pub(super) fn because(self, why: impl AsRef<str>) -> Command {
        Command {
            why: plain(why.as_ref()),
            text: self.text,
            needs: self.needs,
            unless_saved: Vec::new(),
            refused: self.refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_written_as_bytes() {
        for (text, quoted) in [
            ("plain-name", "plain-name"),
            ("it's", r"'it'\''s'"),
            ("a\u{202e}b", r"$'a\xe2\x80\xaeb'"),
            ("it's\u{1b}[31m \\", r"$'it\'s\x1b[31m \\'"),
        ] {
            assert_eq!(shell_quote(text), quoted);
        }
    }

    #[test]
    fn words_are_quoted_for_the_shell() {
        let table = [
            ("main", "main"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$(reboot)", "'$(reboot)'"),
            ("it's", "'it'\\''s'"),
            ("a\nb", "$'a\\x0ab'"),
            ("~root", "'~root'"),
            ("a=b", "'a=b'"),
        ];
        for (text, quoted) in table {
            assert_eq!(shell_quote(text), quoted);
        }
    }

    #[test]
    fn values_that_the_cli_would_load_are_refused() {
        let region = RegionCode::new("us-east-1");
        for (value, refused) in [("main", false), ("file:///etc/passwd", true), ("a\0b", true), ("-x", false)]
        {
            let command =
                Line::aws("cloudtrail", "delete-trail", &region).value("--name", value).because("test");
            assert_eq!(command.refused, refused, "{value:?}");
        }
        let command =
            Line::aws("cloudtrail", "delete-trail", &region).value("--name", "--all").because("a\nb");
        assert_eq!(command.text, "aws cloudtrail delete-trail --region us-east-1 --name=--all");
        assert_eq!(command.why, "a\\u{a}b");
    }
}

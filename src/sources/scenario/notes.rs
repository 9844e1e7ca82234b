//! What is found wrong in one text, and the values that every kind of text writes alike.

use super::at::At;
use crate::domain::{AccountId, Age, Component, Diagnostic, Diagnostics, PeriodError, nearest};
use std::ops::Range;

/// Takes what is found in one text.
pub(in crate::sources) struct Notes<'a> {
    /// What the text is called.
    pub(in crate::sources) name: &'a str,
    pub(in crate::sources) found: &'a mut Diagnostics,
}

impl Notes<'_> {
    /// Adds an error and returns it, for more to be said.
    pub(in crate::sources) fn error(&mut self, span: &Range<usize>, message: String) -> &mut Diagnostic {
        self.found.add(Diagnostic::error(self.name, message).at(span.clone()))
    }

    /// Adds a warning and returns it, for more to be said.
    pub(in crate::sources) fn warning(&mut self, span: &Range<usize>, message: String) -> &mut Diagnostic {
        self.found.add(Diagnostic::warning(self.name, message).at(span.clone()))
    }

    /// Reads an account's id.
    pub(in crate::sources) fn account(&mut self, own: &At<String>) -> Option<AccountId> {
        let id = own.value.parse().ok();
        if id.is_none() {
            self.error(&own.span, format!("bad account `{}`", own.value)).label =
                Some("expected exactly 12 digits, in quotes".to_owned());
        }
        id
    }

    /// Reads a component's id.
    pub(in crate::sources) fn component(&mut self, own: &At<String>) -> Option<Component> {
        let known = Component::from_id(&own.value);
        if known.is_none() {
            let ids = Component::ALL.iter().map(|own| own.id());
            self.error(&own.span, format!("unknown component `{}`", own.value)).hint =
                nearest(&own.value, ids).map(|near| format!("did you mean `{near}`?"));
        }
        known
    }

    /// Reads a length of time.
    pub(in crate::sources) fn age(&mut self, text: &str, span: &Range<usize>) -> Option<Age> {
        text.parse()
            .map_err(|error: PeriodError| {
                self.error(span, format!("bad length of time `{text}`")).label = Some(error.to_string());
            })
            .ok()
    }

    /// Reads an age in whole days.
    pub(in crate::sources) fn days(&mut self, text: &At<String>) -> Option<Age> {
        let age = self.age(&text.value, &text.span)?;
        if age.hours() % 24 != 0 {
            self.error(&text.span, format!("{} is not a number of whole days", text.value)).label =
                Some("such as 90d or 7y".to_owned());
            return None;
        }
        Some(age)
    }
}

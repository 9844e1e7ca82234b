//! When volumes were measured, and what could not be seen.

use super::at::At;
use super::document_measured::{GapInput, GapKindInput, MeasuredInput};
use super::lower::Lowering;
use crate::domain::{Date, Gap, GapKind, Measured, ProvenanceKind};

impl Lowering<'_> {
    /// Reads `[measured]`, before any quantity: from then on every one that is stated was measured.
    pub(super) fn measured(&mut self, input: Option<&MeasuredInput>) {
        let Some(input) = input else {
            return;
        };
        let (from, to) = (self.date(&input.from), self.date(&input.to));
        let by = input.by.value.clone();
        if by.trim().is_empty() {
            self.error(&input.by.span, "nothing says what measured the volumes".to_owned()).label =
                Some("such as \"measure aws\"".to_owned());
        }
        let (Some(from), Some(to)) = (from, to) else {
            return;
        };
        if from > to {
            self.error(&input.to.span, "the last day measured is before the first".to_owned()).label =
                Some(format!("not before {from}"));
            return;
        }
        self.model.measured = Some(Measured { from, to, by });
    }

    fn date(&mut self, text: &At<String>) -> Option<Date> {
        text.value
            .parse()
            .map_err(|error: crate::domain::PeriodError| {
                self.error(&text.span, format!("bad date `{}`", text.value)).label = Some(error.to_string());
            })
            .ok()
    }

    /// Returns how a stated quantity was come by.
    pub(super) fn stated(&self) -> ProvenanceKind {
        if self.model.measured.is_some() { ProvenanceKind::Measured } else { ProvenanceKind::Declared }
    }

    pub(super) fn gaps(&mut self, gaps: &[GapInput]) {
        for input in gaps {
            let what = input.what.value.clone();
            if what.trim().is_empty() {
                self.error(&input.what.span, "nothing says what is not known".to_owned()).label =
                    Some("such as \"the trails of 444455556666: AccessDenied\"".to_owned());
                continue;
            }
            let kind = match input.kind.value {
                GapKindInput::Volume => GapKind::Volume,
                GapKindInput::NotIncluded => GapKind::NotIncluded,
                GapKindInput::Coverage => GapKind::Coverage,
                GapKindInput::NotSeen => GapKind::NotSeen,
            };
            let remedy = input.remedy.clone().unwrap_or_default();
            self.model.gaps.push(Gap { kind, what, remedy });
        }
    }
}

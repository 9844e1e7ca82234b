//! Findings on the screen: what, where, why, how to mend it.

use crate::domain::{Diagnostic, Diagnostics, Severity};
use crate::report::visible;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// Writes findings with an excerpt at each place.
pub(super) fn render(diagnostics: &Diagnostics, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for item in &diagnostics.items {
        let text =
            diagnostics.texts.iter().find(|(path, _)| *path == item.path).map(|(_, text)| text.as_str());
        out.push_str(&renderer.render(&[group(item, text)]));
        out.push_str("\n\n");
    }
    let errors = diagnostics.items.iter().filter(|item| item.severity == Severity::Error).count();
    if errors > 1 {
        out.push_str(&format!("{errors} errors\n"));
    }
    out
}

fn group<'a>(item: &'a Diagnostic, text: Option<&'a str>) -> Group<'a> {
    let level = match item.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let message = match (&item.span, text) {
        (Some(_), Some(_)) => visible(&item.message),
        // Without an excerpt the message has to name the file, unless it does.
        _ if item.message.contains(&item.path) => visible(&item.message),
        _ => format!("{}: {}", visible(&item.path), visible(&item.message)),
    };
    let mut group = Group::with_title(level.primary_title(message));
    if let (Some(span), Some(text)) = (&item.span, text) {
        let end = span.end.min(text.len());
        let start = span.start.min(end);
        let mut annotation = AnnotationKind::Primary.span(start..end);
        if let Some(label) = &item.label {
            annotation = annotation.label(visible(label));
        }
        group = group.element(Snippet::source(text).path(visible(&item.path)).annotation(annotation));
    } else if let Some(label) = &item.label {
        group = group.element(Level::NOTE.message(visible(label)));
    }
    if let Some(hint) = &item.hint {
        group = group.element(Level::HELP.with_name("hint").message(visible(hint)));
    }
    group
}

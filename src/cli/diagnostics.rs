//! Findings on the screen: what, where, why, how to mend it.

use crate::domain::{Diagnostic, Diagnostics, Severity};
use crate::report::visible;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::collections::BTreeMap;

/// So many findings get an excerpt; the others a line each.
const MOST_EXCERPTS: usize = 100;

/// Writes findings, with an excerpt at the place of each of the first hundred.
pub(super) fn render(diagnostics: &Diagnostics, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    let mut line_starts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for item in diagnostics.items.iter().take(MOST_EXCERPTS) {
        let text =
            diagnostics.texts.iter().find(|(path, _)| *path == item.path).map(|(_, text)| text.as_str());
        out.push_str(&renderer.render(&[group(item, text)]));
        out.push_str("\n\n");
    }
    for item in diagnostics.items.iter().skip(MOST_EXCERPTS) {
        let lines = line_starts.entry(&item.path).or_insert_with(|| {
            let text = diagnostics.texts.iter().find(|(path, _)| *path == item.path);
            text.map(|(_, text)| text.match_indices('\n').map(|(at, _)| at + 1).collect()).unwrap_or_default()
        });
        let place = item.span.as_ref().map_or_else(String::new, |span| {
            let line = lines.partition_point(|&start| start <= span.start);
            let start = line.checked_sub(1).and_then(|before| lines.get(before)).copied().unwrap_or(0);
            format!(":{}:{}", line + 1, span.start - start + 1)
        });
        let severity = if item.severity == Severity::Error { "error" } else { "warning" };
        let label = item.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
        out.push_str(&visible(&format!("{severity}: {}{place}: {}{label}", item.path, item.message)));
        out.push('\n');
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

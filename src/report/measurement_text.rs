//! A measurement on the terminal.

use super::measurement_view::{ConfiguredRow, MeasurementView, VolumeRow};
use super::number::grouped;
use super::table::{Style, wrap};
use super::view::gap_heading;
use crate::domain::GapKind;

/// Lines of evidence that are shown; all of them are in the files of `--out` and in JSON.
const EVIDENCE_SHOWN: usize = 40;

/// Writes a measurement for a terminal. `scenario` is the file that was written, if any.
pub fn measurement_text(view: &MeasurementView, style: Style, next: &[String]) -> String {
    let width = style.width.clamp(60, 100);
    let mut out = style.bold(&view.name);
    out.push('\n');
    for line in heading(view) {
        wrap(&mut out, "  ", 4, &line, width);
    }
    for (title, rows) in [
        ("Trails", &view.trails),
        ("Event data stores and deliveries", &view.event_data_stores),
        ("Buckets", &view.buckets),
        ("Log groups", &view.log_groups),
    ] {
        section(&mut out, style, title, rows, width);
    }
    if view.trails.is_empty() {
        out.push_str(&format!("\n{}\n  none that was seen\n", style.bold("Trails")));
    }
    lines(&mut out, style, "Volumes of a month", &volumes(view), width);
    let mut evidence: Vec<String> = view
        .evidence
        .iter()
        .take(EVIDENCE_SHOWN)
        .map(|own| format!("{}: {} ({}: {})", own.what, own.value, own.certainty.name(), own.how))
        .collect();
    let more = view.evidence.len().saturating_sub(EVIDENCE_SHOWN);
    if more > 0 {
        evidence.push(format!("and {more} more: --out DIR writes all of them to evidence.csv"));
    }
    lines(&mut out, style, "How that is known", &evidence, width);
    for kind in [GapKind::NotSeen, GapKind::Volume, GapKind::Coverage, GapKind::NotIncluded] {
        let own: Vec<String> = view
            .gaps
            .iter()
            .filter(|gap| gap.kind == kind)
            .map(|gap| format!("{}: {}", gap.what, gap.remedy))
            .collect();
        lines(&mut out, style, gap_heading(kind), &own, width);
    }
    lines(&mut out, style, "Next", next, width);
    style.finish(out)
}

/// Says when and how much was read.
pub(super) fn heading(view: &MeasurementView) -> Vec<String> {
    let plural = |count: usize, one: &str, many: &str| {
        if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
    };
    let mut first = Vec::new();
    first.extend(view.taken_on.map(|day| format!("read on {}", day.long())));
    if view.accounts > 0 {
        first.push(plural(view.accounts, "account", "accounts"));
    }
    if view.regions > 0 {
        first.push(plural(view.regions, "Region", "Regions"));
    }
    first.push(plural(view.trails.len(), "trail", "trails"));
    if view.shadow_trails > 0 {
        first.push(plural(
            view.shadow_trails,
            "shadow view of them left out",
            "shadow views of them left out",
        ));
    }
    let mut lines = vec![first.join(", ")];
    if let Some((from, to)) = view.measured {
        lines.push(format!("metrics from {} to {}", from.long(), to.long()));
    }
    if view.partial {
        lines.push("interrupted: not everything was asked".to_owned());
    }
    lines
}

/// Writes each volume as a line.
pub(super) fn volumes(view: &MeasurementView) -> Vec<String> {
    let mut lines: Vec<String> = view.volumes.iter().map(volume).collect();
    if lines.is_empty() {
        lines.push("none could be measured: an estimate says what is missing".to_owned());
    }
    lines
}

pub(super) fn volume(own: &VolumeRow) -> String {
    let figure = own.likely.map_or_else(
        || "unknown".to_owned(),
        |likely| {
            let range = own
                .range
                .map(|(low, high)| format!(" ({} to {})", grouped(low), grouped(high)))
                .unwrap_or_default();
            format!("{}{range} {}", grouped(likely), own.unit)
        },
    );
    format!("{} {}: {}: {figure}", own.account, own.region, own.what)
}

fn section(out: &mut String, style: Style, title: &str, rows: &[ConfiguredRow], width: usize) {
    if rows.is_empty() {
        return;
    }
    out.push_str(&format!("\n{}\n", style.bold(title)));
    for row in rows {
        wrap(out, "  ", 4, &format!("{} ({})", row.name, row.place), width);
        for (name, text) in &row.settings {
            wrap(out, &format!("    {name:<10} "), 15, text, width);
        }
    }
}

fn lines(out: &mut String, style: Style, title: &str, lines: &[String], width: usize) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n{}\n", style.bold(title)));
    for line in lines {
        wrap(out, "  ", 4, line, width);
    }
}

//! Counts of log files on the terminal, and as Markdown.

use super::clean::markdown;
use super::counted_requests::requests_text;
use super::counted_view::{CountedView, SHOWN, count, dollars, share};
use super::table::{Style, fit, right, wrap};
use super::view::gap_heading;
use crate::domain::{GapKind, Money};

/// Writes counts for a terminal; `next` are the commands that come next.
pub fn counted_text(view: &CountedView, style: Style, next: &[String]) -> String {
    let width = style.width.clamp(60, 100);
    let mut out = style.bold("CloudTrail logs");
    out.push('\n');
    for line in view.heading() {
        wrap(&mut out, "  ", 4, &line, width);
    }
    out.push('\n');
    let label = width - 46;
    let line = |out: &mut String, own: [&str; 4]| {
        let text =
            format!("{}{}{}{}", fit(own[0], label), right(own[1], 16), right(own[2], 16), right(own[3], 14));
        out.push_str(text.trim_end());
        out.push('\n');
    };
    let mut header = String::new();
    line(&mut header, ["Category", "Records", "Further copies", "Raw"]);
    out.push_str(&style.bold(header.trim_end()));
    out.push_str(&format!("\n{}\n", style.rule(width)));
    for (category, sum) in view.categories() {
        line(&mut out, [category.label(), &count(sum.events), &count(sum.copies), &view.raw(sum.bytes)]);
    }
    out.push_str(&format!("{}\n", style.rule(width)));
    let all = view.counts.sum(|_| true);
    line(&mut out, ["all", &count(all.events), &count(all.copies), &view.raw(all.bytes)]);
    for (title, rows) in lists(view) {
        if !rows.is_empty() {
            out.push_str(&format!("\n{}\n", style.bold(title)));
        }
        for (name, events, cost) in rows.iter().take(SHOWN) {
            let mut figures =
                format!("{}{}", right(&count(*events), 16), right(&share(*events, all.events), 8));
            let mut room = width - 26;
            if let Some(cost) = cost {
                figures.push_str(&right(cost, COST));
                room -= COST;
            }
            if unicode_width::UnicodeWidthStr::width(name.as_str()) > room {
                wrap(&mut out, "  ", 4, name, width);
                out.push_str(&format!("  {}{figures}\n", " ".repeat(room)));
            } else {
                out.push_str(&format!("  {}{figures}\n", fit(name, room)));
            }
        }
        if rows.len() > SHOWN {
            out.push_str(&format!("  and {} more\n", rows.len() - SHOWN));
        }
    }
    for (title, texts) in texts(view) {
        section(&mut out, style, &title, &texts, width);
    }
    section(&mut out, style, "Next", next, width);
    style.finish(out)
}

/// The room of a monthly cost.
const COST: usize = 16;

/// Names with their events, and what those cost in a month where that is told.
type Ranked = Vec<(String, u64, Option<String>)>;

fn lists(view: &CountedView) -> [(&'static str, Ranked); 3] {
    let plain =
        |own: Vec<(String, u64)>| own.into_iter().map(|(name, events)| (name, events, None)).collect();
    let cost =
        |own: Option<Money>| own.map_or_else(|| "unknown".to_owned(), |own| format!("{}/mo", dollars(own)));
    let resources = view.resources().into_iter();
    [
        ("Services with the most records", plain(view.sources())),
        (
            "Resources with the most data events",
            resources.map(|(name, events, own)| (name, events, Some(cost(own)))).collect(),
        ),
        ("Callers with the most records", plain(view.identities())),
    ]
}

fn texts(view: &CountedView) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    all.extend(view.replay.as_ref().map(|own| (own.title(), own.lines())));
    let others = [
        ("Delivered more than once", view.copies()),
        ("Caused by the logs themselves", view.self_logging()),
        ("Changes of what is recorded", view.changes()),
        ("Quiet hours and Regions", view.quiet()),
        ("Volumes of a month", volumes(view)),
        ("Left out", view.left_out()),
        ("Asked of Amazon S3", requests_text(view)),
    ];
    all.extend(others.map(|(title, lines)| (title.to_owned(), lines)));
    for kind in [GapKind::NotSeen, GapKind::Volume, GapKind::Coverage, GapKind::NotIncluded] {
        let own = view.gaps.iter().filter(|gap| gap.kind == kind);
        all.push((
            gap_heading(kind).to_owned(),
            own.map(|gap| format!("{}: {}", gap.what, gap.remedy)).collect(),
        ));
    }
    all
}

/// Writes the volumes of a month, and how they were come by.
fn volumes(view: &CountedView) -> Vec<String> {
    let mut lines: Vec<String> = view.month.iter().cloned().collect();
    lines.extend(view.volumes.iter().take(SHOWN * 2).map(super::measurement_text::volume));
    if view.volumes.len() > SHOWN * 2 {
        lines.push(format!("and {} more: --out DIR writes all of them", view.volumes.len() - SHOWN * 2));
    }
    lines
}

fn section(out: &mut String, style: Style, title: &str, lines: &[String], width: usize) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n{}\n", style.bold(title)));
    for line in lines {
        wrap(out, "  ", 4, line, width);
    }
}

/// Writes counts as Markdown.
pub fn counted_markdown(view: &CountedView) -> String {
    let mut out = "## CloudTrail logs\n\n".to_owned();
    for line in view.heading() {
        out.push_str(&format!("- {}\n", markdown(&line)));
    }
    out.push_str("\n| Category | Records | Further copies | Raw |\n|:--|--:|--:|--:|\n");
    let all = view.counts.sum(|_| true);
    for (category, sum) in view.categories() {
        let (events, copies, bytes) = (count(sum.events), count(sum.copies), view.raw(sum.bytes));
        out.push_str(&format!("| {} | {events} | {copies} | {bytes} |\n", category.label()));
    }
    let (events, copies, bytes) = (count(all.events), count(all.copies), view.raw(all.bytes));
    out.push_str(&format!("| **all** | **{events}** | **{copies}** | **{bytes}** |\n"));
    for (title, rows) in lists(view) {
        if rows.is_empty() {
            continue;
        }
        let costs = rows.iter().any(|own| own.2.is_some());
        let column = if costs { (" A month |", "--:|") } else { ("", "") };
        out.push_str(&format!("\n| {title} | Records | Share |{}\n|:--|--:|--:|{}\n", column.0, column.1));
        for (name, events, cost) in rows.iter().take(SHOWN) {
            out.push_str(&format!(
                "| {} | {} | {} |{}\n",
                markdown(name),
                count(*events),
                share(*events, all.events),
                cost.as_ref().map_or_else(String::new, |own| format!(" {own} |"))
            ));
        }
    }
    for (title, lines) in texts(view) {
        if lines.is_empty() {
            continue;
        }
        out.push_str(&format!("\n**{title}**\n\n"));
        for line in lines {
            out.push_str(&format!("- {}\n", markdown(&line)));
        }
    }
    out
}

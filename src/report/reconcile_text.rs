//! A reconciliation for the terminal.

use super::clean::visible;
use super::number::amount_text;
use super::reconcile_view::{ReconcileRow, ReconcileView, signed};
use super::table::{Style, fit, right, wrap};
use crate::domain::Money;
use crate::reconcile::{Line, SideAmount};
use unicode_width::UnicodeWidthStr;

/// So many months are listed; a bill has rarely more.
const MOST_MONTHS: usize = 24;
/// So many keys with something left are listed.
const MOST_LEFT: usize = 10;
/// So many pieces of evidence are shown for a cause.
const MOST_EVIDENCE: usize = 4;

/// Writes a reconciliation for a terminal.
pub fn reconcile_text(view: &ReconcileView<'_>, style: Style) -> String {
    let width = style.width.clamp(60, 100);
    let mut out = String::new();
    out.push_str(&style.bold(fit(&format!("Reconciled · {}", view.name), width).trim_end()));
    out.push('\n');
    wrap(&mut out, "", 2, &view.context, width);
    out.push('\n');
    let mut sentence = String::new();
    wrap(&mut sentence, "  ", 2, &view.sentence, width);
    for line in sentence.lines() {
        out.push_str(&if view.data.exceeded() { style.warn(line) } else { style.bold(line) });
        out.push('\n');
    }
    wrap(&mut out, "  ", 2, &view.split, width);
    out.push('\n');
    let shown = view.months.len().min(MOST_MONTHS);
    if view.data.months.len() > 1 {
        table(view, "Month", &view.months[..shown], false, style, width, &mut out);
        if view.months.len() > shown {
            out.push_str(&format!("and {} more months\n", view.months.len() - shown));
        }
        out.push('\n');
    }
    table(view, "Usage type", &view.usage_types, true, style, width, &mut out);
    causes(view, style, width, &mut out);
    left(view, style, width, &mut out);
    for (title, lines) in [
        (
            "Not compared: nothing says which part of it the logs are (--resource names what is theirs)",
            &view.apart,
        ),
        ("Note", &view.notes),
    ] {
        if !lines.is_empty() {
            out.push('\n');
            wrap(&mut out, "", 0, title, width);
            for line in lines {
                wrap(&mut out, "  ", 4, line, width);
            }
        }
    }
    out.push('\n');
    let mut verdict = String::new();
    wrap(&mut verdict, "", 2, &view.verdict, width);
    for line in verdict.lines() {
        out.push_str(&if view.data.exceeded() { style.warn(line) } else { style.bold(line) });
        out.push('\n');
    }
    style.finish(out)
}

/// Writes rows of four amounts, with the total where it is wanted.
fn table(
    view: &ReconcileView<'_>,
    heading: &str,
    rows: &[ReconcileRow],
    with_total: bool,
    style: Style,
    width: usize,
    out: &mut String,
) {
    let cells = |row: &ReconcileRow| {
        [
            row.estimated.map_or_else(|| "–".to_owned(), |own| amount_text(own, row.incomplete)),
            super::number::money_text(row.found),
            signed(row.explained),
            signed(row.unexplained),
        ]
    };
    let names = ["Estimate", view.target_heading(), "Explained", "Unexplained"];
    let widths: Vec<usize> = (0..names.len())
        .map(|at| {
            let widest = rows.iter().chain([&view.total]).map(|row| cells(row)[at].width()).max();
            (widest.unwrap_or(0).max(names[at].width()) + 2).max(12)
        })
        .collect();
    let label = width.saturating_sub(widths.iter().sum()).max(16);
    let mut header = fit(heading, label);
    for (name, own) in names.iter().zip(&widths) {
        header.push_str(&right(name, *own));
    }
    let rule = style.rule(header.width());
    out.push_str(&format!("{}\n{rule}\n", style.bold(&header)));
    let line = |row: &ReconcileRow| {
        let mut line = fit(&row.label, label);
        for (cell, own) in cells(row).iter().zip(&widths) {
            line.push_str(&right(cell, *own));
        }
        line
    };
    if rows.is_empty() {
        out.push_str("No usage that costs anything on either side.\n");
    }
    for row in rows {
        out.push_str(&if row.exceeded { style.warn(&line(row)) } else { line(row) });
        out.push('\n');
    }
    if with_total {
        out.push_str(&format!("{rule}\n{}\n", style.bold(&line(&view.total))));
    }
}

fn causes(view: &ReconcileView<'_>, style: Style, width: usize, out: &mut String) {
    if view.data.causes.is_empty() {
        return;
    }
    let amount = 14;
    let label = width - amount;
    let header = format!("{}{}", fit("What explains it", label), right("Amount", amount));
    out.push_str(&format!("\n{}\n{}\n", style.bold(&header), style.rule(width)));
    for cause in &view.data.causes {
        out.push_str(&format!(
            "{}{}\n",
            fit(cause.kind.label(), label),
            right(&signed(cause.amount), amount)
        ));
        for text in cause.evidence.iter().take(MOST_EVIDENCE) {
            wrap(out, "  ", 4, &visible(text), width);
        }
        if let Some(more) = cause.evidence.len().checked_sub(MOST_EVIDENCE).filter(|more| *more > 0) {
            out.push_str(&format!("  and {more} more\n"));
        }
    }
}

fn left(view: &ReconcileView<'_>, style: Style, width: usize, out: &mut String) {
    let left: Vec<&Line> =
        view.data.left().into_iter().filter(|line| line.unexplained.cents() != 0).collect();
    if left.is_empty() {
        return;
    }
    let cost = |side: Option<SideAmount>| {
        side.map_or_else(|| "–".to_owned(), |own| amount_text(own.cost, own.unknown))
    };
    let cells =
        |line: &Line| [cost(line.estimated), cost(line.found), explained(line), signed(line.unexplained)];
    let widest = left.iter().take(MOST_LEFT).flat_map(|line| cells(line)).map(|cell| cell.width() + 2).max();
    let number = widest.unwrap_or(0).max(13);
    let label = width.saturating_sub(4 * number);
    let title = "What is left, largest first";
    let mut header = fit(title, label.max(title.width()));
    if title.width() > label {
        header.push('\n');
        header.push_str(&" ".repeat(label));
    }
    for name in ["Estimate", view.target_heading(), "Explained", "Unexplained"] {
        header.push_str(&right(name, number));
    }
    out.push_str(&format!("\n{}\n{}\n", style.bold(&header), style.rule(width)));
    for line in left.iter().take(MOST_LEFT) {
        out.push_str(fit(&place(line), width).trim_end());
        out.push('\n');
        let quantities = format!("  {}", quantities(line));
        // Quantities that do not fit beside the amounts stand above them.
        let mut text = if quantities.width() > label {
            out.push_str(fit(&quantities, width).trim_end());
            out.push('\n');
            " ".repeat(label)
        } else {
            fit(&quantities, label)
        };
        for cell in cells(line) {
            text.push_str(&right(&cell, number));
        }
        out.push_str(&text);
        out.push('\n');
    }
    if left.len() > MOST_LEFT {
        out.push_str(&format!("and {} more keys (--format csv has every one)\n", left.len() - MOST_LEFT));
    }
}

/// Writes what of a key is explained.
pub(super) fn explained(line: &Line) -> String {
    signed(line.parts.iter().fold(Money::ZERO, |sum, part| sum.checked_add(part.amount).unwrap_or(sum)))
}

/// Names a key for people.
pub(super) fn place(line: &Line) -> String {
    let key = &line.key;
    let usage_type = if key.usage_type.is_empty() { "no usage type" } else { &key.usage_type };
    let service = if key.service == "AWSCloudTrail" { "" } else { &key.service };
    let account = key.account.as_ref().map_or("no account", |own| own.as_str());
    let region = key.region.as_ref().map_or("no Region", |own| own.as_str());
    visible(format!("{service} {usage_type}, {account} {region}, {}", key.month).trim_start())
}

/// Writes what is expected and what was found.
pub(super) fn quantities(line: &Line) -> String {
    let unit = visible(&line.unit);
    match (&line.estimated, &line.found) {
        (None, Some(found)) => format!("{} {unit}, not estimated", found.quantity.grouped()),
        (Some(own), None) => format!("{} {unit} estimated, none found", own.quantity.grouped()),
        (Some(own), Some(found)) if own.quantity == found.quantity => {
            format!("{} {unit}", own.quantity.grouped())
        }
        (Some(own), Some(found)) => {
            format!("{} → {} {unit}", own.quantity.grouped(), found.quantity.grouped())
        }
        (None, None) => String::new(),
    }
}

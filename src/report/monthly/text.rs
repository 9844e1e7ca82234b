//! The report for the terminal, and as Markdown.

use super::parts::{Section, Table};
use super::sections::Layout;
use crate::report::clean::markdown;
use crate::report::table::{Style, fit, right, wrap};
use unicode_width::UnicodeWidthStr;

/// Rows that the terminal shows of a table.
const ROWS: usize = 12;
/// The narrowest first column.
const FIRST: usize = 22;

/// Writes the report for the terminal: reads well at 80 columns.
pub fn monthly_text(layout: Layout<'_>, style: Style) -> String {
    let width = style.width.clamp(60, 120);
    let mut out = format!("{}\n\n", style.bold(&layout.title()));
    wrap(&mut out, "", 0, &layout.headline(), width);
    out.push('\n');
    for tile in layout.tiles() {
        let label = fit(&tile.label, 26);
        wrap(&mut out, &format!("  {label}  "), 30, &format!("{} · {}", tile.figure, tile.note), width);
    }
    for own in layout.sections() {
        out.push_str(&format!("\n{}\n", style.bold(&own.title)));
        wrap(&mut out, "", 2, &own.answer, width);
        if let Some(table) = &own.table {
            out.push_str(&text_table(layout, table, style, width));
        }
        for note in &own.notes {
            wrap(&mut out, "  ", 4, note, width);
        }
    }
    style.finish(out)
}

fn text_table(layout: Layout<'_>, table: &Table, style: Style, width: usize) -> String {
    let shown = &table.rows[..table.rows.len().min(ROWS)];
    let all = || shown.iter().chain(&table.total);
    let widths: Vec<usize> = (0..table.columns.len())
        .map(|at| {
            let cells = all().map(|row| row[at].text.width());
            cells.chain([table.columns[at].name.width()]).max().unwrap_or(0).min(34)
        })
        .collect();
    // As many columns as there is room for; the files have all.
    let mut kept = 1;
    let mut used = widths.first().copied().unwrap_or(0).min(FIRST);
    while kept < widths.len() && used + widths[kept] + 2 <= width {
        used += widths[kept] + 2;
        kept += 1;
    }
    let first = width - (used - widths.first().copied().unwrap_or(0).min(FIRST));
    let first = first.min(widths.first().copied().unwrap_or(0)).max(1);
    let line = |cells: &[&str]| {
        let mut line = fit(cells[0], first);
        for at in 1..kept {
            let own = if table.columns[at].is_number {
                right(cells[at], widths[at])
            } else {
                fit(cells[at], widths[at])
            };
            line.push_str(&format!("  {own}"));
        }
        format!("{}\n", line.trim_end())
    };
    let rule = style.rule(width);
    let names: Vec<&str> = table.columns.iter().map(|own| own.name.as_str()).collect();
    let mut out = format!("{}{rule}\n", style.bold(&line(&names)));
    let texts = |row: &[super::parts::Cell]| -> String {
        line(&row.iter().map(|own| own.text.as_str()).collect::<Vec<_>>())
    };
    for row in shown {
        out.push_str(&texts(row));
    }
    if let Some(total) = &table.total {
        out.push_str(&format!("{rule}\n{}", texts(total)));
    }
    let more = table.more + table.rows.len() - shown.len();
    if more > 0 {
        out.push_str(&format!("  {}\n", layout.more_rows(more)));
    }
    out
}

/// Writes the report as Markdown, with a hidden marker by which a comment can be found and replaced.
pub fn monthly_markdown(layout: Layout<'_>) -> String {
    let mut out = format!(
        "<!-- trailcost -->\n### {}\n\n**{}**\n\n",
        markdown(&layout.title()),
        markdown(&layout.headline())
    );
    let tiles = layout.tiles();
    out.push_str(&markdown_row(tiles.iter().map(|own| own.label.as_str())));
    out.push_str(&format!("|{}\n", ":--|".repeat(tiles.len())));
    out.push_str(&markdown_row(tiles.iter().map(|own| own.figure.as_str())));
    out.push_str(&markdown_row(tiles.iter().map(|own| own.note.as_str())));
    for own in layout.sections() {
        markdown_section(layout, &own, &mut out);
    }
    out
}

/// Writes the cells of a row.
fn markdown_row<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.map(markdown).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn markdown_section(layout: Layout<'_>, own: &Section, out: &mut String) {
    out.push_str(&format!("\n#### {}\n\n{}\n", markdown(&own.title), markdown(&own.answer)));
    if let Some(table) = &own.table {
        let rules: Vec<&str> =
            table.columns.iter().map(|own| if own.is_number { "--:" } else { ":--" }).collect();
        out.push('\n');
        out.push_str(&markdown_row(table.columns.iter().map(|own| own.name.as_str())));
        out.push_str(&format!("|{}|\n", rules.join("|")));
        for row in table.rows.iter().chain(&table.total) {
            out.push_str(&markdown_row(row.iter().map(|own| own.text.as_str())));
        }
        if table.more > 0 {
            out.push_str(&format!("\n{}\n", markdown(&layout.more_rows(table.more))));
        }
    }
    if !own.notes.is_empty() {
        out.push('\n');
        own.notes.iter().for_each(|note| out.push_str(&format!("- {}\n", markdown(note))));
    }
}

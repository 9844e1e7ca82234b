//! A reconciliation as Markdown, fit for a pull request or a wiki.

use super::clean::markdown;
use super::number::{amount_text, money_text};
use super::reconcile_text::{explained, place, quantities};
use super::reconcile_view::{ReconcileRow, ReconcileView, signed};

/// So many keys with something left are listed.
const MOST_LEFT: usize = 20;

/// Writes a reconciliation, with a hidden marker by which a comment can be found and replaced.
pub fn reconcile_markdown(view: &ReconcileView<'_>) -> String {
    let mut out = format!(
        "<!-- trailcost -->\n### Reconciled: {}\n\n{}\n\n{}\n\n{}\n\n**{}**\n",
        markdown(&view.name),
        markdown(&view.context),
        markdown(&view.sentence),
        markdown(&view.split),
        markdown(&view.verdict)
    );
    let target = view.target_heading();
    let table = |heading: &str, rows: &[ReconcileRow], out: &mut String| {
        out.push_str(&format!(
            "\n| {heading} | Estimate | {target} | Explained | Unexplained |\n|:--|--:|--:|--:|--:|\n"
        ));
        for row in rows {
            out.push_str(&format!("| {} | {} |\n", markdown(&row.label), cells(row).join(" | ")));
        }
        out.push_str(&format!("| **Total** | **{}** |\n", cells(&view.total).join("** | **")));
    };
    if view.data.months.len() > 1 {
        table("Month", &view.months, &mut out);
    }
    table("Usage type", &view.usage_types, &mut out);
    if !view.data.causes.is_empty() {
        out.push_str(&format!(
            "\n| What explains it | Amount ({}) | Evidence |\n|:--|--:|:--|\n",
            view.data.currency
        ));
        for cause in &view.data.causes {
            let evidence: Vec<String> = cause.evidence.iter().map(|text| markdown(text)).collect();
            out.push_str(&format!(
                "| {} | {} | {} |\n",
                cause.kind.label(),
                signed(cause.amount),
                evidence.join("<br>")
            ));
        }
    }
    let left: Vec<_> = view.data.left().into_iter().filter(|line| line.unexplained.cents() != 0).collect();
    if !left.is_empty() {
        out.push_str("\n| What is left | Quantity | Explained | Unexplained |\n|:--|--:|--:|--:|\n");
        for line in left.iter().take(MOST_LEFT) {
            out.push_str(&format!(
                "| {} | {} | {} | {} |\n",
                markdown(&place(line)),
                markdown(&quantities(line)),
                explained(line),
                signed(line.unexplained)
            ));
        }
        if left.len() > MOST_LEFT {
            out.push_str(&format!("\nand {} more keys\n", left.len() - MOST_LEFT));
        }
    }
    for (title, lines) in [("Not compared", &view.apart), ("Note", &view.notes)] {
        if !lines.is_empty() {
            out.push('\n');
        }
        for line in lines {
            out.push_str(&format!("- {title}: {}\n", markdown(line)));
        }
    }
    out
}

fn cells(row: &ReconcileRow) -> [String; 4] {
    [
        row.estimated.map_or_else(|| "–".to_owned(), |own| amount_text(own, row.incomplete)),
        money_text(row.found),
        signed(row.explained),
        signed(row.unexplained),
    ]
}

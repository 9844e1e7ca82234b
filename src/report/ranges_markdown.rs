//! Markdown of ranges.

use super::clean::markdown;
use super::number::amount_text;
use super::ranges_view::RangesView;
use super::view::ReportView;

/// Writes the table of components and that of inputs.
pub(super) fn tables(view: &ReportView, ranges: &RangesView, out: &mut String) {
    out.push_str(&format!("\n| Range, {} | P10 | P50 | P90 |\n|:--|--:|--:|--:|\n", view.horizon_words()));
    for row in &ranges.rows {
        let text = |amount| amount_text(amount, row.incomplete);
        out.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            markdown(&row.label),
            text(row.total.p10),
            text(row.total.p50),
            text(row.total.p90)
        ));
    }
    let total = &ranges.total;
    let text = |amount| amount_text(amount, total.incomplete);
    let name = if total.incomplete { "**Total, incomplete**" } else { "**Total**" };
    out.push_str(&format!(
        "| {name} | **{}** | **{}** | **{}** |\n\n{}.\n",
        text(total.total.p10),
        text(total.total.p50),
        text(total.total.p90),
        markdown(&ranges.meaning())
    ));
    if ranges.top_inputs().next().is_some() {
        out.push_str(&format!(
            "\n| What moves the total most, {} | Low | High | Total at low | Total at high |\n|:--|--:|--:|--:|--:|\n",
            view.horizon_words()
        ));
        for own in ranges.top_inputs() {
            out.push_str(&format!(
                "| {} ({}) | {} | {} | {} | {} |\n",
                markdown(&own.label),
                markdown(&own.unit),
                own.low_text(),
                own.high_text(),
                text(own.at_low),
                text(own.at_high)
            ));
        }
    }
    if let Some(more) = ranges.not_shown() {
        out.push_str(&format!("\n{}.\n", markdown(&more)));
    }
}

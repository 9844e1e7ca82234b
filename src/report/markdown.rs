//! Markdown, fit for a pull request or a wiki.

use super::clean::markdown;
use super::compare_view::CompareView;
use super::number::{amount_text, percent_text};
use super::ranges_markdown;
use super::view::{GroupBy, ReportView, gap_heading, gap_words};
use crate::domain::Money;

/// Writes a report.
pub fn estimate_markdown(view: &ReportView) -> String {
    let symbol = view.currency.symbol();
    let incomplete = view.total.incomplete;
    let year = view.total.years.first().map_or(Money::ZERO, |year| year.contracted);
    let mut out = format!(
        "### CloudTrail cost: {} – {} in the first month\n\n",
        markdown(&view.name),
        match amount_text(view.total.first_month.contracted, incomplete) {
            text if text == "unknown" => text,
            text => match text.strip_prefix("≥ ") {
                Some(amount) => format!("at least {symbol}{amount}"),
                None => format!("{symbol}{text}"),
            },
        }
    );
    let by_month = view.group_by == GroupBy::Month;
    out.push_str(&if by_month {
        format!("| Month | Cost ({}) | Share |\n|:--|--:|--:|\n", view.currency)
    } else {
        format!(
            "| {} | First month ({}) | Year 1 | {} | Share |\n|:--|--:|--:|--:|--:|\n",
            view.group_by.heading(),
            view.currency,
            view.horizon_words()
        )
    });
    for row in &view.rows {
        let figures = &row.figures;
        let money = |money| amount_text(money, figures.incomplete);
        let share = row
            .share
            .map_or_else(|| "–".to_owned(), |share| percent_text(share, figures.total.contracted.is_zero()));
        let first = money(figures.first_month.contracted);
        let label = markdown(&row.label);
        if by_month {
            out.push_str(&format!("| {label} | {first} | {share} |\n"));
            continue;
        }
        let year = figures.years.first().map_or(Money::ZERO, |year| year.contracted);
        let total = money(figures.total.contracted);
        out.push_str(&format!("| {label} | {first} | {} | {total} | {share} |\n", money(year)));
    }
    let total = amount_text(view.total.total.contracted, incomplete);
    let name = if incomplete { "**Total, incomplete**" } else { "**Total**" };
    out.push_str(&if by_month {
        format!("| {name} | **{total}** | |\n")
    } else {
        format!(
            "| {name} | **{}** | **{}** | **{total}** | |\n",
            amount_text(view.total.first_month.contracted, incomplete),
            amount_text(year, incomplete)
        )
    });
    if let Some(ranges) = &view.ranges {
        ranges_markdown::tables(view, ranges, &mut out);
    }
    let volumes = view
        .measured
        .as_ref()
        .map_or_else(String::new, |own| format!("Volumes {}. ", markdown(&own.words())));
    out.push_str(&format!("\n{volumes}Prices as of {}, {}.\n", view.as_of.long(), view.currency));
    details(view, &mut out);
    out
}

fn details(view: &ReportView, out: &mut String) {
    let mut lines = Vec::new();
    for (title, own) in [
        ("Stored", &view.logs.stored),
        ("Kept", &view.logs.kept),
        ("Return on the spend", &view.logs.returns),
    ] {
        lines.extend(own.iter().map(|line| format!("{title}: {}", markdown(line))));
    }
    for (what, row) in &view.missing_prices {
        lines.push(format!("Price missing: {}; row to add: `{}`", markdown(what), row.replace('`', "'")));
    }
    for unknown in &view.unknown {
        lines.push(format!("Unknown volume: {}", markdown(unknown)));
    }
    for gap in &view.gaps {
        lines.push(format!("{}: {}", gap_heading(gap.kind), markdown(&gap_words(&gap.what, &gap.remedy))));
    }
    for (heading, own) in
        [("Note", &view.warnings), ("Assumed", &view.assumed), ("Price table", &view.prices)]
    {
        lines.extend(own.iter().map(|line| format!("{heading}: {}", markdown(line))));
    }
    if lines.is_empty() {
        return;
    }
    out.push_str("\n<details><summary>What this rests on</summary>\n\n");
    for line in lines {
        out.push_str(&format!("- {line}\n"));
    }
    out.push_str("\n</details>\n");
}

/// Writes a comparison, with a hidden marker by which a comment can be found and replaced.
pub fn compare_markdown(view: &CompareView) -> String {
    let mut out = "<!-- trailcost -->\n".to_owned();
    for comparison in &view.comparisons {
        out.push_str(&format!(
            "### CloudTrail cost: {}\n\n{} → {}\n\n",
            markdown(&comparison.sentence(&view.currency)),
            markdown(&view.base_name),
            markdown(&comparison.name)
        ));
        out.push_str(&format!(
            "| Component | First month ({}) | Change | Year 1 | Change | {} | Change |\n|:--|--:|--:|--:|--:|--:|--:|\n",
            view.currency, comparison.horizon
        ));
        for row in &comparison.rows {
            let label =
                if row.is_incomplete() { format!("{} (incomplete)", row.label) } else { row.label.clone() };
            out.push_str(&format!(
                "| {} | {} | {} | {} | {} | {} | {} |\n",
                markdown(&label),
                row.first_month.signed(),
                row.first_month.percent_text(),
                row.first_year.signed(),
                row.first_year.percent_text(),
                row.total.signed(),
                row.total.percent_text()
            ));
        }
        let total = &comparison.total;
        out.push_str(&format!(
            "| **Total** | **{}** | **{}** | **{}** | **{}** | **{}** | **{}** |\n",
            total.first_month.signed(),
            total.first_month.percent_text(),
            total.first_year.signed(),
            total.first_year.percent_text(),
            total.total.signed(),
            total.total.percent_text()
        ));
        if !comparison.notes.is_empty() {
            out.push('\n');
        }
        for note in &comparison.notes {
            out.push_str(&format!("- {}\n", markdown(note)));
        }
    }
    out.push_str(&format!("\nPrices as of {}, {}.\n", view.as_of.long(), view.currency));
    out
}

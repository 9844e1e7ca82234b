//! The terminal's tables of ranges: what each component may cost, and what moves the total most.

use super::number::{amount_text, currency_text};
use super::ranges_view::RangesView;
use super::table::{Style, fit, right, wrap};
use super::view::ReportView;
use unicode_width::UnicodeWidthStr;

/// Writes the line beside the headline: P10 to P90 of the first month and of the horizon.
pub(super) fn headline(view: &ReportView, ranges: &RangesView, width: usize, out: &mut String) {
    let incomplete = view.total.incomplete;
    let symbol = view.currency.symbol();
    let at_least = if incomplete { "at least " } else { "" };
    let span = |own: &crate::stats::Percentiles| {
        let (low, high) = (currency_text(own.p10, &symbol), currency_text(own.p90, &symbol));
        match own {
            own if incomplete && own.p90.is_zero() => "unknown".to_owned(),
            _ if low == high => format!("{at_least}{low}"),
            _ => format!("{at_least}{low} to {high}"),
        }
    };
    let mut parts = vec![format!("{} in the first month", span(&ranges.total.first_month))];
    if view.months.len() > 1 {
        parts.push(format!("{} in {}", span(&ranges.total.total), view.horizon_words()));
    }
    wrap(out, "  ", 2, &format!("P10 to P90: {}", parts.join(", ")), width);
    let half = ranges.total.total.p50;
    if incomplete && half.is_zero() {
        return;
    }
    let half = currency_text(half, &symbol);
    let line = format!("half of the draws cost more than {half} in {}", view.horizon_words());
    wrap(out, "  ", 2, &line, width);
}

/// Writes the table of components and that of inputs.
pub(super) fn tables(view: &ReportView, ranges: &RangesView, style: Style, width: usize, out: &mut String) {
    components(view, ranges, style, width, out);
    wrap(out, "  ", 4, &ranges.meaning(), width);
    if ranges.top_inputs().next().is_some() {
        inputs(view, ranges, style, width, out);
    }
    if let Some(more) = ranges.not_shown() {
        wrap(out, "  ", 4, &more, width);
    }
}

fn components(view: &ReportView, ranges: &RangesView, style: Style, width: usize, out: &mut String) {
    let rows: Vec<_> = ranges.rows.iter().chain([&ranges.total]).collect();
    let texts = |row: &super::ranges_view::RangeRow| {
        [row.total.p10, row.total.p50, row.total.p90].map(|amount| amount_text(amount, row.incomplete))
    };
    let widest = rows.iter().flat_map(|row| texts(row)).map(|text| text.width() + 2).max();
    let number = widest.unwrap_or(0).max(14);
    let label = width.saturating_sub(3 * number).max(16);
    let mut header = fit(&format!("Range, {}", view.horizon_words()), label);
    for name in ["P10", "P50", "P90"] {
        header.push_str(&right(name, number));
    }
    let rule = style.rule(label + 3 * number);
    out.push_str(&format!("\n{}\n{rule}\n", style.bold(&header)));
    for (at, row) in rows.iter().enumerate() {
        let is_total = at + 1 == rows.len();
        let name = if is_total && row.incomplete { "Total, incomplete" } else { &row.label };
        let mut line = fit(name, label);
        for text in texts(row) {
            line.push_str(&right(&text, number));
        }
        let line = match (is_total, row.incomplete) {
            (false, _) => line,
            (true, false) => format!("{rule}\n{}", style.bold(&line)),
            (true, true) => format!("{rule}\n{}", style.warn(&line)),
        };
        out.push_str(&line);
        out.push('\n');
    }
}

fn inputs(view: &ReportView, ranges: &RangesView, style: Style, width: usize, out: &mut String) {
    let incomplete = view.total.incomplete;
    let text = |amount| amount_text(amount, incomplete);
    let widest = ranges
        .top_inputs()
        .flat_map(|own| [text(own.at_low), text(own.at_high)])
        .map(|text| text.width() + 2)
        .max();
    let number = widest.unwrap_or(0).max(16);
    let label = width.saturating_sub(2 * number).max(16);
    let mut header = fit(&format!("What moves the total most, {}", view.horizon_words()), label);
    header.push_str(&right("Total at low", number));
    header.push_str(&right("Total at high", number));
    let rule = style.rule(label + 2 * number);
    out.push_str(&format!("\n{}\n{rule}\n", style.bold(&header)));
    for own in ranges.top_inputs() {
        out.push_str(fit(&own.label, width).trim_end());
        out.push('\n');
        let ends = fit(&format!("  {}", own.ends()), label);
        out.push_str(&format!(
            "{ends}{}{}\n",
            right(&text(own.at_low), number),
            right(&text(own.at_high), number)
        ));
    }
}

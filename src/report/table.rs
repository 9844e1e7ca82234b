//! The terminal's view: reads well at 80 columns.

use super::compare_view::{CompareView, Compared, Comparison};
use super::number::{amount_text, currency_text, percent_text};
use super::ranges_text;
use super::view::{GroupBy, ReportView, Row, gap_heading, gap_words};
use crate::costing::Figures;
use crate::domain::{GapKind, Money};
use unicode_width::UnicodeWidthStr;

/// How the terminal wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns available; at least 60.
    pub width: usize,
    /// Plain ASCII rules and signs only.
    pub ascii: bool,
    /// Bold and dim by escape sequences.
    pub colour: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: 80, ascii: false, colour: false }
    }
}

impl Style {
    pub(super) fn rule(self, width: usize) -> String {
        if self.ascii { "-".repeat(width) } else { "─".repeat(width) }
    }

    fn paint(self, style: anstyle::Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint(anstyle::Style::new().bold(), text)
    }

    pub(super) fn warn(self, text: &str) -> String {
        self.paint(anstyle::AnsiColor::Yellow.on_default().bold(), text)
    }

    pub(super) fn finish(self, text: String) -> String {
        if !self.ascii {
            return text;
        }
        text.chars()
            .map(|character| match character {
                '−' | '–' => "-".to_owned(),
                '·' => "|".to_owned(),
                '≥' => ">=".to_owned(),
                '×' => "x".to_owned(),
                '…' => "...".to_owned(),
                character if character.is_ascii() => character.to_string(),
                _ => "?".to_owned(),
            })
            .collect()
    }
}

/// Cuts or pads to a display width.
pub(super) fn fit(text: &str, width: usize) -> String {
    let own = text.width();
    if own <= width {
        return format!("{text}{}", " ".repeat(width - own));
    }
    let mut cut = String::new();
    for character in text.chars() {
        let mut next = cut.clone();
        next.push(character);
        if next.width() + 1 > width {
            break;
        }
        cut = next;
    }
    let cut = format!("{cut}…");
    let own = cut.width();
    format!("{cut}{}", " ".repeat(width.saturating_sub(own)))
}

pub(super) fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

/// Wraps words to a width, with a hanging indent.
pub(super) fn wrap(out: &mut String, first: &str, indent: usize, text: &str, width: usize) {
    let mut line = first.to_owned();
    let mut has_word = false;
    for word in text.split(' ') {
        if has_word && line.width() + 1 + word.width() > width {
            out.push_str(line.trim_end());
            out.push('\n');
            line = " ".repeat(indent);
            has_word = false;
        }
        if has_word {
            line.push(' ');
        }
        line.push_str(word);
        has_word = true;
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

/// Writes the report for a terminal.
pub fn estimate_text(view: &ReportView, style: Style) -> String {
    let width = style.width.clamp(60, 100);
    let mut out = String::new();
    heading(view, style, width, &mut out);
    let columns = columns(view);
    let number = number_width(view, &columns);
    let share = 8;
    let label = width.saturating_sub(columns.len() * number + share).max(16);
    let mut header = fit(view.group_by.heading(), label);
    for (name, _) in &columns {
        header.push_str(&right(name, number));
    }
    header.push_str(&right("Share", share));
    out.push_str(&style.bold(&header));
    out.push('\n');
    let rule = style.rule(label + columns.len() * number + share);
    out.push_str(&rule);
    out.push('\n');
    if view.rows.is_empty() {
        out.push_str(if view.is_complete() {
            "Nothing is charged.\n"
        } else {
            "Nothing is known to be charged.\n"
        });
    }
    for row in &view.rows {
        out.push_str(&fit(&row.label, label));
        for (_, figure) in &columns {
            out.push_str(&right(&amount_text(figure(&row.figures), row.figures.incomplete), number));
        }
        out.push_str(&right(&share_text(row), share));
        out.push('\n');
    }
    out.push_str(&rule);
    out.push('\n');
    if view.discounted {
        for (name, figures) in
            [("List price", list_of(&view.total)), ("Agreed discount", discount_of(&view.total))]
        {
            out.push_str(&fit(name, label));
            for (_, figure) in &columns {
                let value = figure(&figures);
                out.push_str(&right(
                    &amount_text(value, view.total.incomplete && name == "List price"),
                    number,
                ));
            }
            out.push('\n');
        }
    }
    let mut total = fit(if view.is_complete() { "Total" } else { "Total, incomplete" }, label);
    for (_, figure) in &columns {
        total.push_str(&right(&amount_text(figure(&view.total), view.total.incomplete), number));
    }
    out.push_str(&if view.is_complete() { style.bold(&total) } else { style.warn(&total) });
    out.push('\n');
    if let Some(ranges) = &view.ranges {
        ranges_text::tables(view, ranges, style, width, &mut out);
    }
    notes(view, style, width, &mut out);
    style.finish(out)
}

type Figure = fn(&Figures) -> Money;

/// Returns the width that the widest amount needs, with two spaces before it.
fn number_width(view: &ReportView, columns: &[(String, Figure)]) -> usize {
    let widest = columns
        .iter()
        .flat_map(|(_, figure)| {
            [figure(&view.total), figure(&list_of(&view.total)), figure(&discount_of(&view.total))]
        })
        .map(|money| amount_text(money, view.total.incomplete).width() + 2)
        .max();
    widest.unwrap_or(0).max(14)
}

fn columns(view: &ReportView) -> Vec<(String, Figure)> {
    if view.group_by == GroupBy::Month {
        return vec![
            ("List price".to_owned(), |figures| figures.total.list),
            ("Cost".to_owned(), |figures| figures.total.contracted),
        ];
    }
    let mut columns: Vec<(String, Figure)> =
        vec![("First month".to_owned(), |figures| figures.first_month.contracted)];
    if view.months.len() > 12 {
        columns.push(("Year 1".to_owned(), |figures| {
            figures.years.first().map_or(Money::ZERO, |year| year.contracted)
        }));
    }
    if view.months.len() > 1 {
        columns.push((capitalised(&view.horizon_words()), |figures| figures.total.contracted));
    }
    columns
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

fn list_of(figures: &Figures) -> Figures {
    map(figures, |cost| cost.list)
}

fn discount_of(figures: &Figures) -> Figures {
    map(figures, |cost| cost.contracted.checked_sub(cost.list).unwrap_or_default())
}

fn map(figures: &Figures, pick: fn(crate::costing::Cost) -> Money) -> Figures {
    let one = |cost| {
        let value = pick(cost);
        crate::costing::Cost { list: value, contracted: value }
    };
    Figures {
        first_month: one(figures.first_month),
        last_month: one(figures.last_month),
        years: figures.years.iter().map(|year| one(*year)).collect(),
        total: one(figures.total),
        incomplete: figures.incomplete,
    }
}

fn share_text(row: &Row) -> String {
    row.share
        .map_or_else(|| "–".to_owned(), |share| percent_text(share, row.figures.total.contracted.is_zero()))
}

fn heading(view: &ReportView, style: Style, width: usize, out: &mut String) {
    out.push_str(&style.bold(fit(&format!("CloudTrail cost · {}", view.name), width).trim_end()));
    out.push('\n');
    let (Some(first), Some(last)) = (view.months.first(), view.months.last()) else {
        return;
    };
    let as_of = view.as_of.long();
    out.push_str(&format!("{first} to {last} · prices as of {as_of} · {}\n", view.currency));
    if let Some(measured) = &view.measured {
        wrap(out, "Volumes: ", 9, &measured.words(), width);
    }
    out.push('\n');
    let symbol = view.currency.symbol();
    let figure = |money: Money, words: &str| {
        if !view.is_complete() && money.is_zero() {
            return format!("unknown {words}");
        }
        let at_least = if view.is_complete() { "" } else { "≥ " };
        format!("{at_least}{} {words}", currency_text(money, &symbol))
    };
    let flat = view.total.first_month == view.total.last_month
        && view.average_month() == view.total.first_month.contracted;
    let month = if flat { "a month" } else { "in the first month" };
    let mut figures = vec![figure(view.total.first_month.contracted, month)];
    if view.months.len() >= 12 {
        let year = view.total.years.first().map_or(Money::ZERO, |year| year.contracted);
        figures.push(figure(year, if flat { "a year" } else { "in year 1" }));
    }
    if view.months.len() > 1 && view.months.len() != 12 {
        figures.push(figure(view.total.total.contracted, &format!("in {}", view.horizon_words())));
    }
    let line = format!("  {}", figures.join("   "));
    out.push_str(&if view.is_complete() { style.bold(&line) } else { style.warn(&line) });
    out.push('\n');
    if !flat && view.months.len() > 1 {
        out.push_str(&format!(
            "  average month {}, last month {}\n",
            currency_text(view.average_month(), &symbol),
            currency_text(view.total.last_month.contracted, &symbol)
        ));
    }
    if let Some(ranges) = &view.ranges {
        ranges_text::headline(view, ranges, width, out);
    }
    out.push('\n');
}

fn notes(view: &ReportView, style: Style, width: usize, out: &mut String) {
    let mut section = |title: &str, lines: &[String]| {
        if lines.is_empty() {
            return;
        }
        out.push('\n');
        out.push_str(&style.bold(title));
        out.push('\n');
        for line in lines {
            wrap(out, "  ", 4, line, width);
        }
    };
    let missing: Vec<String> = view
        .missing_prices
        .iter()
        .flat_map(|(what, row)| [what.clone(), format!("row to add: {row}")])
        .collect();
    section("Stored", &view.logs.stored);
    section("Kept", &view.logs.kept);
    section("Return on the spend", &view.logs.returns);
    section("Prices missing (fill in PRICE and SOURCE, and give the table with --pricing)", &missing);
    section("Unknown volumes (the total leaves them out)", &view.unknown);
    for kind in [GapKind::Volume, GapKind::Coverage, GapKind::NotSeen, GapKind::NotIncluded] {
        let lines: Vec<String> = view
            .gaps
            .iter()
            .filter(|gap| gap.kind == kind)
            .map(|gap| gap_words(&gap.what, &gap.remedy))
            .collect();
        section(gap_heading(kind), &lines);
    }
    section("Note", &view.warnings);
    section("Assumed", &view.assumed);
    section("Price tables", &view.prices);
}

/// Writes each component's difference in the first month, the first year and the horizon.
fn periods(comparison: &Comparison, style: Style, width: usize, out: &mut String) {
    let rows: Vec<&Compared> = comparison.rows.iter().chain([&comparison.total]).collect();
    let horizon = capitalised(&comparison.horizon);
    let names = ["First month", "Year 1", &horizon];
    let change = 8;
    // Each column takes what its widest amount needs, the labels the rest.
    let widths: Vec<usize> = (0..names.len())
        .map(|at| rows.iter().map(|row| row.periods()[at].signed().width() + 2).max().unwrap_or(0))
        .collect();
    let label = width.saturating_sub(widths.iter().map(|own| own + change).sum()).clamp(16, 34);
    let mut header = fit("Difference", label);
    for (name, own) in names.iter().zip(&widths) {
        header.push_str(&right(name, own + change));
    }
    let rule = style.rule(header.width());
    out.push_str(&format!("{}\n{rule}\n", style.bold(&header)));
    for (at, row) in rows.iter().enumerate() {
        let mut line = fit(&row.label, label);
        for (difference, own) in row.periods().iter().zip(&widths) {
            line.push_str(&right(&difference.signed(), *own));
            line.push_str(&right(&difference.percent_text(), change));
        }
        let is_total = at + 1 == rows.len();
        let line = if is_total { format!("{rule}\n{}", style.bold(&line)) } else { line };
        out.push_str(&format!("{line}\n"));
    }
}

/// Writes a comparison for a terminal.
pub fn compare_text(view: &CompareView, style: Style) -> String {
    let width = style.width.clamp(60, 100);
    let mut out = String::new();
    out.push_str(&style.bold(fit(&format!("Compared with · {}", view.base_name), width).trim_end()));
    out.push('\n');
    out.push_str(&format!("prices as of {} · {}\n", view.as_of.long(), view.currency));
    for comparison in &view.comparisons {
        out.push('\n');
        out.push_str(&style.bold(fit(&comparison.name, width).trim_end()));
        out.push('\n');
        out.push_str(&format!("  {}\n\n", comparison.sentence(&view.currency)));
        let (number, change) = (14, 9);
        let label = width.saturating_sub(3 * number + change).max(16);
        let horizon = capitalised(&comparison.horizon);
        let header = format!(
            "{}{}{}{}{}",
            fit(&format!("Component, {}", horizon.to_lowercase()), label),
            right("Base", number),
            right("Variant", number),
            right("Difference", number),
            right("Change", change)
        );
        out.push_str(&style.bold(&header));
        out.push('\n');
        let rule = style.rule(label + 3 * number + change);
        out.push_str(&rule);
        out.push('\n');
        for row in &comparison.rows {
            out.push_str(&fit(&row.label, label));
            let total = &row.total;
            out.push_str(&right(&total.base_text(), number));
            out.push_str(&right(&total.variant_text(), number));
            out.push_str(&right(&total.signed(), number));
            out.push_str(&right(&total.percent_text(), change));
            out.push('\n');
        }
        out.push_str(&rule);
        out.push('\n');
        for (name, total) in [
            ("First month", &comparison.total.first_month),
            ("Year 1", &comparison.total.first_year),
            (horizon.as_str(), &comparison.total.total),
        ] {
            let line = format!(
                "{}{}{}{}{}",
                fit(&format!("Total, {}", name.to_lowercase()), label),
                right(&total.base_text(), number),
                right(&total.variant_text(), number),
                right(&total.signed(), number),
                right(&total.percent_text(), change)
            );
            out.push_str(&style.bold(&line));
            out.push('\n');
        }
        out.push('\n');
        periods(comparison, style, width, &mut out);
        for note in &comparison.notes {
            wrap(&mut out, "  ", 4, note, width);
        }
    }
    style.finish(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_what_they_take_on_the_screen() {
        assert_eq!(fit("abc", 5), "abc  ");
        assert_eq!(fit("abcdef", 4), "abc…");
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(right("1", 3), "  1");
    }
}

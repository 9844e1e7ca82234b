//! A plan for the terminal.

use super::number::money_text;
use super::recommend_view::{ActionRow, AdviceRow, RecommendView, SavingView, SiteView};
use super::table::{Style, fit, right, wrap};
use super::view::{gap_heading, gap_words};
use crate::domain::Money;
use unicode_width::UnicodeWidthStr;

/// So many sites of an action are named.
const MOST_SITES: usize = 4;
/// So many things given up, detections, and notes are named.
const MOST_LOST: usize = 4;
/// So many actions on the table, or not advised, are told.
const MOST_ROWS: usize = 8;
/// So many things that an action on the table would give up are named.
const MOST_LOST_IF: usize = 2;

/// Writes a plan for a terminal.
pub fn recommend_text(view: &RecommendView<'_>, style: Style) -> String {
    let width = style.width.clamp(60, 100);
    let mut out = String::new();
    heading(view, style, width, &mut out);
    plan(view, style, width, &mut out);
    on_the_table(view, style, width, &mut out);
    not_advised(view, style, width, &mut out);
    worth_knowing(view, style, width, &mut out);
    for own in &view.replays {
        out.push_str(&format!("\n{}\n", style.bold(&own.title())));
        for line in own.lines() {
            wrap(&mut out, "  ", 4, &line, width);
        }
    }
    how_sure(view, style, width, &mut out);
    style.finish(out)
}

fn heading(view: &RecommendView<'_>, style: Style, width: usize, out: &mut String) {
    let estimate = view.estimate;
    out.push_str(&style.bold(fit(&format!("What to change · {}", estimate.name), width).trim_end()));
    out.push('\n');
    if let (Some(first), Some(last)) = (estimate.months.first(), estimate.months.last()) {
        let as_of = estimate.as_of.long();
        out.push_str(&format!("{first} to {last} · prices as of {as_of} · {}\n", estimate.currency));
    }
    out.push('\n');
    let mut headline = String::new();
    wrap(&mut headline, "  ", 2, &view.headline, width);
    for line in headline.lines() {
        out.push_str(&if view.complete { style.bold(line) } else { style.warn(line) });
        out.push('\n');
    }
}

/// A period of a saving: its heading, and how its amount is found.
type Period = (String, fn(&SavingView) -> Money);

/// The periods shown of a saving.
fn periods(view: &RecommendView<'_>) -> Vec<Period> {
    let mut periods: Vec<Period> = vec![("a month".to_owned(), |own| own.average_month)];
    if view.estimate.months.len() > 12 {
        let name = if view.saving.is_flat() { "a year" } else { "year 1" };
        periods.push((name.to_owned(), |own| own.years.first().copied().unwrap_or_default()));
    }
    if view.estimate.months.len() > 36 {
        periods.push(("3 years".to_owned(), |own| own.three_years().unwrap_or_default()));
    }
    if view.estimate.months.len() > 1 {
        periods.push((view.estimate.horizon_words(), |own| own.total));
    }
    periods
}

/// Writes a title beside its amounts: the title is wrapped in the room that is left.
fn titled(first: &str, title: &str, amounts: &[(String, usize)], width: usize, out: &mut String) {
    let label = width - amounts.iter().map(|(_, own)| own).sum::<usize>();
    let mut lines = String::new();
    wrap(&mut lines, first, first.width(), title, label - 1);
    for (at, line) in lines.lines().enumerate() {
        if at > 0 {
            out.push_str(&format!("{line}\n"));
            continue;
        }
        out.push_str(&fit(line, label));
        for (amount, own) in amounts {
            out.push_str(&right(amount, *own));
        }
        out.push('\n');
    }
}

fn plan(view: &RecommendView<'_>, style: Style, width: usize, out: &mut String) {
    if view.planned.is_empty() {
        return;
    }
    let periods = periods(view);
    let widths: Vec<usize> = periods
        .iter()
        .map(|(name, figure)| {
            let own = view.planned.iter().map(|row| &row.saving).chain([&view.saving]);
            let widest = own.map(|own| money_text(figure(own)).width()).max().unwrap_or(0);
            (widest.max(name.width()) + 2).max(11)
        })
        .collect();
    let label = width - widths.iter().sum::<usize>();
    let long = "What to do: each saves, after those above";
    let mut header = fit(if long.width() < label { long } else { "What to do, in this order" }, label);
    for ((name, _), own) in periods.iter().zip(&widths) {
        header.push_str(&right(name, *own));
    }
    let rule = style.rule(width);
    out.push_str(&format!("\n{}\n{rule}\n", style.bold(&header)));
    let amounts = |own: &SavingView| -> Vec<(String, usize)> {
        periods.iter().zip(&widths).map(|((_, figure), width)| (money_text(figure(own)), *width)).collect()
    };
    let digits = view.planned.len().to_string().len().max(2);
    for (at, row) in view.planned.iter().enumerate().filter(|(_, own)| !own.is_small) {
        let first = format!("{}  ", right(&(at + 1).to_string(), digits));
        titled(&first, &row.title, &amounts(&row.saving), width, out);
        details(view, row, digits + 2, width, out);
    }
    if let Some(small) = view.small_changes(&view.planned) {
        wrap(out, &format!("{}and ", " ".repeat(digits + 2)), digits + 4, &small, width);
    }
    out.push_str(&format!("{rule}\n"));
    let mut total = String::new();
    titled("", "Together", &amounts(&view.saving), width, &mut total);
    out.push_str(&style.bold(total.trim_end()));
    out.push('\n');
    if let Some(proof) = view.proof() {
        wrap(out, "", 2, &capitalised(proof), width);
    }
}

/// Writes what there is to know of an action below its title.
fn details(view: &RecommendView<'_>, row: &ActionRow, indent: usize, width: usize, out: &mut String) {
    let mut line = |name: &str, text: &str| {
        let first = format!("{}{name}", " ".repeat(indent));
        let first = fit(&first, (indent + 10).max(first.width() + 1));
        wrap(out, &first, indent + 10, text, width);
    };
    line("why", &row.why);
    line("where", &sites(&row.sites, MOST_SITES));
    line("effort", row.effort);
    if row.given_up.is_empty() {
        line("gives up", "nothing");
    } else {
        line("gives up", &some(&row.given_up, MOST_LOST, "; "));
    }
    if !row.detections.is_empty() {
        line("unseen", &some(&row.detections, MOST_LOST, ", "));
    }
    if let Some(pay_back) = view.pay_back(&row.saving) {
        line("pay-back", &pay_back);
    }
    if let Some(beside) = beside(view, row) {
        line("alone", &beside);
    }
    if let Some(turns) = view.turns(&row.saving) {
        line("later", &turns);
    }
    for note in row.notes.iter().take(MOST_LOST) {
        line("note", note);
    }
}

/// Says what an action saves alone and what the plan would save less without it, where that is not what it saves in its
/// turn.
pub(super) fn beside(view: &RecommendView<'_>, row: &ActionRow) -> Option<String> {
    let (alone, in_plan) = (row.alone.as_ref()?, row.in_plan.as_ref()?);
    if alone.total == row.saving.total && in_plan.total == row.saving.total {
        return None;
    }
    if alone.total.is_negative() {
        return Some(format!(
            "it would cost {} more in {}: it pays together with the others, which save {} less without it",
            view.money(alone.total.negated()),
            view.estimate.horizon_words(),
            view.money(in_plan.total)
        ));
    }
    Some(format!(
        "it saves {} in {}; without it the plan saves {} less",
        view.money(alone.total),
        view.estimate.horizon_words(),
        view.money(in_plan.total)
    ))
}

/// Names the first sites, and how many more there are.
fn sites(sites: &[SiteView], most: usize) -> String {
    let words: Vec<String> = sites.iter().map(SiteView::words).collect();
    some(&words, most, "; ")
}

/// Joins the first texts, and says how many more there are.
fn some(texts: &[String], most: usize, separator: &str) -> String {
    // One more alone is told rather than counted.
    let most = if texts.len() == most + 1 { most + 1 } else { most };
    let shown = texts.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(separator);
    match texts.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown}{separator}and {more} more"),
    }
}

/// Writes a section of rows with one amount each, and what else there is to say below.
fn section(
    heading: (&str, &str),
    rows: &[&ActionRow],
    amount: &dyn Fn(&ActionRow) -> String,
    below: &dyn Fn(&ActionRow, &mut String),
    (style, width): (Style, usize),
    out: &mut String,
) {
    let own = rows.iter().map(|row| amount(row).width() + 2).max().unwrap_or(0);
    let own = own.max(heading.1.width() + 2).max(12);
    let header = format!("{}{}", fit(heading.0, width - own), right(heading.1, own));
    out.push_str(&format!("\n{}\n{}\n", style.bold(&header), style.rule(width)));
    for row in rows.iter().take(MOST_ROWS) {
        titled("–   ", &row.title, &[(amount(row), own)], width, out);
        below(row, out);
    }
    if rows.len() > MOST_ROWS {
        out.push_str(&format!("and {} more (--format markdown has every one)\n", rows.len() - MOST_ROWS));
    }
}

fn on_the_table(view: &RecommendView<'_>, style: Style, width: usize, out: &mut String) {
    if view.on_the_table.is_empty() {
        return;
    }
    // What another one includes stands there.
    let rows: Vec<&ActionRow> =
        view.on_the_table.iter().filter(|own| !own.is_small && own.included_in.is_none()).collect();
    let included: Vec<&ActionRow> =
        view.on_the_table.iter().filter(|own| !own.is_small && own.included_in.is_some()).collect();
    let months = view.estimate.months.len();
    let period = if months == 1 { "1 month".to_owned() } else { view.estimate.horizon_words() };
    section(
        ("Stays on the table: would save, but is forbidden", &period),
        &rows,
        &|row| money_text(row.saving.total),
        &|row, out| {
            wrap(out, "    ", 4, &capitalised(&row.reason), width);
            wrap(out, "    forbidden by ", 6, &row.demanded_by, width);
            if !row.given_up.is_empty() {
                wrap(out, "    gives up ", 6, &some(&row.given_up, MOST_LOST_IF, "; "), width);
            }
            if !row.detections.is_empty() {
                wrap(out, "    unseen then: ", 6, &some(&row.detections, MOST_LOST, ", "), width);
            }
        },
        (style, width),
        out,
    );
    for row in included {
        let saving = view.money(row.saving.total);
        if let Some(larger) = row.included_in.and_then(|at| view.on_the_table.get(at)) {
            wrap(
                out,
                "    ",
                6,
                &format!("{}: {saving} of what “{}” would save", row.title, larger.title),
                width,
            );
        }
    }
    if let Some(small) = view.small_changes(&view.on_the_table) {
        wrap(out, "    and ", 6, &small, width);
    }
    if rows.len() > 1 {
        wrap(out, "", 0, "Each is what it would save beside the plan; together they may save less.", width);
    }
}

fn not_advised(view: &RecommendView<'_>, style: Style, width: usize, out: &mut String) {
    let against: Vec<&AdviceRow> = view.advice.iter().filter(|own| own.is_against).collect();
    if view.not_advised.is_empty() && against.is_empty() {
        return;
    }
    out.push_str(&format!("\n{}\n", style.bold("Not advised")));
    for row in view.not_advised.iter().take(MOST_ROWS) {
        wrap(out, "  ", 4, &format!("{}: {}", row.title, row.reason), width);
    }
    if view.not_advised.len() > MOST_ROWS {
        let more = view.not_advised.len() - MOST_ROWS;
        out.push_str(&format!("  and {more} more (--format markdown has every one)\n"));
    }
    for own in against {
        wrap(out, "  ", 4, &capitalised(&format!("{}: {}", own.what, own.why)), width);
    }
}

fn worth_knowing(view: &RecommendView<'_>, style: Style, width: usize, out: &mut String) {
    let lines: Vec<String> = view
        .advice
        .iter()
        .filter(|own| !own.is_against)
        .map(|own| capitalised(&format!("{}: {}", own.what, own.why)))
        .collect();
    lines_below("Worth knowing", &lines, style, width, out);
}

fn lines_below(title: &str, lines: &[String], style: Style, width: usize, out: &mut String) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n{}\n", style.bold(title)));
    for line in lines {
        wrap(out, "  ", 4, line, width);
    }
}

fn how_sure(view: &RecommendView<'_>, style: Style, width: usize, out: &mut String) {
    let mut lines = vec![format!("confidence {}: {}", view.confidence, view.confidence_reasons.join("; "))];
    lines.extend(view.evidence.iter().cloned());
    lines.extend(view.estimate.warnings.iter().cloned());
    lines_below("How sure", &lines, style, width, out);
    let kept: Vec<String> = std::iter::once(format!("accepted loss: {}", view.accepted_loss))
        .chain(view.demands.iter().map(|(what, by)| format!("{what} ({by})")))
        .collect();
    lines_below("What the plan keeps", &kept, style, width, out);
    let missing: Vec<String> = view
        .estimate
        .missing_prices
        .iter()
        .flat_map(|(what, row)| [what.clone(), format!("row to add: {row}")])
        .collect();
    lines_below(
        "Prices missing (fill in PRICE and SOURCE, and give the table with --pricing)",
        &missing,
        style,
        width,
        out,
    );
    lines_below("Unknown volumes (every figure leaves them out)", &view.estimate.unknown, style, width, out);
    let gaps: Vec<String> = view
        .estimate
        .gaps
        .iter()
        .map(|own| format!("{}: {}", gap_heading(own.kind), gap_words(&own.what, &own.remedy)))
        .collect();
    lines_below("What could not be told", &gaps, style, width, out);
    if !view.estimate.assumed.is_empty() {
        // Sources and meanings are told by `estimate`, and in the other formats.
        let mut short: Vec<&str> = Vec::new();
        for own in &view.estimate.assumed {
            let before = own.split_once(": ").map_or(own.as_str(), |(before, _)| before);
            if !short.contains(&before) {
                short.push(before);
            }
        }
        lines_below("Assumed (--format markdown has the sources)", &[short.join("; ")], style, width, out);
    }
}

pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

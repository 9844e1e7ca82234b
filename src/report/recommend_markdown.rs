//! A plan as Markdown: the whole of it, fit for a pull request.

use super::clean::markdown;
use super::number::money_text;
use super::recommend_text::{beside, capitalised};
use super::recommend_view::{ActionRow, RecommendView, SavingView};
use super::view::{gap_heading, gap_words};
use crate::domain::Money;

/// Writes a plan, with a hidden marker by which a comment can be found and replaced.
pub fn recommend_markdown(view: &RecommendView<'_>) -> String {
    let estimate = view.estimate;
    let months = match (estimate.months.first(), estimate.months.last()) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        _ => String::new(),
    };
    let mut out = format!(
        "<!-- trailcost -->\n### What to change: {}\n\n**{}**\n\n{months} · prices as of {} · {}\n",
        markdown(&estimate.name),
        markdown(&view.headline),
        estimate.as_of.long(),
        estimate.currency
    );
    plan(view, &mut out);
    components(view, &mut out);
    if view.planned.iter().any(|own| own.folder.is_some()) {
        out.push_str(
            "\nThe folder `apply` does all of it: `apply.sh` with the AWS CLI, `undo.sh` takes it back, `main.tf` says the same \
             in Terraform. Each change has a folder of its own as well. Read the scripts before you run them: they say what \
             they ask for, save what they replace, and delete no logs.\n",
        );
    }
    for (at, row) in view.planned.iter().enumerate().filter(|(_, own)| !own.is_small) {
        out.push_str(&format!("\n#### {}. {}\n\n", at + 1, markdown(&row.title)));
        action(view, row, &mut out);
    }
    if !view.on_the_table.is_empty() {
        out.push_str(
            "\n#### Stays on the table\n\nThese would save, but are forbidden. Each amount is what the change would save \
             beside the plan; together they may save less.\n",
        );
    }
    for row in view.on_the_table.iter().filter(|own| !own.is_small) {
        out.push_str(&format!("\n**{}**\n\n", markdown(&row.title)));
        action(view, row, &mut out);
    }
    if let Some(small) = view.small_changes(&view.on_the_table) {
        out.push_str(&format!("\nAnd {}.\n", markdown(&small)));
    }
    not_advised(view, &mut out);
    let known: Vec<String> = view
        .advice
        .iter()
        .filter(|own| !own.is_against)
        .map(|own| capitalised(&format!("{}: {}", own.what, own.why)))
        .collect();
    list("Worth knowing", &known, &mut out);
    for own in &view.replays {
        list(&own.title(), &own.lines(), &mut out);
    }
    how_sure(view, &mut out);
    out
}

/// A period of a saving: its heading, and how its amount is found.
type Period = (String, Box<dyn Fn(&SavingView) -> Money>);

/// The periods shown of a saving.
fn periods(view: &RecommendView<'_>) -> Vec<Period> {
    let mut periods: Vec<Period> = vec![("a month".to_owned(), Box::new(|own| own.average_month))];
    if view.estimate.months.len() > 12 {
        for year in 0..view.saving.years.len() {
            periods.push((
                format!("year {}", year + 1),
                Box::new(move |own| own.years.get(year).copied().unwrap_or_default()),
            ));
        }
    }
    if view.estimate.months.len() > 1 {
        periods.push((view.estimate.horizon_words(), Box::new(|own| own.total)));
    }
    periods
}

fn plan(view: &RecommendView<'_>, out: &mut String) {
    if view.planned.is_empty() {
        return;
    }
    let periods = periods(view);
    let (mut names, mut rules) = (String::new(), String::new());
    for (name, _) in &periods {
        names.push_str(&format!(" {name} |"));
        rules.push_str("--:|");
    }
    out.push_str(&format!(
        "\n| | Change: each saves, after those above, {} |{names} effort |\n|--:|:--|{rules}:--|\n",
        view.estimate.currency
    ));
    let cells = |own: &SavingView| -> String {
        let amounts: Vec<String> = periods.iter().map(|(_, figure)| money_text(figure(own))).collect();
        amounts.iter().flat_map(|own| [" ", own.as_str(), " |"]).collect()
    };
    for (at, row) in view.planned.iter().enumerate().filter(|(_, own)| !own.is_small) {
        out.push_str(&format!(
            "| {} | {} |{} {} |\n",
            at + 1,
            markdown(&row.title),
            cells(&row.saving),
            row.effort
        ));
    }
    if let Some(small) = view.small_changes(&view.planned) {
        out.push_str(&format!("| | and {} |{}\n", markdown(&small), " |".repeat(periods.len() + 1)));
    }
    out.push_str(&format!("| | **Together** |{} |\n", cells(&view.saving)));
    if let Some(proof) = view.proof() {
        out.push_str(&format!("\n{}.\n", capitalised(proof)));
    }
}

fn components(view: &RecommendView<'_>, out: &mut String) {
    if view.planned.is_empty() {
        return;
    }
    out.push_str(&format!(
        "\n| Component, {} | Now | After | Saves |\n|:--|--:|--:|--:|\n",
        view.estimate.horizon_words()
    ));
    for row in &view.components {
        let amount = |own: Money| super::number::amount_text(own, !row.complete);
        let saved = row.before.checked_sub(row.after).filter(|_| row.complete);
        let label = if row.id.is_empty() { "**Total**".to_owned() } else { markdown(&row.label) };
        out.push_str(&format!(
            "| {label} | {} | {} | {} |\n",
            amount(row.before),
            amount(row.after),
            saved.map_or_else(|| "unknown".to_owned(), money_text)
        ));
    }
}

fn action(view: &RecommendView<'_>, row: &ActionRow, out: &mut String) {
    let mut line = |name: &str, text: &str| out.push_str(&format!("- {name}: {}\n", markdown(text)));
    line("Why", &row.why);
    if !row.reason.is_empty() {
        line("What keeping it costs", &row.reason);
        line("Forbidden by", &row.demanded_by);
    }
    for own in &row.sites {
        line("Where", &own.words());
    }
    let mut saved = vec![format!("{} a month", view.money(row.saving.average_month))];
    if row.saving.years.len() > 1 || row.saving.first_year().is_some() {
        let years: Vec<String> = row
            .saving
            .years
            .iter()
            .enumerate()
            .map(|(at, own)| format!("{} in year {}", view.money(*own), at + 1))
            .collect();
        saved.push(years.join(", "));
    }
    saved.push(format!("{} in {}", view.money(row.saving.total), view.estimate.horizon_words()));
    let known = if row.saving.complete { "" } else { ", as far as it is known" };
    line("Saves", &format!("{}{known}", saved.join("; ")));
    if let Some(beside) = beside(view, row) {
        line("Alone", &beside);
    }
    line("Before it pays", &view.pay_back(&row.saving).unwrap_or_else(|| "nothing to spend".to_owned()));
    if let Some(turns) = view.turns(&row.saving) {
        line("Later", &turns);
    }
    line("Effort", row.effort);
    line("Loss", row.loss);
    if row.given_up.is_empty() {
        line("Gives up", "nothing");
    }
    for own in &row.given_up {
        line("Gives up", own);
    }
    if !row.detections.is_empty() {
        line("No longer seen", &row.detections.join(", "));
    }
    for own in &row.notes {
        line("Note", own);
    }
    if let Some(folder) = &row.folder {
        out.push_str(&format!("- Files: `{folder}`\n"));
    }
    out.push_str(&format!("- Rule: `{}`\n", row.rule));
}

fn not_advised(view: &RecommendView<'_>, out: &mut String) {
    let mut lines: Vec<String> =
        view.not_advised.iter().map(|row| format!("{}: {}", row.title, row.reason)).collect();
    let against = view.advice.iter().filter(|own| own.is_against);
    lines.extend(against.map(|own| capitalised(&format!("{}: {}", own.what, own.why))));
    list("Not advised", &lines, out);
}

fn list(title: &str, lines: &[String], out: &mut String) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n#### {title}\n\n"));
    for line in lines {
        out.push_str(&format!("- {}\n", markdown(line)));
    }
}

fn how_sure(view: &RecommendView<'_>, out: &mut String) {
    let estimate = view.estimate;
    let mut lines = vec![format!("Confidence {}: {}", view.confidence, view.confidence_reasons.join("; "))];
    lines.extend(view.evidence.iter().chain(&estimate.warnings).map(|own| capitalised(own)));
    list("How sure", &lines, out);
    let kept: Vec<String> = std::iter::once(format!("Accepted loss: {}", view.accepted_loss))
        .chain(view.demands.iter().map(|(what, by)| capitalised(&format!("{what} ({by})"))))
        .collect();
    list("What the plan keeps", &kept, out);
    let missing: Vec<String> = estimate
        .missing_prices
        .iter()
        .flat_map(|(what, row)| [what.clone(), format!("row to add: {row}")])
        .collect();
    list("Prices missing", &missing, out);
    list("Unknown volumes", &estimate.unknown, out);
    let gaps: Vec<String> = estimate
        .gaps
        .iter()
        .map(|own| format!("{}: {}", gap_heading(own.kind), gap_words(&own.what, &own.remedy)))
        .collect();
    list("What could not be told", &gaps, out);
    list("Assumed", &estimate.assumed, out);
    list("Price tables", &estimate.prices, out);
}

//! A plan's costs for the terminal, for pull requests and as CSV.

use super::clean::{csv_field, markdown};
use super::table::{Style, fit, right, wrap};
use super::terraform_view::{TerraformRow, TerraformView};
use unicode_width::UnicodeWidthStr;

/// Lines of each kind that a pull request shows.
const COMMENT_LINES: usize = 20;

fn sign(own: &TerraformRow) -> &'static str {
    match own.action {
        "create" => "+",
        "update" => "~",
        "replace" => "±",
        "delete" => "-",
        _ => " ",
    }
}

/// Says where the volumes are from, where they are missing.
fn without_volumes(view: &TerraformView) -> Option<&'static str> {
    (!view.has_volumes).then_some(
        "no volumes are given: only what is charged whatever happens has a cost; --volumes SCENARIO.toml tells how many events \
         there are",
    )
}

fn form_words(view: &TerraformView) -> &'static str {
    match view.form.as_str() {
        "state" => "a state: nothing changes",
        "sources" => "sources: nobody knows what is there already, so that everything counts as new",
        _ => "a plan",
    }
}

/// Writes a plan's costs for the terminal.
pub fn terraform_text(view: &TerraformView, style: Style) -> String {
    let width = style.width.clamp(60, 140);
    let mut out = format!("{}\n", style.bold(&format!("Terraform cost · {}", view.path)));
    let head = format!("{} · prices as of {} · {}", form_words(view), view.as_of.long(), view.currency);
    wrap(&mut out, "", 0, &head, width);
    out.push('\n');
    wrap(&mut out, "  ", 2, &view.sentence(), width);
    if let Some(words) = without_volumes(view) {
        wrap(&mut out, "  ", 2, words, width);
    }
    let rows: Vec<&TerraformRow> = view.rows.iter().chain([&view.total]).collect();
    let texts = |own: &TerraformRow| {
        [view.side_text(own.before), view.side_text(own.after), view.difference_text(own)]
    };
    let widest = rows.iter().flat_map(|own| texts(own)).map(|text| text.width() + 2).max();
    let number = widest.unwrap_or(0).max(12);
    let label = width.saturating_sub(3 * number).max(20);
    let mut header = fit("  A month", label);
    for name in ["Before", "After", "Difference"] {
        header.push_str(&right(name, number));
    }
    let rule = style.rule(label + 3 * number);
    out.push_str(&format!("\n{}\n{rule}\n", style.bold(&header)));
    for (at, own) in rows.iter().enumerate() {
        let is_total = at + 1 == rows.len();
        let name = if is_total && own.is_incomplete() { "Total, incomplete" } else { &own.label };
        let name = if is_total { name.to_owned() } else { format!("{} {name}", sign(own)) };
        // A long address has a line of its own.
        let mut line = if name.width() > label && !is_total {
            format!("{name}\n{}", " ".repeat(label))
        } else {
            fit(&name, label)
        };
        for text in texts(own) {
            line.push_str(&right(&text, number));
        }
        let line = match (is_total, own.is_incomplete()) {
            (false, _) => line,
            (true, false) => format!("{rule}\n{}", style.bold(&line)),
            (true, true) => format!("{rule}\n{}", style.warn(&line)),
        };
        out.push_str(&line);
        out.push('\n');
    }
    let words = format!("a month is the mean of {}", view.horizon);
    wrap(&mut out, "  ", 2, &words, width);
    section(&mut out, style, "Recorded after the apply", &view.recorded, width);
    section(&mut out, style, "What events cost there", &view.unit_costs, width);
    let mut last = "";
    for (heading, words) in &view.details {
        if heading != last {
            out.push_str(&format!("\n{}\n", style.bold(heading)));
        }
        last = heading;
        wrap(&mut out, "  ", 4, words, width);
    }
    style.finish(out)
}

fn section(out: &mut String, style: Style, heading: &str, lines: &[String], width: usize) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n{}\n", style.bold(heading)));
    for line in lines {
        wrap(out, "  ", 4, line, width);
    }
}

/// Writes a plan's costs as a comment for a pull request, with a hidden marker by which it can be found and replaced.
pub fn terraform_markdown(view: &TerraformView) -> String {
    let mut out = format!(
        "<!-- trailcost terraform -->\n### CloudTrail cost: {}\n\n| | Resource | Before ({}) | After | Difference |\n|:--|:--|--:|--:|--:|\n",
        markdown(&view.sentence()),
        view.currency
    );
    // What stays as it is and costs the same is no news.
    let is_news = |own: &&TerraformRow| !["keep", ""].contains(&own.action) || own.before != own.after;
    let news: Vec<&TerraformRow> = view.rows.iter().filter(is_news).collect();
    for own in news.iter().take(COMMENT_LINES) {
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            own.action,
            markdown(&own.label),
            view.side_text(own.before),
            view.side_text(own.after),
            view.difference_text(own)
        ));
    }
    let rest = view.rows.len() - news.len().min(COMMENT_LINES);
    if rest > 0 {
        out.push_str(&format!("| | {rest} more, in the total | | | |\n"));
    }
    let total = &view.total;
    out.push_str(&format!(
        "| | **Total** | **{}** | **{}** | **{}** |\n",
        view.side_text(total.before),
        view.side_text(total.after),
        view.difference_text(total)
    ));
    out.push_str(&format!(
        "\nA month is the mean of {}. Prices as of {}, {}.",
        view.horizon,
        view.as_of.long(),
        view.currency
    ));
    if let Some(words) = without_volumes(view) {
        out.push_str(&format!(" **{}**", markdown(words)));
    }
    out.push_str("\n\n<details><summary>What this rests on</summary>\n\n");
    let mut lines: Vec<String> = vec![format!("Read: {} ({})", markdown(&view.path), form_words(view))];
    lines.extend(view.recorded.iter().map(|own| format!("Recorded: {}", markdown(own))));
    lines.extend(view.unit_costs.iter().map(|own| markdown(own)));
    let more = view.details.len().saturating_sub(COMMENT_LINES);
    let details = view.details.iter().take(COMMENT_LINES);
    lines.extend(details.map(|(heading, words)| format!("{}: {}", markdown(heading), markdown(words))));
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    for line in lines {
        out.push_str(&format!("- {line}\n"));
    }
    out.push_str("\n</details>\n");
    out
}

/// Writes a plan's costs as CSV: exact, over the horizon.
///
/// # Errors
/// What the CSV writer says.
pub fn terraform_csv(view: &TerraformView) -> Result<String, Box<dyn std::error::Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "address",
        "name",
        "action",
        "months",
        "before",
        "after",
        "difference",
        "first_month_before",
        "first_month_after",
        "complete",
    ])?;
    for own in view.rows.iter().chain([&view.total]) {
        let months = view.months.to_string();
        let amounts = [own.before.total, own.after.total, own.difference()].map(|own| own.to_string());
        let first = [own.before.first_month, own.after.first_month].map(|own| own.to_string());
        let [before, after, difference] = &amounts;
        let [first_before, first_after] = &first;
        let complete = (!own.is_incomplete()).to_string();
        writer.write_record([
            &csv_field(&own.id),
            &csv_field(own.name.as_deref().unwrap_or_default()),
            own.action,
            &months,
            before,
            after,
            difference,
            first_before,
            first_after,
            &complete,
        ])?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

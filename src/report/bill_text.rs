//! A bill on the terminal, and as Markdown.

use super::bill_view::BillView;
use super::clean::{markdown, visible};
use super::number::money_text;
use super::table::{Style, fit, right, wrap};
use crate::domain::ChargeCategory;

/// Says what the other services' costs are not.
const SHARED: &str =
    "whole: nothing on the bill says which part the logs are; --resource NAME picks what holds them";

fn heading(category: ChargeCategory) -> &'static str {
    match category {
        ChargeCategory::Usage => "Usage",
        ChargeCategory::Discount => "of it discounts",
        ChargeCategory::Credit => "Credits",
        ChargeCategory::Refund => "Refunds",
        ChargeCategory::Tax => "Tax",
        ChargeCategory::Other => "Fees and other charges",
    }
}

/// Writes a bill for a terminal.
pub fn bill_text(view: &BillView, style: Style) -> String {
    let width = style.width.clamp(60, 100);
    let (quantity, cost) = (16, 13);
    let label = width - quantity - cost - 29;
    let mut out = style.bold(&format!("CloudTrail on the bill · {}", view.period()));
    out.push('\n');
    let bill = &view.bill;
    let rows = super::number::grouped(bill.rows.into());
    wrap(
        &mut out,
        "",
        0,
        &visible(&format!("{rows} rows · {} · {}", bill.formats.join("; "), bill.currency)),
        width,
    );
    out.push('\n');
    wrap(&mut out, "  ", 2, &view.sentence(), width);
    out.push('\n');
    let line = |out: &mut String, first: &str, second: &str, third: &str, fourth: &str| {
        // A long name takes a line of its own: it must be readable to be found on the bill.
        let name = if unicode_width::UnicodeWidthStr::width(first) > label {
            out.push_str(&format!("{first}\n"));
            " ".repeat(label)
        } else {
            fit(first, label)
        };
        let text = format!("{name}{}{}  {fourth}", right(second, quantity), right(third, cost));
        out.push_str(text.trim_end());
        out.push('\n');
    };
    let mut header = String::new();
    line(&mut header, "Usage type", "Quantity", "Cost", "Unit price");
    out.push_str(&style.bold(header.trim_end()));
    out.push('\n');
    let rule = style.rule(width);
    out.push_str(&format!("{rule}\n"));
    if view.rows.is_empty() {
        out.push_str("No usage of CloudTrail, or of a resource named, is on the bill.\n");
    }
    for row in &view.rows {
        let price = row.price_text(row.unit_price(), &bill.currency);
        line(&mut out, &visible(&row.label()), &row.quantity_text(), &money_text(row.cost), &visible(&price));
        let list = row.price_text(row.list_unit_price(), &bill.currency);
        if list != price && !list.is_empty() {
            let amount = list.split_once(" per ").map_or(list.as_str(), |(amount, _)| amount);
            line(&mut out, "", "", "", &visible(&format!("list {amount}")));
        }
    }
    out.push_str(&format!("{rule}\n"));
    line(&mut out, "Usage", "", &money_text(view.usage), "");
    for (category, amount) in &view.apart {
        line(&mut out, heading(*category), "", &money_text(*amount), "");
    }
    if view.apart.keys().any(|category| *category != ChargeCategory::Discount) {
        line(&mut out, "On the invoice", "", &money_text(view.total), "");
    }
    section(&mut out, "Months", style);
    for own in &view.months {
        let text = format!(
            "{}: {}, {}",
            own.covered.month,
            BillView::days_text(&own.covered),
            view.amount(own.usage)
        );
        wrap(&mut out, "  ", 4, &text, width);
    }
    if !view.terms.is_empty() {
        section(&mut out, "Found agreed", style);
        for term in &view.terms {
            wrap(&mut out, "  ", 4, &visible(&BillView::term_text(term)), width);
        }
    }
    if !view.shared.is_empty() {
        section(&mut out, "Other services that logs touch", style);
        for text in view.shared_texts() {
            wrap(&mut out, "  ", 4, &visible(&text), width);
        }
        wrap(&mut out, "  ", 4, SHARED, width);
    }
    if !bill.notes.is_empty() {
        section(&mut out, "Notes", style);
        for note in &bill.notes {
            wrap(&mut out, "  ", 4, &visible(note), width);
        }
    }
    style.finish(out)
}

fn section(out: &mut String, name: &str, style: Style) {
    out.push_str(&format!("\n{}\n", style.bold(name)));
}

/// Writes a bill as Markdown.
pub fn bill_markdown(view: &BillView) -> String {
    let bill = &view.bill;
    let mut out = format!("## CloudTrail on the bill · {}\n\n**{}** · ", view.period(), view.sentence());
    let rows = super::number::grouped(bill.rows.into());
    out.push_str(&format!("{rows} rows · {} · {}\n\n", markdown(&bill.formats.join("; ")), bill.currency));
    out.push_str(
        "| Usage type | Quantity | Unit | Cost | Unit price | List unit price |\n|:--|--:|:--|--:|--:|--:|\n",
    );
    for row in &view.rows {
        let price = |price| markdown(&row.price_text(price, &bill.currency));
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            markdown(&row.label()),
            row.quantity_text(),
            markdown(&row.unit),
            money_text(row.cost),
            price(row.unit_price()),
            price(row.list_unit_price()),
        ));
    }
    out.push_str(&format!("| **Usage** | | | **{}** | | |\n", money_text(view.usage)));
    for (category, amount) in &view.apart {
        out.push_str(&format!("| {} | | | {} | | |\n", heading(*category), money_text(*amount)));
    }
    if view.apart.keys().any(|category| *category != ChargeCategory::Discount) {
        out.push_str(&format!("| **On the invoice** | | | **{}** | | |\n", money_text(view.total)));
    }
    let mut list = |heading: &str, lines: &[String]| {
        if !lines.is_empty() {
            out.push_str(&format!("\n**{heading}**\n\n"));
            for line in lines {
                out.push_str(&format!("- {}\n", markdown(line)));
            }
        }
    };
    let months: Vec<String> = view
        .months
        .iter()
        .map(|own| {
            format!(
                "{}: {}, {}",
                own.covered.month,
                BillView::days_text(&own.covered),
                view.amount(own.usage)
            )
        })
        .collect();
    list("Months", &months);
    list("Found agreed", &view.terms.iter().map(BillView::term_text).collect::<Vec<_>>());
    let mut shared = view.shared_texts();
    if !shared.is_empty() {
        shared.push(SHARED.to_owned());
    }
    list("Other services that logs touch", &shared);
    list("Notes", &bill.notes);
    out
}

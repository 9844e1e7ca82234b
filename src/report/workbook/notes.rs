//! The sheet `Notes`: how to use the workbook, what follows an edit and what does not.

use super::book::Book;
use super::layout::NOTES;
use super::page::Page;
use super::rows::Detail;
use super::styles::Styles;
use super::summary::paragraphs;
use rust_xlsxwriter::{Worksheet, XlsxError};

pub(super) fn write(book: &Book<'_>, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let about = format!("How to use this workbook. Made by trailcost {}.", env!("CARGO_PKG_VERSION"));
    let mut page = Page::new(NOTES, "Notes", &about, styles)?;
    let mut row = 3;
    for (heading, lines) in [
        ("How to use it", how_to_use()),
        ("What follows an edit", what_follows()),
        ("What does not follow", what_does_not(book)),
        ("Rows", rows(book)),
        ("Units and rounding", rounding(book)),
        ("Prices", prices(book)),
    ] {
        let lines: Vec<String> = lines.into_iter().collect();
        row = paragraphs(&mut page, row, heading, &lines)?;
    }
    page.widths(&[36, 16, 16, 16, 16, 16, 16])?;
    Ok(page.sheet)
}

fn texts(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn how_to_use() -> Vec<String> {
    texts(&[
        "Blue cells are inputs: quantities on Volumes, factors and quantities on Growth, prices, tiers, discounts and what is free on Prices. Everything else is a formula; no cell is locked.",
        "Summary is for reading and printing, Months shows every step of the computation, Line items what each account, Region and resource costs.",
        "Names for formulas of your own: Volume_inputs, List_price_inputs, Discount_inputs, Growth_of_…, Cost_by_month, Cost_by_year, Cost_of_all_months.",
        "A cell that says unknown counts as nothing until a figure is entered; what is priced in part is shown with ≥, and stays so here after an edit.",
    ])
}

fn what_follows() -> Vec<String> {
    texts(&[
        "A volume that was given directly: every month grows from it at the factors on Growth, and tiers, free quantities and discounts are applied anew. The result is that of `trailcost estimate` after the same change of the scenario.",
        "A quantity with a course of its own (Volumes says so): an edited first month moves all months in proportion; single months are edited on Growth.",
        "Prices, tiers, discounts and free quantities: all months.",
    ])
}

fn what_does_not(book: &Book<'_>) -> Vec<String> {
    let mut lines = texts(&[
        "Quantities that are derived from others are rows of their own: S3 storage, requests, KMS calls, CloudWatch Logs or what an event data store keeps do not follow an edited number of events, and Insights or further copies do not follow the management events. Change the scenario and estimate again for that.",
        "A rise in volume from one month on is a step in the scenario, or factors on Growth.",
    ]);
    if book.facts.view.ranges.is_some() {
        lines
            .push("Percentiles (P10 to P90): they are drawn at random, not computed by formulas.".to_owned());
    }
    lines
}

fn rows(book: &Book<'_>) -> Vec<String> {
    let line = match book.rows.detail {
        Detail::Full => "Volumes has a row for each account, Region, usage type, component and resource.",
        Detail::ByPayer => {
            "The estimate has too many rows for a workbook: accounts and resources of a payer are added up by usage type, Region and component. `trailcost estimate --out` writes each of them into line_items.csv."
        }
        Detail::AllPayers => {
            "The estimate has too many rows for a workbook: accounts of all payers are added up by usage type, Region and component. What has tiers or a free tier, which each payer has for itself, stands as it was estimated and follows nothing. `trailcost estimate --out` writes each row into line_items.csv."
        }
    };
    vec![line.to_owned()]
}

fn rounding(book: &Book<'_>) -> Vec<String> {
    let mut lines = texts(&[
        "After growth a number of events, requests or objects is rounded to whole ones, halves to the even one; GB are rounded to whole bytes (a GB is 2³⁰ bytes). A factor of 1 changes nothing.",
        "What is free is taken off first, shared by all usage that draws on it in proportion. Tiers then apply to the sum over the accounts of one payer in a Region; its cost is shared by the accounts in proportion.",
        "Amounts are not rounded in cells, only shown in cents: totals are sums of exact amounts. A spreadsheet computes with about fifteen digits, the command with all of them.",
    ]);
    if book.facts.has_terms() {
        lines.push(
            "Discounts are taken off the list price of each tier; an agreed price stands in its place."
                .to_owned(),
        );
    }
    lines
}

fn prices(book: &Book<'_>) -> Vec<String> {
    let view = book.facts.view;
    let mut lines = vec![format!(
        "Prices are those of {}, in {}. Prices says of each where it was read, when, and how sure it is: A is the provider's own text, B a price that quotes it or that is the same in every Region sampled, C a third party.",
        view.as_of.long(),
        view.currency
    )];
    lines.extend(view.prices.iter().cloned());
    lines
}

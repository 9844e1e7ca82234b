//! The sheet `Line items`: what each account, Region, usage type and resource costs.

use super::book::Book;
use super::cells::{of_money, of_quantity};
use super::layout::{FIRST_MONTH, FIRST_ROW, HEADING_ROW, LINE_ITEMS, MONTHS};
use super::page::{Page, Written, cell};
use super::rows::UsageRow;
use super::styles::Styles;
use super::volumes::{name_width, resource_width};
use crate::domain::Money;
use rust_xlsxwriter::{Format, IgnoreError, Worksheet, XlsxError};

/// Columns of words, and of the first month's quantity and cost.
const WORDS: usize = 8;
const QUANTITY: u16 = 8;
const FIRST_COST: u16 = 9;

pub(super) fn write(book: &Book<'_>, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let about = "What every row of Volumes costs; nothing to edit. Filter by account, Region or component.";
    let mut page = Page::new(LINE_ITEMS, "Line items", about, styles)?;
    let years: Vec<String> = (1..=book.layout.years).map(|year| format!("Year {year}")).collect();
    let mut headings = vec![
        "Account",
        "Account name",
        "Region",
        "Service",
        "Usage type",
        "Component",
        "Resource",
        "Unit",
        "Quantity, first month",
        "Cost, first month",
    ];
    headings.extend(years.iter().map(String::as_str));
    headings.push("All months");
    page.headings(HEADING_ROW, &headings, WORDS)?;
    page.sheet.set_row_height(HEADING_ROW, 28)?;
    for (pool, own) in book.pools() {
        let lines = &book.layout.pools[pool];
        for (nth, at) in own.rows.clone().enumerate() {
            let row = &book.rows.all[at];
            line_item(book, row, book.layout.volumes[at], (lines.quantity[nth], lines.cost[nth]), &mut page)?;
        }
    }
    let last_row = FIRST_ROW.max(book.layout.volumes.iter().copied().max().unwrap_or_default());
    let last_column = FIRST_COST + book.layout.years + 1;
    page.sheet.autofilter(HEADING_ROW, 0, last_row, last_column)?;
    page.sheet.ignore_error_range(FIRST_ROW, 0, last_row, 0, IgnoreError::NumberStoredAsText)?;
    page.widths(&[15, name_width(book), 14, 18, 30, 26, resource_width(book), 12, 16])?;
    page.sheet.set_column_range_width(FIRST_COST, last_column, 14)?;
    page.freeze(FIRST_ROW, 0)?;
    Ok(page.sheet)
}

fn line_item(
    book: &Book<'_>,
    row: &UsageRow,
    line: u32,
    (quantity_line, cost_line): (u32, u32),
    page: &mut Page<'_>,
) -> Written {
    let styles = page.styles;
    let (meter, unit) = (book.meter(row), book.unit(row));
    let account = book.account(row);
    let texts = [
        account.as_str(),
        book.account_name(row),
        book.region(row),
        &meter.service,
        &meter.usage_type,
        row.key.component.label(),
        book.resource(row),
        unit.name(),
    ];
    for (text, column) in texts.into_iter().zip(0..) {
        page.text(line, column, text, &styles.text)?;
    }
    let quantity = row.months.first().map(|month| of_quantity(month.quantity)).unwrap_or_default();
    let reference = |line: u32, column: u16| format!("={MONTHS}!{}", cell(line, column));
    page.formula((line, QUANTITY), &reference(quantity_line, FIRST_MONTH), quantity, styles.quantity(unit))?;
    let months: Vec<Money> = row.months.iter().map(|month| month.cost.contracted).collect();
    let add = |months: &[Money]| months.iter().try_fold(Money::ZERO, |sum, own| sum.checked_add(*own));
    let mut amounts = vec![(FIRST_MONTH, months.first().copied().unwrap_or_default())];
    for (year, own) in months.chunks(12).enumerate() {
        amounts.push((book.layout.year(year), add(own).unwrap_or_default()));
    }
    amounts.push((book.layout.whole(), add(&months).unwrap_or_default()));
    let format: &Format = if row.has_unknown { &styles.money_at_least } else { &styles.money };
    for ((source, amount), column) in amounts.into_iter().zip(FIRST_COST..) {
        page.formula((line, column), &reference(cost_line, source), of_money(amount), format)?;
    }
    Ok(())
}

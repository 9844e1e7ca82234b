//! The sheets `Volumes` and `Growth`: what is edited.

use super::book::Book;
use super::cells::{of_quantity, round};
use super::course::Course;
use super::layout::{FIRST_MONTH, FIRST_ROW, GROWTH, HEADING_ROW, Layout, MONTHS, VOLUME_COLUMN, VOLUMES};
use super::page::{Page, Written, cell};
use super::rows::UsageRow;
use super::styles::Styles;
use crate::domain::{GrowthCategory, Quantity};
use rust_decimal::Decimal;
use rust_xlsxwriter::{IgnoreError, Worksheet, XlsxError};

const HEADINGS: [&str; 11] = [
    "Account",
    "Account name",
    "Region",
    "Service",
    "Usage type",
    "Component",
    "Resource",
    "Unit",
    "Quantity a month",
    "First month",
    "Course and source",
];

/// Writes the quantities that everything follows from.
pub(super) fn write_volumes(book: &Book<'_>, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let about =
        "Edit the blue cells; every other sheet follows. A quantity is that of a month with growth factor 1.";
    let mut page = Page::new(VOLUMES, "Volumes", about, styles)?;
    page.headings(HEADING_ROW, &HEADINGS, 8)?;
    page.text(HEADING_ROW, 10, HEADINGS[10], &styles.heading)?;
    for (at, row) in book.rows_in_order() {
        volume_row(book, at, row, &mut page)?;
    }
    let last = FIRST_ROW.max(book.layout.volumes.iter().copied().max().unwrap_or_default());
    page.only_figures((FIRST_ROW, VOLUME_COLUMN), (last, VOLUME_COLUMN))?;
    page.sheet.ignore_error_range(FIRST_ROW, 0, last, 0, IgnoreError::NumberStoredAsText)?;
    page.sheet.autofilter(HEADING_ROW, 0, last, 10)?;
    page.widths(&[15, name_width(book), 14, 18, 30, 26, resource_width(book), 12, 18, 18, 46])?;
    page.freeze(FIRST_ROW, 0)?;
    Ok(page.sheet)
}

/// A column of names is narrow where there are none.
const EMPTY_WIDTH: u8 = 9;

pub(super) fn name_width(book: &Book<'_>) -> u8 {
    let has_names = book.rows.all.iter().any(|row| !book.account_name(row).is_empty());
    if has_names { 20 } else { EMPTY_WIDTH }
}

pub(super) fn resource_width(book: &Book<'_>) -> u8 {
    let has_resources = book.rows.all.iter().any(|row| !book.resource(row).is_empty());
    if has_resources { 22 } else { EMPTY_WIDTH }
}

fn volume_row(book: &Book<'_>, at: usize, row: &UsageRow, page: &mut Page<'_>) -> Written {
    let styles = page.styles;
    let line = book.layout.volumes[at];
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
    let first = row.months.first().map_or(Quantity::ZERO, |month| month.quantity);
    match book.courses[at] {
        Course::Grown { volume: Some(volume), .. } => {
            page.number(line, VOLUME_COLUMN, of_quantity(volume), styles.input_quantity(unit))?;
        }
        Course::Grown { volume: None, .. } => {
            page.text(line, VOLUME_COLUMN, "unknown", styles.input_quantity(unit))?;
        }
        Course::Own if !first.is_zero() => {
            page.number(line, VOLUME_COLUMN, of_quantity(first), styles.input_quantity(unit))?;
        }
        Course::Own => page.text(line, VOLUME_COLUMN, "see Growth", &styles.muted)?,
        Course::Fixed => page.text(line, VOLUME_COLUMN, "fixed", &styles.muted)?,
    }
    let Some(&months_line) = quantity_line(book, at) else {
        return Ok(());
    };
    let formula = format!("={MONTHS}!{}", cell(months_line, FIRST_MONTH));
    page.formula((line, 9), &formula, of_quantity(first), styles.quantity(unit))?;
    page.text(line, 10, &course_words(book, at, row), &styles.note)
}

/// Returns the line of a row's quantities on the sheet with months.
pub(super) fn quantity_line<'a>(book: &'a Book<'_>, at: usize) -> Option<&'a u32> {
    let (pool, own) = book.pools().find(|(_, pool)| pool.rows.contains(&at))?;
    book.layout.pools[pool].quantity.get(at - own.rows.start)
}

fn course_words(book: &Book<'_>, at: usize, row: &UsageRow) -> String {
    let course = match book.courses[at] {
        Course::Grown { category, .. } => format!("grows as {}", category_words(category)),
        Course::Own => "has its own course, see Growth".to_owned(),
        Course::Fixed => "does not follow: payers with tiers of their own".to_owned(),
    };
    let unknown = if row.has_unknown { "; more is used, nobody knows how much" } else { "" };
    format!("{course}; {}{unknown}", book.provenance(row))
}

fn category_words(category: GrowthCategory) -> String {
    category.name().replace('_', " ")
}

/// Writes the factors of growth, and quantities that have their own course.
pub(super) fn write_growth(book: &Book<'_>, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let about = "Blue cells may be edited: what a volume is multiplied by in each month, and quantities that are not a volume times a factor.";
    let mut page = Page::new(GROWTH, "Growth", about, styles)?;
    page.headings(HEADING_ROW, &["What grows", "Account", "Resource", "Region", "Component", "Unit"], 6)?;
    for (at, &month) in book.facts.usage.months().iter().enumerate() {
        page.month(HEADING_ROW, Layout::month(at), month, &styles.heading_month)?;
    }
    for (&category, &line) in &book.layout.categories {
        page.text(line, 0, &category_words(category), &styles.text)?;
        page.text(line, 5, "factor", &styles.muted)?;
        for (at, &factor) in book.factors.of(category).iter().enumerate() {
            page.number(line, Layout::month(at), round(factor), &styles.input_factor)?;
        }
    }
    own_courses(book, &mut page)?;
    let last_line = book.layout.own.values().chain(book.layout.categories.values()).copied().max();
    let last = (last_line.unwrap_or(FIRST_ROW), book.layout.year(0) - 1);
    page.only_figures((FIRST_ROW, FIRST_MONTH), last)?;
    page.widths(&[34, 15, 22, 14, 26, 12])?;
    page.sheet.set_column_range_width(FIRST_MONTH, last.1, 14)?;
    page.sheet.ignore_error_range(FIRST_ROW, 1, last.0, 1, IgnoreError::NumberStoredAsText)?;
    page.freeze(FIRST_ROW, FIRST_MONTH)?;
    page.sheet.set_repeat_columns(0, 0)?;
    page.sheet.set_print_fit_to_pages(book.layout.years.max(1), 0);
    Ok(page.sheet)
}

fn own_courses(book: &Book<'_>, page: &mut Page<'_>) -> Written {
    let styles = page.styles;
    let Some(first) = book.layout.own.values().min() else {
        return Ok(());
    };
    let words = "Quantities of each month as estimated; an edited first month on Volumes moves them all in proportion";
    page.text(first - 1, 0, words, &styles.bold)?;
    for (&at, &line) in &book.layout.own {
        let row = &book.rows.all[at];
        let unit = book.unit(row);
        let account = book.account(row);
        let texts = [
            book.meter(row).usage_type.as_str(),
            &account,
            book.resource(row),
            book.region(row),
            row.key.component.label(),
            unit.name(),
        ];
        for (text, column) in texts.into_iter().zip(0..) {
            page.text(line, column, text, &styles.text)?;
        }
        for (month, own) in row.months.iter().enumerate() {
            let quantity: Decimal = of_quantity(own.quantity);
            page.number(line, Layout::month(month), quantity, styles.input_quantity(unit))?;
        }
    }
    Ok(())
}

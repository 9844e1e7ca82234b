//! The whole file.

use super::book::Book;
use super::cells::cell_text;
use super::facts::WorkbookFacts;
use super::layout::{
    DISCOUNT, FIRST_MONTH, FIRST_ROW, GROWTH, LIST_PRICE, Layout, MONTHS, PRICES, VOLUME_COLUMN, VOLUMES,
};
use super::styles::Styles;
use super::{WorkbookError, line_items, months, notes, prices, summary, volumes};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError, cell_range_absolute};

/// The longest title of a document that every reader shows.
const LONGEST_TITLE: usize = 200;

/// Writes a sheet.
type Write = fn(&Book<'_>, &Styles) -> Result<Worksheet, XlsxError>;

/// Makes the workbook of an estimate: the content of an `.xlsx` file, the same bytes for the same input.
///
/// Past 72,000 quantities (rows × months) rows are added up by payer, Region, usage type and component; where that is
/// still too much, of all payers together.
///
/// # Errors
/// [`WorkbookError`] when the usage cannot be priced, or what it holds does not fit a workbook.
pub fn workbook(facts: &WorkbookFacts<'_>) -> Result<Vec<u8>, WorkbookError> {
    let book = Book::new(facts)?;
    let styles = Styles::new(facts.report.currency);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(facts)?);
    let sheets: [Write; 7] = [
        summary::write,
        volumes::write_volumes,
        volumes::write_growth,
        prices::write,
        months::write,
        line_items::write,
        notes::write,
    ];
    for write in sheets {
        workbook.push_worksheet(write(&book, &styles)?);
    }
    names(&book.layout, &mut workbook)?;
    Ok(workbook.save_to_buffer()?)
}

/// The document says what it is, and when its prices hold: it is of that day, so that it is the same whenever it is made.
fn properties(facts: &WorkbookFacts<'_>) -> Result<DocProperties, XlsxError> {
    let as_of = facts.report.card.as_of();
    let name: String = cell_text(&facts.view.name).chars().take(LONGEST_TITLE).collect();
    let made = ExcelDateTime::parse_from_str(&as_of.to_string())?;
    Ok(DocProperties::new()
        .set_title(format!("CloudTrail cost: {name}"))
        .set_subject("Estimate that follows edited volumes and prices")
        .set_author("trailcost")
        .set_comment(format!("Prices as of {as_of}"))
        .set_creation_datetime(&made))
}

/// Names what is edited and what comes out, for formulas of the reader's own.
fn names(layout: &Layout, workbook: &mut Workbook) -> Result<(), XlsxError> {
    let mut name = |name: &str, sheet: &str, first: (u32, u16), last: (u32, u16)| {
        let range = cell_range_absolute(first.0, first.1, last.0, last.1);
        workbook.define_name(name, &format!("={sheet}!{range}")).map(|_| ())
    };
    let last_volume = layout.volumes.iter().copied().max().unwrap_or(FIRST_ROW).max(FIRST_ROW);
    name("Volume_inputs", VOLUMES, (FIRST_ROW, VOLUME_COLUMN), (last_volume, VOLUME_COLUMN))?;
    let last_price = layout.free_heading.saturating_sub(2).max(FIRST_ROW);
    name("List_price_inputs", PRICES, (FIRST_ROW, LIST_PRICE), (last_price, LIST_PRICE))?;
    name("Discount_inputs", PRICES, (FIRST_ROW, DISCOUNT), (last_price, DISCOUNT))?;
    for (&category, &row) in &layout.categories {
        let growth = format!("Growth_of_{}", category.name());
        name(&growth, GROWTH, (row, FIRST_MONTH), (row, FIRST_MONTH + layout.months - 1))?;
    }
    let total = layout.total;
    name("Cost_by_month", MONTHS, (total, FIRST_MONTH), (total, layout.year(0) - 1))?;
    name("Cost_by_year", MONTHS, (total, layout.year(0)), (total, layout.whole() - 1))?;
    name("Cost_of_all_months", MONTHS, (total, layout.whole()), (total, layout.whole()))
}

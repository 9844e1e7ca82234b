//! The sheet `Months`: from each quantity to its cost, month by month, as steps that can be followed.

use super::book::Book;
use super::cells::{of_money, of_quantity, round};
use super::layout::{Allowance, FIRST_MONTH, FIRST_ROW, HEADING_ROW, Layout, MONTHS, PRICES};
use super::page::{Page, Written, across, cell, cells, fixed};
use super::pool_block::write_pool;
use super::styles::Styles;
use crate::costing::Cost;
use crate::domain::{Money, Quantity};
use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Worksheet, XlsxError, column_number_to_name};

/// The words in the first column by which costs are added up.
pub(super) const COST: &str = "Cost";
pub(super) const LIST_COST: &str = "List cost";
/// The columns of these words and of components.
const STEP_COLUMN: u16 = 0;
const COMPONENT_COLUMN: u16 = 4;

pub(super) fn write(book: &Book<'_>, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let about = "Every step from quantity to cost: growth, what is free, tiers, price. Edit Volumes, Growth and Prices; nothing here.";
    let mut page = Page::new(MONTHS, "Months", about, styles)?;
    headings(book, &mut page)?;
    totals(book, &mut page)?;
    for allowance in &book.layout.allowances {
        write_allowance(book, allowance, &mut page)?;
    }
    for (at, pool) in book.pools() {
        write_pool(book, at, pool, &mut page)?;
    }
    page.widths(&[30, 15, 18, 14, 26, 12])?;
    let layout = &book.layout;
    page.sheet.set_column_range_width(FIRST_MONTH, layout.whole(), 13)?;
    page.freeze(FIRST_ROW, FIRST_MONTH)?;
    page.sheet.set_repeat_columns(0, 0)?;
    // A year on each page across.
    page.sheet.set_print_fit_to_pages(layout.years.max(1), 0);
    Ok(page.sheet)
}

fn headings(book: &Book<'_>, page: &mut Page<'_>) -> Written {
    let styles = page.styles;
    page.headings(HEADING_ROW, &["Step", "Account", "Resource", "Region", "Component", "Unit"], 6)?;
    for (at, &month) in book.facts.usage.months().iter().enumerate() {
        page.month(HEADING_ROW, Layout::month(at), month, &styles.heading_month)?;
    }
    let layout = &book.layout;
    for year in 0..usize::from(layout.years) {
        let heading = format!("Year {}", year + 1);
        page.text(HEADING_ROW, layout.year(year), &heading, &styles.heading_right)?;
    }
    page.text(HEADING_ROW, layout.whole(), "All months", &styles.heading_right)
}

/// Writes the sums of a line's months, by year and of all.
pub(super) fn sums(
    book: &Book<'_>,
    page: &mut Page<'_>,
    row: u32,
    months: &[Money],
    format: &Format,
) -> Written {
    let layout = &book.layout;
    let add = |months: &[Money]| months.iter().try_fold(Money::ZERO, |sum, own| sum.checked_add(*own));
    for (year, own) in months.chunks(12).enumerate() {
        let first = Layout::month(year * 12);
        let last = Layout::month(year * 12 + own.len() - 1);
        let formula = format!("=SUM({})", cells((row, first), (row, last)));
        let sum = of_money(add(own).unwrap_or_default());
        page.formula((row, layout.year(year)), &formula, sum, format)?;
    }
    let years = cells((row, layout.year(0)), (row, layout.whole() - 1));
    let sum = of_money(add(months).unwrap_or_default());
    page.formula((row, layout.whole()), &format!("=SUM({years})"), sum, format)
}

/// Writes a line of amounts with its sums; `formula` says what stands in a column.
pub(super) fn money_line(
    book: &Book<'_>,
    page: &mut Page<'_>,
    row: u32,
    months: &[Money],
    format: &Format,
    formula: &dyn Fn(u16) -> String,
) -> Written {
    for (at, &amount) in months.iter().enumerate() {
        let column = Layout::month(at);
        page.formula((row, column), &formula(column), of_money(amount), format)?;
    }
    sums(book, page, row, months, format)
}

/// Writes the whole and each component, added up from the lines below.
fn totals(book: &Book<'_>, page: &mut Page<'_>) -> Written {
    let (layout, styles) = (&book.layout, page.styles);
    let estimate = book.facts.report.estimate;
    for (own, &(component, row)) in estimate.components.iter().zip(&layout.components) {
        page.text(row, STEP_COLUMN, component.label(), &styles.text)?;
        let months: Vec<Money> = own.months.iter().map(|cost| cost.contracted).collect();
        let format = if own.figures.incomplete { &styles.money_at_least } else { &styles.money };
        let label = cell(row, STEP_COLUMN);
        money_line(book, page, row, &months, format, &|column| {
            let of = |column: u16| column_range(book, column);
            let (amounts, components, steps) = (of(column), of(COMPONENT_COLUMN), of(STEP_COLUMN));
            let amounts = amounts.replace('$', "");
            format!("=SUMIFS({amounts},{components},${label},{steps},\"{COST}\")")
        })?;
    }
    let complete = estimate.is_complete();
    let format = if complete { &styles.money_total } else { &styles.money_total_at_least };
    page.text(layout.total, STEP_COLUMN, "Total", &styles.label_total)?;
    for column in STEP_COLUMN + 1..FIRST_MONTH {
        page.sheet.write_blank(layout.total, column, &styles.label_total)?;
    }
    let months = |pick: fn(&Cost) -> Money| -> Vec<Money> { estimate.monthly.iter().map(pick).collect() };
    let contracted = months(|cost| cost.contracted);
    money_line(book, page, layout.total, &contracted, format, &|column| {
        let all = cells((FIRST_ROW, column), (layout.total - 1, column));
        if layout.components.is_empty() { "=0".to_owned() } else { format!("=SUM({all})") }
    })?;
    if let Some(row) = layout.list_total {
        page.text(row, STEP_COLUMN, "Total at list prices", &styles.text)?;
        let format = if complete { &styles.money } else { &styles.money_at_least };
        money_line(book, page, row, &months(|cost| cost.list), format, &|column| {
            let (amounts, steps) = (column_range(book, column), column_range(book, STEP_COLUMN));
            format!("=SUMIFS({},{steps},\"{LIST_COST}\")", amounts.replace('$', ""))
        })?;
    }
    others(book, page)
}

/// Writes what the charts do not name, added up.
fn others(book: &Book<'_>, page: &mut Page<'_>) -> Written {
    let (layout, styles) = (&book.layout, page.styles);
    let Some(row) = layout.others else {
        return Ok(());
    };
    let rest = &book.parts.rest;
    let rows: Vec<u32> = layout
        .components
        .iter()
        .filter(|(component, _)| rest.iter().any(|own| own.component == *component))
        .map(|&(_, row)| row)
        .collect();
    let label = format!("{} others, for the charts", rest.len());
    page.text(row, STEP_COLUMN, &label, &styles.muted)?;
    let months: Vec<Money> = (0..usize::from(layout.months))
        .map(|at| {
            let own = rest.iter().map(|component| component.months[at].contracted);
            own.fold(Money::ZERO, |sum, own| sum.checked_add(own).unwrap_or(sum))
        })
        .collect();
    money_line(book, page, row, &months, &styles.money, &|column| {
        let terms: Vec<String> = rows.iter().map(|&row| cell(row, column)).collect();
        format!("={}", terms.join("+"))
    })
}

/// The cells of a column with steps, fixed: `$G$20:$G$90`.
fn column_range(book: &Book<'_>, column: u16) -> String {
    let name = column_number_to_name(column);
    let first = book.layout.pools.first().map_or(book.layout.last_line, |pool| pool.heading);
    format!("${name}${}:${name}${}", first + 1, book.layout.last_line + 1)
}

/// Writes what draws on a free quantity, and the share of it that is free.
fn write_allowance(book: &Book<'_>, allowance: &Allowance, page: &mut Page<'_>) -> Written {
    let (layout, styles) = (&book.layout, page.styles);
    let payer = book.of_payer(allowance.payer);
    let label = format!("Free tier {}{payer}: used", allowance.name);
    page.text(allowance.drawn, 0, &label, &styles.text)?;
    page.text(allowance.share, 0, "of it free, as a share", &styles.text)?;
    let free = fixed(PRICES, allowance.price_row, super::layout::LIST_PRICE);
    for at in 0..usize::from(layout.months) {
        let column = Layout::month(at);
        let lines = allowance.pools.iter().map(|&pool| &layout.pools[pool].quantity);
        let ranges: Vec<String> =
            lines.filter_map(|own| Some(cells((*own.first()?, column), (*own.last()?, column)))).collect();
        let (drawn, free_part) = drawn(book, allowance, at);
        let sum: Vec<String> = ranges.iter().map(|range| format!("SUM({range})")).collect();
        page.formula(
            (allowance.drawn, column),
            &format!("={}", sum.join("+")),
            of_quantity(drawn),
            &styles.fraction,
        )?;
        let used = cell(allowance.drawn, column);
        let share = format!("=IF({used}=0,0,MIN({free},{used})/{used})");
        page.formula((allowance.share, column), &share, ratio(free_part, drawn), &styles.ratio)?;
    }
    Ok(())
}

/// Returns what draws on an allowance in a month, and what of it is free.
fn drawn(book: &Book<'_>, allowance: &Allowance, month: usize) -> (Quantity, Quantity) {
    let (mut drawn, mut free) = (Quantity::ZERO, Quantity::ZERO);
    for pool in allowance.pools.iter().map(|&at| &book.rows.pools[at]) {
        for row in &book.rows.all[pool.rows.clone()] {
            // Usage was added up before, so that nothing is past what can be held.
            drawn = drawn.plus(row.months[month].quantity).unwrap_or(drawn);
            free = free.plus(row.months[month].free).unwrap_or(free);
        }
    }
    (drawn, free)
}

/// Returns a part of a whole at the digits of a spreadsheet; of nothing, nothing.
fn ratio(part: Quantity, whole: Quantity) -> Decimal {
    round(part.rounded(12).checked_div(whole.rounded(12)).unwrap_or_default())
}

/// A cell of the sheet with growth, in the column of the same month.
pub(super) fn growth_cell(row: u32, column: u16) -> String {
    across(super::layout::GROWTH, row, column)
}

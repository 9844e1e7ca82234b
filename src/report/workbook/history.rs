//! The workbook of a recorded period: its tables, and the last month's volumes with formulas through the tiers of their prices.
//!
//! In: the report of a period. Out: the bytes of an `.xlsx` file. Words are in the report's language, amounts in the history's currency.

use super::WorkbookError;
use super::cells::{cell_text, of_money};
use super::history_charts;
use super::history_volumes;
use super::page::{Page, Written, cell, cells};
use super::styles::Styles;
use crate::domain::{Component, Money};
use crate::report::monthly::{GroupView, Layout, MonthlyCost, MonthlyView, Phrase, Sum};
use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, IgnoreError, Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;

/// The sheets that other sheets or charts name.
pub(super) const MONTHS: &str = "Months";
/// The row of headings, and the first row below them.
pub(super) const HEADING_ROW: u32 = 3;
pub(super) const FIRST_ROW: u32 = 4;
/// The first column of a component on the sheet with months.
pub(super) const FIRST_COMPONENT: u16 = 2;
/// So many rows of a table stand in a sheet; the CSV file has all of them.
const MOST_ROWS: usize = 20_000;
/// So many tables by tag have a sheet.
const MOST_TAGS: usize = 10;
/// Rows of the summary.
const SENTENCE_ROW: u32 = 2;
const TABLE_ROW: u32 = 4;

/// Makes the workbook of a period: the content of an `.xlsx` file, the same bytes for the same input.
///
/// # Errors
/// [`WorkbookError`] when what it holds does not fit a workbook.
pub fn history_workbook(layout: Layout<'_>) -> Result<Vec<u8>, WorkbookError> {
    let view = layout.view();
    let styles = Styles::new(&view.currency);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(layout)?);
    let components = components(view);
    workbook.push_worksheet(summary(layout, &components, &styles)?);
    workbook.push_worksheet(months(layout, &components, &styles)?);
    let mut tags = 0;
    for group in &view.groups {
        let name = match group.file.as_str() {
            "account" => "By account".to_owned(),
            "region" => "By Region".to_owned(),
            "resource" => "By resource".to_owned(),
            _ => {
                tags += 1;
                format!("By tag {tags}")
            }
        };
        if tags <= MOST_TAGS {
            workbook.push_worksheet(grouped(layout, group, &name, &styles)?);
        }
    }
    if let Some(own) = &view.what_if {
        workbook.push_worksheet(history_volumes::volumes(layout, own, &styles)?);
        workbook.push_worksheet(history_volumes::prices(layout, own, &styles)?);
    }
    Ok(workbook.save_to_buffer()?)
}

/// The document is of the last month's first day, so that it is the same whenever it is made.
fn properties(layout: Layout<'_>) -> Result<DocProperties, XlsxError> {
    let day = layout.view().period.last().first_day();
    Ok(DocProperties::new()
        .set_title(cell_text(&layout.title()))
        .set_author("trailcost")
        .set_creation_datetime(&ExcelDateTime::parse_from_str(&day.to_string())?))
}

/// Returns every component that any month has, in report order; what no table knows comes last.
fn components(view: &MonthlyView) -> Vec<Option<Component>> {
    let mut all: Vec<Option<Component>> =
        view.months.iter().flat_map(|own| own.components.keys().copied()).collect();
    all.sort_by_key(|own| own.map_or(usize::MAX, Component::index));
    all.dedup();
    all
}

/// So many components have a colour of their own in charts.
const NAMED: usize = 5;

/// Returns the positions of the components that cost most over all months, and how many others cost anything.
pub(super) fn largest(view: &MonthlyView, components: &[Option<Component>]) -> (Vec<usize>, usize) {
    let sum = |own: &Option<Component>| {
        let costs = view.months.iter().filter_map(|month| month.components.get(own));
        costs.fold(Money::ZERO, |sum, own| sum.checked_add(own.cost).unwrap_or(sum))
    };
    let mut all: Vec<(Money, usize)> =
        components.iter().map(sum).zip(0..).filter(|own| !own.0.is_zero()).collect();
    all.sort_by_key(|own| (std::cmp::Reverse(own.0), own.1));
    let others = all.len().saturating_sub(NAMED);
    (all.into_iter().take(NAMED).map(|own| own.1).collect(), others)
}

/// Returns the position of the column of each component's cost.
fn column(at: usize) -> u16 {
    FIRST_COMPONENT + u16::try_from(at).unwrap_or_default()
}

fn summary(
    layout: Layout<'_>,
    components: &[Option<Component>],
    styles: &Styles,
) -> Result<Worksheet, XlsxError> {
    let view = layout.view();
    let about = format!("{} · {}", view.currency, layout.word("workbook.summary"));
    let mut page = Page::new("Summary", &layout.title(), &about, styles)?;
    page.sheet.merge_range(SENTENCE_ROW, 0, SENTENCE_ROW, 5, "", &styles.sentence)?;
    page.text(SENTENCE_ROW, 0, &layout.headline(), &styles.sentence)?;
    page.sheet.set_row_height(SENTENCE_ROW, 50)?;
    compared_headings(layout, &mut page, TABLE_ROW, &[&layout.word("column.component")])?;
    let mut row = TABLE_ROW + 1;
    for own in &view.components {
        page.text(row, 0, &layout.component_word(own.component), &styles.text)?;
        compared(&mut page, (row, 1), &own.cost)?;
        row += 1;
    }
    compared_total(layout, &mut page, (TABLE_ROW + 1, row), 1, &view.total)?;
    page.widths(&[36, 16, 16, 16, 16, 16])?;
    history_charts::insert(layout, &mut page, row + 2, components)?;
    Ok(page.sheet)
}

fn compared_headings(layout: Layout<'_>, page: &mut Page<'_>, row: u32, first: &[&str]) -> Written {
    let others = ["now", "before", "change", "year_before", "change_of_year"]
        .map(|key| layout.word(&format!("column.{key}")));
    let headings: Vec<&str> = first.iter().copied().chain(others.iter().map(String::as_str)).collect();
    page.headings(row, &headings, first.len())
}

/// Writes an amount; of one that is known in part, at least so much; of one that nobody knows, nothing.
fn amount(page: &mut Page<'_>, at: (u32, u16), own: Option<Sum>) -> Written {
    let styles = page.styles;
    match own {
        None => page.text(at.0, at.1, "–", &styles.muted),
        Some(own) => {
            let format = if own.is_incomplete { &styles.money_at_least } else { &styles.money };
            page.number(at.0, at.1, of_money(own.cost), format)
        }
    }
}

/// Writes a cost beside what it was; the changes are formulas.
fn compared(page: &mut Page<'_>, (row, first): (u32, u16), own: &MonthlyCost) -> Written {
    amount(page, (row, first), Some(own.now))?;
    amount(page, (row, first + 1), own.before)?;
    change(page, (row, first + 2), (first, first + 1), own.now, own.before)?;
    amount(page, (row, first + 3), own.year_before)?;
    change(page, (row, first + 4), (first, first + 3), own.now, own.year_before)
}

fn change(
    page: &mut Page<'_>,
    at: (u32, u16),
    (now, before): (u16, u16),
    new: Sum,
    old: Option<Sum>,
) -> Written {
    let styles = page.styles;
    match old.and_then(|old| new.cost.checked_sub(old.cost)) {
        None => page.text(at.0, at.1, "–", &styles.muted),
        Some(own) => {
            let formula = format!("={}-{}", cell(at.0, now), cell(at.0, before));
            page.formula(at, &formula, of_money(own), &styles.money)
        }
    }
}

/// Writes the sums below the rows of a table.
fn compared_total(
    layout: Layout<'_>,
    page: &mut Page<'_>,
    (begin, row): (u32, u32),
    first: u16,
    total: &MonthlyCost,
) -> Written {
    let styles = page.styles;
    page.text(row, 0, &layout.word("total"), &styles.label_total)?;
    for column in 1..first {
        page.sheet.write_blank(row, column, &styles.label_total)?;
    }
    for (offset, own) in [(0, Some(total.now)), (1, total.before), (3, total.year_before)] {
        let column = first + offset;
        match own.filter(|_| row > begin) {
            None => page.text(row, column, "–", &styles.label_total)?,
            Some(own) => {
                let format =
                    if own.is_incomplete { &styles.money_total_at_least } else { &styles.money_total };
                let formula = format!("=SUM({})", cells((begin, column), (row - 1, column)));
                page.formula((row, column), &formula, of_money(own.cost), format)?;
            }
        }
    }
    for (offset, other, old) in [(2, 1, total.before), (4, 3, total.year_before)] {
        let own = old.and_then(|old| total.now.cost.checked_sub(old.cost)).filter(|_| row > begin);
        match own {
            None => page.text(row, first + offset, "–", &styles.label_total)?,
            Some(own) => {
                let formula = format!("={}-{}", cell(row, first), cell(row, first + other));
                page.formula((row, first + offset), &formula, of_money(own), &styles.money_total)?;
            }
        }
    }
    Ok(())
}

fn months(
    layout: Layout<'_>,
    components: &[Option<Component>],
    styles: &Styles,
) -> Result<Worksheet, XlsxError> {
    let view = layout.view();
    let mut page = Page::new(MONTHS, &layout.word("section.months"), &layout.word("months.note"), styles)?;
    let labels: Vec<String> = components.iter().map(|own| layout.component_word(*own)).collect();
    let (month, kind, total) =
        (layout.word("column.month"), layout.word("column.kind"), layout.word("total"));
    let mut headings = vec![month.as_str(), &kind];
    headings.extend(labels.iter().map(String::as_str));
    headings.push(&total);
    page.headings(HEADING_ROW, &headings, 2)?;
    page.sheet.set_row_height(HEADING_ROW, 42)?;
    let last = column(components.len());
    let month_format = styles.text.clone().set_num_format("mmm yyyy");
    for (own, row) in view.months.iter().zip(FIRST_ROW..) {
        page.month(row, 0, own.month, &month_format)?;
        page.text(row, 1, &layout.word(&format!("kind.{}", own.kind.name())), &styles.note)?;
        for (at, component) in components.iter().enumerate() {
            let sum = own.components.get(component).copied().unwrap_or_default();
            amount(&mut page, (row, column(at)), Some(sum))?;
        }
        let formula = if components.is_empty() {
            "=0".to_owned()
        } else {
            format!("=SUM({})", cells((row, FIRST_COMPONENT), (row, last - 1)))
        };
        let format: &Format = if own.total.is_incomplete { &styles.money_at_least } else { &styles.money };
        page.formula((row, last), &formula, of_money(own.total.cost), format)?;
    }
    let end = FIRST_ROW + u32::try_from(view.months.len()).unwrap_or_default();
    page.text(end, 0, &total, &styles.label_total)?;
    page.text(end, 1, "", &styles.label_total)?;
    let mut sums: BTreeMap<Option<Component>, Money> = BTreeMap::new();
    for (component, sum) in view.months.iter().flat_map(|own| &own.components) {
        let own = sums.entry(*component).or_default();
        *own = own.checked_add(sum.cost).unwrap_or(*own);
    }
    let whole = sums.values().try_fold(Money::ZERO, |sum, own| sum.checked_add(*own)).unwrap_or_default();
    let each = components.iter().map(|own| sums.get(own).copied().unwrap_or_default());
    for (own, column) in each.chain([whole]).zip(FIRST_COMPONENT..) {
        let formula = format!("=SUM({})", cells((FIRST_ROW, column), (end - 1, column)));
        page.formula((end, column), &formula, of_money(own), &styles.money_total)?;
    }
    others(layout, components, &mut page)?;
    page.widths(&[14, 34])?;
    page.sheet.set_column_range_width(FIRST_COMPONENT, last, 15)?;
    page.freeze(FIRST_ROW, 1)?;
    Ok(page.sheet)
}

/// Writes what the chart shows as one: the components that have no colour of their own.
fn others(layout: Layout<'_>, components: &[Option<Component>], page: &mut Page<'_>) -> Written {
    let view = layout.view();
    let (named, others) = largest(view, components);
    if others == 0 {
        return Ok(());
    }
    let styles = page.styles;
    let total = column(components.len());
    let heading = layout.say(&Phrase::new("chart.more").count("count", others as u64));
    page.text(HEADING_ROW, total + 1, &heading, &styles.heading_right)?;
    for (month, row) in view.months.iter().zip(FIRST_ROW..) {
        let named_cost = named.iter().filter_map(|at| month.components.get(&components[*at]));
        let rest = named_cost.fold(month.total.cost, |rest, own| rest.checked_sub(own.cost).unwrap_or(rest));
        let less: Vec<String> = named.iter().map(|at| cell(row, column(*at))).collect();
        let formula = format!("={}-{}", cell(row, total), less.join("-"));
        page.formula((row, total + 1), &formula, of_money(rest), &styles.money)?;
    }
    page.sheet.set_column_width(total + 1, 15).map(|_| ())
}

fn grouped(
    layout: Layout<'_>,
    group: &GroupView,
    name: &str,
    styles: &Styles,
) -> Result<Worksheet, XlsxError> {
    let heading = layout.say(&group.heading);
    let shown = &group.rows[..group.rows.len().min(MOST_ROWS)];
    let left = group.rows.len() - shown.len();
    let about = if left > 0 { layout.more_rows(left) } else { layout.title() };
    let mut page = Page::new(name, &heading, &about, styles)?;
    compared_headings(layout, &mut page, HEADING_ROW, &[&heading, &layout.word("column.name")])?;
    let mut row = FIRST_ROW;
    for own in shown {
        page.text(row, 0, &own.id, &styles.text)?;
        page.text(row, 1, &layout.say(&own.label), &styles.text)?;
        compared(&mut page, (row, 2), &own.cost)?;
        row += 1;
    }
    if left == 0 {
        compared_total(layout, &mut page, (FIRST_ROW, row), 2, &layout.view().total)?;
    }
    page.sheet.ignore_error_range(FIRST_ROW, 0, row, 0, IgnoreError::NumberStoredAsText)?;
    page.sheet.autofilter(HEADING_ROW, 0, row.saturating_sub(1).max(HEADING_ROW), 6)?;
    page.widths(&[24, 40, 16, 16, 16, 16, 16])?;
    page.freeze(FIRST_ROW, 1)?;
    Ok(page.sheet)
}

/// A figure that is none.
pub(super) const NOTHING: Decimal = Decimal::ZERO;

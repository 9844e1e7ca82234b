//! The sheet `Summary`: what it costs, of what, and what is not known; for a page that is read alone.

use super::book::Book;
use super::cells::{of_money, round};
use super::charts;
use super::layout::{FIRST_MONTH, MONTHS, SUMMARY};
use super::page::{Page, Written, cell, cells, fixed};
use super::styles::Styles;
use crate::costing::Figures;
use crate::domain::Money;
use crate::report::number::{currency_text, grouped, percent_text};
use crate::report::view::{gap_heading, gap_words};
use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Formula, Worksheet, XlsxError};

/// Digits after the point of a share, before it is rounded to those of a spreadsheet.
const SHARE_DIGITS: u32 = 20;
const SENTENCE_ROW: u32 = 2;
const TILE_ROW: u32 = 4;
const TABLE_ROW: u32 = 7;
/// Pixels of a row; charts cover so many of them.
const ROW_PIXELS: u32 = 20;
/// More remarks than this begin a page of their own.
const REMARKS_BESIDE_CHARTS: usize = 6;
/// Widths of the first column and of those after it, in characters.
const LABEL_WIDTH: u16 = 36;
const AMOUNT_WIDTH: u16 = 16;
/// So many remarks of a kind are shown; the command tells all of them.
const MOST_REMARKS: usize = 25;
/// Characters on a line of a paragraph, and a line's height in points.
const LINE_CHARACTERS: usize = 125;
const LINE_HEIGHT: usize = 14;
/// The last column of paragraphs.
const LAST_COLUMN: u16 = 6;

/// A column of the table: its heading, its column on the sheet with months, and its figure.
struct Period {
    heading: String,
    source: u16,
    figure: Box<dyn Fn(&Figures) -> Money>,
}

pub(super) fn write(book: &Book<'_>, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let view = book.facts.view;
    let mut page = Page::new(SUMMARY, &format!("CloudTrail cost · {}", view.name), &about(book), styles)?;
    let periods = periods(book);
    tiles(book, &periods, &mut page)?;
    let table_end = table(book, &periods, &mut page)?;
    sentence(book, &periods, &mut page)?;
    let charts_row = table_end + 2;
    let last_column = column_after(&periods).max(LAST_COLUMN);
    // Excel draws a character with seven pixels, and a column with five more.
    let pixels = u32::from(LABEL_WIDTH * 7 + 5 + last_column * (AMOUNT_WIDTH * 7 + 5));
    let height = charts::insert(book, &mut page, charts_row, pixels)?;
    let remarks_row = charts_row + height.div_ceil(ROW_PIXELS) + 1;
    let remarks = remarks(book);
    if remarks.iter().map(|(_, lines)| lines.len()).sum::<usize>() > REMARKS_BESIDE_CHARTS {
        page.sheet.set_page_breaks(&[remarks_row])?;
    }
    let mut row = remarks_row;
    for (heading, lines) in &remarks {
        row = paragraphs(&mut page, row, heading, lines)?;
    }
    page.sheet.set_column_width(0, LABEL_WIDTH)?;
    page.sheet.set_column_range_width(1, last_column, AMOUNT_WIDTH)?;
    Ok(page.sheet)
}

fn about(book: &Book<'_>) -> String {
    let view = book.facts.view;
    let span = match (view.months.first(), view.months.last()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(first), _) => first.to_string(),
        _ => String::new(),
    };
    let measured =
        view.measured.as_ref().map_or_else(String::new, |own| format!(" · volumes {}", own.words()));
    format!("{span}{measured} · prices as of {} · {}", view.as_of.long(), view.currency)
}

fn periods(book: &Book<'_>) -> Vec<Period> {
    let layout = &book.layout;
    let mut periods = vec![Period {
        heading: "First month".to_owned(),
        source: FIRST_MONTH,
        figure: Box::new(|figures| figures.first_month.contracted),
    }];
    if layout.years > 1 {
        periods.extend((0..usize::from(layout.years)).map(|year| Period {
            heading: format!("Year {}", year + 1),
            source: layout.year(year),
            figure: Box::new(move |figures| figures.years.get(year).copied().unwrap_or_default().contracted),
        }));
    }
    if layout.months > 1 {
        periods.push(Period {
            heading: book.facts.view.horizon_words(),
            source: layout.whole(),
            figure: Box::new(|figures| figures.total.contracted),
        });
    }
    periods
}

/// Writes the three figures that are asked for first.
fn tiles(book: &Book<'_>, periods: &[Period], page: &mut Page<'_>) -> Written {
    let styles = page.styles;
    let total = &book.facts.view.total;
    let mut shown: Vec<&Period> = periods.iter().take(2).collect();
    shown.extend(periods.last().filter(|_| periods.len() > 2));
    let format = if total.incomplete { &styles.tile_at_least } else { &styles.tile };
    for (period, columns) in shown.into_iter().zip([(0, 0), (1, 2), (3, 4)]) {
        page.text(TILE_ROW, columns.0, &period.heading, &styles.tile_label)?;
        if columns.0 != columns.1 {
            page.sheet.merge_range(TILE_ROW + 1, columns.0, TILE_ROW + 1, columns.1, "", format)?;
        }
        let source = fixed(MONTHS, book.layout.total, period.source);
        let amount = of_money((period.figure)(total));
        page.formula((TILE_ROW + 1, columns.0), &format!("={source}"), amount, format)?;
    }
    page.sheet.set_row_height(TILE_ROW + 1, 26).map(|_| ())
}

/// Writes what each component costs, and the whole; returns the row after it.
fn table(book: &Book<'_>, periods: &[Period], page: &mut Page<'_>) -> Result<u32, XlsxError> {
    let styles = page.styles;
    let view = book.facts.view;
    let mut headings = vec!["Component"];
    headings.extend(periods.iter().map(|period| period.heading.as_str()));
    headings.push("Share");
    page.headings(TABLE_ROW, &headings, 1)?;
    let estimate = book.facts.report.estimate;
    let rows = estimate.components.iter().zip(&book.layout.components);
    let total_row = TABLE_ROW + 1 + u32::try_from(book.layout.components.len()).unwrap_or_default();
    let whole = view.total.total.contracted;
    for ((own, &(component, source)), row) in rows.zip(TABLE_ROW + 1..) {
        page.text(row, 0, component.label(), &styles.text)?;
        let format = if own.figures.incomplete { &styles.money_at_least } else { &styles.money };
        amounts(page, periods, row, source, &own.figures, format)?;
        share(page, periods, (row, total_row), own.figures.total.contracted, whole)?;
    }
    let format = if view.is_complete() { &styles.money_total } else { &styles.money_total_at_least };
    page.text(total_row, 0, "Total", &styles.label_total)?;
    amounts(page, periods, total_row, book.layout.total, &view.total, format)?;
    let share_column = column_after(periods);
    page.sheet.write_blank(total_row, share_column, &styles.share_total)?;
    match book.layout.list_total {
        Some(source) => list_rows(book, periods, source, total_row, page),
        None => Ok(total_row + 1),
    }
}

fn column_after(periods: &[Period]) -> u16 {
    u16::try_from(periods.len()).unwrap_or(u16::MAX) + 1
}

fn amounts(
    page: &mut Page<'_>,
    periods: &[Period],
    row: u32,
    source: u32,
    figures: &Figures,
    format: &Format,
) -> Written {
    for (period, column) in periods.iter().zip(1..) {
        let formula = format!("={}", fixed(MONTHS, source, period.source));
        page.formula((row, column), &formula, of_money((period.figure)(figures)), format)?;
    }
    Ok(())
}

fn share(
    page: &mut Page<'_>,
    periods: &[Period],
    (row, total_row): (u32, u32),
    own: Money,
    whole: Money,
) -> Written {
    let last = column_after(periods) - 1;
    let total = cell(total_row, last);
    let formula = format!("=IF({total}=0,0,{}/{total})", cell(row, last));
    let share = own.over(whole, SHARE_DIGITS).map(round).unwrap_or_default();
    let format = &page.styles.share;
    page.formula((row, last + 1), &formula, share, format)
}

/// Writes the total at list prices, and what is agreed off it.
fn list_rows(
    book: &Book<'_>,
    periods: &[Period],
    source: u32,
    total_row: u32,
    page: &mut Page<'_>,
) -> Result<u32, XlsxError> {
    let styles = page.styles;
    let total = &book.facts.view.total;
    let list = Figures {
        first_month: at_list(total.first_month),
        last_month: at_list(total.last_month),
        years: total.years.iter().copied().map(at_list).collect(),
        total: at_list(total.total),
        incomplete: total.incomplete,
    };
    page.text(total_row + 1, 0, "Total at list prices", &styles.muted)?;
    amounts(page, periods, total_row + 1, source, &list, &styles.money)?;
    page.text(total_row + 2, 0, "Agreed off it", &styles.muted)?;
    for (period, column) in periods.iter().zip(1..) {
        let formula = format!("={}-{}", cell(total_row + 1, column), cell(total_row, column));
        let (listed, agreed) = ((period.figure)(&list), (period.figure)(total));
        let difference = of_money(listed.checked_sub(agreed).unwrap_or_default());
        page.formula((total_row + 2, column), &formula, difference, &styles.money)?;
    }
    Ok(total_row + 3)
}

/// Shows the list cost where the agreed one stands.
fn at_list(cost: crate::costing::Cost) -> crate::costing::Cost {
    crate::costing::Cost { list: cost.list, contracted: cost.list }
}

/// The finding where nothing is known.
const UNKNOWN: &str = "What CloudTrail costs is unknown";

/// Writes the finding as a sentence that follows every edit.
fn sentence(book: &Book<'_>, periods: &[Period], page: &mut Page<'_>) -> Written {
    let view = book.facts.view;
    let symbol = view.currency.symbol();
    let count = u32::try_from(book.layout.components.len()).unwrap_or_default();
    let total_row = TABLE_ROW + 1 + count;
    let mut shown: Vec<(&Period, u16)> = periods.iter().zip(1..).take(2).collect();
    shown.extend(periods.last().filter(|_| periods.len() > 2).map(|last| (last, column_after(periods) - 1)));
    let last = shown.len() - 1;
    let at_least = if view.is_complete() { "" } else { "at least " };
    let (mut formula, mut result) = (format!("=\"CloudTrail costs {at_least}"), String::new());
    result.push_str(&format!("CloudTrail costs {at_least}"));
    for (nth, (period, column)) in shown.into_iter().enumerate() {
        let words = if nth == 0 { "the first month".to_owned() } else { lower(&period.heading) };
        let after = match nth {
            own if own == last => "",
            own if own + 1 == last => " and ",
            _ => ", ",
        };
        let amount = cell(total_row, column);
        // Half a cent is rounded up although it may be stored as a trillionth less.
        let rounded = format!("ROUND(ROUND({amount}*100,6),0)/100");
        formula.push_str(&format!("{symbol}\"&FIXED({rounded},2)&\" in {words}{after}"));
        let text = cents((period.figure)(&view.total));
        result.push_str(&format!("{symbol}{text} in {words}{after}"));
    }
    let largest = view.rows.iter().max_by_key(|row| row.figures.total.contracted);
    let (first_row, share) = (TABLE_ROW + 1, column_after(periods));
    let shares = cells((first_row, share), (total_row - 1, share));
    match largest.filter(|row| !row.figures.total.contracted.is_zero()) {
        Some(row) => {
            let labels = cells((first_row, 0), (total_row - 1, 0));
            let percent = row.share.unwrap_or_default();
            formula.push_str(&format!(
                "; the largest part is \"&INDEX({labels},MATCH(MAX({shares}),{shares},0))&\", \"&FIXED(ROUND(ROUND(MAX({shares})*1000,6),0)/10,1)&\"%\""
            ));
            let percent = percent_text(percent, true);
            result.push_str(&format!("; the largest part is {}, {percent}", row.label));
        }
        None => formula.push('"'),
    }
    // Of a whole of which nothing is known, no amount is told.
    if !view.is_complete() {
        let whole = cell(total_row, column_after(periods) - 1);
        let known = formula.trim_start_matches('=').to_owned();
        formula = format!("=IF({whole}=0,\"{UNKNOWN}\",{known})");
        if view.total.total.contracted.is_zero() {
            UNKNOWN.clone_into(&mut result);
        }
    }
    let styles = page.styles;
    page.sheet.merge_range(SENTENCE_ROW, 0, SENTENCE_ROW, LAST_COLUMN, "", &styles.sentence)?;
    let formula = Formula::new(formula).set_result(result);
    page.sheet.write_formula_with_format(SENTENCE_ROW, 0, formula, &styles.sentence)?;
    page.sheet.set_row_height(SENTENCE_ROW, 34).map(|_| ())
}

fn lower(heading: &str) -> String {
    heading.replace("Year", "year")
}

/// An amount in cents, as a formula writes it.
fn cents(amount: Money) -> String {
    let rounded: Decimal = amount.rounded();
    let text = grouped(rounded);
    match text.split_once('.') {
        None => format!("{text}.00"),
        Some((whole, cents)) => format!("{whole}.{cents:0<2}"),
    }
}

/// Returns what the reader should know: what is unknown or left out, ranges, assumptions, prices.
fn remarks(book: &Book<'_>) -> [(&'static str, Vec<String>); 5] {
    let view = book.facts.view;
    let missing = view.missing_prices.iter().map(|(what, _)| what.clone());
    let gaps = view.gaps.iter().map(|gap| {
        let words = gap_words(&gap.what, &gap.remedy);
        format!("{}: {words}", gap_heading(gap.kind))
    });
    let mut unknown: Vec<String> = view.unknown.iter().cloned().chain(missing).chain(gaps).collect();
    if unknown.is_empty() {
        unknown.push("Nothing".to_owned());
    }
    [
        ("What is unknown, not included or not recorded", unknown),
        ("How far off it may be, as estimated", ranges(book)),
        ("What to know about the quantities", view.warnings.clone()),
        ("Assumed", view.assumed.clone()),
        ("Price tables", view.prices.clone()),
    ]
}

/// The figures of a range do not follow an edit: they are drawn, not computed.
fn ranges(book: &Book<'_>) -> Vec<String> {
    let view = book.facts.view;
    let symbol = view.currency.symbol();
    let Some(ranges) = &view.ranges else {
        return Vec::new();
    };
    let text = |amount: Money| currency_text(amount, &symbol);
    let total = &ranges.total.total;
    vec![format!(
        "P10 {}, P50 {}, P90 {} in {}, of {} draws; every sheet shows the likely figure, and these do not follow an edit",
        text(total.p10),
        text(total.p50),
        text(total.p90),
        view.horizon_words(),
        grouped(Decimal::from(ranges.draws))
    )]
}

/// Writes a heading and a paragraph for each line; returns the row after them.
pub(super) fn paragraphs(
    page: &mut Page<'_>,
    first: u32,
    heading: &str,
    lines: &[String],
) -> Result<u32, XlsxError> {
    if lines.is_empty() {
        return Ok(first);
    }
    let styles = page.styles;
    page.text(first, 0, heading, &styles.bold)?;
    let mut row = first + 1;
    let more = lines.len().saturating_sub(MOST_REMARKS);
    let rest = (more > 0).then(|| format!("and {more} more, which `trailcost estimate` lists"));
    for line in lines.iter().take(MOST_REMARKS).chain(&rest) {
        let text = super::cells::cell_text(line);
        page.sheet.merge_range(row, 0, row, LAST_COLUMN, &text, &styles.paragraph)?;
        let height = text.chars().count().div_ceil(LINE_CHARACTERS).max(1) * LINE_HEIGHT;
        // Excel's highest row has 409 points.
        page.sheet.set_row_height(row, u16::try_from(height.min(409)).unwrap_or(409))?;
        row += 1;
    }
    Ok(row + 1)
}

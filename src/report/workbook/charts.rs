//! Charts that follow the cells: the cost by year, and by month.

use super::book::Book;
use super::layout::{FIRST_MONTH, HEADING_ROW, MONTHS};
use super::page::Page;
use super::styles::colour;
use crate::domain::Component;
use crate::report::chart::{Colour, ComponentGroup};
use crate::report::charts::group_of;
use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartMarker, ChartSeries, ChartSolidFill,
    ChartType, XlsxError,
};

/// Pixels between the two charts.
const GAP: u32 = 16;
/// The lowest and the highest that they are; between these they are three fifths as high as they are wide.
const LOWEST: u32 = 320;
const HIGHEST: u32 = 460;
/// So many months have a label below.
const MONTH_LABELS: u16 = 12;

/// A series: its row on the sheet with months, and its colour.
struct Shown {
    row: u32,
    colour: Colour,
}

/// Puts both charts side by side over a width of so many pixels; returns their height.
pub(super) fn insert(book: &Book<'_>, page: &mut Page<'_>, row: u32, pixels: u32) -> Result<u32, XlsxError> {
    let width = pixels.saturating_sub(GAP) / 2;
    let height = (width * 3 / 5).clamp(LOWEST, HIGHEST);
    for (mut chart, offset) in [(by_year(book), 0), (by_month(book), width + GAP)] {
        chart.set_width(width).set_height(height);
        page.sheet.insert_chart_with_offset(row, 0, &chart, offset, 0)?;
    }
    Ok(height)
}

/// The components that charts name, the largest first, then all others in one.
fn shown(book: &Book<'_>) -> Vec<Shown> {
    let row_of = |component: Component| {
        let found = book.layout.components.iter().find(|(own, _)| *own == component);
        found.map_or(book.layout.total, |&(_, row)| row)
    };
    let mut seen: Vec<ComponentGroup> = Vec::new();
    let mut shown: Vec<Shown> = Vec::new();
    for own in &book.parts.named {
        let group = group_of(own.component);
        let nth = seen.iter().filter(|before| **before == group).count();
        seen.push(group);
        shown.push(Shown { row: row_of(own.component), colour: group.colour().lighter(nth) });
    }
    if let Some(row) = book.layout.others {
        shown.push(Shown { row, colour: ComponentGroup::Other.colour() });
    }
    if shown.is_empty() {
        shown.push(Shown { row: book.layout.total, colour: Colour::INK });
    }
    shown
}

fn by_year(book: &Book<'_>) -> Chart {
    let mut chart = Chart::new(ChartType::ColumnStacked);
    let (first, last) = (book.layout.year(0), book.layout.whole() - 1);
    for own in shown(book) {
        let fill = ChartSolidFill::new().set_color(colour(own.colour)).clone();
        series(&mut chart, own.row, (first, last))
            .set_format(ChartFormat::new().set_solid_fill(&fill).set_no_border())
            .set_gap(60);
    }
    style(book, &mut chart, "Cost by year");
    chart
}

fn by_month(book: &Book<'_>) -> Chart {
    let mut chart = Chart::new(ChartType::Line);
    let (first, last) = (FIRST_MONTH, book.layout.year(0) - 1);
    let mut rows = shown(book);
    // The total stands alone where it is all there is.
    if rows.len() > 1 {
        rows.push(Shown { row: book.layout.total, colour: Colour::INK });
    }
    for own in rows {
        let is_total = own.row == book.layout.total;
        let width: u8 = if is_total { 3 } else { 2 };
        let line = ChartLine::new().set_color(colour(own.colour)).set_width(width).clone();
        series(&mut chart, own.row, (first, last))
            .set_format(ChartFormat::new().set_line(&line))
            .set_marker(ChartMarker::new().set_none());
    }
    style(book, &mut chart, "Cost by month");
    let interval = book.layout.months.div_ceil(MONTH_LABELS).max(1);
    let axis = chart.x_axis().set_text_axis(true).set_num_format("mmm yy");
    axis.set_label_interval(interval).set_tick_interval(interval);
    chart
}

/// Adds a row of the sheet with months, over its headings.
fn series(chart: &mut Chart, row: u32, (first, last): (u16, u16)) -> &mut ChartSeries {
    chart
        .add_series()
        .set_name((MONTHS, row, 0))
        .set_categories((MONTHS, HEADING_ROW, first, HEADING_ROW, last))
        .set_values((MONTHS, row, first, row, last))
}

fn style(book: &Book<'_>, chart: &mut Chart, title: &str) {
    let currency = &book.facts.view.currency;
    let (ink, muted) = (colour(Colour::INK), colour(Colour::MUTED));
    let small = ChartFont::new().set_size(9).set_color(muted).clone();
    chart.title().set_name(&format!("{title}, {currency}"));
    chart.title().set_font(ChartFont::new().set_size(12).set_color(ink).set_bold());
    let grid = ChartLine::new().set_color(colour(Colour::HAIRLINE)).clone();
    chart
        .y_axis()
        .set_num_format(format!("\"{}\"#,##0", currency.symbol()))
        .set_min(0)
        .set_major_gridlines_line(&grid)
        .set_format(ChartFormat::new().set_no_line())
        .set_font(&small);
    chart.x_axis().set_font(&small);
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&small);
    chart.chart_area().set_format(ChartFormat::new().set_no_border());
    let (name, months) = (&book.facts.view.name, book.facts.view.horizon_words());
    chart.set_alt_text(format!("{title} over {months}: {}", super::cells::cell_text(name)));
}

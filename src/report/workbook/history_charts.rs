//! The native chart of a recorded period: the cost of each month by component, which follows the cells.

use super::history::{FIRST_COMPONENT, FIRST_ROW, HEADING_ROW, MONTHS, largest};
use super::page::{Page, Written};
use super::styles::colour;
use crate::domain::Component;
use crate::report::chart::{Colour, ComponentGroup};
use crate::report::charts::group_of;
use crate::report::monthly::Layout;
use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartMarker, ChartSolidFill, ChartType,
};

/// So many months, the last ones, are drawn.
const MOST_MONTHS: usize = 36;
/// So many months have a label below.
const MONTH_LABELS: usize = 12;
/// Pixels of each of the two charts.
const WIDTH: u32 = 410;
const HEIGHT: u32 = 300;
const GAP: u32 = 16;

/// Puts two charts side by side: the largest components stacked, and the total as a line.
pub(super) fn insert(
    layout: Layout<'_>,
    page: &mut Page<'_>,
    row: u32,
    components: &[Option<Component>],
) -> Written {
    let months = &layout.view().months;
    let first = FIRST_ROW + u32::try_from(months.len().saturating_sub(MOST_MONTHS)).unwrap_or_default();
    let last = FIRST_ROW + u32::try_from(months.len()).unwrap_or_default() - 1;
    let (named, others) = largest(layout.view(), components);
    let column = |at: usize| FIRST_COMPONENT + u16::try_from(at).unwrap_or_default();
    let mut stacked = Chart::new(ChartType::ColumnStacked);
    let mut seen: Vec<ComponentGroup> = Vec::new();
    let total = column(components.len());
    let parts =
        named.into_iter().map(|at| (column(at), components[at].map_or(ComponentGroup::Other, group_of)));
    // What no colour is left for stands right of the total.
    for (column, group) in parts.chain((others > 0).then_some((total + 1, ComponentGroup::Other))) {
        let nth = seen.iter().filter(|before| **before == group).count();
        seen.push(group);
        let fill = ChartSolidFill::new().set_color(colour(group.colour().lighter(nth))).clone();
        stacked
            .add_series()
            .set_name((MONTHS, HEADING_ROW, column))
            .set_categories((MONTHS, first, 0, last, 0))
            .set_values((MONTHS, first, column, last, column))
            .set_format(ChartFormat::new().set_solid_fill(&fill).set_no_border())
            .set_gap(60);
    }
    let mut line = Chart::new(ChartType::Line);
    let ink = ChartLine::new().set_color(colour(Colour::INK)).set_width(3_u8).clone();
    line.add_series()
        .set_name((MONTHS, HEADING_ROW, total))
        .set_categories((MONTHS, first, 0, last, 0))
        .set_values((MONTHS, first, total, last, total))
        .set_format(ChartFormat::new().set_line(&ink))
        .set_marker(ChartMarker::new().set_none());
    let titles = [layout.word("chart.months"), layout.word("workbook.total_chart")];
    for (at, (mut chart, title)) in [stacked, line].into_iter().zip(titles).enumerate() {
        if at == 0 && seen.is_empty() {
            continue;
        }
        style(layout, &mut chart, &title, months.len());
        let offset = if at == 0 { 0 } else { WIDTH + GAP };
        page.sheet.insert_chart_with_offset(row, 0, &chart, offset, 0)?;
    }
    Ok(())
}

fn style(layout: Layout<'_>, chart: &mut Chart, title: &str, months: usize) {
    let currency = &layout.view().currency;
    let (ink, muted) = (colour(Colour::INK), colour(Colour::MUTED));
    let small = ChartFont::new().set_size(9).set_color(muted).clone();
    chart.set_width(WIDTH).set_height(HEIGHT);
    chart.title().set_name(&format!("{title}, {currency}"));
    chart.title().set_font(ChartFont::new().set_size(12).set_color(ink).set_bold());
    let grid = ChartLine::new().set_color(colour(Colour::HAIRLINE)).clone();
    chart
        .y_axis()
        .set_num_format(format!("\"{}\"#,##0", currency.symbol()))
        .set_major_gridlines_line(&grid)
        .set_format(ChartFormat::new().set_no_line())
        .set_font(&small);
    let interval = u16::try_from(months.min(MOST_MONTHS).div_ceil(MONTH_LABELS).max(1)).unwrap_or(1);
    chart.x_axis().set_text_axis(true).set_num_format("mmm yy").set_font(&small);
    chart.x_axis().set_label_interval(interval).set_tick_interval(interval);
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&small);
    chart.chart_area().set_format(ChartFormat::new().set_no_border());
    chart.set_alt_text(super::cells::cell_text(title));
}

//! The sheets `Volumes` and `Prices` of a recorded period: the last month's quantities, edited in blue cells, through the tiers.

use super::cells::{of_money, of_quantity, round};
use super::history::{FIRST_ROW, HEADING_ROW, NOTHING};
use super::page::{Page, Written, cell, cells, fixed};
use super::styles::Styles;
use crate::domain::{Component, Money};
use crate::report::monthly::{Layout, Phrase, Pool, PoolPart, Priced, WhatIf};
use rust_decimal::Decimal;
use rust_xlsxwriter::{Worksheet, XlsxError};

const VOLUMES: &str = "Volumes";
const PRICES: &str = "Prices";
/// Columns of the sheet with volumes.
const RECORDED_QUANTITY: u16 = 5;
const QUANTITY: u16 = 6;
const POOL: u16 = 7;
const AT_TABLE: u16 = 8;
const RECORDED_AT_TABLE: u16 = 9;
const RECORDED_COST: u16 = 10;
const COST: u16 = 11;
const CHANGE: u16 = 12;
/// Columns of the sheet with prices.
const BEGIN: u16 = 4;
const END: u16 = 5;
const PRICE: u16 = 6;

/// Writes the quantities and what they cost. A component's cost is what was paid × the new cost at table prices ÷ the old one.
pub(super) fn volumes(layout: Layout<'_>, own: &WhatIf, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let title = layout.say(&Phrase::new("workbook.volumes").month("month", own.month));
    let mut page = Page::new(VOLUMES, &title, &layout.word("workbook.volumes_note"), styles)?;
    let keys = [
        "column.usage_type",
        "column.region",
        "column.component",
        "column.price_table",
        "workbook.unit",
        "workbook.recorded_quantity",
        "column.quantity",
        "workbook.pool",
        "workbook.at_table",
        "workbook.recorded_at_table",
        "what_if.was",
        "what_if.would",
        "what_if.change",
    ];
    let headings = keys.map(|key| layout.word(key));
    page.headings(HEADING_ROW, &headings.each_ref().map(String::as_str), 5)?;
    page.sheet.set_row_height(HEADING_ROW, 42)?;
    let (mut row, mut price_row) = (FIRST_ROW, FIRST_ROW);
    let mut moved = Money::ZERO;
    for pool in &own.pools {
        let last = row + u32::try_from(pool.parts.len()).unwrap_or_default() - 1;
        let first = row;
        for (component, part) in &pool.parts {
            volume_row(layout, pool, (*component, part), (row, (first, last), price_row), &mut page)?;
            moved = moved.checked_add(part.cost).unwrap_or(moved);
            row += 1;
        }
        price_row += u32::try_from(pool.tiers.len()).unwrap_or_default();
    }
    page.only_figures((FIRST_ROW, QUANTITY), (row.max(FIRST_ROW + 1) - 1, QUANTITY))?;
    totals(layout, own, moved, row, &mut page)?;
    page.widths(&[30, 14, 28, 12, 12, 18, 18, 18, 16, 16, 16, 16, 16])?;
    page.freeze(FIRST_ROW, 1)?;
    Ok(page.sheet)
}

/// What a part costs at table prices, as recorded.
fn at_table(pool: &Pool, part: &PoolPart) -> Decimal {
    if pool.priced == Priced::Mean {
        return of_quantity(part.quantity);
    }
    pool.share_at_table_prices(part).map(of_money).unwrap_or_default()
}

fn volume_row(
    layout: Layout<'_>,
    pool: &Pool,
    (component, part): (Option<Component>, &PoolPart),
    (row, (first, last), price_row): (u32, (u32, u32), u32),
    page: &mut Page<'_>,
) -> Written {
    let styles = page.styles;
    let priced = layout.word(&format!("workbook.priced_{}", pool.priced.name()));
    let component = layout.component_word(component);
    let texts = [pool.usage_type.as_str(), &pool.region, &component, &priced, pool.unit.name()];
    for (text, column) in texts.into_iter().zip(0..) {
        page.text(row, column, text, &styles.text)?;
    }
    let quantity = of_quantity(part.quantity);
    page.number(row, RECORDED_QUANTITY, quantity, styles.quantity(&pool.unit))?;
    page.number(row, QUANTITY, quantity, styles.input_quantity(&pool.unit))?;
    let sum = pool.parts.values().map(|own| own.quantity);
    let sum = sum.fold(crate::domain::Quantity::ZERO, |sum, own| sum.plus(own).unwrap_or(sum));
    let formula = format!("=SUM({})", cells((first, QUANTITY), (last, QUANTITY)));
    page.formula((row, POOL), &formula, of_quantity(sum), styles.quantity(&pool.unit))?;
    let own = at_table(pool, part);
    let formula = match pool.priced {
        Priced::Mean => format!("={}", cell(row, QUANTITY)),
        Priced::Table | Priced::Share => {
            let terms: Vec<String> = (price_row..)
                .zip(0..pool.tiers.len())
                .map(|(tier, at)| tier_term(tier, at + 1 == pool.tiers.len(), row))
                .collect();
            let (part, whole) = (cell(row, QUANTITY), cell(row, POOL));
            format!("=IF({whole}=0,0,({})*{part}/{whole})", terms.join("+"))
        }
    };
    page.formula((row, AT_TABLE), &formula, own, &styles.price)?;
    page.number(row, RECORDED_AT_TABLE, own, &styles.price)?;
    page.number(row, RECORDED_COST, of_money(part.cost), &styles.money)?;
    // Twelve digits of the ratio: what binary numbers are off by stays out of the cents.
    let formula = format!(
        "=IF({2}=0,{0},{0}*ROUND({1}/{2},12))",
        cell(row, RECORDED_COST),
        cell(row, AT_TABLE),
        cell(row, RECORDED_AT_TABLE)
    );
    page.formula((row, COST), &formula, of_money(part.cost), &styles.money)?;
    let formula = format!("={}-{}", cell(row, COST), cell(row, RECORDED_COST));
    page.formula((row, CHANGE), &formula, NOTHING, &styles.money)
}

/// A tier's part of the pool's quantity times its price.
fn tier_term(tier: u32, is_last: bool, row: u32) -> String {
    let (begin, price) = (fixed(PRICES, tier, BEGIN), fixed(PRICES, tier, PRICE));
    let whole = cell(row, POOL);
    let end = if is_last { whole } else { format!("MIN({whole},{})", fixed(PRICES, tier, END)) };
    format!("MAX(0,{end}-{begin})*{price}")
}

/// Writes what is not moved, and the month, a year and three years.
fn totals(layout: Layout<'_>, own: &WhatIf, moved: Money, row: u32, page: &mut Page<'_>) -> Written {
    let styles = page.styles;
    let left = own.total.checked_sub(moved).unwrap_or_default();
    page.text(row, 0, &layout.word("workbook.left"), &styles.text)?;
    for column in [RECORDED_COST, COST] {
        page.number(row, column, of_money(left), &styles.money)?;
    }
    page.formula(
        (row, CHANGE),
        &format!("={}-{}", cell(row, COST), cell(row, RECORDED_COST)),
        NOTHING,
        &styles.money,
    )?;
    let month = row + 1;
    for (key, months, at) in [
        ("what_if.month", 1_u32, month),
        ("what_if.year", 12, month + 1),
        ("what_if.three_years", 36, month + 2),
    ] {
        page.text(at, 0, &layout.word(key), &styles.label_total)?;
        for column in 1..RECORDED_COST {
            page.sheet.write_blank(at, column, &styles.label_total)?;
        }
        let total = of_money(own.total.times(Decimal::from(months)).unwrap_or_default());
        for column in [RECORDED_COST, COST, CHANGE] {
            let formula = if months == 1 {
                format!("=SUM({})", cells((FIRST_ROW, column), (row, column)))
            } else {
                format!("={}*{months}", cell(month, column))
            };
            let result = if column == CHANGE { NOTHING } else { total };
            page.formula((at, column), &formula, result, &styles.money_total)?;
        }
    }
    Ok(())
}

/// Writes the tiers that the formulas go through.
pub(super) fn prices(layout: Layout<'_>, own: &WhatIf, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let mut page =
        Page::new(PRICES, &layout.word("workbook.prices"), &layout.word("workbook.prices_note"), styles)?;
    let keys = [
        "workbook.service",
        "column.usage_type",
        "column.region",
        "workbook.unit",
        "workbook.from",
        "workbook.up_to",
        "column.price",
    ];
    let headings = keys.map(|key| layout.word(key));
    page.headings(HEADING_ROW, &headings.each_ref().map(String::as_str), 4)?;
    let mut row = FIRST_ROW;
    for pool in &own.pools {
        for (at, (begin, price)) in pool.tiers.iter().enumerate() {
            let texts = [pool.service.as_str(), &pool.usage_type, &pool.region, pool.unit.name()];
            for (text, column) in texts.into_iter().zip(0..) {
                page.text(row, column, text, &styles.text)?;
            }
            page.number(row, BEGIN, of_quantity(*begin), styles.quantity(&pool.unit))?;
            match pool.tiers.get(at + 1) {
                Some(next) => page.number(row, END, of_quantity(next.0), styles.quantity(&pool.unit))?,
                None => page.text(row, END, "–", &styles.muted)?,
            }
            match pool.priced {
                Priced::Mean => page.text(row, PRICE, &layout.word("workbook.mean"), &styles.muted)?,
                Priced::Table | Priced::Share => {
                    page.number(row, PRICE, round(price.value()), &styles.input_price)?;
                }
            }
            row += 1;
        }
    }
    page.only_figures((FIRST_ROW, PRICE), (row.max(FIRST_ROW + 1) - 1, PRICE))?;
    page.widths(&[20, 30, 14, 12, 14, 14, 18])?;
    page.freeze(FIRST_ROW, 1)?;
    Ok(page.sheet)
}

//! The sheet `Prices`: every tier that is used, what is agreed, what is free, and where each was read.

use super::book::Book;
use super::cells::{of_quantity, round};
use super::layout::{
    DISCOUNT, FIRST_ROW, HEADING_ROW, LIST_PRICE, OWN_PRICE, PRICE_USED, PRICES, TIER_BEGIN, TIER_END,
};
use super::page::{Page, Written, cell};
use super::styles::Styles;
use crate::costing::{MeterPrice, MeterTier};
use crate::domain::{TermPrice, Unit, UnitPrice};
use rust_decimal::Decimal;
use rust_xlsxwriter::{Worksheet, XlsxError};

const HEADINGS: [&str; 18] = [
    "Service",
    "Usage type",
    "Region",
    "Unit",
    "Tier",
    "From",
    "Up to",
    "List price of a unit",
    "Discount",
    "Agreed price of a unit",
    "Price used",
    "Shown for",
    "Price used for these",
    "Holds from",
    "Read on",
    "Confidence",
    "Table",
    "Source",
];
/// Columns beside those that formulas name.
const SHOWN_FOR: u16 = 11;
const SHOWN_PRICE: u16 = 12;
const HOLDS_FROM: u16 = 13;

pub(super) fn write(book: &Book<'_>, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let card = book.facts.report.card;
    let about = format!(
        "Prices as of {}, in {}. Blue cells may be edited: list prices, tiers, discounts, agreed prices, what is free.",
        card.as_of().long(),
        book.facts.report.currency
    );
    let mut page = Page::new(PRICES, "Prices", &about, styles)?;
    page.headings(HEADING_ROW, &HEADINGS, 5)?;
    for (column, heading) in (HOLDS_FROM..).zip(&HEADINGS[usize::from(HOLDS_FROM)..]) {
        page.text(HEADING_ROW, column, heading, &styles.heading)?;
    }
    page.sheet.set_row_height(HEADING_ROW, 28)?;
    for (price, &row) in book.rows.prices.iter().zip(&book.layout.prices) {
        price_rows(book, price, row, &mut page)?;
    }
    let last = book.layout.free_heading.saturating_sub(2).max(FIRST_ROW);
    page.only_figures((FIRST_ROW, TIER_END), (last, OWN_PRICE))?;
    free_rows(book, &mut page)?;
    page.widths(&[18, 30, 14, 12, 6, 12, 12, 13, 10, 13, 13, 11, 13, 12, 12, 11, 26, 44])?;
    page.freeze(FIRST_ROW, 0)?;
    Ok(page.sheet)
}

fn price_rows(book: &Book<'_>, price: &MeterPrice, first: u32, page: &mut Page<'_>) -> Written {
    let styles = page.styles;
    let keys = book.facts.usage.keys();
    let meter = &keys.meters[usize::from(price.meter)];
    let region = keys.regions[usize::from(price.region)].as_str();
    for ((nth, tier), row) in price.tiers.iter().enumerate().zip(first..) {
        let texts = [meter.service.as_str(), &meter.usage_type, region, meter.unit.name()];
        for (text, column) in texts.into_iter().zip(0..) {
            page.text(row, column, text, &styles.text)?;
        }
        page.number(row, 4, Decimal::from(nth + 1), &styles.whole)?;
        tier_range(tier, nth, row, &meter.unit, page)?;
        tier_price(price, tier, row, page)?;
        let shown_for = shown_for(&meter.unit);
        page.number(row, SHOWN_FOR, shown_for, &styles.whole)?;
        let formula = format!("={}*{}", cell(row, PRICE_USED), cell(row, SHOWN_FOR));
        let shown = used(tier).checked_mul(shown_for).unwrap_or_default();
        page.formula((row, SHOWN_PRICE), &formula, round(shown), &styles.price)?;
        let facts = match &price.rate {
            Some(rate) => [
                rate.effective_from.to_string(),
                rate.retrieved_on.to_string(),
                rate.confidence.name().to_owned(),
                rate.table.clone(),
                rate.source.clone(),
            ],
            None => ["", "", "", "", "no table has this price"].map(str::to_owned),
        };
        for (text, column) in facts.iter().zip(HOLDS_FROM..) {
            page.text(row, column, text, &styles.note)?;
        }
    }
    Ok(())
}

fn tier_range(tier: &MeterTier, nth: usize, row: u32, unit: &Unit, page: &mut Page<'_>) -> Written {
    let styles = page.styles;
    let begin = of_quantity(tier.range.begin);
    if nth == 0 {
        page.number(row, TIER_BEGIN, begin, styles.quantity(unit))?;
    } else {
        let before = format!("={}", cell(row - 1, TIER_END));
        page.formula((row, TIER_BEGIN), &before, begin, styles.quantity(unit))?;
    }
    match tier.range.end {
        Some(end) => page.number(row, TIER_END, of_quantity(end), styles.input_quantity(unit)),
        None => page.text(row, TIER_END, "no end", &styles.muted),
    }
}

/// Writes the list price, what is agreed, and the price that follows.
fn tier_price(price: &MeterPrice, tier: &MeterTier, row: u32, page: &mut Page<'_>) -> Written {
    let styles = page.styles;
    match tier.list {
        Some(list) => page.number(row, LIST_PRICE, round(list.value()), &styles.input_price)?,
        None => page.text(row, LIST_PRICE, "unknown", &styles.input_price)?,
    }
    let (discount, own) = match price.term {
        None => (Decimal::ZERO, None),
        Some(TermPrice::Discount(share)) => (share, None),
        Some(TermPrice::Rate(own)) => (Decimal::ZERO, Some(own)),
    };
    page.number(row, DISCOUNT, round(discount), &styles.input_share)?;
    match own {
        Some(own) => page.number(row, OWN_PRICE, round(own.value()), &styles.input_price)?,
        None => page.sheet.write_blank(row, OWN_PRICE, &styles.input_price).map(|_| ())?,
    }
    let (list, agreed) = (cell(row, LIST_PRICE), cell(row, OWN_PRICE));
    let list = if tier.list.is_some() { list } else { format!("N({list})") };
    let formula = format!("=IF(ISNUMBER({agreed}),{agreed},{list}*(1-{}))", cell(row, DISCOUNT));
    page.formula((row, PRICE_USED), &formula, round(used(tier)), &styles.price)
}

/// The price that is used; zero where nobody knows it.
fn used(tier: &MeterTier) -> Decimal {
    tier.contracted.map_or(Decimal::ZERO, UnitPrice::value)
}

/// Events are priced by the 100,000 on price pages, requests by the 1,000.
fn shown_for(unit: &Unit) -> Decimal {
    Decimal::from(match unit.name() {
        "Events" => 100_000,
        "Requests" => 1_000,
        _ => 1,
    })
}

/// Writes what is free each month.
fn free_rows(book: &Book<'_>, page: &mut Page<'_>) -> Written {
    let styles = page.styles;
    let mut rows: Vec<(u32, u16, &str)> =
        book.layout.allowances.iter().map(|own| (own.price_row, own.number, own.name.as_str())).collect();
    rows.sort_unstable();
    rows.dedup();
    if rows.is_empty() {
        return Ok(());
    }
    let heading = "Free each month, for all accounts of a payer together";
    page.text(book.layout.free_heading, 0, heading, &styles.bold)?;
    for (row, number, name) in rows {
        let members: Vec<_> = book.facts.free_tiers.iter().filter(|tier| tier.allowance == number).collect();
        let Some(first) = members.first() else {
            continue;
        };
        let usage_types: Vec<&str> = members.iter().map(|tier| tier.row.usage_type.as_str()).collect();
        page.text(row, 0, name, &styles.text)?;
        page.text(row, 1, &usage_types.join(", "), &styles.text)?;
        page.text(row, 2, "every Region", &styles.text)?;
        page.text(row, 3, first.row.unit.name(), &styles.text)?;
        let free = of_quantity(first.row.free_quantity);
        page.number(row, LIST_PRICE, free, styles.input_quantity(&first.row.unit))?;
        page.only_figures((row, LIST_PRICE), (row, LIST_PRICE))?;
        let facts = [
            String::new(),
            first.row.retrieved_on.to_string(),
            first.row.confidence.name().to_owned(),
            first.table.clone(),
            first.row.source.clone(),
        ];
        for (text, column) in facts.iter().zip(HOLDS_FROM..) {
            page.text(row, column, text, &styles.note)?;
        }
    }
    Ok(())
}

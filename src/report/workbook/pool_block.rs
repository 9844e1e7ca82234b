//! The lines of one usage type in a Region: quantities, what is free, tiers, and what each row costs.

use super::book::Book;
use super::cells::{of_money, of_quantity};
use super::course::Course;
use super::layout::{
    FIRST_MONTH, LIST_PRICE, Layout, PRICE_USED, PRICES, PoolLines, TIER_BEGIN, TIER_END, VOLUME_COLUMN,
    VOLUMES,
};
use super::months::{COST, LIST_COST, growth_cell, money_line};
use super::page::{Page, Written, cell, cells, fixed};
use super::quantity_formula::{grown, in_proportion};
use super::rows::{Pool, UsageRow};
use crate::domain::{Money, Quantity};
use rust_xlsxwriter::column_number_to_name;

/// Which of two prices.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    List,
    Used,
}

pub(super) fn write_pool(book: &Book<'_>, at: usize, pool: &Pool, page: &mut Page<'_>) -> Written {
    let lines = &book.layout.pools[at];
    let block = Block { book, pool, lines, share: share_of(book, at) };
    block.heading(page)?;
    block.quantities(page)?;
    if pool.is_fixed {
        return block.fixed_costs(page);
    }
    block.free(page)?;
    block.tiers(page)?;
    block.costs(page, Kind::List)?;
    block.costs(page, Kind::Used)
}

/// Returns the line with the share that is free of a pool.
fn share_of(book: &Book<'_>, at: usize) -> Option<u32> {
    let mut allowances = book.layout.allowances.iter();
    allowances.find(|allowance| allowance.pools.contains(&at)).map(|allowance| allowance.share)
}

struct Block<'a> {
    book: &'a Book<'a>,
    pool: &'a Pool,
    lines: &'a PoolLines,
    share: Option<u32>,
}

impl Block<'_> {
    fn rows(&self) -> impl Iterator<Item = (usize, usize, &UsageRow)> {
        self.pool.rows.clone().enumerate().map(|(nth, at)| (nth, at, &self.book.rows.all[at]))
    }

    fn months(&self) -> std::ops::Range<usize> {
        0..usize::from(self.book.layout.months)
    }

    /// Says which usage type follows, across the sheet.
    fn heading(&self, page: &mut Page<'_>) -> Written {
        let styles = page.styles;
        let Some((_, _, row)) = self.rows().next() else {
            return Ok(());
        };
        let meter = self.book.meter(row);
        let payer = self.book.of_payer(self.pool.key.payer);
        let words = format!("{} {} in {}{payer}", meter.service, meter.usage_type, self.book.region(row));
        page.text(self.lines.heading, 0, &words, &styles.section)?;
        for column in 1..=self.book.layout.whole() {
            page.sheet.write_blank(self.lines.heading, column, &styles.section)?;
        }
        Ok(())
    }

    fn label(&self, page: &mut Page<'_>, line: u32, step: &str, row: &UsageRow) -> Written {
        let (book, styles) = (self.book, page.styles);
        page.text(line, 0, step, &styles.text)?;
        page.text(line, 1, &book.account(row), &styles.text)?;
        page.text(line, 2, book.resource(row), &styles.text)?;
        page.text(line, 3, book.region(row), &styles.text)?;
        page.text(line, 4, row.key.component.label(), &styles.text)?;
        let unit = if step == COST || step == LIST_COST {
            book.facts.report.currency.code()
        } else {
            book.unit(row).name()
        };
        page.text(line, 5, unit, &styles.muted)
    }

    /// Writes what is used.
    fn quantities(&self, page: &mut Page<'_>) -> Written {
        let (book, styles) = (self.book, page.styles);
        for (nth, at, row) in self.rows() {
            let line = self.lines.quantity[nth];
            self.label(page, line, "Quantity", row)?;
            let unit = book.unit(row);
            let volume = fixed(VOLUMES, book.layout.volumes[at], VOLUME_COLUMN);
            for month in self.months() {
                let column = Layout::month(month);
                let quantity = of_quantity(row.months[month].quantity);
                let formula = match book.courses[at] {
                    Course::Fixed => {
                        page.number(line, column, quantity, styles.quantity(unit))?;
                        continue;
                    }
                    Course::Grown { volume: known, category } => {
                        let volume = if known.is_some() { volume.clone() } else { format!("N({volume})") };
                        let factors = book.layout.categories.get(&category).copied().unwrap_or_default();
                        grown(&volume, &growth_cell(factors, column), unit)
                    }
                    Course::Own => {
                        let line = book.layout.own.get(&at).copied().unwrap_or_default();
                        let own = growth_cell(line, column);
                        if row.months[0].quantity.is_zero() {
                            format!("={own}")
                        } else {
                            let first = fixed(super::layout::GROWTH, line, FIRST_MONTH);
                            in_proportion(&own, &volume, &first, unit)
                        }
                    }
                };
                page.formula((line, column), &formula, quantity, styles.quantity(unit))?;
            }
        }
        Ok(())
    }

    /// Writes what of it is free.
    fn free(&self, page: &mut Page<'_>) -> Written {
        let Some(share) = self.share else {
            return Ok(());
        };
        let styles = page.styles;
        for (nth, _, row) in self.rows() {
            let line = self.lines.free[nth];
            self.label(page, line, "Free", row)?;
            for month in self.months() {
                let column = Layout::month(month);
                let formula = format!("={}*{}", cell(self.lines.quantity[nth], column), cell(share, column));
                let free = of_quantity(row.months[month].free);
                page.formula((line, column), &formula, free, &styles.fraction)?;
            }
        }
        Ok(())
    }

    /// Writes what all rows together have in each tier, and what that costs.
    fn tiers(&self, page: &mut Page<'_>) -> Written {
        let (Some(billed), Some((_, _, row))) = (self.lines.billed, self.rows().next()) else {
            return Ok(());
        };
        let (book, styles) = (self.book, page.styles);
        let unit = book.unit(row);
        let first = book.layout.prices[self.pool.price];
        page.text(billed, 0, "Billed together", &styles.text)?;
        page.text(billed, 5, unit.name(), &styles.muted)?;
        for (nth, &line) in self.lines.tiers.iter().enumerate() {
            page.text(line, 0, &format!("in tier {}", nth + 1), &styles.text)?;
            page.text(line, 5, unit.name(), &styles.muted)?;
        }
        for month in self.months() {
            let column = Layout::month(month);
            let whole = self.pool.tiers.iter().fold(Quantity::ZERO, |sum, tier| {
                // Tiers are parts of what was added up before.
                sum.plus(tier[month]).unwrap_or(sum)
            });
            let formula = format!("={}", self.billed_sum(column));
            page.formula((billed, column), &formula, of_quantity(whole), styles.quantity(unit))?;
            for ((price_row, &line), tier) in (first..).zip(&self.lines.tiers).zip(&self.pool.tiers) {
                let begin = fixed(PRICES, price_row, TIER_BEGIN);
                let all = cell(billed, column);
                let is_last = self.lines.tiers.last() == Some(&line);
                let end =
                    if is_last { all } else { format!("MIN({all},{})", fixed(PRICES, price_row, TIER_END)) };
                let formula = format!("=MAX(0,{end}-{begin})");
                page.formula((line, column), &formula, of_quantity(tier[month]), styles.quantity(unit))?;
            }
        }
        self.tiers_cost(page, self.lines.tiers_list, Kind::List, "At list prices, together")?;
        self.tiers_cost(page, self.lines.tiers_cost, Kind::Used, "Costs together")
    }

    /// The quantity that fills tiers, of all rows.
    fn billed_sum(&self, column: u16) -> String {
        let sum = |lines: &[u32]| match lines {
            [] => String::new(),
            [line] => cell(*line, column),
            [first, .., last] => format!("SUM({})", cells((*first, column), (*last, column))),
        };
        let (all, free) = (sum(&self.lines.quantity), sum(&self.lines.free));
        if free.is_empty() { all } else { format!("{all}-{free}") }
    }

    fn tiers_cost(&self, page: &mut Page<'_>, line: Option<u32>, kind: Kind, label: &str) -> Written {
        let Some(line) = line else {
            return Ok(());
        };
        let styles = page.styles;
        page.text(line, 0, label, &styles.text)?;
        page.text(line, 5, self.book.facts.report.currency.code(), &styles.muted)?;
        for month in self.months() {
            let column = Layout::month(month);
            let terms: Vec<String> = self
                .lines
                .tiers
                .iter()
                .enumerate()
                .map(|(nth, &tier)| format!("{}*{}", cell(tier, column), self.price(nth, kind)))
                .collect();
            let cost = self.rows().fold(Money::ZERO, |sum, (_, _, row)| {
                sum.checked_add(amount(row, month, kind)).unwrap_or(sum)
            });
            page.formula((line, column), &format!("={}", terms.join("+")), of_money(cost), &styles.money)?;
        }
        Ok(())
    }

    /// The cell with a tier's price. Where nobody knows the list price, the agreed one stands in for it.
    fn price(&self, tier: usize, kind: Kind) -> String {
        let own = &self.book.rows.prices[self.pool.price].tiers[tier];
        let is_agreed_only = own.list.is_none() && own.contracted.is_some();
        let row = (self.book.layout.prices[self.pool.price]..).nth(tier).unwrap_or_default();
        match kind {
            Kind::List if own.list.is_some() => fixed(PRICES, row, LIST_PRICE),
            Kind::List if !is_agreed_only => format!("N({})", fixed(PRICES, row, LIST_PRICE)),
            Kind::List | Kind::Used => fixed(PRICES, row, PRICE_USED),
        }
    }

    /// Writes what each row costs: its part of what all of them cost together, or quantity times price.
    fn costs(&self, page: &mut Page<'_>, kind: Kind) -> Written {
        let (lines, whole, step) = match kind {
            Kind::List => (&self.lines.list, self.lines.tiers_list, LIST_COST),
            Kind::Used => (&self.lines.cost, self.lines.tiers_cost, COST),
        };
        if lines.is_empty() {
            return Ok(());
        }
        for (nth, _, row) in self.rows() {
            let line = lines[nth];
            self.label(page, line, step, row)?;
            let months: Vec<Money> = self.months().map(|month| amount(row, month, kind)).collect();
            let format = if row.has_unknown { &page.styles.money_at_least } else { &page.styles.money };
            money_line(self.book, page, line, &months, format, &|column| match (whole, self.lines.billed) {
                (Some(whole), Some(_)) if lines.len() == 1 => format!("={}", cell(whole, column)),
                (Some(whole), Some(billed)) => {
                    let all = cell(billed, column);
                    let own = self.own_billed(nth, column);
                    format!("=IF({all}=0,0,{}*{own}/{all})", cell(whole, column))
                }
                _ => format!("={}*{}", self.own_billed(nth, column), self.price(0, kind)),
            })?;
        }
        Ok(())
    }

    /// The quantity of a row that is not free.
    fn own_billed(&self, nth: usize, column: u16) -> String {
        let name = column_number_to_name(column);
        let quantity = format!("{name}{}", self.lines.quantity[nth] + 1);
        match self.lines.free.get(nth) {
            Some(free) => format!("({quantity}-{name}{})", free + 1),
            None => quantity,
        }
    }

    /// Writes costs that stand as they are.
    fn fixed_costs(&self, page: &mut Page<'_>) -> Written {
        let styles = page.styles;
        let both = [(&self.lines.list, Kind::List, LIST_COST), (&self.lines.cost, Kind::Used, COST)];
        for (lines, kind, step) in both {
            for ((_, _, row), &line) in self.rows().zip(lines) {
                self.label(page, line, step, row)?;
                let months: Vec<Money> = self.months().map(|month| amount(row, month, kind)).collect();
                for (month, &own) in months.iter().enumerate() {
                    page.number(line, Layout::month(month), of_money(own), &styles.money)?;
                }
                super::months::sums(self.book, page, line, &months, &styles.money)?;
            }
        }
        Ok(())
    }
}

fn amount(row: &UsageRow, month: usize, kind: Kind) -> Money {
    let cost = row.months[month].cost;
    match kind {
        Kind::List => cost.list,
        Kind::Used => cost.contracted,
    }
}

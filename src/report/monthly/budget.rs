//! Budgets against what was paid, for managers.

use super::parts::{Cell, Door, Section, Table};
use super::phrase::Phrase;
use super::sections::{Layout, percent, plain, table};
use super::view::MonthlyView;
use crate::check::{BudgetRow, BudgetSpan, VerdictLevel};
use crate::report::clean::{csv_field, visible};
use crate::report::csv::finish;
use schemars::JsonSchema;
use serde::Serialize;

/// A limit against what was paid. Amounts are exact decimals.
#[derive(Serialize, JsonSchema)]
pub(super) struct BudgetJson {
    budget: String,
    /// `budget-monthly`, `budget-yearly`, `budget-growth` or `budget-share`.
    limit_of: &'static str,
    /// The month; of a year its last month that is recorded.
    month: String,
    /// `within`, `warning`, `exceeded` or `unknown`.
    level: &'static str,
    /// What it may be; null where that depends on a cost that is not known.
    limit: Option<String>,
    /// What is known of the cost.
    actual: String,
    /// Whether all of the cost is known.
    complete: bool,
    /// Cost less limit.
    difference: Option<String>,
    /// The cost in percent of the limit, rounded half away from zero to a tenth.
    share_used_percent: Option<String>,
    /// What the whole month or calendar year will have cost: what is missing of it at the pace and the cost of the last month.
    projected: Option<String>,
}

/// A limit with what follows from it.
struct Used<'a> {
    row: &'a BudgetRow,
    limit: Option<crate::domain::Money>,
    difference: Option<crate::domain::Money>,
}

impl<'a> Used<'a> {
    fn new(row: &'a BudgetRow) -> Self {
        let limit = row.known_limit;
        let difference = limit.and_then(|own| row.actual.checked_sub(own));
        Self { row, limit, difference }
    }

    fn month(&self) -> crate::domain::Month {
        match self.row.span {
            BudgetSpan::Month(own)
            | BudgetSpan::Growth(own, _)
            | BudgetSpan::YearUpTo(own)
            | BudgetSpan::Year(_, own) => own,
        }
    }

    fn json(&self) -> BudgetJson {
        let share = self.limit.and_then(|own| self.row.actual.share_of(own));
        BudgetJson {
            budget: visible(&self.row.name),
            limit_of: self.row.rule,
            month: self.month().to_string(),
            level: self.row.level.name(),
            limit: self.limit.map(|own| own.to_string()),
            actual: self.row.actual.to_string(),
            complete: self.row.is_actual_known,
            difference: self.difference.map(|own| own.to_string()),
            share_used_percent: share.map(|own| own.to_string()),
            projected: self.row.projected.map(|own| own.to_string()),
        }
    }
}

/// Returns the budgets for JSON; nothing where none are named.
pub(super) fn budgets_json(view: &MonthlyView) -> Option<Vec<BudgetJson>> {
    (!view.budgets.is_empty()).then(|| view.budgets.iter().map(|own| Used::new(own).json()).collect())
}

/// Returns the budgets as a CSV file; nothing where none are named.
pub(super) fn budgets_csv(view: &MonthlyView) -> Result<Option<String>, csv::Error> {
    if view.budgets.is_empty() {
        return Ok(None);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "budget",
        "limit_of",
        "month",
        "level",
        "limit",
        "actual",
        "complete",
        "difference",
        "share_used_percent",
        "projected",
    ])?;
    for own in view.budgets.iter().map(|own| Used::new(own).json()) {
        writer.write_record([
            csv_field(&own.budget),
            own.limit_of.to_owned(),
            own.month,
            own.level.to_owned(),
            own.limit.unwrap_or_default(),
            own.actual,
            own.complete.to_string(),
            own.difference.unwrap_or_default(),
            own.share_used_percent.unwrap_or_default(),
            own.projected.unwrap_or_default(),
        ])?;
    }
    Ok(Some(finish(writer)))
}

impl Layout<'_> {
    pub(super) fn budgets(self) -> Option<Section> {
        let all = &self.view.budgets;
        if all.is_empty() {
            return None;
        }
        let of = |level: VerdictLevel| all.iter().filter(move |own| own.level == level);
        let exceeded = of(VerdictLevel::Exceeded).count();
        let answer = match of(VerdictLevel::Exceeded).next() {
            Some(own) => self.say(
                &Phrase::new("budgets.exceeded")
                    .count("count", exceeded as u64)
                    .text("name", visible(&own.name))
                    .phrase("when", when(&own.span))
                    .money("over", own.actual.checked_sub(own.limit).unwrap_or_default()),
            ),
            None if of(VerdictLevel::Unknown).next().is_some() => self.word("budgets.unknown"),
            None if of(VerdictLevel::Warning).any(|own| own.is_found) => self.word("budgets.near"),
            None if all.iter().any(|own| !own.is_found) => self.word("budgets.nothing"),
            None => self.word("budgets.within"),
        };
        let mut own = self.section("budgets", Door::Managers, answer);
        let columns = [
            ("budget", false),
            ("limit_of", false),
            ("limit", true),
            ("actual", true),
            ("over", true),
            ("used", true),
            ("projected", true),
            ("level", false),
        ];
        let rows = all.iter().map(|own| self.budget_row(own)).collect();
        own.table = Some(Table { more: 0, ..table(self.columns(&columns), rows) });
        own.notes.push(self.word("budgets.note"));
        if all.iter().any(|own| !own.is_found) {
            own.notes.push(self.word("budgets.note_nothing"));
        }
        Some(own)
    }

    fn budget_row(self, own: &BudgetRow) -> Vec<Cell> {
        let used = Used::new(own);
        let unknown = || plain(self.word("unknown"));
        let actual = self.money_cell(own.actual);
        let actual = if own.is_actual_known {
            actual
        } else if own.actual.is_zero() {
            unknown()
        } else {
            Cell { text: format!("≥ {}", actual.text), ..actual }
        };
        let share = used.limit.and_then(|limit| Some((own.actual.share_of(limit)?, limit)));
        vec![
            plain(visible(&own.name)),
            plain(self.say(&when(&own.span))),
            used.limit.map_or_else(unknown, |own| self.money_cell(own)),
            actual,
            self.change_cell(used.difference),
            share.map_or_else(
                || plain("–"),
                |(share, limit)| Cell {
                    text: percent(own.actual, limit).unwrap_or_default(),
                    number: Some(share.to_string()),
                },
            ),
            own.projected.map_or_else(|| plain("–"), |own| self.money_cell(own)),
            plain(if own.is_found {
                self.word(&format!("level.{}", own.level.name()))
            } else {
                self.word("level.nothing")
            }),
        ]
    }
}

fn when(own: &BudgetSpan) -> Phrase {
    match own {
        BudgetSpan::Month(month) => Phrase::new("budgets.month").month("month", *month),
        BudgetSpan::Growth(month, _) => Phrase::new("budgets.growth").month("month", *month),
        BudgetSpan::YearUpTo(last) => Phrase::new("budgets.year").month("month", *last),
        BudgetSpan::Year(first, last) => {
            Phrase::new("period.range").month("first", *first).month("last", *last)
        }
    }
}
